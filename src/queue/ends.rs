//! Results that are not recorded yet. A running node loses none of them: while the database is unavailable it keeps each one in
//! memory, and records it when the database is back. Each result keeps the permit of its call, so there are never more of them than
//! parallel calls.

use super::record::Finished;
use lastword_base::names::DeliveryId;
use lastword_base::time::{Millis, wait};
use lastword_store::group_commit::{BatchFuture, GroupCommit};
use lastword_store::question::lease::Lease;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Time for which results wait for others, to be recorded together.
const ENDS_WAIT: Duration = Duration::from_millis(10);

/// The pause before the database is tried again. All waiting results are tried together.
const AWAY_PAUSE: Millis = 1_000;

/// Maximum number of refusals of a result by a database that renews its lease. Then the fault is in the result, and it is given up.
const REFUSALS_MAX: usize = 60;

/// Maximum number of deliveries in one log line.
const NAMED_MAX: usize = 20;

/// The unrecorded results of one node.
pub(crate) struct Ends {
    recorder: GroupCommit<Finished, ()>,
    /// Returns whether the leases were renewed: one try for all waiting results.
    renewer: GroupCommit<Lease, bool>,
    /// The deliveries whose results the database has not accepted yet.
    waiting: Mutex<BTreeSet<DeliveryId>>,
    /// Canceled when the node stops waiting for them.
    given_up: CancellationToken,
}

impl Ends {
    /// Results that `record` writes in up to `writers` parallel batches, and whose leases `renew` renews.
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

    /// Records a result. Returns when the database has accepted it, or has refused it repeatedly although it was available.
    pub(crate) async fn record(&self, finished: Finished) {
        let lease = Lease::of(&finished.delivery);
        let mut refusals = 0;
        let mut kept = false;
        while let Err(error) = self.recorder.run(vec![finished.clone()]).await {
            refusals += 1;
            if refusals > REFUSALS_MAX {
                tracing::error!(%error, delivery = lease.id.to_string(), "queue: a result cannot be recorded; it counts as unknown when its lease expires");
                break;
            }
            if !std::mem::replace(&mut kept, true) && self.keep(lease.id) {
                tracing::warn!(%error, "queue: could not record a result; it is kept until the database accepts it");
            }
            while !self.renewed(&lease).await {
                if self.given_up.is_cancelled() {
                    return;
                }
            }
        }
        if kept && self.let_go(lease.id) {
            tracing::info!("queue: all results are recorded");
        }
    }

    /// Waits a moment, and renews the lease. Returns whether the database did that.
    async fn renewed(&self, lease: &Lease) -> bool {
        tokio::select! { () = wait(AWAY_PAUSE) => {} () = self.given_up.cancelled() => return false }
        self.renewer.run(vec![lease.clone()]).await.is_ok_and(|renewed| renewed == [true])
    }

    /// Returns whether it is the first one waiting.
    fn keep(&self, delivery: DeliveryId) -> bool {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.insert(delivery) && waiting.len() == 1
    }

    /// Returns whether it was the last one waiting.
    fn let_go(&self, delivery: DeliveryId) -> bool {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.remove(&delivery) && waiting.is_empty()
    }

    /// The node stops: logs which results are lost.
    pub(crate) fn stopped(&self) {
        self.given_up.cancel();
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if !waiting.is_empty() {
            let deliveries: Vec<String> = waiting.iter().take(NAMED_MAX).map(DeliveryId::to_string).collect();
            tracing::error!(
                count = waiting.len(),
                ?deliveries,
                "queue: stopped before the database accepted these results; they count as unknown when their leases expire"
            );
        }
    }
}
