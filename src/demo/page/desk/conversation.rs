//! A conversation and its messages, and their formats in Chatwoot's API and webhooks.

use lastword_life::Millis;
use serde_json::{Map, Value, json};

/// Inbox of all conversations: the shop's site.
pub(super) const INBOX: u64 = 1;

/// Status of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Open,
    Resolved,
}

impl Status {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Resolved => "resolved",
        }
    }
}

/// Author of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Writer {
    Contact,
    /// A user of Chatwoot, with name.
    User {
        id: Value,
        name: String,
    },
    /// Chatwoot itself, reporting a change of the conversation.
    Activity,
}

/// A choice of a message: its text and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) title: String,
    pub(super) value: String,
}

/// One message.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) id: u64,
    pub(super) at: Millis,
    pub(super) writer: Writer,
    pub(super) text: String,
    pub(super) private: bool,
    /// Key set by the sender.
    pub(super) source_id: Option<String>,
    /// ID of the message that it replies to.
    pub(super) reply_to: Option<u64>,
    pub(super) items: Vec<Item>,
    /// Index of the tapped choice.
    pub(super) tapped: Option<usize>,
}

/// One conversation.
#[derive(Clone, Debug)]
pub(super) struct Conversation {
    pub(super) id: u64,
    /// Number of the contact, and its visitor.
    pub(super) contact: u64,
    pub(super) visitor: String,
    pub(super) status: Status,
    pub(super) messages: Vec<Message>,
    pub(super) attributes: Map<String, Value>,
    pub(super) labels: Vec<String>,
    pub(super) created_at: Millis,
    pub(super) updated_at: Millis,
}

impl Writer {
    /// Type of a message: its number in the API and its name in webhooks.
    fn kind(&self) -> (u8, &'static str) {
        match self {
            Self::Contact => (0, "incoming"),
            Self::User { .. } => (1, "outgoing"),
            Self::Activity => (2, "activity"),
        }
    }
}

impl Conversation {
    /// Name of the visitor as agents see it.
    pub(super) fn contact_name(&self) -> String {
        let from = self.visitor.len().saturating_sub(4);
        format!("Visitor {}", self.visitor.get(from..).unwrap_or_default())
    }

    /// Time of the last message.
    pub(super) fn active_at(&self) -> Millis {
        self.messages.last().map_or(self.created_at, |message| message.at)
    }

    fn contact(&self) -> Value {
        json!({ "id": self.contact, "name": self.contact_name(), "email": null, "phone_number": null, "type": "contact" })
    }

    /// Format of the API and webhooks. Times are seconds; the time of the last change has a fraction.
    pub(super) fn shown(&self, agent: &Value) -> Value {
        json!({
            "id": self.id, "account_id": 1, "inbox_id": INBOX, "status": self.status.word(), "can_reply": true, "muted": false,
            "labels": self.labels, "custom_attributes": self.attributes,
            "additional_attributes": { "browser_language": "en" },
            "meta": { "sender": self.contact(), "channel": "Channel::WebWidget", "assignee": agent, "assignee_type": "User" },
            "created_at": seconds(self.created_at), "updated_at": self.updated_at as f64 / 1_000.0,
            "timestamp": seconds(self.active_at()), "last_activity_at": seconds(self.active_at()),
        })
    }

    /// Format of a message in the API.
    pub(super) fn message(&self, message: &Message) -> Value {
        let mut attributes = json!({});
        if let Some(reply_to) = message.reply_to {
            attributes["in_reply_to"] = json!(reply_to);
        }
        let shown = |item: &Item| json!({ "title": item.title, "value": item.value });
        if !message.items.is_empty() {
            attributes["items"] = message.items.iter().map(shown).collect();
        }
        if let Some(item) = message.tapped.and_then(|place| message.items.get(place)) {
            attributes["submitted_values"] = json!([shown(item)]);
        }
        let sender = match &message.writer {
            Writer::Contact => self.contact(),
            Writer::User { id, name } => json!({ "id": id, "name": name, "type": "user" }),
            Writer::Activity => Value::Null,
        };
        json!({
            "id": message.id, "conversation_id": self.id, "inbox_id": INBOX, "content": message.text, "private": message.private,
            "message_type": message.writer.kind().0, "content_type": if message.items.is_empty() { "text" } else { "input_select" },
            "content_attributes": attributes, "created_at": seconds(message.at), "source_id": message.source_id, "sender": sender,
        })
    }

    /// Format of a message in webhooks.
    pub(super) fn told(&self, message: &Message, agent: &Value) -> Value {
        let mut told = self.message(message);
        told["message_type"] = json!(message.writer.kind().1);
        told["conversation"] = self.shown(agent);
        told
    }
}

fn seconds(at: Millis) -> i64 {
    at.div_euclid(1_000)
}
