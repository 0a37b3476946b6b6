//! Comments from before there was a table of words are read into it, a few at a time, while the server runs.

use crate::store::{Db, StoreError, comment_word};

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
        more = db.write(|tx| Box::pin(async move { comment_word::read_older(tx, BATCH).await })).await?;
    }
    Ok(more)
}
