//! Reactions of made-up clients to questions, and of the supervisor to alerts.

use super::agenda::{Answer, Event};
use super::cast::{
    COMMENT_SHARE, PRAISE_SHARE, REASON_SHARE, RESOLVED_SHARE, RESOLVED_YES, SHOP_CHAT, SUPERVISOR, TRIED, complaints, settings,
};
use super::history::History;
use super::words;
use lastword_base::names::ChatId;
use lastword_base::time::{HOUR, MINUTE, Millis, SECOND};
use lastword_contract::{ChoiceKind, Inbound, InboundKind, Outgoing, Purpose, TextMessage};
use lastword_domain::answer::rating::Scale;
use lastword_domain::line::texts;
use lastword_domain::question::token;
use lastword_life::facts::inbound::Arrived;
use lastword_queue::Handler;
use lastword_store::session::mail;
use lastword_store::{StoreError, transaction};
use serde_json::json;

/// Share of answers that come hours later.
const LATE_SHARE: f64 = 0.1;
/// Share of alerts that are acknowledged and then worked on.
const SEEN_SHARE: f64 = 0.4;

impl<H: Handler> History<H> {
    /// Reacts to the messages that arrived at one time.
    pub(super) async fn react(&mut self, heard: Vec<(&'static str, Outgoing)>, now: Millis) -> Result<(), StoreError> {
        // Most answers come within minutes; those to questions of one time come together.
        let (soon, then) =
            (now + 20 * SECOND + (self.chance().powi(3) * 40.0 * MINUTE as f64) as Millis, now + self.between(15 * SECOND, MINUTE));
        let seen = now + self.between(MINUTE, 15 * MINUTE);
        for (connection, message) in heard {
            match message.purpose {
                Purpose::Question(_) => self.answer(connection, &message, soon).await?,
                Purpose::Alert if connection == SUPERVISOR && self.chance() < SEEN_SHARE => {
                    let seen_it = message.choices.iter().find(|choice| choice.kind == ChoiceKind::Acknowledge);
                    if let Some(choice) = seen_it {
                        self.plan(seen, Event::Arrive(Box::new(press(connection, &message, &choice.token, seen))));
                    }
                }
                Purpose::Settle => self.say_more(connection, &message, then),
                _ => {}
            }
        }
        Ok(())
    }

    /// Plans the client's tap on a question, if any.
    async fn answer(&mut self, connection: &'static str, message: &Outgoing, soon: Millis) -> Result<(), StoreError> {
        let Some(mood) = self.moods.get(&message.to.chat) else { return Ok(()) };
        let (content, answers, line, bad_days) = (mood.content, mood.answers, mood.line, mood.bad_days);
        let answers = if message.text.contains(TRIED.question) { answers * TRIED.answers } else { answers };
        if self.chance() >= answers {
            self.moods.remove(&message.to.chat);
            return Ok(());
        }
        let at = if self.chance() < LATE_SHARE { self.gathered(soon + self.between(HOUR, 20 * HOUR)) } else { soon };
        let scores: Vec<&str> =
            message.choices.iter().filter(|choice| choice.kind == ChoiceKind::Score).map(|choice| choice.token.as_str()).collect();
        let (well, where_in) = (self.chance() < content, self.chance());
        // Best first: satisfied clients tap in the upper part of the scale, others in the lower.
        let place = match (scores.len(), well) {
            (2, true) => 0,
            (2, false) => 1,
            (_, true) => usize::from(where_in > 0.7),
            (_, false) => 2 + (where_in * 3.0) as usize,
        };
        let Some(token) = scores.get(place) else { return Ok(()) };
        self.plan(at, Event::Arrive(Box::new(press(connection, message, token, at))));
        let (reason, ..) = *self.pick(complaints(line), |&(_, before, now)| if bad_days { now } else { before });
        self.moods.get_mut(&message.to.chat).into_iter().for_each(|mood| mood.reason = reason);
        if !well {
            self.talk(connection, &message.to.chat, reason).await?;
        }
        if let Some(request) = token::read(token).and_then(|claimed| claimed.subject.as_id()) {
            self.plan_work(&Answer { request, reason, well, at });
        }
        Ok(())
    }

    /// Writes the conversation in the chat of a dissatisfied client.
    async fn talk(&mut self, connection: &'static str, chat: &str, reason: &str) -> Result<(), StoreError> {
        let Some(mood) = self.moods.get(chat) else { return Ok(()) };
        let step = (mood.closed_at - mood.opened_at) / 5;
        let said = words::talk(reason, self.chance()).into_iter().zip(1..).map(|(text, place)| {
            let at = mood.opened_at + place * step;
            let from = if place % 2 == 1 { json!({ "from": "visitor" }) } else { json!({ "from": "operator", "name": mood.operator }) };
            let mut body = json!({ "kind": "message", "text": text, "at": at });
            body.as_object_mut().into_iter().for_each(|body| body.extend(from.as_object().cloned().unwrap_or_default()));
            (format!("said-{place}"), body.to_string(), at)
        });
        let (said, chat): (Vec<(String, String, Millis)>, ChatId) = (said.collect(), chat.into());
        transaction!(self.engine.db, [said, chat], async |tx| {
            for (key, body, at) in &said {
                mail::put(tx, &connection.into(), &chat, key, body, *at).await?;
            }
            Ok(())
        })
        .await
    }

    /// Plans what follows a score: whether the issue was resolved, and for dissatisfied clients a reason and a comment.
    fn say_more(&mut self, connection: &'static str, message: &Outgoing, at: Millis) {
        // Only once: each answer replaces the message, which is then recorded again.
        let Some(mood) = self.moods.remove(&message.to.chat) else { return };
        let tokens = |kind| message.choices.iter().filter(move |choice| choice.kind == kind).map(|choice| choice.token.as_str());
        let reasons: Vec<&str> = tokens(ChoiceKind::Reason).collect();
        let low = !reasons.is_empty();
        let answers: Vec<&str> = tokens(ChoiceKind::Resolved).collect();
        if self.chance() < RESOLVED_SHARE
            && let [yes, no] = answers[..]
        {
            let resolved = self.chance() < if low { RESOLVED_YES.1 } else { RESOLVED_YES.0 };
            self.plan(at, Event::Arrive(Box::new(press(connection, message, if resolved { yes } else { no }, at))));
        }
        if !low {
            self.praise(connection, message, mood.content, at);
            return;
        }
        let settings = settings(mood.line, Scale::Binary);
        let place = texts::words(&settings, Some("en")).reasons.iter().position(|reason| reason.code == mood.reason);
        if self.chance() < REASON_SHARE
            && let Some(token) = place.and_then(|place| reasons.get(place))
        {
            self.plan(at, Event::Arrive(Box::new(press(connection, message, token, at))));
        }
        if self.chance() < COMMENT_SHARE
            && let Some(place) = &message.comment
        {
            let text = words::comment(mood.reason, self.chance()).to_owned();
            let what = InboundKind::Comment { token: place.token.clone(), by: message.to.clone(), text };
            self.plan(at, Event::Arrive(Box::new(arrived(connection, format!("comment-{}", message.key), what, at))));
        }
    }

    /// Plans the comment of a client who is satisfied, as a reply to the thank-you; a chat on a site has none.
    fn praise(&mut self, connection: &'static str, message: &Outgoing, content: f64, at: Millis) {
        if self.chance() < PRAISE_SHARE * content && connection != SHOP_CHAT {
            let text = words::praise(self.chance()).to_owned();
            let replied_to = message.replaces.as_ref().unwrap_or(&message.key).clone();
            let key = format!("praise-{}", message.key);
            let said = TextMessage::new(text, message.to.clone()).with_id(&key).in_reply_to(replied_to);
            self.plan(at, Event::Arrive(Box::new(arrived(connection, key, InboundKind::Text(said), at))));
        }
    }
}

fn press(connection: &str, message: &Outgoing, token: &str, at: Millis) -> Arrived {
    let message_id = Some(message.replaces.as_ref().unwrap_or(&message.key).clone());
    let what = InboundKind::Press { token: token.to_owned(), by: message.to.clone(), message_id, press_id: None };
    arrived(connection, format!("press-{}-{token}", message.key), what, at)
}

fn arrived(connection: &str, key: String, what: InboundKind, at: Millis) -> Arrived {
    let inbound = Inbound { key, order: at, at: None, kind: what };
    Arrived { connection: connection.into(), inbound, body_hash: String::new(), came: None, form: None }
}
