//! One call of the Graph API, made once with a time limit, and its result.

use crate::sharing::Sharing;
use lastword_contract::Millis;
use lastword_contract::json;
use reqwest::{RequestBuilder, header::HeaderMap, header::RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

/// The settings of every account, borrowed from the platform's own type.
pub(crate) struct Access<'a> {
    pub(crate) access_token: &'a SecretString,
    pub(crate) app_secret: Option<&'a SecretString>,
    pub(crate) verify_token: Option<&'a SecretString>,
    pub(crate) base_url: &'a str,
    pub(crate) api_version: &'a str,
    pub(crate) sharing: Sharing,
    pub(crate) per_second: f64,
    pub(crate) burst: u32,
    pub(crate) timeout_secs: u64,
}

/// Longest pause that is accepted.
const WAIT_MAX: Millis = 24 * 60 * 60 * 1_000;

/// Graph API client for one access token.
pub(crate) struct Graph {
    client: reqwest::Client,
    /// Base URL and version, without a slash at the end.
    root: String,
    /// Token in use: the one of the settings, or a renewed one.
    token: RwLock<SecretString>,
    timeout: Duration,
}

/// Why a call has no result. The variant says how far the call got, which determines what is known.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The call could not be built: a bug.
    Unmade,
    /// The connection failed, so nothing was sent.
    NotConnected,
    /// The request was sent and got no response.
    NoAnswer {
        /// True if our time limit ended it; false if the connection broke.
        timed_out: bool,
    },
    /// A response that is not a result.
    Answered {
        /// HTTP status. Meta uses several for one code, so the code takes precedence.
        status: u16,
        /// Meta's error; `None` if something else responded, such as a proxy with a page.
        fault: Option<Fault>,
        /// Pause that the response asks for.
        wait: Option<Millis>,
    },
}

/// Meta's error: `{"error": {…}}`, or an item of a status' `errors`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fault {
    pub(crate) code: Option<i64>,
    pub(crate) subcode: Option<i64>,
    /// The message and its details, if any.
    pub(crate) words: String,
    /// True if Meta marks the error as transient.
    pub(crate) transient: bool,
}

impl Fault {
    /// Parses an error object.
    pub(crate) fn read(error: &Value) -> Self {
        let word = |path: &str| error.pointer(path).and_then(Value::as_str).map(str::trim).filter(|word| !word.is_empty());
        let message = word("/message").or_else(|| word("/title")).unwrap_or("no words");
        let details = word("/error_data/details").or_else(|| word("/error_user_msg")).filter(|details| *details != message);
        Self {
            code: error["code"].as_i64(),
            subcode: error["error_subcode"].as_i64(),
            words: details.map_or_else(|| message.to_owned(), |details| format!("{message}: {details}")),
            transient: error["is_transient"] == true,
        }
    }
}

impl Graph {
    pub(crate) fn new(access: &Access<'_>, client: reqwest::Client) -> Self {
        Self {
            client,
            root: format!("{}/{}", access.base_url.trim_end_matches('/'), access.api_version),
            token: RwLock::new(access.access_token.clone()),
            timeout: Duration::from_secs(access.timeout_secs),
        }
    }

    /// URL of the Graph API with its version.
    pub(crate) fn root(&self) -> &str {
        &self.root
    }

    /// `text` without our token: a proxy may echo the request.
    pub(crate) fn without_token(&self, text: &str) -> String {
        text.replace(self.token().expose_secret(), "…")
    }

    fn token(&self) -> SecretString {
        self.token.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Uses this token from now on.
    pub(crate) fn use_token(&self, token: &str) {
        *self.token.write().unwrap_or_else(PoisonError::into_inner) = SecretString::from(token);
    }

    /// Exchanges the token of an Instagram login for one that expires later. Returns the token and its lifetime in seconds.
    pub(crate) async fn refresh_token(&self) -> Result<(String, Millis), Failure> {
        // The URL has no version, and Meta accepts the token only as a parameter.
        let base = self.root.rsplit_once('/').map_or(self.root.as_str(), |(base, _)| base);
        let token = self.token();
        let query = [("grant_type", "ig_refresh_token"), ("access_token", token.expose_secret())];
        let answer = self.call(self.client.get(format!("{base}/refresh_access_token")).query(&query)).await?;
        match (answer["access_token"].as_str(), answer["expires_in"].as_i64()) {
            (Some(token), Some(seconds)) if !token.is_empty() && seconds > 0 => Ok((token.to_owned(), seconds)),
            _ => Err(Failure::Answered { status: 200, fault: None, wait: None }),
        }
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.call(self.client.post(format!("{}/{path}", self.root)).json(body)).await
    }

    pub(crate) async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, Failure> {
        self.call(self.client.get(format!("{}/{path}", self.root)).query(query)).await
    }

    async fn call(&self, request: RequestBuilder) -> Result<Value, Failure> {
        let request = request.bearer_auth(self.token().expose_secret()).timeout(self.timeout);
        // reqwest's error is dropped on purpose: it contains the URL, and the URL contains IDs.
        let response = request.send().await.map_err(|error| phase(&error))?;
        let (status, wait) = (response.status(), wait(response.headers()));
        let answer = match response.bytes().await {
            Ok(body) => json::read(&body).ok().map(|read| read.value),
            // The status of a refusal is enough; a success whose body is missing is not certain.
            Err(_) if !status.is_success() => None,
            Err(error) => return Err(phase(&error)),
        };
        let fault = answer.as_ref().and_then(|answer| answer.get("error")).filter(|error| error.is_object()).map(Fault::read);
        match (answer, fault) {
            (Some(answer), None) if status.is_success() && answer.is_object() => Ok(answer),
            (_, fault) => Err(Failure::Answered { status: status.as_u16(), fault, wait }),
        }
    }
}

/// How far the call got. A timeout while connecting counts as a failed connection.
fn phase(error: &reqwest::Error) -> Failure {
    if error.is_builder() {
        Failure::Unmade
    } else if error.is_connect() {
        Failure::NotConnected
    } else {
        Failure::NoAnswer { timed_out: error.is_timeout() }
    }
}

/// `Retry-After` in seconds, or `X-Business-Use-Case-Usage` in minutes.
fn wait(headers: &HeaderMap) -> Option<Millis> {
    let seconds = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse::<Millis>().ok());
    let minutes = || headers.get("x-business-use-case-usage").and_then(|value| minutes_to_regain(value.to_str().ok()?));
    let wait = seconds.map(|seconds| seconds.saturating_mul(1_000)).or_else(|| minutes().map(|minutes| minutes.saturating_mul(60_000)));
    wait.filter(|&wait| wait > 0).map(|wait| wait.min(WAIT_MAX))
}

/// The longest `estimated_time_to_regain_access` of `{"<id>": [{"type": …, "estimated_time_to_regain_access": 19}]}`.
fn minutes_to_regain(usage: &str) -> Option<Millis> {
    let usage: Value = serde_json::from_str(usage).ok()?;
    let uses = usage.as_object()?.values().filter_map(Value::as_array).flatten();
    uses.filter_map(|one| one["estimated_time_to_regain_access"].as_i64()).max()
}
