//! The facts of a close: the session as it is afterwards, what the decision looks at, and the rating request in which
//! they are frozen. Whatever is reassigned later, they stay.

use super::close_batch::{Batch, Close, client_id};
use super::person_budget::Names;
use crate::domain::question::outcome::{NotAsked, Outcome};
use crate::domain::question::schedule::{CloseFacts, Decision};
use crate::domain::session::{FLAPPING_WINDOW, Operator, Wish};
use crate::life::connection::channels::contract_scale;
use crate::life::engine::Engine;
use crate::life::question::other_address::OtherAddress;
use crate::life::question::routes::{Client, place, ways};
use crate::store::Millis;
use crate::store::line::Line;
use crate::store::question::rating_request::RatingRequest;
use crate::store::session::Session;
use crate::store::session::conversation::Known;
use crate::store::session::operator::OperatorName;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

pub(crate) fn next_session(session: Option<Session>, close: &Close, names: &HashMap<String, OperatorName>) -> Session {
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
        operators: operators(close, &before.operators, names),
        client_id: client_id(close).or(before.client_id),
        connection: close.connection.clone().or(before.connection),
        address: close.address.as_ref().map(to_json).or(before.address),
        language: close.language.clone().or(before.language),
        last_client_message_at: close.last_client_message_at.max(before.last_client_message_at),
        talk_request: None,
        revision: before.revision + 1,
        ..before
    }
}

/// The operators who wrote, the responsible one among them; those known before where the close names none. A name that the
/// close leaves out stays as it is known.
fn operators(close: &Close, before: &[Operator], names: &HashMap<String, OperatorName>) -> Vec<Operator> {
    let mut operators = close.operators.clone();
    if let Some(operator) = &close.operator {
        match operators.iter_mut().find(|other| other.id == operator.id) {
            Some(other) => other.name = other.name.take().or(operator.name.clone()),
            None => operators.push(operator.clone()),
        }
    }
    if operators.is_empty() {
        operators = before.to_vec();
    }
    for operator in operators.iter_mut().filter(|operator| operator.name.is_none()) {
        let known = before.iter().find(|other| other.id == operator.id).and_then(|other| other.name.clone());
        operator.name = known.or_else(|| names.get(&operator.id).map(|known| known.name.clone()));
    }
    operators
}

fn to_json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| unreachable!("plain data: {error}"))
}

/// What the decision looked at and is kept nowhere else: a dry run decides from it anew.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Kept {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) operator_messages: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_messages: Option<i64>,
    pub(crate) recent_closes: i64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) already_rated: bool,
    /// What whoever closed it wanted.
    #[serde(skip_serializing_if = "is_auto")]
    pub(crate) wish: Wish,
    /// Why they wanted it. Personal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) wish_reason: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) opted_out: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) blocked: bool,
    /// When the client last wrote, by the desk and by the channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) wrote_at: Option<Millis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) window_expires_at: Option<Millis>,
    /// The client's name, kept for replies. Personal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_name: Option<String>,
}

/// What whoever closed it wanted.
pub(crate) fn wish(request: &RatingRequest) -> Wish {
    serde_json::from_str::<Kept>(&request.facts).unwrap_or_default().wish
}

fn is_auto(wish: &Wish) -> bool {
    *wish == Wish::Auto
}

/// Whether it was not closed here, but came in from a file: those say so in place of the facts.
pub(crate) fn is_imported(request: &RatingRequest) -> bool {
    request.facts.starts_with("{\"imported\"")
}

pub(crate) fn known(batch: &Batch, close: &Close) -> Known {
    let place = close.connection.clone().zip(close.address.as_ref().map(|address| address.chat.clone()));
    place.and_then(|place| batch.conversations.get(&place)).cloned().unwrap_or_default()
}

/// The client of a close, as the ways to them are looked for.
fn client<'a>(batch: &Batch, close: &'a Close) -> Client<'a> {
    let known = known(batch, close);
    Client {
        place: close.connection.as_deref().zip(close.address.as_ref()),
        wrote_at: close.last_client_message_at.max(known.last_client_message_at),
        window_expires_at: known.window_expires_at,
        others: &close.addresses,
    }
}

pub(crate) fn keep(batch: &Batch, close: &Close, facts: &CloseFacts<'_>) -> Kept {
    let client = client(batch, close);
    Kept {
        operator_messages: facts.operator_messages,
        client_messages: facts.client_messages,
        recent_closes: facts.recent_closes,
        already_rated: facts.already_rated,
        wish: facts.wish,
        wish_reason: close.wish_reason.clone(),
        opted_out: facts.opted_out,
        blocked: facts.blocked,
        wrote_at: client.wrote_at,
        window_expires_at: client.window_expires_at,
        client_name: close.client_name.clone(),
    }
}

pub(crate) fn facts<'a>(
    engine: &Engine,
    batch: &Batch,
    close: &'a Close,
    session: &Session,
    names: &Names,
    line: &Line,
    now: Millis,
) -> CloseFacts<'a> {
    let capabilities = close.connection.as_deref().and_then(|name| engine.channels.get(name)).map(|channel| channel.capabilities());
    let there = |other: &OtherAddress| batch.conversations.get(&(other.connection.clone(), other.address.chat.clone())).cloned();
    CloseFacts {
        sample_key: &close.session_id,
        closed_at: close.closed_at,
        now,
        closed_by: close.closed_by,
        wish: close.wish,
        has_client: close.address.is_some() && close.connection.is_some(),
        nobodys_group: client(batch, close).place.is_some_and(|(name, to)| engine.channels.is_nobodys_group(name, to)),
        archived: line.archived_at.is_some(),
        channel_asks: capabilities.as_ref().is_some_and(|can| can.asks(contract_scale(line.settings.scale))),
        has_operator: session.operator_id.is_some() || !session.operators.is_empty(),
        operator_messages: close.operator_messages,
        client_messages: close.client_messages,
        recent_closes: session.recent_closes,
        already_rated: close.already_rated,
        opted_out: names.opted_out(&batch.clients, &batch.opted_out),
        blocked: known(batch, close).blocked_at.is_some(),
        next_ask_at: names.next_ask_at(&batch.clients),
        ways: ways(engine, &line.settings, &client(batch, close), there, now),
        time_zone: engine.options.time_zone,
    }
}

/// The rating request with all facts as they are now: whatever is reassigned later, they stay.
#[expect(clippy::too_many_arguments, reason = "these are the facts that are frozen, each from its own place")]
pub(crate) fn freeze(
    id: &str,
    close: &Close,
    session: &Session,
    client_id: Option<String>,
    line: &Line,
    decision: Decision,
    kept: &Kept,
    engine: &Engine,
    now: Millis,
) -> RatingRequest {
    let (plan, reason) = match decision {
        Decision::Ask(plan) => (Some(plan), None),
        Decision::Not(reason) => (None, Some(reason)),
    };
    let way = plan.map(|plan| plan.question.way);
    let client = Client {
        place: close.connection.as_deref().zip(close.address.as_ref()),
        wrote_at: None,
        window_expires_at: None,
        others: &close.addresses,
    };
    let asked = way.and_then(|way| place(way, &line.settings, &client));
    let channel = close.connection.as_deref().and_then(|name| engine.channels.get(name)).map(|channel| channel.kind().to_owned());
    RatingRequest {
        id: id.to_owned(),
        source: close.source.clone(),
        session_id: close.session_id.clone(),
        epoch: session.epoch,
        line_id: line.id.clone(),
        line_version: line.version,
        scale: line.settings.scale,
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
        due_at: plan.map(|plan| plan.question.at),
        expires_at: plan.map(|plan| plan.expires_at),
        change_ms: i64::from(line.settings.change_minutes) * 60_000,
        outcome: reason.map(|_| Outcome::NotAsked.as_str().to_owned()),
        reason: reason.map(|reason| NotAsked::as_str(reason).to_owned()),
        decided_at: reason.map(|_| now),
        asked_connection: asked.map(|(connection, _)| connection.to_owned()),
        asked_address: asked.map(|(_, address)| to_json(address)),
        asked_chat: asked.map(|(_, address)| address.chat.clone()),
        way: way.map(|way| way.as_str().to_owned()),
        addresses: to_json(&close.addresses),
        facts: to_json(kept),
        delivered_at: None,
        late_at: None,
        again_of: None,
        typing_ended_at: None,
        held_at: None,
    }
}
