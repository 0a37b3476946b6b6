//! `/manual`: the documentation of this release, for people who are signed in.

use crate::Pages;
use crate::frame::visit::SignedIn;
use crate::frame::{Frame, html};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use lastword_http::problem::Problem;
use lastword_manual::{Chapter, Page, contents};
use std::sync::Arc;

/// Where the pages of the manual are.
const BASE: &str = "/manual/";
/// The page that is shown first.
const FIRST: &str = "/manual/tutorial";

#[derive(Template)]
#[template(path = "pages/elsewhere/manual.html")]
struct ManualPage {
    page: Frame,
    chapters: &'static [Chapter],
    name: String,
    title: String,
    content: String,
}

/// `GET /manual`
pub(crate) async fn first(_: SignedIn) -> Response {
    Redirect::to(FIRST).into_response()
}

/// `GET /manual/{*name}`
pub(crate) async fn show(State(pages): State<Arc<Pages>>, person: SignedIn, Path(name): Path<String>) -> Result<Response, Problem> {
    let Page { title, html: content } = lastword_manual::page(&name, BASE).ok_or_else(Problem::not_found)?;
    let page = Frame::of(&pages, &person.visit).await?;
    Ok(html(&ManualPage { page, chapters: contents(), name, title, content }))
}

/// The page of the manual about a kind of connection; empty if there is none.
pub(crate) fn about_kind(kind: &str) -> &'static str {
    match kind {
        "telegram" => "/manual/adapters/telegram",
        "whatsapp" | "messenger" | "instagram" => "/manual/adapters/meta",
        "webchat" => "/manual/adapters/webchat",
        "email" => "/manual/adapters/email",
        "webhook" => "/manual/adapters/webhook",
        "chatwoot" => "/manual/adapters/chatwoot",
        "bitrix24" => "/manual/adapters/bitrix24",
        "rocketchat" => "/manual/adapters/rocketchat",
        "zammad" => "/manual/adapters/zammad",
        "desk" => "/manual/close",
        _ => "",
    }
}
