//! A report of many labelled closes takes long to count: its page is there at once, and what it shows follows.

use super::super::Pages;
use super::super::frame::{Frame, html};
use super::ask::{ReportQuery, Split};
use super::words;
use askama::Template;
use axum::response::{IntoResponse, Response};
use lastword_store::StoreError;
use lastword_store::report::By;

#[derive(Template)]
#[template(path = "pages/report/wait.html")]
struct WaitPage {
    page: Frame,
    title: String,
    days: String,
    /// The address of the whole page.
    whole: String,
}

/// Whether an address says that whoever asks waits for what takes long.
pub fn waits(query: &str) -> bool {
    url::form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "wait" && value == "1")
}

/// Whether the page of this report should follow. If not, `asked` has what was counted of its closes not long ago.
///
/// # Errors
/// The database's error.
pub async fn takes_long(pages: &Pages, asked: &mut ReportQuery, query: &str) -> Result<bool, StoreError> {
    let by = match asked.split() {
        Split::By(by) if asked.tab.splits() => by,
        Split::By(_) | Split::Step(_) => By::Nothing,
    };
    let (app, fine) = (&pages.app, asked.fields.fine());
    Ok(fine && !app.labelled.prepare(&app.engine.db, &mut asked.closes, by, waits(query), app.engine.now()).await?)
}

/// The page at `path` until it follows.
pub fn shown(page: Frame, title: String, path: &str, query: &str, asked: &ReportQuery) -> Response {
    let days = words::days(&page, asked.period);
    html(&WaitPage { page, title, days, whole: format!("{path}?{query}&wait=1") }).into_response()
}
