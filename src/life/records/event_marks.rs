//! The keys of events are the sender's own words. Where a client is erased, marks take their places, by which the same event is known
//! again.

use crate::engine::Engine;
use lastword_domain::answer::opt_out::MarkKey;
use lastword_store::records::event_name::{self, EventName, MARKED};
use lastword_store::{StoreError, Tx};

/// The mark of the event `event_key` of `source`.
pub(crate) fn mark(key: &MarkKey, source: &str, event_key: &str) -> String {
    // Capitals tell events apart, also where the key has the form of a mail address.
    format!("{MARKED}{}", key.mark(&format!("{source}\n{event_key}").replace('@', "\u{1}")))
}

/// Puts marks in the place of the keys of all events of the sessions of these closes.
///
/// # Errors
/// The database's error.
pub(crate) async fn forget(tx: &mut Tx, engine: &Engine, requests: &[&str]) -> Result<(), StoreError> {
    let key = engine.mark_key(tx).await?;
    let names: Vec<EventName> = event_name::of_closes(tx, requests)
        .await?
        .into_iter()
        .map(|(source, event_key)| EventName { mark: mark(key, &source, &event_key), source, event_key })
        .collect();
    event_name::forget(tx, requests, &names).await
}
