//! Heartbeat of the installation, also stored beside a SQLite file: in the lock file, which stays in place when the
//! database is restored from a copy. So a copy that replaced a newer state is detected.

use crate::domain::quarantine::Cause;
use crate::life::Engine;
use crate::life::records::detect_copy::{self, Beat};
use crate::store::{Db, StoreError};
use std::path::{Path, PathBuf};

/// Beats once. Logs if the database entered quarantine, and why; with `aloud` also if it was already in quarantine.
///
/// # Errors
/// Errors of the database.
pub async fn beat(engine: &Engine, aloud: bool) -> Result<Beat, StoreError> {
    let beat = detect_copy::beat(engine, noted(&engine.db), engine.now()).await?;
    match beat.quarantine {
        Some(cause) if beat.entered || aloud => tracing::error!("{}", warning(cause)),
        Some(_) => {}
        None => note(&engine.db, &beat.note),
    }
    Ok(beat)
}

/// Message for the operator.
pub fn warning(cause: Cause) -> String {
    format!("quarantine: {}: everything is accepted, nothing is sent; check it, then run: lastword release", cause.sentence())
}

/// The last beat stored beside the file.
pub fn noted(db: &Db) -> Option<(String, i64)> {
    let text = std::fs::read_to_string(beside(db.path()?)).ok()?;
    let (lineage, beats) = text.trim().split_once(' ')?;
    Some((lineage.to_owned(), beats.parse().ok()?))
}

/// Stores the beat beside the file. A failure only weakens the detection of copies.
fn note(db: &Db, (lineage, beats): &(String, i64)) {
    let Some(path) = db.path() else { return };
    if let Err(error) = std::fs::write(beside(path), format!("{lineage} {beats}\n")) {
        tracing::warn!(%error, "could not write the heartbeat beside the database");
    }
}

/// Path of the lock file.
pub(super) fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}
