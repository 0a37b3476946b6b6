//! A PostgreSQL connection in use by a transaction or a read. It returns to the pool only after its transaction has ended.
//! If a transaction is dropped half-way, also while it begins (sqlx issue 4393), the connection is closed instead, and the
//! server rolls back. So no connection of the pool is ever inside a transaction, and no precautionary rollback is needed. A
//! connection is also closed after an error that makes it unusable: the server became read-only, ended the connection, or
//! has not responded for a while.

use super::fault::{driver, ends_connection, or_locked};
use crate::error::StoreError;
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres};
use std::io::ErrorKind;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

/// Longer than the statement timeout that we set: a server that is silent for this long is gone, and so is its connection.
const SILENT_MAX: Duration = Duration::from_secs(20);

/// The connection.
pub(in crate::db) struct Lent {
    /// `None` after its return to the pool.
    connection: Option<PoolConnection<Postgres>>,
    /// True while it is inside a transaction and must not be reused.
    in_transaction: bool,
    /// True after an error that makes it unusable.
    broken: bool,
    /// True if prepared statements persist.
    keeps_statements: bool,
}

impl Lent {
    /// A connection without a transaction.
    pub(super) fn new(connection: PoolConnection<Postgres>, keeps_statements: bool) -> Self {
        Self { connection: Some(connection), in_transaction: false, broken: false, keeps_statements }
    }

    /// Marks the beginning of a transaction.
    pub(super) fn begins(&mut self) {
        self.in_transaction = true;
    }

    /// True if prepared statements persist.
    pub(in crate::db) fn keeps_statements(&self) -> bool {
        self.keeps_statements
    }

    /// Marks the end of its transaction and returns it to the pool, unless it is broken.
    pub(in crate::db) fn ended(&mut self) {
        self.in_transaction = false;
        if !self.broken {
            drop(self.connection.take());
        }
    }

    /// Closes it.
    pub(in crate::db) fn close(mut self) {
        self.broken = true;
    }

    /// `true` if it is unusable.
    pub(in crate::db) fn is_broken(&self) -> bool {
        self.broken
    }

    /// Converts the error of an operation; marks the connection if it is now unusable.
    pub(in crate::db) fn outcome<T>(&mut self, result: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        result.map_err(|error| driver(self.noticed(error)))
    }

    /// Like [`Lent::outcome`], for statements that may refuse to wait for their locks.
    pub(in crate::db) fn outcome_unless_locked<T>(&mut self, hasty: bool, result: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        result.map_err(|error| or_locked(hasty, self.noticed(error)))
    }

    fn noticed(&mut self, error: sqlx::Error) -> sqlx::Error {
        self.broken |= ends_connection(&error);
        error
    }
}

/// Awaits `said`; an error if the server is silent for too long, after which the connection is unusable.
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
