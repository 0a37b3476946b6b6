//! Calls of Rocket.Chat's API, and what its refusals say: mostly status 400, and a word in the body.

use crate::config::Config;
use chrono::DateTime;
use lastword_contract::http::{Api, Client, Refusal, StatusCode, Url, retry_after, wait};
use lastword_contract::{Millis, SendError, Verdict};
use secrecy::SecretString;
use serde_json::Value;
use std::time::Duration;

/// The API counts calls of each of its endpoints for a minute. Nobody waits longer.
const LIMIT_MS: Millis = 60_000;
/// Words for what is not there, or not any more.
const GONE: [&str; 5] = ["invalid-room", "room-not-found", "room-does-not-exist", "invalid-visitor", "visitor-not-found"];
/// Words for what this user may not do.
const FORBIDDEN: [&str; 3] = ["unauthorized", "not-authorized", "not authorized"];

/// The API as the user of these settings sees it.
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
        // Who is known and lacks a right is told so by the same status in some releases.
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

/// For whoever reads why a call was refused.
const MISSING_RIGHT: &str = "give the user of the token the role livechat-manager (Workspace → Users)";
const TOKEN_REFUSED: &str = "Rocket.Chat does not know this token and user: make a personal access token (avatar → Profile → Personal Access \
    Tokens), and copy both token and user's id into the settings";

/// The wait: a proxy's header, the number in "You must wait 12 seconds", or the limiter's own clock beside the server's.
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

/// Whether this can be the id of a room. Only then it may be a part of an address.
pub(crate) fn is_room(id: &str) -> bool {
    !id.is_empty() && id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// A room.
///
/// # Errors
/// As the API's; [`Verdict::RecipientGone`] where there is no such room of the omnichannel part any more.
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

/// Messages on one page.
const PAGE: usize = 100;
/// The most pages that are read of one room, the newest first: each is a call that is counted.
const PAGES_MAX: usize = 5;

/// The messages of a room, oldest first.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn messages(api: &Api, id: &str) -> Result<Vec<Value>, SendError> {
    let mut all: Vec<Value> = Vec::new();
    for page in 0..PAGES_MAX {
        let asked = format!("count={PAGE}&offset={}&sort={}", page * PAGE, encoded(r#"{"ts":-1}"#));
        let mut answer = match api.get(&format!("livechat/{id}/messages?{asked}")).await {
            // Its documents have the words of the address the other way round.
            Err(error) if error.kind == "not_found" => api.get(&format!("livechat/messages/{id}?{asked}")).await?,
            answered => answered?,
        };
        let Value::Array(messages) = answer["messages"].take() else {
            return Err(SendError::new(Verdict::RetryBackoff, "garbled", "the answer holds no messages"));
        };
        let is_last = messages.len() < PAGE;
        // What was written between two pages moved others to the next one.
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

/// A value in a query.
pub(crate) fn encoded(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

/// A time of the API: ISO 8601, or wrapped as its database writes it.
pub(crate) fn moment(value: &Value) -> Option<Millis> {
    let wrapped = &value["$date"];
    let text = value.as_str().or_else(|| wrapped.as_str());
    text.map_or_else(|| wrapped.as_i64(), |text| DateTime::parse_from_rfc3339(text).ok().map(|at| at.timestamp_millis()))
}
