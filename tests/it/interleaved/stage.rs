//! Runs several steps concurrently, statement by statement, in an order given by a seed.
//!
//! Exactly one statement runs at a time. A step whose statement waits for another step's lock is detected in PostgreSQL's
//! list of sessions; then the next step is chosen among the others. So a seed always produces the same run.

use lastword::store::db::Turns;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sqlx::{Connection as _, PgConnection};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

/// Only a failing test waits this long.
const PATIENCE: Duration = Duration::from_secs(30);

/// State of a step.
enum Actor {
    /// Its statement runs, or waits for a lock.
    Acts,
    /// It waits for its turn.
    Waits(oneshot::Sender<()>),
    Done,
}

#[derive(Default)]
struct State {
    actors: Mutex<Vec<Actor>>,
    changed: Notify,
}

impl State {
    fn set(&self, actor: usize, to: Actor) {
        self.actors.lock().unwrap()[actor] = to;
        self.changed.notify_one();
    }

    fn count(&self, is_one: fn(&Actor) -> bool) -> usize {
        self.actors.lock().unwrap().iter().filter(|actor| is_one(actor)).count()
    }
}

/// Turns of one step.
struct Turn {
    state: Arc<State>,
    actor: usize,
}

impl Turns for Turn {
    fn turn(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let (go, gone) = oneshot::channel();
        self.state.set(self.actor, Actor::Waits(go));
        Box::pin(async move { gone.await.unwrap_or_default() })
    }
}

/// Signals the end of a step, also after a panic.
struct Over {
    state: Arc<State>,
    actor: usize,
}

impl Drop for Over {
    fn drop(&mut self) {
        self.state.set(self.actor, Actor::Done);
    }
}

/// The stage.
pub(super) struct Stage {
    rng: StdRng,
    monitor: PgConnection,
    state: Arc<State>,
    steps: Vec<JoinHandle<()>>,
    /// Order in which the steps ran their statements.
    pub(super) order: String,
}

impl Stage {
    pub(super) async fn new(url: &str, seed: u64) -> Self {
        let monitor = PgConnection::connect(url).await.unwrap();
        Self { rng: StdRng::seed_from_u64(seed), monitor, state: Arc::default(), steps: Vec::new(), order: String::new() }
    }

    /// Adds a step, which receives its turns and runs with them.
    pub(super) fn enter<F: Future<Output = ()> + Send + 'static>(&mut self, act: impl FnOnce(Arc<dyn Turns>) -> F) {
        let actor = self.steps.len();
        let (go, gone) = oneshot::channel();
        self.state.actors.lock().unwrap().push(Actor::Waits(go));
        let (state, act) = (self.state.clone(), act(Arc::new(Turn { state: self.state.clone(), actor })));
        self.steps.push(tokio::spawn(async move {
            let _over = Over { state, actor };
            gone.await.unwrap_or_default();
            act.await;
        }));
    }

    /// Runs all steps to their ends.
    pub(super) async fn play(mut self) -> String {
        loop {
            self.settle().await;
            let mut actors = self.state.actors.lock().unwrap();
            let waiting: Vec<usize> = (0..actors.len()).filter(|at| matches!(actors[*at], Actor::Waits(_))).collect();
            if waiting.is_empty() {
                break;
            }
            let chosen = waiting[self.rng.random_range(0..waiting.len())];
            self.order.push(char::from(b'a' + u8::try_from(chosen).unwrap()));
            if let Actor::Waits(go) = std::mem::replace(&mut actors[chosen], Actor::Acts) {
                go.send(()).unwrap();
            }
        }
        for step in self.steps {
            step.await.unwrap();
        }
        self.order
    }

    /// Waits until every step waits for its turn, waits for a lock while others can continue, or is finished.
    async fn settle(&mut self) {
        let began = Instant::now();
        loop {
            let acting = self.state.count(|actor| matches!(actor, Actor::Acts));
            if acting == 0 || (self.state.count(|actor| matches!(actor, Actor::Waits(_))) > 0 && self.locked().await == acting) {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "the steps stand still after {}", self.order);
            let _ = tokio::time::timeout(Duration::from_millis(2), self.state.changed.notified()).await;
        }
    }

    /// Number of sessions that wait for a lock.
    async fn locked(&mut self) -> usize {
        let waiting: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND wait_event_type = 'Lock'",
        )
        .fetch_one(&mut self.monitor)
        .await
        .unwrap();
        usize::try_from(waiting).unwrap()
    }
}
