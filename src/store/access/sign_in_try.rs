//! Failed tries to sign in, by the hash of the typed login and the place.

use crate::sql::Sql;
use crate::values;
use crate::{Millis, StoreError, Tx};

/// Tries with one login.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    /// Number of failures since the last success.
    pub failures: i64,
    /// Time of the last one.
    pub last_at: Millis,
    /// No further try before this time.
    pub until: Millis,
}

/// The tries with this login, locked until the end of the transaction.
pub async fn hold(tx: &mut Tx, who: &str) -> Result<Option<Tries>, StoreError> {
    static HOLD: Sql = Sql::new("SELECT failures, last_at, until FROM sign_in_try WHERE who = $1 {lock}");
    let mut rows = tx.fetch(&HOLD, values![who]).await?;
    rows.first_mut().map(|row| Ok(Tries { failures: row.int()?, last_at: row.int()?, until: row.int()? })).transpose()
}

/// Writes the tries with this login. Two first tries at the same time write one row: the second is repeated.
///
/// # Errors
/// [`StoreError::Conflict`] if the row has changed since `before`.
pub async fn save(tx: &mut Tx, who: &str, before: Option<Tries>, tries: Tries) -> Result<(), StoreError> {
    static INSERT: Sql = Sql::new("INSERT INTO sign_in_try (who, failures, last_at, until) VALUES ($1, $2, $3, $4)");
    static UPDATE: Sql = Sql::new("UPDATE sign_in_try SET failures = $2, last_at = $3, until = $4 WHERE who = $1");
    let statement = if before.is_none() { &INSERT } else { &UPDATE };
    let written = tx.execute(statement, values![who, tries.failures, tries.last_at, tries.until]).await?;
    crate::expect_all(written, 1)
}

/// Deletes the tries with this login.
pub async fn forget(tx: &mut Tx, who: &str) -> Result<(), StoreError> {
    static FORGET: Sql = Sql::new("DELETE FROM sign_in_try WHERE who = $1");
    tx.execute(&FORGET, values![who]).await.map(drop)
}

/// Deletes tries of which the last one was before `before`.
pub async fn sweep(tx: &mut Tx, before: Millis) -> Result<(), StoreError> {
    static SWEEP: Sql = Sql::new("DELETE FROM sign_in_try WHERE last_at < $1");
    tx.execute(&SWEEP, values![before]).await.map(drop)
}
