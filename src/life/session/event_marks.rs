//! Keys of events are chosen by the sender and may hold personal data. When a client is erased, they are replaced with marks (keyed
//! hashes), so that a repeated event of a desk is still recognised.

use crate::engine::Engine;
use lastword_base::names::{RequestId, Source};
use lastword_domain::answer::opt_out::MarkKey;
use lastword_store::records::event_name::{self, EventName, MARKED};
use lastword_store::{StoreError, Tx};

/// Mark of the event `event_key` of `source`.
pub(crate) fn mark(key: &MarkKey, source: &Source, event_key: &str) -> String {
    // Keys are case-sensitive, including those in the form of a mail address.
    format!("{MARKED}{}", key.mark(&format!("{source}\n{event_key}").replace('@', "\u{1}")))
}

/// Replaces the keys of all events of the sessions of these closes, and of the answers to their questions, with marks.
pub(crate) async fn forget(tx: &mut Tx, engine: &Engine, requests: &[RequestId]) -> Result<(), StoreError> {
    let key = engine.mark_key(tx).await?;
    let names: Vec<EventName> = event_name::of_closes(tx, requests)
        .await?
        .into_iter()
        .map(|event| EventName { mark: mark(key, &event.source, &event.key), source: event.source, event_key: event.key })
        .collect();
    event_name::forget(tx, requests, &names).await
}
