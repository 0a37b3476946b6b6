//! The waist: the only file that names a driver. Everything else in `store` speaks through [`Db`], [`Tx`] and [`Row`].
//!
//! SQLite: one writing connection behind a lock (`BEGIN IMMEDIATE`, WAL, `synchronous=FULL`) and a pool of readers.
//! PostgreSQL: a pool. Values are text and 64-bit integers only, which both databases carry alike.
//!
//! A transaction is never canceled half-way: [`Db::write`] runs it in a task of its own, so a caller that goes away
//! (an HTTP client that hangs up) does not drop a future inside the driver. Where one is dropped all the same, its
//! PostgreSQL connection does not go back to the pool (`lent`). Both keep us clear of sqlx issue 4393 (a dropped `begin()`
//! leaves the pooled connection inside a transaction, and later acknowledged writes are lost).

mod copy;
mod health;
mod lent;
mod opening;
mod place;
mod room;
mod together;
mod upkeep;
mod value;
mod wal;
mod writer;

pub use copy::{fold_log, seal};
pub use together::Statement;
pub use upkeep::Tables;
pub use value::{Row, Value};
pub use wal::LARGE as WAL_LARGE;

use super::counter;
use super::error::StoreError;
use super::rows::Cells;
use super::sql::{Dialect, Sql};
use crate::domain::counter::Changes;
use crate::domain::planted;
use chrono_tz::Tz;
use lent::Lent;
use opening::{open_postgres, open_sqlite};
use sqlx::pool::PoolConnection;
use sqlx::postgres::PgPool;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{Postgres, Sqlite};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tokio::sync::{Mutex, Notify, OwnedMutexGuard};
use value::{Bound, read_rows};
use writer::Writer;

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
    /// The disk was full when something was last written.
    full: AtomicBool,
    /// A file was opened anew after the disk had failed.
    renewed: Notify,
}

enum Engine {
    Sqlite {
        writer: Arc<Mutex<Writer>>,
        readers: Option<SqlitePool>,
        path: Option<PathBuf>,
        /// Whether the log is moved into the file by this process.
        checkpoints: bool,
    },
    Postgres(PgPool),
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
    Postgres(Lent),
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
        Self::open_with(url, connections, true).await
    }

    /// As [`Db::open`]; without `checkpoints` another process moves the log of a SQLite file into the file, such as Litestream.
    ///
    /// # Errors
    /// When it cannot be reached or is not one we can work with.
    pub async fn open_with(url: &str, connections: u32, checkpoints: bool) -> Result<Self, StoreError> {
        let engine = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            open_postgres(url, connections).await?
        } else if url.starts_with("sqlite:") {
            open_sqlite(url, connections, checkpoints).await?
        } else {
            return Err(StoreError::Address("write sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE".to_owned()));
        };
        Ok(Self(Arc::new(Inner { engine, commits: AtomicU64::new(0), full: AtomicBool::new(false), renewed: Notify::new() }), Tz::UTC))
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
                if writer.renew().await? {
                    tracing::warn!("the disk had failed: the file of the database was opened anew and read, and is used on");
                    self.0.renewed.notify_one();
                }
                if writer.dangling {
                    // Fails when the transaction had not begun yet; then there is nothing to undo.
                    let _ = sqlx::query("ROLLBACK").execute(&mut writer.connection).await;
                }
                writer.dangling = true;
                let begun = sqlx::query("BEGIN IMMEDIATE").execute(&mut writer.connection).await;
                begun.map_err(|error| self.noticed(driver(error), Some(&mut *writer)))?;
                Open::Sqlite(writer)
            }
            Engine::Postgres(pool) => {
                let mut connection = Lent::new(checked_out(pool).await?);
                sqlx::raw_sql("BEGIN").execute(&mut *connection).await.map_err(driver)?;
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
                let rows = fetch_sqlite(&mut reader, sql, values).await;
                if matches!(rows, Err(StoreError::Disk(_))) {
                    let _ = reader.close().await;
                }
                rows
            }
            Engine::Sqlite { writer, readers: None, .. } => fetch_sqlite(&mut writer.lock().await.connection, sql, values).await,
            Engine::Postgres(pool) => {
                let mut connection = checked_out(pool).await?;
                fetch_postgres(&mut connection, sql, values).await
            }
        }
    }

    /// Waits until a file was opened anew after the disk had failed.
    pub async fn renewed(&self) {
        self.0.renewed.notified().await;
    }

    /// Remembers what an error says of the disk.
    fn noticed(&self, error: StoreError, writer: Option<&mut Writer>) -> StoreError {
        match (&error, writer) {
            (StoreError::DiskFull, _) => self.0.full.store(true, Ordering::Relaxed),
            (StoreError::Disk(_), Some(writer)) => writer.failed = true,
            _ => {}
        }
        error
    }

    /// Moves the write-ahead log into the SQLite file and closes all connections.
    pub async fn close(&self) {
        match &self.0.engine {
            Engine::Sqlite { writer, readers, checkpoints, .. } => {
                if let Some(readers) = readers {
                    readers.close().await;
                }
                if *checkpoints {
                    let _ = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut writer.lock().await.connection).await;
                }
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
                let committed = sqlx::query("COMMIT").execute(&mut writer.connection).await;
                committed.map_err(|error| self.db.noticed(driver(error), Some(&mut **writer)))?;
                writer.dangling = false;
            }
            Open::Postgres(connection) => {
                let committed = sqlx::query("COMMIT").execute(&mut **connection).await;
                committed.map_err(|error| self.db.noticed(driver(error), None))?;
                connection.ended();
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
                if sqlx::query("ROLLBACK").execute(&mut **connection).await.is_ok() {
                    connection.ended();
                }
            }
        }
    }

    /// The rows that `sql` gives.
    ///
    /// # Errors
    /// The database's error.
    pub async fn fetch(&mut self, sql: &'static Sql, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        match &mut self.open {
            Open::Sqlite(writer) => {
                let rows = fetch_sqlite(&mut writer.connection, sql, values).await;
                rows.map_err(|error| self.db.noticed(error, Some(&mut **writer)))
            }
            Open::Postgres(connection) => fetch_postgres(connection, sql, values).await.map_err(|error| self.db.noticed(error, None)),
        }
    }

    /// Runs a definition that another statement made, with names that cannot be values. PostgreSQL alone.
    ///
    /// # Errors
    /// The database's error.
    pub(super) async fn define(&mut self, text: String) -> Result<(), StoreError> {
        match &mut self.open {
            Open::Sqlite(_) => Ok(()),
            Open::Postgres(connection) => {
                sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(&mut **connection).await.map(drop).map_err(driver)
            }
        }
    }

    /// Runs `sql` and says how many rows it touched.
    ///
    /// # Errors
    /// The database's error.
    pub async fn execute(&mut self, sql: &'static Sql, values: Vec<Value>) -> Result<u64, StoreError> {
        match &mut self.open {
            Open::Sqlite(writer) => {
                let done = sqlite_query(sql, values).execute(&mut writer.connection).await.map(|done| done.rows_affected());
                done.map_err(|error| self.db.noticed(driver(error), Some(&mut **writer)))
            }
            Open::Postgres(connection) => {
                let query = bind_postgres(sqlx::query(sql.on(Dialect::Postgres)), postgres_values(sql, values));
                let done = query.execute(&mut **connection).await.map(|done| done.rows_affected());
                done.map_err(|error| self.db.noticed(driver(error), None))
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
        // SQLite: the disk failed, and the finer forms of that. PostgreSQL's codes are longer.
        Some(code) if code.len() < 5 && code.parse().is_ok_and(|code: i32| code & 0xff == 10) => {
            StoreError::Disk(database.message().to_owned())
        }
        // SQLite: a page that cannot be read as what it must be, and its finer forms.
        Some("11" | "267" | "523" | "779") => StoreError::Damaged(database.message().to_owned()),
        _ => StoreError::Driver(database.message().to_owned()),
    }
}
