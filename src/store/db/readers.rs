//! The readers of a SQLite file: a few threads, each with a connection of its own, that take whatever is to be read next.

use super::sqlite::{Connection, DatabaseFile, driver};
use crate::error::StoreError;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// The way to the threads.
pub(super) struct Readers(Sender<Reading>);

/// Something to be read, on a connection that is opened where there is none and kept where it may be read through again.
type Reading = Box<dyn FnOnce(&mut Option<Connection>, &DatabaseFile) + Send>;

impl Readers {
    /// Starts so many threads. They end when nobody can ask them for anything any more.
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

    /// What `read` gives, on a connection of one of the threads.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, result) = oneshot::channel();
        let reading: Reading = Box::new(move |connection, place| {
            // Nobody waits for it any more.
            if reply.is_closed() {
                return;
            }
            let opened = connection.take().map_or_else(|| place.reading().map_err(driver), Ok);
            let found = opened.and_then(|open| {
                let found = read(&open);
                // Not read through again: the system may keep what it could not read.
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
        // Whoever has the lock waits for the next; the others wait for the lock.
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(reading) = next else { return };
        // Whoever waits for one that panics is told so; the thread reads on, with another connection.
        let _ = catch_unwind(AssertUnwindSafe(|| reading(&mut connection, place)));
    }
}
