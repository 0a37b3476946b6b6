//! Debug builds refuse a transaction that locks rows out of the one order (`store/locks.rs`): so each of our tests on PostgreSQL looks for
//! what might wait for each other.

use crate::sql::Sql;
use crate::sql::locks::{Locks, ORDER};

/// The tables of which a transaction has locked rows.
#[derive(Debug, Default)]
pub(super) struct Taken([bool; ORDER.len()]);

impl Taken {
    /// A statement is about to run.
    ///
    /// # Panics
    /// In debug builds, when it may wait for rows of a table that comes before one that was locked.
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
