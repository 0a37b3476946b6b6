//! Reports by label are counted from the closes that have it. If there are many, pages do not wait for the result, and counts are
//! cached for a while.

use lastword_base::time::{MINUTE, Millis};
use lastword_domain::report::calendar::Day;
use lastword_domain::report::period::Period;
use lastword_store::report::labelled::{Memo, has_more_than, is_counted_here};
use lastword_store::report::{By, Closes};
use lastword_store::{Db, StoreError};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Counts of more closes than this are cached, and pages do not wait for them.
const MANY: i64 = 5_000;
/// Lifetime of an entry.
const KEPT: Millis = MINUTE;
/// Maximum number of entries.
const KEPT_MAX: usize = 32;

/// Cache of counts that took long.
#[derive(Debug, Default)]
pub struct LabelledReports {
    kept: Mutex<VecDeque<(Closes, Millis)>>,
}

impl LabelledReports {
    /// Gives `closes` its counts from the cache. Returns false if a page should not wait for them: they take long, are not in the
    /// cache, and the caller does not wait.
    #[lastword_base::boxed]
    pub async fn prepare(&self, db: &Db, closes: &mut Closes, by: By, waits: bool, now: Millis) -> Result<bool, StoreError> {
        if !is_counted_here(closes, by) {
            return Ok(true);
        }
        let known = self.known(closes, now);
        if let Some(known) = &known {
            closes.memo = known.clone();
            if closes.memo.has(closes, by) {
                return Ok(true);
            }
        }
        // A page also shows the figures of all days. They were counted if any days of these filters were.
        let ever = Period::all(Day::of(now, db.zone()));
        let all = Closes { from: ever.from, until: ever.until, ..closes.clone() };
        let looks_at = if known.is_none() && closes.label.is_some() { &all } else { &*closes };
        if !has_more_than(db, looks_at, MANY).await? {
            return Ok(true);
        }
        if waits && known.is_none() {
            let mut kept = self.kept();
            kept.truncate(KEPT_MAX - 1);
            kept.push_front((closes.clone(), now));
        }
        Ok(waits)
    }

    /// Recent counts with the same filters, of any days.
    fn known(&self, closes: &Closes, now: Millis) -> Option<Memo> {
        let mut kept = self.kept();
        kept.retain(|(_, at)| (0..KEPT).contains(&(now - at)));
        let same = |known: &Closes| Closes { from: closes.from, until: closes.until, ..known.clone() } == *closes;
        kept.iter().find(|(known, _)| same(known)).map(|(known, _)| known.memo.clone())
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, VecDeque<(Closes, Millis)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
