//! Place of a question: the conversation of the close, unless the row has another one.

use super::RatingRequest;
use crate::sql::{Sql, Statement};
use crate::{Millis, Row, StoreError, Tx, values};
use lastword_base::names::{ChatId, ConnectionId, Place, RequestId};
use serde::Serialize;
use std::borrow::Cow;

impl RatingRequest {
    /// The same, for a conversation at an address (as JSON) with this chat.
    #[must_use]
    pub fn talked_in(self, address: String, chat: ChatId) -> Self {
        Self { long_address: long(address, &chat), chat: Some(chat), ..self }
    }

    /// The same, asked at an address (as JSON) with this chat.
    #[must_use]
    pub fn asked_in(self, connection: &ConnectionId, address: String, chat: &ChatId) -> Self {
        if self.connection.as_ref() == Some(connection) && self.address().as_deref() == Some(address.as_str()) {
            return Self { asked_connection: None, asked_long_address: None, asked_chat: None, ..self };
        }
        let (connection, address) = (Some(connection.clone()), long(address, chat));
        Self { asked_connection: connection, asked_long_address: address, asked_chat: Some(chat.clone()), ..self }
    }

    /// The full address of the conversation, as JSON.
    pub fn address(&self) -> Option<Cow<'_, str>> {
        whole(self.long_address.as_deref(), self.chat.as_ref())
    }

    /// The connection through which its client is asked, if any.
    pub fn asked_through(&self) -> Option<&ConnectionId> {
        self.asked_connection.as_ref().or(self.connection.as_ref()).filter(|_| self.due_at.is_some())
    }

    /// The place of the question: the connection, and the address as JSON.
    pub fn asked_at(&self) -> Option<(&ConnectionId, Cow<'_, str>)> {
        let asked = self.asked_connection.as_ref().zip(whole(self.asked_long_address.as_deref(), self.asked_chat.as_ref()));
        asked.or_else(|| self.connection.as_ref().zip(self.address()))
    }

    /// The conversation of the question: connection and chat.
    pub fn asked_conversation(&self) -> Option<(&ConnectionId, &ChatId)> {
        let asked = self.asked_connection.as_ref().zip(self.asked_chat.as_ref());
        asked.or(self.connection.as_ref().zip(self.chat.as_ref()))
    }

    /// Every place from which an answer may come, with its address as JSON: that of the question, and that of the conversation.
    pub fn places(&self) -> impl Iterator<Item = (&ConnectionId, Cow<'_, str>)> {
        let asked = self.asked_at();
        let conversation = self.connection.as_ref().zip(self.address()).filter(|place| asked.as_ref() != Some(place));
        asked.into_iter().chain(conversation)
    }
}

/// The address, if it is more than its chat.
fn long(address: String, chat: &ChatId) -> Option<String> {
    (address != chat_alone(chat)).then_some(address)
}

/// The full address, as JSON: the stored one, or one made of the chat.
fn whole<'a>(long: Option<&'a str>, chat: Option<&ChatId>) -> Option<Cow<'a, str>> {
    long.map(Cow::Borrowed).or_else(|| chat.map(|chat| Cow::Owned(chat_alone(chat))))
}

/// The JSON of an address that is only a chat, in the format of the contract.
fn chat_alone(chat: &ChatId) -> String {
    format!("{{\"chat\":{}}}", crate::json(chat.as_str()))
}

/// Another route for a question, perhaps to another place.
#[derive(Clone, Debug, Serialize)]
pub struct OtherWay {
    /// The rating request.
    pub id: RequestId,
    /// The route.
    pub way: &'static str,
    /// As in [`RatingRequest`].
    pub asked_connection: Option<ConnectionId>,
    /// As in [`RatingRequest`].
    pub asked_long_address: Option<String>,
    /// As in [`RatingRequest`].
    pub asked_chat: Option<ChatId>,
}

/// Sets the new routes of open rating requests.
pub async fn go_another_way(tx: &mut Tx, ways: &[OtherWay]) -> Result<(), StoreError> {
    static GO: Sql = Sql::new(
        "UPDATE rating_request SET way = r.way, asked_connection = r.asked_connection, asked_long_address = r.asked_long_address, \
         asked_chat = r.asked_chat FROM {rows $1 r: id text, way text, asked_connection text, asked_long_address text, asked_chat text} \
         WHERE rating_request.id = r.id AND rating_request.outcome IS NULL",
    );
    tx.execute(&GO, values![crate::rows(ways)]).await.map(drop)
}

/// An open rating request of a conversation.
#[derive(Clone, Debug)]
pub struct Open {
    /// The rating request.
    pub id: RequestId,
    /// The place of its question.
    pub place: Place,
    /// Time when its question was sent, or may have been.
    pub left_at: Option<Millis>,
    /// 1 if a message of it may have reached the client, but the platform's response with its ID is missing: then a reply cannot be
    /// attributed.
    pub nameless: i64,
}

/// The open rating requests whose question is in these conversations, by ID.
pub(crate) fn open_in_statement(places: &[Place]) -> Statement {
    static OPEN_IN: Sql = Sql::new(
        "SELECT q.id, r.connection, r.chat, \
         (SELECT min(d.intent_at) FROM delivery d WHERE {about d q.id} AND d.kind = 'ask' \
         AND (d.state IN ('sending', 'sent', 'delivered', 'unknown') OR (d.state IN ('scheduled', 'leased') AND d.resends > 0))), \
         CASE WHEN EXISTS (SELECT 1 FROM delivery d WHERE {about d q.id} AND d.kind IN ('ask', 'reminder') AND d.intent_at IS NOT NULL \
         AND d.message_id IS NULL AND d.state IN ('sending', 'unknown')) THEN 1 ELSE 0 END \
         FROM {rows $1 r: connection text, chat text} \
         JOIN rating_request q ON {asked_in q r} WHERE q.outcome IS NULL ORDER BY q.id",
    );
    Statement::new(&OPEN_IN, values![crate::rows(places)])
}

pub(crate) fn read_open(mut rows: Vec<Row>) -> Result<Vec<Open>, StoreError> {
    let read = |row: &mut Row| {
        let (id, place) = (row.id()?, Place { connection: row.name()?, chat: row.name()? });
        Ok(Open { id, place, left_at: row.int_or_null()?, nameless: row.int()? })
    };
    rows.iter_mut().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lastword_contract::Address;

    fn json(address: &Address) -> String {
        serde_json::to_string(address).unwrap()
    }

    #[test]
    fn an_address_that_is_a_chat_alone_is_kept_once_and_read_as_it_came() {
        let person = Address { user: Some("7".to_owned()), ..Address::chat("-100") };
        for (address, is_long) in [(Address::chat("49123"), false), (Address::chat("a\"\\\u{1}é\n"), false), (person, true)] {
            let request = RatingRequest { connection: Some("bot".into()), due_at: Some(1), ..RatingRequest::default() };
            let request = request.talked_in(json(&address), address.chat.as_str().into());
            assert_eq!((request.address().as_deref(), request.long_address.is_some()), (Some(&*json(&address)), is_long));
            let here = request.clone().asked_in(&"bot".into(), json(&address), &address.chat.as_str().into());
            assert_eq!((here.asked_chat.as_ref(), here.asked_at()), (None, Some((&"bot".into(), Cow::from(json(&address))))));
            let elsewhere =
                RatingRequest { connection: None, ..request }.asked_in(&"mail".into(), json(&address), &address.chat.as_str().into());
            assert_eq!(
                (elsewhere.asked_long_address.is_some(), elsewhere.asked_at()),
                (is_long, Some((&"mail".into(), Cow::from(json(&address)))))
            );
        }
    }
}
