//! A node that is too old for its database, which a newer release has changed meanwhile: it takes nothing more, and says why.

use super::Problem;
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use lastword_store::Db;

/// A warning for the operators of the server; the request is answered.
const OPS: [&str; 3] = ["/healthz", "/readyz", "/metrics"];
/// Seconds after which a caller may reach another node, or a newer release here.
const RETRY_AFTER: u32 = 10;

/// Refuses each call with the reason, while this program is too old for the tables.
pub fn refuse_while_too_old(router: Router, db: Db) -> Router {
    router.layer(from_fn_with_state(db, refuse))
}

async fn refuse(State(db): State<Db>, request: Request, next: Next) -> Response {
    match db.needs_newer() {
        Some(needs) if !OPS.contains(&request.uri().path()) => {
            Problem::busy(format!("This node is being replaced: its database is for Lastword {needs} or newer."), RETRY_AFTER)
                .into_response()
        }
        _ => next.run(request).await,
    }
}
