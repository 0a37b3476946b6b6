//! Imports of files: how far each is, and which of its closes are there already.

use crate::sql::Sql;
use crate::table::table;
use crate::values;
use crate::{Db, Millis, Row, StoreError, Tx};
use serde::Serialize;
use std::collections::HashSet;

table! {
    /// How far the import of one file is.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
    pub struct ImportRun = columns!(import_run import_run) {
        /// SHA-256 of the file and of how it is read.
        id: String,
        /// The file's name, for people.
        file: String,
        /// The format.
        format: String,
        /// The source under which its sessions are known.
        source: String,
        /// Rows that are behind us, in the order of the file.
        done: i64,
        /// Closes that were new.
        added: i64,
        /// Of them, rated.
        ratings: i64,
        /// Closes that were there already.
        repeated: i64,
        /// Rows that make no sense.
        rejected: i64,
        /// When it began.
        started_at: Millis,
        /// When it last went on.
        changed_at: Millis,
        /// When its last row was done.
        finished_at: Option<Millis>,
    }
}

/// How far the import with this id is; none if it never began.
///
/// # Errors
/// The database's error.
pub async fn find(db: &Db, id: &str) -> Result<Option<ImportRun>, StoreError> {
    static FIND: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM import_run WHERE id = $1"));
    db.read(&FIND, values![id]).await?.first_mut().map(ImportRun::read).transpose()
}

/// Keeps how far an import is, which was at the row `before` until now.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody else imports the same file at this moment.
pub async fn save(tx: &mut Tx, run: &ImportRun, before: i64) -> Result<(), StoreError> {
    static SAVE: Sql = Sql::new(concat!(
        columns!(insert),
        " WHERE true ON CONFLICT (id) DO UPDATE SET done = excluded.done, \
         added = excluded.added, ratings = excluded.ratings, repeated = excluded.repeated, rejected = excluded.rejected, \
         changed_at = excluded.changed_at, finished_at = excluded.finished_at WHERE import_run.done = $2"
    ));
    let values = values![crate::rows(std::slice::from_ref(run)), before];
    crate::expect_all(tx.execute(&SAVE, values).await?, 1)
}

/// Which of these rating requests are there.
///
/// # Errors
/// The database's error.
pub async fn known(tx: &mut Tx, ids: &[&str]) -> Result<HashSet<String>, StoreError> {
    static KNOWN: Sql = Sql::new("SELECT q.id FROM rating_request q WHERE q.id {among $1}");
    tx.fetch(&KNOWN, values![crate::ids(ids)]).await?.iter_mut().map(Row::text).collect()
}

/// A close of a session that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownClose {
    /// The session.
    pub session_id: String,
    /// Which close of it.
    pub epoch: i64,
    /// When it was closed.
    pub closed_at: Millis,
}

/// All closes of these sessions of one source.
///
/// # Errors
/// The database's error.
pub async fn closes_of(tx: &mut Tx, source: &str, sessions: &[&str]) -> Result<Vec<KnownClose>, StoreError> {
    #[derive(Serialize)]
    struct Key<'a> {
        id: &'a str,
    }
    static CLOSES: Sql = Sql::new(
        "SELECT q.session_id, q.epoch, q.closed_at FROM {rows $2 r: id text} \
         JOIN rating_request q ON {apart q.source} = $1 AND q.session_id = r.id",
    );
    if sessions.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<Key<'_>> = sessions.iter().map(|&id| Key { id }).collect();
    let read = |row: &mut Row| Ok(KnownClose { session_id: row.text()?, epoch: row.int()?, closed_at: row.int()? });
    tx.fetch(&CLOSES, values![source, crate::rows(&keys)]).await?.iter_mut().map(read).collect()
}
