//! Time limits for calls to platforms and desks.

use lastword_contract::{SendError, Verdict};
use std::future::Future;
use std::time::Duration;

/// Returns the result of `call`; after `limit`, an error of the kind `timeout` with this verdict.
///
/// # Errors
/// The error of the call, or the timeout.
pub async fn in_time<T>(limit: Duration, verdict: Verdict, call: impl Future<Output = Result<T, SendError>>) -> Result<T, SendError> {
    let silent = |_| Err(SendError::new(verdict, "timeout", "no answer in time"));
    tokio::time::timeout(limit, call).await.unwrap_or_else(silent)
}
