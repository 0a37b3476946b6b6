//! Imports of files: their progress, and closes that already exist.

use crate::sql::Sql;
use crate::sql::table::table;
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::{RequestId, SessionId, Source};
use serde::Serialize;
use std::collections::HashSet;

table! {
    /// The import of one file.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
    pub struct ImportRun = columns!(import_run import_run) {
        /// SHA-256 of the file and of the import options.
        id: String,
        /// The file's name, for display.
        file: String,
        /// The format.
        format: String,
        /// The source of its sessions.
        source: Source,
        /// Processed rows, in the order of the file.
        done: i64,
        /// New closes.
        added: i64,
        /// New closes with a rating.
        ratings: i64,
        /// Closes that already existed.
        repeated: i64,
        /// Invalid rows.
        rejected: i64,
        /// Time of the start.
        started_at: Millis,
        /// Time of the last progress.
        changed_at: Millis,
        /// Time of the end.
        finished_at: Option<Millis>,
    }
}

/// The import with this ID; `None` if it was never started.
pub async fn find(db: &Db, id: &str) -> Result<Option<ImportRun>, StoreError> {
    static FIND: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM import_run WHERE id = $1"));
    db.read(&FIND, values![id]).await?.first_mut().map(ImportRun::read).transpose()
}

/// Stores the progress of an import, which was at the row `before`.
///
/// # Errors
/// [`StoreError::Conflict`] if another process imports the same file at the same time.
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

/// Those of these rating requests that exist.
pub async fn known(tx: &mut Tx, ids: &[RequestId]) -> Result<HashSet<RequestId>, StoreError> {
    static KNOWN: Sql = Sql::new("SELECT q.id FROM rating_request q WHERE q.id {among $1}");
    tx.fetch(&KNOWN, values![crate::ids(ids)]).await?.iter_mut().map(Row::id).collect()
}

/// An existing close of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownClose {
    /// The session.
    pub session_id: SessionId,
    /// Its number within the session.
    pub epoch: i64,
    /// Time of the close.
    pub closed_at: Millis,
}

/// All closes of these sessions of one source.
pub async fn closes_of(tx: &mut Tx, source: &Source, sessions: &[&SessionId]) -> Result<Vec<KnownClose>, StoreError> {
    #[derive(Serialize)]
    struct Key<'a> {
        id: &'a SessionId,
    }
    static CLOSES: Sql = Sql::new(
        "SELECT q.session_id, q.epoch, q.closed_at FROM {rows $2 r: id text} \
         JOIN rating_request q ON {apart q.source} = $1 AND q.session_id = r.id",
    );
    if sessions.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<Key<'_>> = sessions.iter().map(|&id| Key { id }).collect();
    let read = |row: &mut Row| Ok(KnownClose { session_id: row.name()?, epoch: row.int()?, closed_at: row.int()? });
    tx.fetch(&CLOSES, values![source, crate::rows(&keys)]).await?.iter_mut().map(read).collect()
}
