//! How a step ends early: by a rule or by the database. What it had written until then is taken back.

use lastword_store::StoreError;
use lastword_store::db::Retryable;

/// Why a step ended early.
#[derive(Debug)]
pub(crate) enum Stop<R> {
    /// A rule says no.
    Refused(R),
    /// The database's error.
    Store(StoreError),
}

impl<R> Stop<R> {
    /// The end of a step for its callers: what it did or why it was refused, unless the database failed.
    pub(crate) fn split<T>(ended: Result<T, Self>) -> Result<Result<T, R>, StoreError> {
        ended.map(Ok).or_else(|stop| match stop {
            Stop::Refused(why) => Ok(Err(why)),
            Stop::Store(error) => Err(error),
        })
    }
}

impl<R> From<StoreError> for Stop<R> {
    fn from(error: StoreError) -> Self {
        Stop::Store(error)
    }
}

impl<R> Retryable for Stop<R> {
    fn is_retryable(&self) -> bool {
        matches!(self, Stop::Store(error) if error.is_retryable())
    }
}
