//! Technical rows whose time is over are removed, a little at a time, by any node: messages that left long ago with their tries, and the keys
//! of events. Ratings, outcomes, answers and counters stay for good.

use crate::engine::Engine;
use lastword_base::id;
use lastword_base::time::DAY;
use lastword_store::records::{inbox, technical};
use lastword_store::{Millis, StoreError};

/// Rows of one round. A round is a second, so this is more than the busiest installation writes, and less than others notice.
const BATCH: i64 = 200;

/// How long event keys are remembered: a redelivery after an outage can be days late.
pub const KEYS_KEPT: Millis = 30 * DAY;

/// Removes one batch of each. Gives how many rows there were.
pub async fn purge(engine: &Engine, now: Millis) -> Result<u64, StoreError> {
    let keys = engine.db.write(move |tx| Box::pin(async move { inbox::forget(tx, now - KEYS_KEPT, BATCH).await }));
    let keys: Result<u64, StoreError> = keys.await;
    let keys = keys?;
    let Some(kept) = engine.options.technical_kept else { return Ok(keys) };
    let before = id::first_of(now - kept);
    let removed = engine.db.write(move |tx| {
        let before = before.clone();
        Box::pin(async move { technical::purge_deliveries(tx, &before, BATCH).await })
    });
    let removed: Result<u64, StoreError> = removed.await;
    Ok(keys + removed?)
}
