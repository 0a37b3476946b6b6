//! A node starts, or takes up a connection: the database learns which connections there are, and of which kinds.

use crate::engine::Engine;
use lastword_store::{StoreError, connection};

/// Notes the connections of this node.
///
/// # Errors
/// The database's error.
pub async fn register(engine: &Engine) -> Result<(), StoreError> {
    note(engine, engine.channels.iter().map(|(name, connection)| (name, connection.channel.kind())).collect()).await
}

/// Notes one connection of this node.
///
/// # Errors
/// The database's error.
pub async fn one(engine: &Engine, name: &str) -> Result<(), StoreError> {
    note(engine, engine.channels.get(name).map(|channel| (name.to_owned(), channel.kind())).into_iter().collect()).await
}

async fn note(engine: &Engine, kinds: Vec<(String, &'static str)>) -> Result<(), StoreError> {
    let now = engine.now();
    let step = engine.db.write(move |tx| {
        let kinds = kinds.clone();
        Box::pin(async move {
            for (name, kind) in &kinds {
                connection::started(tx, name, kind, now).await?;
            }
            Ok(())
        })
    });
    step.await
}
