//! Whether two shares differ, as far as the data can tell. Two are told apart where the 95 % interval of their difference
//! leaves out zero; the interval is Newcombe's, made of the two intervals of Wilson (method 10 in R. G. Newcombe,
//! "Interval estimation for the difference between independent proportions", Statistics in Medicine 17, 1998).

use super::share::Share;
use serde::Serialize;
use utoipa::ToSchema;

/// What the data say about two shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The first is higher.
    Higher,
    /// The first is lower.
    Lower,
    /// The data cannot tell them apart.
    CannotTell,
}

/// The difference of two shares.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Difference {
    /// In percentage points: the first less the second.
    pub points: f64,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end of its 95 % interval.
    pub high: f64,
    /// What that says.
    pub verdict: Verdict,
}

impl Difference {
    /// `first` less `second`; none where one of them is of nothing.
    pub fn between(first: Share, second: Share) -> Option<Self> {
        let (p1, p2) = (first.percent()?, second.percent()?);
        let ((low1, high1), (low2, high2)) = (first.interval()?, second.interval()?);
        let points = p1 - p2;
        let low = points - ((p1 - low1).powi(2) + (high2 - p2).powi(2)).sqrt();
        let high = points + ((high1 - p1).powi(2) + (p2 - low2).powi(2)).sqrt();
        let verdict = if low > 0.0 {
            Verdict::Higher
        } else if high < 0.0 {
            Verdict::Lower
        } else {
            Verdict::CannotTell
        };
        Some(Self { points, low: low.max(-100.0), high: high.min(100.0), verdict })
    }
}

/// Whether the data tell two shares apart.
pub fn told_apart(first: Share, second: Share) -> bool {
    Difference::between(first, second).is_some_and(|difference| difference.verdict != Verdict::CannotTell)
}

/// The places in a ranking that the data leave open for one of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Places {
    /// The best: one more than those who are surely better.
    pub from: usize,
    /// The worst: all but those who are surely worse.
    pub to: usize,
    /// Of so many.
    pub of: usize,
}

/// The places that the data leave open for each of `shares`; none for shares of nothing.
pub fn places(shares: &[Share]) -> Vec<Option<Places>> {
    let ranked = shares.iter().filter(|share| share.whole > 0).count();
    let place = |share: &Share| {
        let verdicts = || shares.iter().filter_map(|other| Difference::between(*other, *share)).map(|difference| difference.verdict);
        let better = verdicts().filter(|&verdict| verdict == Verdict::Higher).count();
        let worse = verdicts().filter(|&verdict| verdict == Verdict::Lower).count();
        (share.whole > 0).then(|| Places { from: better + 1, to: ranked - worse, of: ranked })
    };
    shares.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn intervals_are_newcombes() {
        // Table II of the paper: (a) 56/70 − 48/80, (b) 9/10 − 3/10, (d) 5/56 − 0/29, (h) 10/10 − 0/10.
        let table =
            [(56, 70, 48, 80, 5.24, 33.39), (9, 10, 3, 10, 17.05, 80.90), (5, 56, 0, 29, -3.81, 19.26), (10, 10, 0, 10, 60.75, 100.0)];
        for (a, m, b, n, low, high) in table {
            let found = Difference::between(Share::of(a, m), Share::of(b, n)).unwrap();
            assert!((found.low - low).abs() < 0.01 && (found.high - high).abs() < 0.01, "{a}/{m} − {b}/{n}: {found:?}");
        }
    }

    #[test]
    fn few_answers_tell_nobody_apart() {
        assert!(!told_apart(Share::of(3, 3), Share::of(2, 4)));
        assert!(told_apart(Share::of(300, 310), Share::of(200, 400)));
        assert_eq!(Difference::between(Share::of(0, 0), Share::of(1, 2)), None);
        let shares = [Share::of(95, 100), Share::of(93, 100), Share::of(50, 100), Share::of(0, 0)];
        let found: Vec<_> = places(&shares).into_iter().map(|places| places.map(|Places { from, to, of }| (from, to, of))).collect();
        assert_eq!(found, [Some((1, 2, 3)), Some((1, 2, 3)), Some((3, 3, 3)), None]);
    }

    proptest! {
        /// The comparison is fair: it says the opposite the other way round, and nothing about equal shares.
        #[test]
        fn comparing_is_fair(a in 0_i64..200, m in 1_i64..200, b in 0_i64..200, n in 1_i64..200) {
            let (first, second) = (Share::of(a.min(m), m), Share::of(b.min(n), n));
            let (there, back) = (Difference::between(first, second).unwrap(), Difference::between(second, first).unwrap());
            prop_assert!((there.points + back.points).abs() < 1e-9 && (there.low + back.high).abs() < 1e-9);
            prop_assert!(there.low <= there.points + 1e-9 && there.points <= there.high + 1e-9);
            prop_assert_eq!(there.verdict == Verdict::Higher, back.verdict == Verdict::Lower);
            prop_assert!(!told_apart(first, first));
        }

        #[test]
        fn places_are_a_range(shares in proptest::collection::vec((0_i64..50, 0_i64..50), 0..12)) {
            let shares: Vec<Share> = shares.into_iter().map(|(part, whole)| Share::of(part.min(whole), whole)).collect();
            for places in places(&shares).into_iter().flatten() {
                prop_assert!(1 <= places.from && places.from <= places.to && places.to <= places.of);
            }
        }
    }
}
