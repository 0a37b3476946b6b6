//! Reconciliation: asks a desk for events that were lost, because its requests did not arrive or we were down. One node asks at a
//! time. The progress is stored, so that an outage of any length is covered.

use super::events::{DeskEventResult, Directly, hear};
use crate::engine::Engine;
use crate::engine::desks::AtDesk;
use crate::engine::in_time::in_time;
use crate::engine::stop::Stop;
use crate::records::refused_call::{Unusable, keep_unusable};
use lastword_base::names::{ConnectionId, SessionId, Source};
use lastword_contract::{DeskEvent, SendError, Verdict};
use lastword_store::connection::{self, ConnectionState};
use lastword_store::question::lost_note;
use lastword_store::records::installation;
use lastword_store::{Millis, StoreError, document_or_said, session, transaction};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Overlap with the previous look: clocks differ, and desks store events late.
const OVERLAP: Millis = 10 * 60_000;
/// Maximum duration of one look.
const LOOK_WITHIN: Duration = Duration::from_secs(60);
/// Maximum number of looks per turn: after an outage there is much to find, and others wait.
const LOOKS_MAX: usize = 20;

/// Number of open chats per request.
const OPEN_PAGE: i64 = 50;

/// Progress of a desk's reconciliation, and the time of the next turn. Stored as the connection's cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Turn {
    until: Millis,
    next: Millis,
    /// The last open chat asked about, if there are more than fit in one turn.
    #[serde(default, skip_serializing_if = "SessionId::is_empty")]
    open_after: SessionId,
}

/// Result of a turn.
#[derive(Debug)]
pub enum Reconciled {
    /// It is not due yet, or another node does it.
    NotNow,
    /// The desk was asked.
    Done {
        /// Number of events found, known or not.
        found: usize,
    },
    /// The desk did not respond correctly.
    Failed(SendError),
}

/// Asks the desk of `connection` for lost events, if it is due.
///
/// # Errors
/// A database error; the next turn begins where this one did.
#[lastword_base::boxed]
pub async fn reconcile(engine: &Engine, connection: &ConnectionId, now: Millis) -> Result<Reconciled, StoreError> {
    let Some(at_desk) = engine.desks.get(connection) else { return Ok(Reconciled::NotNow) };
    let every = at_desk.routing.reconcile_every;
    let can = at_desk.desk.abilities();
    if every == 0 || !(can.reconciles || can.follows) || installation::quarantine(&engine.db).await?.is_some() {
        return Ok(Reconciled::NotNow);
    }
    let Some(state) = connection::all(&engine.db).await?.into_iter().find(|state| state.name == *connection) else {
        return Ok(Reconciled::NotNow);
    };
    let Some(mut turn) = begin(engine, &state, every, now).await? else { return Ok(Reconciled::NotNow) };
    if can.writes_back_once {
        write_again(engine, connection, now).await?;
    }
    let (mut found, mut from) = (0, turn.until - OVERLAP);
    for _ in 0..if can.reconciles { LOOKS_MAX } else { 0 } {
        let looked = match in_time(LOOK_WITHIN, Verdict::RetryBackoff, at_desk.desk.reconcile(from, now)).await {
            Ok(looked) => looked,
            Err(error) => return Ok(Reconciled::Failed(error)),
        };
        found += looked.events.len();
        take(engine, connection, looked.events, now).await?;
        let reached = looked.until >= now;
        let after = Turn { until: if reached { now } else { looked.until.max(turn.until) }, ..turn.clone() };
        if !keep(engine, connection, &turn, &after).await? {
            return Ok(Reconciled::Done { found });
        }
        let ends = reached || looked.until <= from;
        (turn, from) = (after, looked.until);
        if ends {
            break;
        }
    }
    if !can.follows {
        return Ok(Reconciled::Done { found });
    }
    match Stop::split(follow(engine, connection, &at_desk, &turn, now).await)? {
        Ok(followed) => Ok(Reconciled::Done { found: found + followed }),
        Err(error) => Ok(Reconciled::Failed(error)),
    }
}

/// Asks about chats that were open when they were last reported, starting where the last turn ended, and from the beginning after
/// the last one.
async fn follow(engine: &Engine, connection: &ConnectionId, at_desk: &AtDesk, turn: &Turn, now: Millis) -> Result<usize, Stop<SendError>> {
    let (mut turn, mut found) = (turn.clone(), 0);
    for _ in 0..LOOKS_MAX {
        let open = session::open_of(&engine.db, &Source::from(connection), &turn.open_after, OPEN_PAGE).await?;
        let is_last = i64::try_from(open.len()).unwrap_or(i64::MAX) < OPEN_PAGE;
        if !open.is_empty() {
            let asked = in_time(
                LOOK_WITHIN,
                Verdict::RetryBackoff,
                at_desk.desk.follow(&open.iter().map(SessionId::to_string).collect::<Vec<_>>(), now),
            )
            .await;
            let events = asked.map_err(Stop::Refused)?;
            found += events.len();
            take(engine, connection, events, now).await?;
        }
        let open_after = open.into_iter().next_back().filter(|_| !is_last).unwrap_or_default();
        let after = Turn { open_after, ..turn.clone() };
        if !keep(engine, connection, &turn, &after).await? || is_last {
            break;
        }
        turn = after;
    }
    Ok(found)
}

/// Processes what was found. Events that cannot be used are stored for people.
async fn take(engine: &Engine, connection: &ConnectionId, events: Vec<DeskEvent>, now: Millis) -> Result<(), StoreError> {
    let sessions: Vec<(String, String)> = events.iter().map(|event| (event.session.clone(), event.key.clone())).collect();
    let became = hear(engine, connection, events, &Directly(engine, now), now).await?;
    let unusable = became.into_iter().zip(sessions).filter_map(|(became, (session, key))| match became {
        DeskEventResult::Refused(field, detail) => {
            let words = format!("found at the desk: chat {session}");
            Some(Unusable { code: "not_usable", field: Some(field), detail, words, hash: key })
        }
        DeskEventResult::Kept(_) | DeskEventResult::Nothing => None,
    });
    keep_unusable(engine, connection, unusable.collect(), now).await
}

/// Starts this turn, unless it is not due or another node does it. A new desk is asked from now on, because old chats are not to be
/// rated.
async fn begin(engine: &Engine, state: &ConnectionState, every: Millis, now: Millis) -> Result<Option<Turn>, StoreError> {
    let before: Option<Turn> =
        state.cursor.as_deref().and_then(|cursor| document_or_said("connection", "cursor", state.name.as_str(), cursor));
    if state.stopped_at.is_some() || before.as_ref().is_some_and(|turn| turn.next > now && turn.next <= now + every) {
        return Ok(None);
    }
    let open_after = before.as_ref().map(|turn| turn.open_after.clone()).unwrap_or_default();
    let turn = Turn { until: before.as_ref().map_or(now, |turn| turn.until.min(now)), next: now + every, open_after };
    let taken = swap(engine, &state.name, state.cursor.clone(), &turn).await?;
    Ok(taken.then_some(turn).filter(|_| before.is_some()))
}

/// Writes notes that were given up before their time.
async fn write_again(engine: &Engine, name: &ConnectionId, now: Millis) -> Result<(), StoreError> {
    let count = transaction!(engine.db, [name], async |tx| { lost_note::write_again(tx, &name, now).await }).await?;
    if count > 0 {
        tracing::info!(connection = name.as_str(), count, "retrying ratings that could not be shown at the desk");
        engine.wake.ring();
    }
    Ok(())
}

async fn keep(engine: &Engine, name: &ConnectionId, before: &Turn, after: &Turn) -> Result<bool, StoreError> {
    swap(engine, name, serde_json::to_string(before).ok(), after).await
}

async fn swap(engine: &Engine, name: &ConnectionId, before: Option<String>, after: &Turn) -> Result<bool, StoreError> {
    let after = serde_json::to_string(after).unwrap_or_default();
    transaction!(engine.db, [name, before, after], async |tx| { connection::swap_cursor(tx, &name, before.as_deref(), &after).await }).await
}
