//! A person says that a stopped connection works again: its deliveries leave at once.

use super::engine::Engine;
use crate::store::{StoreError, connection};

/// Lets a connection run again. Gives whether there is one of this name.
///
/// # Errors
/// The database's error.
pub async fn resume(engine: &Engine, name: &str) -> Result<bool, StoreError> {
    let name = name.to_owned();
    let step = engine.db.write(move |tx| {
        let name = name.clone();
        Box::pin(async move { connection::resume(tx, &name).await })
    });
    let resumed: bool = step.await?;
    engine.wake.notify_one();
    Ok(resumed)
}
