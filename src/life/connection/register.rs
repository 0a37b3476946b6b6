//! A node starts: the database learns which connections there are, and of which kinds.

use crate::engine::Engine;
use lastword_store::{StoreError, connection};

/// Notes the connections of this node.
///
/// # Errors
/// The database's error.
pub async fn register(engine: &Engine) -> Result<(), StoreError> {
    let kinds: Vec<(String, &'static str)> =
        engine.channels.iter().map(|(name, connection)| (name.to_owned(), connection.channel.kind())).collect();
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
