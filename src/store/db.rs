//! The waist: the only place that names a driver. Everything else in `store` speaks through [`Db`], [`Tx`] and [`Row`].
//!
//! SQLite: a thread with the one writing connection (`BEGIN IMMEDIATE`, WAL, `synchronous=FULL`), and a few that read.
//! PostgreSQL: a pool. Values are text and 64-bit integers only, which both databases carry alike.
//!
//! A step awaits nothing but its transaction: on SQLite one that waits for something else is refused, since it would hold up
//! everybody who writes.
//!
//! A transaction is never canceled half-way: [`Db::write`] runs it on the writer's thread, or in a task of its own, so a
//! caller that goes away (an HTTP client that hangs up) does not drop a future inside the driver. Where one is dropped all
//! the same, its PostgreSQL connection does not go back to the pool (`lent`). Both keep us clear of sqlx issue 4393 (a dropped
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
mod together;
mod turns;
mod upkeep;
mod wal;
mod writer;

pub use copy::{fold_log, seal};
pub use postgres::hosts::{HostAnswer, HostState, ask_hosts, leader};
pub use postgres::pooler::{Between, between, role_settings};
pub use turns::Turns;
pub use upkeep::Tables;
pub use wal::REPORTED as WAL_REPORTED;

use super::error::StoreError;
use super::report::counter;
use super::sql::{Dialect, Sql};
use super::value::{LentRow, Row, Value};
use chrono_tz::Tz;
use lastword_base::settings::Pooler;
use lastword_base::time::{Millis, wait};
use lastword_domain::report::counter::Changes;
use opening::open_sqlite;
use order::Taken;
use postgres::lent::{Lent, in_time};
use postgres::open::open_postgres;
use postgres::server::Server;
use readers::Readers;
use sqlite::{DatabaseFile, Ready};
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::{Notify, oneshot};
use turns::turn;
use writer::Writer;

/// What PostgreSQL's clock shows at this very moment, not at the transaction's beginning.
static CLOCK: Sql = Sql::new("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint");

/// How often a transaction that met a concurrent write is repeated.
const REPEATS_MAX: i64 = 5;
/// The pause before a repetition grows by this much each time; the first repetition has no pause.
const REPEAT_PAUSE: Millis = 10;

/// How a database is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Maximum number of connections to PostgreSQL; readers on SQLite.
    pub connections: u32,
    /// `false` if another process moves the log of a SQLite file into the file, such as Litestream.
    pub checkpoints: bool,
    /// The pooler in front of PostgreSQL.
    pub pooler: Pooler,
}

impl Default for Opening {
    fn default() -> Self {
        Self { connections: 2, checkpoints: true, pooler: Pooler::None }
    }
}

/// A database, and the clock of the organisation whose days are counted in it.
#[derive(Clone)]
pub struct Db(Arc<Inner>, Tz, Option<Arc<dyn Turns>>);

struct Inner {
    engine: Engine,
    signs: Arc<Signs>,
}

/// What is known of how a database fares.
#[derive(Default)]
struct Signs {
    commits: AtomicU64,
    statements: AtomicU64,
    lost: AtomicU64,
    /// The disk was full when something was last written.
    full: AtomicBool,
    /// The database took no writes when something was last written.
    read_only: AtomicBool,
    /// The disk failed under the writer.
    failed: AtomicBool,
    /// The oldest version that may work on the tables, if this program is older.
    needs: Mutex<Option<String>>,
    /// A file was opened anew after the disk had failed.
    renewed: Notify,
}

impl Signs {
    /// Remembers what an error says of the disk.
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
        /// None in memory: the writer reads.
        readers: Option<Readers>,
        place: DatabaseFile,
    },
    Postgres(Server),
}

/// A transaction. Dropped without [`Tx::commit`], nothing of it stays.
pub struct Tx {
    open: Open,
    zone: Tz,
    signs: Arc<Signs>,
    /// What the rows written so far change in the counters: written with them, in one statement, before the commit.
    counted: Changes,
    /// The tables of which it has locked rows.
    taken: Taken,
    turns: Option<Arc<dyn Turns>>,
}

enum Open {
    /// The writer's connection, in its thread.
    Sqlite(sqlite::Connection),
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
        Self::open_with(url, Opening { connections, ..Opening::default() }).await
    }

    /// As [`Db::open`], with all that can be said about it.
    ///
    /// # Errors
    /// When it cannot be reached or is not one we can work with.
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

    /// The same database, whose counters cut days by the clock of `zone`. UTC where nothing is said.
    #[must_use]
    pub fn with_time_zone(self, zone: Tz) -> Self {
        Self(self.0, zone, self.2)
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

    /// How many batches of one kind may be under way at once: for SQLite's one writer the next waits while it commits the one before,
    /// so that it never idles; on PostgreSQL batches overlap, so that one fills while others wait for the network and the disk.
    pub fn writers(&self) -> usize {
        match self.dialect() {
            Dialect::Sqlite => 2,
            Dialect::Postgres => 3,
        }
    }

    /// The file of an SQLite database, unless it is in memory.
    pub fn path(&self) -> Option<&Path> {
        match &self.0.engine {
            Engine::Sqlite { place, .. } => place.path.as_deref(),
            Engine::Postgres(_) => None,
        }
    }

    /// Commits since this database was opened, on SQLite and PostgreSQL alike: one for each [`Db::write`] that succeeded, however
    /// often it had to be repeated, and none for one that failed. Those that SQLite's writer took up together are one.
    pub fn commits(&self) -> u64 {
        self.0.signs.commits.load(Ordering::Relaxed)
    }

    /// Statements that transactions ran since this database was opened. Those that went to PostgreSQL together are one.
    pub fn statements(&self) -> u64 {
        self.0.signs.statements.load(Ordering::Relaxed)
    }

    /// How many commits failed since this database was opened. What was read inside a transaction may be of one of them, and is
    /// not to be believed after the next.
    pub fn lost(&self) -> u64 {
        self.0.signs.lost.load(Ordering::Relaxed)
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

    /// Begins a transaction on PostgreSQL. SQLite's begin and end in the writer's thread alone.
    ///
    /// Call it inside a task that is not canceled; [`Db::write`] does that.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let Engine::Postgres(server) = &self.0.engine else {
            return Err(StoreError::Driver("a transaction of SQLite is written by its thread".to_owned()));
        };
        turn(self.2.as_ref()).await;
        let connection = server.begin().await?;
        let (counted, taken) = (Changes::default(), Taken::default());
        let (open, zone, signs, turns) = (Open::Postgres(connection), self.1, self.0.signs.clone(), self.2.clone());
        Ok(Tx { open, zone, signs, counted, taken, turns })
    }

    /// Runs `steps` in one transaction and commits it, where nobody cancels it. A transaction that met a concurrent write is
    /// repeated. The steps await nothing but their transaction.
    ///
    /// # Errors
    /// What `steps` returned, or the database's error.
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
                        // The other transaction is done in a moment.
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
    ///
    /// # Errors
    /// The database's error.
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
            // The driver's future takes four KiB, which whoever reads would carry along on SQLite too.
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

    /// Reads outside any transaction, and keeps no row: `take` adds each to `sums` as it comes, on SQLite in the thread that reads, so
    /// that what is read at once is also taken in at once.
    ///
    /// # Errors
    /// The database's error, or that of `take`, which ends it.
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

    /// Waits until a file was opened anew after the disk had failed.
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

/// Errors that can say whether repeating the transaction helps.
pub trait Retryable {
    /// Whether the same transaction may succeed when it is repeated at once.
    fn is_retryable(&self) -> bool;
}

impl Retryable for StoreError {
    fn is_retryable(&self) -> bool {
        StoreError::is_retryable(self)
    }
}

impl Tx {
    /// Makes everything of this transaction durable.
    ///
    /// # Errors
    /// When it could not be made durable; then nothing of it counts, and repeating it with the same keys is safe.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        self.settle().await?;
        let Open::Postgres(connection) = &mut self.open else { return Ok(()) };
        turn(self.turns.as_ref()).await;
        let committed = in_time(sqlx::raw_sql("COMMIT").execute(&mut **connection)).await;
        connection.outcome(committed).map_err(|error| {
            self.signs.lost.fetch_add(1, Ordering::Relaxed);
            self.signs.noticed(error)
        })?;
        connection.ended();
        self.signs.commits.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Writes what was noted for the counters.
    async fn settle(&mut self) -> Result<(), StoreError> {
        let counted = std::mem::take(&mut self.counted);
        counter::keep(self, counted).await
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
        self.zone
    }

    /// How often a commit had failed, as [`Db::lost`] has it.
    pub fn lost(&self) -> u64 {
        self.signs.lost.load(Ordering::Relaxed)
    }

    /// Notes what a row that is written changes in the counters.
    pub(super) fn count(&mut self, note: impl FnOnce(&mut Changes, Tz)) {
        note(&mut self.counted, self.zone);
    }

    /// Undoes everything of this transaction.
    pub async fn rollback(mut self) {
        if let Open::Postgres(connection) = &mut self.open
            && !connection.is_broken()
            && in_time(sqlx::raw_sql("ROLLBACK").execute(&mut **connection)).await.is_ok()
        {
            connection.ended();
        }
    }

    /// The rows that `sql` gives.
    ///
    /// # Errors
    /// The database's error.
    pub async fn fetch(&mut self, sql: &'static Sql, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.signs.statements.fetch_add(1, Ordering::Relaxed);
        let rows = match &mut self.open {
            Open::Sqlite(connection) => connection.fetch(&Ready::of(sql), values),
            Open::Postgres(connection) => {
                self.taken.takes(sql);
                turn(self.turns.as_ref()).await;
                postgres::fetch(connection, sql, values).await
            }
        };
        rows.map_err(|error| self.signs.noticed(error))
    }

    /// Runs a definition that another statement made, with names that cannot be values. PostgreSQL alone.
    ///
    /// # Errors
    /// The database's error.
    pub(super) async fn define(&mut self, text: String) -> Result<(), StoreError> {
        match &mut self.open {
            Open::Sqlite(_) => Ok(()),
            Open::Postgres(connection) => {
                let defined = sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(&mut **connection).await;
                connection.outcome(defined).map(drop)
            }
        }
    }

    /// Runs `sql` and says how many rows it touched.
    ///
    /// # Errors
    /// The database's error.
    pub async fn execute(&mut self, sql: &'static Sql, values: Vec<Value>) -> Result<u64, StoreError> {
        self.signs.statements.fetch_add(1, Ordering::Relaxed);
        let done = match &mut self.open {
            Open::Sqlite(connection) => connection.execute(&Ready::of(sql), values),
            Open::Postgres(connection) => {
                self.taken.takes(sql);
                turn(self.turns.as_ref()).await;
                postgres::execute(connection, sql, values).await
            }
        };
        done.map_err(|error| self.signs.noticed(error))
    }
}

/// Runs what takes its time on a thread of its own.
async fn on_a_thread<T: Send + 'static>(name: &str, run: impl FnOnce() -> Result<T, StoreError> + Send + 'static) -> Result<T, StoreError> {
    let (reply, result) = oneshot::channel();
    let started = std::thread::Builder::new().name(name.to_owned()).spawn(move || drop(reply.send(run())));
    started.map_err(|error| StoreError::Driver(format!("no thread for it: {error}")))?;
    result.await.map_err(|_| StoreError::Driver(format!("{name} broke")))?
}
