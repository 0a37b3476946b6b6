//! Answers by link are checked for signs of a program that opens every link in a mail. The signs are stored with the rating. A quick
//! client can cause two of them: one alone changes nothing. An answer without a sign of a browser, or one that contradicts an answer
//! with more evidence of a person, is on hold until one more tap: it is stored in the history and changes nothing.

use super::batch::{BARE, Batch, through_link};
use crate::facts::inbound::Arrived;
use lastword_base::names::RequestId;
use lastword_domain::answer::scanner::{Evidence, SentForm, Signal, Weight, signals, waits, wish_waits};
use lastword_domain::answer::{AnswerKind, Disposition};
use lastword_store::Millis;
use lastword_store::answer::AnswerEvent;
use lastword_store::answer::signal::{AnswerSignal, GivenByLink};
use lastword_store::question::rating_request::RatingRequest;
use std::collections::{BTreeSet, HashMap};

/// Signs in scores by link.
#[derive(Debug, Default)]
pub(super) struct Noticed {
    /// The rating requests with a score that came before a person could have read the message.
    pub(super) too_soon: Vec<RequestId>,
    /// Those for which every score was given within seconds, since they were last held.
    pub(super) every_score: Vec<RequestId>,
    /// All signs, to be stored.
    pub(super) signals: Vec<AnswerSignal>,
}

/// Checks the rating requests to which `events` gave a score by link; `given` are the earlier scores, and `asked_at` the times when
/// their questions were sent.
pub(super) fn notice(
    requests: &HashMap<RequestId, RatingRequest>,
    events: &[AnswerEvent],
    given: &[GivenByLink],
    asked_at: &HashMap<RequestId, Millis>,
    now: Millis,
) -> Noticed {
    let by_link = || events.iter().filter(|event| event.kind == AnswerKind::Score && through_link(&event.event_key));
    let ids: BTreeSet<RequestId> = by_link().map(|event| event.request_id).collect();
    let mut noticed = Noticed::default();
    for request in ids.into_iter().filter_map(|id| requests.get(&id)) {
        let before = given.iter().filter(|given| given.request_id == request.id);
        let before = before.map(|given| (&given.value, given.received_at, given.disposition));
        let new = by_link().filter(|event| event.request_id == request.id);
        let new = new.map(|event| (&event.value, event.received_at, event.disposition));
        let given: Vec<(u8, Millis, Disposition)> =
            before.chain(new).filter_map(|(value, at, became)| Some((value.parse().ok()?, at, became))).collect();
        let scores: Vec<(u8, Millis)> = given.iter().map(|&(score, at, _)| (score, at)).collect();
        let asked_at = asked_at.get(&request.id).copied();
        let signals_now = signals(request.scale, &scores, asked_at);
        // Scores from before the last hold, and unconfirmed ones, are left out.
        let since = given
            .iter()
            .filter(|(_, at, became)| *became != Disposition::Unconfirmed && request.held_at.is_none_or(|held_at| *at > held_at));
        let since: Vec<(u8, Millis)> = since.map(|&(score, at, _)| (score, at)).collect();
        if signals_now.contains(&Signal::TooSoon) {
            noticed.too_soon.push(request.id);
        }
        if signals(request.scale, &since, asked_at).contains(&Signal::EveryScore) {
            noticed.every_score.push(request.id);
        }
        let kept = |kind| AnswerSignal { request_id: request.id, kind, noticed_at: now };
        noticed.signals.extend(signals_now.into_iter().map(kept));
    }
    noticed
}

impl Batch<'_> {
    /// True if a score that was judged as `judged` is on hold until one more tap.
    pub(super) fn waits_for_a_tap(&mut self, one: &Arrived, request: &RatingRequest, (score, judged): (u8, Disposition)) -> bool {
        let Some(form) = Self::sent_form(one) else { return false };
        let would_act = match judged {
            Disposition::Counted | Disposition::Changed | Disposition::Locked => true,
            // The same score again withdraws a held edit.
            Disposition::Repeated => form.evidence() == Evidence::Form || self.edits.iter().any(|edit| edit.request_id == request.id),
            _ => false,
        };
        let counts = self.ratings.get(&request.id);
        let weight = counts.map(|rating| Weight { evidence: rating.evidence, commented: rating.comment.is_some() });
        let sign = would_act.then(|| waits(form, weight, self.waited(request, score, form))).flatten();
        let Some(sign) = sign else { return false };
        if counts.is_none() {
            self.wait(request.id);
        }
        self.sign(request.id, sign);
        true
    }

    /// True if this score was already on hold when the form's page was shown: sent after the answer that counts, from a page that a
    /// browser opened.
    fn waited(&self, request: &RatingRequest, score: u8, form: SentForm) -> bool {
        let value = score.to_string();
        let since = self.ratings.get(&request.id).map_or(Millis::MIN, |rating| rating.changed_at);
        let waited = |given: &&GivenByLink| {
            let waits = given.disposition == Disposition::Unconfirmed && !given.event_key.ends_with(BARE);
            waits && given.request_id == request.id && given.value == value
        };
        self.given.iter().filter(waited).any(|given| since < given.received_at && given.received_at < form.shown_at)
    }

    /// True if a reason or a comment came from a page without a sign that a browser opened it. Records the sign.
    pub(super) fn is_bare(&mut self, one: &Arrived, request: &RatingRequest) -> bool {
        let bare = Self::evidence(one) == Evidence::Form;
        if bare {
            self.sign(request.id, Signal::Unopened);
        }
        bare
    }

    /// True if a request to opt out or back in is on hold until one more tap. Records the sign.
    pub(super) fn wish_waits(&mut self, one: &Arrived, request: &RatingRequest) -> bool {
        let Some(form) = Self::sent_form(one) else { return false };
        let before = self.given.iter().filter(|given| given.request_id == request.id).map(|given| (&given.value, given.received_at));
        let history = self.writes.history.iter().filter(|event| event.request_id == request.id && event.kind == AnswerKind::Score);
        let new = history.filter(|event| through_link(&event.event_key)).map(|event| (&event.value, event.received_at));
        let given: Vec<(u8, Millis)> = before.chain(new).filter_map(|(value, at)| Some((value.parse().ok()?, at))).collect();
        let Some(sign) = wish_waits(form, request.scale, &given, self.asked_at.get(&request.id).copied()) else { return false };
        self.sign(request.id, sign);
        true
    }

    /// Puts a rating request without a rating on hold until one more tap.
    fn wait(&mut self, id: RequestId) {
        let now = self.now;
        self.change(id, |request| request.held_at = Some(now));
        self.writes.waiting.insert(id);
    }

    fn sign(&mut self, request: RequestId, kind: Signal) {
        self.writes.signals.push(AnswerSignal { request_id: request, kind, noticed_at: self.now });
    }
}
