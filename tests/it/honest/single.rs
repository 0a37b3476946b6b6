//! Single figures: averages of stars, alarms, comparisons of two questions.

use super::chance::{chance, good};
use super::{Bound, Row};
use lastword::domain::line::experiment::Variant;
use lastword::domain::report::experiment::{Case as Answered, ExperimentVerdict, outcome};
use lastword::domain::report::share::Share;
use lastword::domain::report::stats::alarm::{Heard, Plan};
use lastword::domain::report::stats::race::{Between, Found, look};
use lastword::domain::report::stats::stars::average;
use lastword::domain::report::watch::{Baseline, Case, Run, Watched, learn};
use rand::Rng;
use rand::rngs::StdRng;

/// Distributions of stars, from one to five: many fives, only extremes, two peaks, flat, bad, and so on.
const STARS: [(&str, [f64; 5]); 16] = [
    ("98% fives", [0.01, 0.0, 0.0, 0.01, 0.98]),
    ("90% fives", [0.03, 0.01, 0.01, 0.05, 0.90]),
    ("ones and fives, 15 to 85", [0.15, 0.0, 0.0, 0.0, 0.85]),
    ("ones and fives, 5 to 95", [0.05, 0.0, 0.0, 0.0, 0.95]),
    ("usual", [0.07, 0.04, 0.07, 0.22, 0.60]),
    ("two heaps", [0.35, 0.1, 0.1, 0.1, 0.35]),
    ("middling", [0.05, 0.2, 0.5, 0.2, 0.05]),
    ("fours and fives", [0.0, 0.0, 0.0, 0.3, 0.7]),
    ("a rare one", [0.02, 0.0, 0.0, 0.28, 0.70]),
    ("bad", [0.6, 0.2, 0.1, 0.05, 0.05]),
    ("flat", [0.2; 5]),
    ("ones and fives, 30 to 70", [0.3, 0.0, 0.0, 0.0, 0.7]),
    ("97 to 3", [0.03, 0.0, 0.0, 0.0, 0.97]),
    ("4.9 on average", [0.0, 0.0, 0.02, 0.06, 0.92]),
    ("fours and fives, half each", [0.0, 0.0, 0.0, 0.5, 0.5]),
    ("some ones", [0.1, 0.0, 0.0, 0.4, 0.5]),
];

/// How often the interval of an average contains the true value: the worst of all distributions, by number of answers.
pub(crate) fn stars(samples: u32, numbers: &[usize]) -> Vec<Row> {
    let row = |&n: &usize| {
        let covered = STARS.iter().map(|(name, shares)| {
            let mut chance = chance(n as u64 * 13 + 5);
            let truth: f64 = shares.iter().zip(1..).map(|(share, star)| share * f64::from(star)).sum();
            let held = (0..samples).filter(|_| {
                let (_, low, high) = average(drawn(&mut chance, shares, n)).unwrap_or_default();
                low <= truth + 1e-9 && truth <= high + 1e-9
            });
            (held.count() as f64 * 100.0 / f64::from(samples), *name)
        });
        let (worst, name) = covered.fold((100.0, ""), |worst, one| if one.0 < worst.0 { one } else { worst });
        Row::new(format!("average of {n} stars: its interval holds the truth, worst of 16 kinds ({name})"), worst, Bound::Least(94.0))
    };
    numbers.iter().map(row).collect()
}

fn drawn(chance: &mut StdRng, shares: &[f64; 5], n: usize) -> [i64; 5] {
    let mut stars = [0; 5];
    for _ in 0..n {
        let mut left = chance.random::<f64>();
        let star = shares.iter().position(|share| {
            left -= share;
            left < 0.0
        });
        stars[star.unwrap_or(4)] += 1;
    }
    stars
}

/// A line with thirty answers per day, watched over `days` days: false alarms per year, and days until a fall is detected.
pub(crate) fn alarms(days: u32) -> Vec<Row> {
    let mut rows = Vec::new();
    for (bad, fallen, promised) in [(0.08, 0.20, 3.2), (0.02, 0.06, 7.0), (0.20, 0.40, 2.6)] {
        let Some(plan) = Plan::new(bad, 2.0, 365.0 * 30.0) else { continue };
        let (mut chance, mut run, mut alarms) = (chance((bad * 1_000.0) as u64), Run::default(), 0_u32);
        for at in 0..days * 30 {
            alarms += u32::from(run.hear(plan, chance.random_bool(bad), at.into()) == Heard::Alarm);
        }
        let a_year = f64::from(alarms) * 365.0 / f64::from(days);
        rows.push(Row::new(
            format!("{:.0}% bad, 30 answers a day, {days} days: false alarms a year", bad * 100.0),
            a_year,
            Bound::Most(1.0),
        ));
        let mut answers = 0_u64;
        let falls = (days / 100).max(30);
        for _ in 0..falls {
            let mut run = Run::default();
            while run.hear(plan, chance.random_bool(fallen), 0) != Heard::Alarm {
                answers += 1;
            }
            answers += 1;
        }
        let on_average = answers as f64 / f64::from(falls) / 30.0;
        let what = format!("{:.0}% bad become {:.0}%: days until the alarm, on average", bad * 100.0, fallen * 100.0);
        rows.push(Row::new(what, on_average, Bound::Most(promised)));
    }
    rows
}

/// Baselines learnt from this many clients, thirty per day: share of installations with more false alarms than promised,
/// and with three times as many.
pub(crate) fn baselines(installations: u32) -> Vec<Row> {
    const BAD: f64 = 0.1;
    let day = 86_400_000;
    let rows = [500_i64, 1_000].map(|clients| {
        let mut chance = chance(clients as u64);
        let promises = (0..installations).filter_map(|_| {
            let case = |number: i64| Case { client: number.to_string(), at: number * day / 30, bad: chance.random_bool(BAD) };
            let cases: Vec<Case> = (0..clients).map(case).collect();
            let Baseline { plan, promise, .. } = learn(Watched::Score, &cases, 1, clients * day / 30).baseline?;
            Some(plan.answers_between(BAD) / promise as f64)
        });
        let kept: Vec<f64> = promises.collect();
        let below = |bound: f64| kept.iter().filter(|kept| **kept < bound).count() as f64 * 100.0 / kept.len().max(1) as f64;
        let what = format!("baseline of {clients} clients: installations that hear");
        [
            Row::new(format!("{what} more false alarms than one a year"), below(1.0), Bound::Most(10.0)),
            Row::new(format!("{what} more than three"), below(1.0 / 3.0), Bound::Most(1.5)),
        ]
    });
    rows.into_iter().flatten().collect()
}

/// Two equally good questions, compared after every twenty clients: how often one is declared better.
pub(crate) fn races(runs: u32, clients: i64) -> Vec<Row> {
    let row = |(first, second, what, bound): (f64, f64, &str, Bound)| {
        let ended = (0..runs).filter(|&seed| {
            let found = run(&mut chance(u64::from(seed) * 86_028_121), first, second, clients);
            matches!(found, Found::First | Found::Second)
        });
        let percent = ended.count() as f64 * 100.0 / f64::from(runs);
        let (first, second) = (first * 100.0, second * 100.0);
        Row::new(format!("two questions at {first:.0}% and {second:.0}%, looked at every 20 of {clients} clients: {what}"), percent, bound)
    };
    let equals = [0.05, 0.2, 0.9, 0.98].map(|share| row((share, share, "one called better", Bound::Most(5.0))));
    let mut rows: Vec<Row> = equals.into();
    if clients >= 3_000 {
        rows.push(row((0.25, 0.2, "the better found", Bound::Least(95.0))));
    }
    rows
}

/// Experiments with two equally good variants, as shown on a line's page every day: how often it declares one better.
pub(crate) fn experiments(runs: u32, clients: i64) -> Vec<Row> {
    let row = |share: f64| {
        let called = (0..runs).filter(|&seed| {
            let mut chance = chance(u64::from(seed) * 49_979_687);
            let case = |variant: Variant, at: i64, answered: bool| Answered {
                person: format!("{variant}{at}"),
                variant,
                closed_at: at / 20 * 24 * 3_600_000,
                matures_at: at / 20 * 24 * 3_600_000,
                answered,
                rated: None,
            };
            let cases: Vec<Answered> = (0..clients)
                .flat_map(|at| [Variant::A, Variant::B].map(|variant| (variant, at)))
                .map(|(variant, at)| case(variant, at, chance.random_bool(share)))
                .collect();
            let verdict = outcome(&cases, 1, clients + 1, i64::MAX).verdict;
            matches!(verdict, ExperimentVerdict::ABetter | ExperimentVerdict::BBetter)
        });
        let percent = called.count() as f64 * 100.0 / f64::from(runs);
        let what =
            format!("experiments at {:.0}% in both variants, seen on each of {} days: one called better", share * 100.0, clients / 20);
        Row::new(what, percent, Bound::Most(5.0))
    };
    [0.05, 0.2, 0.9].map(row).into()
}

fn run(chance: &mut StdRng, first: f64, second: f64, clients: i64) -> Found {
    let (mut a, mut b, mut kept) = (Share::default(), Share::default(), Between::default());
    while a.whole < clients {
        let (more_a, more_b) = (good(chance, 20, first), good(chance, 20, second));
        (a, b) = (Share::of(a.part + more_a.part, a.whole + 20), Share::of(b.part + more_b.part, b.whole + 20));
        let (now, found) = look(a, b, kept, 0.0, 0.05);
        if matches!(found, Found::First | Found::Second) {
            return found;
        }
        kept = now;
    }
    Found::GoOn
}
