//! A PostgreSQL connection that a transaction has. It goes back to the pool only when the transaction has ended: one that was
//! dropped in the middle, also while it began (sqlx issue 4393), is closed instead, and whatever it had begun is undone by
//! the server. So no connection of the pool is ever inside a transaction, and none has to be rolled back on suspicion.

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres};
use std::ops::{Deref, DerefMut};

/// The connection.
pub(super) struct Lent(Option<PoolConnection<Postgres>>);

impl Lent {
    /// Takes a connection from here on, before anything is begun on it.
    pub(super) fn new(connection: PoolConnection<Postgres>) -> Self {
        Self(Some(connection))
    }

    /// Its transaction has ended: others may have it.
    pub(super) fn ended(&mut self) {
        drop(self.0.take());
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(connection.detach());
        }
    }
}

impl Deref for Lent {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        self.0.as_ref().unwrap_or_else(|| unreachable!("nobody asks after the end"))
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.0.as_mut().unwrap_or_else(|| unreachable!("nobody asks after the end"))
    }
}
