//! `POST /widget/{connection}/rate`: a page opens the rating prompt at a moment of its choice.

use super::Widgets;
use super::caller::Page;
use super::register::{SESSION_BYTES_MAX, unavailable};
use crate::json::Body;
use crate::problem::Problem;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use lastword_base::names::{ConnectionId, SessionId};
use lastword_life::asking::from_page::{AskedFromPage, ask_from_page};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Request body. Unknown fields are ignored, so newer widgets can send more.
#[derive(Deserialize)]
pub(super) struct RateQuery {
    /// The desk's session, if the widget is beside another chat.
    #[serde(default)]
    session: Option<String>,
    /// Signature of the session by the site's server.
    #[serde(default)]
    signature: Option<String>,
}

#[derive(Serialize)]
struct Answer {
    /// True if the question was sent.
    asked: bool,
    /// True if an earlier question is still unanswered.
    waiting: bool,
    /// Reason that the visitor is not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

pub(super) async fn rate(
    State(widgets): State<Arc<Widgets>>,
    Path(connection): Path<ConnectionId>,
    headers: HeaderMap,
    body: Result<Body<RateQuery>, Problem>,
) -> Response {
    let page = match Page::find(&widgets, &connection, &headers) {
        Ok(page) => page,
        Err(problem) => return axum::response::IntoResponse::into_response(problem),
    };
    let answers = async { asked(&widgets, &page, &headers, body?.0).await.map(Json) };
    page.may_read(answers.await)
}

async fn asked(widgets: &Widgets, page: &Page, headers: &HeaderMap, asked: RateQuery) -> Result<Answer, Problem> {
    let visit = page.known(widgets, headers)?;
    let (engine, now) = (&widgets.app.engine, widgets.app.engine.now());
    if let Err(too_soon) = widgets.app.limits.frames.take(&visit.who(), now) {
        return Err(too_soon.problem("Too many calls at once."));
    }
    let session = asked.session.filter(|session| !page.site.own_chat() && (1..=SESSION_BYTES_MAX).contains(&session.len()));
    let proved = match &session {
        Some(session) => page.site.admits_session(session, asked.signature.as_deref().unwrap_or_default()),
        None => page.site.own_chat(),
    };
    let done = if proved {
        let done = ask_from_page(engine, &visit.connection, &visit.visitor, session.as_deref().map(SessionId::from).as_ref(), now).await;
        done.map_err(|error| unavailable(&error))?
    } else {
        AskedFromPage::Not("not_signed")
    };
    Ok(match done {
        AskedFromPage::Asked => Answer { asked: true, waiting: false, reason: None },
        AskedFromPage::Waiting => Answer { asked: false, waiting: true, reason: None },
        AskedFromPage::Not(reason) => Answer { asked: false, waiting: false, reason: Some(reason) },
    })
}
