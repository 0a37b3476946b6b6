//! Tasks of each connection on a running node: listening, polling its desk for missed events, registering our address with its
//! platform, and forwarding to the desk behind its account. A changed connection is stopped and started again; the others continue.

use crate::app::desks::{self, Desks};
use crate::app::intake::EngineIntake;
use crate::app::{Node, desk_duty};
use crate::life::Engine;
use crate::life::connection::register;
use crate::life::engine::in_time::in_time;
use crate::metrics::Metrics;
use crate::names::ConnectionId;
use crate::settings::Settings;
use crate::store::StoreError;
use lastword_contract::Verdict;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Timeout of registering our address; after it, the next start tries again.
const REGISTER_WITHIN: Duration = Duration::from_secs(15);

/// Tasks of one connection.
struct Running {
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

/// Tasks of a node's connections.
pub struct Tasks {
    engine: Engine,
    desks: Arc<Desks>,
    metrics: Arc<Metrics>,
    /// True if this node polls desks and forwards to them, which nodes that send do.
    asks_desks: bool,
    public_url: Option<Url>,
    stop: CancellationToken,
    running: Mutex<BTreeMap<ConnectionId, Running>>,
}

impl Tasks {
    /// Creates an empty set. All tasks end at `stop`.
    pub fn new(node: &Node, settings: &Settings, metrics: Arc<Metrics>, stop: CancellationToken) -> Self {
        let (engine, desks, public_url) = (node.engine.clone(), node.desks.clone(), settings.http.public_url.clone());
        Self { engine, desks, metrics, asks_desks: settings.queue.enabled, public_url, stop, running: Mutex::default() }
    }

    fn running(&self) -> std::sync::MutexGuard<'_, BTreeMap<ConnectionId, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the tasks of every connection.
    pub fn start_all(&self) {
        self.engine.channels.names().iter().for_each(|name| self.start(name));
    }

    /// Starts the tasks of a connection.
    pub fn start(&self, name: &ConnectionId) {
        let stop = self.stop.child_token();
        let listens = EngineIntake::listen_on(&self.engine, name, &stop);
        let asks = desk_duty::reconcile_with(&self.engine, name, &stop).filter(|_| self.asks_desks);
        let tells = self.register_hook(name, &stop);
        let behind = self.desks.get(name).filter(|_| self.asks_desks);
        let passes_on = behind.map(|desk| desks::pass_on(&self.engine, name, desk, &self.metrics, &stop));
        let tasks = [listens, asks, tells, passes_on].into_iter().flatten().collect();
        self.running().insert(name.to_owned(), Running { stop, tasks });
    }

    /// Stops the tasks of a connection, and waits for them.
    pub async fn stop(&self, name: &ConnectionId) {
        let ended = self.running().remove(name);
        if let Some(running) = ended {
            end(running).await;
        }
    }

    /// Stops the tasks of all connections, and waits for them.
    pub async fn stop_all(&self) {
        let all = std::mem::take(&mut *self.running());
        all.values().for_each(|running| running.stop.cancel());
        for running in all.into_values() {
            end(running).await;
        }
    }

    /// Records in the database that this node has the connection.
    pub(super) async fn register(&self, name: &ConnectionId) -> Result<(), StoreError> {
        register::one(&self.engine, name).await
    }

    /// Registers our address with the platform. A platform that cannot be reached may know it already, so a failure has no further effect.
    fn register_hook(&self, name: &ConnectionId, stop: &CancellationToken) -> Option<JoinHandle<()>> {
        let channel = self.engine.channels.get(name).filter(|channel| !channel.listens())?;
        let url = self.public_url.as_ref()?.join(&format!("hooks/{name}")).ok()?;
        let (name, stop) = (name.to_owned(), stop.clone());
        Some(tokio::spawn(async move {
            let registered = in_time(REGISTER_WITHIN, Verdict::RetryBackoff, channel.register_hook(url.as_str()));
            tokio::select! {
                registered = registered => if let Err(error) = registered {
                    let (kind, detail) = (error.kind, error.detail);
                    tracing::warn!(connection = name.as_str(), kind, detail, "could not register our webhook address with the platform");
                },
                () = stop.cancelled() => {}
            }
        }))
    }
}

async fn end(running: Running) {
    running.stop.cancel();
    for task in running.tasks {
        if let Err(error) = task.await {
            tracing::error!(%error, "a part of the server panicked");
        }
    }
}
