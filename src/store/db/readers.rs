//! The readers of a SQLite file: several threads, each with its own connection, that take the next read from a shared queue.

use super::sqlite::{Connection, DatabaseFile, driver};
use crate::error::StoreError;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// Queue of the threads.
pub(super) struct Readers(Sender<Reading>);

/// A read. It opens the thread's connection if there is none, and leaves it in place if it can be reused.
type Reading = Box<dyn FnOnce(&mut Option<Connection>, &DatabaseFile) + Send>;

impl Readers {
    /// Starts `count` threads. They end when the queue is dropped.
    pub(super) fn start(count: u32, place: &DatabaseFile) -> Result<Self, StoreError> {
        let (asked, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        for number in 1..=count {
            let (waiting, place) = (waiting.clone(), place.clone());
            let thread = std::thread::Builder::new().name(format!("sqlite reader {number}"));
            let started = thread.spawn(move || read_on(&waiting, &place));
            started.map_err(|error| StoreError::Driver(format!("no thread for a reader: {error}")))?;
        }
        Ok(Self(asked))
    }

    /// Runs `read` on the connection of one of the threads.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, result) = oneshot::channel();
        let reading: Reading = Box::new(move |connection, place| {
            // The caller is gone.
            if reply.is_closed() {
                return;
            }
            let opened = connection.take().map_or_else(|| place.reading().map_err(driver), Ok);
            let found = opened.and_then(|open| {
                let found = read(&open);
                // Not reused after a disk error: the system may have cached what it could not read.
                *connection = Some(open).filter(|_| !matches!(found, Err(StoreError::Disk(_))));
                found
            });
            let _ = reply.send(found);
        });
        self.0.send(reading).map_err(|_| gone("the readers have stopped"))?;
        result.await.map_err(|_| gone("what was read could not be taken in"))?
    }
}

fn gone(words: &str) -> StoreError {
    StoreError::Driver(words.to_owned())
}

fn read_on(waiting: &Mutex<Receiver<Reading>>, place: &DatabaseFile) {
    let mut connection: Option<Connection> = None;
    loop {
        // The thread that holds the lock waits for the next read; the others wait for the lock.
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(reading) = next else { return };
        // The caller of a read that panics gets an error; the thread continues with another connection.
        let _ = catch_unwind(AssertUnwindSafe(|| reading(&mut connection, place)));
    }
}
