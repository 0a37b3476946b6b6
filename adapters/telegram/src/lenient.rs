//! Parses only the fields of updates that we need.
//!
//! teloxide 0.17 models Bot API 9.1 strictly: an unknown kind of entity empties a message, and a missing `chat_instance`
//! drops a press. This second parser keeps such a vote from being lost.

use crate::read_update::{Deletions, Reacted, ReadMessage, Tap};
use lastword_contract::Context;
use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Deserialize)]
struct TapUpdate {
    callback_query: RawTap,
}

/// At most one of these is in an update.
#[derive(Deserialize)]
struct MessageUpdate {
    message: Option<RawMessage>,
    business_message: Option<RawMessage>,
    edited_message: Option<RawMessage>,
    edited_business_message: Option<RawMessage>,
}

#[derive(Deserialize)]
struct ReactionUpdate {
    message_reaction: RawReaction,
}

#[derive(Deserialize)]
struct DeletionUpdate {
    deleted_business_messages: RawDeletion,
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
    edit_date: Option<i64>,
    chat: RawChat,
    from: Option<RawUser>,
    sender_business_bot: Option<RawUser>,
    business_connection_id: Option<String>,
    text: Option<String>,
    caption: Option<String>,
    message_thread_id: Option<i64>,
    #[serde(default)]
    is_topic_message: bool,
    forum_topic_created: Option<IgnoredAny>,
    migrate_to_chat_id: Option<i64>,
    migrate_from_chat_id: Option<i64>,
    reply_to_message: Option<Box<RawMessage>>,
    external_reply: Option<IgnoredAny>,
    quote: Option<IgnoredAny>,
    reply_to_story: Option<IgnoredAny>,
    forward_origin: Option<IgnoredAny>,
    /// From before Bot API 7.0.
    forward_date: Option<IgnoredAny>,
    via_bot: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct RawReaction {
    chat: RawChat,
    message_id: i64,
    /// `None` if an anonymous administrator reacted.
    user: Option<RawUser>,
    date: i64,
    old_reaction: Vec<RawEmoji>,
    new_reaction: Vec<RawEmoji>,
}

/// A paid reaction has no emoji, and a custom emoji is an image with an ID.
#[derive(Deserialize, PartialEq)]
struct RawEmoji {
    emoji: Option<String>,
    custom_emoji_id: Option<String>,
}

#[derive(Deserialize)]
struct RawDeletion {
    business_connection_id: String,
    chat: RawChat,
    message_ids: Vec<i64>,
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

/// The press in this update, if any.
pub(crate) fn tap(raw: &[u8]) -> Option<Tap> {
    let TapUpdate { callback_query: query } = serde_json::from_slice(raw).ok()?;
    let message = query.message;
    Some(Tap {
        press_id: query.id,
        user: query.from.id,
        topic: message.as_ref().and_then(topic),
        chat: message.as_ref().map(|message| message.chat.id),
        message_id: message.as_ref().map(|message| message.message_id),
        via: message.and_then(|message| message.business_connection_id),
        token: query.data,
    })
}

/// Topic of a group's forum. In other chats the number is the ID of a thread of replies.
fn topic(message: &RawMessage) -> Option<i64> {
    message.message_thread_id.filter(|_| message.is_topic_message && message.chat.kind != "private")
}

/// The message in this update, if any: new or edited, to the bot or in an owner's business chat.
pub(crate) fn message(raw: &[u8]) -> Option<ReadMessage> {
    let update: MessageUpdate = serde_json::from_slice(raw).ok()?;
    let new = |message: Option<RawMessage>, business| message.map(|message| read_message(message, business, false));
    let edited = |message: Option<RawMessage>, business| message.map(|message| read_message(message, business, true));
    new(update.message, false)
        .or_else(|| new(update.business_message, true))
        .or_else(|| edited(update.edited_message, false))
        .or_else(|| edited(update.edited_business_message, true))
}

fn read_message(message: RawMessage, business: bool, edited: bool) -> ReadMessage {
    ReadMessage {
        id: message.message_id,
        business,
        edited,
        chat: message.chat.id,
        private: message.chat.kind == "private",
        by_bot: message.sender_business_bot.is_some() || message.from.as_ref().is_some_and(|user| user.is_bot),
        user: message.from.as_ref().map(|user| user.id),
        via: message.business_connection_id.clone(),
        context: context(&message),
        moved: (message.migrate_to_chat_id.map(|to| (message.chat.id, to)))
            .or_else(|| message.migrate_from_chat_id.map(|from| (from, message.chat.id))),
        date: message.edit_date.filter(|_| edited).unwrap_or(message.date),
        text: message.text.or(message.caption),
    }
}

/// Context of a message. A forwarded message or one from an inline bot was not written by its sender; a reply may refer to
/// a message outside of this chat.
fn context(message: &RawMessage) -> Context {
    let elsewhere = [
        (message.forward_origin.is_some() || message.forward_date.is_some(), "forward"),
        (message.via_bot.is_some(), "inline_bot"),
        (message.reply_to_story.is_some(), "story"),
        (message.external_reply.is_some(), "external_reply"),
        // The words below a picture, a video or a file belong to it.
        (message.text.is_none() && message.caption.is_some(), "media"),
    ];
    if let Some((_, word)) = elsewhere.into_iter().find(|(is, _)| *is) {
        return Context::Elsewhere(word);
    }
    match &message.reply_to_message {
        // Every message of a topic refers to the message that created the topic.
        Some(replied) if replied.forum_topic_created.is_some() => Context::Own,
        Some(replied) if replied.chat.id != message.chat.id => Context::Elsewhere("other_chat"),
        Some(replied) => Context::ReplyTo(replied.message_id.to_string()),
        None if message.quote.is_some() => Context::Elsewhere("quote"),
        None => Context::Own,
    }
}

/// The changed reaction in this update, if any.
pub(crate) fn reaction(raw: &[u8]) -> Option<Reacted> {
    let ReactionUpdate { message_reaction: told } = serde_json::from_slice(raw).ok()?;
    let added = told.new_reaction.iter().rfind(|emoji| !told.old_reaction.contains(emoji));
    Some(Reacted {
        chat: told.chat.id,
        private: told.chat.kind == "private",
        user: told.user.filter(|user| !user.is_bot).map(|user| user.id),
        message_id: told.message_id,
        emoji: added.map(|emoji| emoji.emoji.clone().unwrap_or_default()),
        date: told.date,
    })
}

/// The deleted messages of an owner's business chat in this update, if any.
pub(crate) fn deletions(raw: &[u8]) -> Option<Deletions> {
    let DeletionUpdate { deleted_business_messages: told } = serde_json::from_slice(raw).ok()?;
    let private = told.chat.kind == "private";
    Some(Deletions { chat: told.chat.id, private, via: told.business_connection_id, message_ids: told.message_ids })
}
