//! Turns one signed request into an event. Pure: the time is the request's own.
//!
//! ```json
//! { "type": "press", "timestamp": "2026-05-01T12:00:00Z", "data": { "token": "…", "chat": "…" } }
//! ```
//!
//! | type | data |
//! |---|---|
//! | `press` | `token`, `chat`, and if known `user`, `via`, `message_id` |
//! | `text` | `text`, `chat`, and if known `user`, `via`, `id` (of this message), `reply_to` (ID of the message to which it replies, ours or not), `about` (what else it belongs to: `forward`, `story`, `product`, or another name) |
//! | `edited` | as `text`, with the new text; `id` is that of the message |
//! | `deleted` | `id` of the client's message, `chat`, and if known `user`, `via` |
//! | `reaction` | `message_id` of the message with the reaction, `emoji` (null: removed), `chat`, and if known `user`, `via` |
//! | `comment` | `token`, `text`, `chat`, and if known `user`, `via` |
//! | `status` | `status` (`sent`, `delivered`, `read`, `failed`), `message_id` or `key` (our `webhook-id`), and for `failed` a `reason`: `blocked`, or anything else |
//! | `reachable` | `reachable` (true or false), `chat`, and if known `user`, `via` |
//!
//! The event's key is `webhook-id`, so a repeated event has to have the same ID and the same body. Events are ordered by
//! `data.order` if present, else by `timestamp`, else by `webhook-timestamp`, in milliseconds; a sender has to use the same
//! one in all events. IDs may be numbers, and an empty one is none. Other fields are ignored, and other types are stored as unknown.

use crate::signature::Keys;
use chrono::DateTime;
use lastword_contract::json;
use lastword_contract::{
    Address, Context, DeliveryStatus, Inbound, InboundKind, Millis, RawRequest, Reaction, Received, Rejected, SendError, TextMessage,
    Verdict,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Maximum difference between the sender's clock and ours, and the time in which an intercepted request can be replayed with its key.
const TOLERANCE_MS: Millis = 5 * 60 * 1000;

#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "type")]
    kind: String,
    timestamp: Option<String>,
    #[serde(default)]
    data: Value,
}

#[derive(Deserialize)]
struct Press {
    token: String,
    message_id: Option<String>,
}

#[derive(Deserialize)]
struct Text {
    text: String,
    id: Option<String>,
    reply_to: Option<String>,
    about: Option<String>,
}

impl Text {
    fn by(self, by: Address) -> TextMessage {
        let context = match (self.about.as_deref(), self.reply_to) {
            (Some("forward"), _) => Context::Elsewhere("forward"),
            (Some("story"), _) => Context::Elsewhere("story"),
            (Some("product"), _) => Context::Elsewhere("product"),
            (Some(_), _) => Context::Elsewhere("something else"),
            (None, reply_to) => reply_to.into(),
        };
        let message = TextMessage::new(self.text, by).about(context);
        match self.id {
            Some(id) => message.with_id(id),
            None => message,
        }
    }
}

#[derive(Deserialize)]
struct Deleted {
    id: String,
}

#[derive(Deserialize)]
struct Reacted {
    message_id: String,
    emoji: Option<String>,
}

#[derive(Deserialize)]
struct Comment {
    token: String,
    text: String,
}

#[derive(Deserialize)]
struct Status {
    message_id: Option<String>,
    key: Option<String>,
    status: StatusWord,
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum StatusWord {
    Sent,
    Delivered,
    Read,
    Failed,
}

#[derive(Deserialize)]
struct Reachable {
    reachable: bool,
}

pub(crate) fn receive(keys: &Keys, request: &RawRequest) -> Result<Received, Rejected> {
    let header = |name: &'static str| request.headers.get(name).ok_or(Rejected::Unsigned(name));
    let (id, timestamp, signature) = (header("webhook-id")?, header("webhook-timestamp")?, header("webhook-signature")?);
    let at_secs: i64 = timestamp.parse().map_err(|_| Rejected::Unsigned("webhook-timestamp"))?;
    let at = at_secs.checked_mul(1000).ok_or(Rejected::Unsigned("webhook-timestamp"))?;
    if id.is_empty() || !keys.verify(signature, id, at_secs, &request.body) {
        return Err(Rejected::Unsigned("webhook-signature"));
    }
    // Checked after the signature, so that outsiders learn nothing about our clock.
    if at.abs_diff(request.received_at) > TOLERANCE_MS.unsigned_abs() {
        return Err(Rejected::Unsigned("webhook-timestamp is too far from now"));
    }
    let mut envelope: Envelope = json::typed(&request.body).map_err(unreadable)?;
    tidy_ids(&mut envelope.data);
    let named = envelope.timestamp.as_deref().map(read_time).transpose()?;
    let order = match envelope.data.get("order") {
        None | Some(Value::Null) => named.unwrap_or(at),
        Some(order) => order.as_i64().ok_or_else(|| Rejected::Unreadable("data.order is not an integer".to_owned()))?,
    };
    let event = Inbound { key: id.to_owned(), order, at: Some(named.unwrap_or(at)), kind: what(envelope.kind, &envelope.data)? };
    Ok(Received { events: vec![event], reply: String::new() })
}

/// IDs may be numbers, and an empty one is none.
fn tidy_ids(data: &mut Value) {
    for key in ["chat", "user", "via", "id", "message_id", "reply_to", "about", "key"] {
        if let Some(value) = data.get_mut(key).filter(|value| value.is_number() || value.is_string()) {
            *value = json::id(value).map_or(Value::Null, Value::String);
        }
    }
}

fn what(kind: String, data: &Value) -> Result<InboundKind, Rejected> {
    Ok(match kind.as_str() {
        "press" => {
            let Press { token, message_id } = read(data)?;
            InboundKind::Press { token, by: read(data)?, message_id, press_id: None }
        }
        "text" => InboundKind::Text(read::<Text>(data)?.by(read(data)?)),
        "edited" => {
            let text: Text = read(data)?;
            if text.id.is_none() {
                return Err(Rejected::Unreadable("an edited text needs the id of its message".to_owned()));
            }
            InboundKind::Edited(text.by(read(data)?))
        }
        "deleted" => {
            let Deleted { id } = read(data)?;
            InboundKind::Deleted { by: read(data)?, message_id: id }
        }
        "reaction" => {
            let Reacted { message_id, emoji } = read(data)?;
            InboundKind::Reaction(Reaction { by: read(data)?, message_id, emoji })
        }
        "comment" => {
            let Comment { token, text } = read(data)?;
            InboundKind::Comment { token, by: read(data)?, text }
        }
        "status" => {
            let Status { message_id, key, status, reason } = read(data)?;
            if message_id.is_none() && key.is_none() {
                return Err(Rejected::Unreadable("a status needs a message_id or a key".to_owned()));
            }
            InboundKind::Status { message_id, key, status: status_of(status, reason.as_deref()) }
        }
        "reachable" => {
            let Reachable { reachable } = read(data)?;
            InboundKind::Reachable { by: read::<Address>(data)?, reachable }
        }
        _ => InboundKind::Other { kind },
    })
}

fn status_of(word: StatusWord, reason: Option<&str>) -> DeliveryStatus {
    match word {
        StatusWord::Sent => DeliveryStatus::Sent,
        StatusWord::Delivered => DeliveryStatus::Delivered,
        StatusWord::Read => DeliveryStatus::Read,
        StatusWord::Failed => DeliveryStatus::Failed(match reason {
            Some("blocked") => SendError::new(Verdict::RecipientGone, "blocked_by_client", "the receiver says: blocked"),
            // A free-text reason may contain a person's name, so it is not passed on.
            _ => SendError::new(Verdict::Refused, "failed_at_receiver", "the receiver says that it failed"),
        }),
    }
}

fn read<T: DeserializeOwned>(data: &Value) -> Result<T, Rejected> {
    T::deserialize(data).map_err(unreadable)
}

fn read_time(text: &str) -> Result<Millis, Rejected> {
    let time = DateTime::parse_from_rfc3339(text).map_err(|_| Rejected::Unreadable("timestamp is not RFC 3339".to_owned()))?;
    Ok(time.timestamp_millis())
}

/// The parser's message may quote the body, so only the kind of error and its position are reported.
fn unreadable(error: serde_json::Error) -> Rejected {
    Rejected::Unreadable(format!("{:?} error in JSON at line {} column {}", error.classify(), error.line(), error.column()))
}
