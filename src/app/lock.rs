//! Allows one server per SQLite file: a second one would not see the first one's memory. The lock is released when the
//! process ends, in any way.

use super::StartError;
use super::quarantine::beside;
use crate::settings::DatabaseUrl;
use crate::store::StoreError;
use std::fs::{File, TryLockError};
use std::io::ErrorKind;

/// Held while the server runs.
#[derive(Debug)]
pub struct Lock {
    _file: Option<File>,
}

impl Lock {
    /// Takes the lock beside the database's file; no lock is needed without a file.
    ///
    /// # Errors
    /// If another server has it, or it cannot be created.
    pub fn take(url: &DatabaseUrl) -> Result<Self, StartError> {
        let DatabaseUrl::SqliteFile(path) = url else { return Ok(Self { _file: None }) };
        let name = beside(path);
        if let Some(problem) = url.hindrance() {
            return Err(problem.into());
        }
        let cannot = |error: std::io::Error| match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::DiskFull.into(),
            _ => StartError::Other(format!("database.url: cannot create {}: {error}; use another path", name.display())),
        };
        let file = File::options().create(true).truncate(false).write(true).open(&name).map_err(cannot)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(StartError::Other(format!(
                "another lastword is already serving {}; stop it first, give this one its own database.url, or use PostgreSQL for several nodes",
                path.display()
            ))),
            Err(TryLockError::Error(error)) => Err(cannot(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_one_server() {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::parse(&format!("sqlite://{}/a.db", folder.path().display())).unwrap();
        let first = Lock::take(&url).unwrap();
        let second = Lock::take(&url).unwrap_err().to_string();
        assert!(second.contains("another lastword is already serving") && second.contains("a.db"), "{second}");
        drop(first);
        assert!(Lock::take(&url).is_ok());
        assert!(Lock::take(&DatabaseUrl::SqliteMemory).is_ok());
    }
}
