//! Events of desks: closes, repeated and out of order, reopenings, other operators, merges.

use super::invariants::{Broken, Close as Known, check};
use super::people::{Chat, LINES, once_in_hours};
use super::world::World;
use lastword::domain::access::audit::By;
use lastword::domain::question::delivery::Kind;
use lastword::domain::session::{ClosedBy, Operator, SessionStatus, Wish};
use lastword::life::asking::by_hand::{AskedByHand, ask_by_hand};
use lastword::life::asking::while_talking::{AskedTalking, ask_while_talking};
use lastword::life::session::change::{SessionChange, change_session};
use lastword::life::session::close::close_sessions;
use lastword::life::session::close_batch::{Close, Closed};
use lastword::life::session::event::{EventEnvelope, EventResult};
use lastword::life::session::open::Opening;
use lastword::names::RequestId;
use lastword::store::records::inspect;
use lastword::store::session::{self, Session};
use lastword::time::{HOUR, Millis, SECOND};
use rand::Rng;
use std::collections::BTreeMap;

/// State of a desk.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) chats: Vec<Chat>,
    /// Closes reported so far, with their results.
    told: Vec<(Close, Closed)>,
    events: usize,
    /// Responsible operators by session, as far as the desk reported them.
    operators: BTreeMap<String, String>,
}

impl Desk {
    pub(crate) fn new(chats: Vec<Chat>) -> Self {
        Self { chats, told: Vec::new(), events: 0, operators: BTreeMap::new() }
    }

    /// A close was accepted: the operator it names is now responsible.
    fn knows(&mut self, close: &Close) {
        if let Some(operator) = &close.operator {
            self.operators.insert(close.session_id.to_string(), operator.id.to_string());
        }
    }

    fn key(&mut self) -> String {
        self.events += 1;
        format!("e{}", self.events)
    }
}

impl World {
    /// The desk reports something.
    pub(crate) async fn desk_acts(&mut self, number: usize) -> Result<(), Broken> {
        let chat = self.rng.random_range(0..self.desk.chats.len());
        match self.rng.random_range(0..100) {
            0..50 => {
                let count = if self.storm || self.rng.random_bool(0.2) { self.rng.random_range(2..5) } else { 1 };
                let closes = (0..count).map(|_| self.some_close()).collect();
                self.close(number, closes).await
            }
            50..65 => self.close_again(number).await,
            65..80 => self.reopen(number, chat).await,
            80..90 => self.reassign(number, chat).await,
            90..92 => self.merge(number, chat).await,
            92..95 => self.open(number, chat).await,
            95..97 => self.ask_while_talking(number, chat).await,
            97..98 => self.ask_by_hand(number).await,
            _ => {
                self.desk.chats[chat].wrote_at = self.now;
                Ok(())
            }
        }
    }

    fn some_close(&mut self) -> Close {
        let at = self.rng.random_range(0..self.desk.chats.len());
        let back = if self.rng.random_bool(0.1) { self.rng.random_range(0..HOUR) } else { self.rng.random_range(0..3 * SECOND) };
        if self.rng.random_bool(0.7) {
            self.desk.chats[at].wrote_at = self.now - back - 1_000;
        }
        let key = self.desk.key();
        let chat = self.desk.chats[at].clone();
        // Some desks omit the operator, and some operators choose if the client is asked.
        let operator = Some(Operator { id: chat.operator.clone().into(), name: None, kind: None }).filter(|_| self.rng.random_bool(0.9));
        let wish = match self.rng.random_range(0..20) {
            0 => Wish::Keep,
            1 => Wish::Ask,
            _ => Wish::Auto,
        };
        let labels = [("vip", 2), ("refund", 3)].into_iter().filter(|(_, every)| at % every == 0);
        let labels = labels.map(|(label, _)| label.to_owned()).collect();
        Close {
            source: "desk".into(),
            body_hash: format!("hash of {key}"),
            event_key: key,
            session_id: chat.id.into(),
            line_id: chat.line.into(),
            closed_at: self.now - back,
            closed_by: if self.rng.random_bool(0.95) { ClosedBy::Operator } else { ClosedBy::Spam },
            operators: operator.iter().cloned().collect(),
            operator,
            client: Some(chat.client.into()),
            connection: Some(chat.connection.into()),
            address: Some(chat.to),
            last_client_message_at: Some(chat.wrote_at),
            wish,
            labels,
            ..Close::default()
        }
    }

    async fn close(&mut self, number: usize, closes: Vec<Close>) -> Result<(), Broken> {
        let engine = self.nodes[number].engine.clone();
        let now = engine.now();
        let asked_before = self.asked_clients().await?;
        let results = close_sessions(&engine, closes.clone(), now).await?;
        self.note(format!("desk closes {:?} → {results:?}", closes.iter().map(|close| &close.session_id).collect::<Vec<_>>()));
        for (close, result) in closes.into_iter().zip(results) {
            if let Closed::Kept { rating_request, decision, repeated: false } = &result {
                let line = LINES.into_iter().find(|line| *line == close.line_id).unwrap_or_default();
                let client = close.client.clone().unwrap_or_default();
                let talk = self.watch.closes.get(rating_request).is_some_and(|known| known.talk);
                let kept_back = close.wish == Wish::Keep && decision.is_ok() && !talk;
                check(!kept_back, "asked although it was kept back", || format!("{close:?}"))?;
                self.desk.knows(&close);
                if talk {
                    // Asked while it was open: the same rating request, and the client is not asked again.
                    check(self.watch.attached.insert(rating_request.to_string()), "a question about two closes", || format!("{close:?}"))?;
                    self.desk.told.push((close, result));
                    continue;
                }
                let throttled = asked_before.iter().find(|(who, until)| *who == client && now < *until);
                check(decision.is_err() || throttled.is_none(), "asked too often", || format!("{close:?} at {now}: {throttled:?}"))?;
                let operator = self.desk.operators.get(close.session_id.as_str()).cloned();
                check(operator.is_some() || decision.is_err() || close.wish == Wish::Ask, "asked about nobody", || format!("{close:?}"))?;
                let asked = decision.is_ok();
                let known =
                    Known { session: close.session_id.to_string(), line, operator, client: client.into(), asked, at: now, talk: false };
                check(self.watch.closes.insert(RequestId::named(&rating_request.to_string()), known).is_none(), "I1 one id twice", || {
                    rating_request.to_string()
                })?;
            }
            self.desk.told.push((close, result));
        }
        Ok(())
    }

    /// Clients whose question counts, and the time until which they may not be asked again.
    async fn asked_clients(&self) -> Result<Vec<(String, Millis)>, Broken> {
        let requests = inspect::rating_requests(&self.db).await?;
        let canceled = |id: RequestId| {
            requests.iter().any(|request| request.id == id && request.outcome.map(|outcome| outcome.as_str()) == Some("canceled"))
        };
        let provider = self.provider.lock().clone();
        let seen = |id: RequestId| {
            let its = |held: &&inspect::Held| held.delivery.request() == Some(id) && held.delivery.kind == Kind::Ask;
            self.watch.rows.values().filter(its).any(|held| provider.copies(&held.delivery.id.to_string()) > 0)
        };
        let counts = |id: RequestId| !canceled(id) || seen(id);
        let asked = self.watch.closes.iter().filter(|(id, close)| close.asked && once_in_hours(close.line) > 0 && counts(**id));
        Ok(asked.map(|(_, close)| (close.client.clone(), close.at + Millis::from(once_in_hours(close.line)) * HOUR)).collect())
    }

    /// The same key again: the same result (I2); with another body it is refused.
    async fn close_again(&mut self, number: usize) -> Result<(), Broken> {
        if self.desk.told.is_empty() {
            return Ok(());
        }
        let (mut close, before) = self.desk.told[self.rng.random_range(0..self.desk.told.len())].clone();
        let other_body = self.rng.random_bool(0.3);
        if other_body {
            close.body_hash.push('!');
        }
        let engine = self.nodes[number].engine.clone();
        let results = close_sessions(&engine, vec![close.clone()], engine.now()).await?;
        self.note(format!("desk tells {} again (other body: {other_body}) → {results:?}", close.event_key));
        let right = match (&before, results.first()) {
            (_, Some(Closed::KeyReused)) => other_body,
            (_, _) if other_body => false,
            (Closed::Kept { rating_request: first, .. }, Some(Closed::Kept { rating_request: again, repeated, .. })) => {
                first == again && *repeated
            }
            (Closed::AlreadyClosed { rating_request: first, .. }, Some(Closed::AlreadyClosed { rating_request: again, repeated })) => {
                first == again && *repeated
            }
            (before, again) => again == Some(before),
        };
        check(right, "I2", || format!("{before:?}, then {results:?}"))
    }

    fn told(&mut self, chat: usize) -> EventEnvelope {
        let key = self.desk.key();
        let back = if self.rng.random_bool(0.1) { HOUR } else { 0 };
        EventEnvelope {
            source: "desk".into(),
            body_hash: format!("hash of {key}"),
            event_key: key,
            session_id: self.desk.chats[chat].id.clone().into(),
            occurred_at: self.now - back,
        }
    }

    /// From this commit on, questions about this session's closes must not be sent (I9).
    fn bar(&mut self, session: &str, why: &'static str) {
        let of_session = self.watch.closes.iter().filter(|(_, close)| close.session == session).map(|(id, _)| (*id, why));
        self.watch.barred.extend(of_session);
    }

    async fn reopen(&mut self, number: usize, chat: usize) -> Result<(), Broken> {
        let (engine, told) = (self.nodes[number].engine.clone(), self.told(chat));
        let (session, now) = (told.session_id.clone(), engine.now());
        let taken = change_session(&engine, told.clone(), SessionChange::Reopened, now).await?;
        self.note(format!("desk reopens {session}: {taken:?}"));
        if taken == EventResult::Applied {
            self.bar(session.as_str(), "reopened");
            let again = change_session(&engine, told, SessionChange::Reopened, now).await?;
            check(again == EventResult::Repeated, "I2", || format!("reopened twice: {again:?}"))?;
        }
        Ok(())
    }

    async fn reassign(&mut self, number: usize, chat: usize) -> Result<(), Broken> {
        let (engine, told) = (self.nodes[number].engine.clone(), self.told(chat));
        let operator = format!("op{}", self.rng.random_range(0..2));
        self.desk.chats[chat].operator.clone_from(&operator);
        let session = told.session_id.clone();
        let taken = change_session(
            &engine,
            told,
            SessionChange::Reassigned { operator: Some(Operator { id: operator.clone().into(), name: None, kind: None }), line: None },
            engine.now(),
        )
        .await?;
        if taken == EventResult::Applied {
            self.desk.operators.insert(session.into(), operator);
        }
        self.note(format!("desk reassigns {}: {taken:?}", self.desk.chats[chat].id));
        Ok(())
    }

    async fn merge(&mut self, number: usize, chat: usize) -> Result<(), Broken> {
        let (engine, told) = (self.nodes[number].engine.clone(), self.told(chat));
        let (session, into) = (told.session_id.clone(), self.desk.chats[0].id.clone());
        if session == into {
            return Ok(());
        }
        let taken = change_session(&engine, told, SessionChange::Merged { into: into.into() }, engine.now()).await?;
        self.note(format!("desk merges {session}: {taken:?}"));
        if taken == EventResult::Applied {
            self.bar(session.as_str(), "merged");
        }
        Ok(())
    }

    /// The session is opened, perhaps again: questions about its earlier closes must not be sent.
    async fn open(&mut self, number: usize, chat: usize) -> Result<(), Broken> {
        let (engine, told, person) = (self.nodes[number].engine.clone(), self.told(chat), self.desk.chats[chat].clone());
        let id = told.session_id.clone();
        let closed_at = self
            .session(id.as_str())
            .await?
            .filter(|session| session.status == SessionStatus::Closed)
            .and_then(|session| session.closed_at);
        let anew = closed_at.is_some_and(|closed_at| told.occurred_at > closed_at);
        let opening = Opening {
            line_id: person.line.into(),
            client: Some(person.client.into()),
            connection: Some(person.connection.into()),
            address: Some(person.to),
            ..Opening::default()
        };
        let taken = change_session(&engine, told, SessionChange::Opened(opening), engine.now()).await?;
        self.note(format!("desk opens {id}: {taken:?}"));
        if taken == EventResult::Applied && anew {
            self.bar(id.as_str(), "opened anew");
        }
        Ok(())
    }

    async fn session(&self, id: &str) -> Result<Option<Session>, Broken> {
        Ok(session::find(&self.db, &id.into()).await?.pop())
    }

    /// The client is asked while the session is open: once, and never against the rules that protect the client.
    async fn ask_while_talking(&mut self, number: usize, chat: usize) -> Result<(), Broken> {
        let (engine, id) = (self.nodes[number].engine.clone(), self.desk.chats[chat].id.clone());
        let (before, asked_before, now) = (self.session(&id).await?, self.asked_clients().await?, engine.now());
        let asked = ask_while_talking(&engine, &By::command(), &"desk".into(), &id.as_str().into(), now).await?;
        self.note(format!("{id} is asked while talking: {asked:?}"));
        let AskedTalking::Asked(request) = asked else { return Ok(()) };
        let open = before.is_some_and(|session| session.status == SessionStatus::Open && session.talk_request.is_none());
        check(open, "asked while not talking", || format!("{request:?}"))?;
        let line = LINES.into_iter().find(|line| *line == request.line_id).unwrap_or_default();
        let client = self.desk.chats[chat].client.clone();
        let throttled = asked_before.iter().find(|(who, until)| *who == client && now < *until);
        check(throttled.is_none(), "asked too often", || format!("{request:?} at {now}: {throttled:?}"))?;
        let operator = self.desk.operators.get(&id).cloned();
        let known = Known { session: id, line, operator, client, asked: true, at: now, talk: true };
        check(self.watch.closes.insert(RequestId::named(&request.id.to_string()), known).is_none(), "I1 one id twice", || {
            request.id.to_string()
        })
    }

    /// A person asks a client by hand about a close: only if the client was not asked.
    async fn ask_by_hand(&mut self, number: usize) -> Result<(), Broken> {
        let ids: Vec<RequestId> = self.watch.closes.keys().cloned().collect();
        if ids.is_empty() {
            return Ok(());
        }
        let (engine, id) = (self.nodes[number].engine.clone(), ids[self.rng.random_range(0..ids.len())]);
        let before = inspect::rating_requests(&self.db).await?.into_iter().find(|request| request.id == id);
        let now = engine.now();
        let asked = ask_by_hand(&engine, &By::command(), id, "", now).await?;
        self.note(format!("{id} is asked by hand: {asked:?}"));
        if let AskedByHand::Asked(_) = asked {
            let right = before.as_ref().is_some_and(|before| before.outcome.map(|outcome| outcome.as_str()) == Some("not_asked"));
            check(right, "asked twice by hand", || format!("{before:?}"))?;
            if let Some(known) = self.watch.closes.get_mut(&id) {
                (known.asked, known.at) = (true, now);
            }
        }
        Ok(())
    }
}
