//! Upgrades the tables by command, after copying a SQLite file.

use super::backup::Watch;
use super::{Failure, StartError};
use crate::app::connect;
use crate::settings::Settings;
use crate::time::{Clock, SystemClock};
use std::path::PathBuf;

/// Result of an upgrade.
#[derive(Debug)]
pub struct Upgraded {
    /// Last migration before.
    pub from: i64,
    /// Last migration after.
    pub to: i64,
    /// Number of migrations.
    pub done: usize,
    /// Copy of the previous file.
    pub copy: Option<PathBuf>,
}

/// Upgrades the tables. `watch` receives the copy while it is written; then `upgrading` is called.
///
/// # Errors
/// If the database is newer than this program, or a migration fails.
pub async fn upgrade(settings: &Settings, watch: Watch<'_>, upgrading: &dyn Fn()) -> Result<Upgraded, Failure> {
    if let Some(problem) = settings.database.url.hindrance() {
        return Err(StartError::from(problem).into());
    }
    let db = connect(settings).await?;
    let before = db.tables().await?;
    before.not_newer()?;
    let mut copy = None;
    // An empty database needs no copy.
    if before.pending > 0
        && before.found > 0
        && let Some(path) = db.path()
    {
        let at = chrono::DateTime::from_timestamp_millis(SystemClock::default().now()).unwrap_or_default();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let beside = path.with_file_name(format!("{name}.before-{:04}-{}", before.known, at.format("%Y%m%dT%H%M%SZ")));
        watch(&beside, std::fs::metadata(path).ok().map(|file| file.len()));
        let copied = db.copy_to(&beside).await;
        copied.map_err(|error| Failure::Failed(format!("could not make a copy at {} ({error}); nothing was changed", beside.display())))?;
        copy = Some(beside);
    }
    upgrading();
    db.migrate().await?;
    db.close().await;
    Ok(Upgraded { from: before.found, to: before.known, done: before.pending, copy })
}
