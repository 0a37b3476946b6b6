//! Places in a ranking that the data leave open: an exact test for each pair, like with like, and Holm's correction over all pairs,
//! so that at most one page in twenty ranks a member behind one who is no better (Mogstad, Romano, Shaikh & Wilhelm, "Inference for
//! ranks", Review of Economic Studies 91, 2024, in the exact form for counts of arXiv 2402.00192).

use super::ALPHA;
use super::team::{Ratings, tails, totals};
use crate::share::Share;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// Possible places of one member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RankRange)]
pub struct Places {
    /// The best: one more than the number of members who are certainly better.
    pub from: usize,
    /// The worst: all but those who are certainly worse.
    pub to: usize,
    /// Number of members.
    pub of: usize,
}

/// Pairs this close to each other, in standard deviations, are never distinguished: their test is skipped. A skipped test reports
/// less, never more.
const NEAR: f64 = 1.5;

/// Possible places of each member of a team; `None` for members without ratings.
pub fn places(team: &[Ratings]) -> Vec<Option<Places>> {
    let rated: Vec<usize> = (0..team.len()).filter(|&at| team[at].iter().any(|(_, share)| share.whole > 0)).collect();
    let mut tests: Vec<(f64, usize, usize)> = Vec::new();
    for (place, &one) in rated.iter().enumerate() {
        for &other in &rated[place + 1..] {
            for (low, high) in [(one, other), (other, one)] {
                tests.extend(p_value(&team[low], &team[high]).map(|p| (p, low, high)));
            }
        }
    }
    tests.sort_by(|a, b| a.0.total_cmp(&b.0));
    let pairs = rated.len() * rated.len().saturating_sub(1);
    let told_apart = |&(place, (p, ..)): &(usize, &(f64, usize, usize))| p * (pairs - place) as f64 <= ALPHA;
    let (mut better, mut worse) = (vec![0; team.len()], vec![0; team.len()]);
    for (_, &(_, low, high)) in tests.iter().enumerate().take_while(told_apart) {
        better[low] += 1;
        worse[high] += 1;
    }
    let of = rated.len();
    let place = |at: usize| rated.contains(&at).then(|| Places { from: better[at] + 1, to: of - worse[at], of });
    (0..team.len()).map(place).collect()
}

/// The probability that `low` would have at most its number of good ratings if it were as good as `high`; `None` if that is not a
/// small probability.
fn p_value(low: &Ratings, high: &Ratings) -> Option<f64> {
    let totals = totals([low, high]);
    let shared: Ratings = low.iter().filter(|(at, own)| own.whole > 0 && totals[at].whole > own.whole).copied().collect();
    let (mut mean, mut variance) = (0.0, 0.0);
    for (at, own) in &shared {
        let Share { part, whole } = totals[at];
        let (part, whole, drawn) = (part as f64, whole as f64, own.whole as f64);
        let share = part / whole;
        mean += drawn * share;
        variance += drawn * share * (1.0 - share) * (whole - drawn) / (whole - 1.0);
    }
    let good: i64 = shared.iter().map(|(_, share)| share.part).sum();
    if variance <= 0.0 || good as f64 > mean - NEAR * variance.sqrt() {
        return None;
    }
    Some(tails(&shared, &totals, &mut HashMap::new()).at_most(good))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(shares: &[(i64, i64)]) -> Vec<Option<(usize, usize, usize)>> {
        let team: Vec<Ratings> = shares.iter().map(|&(good, of)| vec![(0, Share::of(good, of))]).collect();
        places(&team).into_iter().map(|places| places.map(|Places { from, to, of }| (from, to, of))).collect()
    }

    #[test]
    fn few_answers_leave_all_places_open() {
        assert_eq!(of(&[(3, 3), (2, 4), (0, 0)]), [Some((1, 2, 2)), Some((1, 2, 2)), None]);
        assert_eq!(of(&[(95, 100), (93, 100), (50, 100), (0, 0)]), [Some((1, 2, 3)), Some((1, 2, 3)), Some((3, 3, 3)), None]);
        assert_eq!(of(&[]), []);
    }

    #[test]
    fn another_mix_is_no_other_place() {
        let mona = vec![(0, Share::of(285, 300)), (1, Share::of(14, 20))];
        let nils = vec![(0, Share::of(19, 20)), (1, Share::of(210, 300))];
        let found = places(&[mona, nils]);
        assert!(found.iter().flatten().all(|places| (places.from, places.to) == (1, 2)), "{found:?}");
    }

    proptest! {
        #[test]
        fn places_are_a_range(shares in proptest::collection::vec((0_i64..50, 0_i64..50), 0..12)) {
            let shares: Vec<(i64, i64)> = shares.into_iter().map(|(part, whole)| (part.min(whole), whole)).collect();
            for (from, to, of) in of(&shares).into_iter().flatten() {
                prop_assert!(1 <= from && from <= to && to <= of);
            }
        }
    }
}
