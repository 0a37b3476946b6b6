//! Opening a database: the settings each connection runs with, and what is checked before it is trusted.

use super::health::refuse_damage;
use super::postgres::driver;
use super::readers::Readers;
use super::sqlite::{self, DatabaseFile, words};
use super::writer::Writer;
use super::{Engine, Signs, place, pooler};
use crate::error::StoreError;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, Row as _};
use std::io::ErrorKind;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// SQLite before this one can corrupt a database when two connections write and checkpoint at the same instant.
const SQLITE_AT_LEAST: (u32, u32, u32) = (3, 51, 3);

/// A PostgreSQL connection that rested this long is tried before it is used.
const RESTED: Duration = Duration::from_secs(1);

/// How long PostgreSQL may take for its first word.
const FIRST_WORD: Duration = Duration::from_secs(2);
/// Maximum time for the look at a pooler, which needs two sessions at once.
const PROBE_WITHIN: Duration = Duration::from_secs(5);

pub(super) fn open_sqlite(url: &str, connections: u32, checkpoints: bool, signs: &Arc<Signs>) -> Result<Engine, StoreError> {
    let place = DatabaseFile::of(url, checkpoints);
    if let Some(path) = &place.path {
        make_private(path);
    }
    let connection = place.writing().map_err(|error| cannot_open(place.path.as_deref(), error))?;
    check_version(rusqlite::version())?;
    refuse_damage(&connection, place.path.as_deref())?;
    if let Some(path) = &place.path {
        keep_private(path)?;
    }
    let readers = match &place.path {
        Some(_) => Some(Readers::start(connections.clamp(1, 4), &place)?),
        None => None,
    };
    Ok(Engine::Sqlite { writer: Writer::start(connection, place.clone(), signs.clone())?, readers, place })
}

fn cannot_open(path: Option<&Path>, error: rusqlite::Error) -> StoreError {
    let words = words(&error);
    match sqlite::driver(error) {
        StoreError::DiskFull => StoreError::DiskFull,
        _ => StoreError::Address(format!(
            "cannot open {}: {words}; write another path, or put a backup in its place with: lastword restore FILE",
            path.unwrap_or(Path::new(":memory:")).display()
        )),
    }
}

fn check_version(version: &str) -> Result<(), StoreError> {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found < SQLITE_AT_LEAST {
        return Err(StoreError::Address(format!("SQLite {version} can corrupt a database; this program needs 3.51.3 or newer")));
    }
    Ok(())
}

/// Makes the file before SQLite does, so that the files beside it, which take its mode, are private from the first byte. What
/// hinders this hinders SQLite too, which says so.
fn make_private(path: &Path) {
    use std::os::unix::fs::OpenOptionsExt;
    let _ = std::fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path);
}

/// The file holds personal data, and so do those beside it: only their owner may read them.
pub(super) fn keep_private(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt;
    for beside in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(beside);
        match std::fs::set_permissions(&name, std::fs::Permissions::from_mode(0o600)) {
            Err(error) if beside.is_empty() || error.kind() != ErrorKind::NotFound => {
                return Err(StoreError::Address(format!("cannot protect {}: {error}", Path::new(&name).display())));
            }
            _ => {}
        }
    }
    Ok(())
}

pub(super) async fn open_postgres(url: &str, connections: u32) -> Result<Engine, StoreError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| StoreError::Address(error.to_string()))?
        .application_name("lastword")
        .disable_statement_logging();
    reachable(&options).await?;
    let probed = tokio::time::timeout(PROBE_WITHIN, refuse_transaction_mode(&options)).await;
    probed.unwrap_or_else(|_| Err(StoreError::Address(pooler::FEW_CONNECTIONS.to_owned())))?;
    let pool = PgPoolOptions::new()
        .max_connections(connections.max(2))
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(false)
        // One that rested may be dead by now.
        .before_acquire(|connection, about| Box::pin(async move { Ok(about.idle_for < RESTED || connection.ping().await.is_ok()) }))
        .after_connect(|connection, _| {
            Box::pin(async move {
                pooler::settle(connection).await?;
                place::tell(connection).await
            })
        })
        .connect_with(options.clone())
        .await;
    let pool = match pool {
        Ok(pool) => pool,
        Err(error) => return Err(cannot_reach(&options, error).await),
    };
    let version: i32 = sqlx::query_scalar("SELECT current_setting('server_version_num')::int").fetch_one(&pool).await.map_err(driver)?;
    if version < 140_000 {
        return Err(StoreError::Address(format!("PostgreSQL 14 or newer is needed, this is {}", version / 10_000)));
    }
    refuse_encoding(&pool).await?;
    Ok(Engine::Postgres(pool))
}

/// Refuses a pooler that gives each transaction another session. While one connection is in a transaction, another gets a setting;
/// it must still be there once the first has committed. No prepared statements: they do not last there either.
async fn refuse_transaction_mode(options: &PgConnectOptions) -> Result<(), StoreError> {
    const THERE: &str = "SELECT current_setting('lastword.session', true)";
    let mut one = PgConnection::connect_with(options).await.map_err(driver)?;
    let mut other = PgConnection::connect_with(options).await.map_err(driver)?;
    sqlx::raw_sql("BEGIN").execute(&mut one).await.map_err(driver)?;
    sqlx::raw_sql("SELECT set_config('lastword.session', 'other', false)").execute(&mut other).await.map_err(driver)?;
    sqlx::raw_sql("SELECT set_config('lastword.session', 'one', false); COMMIT").execute(&mut one).await.map_err(driver)?;
    let there = sqlx::raw_sql(THERE).fetch_one(&mut other).await.map_err(driver)?;
    let there: Option<String> = there.try_get(0).map_err(driver)?;
    if there.as_deref() == Some("other") { Ok(()) } else { Err(StoreError::Address(pooler::USE_SESSIONS.to_owned())) }
}

/// Names and comments are written in every script, and with emoji: only UTF-8 has room for them all.
async fn refuse_encoding(pool: &PgPool) -> Result<(), StoreError> {
    const ENCODING: &str = "SELECT current_setting('server_encoding'), current_database()::text, format('%I', current_user)";
    let (encoding, name, user): (String, String, String) = sqlx::query_as(ENCODING).fetch_one(pool).await.map_err(driver)?;
    if encoding == "UTF8" {
        return Ok(());
    }
    Err(StoreError::Address(format!(
        "the database {name} has the encoding {encoding}, which cannot hold what clients write; make one with UTF8 and name it instead: \
         CREATE DATABASE lastword OWNER {user} ENCODING 'UTF8' TEMPLATE template0"
    )))
}

/// A pool tries for ten seconds: whoever waits for a word is told at once when nobody is there.
async fn reachable(options: &PgConnectOptions) -> Result<(), StoreError> {
    let silent = |_| Err(sqlx::Error::Io(std::io::Error::new(ErrorKind::TimedOut, "no answer within 2 seconds")));
    match tokio::time::timeout(FIRST_WORD, PgConnection::connect_with(options)).await.unwrap_or_else(silent) {
        Ok(connection) => {
            let _ = connection.close().await;
            Ok(())
        }
        Err(error) => Err(cannot_reach(options, error).await),
    }
}

/// A pool tries for a while and forgets why it could not: one try more says so.
async fn cannot_reach(options: &PgConnectOptions, error: sqlx::Error) -> StoreError {
    let error = match error {
        sqlx::Error::PoolTimedOut => PgConnection::connect_with(options).await.err().unwrap_or(sqlx::Error::PoolTimedOut),
        error => error,
    };
    let words = error.as_database_error().map_or_else(|| error.to_string(), |said| said.message().to_owned());
    let remedy = pooler::remedy(&words).unwrap_or("check host, port, user, password and name, and that the server runs");
    StoreError::Unreachable(format!("cannot reach PostgreSQL: {words}; {remedy}"))
}

#[cfg(test)]
mod tests {
    use crate::Db;

    #[tokio::test]
    async fn nobody_else_can_read_any_of_the_files() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/new.db", folder.path().display());
        let db = Db::open(&url, 2).await.unwrap();
        db.migrate().await.unwrap();
        let mut seen = Vec::new();
        for file in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", file.file_name());
            seen.push(file.file_name().into_string().unwrap());
        }
        seen.sort();
        assert_eq!(seen, ["new.db", "new.db-shm", "new.db-wal"]);
    }

    #[tokio::test]
    async fn what_is_no_database_is_said_in_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("no.db");
        std::fs::write(&path, "no database ".repeat(1_000)).unwrap();
        let said = Db::open(&format!("sqlite://{}", path.display()), 2).await.err().unwrap().to_string();
        assert!(
            said.starts_with("database.url: cannot open ") && said.contains("no.db: file is not a database; write another path"),
            "{said}"
        );
        assert_eq!(said.lines().count(), 1);
    }
}
