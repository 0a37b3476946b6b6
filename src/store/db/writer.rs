//! The one connection that writes to a SQLite file. After an error of the disk it is not used on: what the system holds in
//! memory and what is on the disk may differ then, so the file is opened anew and read before anything is written again.

use super::driver;
use super::health::refuse_damage;
use crate::store::error::StoreError;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::path::PathBuf;

/// The connection.
pub(super) struct Writer {
    pub(super) connection: SqliteConnection,
    /// A transaction was dropped without an end: it is rolled back before the next one begins.
    pub(super) dangling: bool,
    /// The disk failed under it.
    pub(super) failed: bool,
    options: SqliteConnectOptions,
    path: Option<PathBuf>,
}

impl Writer {
    /// The first one.
    pub(super) fn new(connection: SqliteConnection, options: SqliteConnectOptions, path: Option<PathBuf>) -> Self {
        Self { connection, dangling: false, failed: false, options, path }
    }

    /// Opens the file anew where the disk failed. Gives whether it had to.
    pub(super) async fn renew(&mut self) -> Result<bool, StoreError> {
        if !self.failed || self.path.is_none() {
            return Ok(false);
        }
        let mut fresh = SqliteConnection::connect_with(&self.options).await.map_err(driver)?;
        refuse_damage(&mut fresh, self.path.as_deref()).await?;
        let old = std::mem::replace(&mut self.connection, fresh);
        let _ = old.close().await;
        (self.dangling, self.failed) = (false, false);
        Ok(true)
    }
}
