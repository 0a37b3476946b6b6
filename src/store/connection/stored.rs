//! Connections created by admins on a page or through the API: secrets are sealed, other settings are plain.

use crate::sql::Sql;
use crate::values;
use crate::{Db, Millis, Row, StoreError, Tx};
use lastword_base::names::ConnectionId;

/// A stored connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredConnection {
    /// Its name.
    pub name: ConnectionId,
    /// The kind of channel or desk.
    pub kind: String,
    /// Settings that are not secret, as a JSON object.
    pub settings: String,
    /// The keys of the secrets, as a JSON list.
    pub secrets: String,
    /// The secrets, as a sealed JSON object.
    pub sealed: String,
    /// Version; each change increases it by one.
    pub version: i64,
    /// Time when it was created.
    pub created_at: Millis,
    /// Time of the last change.
    pub changed_at: Millis,
    /// Author of the last change: the name of an admin or a key.
    pub changed_by: String,
}

fn read(row: &mut Row) -> Result<StoredConnection, StoreError> {
    Ok(StoredConnection {
        name: row.name()?,
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

/// All stored connections, by name.
pub async fn all(db: &Db) -> Result<Vec<StoredConnection>, StoreError> {
    static ALL: Sql = Sql::new(
        "SELECT name, kind, settings, secrets, sealed, version, created_at, changed_at, changed_by FROM stored_connection \
         ORDER BY name LIMIT 1000",
    );
    db.read(&ALL, vec![]).await?.iter_mut().map(read).collect()
}

/// Name, version and time of creation of each. A node compares them with its own.
pub async fn versions(db: &Db) -> Result<Vec<(ConnectionId, i64, Millis)>, StoreError> {
    static VERSIONS: Sql = Sql::new("SELECT name, version, created_at FROM stored_connection ORDER BY name LIMIT 1000");
    db.read(&VERSIONS, vec![]).await?.iter_mut().map(|row| Ok((row.name()?, row.int()?, row.int()?))).collect()
}

/// The connection of this name.
pub async fn find(db: &Db, name: &ConnectionId) -> Result<Option<StoredConnection>, StoreError> {
    Ok(all(db).await?.into_iter().find(|stored| stored.name == *name))
}

/// Stores a new connection. Returns false if its name is taken.
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

/// Stores a change if the version is still `before`. Returns whether it was.
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

/// Deletes a connection if its version is still `version`. Returns whether it was.
pub async fn delete(tx: &mut Tx, name: &ConnectionId, version: i64) -> Result<bool, StoreError> {
    static DELETE: Sql = Sql::new("DELETE FROM stored_connection WHERE name = $1 AND version = $2");
    Ok(tx.execute(&DELETE, values![name, version]).await? == 1)
}

/// Replaces the sealed secrets of a connection, unless they were changed meanwhile. Its version stays, because nothing changes for nodes.
pub async fn reseal(tx: &mut Tx, name: &ConnectionId, before: &str, sealed: &str) -> Result<(), StoreError> {
    static RESEAL: Sql = Sql::new("UPDATE stored_connection SET sealed = $3 WHERE name = $1 AND sealed = $2");
    tx.execute(&RESEAL, values![name, before, sealed]).await.map(drop)
}

/// Data that depends on a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hanging {
    /// Number of messages not sent yet.
    pub messages: i64,
    /// True if it has conversations with clients.
    pub conversations: bool,
    /// True if a desk has open chats, or reported one within the last month.
    pub chats: bool,
}

/// Data that depends on a connection: unsent messages, conversations, and chats that it reported.
pub async fn hanging(tx: &mut Tx, name: &ConnectionId) -> Result<Hanging, StoreError> {
    static MESSAGES: Sql =
        Sql::new("SELECT count(*) FROM delivery WHERE connection = $1 AND state IN ('scheduled', 'leased', 'sending', 'unknown')");
    static CONVERSATIONS: Sql = Sql::new("SELECT 1 FROM conversation WHERE connection = $1 LIMIT 1");
    // Uses indexes only: a desk has many chats, and its reports are stored for a month.
    static CHATS: Sql =
        Sql::new("SELECT 1 FROM inbox WHERE source = $1 UNION ALL SELECT 1 FROM session WHERE source = $1 AND status = 'open' LIMIT 1");
    let messages = tx.fetch(&MESSAGES, values![name]).await?.first_mut().map_or(Ok(0), Row::int)?;
    let conversations = !tx.fetch(&CONVERSATIONS, values![name]).await?.is_empty();
    let chats = !tx.fetch(&CHATS, values![name]).await?.is_empty();
    Ok(Hanging { messages, conversations, chats })
}
