//! Interprets a typed text. It is a score if exactly one question is open in the conversation and the text clearly is one
//! (`domain::answer::text`), a comment if it replies to a question that has its score, and an ordinary message otherwise. A reply
//! to the question itself that clearly is a score is another score, while a score can be changed. An ordinary message is passed on to programs as `message.received`; an open question stays open or is withdrawn, depending on its
//! line. Text beside a score is passed on as well. After an ordinary message the conversation is about something else: typed texts
//! are no longer taken for a score, unless they reply to the question itself; buttons still count. A text that refers to something
//! else (a reply to a message that is not ours, or something forwarded) is always an ordinary message. In any case the client
//! wrote, so the messaging window is open from then. An answer never opens or reopens a chat.

use super::batch::{Batch, Judged, SaidIn, Scored};
use super::react::asks;
use super::read::place;
use crate::events::{self, Message};
use crate::facts::inbound::Arrived;
use crate::question::withdraw::ending;
use lastword_base::names::RequestId;
use lastword_contract::{Address, Context, TextMessage};
use lastword_domain::answer::opt_out::Wish;
use lastword_domain::answer::{Disposition, text};
use lastword_domain::line::OtherText;
use lastword_domain::outcome::Withdrawn;
use lastword_domain::question::token::TokenValue;
use lastword_store::line::Line;
use lastword_store::question::ending::Behind;
use lastword_store::question::rating_request::RatingRequest;
use lastword_store::question::rating_request::place::Open;
use lastword_store::session::conversation::ConversationUpdate;
use lastword_store::{Millis, document_or_said};
use std::sync::Arc;

/// A text written this long before a question was sent, or earlier, cannot answer it: platforms report whole seconds, and clocks
/// differ.
const SLACK: Millis = 2_000;

/// A rating request and its line.
type Candidate = (RatingRequest, Arc<Line>);

impl Batch<'_> {
    /// Judges a typed text, and applies changes that arrived before it.
    pub(super) fn text(&mut self, one: &Arrived, message: &TextMessage) -> Judged {
        self.said_in = message.message_id.clone().map(|message| SaidIn { message, order: one.inbound.order });
        let judged = self.typed_text(one, message);
        self.said_in = None;
        if let Some(id) = &message.message_id {
            self.catch_up(one, &message.by, id);
        }
        judged
    }

    fn typed_text(&mut self, one: &Arrived, TextMessage { text, by, context, .. }: &TextMessage) -> Judged {
        let at = one.inbound.at.unwrap_or(self.now);
        let reply_to = context.replied_to();
        let replied = reply_to.and_then(|message| self.replied_to(one, by, message));
        let elsewhere = matches!(context, Context::Elsewhere(_));
        if let Some(wish) = Wish::read(text).filter(|_| !elsewhere) {
            let asked = replied.clone().or_else(|| self.last_question(one, by, at));
            if let Some(judged) = self.typed_wish(one, (by, text, wish), asked.map(|(request, _)| request)) {
                self.hear(by, ConversationUpdate { last_client_message_at: Some(at), ..self.heard_in(one, by) });
                return judged;
            }
        }
        let judged = match replied {
            Some((request, line)) if self.ratings.contains_key(&request.id) => {
                let question = reply_to.is_some_and(|message| self.behind(one, by, message).first().is_some_and(|behind| asks(behind)));
                let another = text::read(text, request.scale, &Self::languages(&request, &line)).filter(|_| question);
                let disposition = match another {
                    Some(typed) if typed.comment.is_none() => {
                        let disposition = self.score(one, &request, &line, Scored::Said(typed.score), None);
                        self.also_message = matches!(disposition, Disposition::Late | Disposition::Locked);
                        disposition
                    }
                    _ => self.follow_up(one, &request, &line, TokenValue::Comment, Some(text), None),
                };
                Some(Judged::about(request.id, disposition))
            }
            Some(asked) if self.is_open(&asked.0) => self.typed(one, &asked, text),
            // It refers to something else, whatever its content.
            None if elsewhere || (reply_to.is_some() && !self.is_nameless(one, by)) => None,
            Some(_) | None => self.only_question(one, by, at).and_then(|asked| self.typed(one, &asked, text)),
        };
        let words = Some(at).filter(|_| judged.is_none() || self.also_message);
        self.hear(by, ConversationUpdate { last_client_message_at: Some(at), last_words_at: words, ..self.heard_in(one, by) });
        match judged {
            Some(judged) if !self.also_message => judged,
            judged => self.message(one, &Message { by, text, reply_to, at }, judged),
        }
    }

    /// Passes a text on as an ordinary message, unless it was only an answer.
    fn message(&mut self, one: &Arrived, message: &Message<'_>, judged: Option<Judged>) -> Judged {
        let open = self.open_here(one, message.by);
        let ids: Vec<RequestId> = open.iter().map(|(request, _)| request.id).collect();
        let told = events::message_received(self.engine, &one.connection, message, &ids, self.now);
        self.writes.deliveries.extend(told);
        if let Some(judged) = judged {
            return judged;
        }
        self.end_typing(one, message.by, message.at);
        for (request, _) in open.iter().filter(|(_, line)| line.settings.other_text == OtherText::Cancel) {
            self.withdraw(request.id);
        }
        Judged::nothing(Disposition::NotAnAnswer)
    }

    /// Withdraws a question, because the client wrote about something else and the line cancels open questions then.
    fn withdraw(&mut self, id: RequestId) {
        let Some(progress) = self.progress.get(&id).cloned() else { return };
        let withdrawn = &mut self.writes.withdrawn;
        withdrawn.client_wrote.insert(id.to_owned());
        if progress.was_sent {
            withdrawn.sent.insert(id.to_owned());
        } else if !progress.may_have_left {
            withdrawn.kept_back.insert(id.to_owned());
        }
        self.end(ending(&progress, Withdrawn::ClientWrote, self.now));
    }

    /// Records that the client wrote, in any form, without a tap: later typed texts are for the desk.
    pub(super) fn wrote(&mut self, one: &Arrived, by: &Address, at: Millis) {
        let tap = self.questions.tapped.contains(&place(&self.engine.channels, one, by));
        if !tap {
            self.end_typing(one, by, at);
        }
    }

    /// Typed texts no longer answer the questions that had been sent when this was written.
    fn end_typing(&mut self, one: &Arrived, by: &Address, at: Millis) {
        for (request, _) in self.typed_at(one, by, at) {
            let now = self.now;
            self.change(request.id, |request| request.typing_ended_at = Some(now));
            self.writes.typing_ended.insert(request.id);
        }
    }

    /// The text as a score with a comment, if it clearly is one.
    fn typed(&mut self, one: &Arrived, (request, line): &Candidate, text: &str) -> Option<Judged> {
        let scale = request.scale;
        let typed = text::read(text, scale, &Self::languages(request, line))?;
        let disposition = self.score(one, request, line, Scored::Said(typed.score), None);
        self.also_message = typed.comment.is_some();
        if let Some(comment) = typed.comment.filter(|_| disposition == Disposition::Counted) {
            self.follow_up(one, request, line, TokenValue::Comment, Some(&comment), None);
        }
        Some(Judged::about(request.id, disposition))
    }

    /// The languages in which a client may express a score.
    pub(super) fn languages<'l>(request: &'l RatingRequest, line: &'l Line) -> Vec<&'l str> {
        let mut languages: Vec<&str> = line.settings.texts.keys().map(String::as_str).collect();
        languages.push(&line.settings.language);
        languages.extend(request.language.as_deref());
        languages
    }

    /// True if there is an open question here whose message is unknown: a text may reply to it.
    fn is_nameless(&self, one: &Arrived, by: &Address) -> bool {
        let nameless = |(request, _): &Candidate| self.questions.open.iter().any(|open| open.id == request.id && open.nameless == 1);
        self.open_here(one, by).iter().any(nameless)
    }

    /// The rating request of our message in this conversation to which the text replies.
    pub(super) fn replied_to(&self, one: &Arrived, by: &Address, message: &str) -> Option<Candidate> {
        self.behind(one, by, message).first().and_then(|newest| self.asked(newest.subject))
    }

    /// Contents of our message in this conversation, the newest first: a thank-you may have replaced a question.
    pub(super) fn behind(&self, one: &Arrived, by: &Address, message: &str) -> Vec<&Behind> {
        let same = |behind: &&Behind| {
            let address: Option<Address> = document_or_said("delivery", "address", behind.subject, &behind.address);
            behind.message.connection == one.connection
                && behind.message.message == message
                && address.is_some_and(|to| self.is_theirs(one, &to, by))
        };
        self.questions.behind.iter().rev().filter(same).collect()
    }

    /// The only question that a text typed now can answer.
    fn only_question(&self, one: &Arrived, by: &Address, at: Millis) -> Option<Candidate> {
        let mut left = self.typed_at(one, by, at);
        if left.len() == 1 { left.pop() } else { None }
    }

    /// The newest open question of this conversation that was sent before the text was written.
    pub(super) fn last_question(&self, one: &Arrived, by: &Address, at: Millis) -> Option<Candidate> {
        self.left_here(one, by, at).pop()
    }

    /// The open questions of this conversation that can be answered by typing, and had been sent when this was written.
    fn typed_at(&self, one: &Arrived, by: &Address, at: Millis) -> Vec<Candidate> {
        self.left_here(one, by, at).into_iter().filter(|asked| asked.0.typing_ended_at.is_none()).collect()
    }

    fn left_here(&self, one: &Arrived, by: &Address, at: Millis) -> Vec<Candidate> {
        let left = |asked: &Candidate| {
            let known = self.questions.open.iter().find(|open| open.id == asked.0.id);
            known.and_then(|open| open.left_at).is_some_and(|left_at| at + SLACK >= left_at)
        };
        self.open_here(one, by).into_iter().filter(left).collect()
    }

    /// The rating requests that are open in this conversation and addressed to this person.
    pub(super) fn open_here(&self, one: &Arrived, by: &Address) -> Vec<Candidate> {
        let there = place(&self.engine.channels, one, by);
        let here = |open: &&Open| open.place == there;
        let meant = |asked: &Candidate| {
            let read = |address: &str| document_or_said("rating_request", "address", asked.0.id, address);
            let address: Option<Address> = asked.0.asked_at().and_then(|(_, address)| read(&address));
            self.is_open(&asked.0) && address.is_some_and(|address| self.is_theirs(one, &address, by))
        };
        self.questions.open.iter().filter(here).filter_map(|open| self.asked(open.id)).filter(meant).collect()
    }

    /// True if `address` admits `by`, whichever form of the address either has.
    pub(super) fn is_theirs(&self, one: &Arrived, address: &Address, by: &Address) -> bool {
        let named = |of: &Address| Address { chat: self.engine.channels.identity(&one.connection, &of.chat).to_string(), ..of.clone() };
        named(address).admits(&named(by))
    }

    pub(super) fn asked(&self, id: RequestId) -> Option<Candidate> {
        let request = self.requests.get(&id)?;
        Some((request.clone(), self.lines.get(&request.line_id)?.clone()))
    }

    /// True if a question still has no score, including those of this batch.
    fn is_open(&self, request: &RatingRequest) -> bool {
        request.outcome.is_none() && !self.ratings.contains_key(&request.id)
    }
}
