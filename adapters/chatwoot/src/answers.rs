//! What clients wrote, tapped, changed and took back in Chatwoot's own chats, as webhooks about messages tell it.

use crate::receive::{is_incoming, seconds};
use lastword_contract::json;
use lastword_contract::{Address, Context, Inbound, InboundKind, Millis, Received, TextMessage};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// What a text is called that answers a message which Chatwoot does not have.
const UNKNOWN_MESSAGE: &str = "a message that Chatwoot does not have";
/// What a text is called that answers a story, or mentions us in one.
const STORY: &str = "story";
/// Channels whose clients can take a message back; in all others operators alone delete messages.
const CLIENTS_DELETE: [&str; 2] = ["Channel::Instagram", "Channel::FacebookPage"];
/// The channel whose clients can change a message so that Chatwoot knows it.
const CLIENTS_EDIT: &str = "Channel::Telegram";

/// What clients did, by one webhook.
pub(crate) fn answers(body: &Value) -> Received {
    let event = body["event"].as_str().unwrap_or_default();
    let other = |kind: &str| InboundKind::Other { kind: kind.to_owned() };
    let (Some(id), Some(chat)) =
        (json::id(&body["id"]), json::id(&body["conversation"]["id"]).or_else(|| json::id(&body["conversation_id"])))
    else {
        let key = json::id(&body["id"]).unwrap_or_default();
        return one(format!("{event}:{key}"), 0, None, other(if event.is_empty() { "nothing" } else { event }));
    };
    let order = id.parse().unwrap_or_default();
    let by = Address::chat(chat);
    let is_clients = is_incoming(&body["message_type"]) && body["private"] != true;
    match event {
        "message_created" if is_clients => {
            let what = text(body, &id, by).map_or_else(|| other("message without text"), InboundKind::Text);
            // Webhooks about messages give ISO times, older ones seconds: only the latter are taken without a calendar.
            one(format!("message:{id}"), order, seconds(&body["created_at"]), what)
        }
        "message_updated" if is_clients => {
            let (key, what) = changed(body, &id, by).unwrap_or_else(|| (format!("updated:{id}"), other(event)));
            one(key, order, None, what)
        }
        "message_updated" => match submitted(body) {
            Some(token) => {
                let what = InboundKind::Press { token: token.to_owned(), by, message_id: Some(id.clone()), press_id: None };
                one(format!("submitted:{id}:{token}"), order, None, what)
            }
            None => one(format!("updated:{id}"), order, None, other(event)),
        },
        _ => one(format!("{event}:{id}"), order, None, other(event)),
    }
}

/// The text of a client's message and what it belongs to; `None` for a message without text.
fn text(body: &Value, id: &str, by: Address) -> Option<TextMessage> {
    let text = body["content"].as_str().filter(|text| !text.is_empty())?;
    Some(TextMessage::new(text, by).with_id(id).about(context(&body["content_attributes"])))
}

/// What a message belongs to. Chatwoot names the message that a client replied to by its own id, and by the channel's id alone
/// where it does not have that message; replies to stories and mentions in them are marked as such.
pub(crate) fn context(attributes: &Value) -> Context {
    let says = |key: &str| attributes[key].is_number() || json::text(&attributes[key]).is_some();
    let is_story = attributes["image_type"].as_str().is_some_and(|kind| kind.contains("story"));
    match json::id(&attributes["in_reply_to"]) {
        _ if is_story || says("story_id") || says("story_sender") => Context::Elsewhere(STORY),
        Some(message) => Context::ReplyTo(message),
        None if says("in_reply_to_external_id") => Context::Elsewhere(UNKNOWN_MESSAGE),
        None => Context::Own,
    }
}

/// A message of a client's that is deleted, or reads otherwise now: its key and what happened. Chatwoot posts the same event for
/// translations and the like, and where an operator deletes a client's message, which is no word of the client's.
fn changed(body: &Value, id: &str, by: Address) -> Option<(String, InboundKind)> {
    let channel = body["conversation"]["channel"].as_str().unwrap_or_default();
    if body["content_attributes"]["deleted"] == true {
        let deleted = InboundKind::Deleted { by, message_id: id.to_owned() };
        return CLIENTS_DELETE.contains(&channel).then(|| (format!("deleted:{id}"), deleted));
    }
    let text = text(body, id, by).filter(|_| channel == CLIENTS_EDIT)?;
    let hash = hex::encode(&Sha256::digest(text.text.as_bytes())[..8]);
    Some((format!("edited:{id}:{hash}"), InboundKind::Edited(text)))
}

/// What was tapped on a message of ours that asks.
fn submitted(body: &Value) -> Option<&str> {
    let values = body["content_attributes"]["submitted_values"].as_array().filter(|_| body["content_type"] == "input_select")?;
    values.iter().find_map(|value| value["value"].as_str())
}

fn one(key: String, order: i64, at: Option<Millis>, what: InboundKind) -> Received {
    Received { events: vec![Inbound { key, order, at, kind: what }], reply: String::new() }
}
