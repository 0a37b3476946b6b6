//! The facts we need from updates that teloxide's types cannot read.
//!
//! teloxide 0.17 models Bot API 9.1 and is strict: a new kind of entity empties a message, a missing `chat_instance`
//! drops a press. A vote is worth a second look that asks for nothing but what we use.

use crate::receive::{ReadMessage, Tap};
use serde::Deserialize;

#[derive(Deserialize)]
struct TapUpdate {
    callback_query: RawTap,
}

#[derive(Deserialize)]
struct MessageUpdate {
    message: RawMessage,
}

#[derive(Deserialize)]
struct BusinessUpdate {
    business_message: RawMessage,
}

#[derive(Deserialize)]
struct RawTap {
    id: String,
    from: RawUser,
    message: Option<RawMessage>,
    data: Option<String>,
}

#[derive(Deserialize)]
struct RawMessage {
    message_id: i64,
    #[serde(default)]
    date: i64,
    chat: RawChat,
    from: Option<RawUser>,
    sender_business_bot: Option<RawUser>,
    business_connection_id: Option<String>,
    text: Option<String>,
    caption: Option<String>,
    reply_to_message: Option<Box<RawMessage>>,
}

#[derive(Deserialize)]
struct RawChat {
    id: i64,
    #[serde(default, rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct RawUser {
    id: u64,
    #[serde(default)]
    is_bot: bool,
}

/// A press, if this update is one.
pub(crate) fn tap(raw: &[u8]) -> Option<Tap> {
    let TapUpdate { callback_query: query } = serde_json::from_slice(raw).ok()?;
    Some(Tap {
        press_id: query.id,
        user: query.from.id,
        chat: query.message.as_ref().map(|message| message.chat.id),
        message_id: query.message.as_ref().map(|message| message.message_id),
        via: query.message.and_then(|message| message.business_connection_id),
        token: query.data,
    })
}

/// A message to the bot, if this update is one.
pub(crate) fn message(raw: &[u8]) -> Option<ReadMessage> {
    serde_json::from_slice(raw).ok().map(|MessageUpdate { message }| read_message(message))
}

/// A message in an owner's business chat, if this update is one.
pub(crate) fn business_message(raw: &[u8]) -> Option<ReadMessage> {
    serde_json::from_slice(raw).ok().map(|BusinessUpdate { business_message }| read_message(business_message))
}

fn read_message(message: RawMessage) -> ReadMessage {
    ReadMessage {
        chat: message.chat.id,
        private: message.chat.kind == "private",
        by_bot: message.sender_business_bot.is_some() || message.from.as_ref().is_some_and(|user| user.is_bot),
        user: message.from.map(|user| user.id),
        via: message.business_connection_id,
        text: message.text.or(message.caption),
        reply_to: message.reply_to_message.map(|message| message.message_id),
        date: message.date,
    }
}
