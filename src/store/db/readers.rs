//! The readers of a SQLite file: a few threads, each with a connection of its own, that take whatever is to be read next.

use super::sqlite::{Connection, Place, Ready, driver};
use crate::store::error::StoreError;
use crate::store::sql::Sql;
use crate::store::value::{Row, Value};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// The way to the threads.
pub(super) struct Readers(Sender<Reading>);

/// Something to be read.
struct Reading {
    sql: Ready,
    values: Vec<Value>,
    reply: oneshot::Sender<Result<Vec<Row>, StoreError>>,
}

impl Readers {
    /// Starts so many threads. They end when nobody can ask them for anything any more.
    pub(super) fn start(count: u32, place: &Place) -> Result<Self, StoreError> {
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

    /// The rows that `sql` gives.
    pub(super) async fn fetch(&self, sql: &'static Sql, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let gone = || StoreError::Driver("the readers have stopped".to_owned());
        let (reply, result) = oneshot::channel();
        self.0.send(Reading { sql: Ready::of(sql), values, reply }).map_err(|_| gone())?;
        result.await.map_err(|_| gone())?
    }
}

fn read_on(waiting: &Mutex<Receiver<Reading>>, place: &Place) {
    let mut connection: Option<Connection> = None;
    loop {
        // Whoever has the lock waits for the next; the others wait for the lock.
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Reading { sql, values, reply }) = next else { return };
        // Nobody waits for it any more.
        if reply.is_closed() {
            continue;
        }
        let opened = match connection.take() {
            Some(open) => Ok(open),
            None => place.reading().map_err(driver),
        };
        let rows = match opened {
            Ok(open) => {
                let rows = open.fetch(&sql, values);
                // Not read through again: the system may keep what it could not read.
                connection = Some(open).filter(|_| !matches!(rows, Err(StoreError::Disk(_))));
                rows
            }
            Err(error) => Err(error),
        };
        let _ = reply.send(rows);
    }
}
