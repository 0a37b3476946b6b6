//! Indexes the words of comments for the search of lists: comments from before the table existed, a few at a time while the server
//! runs; or all of them again, on request.

use lastword_store::answer::rating::comment_word;
use lastword_store::{Db, StoreError, transaction};

/// Ratings per transaction: short, so that other transactions do not wait long.
const BATCH: i64 = 500;

/// Indexes the next older comments, in at most `batches` transactions. Returns whether there are more.
///
/// # Errors
/// A database error; what was indexed stays.
#[lastword_base::boxed]
pub async fn read_older(db: &Db, batches: usize) -> Result<bool, StoreError> {
    let mut more = comment_word::pending(db).await?;
    for _ in 0..batches {
        if !more {
            break;
        }
        more = read(db).await?.more;
    }
    Ok(more)
}

async fn read(db: &Db) -> Result<comment_word::Batch, StoreError> {
    transaction!(db, async |tx| { comment_word::read_older(tx, BATCH).await }).await
}

/// Number of ratings that [`read_all`] covers.
#[lastword_base::boxed]
pub async fn ratings(db: &Db) -> Result<i64, StoreError> {
    comment_word::ratings(db).await
}

/// Indexes all comments again, and adds missing words. `progress` receives the number of ratings of each batch. Returns the number
/// of missing words. Safe while nodes work, which may index a part of it.
///
/// # Errors
/// A database error; what was indexed stays, and the running server continues with the rest.
pub async fn read_all(db: &Db, progress: impl Fn(u64)) -> Result<u64, StoreError> {
    transaction!(db, async |tx| { comment_word::read_again(tx).await }).await?;
    let mut missing = 0;
    loop {
        let batch = read(db).await?;
        missing += batch.new;
        progress(batch.ratings);
        if !batch.more {
            return Ok(missing);
        }
    }
}
