//! Scores by link that no person gives: the first before anybody could have read the message, and every score of the scale
//! within seconds. Both together are a program that opens every link and sends every form. None of its scores counts, and
//! nobody is alarmed, until one more tap. What waits to be told of such a score waits as long as the others may take.

use super::batch::{Batch, Effect};
use crate::domain::answer::scanner::ALL_SCORES_WITHIN;
use crate::life::answer::link_scanner::{self, Noticed};
use crate::life::question::settle::Says;
use crate::store::answer::held;
use crate::store::question::rating_request::RatingRequest;
use crate::store::{Millis, StoreError, Tx, alert};

/// How long an alert waits for more scores of the same program.
const ALERT_WAITS: Millis = ALL_SCORES_WITHIN + 1_000;

impl Batch<'_> {
    /// Looks at the scores by link of this batch, and holds those that look like a program's. Gives the rating requests whose
    /// alerts and events are to wait.
    pub(super) async fn hold_suspects(&mut self, tx: &mut Tx) -> Result<Vec<String>, StoreError> {
        let Noticed { too_soon, every_score } = link_scanner::notice(tx, &self.requests, &self.history, self.now).await?;
        let both = every_score.into_iter().filter(|id| too_soon.contains(id) && self.is_fresh(id));
        let suspects: Vec<String> = both.collect();
        if !suspects.is_empty() {
            self.hold_scores(tx, &suspects).await?;
        }
        Ok(too_soon)
    }

    /// Alerts and events about these rating requests leave when their program, if it is one, has sent all its forms.
    pub(super) async fn wait_for_more(&self, tx: &mut Tx, too_soon: &[String]) -> Result<(), StoreError> {
        let ids: Vec<&str> = too_soon.iter().map(String::as_str).collect();
        held::tell_later(tx, &ids, self.now + ALERT_WAITS).await
    }

    /// Whether its score is so young that all of its program's can be among those just given. An older one was a person's.
    fn is_fresh(&self, id: &str) -> bool {
        let change_ms = self.requests.get(id).map_or(0, |request| request.change_ms);
        self.ratings.get(id).is_some_and(|rating| self.now <= rating.first_at + change_ms.max(ALL_SCORES_WITHIN))
    }

    async fn hold_scores(&mut self, tx: &mut Tx, suspects: &[String]) -> Result<(), StoreError> {
        let ids: Vec<&str> = suspects.iter().map(String::as_str).collect();
        let known: Vec<RatingRequest> = ids.iter().filter_map(|id| self.requests.get(*id).cloned()).collect();
        let rated: Vec<_> = known.iter().filter_map(|request| Some((request, self.kept.get(&request.id)?))).collect();
        held::hold(tx, &known, &rated, self.now).await?;
        held::keep_quiet(tx, &ids, self.now).await?;
        for id in &ids {
            alert::cancel_unsent(tx, id).await?;
        }
        self.touched.retain(|id| !ids.contains(&id.as_str()));
        self.effects.retain(|effect| !ids.contains(&effect.request.as_str()));
        self.edits.retain(|edit| !ids.contains(&edit.request_id.as_str()));
        for id in ids {
            self.ratings.remove(id);
            self.kept.remove(id);
            self.requests.entry(id.to_owned()).and_modify(|request| {
                request.held_at = Some(self.now);
                if request.outcome.as_deref() == Some("answered") {
                    (request.outcome, request.reason, request.decided_at) = (None, None, None);
                }
            });
            // Where the question gave way to thanks, it comes back.
            self.effects.push(Effect { request: id.to_owned(), pressed: None, says: Says::Again, before: None, changed: false });
        }
        Ok(())
    }
}
