//! Webhooks of a WhatsApp number: clients' messages and taps, statuses of our messages, changed numbers.

use super::message::is_scoped_id;
use crate::error;
use crate::event::{each, inbound, items, kind_of, number, other, text, unreadable, word};
use lastword_contract::{Address, Context, DeliveryStatus, Inbound, InboundKind, Millis, Reaction, TextMessage};
use serde_json::Value;

/// Events in the request's order. `ours` is the ID of our phone number.
pub(super) fn events(body: &Value, ours: &str) -> Vec<Inbound> {
    if body["object"] != "whatsapp_business_account" {
        return vec![other("other_object", body, None)];
    }
    let mut events = Vec::new();
    each(body, "entry", &mut events, |entry, events| {
        let before = events.len();
        each(entry, "changes", events, |change, events| self::change(change, ours, events));
        if events.len() == before {
            events.push(other("empty_entry", entry, None));
        }
    });
    events
}

fn change(change: &Value, ours: &str, events: &mut Vec<Inbound>) {
    let (field, value) = (change["field"].as_str().unwrap_or_default(), &change["value"]);
    let before = events.len();
    match field {
        // One app may serve several numbers, all of which post to one address.
        "messages" if word(value, "/metadata/phone_number_id").as_deref() != Some(ours) => {
            events.push(other("other_number", change, None));
        }
        "messages" => {
            each(value, "messages", events, |message, events| self::message(message, value, events));
            each(value, "statuses", events, |status, events| events.push(self::status(status)));
            each(value, "errors", events, |error, events| events.push(other("errors", error, None)));
        }
        "user_id_update" => each(value, "user_id_update", events, |update, events| events.push(renamed(update))),
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

/// One message of a client: its meaning and, unless that implies it, the fact that the client wrote.
fn message(message: &Value, value: &Value, events: &mut Vec<Inbound>) {
    let (kind, at) = (message["type"].as_str().unwrap_or("untyped"), at(message));
    let Some(id) = word(message, "/id") else { return events.push(unreadable("messages", message)) };
    if kind == "system" {
        return events.push(system(message, id, at));
    }
    // Messages in groups are not part of a conversation.
    let by = sender(message, value).filter(|_| word(message, "/group_id").is_none());
    let Some(by) = by else { return events.push(inbound(&id, at, InboundKind::Other { kind: kind_of(kind) })) };
    let what = match kind {
        "reaction" => reaction(message, &by),
        "edit" => edited(message, &by),
        "revoke" => word(message, "/revoke/original_message_id").map(|message_id| InboundKind::Deleted { by: by.clone(), message_id }),
        _ => said(kind, message, &id, &by),
    };
    let told = matches!(what, Some(InboundKind::Text(_)));
    let before = events.len();
    events.extend(what.map(|what| inbound(&id, at, what)));
    if let Some(at) = at.filter(|_| !told && opens_the_window(kind, message)) {
        events.push(inbound(&format!("{id}:wrote"), Some(at), InboundKind::Wrote { by, at, window_expires_at: None }));
    }
    if events.len() == before {
        events.push(inbound(&id, at, InboundKind::Other { kind: kind_of(&named(kind, message)) }));
    }
}

/// The platform's name of a message; for an unsupported message, also its original kind.
fn named(kind: &str, message: &Value) -> String {
    match message.pointer("/unsupported/type").and_then(Value::as_str) {
        Some(carried) if kind == "unsupported" => format!("unsupported_{carried}"),
        _ => kind.to_owned(),
    }
}

/// False for an opened chat without a message, a removed reaction, and a deleted or edited message: they do not open the
/// window. If the platform does not support the edit of a message, it posts the edit as `unsupported`.
fn opens_the_window(kind: &str, message: &Value) -> bool {
    match kind {
        "request_welcome" | "revoke" | "edit" => false,
        "reaction" => word(message, "/reaction/emoji").is_some(),
        "unsupported" => !matches!(message.pointer("/unsupported/type").and_then(Value::as_str), Some("edit" | "revoke")),
        _ => true,
    }
}

/// An emoji on a message; without one the reaction was removed.
fn reaction(message: &Value, by: &Address) -> Option<InboundKind> {
    let message_id = word(message, "/reaction/message_id")?;
    Some(InboundKind::Reaction(Reaction { by: by.clone(), message_id, emoji: word(message, "/reaction/emoji") }))
}

/// The new text or caption of an edited message. Posted only for numbers that are also used in the Business app.
fn edited(message: &Value, by: &Address) -> Option<InboundKind> {
    let (original, now) = (word(message, "/edit/original_message_id")?, message.pointer("/edit/message")?);
    let text = words(now["type"].as_str().unwrap_or("text"), now)?;
    // Here the context has the name of a context (`M` and a number) instead of a message's ID, as Meta's own example shows.
    let answers = word(now, "/context/id").filter(|id| id.starts_with("wamid."));
    Some(InboundKind::Edited(TextMessage::new(text, by.clone()).with_id(original).about(answers.into())))
}

/// The answer in a message, if any: a tap or a text.
fn said(kind: &str, message: &Value, id: &str, by: &Address) -> Option<InboundKind> {
    let pressed = match (kind, message.pointer("/interactive/type").and_then(Value::as_str)) {
        ("interactive", Some("button_reply")) => word(message, "/interactive/button_reply/id"),
        ("interactive", Some("list_reply")) => word(message, "/interactive/list_reply/id"),
        ("button", _) => word(message, "/button/payload"),
        _ => None,
    };
    if let Some(token) = pressed {
        return Some(InboundKind::Press { token, by: by.clone(), message_id: word(message, "/context/id"), press_id: None });
    }
    let text = words(kind, message)?;
    Some(InboundKind::Text(TextMessage::new(text, by.clone()).with_id(id).about(context(kind, message))))
}

/// The text of a message.
fn words(kind: &str, message: &Value) -> Option<String> {
    let text = match kind {
        "text" => text(message, "/text/body"),
        "image" | "video" | "document" => text(message, &format!("/{kind}/caption")),
        // A template's button without our payload has only its label.
        "button" => text(message, "/button/text"),
        _ => None,
    };
    text.filter(|text| !text.is_empty())
}

/// Context of a text. A forwarded text is not the client's own, a text with a product or advertisement is about it, and a
/// caption belongs to its image.
fn context(kind: &str, message: &Value) -> Context {
    let context = &message["context"];
    let says = |said: &&Value| !matches!(said, Value::Null | Value::Bool(false)) && said.as_str() != Some("");
    if context["referred_product"].is_object() {
        Context::Elsewhere("product")
    } else if context["forwarded"] == true || context["frequently_forwarded"] == true {
        Context::Elsewhere("forwarded")
    } else if let Some(id) = word(context, "/id") {
        Context::ReplyTo(id)
    } else if context.as_object().is_some_and(|fields| fields.values().any(|said| says(&said))) {
        Context::Elsewhere("unnamed_message")
    } else if message["referral"].is_object() {
        Context::Elsewhere("advertisement")
    } else if matches!(kind, "image" | "video" | "document") {
        Context::Elsewhere("media")
    } else {
        Context::Own
    }
}

/// The sender: the phone number if known, otherwise the business-scoped ID.
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

/// A changed number or business-scoped ID of a person.
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
            inbound(&id, at, InboundKind::Moved { from: Address::chat(from), to })
        }
        None => inbound(&id, at, InboundKind::Other { kind: kind_of(kind) }),
    }
}

/// Reads the old ID from "User Ann changed from US.1 to US.2" if no field has it.
fn old_id_in(body: &str, new: Option<&str>) -> Option<String> {
    body.split_whitespace().find(|word| is_scoped_id(word) && Some(*word) != new).map(str::to_owned)
}

/// The field `user_id_update`: a business-scoped ID was replaced with another.
fn renamed(update: &Value) -> Inbound {
    let at = at(update);
    let ids = word(update, "/user_id/previous").zip(word(update, "/user_id/current"));
    match ids.filter(|(from, to)| from != to && is_scoped_id(from) && is_scoped_id(to)) {
        Some((from, to)) => {
            inbound(&format!("user_id_update:{from}:{to}"), at, InboundKind::Moved { from: Address::chat(from), to: Address::chat(to) })
        }
        None => other("user_id_update", update, at),
    }
}

/// Status of a message of ours.
fn status(status: &Value) -> Inbound {
    let (id, at) = (word(status, "/id"), at(status));
    let to = Address { chat: word(status, "/recipient_id").unwrap_or_default(), user: word(status, "/recipient_user_id"), via: None };
    let name = status["status"].as_str().unwrap_or("untyped");
    let became = match name {
        "sent" => Some(DeliveryStatus::Sent),
        "delivered" => Some(DeliveryStatus::Delivered),
        // Voice messages are played instead of read.
        "read" | "played" => Some(DeliveryStatus::Read),
        "failed" => Some(DeliveryStatus::Failed(error::of_status(status.pointer("/errors/0"), &to))),
        _ => None,
    };
    match (id, became) {
        (Some(id), Some(became)) => {
            let key = word(status, "/biz_opaque_callback_data");
            inbound(&format!("{id}:{name}"), at, InboundKind::Status { message_id: Some(id), key, status: became })
        }
        _ => other(&format!("status_{name}"), status, at),
    }
}
