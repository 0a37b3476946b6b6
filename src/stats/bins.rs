//! Steps of a trend with enough answers: the shortest of day, week, month and quarter of which four in five have thirty answers.
//! They are counted back from the end of the period, so that the last one is complete. A short period is shown by days however few
//! answers they have: its question is since when something changed, and each day has its own interval.

use std::ops::Range;

/// Minimum number of answers that a step should have.
pub const ANSWERS_MIN: i64 = 30;
/// Maximum number of steps.
pub const STEPS_MAX: usize = 95;

/// Periods of at most this many days are shown by days.
const BY_DAYS: usize = 14;

/// Length of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// One day.
    Day,
    /// Seven days.
    Week,
    /// Thirty days.
    Month,
    /// Ninety-one days.
    Quarter,
}

impl Width {
    /// All widths, shortest first.
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Quarter];

    /// Number of days.
    pub fn days(self) -> usize {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 30,
            Self::Quarter => 91,
        }
    }
}

/// The width of steps over days with these numbers of answers; `None` if there is only enough for one figure.
pub fn width(answers: &[i64]) -> Option<Width> {
    if answers.len() <= BY_DAYS {
        return (answers.iter().filter(|&&answers| answers > 0).count() > 1).then_some(Width::Day);
    }
    let fits = |width: &Width| {
        let full = answers.rchunks_exact(width.days());
        let steps = full.len();
        let held = full.filter(|days| days.iter().sum::<i64>() >= ANSWERS_MIN).count();
        (2..=STEPS_MAX).contains(&steps) && held * 5 >= steps * 4
    };
    Width::ALL.into_iter().find(fits)
}

/// The steps over this many days, oldest first; the first may be shorter.
pub fn steps(days: usize, width: Width) -> Vec<Range<usize>> {
    let mut steps: Vec<Range<usize>> = Vec::new();
    let mut until = days;
    while until > 0 {
        let from = until.saturating_sub(width.days());
        steps.push(from..until);
        until = from;
    }
    steps.reverse();
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_as_short_as_the_answers_allow() {
        let at = |rate: i64, days: usize| width(&vec![rate; days]);
        assert_eq!(
            [1, 3, 5, 10, 20, 40].map(|rate| at(rate, 90)),
            [Some(Width::Month), Some(Width::Month), Some(Width::Week), Some(Width::Week), Some(Width::Week), Some(Width::Day)]
        );
        assert_eq!(
            [1, 3, 5, 10, 20, 40].map(|rate| at(rate, 365)),
            [Some(Width::Month), Some(Width::Month), Some(Width::Week), Some(Width::Week), Some(Width::Week), Some(Width::Week)]
        );
        let mut one_missing = vec![1; 90];
        (one_missing[3], one_missing[85]) = (0, 0);
        assert_eq!(width(&one_missing), None, "two of three months hold fewer than thirty, and a quarter is all there is");
        assert_eq!(at(1_000, 1), None, "one day is one figure");
        assert_eq!((at(1, 7), at(1, 14), at(1, 15)), (Some(Width::Day), Some(Width::Day), None), "a short period is shown by days");
        assert_eq!(width(&[0, 0, 40, 0, 0, 0, 0]), None, "and one day with answers is one figure");
        assert_eq!(width(&[]), None);
    }

    #[test]
    fn the_last_step_is_whole_and_the_first_may_be_cut() {
        assert_eq!(steps(16, Width::Week), [0..2, 2..9, 9..16]);
        assert!(steps(0, Width::Day).is_empty());
    }
}
