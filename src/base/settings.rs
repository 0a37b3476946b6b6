//! Settings of a server: `settings.default.toml`, then `lastword.toml`, then `LASTWORD__SECTION__KEY`.
//!
//! Settings of a line (what to ask and when) are not here; they are stored in the database and edited on the line's page.
//! To add a key, add it to `settings.default.toml` with a description, and read it below.

mod connection;
mod database_url;
mod desk;
mod key;
mod pass_on;
mod postgres_url;
mod problem;
mod reader;
mod sessions;
mod sources;

pub use connection::Connection;
pub use database_url::DatabaseUrl;
pub use desk::DeskKeys;
pub use key::{KEY_BYTES_MIN, Key};
pub use pass_on::PassOn;
pub use postgres_url::{PostgresHost, PostgresUrl};
pub use problem::{SettingsProblem, SettingsProblems, ValueSource};
pub use sessions::Sessions;

use ipnet::IpNet;
use reader::Reader;
use secrecy::SecretString;
use sources::Sources;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;
use url::Url;

/// The settings file read by default, if it exists.
pub const DEFAULT_FILE: &str = "lastword.toml";

/// All settings of a server.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The server and its limits.
    pub http: Http,
    /// Rate limits.
    pub limits: Limits,
    /// The database.
    pub database: Database,
    /// Backups, and detection of copies.
    pub backup: Backup,
    /// Keys.
    pub security: Security,
    /// Sending of messages.
    pub queue: Queue,
    /// The log.
    pub log: Log,
    /// The organisation that runs the server.
    pub organisation: Organisation,
    /// Metrics for Prometheus.
    pub metrics: Metrics,
    /// Labels and fields of sessions.
    pub sessions: Sessions,
    /// Notifications about connections with problems.
    pub watch: Watch,
    /// Accounts of channels and desks, by name.
    pub connections: BTreeMap<String, Connection>,
    /// Base of relative paths: the folder of the settings file, or the working directory if there is none.
    folder: PathBuf,
}

/// `[http]`
#[derive(Clone, Debug)]
pub struct Http {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Public URL of the server; ends with a slash, so that paths can be joined.
    pub public_url: Option<Url>,
    /// Proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// Maximum number of connections, without WebSockets.
    pub max_connections: usize,
    /// Maximum number of unauthenticated connections per address.
    pub connections_per_address: usize,
    /// Number of connections reserved for calls with a valid key, signature or login.
    pub spare_connections: usize,
    /// Maximum number of WebSockets of web chats.
    pub max_sockets: usize,
    /// Maximum number of WebSockets per address.
    pub sockets_per_address: usize,
    /// Maximum number of WebSockets per visitor.
    pub sockets_per_visitor: usize,
    /// Maximum lifetime of a connection.
    pub connection_lifetime: Duration,
    /// Minimum speed at which a caller must read.
    pub min_read_bytes_per_second: u32,
    /// Maximum body size of an ordinary call.
    pub body_max_bytes: usize,
    /// Maximum body size of a call with many items.
    pub batch_body_max_bytes: usize,
    /// Maximum body size of a webhook.
    pub hook_body_max_bytes: usize,
    /// Time limit for the head of a request, and for each further part of its body.
    pub header_timeout: Duration,
    /// Time limit for the whole response.
    pub request_timeout: Duration,
}

/// `[limits]`. Zero means no limit.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// API calls per second with one key.
    pub key_per_second: u32,
    /// Calls per second from one address by unauthenticated callers.
    pub address_per_second: u32,
    /// Sign-in attempts per minute from one address.
    pub sign_ins_per_minute: u32,
}

impl Limits {
    /// No limits.
    pub const NONE: Self = Self { key_per_second: 0, address_per_second: 0, sign_ins_per_minute: 0 };
}

/// `[database]`
#[derive(Clone, Debug)]
pub struct Database {
    /// The database URL.
    pub url: DatabaseUrl,
    /// Maximum number of connections.
    pub connections: u32,
    /// True to upgrade tables at start.
    pub migrate: bool,
    /// Who checkpoints the write-ahead log of a SQLite file.
    pub checkpoint: Checkpoint,
    /// The pooler in front of PostgreSQL.
    pub pooler: Pooler,
    /// Time for which ended messages are stored; `None`: forever.
    pub technical_kept: Option<Duration>,
}

/// Fewest days for which messages that ended are kept.
const TECHNICAL_DAYS_MIN: u64 = 120;

/// The pooler that `database.url` leads through to PostgreSQL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pooler {
    /// None.
    #[default]
    None,
    /// One that gives each connection a session of its own.
    Session,
    /// One that gives each transaction a session.
    Transaction,
}

/// Who checkpoints the write-ahead log of a SQLite file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Checkpoint {
    /// This process.
    #[default]
    Own,
    /// Another process, such as Litestream.
    External,
}

/// `[backup]`
#[derive(Clone, Copy, Debug)]
pub struct Backup {
    /// A database that was not used for this long is treated as an old copy.
    pub asleep: Duration,
}

/// `[security]`
#[derive(Clone, Debug)]
pub struct Security {
    /// The key from the settings. Use [`Settings::key`] instead.
    pub key: Option<Key>,
    /// The previous key.
    pub previous_key: Option<Key>,
}

/// `[queue]`
#[derive(Clone, Debug)]
pub struct Queue {
    /// True if this process sends messages.
    pub enabled: bool,
    /// Maximum number of messages claimed at once.
    pub batch: usize,
    /// Time for which a claimed message is reserved.
    pub lease: Duration,
    /// Time limit of one send.
    pub send_timeout: Duration,
    /// Maximum number of concurrent sends.
    pub concurrency: usize,
    /// Maximum wait for proof that a message arrived.
    pub unknown_hold: Duration,
    /// What to do with a message whose arrival is unknown.
    pub resend: Resend,
}

/// What to do with a message whose arrival is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resend {
    /// Send it once more.
    Once,
    /// Leave the decision to a person.
    Never,
}

/// `[log]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Log {
    /// Format of the log.
    pub format: LogFormat,
    /// Level of the log.
    pub level: tracing::Level,
}

/// Format of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Text on a terminal, JSON elsewhere.
    Auto,
    /// JSON, for programs.
    Json,
    /// Text, for people.
    Text,
}

/// `[organisation]`
#[derive(Clone, Debug)]
pub struct Organisation {
    /// Name shown to people.
    pub name: String,
    /// Time zone of its days.
    pub time_zone: chrono_tz::Tz,
    /// Language for clients whose language is unknown.
    pub language: String,
    /// Country of phone numbers without a country code; a connection can set its own.
    pub default_country: Option<String>,
}

/// `[metrics]`
#[derive(Clone, Debug)]
pub struct Metrics {
    /// True if `/metrics` is served.
    pub enabled: bool,
    /// Token required by `/metrics`.
    pub token: Option<SecretString>,
}

/// `[watch]`
#[derive(Clone, Debug)]
pub struct Watch {
    /// Recipients notified when a connection stops or receives nothing.
    pub recipients: Vec<String>,
    /// Maximum time in which a connection receives nothing although something is expected.
    pub deaf_after: Duration,
}

impl Settings {
    /// Reads the settings from the file at `path` (by default [`DEFAULT_FILE`], if it exists) and the variables of `env`.
    ///
    /// # Errors
    /// All problems, one line each.
    pub fn load(path: Option<&Path>, env: impl Iterator<Item = (String, String)>) -> Result<Self, SettingsProblems> {
        let usual = Path::new(DEFAULT_FILE);
        let path = path.or_else(|| usual.exists().then_some(usual));
        let mut reader = Reader { sources: Sources::read(path, env) };
        let folder = path.and_then(Path::parent).unwrap_or(Path::new("")).to_owned();
        let http = read_http(&mut reader);
        let organisation = read_organisation(&mut reader);
        let settings = Self {
            limits: read_limits(&mut reader),
            database: read_database(&mut reader, &folder),
            backup: Backup { asleep: Duration::from_secs(3_600 * reader.number::<u64>("backup.asleep_hours", 1..=100_000)) },
            security: read_security(&mut reader),
            queue: read_queue(&mut reader),
            log: read_log(&mut reader),
            metrics: Metrics { enabled: reader.switch("metrics.enabled"), token: reader.secret("metrics.token") },
            sessions: sessions::read(&mut reader),
            watch: read_watch(&mut reader),
            connections: Connection::read_all(&mut reader, &http, organisation.default_country.as_ref()),
            organisation,
            http,
            folder,
        };
        if reader.sources.problems.is_empty() { Ok(settings) } else { Err(SettingsProblems(reader.sources.problems)) }
    }

    /// The signing key: the one from the settings, otherwise the one in [`Settings::key_file`], which is created from
    /// `fresh` on the first start.
    ///
    /// # Errors
    /// The file cannot be created or read, or does not contain a key.
    pub fn key(&self, fresh: [u8; KEY_BYTES_MIN]) -> Result<Key, SettingsProblem> {
        match (&self.security.key, self.key_file()) {
            (Some(key), _) => Ok(key.clone()),
            (None, Some(path)) => key::read_or_make(&path, fresh),
            (None, None) => Ok(Key::new(fresh)),
        }
    }

    /// The file that stores the key if the settings have none: next to the SQLite file. With PostgreSQL, next to the
    /// settings file or in the working directory; all nodes need the same file. `None` for a database in memory.
    pub fn key_file(&self) -> Option<PathBuf> {
        match self.database.url {
            DatabaseUrl::SqliteMemory => None,
            DatabaseUrl::SqliteFile(_) => Some(self.database.url.folder().join("lastword.key")),
            DatabaseUrl::Postgres(_) => Some(self.folder.join("lastword.key")),
        }
    }
}

const MIB: i64 = 1 << 20;

fn read_http(reader: &mut Reader) -> Http {
    Http {
        listen: reader
            .parse("http.listen", "is not an address with a port; write for instance \"127.0.0.1:8080\"", |text| text.parse().ok()),
        public_url: reader.parse_if_set(
            "http.public_url",
            "is not an address of a web server; write for instance \"https://rate.example.com\"",
            public_url,
        ),
        trusted_proxies: reader.list(
            "http.trusted_proxies",
            "is not an address or network; write for instance \"127.0.0.1\" or \"10.0.0.0/8\"",
            |text| text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from)),
        ),
        max_connections: reader.number("http.max_connections", 1..=100_000),
        connections_per_address: reader.number("http.connections_per_address", 1..=100_000),
        spare_connections: reader.number("http.spare_connections", 0..=100_000),
        max_sockets: reader.number("http.max_sockets", 1..=100_000),
        sockets_per_address: reader.number("http.sockets_per_address", 1..=100_000),
        sockets_per_visitor: reader.number("http.sockets_per_visitor", 1..=100),
        connection_lifetime: millis(reader, "http.connection_lifetime_ms", 1_000..=86_400_000),
        min_read_bytes_per_second: reader.number("http.min_read_bytes_per_second", 1..=1_000_000),
        body_max_bytes: reader.number("http.body_max_bytes", 1024..=64 * MIB),
        batch_body_max_bytes: reader.number("http.batch_body_max_bytes", 1024..=64 * MIB),
        hook_body_max_bytes: reader.number("http.hook_body_max_bytes", 1024..=64 * MIB),
        header_timeout: millis(reader, "http.header_timeout_ms", 100..=60_000),
        request_timeout: millis(reader, "http.request_timeout_ms", 100..=600_000),
    }
}

fn read_limits(reader: &mut Reader) -> Limits {
    Limits {
        key_per_second: reader.number("limits.key_per_second", 0..=1_000_000),
        address_per_second: reader.number("limits.address_per_second", 0..=1_000_000),
        sign_ins_per_minute: reader.number("limits.sign_ins_per_minute", 0..=1_000_000),
    }
}

fn read_database(reader: &mut Reader, folder: &Path) -> Database {
    let url = reader.parse("database.url", &DatabaseUrl::remedy(&reader.text("database.url")), DatabaseUrl::parse);
    let days: u64 = reader.number("database.technical_days", 0..=36_500);
    if (1..TECHNICAL_DAYS_MIN).contains(&days) {
        let why = "clients may edit answers for three months, and messages are needed for it";
        reader.problem("database.technical_days", format!("{days} is too few: {why}; write 0 for good, or {TECHNICAL_DAYS_MIN} or more"));
    }
    Database {
        technical_kept: (days > 0).then(|| Duration::from_secs(days * 86_400)),
        // A path in a variable is relative to the working directory; a path in a file is relative to that file's folder.
        url: if reader.sources.set_by_env("database.url") { url } else { url.within(folder) },
        connections: reader.number("database.connections", 2..=1000),
        migrate: reader.switch("database.migrate"),
        checkpoint: reader.parse("database.checkpoint", "is not a choice; write \"own\" or \"external\"", |text| match text {
            "own" => Some(Checkpoint::Own),
            "external" => Some(Checkpoint::External),
            _ => None,
        }),
        pooler: reader.parse("database.pooler", "is not a choice; write \"none\", \"session\" or \"transaction\"", |text| match text {
            "none" => Some(Pooler::None),
            "session" => Some(Pooler::Session),
            "transaction" => Some(Pooler::Transaction),
            _ => None,
        }),
    }
}

fn read_security(reader: &mut Reader) -> Security {
    let security = Security {
        key: reader.parse_if_set("security.key", Key::REMEDY, Key::parse),
        previous_key: reader.parse_if_set("security.previous_key", Key::REMEDY, Key::parse),
    };
    if let (Some(key), Some(previous)) = (&security.key, &security.previous_key)
        && key.bytes() == previous.bytes()
    {
        reader.problem("security.previous_key", "is the same as security.key; take it out, or give security.key a new one");
    }
    security
}

fn read_queue(reader: &mut Reader) -> Queue {
    let lease_ms: u64 = reader.number("queue.lease_ms", 1000..=3_600_000);
    let send_timeout_ms: u64 = reader.number("queue.send_timeout_ms", 100..=600_000);
    // If a send outlives its lease, another process could treat the message as lost and send it twice.
    let least = send_timeout_ms + 5000;
    if lease_ms < least {
        let message = format!("{lease_ms} is less than queue.send_timeout_ms ({send_timeout_ms}) + 5000; write at least {least}");
        reader.problem("queue.lease_ms", message);
    }
    Queue {
        enabled: reader.switch("queue.enabled"),
        batch: reader.number("queue.batch", 1..=1000),
        lease: Duration::from_millis(lease_ms),
        send_timeout: Duration::from_millis(send_timeout_ms),
        concurrency: reader.number("queue.concurrency", 1..=10_000),
        unknown_hold: millis(reader, "queue.unknown_hold_ms", 0..=86_400_000),
        resend: reader.parse("queue.resend", "is not a choice; write \"once\" or \"never\"", |text| match text {
            "once" => Some(Resend::Once),
            "never" => Some(Resend::Never),
            _ => None,
        }),
    }
}

fn read_log(reader: &mut Reader) -> Log {
    Log {
        format: reader.parse("log.format", "is not a choice; write \"auto\", \"json\" or \"text\"", |text| match text {
            "auto" => Some(LogFormat::Auto),
            "json" => Some(LogFormat::Json),
            "text" => Some(LogFormat::Text),
            _ => None,
        }),
        level: reader.parse(
            "log.level",
            "is not a choice; write \"error\", \"warn\", \"info\", \"debug\" or \"trace\"",
            // The type's own parser would accept numbers too.
            |text| text.bytes().all(|b| b.is_ascii_lowercase()).then(|| text.parse().ok()).flatten(),
        ),
    }
}

fn read_organisation(reader: &mut Reader) -> Organisation {
    Organisation {
        name: reader.parse("organisation.name", "is not a name; write 1 to 100 characters on one line", |text| {
            let fits = !text.trim().is_empty() && text.chars().count() <= 100 && !text.chars().any(char::is_control);
            fits.then(|| text.to_owned())
        }),
        time_zone: reader.parse(
            "organisation.time_zone",
            "is not a time zone; write an IANA name, for instance \"UTC\" or \"Europe/Berlin\"",
            |text| text.parse().ok(),
        ),
        language: reader.parse("organisation.language", "is not a language; write for instance \"en\" or \"pt-BR\"", |text| {
            is_language(text).then(|| text.to_owned())
        }),
        default_country: reader.parse_if_set(
            "organisation.default_country",
            "is no country; write its two letters of ISO 3166-1, such as \"DE\"",
            |text| (text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_alphabetic())).then(|| text.to_ascii_uppercase()),
        ),
    }
}

fn read_watch(reader: &mut Reader) -> Watch {
    let id = |text: &str| {
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b));
        fits.then(|| text.to_owned())
    };
    let minutes: u64 = reader.number("watch.deaf_after_minutes", 10..=10_080);
    Watch {
        recipients: reader.list("watch.recipients", "is not the id of a recipient; see: lastword recipient list", id),
        deaf_after: Duration::from_secs(minutes * 60),
    }
}

fn millis(reader: &mut Reader, key: &str, range: std::ops::RangeInclusive<i64>) -> Duration {
    Duration::from_millis(reader.number(key, range))
}

fn public_url(text: &str) -> Option<Url> {
    let mut url = Url::parse(text).ok()?;
    let plain = matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none();
    if !plain || !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Some(url)
}

/// Checks the form of a BCP 47 tag, not its registration.
fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or("");
    let sizes = (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic());
    sizes && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests;
