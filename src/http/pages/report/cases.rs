//! Explains what counts as a case in the figures of pages and letters. Every page with figures links to it.

use crate::Pages;
use crate::frame::visit::SignedIn;
use crate::frame::{Frame, html};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use lastword_http::problem::Problem;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "pages/report/cases.html")]
struct CasesPage {
    page: Frame,
}

/// `GET /reports/cases`
pub async fn show(State(pages): State<Arc<Pages>>, person: SignedIn) -> Result<Response, Problem> {
    Ok(html(&CasesPage { page: Frame::of(&pages, &person.visit).await? }))
}
