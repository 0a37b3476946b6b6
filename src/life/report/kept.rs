//! Cache of results over closes that take long to compute.

use lastword_base::completion::to_completion;
use lastword_base::time::{MINUTE, Millis};
use lastword_store::StoreError;
use lastword_store::report::Closes;
use lastword_store::report::labelled::Memo;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OnceCell, Semaphore};

/// Lifetime of an entry.
const KEPT: Millis = 10 * MINUTE;
/// Maximum number of entries.
const KEPT_MAX: usize = 32;
/// Maximum number of results that are computed in parallel.
const AT_ONCE: usize = 2;

/// Recent results, by closes.
#[derive(Debug)]
pub struct Kept<T> {
    all: Mutex<VecDeque<One<T>>>,
    turns: Arc<Semaphore>,
}

#[derive(Debug)]
struct One<T> {
    closes: Closes,
    at: Millis,
    what: Arc<OnceCell<Arc<T>>>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { all: Mutex::default(), turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl<T: Send + Sync + 'static> Kept<T> {
    /// Recent result over these closes.
    pub fn known(&self, closes: &Closes, now: Millis) -> Option<Arc<T>> {
        self.recent(now).iter().find(|kept| kept.closes == *closes)?.what.get().cloned()
    }

    /// Recent result over these closes, or else that of `work`. The work continues if the caller stops waiting, and callers share it,
    /// so that a later call gets a result that takes longer than any caller waits.
    pub async fn get_or_compute(
        &self,
        closes: &Closes,
        now: Millis,
        work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
    ) -> Result<Arc<T>, StoreError> {
        let (place, turns) = (self.place(closes, now), self.turns.clone());
        to_completion(async move {
            let compute = async {
                // The semaphore is never closed.
                let _turn = turns.acquire().await;
                work.await.map(Arc::new)
            };
            place.get_or_try_init(|| compute).await.cloned()
        })
        .await
    }

    /// The place for the result over these closes.
    fn place(&self, closes: &Closes, now: Millis) -> Arc<OnceCell<Arc<T>>> {
        let mut kept = self.recent(now);
        if let Some(known) = kept.iter().find(|kept| kept.closes == *closes) {
            return known.what.clone();
        }
        let what = Arc::<OnceCell<Arc<T>>>::default();
        kept.truncate(KEPT_MAX - 1);
        kept.push_front(One { closes: Closes { memo: Memo::default(), ..closes.clone() }, at: now, what: what.clone() });
        what
    }

    /// Entries that are computed now or not too old.
    fn recent(&self, now: Millis) -> MutexGuard<'_, VecDeque<One<T>>> {
        let mut kept = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|kept| Arc::strong_count(&kept.what) > 1 || (kept.what.initialized() && (0..KEPT).contains(&(now - kept.at))));
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lastword_domain::report::calendar::Day;
    use lastword_domain::report::period::Period;
    use std::future::ready;
    use tokio::sync::Notify;

    fn closes() -> Closes {
        Closes::of(Period { from: Day(1), until: Day(9) })
    }

    #[tokio::test]
    async fn a_result_that_no_caller_waited_for_is_there_for_the_next() {
        let (kept, go, of) = (Kept::<u8>::default(), Arc::new(Notify::new()), closes());
        let waits = go.clone();
        let work = async move {
            waits.notified().await;
            Ok(7)
        };
        tokio::select! {
            biased;
            _ = kept.get_or_compute(&of, 0, work) => unreachable!("nothing let it go"),
            () = ready(()) => {}
        }
        assert_eq!(kept.known(&closes(), 0), None);
        go.notify_one();
        let found = kept.get_or_compute(&of, KEPT - 1, async { unreachable!("it is computed once") }).await.unwrap();
        assert_eq!((*found, kept.known(&closes(), KEPT - 1)), (7, Some(Arc::new(7))));
        assert_eq!(kept.known(&closes(), KEPT), None, "later it is too old");
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let kept = Kept::<u8>::default();
        let failed = kept.get_or_compute(&closes(), 0, ready(Err(StoreError::Driver("gone".to_owned())))).await;
        assert!(failed.is_err());
        assert_eq!(*kept.get_or_compute(&closes(), 0, ready(Ok(5))).await.unwrap(), 5);
    }
}
