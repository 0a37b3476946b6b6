//! Turns a webhook into desk events. Pure: what a webhook does not contain is read later.

use lastword_contract::json;
use lastword_contract::{Address, Chat, DeskEvent, DeskEventKind, Heard, Means, Millis, Person, RawRequest, Reach, Rejected};
use serde_json::Value;
use std::collections::BTreeMap;

/// Chatwoot's job records who closed a moment after the close.
const READ_AFTER: Millis = 3_000;

/// Prefix of events of automation rules.
const BY_RULE: &str = "automation_event.";
/// Parses the body of a webhook.
///
/// # Errors
/// [`Rejected::Unreadable`] if it cannot be parsed.
pub(crate) fn body(request: &RawRequest) -> Result<Value, Rejected> {
    let body = json::read(&request.body).map_err(|error| Rejected::Unreadable(format!("the body is no JSON: {error}")))?.value;
    if body["event"].is_string() { Ok(body) } else { Err(Rejected::Unreadable("no event is named".to_owned())) }
}

/// Events of conversations.
pub(crate) fn events(body: &Value, received_at: Millis) -> Heard {
    let event = body["event"].as_str().unwrap_or_default();
    let happened = match event {
        "conversation_created" => opened(body, received_at),
        "conversation_status_changed" => status(body, received_at),
        "conversation_updated" => updated(body, received_at),
        // An automation rule that posts to us sends the conversation as it is.
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
    // A conversation created for a blocked contact is resolved from the start: ignore it.
    if body["status"] == "resolved" {
        return None;
    }
    let at = seconds(&body["created_at"]).unwrap_or(received_at);
    Some(DeskEvent::new(format!("opened:{session}"), at, session, DeskEventKind::Opened(Box::new(chat(body)))))
}

/// The status in the body is that of the time when the webhook was built, not of the event, so the conversation is read again.
fn status(body: &Value, received_at: Millis) -> Option<DeskEvent> {
    let session = json::id(&body["id"])?;
    // Without the time of its last change (releases before 4), the only time is that of its last message, which may be hours old.
    let at = seconds(&body["updated_at"]).unwrap_or(received_at);
    let status = body["status"].as_str().unwrap_or("unknown");
    Some(DeskEvent::new(format!("status:{session}:{status}:{at}"), at, session, DeskEventKind::Changed { read_after: READ_AFTER }))
}

/// Other changes of a conversation, for example labels and attributes, including our own. Only those of status and assignee are used.
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

/// Time of the last change of the conversation. An event with an earlier time was overtaken.
fn changed_at(body: &Value) -> Option<Millis> {
    seconds(&body["updated_at"]).or_else(|| seconds(&body["timestamp"]))
}

/// Time of the last message or activity. Older releases only have `timestamp`.
pub(crate) fn last_activity_at(conversation: &Value) -> Option<Millis> {
    seconds(&conversation["last_activity_at"]).or_else(|| seconds(&conversation["timestamp"]))
}

/// Name of a person.
pub(crate) fn name(value: &Value) -> Option<String> {
    json::name(value)
}

/// The fields of a conversation that webhooks and the API share.
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

/// Custom attributes defined by an admin of Chatwoot: texts, numbers and checkboxes.
fn fields(attributes: &Value) -> BTreeMap<String, String> {
    let value = |value: &Value| match value {
        Value::Bool(ticked) => Some(if *ticked { "yes" } else { "no" }.to_owned()),
        other => json::text(other).or_else(|| json::id(other)),
    };
    attributes.as_object().into_iter().flatten().filter_map(|(name, of)| Some((name.clone(), value(of)?))).collect()
}

/// The assignee: a person or a bot.
pub(crate) fn assignee(meta: &Value) -> Option<Person> {
    let one = &meta["assignee"];
    let id = json::id(&one["id"])?;
    let kind = meta["assignee_type"].as_str().or_else(|| one["type"].as_str()).unwrap_or_default();
    let program = matches!(kind, "AgentBot" | "agent_bot" | "Captain::Assistant" | "captain_assistant");
    Some(Person { id: if program { format!("bot-{id}") } else { id }, name: name(&one["name"]), program })
}

/// The type of a message is a string in webhooks and a number in the API.
pub(crate) fn is_incoming(kind: &Value) -> bool {
    *kind == "incoming" || *kind == 0
}

/// Parses seconds since 1970, whole or fractional.
pub(crate) fn seconds(value: &Value) -> Option<Millis> {
    let seconds = value.as_f64().filter(|seconds| (1.0..253_402_300_800.0).contains(seconds))?;
    Some((seconds * 1_000.0).round() as Millis)
}
