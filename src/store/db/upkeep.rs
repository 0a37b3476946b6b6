//! Maintenance of a database: version, migration, and durability settings.

use super::migrations::{POSTGRES, SQLITE, bring_up_to_date};
use super::sqlite::driver;
use super::{Db, Engine, postgres};
use crate::error::StoreError;
use crate::schema::KNOWN;
use crate::sql::{Dialect, Sql};
use crate::values;
use sqlx::migrate::Migrator;
use std::sync::PoisonError;

/// Larger SQLite files are not rewritten for one client: that would block all other writers for seconds.
const REWRITTEN_MAX: u64 = 1 << 28;

/// Migration state of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tables {
    /// The last migration applied; 0 if the database is empty.
    pub found: i64,
    /// The last migration known to this program.
    pub known: i64,
    /// Number of pending migrations.
    pub pending: usize,
    /// The last migration known to the oldest program that may use the tables; 0 if the database is empty.
    pub oldest: i64,
}

impl Tables {
    /// Refuses a database that a newer release has changed so that this program cannot use it.
    ///
    /// # Errors
    /// [`StoreError::Newer`].
    pub fn not_newer(self) -> Result<(), StoreError> {
        if self.found > self.known && (self.oldest == 0 || self.oldest > self.known) {
            Err(StoreError::Newer { found: self.found, known: self.known })
        } else {
            Ok(())
        }
    }
}

impl Db {
    fn migrator(&self) -> &'static Migrator {
        match self.dialect() {
            Dialect::Sqlite => &SQLITE,
            Dialect::Postgres => &POSTGRES,
        }
    }

    /// Sets if commits to a SQLite file wait for the disk, as they do by default. Without waiting, a power failure may lose
    /// or damage the file: only for data that can be written again, such as the history of the demo. No effect on
    /// PostgreSQL.
    pub async fn wait_for_disk(&self, wait: bool) -> Result<(), StoreError> {
        let Engine::Sqlite { writer, .. } = &self.0.engine else { return Ok(()) };
        let set = if wait { "PRAGMA synchronous = FULL" } else { "PRAGMA synchronous = OFF" };
        writer.aside(move |connection| connection.0.execute_batch(set).map_err(driver)).await?
    }

    /// Reads the migration state. Changes nothing.
    pub async fn tables(&self) -> Result<Tables, StoreError> {
        static KEPT_SQLITE: Sql = Sql::new("SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'");
        static KEPT_POSTGRES: Sql = Sql::new("SELECT CASE WHEN to_regclass('_sqlx_migrations') IS NULL THEN 0 ELSE 1 END");
        static APPLIED: Sql = Sql::new("SELECT version FROM _sqlx_migrations ORDER BY version");
        let kept = match self.dialect() {
            Dialect::Sqlite => &KEPT_SQLITE,
            Dialect::Postgres => &KEPT_POSTGRES,
        };
        let kept = self.read(kept, values![]).await?.first_mut().map(super::Row::int).transpose()?.unwrap_or(0) > 0;
        let (mut applied, mut oldest) = (Vec::new(), 0);
        if kept {
            for row in &mut self.read(&APPLIED, values![]).await? {
                applied.push(row.int()?);
            }
            oldest = self.support().await?.map_or(0, |(oldest, _)| oldest);
        }
        let known = self.migrator().iter().map(|migration| migration.version);
        Ok(Tables {
            found: applied.iter().copied().max().unwrap_or(0),
            known: known.clone().max().unwrap_or(0),
            pending: known.filter(|version| !applied.contains(version)).count(),
            oldest,
        })
    }

    /// The last migration known to the oldest program that may use the tables, and its version. `None` if the tables do not say.
    async fn support(&self) -> Result<Option<(i64, String)>, StoreError> {
        static KEPT_SQLITE: Sql = Sql::new("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_support'");
        static KEPT_POSTGRES: Sql = Sql::new("SELECT CASE WHEN to_regclass('schema_support') IS NULL THEN 0 ELSE 1 END");
        static SUPPORT: Sql = Sql::new("SELECT oldest_migration, oldest_program FROM schema_support");
        let kept = if self.dialect() == Dialect::Sqlite { &KEPT_SQLITE } else { &KEPT_POSTGRES };
        if self.read(kept, values![]).await?.first_mut().map(super::Row::int).transpose()?.unwrap_or(0) == 0 {
            return Ok(None);
        }
        self.read(&SUPPORT, values![]).await?.first_mut().map(|row| Ok((row.int()?, row.text()?))).transpose()
    }

    /// Checks if this program is still new enough for the tables, which a newer one may have changed meanwhile. Returns the
    /// oldest version that may use them if this program is too old.
    pub async fn look_for_newer(&self) -> Result<Option<String>, StoreError> {
        static NEEDS: Sql = Sql::new("SELECT oldest_program FROM schema_support WHERE oldest_migration > $1");
        let needs = self.read(&NEEDS, values![KNOWN]).await?.first_mut().map(super::Row::text).transpose()?;
        self.0.signs.needs.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&needs);
        Ok(needs)
    }

    /// The oldest version that may use the tables if this program is too old, as of the last [`Db::look_for_newer`].
    pub fn needs_newer(&self) -> Option<String> {
        self.0.signs.needs.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Migrates the tables to this program's version.
    ///
    /// # Errors
    /// If a migration fails, or the database is newer than this program.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match &self.0.engine {
            Engine::Sqlite { writer, .. } => writer.aside(|connection| bring_up_to_date(connection)).await?,
            Engine::Postgres(server) => postgres::migrate::bring_up_to_date(server, &POSTGRES).await,
        }
    }

    /// Removes deleted data from the file itself. SQLite overwrites deleted rows with zeros, but rows that were moved
    /// between pages may have left copies in gaps, and the log still has the old bytes. So a file of up to `REWRITTEN_MAX`
    /// bytes is rewritten. PostgreSQL does this on its own schedule.
    pub async fn forget_deleted(&self) -> Result<(), StoreError> {
        let Engine::Sqlite { writer, place, .. } = &self.0.engine else { return Ok(()) };
        if !place.checkpoints {
            return Ok(());
        }
        let small = place.path.as_ref().and_then(|path| std::fs::metadata(path).ok()).is_some_and(|file| file.len() <= REWRITTEN_MAX);
        let forgotten = writer.aside(move |connection| {
            if small {
                // The new file is as large as the old one: it is written to disk, not held in memory.
                connection.run("PRAGMA temp_store = FILE")?;
                let rewritten = connection.run("VACUUM");
                connection.run("PRAGMA temp_store = MEMORY")?;
                rewritten?;
            }
            connection.run("PRAGMA wal_checkpoint(TRUNCATE)")
        });
        forgotten.await?
    }

    /// Sets the writer's cache for a SQLite file in KiB: a transaction whose pages do not fit writes them twice. PostgreSQL
    /// has its own settings for that.
    pub async fn remember(&self, kib: u32) -> Result<(), StoreError> {
        let Engine::Sqlite { writer, .. } = &self.0.engine else { return Ok(()) };
        // A PRAGMA takes no bound values; a number needs no quoting.
        writer.aside(move |connection| connection.run(&format!("PRAGMA cache_size = -{kib}"))).await?
    }

    /// The database's own name and version.
    pub async fn version(&self) -> Result<String, StoreError> {
        static SQLITE_VERSION: Sql = Sql::new("SELECT 'SQLite ' || sqlite_version()");
        static POSTGRES_VERSION: Sql = Sql::new("SELECT 'PostgreSQL ' || current_setting('server_version')");
        let version = match self.dialect() {
            Dialect::Sqlite => &SQLITE_VERSION,
            Dialect::Postgres => &POSTGRES_VERSION,
        };
        Ok(self.read(version, values![]).await?.first_mut().map(super::Row::text).transpose()?.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_copy_is_the_whole_database_and_nobody_elses_business() {
        let folder = tempfile::tempdir().unwrap();
        let (path, copy) = (folder.path().join("a.db"), folder.path().join("copy.db"));
        let db = Db::open(&format!("sqlite://{}", path.display()), 2).await.unwrap();
        let empty = db.tables().await.unwrap();
        assert!(empty.found == 0 && empty.pending > 0);
        db.migrate().await.unwrap();
        db.copy_to(&copy).await.unwrap();
        assert!(db.copy_to(&copy).await.is_err(), "an older copy is never written over");
        let copied = Db::open(&format!("sqlite://{}", copy.display()), 2).await.unwrap();
        assert_eq!(copied.tables().await.unwrap(), Tables { found: empty.known, pending: 0, oldest: 1, ..empty });
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&copy).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }

    #[tokio::test]
    async fn a_disk_that_fills_while_tables_are_made_is_said_with_its_remedy() {
        let db = Db::open("sqlite::memory:", 1).await.unwrap();
        let Engine::Sqlite { writer, .. } = &db.0.engine else { unreachable!("it is SQLite") };
        writer.aside(|connection| connection.run("PRAGMA max_page_count = 20")).await.unwrap().unwrap();
        let full = db.migrate().await.unwrap_err();
        assert!(matches!(full, StoreError::DiskFull), "{full}");
        writer.aside(|connection| connection.run("PRAGMA max_page_count = 100000")).await.unwrap().unwrap();
        db.migrate().await.expect("it goes on where there is room again");
    }
}
