//! Calls of Rocket.Chat's API, and the meaning of its refusals: mostly status 400, with a text in the body.

use crate::config::Config;
use chrono::DateTime;
use lastword_contract::http::{Api, Client, Refusal, StatusCode, Url, retry_after, wait};
use lastword_contract::{Millis, SendError, Verdict};
use secrecy::SecretString;
use serde_json::Value;
use std::time::Duration;

/// The API counts calls per endpoint and minute, so a pause is never longer.
const LIMIT_MS: Millis = 60_000;
/// Errors for a room or visitor that does not exist, or no longer.
const GONE: [&str; 5] = ["invalid-room", "room-not-found", "room-does-not-exist", "invalid-visitor", "visitor-not-found"];
/// Errors for actions that this user may not take.
const FORBIDDEN: [&str; 3] = ["unauthorized", "not-authorized", "not authorized"];

/// API client with the user of these settings.
pub(crate) fn api(config: &Config, http: Client, base: Url) -> Api {
    let proof = vec![("x-auth-token", config.token.clone()), ("x-user-id", SecretString::from(config.user.clone()))];
    let timeout = Duration::from_secs(config.timeout_secs.into());
    Api::new("Rocket.Chat", http, base, proof, timeout).reading_refusals(refusal)
}

fn refusal(refusal: &Refusal<'_>) -> Option<SendError> {
    let said = ["error", "errorType", "message"].iter().filter_map(|key| refusal.body[*key].as_str()).collect::<Vec<_>>().join(" ");
    let says = |words: &[&str]| words.iter().any(|word| said.to_lowercase().contains(word));
    let code = refusal.status.as_u16();
    let missing = || SendError::new(Verdict::ConnectionBroken, "missing_right", format!("Rocket.Chat answered {code}: {MISSING_RIGHT}"));
    match refusal.status {
        StatusCode::TOO_MANY_REQUESTS => {
            let pause = pause(refusal, &said).unwrap_or(LIMIT_MS);
            Some(SendError::new(wait(pause), "throttled", "Rocket.Chat's rate limiter asks to wait"))
        }
        // Some releases use the same status for an authenticated user who lacks a right.
        StatusCode::UNAUTHORIZED if refusal.body["success"] == false && says(&FORBIDDEN) => Some(missing()),
        StatusCode::UNAUTHORIZED => Some(SendError::new(Verdict::ConnectionBroken, "token_refused", TOKEN_REFUSED)),
        StatusCode::FORBIDDEN => Some(missing()),
        StatusCode::BAD_REQUEST if says(&GONE) => {
            Some(SendError::new(Verdict::RecipientGone, "no_such_chat", "there is no such chat any more"))
        }
        StatusCode::BAD_REQUEST if says(&FORBIDDEN) => Some(missing()),
        _ => None,
    }
}

/// Remedy in the message about a refused call.
const MISSING_RIGHT: &str = "give the user of the token the role livechat-manager (Workspace → Users)";
const TOKEN_REFUSED: &str = "Rocket.Chat does not know this token and user: make a personal access token (avatar → Profile → Personal Access \
    Tokens), and copy both token and user's id into the settings";

/// Duration of the pause: a proxy's header, the number in "You must wait 12 seconds", or the limiter's reset time compared
/// with the server's clock.
fn pause(refusal: &Refusal<'_>, said: &str) -> Option<Millis> {
    let words = || {
        let after = said.split_once("wait ")?.1;
        let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<Millis>().ok()?.checked_mul(1_000)
    };
    let clocks = || {
        let header = |name: &str| refusal.headers.get(name)?.to_str().ok();
        let reset: Millis = header("x-ratelimit-reset")?.parse().ok()?;
        let now = DateTime::parse_from_rfc2822(header("date")?).ok()?.timestamp_millis();
        reset.checked_sub(now).filter(|pause| *pause > 0)
    };
    retry_after(refusal.headers).or_else(words).or_else(clocks)
}

/// True if this can be the ID of a room and is safe in a URL.
pub(crate) fn is_room(id: &str) -> bool {
    !id.is_empty() && id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Reads a room.
///
/// # Errors
/// Errors of the API; [`Verdict::RecipientGone`] if the omnichannel part has no such room any more.
pub(crate) async fn room(api: &Api, id: &str) -> Result<Value, SendError> {
    let gone = || SendError::new(Verdict::RecipientGone, "no_such_chat", "there is no such chat any more");
    if !is_room(id) {
        return Err(gone());
    }
    let mut answer = api.get(&format!("rooms.info?roomId={id}")).await?;
    let room = answer["room"].take();
    if room["_id"] != id {
        return Err(SendError::new(Verdict::RetryBackoff, "garbled", "the answer holds no room"));
    }
    if room["t"] == "l" { Ok(room) } else { Err(gone()) }
}

/// Messages per page.
const PAGE: usize = 100;
/// Maximum pages read of one room, newest first. Each is a call that counts against the limit.
const PAGES_MAX: usize = 5;

/// Messages of a room, oldest first.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn messages(api: &Api, id: &str) -> Result<Vec<Value>, SendError> {
    let mut all: Vec<Value> = Vec::new();
    for page in 0..PAGES_MAX {
        let asked = format!("count={PAGE}&offset={}&sort={}", page * PAGE, encoded(r#"{"ts":-1}"#));
        let mut answer = match api.get(&format!("livechat/{id}/messages?{asked}")).await {
            // Rocket.Chat's documentation has the parts of the path in this other order.
            Err(error) if error.kind == "not_found" => api.get(&format!("livechat/messages/{id}?{asked}")).await?,
            answered => answered?,
        };
        let Value::Array(messages) = answer["messages"].take() else {
            return Err(SendError::new(Verdict::RetryBackoff, "garbled", "the answer holds no messages"));
        };
        let is_last = messages.len() < PAGE;
        // Messages written between two calls shift others to the next page; duplicates are removed below.
        all.extend(messages.into_iter().filter(|message| message["_id"].is_string()));
        if is_last {
            break;
        }
    }
    let mut known = std::collections::HashSet::new();
    all.retain(|message| known.insert(message["_id"].as_str().unwrap_or_default().to_owned()));
    all.reverse();
    Ok(all)
}

/// Encodes a value for a query.
pub(crate) fn encoded(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

/// Parses a time of the API: ISO 8601, or wrapped in the format of its database.
pub(crate) fn moment(value: &Value) -> Option<Millis> {
    let wrapped = &value["$date"];
    let text = value.as_str().or_else(|| wrapped.as_str());
    text.map_or_else(|| wrapped.as_i64(), |text| DateTime::parse_from_rfc3339(text).ok().map(|at| at.timestamp_millis()))
}
