//! Logins: browsers in which a person is signed in. Only a hash of each secret is stored.

use crate::access::account::{self, Account};
use crate::sql::Sql;
use crate::sql::table::table;
use crate::{Db, Millis, StoreError, Tx, values};
use lastword_base::names::{AccountId, LoginId};
use serde::Serialize;

table! {
    /// A login.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    pub struct Login = columns!(login l) {
        /// SHA-256 of the secret in the cookie.
        hash: String,
        /// ID with which its owner can end it from elsewhere.
        id: LoginId,
        /// Its account.
        account_id: AccountId,
        /// Time of the start.
        created_at: Millis,
        /// Time of the last use, to the minute.
        seen_at: Millis,
        /// Client address.
        address: String,
        /// The user agent.
        agent: String,
    }
}

/// Inserts a new login.
pub async fn insert(tx: &mut Tx, login: &Login) -> Result<(), StoreError> {
    static INSERT: Sql = Sql::new(columns!(insert));
    tx.execute(&INSERT, values![crate::rows(std::slice::from_ref(login))]).await.map(drop)
}

/// The login with this hash, and its account.
pub async fn find(db: &Db, hash: &str) -> Result<Option<(Login, Account)>, StoreError> {
    static FIND: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        ", ",
        account::columns!(),
        " FROM login l JOIN account a ON a.id = l.account_id WHERE l.hash = $1"
    ));
    let mut rows = db.read(&FIND, values![hash]).await?;
    rows.first_mut().map(|row| Ok((Login::read(row)?, Account::read(row)?))).transpose()
}

/// The logins of an account that began after `since`, the one used last first.
pub async fn of_account(db: &Db, account_id: AccountId, since: Millis) -> Result<Vec<Login>, StoreError> {
    static OF: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM login l WHERE l.account_id = $1 AND l.created_at > $2 ORDER BY l.seen_at DESC, l.id LIMIT 100"
    ));
    db.read(&OF, values![account_id, since]).await?.iter_mut().map(Login::read).collect()
}

/// Records the use of a login.
pub async fn seen(tx: &mut Tx, hash: &str, now: Millis) -> Result<(), StoreError> {
    static SEEN: Sql = Sql::new("UPDATE login SET seen_at = $2 WHERE hash = $1 AND seen_at < $2");
    tx.execute(&SEEN, values![hash, now]).await.map(drop)
}

/// Ends a login.
pub async fn end(tx: &mut Tx, hash: &str) -> Result<bool, StoreError> {
    static END: Sql = Sql::new("DELETE FROM login WHERE hash = $1");
    Ok(tx.execute(&END, values![hash]).await? == 1)
}

/// Ends a login of this account, by its ID.
pub async fn end_one_of(tx: &mut Tx, account_id: AccountId, id: LoginId) -> Result<bool, StoreError> {
    static END: Sql = Sql::new("DELETE FROM login WHERE account_id = $1 AND id = $2");
    Ok(tx.execute(&END, values![account_id, id]).await? == 1)
}

/// Ends all logins of an account but the one with this hash.
pub async fn end_all_of(tx: &mut Tx, account_id: AccountId, but: &str) -> Result<u64, StoreError> {
    static END: Sql = Sql::new("DELETE FROM login WHERE account_id = $1 AND hash <> $2");
    tx.execute(&END, values![account_id, but]).await
}

/// Deletes logins that began before `before`.
pub async fn sweep(tx: &mut Tx, before: Millis) -> Result<(), StoreError> {
    static SWEEP: Sql = Sql::new("DELETE FROM login WHERE created_at < $1");
    tx.execute(&SWEEP, values![before]).await.map(drop)
}
