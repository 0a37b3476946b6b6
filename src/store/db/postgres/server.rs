//! The pool of connections to PostgreSQL, and the beginning of transactions.

use super::fault::driver;
use super::hosts::Hosts;
use super::lent::{Lent, in_time};
use crate::error::StoreError;
use sqlx::postgres::PgPool;
use std::pin::pin;
use std::time::Duration;

/// With several hosts: if no connection is available within this time, the leader may have moved to another host.
const SLOW: Duration = Duration::from_secs(1);

/// The server behind `database.url`.
pub(in crate::db) struct Server {
    pub(in crate::db) pool: PgPool,
    pub(super) hosts: Hosts,
    /// Statements that begin a transaction. `None` if each connection has its own session, in which settings and statements persist.
    pub(super) begin: Option<String>,
}

impl Server {
    /// A connection of the pool without a transaction.
    pub(in crate::db) async fn take(&self) -> Result<Lent, StoreError> {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that takes connections")]
        let acquire = || self.pool.acquire();
        let mut first = pin!(acquire());
        let taken = if self.hosts.are_several() {
            match tokio::time::timeout(SLOW, &mut first).await {
                Ok(Ok(taken)) => Ok(taken),
                Ok(Err(_)) => {
                    self.look_elsewhere().await?;
                    acquire().await
                }
                Err(_) => {
                    self.look_elsewhere().await?;
                    first.await
                }
            }
        } else {
            first.await
        };
        taken.map(|connection| Lent::new(connection, self.begin.is_none())).map_err(driver)
    }

    /// Looks for the leader, because no connection came. Without one there is nothing to wait for, unless the pool is only busy.
    async fn look_elsewhere(&self) -> Result<(), StoreError> {
        self.hosts.follow(&self.pool).await.or_else(|none| if self.pool.size() == 0 { Err(none) } else { Ok(()) })
    }

    /// A connection with an open transaction.
    pub(in crate::db) async fn begin(&self) -> Result<Lent, StoreError> {
        let mut connection = self.take().await?;
        connection.begins();
        let begin = self.begin.as_deref().unwrap_or("BEGIN");
        let begun = in_time(sqlx::raw_sql(sqlx::AssertSqlSafe(begin)).execute(&mut *connection)).await;
        connection.outcome(begun)?;
        Ok(connection)
    }

    /// A connection for one statement. If sessions do not persist, it is inside a transaction that sets its settings and
    /// keeps the parts of the statement together.
    pub(in crate::db) async fn for_one(&self) -> Result<Lent, StoreError> {
        if self.begin.is_some() { self.begin().await } else { self.take().await }
    }

    /// Returns a connection of [`Server::for_one`].
    pub(in crate::db) async fn give_back(&self, mut connection: Lent) {
        if self.begin.is_some() && !connection.is_broken() {
            let ended = in_time(sqlx::raw_sql("ROLLBACK").execute(&mut *connection)).await;
            if connection.outcome(ended).is_err() {
                return;
            }
        }
        connection.ended();
    }

    /// Looks for another leader if there are several hosts.
    ///
    /// # Errors
    /// When there is none.
    pub(in crate::db) async fn follow_leader(&self) -> Result<(), StoreError> {
        if self.hosts.are_several() { self.hosts.follow(&self.pool).await } else { Ok(()) }
    }
}
