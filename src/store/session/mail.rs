//! Mail: messages stored here until their reader fetches them.

use crate::sql::Sql;
use crate::values;
use crate::{Db, Millis, Row, StoreError, Tx};
use lastword_base::names::{ChatId, ConnectionId};

/// One message.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Its sequence number in the conversation, from 1, without gaps.
    pub seq: i64,
    /// Its key: a repeated key is the same message.
    pub key: String,
    /// The message, as JSON.
    pub body: String,
    /// Time of insertion.
    pub put_at: Millis,
}

static THERE: Sql = Sql::new("SELECT seq FROM mail WHERE connection = $1 AND chat = $2 AND key = $3");

/// True if a conversation has a message with this key.
pub async fn is_there(tx: &mut Tx, connection: &ConnectionId, chat: &ChatId, key: &str) -> Result<bool, StoreError> {
    Ok(!tx.fetch(&THERE, values![connection, chat, key]).await?.is_empty())
}

/// Inserts a message into a conversation, once per key. Returns its sequence number.
///
/// # Errors
/// [`StoreError::Conflict`] if another message took the same number at the same time.
pub async fn put(tx: &mut Tx, connection: &ConnectionId, chat: &ChatId, key: &str, body: &str, now: Millis) -> Result<i64, StoreError> {
    static PUT: Sql = Sql::new(
        "INSERT INTO mail (connection, chat, seq, key, body, put_at) \
         SELECT $1, $2, COALESCE(max(seq), 0) + 1, $3, $4, $5 FROM mail WHERE connection = $1 AND chat = $2 RETURNING seq",
    );
    if let Some(row) = tx.fetch(&THERE, values![connection, chat, key]).await?.first_mut() {
        return row.int();
    }
    let mut rows = tx.fetch(&PUT, values![connection, chat, key, body, now]).await?;
    rows.first_mut().ok_or(StoreError::Conflict)?.int()
}

/// The messages of a conversation after the number `after`; if there are more than `limit`, the newest of them.
pub async fn after(db: &Db, connection: &ConnectionId, chat: &ChatId, after: i64, limit: i64) -> Result<Vec<Mail>, StoreError> {
    static AFTER: Sql =
        Sql::new("SELECT seq, key, body, put_at FROM mail WHERE connection = $1 AND chat = $2 AND seq > $3 ORDER BY seq DESC LIMIT $4");
    let mut mail: Vec<Mail> =
        db.read(&AFTER, values![connection, chat, after, limit]).await?.iter_mut().map(read).collect::<Result<_, StoreError>>()?;
    mail.reverse();
    Ok(mail)
}

/// The messages of a conversation inserted between two times, both inclusive; if there are more than `limit`, the newest of them.
pub async fn between(
    db: &Db,
    connection: &ConnectionId,
    chat: &ChatId,
    (from, until): (Millis, Millis),
    limit: i64,
) -> Result<Vec<Mail>, StoreError> {
    static BETWEEN: Sql = Sql::new(
        "SELECT seq, key, body, put_at FROM mail WHERE connection = $1 AND chat = $2 AND put_at >= $3 AND put_at <= $4 \
         ORDER BY seq DESC LIMIT $5",
    );
    let mut rows = db.read(&BETWEEN, values![connection, chat, from, until, limit]).await?;
    let mut mail: Vec<Mail> = rows.iter_mut().map(read).collect::<Result<_, StoreError>>()?;
    mail.reverse();
    Ok(mail)
}

/// The first messages of a conversation inserted between two times, both inclusive.
pub async fn first(
    db: &Db,
    connection: &ConnectionId,
    chat: &ChatId,
    (from, until): (Millis, Millis),
    limit: i64,
) -> Result<Vec<Mail>, StoreError> {
    static FIRST: Sql = Sql::new(
        "SELECT seq, key, body, put_at FROM mail WHERE connection = $1 AND chat = $2 AND put_at >= $3 AND put_at <= $4 ORDER BY seq LIMIT $5",
    );
    db.read(&FIRST, values![connection, chat, from, until, limit]).await?.iter_mut().map(read).collect()
}

fn read(row: &mut Row) -> Result<Mail, StoreError> {
    Ok(Mail { seq: row.int()?, key: row.text()?, body: row.text()?, put_at: row.int()? })
}

/// The conversations of a connection with a message after `since`, newest first: the chat and its newest number.
pub async fn conversations(db: &Db, connection: &ConnectionId, since: Millis, limit: i64) -> Result<Vec<(ChatId, i64)>, StoreError> {
    static CONVERSATIONS: Sql = Sql::new(
        "SELECT chat, max(seq) FROM mail WHERE connection = $1 AND put_at > $2 GROUP BY chat ORDER BY max(put_at) DESC, chat LIMIT $3",
    );
    db.read(&CONVERSATIONS, values![connection, since, limit]).await?.iter_mut().map(|row| Ok((row.name()?, row.int()?))).collect()
}
