//! A desk is asked what was lost: its requests may not have arrived, ours may have been down. One node asks at a time; how far
//! it got is kept, so that an outage of any length is made good.

use super::events::{Became, Directly, hear};
use super::refused::{Unusable, keep_unusable};
use crate::life::engine::Engine;
use crate::store::connection::{self, ConnectionState};
use crate::store::records::installation;
use crate::store::{Millis, StoreError};
use lastword_contract::{SendError, Verdict};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A look begins this long before the end of the one before: clocks differ, and desks write down late.
const OVERLAP: Millis = 10 * 60_000;
/// How long one look may take.
const LOOK_WITHIN: Duration = Duration::from_secs(60);
/// How many looks one turn takes at most: after an outage there is much to find, and others wait.
const LOOKS_MAX: usize = 20;

/// How far a desk was asked, and when it is asked again. Kept as the connection's cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Turn {
    until: Millis,
    next: Millis,
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
    if every == 0 || !at_desk.desk.abilities().reconciles || installation::quarantine(&engine.db).await?.is_some() {
        return Ok(Reconciled::NotNow);
    }
    let Some(state) = connection::all(&engine.db).await?.into_iter().find(|state| state.name == connection) else {
        return Ok(Reconciled::NotNow);
    };
    let Some(mut turn) = begin(engine, &state, every, now).await? else { return Ok(Reconciled::NotNow) };
    let (mut found, mut from) = (0, turn.until - OVERLAP);
    for _ in 0..LOOKS_MAX {
        let looked = match tokio::time::timeout(LOOK_WITHIN, at_desk.desk.reconcile(from, now)).await {
            Ok(Ok(looked)) => looked,
            Ok(Err(error)) => return Ok(Reconciled::Failed(error)),
            Err(_) => return Ok(Reconciled::Failed(SendError::new(Verdict::RetryBackoff, "timeout", "no answer in time"))),
        };
        found += looked.events.len();
        let sessions: Vec<(String, String)> = looked.events.iter().map(|event| (event.session.clone(), event.key.clone())).collect();
        let became = hear(engine, connection, looked.events, &Directly(engine, now), now).await?;
        let unusable = became.into_iter().zip(sessions).filter_map(|(became, (session, key))| match became {
            Became::Refused(field, detail) => {
                let words = format!("found at the desk: chat {session}");
                Some(Unusable { code: "not_usable", field: Some(field), detail, words, hash: key })
            }
            Became::Kept(_) | Became::Nothing => None,
        });
        keep_unusable(engine, connection, unusable.collect(), now).await?;
        let reached = looked.until >= now;
        let after = Turn { until: if reached { now } else { looked.until.max(turn.until) }, ..turn };
        if !keep(engine, connection, turn, after).await? || reached || looked.until <= from {
            break;
        }
        (turn, from) = (after, looked.until);
    }
    Ok(Reconciled::Done { found })
}

/// Takes this turn, unless it is not time or another node takes it. A desk that is new is asked from now on: nobody wants to
/// rate the chats of last year.
async fn begin(engine: &Engine, state: &ConnectionState, every: Millis, now: Millis) -> Result<Option<Turn>, StoreError> {
    let before: Option<Turn> = state.cursor.as_deref().and_then(|cursor| serde_json::from_str(cursor).ok());
    if state.stopped_at.is_some() || before.is_some_and(|turn| turn.next > now && turn.next <= now + every) {
        return Ok(None);
    }
    let turn = Turn { until: before.map_or(now, |turn| turn.until.min(now)), next: now + every };
    let taken = swap(engine, &state.name, state.cursor.clone(), turn).await?;
    Ok(taken.then_some(turn).filter(|_| before.is_some()))
}

async fn keep(engine: &Engine, name: &str, before: Turn, after: Turn) -> Result<bool, StoreError> {
    swap(engine, name, serde_json::to_string(&before).ok(), after).await
}

async fn swap(engine: &Engine, name: &str, before: Option<String>, after: Turn) -> Result<bool, StoreError> {
    let (name, after) = (name.to_owned(), serde_json::to_string(&after).unwrap_or_default());
    engine
        .db
        .write(move |tx| {
            let (name, before, after) = (name.clone(), before.clone(), after.clone());
            Box::pin(async move { connection::swap_cursor(tx, &name, before.as_deref(), &after).await })
        })
        .await
}
