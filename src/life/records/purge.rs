//! Deletes old technical rows in small batches, on any node: messages that ended long ago with their attempts, and event keys. Ratings,
//! outcomes, answers and counters are never deleted here.

use crate::engine::Engine;
use lastword_base::names::DeliveryId;
use lastword_base::time::DAY;
use lastword_store::records::technical;
use lastword_store::{Millis, StoreError, inbox, transaction};

/// Maximum number of rows per round, which is a second: more than the busiest installation writes, and too few to slow down other work.
const BATCH: i64 = 200;

/// Time for which event keys are stored: a redelivery after an outage can be days late.
pub const KEYS_KEPT: Millis = 30 * DAY;

/// Deletes one batch of each. Returns the number of rows.
#[lastword_base::boxed]
pub async fn purge(engine: &Engine, now: Millis) -> Result<u64, StoreError> {
    let keys = transaction!(engine.db, async |tx| { inbox::forget(tx, now - KEYS_KEPT, BATCH).await }).await;
    let keys = keys?;
    let Some(kept) = engine.options.technical_kept else { return Ok(keys) };
    let before = DeliveryId::first_of(now - kept);
    let removed = transaction!(engine.db, async |tx| { technical::purge_deliveries(tx, before, BATCH).await }).await;
    Ok(keys + removed?)
}
