//! Connections that admins made on a page or by the API: what is no secret in the clear, the secrets sealed.

use crate::sql::Sql;
use crate::values;
use crate::{Db, Millis, Row, StoreError, Tx};

/// A connection as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredConnection {
    /// Its name.
    pub name: String,
    /// The kind of channel or desk.
    pub kind: String,
    /// What is no secret, as a JSON object.
    pub settings: String,
    /// The keys of the secrets, as a JSON list.
    pub secrets: String,
    /// The secrets, as a sealed JSON object.
    pub sealed: String,
    /// One more with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Millis,
    /// When it was last changed.
    pub changed_at: Millis,
    /// Who changed it last: the name of an admin or a key.
    pub changed_by: String,
}

fn read(row: &mut Row) -> Result<StoredConnection, StoreError> {
    Ok(StoredConnection {
        name: row.text()?,
        kind: row.text()?,
        settings: row.text()?,
        secrets: row.text()?,
        sealed: row.text()?,
        version: row.int()?,
        created_at: row.int()?,
        changed_at: row.int()?,
        changed_by: row.text()?,
    })
}

/// All of them, by name.
pub async fn all(db: &Db) -> Result<Vec<StoredConnection>, StoreError> {
    static ALL: Sql = Sql::new(
        "SELECT name, kind, settings, secrets, sealed, version, created_at, changed_at, changed_by FROM stored_connection \
         ORDER BY name LIMIT 1000",
    );
    db.read(&ALL, vec![]).await?.iter_mut().map(read).collect()
}

/// Which there are, in which state: name, version and when it was made. A node compares this with what it has.
pub async fn versions(db: &Db) -> Result<Vec<(String, i64, Millis)>, StoreError> {
    static VERSIONS: Sql = Sql::new("SELECT name, version, created_at FROM stored_connection ORDER BY name LIMIT 1000");
    db.read(&VERSIONS, vec![]).await?.iter_mut().map(|row| Ok((row.text()?, row.int()?, row.int()?))).collect()
}

/// The one of this name.
pub async fn find(db: &Db, name: &str) -> Result<Option<StoredConnection>, StoreError> {
    Ok(all(db).await?.into_iter().find(|stored| stored.name == name))
}

/// Keeps a new one. Gives whether its name was free.
pub async fn add(tx: &mut Tx, new: &StoredConnection) -> Result<bool, StoreError> {
    static ADD: Sql = Sql::new(
        "INSERT INTO stored_connection (name, kind, settings, secrets, sealed, version, created_at, changed_at, changed_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (name) DO NOTHING",
    );
    let StoredConnection { name, kind, settings, secrets, sealed, version, created_at, changed_at, changed_by } = new;
    let values = values![
        name.as_str(),
        kind.as_str(),
        settings.as_str(),
        secrets.as_str(),
        sealed.as_str(),
        *version,
        *created_at,
        *changed_at,
        changed_by.as_str()
    ];
    Ok(tx.execute(&ADD, values).await? == 1)
}

/// Keeps a change of one whose version is still `before`. Gives whether it was.
pub async fn change(tx: &mut Tx, changed: &StoredConnection, before: i64) -> Result<bool, StoreError> {
    static CHANGE: Sql = Sql::new(
        "UPDATE stored_connection SET settings = $3, secrets = $4, sealed = $5, version = $6, changed_at = $7, changed_by = $8 \
         WHERE name = $1 AND version = $2",
    );
    let StoredConnection { name, settings, secrets, sealed, version, changed_at, changed_by, .. } = changed;
    let values =
        values![name.as_str(), before, settings.as_str(), secrets.as_str(), sealed.as_str(), *version, *changed_at, changed_by.as_str()];
    Ok(tx.execute(&CHANGE, values).await? == 1)
}

/// Deletes one whose version is still `version`. Gives whether it was.
pub async fn delete(tx: &mut Tx, name: &str, version: i64) -> Result<bool, StoreError> {
    static DELETE: Sql = Sql::new("DELETE FROM stored_connection WHERE name = $1 AND version = $2");
    Ok(tx.execute(&DELETE, values![name, version]).await? == 1)
}

/// Seals the secrets of one anew, unless they were replaced since. Its version stays: nothing changes for nodes.
pub async fn reseal(tx: &mut Tx, name: &str, before: &str, sealed: &str) -> Result<(), StoreError> {
    static RESEAL: Sql = Sql::new("UPDATE stored_connection SET sealed = $3 WHERE name = $1 AND sealed = $2");
    tx.execute(&RESEAL, values![name, before, sealed]).await.map(drop)
}

/// What hangs on a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hanging {
    /// Messages that have not been sent yet.
    pub messages: i64,
    /// Whether there are conversations with clients on it.
    pub conversations: bool,
    /// Whether a desk has open chats, or reported one within a month.
    pub chats: bool,
}

/// What hangs on a connection: messages under way, conversations, and chats that it reported.
pub async fn hanging(tx: &mut Tx, name: &str) -> Result<Hanging, StoreError> {
    static MESSAGES: Sql =
        Sql::new("SELECT count(*) FROM delivery WHERE connection = $1 AND state IN ('scheduled', 'leased', 'sending', 'unknown')");
    static CONVERSATIONS: Sql = Sql::new("SELECT 1 FROM conversation WHERE connection = $1 LIMIT 1");
    // By indexes alone: chats of a desk are many, and what a desk reported is remembered for a month.
    static CHATS: Sql =
        Sql::new("SELECT 1 FROM inbox WHERE source = $1 UNION ALL SELECT 1 FROM session WHERE source = $1 AND status = 'open' LIMIT 1");
    let messages = tx.fetch(&MESSAGES, values![name]).await?.first_mut().map_or(Ok(0), Row::int)?;
    let conversations = !tx.fetch(&CONVERSATIONS, values![name]).await?.is_empty();
    let chats = !tx.fetch(&CHATS, values![name]).await?.is_empty();
    Ok(Hanging { messages, conversations, chats })
}
