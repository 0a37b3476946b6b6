//! Reasons of low ratings compared with the previous period: each rating has one to three reasons, so they depend on each
//! other, and keyword rules find some of the chosen ones.

use super::chance::chance;
use super::{Bound, Row};
use lastword::domain::answer::rating::Scale;
use lastword::domain::answer::reason::ReasonOrigin;
use lastword::domain::report::case::stratum;
use lastword::domain::report::comparison::Verdict;
use lastword::domain::report::counter::{Counts, Measure};
use lastword::domain::report::low_reasons::{Before, LowReasons, ReasonVotes, Tally};
use lastword::domain::report::stats::ALPHA;
use rand::Rng;
use rand::rngs::StdRng;

/// Probability of each reason.
const SHARES: [f64; 6] = [0.45, 0.25, 0.15, 0.08, 0.05, 0.02];

/// `ratings` low ratings with a reason on thumbs, and a third as many on stars, each from another client.
fn period(chance: &mut StdRng, ratings: i64, shares: &[f64; 6]) -> (Tally, ReasonVotes) {
    let (mut tally, mut votes) = (Tally::default(), ReasonVotes::default());
    for (scale, of) in [(Scale::Binary, ratings), (Scale::FiveStar, ratings / 3)] {
        let mut counts = Counts::default();
        let stratum = stratum(&"shop".into(), "mail", scale);
        for client in 0..of {
            let chosen: Vec<usize> = (0..shares.len()).filter(|&at| chance.random::<f64>() < shares[at]).collect();
            let read = chance.random::<f64>() < 0.5;
            counts[Measure::Bad] += 1;
            counts[Measure::Reasoned] += i64::from(!chosen.is_empty());
            counts[Measure::CommentRead] += i64::from(read);
            let (client, codes) = (format!("{}{client}", scale.as_str()), chosen.iter().map(|at| format!("r{at}")).collect::<Vec<_>>());
            if !codes.is_empty() {
                votes.take(&client, &stratum, 0, ReasonOrigin::Chosen, codes.clone());
            }
            if read {
                votes.take(&client, &stratum, 0, ReasonOrigin::Tagged, codes);
            }
            for at in chosen {
                tally.reason(scale, ReasonOrigin::Chosen, format!("r{at}"), 1);
                if read {
                    tally.reason(scale, ReasonOrigin::Tagged, format!("r{at}"), 1);
                }
            }
        }
        tally.count(scale, &counts);
    }
    (tally, votes)
}

fn report((now, votes): (Tally, ReasonVotes), (tally, then): (Tally, ReasonVotes)) -> LowReasons {
    LowReasons::of(&now, Some(Before { tally: &tally, votes: [&votes, &then], alpha: ALPHA }))
}

/// How often a report claims any change if nothing changed.
pub(crate) fn unchanged(reports: u32, ratings: &[i64]) -> Vec<Row> {
    let row = |&ratings: &i64| {
        let named = (0..reports).filter(|&seed| {
            let mut chance = chance(u64::from(seed) * 7_919 + ratings as u64);
            let (now, before) = (period(&mut chance, ratings, &SHARES), period(&mut chance, ratings, &SHARES));
            let report = report(now, before);
            let named =
                |origin| report.items.iter().any(|item| item.before(origin).1.is_some_and(|change| change.verdict != Verdict::CannotTell));
            ReasonOrigin::ALL.into_iter().any(named)
        });
        let percent = named.count() as f64 * 100.0 / f64::from(reports);
        Row::new(format!("reasons of {ratings} low ratings, nothing changed: any change named"), percent, Bound::Most(5.0))
    };
    ratings.iter().map(row).collect()
}

/// How often it reports that one reason became three times as frequent.
pub(crate) fn changed(reports: u32, ratings: i64, least: f64) -> Row {
    let found = (0..reports).filter(|&seed| {
        let mut chance = chance(u64::from(seed) * 104_729 + 1);
        let after = [0.45, 0.25, 0.45, 0.08, 0.05, 0.02];
        let (now, before) = (period(&mut chance, ratings, &after), period(&mut chance, ratings, &SHARES));
        let report = report(now, before);
        report.item("r2").and_then(|item| item.chosen_change).is_some_and(|change| change.verdict == Verdict::Higher)
    });
    let percent = found.count() as f64 * 100.0 / f64::from(reports);
    Row::new(format!("reasons of {ratings} low ratings, one of 15% becomes one of 45%: named"), percent, Bound::Least(least))
}
