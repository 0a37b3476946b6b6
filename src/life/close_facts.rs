//! The facts of a close: the session as it is afterwards, what the decision looks at, and the rating request in which
//! they are frozen. Whatever is reassigned later, they stay.

use super::channels::{contract_scale, window_fact};
use super::close_session::{Batch, Close, client_id};
use super::engine::Engine;
use crate::domain::outcome::{NotAsked, Outcome};
use crate::domain::schedule::{CloseFacts, Decision};
use crate::domain::session::FLAPPING_WINDOW;
use crate::domain::window::WindowFact;
use crate::store::Millis;
use crate::store::line::Line;
use crate::store::rating_request::RatingRequest;
use crate::store::session::Session;

pub(super) fn next_session(session: Option<Session>, close: &Close) -> Session {
    let before = session.unwrap_or_else(|| Session { source: close.source.clone(), id: close.session_id.clone(), ..Session::default() });
    let counting = close.closed_at - before.recent_since <= FLAPPING_WINDOW;
    let operator_id = close.operator.as_ref().map(|operator| operator.id.clone());
    Session {
        line_id: close.line_id.clone(),
        status: "closed".to_owned(),
        epoch: before.epoch + 1,
        opened_at: close.opened_at.or(before.opened_at),
        closed_at: Some(close.closed_at),
        last_event_at: close.closed_at,
        recent_closes: if counting { before.recent_closes + 1 } else { 1 },
        recent_since: if counting { before.recent_since } else { close.closed_at },
        operator_id: operator_id.or(before.operator_id),
        operators: if close.operators.is_empty() && close.operator.is_none() { or_none(before.operators) } else { operators(close) },
        client_id: client_id(close).or(before.client_id),
        connection: close.connection.clone().or(before.connection),
        address: close.address.as_ref().map(to_json).or(before.address),
        language: close.language.clone().or(before.language),
        last_client_message_at: close.last_client_message_at.max(before.last_client_message_at),
        revision: before.revision + 1,
        ..before
    }
}

fn or_none(operators: String) -> String {
    if operators.is_empty() { "[]".to_owned() } else { operators }
}

/// The operators who wrote, the responsible one among them.
fn operators(close: &Close) -> String {
    let mut operators = close.operators.clone();
    if let Some(operator) = close.operator.as_ref().filter(|operator| operators.iter().all(|other| other.id != operator.id)) {
        operators.push(operator.clone());
    }
    to_json(&operators)
}

fn to_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| unreachable!("plain data: {error}"))
}

pub(super) fn window(engine: &Engine, batch: &Batch, close: &Close, now: Millis) -> WindowFact {
    let Some((connection, address)) = close.connection.as_deref().zip(close.address.as_ref()) else { return WindowFact::Always };
    let Some(channel) = engine.channels.get(connection) else { return WindowFact::Always };
    let known = batch.conversations.get(&(connection.to_owned(), address.chat.clone())).cloned().unwrap_or_default();
    let last = close.last_client_message_at.max(known.last_client_message_at);
    window_fact(channel.as_ref(), address, last, known.window_expires_at, now)
}

pub(super) fn facts<'a>(
    engine: &Engine,
    batch: &Batch,
    close: &'a Close,
    session: &Session,
    client_id: Option<&str>,
    line: &Line,
    now: Millis,
) -> CloseFacts<'a> {
    let capabilities = close.connection.as_deref().and_then(|name| engine.channels.get(name)).map(|channel| channel.capabilities());
    let client = client_id.and_then(|id| batch.clients.get(id));
    let conversation = close.connection.clone().zip(close.address.as_ref().map(|address| address.chat.clone()));
    let blocked = conversation.and_then(|key| batch.conversations.get(&key)).is_some_and(|known| known.blocked_at.is_some());
    CloseFacts {
        sample_key: &close.session_id,
        closed_at: close.closed_at,
        now,
        closed_by: close.closed_by,
        has_client: close.address.is_some() && close.connection.is_some(),
        channel_asks: capabilities.as_ref().is_some_and(|can| can.shows(contract_scale(line.settings.scale))) && line.archived_at.is_none(),
        asks_at_close: capabilities.is_some_and(|can| can.asks_at_close),
        has_operator: close.operator.is_some() || !close.operators.is_empty(),
        operator_messages: close.operator_messages,
        client_messages: close.client_messages,
        recent_closes: session.recent_closes,
        already_rated: close.already_rated,
        opted_out: client.is_some_and(|client| client.opted_out_at.is_some()),
        blocked,
        next_ask_at: client.map_or(0, |client| client.next_ask_at),
        window: window(engine, batch, close, now),
    }
}

/// The rating request with all facts as they are now: whatever is reassigned later, they stay.
#[expect(clippy::too_many_arguments, reason = "these are the facts that are frozen, each from its own place")]
pub(super) fn freeze(
    id: &str,
    close: &Close,
    session: &Session,
    client_id: Option<String>,
    line: &Line,
    decision: Decision,
    engine: &Engine,
    now: Millis,
) -> RatingRequest {
    let (plan, reason) = match decision {
        Decision::Ask(plan) => (Some(plan), None),
        Decision::Not(reason) => (None, Some(reason)),
    };
    let channel = close.connection.as_deref().and_then(|name| engine.channels.get(name)).map(|channel| channel.kind().to_owned());
    RatingRequest {
        id: id.to_owned(),
        source: close.source.clone(),
        session_id: close.session_id.clone(),
        epoch: session.epoch,
        line_id: line.id.clone(),
        line_version: line.version,
        scale: line.settings.scale.as_str().to_owned(),
        connection: close.connection.clone(),
        channel,
        address: close.address.as_ref().map(to_json),
        language: session.language.clone(),
        client_id,
        operator_id: session.operator_id.clone(),
        operators: session.operators.clone(),
        attribution: line.settings.attribution.as_str().to_owned(),
        closed_by: close.closed_by.as_str().to_owned(),
        opened_at: session.opened_at,
        closed_at: close.closed_at,
        last_client_message_at: session.last_client_message_at,
        created_at: now,
        due_at: plan.map(|plan| plan.due_at),
        expires_at: plan.map(|plan| plan.expires_at),
        change_ms: i64::from(line.settings.change_minutes) * 60_000,
        outcome: reason.map(|_| Outcome::NotAsked.as_str().to_owned()),
        reason: reason.map(|reason| NotAsked::as_str(reason).to_owned()),
        decided_at: reason.map(|_| now),
        asked_connection: plan.and(close.connection.clone()),
        asked_address: plan.and(close.address.as_ref().map(to_json)),
        asked_chat: plan.and(close.address.as_ref().map(|address| address.chat.clone())),
    }
}
