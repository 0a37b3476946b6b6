//! `lastword recount`: compares the counters of reports and the words of the search with the rows, while the server may run.

use super::{Failure, Shell};
use crate::life::report::index_comments;
use crate::life::report::recount::{self, Recounted};

impl Shell {
    /// Number of days to check.
    ///
    /// # Errors
    /// Errors of the database.
    pub async fn days_to_recount(&self) -> Result<u64, Failure> {
        Ok(u64::try_from(recount::days(&self.db).await?).unwrap_or(0))
    }

    /// Compares all counters with their rows and corrects differences. `progress` receives each finished day.
    ///
    /// # Errors
    /// Errors of the database. Corrections made until then stay.
    pub async fn recount(&self, progress: impl Fn(String)) -> Result<Recounted, Failure> {
        Ok(recount::recount(&self.db, self.now(), |day| progress(day.to_string())).await?)
    }

    /// Number of ratings with comments to index.
    ///
    /// # Errors
    /// Errors of the database.
    pub async fn comments_to_read(&self) -> Result<u64, Failure> {
        Ok(u64::try_from(index_comments::ratings(&self.db).await?).unwrap_or(0))
    }

    /// Adds missing words of comments to the search. `progress` receives the number of checked ratings. Returns the number of added words.
    ///
    /// # Errors
    /// Errors of the database. Words added until then stay.
    pub async fn read_comments(&self, progress: impl Fn(u64)) -> Result<u64, Failure> {
        Ok(index_comments::read_all(&self.db, progress).await?)
    }

    /// Time zone in which days are counted.
    pub fn time_zone(&self) -> &'static str {
        self.db.zone().name()
    }
}
