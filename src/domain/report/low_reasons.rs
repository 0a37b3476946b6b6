//! Reasons for low ratings: the share of each reason, and its change since the previous period.
//!
//! A reason that clients chose is a share of the low ratings whose client chose at least one. A tag of keyword rules is a share of
//! the low ratings whose comment was checked by rules. Part and whole are the same ratings: low by the line's rule at the time of
//! the answer, and not voided. A rating may have several reasons, so shares add up to more than the whole.

use super::Part;
use super::case::parts;
use super::change::Change;
use super::comparison::Difference;
use super::counter::{Counts, Measure};
use super::share::Share;
use super::stats::team::Ratings;
use crate::answer::rating::Scale;
use crate::answer::reason::ReasonOrigin;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use utoipa::ToSchema;

/// Counts of the low ratings of one group, by scale.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    scales: BTreeMap<Scale, Wholes>,
    reasons: BTreeMap<(ReasonOrigin, String), BTreeMap<Scale, i64>>,
}

/// Totals of one scale.
#[derive(Clone, Copy, Debug, Default)]
struct Wholes {
    low: i64,
    reasoned: i64,
    read: i64,
    tagged: i64,
}

impl Tally {
    /// Adds counts of ratings on a scale.
    pub fn count(&mut self, scale: Scale, counts: &Counts) {
        let wholes = self.scales.entry(scale).or_default();
        wholes.low += counts[Measure::Bad] - counts[Measure::VoidBad];
        wholes.reasoned += counts[Measure::Reasoned];
        wholes.read += counts[Measure::CommentRead];
        wholes.tagged += counts[Measure::Tagged];
    }

    /// Adds `n` low ratings with a reason on a scale.
    pub fn reason(&mut self, scale: Scale, origin: ReasonOrigin, code: String, n: i64) {
        *self.reasons.entry((origin, code)).or_default().entry(scale).or_default() += n;
    }

    fn sum(&self, of: impl Fn(&Wholes) -> i64) -> i64 {
        self.scales.values().map(of).sum()
    }

    fn part(&self, origin: ReasonOrigin, code: &str) -> Part {
        let part = self.reasons.get(&(origin, code.to_owned())).map_or(0, |parts| parts.values().sum());
        Part::new(part, self.sum(|wholes| wholes.of(origin)))
    }
}

impl Wholes {
    fn of(&self, origin: ReasonOrigin) -> i64 {
        match origin {
            ReasonOrigin::Chosen => self.reasoned,
            ReasonOrigin::Tagged => self.read,
        }
    }
}

/// Reasons of each client's last low rating with reasons, by their origin. Changes are computed from these.
#[derive(Clone, Debug, Default)]
pub struct ReasonVotes(BTreeMap<ReasonOrigin, HashMap<String, Vote>>);

/// Time, stratum, and codes.
type Vote = (i64, String, BTreeSet<String>);

impl ReasonVotes {
    /// Adds a low rating; `stratum` is the name from [`super::case::stratum`].
    pub fn take(&mut self, client: &str, stratum: &str, at: i64, origin: ReasonOrigin, codes: impl IntoIterator<Item = String>) {
        let votes = self.0.entry(origin).or_default();
        if votes.get(client).is_none_or(|(known, ..)| *known <= at) {
            votes.insert(client.to_owned(), (at, stratum.to_owned(), codes.into_iter().collect()));
        }
    }

    /// Leaves out the votes on these lines and scales. Returns true if there were any.
    pub fn leave_out(&mut self, is_left_out: impl Fn(&str, Scale) -> bool) -> bool {
        let all = self.strata().count();
        for votes in self.0.values_mut() {
            votes.retain(|_, (_, stratum, _)| parts(stratum).is_none_or(|(line, _, scale)| !is_left_out(line, scale)));
        }
        self.strata().count() < all
    }

    /// Share of a reason in each stratum; `strata` are the numbers of the strata.
    fn shares(&self, origin: ReasonOrigin, code: &str, strata: &BTreeMap<&str, usize>) -> Ratings {
        let mut shares: BTreeMap<usize, Share> = BTreeMap::new();
        for (_, stratum, codes) in self.0.get(&origin).into_iter().flat_map(HashMap::values) {
            let Some(stratum) = strata.get(stratum.as_str()) else { continue };
            let share = shares.entry(*stratum).or_default();
            *share = share.and(Share::of(i64::from(codes.contains(code)), 1));
        }
        shares.into_iter().collect()
    }

    fn strata(&self) -> impl Iterator<Item = &str> {
        self.0.values().flat_map(HashMap::values).map(|(_, stratum, _)| stratum.as_str())
    }
}

/// Data of the previous period, and the votes of both periods.
#[derive(Clone, Copy, Debug)]
pub struct Before<'a> {
    /// Counts of the previous period.
    pub tally: &'a Tally,
    /// Votes of this period and of the previous one.
    pub votes: [&'a ReasonVotes; 2],
    /// Error that all statements about changes share.
    pub alpha: f64,
}

/// Reasons for the low ratings of one group.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LowReasons {
    /// Low ratings that are not voided.
    pub low: i64,
    /// Low ratings whose client chose at least one reason: the whole of each `chosen`.
    pub reasoned: Part,
    /// Low ratings with a comment that was checked by keyword rules: the whole of each `tagged`.
    pub read: Part,
    /// Those of them with at least one tag.
    pub tagged: Part,
    /// The reasons, those that most clients chose first.
    pub items: Vec<LowReason>,
    /// True if votes on some lines are left out of the changes, because other scores were low there.
    #[serde(skip)]
    pub redefined: bool,
}

/// Number of low ratings with one reason.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LowReason {
    /// Its code, the same in all languages and on all lines.
    pub code: String,
    /// Chosen by the client: of the low ratings with at least one reason.
    pub chosen: Part,
    /// Tagged by keyword rules: of the low ratings whose comment was checked by rules.
    pub tagged: Part,
    /// `chosen` in the previous period; `None` without a comparison.
    pub chosen_before: Option<Part>,
    /// `tagged` in the previous period.
    pub tagged_before: Option<Part>,
    /// `chosen` minus that of the previous period: each client has one vote in each period, with the last low rating whose question
    /// is over, within its line, channel and scale. All statements of a report about changes share an error of 5 %.
    pub chosen_change: Option<Difference>,
    /// The votes behind `chosen_change`.
    #[serde(skip)]
    pub chosen_votes: Change,
    /// `tagged` minus that of the previous period.
    pub tagged_change: Option<Difference>,
}

impl LowReasons {
    /// The reasons of `now`, compared with the previous period if given.
    pub fn of(now: &Tally, before: Option<Before<'_>>) -> Self {
        let low = now.sum(|wholes| wholes.low);
        let read = now.sum(|wholes| wholes.read);
        let known = now.reasons.iter().chain(before.iter().flat_map(|before| &before.tally.reasons));
        let codes: BTreeSet<&str> = known.filter(|(_, n)| n.values().sum::<i64>() > 0).map(|((_, code), _)| code.as_str()).collect();
        let codes: Vec<&str> = codes.into_iter().collect();
        // First the changes of chosen reasons, then those of tags.
        let mut changes = vec![Change::default(); 2 * codes.len()];
        if let Some(Before { votes: [votes, then], alpha, .. }) = before {
            let strata: BTreeSet<&str> = votes.strata().chain(then.strata()).collect();
            let strata: BTreeMap<&str, usize> = strata.into_iter().zip(0..).collect();
            let shares = |votes: &ReasonVotes| -> Vec<Ratings> {
                ReasonOrigin::ALL.iter().flat_map(|origin| codes.iter().map(|code| votes.shares(*origin, code, &strata))).collect()
            };
            let pairs: Vec<(Ratings, Ratings)> = shares(votes).into_iter().zip(shares(then)).collect();
            changes = Change::of_votes(&pairs, alpha);
        }
        let before = before.map(|before| before.tally);
        let part = |tally: &Tally, origin, code: &str| tally.part(origin, code);
        let item = |(at, &code): (usize, &&str)| LowReason {
            code: code.to_owned(),
            chosen: part(now, ReasonOrigin::Chosen, code),
            tagged: part(now, ReasonOrigin::Tagged, code),
            chosen_before: before.map(|before| part(before, ReasonOrigin::Chosen, code)),
            tagged_before: before.map(|before| part(before, ReasonOrigin::Tagged, code)),
            chosen_change: changes[at].difference,
            chosen_votes: changes[at].clone(),
            tagged_change: changes[codes.len() + at].difference,
        };
        let mut items: Vec<LowReason> = codes.iter().enumerate().map(item).collect();
        items.sort_by_key(|item| std::cmp::Reverse((item.chosen.part, item.tagged.part)));
        Self {
            low,
            reasoned: Part::new(now.sum(|wholes| wholes.reasoned), low),
            read: Part::new(read, low),
            tagged: Part::new(now.sum(|wholes| wholes.tagged), read),
            items,
            redefined: false,
        }
    }

    /// The reason with this code.
    pub fn item(&self, code: &str) -> Option<&LowReason> {
        self.items.iter().find(|item| item.code == code)
    }
}

impl LowReason {
    /// Its number by origin.
    pub fn part(&self, origin: ReasonOrigin) -> &Part {
        match origin {
            ReasonOrigin::Chosen => &self.chosen,
            ReasonOrigin::Tagged => &self.tagged,
        }
    }

    /// Its number in the previous period, and the difference.
    pub fn before(&self, origin: ReasonOrigin) -> (Option<&Part>, Option<&Difference>) {
        match origin {
            ReasonOrigin::Chosen => (self.chosen_before.as_ref(), self.chosen_change.as_ref()),
            ReasonOrigin::Tagged => (self.tagged_before.as_ref(), self.tagged_change.as_ref()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::case::stratum;
    use super::super::stats::ALPHA;
    use super::*;

    /// Low ratings of clients on a line, each with one reason, in the order of time.
    fn voted(line: &str, clients: usize, reasons: &[&str]) -> ReasonVotes {
        let mut votes = ReasonVotes::default();
        for client in 0..clients {
            for (at, reason) in (0..).zip(reasons) {
                let (client, place) = (format!("{line}-{client}"), stratum(&line.into(), "mail", Scale::FiveStar));
                votes.take(&client, &place, at, ReasonOrigin::Chosen, [(*reason).to_owned()]);
            }
        }
        votes
    }

    fn counted(slow: i64) -> Tally {
        let mut tally = Tally::default();
        tally.reason(Scale::FiveStar, ReasonOrigin::Chosen, "slow".to_owned(), slow);
        tally
    }

    #[test]
    fn a_change_has_the_shares_of_the_clients_whose_votes_it_compares() {
        // Forty of sixty ratings have the reason, but the last rating of each client does not.
        let (now, then) = (voted("a", 20, &["slow", "slow", "rude"]), voted("a", 20, &["slow"]));
        let found = LowReasons::of(&counted(40), Some(Before { tally: &counted(20), votes: [&now, &then], alpha: ALPHA }));
        let slow = found.item("slow").unwrap();
        let votes = &slow.chosen_votes;
        assert_eq!((votes.now.part, votes.now.of, votes.before.part, votes.before.of), (0, 20, 20, 20));
        assert_eq!((votes.difference, slow.chosen_change.unwrap().points), (slow.chosen_change, -100.0));
    }

    #[test]
    fn what_is_left_out_on_one_line_leaves_the_others() {
        let mut votes = voted("a", 5, &["slow"]);
        assert!(!votes.leave_out(|line, _| line == "b") && votes.strata().count() == 5);
        assert!(votes.leave_out(|line, _| line == "a") && votes.strata().count() == 0);
    }
}
