//! The counters are held against the rows they count, and mended where they differ. Safe while nodes work: see
//! `lastword_store::report::recount`.

use lastword_domain::report::calendar::{Day, Month};
use lastword_store::report::counter;
use lastword_store::report::counter_cell::Cells;
use lastword_store::report::recount::{self, Wrong, in_words};
use lastword_store::{Db, Millis, StoreError};

/// How many differences are told; the others are counted.
pub const TOLD_MAX: usize = 50;

/// What a recount found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recounted {
    /// Days that were looked at.
    pub days: i64,
    /// How many numbers were wrong. All are right now.
    pub wrong: usize,
    /// The first of them.
    pub told: Vec<Wrong>,
}

impl Recounted {
    fn add(&mut self, found: &Cells) {
        let words = in_words(found);
        self.wrong += words.len();
        self.told.extend(words.into_iter().take(TOLD_MAX.saturating_sub(self.told.len())));
    }
}

/// How many days a recount has to look at.
///
/// # Errors
/// The database's error.
pub async fn days(db: &Db) -> Result<i64, StoreError> {
    Ok(recount::extent(db).await?.map_or(0, |(first, last)| last.0 - first.0 + 1))
}

/// Holds all counters against their rows and mends what differs. `progress` is told after each day.
///
/// # Errors
/// The database's error. What was mended until then stays mended; nothing is half-done.
pub async fn recount(db: &Db, now: Millis, progress: impl Fn(Day)) -> Result<Recounted, StoreError> {
    let mut result = Recounted::default();
    if let Some((first, last)) = recount::extent(db).await? {
        // A day before and after: a change of the clock moves closes over midnight.
        let (mut day, last) = (first.plus(-1), last.plus(1));
        loop {
            if !recount::look(db, day).await?.is_empty() {
                result.add(&mend(db, day).await?);
            }
            let month = day.month();
            if day == last || day.plus(1).month() != month {
                mend_month(db, month, &mut result).await?;
            }
            result.days += 1;
            progress(day);
            if day >= last {
                break;
            }
            day = day.plus(1);
        }
    }
    let zone = db.zone();
    db.write(move |tx| Box::pin(async move { recount::finished(tx, zone, now).await })).await?;
    Ok(result)
}

async fn mend(db: &Db, day: Day) -> Result<Cells, StoreError> {
    let zone = db.zone();
    db.write(move |tx| Box::pin(async move { recount::mend(tx, day, zone).await })).await
}

async fn mend_month(db: &Db, month: Month, result: &mut Recounted) -> Result<(), StoreError> {
    if !recount::look_month(db, month).await?.is_empty() {
        result.add(&db.write(move |tx| Box::pin(async move { recount::mend_month(tx, month).await })).await?);
    }
    Ok(())
}

/// Why the numbers of reports may be wrong, with the remedy, if there is a reason.
///
/// # Errors
/// The database's error.
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

/// Remembers by whose clock days are counted, where nothing was closed yet.
///
/// # Errors
/// The database's error.
pub async fn begin(db: &Db) -> Result<(), StoreError> {
    let zone = db.zone();
    db.write(move |tx| Box::pin(async move { recount::begin(tx, zone).await })).await
}

/// Adds up what closes and answers left behind for the counters. Gives how many differences there were.
///
/// # Errors
/// The database's error; the next round tries again.
pub async fn fold(db: &Db) -> Result<usize, StoreError> {
    counter::fold(db).await
}
