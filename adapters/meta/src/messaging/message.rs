//! Builds the body of `POST /<ID>/messages`: text, quick replies, and links as lines.

use crate::settings::is_id;
use crate::wording::{check_choices, titles};
use lastword_contract::{Address, Choice, Outgoing, Purpose, SendError, TextLimit, Verdict};
use serde_json::{Value, json};

/// Maximum quick replies of one message.
pub(crate) const QUICK_REPLIES_MAX: usize = 13;
/// Maximum length of the title of a quick reply or a button. Meta counts characters; UTF-16 units are the stricter reading.
pub(crate) const TITLE_MAX: TextLimit = TextLimit::Utf16(20);
/// Maximum length of the payload of a quick reply or a button.
pub(crate) const PAYLOAD_MAX: usize = 1_000;
/// Maximum length of `metadata`.
const KEY_MAX: usize = 1_000;

/// Fails for messages that these platforms do not support.
pub(crate) fn check_purpose(outgoing: &Outgoing) -> Result<(), SendError> {
    match &outgoing.purpose {
        Purpose::Question(_) | Purpose::Settle | Purpose::Text => Ok(()),
        _ => Err(SendError::new(Verdict::Refused, "unsupported", "this platform carries no alerts and no events for programs")),
    }
}

/// The address, if it is a client of a Page or account.
pub(crate) fn admit(to: Address) -> Result<Address, &'static str> {
    let to = Address { chat: to.chat.trim().to_owned(), ..to };
    if is_id(&to.chat) { Ok(to) } else { Err("Send the client's id at this account, which is digits alone.") }
}

/// Adds the recipient to `message`, and our key as metadata, which the echo contains.
pub(crate) fn to(outgoing: &Outgoing, mut message: Value) -> Result<Value, SendError> {
    let Address { chat, .. } = &outgoing.to;
    if !is_id(chat) {
        return Err(SendError::new(Verdict::Refused, "bad_address", "a chat is the client's id at this account, digits alone"));
    }
    if outgoing.key.chars().count() > KEY_MAX {
        return Err(SendError::new(Verdict::Refused, "key_too_long", "this platform takes a key of at most 1000 characters"));
    }
    if !outgoing.key.is_empty() {
        message["metadata"] = json!(outgoing.key);
    }
    Ok(json!({ "recipient": { "id": chat }, "message": message }))
}

/// `text` with the choices as quick replies below it. They disappear with the first tap or the next message.
pub(crate) fn quick_replies(outgoing: &Outgoing, text: String) -> Result<Value, SendError> {
    if outgoing.choices.is_empty() {
        return Ok(json!({ "text": text }));
    }
    check_choices(&outgoing.choices, QUICK_REPLIES_MAX, PAYLOAD_MAX)?;
    let titles = titles(&outgoing.choices, TITLE_MAX);
    let reply = |(choice, title): (&Choice, &String)| json!({ "content_type": "text", "title": title, "payload": choice.token });
    let replies: Vec<Value> = outgoing.choices.iter().zip(&titles).map(reply).collect();
    Ok(json!({ "text": text, "quick_replies": replies }))
}
