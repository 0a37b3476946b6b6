//! Detects scores by link that no person gives: the first one too early to have read the message, and every score of the scale
//! within seconds. Together they are signs of a program that opens every link and sends every form. None of its scores counts or
//! raises alerts until one more tap. Alerts and events about such a score are delayed as long as the others may take.

use super::batch::{Batch, Effect, HeldScore};
use super::link_scanner::{Noticed, notice};
use crate::message::settle::SettleMessage;
use lastword_base::names::RequestId;
use lastword_domain::answer::scanner::{ALL_SCORES_WITHIN, Evidence};
use lastword_domain::outcome::Outcome;
use lastword_store::answer::held;
use lastword_store::answer::rating::Rating;
use lastword_store::question::rating_request::RatingRequest;
use lastword_store::{Millis, StoreError, Tx, alert};

/// Time for which an alert waits for more scores of the same program.
const ALERT_WAITS: Millis = ALL_SCORES_WITHIN + 1_000;

impl Batch<'_> {
    /// Checks the scores by link of this batch, after all of them are judged, and holds those that look like a program's.
    pub(super) fn hold_suspects(&mut self) {
        let found = notice(&self.requests, &self.writes.history, &self.given, &self.asked_at, self.now);
        let Noticed { too_soon, every_score, signals } = found;
        let suspects = every_score.into_iter().filter(|id| too_soon.contains(id) && self.is_fresh(*id));
        let suspects: Vec<RequestId> = suspects.collect();
        suspects.into_iter().for_each(|id| self.hold_scores(id));
        self.writes.too_soon = too_soon;
        self.writes.signals.extend(signals);
    }

    /// True if its score can be one of those that a program just gave: it is recent, and has no more evidence of a person than they
    /// have. An older score came from a person.
    fn is_fresh(&self, id: RequestId) -> bool {
        let change_ms = self.requests.get(&id).map_or(0, |request| request.change_ms);
        let young = |rating: &Rating| self.now <= rating.rated_at + change_ms.max(ALL_SCORES_WITHIN);
        self.ratings.get(&id).is_some_and(|rating| young(rating) && rating.evidence <= Evidence::Page)
    }

    fn hold_scores(&mut self, id: RequestId) {
        let Some(before) = self.as_read(id).cloned() else { return };
        let (was_answered, now) = (before.outcome == Some(Outcome::Answered), self.now);
        let was = if was_answered { (None, None, None) } else { (before.outcome, before.reason.clone(), before.decided_at) };
        self.change(id, |request| {
            request.held_at = Some(now);
            if request.outcome == Some(Outcome::Answered) {
                (request.outcome, request.reason, request.decided_at) = was;
            }
        });
        self.writes.endings.retain(|ended, ending| *ended != id || ending.outcome != Outcome::Answered);
        self.writes.touched.remove(&id);
        self.writes.effects.retain(|effect| effect.request != id);
        self.edits.retain(|edit| edit.request_id != id);
        self.ratings.remove(&id);
        self.writes.held.push(HeldScore { request: before, rating: self.kept.remove(&id) });
        // If a thank-you replaced the question, the question is restored.
        self.writes.effects.push(Effect { request: id, pressed: None, says: SettleMessage::Again, before: None, changed: false });
    }

    /// Writes the rating requests that wait for one more tap, and removes the held scores with their pending messages.
    pub(super) async fn write_held(&self, tx: &mut Tx) -> Result<(), StoreError> {
        if !self.writes.waiting.is_empty() {
            held::wait(tx, &self.writes.waiting.iter().copied().collect::<Vec<_>>(), self.now).await?;
        }
        let held = &self.writes.held;
        if held.is_empty() {
            return Ok(());
        }
        let ids: Vec<RequestId> = held.iter().map(|held| held.request.id).collect();
        let requests: Vec<RatingRequest> = held.iter().map(|held| held.request.clone()).collect();
        let rated: Vec<(&RatingRequest, &Rating)> = held.iter().filter_map(|held| Some((&held.request, held.rating.as_ref()?))).collect();
        held::hold(tx, &requests, &rated, self.now).await?;
        held::keep_quiet(tx, &ids, self.now).await?;
        alert::cancel_unsent(tx, &ids).await.map(drop)
    }

    /// Delays alerts and events about scores that came too soon until their program, if it is one, has sent all its forms.
    pub(super) async fn wait_for_more(&self, tx: &mut Tx) -> Result<(), StoreError> {
        held::tell_later(tx, &self.writes.too_soon, self.now + ALERT_WAITS).await
    }
}
