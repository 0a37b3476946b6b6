//! The web chat's own endpoints: visitors register, write and tap, and receive frames.
//!
//! | call | what |
//! |---|---|
//! | `GET /widget.js` | the widget |
//! | `POST /widget/{connection}/visitor` | identifies the browser: checks its token or issues a new one |
//! | `GET /widget/{connection}/socket` | frames in both directions |
//! | `POST /widget/{connection}/rate` | a page opens the rating prompt |
//! | `GET`, `POST /widget/{connection}/frames` | the same by long polling, for networks that break sockets |
//!
//! Every call must come from a page whose origin is exactly in the connection's list. There are no cookies.

mod caller;
mod limits;
mod poll;
mod rate;
mod register;
mod script;
mod socket;
mod take;

use super::json::BodyLimit;
use super::state::AppState;
use axum::routing::{get, post};
use axum::{Extension, Router};
use limits::Limits;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Maximum number of frames in a backlog; a visitor who was away longer receives the newest.
const BACKLOG_MAX: i64 = 200;
/// Room for twenty frames of maximum length, the adapter's limit.
const POST_MAX_BYTES: usize = 512 * 1024;

/// State of the endpoints.
pub struct Widgets {
    app: Arc<AppState>,
    script: script::Script,
    limits: Limits,
    stop: CancellationToken,
}

impl Widgets {
    /// Creates the endpoints for the sites of `app`, with the widget's source. `sockets_per_visitor` is the maximum number
    /// of sockets and polls per visitor; they end at `stop`.
    pub fn new(app: Arc<AppState>, source: &'static str, sockets_per_visitor: usize, stop: CancellationToken) -> Self {
        Self { app, script: script::Script::new(source), limits: Limits::new(sockets_per_visitor), stop }
    }
}

impl std::fmt::Debug for Widgets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Widgets").field("sites", &self.app.sites.names()).finish_non_exhaustive()
    }
}

/// The routes.
pub fn routes(widgets: Arc<Widgets>) -> Router {
    Router::new()
        .route("/widget.js", get(script::serve))
        .route("/widget/{connection}/visitor", post(register::register).options(caller::preflight))
        .route("/widget/{connection}/frames", get(poll::wait_for_frames).post(poll::take_frames).options(caller::preflight))
        .route("/widget/{connection}/rate", post(rate::rate).options(caller::preflight))
        .route("/widget/{connection}/socket", get(socket::open))
        .layer(Extension(BodyLimit(POST_MAX_BYTES)))
        .with_state(widgets)
}
