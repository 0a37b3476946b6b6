//! Scripts and styles of the page.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use lastword_http::problem::Problem;

pub(crate) async fn serve(Path(file): Path<String>) -> Result<Response, Problem> {
    let (kind, text) = match file.as_str() {
        "demo.css" => ("text/css; charset=utf-8", include_str!("demo.css")),
        "desk.css" => ("text/css; charset=utf-8", include_str!("desk.css")),
        "demo.js" => ("text/javascript; charset=utf-8", include_str!("demo.js")),
        "desk.js" => ("text/javascript; charset=utf-8", include_str!("desk.js")),
        "preparing.js" => ("text/javascript; charset=utf-8", include_str!("preparing.js")),
        "parts.js" => ("text/javascript; charset=utf-8", include_str!("parts.js")),
        "icon.svg" => ("image/svg+xml", include_str!("icon.svg")),
        _ => return Err(Problem::not_found()),
    };
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], text).into_response())
}
