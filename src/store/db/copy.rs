//! Copies of a whole SQLite database, and how one is made ready before it is put to work.

use super::opening::keep_private;
use super::upkeep::{SQLITE, migration_problem};
use super::{Db, Engine, driver};
use crate::domain::quarantine::Cause;
use crate::store::Millis;
use crate::store::error::StoreError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection};
use std::path::Path;

impl Db {
    /// Makes a copy of a whole SQLite database in a new file at `path`, beside whatever else goes on. PostgreSQL has its own
    /// tools for that. What it wrote is not yet on the disk.
    ///
    /// # Errors
    /// When the file is there already, or the disk is full.
    pub async fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        let Engine::Sqlite { writer, readers, .. } = &self.0.engine else { return Ok(()) };
        let text = path.display().to_string();
        match readers {
            Some(readers) => {
                // One long read: on a connection of its own it holds up nobody.
                let options = readers.connect_options().as_ref().clone().pragma("query_only", "off");
                let mut connection = SqliteConnection::connect_with(&options).await.map_err(driver)?;
                let copied = sqlx::query("VACUUM INTO $1").bind(text).execute(&mut connection).await;
                let _ = connection.close().await;
                copied.map_err(driver)?;
            }
            None => {
                let mut writer = writer.lock().await;
                sqlx::query("VACUUM INTO $1").bind(text).execute(&mut writer.connection).await.map_err(driver)?;
            }
        }
        keep_private(path)
    }
}

/// Makes the copy in the file at `path` ready: brings its tables up to date, marks it as a copy, so that it sends nothing
/// wherever it is put to work, and reads it whole. It stays one file, and is on the disk afterwards.
///
/// # Errors
/// When it is no database of ours, of a newer release, or damaged.
pub async fn seal(path: &Path, cause: Cause, since: Millis) -> Result<(), StoreError> {
    let options = SqliteConnectOptions::new().filename(path).journal_mode(SqliteJournalMode::Delete).disable_statement_logging();
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(not_ours)?;
    let sealed = seal_open(&mut connection, cause, since).await;
    let closed = connection.close().await.map_err(driver);
    sealed.and(closed)?;
    keep_private(path)?;
    let synced = std::fs::File::open(path).and_then(|file| file.sync_all());
    synced.map_err(|error| StoreError::Driver(format!("{} cannot be written to the disk: {error}", path.display())))
}

/// What is read first tells whether it is a database at all.
fn not_ours(error: sqlx::Error) -> StoreError {
    StoreError::NotOurs(error.as_database_error().map_or_else(|| error.to_string(), |said| said.message().to_owned()))
}

async fn seal_open(connection: &mut SqliteConnection, cause: Cause, since: Millis) -> Result<(), StoreError> {
    const OURS: &str = "SELECT count(*) FROM sqlite_schema WHERE name IN ('_sqlx_migrations', 'rating_request')";
    const MARK: &str = "INSERT INTO installation (id, quarantine, quarantined_at) VALUES (1, $1, $2) \
                        ON CONFLICT (id) DO UPDATE SET quarantine = excluded.quarantine, quarantined_at = excluded.quarantined_at";
    let tables: i64 = sqlx::query_scalar(OURS).fetch_one(&mut *connection).await.map_err(not_ours)?;
    if tables != 2 {
        return Err(StoreError::NotOurs("this is no database of Lastword".to_owned()));
    }
    SQLITE.run(&mut *connection).await.map_err(|error| migration_problem(&SQLITE, error))?;
    sqlx::query(MARK).bind(cause.as_str()).bind(since).execute(&mut *connection).await.map_err(driver)?;
    let found: Vec<String> = sqlx::query_scalar("PRAGMA quick_check").fetch_all(connection).await.map_err(driver)?;
    if found == ["ok"] { Ok(()) } else { Err(StoreError::DamagedCopy(found.join(" "))) }
}

/// Moves all that the log of a database holds into its file, so that the file alone is the whole. A damaged one is left as
/// it is.
pub async fn fold_log(path: &Path) {
    let options = SqliteConnectOptions::new().filename(path).disable_statement_logging();
    if let Ok(mut connection) = SqliteConnection::connect_with(&options).await {
        let _ = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await;
        let _ = connection.close().await;
    }
}
