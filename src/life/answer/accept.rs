//! Processes a batch of events from channels in one transaction: the data they refer to is read, each event is judged without
//! further database access, and all results are written. A tap or a comment becomes a rating; a low rating raises alerts; a
//! delivery status updates its delivery; everything else is passed on as an ordinary message.

use super::batch::{Batch, Heard, Judged, TokenInput, through_link};
use super::read::answers_all;
use crate::engine::Engine;
use crate::engine::notifications::Notification;
use crate::facts::inbound::{AcceptResult, Arrived};
use crate::report::watch::hear::hear;
use crate::shared_account::forward_outbox;
use lastword_base::names::{ChatId, ConnectionId, Place, RequestId, Subject};
use lastword_contract::{Address, InboundKind};
use lastword_domain::answer::Disposition;
use lastword_domain::question::token::{self, Claimed, Purpose, TokenValue};
use lastword_store::inbox::Event;
use lastword_store::session::conversation::ConversationUpdate;
use lastword_store::{Millis, StoreError, Tx, connection, transaction};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Processes events from channels in the given order, and stores the polling `cursor` of a connection if there is one.
///
/// # Errors
/// A database error; then nothing was stored and the platform sends it again.
#[lastword_base::boxed]
pub async fn accept(
    engine: &Engine,
    arrived: Vec<Arrived>,
    cursor: Option<(ConnectionId, String)>,
    now: Millis,
) -> Result<Vec<AcceptResult>, StoreError> {
    accept_shared(engine, Arc::new(arrived), cursor, now).await
}

/// As [`accept`], for a batch that the caller still shares.
///
/// # Errors
/// A database error; then nothing was stored.
#[lastword_base::boxed]
pub async fn accept_shared(
    engine: &Engine,
    arrived: Arc<Vec<Arrived>>,
    cursor: Option<(ConnectionId, String)>,
    now: Millis,
) -> Result<Vec<AcceptResult>, StoreError> {
    let by_platform = arrived.iter().filter(|one| !through_link(&one.inbound.key));
    let heard: Vec<ConnectionId> = by_platform.map(|one| one.connection.clone()).collect();
    let (taken, news) = transaction!(engine.db, [engine, arrived, cursor], async |tx| {
        let result = take_in(tx, &engine, &arrived, now).await?;
        if let Some((name, cursor)) = cursor {
            connection::keep_cursor(tx, &name, &cursor).await?;
        }
        Ok(result)
    })
    .await?;
    // Events through a link's page are no sign of life of the platform.
    let platforms: BTreeSet<&ConnectionId> = heard.iter().collect();
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
    let (mut taken, mut news, mut cases) = (Vec::with_capacity(arrived.len()), Vec::new(), Vec::new());
    // After a move, later events use the new address.
    let moves = |one: &Arrived| matches!(one.inbound.kind, InboundKind::Moved { .. });
    for together in arrived.chunk_by(|one, next| !moves(one) && !moves(next)) {
        Batch::hold_first(tx, engine, together).await?;
        let told = super::platform::hear_all(tx, engine, together, now).await?;
        cases.extend(told.cases);
        let mut batch = Batch::read(tx, engine, together, now).await?;
        taken.extend(together.iter().zip(told.became).map(|(one, became)| batch.take_one(one, became)));
        batch.hold_suspects();
        news.extend(told.news);
        news.extend(batch.write_quietly(tx, &mut cases).await?);
    }
    hear(tx, engine, &cases, now).await?;
    forward_outbox::keep(tx, engine, arrived, &taken).await?;
    Ok((taken, news))
}

fn spinner(what: &InboundKind) -> Option<String> {
    match what {
        InboundKind::Press { press_id, .. } => press_id.clone(),
        InboundKind::Text(_)
        | InboundKind::Reaction(_)
        | InboundKind::Edited(_)
        | InboundKind::Deleted { .. }
        | InboundKind::Comment { .. }
        | InboundKind::Form { .. }
        | InboundKind::Wrote { .. }
        | InboundKind::Moved { .. }
        | InboundKind::Status { .. }
        | InboundKind::Reachable { .. }
        | InboundKind::Other { .. } => None,
    }
}

impl Batch<'_> {
    /// Processes one event; `became` is the result of a delivery status or a move, which was already applied.
    fn take_one(&mut self, one: &Arrived, became: Option<Disposition>) -> AcceptResult {
        let key = one.event();
        if let Some(&ours) = self.seen.get(&key) {
            let acknowledge = spinner(&one.inbound.kind).filter(|_| ours).map(|press_id| (press_id, String::new()));
            return AcceptResult { disposition: Disposition::Repeated, repeated: true, also_message: false, acknowledge };
        }
        let Judged { disposition, subject, word } = became.map_or_else(|| self.judge(one), Judged::nothing);
        let ours = disposition != Disposition::Forged || answers_all(self.engine, &one.connection);
        self.seen.insert(key, ours);
        self.keep_event(one, disposition, subject);
        self.writes.news.push(match &one.inbound.kind {
            InboundKind::Text(_) if disposition == Disposition::NotAnAnswer => Notification::Wrote { connection: one.connection.clone() },
            _ => Notification::Answered { rating_request: subject, disposition: disposition.as_str() },
        });
        if matches!(one.inbound.kind, InboundKind::Wrote { .. }) {
            self.writes.news.push(Notification::Wrote { connection: one.connection.clone() });
        }
        let acknowledge = spinner(&one.inbound.kind).filter(|_| ours).map(|press_id| (press_id, word));
        let also_message = std::mem::take(&mut self.also_message);
        AcceptResult { disposition, repeated: false, also_message, acknowledge }
    }

    fn judge(&mut self, one: &Arrived) -> Judged {
        match &one.inbound.kind {
            InboundKind::Press { token, by, message_id, .. } => {
                let Some(claimed) = token::read(token) else { return Judged::nothing(Disposition::Forged) };
                match claimed.purpose {
                    Purpose::Rate => self.answer(one, &claimed, by, message_id.clone(), TokenInput::Tap),
                    Purpose::Acknowledge => self.alert_seen(one, &claimed, by, message_id.as_deref()),
                }
            }
            InboundKind::Comment { token, by, text } => match token::read(token) {
                Some(claimed) if claimed.value == TokenValue::Comment => self.answer(one, &claimed, by, None, TokenInput::Text(text)),
                _ => Judged::nothing(Disposition::Forged),
            },
            InboundKind::Text(message) => self.text(one, message),
            InboundKind::Reaction(reaction) => self.react(one, reaction),
            InboundKind::Edited(message) => self.edited(one, message),
            InboundKind::Deleted { by, message_id } => self.deleted(one, by, message_id),
            InboundKind::Reachable { by, reachable } => {
                self.hear(by, ConversationUpdate { blocked: Some(i64::from(!reachable)), ..self.heard_in(one, by) });
                Judged::nothing(Disposition::Counted)
            }
            InboundKind::Form { token, by, score, comment } => match token::read(token) {
                Some(claimed) if claimed.value == TokenValue::Form => self.form(one, &claimed, by, (*score, comment.as_deref())),
                _ => Judged::nothing(Disposition::Forged),
            },
            InboundKind::Wrote { by, at, window_expires_at } => {
                let answers = self.answers.contains(&(one.connection.clone(), ChatId::from(&by.chat), one.inbound.at));
                let heard = ConversationUpdate {
                    last_client_message_at: Some(*at),
                    last_words_at: Some(*at).filter(|_| !answers),
                    window_expires_at: *window_expires_at,
                    ..self.heard_in(one, by)
                };
                self.hear(by, heard);
                self.wrote(one, by, *at);
                Judged::nothing(Disposition::NotAnAnswer)
            }
            // Platform events were already applied.
            InboundKind::Moved { .. } | InboundKind::Status { .. } | InboundKind::Other { .. } => Judged::nothing(Disposition::NotAnAnswer),
        }
    }

    /// Judges a platform's own form: its score, and the comment in it.
    fn form(&mut self, one: &Arrived, claimed: &Claimed, by: &Address, (score, comment): (u8, Option<&str>)) -> Judged {
        let judged = self.answer(one, claimed, by, None, TokenInput::Score(score));
        if matches!(judged.disposition, Disposition::Counted | Disposition::Changed | Disposition::Repeated)
            && let Some(text) = comment
            && let Some(request) = claimed.subject.as_id().and_then(|id| self.requests.get(&id)).cloned()
            && let Some(line) = self.lines.get(&request.line_id).cloned()
        {
            self.follow_up(one, &request, &line, TokenValue::Comment, Some(text), None);
        }
        judged
    }

    /// An empty update of the conversation in which an event arrived.
    pub(super) fn heard_in(&self, one: &Arrived, by: &Address) -> ConversationUpdate {
        ConversationUpdate {
            connection: one.connection.clone(),
            identity: self.engine.channels.identity(&one.connection, &by.chat),
            chat: ChatId::from(&by.chat),
            last_client_message_at: None,
            last_words_at: None,
            window_expires_at: None,
            blocked: None,
            at: self.now,
        }
    }

    /// Records a conversation update; client times are capped at `now`.
    pub(super) fn hear(&mut self, by: &Address, update: ConversationUpdate) {
        let heard = |at: Option<Millis>| at.map(|at| at.min(self.now));
        let update = ConversationUpdate {
            last_client_message_at: heard(update.last_client_message_at),
            last_words_at: heard(update.last_words_at),
            ..update
        };
        let place = Place { connection: update.connection.clone(), chat: update.identity.clone() };
        let heard = match self.writes.conversations.remove(&place) {
            Some(known) => known.update.then(update),
            None => update,
        };
        self.writes.conversations.insert(place, Heard { by: by.clone(), update: heard });
    }

    fn keep_event(&mut self, one: &Arrived, disposition: Disposition, subject: Option<RequestId>) {
        self.writes.events.push(Event {
            source: one.connection.as_str().into(),
            event_key: one.inbound.key.clone(),
            kind: kind_of(&one.inbound.kind),
            body_hash: one.body_hash.clone(),
            received_at: self.now,
            subject: subject.map(Subject::from),
            disposition: Some(disposition.as_str().to_owned()),
            body: None,
        });
    }
}

fn kind_of(what: &InboundKind) -> &'static str {
    match what {
        InboundKind::Press { .. } => "press",
        InboundKind::Text(_) => "text",
        InboundKind::Reaction(_) => "reaction",
        InboundKind::Edited(_) => "edited",
        InboundKind::Deleted { .. } => "deleted",
        InboundKind::Comment { .. } => "comment",
        InboundKind::Form { .. } => "form",
        InboundKind::Wrote { .. } => "wrote",
        InboundKind::Moved { .. } => "moved",
        InboundKind::Status { .. } => "status",
        InboundKind::Reachable { .. } => "reachable",
        InboundKind::Other { .. } => "other",
    }
}
