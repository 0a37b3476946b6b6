//! What desks tell: closes, once and again and out of order, reopenings, other operators, merges.

use super::invariants::{Broken, Close as Known, check};
use super::people::{Chat, LINES, once_in_hours};
use super::world::World;
use lastword::domain::session::{ClosedBy, Operator, Wish};
use lastword::life::close_session::{Close, Closed, close_sessions};
use lastword::life::merge_session::merge_session;
use lastword::life::reassign_session::reassign_session;
use lastword::life::reopen_session::reopen_session;
use lastword::life::session_event::{Taken, Told};
use lastword::store::inspect;
use lastword::time::{HOUR, Millis, SECOND};
use rand::Rng;

/// The memory of a desk.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) chats: Vec<Chat>,
    /// Closes told so far, with what they got.
    told: Vec<(Close, Closed)>,
    events: usize,
}

impl Desk {
    pub(crate) fn new(chats: Vec<Chat>) -> Self {
        Self { chats, told: Vec::new(), events: 0 }
    }

    fn key(&mut self) -> String {
        self.events += 1;
        format!("e{}", self.events)
    }
}

impl World {
    /// The desk tells something.
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
        let operator = Operator { id: chat.operator.clone(), name: None };
        Close {
            source: "desk".to_owned(),
            body_hash: format!("hash of {key}"),
            event_key: key,
            session_id: chat.id,
            line_id: chat.line.to_owned(),
            closed_at: self.now - back,
            opened_at: None,
            closed_by: if self.rng.random_bool(0.95) { ClosedBy::Operator } else { ClosedBy::Spam },
            operator: Some(operator.clone()),
            operators: vec![operator],
            client: Some(chat.client),
            language: None,
            connection: Some(chat.connection.to_owned()),
            address: Some(chat.to),
            addresses: Vec::new(),
            last_client_message_at: Some(chat.wrote_at),
            operator_messages: None,
            client_messages: None,
            client_name: None,
            already_rated: false,
wish: Wish::Auto,
wish_reason: None,
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
                let throttled = asked_before.iter().find(|(who, until)| *who == client && now < *until);
                check(decision.is_err() || throttled.is_none(), "asked too often", || format!("{close:?} at {now}: {throttled:?}"))?;
                let operator = close.operator.as_ref().map(|operator| operator.id.clone()).unwrap_or_default();
                let known = Known { session: close.session_id.clone(), line, operator, client, asked: decision.is_ok(), at: now };
                check(self.watch.closes.insert(rating_request.clone(), known).is_none(), "I1 one id twice", || rating_request.clone())?;
            }
            self.desk.told.push((close, result));
        }
        Ok(())
    }

    /// Clients who were asked and not un-asked, and until when they may not be asked again.
    async fn asked_clients(&self) -> Result<Vec<(String, Millis)>, Broken> {
        let requests = inspect::rating_requests(&self.db).await?;
        let canceled = |id: &str| requests.iter().any(|request| request.id == id && request.outcome.as_deref() == Some("canceled"));
        let asked = self.watch.closes.iter().filter(|(id, close)| close.asked && once_in_hours(close.line) > 0 && !canceled(id));
        Ok(asked.map(|(_, close)| (close.client.clone(), close.at + Millis::from(once_in_hours(close.line)) * HOUR)).collect())
    }

    /// The same key again: the same result (I2), or another body under it: refused.
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

    fn told(&mut self, chat: usize) -> Told {
        let key = self.desk.key();
        let back = if self.rng.random_bool(0.1) { HOUR } else { 0 };
        Told {
            source: "desk".to_owned(),
            body_hash: format!("hash of {key}"),
            event_key: key,
            session_id: self.desk.chats[chat].id.clone(),
            occurred_at: self.now - back,
        }
    }

    /// From this commit on, questions about this session's closes must not leave any more (I9).
    fn bar(&mut self, session: &str, why: &'static str) {
        let of_session = self.watch.closes.iter().filter(|(_, close)| close.session == session).map(|(id, _)| (id.clone(), why));
        self.watch.barred.extend(of_session);
    }

    async fn reopen(&mut self, number: usize, chat: usize) -> Result<(), Broken> {
        let (engine, told) = (self.nodes[number].engine.clone(), self.told(chat));
        let (session, now) = (told.session_id.clone(), engine.now());
        let taken = reopen_session(&engine, told.clone(), now).await?;
        self.note(format!("desk reopens {session}: {taken:?}"));
        if taken == Taken::Applied {
            self.bar(&session, "reopened");
            let again = reopen_session(&engine, told, now).await?;
            check(again == Taken::Repeated, "I2", || format!("reopened twice: {again:?}"))?;
        }
        Ok(())
    }

    async fn reassign(&mut self, number: usize, chat: usize) -> Result<(), Broken> {
        let (engine, told) = (self.nodes[number].engine.clone(), self.told(chat));
        let operator = format!("op{}", self.rng.random_range(0..2));
        self.desk.chats[chat].operator.clone_from(&operator);
        let taken = reassign_session(&engine, told, Some(Operator { id: operator, name: None }), None, engine.now()).await?;
        self.note(format!("desk reassigns {}: {taken:?}", self.desk.chats[chat].id));
        Ok(())
    }

    async fn merge(&mut self, number: usize, chat: usize) -> Result<(), Broken> {
        let (engine, told) = (self.nodes[number].engine.clone(), self.told(chat));
        let (session, into) = (told.session_id.clone(), self.desk.chats[0].id.clone());
        if session == into {
            return Ok(());
        }
        let taken = merge_session(&engine, told, into, engine.now()).await?;
        self.note(format!("desk merges {session}: {taken:?}"));
        if taken == Taken::Applied {
            self.bar(&session, "merged");
        }
        Ok(())
    }
}
