//! An admin pauses a connection: nothing is sent through it until it is resumed. Incoming messages are still accepted.

use crate::engine::Engine;
use lastword_base::names::ConnectionId;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_store::access::audit;
use lastword_store::{Millis, StoreError, connection, transaction};

/// Pauses a connection of any origin. Returns true if one of this name exists that was not already paused.
#[lastword_base::boxed]
pub async fn suspend(engine: &Engine, by: &By, name: &ConnectionId, now: Millis) -> Result<bool, StoreError> {
    transaction!(engine.db, [engine, by, name], async |tx| {
        let suspended = connection::suspend(tx, &name, now).await?;
        if suspended {
            let entry = Entry::new(Act::ConnectionSuspended, name.as_str());
            audit::write(tx, engine.ids.next(now), now, &by, &entry).await?;
        }
        Ok(suspended)
    })
    .await
}
