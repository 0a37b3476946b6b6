//! Answers by link are looked at for signs of a program that opens every link in a mail. What is found is kept beside the
//! rating. One sign alone changes nothing: a quick client leaves it too.

use super::batch::EVENT_KEY_PREFIX;
use crate::domain::answer::scanner::{Signal, signals};
use crate::store::answer::AnswerEvent;
use crate::store::answer::signal::{self, AnswerSignal};
use crate::store::question::rating_request::RatingRequest;
use crate::store::{Millis, StoreError, Tx};
use std::collections::HashMap;

/// The rating requests at which a sign was found.
#[derive(Debug, Default)]
pub(super) struct Noticed {
    /// A score came before anybody could have read the message.
    pub(crate) too_soon: Vec<String>,
    /// Every score was given within seconds, since they were last held.
    pub(super) every_score: Vec<String>,
}

/// Looks at the rating requests that `events`, just kept, gave a score by link.
///
/// # Errors
/// The database's error.
pub(super) async fn notice(
    tx: &mut Tx,
    requests: &HashMap<String, RatingRequest>,
    events: &[AnswerEvent],
    now: Millis,
) -> Result<Noticed, StoreError> {
    let by_link = events.iter().filter(|event| event.kind == "score" && event.event_key.starts_with(EVENT_KEY_PREFIX));
    let mut ids: Vec<&str> = by_link.map(|event| event.request_id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut noticed = Noticed::default();
    if ids.is_empty() {
        return Ok(noticed);
    }
    let given = signal::given_by_link(tx, &ids, EVENT_KEY_PREFIX).await?;
    let asked_at: HashMap<String, Millis> = signal::asked_at(tx, &ids).await?.into_iter().collect();
    let mut found = Vec::new();
    for request in ids.iter().filter_map(|id| requests.get(*id)) {
        let own = given.iter().filter(|given| given.request_id == request.id);
        let scores: Vec<(u8, Millis)> = own.filter_map(|given| Some((given.value.parse().ok()?, given.received_at))).collect();
        let scale = request.scale;
        let kept = |kind: &str| AnswerSignal { request_id: request.id.clone(), kind: kind.to_owned(), noticed_at: now };
        let asked_at = asked_at.get(&request.id).copied();
        let signals_now = signals(scale, &scores, asked_at);
        // Scores that were held before say nothing about those of today.
        let since: Vec<(u8, Millis)> =
            scores.iter().copied().filter(|(_, at)| request.held_at.is_none_or(|held_at| *at > held_at)).collect();
        if signals_now.contains(&Signal::TooSoon) {
            noticed.too_soon.push(request.id.clone());
        }
        if signals(scale, &since, asked_at).contains(&Signal::EveryScore) {
            noticed.every_score.push(request.id.clone());
        }
        found.extend(signals_now.into_iter().map(|signal| kept(signal.as_str())));
    }
    signal::keep(tx, &found).await?;
    Ok(noticed)
}
