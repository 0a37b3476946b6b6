//! Edits and deletions of a client's message that was an answer. An edited score is another score, while a score can be changed. An
//! edited comment is another comment. A deleted comment is removed, and the history records it. An edit into something that is no
//! score changes nothing. If the message of a typed score is deleted, the score stays. Any other message is passed on to the desk.
//! A message that is edited into "STOP" or "START" opts the client out or in, like a new message; an answer in it stays.
//!
//! An edit may arrive before its message, or before an earlier edit. Each is stored with the platform's order, and applied after
//! its message has arrived, so that the result is the same (invariant I10).

use super::batch::{Batch, Judged, SaidIn, Scored};
use crate::answer::batch::Effect;
use crate::facts::inbound::Arrived;
use crate::message::settle::SettleMessage;
use lastword_base::names::ChatId;
use lastword_contract::{Address, Context, Inbound, InboundKind, TextMessage};
use lastword_domain::answer::opt_out::Wish;
use lastword_domain::answer::{AnswerKind, Disposition, text};
use lastword_domain::question::token::TokenValue;
use lastword_store::answer::message_change::{Here, MessageChange};
use lastword_store::answer::rating::Rating;
use lastword_store::answer::{AnswerEvent, Blanked};
use lastword_store::line::Line;
use lastword_store::question::rating_request::RatingRequest;

impl Batch<'_> {
    /// Processes an edited message.
    pub(super) fn edited(&mut self, one: &Arrived, message: &TextMessage) -> Judged {
        let Some(id) = &message.message_id else { return Judged::nothing(Disposition::NotAnAnswer) };
        let TextMessage { text, by, context, .. } = message;
        if let Some(wish) = Wish::read(text).filter(|_| !matches!(context, Context::Elsewhere(_))) {
            let replied = context.replied_to().and_then(|message| self.replied_to(one, by, message));
            let asked = replied.or_else(|| self.last_question(one, by, one.inbound.at.unwrap_or(self.now)));
            let judged = self.typed_wish(one, (by, text, wish), asked.map(|(request, _)| request));
            if judged.is_some() || wish == Wish::Stop {
                return judged.unwrap_or_else(|| Judged::nothing(Disposition::NotAnAnswer));
            }
        }
        let change = MessageChange { text: Some(text.clone()), ..self.change_of(one, by, id) };
        self.changed(one, by, change)
    }

    /// Processes a deleted message.
    pub(super) fn deleted(&mut self, one: &Arrived, by: &Address, id: &str) -> Judged {
        let change = MessageChange { deleted: 1, ..self.change_of(one, by, id) };
        self.changed(one, by, change)
    }

    fn change_of(&self, one: &Arrived, by: &Address, id: &str) -> MessageChange {
        MessageChange {
            source: one.connection.as_str().into(),
            event_key: one.inbound.key.clone(),
            chat: ChatId::from(&by.chat),
            message_id: id.to_owned(),
            order_key: one.inbound.order,
            deleted: 0,
            text: None,
            received_at: self.now,
        }
    }

    fn changed(&mut self, one: &Arrived, by: &Address, change: MessageChange) -> Judged {
        let answers = self.said_in(one, by, &change.message_id);
        if answers.is_empty() {
            if self.may_answer(one, by) {
                self.said.changes.push(change.clone());
                self.writes.changes.push(change);
            }
            return Judged::nothing(Disposition::NotAnAnswer);
        }
        let judged = self.correct(one, &change, &answers);
        let settled = MessageChange { text: None, ..change };
        self.said.changes.push(settled.clone());
        self.writes.changes.push(settled);
        judged
    }

    /// True if a message that has not arrived yet may turn out to be an answer.
    fn may_answer(&self, one: &Arrived, by: &Address) -> bool {
        let last = self.questions.last_asked.get(&super::read::place(&self.engine.channels, one, by)).and_then(|id| self.requests.get(id));
        let lives = |request: &RatingRequest| request.expires_at.is_some_and(|expires_at| self.now <= expires_at);
        last.is_some_and(lives) || !self.open_here(one, by).is_empty()
    }

    /// Answers in a message of this client, including those earlier in this batch.
    fn said_in(&self, one: &Arrived, by: &Address, id: &str) -> Vec<AnswerEvent> {
        let theirs = |event: &&AnswerEvent| {
            let request = self.requests.get(&event.request_id);
            let mut places = request.into_iter().flat_map(RatingRequest::places).filter(|(connection, _)| **connection == one.connection);
            let is_here = places.any(|(_, to)| serde_json::from_str(&to).is_ok_and(|to: Address| self.is_theirs(one, &to, by)));
            event.source == one.connection && event.message_id.as_deref() == Some(id) && is_here
        };
        self.said.answers.iter().filter(theirs).cloned().collect()
    }

    /// Applies changes that arrived before their message, in the platform's order.
    pub(super) fn catch_up(&mut self, one: &Arrived, by: &Address, id: &str) {
        let here = |change: &&MessageChange| {
            let waits = change.deleted == 1 || change.text.is_some();
            waits && change.source == one.connection && change.message_id == id && change.chat == by.chat
        };
        let mut changes: Vec<MessageChange> = self.said.changes.iter().filter(here).cloned().collect();
        if changes.is_empty() {
            return;
        }
        let also_message = self.also_message;
        changes.sort_by(|one, next| (one.deleted, one.order_key, &one.event_key).cmp(&(next.deleted, next.order_key, &next.event_key)));
        for change in changes {
            let answers = self.said_in(one, by, id);
            if answers.is_empty() {
                break;
            }
            let kind = InboundKind::Other { kind: "overtook its message".to_owned() };
            let inbound = Inbound { key: change.event_key.clone(), order: change.order_key, at: None, kind };
            self.correct(&Arrived { inbound, ..one.clone() }, &change, &answers);
        }
        self.also_message = also_message;
        let here = Here { connection: one.connection.clone(), chat: ChatId::from(&by.chat), message: id.to_owned() };
        let of_it = |change: &&mut MessageChange| {
            change.source == here.connection && (&change.chat, &change.message_id) == (&here.chat, &here.message)
        };
        self.writes.changes.iter_mut().filter(of_it).for_each(|change| change.text = None);
        self.writes.settled.push(here);
    }

    /// Applies a change of a message that is an answer; `answers` are all answers in it.
    fn correct(&mut self, one: &Arrived, change: &MessageChange, answers: &[AnswerEvent]) -> Judged {
        let newest = answers.last().and_then(|event| self.asked(event.request_id));
        let Some((request, line)) = newest else { return Judged::nothing(Disposition::NotAnAnswer) };
        let order = answers.iter().map(|event| event.order_key).min().unwrap_or(change.order_key);
        self.said_in = Some(SaidIn { message: change.message_id.clone(), order });
        let told = Told { one, change, answers };
        let disposition = match &change.text {
            Some(text) if change.deleted == 0 => self.reworded(&told, (&request, &line), text),
            _ => self.comment_gone(&told, &request),
        };
        self.said_in = None;
        Judged::about(request.id, disposition)
    }

    fn reworded(&mut self, told: &Told<'_>, (request, line): (&RatingRequest, &Line), text: &str) -> Disposition {
        if !told.said(AnswerKind::Score) {
            return self.recommented(told, (request, line), text);
        }
        let Some(typed) = text::read(text, request.scale, &Self::languages(request, line)) else { return Disposition::NotAnAnswer };
        let disposition = self.score(told.one, request, line, Scored::Said(typed.score), None);
        // Text beside a score is also a message, which the desk has already received in its old form.
        self.also_message = typed.comment.is_some() || told.said(AnswerKind::Comment);
        match typed.comment {
            _ if matches!(disposition, Disposition::Late | Disposition::Locked) => {}
            Some(comment) => drop(self.recommented(told, (request, line), &comment)),
            None if told.said(AnswerKind::Comment) => drop(self.comment_gone(told, request)),
            None => {}
        }
        disposition
    }

    fn recommented(&mut self, told: &Told<'_>, (request, line): (&RatingRequest, &Line), text: &str) -> Disposition {
        if self.is_overtaken(told) {
            self.remember(told.one, request.id, AnswerKind::Comment, text.to_owned(), Disposition::Superseded);
            return Disposition::Superseded;
        }
        self.follow_up(told.one, request, line, TokenValue::Comment, Some(text), None)
    }

    /// Removes the comment of a message if it is the one that counts, and its text from the history in any case.
    fn comment_gone(&mut self, told: &Told<'_>, request: &RatingRequest) -> Disposition {
        if !told.said(AnswerKind::Comment) {
            return Disposition::NotAnAnswer;
        }
        self.also_message |= told.said(AnswerKind::Score);
        let id = &told.change.message_id;
        let of_it = |event: &&mut AnswerEvent| {
            event.kind == AnswerKind::Comment && event.request_id == request.id && event.message_id.as_ref() == Some(id)
        };
        self.writes.history.iter_mut().filter(of_it).for_each(|event| event.value.clear());
        self.writes.blanked.push(Blanked { request: request.id, message: id.clone() });
        let before = self.ratings.get(&request.id).cloned();
        let counts = before.filter(|rating| rating.comment.is_some() && rating.comment_message.as_ref() == Some(id));
        let disposition = if counts.is_some() && !self.is_overtaken(told) { Disposition::Counted } else { Disposition::Superseded };
        if let Some(rating) = counts.filter(|_| disposition == Disposition::Counted) {
            self.put(Rating {
                comment: None,
                tags: None,
                comment_deleted_at: Some(self.now),
                revision: rating.revision + 1,
                changed_at: self.now,
                ..rating.clone()
            });
            let (request, before) = (request.id, Some(rating));
            self.writes.effects.push(Effect { request, pressed: None, says: SettleMessage::Thanks, before, changed: true });
        }
        self.remember(told.one, request.id, AnswerKind::CommentDeleted, String::new(), disposition);
        disposition
    }

    /// True if a later change of the comment arrived before. Nothing comes after a deletion.
    fn is_overtaken(&self, Told { change, answers, .. }: &Told<'_>) -> bool {
        let place = |of: &MessageChange| (of.source.clone(), of.chat.clone(), of.message_id.clone());
        let same = |other: &&MessageChange| place(other) == place(change);
        let by_change = |event: &&AnswerEvent| self.said.changes.iter().filter(same).any(|other| other.event_key == event.event_key);
        let comment = |event: &&AnswerEvent| matches!(event.kind, AnswerKind::Comment | AnswerKind::CommentDeleted) && by_change(event);
        let order = (change.order_key, change.event_key.as_str());
        let later = || answers.iter().filter(comment).any(|event| (event.order_key, event.event_key.as_str()) > order);
        let gone = || self.said.changes.iter().filter(same).any(|other| other.deleted == 1);
        change.deleted == 0 && (gone() || later())
    }
}

/// A reported change, and the answers in its message.
struct Told<'a> {
    one: &'a Arrived,
    change: &'a MessageChange,
    answers: &'a [AnswerEvent],
}

impl Told<'_> {
    fn said(&self, kind: AnswerKind) -> bool {
        self.answers.iter().any(|event| event.kind == kind)
    }
}
