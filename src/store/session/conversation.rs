//! State of conversations as reported by channels: times of messages, window, and blocking.

use crate::sql::{Sql, Statement};
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::{ChatId, ConnectionId, Place};
use serde::Serialize;
use std::collections::HashMap;

/// State of a conversation.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Time of the client's last message, by the platform's clock.
    pub last_client_message_at: Option<Millis>,
    /// Time of the client's last message that was no answer to a question of ours, by the platform's clock.
    pub last_words_at: Option<Millis>,
    /// End of the window, if the platform reported it.
    pub window_expires_at: Option<Millis>,
    /// Time since which the client blocks us.
    pub blocked_at: Option<Millis>,
}

/// An update of a conversation.
#[derive(Clone, Debug, Serialize)]
pub struct ConversationUpdate {
    /// The connection.
    pub connection: ConnectionId,
    /// The identity of the client's address, the same for all of its forms: the key.
    pub identity: ChatId,
    /// The chat, as written in this event.
    pub chat: ChatId,
    /// The client wrote at this time, by the platform's clock.
    pub last_client_message_at: Option<Millis>,
    /// The client wrote something that was no answer to a question of ours at this time, by the platform's clock.
    pub last_words_at: Option<Millis>,
    /// The platform reported this end of the window.
    pub window_expires_at: Option<Millis>,
    /// 1: the client blocked us. 0: no longer. Null: unchanged.
    pub blocked: Option<i64>,
    /// Time of receipt.
    pub at: Millis,
}

impl ConversationUpdate {
    /// Merges this and a `later` update of the same conversation.
    #[must_use]
    pub fn then(self, later: Self) -> Self {
        Self {
            last_client_message_at: self.last_client_message_at.max(later.last_client_message_at),
            last_words_at: self.last_words_at.max(later.last_words_at),
            window_expires_at: self.window_expires_at.max(later.window_expires_at),
            blocked: later.blocked.or(self.blocked),
            ..later
        }
    }
}

#[derive(Serialize)]
struct Key<'a> {
    connection: &'a ConnectionId,
    identity: &'a ChatId,
}

/// State of the conversations with these keys: the chat is the identity.
pub async fn load(tx: &mut Tx, keys: &[Place]) -> Result<HashMap<Place, Known>, StoreError> {
    let Statement { sql, values } = load_statement(keys);
    read_all(tx.fetch(sql, values).await?)
}

/// State of one conversation, outside a transaction.
pub async fn known(db: &Db, connection: &ConnectionId, identity: &ChatId) -> Result<Known, StoreError> {
    let place = Place { connection: connection.clone(), chat: identity.clone() };
    let Statement { sql, values } = load_statement(std::slice::from_ref(&place));
    let mut found = read_all(db.read(sql, values).await?)?;
    Ok(found.remove(&place).unwrap_or_default())
}

/// A conversation with a message of its client.
#[derive(Clone, Debug)]
pub struct Wrote {
    /// The connection.
    pub connection: ConnectionId,
    /// The chat.
    pub chat: ChatId,
    /// Time of the message, by the platform's clock.
    pub at: Millis,
}

/// Conversations with the latest messages on these connections, the newest first.
pub async fn wrote_lately(db: &Db, connections: &[ConnectionId], limit: i64) -> Result<Vec<Wrote>, StoreError> {
    static LATELY: Sql = Sql::new(
        "SELECT c.connection, c.chat, c.last_client_message_at FROM conversation c \
         WHERE c.connection {among $1} AND c.last_client_message_at IS NOT NULL \
         ORDER BY c.last_client_message_at DESC, c.connection, c.chat LIMIT $2",
    );
    let read = |row: &mut Row| Ok(Wrote { connection: row.name()?, chat: row.name()?, at: row.int()? });
    db.read(&LATELY, values![crate::ids(connections), limit]).await?.iter_mut().map(read).collect()
}

pub(crate) fn load_statement(keys: &[Place]) -> Statement {
    static LOAD: Sql = Sql::new(
        "SELECT c.connection, c.identity, c.last_client_message_at, c.last_words_at, c.window_expires_at, c.blocked_at \
         FROM {rows $1 r: connection text, identity text} JOIN conversation c \
         ON c.connection = r.connection AND c.identity = r.identity",
    );
    let keys: Vec<Key<'_>> = keys.iter().map(|key| Key { connection: &key.connection, identity: &key.chat }).collect();
    Statement::new(&LOAD, values![crate::rows(&keys)])
}

fn read(row: &mut Row) -> Result<Known, StoreError> {
    Ok(Known {
        last_client_message_at: row.int_or_null()?,
        last_words_at: row.int_or_null()?,
        window_expires_at: row.int_or_null()?,
        blocked_at: row.int_or_null()?,
    })
}

pub(crate) fn read_all(rows: Vec<Row>) -> Result<HashMap<Place, Known>, StoreError> {
    let mut known = HashMap::new();
    for mut row in rows {
        let key = Place { connection: row.name()?, chat: row.name()? };
        known.insert(key, read(&mut row)?);
    }
    Ok(known)
}

/// Stores updates, one for each conversation, and returns the new states. Times only increase: a late report never shortens a
/// window.
pub async fn learn(tx: &mut Tx, news: &[ConversationUpdate]) -> Result<HashMap<Place, Known>, StoreError> {
    static UNBLOCK: Sql = Sql::new(
        "UPDATE conversation SET blocked_at = NULL WHERE blocked_at IS NOT NULL \
         AND (connection, identity) IN (SELECT r.connection, r.identity FROM {rows $1 r: connection text, identity text})",
    );
    static LEARN: Sql = Sql::new(
        "INSERT INTO conversation AS c \
         (connection, identity, chat, last_client_message_at, last_words_at, window_expires_at, blocked_at, updated_at) \
         SELECT connection, identity, chat, last_client_message_at, last_words_at, window_expires_at, CASE WHEN blocked = 1 THEN at END, at \
         FROM {rows $1 r: connection text, identity text, chat text, last_client_message_at int, last_words_at int, \
         window_expires_at int, blocked int, at int} WHERE true ON CONFLICT (connection, identity) DO UPDATE SET chat = excluded.chat, \
         last_client_message_at = COALESCE({greatest}(c.last_client_message_at, excluded.last_client_message_at), \
             c.last_client_message_at, excluded.last_client_message_at), \
         last_words_at = COALESCE({greatest}(c.last_words_at, excluded.last_words_at), c.last_words_at, excluded.last_words_at), \
         window_expires_at = COALESCE({greatest}(c.window_expires_at, excluded.window_expires_at), \
             c.window_expires_at, excluded.window_expires_at), \
         blocked_at = COALESCE(excluded.blocked_at, c.blocked_at), updated_at = excluded.updated_at \
         RETURNING connection, identity, last_client_message_at, last_words_at, window_expires_at, blocked_at",
    );
    if news.is_empty() {
        return Ok(HashMap::new());
    }
    let unblocked = news.iter().filter(|news| news.blocked == Some(0));
    let unblocked: Vec<Key<'_>> = unblocked.map(|news| Key { connection: &news.connection, identity: &news.identity }).collect();
    if !unblocked.is_empty() {
        tx.execute(&UNBLOCK, values![crate::rows(&unblocked)]).await?;
    }
    read_all(tx.fetch(&LEARN, values![crate::rows(news)]).await?)
}
