//! What a client does to messages that are there, as Meta posts it.

use super::{messaging_text, whatsapp_event, with_client};
use crate::samples::{AT, NUMBER_ID, from_client};
use lastword_contract::Address;
use serde_json::{Value, json};

/// What a client does.
pub(super) enum Deed<'a> {
    /// Replies to the message with this id.
    Reply { text: &'a str, to: &'a str },
    /// Sends words that are not their own, or are about something that is no message.
    Elsewhere { text: &'a str },
    /// Puts an emoji on a message, or takes it back.
    Reaction { message_id: &'a str, emoji: Option<&'a str> },
    /// Changes a message.
    Edit { text: &'a str, message_id: &'a str },
    /// Deletes a message.
    Deletion { message_id: &'a str },
}

pub(super) fn on_whatsapp(n: i64, deed: &Deed<'_>, by: &Address) -> Value {
    let part = match *deed {
        Deed::Reply { text, to } => json!({ "context": { "from": NUMBER_ID, "id": to }, "type": "text", "text": { "body": text } }),
        Deed::Elsewhere { text } => json!({ "context": { "forwarded": true }, "type": "text", "text": { "body": text } }),
        Deed::Reaction { message_id, emoji: Some(emoji) } => {
            json!({ "type": "reaction", "reaction": { "message_id": message_id, "emoji": emoji } })
        }
        Deed::Reaction { message_id, emoji: None } => json!({ "type": "reaction", "reaction": { "message_id": message_id } }),
        Deed::Edit { text, message_id } => {
            let message = json!({ "context": { "id": "M0" }, "type": "text", "text": { "body": text } });
            json!({ "type": "edit", "edit": { "original_message_id": message_id, "message": message } })
        }
        Deed::Deletion { message_id } => json!({ "type": "revoke", "revoke": { "original_message_id": message_id } }),
    };
    whatsapp_event(n, by, part)
}

pub(super) fn on_messaging(object: &str, account: &str, n: i64, deed: &Deed<'_>, by: &Address) -> Value {
    let with = |text: &str, more: (&str, Value)| {
        let mut body = messaging_text(object, account, n, text, by);
        body["entry"][0]["messaging"][0]["message"][more.0] = more.1;
        body
    };
    let event = |part: Value| with_client(from_client(object, account, part), by);
    match *deed {
        Deed::Reply { text, to } => with(text, ("reply_to", json!({ "mid": to, "is_self_reply": false }))),
        Deed::Elsewhere { text } => with(text, ("reply_to", json!({ "story": { "id": "1", "url": "https://x" } }))),
        Deed::Reaction { message_id, emoji } => {
            let action = if emoji.is_some() { "react" } else { "unreact" };
            event(json!({ "timestamp": AT + n, "reaction": { "mid": message_id, "action": action, "reaction": "other", "emoji": emoji } }))
        }
        Deed::Edit { text, message_id } => {
            event(json!({ "timestamp": AT + n, "message_edit": { "mid": message_id, "text": text, "num_edit": 1 } }))
        }
        Deed::Deletion { message_id } => event(json!({ "timestamp": AT + n, "message": { "mid": message_id, "is_deleted": true } })),
    }
}
