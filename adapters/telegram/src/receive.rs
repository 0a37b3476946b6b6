//! Turns a signed request into events. Pure: bytes in, values out.

use crate::lenient;
use crate::place::Place;
use crate::read_update::{Deletions, Reacted, ReadMessage, Tap};
use lastword_contract::json;
use lastword_contract::{Address, Inbound, InboundKind, Millis, RawRequest, Reaction, Received, Rejected, TextMessage};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use subtle::ConstantTimeEq;
use teloxide::types::{CallbackQuery, ChatMemberKind, ChatMemberUpdated, Update, UpdateKind};

/// Header in which Telegram sends our secret.
pub(crate) const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// Reads one posted update. If no secret is set, every update is refused.
pub(crate) fn receive(secret: Option<&SecretString>, request: &RawRequest) -> Result<Received, Rejected> {
    let secret = secret.ok_or(Rejected::Unsigned("no `webhook_secret` is set for this connection"))?;
    let given = request.headers.get(SECRET_HEADER).ok_or(Rejected::Unsigned("the secret's header is missing"))?;
    if !bool::from(given.as_bytes().ct_eq(secret.expose_secret().as_bytes())) {
        return Err(Rejected::Unsigned("the secret is wrong"));
    }
    let (_, events) = read_update(&request.body).map_err(Rejected::Unreadable)?;
    Ok(Received { events, reply: String::new() })
}

/// Reads one update and its `update_id`. Returns one event, or several for messages that were deleted together. Any update
/// with an ID is accepted, so that it does not block later ones. The error says where parsing stopped, without any content.
pub(crate) fn read_update(raw: &[u8]) -> Result<(u32, Vec<Inbound>), String> {
    // Our own parser first: the ID is enough to store an update, whatever else it contains.
    let numbered = |raw: &[u8]| serde_json::from_slice::<Numbered>(raw);
    let sound = if numbered(raw).is_ok() { Cow::Borrowed(raw) } else { json::repair(raw) };
    let raw = sound.as_ref();
    let Numbered { update_id, .. } = numbered(raw)
        .map_err(|error| format!("not an update: {:?} at line {}, column {}", error.classify(), error.line(), error.column()))?;
    let private = |told: &Deletions| told.private && !told.message_ids.is_empty();
    if let Some(told) = lenient::deletions(raw).filter(private) {
        return Ok((update_id, deleted(update_id, told)));
    }
    let kind = serde_json::from_slice::<Update>(raw).map_or(UpdateKind::Error(Value::Null), |update| update.kind);
    let (what, at) = event_kind(kind, raw);
    Ok((update_id, vec![Inbound { key: format!("u{update_id}"), order: i64::from(update_id), at, kind: what }]))
}

#[derive(Deserialize)]
struct Numbered {
    update_id: u32,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

fn event_kind(kind: UpdateKind, raw: &[u8]) -> (InboundKind, Option<Millis>) {
    match kind {
        UpdateKind::MyChatMember(update) => (membership(&update), Some(update.date.timestamp_millis())),
        UpdateKind::BusinessConnection(connection) => {
            let word = if connection.is_enabled { "business_connection" } else { "business_connection_disabled" };
            (other(word), Some(connection.date.timestamp_millis()))
        }
        UpdateKind::CallbackQuery(query) => (pressed(lenient::tap(raw).unwrap_or_else(|| tap(query))), None),
        // Also for kinds that teloxide does not know or fails to parse.
        _ => said(raw).unwrap_or_else(|| (other(&word(raw)), None)),
    }
}

fn said(raw: &[u8]) -> Option<(InboundKind, Option<Millis>)> {
    let tapped = || lenient::tap(raw).map(|tap| (pressed(tap), None));
    let reacted = || lenient::reaction(raw).map(reacted);
    lenient::message(raw).map(written).or_else(tapped).or_else(reacted)
}

fn tap(query: CallbackQuery) -> Tap {
    let message = query.message.as_ref();
    Tap {
        press_id: query.id.0,
        user: query.from.id.0,
        chat: message.map(|message| message.chat().id.0),
        topic: None,
        via: None,
        message_id: message.map(|message| i64::from(message.id().0)),
        token: query.data,
    }
}

/// A press counts in any chat: a member of a group may acknowledge an alert. Telegram does not send its time.
fn pressed(tap: Tap) -> InboundKind {
    let Some(token) = tap.token else { return other("callback_query_without_data") };
    // A private chat has its user's ID, so the chat of a press without its message is still known.
    let chat = tap.chat.map_or_else(|| tap.user.to_string(), |chat| Place { chat, topic: tap.topic }.to_string());
    let by = Address { chat, user: Some(tap.user.to_string()), via: tap.via };
    InboundKind::Press { token, by, message_id: tap.message_id.map(|id| id.to_string()), press_id: Some(tap.press_id) }
}

fn written(said: ReadMessage) -> (InboundKind, Option<Millis>) {
    let at = said.date.checked_mul(1_000);
    let what = match said {
        ReadMessage { moved: Some((from, to)), .. } => {
            let chat = |id: i64| Address::chat(id.to_string());
            InboundKind::Moved { from: chat(from), to: chat(to) }
        }
        ReadMessage { private: false, .. } => other(if said.edited { "edited_group_message" } else { "group_message" }),
        ReadMessage { by_bot: true, .. } => other("message_by_bot"),
        ReadMessage { user: None, .. } => other("message_without_sender"),
        // The account's owner writes in the same chat; that is not a message of the client. A private chat has the client's ID.
        ReadMessage { user: Some(user), chat, business: true, .. } if i64::try_from(user) != Ok(chat) => other("business_message_by_owner"),
        ReadMessage { text: None, .. } => other("message_without_text"),
        ReadMessage { user: Some(user), text: Some(text), id, chat, via, context, edited, .. } => {
            let by = Address { chat: chat.to_string(), user: Some(user.to_string()), via };
            let message = TextMessage::new(text, by).with_id(id.to_string()).about(context);
            if edited { InboundKind::Edited(message) } else { InboundKind::Text(message) }
        }
    };
    (what, at)
}

/// A reaction answers a question only if a person sends it in their own chat with the bot.
fn reacted(told: Reacted) -> (InboundKind, Option<Millis>) {
    let at = told.date.checked_mul(1_000);
    let what = match told.user {
        _ if !told.private => other("group_reaction"),
        Some(user) if i64::try_from(user) == Ok(told.chat) => InboundKind::Reaction(Reaction {
            by: Address { chat: told.chat.to_string(), user: Some(user.to_string()), via: None },
            message_id: told.message_id.to_string(),
            emoji: told.emoji,
        }),
        Some(_) | None => other("reaction_by_other"),
    };
    (what, at)
}

/// One event per deleted message. Telegram reports neither the time nor the author.
fn deleted(update_id: u32, told: Deletions) -> Vec<Inbound> {
    let event = |id: i64| {
        let by = Address { chat: told.chat.to_string(), user: Some(told.chat.to_string()), via: Some(told.via.clone()) };
        let kind = InboundKind::Deleted { by, message_id: id.to_string() };
        Inbound { key: format!("u{update_id}:{id}"), order: i64::from(update_id), at: None, kind }
    };
    told.message_ids.iter().copied().map(event).collect()
}

/// In a private chat, this update only says if the person blocked us.
fn membership(update: &ChatMemberUpdated) -> InboundKind {
    let reachable = match &update.new_chat_member.kind {
        ChatMemberKind::Banned(_) => false,
        ChatMemberKind::Member(_) => true,
        _ => return other("my_chat_member"),
    };
    if !update.chat.is_private() {
        return other("my_chat_member");
    }
    let by = Address { chat: update.chat.id.0.to_string(), user: Some(update.from.id.0.to_string()), via: None };
    InboundKind::Reachable { by, reachable }
}

fn other(kind: &str) -> InboundKind {
    InboundKind::Other { kind: kind.to_owned() }
}

/// Telegram's name of the update, made safe for logs and tables.
fn word(raw: &[u8]) -> String {
    let key = serde_json::from_slice::<Numbered>(raw).ok().and_then(|update| update.rest.keys().next().cloned());
    let safe = |key: &String| (1..=64).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    key.filter(safe).unwrap_or_else(|| "unknown".to_owned())
}
