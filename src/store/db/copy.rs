//! Copies a whole SQLite database, and prepares a copy for use.

use super::migrations::bring_up_to_date;
use super::opening::keep_private;
use super::sqlite::{Connection, driver, open, words};
use super::{Db, Engine, on_a_thread};
use crate::Millis;
use crate::error::StoreError;
use lastword_domain::quarantine::Cause;
use std::path::Path;

impl Db {
    /// Copies a whole SQLite database to a new file at `path`, concurrently with other work. PostgreSQL has its own tools
    /// for that. The copy is not yet synced to the disk.
    ///
    /// # Errors
    /// If the file already exists, or the disk is full.
    pub async fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        let Engine::Sqlite { writer, place, .. } = &self.0.engine else { return Ok(()) };
        let into = path.display().to_string();
        let vacuum = move |connection: &rusqlite::Connection| connection.execute("VACUUM INTO ?1", [into]).map(drop).map_err(driver);
        match place.path.clone() {
            // One long read: on its own connection it blocks no other work.
            Some(file) => on_a_thread("sqlite copy", move || vacuum(&open(Some(&file)).map_err(driver)?)).await?,
            None => writer.aside(move |connection| vacuum(&connection.0)).await??,
        }
        keep_private(path)
    }
}

/// Prepares the copy at `path`: migrates its tables, marks it as a copy, so that it sends nothing when put into use, and
/// reads it completely. It remains a single file and is synced to the disk.
///
/// # Errors
/// If it is not a Lastword database, belongs to a newer release, or is damaged.
pub async fn seal(path: &Path, cause: Cause, since: Millis) -> Result<(), StoreError> {
    let file = path.to_owned();
    on_a_thread("sqlite seal", move || {
        let connection = open(Some(&file)).map_err(not_ours)?;
        connection.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA foreign_keys = ON").map_err(not_ours)?;
        let connection = Connection(connection);
        let sealed = seal_open(&connection, cause, since);
        let closed = connection.0.close().map_err(|(_, error)| driver(error));
        sealed.and(closed)
    })
    .await?;
    keep_private(path)?;
    let synced = std::fs::File::open(path).and_then(|file| file.sync_all());
    synced.map_err(|error| StoreError::Driver(format!("{} cannot be written to the disk: {error}", path.display())))
}

/// The first read shows if the file is a database at all.
fn not_ours(error: rusqlite::Error) -> StoreError {
    StoreError::NotOurs(words(&error))
}

fn seal_open(connection: &Connection, cause: Cause, since: Millis) -> Result<(), StoreError> {
    const OURS: &str = "SELECT count(*) FROM sqlite_schema WHERE name IN ('_sqlx_migrations', 'rating_request')";
    const MARK: &str = "INSERT INTO installation (id, quarantine, quarantined_at) VALUES (1, ?1, ?2) \
                        ON CONFLICT (id) DO UPDATE SET quarantine = excluded.quarantine, quarantined_at = excluded.quarantined_at";
    let tables: i64 = connection.0.query_row(OURS, (), |row| row.get(0)).map_err(not_ours)?;
    if tables != 2 {
        return Err(StoreError::NotOurs("this is no database of Lastword".to_owned()));
    }
    bring_up_to_date(connection)?;
    connection.0.execute(MARK, (cause.as_str(), since)).map_err(driver)?;
    let mut check = connection.0.prepare("PRAGMA quick_check").map_err(driver)?;
    let found = check.query_map((), |row| row.get(0)).and_then(Iterator::collect::<rusqlite::Result<Vec<String>>>).map_err(driver)?;
    if found == ["ok"] { Ok(()) } else { Err(StoreError::DamagedCopy(found.join(" "))) }
}

/// Moves the whole write-ahead log into the database file, so that the file alone is complete. A damaged database is left unchanged.
pub async fn fold_log(path: &Path) {
    let file = path.to_owned();
    let folded = on_a_thread("sqlite fold", move || {
        let connection = Connection(open(Some(&file)).map_err(driver)?);
        connection.run("PRAGMA wal_checkpoint(TRUNCATE)")
    });
    let _ = folded.await;
}
