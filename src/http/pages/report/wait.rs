//! Placeholder page for reports of many labelled closes, which take long to count: the page is shown immediately and loads
//! the report afterwards.

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
    /// Address of the complete page.
    whole: String,
}

/// True if the query says that the caller waits for slow figures.
pub fn waits(query: &str) -> bool {
    url::form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "wait" && value == "1")
}

/// True if the report should be loaded after the page. If false, `asked` has the recently counted closes.
pub async fn takes_long(pages: &Pages, asked: &mut ReportQuery, query: &str) -> Result<bool, StoreError> {
    let by = match asked.split() {
        Split::By(by) if asked.tab.splits() => by,
        Split::By(_) | Split::Step(_) => By::Nothing,
    };
    let (app, fine) = (&pages.app, asked.fields.fine());
    Ok(fine && !app.labelled.prepare(&app.engine.db, &mut asked.closes, by, waits(query), app.engine.now()).await?)
}

/// The placeholder for the page at `path`.
pub fn shown(page: Frame, title: String, path: &str, query: &str, asked: &ReportQuery) -> Response {
    let days = words::days(&page, asked.period);
    html(&WaitPage { page, title, days, whole: format!("{path}?{query}&wait=1") }).into_response()
}
