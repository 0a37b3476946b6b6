//! API keys of programs. Only a hash is stored.

use crate::sql::Sql;
use crate::sql::table::table;
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::{KeyId, LineId};
use lastword_domain::access::rights::Lines;
use std::collections::HashSet;

table! {
    /// A key.
    #[derive(Clone, Debug)]
    pub struct ApiKey = columns!(api_key api_key) {
        /// Its ID.
        id: KeyId,
        /// Its name.
        name: String,
        /// Its first letters, to identify it.
        prefix: String,
        /// SHA-256 of the whole key.
        hash: String,
        /// Its scopes.
        scopes: Vec<String>,
        /// The lines that it is limited to.
        lines: Lines,
        /// Time of creation.
        created_at: Millis,
        /// Time of the last use, to the minute.
        last_used_at: Option<Millis>,
        /// Time when it was revoked.
        revoked_at: Option<Millis>,
    }
}

/// Inserts a new key.
pub async fn insert(tx: &mut Tx, key: &ApiKey) -> Result<(), StoreError> {
    static INSERT: Sql =
        Sql::new("INSERT INTO api_key (id, name, prefix, hash, scopes, lines, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)");
    let lines = match &key.lines {
        Lines::All => None,
        Lines::Some(lines) => Some(crate::json(lines)),
    };
    let values = values![&key.id, &key.name, &key.prefix, &key.hash, crate::json(&key.scopes), lines, key.created_at];
    tx.execute(&INSERT, values).await.map(drop)
}

/// The key with this hash, revoked or not.
pub async fn by_hash(db: &Db, hash: &str) -> Result<Option<ApiKey>, StoreError> {
    static BY_HASH: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM api_key WHERE hash = $1"));
    db.read(&BY_HASH, values![hash]).await?.first_mut().map(ApiKey::read).transpose()
}

/// The hashes of all valid keys.
pub async fn hashes(db: &Db) -> Result<HashSet<String>, StoreError> {
    static HASHES: Sql = Sql::new("SELECT hash FROM api_key WHERE revoked_at IS NULL LIMIT 100000");
    db.read(&HASHES, vec![]).await?.iter_mut().map(Row::text).collect()
}

/// All keys, newest first.
pub async fn all(db: &Db) -> Result<Vec<ApiKey>, StoreError> {
    static ALL: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM api_key ORDER BY id DESC LIMIT 10000"));
    db.read(&ALL, vec![]).await?.iter_mut().map(ApiKey::read).collect()
}

/// The names of the valid keys that are limited to lines including this one.
pub async fn limited_to(tx: &mut Tx, line: &LineId) -> Result<Vec<String>, StoreError> {
    static LIMITED: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM api_key WHERE lines IS NOT NULL AND revoked_at IS NULL ORDER BY name, id LIMIT 10000"
    ));
    let keys = tx.fetch(&LIMITED, vec![]).await?.iter_mut().map(ApiKey::read).collect::<Result<Vec<_>, _>>()?;
    Ok(keys.into_iter().filter(|key| key.lines.admit(line)).map(|key| key.name).collect())
}

/// Records the use of a key.
pub async fn used(tx: &mut Tx, id: KeyId, now: Millis) -> Result<(), StoreError> {
    static USED: Sql = Sql::new("UPDATE api_key SET last_used_at = $2 WHERE id = $1");
    tx.execute(&USED, values![id, now]).await.map(drop)
}

/// Revokes a key, by its ID or prefix. Returns the number of revoked keys.
pub async fn revoke(tx: &mut Tx, id_or_prefix: &str, now: Millis) -> Result<u64, StoreError> {
    static REVOKE: Sql = Sql::new("UPDATE api_key SET revoked_at = $2 WHERE (id = $1 OR prefix = $1) AND revoked_at IS NULL");
    tx.execute(&REVOKE, values![id_or_prefix, now]).await
}
