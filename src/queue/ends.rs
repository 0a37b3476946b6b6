//! Ends on their way to the database. A living node loses none of them: while the database is away it keeps each one in memory,
//! and records it when the database is back. Each keeps the permit of its call, so there are never more of them than calls
//! under way at once.

use super::record::Finished;
use lastword_base::time::{Millis, wait};
use lastword_store::group_commit::{BatchFuture, GroupCommit};
use lastword_store::question::lease::Lease;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long ends wait for those of other calls in a stream: nobody waits for them.
const ENDS_WAIT: Duration = Duration::from_millis(10);

/// The pause before the database is asked again whether it takes ends. All that wait ask together.
const AWAY_PAUSE: Millis = 1_000;

/// How often an end is refused by a database that renews its lease, before it is given up: the fault is in the end then.
const REFUSALS_MAX: usize = 60;

/// How many deliveries a line of the log names.
const NAMED_MAX: usize = 20;

/// The ends of one node.
pub(crate) struct Ends {
    recorder: GroupCommit<Finished, ()>,
    /// Gives whether the leases were renewed: one try for all that wait.
    renewer: GroupCommit<Lease, bool>,
    /// The deliveries whose ends the database has not taken yet.
    waiting: Mutex<BTreeSet<String>>,
    /// The node waits for them no longer.
    given_up: CancellationToken,
}

impl Ends {
    /// Ends that `record` writes in `writers` batches at once, and whose leases `renew` renews.
    pub(crate) fn new(
        writers: usize,
        record: impl Fn(Arc<Vec<Finished>>) -> BatchFuture<()> + Send + Sync + 'static,
        renew: impl Fn(Arc<Vec<Lease>>) -> BatchFuture<bool> + Send + Sync + 'static,
    ) -> Self {
        Self {
            recorder: GroupCommit::patient(writers, 512, ENDS_WAIT, record),
            renewer: GroupCommit::patient(1, 4_096, ENDS_WAIT, renew),
            waiting: Mutex::default(),
            given_up: CancellationToken::new(),
        }
    }

    /// Records an end. It is over when the database has taken it, or has refused it again and again although it was there.
    pub(crate) async fn record(&self, finished: Finished) {
        let lease = Lease::of(&finished.delivery);
        let mut refusals = 0;
        let mut kept = false;
        while let Err(error) = self.recorder.run(vec![finished.clone()]).await {
            refusals += 1;
            if refusals > REFUSALS_MAX {
                tracing::error!(%error, delivery = lease.id, "queue: an end cannot be recorded; it counts as unknown when its lease runs out");
                break;
            }
            if !std::mem::replace(&mut kept, true) && self.keep(&lease.id) {
                tracing::warn!(%error, "queue: could not record an end; it is kept until the database takes it");
            }
            while !self.renewed(&lease).await {
                if self.given_up.is_cancelled() {
                    return;
                }
            }
        }
        if kept && self.let_go(&lease.id) {
            tracing::info!("queue: no end waits for the database any more");
        }
    }

    /// Waits a moment, and renews the lease. Gives whether the database did that.
    async fn renewed(&self, lease: &Lease) -> bool {
        tokio::select! { () = wait(AWAY_PAUSE) => {} () = self.given_up.cancelled() => return false }
        self.renewer.run(vec![lease.clone()]).await.is_ok_and(|renewed| renewed == [true])
    }

    /// Gives whether it is the first that waits.
    fn keep(&self, delivery: &str) -> bool {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.insert(delivery.to_owned()) && waiting.len() == 1
    }

    /// Gives whether it was the last that waited.
    fn let_go(&self, delivery: &str) -> bool {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.remove(delivery) && waiting.is_empty()
    }

    /// The node stops: says which ends are lost.
    pub(crate) fn stopped(&self) {
        self.given_up.cancel();
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if !waiting.is_empty() {
            let deliveries: Vec<&String> = waiting.iter().take(NAMED_MAX).collect();
            tracing::error!(
                count = waiting.len(),
                ?deliveries,
                "queue: stopped before the database took these ends; they count as unknown when their leases run out"
            );
        }
    }
}
