//! Rolling line of a trend: on each day the figure of the days that end with it. The figure of a single step jumps by chance; this
//! one moves day by day, over several steps.

use super::Scaled;
use super::counter::{Counts, Measure};
use super::share::Share;
use super::stats::bins::ANSWERS_MIN;
use crate::answer::rating::Scale;

/// Number of steps in its window.
pub const STEPS: usize = 3;

/// Figures of the ratings of some days, without voided ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rolling {
    /// Good of rated, over all scales.
    pub good: Share,
    /// Average of stars; `None` without any.
    pub stars: Option<f64>,
}

impl Rolling {
    fn of(counts: &[Counts; 2]) -> Self {
        let rated = |scale: Scale| -> Vec<i64> {
            let counts = &counts[scale as usize];
            counts.scores().iter().zip(counts.voided_scores()).map(|(all, voided)| all - voided).collect()
        };
        let good: i64 = counts.iter().map(|counts| counts[Measure::Good] - counts[Measure::VoidGood]).sum();
        let (thumbs, stars) = (rated(Scale::Binary), rated(Scale::FiveStar));
        let given: i64 = stars.iter().sum();
        let sum: i64 = stars.iter().zip(0_i64..).map(|(count, score)| count * score).sum();
        Self { good: Share::of(good, thumbs.iter().sum::<i64>() + given), stars: (given > 0).then(|| sum as f64 / given as f64) }
    }
}

/// The figure of each day with the days before it, `window` in all; `None` if they have too few answers.
pub fn rolling(days: &[Vec<Scaled>], window: usize) -> Vec<Option<Rolling>> {
    let mut held = [Counts::default(); 2];
    let mut found = Vec::with_capacity(days.len());
    for (at, day) in days.iter().enumerate() {
        day.iter().for_each(|(scale, counts)| held[*scale as usize].add(counts, 1));
        if let Some(gone) = at.checked_sub(window) {
            days[gone].iter().for_each(|(scale, counts)| held[*scale as usize].add(counts, -1));
        }
        found.push(Some(Rolling::of(&held)).filter(|rolling| rolling.good.whole >= ANSWERS_MIN));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(good: i64, voided: i64, bad: i64) -> Vec<Scaled> {
        let mut counts = Counts::default();
        (counts[Measure::Score1], counts[Measure::Good], counts[Measure::Score0], counts[Measure::Bad]) = (good, good, bad, bad);
        (counts[Measure::Void1], counts[Measure::VoidGood]) = (voided, voided);
        vec![(Scale::Binary, counts)]
    }

    #[test]
    fn each_day_counts_the_days_that_end_with_it() {
        let days: Vec<Vec<Scaled>> = vec![day(20, 0, 0), day(5, 0, 5), Vec::new(), day(30, 10, 20), day(40, 0, 0)];
        let shares: Vec<Option<(i64, i64)>> =
            rolling(&days, 2).into_iter().map(|found| found.map(|rolling| (rolling.good.part, rolling.good.whole))).collect();
        assert_eq!(shares, [None, Some((25, 30)), None, Some((20, 40)), Some((60, 80))], "fewer than thirty say nothing");
        assert!(rolling(&days, 2).iter().flatten().all(|rolling| rolling.stars.is_none()), "thumbs are no stars");
    }

    #[test]
    fn stars_are_averaged_without_voided_ones() {
        let mut counts = Counts::default();
        (counts[Measure::Score5], counts[Measure::Score1], counts[Measure::Void1], counts[Measure::Good]) = (30, 12, 2, 30);
        let found = rolling(&[vec![(Scale::FiveStar, counts)]], 7)[0].unwrap();
        assert_eq!((found.good, found.stars), (Share::of(30, 40), Some(4.0)));
    }
}
