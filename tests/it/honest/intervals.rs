//! How often intervals contain the true value, and verdicts that are read every day are right.

use super::chance::{chance, good};
use super::{Bound, Row};
use lastword::domain::line::experiment::Variant;
use lastword::domain::report::experiment::{Case, split};
use lastword::domain::report::share::Share;
use lastword::domain::report::stats::ALPHA;
use lastword::domain::report::stats::spread::Spread;
use lastword::domain::report::stats::target::{Reached, reached};
use lastword::domain::report::stats::team::difference;
use rand::Rng;
use rand::rngs::StdRng;

/// Minimum share of intervals that contain the true value, in percent.
const HOLDS: Bound = Bound::Least(93.0);

fn percent(samples: u32, mut held: impl FnMut(u64) -> bool) -> f64 {
    (0..samples).filter(|&seed| held(u64::from(seed))).count() as f64 * 100.0 / f64::from(samples)
}

/// Differences of two shares, near 100 % and elsewhere: own and rest, with the number of each.
pub(crate) fn differences(samples: u32) -> Vec<Row> {
    let shapes = [
        (0.99, 0.95, 10, 30),
        (0.995, 0.98, 12, 40),
        (0.98, 0.98, 20, 200),
        (0.95, 0.70, 40, 40),
        (0.90, 0.90, 8, 8),
        (0.85, 0.85, 40, 300),
        (0.70, 0.90, 150, 150),
    ];
    let row = |(own, rest, n1, n2): (f64, f64, i64, i64)| {
        let truth = (own - rest) * 100.0;
        let held = percent(samples, |seed| {
            let mut chance = chance(seed * 179_424_673 + n1.unsigned_abs());
            let pair = (good(&mut chance, n1, own), good(&mut chance, n2, rest));
            difference(std::iter::once(pair)).is_some_and(|points| points.low <= truth + 1e-9 && truth <= points.high + 1e-9)
        });
        Row::new(
            format!("a difference of {:.1}% of {n1} and {:.1}% of {n2}: its interval holds the truth", own * 100.0, rest * 100.0),
            held,
            HOLDS,
        )
    };
    let mut rows: Vec<Row> = shapes.map(row).into();
    let lines = [0.97, 0.93, 0.90, 0.85, 0.80, 0.70];
    for each in [2_i64, 6, 25] {
        let held = percent(samples, |seed| {
            let mut chance = chance(seed * 49_979_693 + each.unsigned_abs());
            let pairs: Vec<(Share, Share)> =
                lines.map(|share| (good(&mut chance, each, share - 0.1), good(&mut chance, each * 3, share))).into();
            difference(pairs.into_iter()).is_some_and(|points| points.low <= -10.0 + 1e-9 && -10.0 <= points.high + 1e-9)
        });
        let what = format!("a difference of 10 points within each of six unlike lines, {each} of each: its interval holds the truth");
        rows.push(Row::new(what, held, HOLDS));
    }
    rows
}

/// A share over returning clients, each with an individual share: number of clients, number of visits, the share, and the
/// correlation of a client's answers.
pub(crate) fn returning(samples: u32) -> Vec<Row> {
    let mut rows = Vec::new();
    for (clients, visits) in [(20, vec![4]), (60, vec![1, 2, 3, 4]), (20, vec![1, 2, 3, 4, 12]), (100, vec![1, 1, 1, 2, 6])] {
        for share in [0.6, 0.85, 0.95] {
            for alike in [0.0, 0.2, 0.5] {
                let held = percent(samples, |seed| {
                    let mut chance = chance(seed * 67_867_979 + clients);
                    let mut spread = Spread::default();
                    (0..clients).for_each(|_| spread.add(client(&mut chance, &visits, share, alike)));
                    spread.interval().is_some_and(|(low, high)| low <= share * 100.0 && share * 100.0 <= high)
                });
                let what = format!(
                    "{:.0}% of {clients} clients who come {visits:?} times, correlated by {alike}: the interval holds the truth",
                    share * 100.0
                );
                rows.push(Row::new(what, held, HOLDS));
            }
        }
    }
    rows
}

/// A client's answers: each equals their usual one with the square root of the correlation as its probability.
fn client(chance: &mut StdRng, visits: &[i64], share: f64, alike: f64) -> Share {
    let (usual, of) = (chance.random_bool(share), visits[chance.random_range(0..visits.len())]);
    let good = (0..of).filter(|_| if chance.random_bool(alike.sqrt()) { usual } else { chance.random_bool(share) });
    Share::of(good.count() as i64, of)
}

/// A line exactly at its target, whose month to date is read every day: share of months with a wrong verdict on any day.
pub(crate) fn targets(months: u32) -> Vec<Row> {
    let row = |(target, a_day): (f64, i64)| {
        let wrong = percent(months, |seed| {
            let (mut chance, mut so_far) = (chance(seed * 982_451_653 + a_day.unsigned_abs()), Share::default());
            (0..30).any(|_| {
                so_far = so_far.and(good(&mut chance, a_day, target / 100.0));
                reached(so_far, target, ALPHA) != Reached::CannotTell
            })
        });
        Row::new(
            format!("a line at its target of {target}%, {a_day} answers a day, read daily: months with a wrong verdict"),
            wrong,
            Bound::Most(5.0),
        )
    };
    let mut rows: Vec<Row> = [(80.0, 10), (90.0, 10), (90.0, 30), (95.0, 100)].map(row).into();
    let found = percent(months, |seed| {
        let mut chance = chance(seed * 15_487_469);
        reached(good(&mut chance, 300, 0.8), 90.0, ALPHA) == Reached::Missed
    });
    rows.push(Row::new("a line at 80% with a target of 90%, 300 answers: said to miss it".to_owned(), found, Bound::Least(95.0)));
    rows
}

/// Experiments with randomly assigned clients, read every day; and one that loses a fifth of one variant.
pub(crate) fn splits(runs: u32) -> Vec<Row> {
    let off = |seed: u64, lost: f64| {
        let mut chance = chance(seed * 22_801_763_489 + 5);
        let mut cases: Vec<Case> = Vec::new();
        (0..30).any(|day| {
            for number in 0..120 {
                let variant = if chance.random_bool(0.5) { Variant::A } else { Variant::B };
                if variant == Variant::B && chance.random::<f64>() < lost {
                    continue;
                }
                let person = format!("{day} {number}");
                cases.push(Case { person, variant, closed_at: day, matures_at: day, answered: false, rated: None });
            }
            split(&cases, day).off
        })
    };
    vec![
        Row::new(
            "experiments divided by chance, looked at daily: said not to be".to_owned(),
            percent(runs, |seed| off(seed, 0.0)),
            Bound::Most(1.0),
        ),
        Row::new(
            "experiments that lose a fifth of one variant: said not to be".to_owned(),
            percent(runs, |seed| off(seed, 0.2)),
            Bound::Least(90.0),
        ),
    ]
}
