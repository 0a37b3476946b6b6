//! Group commit: concurrent callers share one transaction, so that a commit (a wait for the disk) is paid once and each statement
//! handles the whole batch.

use super::error::StoreError;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, Notify, mpsc, oneshot};

/// Maximum size of a batch in progress for which the next one waits to become as large. A larger one, of callers with long lists,
/// takes too long to be waited for.
const LINGER_THRESHOLD: usize = 128;
/// Maximum waiting time of a batch.
const LINGER_MAX: Duration = Duration::from_millis(20);
/// Batches of this size are part of a stream.
const STREAM: usize = 8;
/// Batch size that commits without waiting.
const WORTH_A_COMMIT: usize = 64;

/// Result of a batch: one result for each item, in order, or one error for all.
pub type BatchFuture<O> = Pin<Box<dyn Future<Output = Result<Vec<O>, StoreError>> + Send>>;

type Work<I, O> = (Vec<I>, oneshot::Sender<Result<Vec<O>, Arc<StoreError>>>);

/// Merges concurrent callers into batches.
pub struct GroupCommit<I, O> {
    queue: mpsc::Sender<Work<I, O>>,
}

impl<I: Clone + Send + Sync + 'static, O: Send + 'static> GroupCommit<I, O> {
    /// Starts `workers` tasks that run `step` on the waiting items, at most `batch_max` at a time.
    ///
    /// With more than one, commits overlap, each started when its batch is large enough.
    pub fn start(workers: usize, batch_max: usize, step: impl Fn(Arc<Vec<I>>) -> BatchFuture<O> + Send + Sync + 'static) -> Self {
        Self::patient(workers, batch_max, Duration::ZERO, step)
    }

    /// As [`GroupCommit::start`], for callers without a waiting client: in a stream of them each batch waits up to `patience` to
    /// become large enough.
    pub fn patient(
        workers: usize,
        batch_max: usize,
        patience: Duration,
        step: impl Fn(Arc<Vec<I>>) -> BatchFuture<O> + Send + Sync + 'static,
    ) -> Self {
        let (queue, receiver) = mpsc::channel::<Work<I, O>>(4_096);
        let receiver = Arc::new(Mutex::new((receiver, Stream { patience, before: 0 })));
        let (step, under_way) = (Arc::new(step), Arc::new(UnderWay::default()));
        for _ in 0..workers.max(1) {
            let (receiver, step, under_way) = (receiver.clone(), step.clone(), under_way.clone());
            tokio::spawn(async move {
                loop {
                    let gathered = {
                        let (receiver, stream) = &mut *receiver.lock().await;
                        gather(receiver, batch_max, &under_way, stream).await
                    };
                    let Some((works, items)) = gathered else { break };
                    run(works, step.as_ref()).await;
                    under_way.ended(items);
                }
            });
        }
        Self { queue }
    }

    /// Runs `items` together with those of other waiting callers.
    ///
    /// # Errors
    /// The error of the batch: nothing of it was stored.
    pub async fn run(&self, items: Vec<I>) -> Result<Vec<O>, Arc<StoreError>> {
        let gone = || Arc::new(StoreError::Driver("the writer has stopped".to_owned()));
        let (reply, result) = oneshot::channel();
        self.queue.send((items, reply)).await.map_err(|_| gone())?;
        result.await.map_err(|_| gone())?
    }
}

/// Number of items being processed by other workers.
#[derive(Default)]
struct UnderWay {
    items: AtomicUsize,
    ended: Notify,
}

impl UnderWay {
    /// True if a batch of `items` should start. It costs hardly less than one of twice its size, so it waits to become as large as
    /// those in progress.
    fn lets_begin(&self, items: usize) -> bool {
        let others = self.items.load(Ordering::Relaxed);
        items >= others || others > LINGER_THRESHOLD
    }

    fn ended(&self, items: usize) {
        self.items.fetch_sub(items, Ordering::Relaxed);
        self.ended.notify_one();
    }
}

/// Patience of a batch in a stream of callers, and the size of the previous one.
struct Stream {
    patience: Duration,
    before: usize,
}

impl Stream {
    /// Minimum size at which a batch starts, and how long it waits for that and for those in progress.
    fn waits(&self) -> (usize, Duration) {
        if self.before < STREAM || self.patience.is_zero() { (0, LINGER_MAX) } else { (WORTH_A_COMMIT, self.patience) }
    }
}

/// The waiting items, once their batch should start, and their number. `None` if no more callers can come.
async fn gather<I, O>(
    receiver: &mut mpsc::Receiver<Work<I, O>>,
    batch_max: usize,
    under_way: &UnderWay,
    stream: &mut Stream,
) -> Option<(Vec<Work<I, O>>, usize)> {
    let mut works = vec![receiver.recv().await?];
    let mut items = works[0].0.len();
    let (enough, patience) = stream.waits();
    let more = async {
        while items < batch_max {
            let work = match receiver.try_recv() {
                Ok(work) => Some(work),
                Err(_) if items >= enough && under_way.lets_begin(items) => break,
                Err(_) => tokio::select! { work = receiver.recv() => work, () = under_way.ended.notified() => continue },
            };
            let Some(work) = work else { break };
            items += work.0.len();
            works.push(work);
        }
    };
    // A batch does not wait long for another one that has met a lock or a slow disk.
    let _ = tokio::time::timeout(patience, more).await;
    stream.before = items;
    under_way.items.fetch_add(items, Ordering::Relaxed);
    Some((works, items))
}

async fn run<I: Clone, O>(works: Vec<Work<I, O>>, step: &(dyn Fn(Arc<Vec<I>>) -> BatchFuture<O> + Send + Sync)) {
    let (mut batch, mut replies) = (Vec::new(), Vec::with_capacity(works.len()));
    for (items, reply) in works {
        replies.push((items.len(), reply));
        batch.extend(items);
    }
    let batch = Arc::new(batch);
    match step(batch.clone()).await {
        Ok(results) => {
            let mut results = results.into_iter();
            for (items, reply) in replies {
                let _ = reply.send(Ok(results.by_ref().take(items).collect()));
            }
        }
        // One caller's failure must not affect others: run separately, each gets its own result.
        Err(_) if replies.len() > 1 => {
            let mut rest = batch.iter();
            for (items, reply) in replies {
                let alone = rest.by_ref().take(items).cloned().collect();
                let _ = reply.send(step(Arc::new(alone)).await.map_err(Arc::new));
            }
        }
        Err(error) => {
            let error = Arc::new(error);
            for (_, reply) in replies {
                let _ = reply.send(Err(error.clone()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Size of a started batch, and the signal that its step waits for.
    type Begun = (usize, oneshot::Sender<()>);

    /// One whose steps each wait for a signal.
    fn commits(workers: usize) -> (Arc<GroupCommit<u8, u8>>, mpsc::UnboundedReceiver<Begun>) {
        let (tell, told) = mpsc::unbounded_channel();
        let commits = GroupCommit::start(workers, 512, move |items: Arc<Vec<u8>>| {
            let (go, gone) = oneshot::channel();
            tell.send((items.len(), go)).unwrap();
            Box::pin(async move { gone.await.map(|()| items.to_vec()).map_err(|_| StoreError::Conflict) })
        });
        (Arc::new(commits), told)
    }

    fn call(commits: &Arc<GroupCommit<u8, u8>>, items: Vec<u8>) -> tokio::task::JoinHandle<Vec<u8>> {
        let commits = commits.clone();
        tokio::spawn(async move { commits.run(items).await.unwrap_or_default() })
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_begins_at_once_and_the_next_when_it_is_as_long_or_the_first_has_ended() {
        let (commits, mut told) = commits(2);
        let first = call(&commits, vec![1, 2]);
        let (length, go) = told.recv().await.unwrap();
        assert_eq!(length, 2);
        let second = call(&commits, vec![3]);
        let third = call(&commits, vec![4]);
        let (length, go_on) = told.recv().await.unwrap();
        assert_eq!(length, 2, "one alone waits, two are as long as what is under way");
        let fourth = call(&commits, vec![5]);
        tokio::task::yield_now().await;
        go.send(()).unwrap();
        assert_eq!(first.await.unwrap(), [1, 2]);
        go_on.send(()).unwrap();
        assert_eq!((second.await.unwrap(), third.await.unwrap()), (vec![3], vec![4]), "each gets its own results");
        let (length, go) = told.recv().await.unwrap();
        assert_eq!(length, 1, "nothing is under way any more");
        go.send(()).unwrap();
        assert_eq!(fourth.await.unwrap(), [5]);
    }

    #[tokio::test(start_paused = true)]
    async fn in_a_stream_of_the_patient_a_batch_waits_to_be_worth_its_commit() {
        const PATIENCE: Duration = Duration::from_millis(10);
        let (tell, mut told) = mpsc::unbounded_channel();
        let patient: Arc<GroupCommit<u8, u8>> = Arc::new(GroupCommit::patient(1, 512, PATIENCE, move |items: Arc<Vec<u8>>| {
            tell.send(items.len()).unwrap();
            Box::pin(async move { Ok(items.to_vec()) })
        }));
        let mut soon = async || tokio::time::timeout(PATIENCE / 2, told.recv()).await.ok().flatten();
        call(&patient, vec![0; STREAM]);
        assert_eq!(soon().await, Some(STREAM), "the first waits for nobody");
        call(&patient, vec![1]);
        assert_eq!(soon().await, None, "after a batch of a stream the next one is patient");
        call(&patient, vec![2]);
        assert_eq!(soon().await.or(soon().await), Some(2));
        call(&patient, vec![3]);
        assert_eq!(soon().await, Some(1), "two in that time are no stream");
        call(&patient, vec![0; STREAM]);
        assert_eq!(soon().await, Some(STREAM));
        call(&patient, vec![0; WORTH_A_COMMIT]);
        assert_eq!(soon().await, Some(WORTH_A_COMMIT), "so many wait for nobody");
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_a_batch_that_hangs_or_a_very_long_one() {
        let (commits, mut told) = commits(3);
        let _hangs = call(&commits, vec![1, 2, 3]);
        let hanging = told.recv().await.unwrap();
        let _alone = call(&commits, vec![4]);
        let alone = told.recv().await.unwrap();
        assert_eq!((hanging.0, alone.0), (3, 1), "its patience came to an end");
        drop((hanging, alone));
        let _long = call(&commits, vec![0; LINGER_THRESHOLD + 1]);
        let long = told.recv().await.unwrap();
        let _alone = call(&commits, vec![6]);
        let alone = tokio::time::timeout(LINGER_MAX / 2, told.recv()).await.expect("it begins at once").unwrap();
        assert_eq!((long.0, alone.0), (LINGER_THRESHOLD + 1, 1));
    }
}
