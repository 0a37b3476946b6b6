//! What a channel told us is taken in: kept, judged, and given its effect, in one transaction. A press or a comment
//! becomes a rating; a low one raises alerts; a word of the platform moves a delivery; everything else goes on as an
//! ordinary message.

use super::batch::{Questions, Said, through_link};
use crate::domain::answer::Disposition;
use crate::domain::question::token::{self, Claimed, Purpose, TokenValue};
use crate::life::alert::acknowledge::acknowledge;
use crate::life::answer::batch::{AcceptResult, Arrived, Batch, Judged};
use crate::life::engine::Engine;
use crate::life::notifications::Notification;
use crate::life::question::address_change::{Move, follow};
use crate::life::question::delivery_status::{Message, hear};
use crate::life::question::window;
use crate::life::shared_account::forward_outbox;
use crate::store::answer::rating::{self};
use crate::store::answer::rating_edit::{self};
use crate::store::question::rating_request::{self};
use crate::store::records::inbox::{self, Event};
use crate::store::session::address_move;
use crate::store::session::conversation::ConversationUpdate;
use crate::store::{Millis, StoreError, Tx, alert, connection};
use lastword_contract::{Address, InboundKind};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Takes in what channels told us, in the order given, with the polling `cursor` of a connection if there is one.
///
/// # Errors
/// The database's error; then nothing was kept and the platform tells it again.
pub async fn accept(
    engine: &Engine,
    arrived: Vec<Arrived>,
    cursor: Option<(String, String)>,
    now: Millis,
) -> Result<Vec<AcceptResult>, StoreError> {
    accept_shared(engine, Arc::new(arrived), cursor, now).await
}

/// As [`accept`], of a batch that others hold as well.
///
/// # Errors
/// The database's error; then nothing was kept.
pub async fn accept_shared(
    engine: &Engine,
    arrived: Arc<Vec<Arrived>>,
    cursor: Option<(String, String)>,
    now: Millis,
) -> Result<Vec<AcceptResult>, StoreError> {
    let by_platform = arrived.iter().filter(|one| !through_link(&one.inbound.key));
    let heard: Vec<String> = by_platform.map(|one| one.connection.clone()).collect();
    let steps = engine.clone();
    let (taken, news) = engine
        .db
        .write(move |tx| {
            let (engine, arrived, cursor) = (steps.clone(), arrived.clone(), cursor.clone());
            Box::pin(async move {
                let result = take_in(tx, &engine, &arrived, now).await?;
                if let Some((name, cursor)) = cursor {
                    connection::keep_cursor(tx, &name, &cursor).await?;
                }
                Ok::<_, StoreError>(result)
            })
        })
        .await?;
    // What comes through a link's page says nothing about the platform.
    let platforms: BTreeSet<&str> = heard.iter().map(String::as_str).collect();
    platforms.into_iter().for_each(|connection| engine.hearing.heard(connection, now));
    if taken.iter().any(|taken: &AcceptResult| !taken.repeated) {
        engine.wake.ring();
        engine.pass_on.notify_waiters();
    }
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(taken)
}

async fn take_in(
    tx: &mut Tx,
    engine: &Engine,
    arrived: &[Arrived],
    now: Millis,
) -> Result<(Vec<AcceptResult>, Vec<Notification>), StoreError> {
    let keys: Vec<_> = arrived.iter().map(|one| (one.connection.as_str(), one.inbound.key.as_str())).collect();
    let may_answer = |connection: &str, forged: bool| !forged || answers_all(engine, connection);
    let was_ours = |(key, seen): ((String, String), inbox::Seen)| {
        let answered = may_answer(&key.0, seen.disposition.as_deref() == Some(Disposition::Forged.as_str()));
        (key, answered)
    };
    let mut seen: HashMap<(String, String), bool> = inbox::seen(tx, &keys).await?.into_iter().map(was_ours).collect();
    let mut batch = Batch::read(tx, engine, arrived, now).await?;
    let mut taken = Vec::with_capacity(arrived.len());
    for one in arrived {
        let key = (one.connection.clone(), one.inbound.key.clone());
        if let Some(&ours) = seen.get(&key) {
            let press_id = spinner(&one.inbound.kind).filter(|_| ours).map(|press_id| (press_id, String::new()));
            taken.push(AcceptResult { disposition: Disposition::Repeated, repeated: true, also_message: false, acknowledge: press_id });
            continue;
        }
        let (disposition, subject, word) = batch.take_one(tx, one).await?;
        let ours = may_answer(&one.connection, disposition == Disposition::Forged);
        seen.insert(key, ours);
        batch.keep_event(one, disposition, subject.clone());
        batch.news.push(match &one.inbound.kind {
            InboundKind::Text { .. } if disposition == Disposition::NotAnAnswer => {
                Notification::Wrote { connection: one.connection.clone() }
            }
            _ => Notification::Answered { rating_request: subject, disposition: disposition.as_str() },
        });
        let acknowledge = spinner(&one.inbound.kind).filter(|_| ours).map(|press_id| (press_id, word));
        let also_message = std::mem::take(&mut batch.also_message);
        taken.push(AcceptResult { disposition, repeated: false, also_message, acknowledge });
    }
    let news = batch.finish(tx).await?;
    forward_outbox::keep(tx, engine, arrived, &taken).await?;
    Ok((taken, news))
}

/// Whether presses that are none of ours are nobody's: with a desk behind the account, or beside us, they are the desk's to
/// answer.
fn answers_all(engine: &Engine, connection: &str) -> bool {
    engine.channels.desk(connection).is_none() && engine.channels.get(connection).is_some_and(|channel| !channel.shares_presses())
}

fn spinner(what: &InboundKind) -> Option<String> {
    match what {
        InboundKind::Press { press_id, .. } => press_id.clone(),
        InboundKind::Text { .. }
        | InboundKind::Comment { .. }
        | InboundKind::Form { .. }
        | InboundKind::Wrote { .. }
        | InboundKind::Moved { .. }
        | InboundKind::Status { .. }
        | InboundKind::Reachable { .. }
        | InboundKind::Other { .. } => None,
    }
}

/// The rating request that a token claims to be about.
fn claimed_request(what: &InboundKind) -> Option<String> {
    let (InboundKind::Press { token, .. } | InboundKind::Comment { token, .. } | InboundKind::Form { token, .. }) = what else {
        return None;
    };
    token::read(token).filter(|claimed| claimed.purpose == Purpose::Rate).map(|claimed| claimed.subject)
}

/// Where and when these came in that answer a question of ours.
fn answers(arrived: &[Arrived]) -> HashSet<(String, String, Option<Millis>)> {
    let answer = |one: &Arrived| {
        let (InboundKind::Press { by, .. } | InboundKind::Comment { by, .. } | InboundKind::Form { by, .. }) = &one.inbound.kind else {
            return None;
        };
        claimed_request(&one.inbound.kind).map(|_| (one.connection.clone(), by.chat.clone(), one.inbound.at))
    };
    arrived.iter().filter_map(answer).collect()
}

impl<'a> Batch<'a> {
    async fn read(tx: &mut Tx, engine: &'a Engine, arrived: &[Arrived], now: Millis) -> Result<Self, StoreError> {
        let questions = Questions::read(tx, arrived).await?;
        let mut ids: Vec<String> = arrived.iter().filter_map(|one| claimed_request(&one.inbound.kind)).collect();
        ids.extend(questions.requests());
        ids.sort();
        ids.dedup();
        let mut batch = Self {
            engine,
            now,
            requests: HashMap::new(),
            ratings: HashMap::new(),
            kept: HashMap::new(),
            moved: false,
            lines: HashMap::new(),
            questions,
            answers: answers(arrived),
            edits: Vec::new(),
            edited: false,
            also_message: false,
            touched: Vec::new(),
            history: Vec::new(),
            events: Vec::new(),
            effects: Vec::new(),
            deliveries: Vec::new(),
            news: Vec::new(),
        };
        batch.hold(tx, &ids.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        if arrived.iter().any(|one| through_link(&one.inbound.key)) {
            batch.edits = rating_edit::load(tx, &ids.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        }
        Ok(batch)
    }

    pub(crate) async fn hold(&mut self, tx: &mut Tx, ids: &[&str]) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        for request in rating_request::hold(tx, ids).await? {
            self.requests.insert(request.id.clone(), request);
        }
        let ratings = rating::load(tx, ids).await?;
        self.kept.extend(ratings.clone());
        self.ratings.extend(ratings);
        let mut lines: Vec<&str> = self.requests.values().map(|request| request.line_id.as_str()).collect();
        lines.sort_unstable();
        lines.dedup();
        let lines = self.engine.lines.current(tx, &lines).await?;
        self.lines.extend(lines);
        Ok(())
    }

    async fn take_one(&mut self, tx: &mut Tx, one: &Arrived) -> Result<Judged, StoreError> {
        let nothing = |disposition| (disposition, None, String::new());
        match &one.inbound.kind {
            InboundKind::Press { token, by, message_id, .. } => {
                let Some(claimed) = token::read(token) else { return Ok(nothing(Disposition::Forged)) };
                match claimed.purpose {
                    Purpose::Rate => self.answer(tx, one, &claimed, by, message_id.clone(), Said::Tap).await,
                    Purpose::Acknowledge => self.seen(tx, one, &claimed, by, message_id.as_deref()).await,
                }
            }
            InboundKind::Comment { token, by, text } => match token::read(token) {
                Some(claimed) if claimed.value == TokenValue::Comment => self.answer(tx, one, &claimed, by, None, Said::Text(text)).await,
                _ => Ok(nothing(Disposition::Forged)),
            },
            InboundKind::Text { text, by, reply_to } => self.text(tx, one, text, by, reply_to.as_deref()).await,
            InboundKind::Status { message_id, key, status } => {
                let message = Message { connection: &one.connection, key: key.as_deref(), id: message_id.as_deref() };
                let told = hear(tx, self.engine, &message, status, self.now).await?;
                self.news.extend(told.1);
                self.moved |= told.0 == Disposition::Counted;
                Ok(nothing(told.0))
            }
            InboundKind::Reachable { by, reachable } => {
                let news = self.conversation_news(one, by, Some(i64::from(!reachable)), None);
                window::learn(tx, self.engine, by, &news, self.now).await?;
                Ok(nothing(Disposition::Counted))
            }
            InboundKind::Form { token, by, score, comment } => match token::read(token) {
                Some(claimed) if claimed.value == TokenValue::Form => self.form(tx, one, &claimed, by, (*score, comment.as_deref())).await,
                _ => Ok(nothing(Disposition::Forged)),
            },
            InboundKind::Wrote { by, at, window_expires_at } => {
                let news = self.conversation_news(one, by, None, Some(*at));
                let words = Some(*at).filter(|_| !self.answers.contains(&(one.connection.clone(), by.chat.clone(), one.inbound.at)));
                let news = ConversationUpdate { window_expires_at: *window_expires_at, last_words_at: words, ..news };
                window::learn(tx, self.engine, by, &news, self.now).await?;
                self.wrote(tx, one, by, *at).await?;
                Ok(nothing(Disposition::NotAnAnswer))
            }
            InboundKind::Moved { from, to } => {
                let moved = Move { connection: &one.connection, from, to, told_by: &one.inbound.key };
                let followed = follow(tx, self.engine, &moved, self.now).await?;
                if followed {
                    let ids: Vec<String> = self.requests.keys().cloned().collect();
                    let again = rating_request::hold(tx, &ids.iter().map(String::as_str).collect::<Vec<_>>()).await?;
                    self.requests.extend(again.into_iter().map(|request| (request.id.clone(), request)));
                }
                Ok(nothing(if followed { Disposition::Counted } else { Disposition::NotAnAnswer }))
            }
            InboundKind::Other { .. } => Ok(nothing(Disposition::NotAnAnswer)),
        }
    }

    /// A platform's own form: its score, and what was written beside it.
    async fn form(
        &mut self,
        tx: &mut Tx,
        one: &Arrived,
        claimed: &Claimed,
        by: &Address,
        (score, comment): (u8, Option<&str>),
    ) -> Result<Judged, StoreError> {
        let judged = self.answer(tx, one, claimed, by, None, Said::Score(score)).await?;
        if matches!(judged.0, Disposition::Counted | Disposition::Changed | Disposition::Repeated)
            && let Some(text) = comment
            && let Some(request) = self.requests.get(&claimed.subject).cloned()
            && let Some(line) = self.lines.get(&request.line_id).cloned()
        {
            self.follow_up(one, &request, &line, TokenValue::Comment, Some(text), None);
        }
        Ok(judged)
    }

    /// A recipient has seen an alert.
    async fn seen(
        &mut self,
        tx: &mut Tx,
        one: &Arrived,
        claimed: &Claimed,
        by: &Address,
        message_id: Option<&str>,
    ) -> Result<Judged, StoreError> {
        let ours = |chat: &str| self.engine.keys.vouch(claimed, &format!("{}:{chat}", one.connection));
        let found = alert::find(tx, &claimed.subject).await?;
        let moved = match &found {
            // Sent before the recipient moved to the chat in which it is pressed.
            Some(found) if !ours(&by.chat) => address_move::earlier_chats(tx, &found.recipient_id, &one.connection, &by.chat).await?,
            Some(_) | None => Vec::new(),
        };
        if !ours(&by.chat) && !moved.iter().any(|earlier| ours(earlier)) {
            return Ok((Disposition::Forged, None, String::new()));
        }
        let Some(found) = found else { return Ok((Disposition::Unknown, None, String::new())) };
        let name = alert::recipient_name(tx, &found.recipient_id).await?.unwrap_or_else(|| found.recipient_id.clone());
        let address = serde_json::to_string(by).unwrap_or_default();
        let place = message_id.map(|message_id| (one.connection.as_str(), address.as_str(), message_id));
        let mut new = false;
        for alert in alert::in_same_message(tx, &found).await? {
            new |= acknowledge(tx, self.engine, &alert, &name, place.filter(|_| alert.id == found.id), self.now).await?;
        }
        let disposition = if new { Disposition::Counted } else { Disposition::Repeated };
        Ok((disposition, Some(found.request_id), "✓".to_owned()))
    }

    pub(super) fn conversation_news(
        &self,
        one: &Arrived,
        by: &Address,
        blocked: Option<i64>,
        wrote_at: Option<Millis>,
    ) -> ConversationUpdate {
        ConversationUpdate {
            connection: one.connection.clone(),
            chat: by.chat.clone(),
            last_client_message_at: wrote_at,
            last_words_at: None,
            window_expires_at: None,
            blocked,
            at: self.now,
        }
    }

    fn keep_event(&mut self, one: &Arrived, disposition: Disposition, subject: Option<String>) {
        self.events.push(Event {
            source: one.connection.clone(),
            event_key: one.inbound.key.clone(),
            kind: kind_of(&one.inbound.kind),
            body_hash: one.body_hash.clone(),
            received_at: self.now,
            subject,
            disposition: Some(disposition.as_str().to_owned()),
            body: None,
        });
    }
}

fn kind_of(what: &InboundKind) -> &'static str {
    match what {
        InboundKind::Press { .. } => "press",
        InboundKind::Text { .. } => "text",
        InboundKind::Comment { .. } => "comment",
        InboundKind::Form { .. } => "form",
        InboundKind::Wrote { .. } => "wrote",
        InboundKind::Moved { .. } => "moved",
        InboundKind::Status { .. } => "status",
        InboundKind::Reachable { .. } => "reachable",
        InboundKind::Other { .. } => "other",
    }
}
