//! Comparison of shares: operators with the rest of their team, a period with the previous one. Only like is compared with like,
//! and only what the data can show is reported (see [`super::stats`]).

use super::Part;
use super::share::Share;
use super::stats::clients::Case;
pub use super::stats::places::Places;
use super::stats::places::places;
use super::stats::shrink::estimates;
pub use super::stats::team::{Points, Verdict};
use super::stats::team::{Ratings, Standing, against_the_rest, among, difference};
use crate::answer::rating::Scale;
use serde::Serialize;
use utoipa::ToSchema;

/// Maximum number of operators whose places are computed, because every pair has to be tested.
const PLACES_MAX: usize = 60;
/// Minimum difference in points between all ratings pooled and like with like that is reported as an effect of the mix.
pub(super) const MIX_POINTS: f64 = 1.0;

/// The difference of two shares.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Difference {
    /// In percentage points: the first minus the second, within each scale.
    pub points: f64,
    /// Lower bound of its 95 % interval; `None` for fewer than eight answers.
    pub low: Option<f64>,
    /// Upper bound of its 95 % interval; `None` for fewer than eight answers.
    pub high: Option<f64>,
    /// The verdict of an exact test, with an error of 2.5 % on either side; less if several differences share it.
    pub verdict: Verdict,
}

impl Difference {
    /// The first minus the second of each pair, within each stratum; `None` if they have no stratum in common. The verdicts share
    /// the error `alpha`.
    pub fn among(pairs: &[(Ratings, Ratings)], alpha: f64) -> Vec<Option<Self>> {
        let said = |(standing, (first, second)): (&Standing, &(Ratings, Ratings))| Self::said(standing, first, second);
        among(pairs, alpha).iter().zip(pairs).map(said).collect()
    }

    fn said(standing: &Standing, first: &Ratings, second: &Ratings) -> Option<Self> {
        let rated = |ratings: &Ratings, kind: usize| {
            let of = ratings.iter().filter(|(other, _)| *other == kind).fold(Share::default(), |sum, (_, share)| sum.and(*share));
            Some(of).filter(|of| of.whole > 0)
        };
        let pairs: Vec<(Share, Share)> = first.iter().filter_map(|(kind, _)| Some((rated(first, *kind)?, rated(second, *kind)?))).collect();
        let weigh = |(one, other): &(Share, Share)| {
            let (n1, n2) = (one.whole as f64, other.whole as f64);
            let weight = n1 * n2 / (n1 + n2);
            (weight, weight * (one.percent().unwrap_or_default() - other.percent().unwrap_or_default()))
        };
        let (weights, points) = pairs.iter().map(weigh).fold((0.0, 0.0), |(a, b), (c, d)| (a + c, b + d));
        let (low, high) = standing.difference.map(|points| (points.low, points.high)).unzip();
        (weights > 0.0).then(|| Self { points: points / weights, low, high, verdict: standing.verdict })
    }
}

/// An operator compared with the rest of the team, by each client's last rating.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = TeamComparison)]
pub struct Compared {
    /// ID of the operator.
    #[serde(skip)]
    pub id: String,
    /// Clients whose last rating of this operator counts here.
    pub clients: i64,
    /// All ratings of this operator that are not voided.
    pub ratings: i64,
    /// Those of the clients whose rating can be compared: others were rated on the same line, channel and scale too, and not all
    /// ratings are the same.
    pub compared: i64,
    /// Clients of the others whose rating these are compared with.
    pub compared_rest: i64,
    /// Above or below the rest of the team, by exact tests within each line, channel and scale, with an error of 5 % over the whole
    /// team.
    pub verdict: Verdict,
    /// The p-value over the whole team; 1 if the data cannot tell.
    pub p: f64,
    /// Good ratings of those clients.
    pub share: Part,
    /// Expected share in percent: `share` shrunk towards that of others on the same lines, channels and scales, the more the fewer
    /// answers there are (empirical Bayes). Lists are sorted by it. `None` if most of these answers are on lines, channels and scales
    /// where no other operator was rated, or are left out.
    pub estimate: Option<f64>,
    /// Good ratings of the clients of all others.
    pub rest: Part,
    /// The difference to the rest in points, over all lines, channels and scales pooled: it may be an effect of the mix.
    pub raw: Option<Points>,
    /// The difference to the rest in points within each line, channel and scale; `None` for fewer than eight ratings.
    pub same_mix: Option<Points>,
    /// True if the two differ in sign, or by at least a point.
    pub mix_matters: bool,
    /// The places in the ranking of operators that the data leave open, with an error of 5 % over all pairs. `None` in teams of
    /// more than sixty.
    pub places: Option<Places>,
}

impl Compared {
    /// True if any of these ratings can be compared with those of others.
    pub fn is_comparable(&self) -> bool {
        self.compared > 0 || self.same_mix.is_some()
    }
}

/// Comparison of a team.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// The rated operators, by ID.
    pub operators: Vec<Compared>,
    /// Clients of all operators; a client of several counts for each.
    pub clients: i64,
    /// Ratings of all operators.
    pub ratings: i64,
    /// The scales of these ratings. A verdict never pools scales.
    pub scales: Vec<Scale>,
    /// True if ratings of some lines are left out, because their definition of good changed in these days.
    pub redefined: bool,
}

impl Comparison {
    /// Compares the members of a team.
    pub fn of(cases: Vec<Case>, scales: Vec<Scale>) -> Self {
        let team: Vec<Ratings> = cases.iter().map(|case| case.ratings.clone()).collect();
        let places = if team.len() <= PLACES_MAX { places(&team) } else { vec![None; team.len()] };
        let sum = |ratings: &Ratings| ratings.iter().fold(Share::default(), |sum, (_, share)| sum.and(*share));
        // Displayed shares include ratings that are left out of the comparison.
        let left_out = cases.iter().fold(Share::default(), |sum, case| sum.and(case.left_out));
        let all = team.iter().map(sum).fold(Share::default(), Share::and);
        let (clients, ratings) = cases.iter().fold((0, 0), |(clients, ratings), case| (clients + case.clients, ratings + case.given));
        let compared = |((case, standing), (places, estimate)): ((Case, Standing), (Option<Places>, Option<f64>))| {
            let own = sum(&case.ratings);
            let rest = Share::of(all.part - own.part, all.whole - own.whole);
            let raw = difference(std::iter::once((own, rest)));
            let (shown, shown_all) = (own.and(case.left_out), all.and(left_out));
            // Ratings that are left out stay as they are, as those without others do.
            let weigh = |estimate: f64| (estimate * own.whole as f64 + 100.0 * case.left_out.part as f64) / shown.whole.max(1) as f64;
            let estimate = estimate.filter(|_| case.left_out.whole <= own.whole).map(weigh);
            let shown_rest = Share::of(shown_all.part - shown.part, shown_all.whole - shown.whole);
            let same_mix = standing.difference;
            let differs = |(raw, same): (Points, Points)| raw.points * same.points < 0.0 || (raw.points - same.points).abs() >= MIX_POINTS;
            Compared {
                id: case.id,
                clients: case.clients,
                ratings: case.given,
                compared: standing.compared,
                compared_rest: standing.others,
                verdict: standing.verdict,
                p: standing.adjusted_p,
                share: shown.into(),
                estimate,
                rest: shown_rest.into(),
                raw,
                same_mix,
                mix_matters: raw.zip(same_mix).is_some_and(differs),
                places,
            }
        };
        let standings = against_the_rest(&team);
        let operators = cases.into_iter().zip(standings).zip(places.into_iter().zip(estimates(&team))).map(compared).collect();
        Self { operators, clients, ratings, scales, redefined: false }
    }

    /// The result for one operator.
    pub fn about(&self, id: &str) -> Option<&Compared> {
        self.operators.iter().find(|compared| compared.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn case(id: &str, ratings: &[(i64, i64)]) -> Case {
        let ratings: Ratings = ratings.iter().enumerate().map(|(line, &(good, of))| (line, Share::of(good, of))).collect();
        let clients = ratings.iter().map(|(_, share)| share.whole).sum();
        Case { id: id.to_owned(), ratings, clients, given: clients + 3, ..Case::default() }
    }

    #[test]
    fn what_the_mix_makes_is_shown_beside_what_it_does_not() {
        let found = Comparison::of(vec![case("mona", &[(285, 300), (14, 20)]), case("nils", &[(19, 20), (210, 300)])], vec![Scale::Binary]);
        let mona = found.about("mona").unwrap();
        assert_eq!((mona.verdict, mona.mix_matters, mona.clients, mona.ratings), (Verdict::CannotTell, true, 320, 323));
        assert!(mona.raw.unwrap().points > 20.0 && mona.same_mix.unwrap().points.abs() < 0.01);
        assert!((mona.estimate.unwrap() - 93.4).abs() < 1.0, "what to expect is of the own mix: {mona:?}");
        assert_eq!((found.clients, found.ratings), (640, 646));
        assert!(found.about("").is_none());
    }

    fn between(first: &Ratings, second: &Ratings) -> Option<Difference> {
        Difference::among(&[(first.clone(), second.clone())], crate::report::stats::ALPHA).remove(0)
    }

    #[test]
    fn periods_are_compared_scale_by_scale() {
        let difference = |first: &[(i64, i64)], second: &[(i64, i64)]| between(&case("", first).ratings, &case("", second).ratings);
        assert_eq!(difference(&[(3, 3)], &[(2, 4)]).map(|d| (d.verdict, d.low)), Some((Verdict::CannotTell, None)));
        assert_eq!(difference(&[(300, 310)], &[(200, 400)]).unwrap().verdict, Verdict::Higher);
        assert_eq!(difference(&[(0, 0)], &[(1, 2)]), None);
        // From thumbs to stars: neither scale got worse, whatever the pooled share says.
        let moved = difference(&[(95, 100), (600, 1_000)], &[(950, 1_000), (60, 100)]).unwrap();
        assert!(moved.verdict == Verdict::CannotTell && moved.points.abs() < 0.01, "{moved:?}");
    }

    proptest! {
        /// The comparison is symmetric, and reports nothing for equal shares.
        #[test]
        fn comparing_is_fair(a in 0_i64..200, m in 1_i64..200, b in 0_i64..200, n in 1_i64..200) {
            let (first, second) = (vec![(0, Share::of(a.min(m), m))], vec![(0, Share::of(b.min(n), n))]);
            let (there, back) = (between(&first, &second).unwrap(), between(&second, &first).unwrap());
            prop_assert!((there.points + back.points).abs() < 1e-9);
            prop_assert_eq!(there.verdict == Verdict::Higher, back.verdict == Verdict::Lower);
            prop_assert_eq!(between(&first, &first).unwrap().verdict, Verdict::CannotTell);
        }
    }
}
