//! Group commit: callers that come at the same time share one transaction, so that a commit (a wait for the disk) is
//! paid once and each statement handles the whole batch.

use super::error::StoreError;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// What a batch gives: one result for each item, in order, or one error for all.
pub type BatchFuture<O> = Pin<Box<dyn Future<Output = Result<Vec<O>, StoreError>> + Send>>;

type Work<I, O> = (Vec<I>, oneshot::Sender<Result<Vec<O>, Arc<StoreError>>>);

/// A door that merges concurrent callers into batches.
pub struct GroupCommit<I, O> {
    queue: mpsc::Sender<Work<I, O>>,
}

impl<I: Clone + Send + 'static, O: Send + 'static> GroupCommit<I, O> {
    /// Starts `workers` tasks that run `step` over what is waiting, at most `batch_max` items at a time.
    ///
    /// One worker is right where there is one writer; more let commits overlap.
    pub fn start(workers: usize, batch_max: usize, step: impl Fn(Vec<I>) -> BatchFuture<O> + Send + Sync + 'static) -> Self {
        let (queue, receiver) = mpsc::channel::<Work<I, O>>(4_096);
        let receiver = Arc::new(tokio::sync::Mutex::new(receiver));
        let step = Arc::new(step);
        for _ in 0..workers.max(1) {
            let (receiver, step) = (receiver.clone(), step.clone());
            tokio::spawn(async move {
                loop {
                    let gathered = gather(&mut *receiver.lock().await, batch_max).await;
                    let Some(works) = gathered else { break };
                    run(works, step.as_ref()).await;
                }
            });
        }
        Self { queue }
    }

    /// Runs `items` together with whoever else is waiting.
    ///
    /// # Errors
    /// The error of the batch: nothing of it was kept.
    pub async fn run(&self, items: Vec<I>) -> Result<Vec<O>, Arc<StoreError>> {
        let gone = || Arc::new(StoreError::Driver("the writer has stopped".to_owned()));
        let (reply, result) = oneshot::channel();
        self.queue.send((items, reply)).await.map_err(|_| gone())?;
        result.await.map_err(|_| gone())?
    }
}

async fn gather<I, O>(receiver: &mut mpsc::Receiver<Work<I, O>>, batch_max: usize) -> Option<Vec<Work<I, O>>> {
    let mut works = vec![receiver.recv().await?];
    let mut items = works[0].0.len();
    while items < batch_max {
        let Ok(work) = receiver.try_recv() else { break };
        items += work.0.len();
        works.push(work);
    }
    Some(works)
}

async fn run<I: Clone, O>(works: Vec<Work<I, O>>, step: &(dyn Fn(Vec<I>) -> BatchFuture<O> + Send + Sync)) {
    let batch: Vec<I> = works.iter().flat_map(|(items, _)| items.iter().cloned()).collect();
    match step(batch).await {
        Ok(results) => {
            let mut results = results.into_iter();
            for (items, reply) in works {
                let _ = reply.send(Ok(results.by_ref().take(items.len()).collect()));
            }
        }
        // One caller's bad luck must not be another's: alone, each gets its own result.
        Err(_) if works.len() > 1 => {
            for (items, reply) in works {
                let _ = reply.send(step(items).await.map_err(Arc::new));
            }
        }
        Err(error) => {
            let error = Arc::new(error);
            for (_, reply) in works {
                let _ = reply.send(Err(error.clone()));
            }
        }
    }
}
