//! Teams in which one member differs: how often that one is found.

use super::chance::{chance, good, on_lines, sizes};
use super::{Bound, Row};
use lastword::domain::report::comparison::Verdict;
use lastword::domain::report::stats::team::{Ratings, against_the_rest};

/// One operator at 70 % among others at 90 %: number of ratings each, number of members, and the required share of teams in
/// which that operator is found, in percent.
pub(crate) fn found(teams: u32, kinds: &[(i64, usize, f64)]) -> Vec<Row> {
    let mut rows = Vec::new();
    for &(n, members, promised) in kinds {
        let (mut hits, mut wrong) = (0_u32, 0_u32);
        for seed in 0..teams {
            let mut chance = chance(u64::from(seed) * 49_979_687 + n.unsigned_abs() * 53 + members as u64);
            let mut sizes = sizes(&mut chance, members, n);
            if n == 0 {
                sizes[0] = 40;
            }
            let rate = |(member, of): (usize, i64)| vec![(0, good(&mut chance, of, if member == 0 { 0.7 } else { 0.9 }))];
            let team: Vec<Ratings> = sizes.into_iter().enumerate().map(rate).collect();
            let verdicts: Vec<Verdict> = against_the_rest(&team).into_iter().map(|standing| standing.verdict).collect();
            hits += u32::from(verdicts[0] == Verdict::Lower);
            wrong += u32::from(verdicts[0] == Verdict::Higher || verdicts[1..].contains(&Verdict::Lower));
        }
        let of = if n == 0 { "40 of its ratings, others 1 to hundreds".to_owned() } else { format!("{n} ratings each") };
        let percent = |count: u32| f64::from(count) * 100.0 / f64::from(teams);
        rows.push(Row::new(format!("one at 70% among {members} at 90%, {of}: found"), percent(hits), Bound::Least(promised)));
        rows.push(Row::new(format!("… anybody called in the wrong direction, {members}, {of}"), percent(wrong), Bound::Most(5.0)));
    }
    rows
}

/// An operator who is twenty points worse on each of six lines, with unequal numbers of ratings.
pub(crate) fn found_on_lines(members: usize, n: i64, teams: u32, promised: f64) -> Row {
    let hits = (0..teams).filter(|&seed| {
        let mut chance = chance(u64::from(seed) * 32_452_843 + members as u64);
        let team: Vec<Ratings> = (0..members).map(|member| on_lines(&mut chance, n, if member == 0 { 0.2 } else { 0.0 })).collect();
        against_the_rest(&team)[0].verdict == Verdict::Lower
    });
    let percent = hits.count() as f64 * 100.0 / f64::from(teams);
    Row::new(
        format!("one who is 20 points worse on each of six lines among {members}, about {n} ratings each: found"),
        percent,
        Bound::Least(promised),
    )
}
