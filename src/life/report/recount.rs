//! Recount: compares the counters with the rows they count, and fixes differences. Safe while nodes work: see
//! `lastword_store::report::recount`.

use lastword_base::names::RequestId;
use lastword_domain::report::calendar::{Day, Month};
use lastword_store::counter;
use lastword_store::counter::cell::Cells;
use lastword_store::report::label_counts;
use lastword_store::report::recount::{self, Wrong, in_words};
use lastword_store::{Db, Millis, StoreError, transaction};

/// Maximum number of reported differences; the others are only counted.
pub const TOLD_MAX: usize = 50;

/// Result of a recount.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recounted {
    /// Number of checked days.
    pub days: i64,
    /// Number of wrong counts. All are correct now.
    pub wrong: usize,
    /// The first of them.
    pub told: Vec<Wrong>,
}

impl Recounted {
    fn add(&mut self, words: Vec<Wrong>) {
        self.wrong += words.len();
        self.told.extend(words.into_iter().take(TOLD_MAX.saturating_sub(self.told.len())));
    }
}

/// Number of days that a recount has to check.
#[lastword_base::boxed]
pub async fn days(db: &Db) -> Result<i64, StoreError> {
    Ok(recount::extent(db).await?.map_or(0, |(first, last)| last.0 - first.0 + 1))
}

/// Compares all counters with their rows and fixes differences. `progress` is called after each day.
///
/// # Errors
/// A database error. Days that were fixed stay fixed; no day is half done.
pub async fn recount(db: &Db, now: Millis, progress: impl Fn(Day)) -> Result<Recounted, StoreError> {
    let mut result = Recounted::default();
    if let Some((first, newest)) = recount::extent(db).await? {
        // One more day on both sides: a change of the time zone moves closes over midnight.
        let (mut day, last) = (first.plus(-1), newest.plus(1));
        loop {
            if !recount::look(db, day).await?.is_empty() {
                result.add(in_words(&mend(db, day).await?));
            }
            mend_labels(db, day, &mut result).await?;
            let month = day.month();
            if day == last || day.plus(1).month() != month {
                mend_month(db, month, &mut result).await?;
            }
            if (first..=newest).contains(&day) {
                result.days += 1;
                progress(day);
            }
            if day >= last {
                break;
            }
            day = day.plus(1);
        }
    }
    let zone = db.zone();
    transaction!(db, async |tx| { recount::finished(tx, zone, now).await }).await?;
    Ok(result)
}

async fn mend(db: &Db, day: Day) -> Result<Cells, StoreError> {
    let zone = db.zone();
    transaction!(db, async |tx| { recount::mend(tx, day, zone).await }).await
}

async fn mend_labels(db: &Db, day: Day, result: &mut Recounted) -> Result<(), StoreError> {
    let outdated = label_counts::outdated(db, day).await?;
    if !outdated.is_empty() {
        let wrong = |close: &RequestId| Wrong { what: format!("{day}, close {close}: its counts next to its labels"), missing: 0 };
        result.add(outdated.iter().map(wrong).collect());
        transaction!(db, [outdated], async |tx| {
            label_counts::forget(tx, outdated);
            Ok(())
        })
        .await?;
    }
    Ok(())
}

async fn mend_month(db: &Db, month: Month, result: &mut Recounted) -> Result<(), StoreError> {
    if !recount::look_month(db, month).await?.is_empty() {
        result.add(in_words(&transaction!(db, async |tx| { recount::mend_month(tx, month).await }).await?));
    }
    Ok(())
}

/// Reason why the numbers of reports may be wrong, with the remedy; `None` if there is none.
#[lastword_base::boxed]
pub async fn doubt(db: &Db) -> Result<Option<String>, StoreError> {
    if recount::extent(db).await?.is_none() {
        return Ok(None);
    }
    let (counted, ours) = (recount::state(db).await?.time_zone, db.zone().name());
    Ok(match counted {
        Some(zone) if zone == ours => None,
        Some(zone) => Some(format!(
            "the days of reports were counted by the clock of {zone}, and organisation.time_zone is {ours}: run lastword recount, once \
             every node has the new setting"
        )),
        None => Some("closes from before there were counters are not in the reports: run lastword recount".to_owned()),
    })
}

/// Stores the time zone of the counters, if there are no closes yet.
#[lastword_base::boxed]
pub async fn begin(db: &Db) -> Result<(), StoreError> {
    let zone = db.zone();
    transaction!(db, async |tx| { recount::begin(tx, zone).await }).await
}

/// Adds pending differences of closes and answers to the counters. Returns their number.
///
/// # Errors
/// A database error; the next round tries again.
#[lastword_base::boxed]
pub async fn fold(db: &Db) -> Result<usize, StoreError> {
    counter::fold(db).await
}
