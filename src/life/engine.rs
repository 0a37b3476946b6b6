//! What every step needs, made once in `crate::app`.

use super::admin::lines::Lines;
use super::connection::adapters::{Adapters, NoAdapters};
use super::connection::channels::Channels;
use super::connection::hearing::Hearing;
use super::desk::desks::Desks;
use super::notifications::Notification;
use lastword_base::id::Ids;
use lastword_base::time::{Alarm, Clock, HOUR, Millis};
use lastword_domain::answer::opt_out::MarkKey;
use lastword_domain::question::token::TokenKeys;
use lastword_domain::session::label::Named;
use lastword_store::session::opt_out;
use lastword_store::{Db, StoreError, Tx};
use std::sync::{Arc, OnceLock};
use tokio::sync::{Notify, broadcast};

/// What every step needs.
#[derive(Clone)]
pub struct Engine {
    /// The database.
    pub db: Db,
    /// The clock. Steps get `now`; only loops and edges read it.
    pub clock: Arc<dyn Clock>,
    /// Ids and chance.
    pub ids: Arc<Ids>,
    /// The connections of this node.
    pub channels: Arc<Channels>,
    /// Those of them that are desks.
    pub desks: Arc<Desks>,
    /// One of each kind that this build has, behind which there is no account: what a message would look like there.
    pub samples: Arc<Channels>,
    /// What can be asked of the adapters while the node runs.
    pub adapters: Arc<dyn Adapters>,
    /// The keys that tokens are made with.
    pub keys: TokenKeys,
    /// Settings of lines, as last read.
    pub lines: Arc<Lines>,
    /// What the settings say.
    pub options: Arc<Options>,
    /// Wakes the queue when there is work sooner than it expects.
    pub wake: Arc<Alarm>,
    /// Wakes those who pass on to desks when there may be something to pass on.
    pub pass_on: Arc<Notify>,
    /// What was heard and sent since it was last written down.
    pub hearing: Arc<Hearing>,
    /// What happened, for those who watch.
    pub news: broadcast::Sender<Notification>,
    /// The key by which people are known again who do not want to be asked, once it was read.
    pub marks: Arc<OnceLock<MarkKey>>,
}

/// What the settings say, for the steps.
#[derive(Clone, Debug)]
pub struct Options {
    /// Ask once more where the end of a send is unknown and the channel makes it safe.
    pub resend: bool,
    /// How long an unknown end is held before that.
    pub unknown_hold: Millis,
    /// The organisation's time zone, for times in alerts.
    pub time_zone: chrono_tz::Tz,
    /// The name that clients see.
    pub organisation: String,
    /// The language where nobody's own is known.
    pub language: String,
    /// How the outside reaches us, with a slash at its end: what links begin with.
    pub public_url: Option<url::Url>,
    /// A database that was not at work for so long is taken for an old copy.
    pub asleep: Millis,
    /// Recipients who are told of connections in trouble; none for everybody whom a line tells of low ratings.
    pub admins: Vec<String>,
    /// How long a connection may be silent, where something should have been heard.
    pub deaf_after: Millis,
    /// The labels and fields that a close may carry.
    pub named: Named,
    /// How long messages that ended are kept; `None` for good.
    pub technical_kept: Option<Millis>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            resend: true,
            unknown_hold: 60_000,
            time_zone: chrono_tz::UTC,
            organisation: "Our team".to_owned(),
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
            lines: Arc::default(),
            options: Arc::new(options),
            wake: Arc::default(),
            pass_on: Arc::default(),
            hearing: Arc::default(),
            news,
            marks: Arc::default(),
        }
    }

    /// The time now.
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// The key by which people are known again who do not want to be asked.
    ///
    /// # Errors
    /// The database's error.
    pub(super) async fn mark_key(&self, tx: &mut Tx) -> Result<&MarkKey, StoreError> {
        match self.marks.get() {
            Some(key) => Ok(key),
            None => opt_out::key(tx).await.map(|key| self.marks.get_or_init(|| key)),
        }
    }

    /// As [`Engine::mark_key`], outside a transaction.
    ///
    /// # Errors
    /// The database's error.
    pub(super) async fn mark_key_outside(&self) -> Result<&MarkKey, StoreError> {
        match self.marks.get() {
            Some(key) => Ok(key),
            None => opt_out::key_of(&self.db).await.map(|key| self.marks.get_or_init(|| key)),
        }
    }

    /// The address at which a browser opens `token`, where the channel of `connection` shows choices as links.
    pub fn link(&self, connection: &str, token: &str) -> Option<String> {
        let links = self.channels.get(connection).is_some_and(|channel| channel.capabilities().links);
        self.page(token).filter(|_| links)
    }

    /// The address of the page behind `token`, for a text; none where the outside has no way to us.
    pub fn page(&self, token: &str) -> Option<String> {
        self.options.public_url.as_ref().map(|base| format!("{base}r/{token}"))
    }

    /// The page of a rating as people outside reach it.
    pub fn rating_page(&self, rating_request: &str) -> Option<String> {
        self.options.public_url.as_ref().map(|base| format!("{base}ratings/{rating_request}"))
    }

    /// The page of the low ratings that wait for somebody, as people outside reach it.
    pub fn low_ratings_page(&self) -> Option<String> {
        self.options.public_url.as_ref().map(|base| format!("{base}low"))
    }

    /// The page of a line's alarms, as people outside reach it.
    pub fn alarms_page(&self, line: &str) -> Option<String> {
        let part: String = url::form_urlencoded::byte_serialize(line.as_bytes()).collect();
        self.options.public_url.as_ref().map(|base| format!("{base}lines/{}/alarms", part.replace('+', "%20")))
    }

    /// The page of connections, as people outside reach it.
    pub fn connections_page(&self) -> Option<String> {
        self.options.public_url.as_ref().map(|base| format!("{base}connections"))
    }

    /// The page of a recipient, as people outside reach it.
    pub fn recipient_page(&self, recipient: &str) -> Option<String> {
        let part: String = url::form_urlencoded::byte_serialize(recipient.as_bytes()).collect();
        self.options.public_url.as_ref().map(|base| format!("{base}recipients/{}", part.replace('+', "%20")))
    }

    /// Tells whoever watches. Nobody watching is fine, but for a stopped connection, which stands in the log too.
    pub fn tell(&self, news: Notification) {
        if let Notification::Stopped { connection } = &news {
            tracing::error!(
                connection,
                "connection stopped: the platform reports an error; see the page Connections, fix the cause, then resume it"
            );
        }
        let _ = self.news.send(news);
    }
}
