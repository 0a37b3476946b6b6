//! One message as JSON, and the message ID in the response.
//!
//! ```json
//! { "type": "question", "timestamp": "2026-05-01T12:00:00.000Z", "data": { … } }
//! ```
//!
//! | type | data |
//! |---|---|
//! | `question` | `to`, `language`, `scale` (`binary`, `five_star`), `text`, `choices`, and if any: `plain`, `replaces`, `comment` |
//! | `settle`, `text` | the same without `scale`; `choices` only if any |
//! | `alert` | the alert's facts, and `to`, `language`, `text`, `choices` unless a fact has that name |
//! | an event's name | the event's facts, and `text`, `choices` if any |
//!
//! `to` is `{chat, user?, via?}`; a choice is `{label, token, kind, link?}` with the kind `score`, `reason`, `resolved`,
//! `change` or `acknowledge`; `comment` is `{label, token, max_chars}`; and `replaces` is the `message_id` that the
//! receiver returned. If choices are links, `plain` is the text with a line for each of them.

use chrono::{DateTime, SecondsFormat};
use lastword_contract::{Choice, ChoiceKind, Outgoing, Purpose, Scale, SendError, Verdict};
use serde_json::{Map, Value, json};

/// Maximum bytes read of a response.
const ANSWER_MAX_BYTES: usize = 64 * 1024;

/// Maximum length of a message ID.
const MESSAGE_ID_MAX_BYTES: usize = 200;

pub(crate) fn not_sendable(why: &str) -> SendError {
    SendError::new(Verdict::Refused, "not_sendable", why)
}

/// The bytes to sign and to post; `None` if the time is invalid, or the purpose is unknown.
pub(crate) fn body(outgoing: &Outgoing) -> Option<Vec<u8>> {
    let timestamp = DateTime::from_timestamp_millis(outgoing.at)?.to_rfc3339_opts(SecondsFormat::Millis, true);
    let body = json!({ "type": kind(&outgoing.purpose)?, "timestamp": timestamp, "data": data(outgoing) });
    Some(body.to_string().into_bytes())
}

/// The type of the message; `None` for a purpose that the receiver cannot know.
fn kind(purpose: &Purpose) -> Option<&str> {
    match purpose {
        Purpose::Question(_) => Some("question"),
        Purpose::Settle => Some("settle"),
        Purpose::Text => Some("text"),
        Purpose::Alert => Some("alert"),
        Purpose::Event(name) => Some(name),
        _ => None,
    }
}

fn data(outgoing: &Outgoing) -> Map<String, Value> {
    // Facts go first and keep their names.
    let mut data = match &outgoing.data {
        Value::Object(facts) => facts.clone(),
        Value::Null => Map::new(),
        other => Map::from_iter([("value".to_owned(), other.clone())]),
    };
    let mut put = |name: &str, value: Value| {
        data.entry(name).or_insert(value);
    };
    let is_event = matches!(outgoing.purpose, Purpose::Event(_));
    if !is_event {
        put("to", json!(outgoing.to));
        put("language", json!(outgoing.language));
    }
    if let Purpose::Question(scale) = outgoing.purpose {
        put("scale", json!(scale));
    }
    if !is_event || !outgoing.text.is_empty() {
        put("text", json!(outgoing.text));
    }
    if !outgoing.choices.is_empty() {
        put("choices", json!(outgoing.choices));
    }
    if let Some(plain) = plain(outgoing) {
        put("plain", json!(plain));
    }
    if let Some(replaces) = &outgoing.replaces {
        put("replaces", json!(replaces));
    }
    if let Some(comment) = &outgoing.comment {
        put("comment", json!(comment));
    }
    data
}

/// The text with a line for each link, for a receiver that supports only text: `5 - https://…`. A plain hyphen and digits
/// keep a Latin SMS in its seven-bit alphabet; stars and dashes would halve the length of a part.
fn plain(outgoing: &Outgoing) -> Option<String> {
    let stars = outgoing.purpose == Purpose::Question(Scale::FiveStar);
    let line = |choice: &Choice| {
        let link = choice.link.as_ref()?;
        let count = choice.label.chars().count();
        Some(if stars && choice.kind == ChoiceKind::Score { format!("{count} - {link}") } else { format!("{} - {link}", choice.label) })
    };
    let lines: Vec<String> = outgoing.choices.iter().filter_map(line).collect();
    (!lines.is_empty()).then(|| format!("{}\n{}", outgoing.text, lines.join("\n")))
}

/// The receiver's ID of the message, if it returns one. The 2xx already confirms the message, so errors in the response's body are ignored.
pub(crate) async fn message_id(mut response: reqwest::Response) -> Option<String> {
    let mut answer = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        if answer.len() + chunk.len() > ANSWER_MAX_BYTES {
            return None;
        }
        answer.extend_from_slice(&chunk);
    }
    let answer: Value = serde_json::from_slice(&answer).ok()?;
    let id = match &answer["message_id"] {
        Value::String(id) => id.clone(),
        Value::Number(id) => id.to_string(),
        _ => return None,
    };
    (1..=MESSAGE_ID_MAX_BYTES).contains(&id.len()).then_some(id)
}
