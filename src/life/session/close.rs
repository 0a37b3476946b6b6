//! Closes sessions: the facts are frozen, it is decided whether and when the client is asked, and the question is scheduled. One
//! transaction for the whole batch.

use super::claim::find_visitors;
use super::close_again::{ALREADY_CLOSED, is_new_close, told_again};
use super::close_batch::{Batch, Close, Closed, answer, client_id, names};
use super::close_facts::{facts, freeze, keep, next_session};
use crate::engine::Engine;
use crate::engine::notifications::Notification;
use crate::events;
use crate::question::person_budget::Names;
use crate::question::reroute::question;
use crate::session::event_marks;
use lastword_base::names::{ClientId, EventKey, Place, RequestId, SessionKey, Subject};
use lastword_domain::line::ask_rule::deciding;
use lastword_domain::line::experiment::Variant;
use lastword_domain::outcome::NotAsked;
use lastword_domain::question::delivery::Kind;
use lastword_domain::question::kept_facts::KeptFacts;
use lastword_domain::question::schedule::{Decision, Plan, decide};
use lastword_domain::session::{OperatorKind, SessionEventKind, SessionStatus, is_stale};
use lastword_store::inbox::{Event, Seen};
use lastword_store::line::Line;
use lastword_store::question::closing::{self, Keys, Outcome};
use lastword_store::question::delivery::NewDelivery;
use lastword_store::question::rating_request::{self, ClosedNow, RatingRequest};
use lastword_store::session::client::Client;
use lastword_store::session::operator::{KnownKind, OperatorName};
use lastword_store::session::{Session, SessionEvent, opt_out};
use lastword_store::{Millis, StoreError, Tx, transaction};
use std::collections::HashMap;
use std::sync::Arc;

/// Closes sessions in the given order. Returns one result for each.
///
/// # Errors
/// A database error; then nothing was stored.
pub async fn close_sessions(engine: &Engine, closes: impl Into<Arc<Vec<Close>>>, now: Millis) -> Result<Vec<Closed>, StoreError> {
    close_all(engine, closes.into(), now).await
}

#[lastword_base::boxed]
async fn close_all(engine: &Engine, mut closes: Arc<Vec<Close>>, now: Millis) -> Result<Vec<Closed>, StoreError> {
    // Times of messages are capped at `now`, whatever the clock of the desk.
    if closes.iter().any(|close| close.is_ahead_of(now)) {
        Arc::make_mut(&mut closes)
            .iter_mut()
            .filter(|close| close.is_ahead_of(now))
            .for_each(|close| close.last_client_message_at = Some(now));
    }
    let closed = transaction!(engine.db, [engine, closes], async |tx| { close_in(tx, &engine, closes, now).await }).await?;
    Ok(closed.tell(engine))
}

/// Results of closes, and the actions after their commit.
#[derive(Default)]
pub(crate) struct ClosedAll {
    results: Vec<Closed>,
    news: Vec<Notification>,
    first_due: Option<Millis>,
}

impl ClosedAll {
    /// After the commit: wakes the queue, and sends live updates.
    pub(crate) fn tell(self, engine: &Engine) -> Vec<Closed> {
        self.first_due.into_iter().for_each(|at| engine.wake.set(at));
        self.news.into_iter().for_each(|news| engine.tell(news));
        self.results
    }
}

/// Closes sessions in the caller's transaction.
pub(crate) async fn close_in(tx: &mut Tx, engine: &Engine, mut closes: Arc<Vec<Close>>, now: Millis) -> Result<ClosedAll, StoreError> {
    find_visitors(tx, engine, &mut closes).await?;
    let mut batch = read(engine, tx, &closes).await?;
    let results = closes.iter().map(|close| decide_one(engine, &mut batch, close, now)).collect();
    write(tx, batch, results).await
}

pub(crate) async fn read(engine: &Engine, tx: &mut Tx, closes: &[Close]) -> Result<Batch, StoreError> {
    let people: Vec<Names> = closes.iter().map(|close| names(&engine.channels, close)).collect();
    let places = |close: &Close| {
        let conversation = close.connection.as_ref().zip(close.address.as_ref().map(|address| address.chat.as_str()));
        let others = close.addresses.iter().map(|other| (&other.connection, other.address.chat.as_str()));
        let all = conversation.into_iter().chain(others);
        all.map(|(connection, chat)| engine.channels.place(connection, chat)).collect::<Vec<_>>()
    };
    let conversations: Vec<Place> = closes.iter().flat_map(places).collect();
    let key = engine.mark_key(tx).await?;
    let marks: HashMap<String, ClientId> = people.iter().flat_map(Names::all).map(|name| (key.mark(name.as_str()), name.clone())).collect();
    // Events of erased clients are stored under their marks.
    let marked = |close: &Close| {
        let mark = event_marks::mark(key, &close.source, &close.event_key);
        (EventKey { source: close.source.clone(), key: mark }, close.event())
    };
    let marked: HashMap<EventKey, EventKey> = closes.iter().map(marked).collect();
    let sessions: Vec<SessionKey> = closes.iter().map(Close::session).collect();
    let keys = Keys {
        events: marked.iter().flat_map(|(mark, told)| [mark, told]).collect(),
        lines: distinct(closes.iter().map(|close| &close.line_id)),
        sessions: distinct(sessions.iter()),
        clients: distinct(people.iter().flat_map(Names::all)),
        conversations: distinct(conversations.into_iter()),
        operators: distinct(closes.iter().flat_map(Close::named).map(|operator| &operator.id)),
        marks: marks.keys().map(String::as_str).collect(),
    };
    let found = closing::read(tx, &keys).await?;
    let mut batch = Batch {
        lines: engine.lines.of_versions(tx, found.versions).await?,
        seen: found.seen.into_iter().map(|(told, seen)| (marked.get(&told).cloned().unwrap_or(told), seen)).collect(),
        sessions: found.sessions,
        clients: found.clients,
        conversations: found.conversations,
        names: found.operators,
        kinds: found.kinds,
        opted_out: found.opted_out.iter().filter_map(|mark| marks.get(mark).cloned()).collect(),
        ..Batch::default()
    };
    let linked = batch.clients.keys().filter(|name| !keys.clients.contains(name));
    let linked: HashMap<String, ClientId> = linked.map(|name| (key.mark(name.as_str()), name.clone())).collect();
    let found = opt_out::find(tx, &linked.keys().map(String::as_str).collect::<Vec<_>>()).await?;
    batch.opted_out.extend(found.iter().filter_map(|found| linked.get(&found.mark).cloned()));
    let talked = batch.sessions.values().filter_map(|session| session.talk_request);
    let subjects: Vec<RequestId> = batch.seen.values().filter_map(|seen| seen.subject.as_ref()?.as_id()).chain(talked).collect();
    if !subjects.is_empty() {
        batch.repeated = rating_request::hold_late(tx, &subjects).await?.into_iter().map(|request| (request.id, request)).collect();
    }
    let closed = batch.sessions.iter().filter(|(_, session)| session.status == SessionStatus::Closed);
    let closed: Vec<(&SessionKey, i64)> = closed.map(|(key, session)| (key, session.epoch)).collect();
    if !closed.is_empty() {
        let requests = rating_request::of_closes(tx, &closed).await?;
        batch.repeated.extend(requests.into_iter().map(|request| (request.id, request)));
    }
    Ok(batch)
}

fn distinct<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort();
    items.dedup();
    items
}

fn decide_one(engine: &Engine, batch: &mut Batch, close: &Close, now: Millis) -> Closed {
    let key = close.event();
    if let Some(seen) = batch.seen.get(&key) {
        return told_before(batch, seen, close);
    }
    let Some(line) = batch.lines.get(&close.line_id).cloned() else { return Closed::UnknownLine };
    let session = batch.sessions.get(&close.session()).cloned();
    if session.as_ref().is_some_and(|session| is_stale(close.closed_at, session.last_event_at) || session.status == SessionStatus::Merged) {
        let merged = session.as_ref().is_some_and(|session| session.status == SessionStatus::Merged);
        let why = if merged { "a close, of a session that was merged into another" } else { "a close, overtaken by a newer event" };
        batch.keep_event(close, None, "stale", now);
        batch.tell(close, SessionEventKind::Stale, why.to_owned(), now);
        return Closed::Stale;
    }
    let closed = session.clone().filter(|session| session.status == SessionStatus::Closed);
    if let Some(session) = closed.filter(|session| !is_new_close(engine, batch, session, close)) {
        return told_again(batch, session, close, now);
    }
    batch.learn_names(close);
    batch.learn_kinds(close);
    let (is_first, asked) = (session.is_none(), session.as_ref().and_then(|session| session.talk_request));
    let session = next_session(&engine.channels, session, close, &batch.names, &batch.kinds);
    if let Some(closed) = asked.and_then(|id| batch.asked_already(id, &session, close, now)) {
        return closed;
    }
    let client_id = client_id(&engine.channels, close);
    let request_id = engine.ids.of(close.closed_at);
    let names = names(&engine.channels, close);
    batch.link(&names, now);
    let (line, variant) = as_tried(line, names.person(&batch.clients));
    let facts = facts(engine, batch, close, &session, &names, &line, now);
    let decision = decide(&line.settings, &facts);
    let rule = deciding(&line.settings.ask_rules, facts.labels).map(|(number, _)| number);
    let kept = KeptFacts { rule, ..keep(engine, batch, close, &facts) };
    let request = freeze(request_id, close, &session, client_id.clone(), &line, decision, kept, engine, now);
    let experiment_id = line.experiment.as_ref().filter(|_| variant.is_some()).map(|running| running.id);
    let request = RatingRequest { experiment_id, variant, ..request };
    if let Decision::Ask(plan) = decision {
        batch.ask(engine, &request, plan, now);
        batch.asked_client(&names, plan, now);
    } else {
        batch.deliveries.extend(events::outcome_decided(engine, &request, now));
    }
    let result = answer(&request, false);
    batch.remember(close, Some(request_id.into()), "kept");
    batch.requests.push(request);
    if is_first {
        batch.told_by_its_close(session)
    } else {
        batch.touch(session)
    }
    result
}

/// The line with the settings for `person`: if an experiment runs, half of all people are asked as in its trial.
fn as_tried(line: Arc<Line>, person: Option<&ClientId>) -> (Arc<Line>, Option<Variant>) {
    let Some((running, person)) = line.experiment.as_ref().zip(person) else { return (line, None) };
    match running.variant_of(person.as_str()) {
        Variant::A => (line, Some(Variant::A)),
        Variant::B => (Arc::new(Line { settings: line.settings.tried(&running.trial), ..(*line).clone() }), Some(Variant::B)),
    }
}

fn told_before(batch: &Batch, seen: &Seen, close: &Close) -> Closed {
    if !seen.says(&close.body_hash) {
        return Closed::KeyReused;
    }
    let known = |id: RequestId| batch.repeated.get(&id).or_else(|| batch.requests.iter().find(|request| request.id == id));
    match seen.subject.as_ref().and_then(Subject::as_id).and_then(known) {
        Some(request) if seen.disposition.as_deref() == Some(ALREADY_CLOSED) => {
            Closed::AlreadyClosed { rating_request: request.id, repeated: true }
        }
        Some(request) if seen.disposition.as_deref() == Some(ASKED_BEFORE) => {
            Closed::AskedBefore { rating_request: request.id, repeated: true }
        }
        Some(request) => answer(request, true),
        None => Closed::Stale,
    }
}

/// Disposition of a close whose client was asked while the session was open.
const ASKED_BEFORE: &str = "asked_before";

impl Batch {
    /// Marks a session that is known only by this close: it gets a row with its next event. Two nodes that close it for the first
    /// time meet at the row of the close.
    fn told_by_its_close(&mut self, session: Session) {
        self.sessions.insert(session.key(), Session { revision: 0, ..session });
    }

    /// Marks a session as changed; it is written once per batch, so its revision rises by one.
    pub(crate) fn touch(&mut self, mut session: Session) {
        let key = session.key();
        session.revision += i64::from(self.touched_sessions.insert(key.clone()));
        self.sessions.insert(key, session);
    }

    /// Remembers the event of a close, for repetitions in the same batch. Its rating request stores it.
    fn remember(&mut self, close: &Close, subject: Option<Subject>, disposition: &str) {
        let seen = Seen { body_hash: Some(close.body_hash.clone()), subject, disposition: Some(disposition.to_owned()) };
        self.seen.insert(close.event(), seen);
    }

    /// Stores the event of a close without a rating request of its own.
    pub(crate) fn keep_event(&mut self, close: &Close, subject: Option<Subject>, disposition: &str, now: Millis) {
        self.remember(close, subject.clone(), disposition);
        self.events.push(Event {
            source: close.source.clone(),
            event_key: close.event_key.clone(),
            kind: "close",
            body_hash: close.body_hash.clone(),
            received_at: now,
            subject,
            disposition: Some(disposition.to_owned()),
            body: None,
        });
    }

    /// The question about this close was asked while the session was open: no client is asked twice.
    fn asked_already(&mut self, id: RequestId, session: &Session, close: &Close, now: Millis) -> Option<Closed> {
        self.repeated.get(&id)?;
        self.keep_event(close, Some(id.into()), ASKED_BEFORE, now);
        self.closed_now.push(ClosedNow { id, closed_by: close.closed_by, labels: close.labels.clone(), fields: close.fields.clone() });
        self.tell(
            close,
            SessionEventKind::ClosedAfterQuestion,
            format!("closed by {}; the client was asked before", close.closed_by.as_str()),
            now,
        );
        self.touch(session.clone());
        Some(Closed::AskedBefore { rating_request: id, repeated: false })
    }

    /// Updates the names of operators, from the newest close that has them.
    fn learn_names(&mut self, close: &Close) {
        for operator in close.named() {
            let Some(name) = &operator.name else { continue };
            let news = self.names.get(&operator.id).is_none_or(|known| known.name != *name && known.named_at <= close.closed_at);
            if news {
                let known = OperatorName { id: operator.id.clone(), name: name.clone(), named_at: close.closed_at };
                self.names.insert(operator.id.clone(), known);
                self.named.insert(operator.id.clone());
            }
        }
    }

    /// Updates the kinds of operators, if a close has them. For a person without a stored kind, nothing is stored.
    fn learn_kinds(&mut self, close: &Close) {
        for operator in close.named() {
            let Some(kind) = operator.kind else { continue };
            let told = KnownKind { id: operator.id.clone(), kind, by_hand: 0, reported_at: close.closed_at };
            let news = match self.kinds.get(&operator.id) {
                None => kind == OperatorKind::Program,
                Some(known) => known.by_hand == 0 && known.kind != kind && known.reported_at <= told.reported_at,
            };
            if news {
                self.kinds.insert(operator.id.clone(), told);
                self.of_kind.insert(operator.id.clone());
            }
        }
    }

    /// Records a close that changes nothing in the session's history.
    pub(crate) fn tell(&mut self, close: &Close, kind: SessionEventKind, detail: String, now: Millis) {
        self.session_events.push(SessionEvent {
            source: close.source.clone(),
            session_id: close.session_id.clone(),
            occurred_at: close.closed_at,
            event_key: close.event_key.clone(),
            kind,
            detail,
            received_at: now,
        });
    }

    pub(crate) fn ask(&mut self, engine: &Engine, request: &RatingRequest, plan: Plan, now: Millis) {
        let Some((connection, address)) = request.asked_at() else { return };
        let message = |kind, leaving| question(engine, request, (connection, &address), kind, leaving, plan.expires_at, now);
        self.deliveries.push(NewDelivery { id: request.id.named_as(), ..message(Kind::Ask, plan.question) });
        self.deliveries.extend(plan.reminder.map(|leaving| message(Kind::Reminder, leaving)));
    }

    /// Records the time of the next question, under all names of the client.
    pub(crate) fn asked_client(&mut self, names: &Names, plan: Plan, now: Millis) {
        if plan.next_ask_at <= now {
            return;
        }
        let known: Vec<ClientId> = names.known(&self.clients).into_iter().cloned().collect();
        known.iter().for_each(|name| self.client_mut(name, now).next_ask_at = plan.next_ask_at);
    }

    /// Links conversations with the desk's ID of their client.
    pub(crate) fn link(&mut self, names: &Names, now: Millis) {
        let unlinked: Vec<(ClientId, ClientId)> = names.unlinked(&self.clients).map(|(name, desk)| (name.clone(), desk.clone())).collect();
        unlinked.into_iter().for_each(|(name, desk)| self.client_mut(&name, now).same_as = Some(desk));
    }

    /// A client, written once at the end of the batch.
    fn client_mut(&mut self, id: &ClientId, now: Millis) -> &mut Client {
        let client = self.clients.entry(id.clone()).or_insert_with(|| Client { id: id.clone(), ..Client::default() });
        client.updated_at = now;
        if !self.touched_clients.contains(id) {
            client.revision += 1;
            self.touched_clients.insert(id.clone());
        }
        client
    }

    fn news(&self) -> Vec<Notification> {
        let closed = |request: &RatingRequest| Notification::Closed {
            rating_request: request.id,
            line: request.line_id.clone(),
            decision: request.reason.as_deref().map_or("ask", |reason| NotAsked::parse(reason).map_or("other", NotAsked::as_str)),
        };
        self.requests.iter().map(closed).collect()
    }
}

/// Writes the changes, and returns the actions after the commit.
pub(crate) async fn write(tx: &mut Tx, mut batch: Batch, results: Vec<Closed>) -> Result<ClosedAll, StoreError> {
    let (news, first_due) = (batch.news(), batch.deliveries.iter().map(|delivery| delivery.due_at).min());
    // By key, as in every batch: two nodes that insert the same rows then wait for each other and do not deadlock.
    batch.requests.sort_by(|one, next| (&one.source, &one.session_id, one.epoch).cmp(&(&next.source, &next.session_id, next.epoch)));
    batch.events.sort_by(|one, next| (&one.source, &one.event_key).cmp(&(&next.source, &next.event_key)));
    let outcome = Outcome {
        sessions: batch.touched_sessions.iter().filter_map(|key| batch.sessions.remove(key)).collect(),
        clients: batch.touched_clients.iter().filter_map(|id| batch.clients.remove(id)).collect(),
        operators: batch.named.iter().filter_map(|id| batch.names.remove(id)).collect(),
        kinds: batch.of_kind.iter().filter_map(|id| batch.kinds.remove(id)).collect(),
        events: batch.events,
        requests: batch.requests,
        session_events: batch.session_events,
        closed_now: batch.closed_now,
        deliveries: batch.deliveries,
    };
    closing::write(tx, &outcome).await?;
    Ok(ClosedAll { results, news, first_due })
}
