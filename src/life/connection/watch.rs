//! Notifies people about connections that stopped, fell silent or have to wait for long, through another connection than
//! the broken one.

use super::admins::admins;
use crate::connection::room_gone;
use crate::engine::Engine;
use crate::events;
use crate::recipient::room::plain_message;
use chrono_tz::Tz;
use lastword_base::names::ConnectionId;
use lastword_domain::connection::hearing::{Reception, silence};
use lastword_domain::connection::pause::{TOLD_FROM, clock};
use lastword_domain::connection::trouble::{Trouble, words};
use lastword_store::alert::recipient::{self, Recipient};
use lastword_store::connection::{self, ConnectionState, Noted};
use lastword_store::question::delivery::{self, NewDelivery};
use lastword_store::records::installation;
use lastword_store::{Millis, StoreError, line, transaction};
use serde_json::json;
use std::sync::Arc;

/// Shorter periods of deafness are not reported: another program is being restarted, or the network was interrupted.
const DEAF_GRACE: Millis = 60_000;
/// A resumed connection that is not stopped again within this time works: its waiting messages have been sent by then.
const RESUMED_GRACE: Millis = 2 * 60_000;

/// A report about one connection.
#[derive(Clone, Debug)]
struct Word {
    connection: ConnectionId,
    trouble: Trouble,
    reason: String,
    since: Millis,
    /// End of a pause, if it is one.
    until: Millis,
}

/// Writes immediately that `connection` received something: `doctor` compares it with the refused calls.
///
/// # Errors
/// A database error; the next [`watch`] writes the same.
#[lastword_base::boxed]
pub async fn write_heard(engine: &Engine, connection: &ConnectionId, now: Millis) -> Result<(), StoreError> {
    let note = Noted { name: connection.clone(), heard_at: Some(now), ..Noted::default() };
    let note = Arc::new([note]);
    transaction!(engine.db, [note], async |tx| { connection::note(tx, &*note).await }).await
}

/// Writes the recorded activity, finds connections that are deaf, and notifies admins once about those in trouble. Returns
/// the number of messages scheduled.
///
/// # Errors
/// A database error; the activity of this round is lost, and the next round records it again.
#[lastword_base::boxed]
pub async fn watch(engine: &Engine, now: Millis) -> Result<usize, StoreError> {
    let mut notes = engine.hearing.take();
    let states = connection::all(&engine.db).await?;
    let silent: Vec<Noted> = states.iter().filter_map(|state| fallen_silent(engine, state, &notes, now)).collect();
    notes.extend(silent);
    if !notes.is_empty() {
        let notes = Arc::new(notes);
        let written = transaction!(engine.db, [notes], async |tx| { connection::note(tx, &notes).await }).await;
        written?;
    }
    if installation::quarantine(&engine.db).await?.is_some() {
        // Nothing is sent now: it is reported after the release.
        return Ok(0);
    }
    let states = connection::all(&engine.db).await?;
    let zone = engine.options.time_zone;
    let to_tell = states.iter().flat_map(|state| [word(state, now), pause(state, now, zone)]);
    let to_tell: Vec<Word> = to_tell.flatten().collect();
    let mut told = 0;
    if !to_tell.is_empty() {
        let (recipients, lines) = (recipient::all(&engine.db).await?, line::all(&engine.db).await?);
        for word in to_tell {
            let admins = admins(engine, &word.connection, &states, (&recipients, &lines), now);
            told += tell(engine, word, admins, now).await?;
        }
        engine.wake.ring();
    }
    told += room_gone::tell(engine, &states, now).await?;
    Ok(told)
}

/// A record that nothing arrives through this connection although something should have.
fn fallen_silent(engine: &Engine, state: &ConnectionState, notes: &[Noted], now: Millis) -> Option<Noted> {
    let channel = engine.channels.get(&state.name).filter(|_| state.deaf_at.is_none() && state.stopped_at.is_none())?;
    if notes.iter().any(|noted| noted.name == state.name && (noted.heard_at.is_some() || noted.deaf.is_some())) {
        return None;
    }
    let can = channel.capabilities();
    let reception = Reception {
        fetches: channel.listens(),
        reports: can.proof_of_delivery,
        // Within our own window, the platform needs no template, and nothing blocks answers.
        answers: can.free_text && !can.asks_at_close,
        heard_at: state.heard_at.unwrap_or(state.seen_at).max(state.seen_at),
        unheard: state.unheard,
        unheard_since: state.unheard_since,
    };
    let failing = engine.hearing.failing(&state.name).filter(|failing| state.heard_at.is_none_or(|heard_at| heard_at < failing.since));
    let silent = silence(&reception, now, engine.options.deaf_after);
    let why = match (silent, failing) {
        (Some(silent), Some(failing)) => format!("{silent}; the last error: {}", failing.cause),
        (Some(silent), None) => silent,
        (None, failing) => failing?.lasting()?,
    };
    Some(Noted { name: state.name.clone(), deaf: Some(why), deaf_at: Some(now), ..Noted::default() })
}

/// The report about a connection that is due and was not sent yet.
fn word(state: &ConnectionState, now: Millis) -> Option<Word> {
    let word = |trouble, reason: &Option<String>, since| Word {
        connection: state.name.clone(),
        trouble,
        reason: reason.clone().unwrap_or_default(),
        since,
        until: 0,
    };
    match (state.stopped_at, state.deaf_at, state.notified_at) {
        (Some(since), _, None) => Some(word(Trouble::Stopped, &state.stopped_reason, since)),
        (None, Some(since), None) if now - since >= DEAF_GRACE => Some(word(Trouble::Deaf, &state.deaf_reason, since)),
        (None, None, Some(since)) if state.stopped_reason.is_some() => {
            (now - since >= RESUMED_GRACE).then(|| word(Trouble::RunsAgain, &None, since))
        }
        (None, None, Some(since)) => Some(word(Trouble::HearsAgain, &None, since)),
        _ => None,
    }
}

/// A long pause requested by the platform that was not reported yet.
fn pause(state: &ConnectionState, now: Millis, zone: Tz) -> Option<Word> {
    let until = state.waits_until(now).filter(|until| until - state.blocked_at >= TOLD_FROM)?;
    let fresh = state.stopped_at.is_none() && state.pause_told_until <= until - TOLD_FROM;
    fresh.then(|| Word {
        connection: state.name.clone(),
        trouble: Trouble::Waits,
        reason: clock(until, now, zone),
        since: state.blocked_at,
        until,
    })
}

/// Schedules the messages, unless another node already has.
async fn tell(engine: &Engine, word: Word, admins: Vec<Recipient>, now: Millis) -> Result<usize, StoreError> {
    let events = events::connection(engine, word.trouble, &word.connection, &word.reason, word.since, now);
    if admins.is_empty() && events.is_empty() && !word.trouble.is_over() {
        // Repeated in the log while it lasts, but not in every round: no other way is left.
        if (now - word.since) % 3_600_000 < 2 * DEAF_GRACE {
            let (connection, reason) = (word.connection, word.reason);
            tracing::error!(
                connection = connection.as_str(),
                reason,
                "a connection is in trouble, and no other connection reaches a recipient of alerts"
            );
        }
        return Ok(0);
    }
    let told = admins.iter().map(|person| message(engine, &word, person, now));
    let messages: Arc<Vec<NewDelivery>> = Arc::new(told.chain(events).collect());
    let count = messages.len();
    let ours = transaction!(engine.db, [word, messages], async |tx| {
        let ours = match word.trouble {
            Trouble::Stopped | Trouble::Deaf => connection::trouble_told(tx, &word.connection, now).await?,
            Trouble::HearsAgain | Trouble::RunsAgain => connection::trouble_over(tx, &word.connection).await?,
            Trouble::Waits => connection::pause_told(tx, &word.connection, word.until, TOLD_FROM).await?,
            // Reported when the room itself is handled.
            Trouble::RoomGone => false,
        };
        if ours {
            delivery::schedule(tx, &messages).await?;
        }
        Ok(ours)
    })
    .await;
    Ok(if ours? { count } else { 0 })
}

fn message(engine: &Engine, word: &Word, person: &Recipient, now: Millis) -> NewDelivery {
    let language = person.language.as_deref().unwrap_or(&engine.options.language);
    let mut text = words(language, word.trouble, word.connection.as_str(), &word.reason);
    if let Some(page) = engine.connections_page() {
        text = format!("{text}\n{page}");
    }
    let data = json!({ "connection": word.connection, "trouble": word.trouble.as_str(), "reason": word.reason, "since": word.since });
    plain_message(engine, person, json!({ "kind": "connection", "text": text, "data": data }).to_string(), now)
}
