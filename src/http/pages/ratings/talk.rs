//! Messages of a chat in our own web chat. Other desks store their conversations themselves.

use lastword_base::names::{ChatId, ConnectionId};
use lastword_contract::Address;
use lastword_life::Millis;
use lastword_store::question::rating_request::RatingRequest;
use lastword_store::session::mail;
use lastword_store::{Db, StoreError};
use serde_json::Value;

/// Maximum number of messages shown, the latest.
const SHOWN: usize = 200;

/// One message.
pub(crate) struct Message {
    /// True if an operator wrote it, false if the client did.
    pub(crate) ours: bool,
    /// Name of the author, if known.
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) at: Millis,
}

/// A conversation.
#[derive(Default)]
pub(crate) struct Talk {
    pub(crate) messages: Vec<Message>,
    /// True if there are older messages.
    pub(crate) more: bool,
}

/// Messages from the start of a session to one of its closes.
pub(crate) async fn of(db: &Db, request: &RatingRequest) -> Result<Talk, StoreError> {
    let address: Option<Address> = request.address().and_then(|address| serde_json::from_str(&address).ok());
    let (Some(connection), Some(address)) = (&request.connection, address) else { return Ok(Talk::default()) };
    between(db, connection, &address.chat.into(), (request.opened_at.unwrap_or(Millis::MIN), request.closed_at)).await
}

/// Messages of a conversation between two times.
pub(crate) async fn between(db: &Db, connection: &ConnectionId, chat: &ChatId, times: (Millis, Millis)) -> Result<Talk, StoreError> {
    let mail = mail::between(db, connection, chat, times, SHOWN as i64 + 1).await?;
    let more = mail.len() > SHOWN;
    let messages = mail.iter().skip(usize::from(more)).filter_map(message).collect();
    Ok(Talk { messages, more })
}

fn message(mail: &mail::Mail) -> Option<Message> {
    let frame: Value = serde_json::from_str(&mail.body).ok()?;
    let word = |name: &str| frame.get(name).and_then(Value::as_str);
    let ours = word("from") == Some("operator");
    let text = word("text").filter(|_| word("kind") == Some("message"))?.to_owned();
    Some(Message { ours, name: word("name").unwrap_or_default().to_owned(), text, at: mail.put_at })
}

/// Text of a stored message; empty if it has none.
pub(crate) fn text(body: &str) -> String {
    let frame: Option<Value> = serde_json::from_str(body).ok();
    frame.and_then(|frame| frame.get("text")?.as_str().map(str::to_owned)).unwrap_or_default()
}
