//! Records the connections of a node, with their kinds, in the database when it starts or adds one.

use crate::engine::Engine;
use lastword_base::names::ConnectionId;
use lastword_store::{StoreError, connection, transaction};

/// Records the connections of this node.
#[lastword_base::boxed]
pub async fn register(engine: &Engine) -> Result<(), StoreError> {
    note(engine, engine.channels.iter().map(|(name, connection)| (name, connection.channel.kind())).collect()).await
}

/// Records one connection of this node.
#[lastword_base::boxed]
pub async fn one(engine: &Engine, name: &ConnectionId) -> Result<(), StoreError> {
    note(engine, engine.channels.get(name).map(|channel| (name.to_owned(), channel.kind())).into_iter().collect()).await
}

async fn note(engine: &Engine, kinds: Vec<(ConnectionId, &'static str)>) -> Result<(), StoreError> {
    let now = engine.now();
    transaction!(engine.db, [kinds], async |tx| {
        for (name, kind) in &kinds {
            connection::started(tx, name, kind, now).await?;
        }
        Ok(())
    })
    .await
}
