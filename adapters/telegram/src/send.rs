//! Sends one outgoing message with `sendMessage` or, to replace an earlier one, with `editMessageText`.

use crate::{api::Api, api::Failure, error, keyboard, keyboard::Buttons, place::Place};
use lastword_contract::{Address, Outgoing, Purpose, Receipt, SendError, TextLimit, Verdict};
use serde_json::Value;
use teloxide::{
    payloads::{EditMessageText, EditMessageTextSetters, SendMessage, SendMessageSetters},
    types::{BusinessConnectionId, ChatId, InlineKeyboardMarkup, LinkPreviewOptions, MessageId, Recipient, ReplyMarkup, ThreadId},
};

/// Maximum length of a text. Telegram counts characters; UTF-16 units are the stricter reading, and the one of its apps.
pub(crate) const TEXT_MAX: TextLimit = TextLimit::Utf16(4_096);

/// Maximum length of a hint, so that it leaves space for the message.
const HINT_MAX: TextLimit = TextLimit::Utf16(500);

/// Sends `outgoing`, once.
pub(crate) async fn send(api: &Api, outgoing: &Outgoing, buttons: Buttons) -> Result<Receipt, SendError> {
    let message = Message::new(outgoing, buttons)?;
    let first = message.call(api).await;
    let Some(chat) = first.as_ref().err().and_then(Failure::moved_to) else { return read(first, outgoing) };
    // The refusal was definite and named the chat's new ID, so the message cannot be sent twice.
    let second = message.moved(ChatId(chat)).call(api).await;
    let moved_to = Address { chat: chat.to_string(), ..outgoing.to.clone() };
    read(second, outgoing).map(|receipt| Receipt { moved_to: Some(moved_to), ..receipt })
}

fn read(result: Result<Value, Failure>, outgoing: &Outgoing) -> Result<Receipt, SendError> {
    match result {
        Ok(sent) => {
            let id = sent.get("message_id").and_then(Value::as_i64).map(|id| id.to_string());
            // An edited message keeps its ID, even if the response is only `true`.
            Ok(Receipt { message_id: outgoing.replaces.clone().or(id), moved_to: None })
        }
        Err(failure) => match error::classify(&failure) {
            refused if refused.kind == error::NOT_MODIFIED => Ok(Receipt { message_id: outgoing.replaces.clone(), moved_to: None }),
            refused => Err(refused),
        },
    }
}

enum Message {
    New(Box<SendMessage>),
    Edit(Box<EditMessageText>),
}

impl Message {
    fn new(outgoing: &Outgoing, buttons: Buttons) -> Result<Self, SendError> {
        match &outgoing.purpose {
            Purpose::Question(_) | Purpose::Settle | Purpose::Text | Purpose::Alert => {}
            _ => return Err(SendError::new(Verdict::Refused, "unsupported", "Telegram carries no events for programs")),
        }
        let (chat, topic) = recipient(&outgoing.to.chat)?;
        let text = text(outgoing)?;
        let buttons = keyboard::keyboard(&outgoing.choices, buttons)?;
        let via = outgoing.to.via.clone().map(BusinessConnectionId);
        match &outgoing.replaces {
            None => Ok(Message::New(Box::new(new_message((chat, topic), text, buttons, via)))),
            Some(id) => {
                let id = id.parse().map_err(|_| SendError::new(Verdict::Refused, "bad_message_id", "a message id is a number"))?;
                Ok(Message::Edit(Box::new(edit(chat, MessageId(id), text, buttons, via))))
            }
        }
    }

    fn moved(self, chat: ChatId) -> Self {
        match self {
            Message::New(message) => Message::New(Box::new(SendMessage { chat_id: chat.into(), ..*message })),
            Message::Edit(message) => Message::Edit(Box::new(EditMessageText { chat_id: chat.into(), ..*message })),
        }
    }

    async fn call(&self, api: &Api) -> Result<Value, Failure> {
        match self {
            Message::New(message) => api.call(message.as_ref()).await,
            Message::Edit(message) => api.call(message.as_ref()).await,
        }
    }
}

fn new_message(
    (chat, topic): (Recipient, Option<ThreadId>),
    text: String,
    buttons: Option<InlineKeyboardMarkup>,
    via: Option<BusinessConnectionId>,
) -> SendMessage {
    let mut message = SendMessage::new(chat, text).link_preview_options(NO_PREVIEW);
    message.message_thread_id = topic;
    message.business_connection_id = via;
    message.reply_markup = buttons.map(ReplyMarkup::InlineKeyboard);
    message
}

/// Without buttons the earlier keyboard is removed: Telegram's rule for a missing `reply_markup`.
fn edit(
    chat: Recipient,
    id: MessageId,
    text: String,
    buttons: Option<InlineKeyboardMarkup>,
    via: Option<BusinessConnectionId>,
) -> EditMessageText {
    let mut message = EditMessageText::new(chat, id, text).link_preview_options(NO_PREVIEW);
    message.business_connection_id = via;
    message.reply_markup = buttons;
    message
}

/// A link in a thank-you or an alert must not show a preview of our pages.
const NO_PREVIEW: LinkPreviewOptions =
    LinkPreviewOptions { is_disabled: true, url: None, prefer_small_media: false, prefer_large_media: false, show_above_text: false };

/// Parses a chat into recipient and topic.
pub(crate) fn recipient(chat: &str) -> Result<(Recipient, Option<ThreadId>), SendError> {
    if chat.len() > 1 && chat.starts_with('@') {
        return Ok((Recipient::ChannelUsername(chat.to_owned()), None));
    }
    let bad = || SendError::new(Verdict::Refused, "bad_address", "a Telegram chat is a number, a group's number/topic, or @name");
    let Place { chat, topic } = chat.parse().map_err(|()| bad())?;
    let topic = topic.map(|topic| i32::try_from(topic).map(|topic| ThreadId(MessageId(topic)))).transpose().map_err(|_| bad())?;
    Ok((Recipient::Id(ChatId(chat)), topic))
}

/// The text, followed by the hint of the comment box: Telegram has no box, but a reply to the message serves as one.
fn text(outgoing: &Outgoing) -> Result<String, SendError> {
    let main = outgoing.text.trim_end();
    if main.is_empty() {
        return Err(SendError::new(Verdict::Refused, "empty_text", "Telegram takes no message without text"));
    }
    let hint = outgoing.comment.as_ref().map(|comment| HINT_MAX.shorten(comment.label.trim())).filter(|hint| !hint.is_empty());
    let TextLimit::Utf16(max) = TEXT_MAX else { return Ok(main.to_owned()) };
    Ok(match hint {
        None => TEXT_MAX.shorten(main),
        Some(hint) => {
            let room = max - hint.encode_utf16().count() - 2;
            format!("{}\n\n{hint}", TextLimit::Utf16(room).shorten(main))
        }
    })
}
