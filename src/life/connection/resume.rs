//! A person resumes a stopped or paused connection: its deliveries are sent immediately.

use crate::engine::Engine;
use lastword_base::names::ConnectionId;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_store::access::audit;
use lastword_store::{Millis, StoreError, connection, transaction};

/// Resumes a connection. Returns true if one of this name exists.
#[lastword_base::boxed]
pub async fn resume(engine: &Engine, by: &By, name: &ConnectionId, now: Millis) -> Result<bool, StoreError> {
    let resumed = transaction!(engine.db, [engine, by, name], async |tx| {
        let resumed = connection::resume(tx, &name, now).await?;
        if resumed {
            let entry = Entry::new(Act::ConnectionResumed, name.as_str());
            audit::write(tx, engine.ids.next(now), now, &by, &entry).await?;
        }
        Ok(resumed)
    })
    .await?;
    engine.wake.ring();
    Ok(resumed)
}
