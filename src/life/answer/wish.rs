//! Opt-outs and opt-ins by the client of a rating request, by a tap or a text. Questions that were not sent are canceled; those
//! that were sent are replaced with a confirmation.

use super::batch::{Batch, Effect, Judged, ONE_CLICK, through_link};
use super::person::Person;
use super::read::place;
use crate::events;
use crate::facts::inbound::Arrived;
use crate::message::settle::{SettleMessage, say};
use lastword_base::names::{ConnectionId, RequestId};
use lastword_contract::Address;
use lastword_domain::answer::Disposition;
use lastword_domain::answer::opt_out::{ToldBy, Wish};
use lastword_domain::outcome::{NotAsked, Outcome};
use lastword_domain::session::SessionEventKind;
use lastword_store::question::rating_request::{Ending, Progress, RatingRequest};
use lastword_store::session::SessionEvent;
use lastword_store::{Millis, document_or_said};
use std::borrow::Cow;

impl Batch<'_> {
    /// Judges a pressed wish: under a message, on a page or in a mail program.
    pub(super) fn pressed_wish(
        &mut self,
        one: &Arrived,
        about: (&RatingRequest, &Address),
        wish: Wish,
        message_id: Option<String>,
    ) -> Judged {
        if self.wish_waits(one, about.0) {
            self.writes.story.push(wish_story(about.0, SessionEventKind::WishHeld, word(wish), &one.inbound.key, self.now));
            return Judged::about(about.0.id, Disposition::Unconfirmed);
        }
        self.wished(one, about, (wish, pressed_by(&one.inbound.key)), message_id)
    }

    fn wished(
        &mut self,
        one: &Arrived,
        (request, by): (&RatingRequest, &Address),
        (wish, told_by): (Wish, ToldBy),
        pressed: Option<String>,
    ) -> Judged {
        self.do_as_wished(one, (request, by), (wish, told_by));
        let (says, disposition) = match wish {
            Wish::Stop => (SettleMessage::OptedOut, Disposition::OptedOut),
            Wish::Start => (SettleMessage::OptedIn, Disposition::OptedIn),
        };
        let before = self.ratings.get(&request.id).cloned();
        self.writes.effects.push(Effect { request: request.id, pressed, says, before, changed: false });
        Judged::about(request.id, disposition).with("✓")
    }

    /// Applies a wish and records it in the history of the session. Returns whether it changed anything.
    fn do_as_wished(&mut self, one: &Arrived, (request, by): (&RatingRequest, &Address), (wish, told_by): (Wish, ToldBy)) -> bool {
        let Some(person) = self.people.clients.get(&request.id) else { return false };
        let person = person.clone().with_sender(&self.engine.channels, one, by);
        let changed = match wish {
            Wish::Stop => self.stop(&person, told_by),
            Wish::Start => self.start(&person),
        };
        if changed {
            let kind = if wish == Wish::Stop { SessionEventKind::OptedOut } else { SessionEventKind::OptedIn };
            self.writes.story.push(wish_story(request, kind, told_by.as_str(), &one.inbound.key, self.now));
        }
        changed
    }

    /// Judges a typed "STOP" or "START". If it answers a question or another message of ours, it is only for us. If we asked in
    /// this conversation before, it counts, and is passed on to the desk as well, which may be meant. Elsewhere it counts if it
    /// cannot mean anything else ([`Wish::read_unasked`]).
    pub(super) fn typed_wish(
        &mut self,
        one: &Arrived,
        (by, text, wish): (&Address, &str, Wish),
        answers: Option<RatingRequest>,
    ) -> Option<Judged> {
        let there = place(&self.engine.channels, one, by);
        let here = Person::default().with_sender(&self.engine.channels, one, by);
        let listed = wish == Wish::Stop || self.people.key.as_ref().is_some_and(|key| self.people.list.has(&here.marks(key)));
        if let Some(request) = answers.filter(|_| listed) {
            return Some(self.wished(one, (&request, by), (wish, ToldBy::Text), None));
        }
        let Some(id) = self.questions.last_asked.get(&there).filter(|_| listed) else {
            // In a group it could come from any member.
            if self.engine.channels.get(&one.connection).is_some_and(|channel| !channel.is_group(by)) {
                self.unasked_wish(text, &here);
            }
            return None;
        };
        let request = self.requests.get(id).cloned()?;
        let address =
            |(_, address): (&ConnectionId, Cow<'_, str>)| document_or_said::<Address>("rating_request", "address", request.id, &address);
        let theirs = request.places().filter_map(address).any(|address| self.is_theirs(one, &address, by));
        if theirs && self.do_as_wished(one, (&request, by), (wish, ToldBy::Text)) {
            let says = if wish == Wish::Stop { SettleMessage::OptedOut } else { SettleMessage::OptedIn };
            self.writes.deliveries.extend(say(self.engine, &request, None, &says, self.now));
        }
        None
    }

    /// Stores a wish although no question is known, so that the first one is never asked. The text is passed on to the desk.
    fn unasked_wish(&mut self, text: &str, here: &Person) {
        match Wish::read_unasked(text) {
            Some(Wish::Stop) => drop(self.stop(here, ToldBy::Text)),
            Some(Wish::Start) => drop(self.start(here)),
            None => {}
        }
    }

    /// Opts this person out. Returns whether that is new.
    pub(super) fn stop(&mut self, person: &Person, told_by: ToldBy) -> bool {
        let Some(key) = &self.people.key else { return false };
        let (ids, now) = (&self.engine.ids, self.now);
        let new = self.people.list.note(&person.marks(key), Some((told_by, now)), || ids.text(now));
        if new {
            self.writes.deliveries.extend(events::opted_out(self.engine, person.client(), told_by.as_str(), now));
        }
        let open = self.requests.values().filter(|request| request.outcome.is_none() && person.is_asked_by(request));
        let mut open: Vec<RequestId> = open.map(|request| request.id).collect();
        open.sort_unstable();
        for id in open {
            let Some(progress) = self.progress.get(&id).cloned() else { continue };
            self.writes.withdrawn.opted_out.insert(id);
            if progress.was_sent {
                self.writes.withdrawn.sent.insert(id);
            }
            self.end(ending(&progress, now));
        }
        new
    }

    /// If one name of this person is on the list, adds all of them.
    pub(super) fn stay_on_the_list(&mut self, person: &Person) {
        let Some(key) = &self.people.key else { return };
        self.people.list.note(&person.marks(key), None, String::new);
    }

    /// Opts this person in again. Returns whether they were on the list.
    pub(super) fn start(&mut self, person: &Person) -> bool {
        self.people.key.as_ref().is_some_and(|key| self.people.list.lift(&person.marks(key)))
    }
}

/// Way of a tap: in the messenger, on a page, or by a mail program.
fn pressed_by(key: &str) -> ToldBy {
    match (through_link(key), key.contains(ONE_CLICK)) {
        (true, true) => ToldBy::Mail,
        (true, false) => ToldBy::Link,
        (false, _) => ToldBy::Button,
    }
}

fn ending(request: &Progress, now: Millis) -> Ending {
    let outcome = match (request.was_sent, request.may_have_left) {
        (true, _) => Outcome::Expired,
        (false, true) => Outcome::Unsure,
        (false, false) => Outcome::NotAsked,
    };
    Ending { id: request.id, outcome, reason: Some(NotAsked::OptedOut.as_str().to_owned()), at: now }
}

/// Label of a wish in the history of a session.
fn word(wish: Wish) -> &'static str {
    match wish {
        Wish::Stop => "stop",
        Wish::Start => "start",
    }
}

fn wish_story(request: &RatingRequest, kind: SessionEventKind, detail: &str, key: &str, now: Millis) -> SessionEvent {
    SessionEvent {
        source: request.source.clone(),
        session_id: request.session_id.clone(),
        occurred_at: now,
        event_key: format!("wish:{key}"),
        kind,
        detail: detail.to_owned(),
        received_at: now,
    }
}
