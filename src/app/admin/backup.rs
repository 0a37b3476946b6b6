//! A backup: a copy of the whole database in a folder, together with the key, marked so that it sends nothing after a restore.

use super::postgres::tools::{Tool, Tooled};
use super::{Failure, StartError};
use crate::domain::quarantine::Cause;
use crate::settings::{DatabaseUrl, Settings};
use crate::store::db::{Opening, seal};
use crate::store::{Db, StoreError};
use crate::time::{Clock, Millis, SystemClock};
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Result of a backup.
#[derive(Debug)]
pub enum BackedUp {
    /// A copy was made.
    Made(Made),
    /// The tools of PostgreSQL are not on this machine: the command to run where they are.
    Elsewhere(String),
}

/// A copy.
#[derive(Debug)]
pub struct Made {
    /// Path of the copy.
    pub file: PathBuf,
    /// Size of the copy.
    pub bytes: u64,
    /// Copy of the key.
    pub key: KeyCopy,
    /// Older copies that were removed.
    pub removed: Vec<PathBuf>,
}

/// The key of a copy: without it, buttons that were already sent stop working.
#[derive(Debug)]
pub enum KeyCopy {
    /// Copied next to the database's copy.
    Copied(PathBuf),
    /// It is in the settings and is backed up with them.
    InSettings,
    /// The key file is missing.
    Missing(PathBuf),
}

/// Prefix of a copy's name.
const PREFIX: &str = "lastword-";
/// Extension of a SQLite copy.
const SQLITE: &str = "db";
/// Extension of a PostgreSQL dump.
const POSTGRES: &str = "dump";
/// Extension of the key next to a copy.
pub(super) const KEY: &str = "key";

/// Receives the file that is being written, and its expected final length in bytes if known. Progress is the file's size.
pub type Watch<'a> = &'a dyn Fn(&Path, Option<u64>);

/// Makes a copy in `folder`, and removes all but the newest `keep` there. `watch` gets the file while it is written.
///
/// # Errors
/// If it cannot be made; then nothing was changed.
pub async fn back_up(settings: &Settings, folder: &Path, keep: Option<usize>, watch: Watch<'_>) -> Result<BackedUp, Failure> {
    let now = SystemClock::default().now();
    let ending = match &settings.database.url {
        DatabaseUrl::SqliteMemory => return Err(Failure::Usage("database.url: a database in memory cannot be backed up".to_owned())),
        DatabaseUrl::SqliteFile(path) if !path.exists() => {
            return Err(Failure::Failed(format!("there is no file {}; check database.url", path.display())));
        }
        DatabaseUrl::SqliteFile(_) => SQLITE,
        DatabaseUrl::Postgres(_) => POSTGRES,
    };
    make_folder(folder)?;
    let file = folder.join(format!("{PREFIX}{}.{ending}", stamp(now)));
    if file.exists() {
        return Err(Failure::Failed(format!("{} already exists; wait a second and try again", file.display())));
    }
    let half_made = folder.join(format!(".{PREFIX}{}.{ending}.half-made-{}", stamp(now), std::process::id()));
    watch(&half_made, size(&settings.database.url));
    let copied = copy(settings, &half_made, now).await;
    let copied = copied.and_then(|tooled| match tooled {
        Tooled::Done(()) => {
            fs::rename(&half_made, &file).and_then(|()| sync(folder)).map(|()| tooled).map_err(|error| cannot(&file, &error))
        }
        Tooled::Missing(_) => Ok(tooled),
    });
    if copied.is_err() {
        let _ = fs::remove_file(&half_made);
    }
    if let Tooled::Missing(line) = copied? {
        let _ = fs::remove_file(&half_made);
        return Ok(BackedUp::Elsewhere(line));
    }
    let key = copy_key(settings, &file)?;
    let removed = keep.map_or_else(|| Ok(Vec::new()), |keep| prune(folder, keep)).map_err(|error| cannot(folder, &error))?;
    let bytes = fs::metadata(&file).map_or(0, |file| file.len());
    Ok(BackedUp::Made(Made { file, bytes, key, removed }))
}

/// Size of a SQLite file in bytes, which its copy will have approximately.
fn size(url: &DatabaseUrl) -> Option<u64> {
    let DatabaseUrl::SqliteFile(path) = url else { return None };
    fs::metadata(path).ok().map(|file| file.len())
}

async fn copy(settings: &Settings, to: &Path, now: Millis) -> Result<Tooled, Failure> {
    if let Some(problem) = settings.database.url.hindrance() {
        return Err(StartError::from(problem).into());
    }
    if let DatabaseUrl::Postgres(_) = &settings.database.url {
        // pg_dump would create a file that all users can read, so it writes into this private one.
        let private = File::options().write(true).create_new(true).mode(0o600).open(to);
        private.map_err(|error| cannot(to, &error))?;
        let dumped = Tool::dump(&settings.database.url, to).run()?;
        if matches!(dumped, Tooled::Done(())) {
            Tool::list(to).read()?;
            File::open(to).and_then(|file| file.sync_all()).map_err(|error| cannot(to, &error))?;
        }
        return Ok(dumped);
    }
    let db = Db::open_with(&settings.database.url.address(), Opening { checkpoints: false, ..Opening::default() }).await?;
    let copied = async {
        let tables = db.tables().await?;
        tables.not_newer()?;
        db.copy_to(to).await?;
        seal(to, Cause::Backup, now).await
    };
    let copied: Result<(), StoreError> = copied.await;
    db.close().await;
    copied?;
    Ok(Tooled::Done(()))
}

/// Formats a time for a name; such names sort by time.
pub(super) fn stamp(at: Millis) -> String {
    chrono::DateTime::from_timestamp_millis(at).unwrap_or_default().format("%Y%m%dT%H%M%SZ").to_string()
}

fn make_folder(folder: &Path) -> Result<(), Failure> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| Failure::Failed(format!("cannot create the folder {}: {error}; name another one", folder.display())))
}

fn copy_key(settings: &Settings, copy: &Path) -> Result<KeyCopy, Failure> {
    if settings.security.key.is_some() {
        return Ok(KeyCopy::InSettings);
    }
    let Some(key) = settings.key_file() else { return Ok(KeyCopy::InSettings) };
    let Ok(bytes) = fs::read(&key) else { return Ok(KeyCopy::Missing(key)) };
    let beside = copy.with_extension(KEY);
    write_private(&beside, &bytes).map_err(|error| cannot(&beside, &error))?;
    Ok(KeyCopy::Copied(beside))
}

/// Writes a file that only its owner can read, and syncs it to disk.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    sync(path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))
}

/// Syncs a folder, so that renames survive a power failure.
pub(super) fn sync(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Removes all copies but the newest `keep`, each with its key. Files with other names are not touched.
fn prune(folder: &Path, keep: usize) -> std::io::Result<Vec<PathBuf>> {
    let mut copies: Vec<PathBuf> =
        fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_copy(path)).collect();
    copies.sort_by(|a, b| b.file_name().cmp(&a.file_name()));
    let old = copies.split_off(keep.max(1).min(copies.len()));
    for path in &old {
        fs::remove_file(path)?;
        let _ = fs::remove_file(path.with_extension(KEY));
    }
    sync(folder)?;
    Ok(old)
}

fn is_copy(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let moment = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(".db").or_else(|| rest.strip_suffix(".dump")));
    moment.is_some_and(|moment| chrono::NaiveDateTime::parse_from_str(moment, "%Y%m%dT%H%M%SZ").is_ok())
}

pub(super) fn cannot(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Failed(format!("{} cannot be written: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_copies_stay_and_nothing_else_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        let names =
            ["lastword-20260101T000000Z.db", "lastword-20260102T000000Z.dump", "lastword-20260103T000000Z.db", "lastword-old.db", "other"];
        for name in names {
            fs::write(folder.path().join(name), "").unwrap();
        }
        fs::write(folder.path().join("lastword-20260101T000000Z.key"), "").unwrap();
        let removed = prune(folder.path(), 2).unwrap();
        assert_eq!(removed, [folder.path().join(names[0])]);
        let mut left: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        left.sort();
        assert_eq!(left, &names[1..]);
        assert!(prune(folder.path(), 0).unwrap().len() == 1, "one is always kept");
    }
}
