//! Calls of Zammad's API, and what each failure means. Its own words are not passed on: they may hold what people wrote.

use lastword_contract::{Millis, SendError, Verdict};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Client, Method, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::time::Duration;
use url::Url;

/// A longer wait than this is a mistake of somebody's clock.
const RETRY_AFTER_MAX_MS: Millis = 60 * 60_000;
/// The longest answer that is read: a page of conversations with their messages.
const ANSWER_MAX: usize = 16 << 20;

/// The API.
pub(crate) struct Api {
    http: Client,
    base: Url,
    token: SecretString,
    timeout: Duration,
}

impl Api {
    pub(crate) fn new(http: Client, base: Url, token: SecretString, timeout: Duration) -> Self {
        Self { http, base, token, timeout }
    }

    /// Reads `path`.
    pub(crate) async fn get(&self, path: &str) -> Result<Value, SendError> {
        self.call(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Value, SendError> {
        self.call(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Result<Value, SendError> {
        self.call(Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Result<Value, SendError> {
        self.call(Method::DELETE, path, None).await
    }

    /// A search is a POST that changes nothing.
    pub(crate) async fn search(&self, path: &str, body: &Value) -> Result<Value, SendError> {
        let found = self.call(Method::POST, path, Some(body)).await;
        found.map_err(|error| match error.verdict {
            Verdict::CannotKnow => SendError { verdict: Verdict::RetryBackoff, ..error },
            _ => error,
        })
    }

    async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, SendError> {
        let reads = method == Method::GET;
        let url = self.base.join(path).map_err(|_| SendError::new(Verdict::Refused, "not_sendable", "the address could not be built"))?;
        let call = self
            .http
            .request(method, url)
            .timeout(self.timeout)
            .header("authorization", format!("Token token={}", self.token.expose_secret()));
        let call = match body {
            Some(body) => call.header("content-type", "application/json").body(body.to_string()),
            None => call,
        };
        let answer = call.send().await.map_err(|error| on_the_way(&error, reads))?;
        let answer = judge(answer, reads)?;
        // Whoever answers 200 without JSON is no Zammad: a proxy, a page for signing in.
        let garbled =
            || SendError::new(if reads { Verdict::RetryBackoff } else { Verdict::CannotKnow }, "garbled", "the answer is no JSON");
        let bytes = answer.bytes().await.map_err(|error| on_the_way(&error, reads))?;
        if bytes.len() > ANSWER_MAX {
            return Err(SendError::new(Verdict::RetryBackoff, "too_long", "the answer is too long"));
        }
        if bytes.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&bytes).map_err(|_| garbled())
    }
}

/// Before the bytes left, or of a call that only reads: definite. After that: nobody knows.
fn on_the_way(error: &reqwest::Error, reads: bool) -> SendError {
    let unknown = if reads { Verdict::RetryBackoff } else { Verdict::CannotKnow };
    let (verdict, kind, detail) = if error.is_connect() {
        (Verdict::RetryBackoff, "not_connected", "no connection to Zammad")
    } else if error.is_timeout() {
        (unknown, "timeout", "Zammad did not answer in time")
    } else if error.is_builder() {
        (Verdict::Refused, "not_sendable", "the call could not be built")
    } else {
        (unknown, "connection_lost", "the connection was lost before an answer came")
    };
    SendError::new(verdict, kind, detail)
}

fn judge(answer: Response, reads: bool) -> Result<Response, SendError> {
    let status = answer.status();
    let code = status.as_u16();
    let (verdict, kind) = match status {
        _ if status.is_success() => return Ok(answer),
        StatusCode::UNAUTHORIZED => (Verdict::ConnectionBroken, "token_refused"),
        StatusCode::FORBIDDEN => (Verdict::ConnectionBroken, "missing_right"),
        StatusCode::NOT_FOUND => (Verdict::RecipientGone, "not_found"),
        StatusCode::TOO_MANY_REQUESTS => (retry_after(answer.headers()).map_or(Verdict::RetryBackoff, Verdict::RetryAfter), "throttled"),
        // In front of it, something gave up waiting: it may have been done.
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT if !reads => (Verdict::CannotKnow, "gateway_error"),
        _ if status.is_server_error() => (Verdict::RetryBackoff, "server_error"),
        _ if status.is_redirection() => (Verdict::ConnectionBroken, "redirected"),
        _ => (Verdict::Refused, "refused"),
    };
    Err(SendError::new(verdict, kind, format!("Zammad answered {code}")))
}

/// The wait, in seconds as Rack::Attack gives it.
fn retry_after(headers: &HeaderMap) -> Option<Millis> {
    let seconds: Millis = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some((seconds * 1_000).clamp(1_000, RETRY_AFTER_MAX_MS))
}
