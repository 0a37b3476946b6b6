//! Ratings and outcomes of the closes that this process committed, until the metrics take them: a few numbers in memory, so that no
//! scrape reads the database.
//!
//! They are read from the changes of the counters, one transaction at a time: a rating that turns from bad to good is a good one more.
//! What a transaction takes back is not subtracted, because counters of metrics only grow. Imports are not counted.

use lastword_base::names::LineId;
use lastword_domain::answer::rating::Grade;
use lastword_domain::outcome::Outcome;
use lastword_domain::report::counter::{Changes, Counts, Measure, OF_LINE};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Maximum number of places between two calls of [`Tally::take`], for a process without metrics.
const PLACES_MAX: usize = 10_000;

/// Line, kind of channel, and scale.
pub type TalliedBy = (LineId, String, String);

/// Numbers of one place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tallied {
    grades: [u64; Grade::ALL.len()],
    outcomes: [u64; Outcome::ALL.len()],
}

impl Tallied {
    fn of(counts: &Counts) -> Self {
        let (good, bad) = (counts[Measure::Good], counts[Measure::Bad]);
        let grade = |grade| match grade {
            Grade::Good => good,
            Grade::Neutral => counts.scores().iter().sum::<i64>() - good - bad,
            Grade::Bad => bad,
        };
        let outcome = |outcome| match outcome {
            Outcome::Answered => counts[Measure::Answered],
            Outcome::Expired => counts[Measure::Expired],
            Outcome::NotAsked => counts[Measure::NotAsked],
            Outcome::Canceled => counts[Measure::Canceled],
            Outcome::Unreachable => counts[Measure::Unreachable],
            Outcome::Unsure => counts[Measure::Unsure],
        };
        let grown = |count: i64| u64::try_from(count).unwrap_or(0);
        let mut tallied = Self::default();
        Grade::ALL.into_iter().zip(&mut tallied.grades).for_each(|(of, count)| *count = grown(grade(of)));
        Outcome::ALL.iter().zip(&mut tallied.outcomes).for_each(|(of, count)| *count = grown(outcome(*of)));
        tallied
    }

    fn add(&mut self, other: &Self) {
        self.grades.iter_mut().zip(other.grades).for_each(|(count, more)| *count += more);
        self.outcomes.iter_mut().zip(other.outcomes).for_each(|(count, more)| *count += more);
    }

    /// Ratings by grade.
    pub fn grades(&self) -> impl Iterator<Item = (Grade, u64)> + '_ {
        Grade::ALL.into_iter().zip(self.grades)
    }

    /// Closes by outcome.
    pub fn outcomes(&self) -> impl Iterator<Item = (Outcome, u64)> + '_ {
        Outcome::ALL.iter().copied().zip(self.outcomes)
    }
}

/// What one transaction adds.
pub(super) type TalliedRows = Vec<(TalliedBy, Tallied)>;

/// The numbers that a transaction adds, once it is committed.
pub(super) fn of(changes: &Changes) -> TalliedRows {
    let lines = changes.0.iter().filter(|(cell, _)| cell.whose == OF_LINE && cell.reason_of.is_empty());
    let tallied = lines.map(|(cell, (_, counts))| ((cell.line_id.clone(), cell.channel.clone(), cell.scale.clone()), Tallied::of(counts)));
    tallied.filter(|(_, tallied)| *tallied != Tallied::default()).collect()
}

/// The numbers since they were taken last.
#[derive(Debug, Default)]
pub(super) struct Tally(Mutex<BTreeMap<TalliedBy, Tallied>>);

impl Tally {
    pub(super) fn add(&self, committed: TalliedRows) {
        if committed.is_empty() {
            return;
        }
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (place, tallied) in committed {
            if all.len() < PLACES_MAX || all.contains_key(&place) {
                all.entry(place).or_default().add(&tallied);
            }
        }
    }

    pub(super) fn take(&self) -> BTreeMap<TalliedBy, Tallied> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
