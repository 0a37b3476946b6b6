//! One call of the Bot API, made once with a time limit, and its result.

use crate::Config;
use lastword_contract::json;
use reqwest::header::RETRY_AFTER;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, value::RawValue};
use std::time::Duration;
use teloxide::requests::Payload;

/// Bot API client for one token.
pub(crate) struct Api {
    client: reqwest::Client,
    base_url: String,
    token: SecretString,
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
        /// HTTP status.
        status: u16,
        /// The Bot API's error; `None` if something else responded, such as a proxy with a page.
        words: Option<Words>,
        /// Header `Retry-After`, in seconds.
        retry_after: Option<u64>,
    },
}

impl Failure {
    /// The chat's new ID if the call was refused because the chat became a supergroup.
    pub(crate) fn moved_to(&self) -> Option<i64> {
        match self {
            Failure::Answered { words: Some(words), .. } => words.migrate_to_chat_id,
            Failure::Unmade | Failure::NotConnected | Failure::NoAnswer { .. } | Failure::Answered { words: None, .. } => None,
        }
    }
}

/// The Bot API's error.
#[derive(Debug, Default)]
pub(crate) struct Words {
    pub(crate) error_code: Option<u16>,
    pub(crate) description: String,
    pub(crate) retry_after: Option<u64>,
    pub(crate) migrate_to_chat_id: Option<i64>,
}

/// teloxide's own envelope drops `error_code`.
#[derive(Deserialize)]
struct Envelope {
    ok: bool,
    result: Option<Box<RawValue>>,
    error_code: Option<u16>,
    #[serde(default)]
    description: String,
    parameters: Option<Parameters>,
}

#[derive(Default, Deserialize)]
struct Parameters {
    #[serde(default, deserialize_with = "seconds")]
    retry_after: Option<u64>,
    migrate_to_chat_id: Option<i64>,
}

/// Seconds, rounded up: servers of others write them with a point, or as text.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let seconds = match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    Ok(seconds.filter(|seconds: &f64| seconds.is_finite()).map(|seconds| seconds.ceil() as u64))
}

impl Api {
    pub(crate) fn new(config: &Config, client: reqwest::Client) -> Self {
        Self {
            client,
            base_url: config.base_url.trim_end_matches('/').to_owned(),
            token: config.token.clone(),
            timeout: Duration::from_secs(config.timeout_secs),
        }
    }

    /// Base URL of the Bot API, without the token.
    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Makes one call and returns its `result`.
    pub(crate) async fn call<P: Payload + Serialize + Sync>(&self, payload: &P) -> Result<Value, Failure> {
        // Valid JSON was parsed before; only a number too large for our types can still fail.
        self.call_raw(payload).await.map(|result| serde_json::from_str(result.get()).unwrap_or_default())
    }

    /// Like [`Api::call`], but returns the result's raw bytes. For long polling, the requested wait is added to the time limit.
    pub(crate) async fn call_raw<P: Payload + Serialize + Sync>(&self, payload: &P) -> Result<Box<RawValue>, Failure> {
        let url = format!("{}/bot{}/{}", self.base_url, self.token.expose_secret(), method_name(P::NAME));
        let timeout = self.timeout + payload.timeout_hint().unwrap_or_default();
        // reqwest's error is dropped on purpose: it contains the URL, and the URL contains the token.
        let response = self.client.post(url).timeout(timeout).json(payload).send().await.map_err(|error| phase(&error))?;
        let status = response.status();
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
        let envelope = match response.bytes().await {
            // One broken letter must not stop all updates.
            Ok(body) => json::typed::<Envelope>(&body).ok(),
            // The status of a refusal is enough; a success whose body is missing is not certain.
            Err(_) if !status.is_success() => None,
            Err(error) => return Err(phase(&error)),
        };
        match envelope {
            Some(Envelope { ok: true, result: Some(result), .. }) => Ok(result),
            Some(Envelope { ok: false, error_code, description, parameters, .. }) => {
                let Parameters { retry_after: wait, migrate_to_chat_id } = parameters.unwrap_or_default();
                // A proxy may echo the path, and the path contains the token.
                let description = description.replace(self.token.expose_secret(), "…");
                let words = Words { error_code, description, retry_after: wait, migrate_to_chat_id };
                Err(Failure::Answered { status: status.as_u16(), words: Some(words), retry_after })
            }
            Some(Envelope { ok: true, result: None, .. }) | None => {
                Err(Failure::Answered { status: status.as_u16(), words: None, retry_after })
            }
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

/// Turns teloxide's `SendMessage` into the method name of Telegram's documentation: `sendMessage`.
fn method_name(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map_or_else(String::new, |first| first.to_ascii_lowercase().to_string() + characters.as_str())
}
