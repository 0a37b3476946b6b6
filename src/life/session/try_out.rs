//! An admin tries the whole way out: somebody who just wrote, best the admin themselves, is asked as a client would be. It is a close like
//! any other, of a session whose operator is the admin; its rating counts until an admin takes it out.

use super::close::close_sessions;
use super::close_batch::{Close, Closed};
use crate::engine::Engine;
use lastword_base::names::{ConnectionId, LineId};
use lastword_contract::Address;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::session::Operator;
use lastword_store::access::audit;
use lastword_store::{Millis, StoreError, transaction};

/// The source of such sessions.
pub const SOURCE: &str = "try-out";

/// Has the person at `to` on `connection` asked as a client of `line` would be.
///
/// # Errors
/// A database error; then nothing was kept.
#[lastword_base::boxed]
pub async fn try_out(
    engine: &Engine,
    by: &By,
    connection: &ConnectionId,
    to: Address,
    line: &LineId,
    now: Millis,
) -> Result<Closed, StoreError> {
    let id = engine.ids.text(now);
    let close = Close {
        source: SOURCE.into(),
        event_key: id.clone(),
        body_hash: id.clone(),
        session_id: id.into(),
        line_id: line.to_owned(),
        closed_at: now,
        connection: Some(connection.to_owned()),
        address: Some(to),
        operator: Some(Operator { id: by.id.as_str().into(), name: Some(by.name.clone()), kind: None }),
        operator_messages: Some(1),
        client_messages: Some(1),
        ..Close::default()
    };
    let closed = close_sessions(engine, vec![close], now).await?.pop().unwrap_or(Closed::UnknownLine);
    if let Closed::Kept { rating_request, .. } = &closed {
        let entry = Entry::new(Act::RatingAskedByHand, rating_request).on_line(line);
        let noted =
            transaction!(engine.db, [engine, by, entry], async |tx| { audit::write(tx, engine.ids.next(now), now, &by, &entry).await })
                .await;
        noted?;
    }
    Ok(closed)
}
