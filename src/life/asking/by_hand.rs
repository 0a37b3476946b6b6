//! A person has the client asked about a close that was not asked about. The person overrides preferences of the line, but not what
//! protects the client, and no client is asked twice.

use crate::engine::Engine;
use crate::engine::notifications::Notification;
use crate::engine::other_address::OtherAddress;
use crate::engine::stop::Stop;
use crate::facts::opted_out::is_listed;
use crate::question::person_budget::{self, Names};
use crate::question::reroute::question;
use crate::question::routes::{Client, place};
use crate::question::window;
use crate::session::kept_facts::KeptClose;
use lastword_base::names::{ChatId, ConnectionId, Place, RequestId};
use lastword_contract::Address;
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::line::LineSettings;
use lastword_domain::outcome::NotAsked;
use lastword_domain::question::by_hand::{ByHandFacts, NotByHand, may_ask_by_hand};
use lastword_domain::question::delivery::Kind;
use lastword_domain::question::schedule::{CloseFacts, Decision, Plan, decide};
use lastword_domain::session::{SessionEventKind, SessionStatus, Wish};
use lastword_store::access::audit;
use lastword_store::line::Line;
use lastword_store::question::delivery;
use lastword_store::question::rating_request::{self, RatingRequest};
use lastword_store::session::conversation::Known;
use lastword_store::session::{self, SessionEvent, client};
use lastword_store::{Millis, StoreError, Tx, transaction};
use serde_json::json;
use std::collections::HashMap;

/// Result of asking by hand.
#[derive(Clone, Debug)]
pub enum AskedByHand {
    /// The client is asked. The new state of the rating request.
    Asked(Box<RatingRequest>),
    /// The client is not asked, for this reason. Nothing was changed.
    Not(NotByHand),
    /// There is no such rating request.
    Unknown,
}

/// Asks the client about the close behind `request`, on behalf of `by`, for the reason `why`.
///
/// # Errors
/// A database error; then nothing was changed.
#[lastword_base::boxed]
pub async fn ask_by_hand(engine: &Engine, by: &By, request: RequestId, why: &str, now: Millis) -> Result<AskedByHand, StoreError> {
    let id = request.to_owned();
    let asked = transaction!(engine.db, [engine, by, why], async |tx| {
        let Some(held) = rating_request::hold(tx, &[id]).await?.pop() else { return Ok(AskedByHand::Unknown) };
        Ok(match Stop::split(ask(tx, &engine, &by, &held, &why, now).await)? {
            Ok(request) => AskedByHand::Asked(Box::new(request)),
            Err(reason) => AskedByHand::Not(reason),
        })
    })
    .await?;
    if matches!(asked, AskedByHand::Asked(_)) {
        engine.wake.ring();
        engine.tell(Notification::Reviewed { rating_request: request.to_owned() });
    }
    Ok(asked)
}

async fn ask(
    tx: &mut Tx,
    engine: &Engine,
    by: &By,
    before: &RatingRequest,
    why: &str,
    now: Millis,
) -> Result<RatingRequest, Stop<NotByHand>> {
    let not = |reason| Stop::Refused(NotByHand::Not(reason));
    let session = session::load_late(tx, &[&before.session()]).await?.into_values().next();
    let facts = ByHandFacts {
        outcome: before.outcome,
        imported: before.facts.imported.is_some(),
        session_goes_on: session.as_ref().is_some_and(|session| session.status != SessionStatus::Closed),
        closed_since: session.as_ref().is_some_and(|session| session.epoch > before.epoch),
    };
    may_ask_by_hand(facts).map_err(Stop::Refused)?;
    let lines = engine.lines.current(tx, &[&before.line_id]).await?;
    let Some(line) = lines.get(&before.line_id) else { return Err(not(NotAsked::LineArchived)) };
    // The scale of the question stays that of its close.
    let settings = LineSettings { scale: before.scale, ..line.settings.clone() };
    let names = Names::of_request(&engine.channels, before)?;
    let person = person_budget::load(tx, &[&names]).await?;
    let close = KeptClose::of(before)?;
    let known = known(tx, engine, &close).await?;
    let there = |connection: &ConnectionId, to: &Address| known.get(&engine.channels.place(connection, &to.chat)).cloned();
    let here = close.client().place.and_then(|(connection, to)| there(connection, to)).unwrap_or_default();
    let client = Client {
        wrote_at: close.client().wrote_at.max(here.last_client_message_at),
        window_expires_at: here.window_expires_at,
        ..close.client()
    };
    let next_ask_at = names.next_ask_at(&person);
    let elsewhere = |other: &OtherAddress| there(&other.connection, &other.address);
    let facts = close.facts(engine, &settings, &client, elsewhere, next_ask_at, now);
    // The answer time starts now.
    let facts = CloseFacts {
        closed_at: now,
        wish: Wish::Ask,
        archived: line.archived_at.is_some(),
        opted_out: is_listed(tx, engine, before).await?,
        blocked: here.blocked_at.is_some(),
        ..facts
    };
    let plan = match decide(&settings, &facts) {
        Decision::Ask(plan) => plan,
        Decision::Not(reason) => return Err(not(reason)),
    };
    let Some(asked) = place(plan.question.way, &settings, &client) else { return Err(not(NotAsked::ChannelOff)) };
    let after = after(engine, before, line, plan, asked);
    rating_request::ask_after_all(tx, before, &after).await?;
    send(tx, engine, &after, plan, now).await?;
    // Ordinary questions wait for this one.
    client::save(tx, &names.asked(&person, plan.next_ask_at, now)).await?;
    tell(tx, engine, by, before, &after, why, now).await?;
    Ok(after)
}

/// State of the conversations in which the client can be asked.
async fn known(tx: &mut Tx, engine: &Engine, close: &KeptClose<'_>) -> Result<HashMap<Place, Known>, StoreError> {
    let mut places: Vec<(&ConnectionId, ChatId)> =
        close.others.iter().map(|other| (&other.connection, ChatId::from(&other.address.chat))).collect();
    places.extend(close.request.connection.as_ref().zip(close.address.as_ref().map(|to| ChatId::from(&to.chat))));
    window::known(tx, &engine.channels, places).await
}

fn after(engine: &Engine, before: &RatingRequest, line: &Line, plan: Plan, (connection, to): (&ConnectionId, &Address)) -> RatingRequest {
    let after = RatingRequest {
        line_version: line.version,
        due_at: Some(plan.question.at),
        expires_at: Some(plan.expires_at),
        change_ms: i64::from(line.settings.change_minutes) * 60_000,
        outcome: None,
        reason: None,
        decided_at: None,
        way: Some(plan.question.way),
        ..before.clone()
    };
    after.asked_in(connection, serde_json::to_string(to).unwrap_or_default(), &engine.channels.identity(connection, &to.chat))
}

/// Schedules the question and its reminder.
pub(crate) async fn send(tx: &mut Tx, engine: &Engine, request: &RatingRequest, plan: Plan, now: Millis) -> Result<(), StoreError> {
    let Some((connection, address)) = request.asked_at() else { return Ok(()) };
    let message = |kind, leaving| question(engine, request, (connection, &address), kind, leaving, plan.expires_at, now);
    let reminder = plan.reminder.map(|leaving| message(Kind::Reminder, leaving));
    let messages: Vec<_> = std::iter::once(message(Kind::Ask, plan.question)).chain(reminder).collect();
    delivery::schedule(tx, &messages).await
}

/// Records it in the history of the session and in the audit log.
async fn tell(
    tx: &mut Tx,
    engine: &Engine,
    by: &By,
    before: &RatingRequest,
    after: &RatingRequest,
    why: &str,
    now: Millis,
) -> Result<(), StoreError> {
    let reason = before.reason.as_deref().unwrap_or_default();
    let why_so = if why.is_empty() { String::new() } else { format!(": {why}") };
    let event = SessionEvent {
        source: before.source.clone(),
        session_id: before.session_id.clone(),
        occurred_at: now,
        event_key: format!("by-hand:{}", engine.ids.text(now)),
        kind: SessionEventKind::AskedByHand,
        detail: format!("{}{why_so}", by.name),
        received_at: now,
    };
    session::tell(tx, &[event]).await?;
    let entry = Entry::new(Act::RatingAskedByHand, after.id).on_line(&after.line_id);
    let entry = entry.with(&json!({ "reason": reason }), &json!({ "way": after.way, "why": why }));
    audit::write(tx, engine.ids.next(now), now, by, &entry).await
}
