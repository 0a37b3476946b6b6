//! Teams of equals: how often a page claims a difference.

use super::chance::{chance, good, on_lines, sizes};
use super::{Bound, Row};
use lastword::domain::report::comparison::Verdict;
use lastword::domain::report::share::Share;
use lastword::domain::report::stats::clients::{Cases, Given};
use lastword::domain::report::stats::places::places as left_open;
use lastword::domain::report::stats::team::{Ratings, against_the_rest};
use rand::Rng;

/// Maximum share of pages with a wrong claim, in percent.
const MOST: Bound = Bound::Most(5.0);

fn anybody_called(team: &[Ratings]) -> bool {
    against_the_rest(team).iter().any(|standing| standing.verdict != Verdict::CannotTell)
}

/// Share of `teams` with a wrong claim, in percent.
fn percent(teams: u32, mut wrong: impl FnMut(u64) -> bool) -> f64 {
    f64::from((0..teams).map(|team| u32::from(wrong(u64::from(team)))).sum::<u32>()) * 100.0 / f64::from(teams)
}

/// Teams of 7, 20 and 50 with equal shares, by `(n, share)`; 0 means very different numbers of ratings.
pub(crate) fn teams(teams: u32, kinds: &[(i64, f64)]) -> Vec<Row> {
    let mut rows = Vec::new();
    for &(n, share) in kinds {
        for members in [7, 20, 50] {
            let found = percent(teams, |seed| {
                let mut chance = chance(seed * 1_009 + n.unsigned_abs() * 31 + members as u64);
                let sizes = sizes(&mut chance, members, n);
                anybody_called(&sizes.iter().map(|&of| vec![(0, good(&mut chance, of, share))]).collect::<Vec<_>>())
            });
            let of = if n == 0 { "1 to some hundreds of ratings each".to_owned() } else { format!("{n} ratings each") };
            rows.push(Row::new(format!("{members} equals at {:.0}%, {of}: any difference claimed", share * 100.0), found, MOST));
        }
    }
    rows
}

/// Teams whose members work on six lines in individual mixes, without differences within any line.
pub(crate) fn mixes(members: usize, n: i64, teams: u32) -> Row {
    let found = percent(teams, |seed| anybody_called(&team_on_lines(members, n, seed)));
    Row::new(format!("{members} equals on six unlike lines in unequal parts, about {n} ratings each: any difference claimed"), found, MOST)
}

/// The same with all lines combined, which is wrong.
pub(crate) fn pooled(members: usize, n: i64, teams: u32) -> Row {
    let found = percent(teams, |seed| {
        let sum =
            |ratings: Ratings| ratings.iter().fold(Share::default(), |sum, (_, of)| Share::of(sum.part + of.part, sum.whole + of.whole));
        anybody_called(&team_on_lines(members, n, seed).into_iter().map(|ratings| vec![(0, sum(ratings))]).collect::<Vec<_>>())
    });
    Row::new(format!("the same, {members} with all lines thrown together (which no page does)"), found, MOST)
}

fn team_on_lines(members: usize, n: i64, seed: u64) -> Vec<Ratings> {
    let mut chance = chance(seed * 7_919 + members as u64);
    (0..members).map(|_| on_lines(&mut chance, n, 0.0)).collect()
}

/// Teams in which each client rates the same operator four times with similar scores.
pub(crate) fn returning(members: usize, n: i64, teams: u32) -> Row {
    let found = percent(teams, |seed| anybody_called(&ratings(members, n, seed, false)));
    Row::new(format!("{members} equals at 90%, clients who return four times, {n} ratings each: any difference claimed"), found, MOST)
}

/// The same with every rating counted, which is wrong.
pub(crate) fn returning_counted_each(members: usize, n: i64, teams: u32) -> Row {
    let found = percent(teams, |seed| anybody_called(&ratings(members, n, seed, true)));
    Row::new(format!("the same, {members} with every rating counted (which no page does)"), found, MOST)
}

fn ratings(members: usize, n: i64, seed: u64, each: bool) -> Vec<Ratings> {
    let (mut chance, mut cases) = (chance(seed * 104_729 + members as u64), Cases::default());
    for member in 0..members {
        let mut usual = true;
        for at in 0..n {
            if at % 4 == 0 {
                usual = chance.random_bool(0.9);
            }
            // The square root of one half: any two of a client's ratings have a correlation of one half.
            let good = if chance.random_bool(0.5_f64.sqrt()) { usual } else { chance.random_bool(0.9) };
            let client = if each { format!("{member} {at}") } else { format!("{member} {}", at / 4) };
            cases.take(Given { member: &format!("{member:03}"), client: &client, stratum: "sales", good, at });
        }
    }
    cases.team().into_iter().map(|case| case.ratings).collect()
}

/// Ranks among equals: how often the true order is excluded.
pub(crate) fn places(members: usize, n: i64, teams: u32) -> Row {
    let found = percent(teams, |seed| {
        let mut chance = chance(seed * 15_485_863 + members as u64);
        let team: Vec<Ratings> = (0..members).map(|_| vec![(0, good(&mut chance, n, 0.9))]).collect();
        left_open(&team).into_iter().flatten().any(|places| places.from > 1 || places.to < places.of)
    });
    Row::new(format!("{members} equals at 90%, {n} ratings each: any place closed to anybody"), found, MOST)
}
