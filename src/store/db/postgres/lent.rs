//! A PostgreSQL connection that a transaction or a read has. After a transaction it goes back to the pool only when that has ended:
//! one that was dropped in the middle, also while it began (sqlx issue 4393), is closed instead, and whatever it had begun is undone
//! by the server. So no connection of the pool is ever inside a transaction, and none has to be rolled back on suspicion. One that
//! met an error after which it cannot be trusted is closed too: a server that takes no writes any more, that ended it, or that
//! has not answered for a while.

use super::fault::{driver, ends_connection, or_locked};
use crate::error::StoreError;
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres};
use std::io::ErrorKind;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

/// Longer than PostgreSQL lets any statement of ours run: a server that is silent for so long is gone, and so is its connection.
const SILENT_MAX: Duration = Duration::from_secs(20);

/// The connection.
pub(in crate::db) struct Lent {
    /// `None` once it is back in the pool.
    connection: Option<PoolConnection<Postgres>>,
    /// Nobody else may use it: it is inside a transaction.
    in_transaction: bool,
    /// It met an error after which nobody may use it.
    broken: bool,
    /// Whether statements that it prepares last.
    keeps_statements: bool,
}

impl Lent {
    /// A connection on which nothing is begun.
    pub(super) fn new(connection: PoolConnection<Postgres>, keeps_statements: bool) -> Self {
        Self { connection: Some(connection), in_transaction: false, broken: false, keeps_statements }
    }

    /// A transaction begins on it.
    pub(super) fn begins(&mut self) {
        self.in_transaction = true;
    }

    /// Whether statements that it prepares last.
    pub(in crate::db) fn keeps_statements(&self) -> bool {
        self.keeps_statements
    }

    /// Its transaction has ended: others may have it, unless it is broken.
    pub(in crate::db) fn ended(&mut self) {
        self.in_transaction = false;
        if !self.broken {
            drop(self.connection.take());
        }
    }

    /// Nobody may have it any more.
    pub(in crate::db) fn close(mut self) {
        self.broken = true;
    }

    /// `true` if it can do nothing more.
    pub(in crate::db) fn is_broken(&self) -> bool {
        self.broken
    }

    /// What came of something that it did, in our words; remembers if it is broken now.
    pub(in crate::db) fn outcome<T>(&mut self, result: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        result.map_err(|error| driver(self.noticed(error)))
    }

    /// As [`Lent::outcome`], for statements that may refuse to wait for their locks.
    pub(in crate::db) fn outcome_unless_locked<T>(&mut self, hasty: bool, result: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        result.map_err(|error| or_locked(hasty, self.noticed(error)))
    }

    fn noticed(&mut self, error: sqlx::Error) -> sqlx::Error {
        self.broken |= ends_connection(&error);
        error
    }
}

/// What `said` gives, unless the server is silent for too long. Then the connection cannot be used any more.
pub(in crate::db) async fn in_time<T>(said: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    let silent = |_| Err(sqlx::Error::Io(std::io::Error::new(ErrorKind::TimedOut, "PostgreSQL did not answer for 20 seconds")));
    tokio::time::timeout(SILENT_MAX, said).await.unwrap_or_else(silent)
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take().filter(|_| self.broken || self.in_transaction) {
            drop(connection.detach());
        }
    }
}

impl Deref for Lent {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        self.connection.as_ref().unwrap_or_else(|| unreachable!("nobody asks after the end"))
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.connection.as_mut().unwrap_or_else(|| unreachable!("nobody asks after the end"))
    }
}
