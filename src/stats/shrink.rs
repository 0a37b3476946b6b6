//! Expected shares of team members with few answers: the own share, shrunk towards that of the others on the same lines, channels
//! and scales, the more the fewer answers there are (empirical Bayes). The strength follows from the spread of the team, which is
//! estimated from the team itself. The estimate averages over all plausible spreads, so that a small team is not assumed to consist
//! of equals.
//!
//! Over many members, an estimate is nearer to the truth than the share (Efron & Morris, "Data analysis using Stein's estimator and
//! its generalizations", JASA 70, 1975): the error of shares of eight answers is about halved, that of a hundred hardly changes.

use super::team::{Ratings, totals};
use crate::share::Share;
use std::collections::HashMap;

/// Answers of the others in all strata of a member that are added to each: the share of a stratum with few others is uncertain.
const STRATUM_ANSWERS: f64 = 2.0;
/// Largest spread that is considered, as a standard deviation.
const WIDEST: f64 = 0.4;
/// Number of spreads that are considered.
const SPREADS: i32 = 80;

/// Difference of one member from the others in the strata that both have, with its uncertainty.
struct Distance {
    /// Share that the others would have on the same mix.
    expected: f64,
    /// The own share less that.
    of: f64,
    /// The variance of the own share by chance alone.
    variance: f64,
    /// The variance of `expected`, which few others leave uncertain.
    uncertain: f64,
    /// The own good answers and all own answers in strata without others.
    alone: Share,
    /// Number of own answers in strata with others.
    compared: i64,
}

impl Distance {
    /// `None` if less than half of the answers are in strata with others: nobody else shows what to expect there.
    fn of(ratings: &Ratings, totals: &HashMap<usize, Share>) -> Option<Self> {
        let others = |stratum: &usize, share: &Share| Share::of(totals[stratum].part - share.part, totals[stratum].whole - share.whole);
        let (mut alone, mut own, mut rest) = (Share::default(), Share::default(), Share::default());
        for (stratum, share) in ratings {
            match others(stratum, share) {
                others if others.whole == 0 => alone = alone.and(*share),
                others => (own, rest) = (own.and(*share), rest.and(others)),
            }
        }
        if own.whole == 0 || own.whole < alone.whole {
            return None;
        }
        // Share of the others, kept off 0 and 1, which would have no variance.
        let usual = (rest.part as f64 + 0.5) / (rest.whole as f64 + 1.0);
        let (mut expected, mut variance) = (0.0, 0.0);
        for (stratum, share) in ratings {
            let others = others(stratum, share);
            if others.whole > 0 {
                let p = (others.part as f64 + STRATUM_ANSWERS * usual) / (others.whole as f64 + STRATUM_ANSWERS);
                let weight = share.whole as f64 / own.whole as f64;
                expected += weight * p;
                variance += weight * p * (1.0 - p) / own.whole as f64;
            }
        }
        let uncertain = usual * (1.0 - usual) / (rest.whole as f64 + 1.0);
        Some(Self { expected, of: own.part as f64 / own.whole as f64 - expected, variance, uncertain, alone, compared: own.whole })
    }

    /// The expected share in percent; `spreads` are those of the team.
    fn estimate(&self, spreads: &[(f64, f64)]) -> f64 {
        let of_spread = |(spread, chance): &(f64, f64)| chance * (spread + self.uncertain) / (spread + self.uncertain + self.variance);
        let kept: f64 = spreads.iter().map(of_spread).sum();
        let compared = (self.expected + kept * self.of).clamp(0.0, 1.0) * self.compared as f64;
        (compared + self.alone.part as f64) / (self.compared + self.alone.whole) as f64 * 100.0
    }
}

/// Expected share of each member on their own mix of strata, in percent. Answers in strata without other members stay as they are;
/// `None` if they are more than half.
pub fn estimates(team: &[Ratings]) -> Vec<Option<f64>> {
    let totals = totals(team);
    let distances: Vec<Option<Distance>> = team.iter().map(|ratings| Distance::of(ratings, &totals)).collect();
    let spreads = spreads(distances.iter().flatten());
    distances.iter().map(|distance| distance.as_ref().map(|distance| distance.estimate(&spreads))).collect()
}

/// Variances between members with their posterior probabilities; the prior of the standard deviation is uniform.
fn spreads<'d>(distances: impl Iterator<Item = &'d Distance> + Clone) -> Vec<(f64, f64)> {
    let log_chance = |spread: f64| {
        let of_one = |distance: &Distance| {
            let variance = spread + distance.variance + distance.uncertain;
            variance.ln() + distance.of * distance.of / variance
        };
        -distances.clone().map(of_one).sum::<f64>() / 2.0
    };
    let step = |step: i32| (WIDEST * (f64::from(step) + 0.5) / f64::from(SPREADS)).powi(2);
    let all: Vec<(f64, f64)> = (0..SPREADS).map(step).map(|spread| (spread, log_chance(spread))).collect();
    let most = all.iter().map(|(_, chance)| *chance).fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = all.iter().map(|(_, chance)| (chance - most).exp()).sum();
    all.into_iter().map(|(spread, chance)| (spread, (chance - most).exp() / sum)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alone(shares: &[(i64, i64)]) -> Vec<Ratings> {
        shares.iter().map(|&(good, of)| vec![(0, Share::of(good, of))]).collect()
    }

    fn of(team: &[Ratings]) -> Vec<f64> {
        estimates(team).into_iter().map(|estimate| (estimate.unwrap_or(f64::NAN) * 10.0).round() / 10.0).collect()
    }

    #[test]
    fn a_few_lucky_answers_do_not_lead() {
        let found = of(&alone(&[(4, 4), (280, 300), (200, 300), (0, 2), (85, 100)]));
        let order = |a: usize, b: usize| assert!(found[a] > found[b], "{found:?}");
        order(1, 0);
        order(0, 2);
        order(4, 2);
        assert!((found[1] - 93.3).abs() < 1.0 && (found[2] - 66.7).abs() < 1.0, "many answers stay what they are: {found:?}");
        assert!(found[0] < 93.0 && found[3] > 40.0, "few are drawn far: {found:?}");
    }

    /// Members of a line with harder clients are compared with others of that line.
    #[test]
    fn the_mix_is_the_own_one() {
        let hard = |good, of| vec![(1, Share::of(good, of))];
        let easy = |good, of| vec![(0, Share::of(good, of))];
        let found = of(&[easy(95, 100), easy(93, 100), hard(60, 100), hard(62, 100), hard(2, 4), easy(2, 4)]);
        assert!(found[4] < 65.0 && found[5] > 75.0, "few answers are drawn to those of the own line: {found:?}");
    }

    #[test]
    fn nobody_is_drawn_to_those_of_other_strata() {
        let team = |others: i64| {
            vec![vec![(0, Share::of(95, 100))], vec![(0, Share::of(93, 100))], vec![(1, Share::of(4, 4))], {
                vec![(0, Share::of(2, 4)), (2, Share::of(0, others))]
            }]
        };
        let found = estimates(&team(4));
        assert_eq!(found[2], None, "nobody else shows what to expect there");
        let (with_others, half) = (estimates(&team(0))[3].unwrap_or_default(), found[3].unwrap_or_default());
        assert!(
            with_others > 60.0 && (half - with_others / 2.0).abs() < 1e-9,
            "answers without others stay as they are: {with_others}, {found:?}"
        );
        assert_eq!(estimates(&team(5))[3], None, "most answers have no others");
    }

    /// One other answer says little about what to expect.
    #[test]
    fn the_fewer_others_there_are_the_less_a_share_is_drawn() {
        let estimate = |others: i64| estimates(&alone(&[(others, 2 * others), (4, 4)]))[1].unwrap_or_default();
        let found = [1, 10, 200].map(estimate);
        assert!(found.is_sorted_by(|one, next| one > next), "{found:?}");
    }

    #[test]
    fn nobody_is_drawn_to_themselves() {
        assert_eq!(estimates(&alone(&[(3, 4), (0, 0)])), [None, None]);
        assert_eq!(estimates(&[]), []);
        let found = of(&alone(&[(10, 10), (10, 10)]));
        assert!(found.iter().all(|share| (90.0..=100.0).contains(share)), "{found:?}");
    }

    /// Numbers from 0 to 1 that are the same each time.
    fn chance(state: &mut u64) -> f64 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 11) as f64 / (1_u64 << 53) as f64
    }

    #[test]
    fn estimates_are_nearer_to_the_truth_than_shares() {
        let mut state = 7;
        for (answers, at_most) in [(8, 0.65), (20, 0.8), (40, 0.9), (400, 1.02)] {
            let (mut raw, mut drawn) = (0.0, 0.0);
            for _ in 0..150 {
                let truth: Vec<f64> = (0..20).map(|_| 0.78 + 0.2 * chance(&mut state)).collect();
                let good = |p: &f64, state: &mut u64| (0..answers).filter(|_| chance(state) < *p).count() as i64;
                let team: Vec<Ratings> = truth.iter().map(|p| vec![(0, Share::of(good(p, &mut state), answers))]).collect();
                for ((p, ratings), estimate) in truth.iter().zip(&team).zip(estimates(&team)) {
                    raw += (ratings[0].1.percent().unwrap_or_default() - p * 100.0).powi(2);
                    drawn += (estimate.unwrap_or_default() - p * 100.0).powi(2);
                }
            }
            let ratio = (drawn / raw).sqrt();
            assert!(ratio < at_most, "{answers} answers: {ratio}");
        }
    }
}
