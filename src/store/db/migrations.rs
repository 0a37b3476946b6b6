//! The migrations of both databases, and migrating SQLite, with the same record of applied migrations as sqlx's. PostgreSQL
//! is migrated by `postgres/migrate`.

use super::sqlite::{Connection, driver};
use crate::error::StoreError;
use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use std::sync::LazyLock;

/// The migration files of one database, oldest first. Both databases have the same ones; a new one is listed here once.
macro_rules! files {
    ($database:literal: $($name:literal)*) => {
        [$(($name, include_str!(concat!("../../../migrations/", $database, "/", $name, ".sql")))),*]
    };
    ($database:literal) => { files!($database: "0001_schema") };
}

pub(super) static SQLITE: LazyLock<Migrator> = LazyLock::new(|| of(&files!("sqlite")));
pub(super) static POSTGRES: LazyLock<Migrator> = LazyLock::new(|| of(&files!("postgres")));

fn of(files: &[(&'static str, &'static str)]) -> Migrator {
    let migration = |&(name, text): &(&'static str, &'static str)| {
        let (number, words) = name.split_once('_').unwrap_or_else(|| unreachable!("a migration is called NUMBER_WORDS: {name}"));
        let number = number.parse().unwrap_or_else(|_| unreachable!("a migration begins with its number: {name}"));
        Migration::new(number, words.replace('_', " ").into(), MigrationType::Simple, text.into_sql_str(), false)
    };
    Migrator::with_migrations(files.iter().map(migration).collect())
}

/// Table of applied migrations, as in sqlx.
const RECORD: &str = "CREATE TABLE IF NOT EXISTS _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
                      installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, \
                      execution_time BIGINT NOT NULL)";

/// Migrates a SQLite database, each migration in its own transaction.
///
/// # Errors
/// If a migration fails, or the database is newer than this program.
pub(super) fn bring_up_to_date(connection: &Connection) -> Result<(), StoreError> {
    connection.run(RECORD)?;
    let applied = applied(connection).map_err(driver)?;
    let known = SQLITE.iter().map(|migration| migration.version).max().unwrap_or(0);
    let oldest = oldest(connection).map_err(driver)?;
    for (version, checksum) in &applied {
        match SQLITE.iter().find(|migration| migration.version == *version) {
            // The newer migration only adds to the schema.
            None if oldest.is_some_and(|oldest| oldest <= known) => {}
            None => return Err(StoreError::Newer { found: *version, known }),
            Some(migration) if *migration.checksum != **checksum => return Err(StoreError::Differs(*version)),
            Some(_) => {}
        }
    }
    let pending = SQLITE.iter().filter(|migration| applied.iter().all(|(version, _)| *version != migration.version));
    pending.into_iter().try_for_each(|migration| apply(connection, migration))
}

/// The last migration known to the oldest program that may use the tables. `None` if no migration says so.
fn oldest(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    let there =
        connection.0.query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_support'", (), |row| row.get::<_, i64>(0))?;
    if there == 0 {
        return Ok(None);
    }
    connection.0.query_row("SELECT max(oldest_migration) FROM schema_support", (), |row| row.get(0))
}

fn applied(connection: &Connection) -> rusqlite::Result<Vec<(i64, Vec<u8>)>> {
    let mut read = connection.0.prepare("SELECT version, checksum FROM _sqlx_migrations ORDER BY version")?;
    read.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

fn apply(connection: &Connection, migration: &Migration) -> Result<(), StoreError> {
    const NOTE: &str =
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (?1, ?2, TRUE, ?3, 0)";
    connection.run("BEGIN IMMEDIATE")?;
    let made = connection.run(migration.sql.as_str()).and_then(|()| {
        let note = (migration.version, &*migration.description, &*migration.checksum);
        connection.0.execute(NOTE, note).map_err(driver)?;
        connection.run("COMMIT")
    });
    if made.is_err() {
        let _ = connection.run("ROLLBACK");
    }
    made
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_file_of_both_folders_is_in_the_program() {
        let names = |files: &[(&str, &str)]| files.iter().map(|(name, _)| format!("{name}.sql")).collect::<Vec<_>>();
        for (folder, known) in [("sqlite", names(&files!("sqlite"))), ("postgres", names(&files!("postgres")))] {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(folder);
            let mut found: Vec<String> =
                std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
            found.sort();
            assert_eq!(known, found);
            let newest = known.last().and_then(|name| name.split('_').next()).and_then(|number| number.parse().ok());
            assert_eq!(newest, Some(crate::schema::KNOWN), "store/schema.rs names the newest migration");
        }
    }
}
