//! JSON Schemas of events for authors of senders, at stable URLs.

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

/// The schema of `close.v1`, and sample requests to test a sender with.
pub fn routes() -> Router {
    let file = |kind: &'static str, text: &'static str| get(async move || file(kind, text).into_response());
    Router::new()
        .route("/schemas/close.v1.json", file("application/schema+json", include_str!("schemas/close.v1.json")))
        .route("/schemas/close.v1.vectors.json", file("application/json", include_str!("schemas/close.v1.vectors.json")))
}

fn file(kind: &'static str, text: &'static str) -> impl IntoResponse {
    // Editors on other sites read it too.
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "max-age=3600"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    (headers, text)
}
