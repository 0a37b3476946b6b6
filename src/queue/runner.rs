//! The loop of a node: a thin shell around the steps, which tests and the simulation call one by one.

use super::claim::{claim, claim_suspect, next_due};
use super::ends::Ends;
use super::handler::{ConnectionLimit, Handler, TryResult, Written};
use super::intent::{intend, refuse};
use super::record::{Finished, record};
use super::rescue::rescue;
use futures_util::FutureExt;
use lastword_base::names::DeliveryId;
use lastword_base::time::{Alarm, Clock, Millis, wait};
use lastword_domain::question::delivery::State;
use lastword_store::group_commit::BatchFuture;
use lastword_store::question::delivery::Delivery;
use lastword_store::question::lease::{self, Lease};
use lastword_store::{Db, StoreError, transaction};
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{OwnedSemaphorePermit, RwLock, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Maximum sleep: another node may have scheduled something, or a clock may have jumped.
const SLEEP_MAX: Millis = 1_000;

/// Time for which a claim waits for more room if more is due than there is room for: calls end one by one, and a claim for each
/// would cost the database more than the calls.
const GATHER: Millis = 5;

/// A claim of at least this many that did not fill the room is part of a stream. The next one waits for [`PAUSE`], so that it finds
/// as many: on PostgreSQL each claim skips the index entries of the rows taken by earlier ones.
const STREAM: usize = 16;
/// The pause of the next claim then.
const PAUSE: Millis = 20;

/// Parameters of a node.
#[derive(Clone, Debug)]
pub struct Tuning {
    /// Number of deliveries per claim.
    pub batch: usize,
    /// Number of parallel calls.
    pub concurrency: usize,
    /// Duration of a lease.
    pub lease_ms: Millis,
    /// Timeout of a call; at least five seconds shorter than the lease.
    pub send_timeout_ms: Millis,
    /// Time for which an unknown result is held before a resend.
    pub hold_ms: Millis,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { batch: 256, concurrency: 256, lease_ms: 30_000, send_timeout_ms: 10_000, hold_ms: 60_000 }
    }
}

/// A node of the queue.
pub struct Runner<H: Handler> {
    db: Db,
    handler: Arc<H>,
    clock: Arc<dyn Clock>,
    wake: Arc<Alarm>,
    owner: String,
    tuning: Tuning,
    fraction: Arc<dyn Fn() -> f64 + Send + Sync>,
    /// True if there may be suspects: deliveries whose node died while it held them.
    suspects: Arc<AtomicBool>,
}

impl<H: Handler> Clone for Runner<H> {
    fn clone(&self) -> Self {
        Self {
            db: self.db.clone(),
            handler: self.handler.clone(),
            clock: self.clock.clone(),
            wake: self.wake.clone(),
            owner: self.owner.clone(),
            tuning: self.tuning.clone(),
            fraction: self.fraction.clone(),
            suspects: self.suspects.clone(),
        }
    }
}

/// Leased deliveries with their messages.
pub type Prepared<M> = Vec<(Delivery, M)>;

impl<H: Handler> Runner<H> {
    /// A node called `owner` (for display only; the fence is the token).
    pub fn new(
        db: Db,
        handler: Arc<H>,
        clock: Arc<dyn Clock>,
        wake: Arc<Alarm>,
        owner: String,
        tuning: Tuning,
        fraction: Arc<dyn Fn() -> f64 + Send + Sync>,
    ) -> Self {
        Self { db, handler, clock, wake, owner, tuning, fraction, suspects: Arc::new(AtomicBool::new(true)) }
    }

    /// Step: leases due deliveries; if there are none, one suspect.
    pub async fn claim(&self, room: usize) -> Result<Vec<Delivery>, StoreError> {
        let leased = self.claim_many(room).await?;
        if leased.is_empty() { self.claim_suspect().await } else { Ok(leased) }
    }

    /// The connections of this moment: they can change while the queue runs.
    fn connection_limits(&self) -> Arc<Vec<ConnectionLimit>> {
        Arc::new(self.handler.connection_limits())
    }

    async fn claim_suspect(&self) -> Result<Vec<Delivery>, StoreError> {
        let (leased, some) = claim_suspect(&self.db, self.connection_limits(), &self.owner, &self.clock, self.tuning.lease_ms).await?;
        self.suspects.store(some, Ordering::Relaxed);
        Ok(leased)
    }

    async fn claim_many(&self, room: usize) -> Result<Vec<Delivery>, StoreError> {
        let room = room.min(self.tuning.batch);
        claim(&self.db, self.connection_limits(), &self.owner, &self.clock, self.tuning.lease_ms, room).await
    }

    /// Step: composes the messages of leased deliveries. Those with nothing to send any more end here, and those that may not be
    /// sent yet wait, if they are still ours.
    pub async fn prepare(&self, leased: Vec<Delivery>) -> Result<Prepared<H::Message>, StoreError> {
        let messages = self.handler.prepare(&leased, self.clock.now()).await?;
        let (mut ready, mut empty) = (Vec::new(), Vec::new());
        let mut waiting: BTreeMap<Millis, Vec<Lease>> = BTreeMap::new();
        for (delivery, message) in leased.into_iter().zip(messages) {
            match message {
                Written::Message(message) => ready.push((delivery, message)),
                Written::Nothing => empty.push(delivery),
                Written::NotBefore(at) => waiting.entry(at).or_default().push(Lease::of(&delivery)),
            }
        }
        self.not_now(empty, waiting).await?;
        Ok(ready)
    }

    async fn not_now(&self, empty: Vec<Delivery>, waiting: BTreeMap<Millis, Vec<Lease>>) -> Result<(), StoreError> {
        if empty.is_empty() && waiting.is_empty() {
            return Ok(());
        }
        let (leases, handler, now) = (Arc::new((empty, waiting)), self.handler.clone(), self.clock.now());
        transaction!(self.db, [leases, handler], async |tx| {
            let (empty, waiting) = &*leases;
            if !empty.is_empty() {
                let all: Vec<&Delivery> = empty.iter().collect();
                handler.ending(tx, &all, &[]).await?;
            }
            let all = empty.iter().map(Lease::of).chain(waiting.values().flatten().cloned());
            lease::hold_leased(tx, &all.collect::<Vec<_>>()).await?;
            if !empty.is_empty() {
                let empty: Vec<Lease> = empty.iter().map(Lease::of).collect();
                let mut ended = lease::nothing_to_say(tx, &empty, now).await?;
                // If an earlier copy may have arrived, its state stays.
                ended.retain(|end| end.state == State::Canceled);
                handler.ended(tx, &ended, now).await?;
            }
            for (&at, waiting) in waiting {
                lease::put_back(tx, waiting, at).await?;
            }
            Ok(waiting.keys().next().copied())
        })
        .await
        .map(|next| self.wake_at(next))
    }

    /// Deliveries scheduled while the loop sleeps may be due before it would wake.
    fn wake_at(&self, next: Option<Millis>) {
        next.into_iter().for_each(|at| self.wake.set(at));
    }

    /// Step: commits the intent. Returns what may be sent now, with the time of the intent.
    ///
    /// # Errors
    /// A database error; nothing may be sent then.
    pub async fn intend(&self, prepared: Prepared<H::Message>) -> Result<(Prepared<H::Message>, Millis), StoreError> {
        let leased = prepared.iter().map(|(delivery, _)| delivery);
        let intent = intend(&self.db, &self.handler, leased, &self.clock, self.tuning.lease_ms).await?;
        self.wake_at(intent.next_turn);
        let refused = prepared.iter().map(|(delivery, _)| delivery).filter(|delivery| intent.refused.contains(&delivery.id));
        if let Err(error) = refuse(&self.db, &self.handler, refused.cloned().collect(), intent.at).await {
            warn(&error, "queue: could not end deliveries that may not be sent; the leases expire");
        }
        Ok((prepared.into_iter().filter(|(delivery, _)| intent.sending.contains(&delivery.id)).collect(), intent.at))
    }

    /// Step: calls the platform, once.
    pub async fn send(&self, delivery: Delivery, message: &H::Message, intent_at: Millis) -> Finished {
        let result = self.handler.send(&delivery, message).await;
        self.finished(delivery, intent_at, result)
    }

    fn finished(&self, delivery: Delivery, intent_at: Millis, result: TryResult) -> Finished {
        Finished { delivery, intent_at, result, at: self.clock.now(), hold: self.tuning.hold_ms, fraction: (self.fraction)() }
    }

    /// Step: records the results of tries.
    pub async fn record(&self, finished: impl Into<Arc<Vec<Finished>>>) -> Result<(), StoreError> {
        self.wake_at(record(&self.db, &self.handler, finished.into()).await?);
        Ok(())
    }

    /// Step: renews the leases of finished calls, as long as their results cannot be recorded.
    pub async fn renew(&self, leases: Arc<Vec<Lease>>) -> Result<(), StoreError> {
        let (clock, lease_ms) = (self.clock.clone(), self.tuning.lease_ms);
        transaction!(self.db, [leases, clock], async |tx| {
            let now = clock.by(tx.clock().await?);
            lease::renew(tx, &leases, now + lease_ms).await
        })
        .await
    }

    /// Duration of its leases.
    pub fn lease(&self) -> Millis {
        self.tuning.lease_ms
    }

    /// Step: one round of rescue.
    pub async fn rescue(&self) -> Result<usize, StoreError> {
        let fraction = (self.fraction)();
        let touched = rescue(&self.db, &self.handler, &self.connection_limits(), &self.clock, self.tuning.hold_ms, fraction).await?;
        if touched > 0 {
            self.suspects.store(true, Ordering::Relaxed);
        }
        Ok(touched)
    }

    /// All steps once, one after the other: for tests and the demo's history. Returns the number of claimed deliveries.
    pub async fn tick(&self) -> Result<usize, StoreError> {
        let leased = self.claim(self.tuning.batch).await?;
        let count = leased.len();
        self.carry(leased).await?;
        Ok(count)
    }

    /// All steps once for one delivery that a person waits for. Returns whether it could be claimed.
    pub async fn tick_one(&self, id: DeliveryId) -> Result<bool, StoreError> {
        let lease_ms = self.tuning.lease_ms;
        let (owner, clock) = (self.owner.clone(), self.clock.clone());
        let leased = transaction!(self.db, [owner, clock], async |tx| {
            let now = clock.by(tx.clock().await?);
            lease::claim_one(tx, id, now, &owner, now + lease_ms).await
        })
        .await?;
        let ours = leased.is_some();
        self.carry(leased.into_iter().collect()).await?;
        Ok(ours)
    }

    async fn carry(&self, leased: Vec<Delivery>) -> Result<(), StoreError> {
        if leased.is_empty() {
            return Ok(());
        }
        let (sending, intent_at) = self.intend(self.prepare(leased).await?).await?;
        let mut finished = Vec::with_capacity(sending.len());
        for (delivery, message) in sending {
            finished.push(self.send(delivery, &message, intent_at).await);
        }
        if finished.is_empty() { Ok(()) } else { self.record(finished).await }
    }

    /// Unrecorded results, in batches.
    fn ends(&self) -> Ends {
        let (records, renews) = (self.clone(), self.clone());
        let record = move |finished: Arc<Vec<Finished>>| -> BatchFuture<()> {
            let (runner, count) = (records.clone(), finished.len());
            Box::pin(async move { runner.record(finished).await.map(|()| vec![(); count]) })
        };
        let renew = move |leases: Arc<Vec<Lease>>| -> BatchFuture<bool> {
            let (runner, count) = (renews.clone(), leases.len());
            Box::pin(async move { Ok(vec![runner.renew(leases).await.is_ok(); count]) })
        };
        Ends::new(self.db.writers(), record, renew)
    }

    /// Runs until `stop`, then finishes the calls in progress and puts its leases back: a graceful stop leaves nothing unknown,
    /// unless the database does not accept the results.
    pub async fn run(self, stop: CancellationToken) {
        let tasks = TaskTracker::new();
        let permits = Arc::new(Semaphore::new(self.tuning.concurrency));
        let ends = Arc::new(self.ends());
        // Shared by all leases without an intent yet; a suspect holds it exclusively.
        let leasing = Arc::new(RwLock::new(()));
        let mut crowded = false;
        while !stop.is_cancelled() {
            let mut room = tokio::select! {
                room = some_permits(&permits, self.tuning.batch, crowded) => room,
                () = stop.cancelled() => break,
            };
            if self.suspects.load(Ordering::Relaxed) {
                let _alone = leasing.write().await;
                let leased = self.claim_suspect().await.unwrap_or_default();
                if !leased.is_empty() {
                    let permit = room.split_off(room.len() - 1);
                    self.process(leased, permit, &ends, &tasks).await;
                }
            }
            if room.is_empty() {
                continue;
            }
            let shared = leasing.clone().read_owned().await;
            let claimed = self.claim_many(room.len()).await;
            crowded = claimed.as_ref().is_ok_and(|leased| leased.len() == room.len());
            match claimed {
                Ok(leased) if leased.is_empty() => {
                    drop(room);
                    self.sleep(&stop).await;
                }
                Ok(leased) => {
                    let streams = leased.len() >= STREAM && !crowded;
                    let (runner, ends, tracker) = (self.clone(), ends.clone(), tasks.clone());
                    tasks.spawn(async move {
                        runner.process(leased, room, &ends, &tracker).await;
                        drop(shared);
                    });
                    if streams {
                        tokio::select! { () = wait(PAUSE) => {}, () = stop.cancelled() => {} }
                    }
                }
                Err(error) => {
                    warn(&error, "queue: could not claim; trying again");
                    drop(room);
                    tokio::select! { () = wait(SLEEP_MAX) => {}, () = stop.cancelled() => {} }
                }
            }
        }
        tasks.close();
        tokio::select! { () = tasks.wait() => {}, () = wait(self.tuning.send_timeout_ms + 2_000) => ends.stopped() }
        let owner = self.owner.clone();
        let released = transaction!(self.db, [owner], async |tx| { lease::release(tx, &owner).await });
        if let Err(error) = released.await {
            warn(&error, "queue: could not release leases; they expire");
        }
    }

    async fn process(&self, leased: Vec<Delivery>, mut permits: Vec<OwnedSemaphorePermit>, ends: &Arc<Ends>, tasks: &TaskTracker) {
        permits.truncate(leased.len());
        let prepared = match self.prepare(leased).await {
            Ok(prepared) => prepared,
            Err(error) => return warn(&error, "queue: could not prepare messages; the leases expire"),
        };
        let (sending, intent_at) = match self.intend(prepared).await {
            Ok(sending) => sending,
            Err(error) => return warn(&error, "queue: could not commit the intent; the leases expire"),
        };
        permits.truncate(sending.len());
        for ((delivery, message), permit) in sending.into_iter().zip(permits) {
            let (runner, ends) = (self.clone(), ends.clone());
            tasks.spawn(async move {
                // A panic in an adapter ends this delivery, not the node.
                let call = AssertUnwindSafe(runner.handler.send(&delivery, &message)).catch_unwind().await;
                ends.record(runner.finished(delivery, intent_at, call.unwrap_or(TryResult::Panicked))).await;
                drop(permit);
            });
        }
    }

    /// Sleeps until the next delivery may be sent, or until one is scheduled.
    async fn sleep(&self, stop: &CancellationToken) {
        self.wake.looking();
        let next = next_due(&self.db, &self.connection_limits(), self.clock.now()).await.unwrap_or_default();
        let now = self.clock.now();
        // A delivery that is due and was not claimed is a suspect, perhaps one that another node has found.
        if next.is_some_and(|at| at <= now) {
            self.suspects.store(true, Ordering::Relaxed);
        }
        let until = next.map_or(now + SLEEP_MAX, |at| at.min(now + SLEEP_MAX));
        tokio::select! { () = self.wake.sleep(now, until) => {} () = stop.cancelled() => {} }
    }
}

/// Logs an error, unless the database is read-only, which is logged once for the whole process.
fn warn(error: &StoreError, what: &'static str) {
    if !error.is_read_only() {
        tracing::warn!(%error, "{what}");
    }
}

/// At least one permit, and as many of the free ones as a batch can use. If `crowded`, waits a moment for half a batch.
async fn some_permits(permits: &Arc<Semaphore>, most: usize, crowded: bool) -> Vec<OwnedSemaphorePermit> {
    if crowded {
        let half = u32::try_from(most / 2).unwrap_or(1).max(1);
        tokio::select! { _ = permits.acquire_many(half) => {} () = wait(GATHER) => {} }
    }
    let Ok(first) = permits.clone().acquire_owned().await else { return Vec::new() };
    let mut some = vec![first];
    while some.len() < most
        && let Ok(next) = permits.clone().try_acquire_owned()
    {
        some.push(next);
    }
    some
}
