//! Early end of a step: refused by a rule, or failed in the database. The step's writes are rolled back.

use lastword_store::StoreError;
use lastword_store::db::Retryable;

/// Reason that a step ended early.
#[derive(Debug)]
pub(crate) enum Stop<R> {
    /// Refused by a rule.
    Refused(R),
    /// A database error.
    Store(StoreError),
}

impl<R> Stop<R> {
    /// Separates a refusal from a database error.
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

/// Result of a deletion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// Deleted.
    Done,
    /// It does not exist.
    Unknown,
    /// It has this dependent data.
    Hangs(Vec<String>),
}
