//! Why ratings are low: how many of the low ones have each reason, and what changed since the period before.
//!
//! A reason that clients chose is a share of the low ratings whose client chose at least one; a tag that keyword rules gave is a
//! share of the low ratings whose comment was held against rules. Part and whole are the same ratings: low by the line's rule at
//! the answer, and not voided. A rating may have several reasons, so shares add up to more than the whole.

use super::Part;
use super::comparison::Difference;
use super::counter::{Counts, Measure};
use super::share::Share;
use super::stats::team::Ratings;
use crate::answer::rating::Scale;
use crate::answer::reason::ReasonOrigin;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// What is counted of the low ratings of one group, each scale by itself.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    scales: BTreeMap<Scale, Wholes>,
    reasons: BTreeMap<(ReasonOrigin, String), BTreeMap<Scale, i64>>,
}

/// The wholes of one scale.
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

    /// The share of a reason on each scale.
    fn shares(&self, origin: ReasonOrigin, code: &str) -> Ratings {
        let parts = self.reasons.get(&(origin, code.to_owned()));
        let part = |scale: &Scale| parts.and_then(|parts| parts.get(scale)).copied().unwrap_or(0);
        self.scales.iter().map(|(scale, wholes)| (*scale as usize, Share::of(part(scale), wholes.of(origin)))).collect()
    }

    fn part(&self, origin: ReasonOrigin, code: &str) -> Part {
        let all = self.shares(origin, code).into_iter().fold(Share::default(), |sum, (_, share)| sum.and(share));
        all.into()
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

/// Why ratings of one group are low.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LowReasons {
    /// Low ratings that are not voided.
    pub low: i64,
    /// Those whose client chose at least one reason, of all low ones: the whole of each `chosen`.
    pub reasoned: Part,
    /// Those with a comment that was held against keyword rules, of all low ones: the whole of each `tagged`.
    pub read: Part,
    /// Of those, the ones with at least one tag.
    pub tagged: Part,
    /// The reasons, those that most clients chose first.
    pub items: Vec<LowReason>,
}

/// How many low ratings have one reason.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LowReason {
    /// Its code, which is the same in all languages and on all lines.
    pub code: String,
    /// Chosen by the client: of the low ratings with at least one reason.
    pub chosen: Part,
    /// Tagged by keyword rules: of the low ratings whose comment was held against rules.
    pub tagged: Part,
    /// `chosen` in the period before; none where that is not compared.
    pub chosen_before: Option<Part>,
    /// `tagged` in the period before.
    pub tagged_before: Option<Part>,
    /// `chosen` less that of the period before, each scale by itself. The verdicts of all reasons, chosen and tagged, share an error
    /// of 5 %.
    pub chosen_change: Option<Difference>,
    /// `tagged` less that of the period before.
    pub tagged_change: Option<Difference>,
}

impl LowReasons {
    /// The reasons of `now`, beside those of the period before where that is compared.
    pub fn of(now: &Tally, before: Option<&Tally>) -> Self {
        let low = now.sum(|wholes| wholes.low);
        let read = now.sum(|wholes| wholes.read);
        let known = now.reasons.iter().chain(before.iter().flat_map(|before| &before.reasons));
        let codes: BTreeSet<&str> = known.filter(|(_, n)| n.values().sum::<i64>() > 0).map(|((_, code), _)| code.as_str()).collect();
        let codes: Vec<&str> = codes.into_iter().collect();
        let pair = |before: &Tally, origin| codes.iter().map(|code| (now.shares(origin, code), before.shares(origin, code))).collect();
        let pairs: Vec<(Ratings, Ratings)> =
            before.iter().flat_map(|before| ReasonOrigin::ALL.map(|origin| pair(before, origin))).flat_map(|pairs: Vec<_>| pairs).collect();
        let mut changes = Difference::among(&pairs).into_iter();
        let (chosen_changes, tagged_changes): (Vec<_>, Vec<_>) = match before {
            Some(_) => (changes.by_ref().take(codes.len()).collect(), changes.collect()),
            None => (vec![None; codes.len()], vec![None; codes.len()]),
        };
        let part = |tally: &Tally, origin, code: &str| tally.part(origin, code);
        let item = |((&code, chosen_change), tagged_change): ((&&str, Option<Difference>), Option<Difference>)| LowReason {
            code: code.to_owned(),
            chosen: part(now, ReasonOrigin::Chosen, code),
            tagged: part(now, ReasonOrigin::Tagged, code),
            chosen_before: before.map(|before| part(before, ReasonOrigin::Chosen, code)),
            tagged_before: before.map(|before| part(before, ReasonOrigin::Tagged, code)),
            chosen_change,
            tagged_change,
        };
        let mut items: Vec<LowReason> = codes.iter().zip(chosen_changes).zip(tagged_changes).map(item).collect();
        items.sort_by_key(|item| std::cmp::Reverse((item.chosen.part, item.tagged.part)));
        Self {
            low,
            reasoned: Part::new(now.sum(|wholes| wholes.reasoned), low),
            read: Part::new(read, low),
            tagged: Part::new(now.sum(|wholes| wholes.tagged), read),
            items,
        }
    }

    /// One reason.
    pub fn item(&self, code: &str) -> Option<&LowReason> {
        self.items.iter().find(|item| item.code == code)
    }
}

impl LowReason {
    /// How many have it, by where it came from.
    pub fn part(&self, origin: ReasonOrigin) -> &Part {
        match origin {
            ReasonOrigin::Chosen => &self.chosen,
            ReasonOrigin::Tagged => &self.tagged,
        }
    }

    /// How many had it in the period before, and what the data say of the difference.
    pub fn before(&self, origin: ReasonOrigin) -> (Option<&Part>, Option<&Difference>) {
        match origin {
            ReasonOrigin::Chosen => (self.chosen_before.as_ref(), self.chosen_change.as_ref()),
            ReasonOrigin::Tagged => (self.tagged_before.as_ref(), self.tagged_change.as_ref()),
        }
    }
}
