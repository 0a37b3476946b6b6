//! Opens PostgreSQL: selects the server, sets up connections, and checks the server before it is trusted.

use super::fault::{FEW_CONNECTIONS, USE_SESSIONS, driver, unreachable};
use super::hosts::{Hosts, takes_writes};
use super::pooler;
use super::server::Server;
use crate::db::place;
use crate::error::StoreError;
use lastword_base::settings::Pooler;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use std::time::Duration;

/// A connection that was idle this long is tested before use.
const RESTED: Duration = Duration::from_secs(1);
/// Maximum time of that test.
const TRIED_WITHIN: Duration = Duration::from_secs(1);

pub(in crate::db) async fn open_postgres(url: &str, connections: u32, pooler: Pooler) -> Result<Server, StoreError> {
    let hosts = Hosts::of(url)?;
    hosts.find().await?;
    let options = hosts.used().clone();
    let begin = match pooler {
        Pooler::None | Pooler::Session => {
            let probed = tokio::time::timeout(pooler::PROBE_WITHIN, refuse_transaction_mode(&options)).await;
            probed.unwrap_or_else(|_| Err(StoreError::Address(FEW_CONNECTIONS.to_owned())))?;
            None
        }
        Pooler::Transaction => Some(pooler::begin(&options).await?),
    };
    let kind = Connections { most: connections.max(2), sessions_last: begin.is_none(), writable: hosts.writable() };
    let server = Server { pool: pool(options, kind).await?, hosts, begin };
    check(&server).await?;
    Ok(server)
}

/// Options of the connections of a pool.
#[derive(Clone, Copy)]
struct Connections {
    /// Maximum number.
    most: u32,
    /// Each has a session of its own.
    sessions_last: bool,
    /// Connections to a server that accepts no writes are closed: it may lag behind the leader.
    writable: bool,
}

async fn pool(options: PgConnectOptions, kind: Connections) -> Result<PgPool, StoreError> {
    let pool = PgPoolOptions::new()
        .max_connections(kind.most)
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(false)
        // An idle connection may be dead, or its server silent.
        .before_acquire(move |connection, about| {
            Box::pin(async move {
                Ok(about.idle_for < RESTED || matches!(tokio::time::timeout(TRIED_WITHIN, fit(connection, kind)).await, Ok(Ok(true))))
            })
        })
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if kind.writable && !takes_writes(connection).await? {
                    return Err(sqlx::Error::Io(std::io::Error::other("this PostgreSQL is read-only: not the leader")));
                }
                if !kind.sessions_last {
                    return Ok(());
                }
                pooler::settle(connection).await?;
                place::tell(connection).await
            })
        });
    match pool.connect_with(options.clone()).await {
        Ok(pool) => Ok(pool),
        // A pool retries for a while and drops the reason; one more attempt returns it.
        Err(error) => {
            let error = match error {
                sqlx::Error::PoolTimedOut => options.connect().await.err().unwrap_or(sqlx::Error::PoolTimedOut),
                error => error,
            };
            Err(unreachable(options.get_host(), &error))
        }
    }
}

/// True if a connection that rested can be used.
async fn fit(connection: &mut PgConnection, kind: Connections) -> Result<bool, sqlx::Error> {
    if kind.writable {
        return takes_writes(connection).await;
    }
    connection.ping().await.map(|()| true)
}

/// Refuses a server that Lastword cannot work with.
async fn check(server: &Server) -> Result<(), StoreError> {
    const WHAT: &str = "SELECT version(), current_setting('server_version_num'), current_setting('server_encoding'), \
                        current_database()::text, format('%I', current_user)";
    let mut connection = server.for_one().await?;
    let found = sqlx::raw_sql(WHAT).fetch_one(&mut *connection).await;
    let row = connection.outcome(found)?;
    let text = |at: usize| row.try_get::<String, _>(at).map_err(driver);
    let (version, number, encoding, name, user) = (text(0)?, text(1)?, text(2)?, text(3)?, text(4)?);
    if let Some(other) = not_postgres(&version) {
        return Err(StoreError::Address(format!(
            "this is {other}, which speaks PostgreSQL's protocol and is not PostgreSQL: Lastword runs on PostgreSQL 14 or newer, its own or a managed one"
        )));
    }
    let number: i32 = number.parse().unwrap_or(0);
    if number < 140_000 {
        return Err(StoreError::Address(format!("PostgreSQL 14 or newer is needed, this is {}", number / 10_000)));
    }
    // Names and comments can be in any script and contain emoji; only UTF-8 can store them all.
    if encoding != "UTF8" {
        return Err(StoreError::Address(format!(
            "the database {name} has the encoding {encoding}, which cannot hold what clients write; make one with UTF8 and name it instead: \
             CREATE DATABASE lastword OWNER {user} ENCODING 'UTF8' TEMPLATE template0"
        )));
    }
    server.give_back(connection).await;
    Ok(())
}

/// Name of another database that speaks the protocol, from its version text.
fn not_postgres(version: &str) -> Option<&str> {
    const OTHERS: [(&str, &str); 9] = [
        ("CockroachDB", "CockroachDB"),
        ("-YB-", "YugabyteDB"),
        ("Redshift", "Amazon Redshift"),
        ("Greenplum", "Greenplum"),
        ("Materialize", "Materialize"),
        ("RisingWave", "RisingWave"),
        ("CrateDB", "CrateDB"),
        ("QuestDB", "QuestDB"),
        ("openGauss", "openGauss"),
    ];
    if let Some((_, name)) = OTHERS.into_iter().find(|(mark, _)| version.contains(mark)) {
        return Some(name);
    }
    (!version.starts_with("PostgreSQL ")).then(|| version.split([' ', ',', '(']).next().unwrap_or(version))
}

/// Refuses a pooler in transaction mode. While one connection is in a transaction, another stores a setting; it must still
/// be there after the first has committed. Without prepared statements, which do not persist there either.
async fn refuse_transaction_mode(options: &PgConnectOptions) -> Result<(), StoreError> {
    if pooler::sessions_last(options).await.map_err(driver)? { Ok(()) } else { Err(StoreError::Address(USE_SESSIONS.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_speaks_the_protocol_is_named() {
        for (version, other) in [
            ("PostgreSQL 15.20 (Debian 15.20-0+deb12u1) on x86_64-pc-linux-gnu", None),
            ("PostgreSQL 16.3 (EnterpriseDB Advanced Server 16.3.0) on x86_64", None),
            ("CockroachDB CCL v23.2.1 (x86_64-pc-linux-gnu)", Some("CockroachDB")),
            ("PostgreSQL 15.2-YB-2.25.0.0-b0 on x86_64", Some("YugabyteDB")),
            ("PostgreSQL 8.0.2 on i686, Redshift 1.0.1", Some("Amazon Redshift")),
            ("NewThing 1.0", Some("NewThing")),
        ] {
            assert_eq!(not_postgres(version), other, "{version}");
        }
    }
}
