//! Facts of a close: the session afterwards, the input of the decision, and the rating request in which they are frozen, regardless
//! of later reassignments.

use super::close_batch::{Batch, Close, client_id};
use crate::engine::Engine;
use crate::engine::channels::{Channels, contract_scale};
use crate::engine::other_address::OtherAddress;
use crate::question::person_budget::Names;
use crate::question::routes::{Client, place, ways};
use lastword_base::names::{ClientId, ConnectionId, OperatorId, RequestId};
use lastword_contract::Address;
use lastword_domain::outcome::{NotAsked, Outcome};
use lastword_domain::question::kept_facts::KeptFacts;
use lastword_domain::question::schedule::{CloseFacts, Decision};
use lastword_domain::session::label::Labels;
use lastword_domain::session::{Credit, FLAPPING_WINDOW, Operator, SessionStatus, credit};
use lastword_store::Millis;
use lastword_store::line::Line;
use lastword_store::question::rating_request::RatingRequest;
use lastword_store::session::Session;
use lastword_store::session::conversation::Known;
use lastword_store::session::operator::{KnownKind, OperatorName};
use serde::Serialize;
use std::collections::HashMap;

pub(crate) fn next_session(
    channels: &Channels,
    session: Option<Session>,
    close: &Close,
    names: &HashMap<OperatorId, OperatorName>,
    kinds: &HashMap<OperatorId, KnownKind>,
) -> Session {
    let before = session.unwrap_or_else(|| Session { source: close.source.clone(), id: close.session_id.clone(), ..Session::default() });
    let counting = close.closed_at - before.recent_since <= FLAPPING_WINDOW;
    let operator_id = close.operator.as_ref().map(|operator| operator.id.clone());
    Session {
        line_id: close.line_id.clone(),
        status: SessionStatus::Closed,
        epoch: before.epoch + 1,
        opened_at: close.opened_at.or(before.opened_at),
        closed_at: Some(close.closed_at),
        last_event_at: close.closed_at,
        recent_closes: if counting { before.recent_closes + 1 } else { 1 },
        recent_since: if counting { before.recent_since } else { close.closed_at },
        operator_id: operator_id.or(before.operator_id),
        operators: operators(close, &before.operators, names, kinds),
        client_id: client_id(channels, close).or(before.client_id),
        connection: close.connection.clone().or(before.connection),
        address: close.address.as_ref().map(to_json).or(before.address),
        language: close.language.clone().or(before.language),
        last_client_message_at: close.last_client_message_at.max(before.last_client_message_at),
        talk_request: None,
        ..before
    }
}

/// The operators who wrote, including the responsible one; the known ones if the close names none. Names and kinds that the close
/// omits stay as they are known; a kind set by an admin takes precedence over one reported by a desk.
fn operators(
    close: &Close,
    before: &[Operator],
    names: &HashMap<OperatorId, OperatorName>,
    kinds: &HashMap<OperatorId, KnownKind>,
) -> Vec<Operator> {
    let mut operators = close.operators.clone();
    if let Some(operator) = &close.operator {
        match operators.iter_mut().find(|other| other.id == operator.id) {
            Some(other) => {
                other.name = other.name.take().or(operator.name.clone());
                other.kind = other.kind.or(operator.kind);
            }
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
    for operator in &mut operators {
        let known = kinds.get(&operator.id);
        let by_hand = known.filter(|known| known.by_hand == 1).map(|known| known.kind);
        let earlier = || before.iter().find(|other| other.id == operator.id).and_then(|other| other.kind);
        operator.kind = by_hand.or(operator.kind).or_else(earlier).or(known.map(|known| known.kind));
    }
    operators
}

fn to_json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| unreachable!("plain data: {error}"))
}

pub(crate) fn known(engine: &Engine, batch: &Batch, close: &Close) -> Known {
    let place = close.connection.as_ref().zip(close.address.as_ref());
    let place = place.map(|(connection, address)| engine.channels.place(connection, &address.chat));
    place.and_then(|place| batch.conversations.get(&place)).cloned().unwrap_or_default()
}

/// The client of a close, as input for finding routes.
fn client<'a>(engine: &Engine, batch: &Batch, close: &'a Close) -> Client<'a> {
    let known = known(engine, batch, close);
    Client {
        place: close.connection.as_ref().zip(close.address.as_ref()),
        wrote_at: close.last_client_message_at.max(known.last_client_message_at),
        window_expires_at: known.window_expires_at,
        others: &close.addresses,
    }
}

pub(crate) fn keep(engine: &Engine, batch: &Batch, close: &Close, facts: &CloseFacts<'_>) -> KeptFacts {
    let client = client(engine, batch, close);
    KeptFacts {
        recent_closes: facts.recent_closes,
        already_rated: facts.already_rated,
        wish: facts.wish,
        opted_out: facts.opted_out,
        blocked: facts.blocked,
        // The close itself has the time when the desk saw the client's last message.
        wrote_at: client.wrote_at.filter(|_| client.wrote_at > close.last_client_message_at),
        window_expires_at: client.window_expires_at,
        rule: None,
        imported: None,
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
    let capabilities = close.connection.as_ref().and_then(|name| engine.channels.get(name)).map(|channel| channel.capabilities());
    let there = |other: &OtherAddress| batch.conversations.get(&engine.channels.place(&other.connection, &other.address.chat)).cloned();
    CloseFacts {
        sample_key: close.session_id.as_str(),
        closed_at: close.closed_at,
        now,
        closed_by: close.closed_by,
        wish: close.wish,
        has_client: close.address.is_some() && close.connection.is_some(),
        nobodys_group: client(engine, batch, close).place.is_some_and(|(name, to)| engine.channels.is_nobodys_group(name, to)),
        unread: client(engine, batch, close).place.is_some_and(|(name, to)| engine.channels.is_unread(name, to)),
        archived: line.archived_at.is_some(),
        channel_asks: capabilities.as_ref().is_some_and(|can| can.asks(contract_scale(line.settings.scale))),
        has_operator: session.operator_id.is_some() || !session.operators.is_empty(),
        handled_by: credit(session.operator_id.as_ref(), &session.operators).handled_by,
        labels: Labels::of(&close.labels, &close.fields),
        operator_messages: close.operator_messages,
        client_messages: close.client_messages,
        recent_closes: session.recent_closes,
        already_rated: close.already_rated,
        opted_out: names.opted_out(&batch.clients, &batch.opted_out),
        blocked: known(engine, batch, close).blocked_at.is_some(),
        next_ask_at: names.next_ask_at(&batch.clients),
        ways: ways(engine, &line.settings, &client(engine, batch, close), there, now),
        time_zone: engine.options.time_zone,
    }
}

/// The rating request with all current facts, frozen against later reassignments.
#[expect(clippy::too_many_arguments, reason = "these are the facts that are frozen, each from its own place")]
pub(crate) fn freeze(
    id: RequestId,
    close: &Close,
    session: &Session,
    client_id: Option<ClientId>,
    line: &Line,
    decision: Decision,
    kept: KeptFacts,
    engine: &Engine,
    now: Millis,
) -> RatingRequest {
    let (plan, reason) = match decision {
        Decision::Ask(plan) => (Some(plan), None),
        Decision::Not(reason) => (None, Some(reason)),
    };
    let way = plan.map(|plan| plan.question.way);
    let client = Client {
        place: close.connection.as_ref().zip(close.address.as_ref()),
        wrote_at: None,
        window_expires_at: None,
        others: &close.addresses,
    };
    let Credit { operator_id, operators, handled_by } = credit(session.operator_id.as_ref(), &session.operators);
    let asked = way.and_then(|way| place(way, &line.settings, &client));
    let channel = close.connection.as_ref().and_then(|name| engine.channels.get(name)).map(|channel| channel.kind().to_owned());
    let request = RatingRequest {
        id,
        source: close.source.clone(),
        session_id: close.session_id.clone(),
        event_key: Some(close.event_key.clone()),
        body_hash: Some(close.body_hash.clone()),
        epoch: session.epoch,
        line_id: line.id.clone(),
        line_version: line.version,
        scale: line.settings.scale,
        connection: close.connection.clone(),
        channel,
        language: session.language.clone(),
        client_id,
        operator_id,
        operators,
        handled_by,
        labels: close.labels.clone(),
        fields: close.fields.clone(),
        attribution: line.settings.attribution,
        closed_by: Some(close.closed_by),
        opened_at: session.opened_at,
        closed_at: close.closed_at,
        last_client_message_at: session.last_client_message_at,
        operator_messages: close.operator_messages,
        client_messages: close.client_messages,
        created_at: now,
        due_at: plan.map(|plan| plan.question.at),
        expires_at: plan.map(|plan| plan.expires_at),
        change_ms: i64::from(line.settings.change_minutes) * 60_000,
        outcome: reason.map(|_| Outcome::NotAsked),
        reason: reason.map(|reason| NotAsked::as_str(reason).to_owned()),
        decided_at: reason.map(|_| now),
        way,
        addresses: to_json(&close.addresses),
        facts: kept,
        client_name: close.client_name.clone(),
        wish_reason: close.wish_reason.clone(),
        desk_page: close.desk_page.clone(),
        ..RatingRequest::default()
    };
    placed(&engine.channels, request, close, asked)
}

/// The same, with the place of the conversation and the place of the question.
fn placed(channels: &Channels, request: RatingRequest, close: &Close, asked: Option<(&ConnectionId, &Address)>) -> RatingRequest {
    let request = match &close.address {
        Some(address) => {
            let chat = channels.identity(&close.connection.clone().unwrap_or_default(), &address.chat);
            request.talked_in(to_json(address), chat)
        }
        None => request,
    };
    match asked {
        Some((connection, address)) => request.asked_in(connection, to_json(address), &channels.identity(connection, &address.chat)),
        None => request,
    }
}
