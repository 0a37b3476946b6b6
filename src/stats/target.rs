//! Compares a share with a target; the result may be read any number of times. A month is read every day, and a test for one look would
//! report a share that is exactly at its target as reached or missed in one of five months. The evidence against a share is the mean
//! probability of the answers under all others (weighed by Jeffreys' distribution) divided by their probability under this one. If the
//! share is the true one, it ever exceeds 1/α in at most α of all series of any length (Ville; Robbins, "Statistical methods related to
//! the law of the iterated logarithm", Annals of Mathematical Statistics 41, 1970).

use super::ALPHA;
use super::beta::ln_gamma;
use crate::share::Share;
use serde::Serialize;
use utoipa::ToSchema;

/// Verdict on a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TargetVerdict)]
#[serde(rename_all = "snake_case")]
pub enum Reached {
    /// The share is above the target.
    Reached,
    /// The share is below the target.
    Missed,
    /// The data cannot tell yet.
    CannotTell,
}

/// Larger numbers of answers for a verdict are not reported.
const ANSWERS_MAX: i64 = 1_000_000;

/// Clopper and Pearson's interval for one look, in percent, for comparison in tests. `None` for an empty whole.
#[cfg(test)]
pub(crate) fn exact_interval(share: Share) -> Option<(f64, f64)> {
    const SIDE: f64 = 0.025;
    let (x, n) = (share.part.clamp(0, share.whole.max(0)) as f64, share.whole as f64);
    (share.whole > 0).then(|| {
        let low = if x <= 0.0 { 0.0 } else { super::beta::quantile(x, n - x + 1.0, SIDE) };
        let high = if x >= n { 1.0 } else { super::beta::quantile(x + 1.0, n - x, 1.0 - SIDE) };
        (low * 100.0, high * 100.0)
    })
}

/// Logarithm of the evidence of `share` against the true share `chance`, above 0 and below 1.
fn evidence(share: Share, chance: f64) -> f64 {
    let (x, n) = (share.part as f64, share.whole as f64);
    let ln_beta = |a: f64, b: f64| ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
    ln_beta(x + 0.5, n - x + 0.5) - ln_beta(0.5, 0.5) - x * chance.ln() - (n - x) * (-chance).ln_1p()
}

/// True if a share differs from `percent`, above 0 and below 100, with this error over all looks together.
pub fn differs(share: Share, percent: f64, error: f64) -> bool {
    share.whole > 0 && evidence(share, percent / 100.0) >= -error.ln()
}

/// Interval in percent with this error over all looks together; it never contradicts [`reached`]. `None` for an empty whole.
pub fn lasting_interval(share: Share, error: f64) -> Option<(f64, f64)> {
    if share.whole <= 0 {
        return None;
    }
    let own = share.part as f64 / share.whole as f64;
    // The evidence only grows with the distance from the own share.
    let end = |edge: f64| {
        let (mut inside, mut outside) = (own, edge);
        for _ in 0..60 {
            let middle = 0.5 * (inside + outside);
            if differs(share, middle * 100.0, error) { outside = middle } else { inside = middle }
        }
        outside * 100.0
    };
    Some((if own <= 0.0 { 0.0 } else { end(0.0) }, if own >= 1.0 { 100.0 } else { end(1.0) }))
}

/// Compares a share with a target in percent, above 0 and below 100, with this error over all looks together.
pub fn reached(share: Share, target: f64, error: f64) -> Reached {
    if !differs(share, target, error) {
        Reached::CannotTell
    } else if share.percent().is_some_and(|percent| percent < target) {
        Reached::Missed
    } else {
        Reached::Reached
    }
}

/// Total number of answers for a verdict if the share stays as it is; `None` if there is one already, if there are no answers yet,
/// or if a million would not suffice.
pub fn ratings_needed(share: Share, target: f64) -> Option<i64> {
    if share.whole <= 0 || reached(share, target, ALPHA) != Reached::CannotTell {
        return None;
    }
    let tells = |n: i64| {
        let part = (share.part as f64 * n as f64 / share.whole as f64).round() as i64;
        reached(Share::of(part, n), target, ALPHA) != Reached::CannotTell
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

    /// Probability that a share that is exactly at its target is ever called reached or missed, if it is read after each of `n` answers.
    /// Carries on the probabilities of all counts of good answers without a verdict so far.
    fn ever_called(target: f64, n: i64, called: impl Fn(Share) -> bool) -> f64 {
        let (mut open, mut ever) = (vec![1.0], 0.0);
        for answers in 1..=n {
            let mut next = vec![0.0; open.len() + 1];
            for (good, chance) in open.iter().enumerate() {
                next[good] += chance * (1.0 - target / 100.0);
                next[good + 1] += chance * target / 100.0;
            }
            for (good, chance) in next.iter_mut().enumerate() {
                if called(Share::of(good as i64, answers)) {
                    ever += *chance;
                    *chance = 0.0;
                }
            }
            open = next;
        }
        ever
    }

    #[test]
    fn a_share_at_its_target_is_seldom_called_anything_however_often_it_is_read() {
        for target in [50.0, 80.0, 90.0, 95.0, 98.0] {
            let ever = ever_called(target, 250, |share| reached(share, target, ALPHA) != Reached::CannotTell);
            assert!(ever <= ALPHA, "{target}: {ever}");
        }
        // The test for one look exceeds its error if it is read after each answer.
        let one_look = |share: Share| exact_interval(share).is_some_and(|(low, high)| !(low..=high).contains(&90.0));
        assert!(ever_called(90.0, 120, one_look) > 0.1);
        assert_eq!(reached(Share::of(0, 0), 90.0, ALPHA), Reached::CannotTell);
    }

    #[test]
    fn what_is_far_off_is_called_soon() {
        assert_eq!(reached(Share::of(0, 2), 90.0, ALPHA), Reached::Missed, "0.375 over 0.01");
        assert_eq!(reached(Share::of(70, 100), 90.0, ALPHA), Reached::Missed);
        assert_eq!(reached(Share::of(99, 100), 90.0, ALPHA), Reached::Reached);
        assert_eq!(reached(Share::of(93, 100), 90.0, ALPHA), Reached::CannotTell);
    }

    #[test]
    fn what_would_tell_is_said_and_tells() {
        let near = Share::of(44, 50);
        let needed = ratings_needed(near, 92.0).unwrap();
        assert!((300..900).contains(&needed), "{needed}");
        assert_eq!(reached(Share::of((needed as f64 * 0.88).round() as i64, needed), 92.0, ALPHA), Reached::Missed);
        assert_eq!(ratings_needed(Share::of(5, 50), 92.0), None, "it tells already");
        assert_eq!(ratings_needed(Share::of(90, 100), 90.0), None, "right at the target nothing ever tells");
        assert_eq!(ratings_needed(Share::of(0, 0), 90.0), None);
    }

    #[test]
    fn exact_intervals_are_those_of_the_textbook() {
        let (low, high) = exact_interval(Share::of(9, 10)).unwrap();
        assert!((low - 55.498).abs() < 0.01 && (high - 99.747).abs() < 0.01, "{low} {high}");
        assert_eq!(exact_interval(Share::of(0, 0)), None);
    }

    proptest! {
        /// Verdict and interval say the same.
        #[test]
        fn the_interval_never_contradicts(part in 0_i64..300, whole in 1_i64..300, target in 1.0_f64..99.0, error in 0.001_f64..0.1) {
            let share = Share::of(part.min(whole), whole);
            let (low, high) = lasting_interval(share, error).unwrap();
            prop_assume!((low - target).abs() > 1e-6 && (high - target).abs() > 1e-6);
            let expected = if target > high { Reached::Missed } else if target < low { Reached::Reached } else { Reached::CannotTell };
            prop_assert_eq!(reached(share, target, error), expected);
            prop_assert!(low <= share.percent().unwrap() && share.percent().unwrap() <= high);
        }
    }
}
