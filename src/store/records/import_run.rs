//! Imports of files: how far each is, and which of its closes are there already.

use crate::store::sql::Sql;
use crate::store::{Db, Millis, Row, StoreError, Tx};
use crate::values;
use serde::Serialize;
use std::collections::HashSet;

/// How far the import of one file is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportRun {
    /// SHA-256 of the file and of how it is read.
    pub id: String,
    /// The file's name, for people.
    pub file: String,
    /// The format.
    pub format: String,
    /// The source under which its sessions are known.
    pub source: String,
    /// Rows that are behind us, in the order of the file.
    pub done: i64,
    /// Closes that were new.
    pub added: i64,
    /// Of them, rated.
    pub ratings: i64,
    /// Closes that were there already.
    pub repeated: i64,
    /// Rows that make no sense.
    pub rejected: i64,
    /// When it began.
    pub started_at: Millis,
    /// When it last went on.
    pub changed_at: Millis,
    /// When its last row was done.
    pub finished_at: Option<Millis>,
}

fn read(row: &mut Row) -> Result<ImportRun, StoreError> {
    Ok(ImportRun {
        id: row.text()?,
        file: row.text()?,
        format: row.text()?,
        source: row.text()?,
        done: row.int()?,
        added: row.int()?,
        ratings: row.int()?,
        repeated: row.int()?,
        rejected: row.int()?,
        started_at: row.int()?,
        changed_at: row.int()?,
        finished_at: row.int_or_null()?,
    })
}

/// How far the import with this id is; none if it never began.
///
/// # Errors
/// The database's error.
pub async fn find(db: &Db, id: &str) -> Result<Option<ImportRun>, StoreError> {
    static FIND: Sql = Sql::new(
        "SELECT id, file, format, source, done, added, ratings, repeated, rejected, started_at, changed_at, finished_at \
         FROM import_run WHERE id = $1",
    );
    db.read(&FIND, values![id]).await?.first_mut().map(read).transpose()
}

/// Keeps how far an import is, which was at the row `before` until now.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody else imports the same file at this moment.
pub async fn save(tx: &mut Tx, run: &ImportRun, before: i64) -> Result<(), StoreError> {
    static SAVE: Sql = Sql::new(
        "INSERT INTO import_run AS i (id, file, format, source, done, added, ratings, repeated, rejected, started_at, changed_at, finished_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO UPDATE SET done = excluded.done, \
         added = excluded.added, ratings = excluded.ratings, repeated = excluded.repeated, rejected = excluded.rejected, \
         changed_at = excluded.changed_at, finished_at = excluded.finished_at WHERE i.done = $13",
    );
    let values = values![
        &run.id,
        &run.file,
        &run.format,
        &run.source,
        run.done,
        run.added,
        run.ratings,
        run.repeated,
        run.rejected,
        run.started_at,
        run.changed_at,
        run.finished_at,
        before
    ];
    crate::store::expect_all(tx.execute(&SAVE, values).await?, 1)
}

/// Which of these rating requests are there.
///
/// # Errors
/// The database's error.
pub async fn known(tx: &mut Tx, ids: &[&str]) -> Result<HashSet<String>, StoreError> {
    static KNOWN: Sql = Sql::new("SELECT q.id FROM rating_request q WHERE q.id {among $1}");
    tx.fetch(&KNOWN, values![crate::store::ids(ids)]).await?.iter_mut().map(Row::text).collect()
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
         JOIN rating_request q ON q.source = $1 AND q.session_id = r.id",
    );
    if sessions.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<Key<'_>> = sessions.iter().map(|&id| Key { id }).collect();
    let read = |row: &mut Row| Ok(KnownClose { session_id: row.text()?, epoch: row.int()?, closed_at: row.int()? });
    tx.fetch(&CLOSES, values![source, crate::store::rows(&keys)]).await?.iter_mut().map(read).collect()
}
