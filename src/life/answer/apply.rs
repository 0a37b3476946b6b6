//! Answers take effect: what they changed is written, questions are settled, programs are told, and a rating that became
//! low raises alerts. Worked off after all answers of the batch are judged, in their transaction.

use super::batch::Batch;
use crate::domain::answer::Disposition;
use crate::domain::question::outcome::Outcome;
use crate::life::alert::raise::{Low, raise, raise_anew, take_back};
use crate::life::alert::update::update;
use crate::life::answer::batch::Effect;
use crate::life::engine::Engine;
use crate::life::events;
use crate::life::notifications::Notification;
use crate::life::question::ask_while_talking::close_by_rating;
use crate::life::question::record_end::{end_held, end_requests};
use crate::life::question::settle::{Says, Settle, settle};
use crate::store::answer::rating::{self, Rating};
use crate::store::answer::{AnswerEvent, rating_edit};
use crate::store::line::Line;
use crate::store::question::rating_request::{Ending, RatingRequest};
use crate::store::question::{arrival, delivery, ending};
use crate::store::records::inbox;
use crate::store::{Millis, StoreError, Tx, answer, review};
use std::collections::HashMap;
use std::sync::Arc;

impl Batch<'_> {
    /// Writes everything, and brings about what the answers call for.
    pub(crate) async fn finish(mut self, tx: &mut Tx) -> Result<Vec<Notification>, StoreError> {
        if !self.events.is_empty() {
            inbox::keep(tx, &self.events).await?;
        }
        answer::keep(tx, &self.history).await?;
        let too_soon = self.hold_suspects(tx).await?;
        rating::save(tx, &self.changes()).await?;
        if self.edited {
            rating_edit::save(tx, &self.edits).await?;
        }
        arrival::late(tx, &self.late(), self.now).await?;
        let first: Vec<String> =
            self.effects.iter().filter(|effect| effect.before.is_none() && effect.changed).map(|effect| effect.request.clone()).collect();
        self.answered(tx, &first).await?;
        let effects = std::mem::take(&mut self.effects);
        let mut deliveries = std::mem::take(&mut self.deliveries);
        deliveries.extend(settle(tx, self.engine, &self.to_settle(&effects), self.now).await?);
        for effect in effects.iter().filter(|effect| effect.changed) {
            let (Some(request), Some(rating)) = (self.requests.get(&effect.request), self.ratings.get(&effect.request)) else { continue };
            deliveries.extend(events::rating(self.engine, request, rating, effect.before.is_none(), self.now));
            let news = alert_if_low(tx, self.engine, request, rating, effect.before.as_ref(), &self.lines, self.now).await?;
            self.news.extend(news);
        }
        delivery::schedule(tx, &deliveries).await?;
        self.wait_for_more(tx, &too_soon).await?;
        Ok(self.news)
    }

    /// The ratings that were written, as they were and as they are to be.
    fn changes(&self) -> Vec<rating::Change<'_>> {
        let change = |id: &String| {
            let (request, after) = (self.requests.get(id)?, self.ratings.get(id)?);
            Some(rating::Change { request, before: self.kept.get(id), after })
        };
        self.touched.iter().filter_map(change).collect()
    }

    /// The rating requests that somebody tried to rate too late.
    fn late(&self) -> Vec<&str> {
        let is_late = |event: &&AnswerEvent| event.kind == "score" && event.disposition == Disposition::Late.as_str();
        self.history.iter().filter(is_late).map(|event| event.request_id.as_str()).collect()
    }

    /// The last effect on each rating request is what its question is settled with.
    fn to_settle<'e>(&'e self, effects: &'e [Effect]) -> Vec<Settle<'e>> {
        let last = |at: usize, effect: &Effect| effects[at + 1..].iter().all(|later| later.request != effect.request);
        let settled = effects.iter().enumerate().filter(|&(at, effect)| last(at, effect));
        let settled = settled.filter_map(|(_, effect)| {
            let request = self.requests.get(&effect.request)?;
            let aloud = effects.iter().any(|any| any.request == effect.request && self.waits_for_a_word(any));
            Some(Settle { request, pressed: effect.pressed.clone(), says: effect.says.clone(), aloud })
        });
        settled.collect()
    }

    /// Whether the client waits for a word after this: after a score, another score, "change", and a tap that came too late;
    /// not after each reason and comment.
    fn waits_for_a_word(&self, effect: &Effect) -> bool {
        let score = |rating: &Rating| rating.score;
        let other_score = effect.changed && effect.before.as_ref().map(score) != self.ratings.get(&effect.request).map(score);
        other_score || matches!(effect.says, Says::Again | Says::Later | Says::Expired | Says::OptedOut | Says::OptedIn)
    }

    /// Rating requests that have their first score: they are answered, and the score proves that the question arrived.
    async fn answered(&mut self, tx: &mut Tx, requests: &[String]) -> Result<(), StoreError> {
        let ending = |id: &String| Ending { id: id.clone(), outcome: Outcome::Answered.as_str(), reason: None, at: self.now };
        if requests.is_empty() {
            return Ok(());
        }
        ending::prove(tx, &requests.iter().map(String::as_str).collect::<Vec<_>>(), self.now).await?;
        let endings: Vec<Ending> = requests.iter().map(ending).collect();
        let held: Vec<RatingRequest> = requests.iter().filter_map(|id| self.requests.get(id).cloned()).collect();
        let news = if self.moved {
            end_requests(tx, self.engine, &endings, self.now).await?
        } else {
            end_held(tx, self.engine, &held, &endings, self.now).await?
        };
        self.news.extend(news);
        self.news.extend(close_by_rating(tx, &held, &self.lines, self.now).await?);
        Ok(())
    }
}

/// A score that became low is told; one that is no longer low takes unsent alerts back, and those who were told hear
/// of the change; one that stays low and says more is told anew.
pub(super) async fn alert_if_low(
    tx: &mut Tx,
    engine: &Engine,
    request: &RatingRequest,
    rating: &Rating,
    before: Option<&Rating>,
    lines: &HashMap<String, Arc<Line>>,
    now: Millis,
) -> Result<Vec<Notification>, StoreError> {
    let Some(line) = lines.get(&request.line_id) else { return Ok(Vec::new()) };
    let was_low = before.is_some_and(|before| before.low == 1);
    if !was_low && rating.low == 1 && before.is_some() {
        // Whoever took care of it took care of something else.
        review::waits_again(tx, &request.id).await?;
    }
    let low = Low { request, rating, line, level: 0, kind: "low", instead_of: None };
    match (before, was_low, rating.low == 1) {
        (None, _, true) => raise(tx, engine, &low, now).await,
        (Some(_), false, true) => raise_anew(tx, engine, &low, now).await,
        (_, true, false) => take_back(tx, engine, &Low { kind: "changed", ..low }, now).await,
        (Some(before), true, true) => update(tx, engine, &low, before, now).await,
        (_, false, false) => Ok(Vec::new()),
    }
}
