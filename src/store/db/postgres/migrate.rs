//! Migrates PostgreSQL, with the same record of applied migrations as sqlx's. Each migration is one transaction that holds
//! a lock until it ends, so nodes that start together wait for each other, also behind a pooler that assigns another
//! session to each transaction.

use super::fault::driver;
use super::lent::Lent;
use super::server::Server;
use crate::error::StoreError;
use sqlx::migrate::{Migration, Migrator};
use sqlx::{AssertSqlSafe, Row as _};
use std::fmt::Write as _;

/// Table of applied migrations.
const RECORD: &str = "CREATE TABLE IF NOT EXISTS _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
                      installed_on TIMESTAMPTZ NOT NULL DEFAULT now(), success BOOLEAN NOT NULL, checksum BYTEA NOT NULL, \
                      execution_time BIGINT NOT NULL)";
/// Checks if the table exists.
const RECORDED: &str = "SELECT CASE WHEN to_regclass('_sqlx_migrations') IS NULL THEN '' ELSE 'yes' END";
/// Migrations applied so far.
const APPLIED: &str = "SELECT version::text, encode(checksum, 'hex') FROM _sqlx_migrations ORDER BY version";
/// Takes the advisory lock; its number must be unused otherwise in this database.
const LOCK: &str = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL lock_timeout = '10min'; \
                    SELECT pg_advisory_xact_lock(5498743561120); SET LOCAL lock_timeout = '5s'";

/// Migrates the tables.
///
/// # Errors
/// If a migration fails, or the database is newer than this program.
pub(in crate::db) async fn bring_up_to_date(server: &Server, migrator: &Migrator) -> Result<(), StoreError> {
    let mut connection = server.for_one().await?;
    let pending = next(migrator, &mut connection).await;
    server.give_back(connection).await;
    if pending?.is_none() {
        return Ok(());
    }
    loop {
        let mut connection = server.begin().await?;
        run(&mut connection, LOCK.to_owned()).await?;
        let Some(migration) = next(migrator, &mut connection).await? else { return Ok(()) };
        let made = apply(&mut connection, migration).await;
        if let Err(error) = made {
            drop(connection);
            return Err(if may_not_create(&error) { may_create(server).await.unwrap_or_else(|| driver(error)) } else { driver(error) });
        }
        run(&mut connection, "COMMIT".to_owned()).await?;
        connection.ended();
    }
}

/// The next migration to apply. `None` if all were applied.
async fn next<'m>(migrator: &'m Migrator, connection: &mut Lent) -> Result<Option<&'m Migration>, StoreError> {
    let applied = applied(connection).await?;
    let known = migrator.iter().map(|migration| migration.version).max().unwrap_or(0);
    let oldest = oldest(connection).await?;
    for (version, checksum) in &applied {
        match migrator.iter().find(|migration| migration.version == *version) {
            // The newer migration only adds to the schema.
            None if oldest.is_some_and(|oldest| oldest <= known) => {}
            None => return Err(StoreError::Newer { found: *version, known }),
            Some(migration) if hex(&migration.checksum) != *checksum => return Err(StoreError::Differs(*version)),
            Some(_) => {}
        }
    }
    Ok(migrator.iter().find(|migration| applied.iter().all(|(version, _)| *version != migration.version)))
}

/// The last migration known to the oldest program that may use the tables. `None` if no migration says so.
async fn oldest(connection: &mut Lent) -> Result<Option<i64>, StoreError> {
    const THERE: &str = "SELECT CASE WHEN to_regclass('schema_support') IS NULL THEN '' ELSE 'yes' END";
    const OLDEST: &str = "SELECT max(oldest_migration)::text FROM schema_support";
    let there = sqlx::raw_sql(THERE).fetch_one(&mut **connection).await;
    if connection.outcome(there.and_then(|row| row.try_get::<String, _>(0)))?.is_empty() {
        return Ok(None);
    }
    let oldest = sqlx::raw_sql(OLDEST).fetch_one(&mut **connection).await;
    let oldest: Option<String> = connection.outcome(oldest.and_then(|row| row.try_get(0)))?;
    Ok(oldest.and_then(|oldest| oldest.parse().ok()))
}

async fn applied(connection: &mut Lent) -> Result<Vec<(i64, String)>, StoreError> {
    let recorded = sqlx::raw_sql(RECORDED).fetch_one(&mut **connection).await;
    let recorded: String = connection.outcome(recorded.and_then(|row| row.try_get(0)))?;
    if recorded.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::raw_sql(APPLIED).fetch_all(&mut **connection).await;
    let rows = connection.outcome(rows)?;
    let read = |row: &sqlx::postgres::PgRow| {
        let (version, checksum): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        Ok((version.parse().unwrap_or(0), checksum))
    };
    rows.iter().map(read).collect::<Result<_, sqlx::Error>>().map_err(driver)
}

async fn apply(connection: &mut Lent, migration: &Migration) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(RECORD).execute(&mut **connection).await?;
    sqlx::raw_sql(AssertSqlSafe(migration.sql.as_str().to_owned())).execute(&mut **connection).await?;
    let note = format!(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES ({}, '{}', TRUE, decode('{}', 'hex'), 0)",
        migration.version,
        migration.description.replace('\'', "''"),
        hex(&migration.checksum)
    );
    sqlx::raw_sql(AssertSqlSafe(note)).execute(&mut **connection).await.map(drop)
}

async fn run(connection: &mut Lent, text: String) -> Result<(), StoreError> {
    let done = sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut **connection).await;
    connection.outcome(done).map(drop)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// True if PostgreSQL did not let our role create a table: insufficient_privilege, or invalid_schema_name if it may use no
/// schema of its search path (https://www.postgresql.org/docs/current/errcodes-appendix.html).
fn may_not_create(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "42501" || code == "3F000")
}

/// The remedy for the owner of the database that lets our role create tables; `None` if it cannot be determined or the role
/// already may.
async fn may_create(server: &Server) -> Option<StoreError> {
    const WHO: &str = "SELECT format('%I', current_user), format('%I', schema), format('%I', current_database()) \
                       FROM (SELECT coalesce(current_schema(), 'public') AS schema) AS s \
                       WHERE NOT has_schema_privilege(schema, 'CREATE') OR NOT has_schema_privilege(schema, 'USAGE')";
    let mut connection = server.take().await.ok()?;
    let row = sqlx::raw_sql(WHO).fetch_optional(&mut *connection).await.ok()??;
    let (user, schema, database): (String, String, String) = (row.try_get(0).ok()?, row.try_get(1).ok()?, row.try_get(2).ok()?);
    Some(StoreError::Address(format!(
        "the user {user} may not create tables in the schema {schema} of the database {database}: as its owner or a superuser, run there: \
         GRANT USAGE, CREATE ON SCHEMA {schema} TO {user}; then start again"
    )))
}
