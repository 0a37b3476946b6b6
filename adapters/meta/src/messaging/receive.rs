//! Webhooks of a Page or an Instagram account: clients' messages and taps, echoes of our messages, read receipts.

use crate::event::{each, inbound, items, kind_of, number, other, text, word};
use lastword_contract::{Address, Context, DeliveryStatus, Inbound, InboundKind, Millis, Reaction, TextMessage};
use serde_json::Value;

/// After a click on an advertisement the window may last seven days (Meta's policy of 28 September 2026).
const AD_WINDOW: Millis = 7 * 24 * 60 * 60 * 1_000;

/// Events in the request's order. `ours` are the IDs by which webhooks may name us.
pub(crate) fn events(body: &Value, ours: &[String]) -> Vec<Inbound> {
    // Events of an Instagram account that is connected to a Page may have either name; IDs decide.
    if body["object"] != "page" && body["object"] != "instagram" {
        return vec![other("other_object", body, None)];
    }
    let mut events = Vec::new();
    each(body, "entry", &mut events, |entry, events| {
        let before = events.len();
        let entry_at = number(entry, "/time").map(in_millis);
        // Threads that another app controls are in `standby`; a tap counts there too.
        for list in ["messaging", "standby"] {
            each(entry, list, events, |messaging, events| match theirs(messaging, ours) {
                Side::Client(client) => one(messaging, &client, entry_at, events),
                Side::Meta => events.push(other(&from_meta(messaging), messaging, number(messaging, "/timestamp"))),
                Side::Others => events.push(other("other_account", messaging, None)),
            });
        }
        each(entry, "changes", events, |change, events| {
            events.push(other(change["field"].as_str().unwrap_or_default(), change, entry_at));
        });
        if events.len() == before {
            events.push(other("empty_entry", entry, None));
        }
    });
    events
}

/// Instagram used to send the entry's time in seconds.
fn in_millis(time: i64) -> Millis {
    if time.abs() < 100_000_000_000 { time.saturating_mul(1_000) } else { time }
}

/// The other side of an event.
enum Side {
    /// This client; our side is this account.
    Client(String),
    /// Meta itself writes to this account, or does not name the two sides.
    Meta,
    /// The event is between others.
    Others,
}

fn theirs(messaging: &Value, ours: &[String]) -> Side {
    let is_ours = |id: &Option<String>| id.as_ref().is_some_and(|id| ours.contains(id));
    let (sender, recipient) = (word(messaging, "/sender/id"), word(messaging, "/recipient/id"));
    match (sender, recipient) {
        (None, recipient) if recipient.is_none() || is_ours(&recipient) => Side::Meta,
        (Some(sender), recipient) if is_ours(&recipient) && !ours.contains(&sender) => Side::Client(sender),
        (sender, Some(recipient)) if is_ours(&sender) && !ours.contains(&recipient) => Side::Client(recipient),
        _ => Side::Others,
    }
}

/// Kind of a notice from Meta to the account, such as that it may no longer send.
fn from_meta(messaging: &Value) -> String {
    let kind = kind(messaging);
    let action = messaging.get(kind).and_then(|what| what["action"].as_str());
    action.map_or_else(|| kind.to_owned(), |action| format!("{kind}_{action}"))
}

/// One event with its place and time.
struct Event<'a> {
    messaging: &'a Value,
    by: Address,
    /// True if we, or a person or program in our name, wrote it.
    from_us: bool,
    at: Option<Millis>,
}

impl Event<'_> {
    fn inbound(&self, name: &str, what: InboundKind) -> Inbound {
        inbound(name, self.at, what)
    }

    fn other(&self, kind: &str) -> Inbound {
        other(kind, self.messaging, self.at)
    }

    /// The client wrote, or did something that Meta treats the same.
    fn wrote(&self, key: &str, ad: bool) -> Option<Inbound> {
        let at = self.at.filter(|_| !self.from_us)?;
        let window_expires_at = ad.then(|| at.saturating_add(AD_WINDOW));
        Some(self.inbound(&format!("{key}:wrote"), InboundKind::Wrote { by: self.by.clone(), at, window_expires_at }))
    }
}

fn one(messaging: &Value, client: &str, entry_at: Option<Millis>, events: &mut Vec<Inbound>) {
    let from_us = word(messaging, "/sender/id").as_deref() != Some(client);
    let at = number(messaging, "/timestamp").map(in_millis).or(entry_at);
    let event = Event { messaging, by: Address::chat(client), from_us, at };
    let before = events.len();
    if messaging.get("message").is_some() {
        message(&event, events);
    } else if messaging.get("postback").is_some() {
        postback(&event, events);
    } else if messaging.get("messaging_feedback").is_some() {
        feedback(&event, events);
    } else if messaging.get("delivery").is_some() {
        let mids = items(messaging, "/delivery/mids").filter_map(Value::as_str);
        events.extend(mids.map(|mid| status(&event, mid, "delivered", DeliveryStatus::Delivered)));
    } else if messaging.get("read").is_some() {
        // Messenger sends a time instead of messages; a time proves nothing about one message.
        events.extend(word(messaging, "/read/mid").map(|mid| status(&event, &mid, "read", DeliveryStatus::Read)));
    } else if messaging.get("reaction").is_some() {
        reaction(&event, events);
    } else if messaging.get("message_edit").is_some() {
        events.extend(edited(&event));
    } else if messaging.get("referral").is_some() {
        events.extend(event.wrote(&format!("referral:{client}:{}", event.at.unwrap_or(0)), false));
    }
    if events.len() == before {
        events.push(event.other(kind(messaging)));
    }
}

/// Kind of an event, by the field that only this kind has.
fn kind(messaging: &Value) -> &str {
    let common = ["sender", "recipient", "timestamp"];
    let fields = messaging.as_object().into_iter().flat_map(|fields| fields.keys());
    fields.map(String::as_str).find(|field| !common.contains(field)).unwrap_or("empty")
}

fn message(event: &Event<'_>, events: &mut Vec<Inbound>) {
    let message = &event.messaging["message"];
    let Some(mid) = word(message, "/mid") else { return };
    if message["is_echo"] == true || event.from_us {
        return events.extend(echo(event, &mid));
    }
    if message["is_deleted"] == true {
        let deleted = InboundKind::Deleted { by: event.by.clone(), message_id: mid.clone() };
        return events.push(event.inbound(&format!("{mid}:deleted"), deleted));
    }
    let (by, ad) = (event.by.clone(), from_ad(message.get("referral")));
    let said = match word(message, "/quick_reply/payload") {
        Some(token) => Some(InboundKind::Press { token, by, message_id: None, press_id: None }),
        None => text(message, "/text")
            .filter(|text| !text.is_empty())
            .map(|text| InboundKind::Text(TextMessage::new(text, by).with_id(mid.as_str()).about(context(message)))),
    };
    let says_so = matches!(said, Some(InboundKind::Text(_))) && !ad;
    events.extend(said.map(|what| event.inbound(&mid, what)));
    if !says_so {
        events.extend(event.wrote(&mid, ad));
    }
}

/// Context of a text: the message or story that it replies to, the product or advertisement from which the client came, or
/// an attachment. The preview of a link in the text (`fallback`) is not a context.
fn context(message: &Value) -> Context {
    let (reply, referral) = (&message["reply_to"], &message["referral"]);
    let attached = |one: &Value| one["type"] != "fallback";
    if let Some(mid) = word(reply, "/mid") {
        Context::ReplyTo(mid)
    } else if reply["story"].is_object() {
        Context::Elsewhere("story")
    } else if reply.as_object().is_some_and(|fields| !fields.is_empty()) {
        Context::Elsewhere("unnamed_message")
    } else if referral["product"].is_object() {
        Context::Elsewhere("product")
    } else if from_ad(Some(referral)) {
        Context::Elsewhere("advertisement")
    } else if items(message, "/attachments").any(attached) {
        Context::Elsewhere("attachment")
    } else {
        Context::Own
    }
}

/// True if the client came from an advertisement.
fn from_ad(referral: Option<&Value>) -> bool {
    referral.is_some_and(|referral| referral["source"] == "ADS")
}

/// A reaction to a message. It has no ID, so client, message and time form its key.
fn reaction(event: &Event<'_>, events: &mut Vec<Inbound>) {
    let reaction = &event.messaging["reaction"];
    let Some(message_id) = word(reaction, "/mid").filter(|_| !event.from_us) else { return };
    let emoji = match reaction["action"].as_str() {
        Some("react") => Some(emoji(reaction)),
        Some("unreact") => None,
        _ => return,
    };
    let key = format!("reaction:{}:{message_id}:{}", event.by.chat, event.at.unwrap_or(0));
    let (name, opens) = if emoji.is_some() { ("react", true) } else { ("unreact", false) };
    let what = InboundKind::Reaction(Reaction { by: event.by.clone(), message_id, emoji });
    events.push(event.inbound(&format!("{key}:{name}"), what));
    events.extend(event.wrote(&key, false).filter(|_| opens));
}

/// The emoji of a reaction, or the one that matches the platform's name of it.
fn emoji(reaction: &Value) -> String {
    let named = |name: &str| match name {
        "like" => "👍",
        "dislike" => "👎",
        "love" => "❤",
        "smile" => "😆",
        "wow" => "😮",
        "sad" => "😢",
        "angry" => "😠",
        _ => "",
    };
    word(reaction, "/emoji").unwrap_or_else(|| named(reaction["reaction"].as_str().unwrap_or_default()).to_owned())
}

/// The new text of an edited message. Instagram also posts edit number zero for messages that were not changed.
fn edited(event: &Event<'_>) -> Option<Inbound> {
    let edit = event.messaging.get("message_edit").filter(|_| !event.from_us)?;
    let (mid, text) = (word(edit, "/mid")?, text(edit, "/text").filter(|text| !text.is_empty())?);
    let nth = number(edit, "/num_edit").or(event.at).filter(|&nth| nth != 0)?;
    let key = format!("{mid}:edit:{nth}");
    Some(event.inbound(&key, InboundKind::Edited(TextMessage::new(text, event.by.clone()).with_id(mid))))
}

/// A message that was sent in our name. If it contains our key, it proves that our message reached the platform.
fn echo(event: &Event<'_>, mid: &str) -> Option<Inbound> {
    let key = word(&event.messaging["message"], "/metadata");
    Some(match key {
        Some(key) => {
            let what = InboundKind::Status { message_id: Some(mid.to_owned()), key: Some(key), status: DeliveryStatus::Sent };
            event.inbound(&format!("{mid}:echo"), what)
        }
        None => event.inbound(&format!("{mid}:echo"), InboundKind::Other { kind: "message_echo".to_owned() }),
    })
}

fn status(event: &Event<'_>, mid: &str, name: &str, status: DeliveryStatus) -> Inbound {
    event.inbound(&format!("{mid}:{name}"), InboundKind::Status { message_id: Some(mid.to_owned()), key: None, status })
}

/// A tap on a permanent button. In a thread of another app Meta omits the payload.
fn postback(event: &Event<'_>, events: &mut Vec<Inbound>) {
    let postback = &event.messaging["postback"];
    let by_time = || format!("postback:{}:{}", event.by.chat, event.at.unwrap_or(0));
    let key = word(postback, "/mid").unwrap_or_else(by_time);
    let press = |token| InboundKind::Press { token, by: event.by.clone(), message_id: None, press_id: None };
    events.extend(word(postback, "/payload").map(|token| event.inbound(&key, press(token))));
    events.extend(event.wrote(&key, from_ad(postback.get("referral"))));
}

/// A filled-in customer-feedback form. It has no ID, so client and question form its key.
fn feedback(event: &Event<'_>, events: &mut Vec<Inbound>) {
    for screen in items(event.messaging, "/messaging_feedback/feedback_screens") {
        for (token, answer) in screen["questions"].as_object().into_iter().flatten() {
            let key = format!("feedback:{}:{token}", event.by.chat);
            let score = number(answer, "/payload").and_then(|score| u8::try_from(score).ok());
            let what = match (answer["type"].as_str(), score) {
                (Some("csat"), Some(score)) => {
                    let comment = text(answer, "/follow_up/payload").filter(|comment| !comment.trim().is_empty());
                    InboundKind::Form { token: token.clone(), by: event.by.clone(), score, comment }
                }
                (kind, _) => InboundKind::Other { kind: kind_of(&format!("feedback_{}", kind.unwrap_or_default())) },
            };
            events.push(event.inbound(&key, what));
        }
    }
}
