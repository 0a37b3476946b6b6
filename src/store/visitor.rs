//! Visitors of a web chat.

use super::{Db, Millis, Row, StoreError, Tx, sql::Sql};
use crate::values;

/// A visitor.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Their id.
    pub id: String,
    /// The language of their browser.
    pub language: Option<String>,
    /// How many sessions they began.
    pub session_number: i64,
}

fn read(row: &mut Row) -> Result<Visitor, StoreError> {
    Ok(Visitor { id: row.text()?, language: row.text_or_null()?, session_number: row.int()? })
}

/// A visitor came, for the first time or again.
///
/// # Errors
/// The database's error.
pub async fn came(tx: &mut Tx, connection: &str, id: &str, language: Option<&str>, now: Millis) -> Result<(), StoreError> {
    static CAME: Sql = Sql::new(
        "INSERT INTO visitor (connection, id, language, created_at, seen_at) VALUES ($1, $2, $3, $4, $4) \
         ON CONFLICT (connection, id) DO UPDATE SET seen_at = excluded.seen_at, language = COALESCE(excluded.language, visitor.language)",
    );
    tx.execute(&CAME, values![connection, id, language, now]).await.map(drop)
}

/// One visitor.
///
/// # Errors
/// The database's error.
pub async fn find(db: &Db, connection: &str, id: &str) -> Result<Option<Visitor>, StoreError> {
    static FIND: Sql = Sql::new("SELECT id, language, session_number FROM visitor WHERE connection = $1 AND id = $2");
    db.read(&FIND, values![connection, id]).await?.first_mut().map(read).transpose()
}

/// As [`find`], held until the end of the transaction.
///
/// # Errors
/// The database's error.
pub async fn hold(tx: &mut Tx, connection: &str, id: &str) -> Result<Option<Visitor>, StoreError> {
    static HOLD: Sql = Sql::new("SELECT id, language, session_number FROM visitor WHERE connection = $1 AND id = $2 {lock}");
    tx.fetch(&HOLD, values![connection, id]).await?.first_mut().map(read).transpose()
}

/// A visitor begins the session with this number.
///
/// # Errors
/// The database's error.
pub async fn began(tx: &mut Tx, connection: &str, id: &str, session_number: i64) -> Result<(), StoreError> {
    static BEGAN: Sql = Sql::new("UPDATE visitor SET session_number = $3 WHERE connection = $1 AND id = $2");
    tx.execute(&BEGAN, values![connection, id, session_number]).await.map(drop)
}
