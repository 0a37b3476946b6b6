//! The waist: the only file that names a driver. Everything else in `store` speaks through [`Db`], [`Tx`] and [`Row`].
//!
//! SQLite: one writing connection behind a lock (`BEGIN IMMEDIATE`, WAL, `synchronous=FULL`) and a pool of readers.
//! PostgreSQL: a pool. Values are text and 64-bit integers only, which both databases carry alike.
//!
//! A transaction is never canceled half-way: [`Db::write`] runs it in a task of its own, so a caller that goes away
//! (an HTTP client that hangs up) does not drop a future inside the driver. That, and the `ROLLBACK` with which every
//! PostgreSQL transaction begins, keeps us clear of sqlx issue 4393 (a dropped `begin()` leaves the pooled
//! connection inside a transaction, and later acknowledged writes are lost).

mod health;
mod opening;
mod together;
mod upkeep;
mod value;

pub use together::Statement;
pub use upkeep::Tables;
pub use value::{Row, Value};

use super::counter;
use super::error::StoreError;
use super::rows::Cells;
use super::sql::{Dialect, Sql};
use crate::domain::counter::Changes;
use crate::domain::planted;
use chrono_tz::Tz;
use opening::{open_postgres, open_sqlite};
use sqlx::pool::PoolConnection;
use sqlx::postgres::PgPool;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{Postgres, Sqlite};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{Mutex, OwnedMutexGuard};
use value::{Bound, read_rows};

/// What PostgreSQL's clock shows at this very moment, not at the transaction's beginning.
static CLOCK: Sql = Sql::new("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint");

/// How often a transaction that met a concurrent write is repeated.
const REPEATS_MAX: usize = 5;

/// A database, and the clock of the organisation whose days are counted in it.
#[derive(Clone)]
pub struct Db(Arc<Inner>, Tz);

struct Inner {
    engine: Engine,
    commits: AtomicU64,
}

enum Engine {
    Sqlite { writer: Arc<Mutex<Writer>>, readers: Option<SqlitePool>, path: Option<PathBuf> },
    Postgres(PgPool),
}

struct Writer {
    connection: SqliteConnection,
    /// A transaction was dropped without an end: it is rolled back before the next one begins.
    dangling: bool,
}

/// A transaction. Dropped without [`Tx::commit`], nothing of it stays.
pub struct Tx {
    open: Open,
    db: Db,
    /// What the rows written so far change in the counters: written with them, in one statement, before the commit.
    counted: Changes,
}

enum Open {
    Sqlite(OwnedMutexGuard<Writer>),
    Postgres(PoolConnection<Postgres>),
}

/// What a transaction's steps return, boxed so that they can borrow it.
pub type TxFuture<'t, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 't>>;

impl Db {
    /// Opens the database at `url`: `sqlite://path`, `sqlite::memory:` or `postgres://…`. `connections` is the size of
    /// the pool (readers on SQLite).
    ///
    /// # Errors
    /// When it cannot be reached or is not one we can work with.
    pub async fn open(url: &str, connections: u32) -> Result<Self, StoreError> {
        let engine = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            open_postgres(url, connections).await?
        } else if url.starts_with("sqlite:") {
            open_sqlite(url, connections).await?
        } else {
            return Err(StoreError::Address("write sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE".to_owned()));
        };
        Ok(Self(Arc::new(Inner { engine, commits: AtomicU64::new(0) }), Tz::UTC))
    }

    /// The same database, whose counters cut days by the clock of `zone`. UTC where nothing is said.
    #[must_use]
    pub fn on_the_clock_of(self, zone: Tz) -> Self {
        Self(self.0, zone)
    }

    /// The clock by which days are counted.
    pub fn zone(&self) -> Tz {
        self.1
    }

    /// Which SQL this database speaks.
    pub fn dialect(&self) -> Dialect {
        match self.0.engine {
            Engine::Sqlite { .. } => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// How many batches of one kind may be under way at once: SQLite has one writer; on PostgreSQL batches overlap, so
    /// that one fills while others wait for the network and the disk.
    pub fn writers(&self) -> usize {
        match self.dialect() {
            Dialect::Sqlite => 1,
            Dialect::Postgres => 3,
        }
    }

    /// The file of an SQLite database, unless it is in memory.
    pub fn path(&self) -> Option<&Path> {
        match &self.0.engine {
            Engine::Sqlite { path, .. } => path.as_deref(),
            Engine::Postgres(_) => None,
        }
    }

    /// Transactions that were committed since this database was opened, on SQLite and PostgreSQL alike: one for each
    /// [`Db::write`] that succeeded, however often it had to be repeated, and none for one that failed.
    pub fn commits(&self) -> u64 {
        self.0.commits.load(Ordering::Relaxed)
    }

    /// The database's own clock, in milliseconds, or `None` where the process's clock is the database's (SQLite).
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn clock(&self) -> Result<Option<i64>, StoreError> {
        match self.dialect() {
            Dialect::Sqlite => Ok(None),
            Dialect::Postgres => self.read(&CLOCK, vec![]).await?.first_mut().map(Row::int).transpose(),
        }
    }

    /// Begins a transaction that writes. Waits for its turn on SQLite.
    ///
    /// Call it inside a task that is not canceled; [`Db::write`] does that.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let open = match &self.0.engine {
            Engine::Sqlite { writer, .. } => {
                let mut writer = writer.clone().lock_owned().await;
                if writer.dangling {
                    // Fails when the transaction had not begun yet; then there is nothing to undo.
                    let _ = sqlx::query("ROLLBACK").execute(&mut writer.connection).await;
                }
                writer.dangling = true;
                sqlx::query("BEGIN IMMEDIATE").execute(&mut writer.connection).await.map_err(driver)?;
                Open::Sqlite(writer)
            }
            Engine::Postgres(pool) => {
                let mut connection = checked_out(pool).await?;
                // One round trip; see the head of this file for the first half.
                sqlx::raw_sql("ROLLBACK; BEGIN").execute(&mut *connection).await.map_err(driver)?;
                Open::Postgres(connection)
            }
        };
        Ok(Tx { open, db: self.clone(), counted: Changes::default() })
    }

    /// Runs `steps` in one transaction and commits it, in a task of its own that nobody cancels. A transaction that
    /// met a concurrent write is repeated.
    ///
    /// # Errors
    /// What `steps` returned, or the database's error.
    pub async fn write<T, E, F>(&self, steps: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + AsPassing + Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> TxFuture<'t, T, E> + Send + Sync + 'static,
    {
        let db = self.clone();
        let task = tokio::spawn(async move {
            let mut repeats = 0;
            loop {
                let mut tx = db.begin().await?;
                let result = match steps(&mut tx).await {
                    Ok(value) => tx.commit().await.map(|()| value).map_err(E::from),
                    Err(error) => {
                        tx.rollback().await;
                        Err(error)
                    }
                };
                match result {
                    Err(error) if error.is_passing() && repeats < REPEATS_MAX => repeats += 1,
                    result => return result,
                }
            }
        });
        task.await.map_err(|error| E::from(StoreError::Driver(format!("a step broke: {error}"))))?
    }

    /// Reads outside any transaction.
    ///
    /// # Errors
    /// The database's error.
    pub async fn read(&self, sql: &'static Sql, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        match &self.0.engine {
            Engine::Sqlite { readers: Some(readers), .. } => {
                let mut reader = checked_out(readers).await?;
                fetch_sqlite(&mut reader, sql, values).await
            }
            Engine::Sqlite { writer, readers: None, .. } => fetch_sqlite(&mut writer.lock().await.connection, sql, values).await,
            Engine::Postgres(pool) => {
                let mut connection = checked_out(pool).await?;
                fetch_postgres(&mut connection, sql, values).await
            }
        }
    }

    /// Moves the write-ahead log into the SQLite file and closes all connections.
    pub async fn close(&self) {
        match &self.0.engine {
            Engine::Sqlite { writer, readers, .. } => {
                if let Some(readers) = readers {
                    readers.close().await;
                }
                let _ = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut writer.lock().await.connection).await;
            }
            Engine::Postgres(pool) => pool.close().await,
        }
    }
}

/// Errors that can say whether repeating the transaction helps.
pub trait AsPassing {
    /// Whether the same transaction may succeed when it is repeated at once.
    fn is_passing(&self) -> bool;
}

impl AsPassing for StoreError {
    fn is_passing(&self) -> bool {
        StoreError::is_passing(self)
    }
}

impl Tx {
    /// Makes everything of this transaction durable.
    ///
    /// # Errors
    /// When it could not be made durable; then nothing of it counts, and repeating it with the same keys is safe.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        let counted = std::mem::take(&mut self.counted);
        counter::keep(&mut self, counted).await?;
        match &mut self.open {
            Open::Sqlite(writer) => {
                sqlx::query("COMMIT").execute(&mut writer.connection).await.map_err(driver)?;
                writer.dangling = false;
            }
            Open::Postgres(connection) => {
                sqlx::query("COMMIT").execute(&mut **connection).await.map_err(driver)?;
            }
        }
        self.db.0.commits.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// As [`Db::clock`], at this moment of the transaction.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn clock(&mut self) -> Result<Option<i64>, StoreError> {
        if self.has_one_writer() {
            return Ok(None);
        }
        self.fetch(&CLOCK, Vec::new()).await?.first_mut().map(Row::int).transpose()
    }

    /// Whether no other transaction can write before this one ends.
    pub fn has_one_writer(&self) -> bool {
        matches!(self.open, Open::Sqlite(_))
    }

    /// The clock by which days are counted.
    pub fn zone(&self) -> Tz {
        self.db.1
    }

    /// Notes what a row that is written changes in the counters.
    pub(super) fn count(&mut self, note: impl FnOnce(&mut Changes, Tz)) {
        note(&mut self.counted, self.db.1);
    }

    /// Undoes everything of this transaction.
    pub async fn rollback(mut self) {
        match &mut self.open {
            Open::Sqlite(writer) => {
                writer.dangling = sqlx::query("ROLLBACK").execute(&mut writer.connection).await.is_err();
            }
            Open::Postgres(connection) => {
                let _ = sqlx::query("ROLLBACK").execute(&mut **connection).await;
            }
        }
    }

    /// The rows that `sql` gives.
    ///
    /// # Errors
    /// The database's error.
    pub async fn fetch(&mut self, sql: &'static Sql, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        match &mut self.open {
            Open::Sqlite(writer) => fetch_sqlite(&mut writer.connection, sql, values).await,
            Open::Postgres(connection) => fetch_postgres(connection, sql, values).await,
        }
    }

    /// Runs `sql` and says how many rows it touched.
    ///
    /// # Errors
    /// The database's error.
    pub async fn execute(&mut self, sql: &'static Sql, values: Vec<Value>) -> Result<u64, StoreError> {
        match &mut self.open {
            Open::Sqlite(writer) => {
                let query = sqlite_query(sql, values);
                query.execute(&mut writer.connection).await.map(|done| done.rows_affected()).map_err(driver)
            }
            Open::Postgres(connection) => {
                let query = bind_postgres(sqlx::query(sql.on(Dialect::Postgres)), postgres_values(sql, values));
                query.execute(&mut **connection).await.map(|done| done.rows_affected()).map_err(driver)
            }
        }
    }
}

async fn checked_out<D: sqlx::Database>(pool: &sqlx::Pool<D>) -> Result<PoolConnection<D>, StoreError> {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that takes connections")]
    let connection = pool.acquire().await;
    connection.map_err(driver)
}

fn sqlite_query(sql: &'static Sql, values: Vec<Value>) -> sqlx::query::Query<'static, Sqlite, sqlx::sqlite::SqliteArguments> {
    let expanded = sql.expanded(Dialect::Sqlite);
    debug_assert_eq!(values.len(), expanded.takes.len(), "{}", expanded.text);
    let values = values.into_iter().zip(&expanded.takes).map(|(value, takes)| value.for_sqlite(takes));
    values.fold(sqlx::query::<Sqlite>(planted::twist(&expanded.text)), |query, value| match value {
        Value::Int(value) => query.bind(value),
        Value::Text(value) => query.bind(value),
        Value::Rows(_) => unreachable!("rows where a statement takes one value: {}", expanded.text),
    })
}

async fn fetch_sqlite(connection: &mut SqliteConnection, sql: &'static Sql, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
    let rows = sqlite_query(sql, values).fetch_all(connection).await.map_err(driver)?;
    read_rows::<Sqlite>(&rows)
}

type PgQuery = sqlx::query::Query<'static, Postgres, sqlx::postgres::PgArguments>;

/// The values of `sql` as PostgreSQL takes them: rows by column.
fn postgres_values(sql: &'static Sql, values: Vec<Value>) -> Vec<Bound> {
    let expanded = sql.expanded(Dialect::Postgres);
    debug_assert_eq!(values.len(), expanded.takes.len(), "{}", expanded.text);
    let takes = &expanded.takes;
    values.into_iter().zip(takes).flat_map(|(value, takes)| value.for_postgres(takes)).collect()
}

fn bind_postgres(query: PgQuery, values: Vec<Bound>) -> PgQuery {
    values.into_iter().fold(query, |query, value| match value {
        Bound::One(Value::Int(value)) => query.bind(value),
        Bound::One(Value::Text(value)) => query.bind(value),
        Bound::One(Value::Rows(_)) => unreachable!("rows where a statement takes one value"),
        Bound::Cells(Cells::Ints(values)) => query.bind(values),
        Bound::Cells(Cells::Texts(values)) => query.bind(values),
    })
}

async fn fetch_postgres(connection: &mut sqlx::PgConnection, sql: &'static Sql, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
    let query = bind_postgres(sqlx::query(sql.on(Dialect::Postgres)), postgres_values(sql, values));
    read_rows::<Postgres>(&query.fetch_all(connection).await.map_err(driver)?)
}

fn driver(error: sqlx::Error) -> StoreError {
    let Some(database) = error.as_database_error() else { return StoreError::Driver(error.to_string()) };
    match database.code().as_deref() {
        // SQLite: unique, primary key; PostgreSQL: unique, serialization, deadlock.
        Some("1555" | "2067" | "23505" | "40001" | "40P01") => StoreError::Conflict,
        // SQLite: full, and no room for the shared memory beside the file.
        Some("13" | "4874" | "53100") => StoreError::DiskFull,
        // SQLite: a page that cannot be read as what it must be, and its finer forms.
        Some("11" | "267" | "523" | "779") => StoreError::Damaged(database.message().to_owned()),
        _ => StoreError::Driver(database.message().to_owned()),
    }
}
