//! A webhook as events of the desk, and as answers of clients. Pure: what a webhook does not say is read later.

use lastword_contract::json;
use lastword_contract::{
    Address, Chat, DeskEvent, DeskEventKind, Heard, Inbound, InboundKind, Means, Millis, Person, RawRequest, Reach, TextMessage,
};
use lastword_contract::{Received, Rejected};
use serde_json::Value;
use std::collections::BTreeMap;

/// Who closed is written down by a job, a moment after the close.
const READ_AFTER: Millis = 3_000;

/// The body of a webhook.
///
/// # Errors
/// [`Rejected::Unreadable`] where it is none.
pub(crate) fn body(request: &RawRequest) -> Result<Value, Rejected> {
    let body: Value =
        serde_json::from_slice(&request.body).map_err(|error| Rejected::Unreadable(format!("the body is no JSON: {error}")))?;
    if body["event"].is_string() { Ok(body) } else { Err(Rejected::Unreadable("no event is named".to_owned())) }
}

/// What happened to conversations.
pub(crate) fn events(body: &Value, received_at: Millis) -> Heard {
    let event = body["event"].as_str().unwrap_or_default();
    let happened = match event {
        "conversation_created" => opened(body, received_at),
        "conversation_status_changed" => status(body, received_at),
        "conversation_updated" => updated(body, received_at),
        _ => None,
    };
    let other = || {
        let id = json::id(&body["id"]).unwrap_or_default();
        let session = json::id(&body["conversation"]["id"]).unwrap_or_else(|| id.clone());
        let at = changed_at(body).or_else(|| seconds(&body["created_at"])).unwrap_or(received_at);
        DeskEvent::new(format!("{event}:{id}:{at}"), at, session, DeskEventKind::Other { kind: event.to_owned() })
    };
    Heard { events: vec![happened.unwrap_or_else(other)], reply: String::new() }
}

fn opened(body: &Value, received_at: Millis) -> Option<DeskEvent> {
    let session = json::id(&body["id"])?;
    // One made for a blocked contact is resolved from the start: no conversation.
    if body["status"] == "resolved" {
        return None;
    }
    let at = seconds(&body["created_at"]).unwrap_or(received_at);
    Some(DeskEvent::new(format!("opened:{session}"), at, session, DeskEventKind::Opened(Box::new(chat(body)))))
}

/// The status in the body is that of the moment when the webhook was made, not of the event: the conversation is read again.
fn status(body: &Value, received_at: Millis) -> Option<DeskEvent> {
    let session = json::id(&body["id"])?;
    let at = changed_at(body).unwrap_or(received_at);
    let status = body["status"].as_str().unwrap_or("unknown");
    Some(DeskEvent::new(format!("status:{session}:{status}:{at}"), at, session, DeskEventKind::Changed { read_after: READ_AFTER }))
}

/// Everything else about a conversation: labels, attributes, ours among them. Only a status and an assignee mean anything.
fn updated(body: &Value, received_at: Millis) -> Option<DeskEvent> {
    let changed = |name: &str| body["changed_attributes"].as_array().into_iter().flatten().find_map(|change| change.get(name));
    if changed("status").is_some() {
        return status(body, received_at);
    }
    let assignee = changed("assignee_id")?;
    let session = json::id(&body["id"])?;
    let at = changed_at(body).unwrap_or(received_at);
    let to = json::id(&assignee["current_value"])?;
    let named = &body["meta"]["assignee"];
    let name = if json::id(&named["id"]).as_deref() == Some(&to) { json::text(&named["name"]) } else { None };
    let operator = Some(Person { id: to.clone(), name, program: false });
    Some(DeskEvent::new(format!("assignee:{session}:{to}:{at}"), at, session, DeskEventKind::Reassigned { operator, queue: None }))
}

/// When the conversation last changed. A time before its last change is of an event that was overtaken.
fn changed_at(body: &Value) -> Option<Millis> {
    seconds(&body["updated_at"]).or_else(|| seconds(&body["timestamp"]))
}

/// A conversation as webhooks and the API give it, as far as both do.
pub(crate) fn chat(conversation: &Value) -> Chat {
    let (meta, more) = (&conversation["meta"], &conversation["additional_attributes"]);
    let client = &meta["sender"];
    let mut reach = Vec::new();
    if let Some(id) = json::id(&conversation["id"]) {
        reach.push(Reach { by: Means::Desk, address: Address::chat(id) });
    }
    let messenger = json::id(&more["chat_id"]).or_else(|| json::text(&conversation["contact_inbox"]["source_id"]));
    reach.extend(messenger.map(|chat| Reach { by: Means::Messenger, address: Address::chat(chat) }));
    reach.extend(json::text(&client["email"]).map(|mail| Reach { by: Means::Email, address: Address::chat(mail) }));
    let phone = json::text(&client["phone_number"]).map(|phone| phone.trim_start_matches('+').to_owned());
    reach.extend(phone.map(|phone| Reach { by: Means::Phone, address: Address::chat(phone) }));
    Chat {
        queue: json::id(&conversation["inbox_id"]),
        operator: assignee(meta),
        client: json::id(&client["id"]),
        client_name: json::text(&client["name"]),
        language: json::text(&more["conversation_language"]).or_else(|| json::text(&more["browser_language"])),
        reach,
        opened_at: seconds(&conversation["created_at"]),
        labels: conversation["labels"].as_array().into_iter().flatten().filter_map(json::text).collect(),
        fields: fields(&conversation["custom_attributes"]),
        ..Chat::default()
    }
}

/// Attributes that an admin of Chatwoot made: texts, numbers and ticks.
fn fields(attributes: &Value) -> BTreeMap<String, String> {
    let value = |value: &Value| match value {
        Value::Bool(ticked) => Some(if *ticked { "yes" } else { "no" }.to_owned()),
        other => json::text(other).or_else(|| json::id(other)),
    };
    attributes.as_object().into_iter().flatten().filter_map(|(name, of)| Some((name.clone(), value(of)?))).collect()
}

/// Who is responsible: a person, or the bot that is assigned.
pub(crate) fn assignee(meta: &Value) -> Option<Person> {
    let one = &meta["assignee"];
    let id = json::id(&one["id"])?;
    let kind = meta["assignee_type"].as_str().or_else(|| one["type"].as_str()).unwrap_or_default();
    let program = matches!(kind, "AgentBot" | "agent_bot" | "Captain::Assistant" | "captain_assistant");
    Some(Person { id: if program { format!("bot-{id}") } else { id }, name: json::text(&one["name"]), program })
}

/// What clients wrote and tapped in Chatwoot's own chats.
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
    let at = message_time(&body["created_at"]);
    match event {
        "message_created" if is_incoming(&body["message_type"]) && body["private"] != true => {
            let text = body["content"].as_str().unwrap_or_default().to_owned();
            let reply_to = json::id(&body["content_attributes"]["in_reply_to"]);
            let what = if text.is_empty() {
                other("message without text")
            } else {
                InboundKind::Text(TextMessage::new(text, by).about(reply_to.into()))
            };
            one(format!("message:{id}"), order, at, what)
        }
        "message_updated" => {
            let submitted = body["content_attributes"]["submitted_values"].as_array().into_iter().flatten();
            let token = submitted.filter_map(|value| value["value"].as_str()).next();
            match token {
                Some(token) if body["content_type"] == "input_select" => {
                    let what = InboundKind::Press { token: token.to_owned(), by, message_id: Some(id.clone()), press_id: None };
                    one(format!("submitted:{id}:{token}"), order, None, what)
                }
                _ => one(format!("updated:{id}"), order, None, other(event)),
            }
        }
        _ => one(format!("{event}:{id}"), order, None, other(event)),
    }
}

fn one(key: String, order: i64, at: Option<Millis>, what: InboundKind) -> Received {
    Received { events: vec![Inbound { key, order, at, kind: what }], reply: String::new() }
}

/// A message's type is a word in webhooks and a number in the API.
pub(crate) fn is_incoming(kind: &Value) -> bool {
    *kind == "incoming" || *kind == 0
}

/// Webhooks about messages give ISO times, older ones seconds: only the latter are taken without a calendar.
fn message_time(value: &Value) -> Option<Millis> {
    seconds(value)
}

/// Seconds since 1970, whole or not.
pub(crate) fn seconds(value: &Value) -> Option<Millis> {
    let seconds = value.as_f64().filter(|seconds| (1.0..253_402_300_800.0).contains(seconds))?;
    Some((seconds * 1_000.0).round() as Millis)
}
