//! Reopens a closed session: its open question is withdrawn. If it was not sent, it is not asked, and the client may be asked again
//! at the next close. If it was sent, its buttons are removed, and what the client types goes to the desk: it may answer what an
//! operator asks now. An existing rating stays.

use super::event::{EventEnvelope, EventResult, keep, session_of, told_before};
use crate::engine::Engine;
use crate::question::withdraw::withdraw;
use lastword_domain::outcome::Withdrawn;
use lastword_domain::session::{SessionEventKind, SessionStatus, is_stale};
use lastword_store::question::rating_request;
use lastword_store::session::Session;
use lastword_store::{Millis, StoreError, Tx, transaction};

/// Reopens a session.
pub async fn reopen_session(engine: &Engine, told: EventEnvelope, now: Millis) -> Result<EventResult, StoreError> {
    let (taken, news) = transaction!(engine.db, [engine, told], async |tx| {
        if let Some(taken) = told_before(tx, &engine, &told).await? {
            return Ok((taken, Vec::new()));
        }
        let Some(session) = session_of(tx, &told).await? else { return Ok((EventResult::UnknownSession, Vec::new())) };
        let mut news = Vec::new();
        if !is_stale(told.occurred_at, session.last_event_at) {
            news = take_back(tx, &engine, &session, Withdrawn::Reopened, now).await?;
        }
        let session = Session { status: SessionStatus::Open, active_at: session.active_at.max(told.occurred_at), ..session };
        Ok((keep(tx, &told, SessionEventKind::Reopened, String::new(), Some(session), now).await?, news))
    })
    .await?;
    if taken == EventResult::Applied {
        engine.wake.ring();
    }
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(taken)
}

/// Withdraws the open questions of a session, including those that were sent.
pub(crate) async fn take_back(
    tx: &mut Tx,
    engine: &Engine,
    session: &Session,
    why: Withdrawn,
    now: Millis,
) -> Result<Vec<crate::Notification>, StoreError> {
    let open = rating_request::open_of(tx, &session.source, &session.id).await?;
    let open = rating_request::hold(tx, &open).await?;
    withdraw(tx, engine, &open.iter().collect::<Vec<_>>(), why, now).await
}
