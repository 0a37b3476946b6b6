//! Builds a node from its settings: database, engine, connections, queue.

pub(super) mod database;

use self::database::open_patiently;
use super::channel_handler::ChannelHandler;
use super::desks::Desks;
use super::live::{LiveConnections, Registries};
use super::mailbox::EngineMailbox;
use super::vault::EngineVault;
use super::{ChannelDeps, StartError, connections, http_client, maintenance, quarantine, samples};
use crate::domain::question::token::TokenKeys;
use crate::domain::session::label::Named;
use crate::http::site::Sites;
use crate::id::Ids;
use crate::life::connection::register::register;
use crate::life::engine::channels::Channels;
use crate::life::engine::notifications::Notification;
use crate::life::report::recount;
use crate::life::{Engine, Options};
use crate::queue::{Runner, Tuning};
use crate::settings::{Resend, Settings};
use crate::store::{Db, StoreError};
use crate::time::{Clock, Millis, SystemClock};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast;
use url::Url;

/// A node.
pub struct Node {
    /// Engine for the steps.
    pub engine: Engine,
    /// The web chats.
    pub sites: Arc<Sites>,
    /// Connections made by admins, which can change while the node runs.
    pub live: Arc<LiveConnections>,
    /// Desks behind shared accounts.
    pub desks: Arc<Desks>,
    /// Options of the queue.
    pub tuning: Tuning,
}

/// Labels and fields named by these settings.
pub(crate) fn named(settings: &Settings) -> Named {
    Named { labels: settings.sessions.labels.clone(), fields: settings.sessions.fields.clone() }
}

impl Node {
    /// Builds a node from its settings: opens the database, upgrades its tables, creates the connections.
    ///
    /// # Errors
    /// The problem and its place.
    pub async fn open(settings: &Settings, clock: Arc<SystemClock>, ids: Arc<Ids>) -> Result<Self, StartError> {
        let db = open_patiently(settings, &*clock).await?;
        // Before the clock is first read, because its times are stored.
        maintenance::follow_clock(&db, &clock).await?;
        let node = Self::over(db, settings, clock, ids)?;
        maintenance::bring_back(&node.engine, node.tuning.lease_ms).await?;
        node.take_up().await?;
        node.register().await?;
        quarantine::beat(&node.engine, true).await?;
        recount::begin(&node.engine.db).await?;
        if let Some(doubt) = recount::doubt(&node.engine.db).await? {
            tracing::warn!("{doubt}");
        }
        Ok(node)
    }

    /// Builds a node over an open database, without registering it there.
    ///
    /// # Errors
    /// Names the invalid setting.
    pub fn over(db: Db, settings: &Settings, clock: Arc<dyn Clock>, ids: Arc<Ids>) -> Result<Self, StartError> {
        let key = settings.key(ids.bytes())?;
        let keys = TokenKeys::new(key.bytes(), settings.security.previous_key.as_ref().map(|key| key.bytes()));
        let news = broadcast::channel::<Notification>(16_384).0;
        let mailbox = Arc::new(EngineMailbox::new(db.clone(), news.clone(), clock.clone()));
        let public_url = settings.http.public_url.clone();
        let vault = Arc::new(EngineVault::new(db.clone(), keys.clone(), ids.clone(), clock.clone()));
        let visitor_key = key.bytes().into();
        let deps = ChannelDeps { http: http_client()?, mailbox, visitor_key, vault, public_url: public_url.clone() };
        let made = connections(&settings.connections, &deps)?;
        // Only needed to create channels that show links; a preview uses its own base URL.
        let somewhere = public_url.clone().or_else(|| Url::parse("https://rate.example.com/").ok());
        let samples = Arc::new(samples::samples(&ChannelDeps { public_url: somewhere, ..deps.clone() }));
        let db = db.with_time_zone(settings.organisation.time_zone);
        let registries = Registries::of(made);
        let Registries { channels, help_desks, sites, desks } = registries.clone();
        let live = LiveConnections::new(settings, deps, db.clone(), keys.clone(), registries)?;
        let (live, options) = (Arc::new(live), options(settings));
        let engine = Engine::new(db, clock, ids, Channels::default(), keys, options, news);
        let engine = Engine { channels, samples, desks: help_desks, adapters: live.clone(), ..engine };
        let tuning = Tuning {
            batch: settings.queue.batch,
            concurrency: settings.queue.concurrency,
            lease_ms: millis(settings.queue.lease),
            send_timeout_ms: millis(settings.queue.send_timeout),
            hold_ms: millis(settings.queue.unknown_hold),
        };
        Ok(Self { engine, sites, live, desks, tuning })
    }

    /// Starts the connections made by admins, and reads the organisation's look.
    ///
    /// # Errors
    /// Errors of the database.
    pub async fn take_up(&self) -> Result<(), StoreError> {
        self.engine.brand.reload(&self.engine.db).await?;
        self.engine.adapters.reload().await
    }

    /// Records in the database which connections this node has.
    ///
    /// # Errors
    /// Errors of the database.
    pub async fn register(&self) -> Result<(), StoreError> {
        register(&self.engine).await
    }

    /// Creates the queue of this node.
    pub fn runner(&self, metrics: Option<Arc<crate::metrics::Metrics>>) -> Runner<ChannelHandler> {
        runner(&self.engine, self.tuning.clone(), metrics)
    }
}

/// Options of the steps from the settings.
fn options(settings: &Settings) -> Options {
    Options {
        resend: settings.queue.resend == Resend::Once,
        unknown_hold: millis(settings.queue.unknown_hold),
        time_zone: settings.organisation.time_zone,
        organisation: settings.organisation.name.clone(),
        language: settings.organisation.language.clone(),
        public_url: settings.http.public_url.clone(),
        asleep: millis(settings.backup.asleep),
        admins: settings.watch.recipients.clone(),
        deaf_after: millis(settings.watch.deaf_after),
        named: named(settings),
        technical_kept: settings.database.technical_kept.map(millis),
    }
}

/// Creates a queue over `engine`, as used by production, tests and the simulation.
pub fn runner(engine: &Engine, tuning: Tuning, metrics: Option<Arc<crate::metrics::Metrics>>) -> Runner<ChannelHandler> {
    let handler = Arc::new(ChannelHandler::new(engine.clone(), tuning.send_timeout_ms, metrics));
    let (ids, owner) = (engine.ids.clone(), engine.ids.text(engine.now()));
    let fraction = Arc::new(move || ids.fraction());
    Runner::new(engine.db.clone(), handler, engine.clock.clone(), engine.wake.clone(), owner, tuning, fraction)
}

fn millis(duration: Duration) -> Millis {
    Millis::try_from(duration.as_millis()).unwrap_or(Millis::MAX)
}
