//! Replaces the database with a backup: the backup is checked first, the old database is moved aside, and the new one sends
//! nothing until it is released.

use super::Failure;
use super::backup::{KEY, Watch, cannot, stamp, sync, write_private};
use super::postgres::tools::{Tool, Tooled};
use crate::app::connect_with;
use crate::app::live::stored::{LockedConnection, with_stored};
use crate::app::lock::Lock;
use crate::domain::quarantine::Cause;
use crate::settings::{DatabaseUrl, Settings};
use crate::store::db::{fold_log, seal};
use crate::store::records::{aside, installation};
use crate::time::{Clock, Millis, SystemClock};
use lastword_store::transaction;
use std::fs;
use std::path::{Path, PathBuf};

/// Result of a restore.
#[derive(Debug)]
pub enum PutBack {
    /// The backup is in place.
    Done(Restored),
    /// The tools of PostgreSQL are not on this machine: the command to run where they are.
    Elsewhere(String),
}

/// A restored backup.
#[derive(Debug)]
pub struct Restored {
    /// New place of the old database: a file, or a schema.
    pub aside: Option<String>,
    /// Result for the key.
    pub key: KeyBack,
    /// Connections whose secrets that key cannot decrypt.
    pub locked: Vec<LockedConnection>,
}

/// Result for the key.
#[derive(Debug, PartialEq, Eq)]
pub enum KeyBack {
    /// The backup's key is in place.
    Put(PathBuf),
    /// The backup's key is in place, and the previous one was moved there.
    Replaced(PathBuf, PathBuf),
    /// The keys are the same.
    Same,
    /// The key is in the settings.
    InSettings,
    /// There is none next to the backup; the existing one stays.
    NotInBackup,
}

/// Replaces the database of the settings with the backup in `file`. `watch` receives the file that is written.
///
/// # Errors
/// If a server is running, or the backup is damaged; then nothing was changed.
pub async fn put_back(settings: &Settings, file: &Path, watch: Watch<'_>) -> Result<PutBack, Failure> {
    if !file.is_file() {
        return Err(Failure::Usage(format!("there is no file {}", file.display())));
    }
    let now = SystemClock::default().now();
    let aside = match &settings.database.url {
        DatabaseUrl::SqliteMemory => return Err(Failure::Usage("database.url: a database in memory cannot be restored".to_owned())),
        DatabaseUrl::SqliteFile(path) => {
            let _lock = Lock::take(&settings.database.url)?;
            in_sqlite(path, file, now, watch).await?
        }
        DatabaseUrl::Postgres(_) => match in_postgres(settings, file, now).await? {
            Tooled::Done(aside) => aside,
            Tooled::Missing(line) => return Ok(PutBack::Elsewhere(line)),
        },
    };
    let key = put_key(settings, file, now)?;
    Ok(PutBack::Done(Restored { aside, key, locked: locked(settings).await }))
}

/// Connections whose secrets have to be entered again. Rows that cannot be read now are reported by the server and by
/// `lastword doctor`.
async fn locked(settings: &Settings) -> Vec<LockedConnection> {
    let Ok(db) = connect_with(settings, 1).await else { return Vec::new() };
    let found = with_stored(settings, &db).await;
    db.close().await;
    found.map(|(_, locked)| locked).unwrap_or_default()
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

async fn in_sqlite(path: &Path, file: &Path, now: Millis, watch: Watch<'_>) -> Result<Option<String>, Failure> {
    let half_done = with_ending(path, ".restoring");
    watch(&half_done, fs::metadata(file).ok().map(|file| file.len()));
    let sealed = async {
        fs::copy(file, &half_done).map_err(|error| cannot(&half_done, &error))?;
        // A copy made by hand may have a part of its data in its log.
        if with_ending(file, "-wal").exists() {
            fs::copy(with_ending(file, "-wal"), with_ending(&half_done, "-wal")).map_err(|error| cannot(&half_done, &error))?;
        }
        // The error is about the backup, not about our copy of it.
        let sealed = seal(&half_done, Cause::Restored, now).await;
        sealed.map_err(|error| Failure::Failed(format!("{}: {error}", file.display())))
    };
    let sealed = sealed.await;
    if sealed.is_err() {
        for ending in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(with_ending(&half_done, ending));
        }
    }
    sealed?;
    let mut aside = None;
    if path.exists() {
        // Merges the log into the file as far as it is valid, so that the file is complete.
        fold_log(path).await;
        let old = with_ending(path, &format!(".before-restore-{}", stamp(now)));
        for ending in ["", "-wal", "-shm"] {
            let from = with_ending(path, ending);
            if from.exists() {
                fs::rename(&from, with_ending(&old, ending)).map_err(|error| cannot(&old, &error))?;
            }
        }
        aside = Some(old.display().to_string());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::rename(&half_done, path).and_then(|()| sync(folder)).map_err(|error| cannot(path, &error))?;
    Ok(aside)
}

/// The old schema, or the command to run where the tools are.
async fn in_postgres(settings: &Settings, file: &Path, now: Millis) -> Result<Tooled<Option<String>>, Failure> {
    let url = &settings.database.url;
    let Some(listed) = Tool::list(file).read()? else { return Ok(Tooled::Missing(Tool::restore(url, file).line())) };
    if !listed.contains(" rating_request ") {
        return Err(Failure::Failed(format!("{} is not a dump of a Lastword database", file.display())));
    }
    let db = connect_with(settings, 2).await?;
    let others = aside::others_at_work(&db).await?;
    if others > 0 {
        let what = if others == 1 { "1 connection of lastword is" } else { "connections of lastword are" };
        return Err(Failure::Failed(format!("{what} still using this database; stop every lastword first")));
    }
    let (schema, filled) = aside::schema(&db).await?;
    let old = format!("before_restore_{}", stamp(now).to_lowercase());
    if filled {
        transaction!(db, [schema, old], async |tx| { aside::move_aside(tx, &schema, &old).await }).await?;
    }
    db.close().await;
    let restored = Tool::restore(url, file).run();
    let db = connect_with(settings, 2).await?;
    if let Err(failure) = restored {
        if filled {
            transaction!(db, [schema, old], async |tx| { aside::put_back(tx, &schema, &old).await }).await?;
        }
        return Err(failure);
    }
    db.migrate().await?;
    installation::mark(&db, Cause::Restored, now).await?;
    db.close().await;
    Ok(Tooled::Done(filled.then(|| format!("schema {old}"))))
}

fn put_key(settings: &Settings, file: &Path, now: Millis) -> Result<KeyBack, Failure> {
    let Some(place) = settings.key_file().filter(|_| settings.security.key.is_none()) else { return Ok(KeyBack::InSettings) };
    let Ok(key) = fs::read(file.with_extension(KEY)) else { return Ok(KeyBack::NotInBackup) };
    match fs::read(&place) {
        Ok(present) if present == key => Ok(KeyBack::Same),
        Ok(_) => {
            let old = with_ending(&place, &format!(".before-restore-{}", stamp(now)));
            fs::rename(&place, &old).and_then(|()| write_private(&place, &key)).map_err(|error| cannot(&place, &error))?;
            Ok(KeyBack::Replaced(place, old))
        }
        Err(_) => write_private(&place, &key).map(|()| KeyBack::Put(place.clone())).map_err(|error| cannot(&place, &error)),
    }
}
