//! The database layer: the only module that names a driver. The rest of `store` uses [`Db`], [`Tx`] and [`Row`].
//!
//! SQLite: a thread with the single writing connection (`BEGIN IMMEDIATE`, WAL, `synchronous=FULL`), and several readers.
//! PostgreSQL: a pool. Values are only text and 64-bit integers, which both databases represent alike.
//!
//! A step awaits nothing but its transaction. On SQLite, a step that awaits something else is refused, because it would
//! block all writers.
//!
//! A transaction is never canceled half-way: [`Db::write`] runs it on the writer's thread or in its own task, so a caller
//! that goes away (an HTTP client that disconnects) does not drop a future inside the driver. If one is dropped
//! nevertheless, its PostgreSQL connection does not return to the pool (`lent`). Both avoid sqlx issue 4393 (a dropped
//! `begin()` leaves the pooled connection inside a transaction, and later acknowledged writes are lost).

mod copy;
mod health;
mod migrations;
mod opening;
mod order;
mod place;
mod postgres;
mod readers;
mod room;
mod sqlite;
mod tally;
mod together;
mod transaction;
mod turns;
mod tx;
mod upkeep;
mod wal;
mod writer;

pub use copy::{fold_log, seal};
pub use postgres::hosts::{HostAnswer, HostState, ask_hosts, leader};
pub use postgres::pooler::{Between, between, role_settings};
pub use tally::{Tallied, TalliedBy};
pub use turns::Turns;
pub use tx::Tx;
pub use upkeep::Tables;
pub use wal::REPORTED as WAL_REPORTED;

use super::error::StoreError;
use super::sql::{Dialect, Sql};
use crate::counter_change::CountChanges;
use crate::sql::value::{LentRow, Row, Value, batch};
use chrono_tz::Tz;
use lastword_base::settings::Pooler;
use lastword_base::time::{Millis, wait};
use opening::open_sqlite;
use order::Taken;
use postgres::lent::Lent;
use postgres::open::open_postgres;
use postgres::server::Server;
use readers::Readers;
use sqlite::{DatabaseFile, Ready};
use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tally::Tally;
use tokio::sync::{Notify, oneshot};
use turns::turn;
use writer::Writer;

/// PostgreSQL's clock at this moment, not at the beginning of the transaction.
static CLOCK: Sql = Sql::new("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint");

/// Maximum number of repetitions of a transaction after a conflict with a concurrent write: with the pauses, half a second, in which
/// another transaction ends even if its statements are slow.
const REPEATS_MAX: i64 = 10;
/// The pause before a repetition grows by this many milliseconds each time; the first repetition has no pause.
const REPEAT_PAUSE: Millis = 10;

/// Options for opening a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Maximum number of connections to PostgreSQL; readers on SQLite.
    pub connections: u32,
    /// `false` if another process, such as Litestream, moves the log of a SQLite file into the file.
    pub checkpoints: bool,
    /// The pooler in front of PostgreSQL.
    pub pooler: Pooler,
}

impl Default for Opening {
    fn default() -> Self {
        Self { connections: 2, checkpoints: true, pooler: Pooler::None }
    }
}

/// A database, and the organisation's time zone, by which days are counted.
#[derive(Clone)]
pub struct Db(Arc<Inner>, Tz, Option<Arc<dyn Turns>>);

struct Inner {
    engine: Engine,
    signs: Arc<Signs>,
}

/// Health of a database, from the latest operations.
#[derive(Default)]
struct Signs {
    commits: AtomicU64,
    statements: AtomicU64,
    lost: AtomicU64,
    /// The disk was full at the last write.
    full: AtomicBool,
    /// The database was read-only at the last write.
    read_only: AtomicBool,
    /// The disk failed during a write.
    failed: AtomicBool,
    /// The oldest version that may work on the tables, if this program is older.
    needs: Mutex<Option<String>>,
    /// A file was reopened after the disk had failed.
    renewed: Notify,
    tally: Tally,
}

impl Signs {
    /// Records what an error says about the disk.
    fn noticed(&self, error: StoreError) -> StoreError {
        match &error {
            StoreError::DiskFull => self.full.store(true, Ordering::Relaxed),
            StoreError::ReadOnly => self.read_only.store(true, Ordering::Relaxed),
            StoreError::Disk(_) => self.failed.store(true, Ordering::Relaxed),
            _ => {}
        }
        error
    }
}

enum Engine {
    Sqlite {
        writer: Writer,
        /// `None` for a database in memory, which is read through the writer.
        readers: Option<Readers>,
        place: DatabaseFile,
    },
    Postgres(Server),
}

enum Open {
    /// The writer's connection, on its thread.
    Sqlite(sqlite::Connection),
    Postgres(Lent),
}

/// Future of a transaction's steps, boxed so that it can borrow the transaction.
pub type TxFuture<'t, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 't>>;

impl Db {
    /// Opens the database at `url`: `sqlite://path`, `sqlite::memory:` or `postgres://…`. `connections` is the size of the
    /// pool (the number of readers on SQLite).
    ///
    /// # Errors
    /// If it cannot be reached or is unsuitable.
    pub async fn open(url: &str, connections: u32) -> Result<Self, StoreError> {
        Self::open_with(url, Opening { connections, ..Opening::default() }).await
    }

    /// Like [`Db::open`], with all options.
    ///
    /// # Errors
    /// If it cannot be reached or is unsuitable.
    pub async fn open_with(url: &str, opening: Opening) -> Result<Self, StoreError> {
        let Opening { connections, checkpoints, pooler } = opening;
        let signs = Arc::new(Signs::default());
        let engine = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Engine::Postgres(open_postgres(url, connections, pooler).await?)
        } else if url.starts_with("sqlite:") {
            let (url, signs) = (url.to_owned(), signs.clone());
            on_a_thread("sqlite opening", move || open_sqlite(&url, connections, checkpoints, &signs)).await?
        } else {
            return Err(StoreError::Address("write sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE".to_owned()));
        };
        Ok(Self(Arc::new(Inner { engine, signs }), Tz::UTC, None))
    }

    /// The same database, with days counted in the time zone `zone`. The default is UTC.
    #[must_use]
    pub fn with_time_zone(self, zone: Tz) -> Self {
        Self(self.0, zone, self.2)
    }

    /// The time zone by which days are counted.
    pub fn zone(&self) -> Tz {
        self.1
    }

    /// The SQL dialect of this database.
    pub fn dialect(&self) -> Dialect {
        match self.0.engine {
            Engine::Sqlite { .. } => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Number of batches of one kind that may run concurrently. On SQLite, the next batch is prepared while the single
    /// writer commits the previous one, so the writer never idles. On PostgreSQL batches overlap, so one fills while others
    /// wait for the network and the disk.
    pub fn writers(&self) -> usize {
        match self.dialect() {
            Dialect::Sqlite => 2,
            Dialect::Postgres => 3,
        }
    }

    /// The file of a SQLite database; `None` for a database in memory.
    pub fn path(&self) -> Option<&Path> {
        match &self.0.engine {
            Engine::Sqlite { place, .. } => place.path.as_deref(),
            Engine::Postgres(_) => None,
        }
    }

    /// Number of commits since this database was opened, counted alike on SQLite and PostgreSQL: one for each [`Db::write`]
    /// that succeeded, however often it was repeated, and none for one that failed. Transactions that SQLite's writer
    /// committed together count once.
    pub fn commits(&self) -> u64 {
        self.0.signs.commits.load(Ordering::Relaxed)
    }

    /// Number of statements run by transactions since this database was opened. Statements sent to PostgreSQL together count once.
    pub fn statements(&self) -> u64 {
        self.0.signs.statements.load(Ordering::Relaxed)
    }

    /// Number of failed commits since this database was opened. Data read inside a transaction may come from a commit that
    /// failed, so caches must discard it when this number has changed.
    pub fn lost(&self) -> u64 {
        self.0.signs.lost.load(Ordering::Relaxed)
    }

    /// Ratings and outcomes of the closes committed since the last call, by line, channel and scale.
    pub fn tallied(&self) -> BTreeMap<TalliedBy, Tallied> {
        self.0.signs.tally.take()
    }

    /// The database's clock in milliseconds; `None` if it is the process's clock (SQLite).
    ///
    /// # Errors
    /// If the database cannot be queried.
    pub async fn clock(&self) -> Result<Option<i64>, StoreError> {
        match self.dialect() {
            Dialect::Sqlite => Ok(None),
            Dialect::Postgres => self.read(&CLOCK, vec![]).await?.first_mut().map(Row::int).transpose(),
        }
    }

    /// Begins a transaction on PostgreSQL. Transactions on SQLite exist only on the writer's thread.
    ///
    /// Must be called inside a task that is not canceled; [`Db::write`] does that.
    ///
    /// # Errors
    /// If the database cannot be reached.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let Engine::Postgres(server) = &self.0.engine else {
            return Err(StoreError::Driver("a transaction of SQLite is written by its thread".to_owned()));
        };
        turn(self.2.as_ref()).await;
        let connection = server.begin().await?;
        let (counted, tallied, taken) = (CountChanges::default(), Vec::new(), Taken::default());
        let (open, zone, signs, turns) = (Open::Postgres(connection), self.1, self.0.signs.clone(), self.2.clone());
        Ok(Tx { open, zone, signs, counted, tallied, taken, turns })
    }

    /// Runs `steps` in one transaction that cannot be canceled, and commits it. A transaction that conflicts with a
    /// concurrent write is repeated. The steps await nothing but their transaction.
    ///
    /// # Errors
    /// The error of `steps`, or the database's error.
    pub async fn write<T, E, F>(&self, steps: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Retryable + Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> TxFuture<'t, T, E> + Send + Sync + 'static,
    {
        if let Engine::Sqlite { writer, .. } = &self.0.engine {
            return writer.write(self.1, steps).await;
        }
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
                    Err(error) if error.is_retryable() && repeats < REPEATS_MAX => {
                        // The other transaction will end soon.
                        wait(REPEAT_PAUSE * repeats).await;
                        repeats += 1;
                    }
                    result => return result,
                }
            }
        });
        task.await.map_err(|error| E::from(StoreError::Driver(format!("a step broke: {error}"))))?
    }

    /// Reads outside any transaction.
    #[tracing::instrument(level = "trace", name = "sql", skip_all, fields(db.collection.name = sql.table(), db.operation.batch.size = batch(&values)))]
    pub async fn read(&self, sql: &'static Sql, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        match &self.0.engine {
            Engine::Sqlite { readers: Some(readers), .. } => {
                let sql = Ready::of(sql);
                readers.read(move |connection| connection.fetch(&sql, values)).await
            }
            Engine::Sqlite { writer, readers: None, .. } => {
                let sql = Ready::of(sql);
                writer.aside(move |connection| connection.fetch(&sql, values)).await?
            }
            // The driver's future takes four KiB, which readers on SQLite would carry too if it were not boxed.
            Engine::Postgres(server) => {
                let read = async {
                    turn(self.2.as_ref()).await;
                    let mut connection = server.for_one().await?;
                    let rows = postgres::fetch(&mut connection, sql, values).await;
                    server.give_back(connection).await;
                    rows
                };
                Box::pin(read).await
            }
        }
    }

    /// Reads outside any transaction without collecting the rows: `take` adds each row to `sums` as it arrives. On SQLite
    /// that happens on the reader's thread, so parallel reads are also added up in parallel.
    ///
    /// # Errors
    /// A database error, or an error of `take`, which ends the read.
    #[tracing::instrument(level = "trace", name = "sql", skip_all, fields(db.collection.name = sql.table(), db.operation.batch.size = batch(&values)))]
    pub async fn fold<S: Send + 'static>(
        &self,
        sql: &'static Sql,
        values: Vec<Value>,
        sums: S,
        take: impl FnMut(&mut S, &mut LentRow<'_, '_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<S, StoreError> {
        match &self.0.engine {
            Engine::Sqlite { readers: Some(readers), .. } => {
                let sql = Ready::of(sql);
                readers.read(move |connection| connection.fold(&sql, values, sums, take)).await
            }
            Engine::Sqlite { writer, readers: None, .. } => {
                let sql = Ready::of(sql);
                writer.aside(move |connection| connection.fold(&sql, values, sums, take)).await?
            }
            Engine::Postgres(server) => {
                let read = async {
                    let mut connection = server.for_one().await?;
                    let sums = postgres::fold(&mut connection, sql, values, sums, take).await;
                    server.give_back(connection).await;
                    sums
                };
                Box::pin(read).await
            }
        }
    }

    /// Waits until a file is reopened after a disk failure.
    pub async fn renewed(&self) {
        self.0.signs.renewed.notified().await;
    }

    /// Moves the write-ahead log into the SQLite file, or closes the connections to PostgreSQL.
    pub async fn close(&self) {
        match &self.0.engine {
            Engine::Sqlite { writer, place, .. } => {
                if place.checkpoints {
                    let _ = writer.aside(|connection| connection.run("PRAGMA wal_checkpoint(TRUNCATE)")).await;
                }
            }
            Engine::Postgres(server) => server.pool.close().await,
        }
    }
}

/// Errors that can say if repeating the transaction helps.
pub trait Retryable {
    /// True if the same transaction may succeed when repeated immediately.
    fn is_retryable(&self) -> bool;
}

impl Retryable for StoreError {
    fn is_retryable(&self) -> bool {
        StoreError::is_retryable(self)
    }
}

/// Runs blocking work on its own thread.
async fn on_a_thread<T: Send + 'static>(name: &str, run: impl FnOnce() -> Result<T, StoreError> + Send + 'static) -> Result<T, StoreError> {
    let (reply, result) = oneshot::channel();
    let started = std::thread::Builder::new().name(name.to_owned()).spawn(move || drop(reply.send(run())));
    started.map_err(|error| StoreError::Driver(format!("no thread for it: {error}")))?;
    result.await.map_err(|_| StoreError::Driver(format!("{name} broke")))?
}
