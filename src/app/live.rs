//! Connections made by admins: stored in the database, and started by every node while it runs. Connections of the settings
//! file and the environment do not change after the start, and take precedence over those with the same name.

pub(super) mod draft;
mod outgoing;
pub mod stored;
mod tasks;

pub use tasks::Tasks;

use super::desks::{Desks as DesksBehind, resolver};
use super::{ChannelDeps, Connections, StartError, client_builder, kinds};
use crate::domain::question::token::TokenKeys;
use crate::http::site::Sites;
use crate::life::engine::adapters::draft::{Draft, Opened, opened};
use crate::life::engine::adapters::kind::Kind;
use crate::life::engine::adapters::{Adapters, Arrives, DeskReady, DraftProblem, NotRunning, TriedOut};
use crate::life::engine::brand::Brand;
use crate::life::engine::channels::Channels;
use crate::life::engine::desks::Desks as HelpDesks;
use crate::life::engine::in_time::in_time;
use crate::names::ConnectionId;
use crate::settings::{Http, Settings};
use crate::store::connection::stored::{self as rows, StoredConnection};
use crate::store::{Db, StoreError};
use crate::time::{Millis, SECOND, wait};
use async_trait::async_trait;
use lastword_contract::{SetUp, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Timeout of a platform's check.
const TRY_WITHIN: Duration = Duration::from_secs(15);
/// Timeout of a desk's setup, which takes several calls.
const SET_UP_WITHIN: Duration = Duration::from_secs(60);

/// Interval of checks of the database.
const LOOK_EVERY: Millis = SECOND;

/// The state of a connection that runs here: its version, and its time of creation.
type Version = (i64, Millis);

/// Connections made by admins, on this node.
pub struct LiveConnections {
    db: Db,
    keys: TokenKeys,
    deps: ChannelDeps,
    configured: BTreeSet<String>,
    country: Option<String>,
    /// To refuse a desk behind an account that is this server itself.
    http: Http,
    registries: Registries,
    /// Last known versions, by name. Locked during a reload, so that reloads do not overlap.
    known: tokio::sync::Mutex<BTreeMap<ConnectionId, Version>>,
    not_running: Mutex<BTreeMap<ConnectionId, NotRunning>>,
    /// Tasks of each connection, on a running node.
    tasks: Mutex<Option<Arc<Tasks>>>,
}

/// Registries of a node that change with its connections.
#[derive(Clone)]
pub struct Registries {
    /// All connections.
    pub channels: Arc<Channels>,
    /// Help desks.
    pub help_desks: Arc<HelpDesks>,
    /// Web chats.
    pub sites: Arc<Sites>,
    /// Desks behind shared accounts.
    pub desks: Arc<DesksBehind>,
}

impl Registries {
    /// The registries with the connections of the settings.
    pub fn of(made: Connections) -> Self {
        let sites = Arc::new(Sites::default());
        made.sites.into_iter().for_each(|(name, site)| sites.put(name, site));
        Self { channels: Arc::new(made.channels), help_desks: Arc::new(made.help_desks), sites, desks: Arc::new(made.desks) }
    }

    /// Adds the connection `name` of `made`, or replaces the one of that name.
    fn put(&self, name: &ConnectionId, made: &Connections) {
        for (name, connection) in made.channels.iter().filter(|(made, _)| made == name) {
            self.channels.put(name, connection);
        }
        match made.help_desks.get(name) {
            Some(desk) => self.help_desks.put(name, desk),
            None => self.help_desks.remove(name),
        }
        match made.sites.get(name.as_str()) {
            Some(site) => self.sites.put(name.as_str(), site.clone()),
            None => self.sites.remove(name.as_str()),
        }
        match made.desks.get(name) {
            Some(desk) => self.desks.put(name, desk),
            None => self.desks.remove(name),
        }
    }

    fn remove(&self, name: &ConnectionId) {
        self.channels.remove(name);
        self.help_desks.remove(name);
        self.sites.remove(name.as_str());
        self.desks.remove(name);
    }
}

impl LiveConnections {
    /// Creates an empty set; [`Adapters::reload`] reads the connections.
    ///
    /// # Errors
    /// If the HTTP client cannot be created.
    pub fn new(settings: &Settings, deps: ChannelDeps, db: Db, keys: TokenKeys, registries: Registries) -> Result<Self, StartError> {
        // An address entered in a browser must not reach the cloud's internal machines.
        let guarded = client_builder().dns_resolver(resolver(true)).build();
        let http = guarded.map_err(|error| StartError::Other(format!("cannot make an HTTP client: {error}")))?;
        Ok(Self {
            db,
            keys,
            deps: ChannelDeps { http, ..deps },
            configured: settings.connections.keys().cloned().collect(),
            country: settings.organisation.default_country.clone(),
            http: settings.http.clone(),
            registries,
            known: tokio::sync::Mutex::default(),
            not_running: Mutex::default(),
            tasks: Mutex::default(),
        })
    }

    /// Starts the work of each connection: it listens, polls its desk, and registers our address with its platform. `None` stops it.
    pub(super) fn work_with(&self, tasks: Option<Arc<Tasks>>) {
        *self.tasks.lock().unwrap_or_else(PoisonError::into_inner) = tasks;
    }

    fn tasks(&self) -> Option<Arc<Tasks>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, name: &ConnectionId, why: Option<NotRunning>) {
        let mut all = self.not_running.lock().unwrap_or_else(PoisonError::into_inner);
        match why {
            Some(why) => drop(all.insert(name.to_owned(), why)),
            None => drop(all.remove(name)),
        }
    }

    /// Starts a new or changed connection.
    async fn take_up(&self, stored: &StoredConnection) -> Result<(), StoreError> {
        let made = match self.make_stored(stored) {
            Ok(made) => made,
            Err(why) => {
                tracing::error!(
                    connection = stored.name.as_str(),
                    ?why,
                    "a connection in the database cannot be used; see the page Connections"
                );
                // The connection of the settings has that name and stays.
                if why != NotRunning::Overruled {
                    self.take_out(&stored.name).await;
                }
                self.note(&stored.name, Some(why));
                return Ok(());
            }
        };
        let (name, tasks) = (&stored.name, self.tasks());
        if let Some(tasks) = &tasks {
            tasks.stop(name).await;
        }
        self.registries.put(name, &made);
        self.note(name, None);
        if let Some(tasks) = tasks {
            tasks.register(name).await?;
            tasks.start(name);
            tracing::info!(connection = name.as_str(), version = stored.version, "started a connection");
        }
        Ok(())
    }

    async fn take_out(&self, name: &ConnectionId) {
        if let Some(tasks) = self.tasks() {
            tasks.stop(name).await;
        }
        self.registries.remove(name);
    }

    fn make_stored(&self, stored: &StoredConnection) -> Result<Connections, NotRunning> {
        if self.configured.contains(stored.name.as_str()) {
            return Err(NotRunning::Overruled);
        }
        match opened(stored, &self.keys) {
            Ok(Opened::Whole(draft)) => self.make(&draft).map_err(|problems| {
                let words: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
                NotRunning::Unusable(words.join(" "))
            }),
            Ok(Opened::Locked) => Err(NotRunning::Locked),
            Err(error) => Err(NotRunning::Unusable(error.to_string())),
        }
    }
}

#[async_trait]
impl Adapters for LiveConnections {
    fn kinds(&self) -> Vec<Kind> {
        kinds()
    }

    fn is_configured(&self, name: &ConnectionId) -> bool {
        self.configured.contains(name.as_str())
    }

    async fn check(&self, draft: &Draft) -> Vec<DraftProblem> {
        let refused = self.refused_addresses(draft).await;
        if !refused.is_empty() {
            return refused;
        }
        match self.make(draft) {
            Ok(made) => self.unknown_lines(draft, &made).await,
            Err(problems) => problems,
        }
    }

    async fn try_out(&self, draft: &Draft) -> Result<TriedOut, Vec<DraftProblem>> {
        let problems = self.check(draft).await;
        if !problems.is_empty() {
            return Err(problems);
        }
        let made = self.make(draft)?;
        let Some(channel) = made.channels.get(&draft.name) else { return Err(Vec::new()) };
        let hook = self.hook_url(draft.name.as_str());
        let asked = async {
            match made.help_desks.get(&draft.name) {
                Some(at_desk) => at_desk.desk.look(hook.as_deref()).await,
                None => channel.check().await,
            }
        };
        let account = in_time(TRY_WITHIN, Verdict::RetryBackoff, asked).await;
        let account = account.map_err(|error| vec![self.problem_of(draft, &error)])?;
        let arrives = match () {
            () if made.sites.contains_key(draft.name.as_str()) => Arrives::Widget,
            () if channel.listens() => Arrives::Fetched,
            () if channel.capabilities().free_text || made.help_desks.get(&draft.name).is_some() => Arrives::Posted(hook),
            () => Arrives::Nothing,
        };
        let warnings = [account.warnings, account.notes].concat();
        Ok(TriedOut { account: account.name, warnings, arrives })
    }

    async fn set_up_desk(&self, draft: &Draft, change: bool) -> Result<DeskReady, Vec<DraftProblem>> {
        let problems = self.check(draft).await;
        if !problems.is_empty() {
            return Err(problems);
        }
        let made = self.make(draft)?;
        let whole = |message: &str| vec![DraftProblem::new("", message)];
        let Some(at_desk) = made.help_desks.get(&draft.name).filter(|at_desk| at_desk.desk.abilities().sets_up) else {
            return Err(whole("is set up by hand: this desk has no API for it"));
        };
        let Some(hook) = self.hook_url(draft.name.as_str()) else {
            return Err(whole("http.public_url is not set, so the desk cannot reach us; set it in lastword.toml and restart"));
        };
        let wish = SetUp { hook_url: Some(hook), native_off: false, change };
        let done = in_time(SET_UP_WITHIN, Verdict::RetryBackoff, at_desk.desk.set_up(&wish)).await;
        let done = done.map_err(|error| vec![self.problem_of(draft, &error)])?;
        Ok(DeskReady { steps: done.steps, warnings: done.warnings, settings: done.settings })
    }

    async fn reload(&self) -> Result<(), StoreError> {
        let mut known = self.known.lock().await;
        let there: BTreeMap<ConnectionId, Version> =
            rows::versions(&self.db).await?.into_iter().map(|(name, version, made)| (name, (version, made))).collect();
        if *known == there {
            return Ok(());
        }
        let gone: Vec<ConnectionId> = known.keys().filter(|name| !there.contains_key(*name)).cloned().collect();
        for name in gone {
            if !self.configured.contains(name.as_str()) {
                self.take_out(&name).await;
                tracing::info!(connection = name.as_str(), "a connection was deleted");
            }
            self.note(&name, None);
            known.remove(&name);
        }
        for stored in rows::all(&self.db).await? {
            let version = (stored.version, stored.created_at);
            if known.get(&stored.name) != Some(&version) {
                self.take_up(&stored).await?;
                known.insert(stored.name, version);
            }
        }
        Ok(())
    }

    fn not_running(&self, name: &ConnectionId) -> Option<NotRunning> {
        self.not_running.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }
}

/// Checks periodically for connections, and a look of the organisation, changed on another node, until `stop`.
pub(super) async fn watch(live: Arc<LiveConnections>, brand: Arc<Brand>, stop: CancellationToken) {
    let mut failed = false;
    loop {
        tokio::select! { () = wait(LOOK_EVERY) => {}, () = stop.cancelled() => return }
        let read = async {
            brand.reload(&live.db).await?;
            live.reload().await
        };
        match read.await {
            Ok(()) => failed = false,
            // Logged once: the cause of an unavailable database is logged repeatedly elsewhere.
            Err(error) if !failed && !error.is_read_only() => {
                tracing::warn!(%error, "could not check for changed connections and settings; trying again");
                failed = true;
            }
            Err(_) => {}
        }
    }
}
