//! Closes idle sessions as timed out, if their line says so: those of the web chat, and of desks that report openings.

use super::close::{ClosedAll, close_in};
use super::close_batch::{Close, Closed};
use super::close_known::close_of;
use crate::engine::Engine;
use lastword_base::names::{LineId, Place, SessionKey, Source};
use lastword_base::time::MINUTE;
use lastword_contract::Address;
use lastword_domain::session::{ClosedBy, SessionStatus};
use lastword_store::session::conversation::{self, Known};
use lastword_store::session::{self, Session};
use lastword_store::{Millis, StoreError, Tx, document_or_said, transaction};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Closes sessions that have been idle for as long as their line says, at most `limit` of each line. Returns their number.
#[lastword_base::boxed]
pub async fn close_idle(engine: &Engine, now: Millis, limit: i64) -> Result<usize, StoreError> {
    let mut count = 0;
    for line in engine.lines.all(&engine.db).await?.into_values() {
        let Some(minutes) = line.settings.idle_minutes else { continue };
        let since = now - Millis::from(minutes) * MINUTE;
        let closed =
            transaction!(engine.db, [engine, line], async |tx| { close_line(tx, &engine, &line.id, since, now, limit).await }).await?;
        count += closed.tell(engine).iter().filter(|closed| matches!(closed, Closed::Kept { .. } | Closed::AskedBefore { .. })).count();
    }
    Ok(count)
}

async fn close_line(tx: &mut Tx, engine: &Engine, line: &LineId, since: Millis, now: Millis, limit: i64) -> Result<ClosedAll, StoreError> {
    // A desk that is read only when something changes closes idle chats by itself.
    let deaf: Vec<Source> =
        engine.desks.iter().filter(|(_, at_desk)| at_desk.desk.abilities().reads).map(|(name, _)| name.clone().into()).collect();
    let keys = session::silent(tx, line, since, &deaf.iter().collect::<Vec<_>>(), limit).await?;
    let keys: Vec<&SessionKey> = keys.iter().collect();
    // Locked from here on, and checked again.
    let mut sessions: Vec<Session> = if keys.is_empty() { Vec::new() } else { session::load(tx, &keys).await?.into_values().collect() };
    sessions.retain(|session| session.status == SessionStatus::Open && session.line_id == *line && session.active_at <= since);
    sessions.sort_by(|one, next| (&one.source, &one.id).cmp(&(&next.source, &next.id)));
    let known = conversations(tx, engine, &sessions).await?;
    let (mut talking, mut closes): (Vec<Session>, Vec<Close>) = Default::default();
    for session in sessions {
        // Messages of clients are reported by channels, without touching the session.
        let wrote_at = place(engine, &session).and_then(|place| known.get(&place)).and_then(|known| known.last_client_message_at);
        match wrote_at.filter(|at| *at > since) {
            Some(at) => talking.push(Session { active_at: at, revision: session.revision + 1, ..session }),
            None => closes.push(close_of(&session, "idle", ClosedBy::Timeout, None, now)),
        }
    }
    session::save(tx, &talking).await?;
    if closes.is_empty() {
        return Ok(ClosedAll::default());
    }
    close_in(tx, engine, Arc::new(closes), now).await
}

/// Place of a session, as its conversation is stored.
fn place(engine: &Engine, session: &Session) -> Option<Place> {
    let address: Address = document_or_said("session", "address", session.id.as_str(), session.address.as_deref()?)?;
    Some(engine.channels.place(session.connection.as_ref()?, &address.chat))
}

async fn conversations(tx: &mut Tx, engine: &Engine, sessions: &[Session]) -> Result<HashMap<Place, Known>, StoreError> {
    let places: BTreeSet<Place> = sessions.iter().filter_map(|session| place(engine, session)).collect();
    let places: Vec<Place> = places.into_iter().collect();
    if places.is_empty() { Ok(HashMap::new()) } else { conversation::load(tx, &places).await }
}
