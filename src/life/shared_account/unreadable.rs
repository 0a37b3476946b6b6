//! Stores signed platform requests that cannot be parsed, so that a person or a later release can read them.

use super::forward_outbox::keep_whole;
use crate::engine::Engine;
use lastword_base::names::ConnectionId;
use lastword_contract::RawRequest;
use lastword_store::inbox::{self, Event};
use lastword_store::{StoreError, transaction};

/// Stores `request` once, however often it is repeated. A desk behind the connection gets each one: it may be able to read it.
///
/// # Errors
/// A database error; then the platform has to send it again.
#[lastword_base::boxed]
pub async fn keep_unreadable(engine: &Engine, connection: &ConnectionId, body_hash: &str, request: RawRequest) -> Result<(), StoreError> {
    let event = Event {
        source: connection.into(),
        event_key: format!("unreadable:{body_hash}"),
        kind: "unreadable",
        body_hash: body_hash.to_owned(),
        received_at: request.received_at,
        subject: None,
        disposition: Some("unreadable".to_owned()),
        // PostgreSQL's text type cannot store this character.
        body: Some(String::from_utf8_lossy(&request.body).replace('\0', "\u{fffd}")),
    };
    let kept = transaction!(engine.db, [engine, event, request], async |tx| {
        let connection = event.source.as_connection();
        if inbox::seen(tx, &[&event.key()]).await?.is_empty() {
            inbox::keep(tx, &[event]).await?;
        }
        keep_whole(tx, &engine, &connection, &request).await
    })
    .await;
    engine.pass_on.notify_waiters();
    kept
}
