//! Connections: their state, and the forms with which an admin creates, changes, pauses and deletes them. Secrets are entered here and
//! never shown again.

mod fill;
pub(super) mod one;
pub(super) mod people;
pub mod quarantine;
pub(super) mod setup;
mod shown;

use self::shown::Shown;
use super::Pages;
use super::frame::visit::SignedIn;
use super::frame::{Frame, html};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use lastword_domain::access::rights::Right;
use lastword_http::problem::Problem;
use lastword_store::records::refused_call::{self, RefusedCall};
use std::sync::Arc;

/// Maximum number of refused calls on the page; the API returns all.
const REFUSED_SHOWN: i64 = 20;

#[derive(Template)]
#[template(path = "pages/connections/list.html")]
struct ListPage {
    page: Frame,
    connections: Vec<Shown>,
    may_resume: bool,
    may_make: bool,
    /// The addresses of hooks are built from the browser's `Host` header.
    guessed: bool,
    /// Refused calls of desks, for people who may see the whole organisation.
    refused: Vec<RefusedCall>,
}

/// `GET /connections`
pub(super) async fn list(State(pages): State<Arc<Pages>>, person: SignedIn, headers: HeaderMap) -> Result<Response, Problem> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let engine = &pages.app.engine;
    let page = Frame::of(&pages, &person.visit).await?;
    let connections = shown::all(&pages, &page, host).await?;
    let may_resume = person.rights.may(Right::ResumeConnections);
    let may_make = person.rights.may(Right::ManageConnections);
    let refused = if may_resume { refused_call::page(&engine.db, None, i64::MAX, REFUSED_SHOWN).await? } else { Vec::new() };
    Ok(html(&ListPage { page, connections, may_resume, may_make, guessed: pages.public_url.is_none(), refused }))
}
