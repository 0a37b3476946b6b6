//! Serves the widget script.

use super::Widgets;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The widget's source and its ETag.
pub(super) struct Script {
    source: &'static str,
    etag: HeaderValue,
}

impl Script {
    pub(super) fn new(source: &'static str) -> Self {
        let digest = hex::encode(&Sha256::digest(source)[..12]);
        Self { source, etag: HeaderValue::from_str(&format!("\"{digest}\"")).expect("hex fits a header") }
    }
}

/// `GET /widget.js`: any site may load it, so it contains no secrets.
pub(super) async fn serve(State(widgets): State<Arc<Widgets>>, headers: HeaderMap) -> Response {
    let script = &widgets.script;
    let fixed = [
        (header::ETAG, script.etag.clone()),
        // Sites embed it without a version in its name, so an upgrade must reach them within minutes.
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300, stale-while-revalidate=86400")),
        (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin")),
    ];
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let ours = script.etag.to_str().unwrap_or_default();
    if known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == ours) {
        return (StatusCode::NOT_MODIFIED, fixed).into_response();
    }
    (fixed, script.source).into_response()
}
