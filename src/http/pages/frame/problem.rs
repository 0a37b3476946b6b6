//! Problems as pages: the problem in the reader's language, and links to go on.

use super::visit::Visit;
use super::{Frame, html};
use crate::Pages;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lastword_http::problem::{Code, Problem};

#[derive(Template)]
#[template(path = "pages/problem.html")]
struct ProblemPage {
    page: Frame,
    title: String,
    words: String,
    status: u16,
    id: Option<String>,
}

pub(crate) async fn page(pages: &Pages, visit: &Visit, problem: &Problem, id: Option<&str>) -> Response {
    let kind = match problem.code {
        Code::NotFound => "missing",
        Code::Forbidden => "forbidden",
        Code::RateLimited => "often",
        Code::TooMany => "large",
        Code::Busy | Code::TimedOut => "busy",
        Code::Internal => "internal",
        Code::Conflict => "conflict",
        _ => "wrong",
    };
    // Without the database there is no navigation, so the plain problem is returned.
    let Ok(frame) = Frame::of(pages, visit).await else { return problem.clone().into_response() };
    let (title, words) = (frame.t(&format!("problem-{kind}-title")), frame.t(&format!("problem-{kind}")));
    let shown = ProblemPage { page: frame, title, words, status: problem.status, id: id.map(str::to_owned) };
    let mut response = html(&shown);
    *response.status_mut() = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let retry = problem.retry_after.and_then(|seconds| HeaderValue::from_str(&seconds.to_string()).ok());
    response.headers_mut().extend(retry.map(|seconds| (header::RETRY_AFTER, seconds)));
    response
}
