//! What a client may do with a rating after the first minutes: change it twice within three months, up at once, down held
//! for three days (M8 to M11). A held edit gives the people behind the rating time to make it good.

use super::super::Millis;
use super::super::word::words;
use chrono::{DateTime, Months};

/// How often a rating may be edited after the line's own time for changes.
pub const EDITS_MAX: i64 = 2;
/// For how many months after it was written.
pub const EDIT_MONTHS: u32 = 3;
/// How long an edit down is held.
pub const HELD_FOR: Millis = 3 * 24 * 3_600_000;

words! {
    /// Whether an edit counts.
    pub enum EditState {
        /// It counts.
        Applied = "applied",
        /// It will count.
        Held = "held",
        /// It was held, and never counted.
        Withdrawn = "withdrawn",
    }
}

/// What has been edited so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edits {
    /// The score that counts.
    pub score: u8,
    /// When the rating was first written.
    pub written_at: Millis,
    /// Edits used up.
    pub used: i64,
    /// The score that is held, if one is.
    pub held: Option<u8>,
}

/// What an edit does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The score counts at once; a held one falls away. Uses one edit.
    Up,
    /// The score is held until this moment, in place of one held before. Uses one edit.
    Hold(Millis),
    /// Back to what counts: the held score falls away. It costs nothing, for nothing was published.
    Withdraw,
    /// Nothing new.
    Same,
    /// The edits are used up, or the time for them is over.
    Locked,
}

/// Until when a rating that was written at `written_at` may be edited.
pub fn editable_until(written_at: Millis) -> Millis {
    let written = DateTime::from_timestamp_millis(written_at);
    let end = written.and_then(|at| at.checked_add_months(Months::new(EDIT_MONTHS)));
    end.map_or(written_at, |end| end.timestamp_millis())
}

/// How many edits are left at `now`.
pub fn left(edits: Edits, now: Millis) -> i64 {
    if now > editable_until(edits.written_at) { 0 } else { (EDITS_MAX - edits.used).max(0) }
}

/// Whether nothing can be edited at `now` because it was edited as often as that is possible, and not because it is too late.
pub fn used_up(edits: Edits, now: Millis) -> bool {
    edits.used >= EDITS_MAX && now <= editable_until(edits.written_at)
}

/// What an edit to `score` does at `now`.
pub fn judge(edits: Edits, score: u8, now: Millis) -> Edit {
    match edits.held {
        Some(held) if held == score => Edit::Same,
        Some(_) if score == edits.score => Edit::Withdraw,
        None if score == edits.score => Edit::Same,
        _ if left(edits, now) == 0 => Edit::Locked,
        _ if score > edits.score => Edit::Up,
        _ => Edit::Hold(now + HELD_FOR),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DAY: Millis = 24 * 3_600_000;

    fn edits() -> Edits {
        Edits { score: 4, written_at: 1_790_000_000_000, used: 0, held: None }
    }

    #[test]
    fn up_at_once_down_held_and_back_for_nothing() {
        let now = edits().written_at + DAY;
        let cases = [
            (edits(), 5, Edit::Up),
            (edits(), 2, Edit::Hold(now + HELD_FOR)),
            (edits(), 4, Edit::Same),
            (Edits { held: Some(1), used: 2, ..edits() }, 4, Edit::Withdraw),
            (Edits { held: Some(1), used: 1, ..edits() }, 5, Edit::Up),
            (Edits { held: Some(1), used: 1, ..edits() }, 3, Edit::Hold(now + HELD_FOR)),
            (Edits { held: Some(1), used: 1, ..edits() }, 1, Edit::Same),
            (Edits { used: 2, ..edits() }, 5, Edit::Locked),
        ];
        for (before, score, expected) in cases {
            assert_eq!(judge(before, score, now), expected, "{before:?} {score}");
        }
    }

    #[test]
    fn three_months_are_of_the_calendar() {
        // Written on 30 November: three months later is the last of February.
        let written_at = DateTime::parse_from_rfc3339("2026-11-30T12:00:00Z").unwrap().timestamp_millis();
        let end = DateTime::parse_from_rfc3339("2027-02-28T12:00:00Z").unwrap().timestamp_millis();
        assert_eq!(editable_until(written_at), end);
        let edits = Edits { written_at, ..edits() };
        assert_eq!((judge(edits, 5, end), judge(edits, 5, end + 1)), (Edit::Up, Edit::Locked));
    }

    proptest! {
        /// Whatever a client does: at most two edits ever take effect, a score never goes down at once, and what is held is
        /// lower than what counts.
        #[test]
        fn two_edits_and_never_down_at_once(taps in proptest::collection::vec((1_u8..=5, 0_i64..10 * DAY), 0..20)) {
            let (mut edits, mut now, mut due) = (edits(), edits().written_at, 0);
            for (score, pause) in taps {
                now += pause;
                if let Some(held) = edits.held.filter(|_| due <= now) {
                    edits = Edits { score: held, held: None, ..edits };
                }
                let before = edits;
                match judge(edits, score, now) {
                    Edit::Up => edits = Edits { score, held: None, used: edits.used + 1, ..edits },
                    Edit::Hold(until) => {
                        (edits, due) = (Edits { held: Some(score), used: edits.used + 1, ..edits }, until);
                        prop_assert_eq!(until, now + HELD_FOR);
                    }
                    Edit::Withdraw => edits.held = None,
                    Edit::Same | Edit::Locked => {}
                }
                prop_assert!(edits.score >= before.score && edits.used <= EDITS_MAX);
                prop_assert!(edits.held.is_none_or(|held| held < edits.score));
            }
        }
    }
}
