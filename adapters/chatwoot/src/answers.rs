//! Messages that clients wrote, tapped, edited or deleted in Chatwoot's own chats, from webhooks about messages.

use crate::receive::{is_incoming, seconds};
use lastword_contract::json;
use lastword_contract::{Address, Context, Inbound, InboundKind, Millis, Received, TextMessage};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Context of a text that replies to a message which Chatwoot does not have.
const UNKNOWN_MESSAGE: &str = "a message that Chatwoot does not have";
/// Context of a text that replies to a story, or mentions us in one.
const STORY: &str = "story";
/// Channels whose clients can delete messages; elsewhere only operators can.
const CLIENTS_DELETE: [&str; 2] = ["Channel::Instagram", "Channel::FacebookPage"];
/// Channel whose clients can edit a message in a way that reaches Chatwoot.
const CLIENTS_EDIT: &str = "Channel::Telegram";

/// Room between the orders of two messages for the edits of the first: tenths of a second, which repeat after thirteen years.
const EDITS: i64 = 1 << 32;

/// Answers of clients in one webhook. Their order is that of the messages' IDs; edits of one message follow it in the order of their
/// arrival, because Chatwoot does not report their time.
pub(crate) fn answers(body: &Value, received_at: Millis) -> Received {
    let event = body["event"].as_str().unwrap_or_default();
    let other = |kind: &str| InboundKind::Other { kind: kind.to_owned() };
    let (Some(id), Some(chat)) =
        (json::id(&body["id"]), json::id(&body["conversation"]["id"]).or_else(|| json::id(&body["conversation_id"])))
    else {
        let key = json::id(&body["id"]).unwrap_or_default();
        return one(format!("{event}:{key}"), 0, None, other(if event.is_empty() { "nothing" } else { event }));
    };
    let order = id.parse::<i64>().unwrap_or_default().saturating_mul(EDITS);
    let after = order.saturating_add((received_at / 100).rem_euclid(EDITS));
    let by = Address::chat(chat);
    let is_clients = is_incoming(&body["message_type"]) && body["private"] != true;
    match event {
        "message_created" if is_clients => {
            let what = text(body, &id, by).map_or_else(|| other("message without text"), InboundKind::Text);
            // Webhooks about messages use ISO times, older ones seconds. Only seconds are read.
            one(format!("message:{id}"), order, seconds(&body["created_at"]), what)
        }
        "message_updated" if is_clients => {
            let (key, what) = changed(body, &id, by).unwrap_or_else(|| (format!("updated:{id}"), other(event)));
            one(key, after, None, what)
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

/// The text of a client's message and its context; `None` for a message without text.
fn text(body: &Value, id: &str, by: Address) -> Option<TextMessage> {
    let text = body["content"].as_str().filter(|text| !text.is_empty())?;
    // The words below a picture or a file belong to it.
    let has_file = body["attachments"].as_array().is_some_and(|files| !files.is_empty());
    let context = if has_file { Context::Elsewhere("media") } else { context(&body["content_attributes"]) };
    Some(TextMessage::new(text, by).with_id(id).about(context))
}

/// Context of a message. Chatwoot refers to the replied message by its own ID, and only by the channel's ID if it does not
/// have that message. Replies to stories and mentions in them are marked.
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

/// A client's message that was deleted or edited: its key and the change. Chatwoot posts the same event for translations
/// and similar, and when an operator deletes a client's message; those are ignored.
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

/// The choice that was tapped on a question of ours.
fn submitted(body: &Value) -> Option<&str> {
    let values = body["content_attributes"]["submitted_values"].as_array().filter(|_| body["content_type"] == "input_select")?;
    values.iter().find_map(|value| value["value"].as_str())
}

fn one(key: String, order: i64, at: Option<Millis>, what: InboundKind) -> Received {
    Received { events: vec![Inbound { key, order, at, kind: what }], reply: String::new() }
}
