//! Renewed secrets of platforms, sealed: they are useless without the installation's key.

use crate::sql::Sql;
use crate::values;
use crate::{Db, Millis, Row, StoreError, Tx};
use lastword_base::names::ConnectionId;

/// The renewed secret of one connection.
#[derive(Clone, Debug)]
pub struct ConnectionSecret {
    /// The connection.
    pub connection: ConnectionId,
    /// SHA-256, in hex, of the configured secret that it was made from. A new secret in the settings takes precedence.
    pub made_from: String,
    /// The secret, sealed.
    pub sealed: String,
    /// Time when it expires.
    pub ends_at: Millis,
    /// Time when it was renewed.
    pub renewed_at: Millis,
}

fn read(row: &mut Row) -> Result<ConnectionSecret, StoreError> {
    Ok(ConnectionSecret {
        connection: row.name()?,
        made_from: row.text()?,
        sealed: row.text()?,
        ends_at: row.int()?,
        renewed_at: row.int()?,
    })
}

/// All renewed secrets.
pub async fn all(db: &Db) -> Result<Vec<ConnectionSecret>, StoreError> {
    static ALL: Sql =
        Sql::new("SELECT connection, made_from, sealed, ends_at, renewed_at FROM connection_secret ORDER BY connection LIMIT 1000");
    db.read(&ALL, vec![]).await?.iter_mut().map(read).collect()
}

/// Stores a renewed secret, replacing the previous one.
pub async fn keep(tx: &mut Tx, secret: &ConnectionSecret) -> Result<(), StoreError> {
    static KEEP: Sql = Sql::new(
        "INSERT INTO connection_secret (connection, made_from, sealed, ends_at, renewed_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (connection) DO UPDATE SET made_from = excluded.made_from, sealed = excluded.sealed, ends_at = excluded.ends_at, \
         renewed_at = excluded.renewed_at",
    );
    let ConnectionSecret { connection, made_from, sealed, ends_at, renewed_at } = secret;
    tx.execute(&KEEP, values![connection.as_str(), made_from.as_str(), sealed.as_str(), *ends_at, *renewed_at]).await.map(drop)
}

/// Replaces the sealed text of a secret, unless it was changed meanwhile.
pub async fn reseal(tx: &mut Tx, connection: &ConnectionId, before: &str, sealed: &str) -> Result<(), StoreError> {
    static RESEAL: Sql = Sql::new("UPDATE connection_secret SET sealed = $3 WHERE connection = $1 AND sealed = $2");
    tx.execute(&RESEAL, values![connection, before, sealed]).await.map(drop)
}
