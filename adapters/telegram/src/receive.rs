//! A signed request as events: pure, bytes in and values out.

use crate::lenient;
use lastword_contract::{Address, Inbound, InboundKind, Millis, RawRequest, Received, Rejected, TextMessage};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value};
use subtle::ConstantTimeEq;
use teloxide::types::{CallbackQuery, ChatMemberKind, ChatMemberUpdated, Message, MessageKind, Update, UpdateKind};

/// The header in which Telegram sends our own secret back.
pub(crate) const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// Reads one posted update. Without a secret nothing is taken: an open door is worse than a closed one.
pub(crate) fn receive(secret: Option<&SecretString>, request: &RawRequest) -> Result<Received, Rejected> {
    let secret = secret.ok_or(Rejected::Unsigned("no `webhook_secret` is set for this connection"))?;
    let given = request.headers.get(SECRET_HEADER).ok_or(Rejected::Unsigned("the secret's header is missing"))?;
    if !bool::from(given.as_bytes().ct_eq(secret.expose_secret().as_bytes())) {
        return Err(Rejected::Unsigned("the secret is wrong"));
    }
    let (_, event) = read_update(&request.body).map_err(Rejected::Unreadable)?;
    Ok(Received { events: vec![event], reply: String::new() })
}

/// Reads one update and its `update_id`. Whatever has a number is kept, so it never blocks those behind it; the error
/// says where reading stopped, never what was there.
pub(crate) fn read_update(raw: &[u8]) -> Result<(u32, Inbound), String> {
    // Our own look first: the number is all that is needed to keep an update, whatever else is in it.
    let Numbered { update_id, .. } = serde_json::from_slice(raw)
        .map_err(|error| format!("not an update: {:?} at line {}, column {}", error.classify(), error.line(), error.column()))?;
    let kind = serde_json::from_slice::<Update>(raw).map_or(UpdateKind::Error(Value::Null), |update| update.kind);
    let (what, at) = event_kind(kind, raw);
    Ok((update_id, Inbound { key: format!("u{update_id}"), order: i64::from(update_id), at, kind: what }))
}

#[derive(Deserialize)]
struct Numbered {
    update_id: u32,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// A tap, by whichever reader.
pub(crate) struct Tap {
    pub(crate) press_id: String,
    pub(crate) user: u64,
    /// `None` when Telegram no longer shows the message.
    pub(crate) chat: Option<i64>,
    pub(crate) via: Option<String>,
    pub(crate) message_id: Option<i64>,
    pub(crate) token: Option<String>,
}

/// A message, by whichever reader.
pub(crate) struct ReadMessage {
    pub(crate) chat: i64,
    pub(crate) private: bool,
    pub(crate) user: Option<u64>,
    /// Whether a bot wrote it, for itself or for a business account.
    pub(crate) by_bot: bool,
    pub(crate) via: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) reply_to: Option<i64>,
    /// Seconds since 1970.
    pub(crate) date: i64,
}

fn event_kind(kind: UpdateKind, raw: &[u8]) -> (InboundKind, Option<Millis>) {
    match kind {
        UpdateKind::CallbackQuery(query) if query.regular_message().is_some_and(complete) => (pressed(tap(query)), None),
        // A message that is too old, or newer than teloxide, loses its business connection in teloxide's types.
        UpdateKind::CallbackQuery(query) => (pressed(lenient::tap(raw).unwrap_or_else(|| tap(query))), None),
        UpdateKind::Message(message) => read_message(if complete(&message) { None } else { lenient::message(raw) }, &message, false),
        UpdateKind::BusinessMessage(message) => {
            read_message(if complete(&message) { None } else { lenient::business_message(raw) }, &message, true)
        }
        UpdateKind::MyChatMember(update) => (membership(&update), Some(update.date.timestamp_millis())),
        UpdateKind::BusinessConnection(connection) => {
            let word = if connection.is_enabled { "business_connection" } else { "business_connection_disabled" };
            (other(word), Some(connection.date.timestamp_millis()))
        }
        // Kinds that teloxide does not know, and known ones that it cannot read.
        UpdateKind::Error(_) => unknown(raw),
        _ => (other(&word(raw)), None),
    }
}

fn unknown(raw: &[u8]) -> (InboundKind, Option<Millis>) {
    if let Some(tap) = lenient::tap(raw) {
        return (pressed(tap), None);
    }
    if let Some(message) = lenient::message(raw) {
        return written(message, false);
    }
    match lenient::business_message(raw) {
        Some(message) => written(message, true),
        None => (other(&word(raw)), None),
    }
}

fn read_message(second: Option<ReadMessage>, message: &Message, business: bool) -> (InboundKind, Option<Millis>) {
    written(second.unwrap_or_else(|| from_message(message)), business)
}

/// Whether teloxide read the message's content. What it does not know becomes an empty kind, with the text lost.
fn complete(message: &Message) -> bool {
    !matches!(message.kind, MessageKind::Empty {})
}

fn tap(query: CallbackQuery) -> Tap {
    let message = query.message.as_ref();
    Tap {
        press_id: query.id.0,
        user: query.from.id.0,
        chat: message.map(|message| message.chat().id.0),
        via: message.and_then(|message| via(message.regular_message()?)),
        message_id: message.map(|message| i64::from(message.id().0)),
        token: query.data,
    }
}

fn from_message(message: &Message) -> ReadMessage {
    ReadMessage {
        chat: message.chat.id.0,
        private: message.chat.is_private(),
        user: message.from.as_ref().map(|user| user.id.0),
        by_bot: message.sender_business_bot.is_some() || message.from.as_ref().is_some_and(|user| user.is_bot),
        via: via(message),
        text: message.text().or_else(|| message.caption()).map(str::to_owned),
        reply_to: message.reply_to_message().map(|message| i64::from(message.id.0)),
        date: message.date.timestamp(),
    }
}

/// The business connection. Only the common kind of messages runs through one.
fn via(message: &Message) -> Option<String> {
    match &message.kind {
        MessageKind::Common(common) => common.business_connection_id.as_ref().map(|via| via.0.clone()),
        _ => None,
    }
}

/// A press counts in any chat: a group's member may acknowledge an alert. Telegram gives no time for it.
fn pressed(tap: Tap) -> InboundKind {
    let Some(token) = tap.token else { return other("callback_query_without_data") };
    // A private chat has its person's number, so a press without its message still says where it was.
    let chat = tap.chat.map_or_else(|| tap.user.to_string(), |chat| chat.to_string());
    let by = Address { chat, user: Some(tap.user.to_string()), via: tap.via };
    InboundKind::Press { token, by, message_id: tap.message_id.map(|id| id.to_string()), press_id: Some(tap.press_id) }
}

fn written(said: ReadMessage, business: bool) -> (InboundKind, Option<Millis>) {
    let at = said.date.checked_mul(1_000);
    let what = match said {
        ReadMessage { private: false, .. } => other("group_message"),
        ReadMessage { by_bot: true, .. } => other("message_by_bot"),
        ReadMessage { user: None, .. } => other("message_without_sender"),
        // The account's owner writes in the same chat, and that is not the client's word. A private chat has the
        // client's number.
        ReadMessage { user: Some(user), chat, .. } if business && i64::try_from(user) != Ok(chat) => other("business_message_by_owner"),
        ReadMessage { text: None, .. } => other("message_without_text"),
        ReadMessage { user: Some(user), text: Some(text), chat, via, reply_to, .. } => InboundKind::Text(
            TextMessage::new(text, Address { chat: chat.to_string(), user: Some(user.to_string()), via })
                .about(reply_to.map(|id| id.to_string()).into()),
        ),
    };
    (what, at)
}

/// In a private chat this update only says whether the person blocked us.
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

/// Telegram's own word for the update, made safe for logs and tables.
fn word(raw: &[u8]) -> String {
    let key = serde_json::from_slice::<Numbered>(raw).ok().and_then(|update| update.rest.keys().next().cloned());
    let safe = |key: &String| (1..=64).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    key.filter(safe).unwrap_or_else(|| "unknown".to_owned())
}
