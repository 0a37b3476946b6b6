//! Whether a share is above or below a given one: by the exact tails of the binomial distribution, 2.5 % to either side.
//! (An interval of Wilson would call a team that is exactly at 98 % "below" in 15 % of samples of eight.)

use super::beta;
use crate::share::Share;
use serde::Serialize;
use utoipa::ToSchema;

/// What ratings say about a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reached {
    /// The share is above the target.
    Reached,
    /// The share is below the target.
    Missed,
    /// The data cannot tell yet.
    CannotTell,
}

/// The error to either side.
const SIDE: f64 = 0.025;
/// More answers than this are never named as those that would tell.
const ANSWERS_MAX: i64 = 1_000_000;

/// The interval of Clopper and Pearson, in percent: it never contradicts [`reached`]. None of nothing.
pub fn exact_interval(share: Share) -> Option<(f64, f64)> {
    let (x, n) = (share.part.clamp(0, share.whole.max(0)) as f64, share.whole as f64);
    (share.whole > 0).then(|| {
        let low = if x <= 0.0 { 0.0 } else { beta::quantile(x, n - x + 1.0, SIDE) };
        let high = if x >= n { 1.0 } else { beta::quantile(x + 1.0, n - x, 1.0 - SIDE) };
        (low * 100.0, high * 100.0)
    })
}

/// What a share says about a target in percent, above 0 and below 100.
pub fn reached(share: Share, target: f64) -> Reached {
    let (x, n, target) = (share.part, share.whole, target / 100.0);
    if n <= 0 {
        return Reached::CannotTell;
    }
    if at_most(x, n, target) <= SIDE {
        Reached::Missed
    } else if 1.0 - at_most(x - 1, n, target) <= SIDE {
        Reached::Reached
    } else {
        Reached::CannotTell
    }
}

/// The chance of at most `x` of `n` where each has this chance.
fn at_most(x: i64, n: i64, chance: f64) -> f64 {
    if x < 0 {
        return 0.0;
    }
    if x >= n {
        return 1.0;
    }
    beta::at_most((n - x) as f64, (x + 1) as f64, 1.0 - chance)
}

/// How many answers in all would tell, if the share stays as it is: none where it tells already, where there is no answer
/// yet, or where a million would not do.
pub fn answers_that_tell(share: Share, target: f64) -> Option<i64> {
    if share.whole <= 0 || reached(share, target) != Reached::CannotTell {
        return None;
    }
    let tells = |n: i64| {
        let part = (share.part as f64 * n as f64 / share.whole as f64).round() as i64;
        reached(Share::of(part, n), target) != Reached::CannotTell
    };
    let mut high = share.whole;
    while !tells(high) {
        high = high.saturating_mul(2);
        if high > ANSWERS_MAX {
            return None;
        }
    }
    let mut low = high / 2;
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if tells(middle) { high = middle } else { low = middle }
    }
    Some(high.max(share.whole + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A share that is exactly at the target is called missed, or reached, in at most 2.5 % of all samples.
    #[test]
    fn a_share_at_its_target_is_seldom_called_anything() {
        for target in [80.0, 90.0, 95.0, 98.0] {
            for n in [8, 20, 40, 100, 300] {
                let chance = |x: i64| at_most(x, n, target / 100.0) - at_most(x - 1, n, target / 100.0);
                let called = |what: Reached| (0..=n).filter(|&x| reached(Share::of(x, n), target) == what).map(chance).sum::<f64>();
                let (missed, reached) = (called(Reached::Missed), called(Reached::Reached));
                assert!(missed <= 0.025 && reached <= 0.025, "{target} {n}: {missed} {reached}");
                // As the simulation has it: 2.0 % and 1.3 % of samples of a hundred at 80 %.
                if (target, n) == (80.0, 100) {
                    assert!((missed - 0.020).abs() < 0.001 && (reached - 0.013).abs() < 0.001, "{missed} {reached}");
                }
            }
        }
        assert_eq!(reached(Share::of(0, 0), 90.0), Reached::CannotTell);
    }

    #[test]
    fn what_would_tell_is_said_and_tells() {
        let near = Share::of(44, 50);
        let needed = answers_that_tell(near, 92.0).unwrap();
        assert!((150..400).contains(&needed), "{needed}");
        assert_eq!(reached(Share::of((needed as f64 * 0.88).round() as i64, needed), 92.0), Reached::Missed);
        assert_eq!(answers_that_tell(Share::of(5, 50), 92.0), None, "it tells already");
        assert_eq!(answers_that_tell(Share::of(90, 100), 90.0), None, "right at the target nothing ever tells");
        assert_eq!(answers_that_tell(Share::of(0, 0), 90.0), None);
    }

    proptest! {
        /// Verdict and interval say the same.
        #[test]
        fn the_interval_never_contradicts(part in 0_i64..300, whole in 1_i64..300, target in 1.0_f64..99.0) {
            let share = Share::of(part.min(whole), whole);
            let (low, high) = exact_interval(share).unwrap();
            prop_assume!((low - target).abs() > 1e-6 && (high - target).abs() > 1e-6);
            let expected = if target > high { Reached::Missed } else if target < low { Reached::Reached } else { Reached::CannotTell };
            prop_assert_eq!(reached(share, target), expected);
        }
    }
}
