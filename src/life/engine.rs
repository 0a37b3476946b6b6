//! Shared state of all steps, created once in `crate::app`.

pub mod adapters;
pub mod brand;
pub mod channels;
pub mod desks;
pub mod hearing;
pub mod in_time;
pub mod lines;
pub mod notifications;
pub mod other_address;
pub mod stop;

use crate::engine::adapters::{Adapters, NoAdapters};
use crate::engine::brand::{Brand, UNNAMED};
use crate::engine::channels::Channels;
use crate::engine::desks::Desks;
use crate::engine::hearing::Hearing;
use crate::engine::lines::Lines;
use crate::engine::notifications::Notification;
use lastword_base::id::Ids;
use lastword_base::names::{ConnectionId, LineId, RequestId};
use lastword_base::time::{Alarm, Clock, HOUR, Millis};
use lastword_domain::answer::opt_out::MarkKey;
use lastword_domain::question::token::TokenKeys;
use lastword_domain::session::label::Named;
use lastword_store::session::opt_out;
use lastword_store::{Db, StoreError, Tx};
use std::sync::{Arc, OnceLock};
use tokio::sync::{Notify, broadcast};

/// Shared state of all steps.
#[derive(Clone)]
pub struct Engine {
    /// The database.
    pub db: Db,
    /// The clock. Steps receive `now`; only loops and entry points read the clock.
    pub clock: Arc<dyn Clock>,
    /// IDs and randomness.
    pub ids: Arc<Ids>,
    /// The connections of this node.
    pub channels: Arc<Channels>,
    /// The connections that are desks.
    pub desks: Arc<Desks>,
    /// One channel of each kind in this build, without an account, for previews of messages.
    pub samples: Arc<Channels>,
    /// Services of the adapters while the node runs.
    pub adapters: Arc<dyn Adapters>,
    /// The keys of tokens.
    pub keys: TokenKeys,
    /// The organisation as clients see it, if an admin has set it.
    pub brand: Arc<Brand>,
    /// Cached settings of lines.
    pub lines: Arc<Lines>,
    /// Options from the settings.
    pub options: Arc<Options>,
    /// Wakes the queue when work is due sooner than it expects.
    pub wake: Arc<Alarm>,
    /// Wakes forwarding to desks when there may be something to forward.
    pub pass_on: Arc<Notify>,
    /// Activity of connections since it was last written to the database.
    pub hearing: Arc<Hearing>,
    /// Notifications for live pages and metrics.
    pub news: broadcast::Sender<Notification>,
    /// The key that identifies opted-out people, once it was read.
    pub marks: Arc<OnceLock<MarkKey>>,
}

/// Options from the settings.
#[derive(Clone, Debug)]
pub struct Options {
    /// Send once more if the result of a send is unknown and the channel makes it safe.
    pub resend: bool,
    /// Time for which an unknown result is held before that.
    pub unknown_hold: Millis,
    /// The organisation's time zone, for times in alerts.
    pub time_zone: chrono_tz::Tz,
    /// Name of the organisation in the settings.
    pub organisation: String,
    /// Default language.
    pub language: String,
    /// Public base URL with a trailing slash, used for links.
    pub public_url: Option<url::Url>,
    /// A database that was not in use for this long counts as an old copy.
    pub asleep: Millis,
    /// Recipients of reports about connections in trouble; empty for all who receive alerts of a line.
    pub admins: Vec<String>,
    /// Time that a connection may be silent although something should have arrived.
    pub deaf_after: Millis,
    /// The labels and fields that a close may carry.
    pub named: Named,
    /// Time for which ended messages are stored; `None`: forever.
    pub technical_kept: Option<Millis>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            resend: true,
            unknown_hold: 60_000,
            time_zone: chrono_tz::UTC,
            organisation: UNNAMED.to_owned(),
            language: "en".to_owned(),
            public_url: None,
            asleep: 72 * HOUR,
            admins: Vec::new(),
            deaf_after: 3 * HOUR,
            named: Named::default(),
            technical_kept: None,
        }
    }
}

impl Engine {
    /// An engine over `db` with these connections.
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        ids: Arc<Ids>,
        channels: Channels,
        keys: TokenKeys,
        options: Options,
        news: broadcast::Sender<Notification>,
    ) -> Self {
        Self {
            db,
            clock,
            ids,
            channels: Arc::new(channels),
            desks: Arc::default(),
            samples: Arc::default(),
            adapters: Arc::new(NoAdapters),
            keys,
            brand: Arc::default(),
            lines: Arc::default(),
            options: Arc::new(options),
            wake: Arc::default(),
            pass_on: Arc::default(),
            hearing: Arc::default(),
            news,
            marks: Arc::default(),
        }
    }

    /// The present time.
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Name of the organisation, as clients see it: that of the settings, otherwise the one that an admin has set.
    pub fn organisation(&self) -> String {
        let configured = || self.options.organisation.clone();
        if self.options.organisation == UNNAMED { self.brand.look().name.clone().unwrap_or_else(configured) } else { configured() }
    }

    /// The public address of the organisation's logo, if it has one.
    pub fn logo_page(&self) -> Option<String> {
        let look = self.brand.look();
        look.logo.as_ref()?;
        self.options.public_url.as_ref().map(|base| format!("{base}r/logo?{}", look.version))
    }

    /// The key that identifies opted-out people.
    pub(super) async fn mark_key(&self, tx: &mut Tx) -> Result<&MarkKey, StoreError> {
        match self.marks.get() {
            Some(key) => Ok(key),
            None => opt_out::key(tx).await.map(|key| self.marks.get_or_init(|| key)),
        }
    }

    /// Like [`Engine::mark_key`], outside a transaction.
    pub(super) async fn mark_key_outside(&self) -> Result<&MarkKey, StoreError> {
        match self.marks.get() {
            Some(key) => Ok(key),
            None => opt_out::key_of(&self.db).await.map(|key| self.marks.get_or_init(|| key)),
        }
    }

    /// The address at which a browser opens `token`, if the channel of `connection` shows choices as links.
    pub fn link(&self, connection: &ConnectionId, token: &str) -> Option<String> {
        let links = self.channels.get(connection).is_some_and(|channel| channel.capabilities().links);
        self.page(token).filter(|_| links)
    }

    /// The address of the page of `token`, for texts; `None` without a public URL.
    pub fn page(&self, token: &str) -> Option<String> {
        self.options.public_url.as_ref().map(|base| format!("{base}r/{token}"))
    }

    /// The public address of a rating's page.
    pub fn rating_page(&self, rating_request: RequestId) -> Option<String> {
        self.options.public_url.as_ref().map(|base| format!("{base}ratings/{rating_request}"))
    }

    /// The public address of the page of low ratings.
    pub fn low_ratings_page(&self) -> Option<String> {
        self.options.public_url.as_ref().map(|base| format!("{base}low"))
    }

    /// The public address of a line's alarms.
    pub fn alarms_page(&self, line: &LineId) -> Option<String> {
        let part: String = url::form_urlencoded::byte_serialize(line.as_str().as_bytes()).collect();
        self.options.public_url.as_ref().map(|base| format!("{base}lines/{}/alarms", part.replace('+', "%20")))
    }

    /// The public address of the connections page.
    pub fn connections_page(&self) -> Option<String> {
        self.options.public_url.as_ref().map(|base| format!("{base}connections"))
    }

    /// The page of a recipient, as people outside reach it.
    pub fn recipient_page(&self, recipient: &str) -> Option<String> {
        let part: String = url::form_urlencoded::byte_serialize(recipient.as_bytes()).collect();
        self.options.public_url.as_ref().map(|base| format!("{base}recipients/{}", part.replace('+', "%20")))
    }

    /// Sends a notification; without subscribers it is dropped. A stopped connection is also logged.
    pub fn tell(&self, news: Notification) {
        if let Notification::Stopped { connection } = &news {
            tracing::error!(
                connection = connection.as_str(),
                "connection stopped: the platform reports an error; see the page Connections, fix the cause, then resume it"
            );
        }
        let _ = self.news.send(news);
    }
}
