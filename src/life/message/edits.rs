//! How often and when a rating was edited.

use lastword_domain::review::edit::{EditState, Edits};
use lastword_store::answer::rating::Rating;
use lastword_store::answer::rating_edit::RatingEdit;

/// The edits of a rating, as input of the rule.
pub fn edits(rating: &Rating, made: &[RatingEdit]) -> Edits {
    let of_it = || made.iter().filter(|edit| edit.request_id == rating.request_id);
    Edits {
        score: u8::try_from(rating.score).unwrap_or(0),
        written_at: rating.rated_at,
        used: i64::try_from(of_it().count()).unwrap_or(i64::MAX),
        held: of_it().find(|edit| edit.state == EditState::Held).and_then(|edit| u8::try_from(edit.score).ok()),
    }
}
