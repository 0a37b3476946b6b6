//! `lastword recount`: the counters behind reports and the words behind the search held against the rows, beside the running
//! server.

use super::{Failure, Shell};
use crate::life::report::index_comments;
use crate::life::report::recount::{self, Recounted};

impl Shell {
    /// How many days there are to look at.
    ///
    /// # Errors
    /// The database's error.
    pub async fn days_to_recount(&self) -> Result<u64, Failure> {
        Ok(u64::try_from(recount::days(&self.db).await?).unwrap_or(0))
    }

    /// Holds all counters against their rows and mends what differs. `progress` is told each day that is done.
    ///
    /// # Errors
    /// The database's error; what was mended until then stays mended.
    pub async fn recount(&self, progress: impl Fn(String)) -> Result<Recounted, Failure> {
        Ok(recount::recount(&self.db, self.now(), |day| progress(day.to_string())).await?)
    }

    /// How many ratings there are whose comments may have words.
    ///
    /// # Errors
    /// The database's error.
    pub async fn comments_to_read(&self) -> Result<u64, Failure> {
        Ok(u64::try_from(index_comments::ratings(&self.db).await?).unwrap_or(0))
    }

    /// Adds words of comments that the search does not know. `progress` is told how many ratings were looked at. Gives how many
    /// words were missing.
    ///
    /// # Errors
    /// The database's error; what was added stays.
    pub async fn read_comments(&self, progress: impl Fn(u64)) -> Result<u64, Failure> {
        Ok(index_comments::read_all(&self.db, progress).await?)
    }

    /// The clock by which days are counted.
    pub fn time_zone(&self) -> &'static str {
        self.db.zone().name()
    }
}
