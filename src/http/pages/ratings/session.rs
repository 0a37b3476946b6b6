//! A session leads to its latest close; one that was never closed has its story alone.

use super::super::Pages;
use super::super::frame::{Frame, html};
use super::super::visit::SignedIn;
use super::one::closes_seen;
use super::told::{Told, tell};
use crate::http::problem::Problem;
use crate::life::explain_session;
use crate::store::session::{self, Session};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "pages/ratings/session.html")]
struct SessionPage {
    page: Frame,
    session: Session,
    story: Vec<Told>,
}

/// `GET /sessions/{source}/{session}`
pub(in crate::http::pages) async fn show(
    State(pages): State<Arc<Pages>>,
    Path((source, id)): Path<(String, String)>,
    person: SignedIn,
) -> Result<Response, Problem> {
    let db = &pages.doors.engine.db;
    if let Some(last) = closes_seen(db, &person, &source, &id).await?.pop() {
        return Ok(Redirect::to(&format!("{}/{}", super::PATH, last.id)).into_response());
    }
    let session = session::find(db, &id).await?.into_iter().find(|session| session.source == source);
    let session = session.ok_or_else(Problem::not_found)?;
    person.sees(&session.line_id, session.operator_id.as_deref())?;
    let story = explain_session::tell(db, session.clone(), &[]).await?;
    let page = Frame::of(&pages, &person.visit).await?;
    Ok(html(&SessionPage { story: tell(page.language, &story.story), page, session }).into_response())
}
