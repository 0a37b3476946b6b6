//! What a channel itself told us of a conversation: its clock, and whether we may write.

use crate::sql::{Sql, Statement};
use crate::values;
use crate::{Db, Millis, Row, StoreError, Tx};
use serde::Serialize;
use std::collections::HashMap;

/// A conversation: a chat on a connection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Conversation {
    /// The connection.
    pub connection: String,
    /// The chat on it.
    pub chat: String,
}

/// What is known of a conversation.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The client's last message, by the platform's clock.
    pub last_client_message_at: Option<Millis>,
    /// The client's last message that was no answer to a question of ours, by the platform's clock.
    pub last_words_at: Option<Millis>,
    /// The end of the window where the platform named one.
    pub window_expires_at: Option<Millis>,
    /// The client blocked us, since then.
    pub blocked_at: Option<Millis>,
}

/// News of a conversation.
#[derive(Clone, Debug, Serialize)]
pub struct ConversationUpdate {
    /// The connection.
    pub connection: String,
    /// The name of whoever is there, the same for all forms of one address: the key.
    pub identity: String,
    /// The chat, as it was written this time.
    pub chat: String,
    /// The client wrote, by the platform's clock.
    pub last_client_message_at: Option<Millis>,
    /// The client wrote something that was no answer to a question of ours, by the platform's clock.
    pub last_words_at: Option<Millis>,
    /// The platform named the end of the window.
    pub window_expires_at: Option<Millis>,
    /// 1: the client blocked us. 0: no longer. Null: nothing new.
    pub blocked: Option<i64>,
    /// When it reached us.
    pub at: Millis,
}

impl ConversationUpdate {
    /// This and a `later` update of the same conversation as one.
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
    connection: &'a str,
    identity: &'a str,
}

/// What is known of the conversations with these keys (connection, identity).
///
/// # Errors
/// The database's error.
pub async fn load(tx: &mut Tx, keys: &[(&str, &str)]) -> Result<HashMap<(String, String), Known>, StoreError> {
    let Statement { sql, values } = load_statement(keys);
    read_all(tx.fetch(sql, values).await?)
}

/// What is known of one conversation, outside a transaction.
///
/// # Errors
/// The database's error.
pub async fn known(db: &Db, connection: &str, identity: &str) -> Result<Known, StoreError> {
    let Statement { sql, values } = load_statement(&[(connection, identity)]);
    let mut found = read_all(db.read(sql, values).await?)?;
    Ok(found.remove(&(connection.to_owned(), identity.to_owned())).unwrap_or_default())
}

/// A conversation in which somebody wrote.
#[derive(Clone, Debug)]
pub struct Wrote {
    /// The connection.
    pub connection: String,
    /// The chat.
    pub chat: String,
    /// When, by the platform's clock.
    pub at: Millis,
}

/// Who wrote last through these connections, the newest first.
///
/// # Errors
/// The database's error.
pub async fn wrote_lately(db: &Db, connections: &[&str], limit: i64) -> Result<Vec<Wrote>, StoreError> {
    static LATELY: Sql = Sql::new(
        "SELECT c.connection, c.chat, c.last_client_message_at FROM conversation c \
         WHERE c.connection {among $1} AND c.last_client_message_at IS NOT NULL \
         ORDER BY c.last_client_message_at DESC, c.connection, c.chat LIMIT $2",
    );
    let read = |row: &mut Row| Ok(Wrote { connection: row.text()?, chat: row.text()?, at: row.int()? });
    db.read(&LATELY, values![crate::ids(connections), limit]).await?.iter_mut().map(read).collect()
}

pub(super) fn load_statement(keys: &[(&str, &str)]) -> Statement {
    static LOAD: Sql = Sql::new(
        "SELECT c.connection, c.identity, c.last_client_message_at, c.last_words_at, c.window_expires_at, c.blocked_at \
         FROM {rows $1 r: connection text, identity text} JOIN conversation c \
         ON c.connection = r.connection AND c.identity = r.identity",
    );
    let keys: Vec<Key<'_>> = keys.iter().map(|&(connection, identity)| Key { connection, identity }).collect();
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

pub(super) fn read_all(rows: Vec<Row>) -> Result<HashMap<(String, String), Known>, StoreError> {
    let mut known = HashMap::new();
    for mut row in rows {
        let key = (row.text()?, row.text()?);
        known.insert(key, read(&mut row)?);
    }
    Ok(known)
}

/// Keeps news, of each conversation once, and gives what is known of it now. Times only grow: a late report never shortens a
/// window.
///
/// # Errors
/// The database's error.
pub async fn learn(tx: &mut Tx, news: &[ConversationUpdate]) -> Result<HashMap<(String, String), Known>, StoreError> {
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
