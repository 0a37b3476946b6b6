//! Secrets that platforms renewed, sealed: what stands here is worth nothing without the installation's key.

use crate::sql::Sql;
use crate::values;
use crate::{Db, Millis, Row, StoreError, Tx};

/// The renewed secret of one connection.
#[derive(Clone, Debug)]
pub struct ConnectionSecret {
    /// The connection.
    pub connection: String,
    /// SHA-256 of the secret in the settings that it was made from, in hex: a new one there wins.
    pub made_from: String,
    /// The secret, sealed.
    pub sealed: String,
    /// It ends then.
    pub ends_at: Millis,
    /// It was made then.
    pub renewed_at: Millis,
}

fn read(row: &mut Row) -> Result<ConnectionSecret, StoreError> {
    Ok(ConnectionSecret {
        connection: row.text()?,
        made_from: row.text()?,
        sealed: row.text()?,
        ends_at: row.int()?,
        renewed_at: row.int()?,
    })
}

/// All of them.
pub async fn all(db: &Db) -> Result<Vec<ConnectionSecret>, StoreError> {
    static ALL: Sql =
        Sql::new("SELECT connection, made_from, sealed, ends_at, renewed_at FROM connection_secret ORDER BY connection LIMIT 1000");
    db.read(&ALL, vec![]).await?.iter_mut().map(read).collect()
}

/// Keeps a renewed secret in the place of the one before.
pub async fn keep(tx: &mut Tx, secret: &ConnectionSecret) -> Result<(), StoreError> {
    static KEEP: Sql = Sql::new(
        "INSERT INTO connection_secret (connection, made_from, sealed, ends_at, renewed_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (connection) DO UPDATE SET made_from = excluded.made_from, sealed = excluded.sealed, ends_at = excluded.ends_at, \
         renewed_at = excluded.renewed_at",
    );
    let ConnectionSecret { connection, made_from, sealed, ends_at, renewed_at } = secret;
    tx.execute(&KEEP, values![connection.as_str(), made_from.as_str(), sealed.as_str(), *ends_at, *renewed_at]).await.map(drop)
}

/// Seals a secret anew, unless it was replaced since.
pub async fn reseal(tx: &mut Tx, connection: &str, before: &str, sealed: &str) -> Result<(), StoreError> {
    static RESEAL: Sql = Sql::new("UPDATE connection_secret SET sealed = $3 WHERE connection = $1 AND sealed = $2");
    tx.execute(&RESEAL, values![connection, before, sealed]).await.map(drop)
}
