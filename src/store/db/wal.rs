//! The write-ahead log of a SQLite file. It can be emptied only while no reader uses an older state, so a long-running
//! reader, such as a backup tool, makes it grow.

use super::{Db, Engine};
use crate::error::StoreError;

/// A log larger than this, in bytes, is emptied as soon as possible.
const LARGE: u64 = 64 << 20;
/// A log larger than this, in bytes, is reported: emptying it has failed for some time.
pub const REPORTED: u64 = 2 * LARGE;

impl Db {
    /// Size of the log of a SQLite file in bytes.
    pub fn wal_bytes(&self) -> u64 {
        let Some(path) = self.path() else { return 0 };
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        std::fs::metadata(log).map_or(0, |file| file.len())
    }

    /// Empties a large log unless a reader prevents it. Returns true if a reader does.
    pub async fn empty_large_wal(&self) -> Result<bool, StoreError> {
        let Engine::Sqlite { writer, place, .. } = &self.0.engine else { return Ok(false) };
        if self.wal_bytes() <= LARGE {
            return Ok(false);
        }
        if !place.checkpoints {
            return Ok(true);
        }
        let moved = writer.aside(|connection| {
            // Does not wait for a reader: the next attempt follows soon.
            connection.run("PRAGMA busy_timeout = 0")?;
            let moved = connection.first::<i64>("PRAGMA wal_checkpoint(TRUNCATE)");
            connection.run("PRAGMA busy_timeout = 5000")?;
            moved
        });
        Ok(moved.await?? != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::Sql;
    use crate::values;

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
        let reader = rusqlite::Connection::open(&path).unwrap();
        reader.execute_batch("BEGIN; SELECT count(*) FROM client").unwrap();
        for round in 0..3_i64 {
            db.write::<_, StoreError, _>(move |tx| Box::pin(async move { tx.execute(&FILL, values![round.to_string()]).await.map(drop) }))
                .await
                .unwrap();
        }
        assert!(db.wal_bytes() > LARGE, "the reader lets it grow");
        assert!(db.empty_large_wal().await.unwrap(), "and is seen");
        assert!(db.wal_bytes() > LARGE);
        reader.execute_batch("COMMIT").unwrap();
        assert!(!db.empty_large_wal().await.unwrap());
        assert!(db.wal_bytes() < LARGE, "it is small again at once");
    }
}
