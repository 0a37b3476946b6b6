//! Opens a SQLite file: settings of each connection, and checks before it is trusted.

use super::health::refuse_damage;
use super::readers::Readers;
use super::sqlite::{self, DatabaseFile, words};
use super::writer::Writer;
use super::{Engine, Signs};
use crate::error::StoreError;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

/// Older versions of SQLite can corrupt a database when two connections write and checkpoint at the same instant.
const SQLITE_AT_LEAST: (u32, u32, u32) = (3, 51, 3);

pub(super) fn open_sqlite(url: &str, connections: u32, checkpoints: bool, signs: &Arc<Signs>) -> Result<Engine, StoreError> {
    let place = DatabaseFile::of(url, checkpoints);
    if let Some(path) = &place.path {
        make_private(path);
    }
    let connection = place.writing().map_err(|error| cannot_open(place.path.as_deref(), error))?;
    check_version(rusqlite::version())?;
    refuse_damage(&connection, place.path.as_deref())?;
    if let Some(path) = &place.path {
        keep_private(path)?;
    }
    let readers = match &place.path {
        Some(_) => Some(Readers::start(connections.clamp(1, 4), &place)?),
        None => None,
    };
    Ok(Engine::Sqlite { writer: Writer::start(connection, place.clone(), signs.clone())?, readers, place })
}

fn cannot_open(path: Option<&Path>, error: rusqlite::Error) -> StoreError {
    let words = words(&error);
    match sqlite::driver(error) {
        StoreError::DiskFull => StoreError::DiskFull,
        _ => StoreError::Address(format!(
            "cannot open {}: {words}; write another path, or put a backup in its place with: lastword restore FILE",
            path.unwrap_or(Path::new(":memory:")).display()
        )),
    }
}

fn check_version(version: &str) -> Result<(), StoreError> {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found < SQLITE_AT_LEAST {
        return Err(StoreError::Address(format!("SQLite {version} can corrupt a database; this program needs 3.51.3 or newer")));
    }
    Ok(())
}

/// Creates the file before SQLite does, so that the files beside it, which inherit its mode, are private from the start.
/// Errors are ignored: SQLite meets the same ones and reports them.
fn make_private(path: &Path) {
    use std::os::unix::fs::OpenOptionsExt;
    let _ = std::fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path);
}

/// The file and those beside it hold personal data: only their owner may read them.
pub(super) fn keep_private(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt;
    for beside in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(beside);
        match std::fs::set_permissions(&name, std::fs::Permissions::from_mode(0o600)) {
            Err(error) if beside.is_empty() || error.kind() != ErrorKind::NotFound => {
                return Err(StoreError::Address(format!("cannot protect {}: {error}", Path::new(&name).display())));
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::Db;

    #[tokio::test]
    async fn nobody_else_can_read_any_of_the_files() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/new.db", folder.path().display());
        let db = Db::open(&url, 2).await.unwrap();
        db.migrate().await.unwrap();
        let mut seen = Vec::new();
        for file in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", file.file_name());
            seen.push(file.file_name().into_string().unwrap());
        }
        seen.sort();
        assert_eq!(seen, ["new.db", "new.db-shm", "new.db-wal"]);
    }

    #[tokio::test]
    async fn what_is_no_database_is_said_in_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("no.db");
        std::fs::write(&path, "no database ".repeat(1_000)).unwrap();
        let said = Db::open(&format!("sqlite://{}", path.display()), 2).await.err().unwrap().to_string();
        assert!(
            said.starts_with("database.url: cannot open ") && said.contains("no.db: file is not a database; write another path"),
            "{said}"
        );
        assert_eq!(said.lines().count(), 1);
    }
}
