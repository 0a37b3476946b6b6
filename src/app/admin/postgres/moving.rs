//! Moves a whole installation to another database: from SQLite to PostgreSQL, and back. It can be resumed after an
//! interruption, compares all rows afterwards, and leaves both databases in quarantine: the new one until it is released,
//! the old one so that it does not send too.

use crate::app::admin::{Failure, StartError};
use crate::app::lock::Lock;
use crate::app::{connect_with, open_at};
use crate::domain::quarantine::Cause;
use crate::settings::{DatabaseUrl, Pooler, Settings};
use crate::store::records::moving::{self, Move, Progress, text_of};
use crate::store::records::{aside, installation};
use crate::store::sql::Dialect;
use crate::store::{Db, StoreError};
use crate::time::{Clock, Millis, SECOND, SystemClock, wait};
use lastword_store::transaction;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Maximum number of checks, and the interval between them, until a database is idle.
const NOTICES: u32 = 20;
const NOTICE_PAUSE: Millis = SECOND / 4;

/// Result of a move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Number of tables.
    pub tables: usize,
    /// Number of rows, each of which was compared.
    pub rows: i64,
    /// Rows that were already there, from an interrupted move.
    pub resumed: i64,
}

/// Current step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Rows are copied.
    Copy,
    /// Rows of both databases are compared.
    Compare,
}

/// Progress: the step, the table, finished rows, and all rows; each row is copied and compared.
pub type Report<'a> = (Step, &'a str, i64, i64);

/// Moves the database of the settings to the one at `to`.
///
/// # Errors
/// If one of the two cannot be used, or rows differ in the end. Rows moved until then stay, and the next move continues.
pub async fn move_to(settings: &Settings, to: &str, report: impl Fn(Report<'_>)) -> Result<Moved, Failure> {
    let target = DatabaseUrl::parse(to)
        .filter(|url| !matches!(url, DatabaseUrl::SqliteMemory))
        .ok_or_else(|| Failure::Usage("--to is not a database; write postgres://USER:PASSWORD@HOST/NAME or sqlite://FILE".to_owned()))?;
    let from = &settings.database.url;
    for url in [from, &target] {
        if let Some(problem) = url.hindrance() {
            return Err(StartError::from(problem).into());
        }
    }
    if let DatabaseUrl::SqliteFile(path) = from
        && !path.exists()
    {
        return Err(Failure::Failed(format!("there is no file {}; check database.url", path.display())));
    }
    if from.address() == target.address() {
        return Err(same());
    }
    let _locks = (Lock::take(from)?, Lock::take(&target)?);
    let (old, new) = (connect_with(settings, 2).await?, open_at(&target, 2, Pooler::None).await.map_err(in_target)?);
    let moved = between(&old, &new, &report).await;
    old.close().await;
    new.close().await;
    moved
}

fn same() -> Failure {
    Failure::Usage("--to is the database of database.url; name another one".to_owned())
}

/// An error of the new database, which is not in the settings yet.
fn in_target(error: StoreError) -> Failure {
    match error {
        StoreError::DiskFull => Failure::Failed("--to: the disk is full: make room there, then run the same command again".to_owned()),
        error => Failure::Failed(error.to_string().replacen("database.url", "--to", 1)),
    }
}

async fn between(old: &Db, new: &Db, report: &impl Fn(Report<'_>)) -> Result<Moved, Failure> {
    let now = SystemClock::default().now();
    let from = ready_to_leave(old).await?;
    let (here, there) = (old.place().await?, new.place().await?);
    if here.is_some() && here == there {
        return Err(same());
    }
    prepare(new, &from, now).await?;
    let moves = moves(old, new).await?;
    let mut progress = moving::progress(new).await?;
    let mut total = 0;
    for table in &moves {
        total += table.count(old).await?;
    }
    let mut moved = Moved { tables: moves.len(), resumed: progress.values().map(|table| table.moved).sum(), ..Moved::default() };
    let mut done = 0;
    for table in &moves {
        let mut at = progress.remove(&table.table.name);
        let before = done;
        copy(old, new, table, &mut at, |rows| report((Step::Copy, &table.table.name, before + rows, 2 * total))).await?;
        let at = at.unwrap_or_default();
        done += at.moved;
        moved.rows += at.moved;
        progress.insert(table.table.name.clone(), at);
    }
    for table in &moves {
        let at = progress.remove(&table.table.name).unwrap_or_default();
        let before = done;
        if !at.verified {
            compare(old, new, table, |rows| report((Step::Compare, &table.table.name, before + rows, 2 * total))).await?;
            note(new, table, Progress { verified: true, ..at.clone() }).await.map_err(in_target)?;
        }
        done += at.moved;
    }
    // The old one first: two databases that send are the worst case.
    installation::mark(old, Cause::Elsewhere, now).await?;
    moving::finish(new).await.map_err(in_target)?;
    Ok(moved)
}

/// Name of the old database, if it can be moved.
async fn ready_to_leave(old: &Db) -> Result<String, Failure> {
    let tables = old.tables().await?;
    tables.not_newer()?;
    if tables.found == 0 {
        return Err(Failure::Failed("database.url: there is no database yet; check database.url".to_owned()));
    }
    if tables.pending > 0 {
        let what = format!("its tables are {} migrations behind this program; run lastword migrate first", tables.pending);
        return Err(Failure::Failed(format!("database.url: {what}")));
    }
    at_rest(old, "database.url").await?;
    let kept = installation::load(old).await?.map(|row| row.kept).unwrap_or_default();
    Ok(kept.lineage.or(kept.place).unwrap_or_default())
}

/// Fails if another process of ours uses a PostgreSQL database. A SQLite file has a lock.
async fn at_rest(db: &Db, which: &str) -> Result<(), Failure> {
    if db.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    for _ in 0..NOTICES {
        if aside::others_at_work(db).await? == 0 {
            return Ok(());
        }
        wait(NOTICE_PAUSE).await;
    }
    Err(Failure::Failed(format!("{which}: connections of lastword are still using this database; stop every lastword first")))
}

/// Creates the tables of the new database, in quarantine from the start, unless an interrupted move did.
async fn prepare(new: &Db, from: &str, now: Millis) -> Result<(), Failure> {
    at_rest(new, "--to").await?;
    match moving::begun(new).await? {
        Some(begun) if begun == from => {}
        Some(_) => {
            return Err(Failure::Failed(
                "--to: another database was moved there and did not arrive whole; name an empty database".to_owned(),
            ));
        }
        None if moving::any_tables(new).await? > 0 => {
            return Err(Failure::Failed(
                "--to: the database holds tables already; name an empty one, for instance of: CREATE DATABASE lastword".to_owned(),
            ));
        }
        None => moving::begin(new, from).await.map_err(in_target)?,
    }
    new.migrate().await.map_err(in_target)?;
    installation::mark(new, Cause::Elsewhere, now).await.map_err(in_target)
}

async fn moves(old: &Db, new: &Db) -> Result<Vec<Arc<Move>>, Failure> {
    let mut targets: BTreeMap<String, moving::Table> =
        moving::tables(new).await?.into_iter().map(|table| (table.name.clone(), table)).collect();
    let mut moves = Vec::new();
    for table in moving::tables(old).await? {
        let Some(target) = targets.remove(&table.name) else {
            return Err(Failure::Failed(format!("database.url: the table {} is none of ours; move or drop it first", table.name)));
        };
        moves.push(Arc::new(Move::new(table, &target, new.dialect())?));
    }
    Ok(moves)
}

/// Copies the missing rows of a table. `at` is its progress; `None` if nothing of it was moved.
async fn copy(old: &Db, new: &Db, table: &Arc<Move>, at: &mut Option<Progress>, report: impl Fn(i64)) -> Result<(), Failure> {
    while !at.as_ref().is_some_and(|at| at.copied) {
        let (begins, before) = (at.is_none(), at.clone().unwrap_or_default());
        let rows = table.read(old, before.last.as_ref()).await?;
        let after = Progress {
            moved: before.moved + i64::try_from(rows.len()).unwrap_or(0),
            last: rows.last().map(|row| table.key(row)).or(before.last),
            copied: i64::try_from(rows.len()).unwrap_or(0) < moving::BATCH,
            verified: false,
        };
        write(new, table, begins, rows, after.clone()).await?;
        report(after.moved);
        *at = Some(after);
    }
    Ok(())
}

async fn write(new: &Db, table: &Arc<Move>, begins: bool, rows: Vec<moving::Cells>, progress: Progress) -> Result<(), Failure> {
    let (moving, rows) = (table.clone(), Arc::new(rows));
    let written = transaction!(new, [moving, rows, progress], async |tx| { moving.write(tx, begins, &rows, &progress).await });
    written.await.map_err(|error| match error {
        StoreError::DiskFull => in_target(error),
        error => Failure::Failed(format!("--to: the table {}: {error}", table.table.name)),
    })
}

async fn note(new: &Db, table: &Arc<Move>, progress: Progress) -> Result<(), StoreError> {
    let name = table.table.name.clone();
    transaction!(new, [name, progress], async |tx| { moving::note(tx, &name, &progress).await }).await
}

/// Compares all rows of a table in both databases.
async fn compare(old: &Db, new: &Db, table: &Move, report: impl Fn(i64)) -> Result<(), Failure> {
    let (mut after, mut rows): (Option<moving::Cells>, i64) = (None, 0);
    loop {
        let (before, there) = (table.read(old, after.as_ref()).await?, table.read(new, after.as_ref()).await?);
        if before != there {
            let at = before.iter().zip(&there).position(|(a, b)| a != b).unwrap_or_else(|| before.len().min(there.len()));
            let key = before.get(at).or(there.get(at)).map(|row| text_of(&table.key(row))).unwrap_or_default();
            return Err(Failure::Failed(format!(
                "the table {} differs at the row {key}: something wrote to one of the two databases meanwhile; make the new one empty, and move again",
                table.table.name
            )));
        }
        rows += i64::try_from(before.len()).unwrap_or(0);
        report(rows);
        after = before.last().map(|row| table.key(row));
        if i64::try_from(before.len()).unwrap_or(0) < moving::BATCH {
            return Ok(());
        }
    }
}
