//! Opens the database of the settings, upgrades it, or waits for it.

use crate::app::StartError;
use crate::settings::{Checkpoint, DatabaseUrl, Pooler, Settings};
use crate::store::db::Opening;
use crate::store::{Db, StoreError};
use crate::time::{Clock, Millis, SECOND, wait};

/// Connects to the database of the settings without upgrading it.
///
/// # Errors
/// If it cannot be opened.
pub async fn connect(settings: &Settings) -> Result<Db, StoreError> {
    connect_with(settings, settings.database.connections).await
}

/// Like [`connect`], with a maximum number of `connections`.
///
/// # Errors
/// If it cannot be opened.
pub async fn connect_with(settings: &Settings, connections: u32) -> Result<Db, StoreError> {
    let (database, checkpoints) = (&settings.database, settings.database.checkpoint == Checkpoint::Own);
    Db::open_with(&database.url.address(), Opening { connections, checkpoints, pooler: database.pooler }).await
}

/// Connects to another database than that of the settings, without upgrading it.
///
/// # Errors
/// If it cannot be opened.
pub async fn open_at(url: &DatabaseUrl, connections: u32, pooler: Pooler) -> Result<Db, StoreError> {
    Db::open_with(&url.address(), Opening { connections, pooler, ..Opening::default() }).await
}

/// Opens the database of the settings, and upgrades its tables if the settings allow it.
///
/// # Errors
/// If it cannot be opened, or is newer than this program.
pub async fn open_database(settings: &Settings) -> Result<Db, StartError> {
    if let Some(problem) = settings.database.url.hindrance() {
        return Err(problem.into());
    }
    let db = connect(settings).await?;
    if settings.database.migrate {
        db.migrate().await?;
        return Ok(db);
    }
    let tables = db.tables().await?;
    tables.not_newer()?;
    match tables.pending {
        0 => Ok(db),
        pending => Err(StartError::Other(format!(
            "database.migrate is false and the tables are {pending} migration{} behind; run: lastword migrate",
            if pending == 1 { "" } else { "s" }
        ))),
    }
}

/// Time for which a server waits for its database, and the intervals of its checks and log messages.
const DATABASE_PATIENCE: Millis = 10 * SECOND;
const DATABASE_PAUSE: Millis = SECOND / 2;
const DATABASE_SAID_EVERY: Millis = 10 * SECOND;

/// Like [`open_database`], for a server that may start before its database. While no host accepts writes, as during a
/// failover, it waits without limit.
pub(super) async fn open_patiently(settings: &Settings, clock: &dyn Clock) -> Result<Db, StartError> {
    let (give_up, mut said) = (clock.now() + DATABASE_PATIENCE, None);
    loop {
        let error = match open_writable(settings).await {
            Err(StartError::Store(error)) => error,
            opened => return opened,
        };
        let now = clock.now();
        if error.is_read_only() {
            if said.is_none_or(|last| now - last >= DATABASE_SAID_EVERY) {
                said = Some(now);
                tracing::warn!(%error, "waiting for a database that takes writes");
            }
        } else if now >= give_up || !matches!(error, StoreError::Unreachable(_) | StoreError::Disconnected(_)) {
            return Err(error.into());
        }
        wait(DATABASE_PAUSE).await;
    }
}

async fn open_writable(settings: &Settings) -> Result<Db, StartError> {
    let db = open_database(settings).await?;
    match db.is_read_only().await {
        Ok(false) => Ok(db),
        read_only => {
            db.close().await;
            Err(read_only.err().unwrap_or(StoreError::ReadOnly).into())
        }
    }
}
