//! Calls of JSON APIs, and the meaning of each failure. Messages of a platform are not passed on unless a desk asks for it:
//! they may contain people's texts.

use crate::{Millis, SendError, Verdict, json};
use chrono::DateTime;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
pub use reqwest::{Client, Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::borrow::Cow;
use std::time::Duration;
pub use url::Url;

/// A longer wait is caused by a wrong clock.
const WAIT_MAX_MS: Millis = 60 * 60_000;
/// Maximum size of a response that is read: a page of chats with their messages.
const ANSWER_MAX: usize = 16 << 20;
/// Maximum size of an error response that is parsed.
const REFUSAL_MAX: usize = 64 << 10;

/// A JSON API with the credentials of one user.
pub struct Api {
    http: Client,
    base: Url,
    platform: &'static str,
    proof: Vec<(Cow<'static, str>, SecretString)>,
    timeout: Duration,
    reads_refusals: Option<fn(&Refusal<'_>) -> Option<SendError>>,
    quotes_refusals: bool,
}

/// The body of a call.
enum Sent<'a> {
    Nothing,
    Json(&'a Value),
    Form(&'a [(&'a str, String)]),
}

/// Leaves URL and credentials out of debug output.
impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api").field("platform", &self.platform).finish_non_exhaustive()
    }
}

/// An error response.
#[derive(Debug)]
pub struct Refusal<'a> {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body; `null` if it is not JSON.
    pub body: &'a Value,
}

/// A success response.
#[derive(Debug)]
pub struct Answer {
    /// The headers.
    pub headers: HeaderMap,
    /// The body; `null` if there is none.
    pub body: Value,
}

/// The URL of an API at `beneath` the URL of an installation as entered by a person; `None` if that is not a URL.
pub fn base(installation: &str, beneath: &str) -> Option<Url> {
    let installation = installation.trim().trim_end_matches('/');
    let is_address = |url: &Url| matches!(url.scheme(), "http" | "https") && url.host().is_some();
    Url::parse(installation).ok().filter(is_address)?;
    Url::parse(&format!("{installation}/{beneath}/")).ok()
}

impl Api {
    /// An API at `base`, authenticated by the headers of `proof`. Each call takes `timeout` at most.
    pub fn new(platform: &'static str, http: Client, base: Url, proof: Vec<(&'static str, SecretString)>, timeout: Duration) -> Self {
        let proof = proof.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect();
        Self { http, base, platform, proof, timeout, reads_refusals: None, quotes_refusals: false }
    }

    /// Adds another authentication header, whose name comes from the settings. If the name is invalid, each call returns
    /// [`Verdict::Refused`].
    pub fn proved_by(mut self, name: String, value: SecretString) -> Self {
        self.proof.push((Cow::Owned(name), value));
        self
    }

    /// Interprets error responses that are specific to this platform. If `read` returns `None`, the general rules apply.
    pub fn reading_refusals(self, read: fn(&Refusal<'_>) -> Option<SendError>) -> Self {
        Self { reads_refusals: Some(read), ..self }
    }

    /// Quotes the platform's responses in errors, without the credentials: for unknown APIs whose admin has to read them.
    /// There, a success with `"error": true`, `"success": false` or `"ok": false` in its body is an error.
    pub fn quoting_refusals(self) -> Self {
        Self { quotes_refusals: true, ..self }
    }

    /// Host of the installation.
    pub fn host(&self) -> String {
        self.base.host_str().unwrap_or_default().to_owned()
    }

    /// Sends a GET request.
    ///
    /// # Errors
    /// As [`Api::call`].
    pub async fn get(&self, path: &str) -> Result<Value, SendError> {
        self.look(path).await.map(|answer| answer.body)
    }

    /// Sends a GET request, and returns the headers too.
    ///
    /// # Errors
    /// As [`Api::call`].
    pub async fn look(&self, path: &str) -> Result<Answer, SendError> {
        self.call(Method::GET, path, None).await
    }

    /// Sends a POST request with `body`.
    ///
    /// # Errors
    /// As [`Api::call`].
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, SendError> {
        self.call(Method::POST, path, Some(body)).await.map(|answer| answer.body)
    }

    /// Sends a PUT request with `body`.
    ///
    /// # Errors
    /// As [`Api::call`].
    pub async fn put(&self, path: &str, body: &Value) -> Result<Value, SendError> {
        self.call(Method::PUT, path, Some(body)).await.map(|answer| answer.body)
    }

    /// Sends a PATCH request with `body`.
    ///
    /// # Errors
    /// As [`Api::call`].
    pub async fn patch(&self, path: &str, body: &Value) -> Result<Value, SendError> {
        self.call(Method::PATCH, path, Some(body)).await.map(|answer| answer.body)
    }

    /// Sends a DELETE request.
    ///
    /// # Errors
    /// As [`Api::call`].
    pub async fn delete(&self, path: &str) -> Result<Value, SendError> {
        self.call(Method::DELETE, path, None).await.map(|answer| answer.body)
    }

    /// Sends a search: a POST that changes nothing.
    ///
    /// # Errors
    /// As [`Api::call`], but never with an unknown result.
    pub async fn search(&self, path: &str, body: &Value) -> Result<Value, SendError> {
        self.post(path, body).await.map_err(|error| match error.verdict {
            Verdict::CannotKnow => SendError { verdict: Verdict::RetryBackoff, ..error },
            _ => error,
        })
    }

    /// Makes one call.
    ///
    /// # Errors
    /// Definite if no bytes were sent, if the call only reads, or if there is a clear response; otherwise [`Verdict::CannotKnow`].
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Answer, SendError> {
        self.call_with(method, path, body.map_or(Sent::Nothing, Sent::Json)).await
    }

    /// Makes one call with the fields of a form, encoded as browsers do.
    ///
    /// # Errors
    /// As [`Api::call`].
    pub async fn call_form(&self, method: Method, path: &str, fields: &[(&str, String)]) -> Result<Answer, SendError> {
        self.call_with(method, path, Sent::Form(fields)).await
    }

    async fn call_with(&self, method: Method, path: &str, sent: Sent<'_>) -> Result<Answer, SendError> {
        let reads = method == Method::GET;
        let url = self.base.join(path).map_err(|_| SendError::new(Verdict::Refused, "not_sendable", "the address could not be built"))?;
        let mut call = self.http.request(method, url).timeout(self.timeout);
        for (name, value) in &self.proof {
            call = call.header(name.as_ref(), value.expose_secret());
        }
        let call = match sent {
            Sent::Json(body) => call.header("content-type", "application/json").body(body.to_string()),
            Sent::Form(fields) => {
                let mut form = url::form_urlencoded::Serializer::new(String::new());
                form.extend_pairs(fields);
                call.header("content-type", "application/x-www-form-urlencoded").body(form.finish())
            }
            Sent::Nothing => call,
        };
        let mut answer = call.send().await.map_err(|error| self.on_the_way(&error, reads))?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        if !status.is_success() {
            let mut read = Vec::new();
            if self.reads_refusals.is_some() || self.quotes_refusals {
                read = bytes(&mut answer, REFUSAL_MAX).await.ok().flatten().unwrap_or_default();
            }
            let body = json::read(&read).map(|read| read.value).unwrap_or_default();
            let error = self.refused(&Refusal { status, headers: &headers, body: &body }, reads);
            return Err(self.quoting(error, &read));
        }
        let bytes = bytes(&mut answer, ANSWER_MAX).await.map_err(|error| self.on_the_way(&error, reads))?;
        let unclear = if reads { Verdict::RetryBackoff } else { Verdict::CannotKnow };
        let bytes = bytes.ok_or_else(|| SendError::new(unclear, "too_long", "the answer is too long"))?;
        if bytes.is_empty() {
            return Ok(Answer { headers, body: Value::Null });
        }
        // A 200 response without JSON comes from another server: a proxy, or a sign-in page.
        let garbled = |_| self.quoting(SendError::new(unclear, "garbled", "the answer is no JSON"), &bytes);
        let body = json::read(&bytes).map_err(garbled)?.value;
        if self.quotes_refusals && says_no(&body) {
            let error = SendError::new(Verdict::Refused, "refused", format!("{} answered {} and refused", self.platform, status.as_u16()));
            return Err(self.quoting(error, &bytes));
        }
        Ok(Answer { headers, body })
    }

    /// Adds the platform's response to the error if wanted, on one line and without the credentials.
    fn quoting(&self, error: SendError, answer: &[u8]) -> SendError {
        if !self.quotes_refusals || answer.iter().all(u8::is_ascii_whitespace) {
            return error;
        }
        let mut words = String::from_utf8_lossy(answer).split_whitespace().collect::<Vec<_>>().join(" ");
        for (_, value) in &self.proof {
            let value = value.expose_secret();
            // `Bearer …`: only the second word is the secret.
            let secret = value.rsplit(' ').next().unwrap_or_default();
            for part in [value, secret].into_iter().filter(|part| !part.is_empty()) {
                words = words.replace(part, "…");
            }
        }
        SendError::new(error.verdict, error.kind, format!("{}: {words}", error.detail))
    }

    fn on_the_way(&self, error: &reqwest::Error, reads: bool) -> SendError {
        let platform = self.platform;
        let unknown = if reads { Verdict::RetryBackoff } else { Verdict::CannotKnow };
        if error.is_connect() {
            SendError::new(Verdict::RetryBackoff, "not_connected", format!("no connection to {platform}"))
        } else if error.is_timeout() {
            SendError::new(unknown, "timeout", format!("{platform} did not answer in time"))
        } else if error.is_builder() {
            SendError::new(Verdict::Refused, "not_sendable", "the call could not be built")
        } else {
            SendError::new(unknown, "connection_lost", "the connection was lost before an answer came")
        }
    }

    fn refused(&self, refusal: &Refusal<'_>, reads: bool) -> SendError {
        if let Some(error) = self.reads_refusals.and_then(|read| read(refusal)) {
            return error;
        }
        let (verdict, kind) = match refusal.status {
            StatusCode::UNAUTHORIZED => (Verdict::ConnectionBroken, "token_refused"),
            StatusCode::FORBIDDEN => (Verdict::ConnectionBroken, "missing_right"),
            StatusCode::NOT_FOUND => (Verdict::RecipientGone, "not_found"),
            StatusCode::TOO_MANY_REQUESTS => (retry_after(refusal.headers).map_or(Verdict::RetryBackoff, wait), "throttled"),
            // A proxy gave up waiting: the call may have succeeded.
            StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT if !reads => (Verdict::CannotKnow, "gateway_error"),
            status if status.is_server_error() => (Verdict::RetryBackoff, "server_error"),
            status if status.is_redirection() => (Verdict::ConnectionBroken, "redirected"),
            _ => (Verdict::Refused, "refused"),
        };
        let remedy = match kind {
            "token_refused" => ": the token is wrong or was revoked; copy it again",
            "missing_right" => ": the owner of the token lacks a right",
            "redirected" => ": the address redirects; set the one at which the browser ends",
            _ => "",
        };
        SendError::new(verdict, kind, format!("{} answered {}{remedy}", self.platform, refusal.status.as_u16()))
    }
}

/// Reads the whole body; `None` if it is longer than `max`.
async fn bytes(answer: &mut reqwest::Response, max: usize) -> Result<Option<Vec<u8>>, reqwest::Error> {
    let mut all = Vec::new();
    while let Some(part) = answer.chunk().await? {
        if all.len() + part.len() > max {
            return Ok(None);
        }
        all.extend_from_slice(&part);
    }
    Ok(Some(all))
}

/// The wait that a rate limit asks for: seconds, or a date, which is compared with the sender's own clock (RFC 9110, 10.2.3). A negative
/// number is none; a date in the past is a negative wait.
pub fn retry_after(headers: &HeaderMap) -> Option<Millis> {
    let text = |name| headers.get(name)?.to_str().ok();
    let value = text(RETRY_AFTER)?.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        return (seconds.is_finite() && seconds >= 0.0).then(|| (seconds * 1_000.0).ceil() as Millis);
    }
    let until = DateTime::parse_from_rfc2822(value).ok()?;
    let now = DateTime::parse_from_rfc2822(text(DATE)?).ok()?;
    Some((until - now).num_milliseconds())
}

/// True if the body of a success says that it was none, in the ways of many desks: `{"error": "bad token"}`, `{"success": "false"}`,
/// `{"errors": ["…"]}`, `{"status": "error"}`.
fn says_no(body: &Value) -> bool {
    let word = |value: &Value| value.as_str().map(|text| text.trim().to_ascii_lowercase());
    let is_no = |value: &Value| *value == false || *value == 0 || word(value).is_some_and(|word| word == "false" || word == "0");
    let is_set = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty() && !is_no(value),
        Value::Array(all) => !all.is_empty(),
        Value::Object(all) => !all.is_empty(),
        Value::Bool(_) | Value::Number(_) => !is_no(value),
    };
    let failed = word(&body["status"]).is_some_and(|word| ["error", "fail", "failed", "failure"].contains(&word.as_str()));
    failed || is_set(&body["error"]) || is_set(&body["errors"]) || is_no(&body["success"]) || is_no(&body["ok"]) || body["result"] == false
}

/// Retry after `millis`, within a sensible range.
pub fn wait(millis: Millis) -> Verdict {
    Verdict::RetryAfter(millis.clamp(1_000, WAIT_MAX_MS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_success_may_say_that_it_was_none() {
        for no in [
            json!({ "error": true }),
            json!({ "error": "bad token" }),
            json!({ "error": { "code": 7 } }),
            json!({ "errors": ["no such ticket"] }),
            json!({ "status": "error" }),
            json!({ "success": false }),
            json!({ "success": 0 }),
            json!({ "success": "false" }),
            json!({ "ok": false, "id": 7 }),
            json!({ "result": false }),
        ] {
            assert!(says_no(&no), "{no}");
        }
        for yes in [
            json!({ "error": null }),
            json!({ "error": 0 }),
            json!({ "error": "" }),
            json!({ "error": false, "errors": [] }),
            json!({ "status": "ok", "success": true }),
            json!({ "result": 0 }),
            json!([{ "error": "of another" }]),
            json!("fine"),
        ] {
            assert!(!says_no(&yes), "{yes}");
        }
    }

    #[test]
    fn a_pause_is_seconds_or_a_date() {
        let wait = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, value.parse().unwrap());
            headers.insert(DATE, "Fri, 27 Nov 2026 18:00:00 GMT".parse().unwrap());
            retry_after(&headers)
        };
        assert_eq!([wait("7"), wait("1800.5"), wait("Fri, 27 Nov 2026 18:01:00 GMT")], [Some(7_000), Some(1_800_500), Some(60_000)]);
        assert_eq!([wait("soon"), wait("NaN")], [None, None]);
    }
}
