//! Debug builds refuse a transaction that locks rows outside the single order (`store/locks.rs`), so every test on
//! PostgreSQL checks for possible deadlocks.

use crate::sql::Sql;
use crate::sql::locks::{Locks, ORDER};

/// The tables of which a transaction has locked rows.
#[derive(Debug, Default)]
pub(super) struct Taken([bool; ORDER.len()]);

impl Taken {
    /// Records the locks of a statement that is about to run.
    ///
    /// # Panics
    /// In debug builds, if the statement may wait for rows of a table that comes before a locked one in the order.
    pub(super) fn takes(&mut self, sql: &'static Sql) {
        if !cfg!(debug_assertions) {
            return;
        }
        for (table, how) in sql.locks() {
            let Some(at) = ORDER.iter().position(|known| known == table) else { continue };
            let behind = self.0.iter().rposition(|taken| *taken).filter(|last| *how == Locks::Waiting && !self.0[at] && *last > at);
            assert!(
                behind.is_none(),
                "a transaction locks {table} after {}: see the order in store/locks.rs\n{}",
                behind.map_or("", |last| ORDER[last]),
                sql.on(crate::sql::Dialect::Postgres)
            );
            self.0[at] = true;
        }
    }
}
