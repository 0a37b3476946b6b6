//! `lastword serve`: a node at work, from its settings to its graceful stop.

use super::courier::Courier;
use super::intake::EngineIntake;
use super::lock::Lock;
use super::{Node, StartError, desks, duties, metering};
use crate::http::api;
use crate::http::doors::{BodyMax, Doors};
use crate::http::edge::{self, Edge};
use crate::http::listener::{self, Limits};
use crate::http::ops::{Ops, Readiness};
use crate::http::pages::{self, Options as PageOptions, Pages};
use crate::http::rate_limit::RateLimits;
use crate::http::routes;
use crate::http::widget::{self, Widgets};
use crate::id::Ids;
use crate::life::Engine;
use crate::life::change_account::first_link;
use crate::metrics::Metrics;
use crate::queue::Runner;
use crate::settings::Settings;
use crate::store::connection::ConnectionState;
use crate::store::{Db, StoreError, connection};
use crate::time::{SECOND, SystemClock, wait};
use async_trait::async_trait;
use axum::Router;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;

/// A stop takes no longer; what is then under way is found by its lease or told again.
const STOP_MAX: i64 = 25 * SECOND;
/// A database that takes longer to say anything is not ready.
const READY_WITHIN: Duration = Duration::from_secs(2);
/// A platform that takes longer to hear of our address is told at the next start.
const REGISTER_WITHIN: Duration = Duration::from_secs(15);

/// How serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Everything under way was finished first.
    Gracefully,
    /// A second signal, or the time for stopping was over.
    AtOnce,
}

/// Serves until a signal says stop. `announce` is told the address as soon as calls are taken.
///
/// # Errors
/// Says why the server cannot start.
pub async fn serve(settings: &Settings, announce: impl FnOnce(Announcement)) -> Result<Ended, StartError> {
    let _lock = Lock::take(&settings.database.url)?;
    let mut signals = Signals::listen()?;
    let (clock, system_clock) = duties::system_clock();
    let node = Node::open(settings, clock, Arc::new(Ids::random())).await?;
    let socket = bind(settings.http.listen).await?;
    let running = Running::start(&node, settings, socket, system_clock, |_| pages::home())?;
    announce(Announcement { address: running.address, first_admin: first_admin(&node.engine, settings, running.address).await? });
    let ended = tokio::select! {
        () = signals.next() => Ok(()),
        damage = damage(&node.engine.db) => Err(StartError::from(damage)),
    };
    let stopped = stop(running, &mut signals).await;
    ended.map(|()| stopped)
}

/// Waits until the database's file is found to be damaged: whatever is written to it then may be lost, so nothing more is taken.
async fn damage(db: &Db) -> StoreError {
    match db.check_file().await {
        Err(damage @ StoreError::Damaged(_)) => {
            tracing::error!(%damage, "the file of the database is broken; stopping");
            return damage;
        }
        Err(error) => tracing::warn!(%error, "the file of the database could not be read whole"),
        Ok(()) => {}
    }
    std::future::pending().await
}

/// What the person who started the server has to know.
#[derive(Clone, Debug)]
pub struct Announcement {
    /// Where calls are taken.
    pub address: SocketAddr,
    /// The link that makes the first admin, where nobody has an account yet.
    pub first_admin: Option<String>,
}

/// The link that makes the first admin, as the person at the console can open it.
async fn first_admin(engine: &Engine, settings: &Settings, address: SocketAddr) -> Result<Option<String>, StartError> {
    let link = first_link(engine, engine.now()).await?;
    let host = if address.ip().is_unspecified() { SocketAddr::from(([127, 0, 0, 1], address.port())) } else { address };
    let base = settings.http.public_url.as_ref().map_or_else(|| format!("http://{host}/"), Url::to_string);
    Ok(link.map(|link| format!("{base}first/{link}")))
}

/// Opens the socket to listen on.
///
/// # Errors
/// When it cannot be had.
pub async fn bind(listen: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(listen).await.map_err(|error| StartError::Listen(listen, error))
}

/// Works until a signal says stop.
pub async fn until_told(running: Running, signals: &mut Signals) -> Ended {
    signals.next().await;
    stop(running, signals).await
}

async fn stop(running: Running, signals: &mut Signals) -> Ended {
    tracing::info!("stopping: calls and sends under way are finished first; a second signal stops at once");
    tokio::select! {
        () = running.stop() => Ended::Gracefully,
        () = signals.next() => Ended::AtOnce,
        () = wait(STOP_MAX) => {
            tracing::warn!("the time for stopping is over; what was under way is found by its lease");
            Ended::AtOnce
        }
    }
}

/// The description of the API, as JSON.
pub fn openapi() -> String {
    format!("{:#}", api::openapi::document())
}

/// A node at work.
pub struct Running {
    /// Where it takes calls.
    pub address: SocketAddr,
    /// What its handlers share.
    pub doors: Arc<Doors>,
    engine: Engine,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    /// Puts a node to work. `more` gives what is at `/`, and further addresses.
    ///
    /// # Errors
    /// When the socket is not one to listen on.
    pub fn start(
        node: &Node,
        settings: &Settings,
        socket: TcpListener,
        clock: Arc<SystemClock>,
        more: impl FnOnce(&Arc<Pages>) -> Router,
    ) -> Result<Self, StartError> {
        let (engine, stop) = (node.engine.clone(), CancellationToken::new());
        let metrics = Arc::new(Metrics::new(env!("CARGO_PKG_VERSION")));
        let address = socket.local_addr().map_err(|error| StartError::Listen(settings.http.listen, error))?;
        let (body_max, limits) = (BodyMax::of(&settings.http), RateLimits::of(&settings.limits));
        let doors = Doors::open(&engine, node.sites.clone(), metrics.clone(), body_max, limits);
        let ops = Ops {
            readiness: Arc::new(Ready { engine: engine.clone(), stop: stop.clone() }),
            metrics: settings.metrics.enabled.then(|| metrics.clone()),
            token: settings.metrics.token.clone(),
        };
        let (ids, time) = (engine.ids.clone(), engine.clock.clone());
        let edge = Edge::of(&settings.http, metrics.clone(), Arc::new(move || ids.next(time.now())));
        let widgets = Widgets::new(doors.clone(), super::WIDGET_SOURCE, stop.clone());
        let pages = Pages::new(&doors, PageOptions::of(settings), stop.clone());
        let routes = routes::all(&doors, ops, &pages).merge(widget::routes(Arc::new(widgets))).merge(more(&pages));
        let router = edge::wrap(routes, edge);
        let runner: Runner<Courier> = node.runner(Some(metrics.clone()));
        let mut tasks = EngineIntake::listen_all(&engine, &stop);
        tasks.push(tokio::spawn(listener::serve(socket, router, Limits::of(&settings.http), stop.clone())));
        tasks.push(tokio::spawn(metering::run(engine.clone(), metrics.clone(), stop.clone())));
        tasks.push(tokio::spawn(duties::run(engine.clone(), runner.clone(), clock, stop.clone())));
        if settings.queue.enabled {
            tasks.extend(desks::pass_on_all(&engine, &node.desks, &metrics, &stop));
            tasks.push(tokio::spawn(runner.run(stop.clone())));
        }
        if let Some(url) = &settings.http.public_url {
            tokio::spawn(register_hooks(engine.clone(), url.clone(), stop.clone()));
        }
        tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "listening");
        Ok(Self { address, doors, engine, stop, tasks })
    }

    /// Takes no more calls and claims nothing more; finishes what is under way; puts leases back; closes the database.
    pub async fn stop(self) {
        self.stop.cancel();
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a part of the server broke");
            }
        }
        self.engine.db.close().await;
        tracing::info!("stopped");
    }
}

/// Tells the platforms our address. A platform that cannot be told now may know it from before, so this stops nothing.
async fn register_hooks(engine: Engine, public_url: Url, stop: CancellationToken) {
    for (name, connection) in engine.channels.iter().filter(|(_, connection)| !connection.channel.listens()) {
        let Ok(url) = public_url.join(&format!("hooks/{name}")) else { continue };
        let registered = tokio::time::timeout(REGISTER_WITHIN, connection.channel.register_hook(url.as_str()));
        tokio::select! {
            registered = registered => match registered {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::warn!(connection = name, kind = error.kind, detail = error.detail, "the platform could not be told our address");
                }
                Err(_) => tracing::warn!(connection = name, "the platform took too long to hear our address"),
            },
            () = stop.cancelled() => return,
        }
    }
}

/// Whether this node can take calls.
struct Ready {
    engine: Engine,
    stop: CancellationToken,
}

#[async_trait]
impl Readiness for Ready {
    async fn hindrances(&self) -> Vec<String> {
        let mut hindrances = Vec::new();
        if self.stop.is_cancelled() {
            hindrances.push("The server is stopping.".to_owned());
        }
        let asked = tokio::time::timeout(READY_WITHIN, connection::all(&self.engine.db)).await;
        if !matches!(asked, Ok(Ok(_))) {
            hindrances.push("The database does not answer.".to_owned());
        }
        hindrances
    }

    async fn warnings(&self) -> Vec<String> {
        let asked = tokio::time::timeout(READY_WITHIN, connection::all(&self.engine.db)).await;
        let Ok(Ok(states)) = asked else { return Vec::new() };
        let here = states.into_iter().filter(|state| self.engine.channels.get(&state.name).is_some());
        let says = here.flat_map(|ConnectionState { name, stopped_at, deaf_at, .. }| {
            let stopped = stopped_at.map(|_| format!("The connection {name} is stopped: nothing leaves through it."));
            let deaf = deaf_at.map(|_| format!("Nothing arrives through the connection {name}."));
            [stopped, deaf]
        });
        says.flatten().collect()
    }
}

/// What asks a server to stop.
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Hears them from now on.
    ///
    /// # Errors
    /// When the machine does not let us.
    pub fn listen() -> Result<Self, StartError> {
        let listen = |kind| signal(kind).map_err(|error| StartError::Other(format!("cannot listen for signals: {error}")));
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    /// The next one.
    pub async fn next(&mut self) {
        tokio::select! { _ = self.terminate.recv() => {}, _ = self.interrupt.recv() => {} }
    }
}
