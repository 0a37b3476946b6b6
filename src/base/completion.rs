//! Work that continues when its caller stops waiting.

use std::future::{Future, pending};
use std::panic::resume_unwind;
use tokio::task;
use tracing::Instrument;

/// Runs `work` as a task of its own and waits for its result. If the caller is dropped, for example because a call timed out, the
/// work still completes. A panic of the work is passed on.
pub async fn to_completion<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    match task::spawn(work.in_current_span()).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime shuts down, and so does the caller.
            Err(_) => pending().await,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tokio::sync::Notify;

    #[tokio::test]
    async fn work_completes_without_its_caller() {
        let (go, done) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let work = {
            let (go, done) = (go.clone(), done.clone());
            async move {
                go.notified().await;
                done.notify_one();
            }
        };
        tokio::select! {
            biased;
            () = to_completion(work) => unreachable!("nothing let it go"),
            () = std::future::ready(()) => {}
        }
        go.notify_one();
        done.notified().await;
    }
}
