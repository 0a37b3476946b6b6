//! Checks for free disk space.

use super::postgres::lent::in_time;
use super::postgres::server::Server;
use super::{Db, Engine};
use crate::error::StoreError;
use sqlx::Row as _;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::sync::atomic::Ordering;

/// With fewer free bytes than this, a file counts as full.
const LEAST: u64 = 1 << 20;

impl Db {
    /// True if there is free disk space. PostgreSQL is queried only after it reported a full disk; the disk of a SQLite
    /// file is checked each time.
    pub async fn has_room(&self) -> bool {
        let full = self.0.signs.full.load(Ordering::Relaxed);
        let room = match &self.0.engine {
            Engine::Sqlite { place, .. } => place.path.as_deref().is_none_or(|path| enough(path) && (!full || can_write(path))),
            Engine::Postgres(_) if !full => true,
            Engine::Postgres(_) => !matches!(self.try_to_grow().await, Err(StoreError::DiskFull)),
        };
        if full && room {
            self.0.signs.full.store(false, Ordering::Relaxed);
        }
        room
    }

    /// True if PostgreSQL is read-only: it is a standby, or `default_transaction_read_only` is on. A SQLite file that
    /// cannot be written is a failure of its disk.
    pub async fn is_read_only(&self) -> Result<bool, StoreError> {
        let Engine::Postgres(server) = &self.0.engine else { return Ok(false) };
        let mut is = read_only(server).await?;
        if is {
            // The leader may now be another host of database.url.
            server.follow_leader().await?;
            is = read_only(server).await?;
        }
        self.0.signs.read_only.store(is, Ordering::Relaxed);
        Ok(is)
    }

    /// Lets PostgreSQL create a table of about a MiB, and rolls it back.
    async fn try_to_grow(&self) -> Result<(), StoreError> {
        let Engine::Postgres(server) = &self.0.engine else { return Ok(()) };
        let mut connection = server.take().await?;
        let grow =
            "BEGIN; CREATE TEMPORARY TABLE lastword_room ON COMMIT DROP AS SELECT n FROM generate_series(1, 30000) AS s(n); ROLLBACK";
        let grown = in_time(sqlx::raw_sql(grow).execute(&mut *connection)).await;
        match connection.outcome(grown) {
            Ok(_) => {
                connection.ended();
                Ok(())
            }
            // The transaction is still open.
            Err(error) => {
                connection.close();
                Err(error)
            }
        }
    }
}

/// True if the server is read-only. One message without values, which no pooler splits.
async fn read_only(server: &Server) -> Result<bool, StoreError> {
    let mut connection = server.take().await?;
    let asked = in_time(sqlx::raw_sql("SELECT current_setting('transaction_read_only')").fetch_one(&mut *connection)).await;
    let is = connection.outcome(asked.and_then(|row| row.try_get::<String, _>(0)))? == "on";
    if is {
        // A session is read-only or not from its start, so this one is closed: the next may be able to write.
        connection.close();
    } else {
        connection.ended();
    }
    Ok(is)
}

fn enough(path: &Path) -> bool {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    rustix::fs::statvfs(folder).map_or(true, |disk| disk.f_bavail.saturating_mul(disk.f_frsize) >= LEAST)
}

/// A quota can only be detected by writing.
fn can_write(path: &Path) -> bool {
    let mut name = path.as_os_str().to_owned();
    name.push(".room");
    let written = std::fs::File::create(&name).and_then(|mut file| file.write_all(&vec![0; LEAST as usize]));
    let _ = std::fs::remove_file(&name);
    !matches!(written, Err(error) if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded))
}
