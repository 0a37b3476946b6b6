//! What was said in a chat of our own: other desks keep their conversations themselves.

use lastword_contract::Address;
use lastword_life::Millis;
use lastword_store::question::rating_request::RatingRequest;
use lastword_store::session::mail;
use lastword_store::{Db, StoreError};
use serde_json::Value;

/// Messages of one page; of a longer chat the last ones are shown.
const SHOWN: usize = 200;

/// One message.
pub(crate) struct Message {
    /// An operator wrote it; else the client did.
    pub(crate) ours: bool,
    /// Who, where the name is known.
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) at: Millis,
}

/// A conversation.
#[derive(Default)]
pub(crate) struct Talk {
    pub(crate) messages: Vec<Message>,
    /// There are older messages than those.
    pub(crate) more: bool,
}

/// What was said from the beginning of a session to one of its closes.
pub(crate) async fn of(db: &Db, request: &RatingRequest) -> Result<Talk, StoreError> {
    let address: Option<Address> = request.address().and_then(|address| serde_json::from_str(&address).ok());
    let (Some(connection), Some(address)) = (&request.connection, address) else { return Ok(Talk::default()) };
    let from = request.opened_at.unwrap_or(Millis::MIN);
    let mail = mail::between(db, connection, &address.chat, (from, request.closed_at), SHOWN as i64 + 1).await?;
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
