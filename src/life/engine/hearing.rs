//! Activity of this node's connections since it was last written to the database. It is collected in memory, so no answer
//! or message requires a write of its own.

use lastword_base::names::ConnectionId;
use lastword_domain::connection::refusals::Failing;
use lastword_store::Millis;
use lastword_store::connection::Noted;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// Activity of one node, by connection.
#[derive(Debug, Default)]
pub struct Hearing {
    notes: Mutex<BTreeMap<ConnectionId, Noted>>,
    /// Connections whose last call was refused.
    refused: Mutex<BTreeSet<ConnectionId>>,
    /// Connections through which only refused calls or failed fetches came since something was last received.
    failing: Mutex<BTreeMap<ConnectionId, Failing>>,
    /// `true` if a message was sent since the last [`Hearing::take_left`].
    left: AtomicBool,
}

impl Hearing {
    /// Records that something arrived through `connection`, or that a fetch succeeded.
    pub fn heard(&self, connection: &ConnectionId, now: Millis) {
        self.failing.lock().unwrap_or_else(PoisonError::into_inner).remove(connection);
        self.note(connection, |noted| {
            *noted = Noted { name: connection.clone(), heard_at: Some(now), ..Noted::default() };
        });
    }

    /// Records that a message was sent through `connection`.
    pub fn sent(&self, connection: &ConnectionId, now: Millis) {
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

    /// Records that nothing can arrive through `connection`, with the reason.
    pub fn deaf(&self, connection: &ConnectionId, reason: &str, now: Millis) {
        self.note(connection, |noted| {
            noted.deaf = Some(reason.to_owned());
            noted.deaf_at = Some(now);
        });
    }

    /// Records that a call could not be read, or a fetch failed, with the cause.
    pub fn failed(&self, connection: &ConnectionId, cause: String, now: Millis) {
        let mut all = self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        let failing = all.entry(connection.clone()).or_insert_with(|| Failing { since: now, last_at: now, count: 0, cause: String::new() });
        failing.count = failing.count.saturating_add(1);
        failing.last_at = now;
        failing.cause = cause;
    }

    /// Calls that were refused, or fetches that failed, since this node last received something through `connection`.
    pub fn failing(&self, connection: &ConnectionId) -> Option<Failing> {
        self.failing.lock().unwrap_or_else(PoisonError::into_inner).get(connection).cloned()
    }

    /// Records that a call to the address of `connection` was refused.
    pub fn refused(&self, connection: &ConnectionId) {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).insert(connection.clone());
    }

    /// Records that a call to that address was accepted. Returns true if the previous one was refused.
    pub fn accepted(&self, connection: &ConnectionId) -> bool {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).remove(connection)
    }

    /// Takes all recorded activity.
    pub(crate) fn take(&self) -> Vec<Noted> {
        std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner)).into_values().collect()
    }

    fn note(&self, connection: &ConnectionId, change: impl FnOnce(&mut Noted)) {
        let mut all = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || Noted { name: connection.clone(), ..Noted::default() };
        change(all.entry(connection.clone()).or_insert_with(fresh));
    }
}
