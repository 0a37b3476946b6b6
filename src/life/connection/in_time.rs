//! Calls of platforms and desks that do not answer for ever.

use lastword_contract::{SendError, Verdict};
use std::future::Future;
use std::time::Duration;

/// What `call` answers; after `limit` without an answer, an error of the kind `timeout` with this verdict.
///
/// # Errors
/// What the call fails with, or that nothing was answered.
pub async fn in_time<T>(limit: Duration, verdict: Verdict, call: impl Future<Output = Result<T, SendError>>) -> Result<T, SendError> {
    let silent = |_| Err(SendError::new(verdict, "timeout", "no answer in time"));
    tokio::time::timeout(limit, call).await.unwrap_or_else(silent)
}
