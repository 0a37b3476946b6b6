//! The single writer of a SQLite database: a thread that owns the connection. Transactions are sent to it as steps and run
//! there without waits between their statements. All waiting transactions share one commit, each inside its own savepoint,
//! so a failed one does not affect the others.
//!
//! After a disk error the connection is not used further: the system's cache and the disk may differ, so the file is
//! reopened and checked before the next write.

use super::health::refuse_damage;
use super::sqlite::{Connection, DatabaseFile, driver};
use super::tally::TalliedRows;
use super::{Open, REPEATS_MAX, Retryable, Signs, Tx, TxFuture};
use crate::counter_change::CountChanges;
use crate::error::StoreError;
use chrono_tz::Tz;
use lastword_domain::planted;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Poll, Waker};
use tokio::sync::oneshot;

/// Maximum number of transactions that share a commit, which limits the wait for the others.
const TOGETHER_MAX: usize = 64;

/// Queue of the thread.
pub(super) struct Writer(Sender<Job>);

enum Job {
    /// A transaction.
    Write(Box<dyn Write>),
    /// Other work that needs the connection, between transactions.
    Aside(Box<dyn FnOnce(&mut Connection) + Send>),
}

impl Writer {
    /// Starts the thread. It ends when the queue is dropped.
    pub(super) fn start(connection: Connection, place: DatabaseFile, signs: Arc<Signs>) -> Result<Self, StoreError> {
        let (jobs, waiting) = channel();
        let tx = Tx {
            open: Open::Sqlite(connection),
            zone: Tz::UTC,
            signs,
            counted: CountChanges::default(),
            tallied: Vec::new(),
            taken: super::Taken::default(),
            turns: None,
        };
        let thread = Thread { tx, place, begun: false };
        let started = std::thread::Builder::new().name("sqlite writer".to_owned()).spawn(move || thread.run(&waiting));
        started.map(|_| Self(jobs)).map_err(|error| StoreError::Driver(format!("no thread for the writer: {error}")))
    }

    /// Runs `steps` in a transaction.
    pub(super) async fn write<T, E, F>(&self, zone: Tz, steps: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Retryable + Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> TxFuture<'t, T, E> + Send + 'static,
    {
        let (reply, result) = oneshot::channel();
        let steps = Steps { steps, zone, here: planted::here(), result: None, tallied: None, reply };
        self.0.send(Job::Write(Box::new(steps))).map_err(|_| E::from(gone()))?;
        result.await.map_err(|_| E::from(gone()))?
    }

    /// Runs `run` with the connection.
    pub(super) async fn aside<T: Send + 'static>(&self, run: impl FnOnce(&mut Connection) -> T + Send + 'static) -> Result<T, StoreError> {
        let (reply, result) = oneshot::channel();
        let job = Job::Aside(Box::new(move |connection| drop(reply.send(run(connection)))));
        self.0.send(job).map_err(|_| gone())?;
        result.await.map_err(|_| gone())
    }
}

fn gone() -> StoreError {
    StoreError::Driver("the writer has stopped".to_owned())
}

/// Result of the steps of a transaction.
enum Ran {
    /// To be committed.
    Done,
    /// To be rolled back.
    Failed,
    /// To be rolled back; repeating them may succeed.
    Retryable,
}

/// A queued transaction.
trait Write: Send {
    /// Runs its steps.
    fn run(&mut self, tx: &mut Tx) -> Ran;
    /// Sends the result to the caller after the commit.
    fn tell(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Steps<T, E, F> {
    steps: F,
    zone: Tz,
    here: planted::Here,
    result: Option<Result<T, E>>,
    tallied: Option<(Arc<Signs>, TalliedRows)>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Write for Steps<T, E, F>
where
    T: Send,
    E: From<StoreError> + Retryable + Send,
    F: for<'t> Fn(&'t mut Tx) -> TxFuture<'t, T, E> + Send,
{
    fn run(&mut self, tx: &mut Tx) -> Ran {
        self.here.plant();
        (tx.zone, tx.counted) = (self.zone, CountChanges::default());
        let steps = &self.steps;
        let ran = catch_unwind(AssertUnwindSafe(|| {
            let all = pin!(async {
                let value = steps(tx).await?;
                tx.settle().await?;
                Ok(value)
            });
            // Statements on this connection complete immediately, so steps that are not ready await something else.
            match all.poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(result) => result,
                Poll::Pending => Err(E::from(StoreError::Driver(WAITED.to_owned()))),
            }
        }));
        let result = ran.unwrap_or_else(|cause| Err(E::from(StoreError::Driver(format!("a step broke: {}", said(&*cause))))));
        let ran = match &result {
            Ok(_) => Ran::Done,
            Err(error) if error.is_retryable() => Ran::Retryable,
            Err(_) => Ran::Failed,
        };
        self.tallied = Some((tx.signs.clone(), std::mem::take(&mut tx.tallied)));
        self.result = Some(result);
        ran
    }

    fn tell(self: Box<Self>, committed: Result<(), StoreError>) {
        let result = match (self.result, committed) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(E::from(error)),
            (Some(result), Ok(())) => result,
            (None, Ok(())) => Err(E::from(gone())),
        };
        if let (Ok(_), Some((signs, tallied))) = (&result, self.tallied) {
            signs.tally.add(tallied);
        }
        let _ = self.reply.send(result);
    }
}

/// Error for such steps: a transaction blocks all writers, so it may not wait for anything.
const WAITED: &str = "a step waited for something else than its transaction";

/// The message of a panic.
fn said(cause: &(dyn std::any::Any + Send)) -> &str {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    text.or(cause.downcast_ref::<&str>().copied()).unwrap_or("without a word")
}

struct Thread {
    tx: Tx,
    place: DatabaseFile,
    /// True while a transaction is open.
    begun: bool,
}

impl Thread {
    fn run(mut self, jobs: &Receiver<Job>) {
        while let Ok(first) = jobs.recv() {
            let (mut writes, mut next) = (Vec::new(), Some(first));
            while let Some(job) = next {
                match job {
                    Job::Write(write) => writes.push(write),
                    Job::Aside(run) => {
                        self.together(std::mem::take(&mut writes));
                        run(self.connection());
                    }
                }
                next = if writes.len() < TOGETHER_MAX { jobs.try_recv().ok() } else { None };
            }
            self.together(writes);
        }
    }

    fn connection(&mut self) -> &mut Connection {
        match &mut self.tx.open {
            Open::Sqlite(connection) => connection,
            Open::Postgres(_) => unreachable!("this thread is SQLite's"),
        }
    }

    /// Commits all of them together.
    fn together(&mut self, mut writes: Vec<Box<dyn Write>>) {
        if writes.is_empty() {
            return;
        }
        if let Err(error) = self.begin() {
            return writes.into_iter().for_each(|write| write.tell(Err(error.clone())));
        }
        let (mut done, alone) = (0, writes.len() == 1);
        for write in &mut writes {
            let ran = if alone { self.alone(write.as_mut()) } else { self.behind_a_savepoint(write.as_mut()) };
            match ran {
                Ok(is_done) => done += usize::from(is_done),
                // The transaction itself failed, and everything in it is rolled back.
                Err(error) => {
                    self.undo();
                    return self.apart(writes, error);
                }
            }
        }
        if done == 0 {
            self.undo();
        } else if let Err(error) = self.commit() {
            return self.apart(writes, error);
        }
        writes.into_iter().for_each(|write| write.tell(Ok(())));
    }

    /// Retries transactions one by one that could not be committed together: a single one may be the cause.
    fn apart(&mut self, writes: Vec<Box<dyn Write>>, error: StoreError) {
        let alone = writes.len() == 1;
        for write in writes {
            if alone { write.tell(Err(error.clone())) } else { self.together(vec![write]) }
        }
    }

    /// Runs a single transaction. Returns true if it is to be committed.
    fn alone(&mut self, write: &mut dyn Write) -> Result<bool, StoreError> {
        for _ in 0..REPEATS_MAX {
            match write.run(&mut self.tx) {
                Ran::Done => return Ok(true),
                Ran::Failed => return Ok(false),
                Ran::Retryable => {}
            }
            self.undo();
            self.begin()?;
        }
        Ok(matches!(write.run(&mut self.tx), Ran::Done))
    }

    /// Runs one of several transactions in a savepoint. Returns true if it is to be committed.
    fn behind_a_savepoint(&mut self, write: &mut dyn Write) -> Result<bool, StoreError> {
        let mut repeats = 0;
        loop {
            self.statement("SAVEPOINT one")?;
            let ran = write.run(&mut self.tx);
            if !matches!(ran, Ran::Done) {
                self.statement("ROLLBACK TO one")?;
            }
            self.statement("RELEASE one")?;
            match ran {
                Ran::Done => return Ok(true),
                Ran::Retryable if repeats < REPEATS_MAX => repeats += 1,
                Ran::Failed | Ran::Retryable => return Ok(false),
            }
        }
    }

    fn statement(&mut self, text: &str) -> Result<(), StoreError> {
        let done = self.connection().prepared(text);
        done.map_err(|error| self.tx.signs.noticed(error))
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        self.renew()?;
        if self.begun {
            self.undo();
        }
        self.statement("BEGIN IMMEDIATE")?;
        self.begun = true;
        Ok(())
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        let committed = self.statement("COMMIT");
        match &committed {
            Ok(()) => {
                self.begun = false;
                self.tx.signs.commits.fetch_add(1, Ordering::Relaxed);
            }
            Err(_) => {
                self.tx.signs.lost.fetch_add(1, Ordering::Relaxed);
                self.undo();
            }
        }
        committed
    }

    /// Rolls back. The error may already have done so.
    fn undo(&mut self) {
        let _ = self.statement("ROLLBACK");
        self.begun = !self.connection().0.is_autocommit();
    }

    /// Reopens the file after a disk failure.
    fn renew(&mut self) -> Result<(), StoreError> {
        if self.place.path.is_none() || !self.tx.signs.failed.swap(false, Ordering::Relaxed) {
            return Ok(());
        }
        let renewed = self.place.writing().map_err(driver).and_then(|fresh| {
            refuse_damage(&fresh, self.place.path.as_deref())?;
            Ok(fresh)
        });
        match renewed {
            Ok(fresh) => {
                *self.connection() = fresh;
                self.begun = false;
                tracing::warn!("the disk had failed: the file of the database was opened anew and read, and is used on");
                self.tx.signs.renewed.notify_one();
                Ok(())
            }
            Err(error) => {
                self.tx.signs.failed.store(true, Ordering::Relaxed);
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::sql::Sql;
    use crate::values;
    use crate::{Db, StoreError};
    use futures_util::future::join_all;
    use std::time::Duration;

    static ADD: Sql = Sql::new("INSERT INTO client (id, revision, updated_at) VALUES ($1, 0, 0)");
    static ALL: Sql = Sql::new("SELECT id FROM client ORDER BY id");

    async fn db() -> (tempfile::TempDir, Db) {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite://{}/a.db", folder.path().display()), 2).await.unwrap();
        db.migrate().await.unwrap();
        (folder, db)
    }

    async fn add(db: &Db, id: &'static str, end: fn() -> Result<(), StoreError>) -> Result<(), StoreError> {
        db.write(move |tx| {
            Box::pin(async move {
                tx.execute(&ADD, values![id]).await?;
                end()
            })
        })
        .await
    }

    async fn ids(db: &Db) -> Vec<String> {
        db.read(&ALL, vec![]).await.unwrap().iter_mut().map(|row| row.text().unwrap()).collect()
    }

    /// Blocks the thread, so that transactions sent meanwhile run together.
    async fn held_up(db: &Db) {
        #[expect(clippy::disallowed_methods, reason = "the writer's own thread is meant to be blocked")]
        let held = db.write::<_, StoreError, _>(|_| {
            Box::pin(async {
                std::thread::sleep(Duration::from_millis(200));
                Ok(())
            })
        });
        held.await.unwrap();
    }

    #[tokio::test]
    async fn transactions_that_wait_together_share_a_commit_and_nobody_elses_fault() {
        let (_folder, db) = db().await;
        add(&db, "there", || Ok(())).await.unwrap();
        let before = db.commits();
        let (_, ended) = tokio::join!(
            held_up(&db),
            join_all([
                add(&db, "a", || Ok(())),
                add(&db, "b", || Err(StoreError::DiskFull)),
                add(&db, "there", || Ok(())),
                add(&db, "c", || panic!("on purpose")),
                add(&db, "d", || Ok(())),
            ])
        );
        let words: Vec<String> = ended.iter().map(|end| end.as_ref().map_or_else(ToString::to_string, |()| "kept".to_owned())).collect();
        assert_eq!((words[0].as_str(), words[4].as_str()), ("kept", "kept"));
        assert!(matches!(ended[1], Err(StoreError::DiskFull)) && matches!(ended[2], Err(StoreError::Conflict)), "{words:?}");
        assert_eq!(words[3], "the database said: a step broke: on purpose");
        assert_eq!(ids(&db).await, ["a", "d", "there"]);
        assert!(db.commits() - before <= 2, "one for the first, and one for all that came meanwhile");
    }

    #[tokio::test]
    async fn a_step_that_waits_for_something_else_than_its_transaction_is_refused() {
        let (_folder, db) = db().await;
        let waits = db.write::<(), StoreError, _>(|tx| {
            Box::pin(async {
                tx.execute(&ADD, values!["a"]).await?;
                std::future::pending().await
            })
        });
        let error = waits.await.unwrap_err().to_string();
        assert_eq!(error, "the database said: a step waited for something else than its transaction");
        assert_eq!(ids(&db).await, [""; 0], "nothing of it stays");
        add(&db, "b", || Ok(())).await.unwrap();
        assert_eq!(ids(&db).await, ["b"]);
    }
}
