//! A platform told us something, signed, that we cannot read: it is kept whole, so that a person or a later release can.

use super::engine::Engine;
use crate::store::inbox::{self, Event};
use crate::store::{Millis, StoreError};

/// Keeps `body`, once, however often it is told.
///
/// # Errors
/// The database's error; then the platform has to tell it again.
pub async fn keep_unreadable(engine: &Engine, connection: &str, body_hash: &str, body: &str, now: Millis) -> Result<(), StoreError> {
    let event = Event {
        source: connection.to_owned(),
        event_key: format!("unreadable:{body_hash}"),
        kind: "unreadable",
        body_hash: body_hash.to_owned(),
        received_at: now,
        subject: None,
        disposition: Some("unreadable".to_owned()),
        // A text of PostgreSQL cannot hold this character.
        body: Some(body.replace('\0', "\u{fffd}")),
    };
    engine
        .db
        .write(move |tx| {
            let event = event.clone();
            Box::pin(async move {
                if inbox::seen(tx, &[(&event.source, &event.event_key)]).await?.is_empty() {
                    inbox::keep(tx, &[event]).await?;
                }
                Ok::<_, StoreError>(())
            })
        })
        .await
}
