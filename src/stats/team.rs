//! Comparison of the members of a team with the rest of it, like with like, and with one error over the whole team.
//!
//! Each member has two one-sided exact tests: for few, and for many good ratings. In each stratum (a line, channel and scale) the
//! number of good ones is hypergeometric given the stratum's good ones, and the strata are summed; with one stratum it is Fisher's
//! test. The tests are combined by the discrete step-down of Bonferroni: a p-value is compared with the probabilities of all
//! remaining tests to reach one as small (Westfall & Troendle, "Multiple testing with minimal assumptions", Biometrical Journal 50,
//! 2008; Tarone 1990; Holm 1979). If no member differs within any stratum, at most one page in twenty reports a difference, however
//! few or many the ratings, and members with few ratings cost the others nothing.

use super::chances::{Chances, HAIR, Tails};
use super::{ALPHA, Z};
use crate::share::{Share, wilson};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// Comparison of two shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ShareVerdict)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The first is higher.
    Higher,
    /// The first is lower.
    Lower,
    /// The data cannot tell them apart.
    CannotTell,
}

/// The ratings of one member: for each stratum with ratings, its number and good of rated.
pub type Ratings = Vec<(usize, Share)>;

/// Minimum number of ratings for a difference in points with a valid interval.
pub const DIFFERENCE_MIN: i64 = 8;

/// Result for one member.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// Compared with the rest of the team.
    pub verdict: Verdict,
    /// The p-value over the whole team; one if the data cannot tell.
    pub adjusted_p: f64,
    /// Number of all ratings.
    pub rated: i64,
    /// Number of ratings that could be compared: of strata where others were rated too, and not all ratings are the same.
    pub compared: i64,
    /// Number of ratings of the others in those strata.
    pub others: i64,
    /// The difference to the rest in points, within strata.
    pub difference: Option<Points>,
}

/// A difference in percentage points with its 95 % interval, which is for this difference alone: verdicts over a whole team are
/// stricter.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PointsRange)]
pub struct Points {
    /// The difference.
    pub points: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// Compares each member of a team with the rest.
pub fn against_the_rest(team: &[Ratings]) -> Vec<Standing> {
    let totals = totals(team);
    let mut known: HashMap<(i64, i64, i64), Chances> = HashMap::new();
    let tails: Vec<Tails> = team.iter().map(|ratings| tails(ratings, &totals, &mut known)).collect();
    let good: Vec<i64> = team.iter().map(|ratings| ratings.iter().map(|(_, share)| share.part).sum()).collect();
    let said = step_down(&tails, &good, ALPHA);
    team.iter().zip(said).map(|(ratings, said)| standing(ratings, &totals, said)).collect()
}

/// Finds the pairs that differ, each first compared with its second, like with like, and with the error `alpha` over all pairs,
/// however they depend on each other.
pub fn among(pairs: &[(Ratings, Ratings)], alpha: f64) -> Vec<Standing> {
    let (tails, good): (Vec<Tails>, Vec<i64>) = pairs.iter().map(|(first, second)| beside(first, second)).unzip();
    let said = step_down(&tails, &good, alpha);
    pairs.iter().zip(said).map(|((first, second), said)| standing(first, &totals([first, second]), said)).collect()
}

/// Distribution of the good ratings of the first if it were like the second, and their actual number.
fn beside(first: &Ratings, second: &Ratings) -> (Tails, i64) {
    let (totals, mut known) = (totals([first, second]), HashMap::new());
    (tails(first, &totals, &mut known), first.iter().map(|(_, share)| share.part).sum())
}

/// The standing of these ratings among all of their strata.
fn standing(ratings: &Ratings, totals: &HashMap<usize, Share>, Judgement { verdict, adjusted_p }: Judgement) -> Standing {
    let rest = |at: &usize, own: &Share| Share::of(totals[at].part - own.part, totals[at].whole - own.whole);
    let comparable = || ratings.iter().filter(|(at, own)| tells(totals[at], own.whole));
    Standing {
        verdict,
        adjusted_p,
        rated: ratings.iter().map(|(_, share)| share.whole).sum(),
        compared: comparable().map(|(_, own)| own.whole).sum(),
        others: comparable().map(|(at, own)| rest(at, own).whole).sum(),
        difference: difference(ratings.iter().map(|(at, own)| (*own, rest(at, own)))),
    }
}

/// All ratings of each stratum.
pub(super) fn totals<'a>(team: impl IntoIterator<Item = &'a Ratings>) -> HashMap<usize, Share> {
    let mut totals: HashMap<usize, Share> = HashMap::new();
    for (stratum, share) in team.into_iter().flatten() {
        let total = totals.entry(*stratum).or_default();
        *total = Share::of(total.part + share.part, total.whole + share.whole);
    }
    totals
}

/// True if `own` of these ratings can be compared with the others.
fn tells(all: Share, own: i64) -> bool {
    own > 0 && own < all.whole && 0 < all.part && all.part < all.whole
}

/// Distribution of a member's number of good ratings by chance.
pub(super) fn tails(ratings: &Ratings, totals: &HashMap<usize, Share>, known: &mut HashMap<(i64, i64, i64), Chances>) -> Tails {
    let own = ratings.iter().filter(|(_, own)| own.whole > 0);
    let drawn: Vec<(i64, i64, i64)> = own.map(|(stratum, own)| (totals[stratum].whole, totals[stratum].part, own.whole)).collect();
    for &(all, good, drawn) in &drawn {
        known.entry((all, good, drawn)).or_insert_with(|| Chances::hypergeometric(all, good, drawn));
    }
    Tails::of_sum(drawn.iter().filter_map(|drawn| known.get(drawn)).collect())
}

#[derive(Clone, Copy)]
struct Judgement {
    verdict: Verdict,
    adjusted_p: f64,
}

fn step_down(tails: &[Tails], good: &[i64], alpha: f64) -> Vec<Judgement> {
    let mut said = vec![Judgement { verdict: Verdict::CannotTell, adjusted_p: 1.0 }; tails.len()];
    let of = |(member, tails): (usize, &Tails)| {
        [(tails.at_most(good[member]), member, Verdict::Lower), (tails.at_least(good[member]), member, Verdict::Higher)]
    };
    let mut tests: Vec<(f64, usize, Verdict)> = tails.iter().enumerate().flat_map(of).collect();
    tests.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut adjusted: f64 = 0.0;
    // The reach of each test, and the level from which on it reaches more.
    let mut reached: Vec<(f64, f64)> = vec![(0.0, 0.0); tests.len()];
    for (place, &(p, member, verdict)) in tests.iter().enumerate() {
        if p > alpha {
            break;
        }
        let reach = |(&(_, member, verdict), reached): (&(f64, usize, Verdict), &mut (f64, f64))| {
            if reached.1 <= p * HAIR {
                *reached = if verdict == Verdict::Lower { tails[member].reach_below(p) } else { tails[member].reach_above(p) };
            }
            reached.0
        };
        adjusted = adjusted.max(tests[place..].iter().zip(&mut reached[place..]).map(reach).sum());
        if adjusted > alpha {
            break;
        }
        said[member] = Judgement { verdict, adjusted_p: adjusted };
    }
    said
}

/// Mantel-Haenszel difference over pairs of shares of the same strata, the first minus the second, with Newcombe's interval. The
/// share and the effective number of answers of each side follow from the weights of the strata, and the distances to the ends of
/// the two Wilson intervals are added in quadrature (Newcombe, "Interval estimation for the difference between independent
/// proportions", Statistics in Medicine 17, 1998; Yan & Su, "Stratified Wilson and Newcombe confidence intervals", Statistics in
/// Biopharmaceutical Research 2, 2010). `None` if fewer than eight ratings of either side can be compared.
pub fn difference(pairs: impl Iterator<Item = (Share, Share)>) -> Option<Points> {
    let pairs: Vec<(Share, Share)> = pairs.filter(|(first, second)| first.whole > 0 && second.whole > 0).collect();
    let compared = pairs.iter().fold((0, 0), |(first, second), pair| (first + pair.0.whole, second + pair.1.whole));
    if compared.0.min(compared.1) < DIFFERENCE_MIN {
        return None;
    }
    let weight = |(first, second): &(Share, Share)| {
        let (n1, n2) = (first.whole as f64, second.whole as f64);
        n1 * n2 / (n1 + n2)
    };
    let all: f64 = pairs.iter().map(weight).sum();
    let side = |of: fn(&(Share, Share)) -> Share| {
        let sums = pairs.iter().fold((0.0, 0.0), |(share, squares), pair| {
            let (w, own) = (weight(pair) / all, of(pair));
            (share + w * own.part as f64 / own.whole as f64, squares + w * w / own.whole as f64)
        });
        (sums.0, wilson(sums.0, 1.0 / sums.1, Z))
    };
    let ((p1, (low1, high1)), (p2, (low2, high2))) = (side(|pair| pair.0), side(|pair| pair.1));
    let (d, down, up) = (p1 - p2, (p1 - low1).hypot(high2 - p2), (high1 - p1).hypot(p2 - low2));
    Some(Points { points: d * 100.0, low: (d - down).max(-1.0) * 100.0, high: (d + up).min(1.0) * 100.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn alone(shares: &[(i64, i64)]) -> Vec<Ratings> {
        shares.iter().map(|&(good, of)| vec![(0, Share::of(good, of))]).collect()
    }

    #[test]
    fn only_the_one_who_differs_is_said_to() {
        let team = alone(&[(12, 20), (38, 40), (37, 40), (36, 40), (19, 20), (5, 5)]);
        let found = against_the_rest(&team);
        let totals = totals(&team);
        let p = tails(&team[0], &totals, &mut HashMap::new()).at_most(12);
        assert!((p - 0.000_234).abs() < 1e-6, "{p}");
        assert_eq!(found[0].verdict, Verdict::Lower);
        assert!((found[0].adjusted_p - 0.000_656).abs() < 1e-6, "{:?}", found[0]);
        assert!(found[1..].iter().all(|standing| standing.verdict == Verdict::CannotTell && standing.adjusted_p == 1.0), "{found:?}");
        let next = tails(&team[1], &totals, &mut HashMap::new()).at_least(38);
        assert!((next - 0.1366).abs() < 1e-4, "{next}");
    }

    /// A newcomer with four of four hides nothing: 93 % and 67 % of 300 each differ.
    #[test]
    fn a_newcomer_hides_no_difference() {
        let found = against_the_rest(&alone(&[(4, 4), (280, 300), (200, 300)]));
        let verdicts: Vec<Verdict> = found.iter().map(|standing| standing.verdict).collect();
        assert_eq!(verdicts, [Verdict::CannotTell, Verdict::Higher, Verdict::Lower]);
        assert_eq!((found[0].difference, found[0].compared), (None, 4));
    }

    /// Number of bad ratings below a team of 90 % that is significant: there is no minimum number of ratings.
    #[test]
    fn few_ratings_are_called_nothing_unless_they_are_all_bad() {
        for (of, members, expected) in [
            (2, 7, None),
            (3, 7, Some(3)),
            (5, 20, Some(4)),
            (8, 50, Some(5)),
            (10, 7, Some(5)),
            (10, 50, Some(6)),
            (20, 7, Some(7)),
            (20, 50, Some(8)),
            (40, 7, Some(12)),
            (40, 20, Some(11)),
            (40, 50, Some(12)),
        ] {
            let called = |bad: i64| {
                let shares: Vec<(i64, i64)> = std::iter::once((of - bad, of)).chain(std::iter::repeat_n((36, 40), members - 1)).collect();
                against_the_rest(&alone(&shares))[0].verdict == Verdict::Lower
            };
            assert_eq!((0..=of).find(|&bad| called(bad)), expected, "{of} of {members}");
        }
    }

    /// Two members who are equal on every line, but work on them in different proportions, do not differ; pooled they would.
    #[test]
    fn like_is_compared_with_like() {
        let (mona, nils) = (vec![(0, Share::of(285, 300)), (1, Share::of(14, 20))], vec![(0, Share::of(19, 20)), (1, Share::of(210, 300))]);
        let found = against_the_rest(&[mona.clone(), nils.clone()]);
        assert!(found.iter().all(|standing| standing.verdict == Verdict::CannotTell && standing.compared == 320));
        let points = found[0].difference.unwrap();
        assert!(points.points.abs() < 0.01 && points.low < 0.0 && points.high > 0.0, "{points:?}");
        let pooled = against_the_rest(&alone(&[(299, 320), (229, 320)]));
        assert_eq!((pooled[0].verdict, pooled[1].verdict), (Verdict::Higher, Verdict::Lower));
        assert_eq!(among(&[(mona, nils)], ALPHA)[0].verdict, Verdict::CannotTell);
    }

    #[test]
    fn strata_where_nothing_can_be_compared_drop_out_and_are_counted() {
        let his = vec![(0, Share::of(40, 83)), (1, Share::of(3, 10)), (2, Share::of(7, 7))];
        let others = vec![(0, Share::of(300, 320)), (2, Share::of(50, 50))];
        let found = against_the_rest(&[his, others]);
        assert_eq!((found[0].verdict, found[0].rated, found[0].compared, found[0].others), (Verdict::Lower, 100, 83, 320));
    }

    /// Among many pairs, one of a hundred equal ones differs by chance alone: it is not reported, and a real difference is.
    #[test]
    fn pairs_share_one_error() {
        let pair =
            |first: (i64, i64), second: (i64, i64)| (vec![(0, Share::of(first.0, first.1))], vec![(0, Share::of(second.0, second.1))]);
        let (by_chance, differs) = (pair((14, 40), (5, 40)), pair((30, 60), (8, 60)));
        let verdict = |pairs: &[(Ratings, Ratings)]| among(pairs, ALPHA).into_iter().map(|standing| standing.verdict).collect::<Vec<_>>();
        assert_eq!(verdict(std::slice::from_ref(&by_chance)), [Verdict::Higher]);
        let equal = pair((12, 40), (11, 40));
        let many: Vec<_> = [by_chance, differs].into_iter().chain(std::iter::repeat_n(equal, 10)).collect();
        let found = verdict(&many);
        assert_eq!((found[0], found[1]), (Verdict::CannotTell, Verdict::Higher));
        assert!(found[2..].iter().all(|verdict| *verdict == Verdict::CannotTell));
        assert!(among(&[], ALPHA).is_empty());
    }

    fn points(pairs: &[[(i64, i64); 2]]) -> Option<[f64; 3]> {
        let pairs = pairs.iter().map(|&[(x1, n1), (x2, n2)]| (Share::of(x1, n1), Share::of(x2, n2)));
        difference(pairs).map(|Points { points, low, high }| [points, low, high])
    }

    fn near(found: Option<[f64; 3]>, expected: [f64; 3]) {
        let found = found.unwrap();
        assert!(found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 0.05), "{found:?} {expected:?}");
    }

    #[test]
    fn differences_are_newcombes() {
        // Of one stratum, the examples of Newcombe's paper (method 10): 56/70 − 48/80 and 10/10 − 0/20.
        near(points(&[[(56, 70), (48, 80)]]), [20.0, 5.24, 33.39]);
        near(points(&[[(10, 10), (0, 20)]]), [100.0, 67.91, 100.0]);
        // With all answers good on both sides, a small side leaves the interval wide.
        near(points(&[[(10, 10), (30, 30)]]), [0.0, -27.75, 11.35]);
        // Equal strata have the interval of one stratum with all of them. Different strata have the Mantel-Haenszel weights.
        near(points(&[[(28, 35), (24, 40)], [(28, 35), (24, 40)]]), [20.0, 5.24, 33.39]);
        let three = points(&[[(6, 10), (84, 90)], [(4, 5), (36, 40)], [(5, 8), (24, 30)]]);
        assert!((three.unwrap()[0] + 23.0).abs() < 0.05, "{three:?}");
    }

    /// A minimum for one side only would show "+90.0 points" next to one client.
    #[test]
    fn few_on_either_side_have_no_interval() {
        assert_eq!(points(&[[(180, 200), (0, 1)]]), None);
        assert_eq!(points(&[[(0, 1), (180, 200)]]), None);
        assert_eq!(points(&[[(7, 7), (190, 200)]]), None);
        assert!(points(&[[(8, 8), (7, 8)]]).is_some());
    }

    proptest! {
        /// The result depends only on the ratings: mirrored ratings have mirrored results, the order of members does not matter,
        /// and splitting one stratum into two equal ones never reports more.
        #[test]
        fn calling_is_fair(shares in proptest::collection::vec((0_i64..40, 0_i64..40), 2..9)) {
            let shares: Vec<(i64, i64)> = shares.into_iter().map(|(part, whole)| (part.min(whole), whole)).collect();
            let found = against_the_rest(&alone(&shares));
            let mirrored: Vec<(i64, i64)> = shares.iter().map(|&(part, whole)| (whole - part, whole)).collect();
            let mut turned: Vec<(i64, i64)> = shares.clone();
            turned.reverse();
            let (mirrored, turned) = (against_the_rest(&alone(&mirrored)), against_the_rest(&alone(&turned)));
            for (at, standing) in found.iter().enumerate() {
                let other_way = match standing.verdict {
                    Verdict::Higher => Verdict::Lower,
                    Verdict::Lower => Verdict::Higher,
                    Verdict::CannotTell => Verdict::CannotTell,
                };
                prop_assert_eq!(mirrored[at].verdict, other_way);
                prop_assert_eq!(turned[shares.len() - 1 - at].verdict, standing.verdict);
                prop_assert!(standing.verdict == Verdict::CannotTell || standing.adjusted_p <= ALPHA);
                if let Some(Points { points, low, high }) = standing.difference {
                    prop_assert!(-100.0 <= low && low <= points + 1e-9 && points <= high + 1e-9 && high <= 100.0);
                }
            }
        }
    }
}
