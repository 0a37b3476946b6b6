//! State of the database as a whole: its location, its heartbeat, and whether it may send.
//!
//! Every statement that lets a message be sent checks this row itself (`{may_send $n}`), so that a copy put in place under a
//! running node sends nothing. A database without the row sends nothing.

use crate::sql::Sql;
use crate::transaction;
use crate::values;
use crate::{Db, Millis, Row, StoreError, Tx};
use lastword_domain::quarantine::{Cause, Kept};

/// The row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Installation {
    /// State stored in the database.
    pub kept: Kept,
    /// Time of the last heartbeat.
    pub beat_at: Option<Millis>,
    /// Reason why it sends nothing, and the time since which it may be a copy.
    pub quarantine: Option<(Cause, Millis)>,
}

fn read(row: &mut Row) -> Result<Installation, StoreError> {
    let kept = Kept { lineage: row.text_or_null()?, place: row.text_or_null()?, beats: row.int()?, awake_until: row.int_or_null()? };
    let (beat_at, word, at) = (row.int_or_null()?, row.text_or_null()?, row.int_or_null()?);
    let cause = |word: String| {
        let found = || StoreError::Inconsistent { table: "installation", column: "quarantine", found: word.clone() };
        Cause::parse(&word).ok_or_else(found)
    };
    Ok(Installation { kept, beat_at, quarantine: word.map(cause).transpose()?.zip(at) })
}

/// The row; `None` in a database that was made from a dump.
pub async fn load(db: &Db) -> Result<Option<Installation>, StoreError> {
    static LOAD: Sql =
        Sql::new("SELECT lineage, place, beats, awake_until, beat_at, quarantine, quarantined_at FROM installation WHERE id = 1");
    db.read(&LOAD, vec![]).await?.first_mut().map(read).transpose()
}

/// Reason why the database sends nothing, and the time since which it may be a copy; `None` if it may send.
pub async fn quarantine(db: &Db) -> Result<Option<(Cause, Millis)>, StoreError> {
    Ok(match load(db).await? {
        Some(found) => found.quarantine,
        None => Some((Cause::Dump, 0)),
    })
}

/// True if the database has any line. A new one has none.
pub async fn holds_lines(db: &Db) -> Result<bool, StoreError> {
    static LINES: Sql = Sql::new("SELECT id FROM line LIMIT 1");
    Ok(!db.read(&LINES, vec![]).await?.is_empty())
}

/// The row, locked until the end of the transaction.
pub async fn hold(tx: &mut Tx) -> Result<Option<Installation>, StoreError> {
    static HOLD: Sql =
        Sql::new("SELECT lineage, place, beats, awake_until, beat_at, quarantine, quarantined_at FROM installation WHERE id = 1 {lock}");
    tx.fetch(&HOLD, vec![]).await?.first_mut().map(read).transpose()
}

/// Writes the row.
pub async fn save(tx: &mut Tx, row: &Installation) -> Result<(), StoreError> {
    static SAVE: Sql = Sql::new(
        "INSERT INTO installation (id, lineage, place, beats, awake_until, beat_at, quarantine, quarantined_at) \
         VALUES (1, $1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE SET lineage = excluded.lineage, place = excluded.place, \
         beats = excluded.beats, awake_until = excluded.awake_until, beat_at = excluded.beat_at, quarantine = excluded.quarantine, \
         quarantined_at = excluded.quarantined_at",
    );
    let Kept { lineage, place, beats, awake_until } = &row.kept;
    let (cause, at) = row.quarantine.map_or((None, None), |(cause, at)| (Some(cause.as_str()), Some(at)));
    let values = values![lineage.as_deref(), place.as_deref(), *beats, *awake_until, row.beat_at, cause, at];
    tx.execute(&SAVE, values).await.map(drop)
}

/// Marks this database as a copy, so that it sends nothing wherever it is used.
pub async fn mark(db: &Db, cause: Cause, at: Millis) -> Result<(), StoreError> {
    transaction!(db, async |tx| {
        let row = hold(tx).await?.unwrap_or_default();
        save(tx, &Installation { quarantine: Some((cause, at)), ..row }).await
    })
    .await
}
