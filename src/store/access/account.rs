//! People who sign in.

use crate::sql::Sql;
use crate::sql::table::table;
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::{AccountId, LineId, OperatorId};
use lastword_domain::access::rights::Role;
use serde::Serialize;
use std::collections::BTreeSet;

table! {
    /// A person who signs in.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
    pub struct Account = columns!(account a) {
        /// Their ID.
        id: AccountId,
        /// Login.
        login: String,
        /// Their name.
        name: String,
        /// Their role.
        role: Role,
        /// The argon2 hash of their password; a placeholder if none was chosen yet.
        password_hash: String,
        /// For an operator: their ID in the desk.
        operator_id: Option<OperatorId>,
        /// For a supervisor: sees all lines.
        all_lines: bool,
        /// For an operator: may read comments about themselves.
        comments: bool,
        /// The language they chose.
        language: Option<String>,
        /// `light` or `dark`, if they chose one.
        theme: Option<String>,
        /// Time of creation.
        created_at: Millis,
        /// Disabled since this time.
        disabled_at: Option<Millis>,
    }
}

pub(crate) use columns;

/// Inserts a new account.
///
/// # Errors
/// [`StoreError::Conflict`] if the login or the ID is taken.
pub async fn insert(tx: &mut Tx, account: &Account) -> Result<(), StoreError> {
    static INSERT: Sql = Sql::new(columns!(insert));
    tx.execute(&INSERT, values![crate::rows(std::slice::from_ref(account))]).await.map(drop)
}

/// All accounts, by login.
pub async fn all(db: &Db) -> Result<Vec<Account>, StoreError> {
    static ALL: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM account a ORDER BY a.login LIMIT 10000"));
    db.read(&ALL, vec![]).await?.iter_mut().map(Account::read).collect()
}

/// True if there is any account.
pub async fn any(db: &Db) -> Result<bool, StoreError> {
    static ANY: Sql = Sql::new("SELECT a.id FROM account a LIMIT 1");
    Ok(!db.read(&ANY, vec![]).await?.is_empty())
}

/// One account.
pub async fn find(db: &Db, id: AccountId) -> Result<Option<Account>, StoreError> {
    static FIND: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM account a WHERE a.id = $1"));
    db.read(&FIND, values![id]).await?.first_mut().map(Account::read).transpose()
}

/// One account, locked until the end of the transaction.
pub async fn hold(tx: &mut Tx, id: AccountId) -> Result<Option<Account>, StoreError> {
    static HOLD: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM account a WHERE a.id = $1 {lock}"));
    tx.fetch(&HOLD, values![id]).await?.first_mut().map(Account::read).transpose()
}

/// The account of a login as typed: exactly, or in lowercase.
pub async fn by_login(db: &Db, login: &str) -> Result<Option<Account>, StoreError> {
    static BY_LOGIN: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM account a WHERE a.login = $1"));
    if let Some(row) = db.read(&BY_LOGIN, values![login]).await?.first_mut() {
        return Account::read(row).map(Some);
    }
    db.read(&BY_LOGIN, values![login.to_lowercase()]).await?.first_mut().map(Account::read).transpose()
}

/// Number of admins who can sign in, other than this one; locked until the end of the transaction.
pub async fn other_admins(tx: &mut Tx, id: AccountId) -> Result<usize, StoreError> {
    static OTHERS: Sql = Sql::new("SELECT a.id FROM account a WHERE a.role = 'admin' AND a.disabled_at IS NULL ORDER BY a.id {lock}");
    let mut rows = tx.fetch(&OTHERS, vec![]).await?;
    let ids: Vec<AccountId> = rows.iter_mut().map(Row::id).collect::<Result<_, _>>()?;
    Ok(ids.iter().filter(|other| **other != id).count())
}

/// Writes the columns that an admin may change.
pub async fn change(tx: &mut Tx, account: &Account) -> Result<(), StoreError> {
    static CHANGE: Sql = Sql::new(
        "UPDATE account SET name = $2, role = $3, operator_id = $4, all_lines = $5, comments = $6, disabled_at = $7 WHERE id = $1",
    );
    let (all_lines, comments) = (i64::from(account.all_lines), i64::from(account.comments));
    let operator = account.operator_id.as_ref();
    let values = values![&account.id, &account.name, account.role.as_str(), operator, all_lines, comments, account.disabled_at];
    tx.execute(&CHANGE, values).await.map(drop)
}

/// Sets the password of an account.
pub async fn set_password(tx: &mut Tx, id: AccountId, password_hash: &str) -> Result<(), StoreError> {
    static SET: Sql = Sql::new("UPDATE account SET password_hash = $2 WHERE id = $1");
    tx.execute(&SET, values![id, password_hash]).await.map(drop)
}

/// Stores a person's preferences for the pages.
pub async fn set_choice(tx: &mut Tx, id: AccountId, language: Option<&str>, theme: Option<&str>) -> Result<(), StoreError> {
    static SET: Sql = Sql::new("UPDATE account SET language = $2, theme = $3 WHERE id = $1");
    tx.execute(&SET, values![id, language, theme]).await.map(drop)
}

/// The lines of a supervisor who does not see all of them.
pub async fn lines(db: &Db, id: AccountId) -> Result<BTreeSet<LineId>, StoreError> {
    static LINES: Sql = Sql::new("SELECT line_id FROM account_line WHERE account_id = $1 ORDER BY line_id");
    db.read(&LINES, values![id]).await?.iter_mut().map(Row::name).collect()
}

/// As [`lines`], inside a transaction.
pub async fn lines_in(tx: &mut Tx, id: AccountId) -> Result<BTreeSet<LineId>, StoreError> {
    static LINES: Sql = Sql::new("SELECT line_id FROM account_line WHERE account_id = $1 ORDER BY line_id");
    tx.fetch(&LINES, values![id]).await?.iter_mut().map(Row::name).collect()
}

/// Sets the lines of a supervisor.
pub async fn set_lines(tx: &mut Tx, id: AccountId, lines: &BTreeSet<LineId>) -> Result<(), StoreError> {
    static CLEAR: Sql = Sql::new("DELETE FROM account_line WHERE account_id = $1");
    static FILL: Sql = Sql::new("INSERT INTO account_line (account_id, line_id) SELECT $1, r.id FROM {rows $2 r: id text}");
    tx.execute(&CLEAR, values![id]).await?;
    let lines: Vec<&LineId> = lines.iter().collect();
    tx.execute(&FILL, values![id, crate::names(&lines)]).await.map(drop)
}

/// The lines of every supervisor who does not see all: account and line.
pub async fn all_lines(db: &Db) -> Result<Vec<(AccountId, LineId)>, StoreError> {
    static ALL: Sql = Sql::new("SELECT account_id, line_id FROM account_line ORDER BY account_id, line_id");
    db.read(&ALL, vec![]).await?.iter_mut().map(|row| Ok((row.id()?, row.name()?))).collect()
}
