//! A desk is asked what was lost: its requests may not have arrived, ours may have been down. One node asks at a time; how far
//! it got is kept, so that an outage of any length is made good.

use super::desks::AtDesk;
use super::events::{DeskEventResult, Directly, hear};
use super::refused::{Unusable, keep_unusable};
use crate::connection::in_time::in_time;
use crate::engine::Engine;
use crate::stop::Stop;
use lastword_contract::{DeskEvent, SendError, Verdict};
use lastword_store::connection::{self, ConnectionState};
use lastword_store::question::lost_note;
use lastword_store::records::installation;
use lastword_store::{Millis, StoreError, document_or_said, session};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A look begins this long before the end of the one before: clocks differ, and desks write down late.
const OVERLAP: Millis = 10 * 60_000;
/// How long one look may take.
const LOOK_WITHIN: Duration = Duration::from_secs(60);
/// How many looks one turn takes at most: after an outage there is much to find, and others wait.
const LOOKS_MAX: usize = 20;

/// About how many open chats a desk is asked at once.
const OPEN_PAGE: i64 = 50;

/// How far a desk was asked, and when it is asked again. Kept as the connection's cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Turn {
    until: Millis,
    next: Millis,
    /// The last open chat that it was asked about, where there are more than one turn takes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    open_after: String,
}

/// How a turn ended.
#[derive(Debug)]
pub enum Reconciled {
    /// It is not time yet, or another node does it.
    NotNow,
    /// It was asked.
    Done {
        /// What was found, whether it was known or not.
        found: usize,
    },
    /// It did not answer as it should.
    Failed(SendError),
}

/// Asks the desk of `connection` what was lost, if it is time.
///
/// # Errors
/// The database's error; the next turn begins where this one did.
pub async fn reconcile(engine: &Engine, connection: &str, now: Millis) -> Result<Reconciled, StoreError> {
    let Some(at_desk) = engine.desks.get(connection) else { return Ok(Reconciled::NotNow) };
    let every = at_desk.routing.reconcile_every;
    let can = at_desk.desk.abilities();
    if every == 0 || !(can.reconciles || can.follows) || installation::quarantine(&engine.db).await?.is_some() {
        return Ok(Reconciled::NotNow);
    }
    let Some(state) = connection::all(&engine.db).await?.into_iter().find(|state| state.name == connection) else {
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
    match Stop::split(follow(engine, connection, at_desk, &turn, now).await)? {
        Ok(followed) => Ok(Reconciled::Done { found: found + followed }),
        Err(error) => Ok(Reconciled::Failed(error)),
    }
}

/// Asks about chats that were open when they were last heard of, where the last turn ended, and begins anew after the last one.
async fn follow(engine: &Engine, connection: &str, at_desk: &AtDesk, turn: &Turn, now: Millis) -> Result<usize, Stop<SendError>> {
    let (mut turn, mut found) = (turn.clone(), 0);
    for _ in 0..LOOKS_MAX {
        let open = session::open_of(&engine.db, connection, &turn.open_after, OPEN_PAGE).await?;
        let is_last = i64::try_from(open.len()).unwrap_or(i64::MAX) < OPEN_PAGE;
        if !open.is_empty() {
            let asked = in_time(LOOK_WITHIN, Verdict::RetryBackoff, at_desk.desk.follow(&open, now)).await;
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

/// Hears what was found. What cannot be used is kept for people.
async fn take(engine: &Engine, connection: &str, events: Vec<DeskEvent>, now: Millis) -> Result<(), StoreError> {
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

/// Takes this turn, unless it is not time or another node takes it. A desk that is new is asked from now on: nobody wants to
/// rate the chats of last year.
async fn begin(engine: &Engine, state: &ConnectionState, every: Millis, now: Millis) -> Result<Option<Turn>, StoreError> {
    let before: Option<Turn> = state.cursor.as_deref().and_then(|cursor| document_or_said("connection", "cursor", &state.name, cursor));
    if state.stopped_at.is_some() || before.as_ref().is_some_and(|turn| turn.next > now && turn.next <= now + every) {
        return Ok(None);
    }
    let open_after = before.as_ref().map(|turn| turn.open_after.clone()).unwrap_or_default();
    let turn = Turn { until: before.as_ref().map_or(now, |turn| turn.until.min(now)), next: now + every, open_after };
    let taken = swap(engine, &state.name, state.cursor.clone(), &turn).await?;
    Ok(taken.then_some(turn).filter(|_| before.is_some()))
}

/// Notes that were given up before their time are written after all.
async fn write_again(engine: &Engine, name: &str, now: Millis) -> Result<(), StoreError> {
    let owned = name.to_owned();
    let step = engine.db.write(move |tx| {
        let name = owned.clone();
        Box::pin(async move { lost_note::write_again(tx, &name, now).await })
    });
    let count: u64 = step.await?;
    if count > 0 {
        tracing::info!(connection = name, count, "ratings whose notes were given up are shown at the desk after all");
        engine.wake.ring();
    }
    Ok(())
}

async fn keep(engine: &Engine, name: &str, before: &Turn, after: &Turn) -> Result<bool, StoreError> {
    swap(engine, name, serde_json::to_string(before).ok(), after).await
}

async fn swap(engine: &Engine, name: &str, before: Option<String>, after: &Turn) -> Result<bool, StoreError> {
    let (name, after) = (name.to_owned(), serde_json::to_string(after).unwrap_or_default());
    engine
        .db
        .write(move |tx| {
            let (name, before, after) = (name.clone(), before.clone(), after.clone());
            Box::pin(async move { connection::swap_cursor(tx, &name, before.as_deref(), &after).await })
        })
        .await
}
