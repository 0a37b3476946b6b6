//! Sends past events to a receiver again, on a person's request: the receiver was rebuilt or lost its data.

use crate::engine::Engine;
use crate::events;
use lastword_base::names::{ConnectionId, DeliveryId};
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_store::access::audit;
use lastword_store::question::delivery::{self, Delivery, NewDelivery};
use lastword_store::question::delivery_list;
use lastword_store::{Millis, StoreError, document_or_said, transaction};
use serde_json::{Value, json};
use std::sync::Arc;

/// Number of events read and written at a time.
const STEP: i64 = 500;
/// Key in the payload of a repeat for the ID of the event that it repeats.
const REPEATS: &str = "repeats";

/// Sends all ended events of `connection` since `since` again, in their order; one that still waits is sent anyway. Each repeat is a
/// delivery with an ID of its own, so a receiver that already knows the first treats it as new. Repeats are not repeated. Returns the number
/// of events.
///
/// # Errors
/// A database error; the repeats scheduled until then are sent.
#[lastword_base::boxed]
pub async fn replay(engine: &Engine, by: &By, connection: &ConnectionId, since: Millis, now: Millis) -> Result<usize, StoreError> {
    // IDs start with their time, and those of the repeats come after this one.
    let (mut after, end) = (DeliveryId::first_of(since), engine.ids.next(now));
    let mut count = 0;
    loop {
        let page = delivery_list::ended_events(&engine.db, connection, since, (after, end), STEP).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        let repeats: Vec<NewDelivery> = page.iter().filter_map(|event| repeat(engine, event, now)).collect();
        count += repeats.len();
        let repeats = Arc::new(repeats);
        transaction!(engine.db, [repeats], async |tx| { delivery::schedule(tx, &repeats).await }).await?;
    }
    let entry = Entry::new(Act::DeliveryResent, connection.as_str());
    let entry = Arc::new(entry.with(&Value::Null, &json!({ "events": count, "since": since })));
    transaction!(engine.db, [engine, by, entry], async |tx| { audit::write(tx, engine.ids.next(now), now, &by, &entry).await }).await?;
    engine.wake.ring();
    Ok(count)
}

/// The repeat of an event; `None` if it is itself one, or its payload cannot be parsed.
fn repeat(engine: &Engine, event: &Delivery, now: Millis) -> Option<NewDelivery> {
    let mut payload: Value = document_or_said("delivery", "payload", event.id, &event.payload)?;
    if payload.get(REPEATS).is_some() {
        return None;
    }
    payload[REPEATS] = json!(event.id);
    Some(events::delivery(engine, event.connection.clone(), event.subject.clone(), &payload, now))
}
