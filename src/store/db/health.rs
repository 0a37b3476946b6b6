//! Integrity checks of a SQLite file. Reading a large file completely takes minutes, so the server already uses it and
//! checks it in the background.

use super::sqlite::{Connection, driver};
use super::{Db, Engine, on_a_thread};
use crate::error::StoreError;
use std::path::Path;
use tokio_util::sync::CancellationToken;

/// Files up to this many bytes are checked completely before use, which takes about a second.
const SMALL: u64 = 128 << 20;
/// Number of steps that a check may continue after its caller has gone.
const STEPS: i32 = 1_000;

/// Refuses a small file that is damaged.
pub(super) fn refuse_damage(connection: &Connection, path: Option<&Path>) -> Result<(), StoreError> {
    let size = path.and_then(|path| std::fs::metadata(path).ok()).map_or(0, |file| file.len());
    if size > SMALL {
        return Ok(());
    }
    let found: String = connection.first("PRAGMA quick_check(1)")?;
    match words(&found) {
        Some(damage) => Err(StoreError::Damaged(damage)),
        None => Ok(()),
    }
}

/// Result of a check in one line; `None` if the file is sound.
fn words(found: &str) -> Option<String> {
    (found != "ok").then(|| found.lines().collect::<Vec<_>>().join(" "))
}

impl Db {
    /// Checks the whole SQLite file concurrently with other work, and stops when dropped. PostgreSQL checks its own files.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if the file is damaged, or the database's error.
    pub async fn check_file(&self) -> Result<(), StoreError> {
        let Engine::Sqlite { place, .. } = &self.0.engine else { return Ok(()) };
        if place.path.is_none() {
            return Ok(());
        }
        let (place, dropped) = (place.clone(), CancellationToken::new());
        let _guard = dropped.clone().drop_guard();
        on_a_thread("sqlite check", move || check(&place.reading().map_err(driver)?, dropped)).await
    }
}

fn check(connection: &Connection, dropped: CancellationToken) -> Result<(), StoreError> {
    connection.0.progress_handler(STEPS, Some(move || dropped.is_cancelled())).map_err(driver)?;
    let mut tables = connection.0.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").map_err(driver)?;
    let tables = tables.query_map((), |row| row.get(0)).and_then(Iterator::collect::<rusqlite::Result<Vec<String>>>).map_err(driver)?;
    // One table at a time: the log cannot be moved into the file during a long read.
    for table in tables {
        let check = "SELECT quick_check FROM pragma_quick_check(?1)";
        let found: String = connection.0.query_row(check, [table], |row| row.get(0)).map_err(driver)?;
        if let Some(damage) = words(&found) {
            return Err(StoreError::Damaged(damage));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::Sql;
    use crate::values;
    use std::os::unix::fs::FileExt;

    /// A file whose client table is broken; it was opened before.
    async fn broken(folder: &Path) -> Db {
        static FILL: Sql = Sql::new(
            "INSERT INTO client (id, revision, updated_at) WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a WHERE n < $1) \
             SELECT 'client ' || n, 0, 0 FROM a",
        );
        static PAGE: Sql = Sql::new("SELECT rootpage * (SELECT page_size FROM pragma_page_size()) FROM sqlite_schema WHERE name = $1");
        let (path, url) = (folder.join("a.db"), format!("sqlite://{}/a.db", folder.display()));
        let db = Db::open(&url, 2).await.unwrap();
        db.migrate().await.unwrap();
        db.write::<_, StoreError, _>(|tx| Box::pin(async move { tx.execute(&FILL, values![2_000]).await.map(drop) })).await.unwrap();
        let after = db.read(&PAGE, values!["client"]).await.unwrap()[0].int().unwrap();
        assert!(db.check_file().await.is_ok(), "as it was written it is sound");
        db.close().await;
        let db = Db::open(&url, 2).await.unwrap();
        let file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
        file.write_all_at(&[0x5a; 64], after.unsigned_abs() - 4_096).unwrap();
        db
    }

    #[tokio::test]
    async fn damage_is_found_at_the_start_and_by_the_check_of_the_whole_file() {
        let folder = tempfile::tempdir().unwrap();
        let db = broken(folder.path()).await;
        let said = db.check_file().await.unwrap_err().to_string();
        assert!(
            said.starts_with("database.url: the SQLite file is damaged (")
                && said.ends_with("): put a backup in its place with: lastword restore FILE"),
            "{said}"
        );
        db.close().await;
        let again = Db::open(&format!("sqlite://{}/a.db", folder.path().display()), 2).await.err().unwrap().to_string();
        assert!(again.starts_with("database.url: the SQLite file is damaged ("), "{again}");
        assert_eq!(again.lines().count(), 1);
    }
}
