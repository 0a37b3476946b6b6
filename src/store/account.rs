//! People who sign in.

use super::{Db, Millis, Row, StoreError, Tx, sql::Sql};
use crate::values;

/// A person who signs in.
#[derive(Clone, Debug)]
pub struct Account {
    /// Their id.
    pub id: String,
    /// What they type to sign in.
    pub login: String,
    /// Their name.
    pub name: String,
    /// `admin`, `supervisor` or `operator`.
    pub role: String,
    /// The argon2 hash of their password.
    pub password_hash: String,
    /// When the account was made.
    pub created_at: Millis,
    /// Switched off, since then.
    pub disabled_at: Option<Millis>,
}

fn read(row: &mut Row) -> Result<Account, StoreError> {
    Ok(Account {
        id: row.text()?,
        login: row.text()?,
        name: row.text()?,
        role: row.text()?,
        password_hash: row.text()?,
        created_at: row.int()?,
        disabled_at: row.int_or_null()?,
    })
}

/// Keeps a new account.
///
/// # Errors
/// [`StoreError::Conflict`] when the login is taken.
pub async fn insert(tx: &mut Tx, account: &Account) -> Result<(), StoreError> {
    static INSERT: Sql = Sql::new("INSERT INTO account (id, login, name, role, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6)");
    let values = values![&account.id, &account.login, &account.name, &account.role, &account.password_hash, account.created_at];
    tx.execute(&INSERT, values).await.map(drop)
}

/// All accounts, by login.
///
/// # Errors
/// The database's error.
pub async fn all(db: &Db) -> Result<Vec<Account>, StoreError> {
    static ALL: Sql =
        Sql::new("SELECT id, login, name, role, password_hash, created_at, disabled_at FROM account ORDER BY login LIMIT 10000");
    db.read(&ALL, vec![]).await?.iter_mut().map(read).collect()
}

/// Gives an account another password. Gives whether there is such an account.
///
/// # Errors
/// The database's error.
pub async fn set_password(tx: &mut Tx, login: &str, password_hash: &str) -> Result<bool, StoreError> {
    static SET: Sql = Sql::new("UPDATE account SET password_hash = $2 WHERE login = $1");
    Ok(tx.execute(&SET, values![login, password_hash]).await? == 1)
}

/// Switches an account off or on. Gives whether there is such an account.
///
/// # Errors
/// The database's error.
pub async fn set_disabled(tx: &mut Tx, login: &str, disabled_at: Option<Millis>) -> Result<bool, StoreError> {
    static SET: Sql = Sql::new("UPDATE account SET disabled_at = $2 WHERE login = $1");
    Ok(tx.execute(&SET, values![login, disabled_at]).await? == 1)
}
