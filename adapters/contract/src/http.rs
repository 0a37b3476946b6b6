//! Calls of a JSON API, and what each failure means. A platform's own words are not passed on unless a desk asks for it: they may hold
//! what people wrote.

use crate::{Millis, SendError, Verdict};
use reqwest::header::{HeaderMap, RETRY_AFTER};
pub use reqwest::{Client, Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::borrow::Cow;
use std::time::Duration;
pub use url::Url;

/// A longer wait than this is a mistake of somebody's clock.
const WAIT_MAX_MS: Millis = 60 * 60_000;
/// The longest answer that is read: a page of chats with their messages.
const ANSWER_MAX: usize = 16 << 20;
/// The longest refusal that is looked into.
const REFUSAL_MAX: usize = 64 << 10;

/// A JSON API as one user sees it.
pub struct Api {
    http: Client,
    base: Url,
    platform: &'static str,
    proof: Vec<(Cow<'static, str>, SecretString)>,
    timeout: Duration,
    reads_refusals: Option<fn(&Refusal<'_>) -> Option<SendError>>,
    quotes_refusals: bool,
}

/// What a call sends.
enum Sent<'a> {
    Nothing,
    Json(&'a Value),
    Form(&'a [(&'a str, String)]),
}

/// The address and the proof stay out of debug output.
impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api").field("platform", &self.platform).finish_non_exhaustive()
    }
}

/// An answer that is no success.
#[derive(Debug)]
pub struct Refusal<'a> {
    /// The status.
    pub status: StatusCode,
    /// All headers.
    pub headers: &'a HeaderMap,
    /// The body; `null` where it is no JSON.
    pub body: &'a Value,
}

/// A success.
#[derive(Debug)]
pub struct Answer {
    /// All headers.
    pub headers: HeaderMap,
    /// The body; `null` where there is none.
    pub body: Value,
}

/// The address of an API `beneath` the address of an installation, as a person wrote that down; nothing where it is none.
pub fn base(installation: &str, beneath: &str) -> Option<Url> {
    let installation = installation.trim().trim_end_matches('/');
    let is_address = |url: &Url| matches!(url.scheme(), "http" | "https") && url.host().is_some();
    Url::parse(installation).ok().filter(is_address)?;
    Url::parse(&format!("{installation}/{beneath}/")).ok()
}

impl Api {
    /// The API at `base`, whose callers prove themselves by the headers of `proof`. One call takes `timeout` at most.
    pub fn new(platform: &'static str, http: Client, base: Url, proof: Vec<(&'static str, SecretString)>, timeout: Duration) -> Self {
        let proof = proof.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect();
        Self { http, base, platform, proof, timeout, reads_refusals: None, quotes_refusals: false }
    }

    /// Callers prove themselves by this header too: for names that settings give. One that is no name of a header makes each call
    /// [`Verdict::Refused`].
    pub fn proved_by(mut self, name: String, value: SecretString) -> Self {
        self.proof.push((Cow::Owned(name), value));
        self
    }

    /// What only this platform says by its refusals. What `read` leaves open is read as everywhere.
    pub fn reading_refusals(self, read: fn(&Refusal<'_>) -> Option<SendError>) -> Self {
        Self { reads_refusals: Some(read), ..self }
    }

    /// Errors quote what the platform answers, without the proof: for APIs that nobody here knows, whose admin has to read what they
    /// say. A success whose body says `"error": true`, `"success": false` or `"ok": false` is a refusal there.
    pub fn quoting_refusals(self) -> Self {
        Self { quotes_refusals: true, ..self }
    }

    /// The host of the installation.
    pub fn host(&self) -> String {
        self.base.host_str().unwrap_or_default().to_owned()
    }

    /// Reads `path`.
    ///
    /// # Errors
    /// As [`Api::call`].
    pub async fn get(&self, path: &str) -> Result<Value, SendError> {
        self.look(path).await.map(|answer| answer.body)
    }

    /// Reads `path`, headers and all.
    ///
    /// # Errors
    /// As [`Api::call`].
    pub async fn look(&self, path: &str) -> Result<Answer, SendError> {
        self.call(Method::GET, path, None).await
    }

    /// Posts `body`.
    ///
    /// # Errors
    /// As [`Api::call`].
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, SendError> {
        self.call(Method::POST, path, Some(body)).await.map(|answer| answer.body)
    }

    /// Puts `body`.
    ///
    /// # Errors
    /// As [`Api::call`].
    pub async fn put(&self, path: &str, body: &Value) -> Result<Value, SendError> {
        self.call(Method::PUT, path, Some(body)).await.map(|answer| answer.body)
    }

    /// Changes what `body` names.
    ///
    /// # Errors
    /// As [`Api::call`].
    pub async fn patch(&self, path: &str, body: &Value) -> Result<Value, SendError> {
        self.call(Method::PATCH, path, Some(body)).await.map(|answer| answer.body)
    }

    /// Deletes `path`.
    ///
    /// # Errors
    /// As [`Api::call`].
    pub async fn delete(&self, path: &str) -> Result<Value, SendError> {
        self.call(Method::DELETE, path, None).await.map(|answer| answer.body)
    }

    /// A search that is a POST and changes nothing.
    ///
    /// # Errors
    /// As [`Api::call`], but there is nothing of which nobody knows.
    pub async fn search(&self, path: &str, body: &Value) -> Result<Value, SendError> {
        self.post(path, body).await.map_err(|error| match error.verdict {
            Verdict::CannotKnow => SendError { verdict: Verdict::RetryBackoff, ..error },
            _ => error,
        })
    }

    /// Calls `path` once.
    ///
    /// # Errors
    /// Definite before the bytes left, of a call that only reads, and with a clear answer; [`Verdict::CannotKnow`] otherwise.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Answer, SendError> {
        self.call_with(method, path, body.map_or(Sent::Nothing, Sent::Json)).await
    }

    /// Calls `path` once with the fields of a form, as browsers send it.
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
            let body = serde_json::from_slice(&read).unwrap_or_default();
            let error = self.refused(&Refusal { status, headers: &headers, body: &body }, reads);
            return Err(self.quoting(error, &read));
        }
        let bytes = bytes(&mut answer, ANSWER_MAX).await.map_err(|error| self.on_the_way(&error, reads))?;
        let unclear = if reads { Verdict::RetryBackoff } else { Verdict::CannotKnow };
        let bytes = bytes.ok_or_else(|| SendError::new(unclear, "too_long", "the answer is too long"))?;
        if bytes.is_empty() {
            return Ok(Answer { headers, body: Value::Null });
        }
        // Whoever answers 200 without JSON is somebody else: a proxy, a page for signing in.
        let garbled = |_| self.quoting(SendError::new(unclear, "garbled", "the answer is no JSON"), &bytes);
        let body: Value = serde_json::from_slice(&bytes).map_err(garbled)?;
        let no = body["error"] == true || body["success"] == false || body["ok"] == false;
        if self.quotes_refusals && no {
            let error = SendError::new(Verdict::Refused, "refused", format!("{} answered {} and refused", self.platform, status.as_u16()));
            return Err(self.quoting(error, &bytes));
        }
        Ok(Answer { headers, body })
    }

    /// The error with what the platform answered, on one line and without the proof, where that is wanted.
    fn quoting(&self, error: SendError, answer: &[u8]) -> SendError {
        if !self.quotes_refusals || answer.iter().all(u8::is_ascii_whitespace) {
            return error;
        }
        let mut words = String::from_utf8_lossy(answer).split_whitespace().collect::<Vec<_>>().join(" ");
        for (_, value) in &self.proof {
            let value = value.expose_secret();
            // `Bearer …`: the second word alone is the secret.
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
            // In front of it, something gave up waiting: it may have been done.
            StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT if !reads => (Verdict::CannotKnow, "gateway_error"),
            status if status.is_server_error() => (Verdict::RetryBackoff, "server_error"),
            status if status.is_redirection() => (Verdict::ConnectionBroken, "redirected"),
            _ => (Verdict::Refused, "refused"),
        };
        SendError::new(verdict, kind, format!("{} answered {}", self.platform, refusal.status.as_u16()))
    }
}

/// The whole body, unless it is longer than `max`.
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

/// The wait that a rate limit asks for, in seconds.
pub fn retry_after(headers: &HeaderMap) -> Option<Millis> {
    let seconds: Millis = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    seconds.checked_mul(1_000)
}

/// To be called again after so many milliseconds, within reason.
pub fn wait(millis: Millis) -> Verdict {
    Verdict::RetryAfter(millis.clamp(1_000, WAIT_MAX_MS))
}
