//! Sends past events to a receiver again, on a person's request: the receiver was rebuilt or lost its data.

use crate::engine::Engine;
use crate::events;
use lastword_base::names::{ConnectionId, DeliveryId};
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::question::delivery::{Kind, State};
use lastword_store::access::audit;
use lastword_store::question::delivery::{self, Delivery, NewDelivery};
use lastword_store::question::delivery_list::{self, Filter};
use lastword_store::{Millis, StoreError, document_or_said, transaction};
use serde_json::{Value, json};
use std::sync::Arc;

/// Final states of events that are repeated. An event that still waits is sent anyway.
const ENDED: [State; 7] = [State::Sent, State::Delivered, State::Undeliverable, State::Unknown, State::Skipped, State::Failed, State::Dead];
/// Number of events read or written at a time.
const STEP: i64 = 500;
/// Key in the payload of a repeat for the ID of the event that it repeats.
const REPEATS: &str = "repeats";

/// Sends all events of `connection` since `since` again, in their order. Each is a delivery with an ID of its own, so a receiver that
/// already knows the first treats the second as new. Repeats are not repeated. Returns the number of events.
///
/// # Errors
/// A database error; the repeats scheduled until then are sent.
pub async fn replay(engine: &Engine, by: &By, connection: &ConnectionId, since: Millis, now: Millis) -> Result<usize, StoreError> {
    let mut found = Vec::new();
    let filter = Filter { connection: Some(connection.to_owned()), kind: Some(Kind::Event), since: Some(since), ..Filter::default() };
    for state in ENDED {
        let mut before: Option<DeliveryId> = None;
        loop {
            let page = delivery_list::in_state(&engine.db, state, &filter, before, STEP).await?;
            before = page.last().map(|last| last.id);
            let is_last = page.len() < usize::try_from(STEP).unwrap_or(usize::MAX);
            found.extend(page.into_iter().filter_map(|event| repeat(engine, &event, now)));
            if is_last {
                break;
            }
        }
    }
    // IDs start with their time: the repeats get new ones in the order of the events.
    found.sort_by_key(|(one, _)| *one);
    let count = found.len();
    let repeats: Vec<NewDelivery> = found.into_iter().map(|(_, repeat)| NewDelivery { id: engine.ids.next(now), ..repeat }).collect();
    for part in repeats.chunks(usize::try_from(STEP).unwrap_or(1)) {
        let part = Arc::new(part.to_vec());
        transaction!(engine.db, [part], async |tx| { delivery::schedule(tx, &part).await }).await?;
    }
    let entry = Entry::new(Act::DeliveryResent, connection.as_str());
    let entry = Arc::new(entry.with(&Value::Null, &json!({ "events": count, "since": since })));
    transaction!(engine.db, [engine, by, entry], async |tx| { audit::write(tx, engine.ids.next(now), now, &by, &entry).await }).await?;
    engine.wake.ring();
    Ok(count)
}

/// The ID of an event and its repeat; `None` if it is itself a repeat, or its payload cannot be parsed.
fn repeat(engine: &Engine, event: &Delivery, now: Millis) -> Option<(DeliveryId, NewDelivery)> {
    let mut payload: Value = document_or_said("delivery", "payload", event.id, &event.payload)?;
    if payload.get(REPEATS).is_some() {
        return None;
    }
    payload[REPEATS] = json!(event.id);
    let repeat = events::delivery(engine, event.connection.clone(), event.subject.clone(), &payload, now);
    Some((event.id, repeat))
}
