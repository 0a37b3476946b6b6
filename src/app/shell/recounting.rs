//! `lastword recount`: the counters behind reports held against the rows, beside the running server.

use super::{Failure, Shell};
use crate::life::recount::{self, Recounted};

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

    /// The clock by which days are counted.
    pub fn time_zone(&self) -> &'static str {
        self.db.zone().name()
    }
}
