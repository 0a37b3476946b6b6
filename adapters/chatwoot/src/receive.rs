//! A webhook as events of the desk. Pure: what a webhook does not say is read later.

use lastword_contract::json;
use lastword_contract::{Address, Chat, DeskEvent, DeskEventKind, Heard, Means, Millis, Person, RawRequest, Reach, Rejected};
use serde_json::Value;
use std::collections::BTreeMap;

/// Who closed is written down by a job, a moment after the close.
const READ_AFTER: Millis = 3_000;

/// What the events of automation rules begin with.
const BY_RULE: &str = "automation_event.";
/// The body of a webhook.
///
/// # Errors
/// [`Rejected::Unreadable`] where it is none.
pub(crate) fn body(request: &RawRequest) -> Result<Value, Rejected> {
    let body = json::read(&request.body).map_err(|error| Rejected::Unreadable(format!("the body is no JSON: {error}")))?.value;
    if body["event"].is_string() { Ok(body) } else { Err(Rejected::Unreadable("no event is named".to_owned())) }
}

/// What happened to conversations.
pub(crate) fn events(body: &Value, received_at: Millis) -> Heard {
    let event = body["event"].as_str().unwrap_or_default();
    let happened = match event {
        "conversation_created" => opened(body, received_at),
        "conversation_status_changed" => status(body, received_at),
        "conversation_updated" => updated(body, received_at),
        // A rule of an admin's that posts to us brings a conversation as it is.
        rule if rule.strip_prefix(BY_RULE).is_some_and(|event| event != "message_created") => status(body, received_at),
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
    // Without the time of its last change (releases before 4), a conversation names its last message, which may be hours old.
    let at = seconds(&body["updated_at"]).unwrap_or(received_at);
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
    let name = if json::id(&named["id"]).as_deref() == Some(&to) { name(&named["name"]) } else { None };
    let operator = Some(Person { id: to.clone(), name, program: false });
    Some(DeskEvent::new(format!("assignee:{session}:{to}:{at}"), at, session, DeskEventKind::Reassigned { operator, queue: None }))
}

/// When the conversation last changed. A time before its last change is of an event that was overtaken.
fn changed_at(body: &Value) -> Option<Millis> {
    seconds(&body["updated_at"]).or_else(|| seconds(&body["timestamp"]))
}

/// When the last message or activity was written. Older releases name it `timestamp` alone.
pub(crate) fn last_activity_at(conversation: &Value) -> Option<Millis> {
    seconds(&conversation["last_activity_at"]).or_else(|| seconds(&conversation["timestamp"]))
}

/// The name of a person.
pub(crate) fn name(value: &Value) -> Option<String> {
    json::name(value)
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
    reach.extend(json::text(&client["phone_number"]).map(|phone| Reach { by: Means::Phone, address: Address::chat(phone) }));
    Chat {
        queue: json::id(&conversation["inbox_id"]),
        operator: assignee(meta),
        client: json::id(&client["id"]),
        client_name: name(&client["name"]),
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
    Some(Person { id: if program { format!("bot-{id}") } else { id }, name: name(&one["name"]), program })
}

/// A message's type is a word in webhooks and a number in the API.
pub(crate) fn is_incoming(kind: &Value) -> bool {
    *kind == "incoming" || *kind == 0
}

/// Seconds since 1970, whole or not.
pub(crate) fn seconds(value: &Value) -> Option<Millis> {
    let seconds = value.as_f64().filter(|seconds| (1.0..253_402_300_800.0).contains(seconds))?;
    Some((seconds * 1_000.0).round() as Millis)
}
