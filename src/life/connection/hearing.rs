//! What this node heard of its connections and sent through them since it last wrote it down: a note in memory, so that
//! no answer and no message costs a write of its own.

use lastword_store::Millis;
use lastword_store::connection::Noted;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// The notes of one node, by connection.
#[derive(Debug, Default)]
pub struct Hearing {
    notes: Mutex<BTreeMap<String, Noted>>,
    /// Connections whose last call was refused.
    refused: Mutex<BTreeSet<String>>,
    /// `true` if a message was sent since the last [`Hearing::take_left`].
    left: AtomicBool,
}

impl Hearing {
    /// Something came in through `connection`, or a fetch worked.
    pub fn heard(&self, connection: &str, now: Millis) {
        self.note(connection, |noted| {
            *noted = Noted { name: connection.to_owned(), heard_at: Some(now), ..Noted::default() };
        });
    }

    /// A message left through `connection`.
    pub fn sent(&self, connection: &str, now: Millis) {
        self.left.store(true, Ordering::Relaxed);
        self.note(connection, |noted| {
            noted.sent += 1;
            noted.first_sent_at.get_or_insert(now);
        });
    }

    /// `true` if a message was sent since the last call.
    pub fn take_left(&self) -> bool {
        self.left.swap(false, Ordering::Relaxed)
    }

    /// Nothing can come in through `connection`, for this reason.
    pub fn deaf(&self, connection: &str, reason: &str, now: Millis) {
        self.note(connection, |noted| {
            noted.deaf = Some(reason.to_owned());
            noted.deaf_at = Some(now);
        });
    }

    /// A call of the desk behind `connection` was refused.
    pub fn refused(&self, connection: &str) {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).insert(connection.to_owned());
    }

    /// A call of that desk was accepted. Returns whether the one before it was refused.
    pub fn accepted(&self, connection: &str) -> bool {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).remove(connection)
    }

    /// All notes; they are forgotten here.
    pub(crate) fn take(&self) -> Vec<Noted> {
        std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner)).into_values().collect()
    }

    fn note(&self, connection: &str, change: impl FnOnce(&mut Noted)) {
        let mut all = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || Noted { name: connection.to_owned(), ..Noted::default() };
        change(all.entry(connection.to_owned()).or_insert_with(fresh));
    }
}
