//! What all nodes share about a connection.

use super::{Db, Millis, Row, StoreError, Tx, sql::Sql};
use crate::values;

/// A connection as it stands.
#[derive(Clone, Debug)]
pub struct ConnectionState {
    /// Its name in the settings.
    pub name: String,
    /// The channel's kind.
    pub kind: String,
    /// Not called before this time.
    pub blocked_until: Millis,
    /// Stopped, since then: the platform says it is broken.
    pub stopped_at: Option<Millis>,
    /// The platform's own words.
    pub stopped_reason: Option<String>,
    /// A node had it in its settings last then.
    pub seen_at: Millis,
    /// Its polling cursor.
    pub cursor: Option<String>,
    /// A message to send through it was last taken up then; 0 for never.
    pub last_served_at: Millis,
}

fn read(row: &mut Row) -> Result<ConnectionState, StoreError> {
    Ok(ConnectionState {
        name: row.text()?,
        kind: row.text()?,
        blocked_until: row.int()?,
        stopped_at: row.int_or_null()?,
        stopped_reason: row.text_or_null()?,
        seen_at: row.int()?,
        cursor: row.text_or_null()?,
        last_served_at: row.int()?,
    })
}

/// A node with this connection in its settings started. One that was stopped runs again: somebody mended it.
///
/// # Errors
/// The database's error.
pub async fn started(tx: &mut Tx, name: &str, kind: &str, now: Millis) -> Result<(), StoreError> {
    static STARTED: Sql = Sql::new(
        "INSERT INTO connection (name, kind, seen_at) VALUES ($1, $2, $3) \
         ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, seen_at = excluded.seen_at, stopped_at = NULL, stopped_reason = NULL",
    );
    tx.execute(&STARTED, values![name, kind, now]).await.map(drop)
}

/// The platform says that the connection itself is broken: its deliveries wait.
///
/// # Errors
/// The database's error.
pub async fn stop(tx: &mut Tx, name: &str, reason: &str, now: Millis) -> Result<bool, StoreError> {
    static STOP: Sql = Sql::new("UPDATE connection SET stopped_at = $3, stopped_reason = $2 WHERE name = $1 AND stopped_at IS NULL");
    Ok(tx.execute(&STOP, values![name, reason, now]).await? == 1)
}

/// A person says that the connection works again.
///
/// # Errors
/// The database's error.
pub async fn resume(tx: &mut Tx, name: &str) -> Result<bool, StoreError> {
    static RESUME: Sql = Sql::new("UPDATE connection SET stopped_at = NULL, stopped_reason = NULL, blocked_until = 0 WHERE name = $1");
    Ok(tx.execute(&RESUME, values![name]).await? == 1)
}

/// The platform asks for a pause at `now`: nobody calls this connection before `until`.
///
/// # Errors
/// The database's error.
pub async fn pause(tx: &mut Tx, name: &str, until: Millis, now: Millis) -> Result<(), StoreError> {
    static PAUSE: Sql = Sql::new("UPDATE connection SET blocked_until = {greatest}(blocked_until, $2), blocked_at = $3 WHERE name = $1");
    tx.execute(&PAUSE, values![name, until, now]).await.map(drop)
}

/// Keeps a polling cursor, in the transaction that keeps what it passed.
///
/// # Errors
/// The database's error.
pub async fn keep_cursor(tx: &mut Tx, name: &str, cursor: &str) -> Result<(), StoreError> {
    static KEEP: Sql = Sql::new("UPDATE connection SET cursor = $2 WHERE name = $1");
    tx.execute(&KEEP, values![name, cursor]).await.map(drop)
}

/// All connections that any node ever had, by name.
///
/// # Errors
/// The database's error.
pub async fn all(db: &Db) -> Result<Vec<ConnectionState>, StoreError> {
    static ALL: Sql = Sql::new(
        "SELECT name, kind, blocked_until, stopped_at, stopped_reason, seen_at, cursor, last_served_at FROM connection ORDER BY name LIMIT 1000",
    );
    db.read(&ALL, vec![]).await?.iter_mut().map(read).collect()
}
