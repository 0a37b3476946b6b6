//! Today at a glance: what happened, and what waits for somebody.

use super::Pages;
use super::frame::{Frame, html};
use super::visit::SignedIn;
use crate::http::problem::Problem;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "pages/today.html")]
struct TodayPage {
    page: Frame,
}

/// `GET /today`
pub(super) async fn show(State(pages): State<Arc<Pages>>, person: SignedIn) -> Result<Response, Problem> {
    Ok(html(&TodayPage { page: Frame::of(&pages, &person.visit).await? }))
}
