//! What Meta posts for a WhatsApp number: clients' messages and taps, what became of ours, numbers that changed.

use super::message::is_scoped_id;
use crate::error;
use crate::event::{items, kind_of, number, other, text, word};
use lastword_contract::{Address, DeliveryStatus, Inbound, InboundKind, Millis, TextMessage};
use serde_json::Value;

/// What happened, in the request's order. `ours` is the id of our phone number.
pub(super) fn events(body: &Value, ours: &str) -> Vec<Inbound> {
    if body["object"] != "whatsapp_business_account" {
        return vec![other("other_object", body, None)];
    }
    let mut events = Vec::new();
    for entry in items(body, "/entry") {
        let before = events.len();
        for change in items(entry, "/changes") {
            self::change(change, ours, &mut events);
        }
        if events.len() == before {
            events.push(other("empty_entry", entry, None));
        }
    }
    events
}

fn change(change: &Value, ours: &str, events: &mut Vec<Inbound>) {
    let (field, value) = (change["field"].as_str().unwrap_or_default(), &change["value"]);
    let before = events.len();
    match field {
        // One app may serve several numbers, and all post to one address.
        "messages" if word(value, "/metadata/phone_number_id").as_deref() != Some(ours) => {
            events.push(other("other_number", change, None));
        }
        "messages" => {
            items(value, "/messages").for_each(|message| self::message(message, value, events));
            events.extend(items(value, "/statuses").map(status));
            events.extend(items(value, "/errors").map(|error| other("errors", error, None)));
        }
        "user_id_update" => events.extend(items(value, "/user_id_update").map(renamed)),
        _ => {}
    }
    if events.len() == before {
        events.push(other(field, change, None));
    }
}

/// Unix seconds, as text.
fn at(value: &Value) -> Option<Millis> {
    number(value, "/timestamp")?.checked_mul(1_000)
}

fn inbound(key: String, at: Option<Millis>, what: InboundKind) -> Inbound {
    Inbound { key, order: at.unwrap_or(0), at, kind: what }
}

/// One message of a client's: what it means and, unless that says it already, that the client wrote.
fn message(message: &Value, value: &Value, events: &mut Vec<Inbound>) {
    let (kind, at) = (message["type"].as_str().unwrap_or("untyped"), at(message));
    let Some(id) = word(message, "/id") else { return events.push(other(kind, message, at)) };
    if kind == "system" {
        return events.push(system(message, id, at));
    }
    let by = sender(message, value);
    // Groups are nobody's conversation; a first "hello" screen, a reaction taken back, a message deleted or changed
    // afterwards are no messages, and open no window.
    let silent =
        matches!(kind, "request_welcome" | "revoke" | "edit") || (kind == "reaction" && word(message, "/reaction/emoji").is_none());
    let Some(by) = by.filter(|_| message.get("group_id").is_none() && !silent) else {
        return events.push(inbound(id, at, InboundKind::Other { kind: kind_of(kind) }));
    };
    let before = events.len();
    if let Some(what) = said(kind, message, &by) {
        events.push(inbound(id.clone(), at, what));
    }
    let told = events[before..].iter().any(|event| matches!(event.kind, InboundKind::Text(_)));
    if let Some(at) = at.filter(|_| !told) {
        events.push(inbound(format!("{id}:wrote"), Some(at), InboundKind::Wrote { by, at, window_expires_at: None }));
    }
    if events.len() == before {
        events.push(inbound(id, at, InboundKind::Other { kind: kind_of(kind) }));
    }
}

/// What a message says to us, if anything: a tap, or a text.
fn said(kind: &str, message: &Value, by: &Address) -> Option<InboundKind> {
    let by = by.clone();
    let answers = word(message, "/context/id");
    let press = |token: Option<String>| token.map(|token| (token, answers.clone()));
    let pressed = match (kind, message.pointer("/interactive/type").and_then(Value::as_str)) {
        ("interactive", Some("button_reply")) => press(word(message, "/interactive/button_reply/id")),
        ("interactive", Some("list_reply")) => press(word(message, "/interactive/list_reply/id")),
        ("button", _) => press(word(message, "/button/payload")),
        _ => None,
    };
    if let Some((token, message_id)) = pressed.clone() {
        return Some(InboundKind::Press { token, by, message_id, press_id: None });
    }
    let text = match kind {
        "text" => text(message, "/text/body"),
        "image" | "video" | "document" => text(message, &format!("/{kind}/caption")),
        // A template's button without a payload of ours: what stood on it is all there is.
        "button" => text(message, "/button/text"),
        _ => None,
    };
    text.filter(|text| !text.is_empty()).map(|text| InboundKind::Text(TextMessage::new(text, by).about(answers.into())))
}

/// Who wrote. The number is the chat's name where it is known, the business-scoped id where it is not.
fn sender(message: &Value, value: &Value) -> Option<Address> {
    let contact = |path: &str| word(value, &format!("/contacts/0{path}")).filter(|_| items(value, "/contacts").count() == 1);
    let scoped = word(message, "/from_user_id").or_else(|| contact("/user_id")).filter(|id| is_scoped_id(id));
    let number = word(message, "/from").filter(|from| !is_scoped_id(from)).or_else(|| contact("/wa_id"));
    match (number, scoped) {
        (Some(number), scoped) => Some(Address { chat: number, user: scoped, via: None }),
        (None, Some(scoped)) => Some(Address { chat: scoped.clone(), user: Some(scoped), via: None }),
        (None, None) => None,
    }
}

/// Somebody's number or business-scoped id changed.
fn system(message: &Value, id: String, at: Option<Millis>) -> Inbound {
    let kind = message.pointer("/system/type").and_then(Value::as_str).unwrap_or("system");
    let new_id = word(message, "/system/user_id").filter(|id| is_scoped_id(id));
    let moved = match kind {
        "user_changed_number" => word(message, "/from").zip(word(message, "/system/wa_id").or_else(|| word(message, "/system/new_wa_id"))),
        "user_changed_user_id" => {
            let named = word(message, "/system/previous_user_id").or_else(|| word(message, "/from_user_id"));
            let old = named.or_else(|| old_id_in(&text(message, "/system/body").unwrap_or_default(), new_id.as_deref()));
            old.zip(new_id.clone())
        }
        _ => None,
    };
    match moved.filter(|(from, to)| from != to) {
        Some((from, to)) => {
            let to = Address { user: new_id.filter(|id| *id != to), ..Address::chat(to) };
            inbound(id, at, InboundKind::Moved { from: Address::chat(from), to })
        }
        None => inbound(id, at, InboundKind::Other { kind: kind_of(kind) }),
    }
}

/// "User Ann changed from US.1 to US.2": the old id, where no field names it.
fn old_id_in(body: &str, new: Option<&str>) -> Option<String> {
    body.split_whitespace().find(|word| is_scoped_id(word) && Some(*word) != new).map(str::to_owned)
}

/// The field `user_id_update`: a business-scoped id gave way to another.
fn renamed(update: &Value) -> Inbound {
    let at = at(update);
    let ids = word(update, "/user_id/previous").zip(word(update, "/user_id/current"));
    match ids.filter(|(from, to)| from != to && is_scoped_id(from) && is_scoped_id(to)) {
        Some((from, to)) => {
            inbound(format!("user_id_update:{from}:{to}"), at, InboundKind::Moved { from: Address::chat(from), to: Address::chat(to) })
        }
        None => other("user_id_update", update, at),
    }
}

/// What became of a message of ours.
fn status(status: &Value) -> Inbound {
    let (id, at) = (word(status, "/id"), at(status));
    let to = Address { chat: word(status, "/recipient_id").unwrap_or_default(), user: word(status, "/recipient_user_id"), via: None };
    let name = status["status"].as_str().unwrap_or("untyped");
    let became = match name {
        "sent" => Some(DeliveryStatus::Sent),
        "delivered" => Some(DeliveryStatus::Delivered),
        // Voice messages are played where others are read.
        "read" | "played" => Some(DeliveryStatus::Read),
        "failed" => Some(DeliveryStatus::Failed(error::of_status(status.pointer("/errors/0"), &to))),
        _ => None,
    };
    match (id, became) {
        (Some(id), Some(became)) => {
            let key = word(status, "/biz_opaque_callback_data");
            inbound(format!("{id}:{name}"), at, InboundKind::Status { message_id: Some(id), key, status: became })
        }
        _ => other(&format!("status_{name}"), status, at),
    }
}
