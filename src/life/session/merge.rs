//! Two sessions turn out to be one: the client is asked about the remaining one. Keys and frozen facts of the other are never
//! rewritten; its history records the merge.

use super::event::{EventEnvelope, EventResult, keep, session_of, told_before};
use super::reopen::take_back;
use crate::engine::Engine;
use lastword_base::names::SessionId;
use lastword_domain::outcome::Withdrawn;
use lastword_domain::session::{SessionEventKind, SessionStatus, is_stale};
use lastword_store::session::Session;
use lastword_store::{Millis, StoreError, transaction};

/// Merges a session into the session `into` of the same source.
pub async fn merge_session(engine: &Engine, told: EventEnvelope, into: SessionId, now: Millis) -> Result<EventResult, StoreError> {
    let (taken, news) = transaction!(engine.db, [engine, told, into], async |tx| {
        if let Some(taken) = told_before(tx, &engine, &told).await? {
            return Ok((taken, Vec::new()));
        }
        let Some(session) = session_of(tx, &told).await? else { return Ok((EventResult::UnknownSession, Vec::new())) };
        let mut news = Vec::new();
        if !is_stale(told.occurred_at, session.last_event_at) {
            news = take_back(tx, &engine, &session, Withdrawn::Merged, now).await?;
        }
        let session = Session { status: SessionStatus::Merged, merged_into: Some(into.clone()), ..session };
        Ok((keep(tx, &told, SessionEventKind::Merged, format!("into {into}"), Some(session), now).await?, news))
    })
    .await?;
    if taken == EventResult::Applied {
        engine.wake.ring();
    }
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(taken)
}
