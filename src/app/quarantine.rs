//! The heart of the installation, and what it notes beside a SQLite file: in the file of the lock, which stays where it is when
//! the database is put back from a copy. So a copy that took the place of a newer state is seen, too.

use crate::domain::quarantine::Cause;
use crate::life::Engine;
use crate::life::records::detect_copy::{self, Beat};
use crate::store::{Db, StoreError};
use std::path::{Path, PathBuf};

/// One beat. Says in the log when the database went into quarantine, and why; `aloud` also when it has been there.
///
/// # Errors
/// The database's error.
pub async fn beat(engine: &Engine, aloud: bool) -> Result<Beat, StoreError> {
    let beat = detect_copy::beat(engine, noted(&engine.db), engine.now()).await?;
    match beat.quarantine {
        Some(cause) if beat.entered || aloud => tracing::error!("{}", warning(cause)),
        Some(_) => {}
        None => note(&engine.db, &beat.note),
    }
    Ok(beat)
}

/// What a person has to know.
pub fn warning(cause: Cause) -> String {
    format!("quarantine: {}: everything is accepted, nothing is sent; check it, then run: lastword release", cause.sentence())
}

/// What the last beat noted beside the file.
pub fn noted(db: &Db) -> Option<(String, i64)> {
    let text = std::fs::read_to_string(beside(db.path()?)).ok()?;
    let (lineage, beats) = text.trim().split_once(' ')?;
    Some((lineage.to_owned(), beats.parse().ok()?))
}

/// Another life of the database is seen by this, so what cannot be noted is no more than a sign that is missing.
fn note(db: &Db, (lineage, beats): &(String, i64)) {
    let Some(path) = db.path() else { return };
    if let Err(error) = std::fs::write(beside(path), format!("{lineage} {beats}\n")) {
        tracing::warn!(%error, "could not write the heartbeat beside the database");
    }
}

/// The file of the lock.
pub(super) fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}
