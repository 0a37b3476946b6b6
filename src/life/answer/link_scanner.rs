//! Answers by link are looked at for signs of a program that opens every link in a mail. What is found is kept beside the
//! rating. One sign alone changes nothing: a quick client leaves it too.

use super::batch::through_link;
use lastword_domain::answer::scanner::{Signal, signals};
use lastword_domain::answer::{AnswerKind, Disposition};
use lastword_store::Millis;
use lastword_store::answer::AnswerEvent;
use lastword_store::answer::signal::{AnswerSignal, GivenByLink};
use lastword_store::question::rating_request::RatingRequest;
use std::collections::{BTreeSet, HashMap};

/// What scores by link look like.
#[derive(Debug, Default)]
pub(super) struct Noticed {
    /// The rating requests to which a score came before anybody could have read the message.
    pub(super) too_soon: Vec<String>,
    /// Those to which every score was given within seconds, since they were last held.
    pub(super) every_score: Vec<String>,
    /// All signs, to be kept.
    pub(super) signals: Vec<AnswerSignal>,
}

/// Looks at the rating requests that `events` gave a score by link; `given` are the scores before, and `asked_at` says when
/// their question left.
pub(super) fn notice(
    requests: &HashMap<String, RatingRequest>,
    events: &[AnswerEvent],
    given: &[GivenByLink],
    asked_at: &HashMap<String, Millis>,
    now: Millis,
) -> Noticed {
    let by_link = || events.iter().filter(|event| event.kind == AnswerKind::Score && through_link(&event.event_key));
    let ids: BTreeSet<&str> = by_link().map(|event| event.request_id.as_str()).collect();
    let mut noticed = Noticed::default();
    for request in ids.into_iter().filter_map(|id| requests.get(id)) {
        let before = given.iter().filter(|given| given.request_id == request.id);
        let before = before.map(|given| (&given.value, given.received_at, given.disposition));
        let new = by_link().filter(|event| event.request_id == request.id);
        let new = new.map(|event| (&event.value, event.received_at, event.disposition));
        let given: Vec<(u8, Millis, Disposition)> =
            before.chain(new).filter_map(|(value, at, became)| Some((value.parse().ok()?, at, became))).collect();
        let scores: Vec<(u8, Millis)> = given.iter().map(|&(score, at, _)| (score, at)).collect();
        let asked_at = asked_at.get(&request.id).copied();
        let signals_now = signals(request.scale, &scores, asked_at);
        // Scores that were held before say nothing about those of today, and those that wait change nothing.
        let since = given
            .iter()
            .filter(|(_, at, became)| *became != Disposition::Unconfirmed && request.held_at.is_none_or(|held_at| *at > held_at));
        let since: Vec<(u8, Millis)> = since.map(|&(score, at, _)| (score, at)).collect();
        if signals_now.contains(&Signal::TooSoon) {
            noticed.too_soon.push(request.id.clone());
        }
        if signals(request.scale, &since, asked_at).contains(&Signal::EveryScore) {
            noticed.every_score.push(request.id.clone());
        }
        let kept = |kind| AnswerSignal { request_id: request.id.clone(), kind, noticed_at: now };
        noticed.signals.extend(signals_now.into_iter().map(kept));
    }
    noticed
}
