//! A client edits a rating through its link, after the minutes in which it can be changed by a tap.

use super::batch::Batch;
use crate::message::edits::edits;
use lastword_base::names::RequestId;
use lastword_domain::answer::Disposition;
use lastword_domain::review::edit::{Edit, EditState, judge};
use lastword_store::Millis;
use lastword_store::answer::rating::Rating;
use lastword_store::answer::rating_edit::RatingEdit;

impl Batch<'_> {
    /// Judges another score for `rating`, and records the effect on its edits.
    pub(super) fn edit(&mut self, rating: &Rating, score: u8) -> Disposition {
        let edits = edits(rating, &self.edits);
        match judge(edits, score, self.now) {
            Edit::Up => {
                self.withdraw_edit(rating.request_id);
                self.note(rating, score, edits.used, None);
                Disposition::Changed
            }
            Edit::Hold(until) => {
                self.withdraw_edit(rating.request_id);
                self.note(rating, score, edits.used, Some(until));
                Disposition::Held
            }
            Edit::Withdraw => {
                self.withdraw_edit(rating.request_id);
                Disposition::Withdrawn
            }
            Edit::Same => Disposition::Repeated,
            Edit::Locked => Disposition::Locked,
        }
    }

    fn withdraw_edit(&mut self, request: RequestId) {
        let now = self.now;
        for edit in self.edits.iter_mut().filter(|edit| edit.request_id == request && edit.state == EditState::Held) {
            edit.state = EditState::Withdrawn;
            edit.decided_at = Some(now);
            self.writes.edited = true;
        }
    }

    fn note(&mut self, rating: &Rating, score: u8, used: i64, held_until: Option<Millis>) {
        self.writes.edited = true;
        self.edits.push(RatingEdit {
            request_id: rating.request_id,
            number: used + 1,
            before: rating.score,
            score: score.into(),
            state: if held_until.is_some() { EditState::Held } else { EditState::Applied },
            made_at: self.now,
            due_at: held_until,
            decided_at: held_until.is_none().then_some(self.now),
        });
    }
}
