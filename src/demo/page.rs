//! The demo's page: a visitor, an operator and a supervisor side by side. It uses the same steps and tables as everything
//! else; only one person plays all three.

mod acts;
mod desk;
mod enter;
pub(crate) mod files;
mod live;
mod numbers;
mod room;
mod scene;

pub use desk::{Desk, Post};
pub use room::Room;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use lastword_base::names::{ConnectionId, Place};
use lastword_domain::answer::rating::Scale;
use lastword_domain::session::Operator;
use lastword_http::middleware::headers::CONTENT_SECURITY_POLICY;
use lastword_http::problem::Problem;
use lastword_http::site::Site;
use lastword_life::Engine;
use lastword_pages::Pages;
use lastword_store::{StoreError, line};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// State of the page.
pub struct Stage {
    /// Engine of the node.
    pub engine: Engine,
    /// Connection of the visitor's chat.
    pub connection: ConnectionId,
    /// The visitor's chat.
    pub site: Arc<dyn Site>,
    /// Connection of the supervisor's screen, and its chat.
    pub supervisor: Place,
    /// The supervisor's screen.
    pub screen: Arc<dyn Site>,
    /// The desk in which the operator can work instead, if this build has its adapter.
    pub desk: Option<Arc<Desk>>,
    /// The chat room, if this build has the adapter.
    pub room: Option<Arc<Room>>,
    /// The operator who answers the visitor.
    pub operator: Operator,
    /// Days of made-up history.
    pub days: u32,
    /// The people's pages, to which the page links.
    pub pages: Arc<Pages>,
    /// Logins with which visitors see those pages: the demo's admin, and an operator who sees their own numbers.
    pub people: (String, String),
    /// Ends live updates.
    pub stop: CancellationToken,
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stage").field("connection", &self.connection).finish_non_exhaustive()
    }
}

impl Stage {
    /// The desk, if the engine receives its webhooks.
    fn desk(&self) -> Option<&Desk> {
        self.desk.as_deref().filter(|desk| desk.is_connected())
    }
}

/// Routes of the page.
pub fn routes(stage: Arc<Stage>) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/demo/{file}", get(files::serve))
        .route("/demo/numbers", get(numbers::show))
        .route("/demo/enter/{*page}", get(enter::enter))
        .route("/demo/live", get(live::watch))
        .route("/demo/reply", post(acts::reply))
        .route("/demo/close", post(acts::close))
        .route("/demo/acknowledge", post(acts::acknowledge))
        .route("/demo/scale", post(acts::set_scale))
        .route("/demo/break", post(room::break_connection))
        .route(room::ROUTE, post(room::accept))
        .merge(desk::routes())
        .with_state(stage)
}

#[derive(Template)]
#[template(path = "page/page.html")]
struct Page {
    connection: String,
    operator: String,
    five_star: bool,
    /// True if the operator can work in the desk.
    desk: bool,
    /// True if there is a chat room.
    room: bool,
    numbers: numbers::Numbers,
}

async fn page(State(stage): State<Arc<Stage>>) -> Result<Response, Problem> {
    let line = line::find(&stage.engine.db, &stage.site.line().into()).await.map_err(|error| unavailable(&error))?;
    let page = Page {
        connection: stage.connection.to_string(),
        operator: stage.operator.name.clone().unwrap_or_default(),
        desk: stage.desk().is_some(),
        room: stage.room.is_some(),
        five_star: line.is_some_and(|line| line.settings.scale == Scale::FiveStar),
        numbers: numbers::read(&stage).await.map_err(|error| unavailable(&error))?,
    };
    let mut response = html(&page);
    // The panel beside the desk's conversations is a frame of our own.
    let policy = format!("{CONTENT_SECURITY_POLICY}; frame-src 'self'");
    let policy = HeaderValue::from_str(&policy).map_err(|_| Problem::internal())?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

pub(crate) fn html(template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response(),
        Err(_) => Problem::internal().into_response(),
    }
}

fn unavailable(error: &StoreError) -> Problem {
    tracing::warn!(%error, "demo: the database does not respond");
    Problem::busy("The database does not answer at the moment.", 1)
}
