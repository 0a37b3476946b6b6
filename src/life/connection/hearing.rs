//! What this node heard of its connections and sent through them since it last wrote it down: a note in memory, so that
//! no answer and no message costs a write of its own.

use lastword_store::Millis;
use lastword_store::connection::Noted;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The notes of one node, by connection.
#[derive(Debug, Default)]
pub struct Hearing(Mutex<BTreeMap<String, Noted>>);

impl Hearing {
    /// Something came in through `connection`, or a fetch worked.
    pub fn heard(&self, connection: &str, now: Millis) {
        self.note(connection, |noted| {
            *noted = Noted { name: connection.to_owned(), heard_at: Some(now), ..Noted::default() };
        });
    }

    /// A message left through `connection`.
    pub fn sent(&self, connection: &str, now: Millis) {
        self.note(connection, |noted| {
            noted.sent += 1;
            noted.first_sent_at.get_or_insert(now);
        });
    }

    /// Nothing can come in through `connection`, for this reason.
    pub fn deaf(&self, connection: &str, reason: &str, now: Millis) {
        self.note(connection, |noted| {
            noted.deaf = Some(reason.to_owned());
            noted.deaf_at = Some(now);
        });
    }

    /// All notes; they are forgotten here.
    pub(crate) fn take(&self) -> Vec<Noted> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_values().collect()
    }

    fn note(&self, connection: &str, change: impl FnOnce(&mut Noted)) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || Noted { name: connection.to_owned(), ..Noted::default() };
        change(all.entry(connection.to_owned()).or_insert_with(fresh));
    }
}
