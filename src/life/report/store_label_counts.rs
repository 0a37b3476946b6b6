//! Stores the counts of labelled closes with their labels, a few at a time while the server runs, so that reports by label are fast.

use lastword_base::time::{DAY, Millis};
use lastword_store::report::label_counts;
use lastword_store::{Db, StoreError, transaction};

/// Labels per transaction: short, so that other transactions do not wait long.
const BATCH: i64 = 500;

/// Age of a close whose counts are stored: few are rated, edited or answered later. Younger ones are counted from their rows.
const SETTLED: Millis = 3 * DAY;

/// Stores the counts of the next closes, in at most `batches` transactions. Returns the number of closes.
///
/// # Errors
/// A database error; what was stored stays.
#[lastword_base::boxed]
pub async fn store_label_counts(db: &Db, now: Millis, batches: usize) -> Result<usize, StoreError> {
    let until = now - SETTLED;
    let mut stored = 0;
    if !label_counts::pending(db, until).await? {
        return Ok(stored);
    }
    for _ in 0..batches {
        let more = transaction!(db, async |tx| { label_counts::store(tx, until, BATCH).await }).await?;
        stored += more;
        if more == 0 {
            break;
        }
    }
    Ok(stored)
}
