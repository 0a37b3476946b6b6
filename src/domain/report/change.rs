//! Changes from one period to another. Each client has one vote in each period, like is compared with like, and all statements share
//! one error. The effect of another mix of lines, channels and scales is separated from the change within them.

use super::case::{Member, Whose, parts};
use super::comparison::{Difference, MIX_POINTS, Verdict};
use super::share::Share;
use super::stats::ALPHA;
use super::stats::clients::{Case, Cases};
use super::stats::spread::Spread;
use super::stats::team::Ratings;
use super::watch::Watched;
use crate::answer::rating::Scale;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// Maximum number of lines, of channels and of operators that are compared: those with most cases.
const COMPARED_MAX: usize = 40;
/// All statements about changes on a page share an error of 5 %: a third each for all closes together, for their lines, channels
/// and operators, and for the reasons of low ratings.
pub const PAGE_THIRD: f64 = ALPHA / 3.0;

/// A share compared with that of another period; each client has one vote in each period.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = ShareChange)]
pub struct Change {
    /// Good ones among the clients' last cases of this period.
    pub now: super::Part,
    /// The same for the other period.
    pub before: super::Part,
    /// Votes of this period that have counterparts of the same line, channel and scale in the other period.
    pub compared: i64,
    /// The same for the other period.
    pub compared_before: i64,
    /// The difference within line, channel and scale; `None` if nothing can be compared.
    pub difference: Option<Difference>,
    /// Effect of a different mix of lines, channels and scales, in points: the plain difference of the two shares minus that
    /// within. `None` below one point, if nothing can be compared, and for fewer than eight votes in one of the periods.
    pub mix: Option<f64>,
    /// True if the plain difference is not the one within, with however few votes: the plain shares would contradict it.
    #[serde(skip)]
    pub mixed: bool,
}

/// Number of these cases that have a counterpart among the others: one on the same line, channel and scale.
fn with_counterpart(ratings: &Ratings, others: &Ratings) -> i64 {
    let has_one =
        |(stratum, share): &&(usize, Share)| share.whole > 0 && others.iter().any(|(there, other)| there == stratum && other.whole > 0);
    ratings.iter().filter(has_one).map(|(_, share)| share.whole).sum()
}

impl Change {
    /// The changes of several pairs of now and before, whose verdicts share the error `alpha`.
    pub fn among(pairs: &[(Case, Case)], alpha: f64) -> Vec<Self> {
        let rated: Vec<(Ratings, Ratings)> = pairs.iter().map(|(now, before)| (now.ratings.clone(), before.ratings.clone())).collect();
        Self::of_votes(&rated, alpha)
    }

    /// The same, from the votes by stratum.
    pub(super) fn of_votes(pairs: &[(Ratings, Ratings)], alpha: f64) -> Vec<Self> {
        pairs.iter().zip(Difference::among(pairs, alpha)).map(|((now, before), difference)| Self::of(now, before, difference)).collect()
    }

    fn of(now: &Ratings, before: &Ratings, difference: Option<Difference>) -> Self {
        let sum = |ratings: &Ratings| ratings.iter().fold(Share::default(), |sum, (_, share)| sum.and(*share));
        let (all, all_before) = (sum(now), sum(before));
        let plain = all.percent().zip(all_before.percent()).map(|(now, before)| now - before);
        let mix = plain.zip(difference).map(|(plain, within)| plain - within.points).filter(|mix| mix.abs() >= MIX_POINTS);
        let enough = difference.is_some_and(|within| within.low.is_some());
        Self {
            now: all.into(),
            before: all_before.into(),
            compared: with_counterpart(now, before),
            compared_before: with_counterpart(before, now),
            difference,
            mix: mix.filter(|_| enough),
            mixed: mix.is_some(),
        }
    }

    /// True if the data show that the share has changed.
    pub fn is_shown(&self) -> bool {
        self.difference.as_ref().is_some_and(|difference| difference.verdict != Verdict::CannotTell)
    }
}

/// Allowed errors: over all closes together, and over lines, channels and operators.
#[derive(Clone, Copy, Debug)]
pub struct Errors {
    /// Error over score, response rate and delivery of all closes.
    pub overall: f64,
    /// Error over those of lines, channels and operators; they are not compared if it is `None`.
    pub parts: Option<f64>,
}

impl Errors {
    /// Errors of a page.
    pub const PAGE: Self = Self { overall: PAGE_THIRD, parts: Some(PAGE_THIRD) };
}

/// A change that the data show.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The share.
    pub share: Watched,
    /// The kind of owner.
    pub whose: Whose,
    /// ID of the line or operator, or kind of channel.
    pub id: String,
    /// The change.
    pub change: Change,
}

/// Comparison of the cases of two periods.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Changes of all closes together: score, response rate, delivery.
    pub overall: [Change; 3],
    /// Changes that the data show: first those of all closes together, then by size.
    pub shown: Vec<Shown>,
    /// Number of compared lines, channels and operators.
    pub compared: usize,
    /// Scales on which clients rated, now and before.
    pub scales: [BTreeSet<Scale>; 2],
    /// True if scores of some lines are not compared because their definition of good is another one.
    pub redefined: bool,
    /// Spreads of the shares of all closes together, now and before.
    pub spreads: [[Spread; 2]; 3],
}

impl Changes {
    /// Changes from `then` to `now`, whose members have the names of [`Member`]. Kinds that are not `free` are the same for all
    /// closes, and are not compared. Scores in `redefined` strata, whose definition of good changed, are left out on lines with votes at
    /// both times; on the others there is nothing to compare them with.
    pub fn of(now: &Cases, then: &Cases, free: impl Fn(Whose) -> bool, redefined: &BTreeSet<&str>, errors: Errors) -> Self {
        let (pairs, strata) = now.beside(then);
        let other = strata.iter().map(|name| parts(name).filter(|_| redefined.contains(name.as_str())));
        let places: Vec<Option<(&str, Scale)>> = other.map(|parts| parts.map(|(line, _, scale)| (line, scale))).collect();
        // Returns true if any votes are left out.
        let leave_out = |(now, then): &mut (Case, Case)| {
            let place = |(stratum, share): &(usize, Share)| places.get(*stratum).copied().flatten().filter(|_| share.whole > 0);
            let there: BTreeSet<_> = then.ratings.iter().filter_map(place).collect();
            let both: BTreeSet<_> = now.ratings.iter().filter_map(place).filter(|place| there.contains(place)).collect();
            let stays = |one: &(usize, Share)| place(one).is_none_or(|place| !both.contains(&place));
            now.ratings.retain(stays);
            then.ratings.retain(stays);
            !both.is_empty()
        };
        let mut overall: [(Case, Case); 3] = Default::default();
        let (mut parts, mut members): (Vec<Part>, BTreeMap<Whose, BTreeSet<String>>) = Default::default();
        for mut pair in pairs {
            let name = pair.0.id.clone();
            let Some(Member { share, whose, id }) = Member::parse(&name) else { continue };
            if whose == Whose::All {
                overall[share as usize] = pair;
            } else {
                if share == Watched::Score {
                    leave_out(&mut pair);
                }
                members.entry(whose).or_default().insert(id.to_owned());
                parts.push(((share, whose, id.to_owned()), pair));
            }
        }
        // A single member is the same as all closes together, which are compared anyway.
        parts.retain(|((_, whose, id), (now, then))| {
            let several = members.get(whose).is_some_and(|all| all.len() > 1);
            free(*whose) && several && !id.is_empty() && now.clients > 0 && then.clients > 0
        });
        let mut found = Self { spreads: overall.each_ref().map(|(now, then)| [now.spread, then.spread]), ..Self::default() };
        let rated = &mut overall[Watched::Score as usize];
        found.scales = [&rated.0, &rated.1].map(|case| scales(&case.ratings, &strata));
        found.redefined = leave_out(rated);
        found.overall = Change::among(&overall, errors.overall).try_into().unwrap_or_default();
        if found.scales[0] != found.scales[1] {
            // The plain difference is one of thumbs and stars.
            let score = &mut found.overall[Watched::Score as usize];
            (score.mix, score.mixed) = (None, false);
        }
        for (share, change) in Watched::ALL.into_iter().zip(&found.overall).filter(|(_, change)| change.is_shown()) {
            found.shown.push(Shown { share, whose: Whose::All, id: String::new(), change: change.clone() });
        }
        if let Some(alpha) = errors.parts {
            let parts = most(parts);
            found.compared = parts.iter().map(|((_, whose, id), _)| (whose, id)).collect::<BTreeSet<_>>().len();
            found.shown.extend(of_parts(parts, alpha));
        }
        found
    }
}

/// A line, channel or operator with its cases.
type Part = ((Watched, Whose, String), (Case, Case));

/// The members with most cases, of each kind and share.
fn most(mut parts: Vec<Part>) -> Vec<Part> {
    parts.sort_by_key(|((share, whose, _), (now, _))| (*share, *whose, Reverse(now.clients)));
    let mut taken: BTreeMap<(Watched, Whose), usize> = BTreeMap::new();
    parts.retain(|((share, whose, _), _)| {
        let taken = taken.entry((*share, *whose)).or_default();
        *taken += 1;
        *taken <= COMPARED_MAX
    });
    parts
}

/// Members that changed, the largest change first.
fn of_parts(parts: Vec<Part>, alpha: f64) -> Vec<Shown> {
    let (named, pairs): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
    let changed = named.into_iter().zip(Change::among(&pairs, alpha)).filter(|(_, change)| change.is_shown());
    let mut changed: Vec<Shown> = changed.map(|((share, whose, id), change)| Shown { share, whose, id, change }).collect();
    let points = |one: &Shown| one.change.difference.map_or(0.0, |difference| difference.points.abs());
    changed.sort_by(|one, other| points(other).total_cmp(&points(one)));
    changed
}

/// The scales of the votes of `ratings`, by the names of the strata.
fn scales(ratings: &Ratings, strata: &[String]) -> BTreeSet<Scale> {
    let scale = |(stratum, share): &(usize, Share)| {
        let name = strata.get(*stratum).filter(|_| share.whole > 0)?;
        parts(name).map(|(.., scale)| scale)
    };
    ratings.iter().filter_map(scale).collect()
}

#[cfg(test)]
mod tests {
    use super::super::case::stratum;
    use super::super::stats::clients::Given;
    use super::*;

    fn case(ratings: &[(usize, (i64, i64))]) -> Case {
        Case { ratings: ratings.iter().map(|&(at, (good, of))| (at, Share::of(good, of))).collect(), ..Case::default() }
    }

    fn change(now: &[(usize, (i64, i64))], before: &[(usize, (i64, i64))]) -> Change {
        Change::among(&[(case(now), case(before))], ALPHA).remove(0)
    }

    #[test]
    fn another_mix_is_no_change() {
        // Telegram 95 % and mail 70 % in both months, 80 to 20 turned into 20 to 80.
        let found = change(&[(0, (19, 20)), (1, (56, 80))], &[(0, (76, 80)), (1, (14, 20))]);
        assert!(!found.is_shown(), "{found:?}");
        let (within, mix) = (found.difference.unwrap().points, found.mix.unwrap());
        assert!(within.abs() < 0.01 && (mix + 15.0).abs() < 0.01, "{within} {mix}");
        assert_eq!((found.compared, found.compared_before), (100, 100));
    }

    #[test]
    fn what_changed_within_is_said_and_added_up_with_the_mix() {
        let found = change(&[(0, (60, 80)), (1, (8, 20))], &[(0, (76, 80)), (1, (14, 20))]);
        assert!(found.is_shown() && found.mix.is_none(), "{found:?}");
        let both = change(&[(0, (15, 20)), (1, (32, 80))], &[(0, (76, 80)), (1, (14, 20))]);
        let plain = both.now.percent.unwrap() - both.before.percent.unwrap();
        assert!((both.difference.unwrap().points + both.mix.unwrap() - plain).abs() < 1e-9);
    }

    #[test]
    fn a_handful_of_votes_says_nothing_about_a_mix() {
        let found = change(&[(0, (1, 1)), (1, (0, 5))], &[(0, (5, 5)), (1, (0, 1))]);
        assert!(found.mixed && found.mix.is_none() && found.difference.unwrap().points.abs() < 0.01, "{found:?}");
        let one_side = change(&[(0, (20, 20)), (1, (0, 100))], &[(0, (5, 5)), (1, (0, 1))]);
        assert!(one_side.mixed && one_side.mix.is_none(), "few before: {one_side:?}");
        let enough = change(&[(0, (10, 10)), (1, (0, 50))], &[(0, (50, 50)), (1, (0, 10))]);
        assert!(enough.mixed && enough.mix.is_some(), "{enough:?}");
    }

    #[test]
    fn what_has_no_counterpart_is_not_compared() {
        let scale = change(&[(1, (60, 100))], &[(0, (90, 100))]);
        assert_eq!((scale.difference, scale.mix, scale.compared, scale.compared_before), (None, None, 0, 0));
        assert_eq!((scale.now.of, scale.before.of), (100, 100));
        let nothing = change(&[], &[]);
        assert_eq!((nothing.difference, nothing.now.of), (None, 0));
        let some = change(&[(0, (9, 10)), (1, (60, 100))], &[(0, (90, 100))]);
        assert_eq!((some.compared, some.compared_before), (10, 100));
    }

    /// A line with ratings at one time only has nothing to be compared with: what it contributes is an effect of the mix.
    #[test]
    fn a_redefined_line_is_left_out_only_if_both_times_have_its_votes() {
        let votes = |ratings: &[(&str, i64, i64)]| {
            let (mut cases, mut name) = (Cases::default(), String::new());
            Member { share: Watched::Score, whose: Whose::All, id: "" }.write(&mut name);
            for &(line, good, of) in ratings {
                let stratum = stratum(&line.into(), "mail", Scale::FiveStar);
                for n in 0..of {
                    let client = format!("{line}-{n}");
                    cases.take(Given { member: &name, client: &client, stratum: &stratum, good: n < good, at: 0 });
                }
            }
            cases
        };
        let (steady, redefined) = (("x", 90, 100), stratum(&"d".into(), "mail", Scale::FiveStar));
        let of = |now: &[(&str, i64, i64)], then: &[(&str, i64, i64)]| {
            let errors = Errors { overall: ALPHA, parts: None };
            Changes::of(&votes(now), &votes(then), |_| false, &BTreeSet::from([redefined.as_str()]), errors)
        };
        let both = of(&[steady, ("d", 0, 100)], &[steady, ("d", 100, 100)]);
        assert!(both.redefined && both.overall[0].now.of == 100 && both.overall[0].mix.is_none(), "{both:?}");
        for one in [of(&[steady, ("d", 0, 100)], &[steady]), of(&[steady], &[steady, ("d", 0, 100)])] {
            assert!(!one.redefined && one.overall[0].mix.is_some_and(|mix| mix.abs() > 40.0), "{one:?}");
        }
    }

    #[test]
    fn scales_are_those_with_votes() {
        let strata = ["a\u{1f}mail\u{1f}binary".to_owned(), "a\u{1f}mail\u{1f}five_star".to_owned()];
        let of = |ratings: &[(usize, (i64, i64))]| scales(&case(ratings).ratings, &strata).into_iter().collect::<Vec<_>>();
        assert_eq!(of(&[(0, (1, 2)), (1, (0, 0))]), [Scale::Binary]);
        assert_eq!(of(&[(0, (1, 2)), (1, (0, 3))]), [Scale::Binary, Scale::FiveStar]);
    }
}
