//! The words of comments are read into the table by which lists are searched: those from before there was that table, a few at
//! a time, while the server runs; or all of them again, when somebody doubts it.

use lastword_store::answer::rating::comment_word;
use lastword_store::{Db, StoreError};

/// Ratings of one transaction: a moment's work, so that nobody waits long for their turn.
const BATCH: i64 = 500;

/// Reads the words of the next older comments, in at most `batches` transactions. Gives whether there are more.
///
/// # Errors
/// The database's error; what was read stays.
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
    db.write(|tx| Box::pin(async move { comment_word::read_older(tx, BATCH).await })).await
}

/// How many ratings [`read_all`] looks at.
///
/// # Errors
/// The database's error.
pub async fn ratings(db: &Db) -> Result<i64, StoreError> {
    comment_word::ratings(db).await
}

/// Reads all comments again, and adds the words that were missing. `progress` is told how many ratings each batch had. Gives
/// how many words were missing. Safe while nodes work: one of them may read a part of it.
///
/// # Errors
/// The database's error; what was read stays, and the running server goes on with the rest.
pub async fn read_all(db: &Db, progress: impl Fn(u64)) -> Result<u64, StoreError> {
    db.write(|tx| Box::pin(async move { comment_word::read_again(tx).await })).await?;
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
