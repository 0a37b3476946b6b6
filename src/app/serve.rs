//! `lastword serve`: runs a node, from its settings to its graceful stop.

use super::channel_handler::ChannelHandler;
use super::live::{self, LiveConnections, Tasks};
use super::lock::Lock;
use super::{Node, StartError, maintenance, metrics_task, quarantine};
use crate::domain::connection::pause;
use crate::domain::connection::refusals::Refusals;
use crate::http::listener::{self, Limits, Places, PlacesMax};
use crate::http::middleware::rate_limit::RateLimits;
use crate::http::middleware::too_old::refuse_while_too_old;
use crate::http::middleware::{self, Middleware};
use crate::http::ops::{ClockDetails, Details, Ops, Readiness};
use crate::http::pages::{self, Options as PageOptions, Pages};
use crate::http::state::{AppState, BodyMax};
use crate::http::widget::{self, Widgets};
use crate::http::{api, routes};
use crate::id::Ids;
use crate::life::Engine;
use crate::life::access::change_account::first_link;
use crate::life::records::refused_call::refusals;
use crate::metrics::Metrics;
use crate::names::ConnectionId;
use crate::queue::Runner;
use crate::settings::Settings;
use crate::store::connection::{self, ConnectionState};
use crate::store::db::WAL_REPORTED;
use crate::store::records::installation;
use crate::store::{Db, StoreError};
use crate::time::{SECOND, SystemClock, wait};
use async_trait::async_trait;
use axum::Router;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Timeout of a stop; unfinished work is picked up after its lease, or reported again.
const STOP_MAX: i64 = 25 * SECOND;
/// Timeout of the database in the readiness check.
const READY_WITHIN: Duration = Duration::from_secs(2);

/// How serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Work in progress was finished first.
    Gracefully,
    /// A second signal, or the stop timed out.
    AtOnce,
}

/// Serves until a stop signal. `announce` receives the address as soon as requests are accepted.
///
/// # Errors
/// The reason why the server cannot start.
pub async fn serve(settings: &Settings, announce: impl FnOnce(Announcement)) -> Result<Ended, StartError> {
    let _lock = Lock::take(&settings.database.url)?;
    raise_file_limit(settings);
    let mut signals = Signals::listen()?;
    let clock = Arc::new(SystemClock::default());
    // Opening may wait for a leader.
    let node = tokio::select! {
        node = Node::open(settings, clock.clone(), Arc::new(Ids::random())) => node?,
        () = signals.next() => return Ok(Ended::Gracefully),
    };
    let socket = bind(settings.http.listen).await?;
    let running = Running::start(&node, settings, socket, clock, |_| pages::home())?;
    announce(Announcement { address: running.address, first_admin: first_admin(&node.engine, settings, running.address).await? });
    let ended = tokio::select! {
        () = signals.next() => Ok(()),
        damage = damage(&node.engine.db) => Err(StartError::from(damage)),
    };
    let stopped = stop(running, &mut signals).await;
    ended.map(|()| stopped)
}

/// Raises the limit of open files: every connection uses one, and most machines allow a process about a thousand by default.
fn raise_file_limit(settings: &Settings) {
    let ours = settings.http.max_connections + settings.http.max_sockets + settings.queue.concurrency + 256;
    let wanted = u64::try_from(ours).unwrap_or(u64::MAX) + u64::from(settings.database.connections);
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= wanted) {
        return;
    }
    let current = limit.maximum.map_or(wanted, |most| most.min(wanted));
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(current), ..limit }).is_ok();
    if !raised || current < wanted {
        tracing::warn!(
            wanted,
            "this machine gives the process too few open files (ulimit -n) for http.max_connections and http.max_sockets"
        );
    }
}

/// Waits until the database's file is found to be damaged. Writes to it may then be lost, so the server stops.
async fn damage(db: &Db) -> StoreError {
    loop {
        match db.check_file().await {
            Err(damage @ StoreError::Damaged(_)) => {
                tracing::error!(%damage, "the database file is damaged; stopping");
                return damage;
            }
            Err(error) => tracing::warn!(%error, "could not read the whole database file"),
            Ok(()) => {}
        }
        // Checked again after each disk failure.
        db.renewed().await;
    }
}

/// Information for the operator who started the server.
#[derive(Clone, Debug)]
pub struct Announcement {
    /// Address on which requests are accepted.
    pub address: SocketAddr,
    /// Link to create the first admin, if there are no accounts yet.
    pub first_admin: Option<String>,
}

/// Link to create the first admin, for a browser on this machine.
async fn first_admin(engine: &Engine, settings: &Settings, address: SocketAddr) -> Result<Option<String>, StartError> {
    let link = first_link(engine, engine.now()).await?;
    let host = if address.ip().is_unspecified() { SocketAddr::from(([127, 0, 0, 1], address.port())) } else { address };
    let base = settings.http.public_url.as_ref().map_or_else(|| format!("http://{host}/"), Url::to_string);
    Ok(link.map(|link| format!("{base}first/{link}")))
}

/// Opens the socket to listen on.
///
/// # Errors
/// If it cannot be opened.
pub async fn bind(listen: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(listen).await.map_err(|error| StartError::Listen(listen, error))
}

/// Runs until a stop signal.
pub async fn until_told(running: Running, signals: &mut Signals) -> Ended {
    signals.next().await;
    stop(running, signals).await
}

async fn stop(running: Running, signals: &mut Signals) -> Ended {
    tracing::info!("stopping: finishing calls and sends in progress; a second signal stops at once");
    tokio::select! {
        () = running.stop() => Ended::Gracefully,
        () = signals.next() => Ended::AtOnce,
        () = wait(STOP_MAX) => {
            tracing::warn!("the time to stop has run out; unfinished messages are picked up again when their lease ends");
            Ended::AtOnce
        }
    }
}

/// The OpenAPI description of the API, as JSON.
pub fn openapi() -> String {
    format!("{:#}", api::openapi::document())
}

/// A running node.
pub struct Running {
    /// Address on which it accepts requests.
    pub address: SocketAddr,
    /// State shared by the handlers.
    pub app: Arc<AppState>,
    engine: Engine,
    live: Arc<LiveConnections>,
    work: Arc<Tasks>,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    /// Starts a node. `more` returns the routes at `/` and further ones.
    ///
    /// # Errors
    /// If the socket cannot be listened on.
    pub fn start(
        node: &Node,
        settings: &Settings,
        socket: TcpListener,
        clock: Arc<SystemClock>,
        more: impl FnOnce(&Arc<Pages>) -> Router,
    ) -> Result<Self, StartError> {
        let (engine, stop) = (node.engine.clone(), CancellationToken::new());
        let metrics = Arc::new(Metrics::new(env!("CARGO_PKG_VERSION")));
        metrics_task::begin(&metrics, engine.channels.names().iter().map(ConnectionId::as_str));
        let address = socket.local_addr().map_err(|error| StartError::Listen(settings.http.listen, error))?;
        let (body_max, limits) = (BodyMax::of(&settings.http), RateLimits::of(&settings.limits));
        let app = AppState::open(&engine, node.sites.clone(), metrics.clone(), body_max, limits);
        let ops = Ops {
            readiness: Arc::new(Ready { engine: engine.clone(), clock: clock.clone(), stop: stop.clone() }),
            metrics: settings.metrics.enabled.then(|| metrics.clone()),
            token: settings.metrics.token.clone(),
        };
        let (ids, time) = (engine.ids.clone(), engine.clock.clone());
        let layers = Middleware::of(&settings.http, metrics.clone(), Arc::new(move || ids.text(time.now())));
        let widgets = Widgets::new(app.clone(), super::widget_source(), settings.http.sockets_per_visitor, stop.clone());
        let pages = Pages::new(&app, PageOptions::of(settings), stop.clone());
        let routes = routes::all(&app, ops, &pages).merge(widget::routes(Arc::new(widgets))).merge(more(&pages));
        let router = middleware::wrap(refuse_while_too_old(routes, engine.db.clone()), layers);
        let places = Places::new(PlacesMax::of(&settings.http));
        let runner: Runner<ChannelHandler> = node.runner(Some(metrics.clone()));
        let work = Arc::new(Tasks::new(node, settings, metrics.clone(), stop.clone()));
        work.start_all();
        node.live.work_with(Some(work.clone()));
        let mut tasks = vec![tokio::spawn(live::watch(node.live.clone(), node.engine.brand.clone(), stop.clone()))];
        tasks.push(tokio::spawn(listener::serve(socket, router, Limits::of(&settings.http), places, stop.clone())));
        tasks.push(tokio::spawn(metrics_task::run(engine.clone(), metrics.clone(), clock.clone(), stop.clone())));
        tasks.push(tokio::spawn(maintenance::run(engine.clone(), runner.clone(), clock, stop.clone())));
        if settings.queue.enabled {
            tasks.push(tokio::spawn(runner.run(stop.clone())));
        }
        tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "listening");
        Ok(Self { address, app, engine, live: node.live.clone(), work, stop, tasks })
    }

    /// Stops accepting requests and claiming deliveries; finishes work in progress; returns leases; closes the database.
    pub async fn stop(self) {
        self.stop.cancel();
        self.live.work_with(None);
        self.work.stop_all().await;
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a part of the server panicked");
            }
        }
        // Marks copies of the database file that were taken while the server ran as older.
        if self.engine.db.path().is_some()
            && let Err(error) = quarantine::beat(&self.engine, false).await
        {
            tracing::warn!(%error, "could not write the last heartbeat");
        }
        self.engine.db.close().await;
        tracing::info!("stopped");
    }
}

/// A warning, with its fix, if a long read of the SQLite file lets the write-ahead log beside it grow; `None` while the log is small.
fn long_log(db: &Db) -> Option<String> {
    let bytes = db.wal_bytes();
    (bytes > WAL_REPORTED).then(|| {
        format!(
            "The write-ahead log beside the database is {} MiB: a program that reads the file for long keeps it from being emptied; end it.",
            bytes >> 20
        )
    })
}

/// The database's result, if it arrives in time for a health check.
async fn in_health_time<T>(asked: impl Future<Output = Result<T, StoreError>>) -> Option<T> {
    tokio::time::timeout(READY_WITHIN, asked).await.ok()?.ok()
}

/// Readiness of this node.
struct Ready {
    engine: Engine,
    clock: Arc<SystemClock>,
    stop: CancellationToken,
}

#[async_trait]
impl Readiness for Ready {
    async fn not_ready_reasons(&self) -> Vec<String> {
        let mut not_ready_reasons = Vec::new();
        if self.stop.is_cancelled() {
            not_ready_reasons.push("The server is stopping.".to_owned());
        }
        let answers = in_health_time(connection::all(&self.engine.db)).await.is_some();
        if !answers && !self.is_read_only().await {
            not_ready_reasons.push("The database does not answer.".to_owned());
        } else if !answers || self.is_read_only().await {
            not_ready_reasons.push("The database is read-only: this PostgreSQL is not the leader, or takes no writes.".to_owned());
        } else if let Some(Some(needs)) = in_health_time(self.engine.db.look_for_newer()).await {
            not_ready_reasons.push(format!("This Lastword is too old for its database, which needs {needs} or newer."));
        } else if !matches!(tokio::time::timeout(READY_WITHIN, self.engine.db.has_room()).await, Ok(true)) {
            not_ready_reasons.push("The disk is full.".to_owned());
        }
        not_ready_reasons
    }

    async fn details(&self) -> Details {
        let health = self.clock.health();
        let mut warnings = Vec::new();
        if health.is_far_off() {
            warnings.push("This machine's clock is more than five seconds from the database's.".to_owned());
        }
        if health.went_back > 0 {
            warnings.push("The clock has gone back since the start; it had been ahead.".to_owned());
        }
        warnings.extend(long_log(&self.engine.db));
        warnings.extend(self.connections_in_trouble().await);
        Details {
            warnings,
            clock: ClockDetails::of(health.offset, health.went_back, health.jumped_ahead, health.last_back.map(|step| step.to)),
        }
    }

    async fn quarantined(&self) -> bool {
        in_health_time(installation::quarantine(&self.engine.db)).await.flatten().is_some()
    }
}

impl Ready {
    /// True if no server takes writes now.
    async fn is_read_only(&self) -> bool {
        let asked = tokio::time::timeout(READY_WITHIN, self.engine.db.is_read_only()).await;
        asked.is_ok_and(|is| is.unwrap_or_else(|error| error.is_read_only()))
    }

    /// Problems of connections while the node is ready, as sentences.
    async fn connections_in_trouble(&self) -> Vec<String> {
        let Some(states) = in_health_time(connection::all(&self.engine.db)).await else { return Vec::new() };
        let (now, zone) = (self.engine.now(), self.engine.options.time_zone);
        let refused = in_health_time(refusals(&self.engine.db, &states, now)).await.unwrap_or_default();
        let here = states.into_iter().filter(|state| self.engine.channels.get(&state.name).is_some());
        let says = here.flat_map(|state| {
            // Public: the cause is in the API and in `doctor`.
            let refused = refused.get(&state.name).and_then(Refusals::sentence).map(|said| format!("Connection {}: {said}.", state.name));
            let waits = state.waits_until(now).map(|until| pause::warning(&state.name, until, now, zone));
            let ConnectionState { name, stopped_at, suspended_at, deaf_at, .. } = state;
            let how = if suspended_at.is_some() { "paused" } else { "stopped" };
            let stopped = stopped_at.map(|_| format!("The connection {name} is {how}: nothing leaves through it."));
            let deaf = deaf_at.map(|_| format!("Nothing arrives through the connection {name}."));
            [stopped, deaf, waits, refused]
        });
        says.flatten().collect()
    }
}

/// Stop signals.
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Listens for signals from now on.
    ///
    /// # Errors
    /// If the operating system refuses.
    pub fn listen() -> Result<Self, StartError> {
        let listen = |kind| signal(kind).map_err(|error| StartError::Other(format!("cannot listen for signals: {error}")));
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    /// Waits for the next signal.
    pub async fn next(&mut self) {
        tokio::select! { _ = self.terminate.recv() => {}, _ = self.interrupt.recv() => {} }
    }
}
