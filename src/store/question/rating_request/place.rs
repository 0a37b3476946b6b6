//! Where questions are asked: in the conversation of the close, unless the row says otherwise.

use super::RatingRequest;
use crate::store::session::conversation::Conversation;
use crate::store::sql::{Sql, Statement};
use crate::store::{Millis, Row, StoreError, Tx};
use crate::values;
use serde::Serialize;
use std::borrow::Cow;

impl RatingRequest {
    /// The same, of a conversation at an address, given as JSON and by its chat.
    #[must_use]
    pub fn talked_in(self, address: String, chat: String) -> Self {
        Self { address: beyond(address, &chat), chat: Some(chat), ..self }
    }

    /// The same, asked at an address, given as JSON and by its chat.
    #[must_use]
    pub fn asked_in(self, connection: &str, address: String, chat: &str) -> Self {
        if self.connection.as_deref() == Some(connection) && self.address().as_deref() == Some(address.as_str()) {
            return Self { asked_connection: None, asked_address: None, asked_chat: None, ..self };
        }
        let (connection, address) = (Some(connection.to_owned()), beyond(address, chat));
        Self { asked_connection: connection, asked_address: address, asked_chat: Some(chat.to_owned()), ..self }
    }

    /// The whole address of the conversation, as JSON.
    pub fn address(&self) -> Option<Cow<'_, str>> {
        whole(self.address.as_deref(), self.chat.as_deref())
    }

    /// The connection through which its client is asked, if they are.
    pub fn asked_through(&self) -> Option<&str> {
        self.asked_connection.as_deref().or(self.connection.as_deref()).filter(|_| self.due_at.is_some())
    }

    /// Where it is asked: the connection, and the address as JSON.
    pub fn asked_at(&self) -> Option<(&str, Cow<'_, str>)> {
        let asked = self.asked_connection.as_deref().zip(whole(self.asked_address.as_deref(), self.asked_chat.as_deref()));
        asked.or_else(|| self.connection.as_deref().zip(self.address()))
    }

    /// The conversation in which it is asked: connection and chat.
    pub fn asked_conversation(&self) -> Option<(&str, &str)> {
        let asked = self.asked_connection.as_deref().zip(self.asked_chat.as_deref());
        asked.or(self.connection.as_deref().zip(self.chat.as_deref()))
    }

    /// Every place from which an answer may come, its address as JSON: where it is asked, and where the conversation was.
    pub fn places(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        let asked = self.asked_at();
        let conversation = self.connection.as_deref().zip(self.address()).filter(|place| asked.as_ref() != Some(place));
        asked.into_iter().chain(conversation)
    }
}

/// What a row keeps of an address beside its chat: nothing, where that is all there is of it.
fn beyond(address: String, chat: &str) -> Option<String> {
    (address != chat_alone(chat)).then_some(address)
}

/// The whole address, as JSON, of what a row keeps.
fn whole<'a>(address: Option<&'a str>, chat: Option<&str>) -> Option<Cow<'a, str>> {
    address.map(Cow::Borrowed).or_else(|| chat.map(|chat| Cow::Owned(chat_alone(chat))))
}

/// The JSON of an address that is a chat alone, as the contract has it.
fn chat_alone(chat: &str) -> String {
    format!("{{\"chat\":{}}}", crate::store::json(chat))
}

/// The question goes another way, perhaps in another place.
#[derive(Clone, Debug, Serialize)]
pub struct OtherWay {
    /// The rating request.
    pub id: String,
    /// The way.
    pub way: &'static str,
    /// As [`RatingRequest`] has it.
    pub asked_connection: Option<String>,
    /// As [`RatingRequest`] has it.
    pub asked_address: Option<String>,
    /// As [`RatingRequest`] has it.
    pub asked_chat: Option<String>,
}

/// Open rating requests go another way.
///
/// # Errors
/// The database's error.
pub async fn go_another_way(tx: &mut Tx, ways: &[OtherWay]) -> Result<(), StoreError> {
    static GO: Sql = Sql::new(
        "UPDATE rating_request SET way = r.way, asked_connection = r.asked_connection, asked_address = r.asked_address, \
         asked_chat = r.asked_chat FROM {rows $1 r: id text, way text, asked_connection text, asked_address text, asked_chat text} \
         WHERE rating_request.id = r.id AND rating_request.outcome IS NULL",
    );
    tx.execute(&GO, values![crate::store::rows(ways)]).await.map(drop)
}

/// An open rating request of a conversation.
#[derive(Clone, Debug)]
pub struct Open {
    /// The rating request.
    pub id: String,
    /// Where it is asked.
    pub place: Conversation,
    /// When its question left us, or may have.
    pub left_at: Option<Millis>,
}

/// The open rating requests that are asked in these conversations, by id.
pub(crate) fn open_in_statement(places: &[Conversation]) -> Statement {
    static OPEN_IN: Sql = Sql::new(
        "SELECT q.id, r.connection, r.chat, \
         (SELECT min(d.intent_at) FROM delivery d WHERE {about d q.id} AND d.kind = 'ask' \
         AND (d.state IN ('sending', 'sent', 'delivered', 'unknown') OR (d.state IN ('scheduled', 'leased') AND d.resends > 0))) \
         FROM {rows $1 r: connection text, chat text} \
         JOIN rating_request q ON {asked_in q r} WHERE q.outcome IS NULL ORDER BY q.id",
    );
    Statement::new(&OPEN_IN, values![crate::store::rows(places)])
}

pub(crate) fn read_open(mut rows: Vec<Row>) -> Result<Vec<Open>, StoreError> {
    let read = |row: &mut Row| {
        let (id, place) = (row.text()?, Conversation { connection: row.text()?, chat: row.text()? });
        Ok(Open { id, place, left_at: row.int_or_null()? })
    };
    rows.iter_mut().map(read).collect()
}
