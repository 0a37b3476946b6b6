//! The write-ahead log beside a SQLite file. It can be emptied only while nobody reads an older state, so a reader that stays
//! for long, such as a backup tool, lets it grow.

use super::{Db, Engine, driver};
use crate::store::error::StoreError;
use sqlx::Row as _;

/// A log that is larger than this, in bytes, is emptied as soon as that can be.
pub const LARGE: u64 = 64 << 20;

impl Db {
    /// How large the log beside a SQLite file is.
    pub fn wal_bytes(&self) -> u64 {
        let Some(path) = self.path() else { return 0 };
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        std::fs::metadata(log).map_or(0, |file| file.len())
    }

    /// Empties a log that has become large, unless somebody reads. Gives whether somebody holds it.
    ///
    /// # Errors
    /// The database's error.
    pub async fn empty_large_wal(&self) -> Result<bool, StoreError> {
        let Engine::Sqlite { writer, checkpoints, .. } = &self.0.engine else { return Ok(false) };
        if self.wal_bytes() <= LARGE {
            return Ok(false);
        }
        if !checkpoints {
            return Ok(true);
        }
        let mut writer = writer.lock().await;
        // Nobody waits for a reader: it is tried again soon.
        sqlx::query("PRAGMA busy_timeout = 0").execute(&mut writer.connection).await.map_err(driver)?;
        let moved = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut writer.connection).await.map_err(driver);
        sqlx::query("PRAGMA busy_timeout = 5000").execute(&mut writer.connection).await.map_err(driver)?;
        Ok(moved?.try_get::<i64, _>(0).map_err(driver)? != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sql::Sql;
    use crate::values;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
    use sqlx::{Connection, Executor};

    #[tokio::test]
    async fn a_log_that_a_reader_held_is_emptied_when_the_reader_has_gone() {
        static FILL: Sql = Sql::new(
            "INSERT INTO client (id, revision, updated_at) WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a WHERE n < 40000) \
             SELECT $1 || hex(randomblob(400)), n, n FROM a",
        );
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let db = Db::open(&format!("sqlite://{}", path.display()), 2).await.unwrap();
        db.migrate().await.unwrap();
        let mut reader = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&path)).await.unwrap();
        reader.execute("BEGIN; SELECT count(*) FROM client").await.unwrap();
        for round in 0..3_i64 {
            db.write::<_, StoreError, _>(move |tx| Box::pin(async move { tx.execute(&FILL, values![round.to_string()]).await.map(drop) }))
                .await
                .unwrap();
        }
        assert!(db.wal_bytes() > LARGE, "the reader lets it grow");
        assert!(db.empty_large_wal().await.unwrap(), "and is seen");
        assert!(db.wal_bytes() > LARGE);
        reader.execute("COMMIT").await.unwrap();
        assert!(!db.empty_large_wal().await.unwrap());
        assert!(db.wal_bytes() < LARGE, "it is small again at once");
    }
}
