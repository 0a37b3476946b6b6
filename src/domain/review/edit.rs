//! Rules for later edits of a rating by the client: at most two within three months; a higher score counts immediately, a lower one
//! is held for three days (M8 to M11), which gives the organisation time to fix the problem.

use super::super::Millis;
use super::super::word::words;
use chrono::{DateTime, Months};

/// Maximum number of edits after the line's own time for changes.
pub const EDITS_MAX: i64 = 2;
/// Months after the rating in which it may be edited.
pub const EDIT_MONTHS: u32 = 3;
/// Time for which a lower score is held.
pub const HELD_FOR: Millis = 3 * 24 * 3_600_000;

words! {
    /// State of an edit.
    pub enum EditState {
        /// It counts.
        Applied = "applied",
        /// It will count later.
        Held = "held",
        /// It was held, and withdrawn before it counted.
        Withdrawn = "withdrawn",
    }
}

/// Edits of a rating so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edits {
    /// The score that counts.
    pub score: u8,
    /// Time of the first score.
    pub written_at: Millis,
    /// Number of edits used.
    pub used: i64,
    /// The held score, if any.
    pub held: Option<u8>,
}

/// Effect of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The score counts immediately; a held one is dropped. Uses one edit.
    Up,
    /// The score is held until this time, replacing one held before. Uses one edit.
    Hold(Millis),
    /// Back to the score that counts: the held one is dropped. Uses no edit, because nothing was published.
    Withdraw,
    /// No change.
    Same,
    /// All edits are used, or the time for them is over.
    Locked,
}

/// Time until which a rating written at `written_at` may be edited.
pub fn editable_until(written_at: Millis) -> Millis {
    let written = DateTime::from_timestamp_millis(written_at);
    let end = written.and_then(|at| at.checked_add_months(Months::new(EDIT_MONTHS)));
    end.map_or(written_at, |end| end.timestamp_millis())
}

/// Number of edits left at `now`.
pub fn left(edits: Edits, now: Millis) -> i64 {
    if now > editable_until(edits.written_at) { 0 } else { (EDITS_MAX - edits.used).max(0) }
}

/// True if no edit is possible at `now` because all were used, not because it is too late.
pub fn used_up(edits: Edits, now: Millis) -> bool {
    edits.used >= EDITS_MAX && now <= editable_until(edits.written_at)
}

/// Effect of an edit to `score` at `now`.
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
        // Written on 30 November: three months later is the last day of February.
        let written_at = DateTime::parse_from_rfc3339("2026-11-30T12:00:00Z").unwrap().timestamp_millis();
        let end = DateTime::parse_from_rfc3339("2027-02-28T12:00:00Z").unwrap().timestamp_millis();
        assert_eq!(editable_until(written_at), end);
        let edits = Edits { written_at, ..edits() };
        assert_eq!((judge(edits, 5, end), judge(edits, 5, end + 1)), (Edit::Up, Edit::Locked));
    }

    proptest! {
        /// For any taps: at most two edits take effect, a score never decreases immediately, and a held score is lower than the one
        /// that counts.
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
