//! Shown at the demo's address until its history is written: the progress. Then the page loads the demo itself.

use super::page::{files, html};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use lastword_http::middleware::headers::CONTENT_SECURITY_POLICY;
use serde::Serialize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Progress of the history, in days.
#[derive(Debug)]
pub struct Preparing {
    days: u32,
    done: AtomicU32,
}

impl Preparing {
    /// Creates the progress of a history of `days`.
    pub fn new(days: u32) -> Arc<Self> {
        Arc::new(Self { days, done: AtomicU32::new(0) })
    }

    /// Sets the number of written days.
    pub fn set(&self, done: u32) {
        self.done.store(done.min(self.days), Ordering::Relaxed);
    }
}

/// Routes until the demo is ready. All other addresses respond with 503.
pub fn routes(preparing: Arc<Preparing>) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/demo/{file}", get(files::serve))
        .route("/demo/progress", get(progress))
        .fallback(later)
        .with_state(preparing)
}

#[derive(Template)]
#[template(path = "page/preparing.html")]
struct Page {
    days: u32,
    done: u32,
}

async fn page(State(preparing): State<Arc<Preparing>>) -> Response {
    let mut response = html(&Page { days: preparing.days, done: preparing.done.load(Ordering::Relaxed) });
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    // The demo itself is at the same address a few seconds later.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[derive(Serialize)]
struct Progress {
    days: u32,
    done: u32,
}

async fn progress(State(preparing): State<Arc<Preparing>>) -> Response {
    let progress = Progress { days: preparing.days, done: preparing.done.load(Ordering::Relaxed) };
    ([(header::CACHE_CONTROL, "no-store")], Json(progress)).into_response()
}

async fn later() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], "The demo is being prepared.\n").into_response()
}
