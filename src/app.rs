//! Composition: turns settings into connections, an engine, a queue and a server. The only module that names adapters.

pub mod admin;
mod built_in;
pub mod channel_handler;
#[cfg(feature = "webchat")]
pub mod demo;
pub mod desk_duty;
pub mod desks;
pub mod intake;
pub mod live;
pub mod lock;
pub mod mailbox;
pub mod maintenance;
pub mod metrics_task;
mod node;
pub mod quarantine;
pub mod register_channel;
mod samples;
pub mod serve;
#[cfg(feature = "webchat")]
pub mod sites;
pub mod vault;
pub mod xray;

pub use self::node::database::{connect, connect_with, open_at, open_database};
pub(crate) use self::node::named;
pub use self::node::{Node, runner};

use crate::http::site::Site;
use crate::life::engine::adapters::kind::Kind;
use crate::life::engine::adapters::kind::{PASS_ON, PASS_ON_POLLED};
use crate::life::engine::channels::Channels;
use crate::life::engine::desks::{DeskAlone, Desks as HelpDesks, Routing};
use crate::settings::{Connection, DeskKeys, SettingsProblem, SettingsProblems};
use crate::store::StoreError;
use crate::time::{MINUTE, Millis, SECOND};
use desks::Desks;
use lastword_base::names::LineId;
#[cfg(feature = "chatwoot")]
use lastword_chatwoot::history as chatwoot_history;
use lastword_contract::phone::Country;
use lastword_contract::{Channel, Desk, Vault};
#[cfg(feature = "rooms")]
use lastword_rooms as rooms;
#[cfg(feature = "webchat")]
use lastword_webchat as webchat;
#[cfg(feature = "webhook")]
use lastword_webhook as webhook;
use mailbox::EngineMailbox;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Adapters in this build.
const KINDS: &[&str] = &[
    #[cfg(feature = "email")]
    "email",
    #[cfg(feature = "meta")]
    "instagram",
    #[cfg(feature = "meta")]
    "messenger",
    #[cfg(feature = "rooms")]
    "room",
    #[cfg(feature = "telegram")]
    "telegram",
    #[cfg(feature = "webchat")]
    "webchat",
    #[cfg(feature = "webhook")]
    "web_push",
    #[cfg(feature = "webhook")]
    "webhook",
    #[cfg(feature = "meta")]
    "whatsapp",
];

/// Desks in this build.
const DESKS: &[&str] = &[
    #[cfg(feature = "bitrix24")]
    "bitrix24",
    #[cfg(feature = "chatwoot")]
    "chatwoot",
    #[cfg(feature = "desk")]
    "desk",
    #[cfg(feature = "rocketchat")]
    "rocketchat",
    #[cfg(feature = "zammad")]
    "zammad",
];

/// The widget that sites embed; empty if the web chat is not in this build.
fn widget_source() -> &'static str {
    #[cfg(feature = "webchat")]
    return &webchat::WIDGET_JS;
    #[cfg(not(feature = "webchat"))]
    ""
}

/// Why the program cannot start, as text for the operator of the server.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An invalid setting.
    #[error("{0}")]
    Settings(#[from] SettingsProblems),
    /// An error of the database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// An error of the network.
    #[error("http.listen: cannot listen on {0}: {remedy} ({1})", remedy = listen_remedy(.1))]
    Listen(std::net::SocketAddr, std::io::Error),
    /// Any other error.
    #[error("{0}")]
    Other(String),
}

fn listen_remedy(error: &std::io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::AddrInUse => "another program uses this port; stop it, or choose another port",
        ErrorKind::AddrNotAvailable => "this machine has no such address; use one of its own, 127.0.0.1 or 0.0.0.0",
        ErrorKind::PermissionDenied => "this user may not use this port; choose one from 1024 up, and put a reverse proxy in front",
        _ => "choose another address or port",
    }
}

impl From<SettingsProblem> for StartError {
    fn from(problem: SettingsProblem) -> Self {
        StartError::Settings(SettingsProblems(vec![problem]))
    }
}

/// The connections of the settings, with their web chats as sites.
#[derive(Default)]
pub struct Connections {
    /// All connections.
    pub channels: Channels,
    /// Web chats.
    pub sites: BTreeMap<String, Arc<dyn Site>>,
    /// Help desks.
    pub help_desks: HelpDesks,
    /// Desks behind shared accounts, by connection.
    pub desks: Desks,
}

/// Dependencies of channels.
#[derive(Clone)]
pub struct ChannelDeps {
    /// The HTTP client shared by all channels.
    pub http: reqwest::Client,
    /// Mailbox of web chats.
    pub mailbox: Arc<EngineMailbox>,
    /// Key that signs visitors' tokens.
    pub visitor_key: Arc<[u8]>,
    /// Vault for secrets that platforms send.
    pub vault: Arc<dyn Vault>,
    /// Our public address, with which links start.
    pub public_url: Option<Url>,
}

/// Kinds that can be set up on a page or by the API, with their settings.
pub(crate) fn kinds() -> Vec<Kind> {
    let channel = |name, settings| Kind { name, desk: false, settings, shared: &[] };
    let desk = |name, settings| Kind { desk: true, ..channel(name, settings) };
    // The first is polled, unless it has a webhook; Meta's call us.
    let polled = |name, settings| Kind { shared: PASS_ON_POLLED, ..channel(name, settings) };
    let called = |name, settings| Kind { shared: PASS_ON, ..channel(name, settings) };
    let mut kinds = vec![
        #[cfg(feature = "telegram")]
        polled("telegram", lastword_telegram::SETTINGS),
        #[cfg(feature = "meta")]
        called("whatsapp", lastword_meta::WHATSAPP_SETTINGS),
        #[cfg(feature = "meta")]
        called("messenger", lastword_meta::MESSENGER_SETTINGS),
        #[cfg(feature = "meta")]
        called("instagram", lastword_meta::INSTAGRAM_SETTINGS),
        #[cfg(feature = "webchat")]
        channel("webchat", webchat::SETTINGS),
        #[cfg(feature = "email")]
        channel("email", lastword_email::SETTINGS),
        #[cfg(feature = "webhook")]
        channel("webhook", webhook::SETTINGS),
        #[cfg(feature = "chatwoot")]
        desk("chatwoot", lastword_chatwoot::SETTINGS),
        #[cfg(feature = "bitrix24")]
        desk("bitrix24", lastword_bitrix24::SETTINGS),
        #[cfg(feature = "rocketchat")]
        desk("rocketchat", lastword_rocketchat::SETTINGS),
        #[cfg(feature = "zammad")]
        desk("zammad", lastword_zammad::SETTINGS),
        #[cfg(feature = "desk")]
        desk("desk", lastword_desk::SETTINGS),
    ];
    kinds.extend(register_channel::kinds().into_iter().map(|name| channel(name, &[])));
    kinds
}

/// Creates the connections of the settings.
///
/// # Errors
/// Names the connection and the invalid key.
pub fn connections(settings: &BTreeMap<String, Connection>, deps: &ChannelDeps) -> Result<Connections, StartError> {
    let mut made = Connections::default();
    for connection in settings.values() {
        made.add(connection, deps)?;
    }
    built_in::add(&mut made, settings, deps)?;
    Ok(made)
}

/// A channel, the events to which it subscribes, and the web chat if it is one.
type MadeChannel = (Arc<dyn Channel>, Vec<String>, Option<Arc<dyn Site>>);

/// Creates the channel of a connection. To add one: its kind in [`KINDS`], its settings in [`kinds`], and an arm here.
fn channel(connection: &Connection, deps: &ChannelDeps) -> Result<MadeChannel, StartError> {
    let name = &connection.name;
    let channel: Arc<dyn Channel> = match connection.kind.as_str() {
        #[cfg(feature = "email")]
        "email" => Arc::new(lastword_email::Email::new(connection.read()?).map_err(|message| connection.refused(&message))?),
        #[cfg(feature = "telegram")]
        "telegram" => {
            let config = lastword_telegram::Config { passes_on: connection.pass_on.is_some(), ..connection.read()? };
            let telegram = lastword_telegram::Telegram::new(config, deps.http.clone());
            Arc::new(telegram.map_err(|message| connection.refused(&message))?)
        }
        #[cfg(feature = "meta")]
        "whatsapp" => {
            let whatsapp = lastword_meta::WhatsApp::new(whatsapp_config(connection)?, deps.http.clone());
            Arc::new(whatsapp.map_err(|message| connection.refused(&message))?)
        }
        #[cfg(feature = "meta")]
        "messenger" => {
            let messenger = lastword_meta::Messenger::new(connection.read()?, deps.http.clone());
            Arc::new(messenger.map_err(|message| connection.refused(&message))?)
        }
        #[cfg(feature = "meta")]
        "instagram" => {
            let instagram = lastword_meta::Instagram::new(connection.read()?, deps.http.clone());
            Arc::new(instagram.map_err(|message| connection.refused(&message))?)
        }
        #[cfg(feature = "webhook")]
        "webhook" => {
            let webhook = webhook::Webhook::new(name, connection.read()?).map_err(|message| connection.refused(&message))?;
            let subscribed = webhook.events().to_vec();
            if let Some(wrong) = subscribed.iter().find(|event| *event != "*" && !crate::life::events::NAMES.contains(&event.as_str())) {
                let message = format!("\"{wrong}\" is no event; write {}, or * for all", crate::life::events::NAMES.join(", "));
                return Err(connection.problem("events", &message).into());
            }
            return Ok((Arc::new(webhook), subscribed, None));
        }
        kind if built_in::is_one(kind) => built_in::made(connection, deps)?,
        #[cfg(feature = "webchat")]
        "webchat" => {
            let config: lastword_webchat::Config = connection.read()?;
            config.validate().map_err(|problem| connection.refused(&problem.to_string()))?;
            let chat = Arc::new(lastword_webchat::WebChat::new(name.clone(), config, deps.mailbox.clone()));
            let site = sites::WebChatSite::new(name, chat.clone(), deps.visitor_key.clone());
            return Ok((chat, Vec::new(), Some(Arc::new(site))));
        }
        other => match register_channel::maker(other) {
            Some(make) => make(connection, deps)?,
            None => return Err(connection.unknown_kind(&[KINDS, DESKS, &register_channel::kinds()].concat()).into()),
        },
    };
    Ok((channel, Vec::new(), None))
}

/// A created help desk.
struct MadeDesk {
    desk: Arc<dyn Desk>,
    /// The same desk as a channel, if it sends messages to clients too.
    channel: Option<Arc<dyn Channel>>,
    keys: DeskKeys,
    country: Option<Country>,
}

/// Creates the desk of a connection, if its kind is a desk. To add one: a kind in [`DESKS`] and an arm here.
#[cfg_attr(
    not(any(feature = "bitrix24", feature = "chatwoot", feature = "desk", feature = "rocketchat", feature = "zammad")),
    expect(unused_variables, unreachable_code, reason = "a program without desks makes none")
)]
fn desk(connection: &Connection, deps: &ChannelDeps) -> Result<Option<MadeDesk>, StartError> {
    if !DESKS.contains(&connection.kind.as_str()) {
        return Ok(None);
    }
    let (keys, connection) = connection.of_desk()?;
    let routing_country = country(&connection, keys.default_country.as_deref())?;
    let (desk, channel): (Arc<dyn Desk>, Option<Arc<dyn Channel>>) = match connection.kind.as_str() {
        #[cfg(feature = "bitrix24")]
        "bitrix24" => {
            let hook = deps.public_url.as_ref().and_then(|url| url.join(&format!("hooks/{}", connection.name)).ok());
            let (http, vault) = (deps.http.clone(), deps.vault.clone());
            let bitrix24 = lastword_bitrix24::Bitrix24::new(&connection.name, connection.read()?, http, vault, hook.map(String::from));
            let bitrix24 = Arc::new(bitrix24.map_err(|message| connection.refused(&message))?);
            (bitrix24.clone(), Some(bitrix24))
        }
        #[cfg(feature = "chatwoot")]
        "chatwoot" => {
            let chatwoot = lastword_chatwoot::Chatwoot::new(connection.read()?, deps.http.clone());
            let chatwoot = Arc::new(chatwoot.map_err(|message| connection.refused(&message))?);
            (chatwoot.clone(), Some(chatwoot))
        }
        #[cfg(feature = "desk")]
        "desk" => {
            let config = lastword_desk::Config { default_country: routing_country, ..connection.read()? };
            let desk = lastword_desk::AnyDesk::new(config, deps.http.clone());
            (Arc::new(desk.map_err(|message| connection.refused(&message))?), None)
        }
        #[cfg(feature = "rocketchat")]
        "rocketchat" => {
            let rocketchat = lastword_rocketchat::RocketChat::new(connection.read()?, deps.http.clone());
            (Arc::new(rocketchat.map_err(|message| connection.refused(&message))?), None)
        }
        #[cfg(feature = "zammad")]
        "zammad" => {
            let zammad = lastword_zammad::Zammad::new(connection.read()?, deps.http.clone());
            (Arc::new(zammad.map_err(|message| connection.refused(&message))?), None)
        }
        _ => return Ok(None),
    };
    Ok(Some(MadeDesk { desk, channel, keys, country: routing_country }))
}

#[cfg(feature = "meta")]
fn whatsapp_config(connection: &Connection) -> Result<lastword_meta::WhatsAppConfig, StartError> {
    let config: lastword_meta::WhatsAppConfig = connection.read()?;
    let default_country = config.default_country.map_or_else(|| country(connection, None), |own| Ok(Some(own)))?;
    Ok(lastword_meta::WhatsAppConfig { passes_on: connection.pass_on.is_some(), default_country, ..config })
}

/// Country of phone numbers without a country code: the connection's `own`, otherwise the organisation's.
fn country(connection: &Connection, own: Option<&str>) -> Result<Option<Country>, SettingsProblem> {
    let Some(code) = own.or(connection.organisations_country.as_deref()) else { return Ok(None) };
    Country::parse(code).map(Some).ok_or_else(|| connection.problem("default_country", &format!("\"{code}\" {}", Country::REMEDY)))
}

impl Connections {
    /// Creates a connection and adds it.
    pub(crate) fn add(&mut self, connection: &Connection, deps: &ChannelDeps) -> Result<(), StartError> {
        let name = &connection.name;
        if let Some(desk) = desk(connection, deps)? {
            if connection.pass_on.is_some() {
                let message = format!("is not for this connection: a {} is a desk itself; take it out", connection.kind);
                return Err(connection.problem("pass_on", &message).into());
            }
            return self.add_desk(name, desk, deps);
        }
        let (channel, events, site) = channel(connection, deps)?;
        if channel.capabilities().links && deps.public_url.is_none() {
            return Err(SettingsProblem::unset_public_url(name).into());
        }
        let desk = connection.pass_on.as_ref().map(|_| desks::behind(connection, &*channel)).transpose()?;
        self.channels.add(name.clone(), channel, events);
        self.sites.extend(site.map(|site| (name.clone(), site)));
        if let Some((behind, desk)) = desk {
            self.channels.share(&name.into(), behind);
            self.desks.put(&name.into(), Arc::new(desk));
        }
        Ok(())
    }

    fn add_desk(&mut self, name: &str, made: MadeDesk, deps: &ChannelDeps) -> Result<(), StartError> {
        let MadeDesk { desk, channel, keys, country } = made;
        let channel = channel.unwrap_or_else(|| Arc::new(DeskAlone(desk.clone())));
        if channel.capabilities().links && deps.public_url.is_none() {
            return Err(SettingsProblem::unset_public_url(name).into());
        }
        let routing = Routing {
            line: keys.line.map(LineId::from),
            lines: keys.lines.into_iter().map(|(queue, line)| (queue, line.into())).collect(),
            ask_through: keys.ask_through.into_iter().map(|(queue, name)| (queue, name.into())).collect(),
            reconcile_every: Millis::from(keys.reconcile_minutes) * MINUTE,
            note_after: Millis::from(keys.note_after_secs) * SECOND,
            country,
        };
        self.channels.add(name, channel, Vec::new());
        self.help_desks.add(name, desk, routing);
        Ok(())
    }
}

fn client_builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(concat!("lastword/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(5))
        .pool_max_idle_per_host(256)
        .redirect(reqwest::redirect::Policy::none())
}

/// Creates the HTTP client shared by all channels.
///
/// # Errors
/// If the system's certificates cannot be read.
pub fn http_client() -> Result<reqwest::Client, StartError> {
    client_builder().build().map_err(|error| StartError::Other(format!("cannot make an HTTP client: {error}")))
}
