//! Endpoints for operations: `/healthz` (the process is alive), `/readyz` (it can serve calls), `/metrics`.

use super::problem::Problem;
use super::timestamp::Timestamp;
use async_trait::async_trait;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use lastword_base::metrics::{Format, Metrics};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use std::fmt;
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// Reports whether this process can serve calls.
#[async_trait]
pub trait Readiness: Send + Sync {
    /// Reasons why it is not ready, as sentences; empty if it is. The response is public: it contains no addresses and no
    /// database messages.
    async fn not_ready_reasons(&self) -> Vec<String>;

    /// Warnings and figures for people, also while it is ready. Public too.
    async fn details(&self) -> Details {
        Details::default()
    }

    /// True if the database is in quarantine: it accepts everything and sends nothing, because it came from a copy.
    async fn quarantined(&self) -> bool {
        false
    }
}

/// Details in the response of `/readyz`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Details {
    /// Problems that need attention, as sentences.
    pub warnings: Vec<String>,
    /// State of the clock.
    pub clock: ClockDetails,
}

/// State of the clock since the start.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ClockDetails {
    /// Lead of the database's clock over this machine's, in milliseconds; `null` if the database has no clock of its own.
    pub offset_ms: Option<i64>,
    /// Number of times the clock went back.
    pub went_back: u64,
    /// Time it last went back.
    pub went_back_at: Option<Timestamp>,
    /// Number of times the clock jumped ahead.
    pub jumped_ahead: u64,
}

impl ClockDetails {
    /// Builds the details from these figures.
    pub fn of(offset_ms: Option<i64>, went_back: u64, jumped_ahead: u64, went_back_at: Option<i64>) -> Self {
        Self { offset_ms, went_back, went_back_at: went_back_at.map(Timestamp), jumped_ahead }
    }
}

/// State of the endpoints.
#[derive(Clone)]
pub struct Ops {
    /// Source of `/readyz`.
    pub readiness: Arc<dyn Readiness>,
    /// Source of `/metrics`; `None` if it is disabled.
    pub metrics: Option<Arc<Metrics>>,
    /// Token required by `/metrics`.
    pub token: Option<SecretString>,
}

impl fmt::Debug for Ops {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ops").field("token", &self.token).finish_non_exhaustive()
    }
}

/// The three routes.
pub fn routes(ops: Ops) -> Router {
    Router::new()
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(Arc::new(ops))
}

async fn readyz(State(ops): State<Arc<Ops>>) -> Response {
    let not_ready_reasons = ops.readiness.not_ready_reasons().await;
    let details = ops.readiness.details().await;
    let status = if not_ready_reasons.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let quarantine = ops.readiness.quarantined().await;
    let body = serde_json::json!({ "ready": not_ready_reasons.is_empty(), "not_ready_reasons": not_ready_reasons, "quarantine": quarantine, "details": details });
    (status, Json(body)).into_response()
}

async fn metrics(State(ops): State<Arc<Ops>>, headers: HeaderMap) -> Result<Response, Problem> {
    let Some(metrics) = &ops.metrics else { return Err(Problem::not_found()) };
    if let Some(token) = &ops.token {
        let sent = headers.get(header::AUTHORIZATION).map_or(&b""[..], |value| value.as_bytes());
        let sent = sent.strip_prefix(b"Bearer ").unwrap_or_default();
        if !bool::from(sent.ct_eq(token.expose_secret().as_bytes())) {
            return Err(Problem::unauthorized().remedy("Send the header Authorization: Bearer … with the token of metrics.token."));
        }
    }
    let format = Format::accepted(headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()));
    let heads = [(header::CONTENT_TYPE, format.content_type()), (header::VARY, "accept")];
    Ok((heads, metrics.encode_as(format)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::Request;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    struct NotReady(&'static [&'static str]);

    #[async_trait]
    impl Readiness for NotReady {
        async fn not_ready_reasons(&self) -> Vec<String> {
            self.0.iter().map(|&text| text.to_owned()).collect()
        }

        async fn quarantined(&self) -> bool {
            self.0.is_empty()
        }
    }

    async fn get(ops: Ops, path: &str, token: Option<&str>) -> (StatusCode, String) {
        let mut request = Request::get(path);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let response = routes(ops).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let status = response.status();
        (status, String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap())
    }

    fn ops(not_ready_reasons: &'static [&'static str], metrics: bool, token: Option<&str>) -> Ops {
        let metrics = metrics.then(|| Arc::new(Metrics::new("test")));
        Ops { readiness: Arc::new(NotReady(not_ready_reasons)), metrics, token: token.map(SecretString::from) }
    }

    #[tokio::test]
    async fn a_process_that_cannot_take_calls_lives_and_says_why() {
        assert_eq!(get(ops(&[], true, None), "/readyz", None).await.0, StatusCode::OK);
        let stopping = || ops(&["The server is stopping."], true, None);
        assert_eq!(get(stopping(), "/healthz", None).await, (StatusCode::OK, "alive\n".to_owned()));
        let (status, body) = get(stopping(), "/readyz", None).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(body.contains(r#""not_ready_reasons":["The server is stopping."],"quarantine":false,"ready":false"#), "{body}");
    }

    #[tokio::test]
    async fn metrics_ask_for_their_token() {
        let (status, body) = get(ops(&[], true, None), "/metrics", None).await;
        assert!(status == StatusCode::OK && body.contains("lastword_build_info") && body.ends_with("# EOF\n"), "{body}");
        for (sent, status) in [(None, 401), (Some("wrong"), 401), (Some("hus"), 401), (Some("hush"), 200)] {
            assert_eq!(get(ops(&[], true, Some("hush")), "/metrics", sent).await.0, status, "{sent:?}");
        }
        assert_eq!(get(ops(&[], false, None), "/metrics", None).await.0, StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn metrics_come_in_the_format_that_is_accepted() {
        for (accept, begins) in [("text/plain", "text/plain; version=0.0.4"), ("*/*", "application/openmetrics-text; version=1.0.0")] {
            let request = Request::get("/metrics").header("accept", accept).body(Body::empty()).unwrap();
            let response = routes(ops(&[], true, None)).oneshot(request).await.unwrap();
            let kind = response.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
            assert!(kind.starts_with(begins), "{accept}: {kind}");
        }
    }
}
