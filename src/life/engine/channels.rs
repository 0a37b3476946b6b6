//! The connections of this node, by name.

use lastword_base::names::{ChatId, ClientId, ConnectionId, LineId, Place};
use lastword_contract::{Address, Channel, Conversation, Window};
use lastword_domain::answer::opt_out::place_name;
use lastword_domain::answer::rating::Scale;
use lastword_domain::question::delivery::Kind;
use lastword_domain::question::window::WindowFact;
use lastword_store::Millis;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The built-in connection to chat rooms.
pub const ROOMS: &str = "rooms";
/// The built-in connection to browsers in which people enabled notifications.
pub const WEB_PUSH: &str = "web-push";

/// A connection with its uses.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The configured account.
    pub channel: Arc<dyn Channel>,
    /// Events sent through it (`rating.created` …), if it carries events.
    pub events: Vec<String>,
    /// The desk that receives what is not ours, if the account is shared with one.
    pub desk: Option<Arc<DeskBehind>>,
}

/// A desk behind a connection.
#[derive(Clone)]
pub struct DeskBehind {
    /// Time for which a request is stored for it.
    pub keep_for: Millis,
    /// Time limit of one call.
    pub call_for: Millis,
    /// Name of the setting that the desk expects as the webhook's secret if updates are fetched.
    pub secret: Option<&'static str>,
    /// The texts among the connection's settings, by key. They must not be stored in the database.
    pub settings: BTreeMap<String, String>,
}

/// Hides the settings, which may be secrets.
impl std::fmt::Debug for DeskBehind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeskBehind").field("keep_for", &self.keep_for).finish_non_exhaustive()
    }
}

impl DeskBehind {
    /// The setting whose value is this text.
    pub fn setting_of(&self, text: &str) -> Option<&str> {
        self.settings.iter().find(|(_, value)| *value == text).map(|(key, _)| key.as_str())
    }

    /// The value of a text setting.
    pub fn value_of(&self, setting: &str) -> Option<&str> {
        self.settings.get(setting).map(String::as_str)
    }
}

/// The connections of this node by name. They can change while the node runs; each read sees the present ones.
#[derive(Debug, Default)]
pub struct Channels(RwLock<Snapshot>);

type Snapshot = Arc<BTreeMap<ConnectionId, Connection>>;

impl Clone for Channels {
    /// A copy of the present connections, which then changes independently.
    fn clone(&self) -> Self {
        Self(RwLock::new(self.all()))
    }
}

impl Channels {
    /// The present connections by name.
    pub fn iter(&self) -> impl Iterator<Item = (ConnectionId, Connection)> + use<> {
        self.all().iter().map(|(name, connection)| (name.clone(), connection.clone())).collect::<Vec<_>>().into_iter()
    }

    fn all(&self) -> Snapshot {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// True if `to` is a group on this connection that names no person: an answer there could be anyone's.
    pub fn is_nobodys_group(&self, connection: &ConnectionId, to: &Address) -> bool {
        to.user.is_none() && self.get(connection).is_some_and(|channel| channel.is_group(to))
    }

    /// True if no one reads messages to `to` on this connection: a client there is not asked.
    pub fn is_unread(&self, connection: &ConnectionId, to: &Address) -> bool {
        self.get(connection).is_some_and(|channel| channel.nobody_reads(to))
    }

    /// Identity of the client at `chat` on a connection, the same for all spellings of the address ([`Channel::identity`]).
    pub fn identity(&self, connection: &ConnectionId, chat: impl Into<ChatId>) -> ChatId {
        let chat = chat.into();
        match self.get(connection) {
            None => chat,
            Some(channel) => channel.identity(&Address::chat(chat)).into(),
        }
    }

    /// Key of a conversation: its connection, and the identity of the client there.
    pub fn place(&self, connection: &ConnectionId, chat: impl Into<ChatId>) -> Place {
        Place { connection: connection.clone(), chat: self.identity(connection, chat) }
    }

    /// Name of a client that the desk does not name: the key of the conversation, the same for all spellings of the address.
    pub fn name_at(&self, connection: &ConnectionId, chat: impl Into<ChatId>) -> ClientId {
        place_name(connection, &self.identity(connection, chat)).into()
    }

    /// The client with the ID `id`. An ID that names a conversation (`wa:5541988880000`) means the client there.
    pub fn client(&self, id: &ClientId) -> ClientId {
        let place = id
            .as_str()
            .split_once(':')
            .map(|(connection, chat)| (connection.into(), chat))
            .filter(|(connection, _)| self.get(connection).is_some());
        place.map_or_else(|| id.clone(), |(connection, chat)| self.name_at(&connection, chat))
    }

    /// Adds a connection, or replaces the one of that name.
    pub fn add(&self, name: impl Into<ConnectionId>, channel: Arc<dyn Channel>, events: Vec<String>) {
        self.put(name, Connection { channel, events, desk: None });
    }

    /// Like [`Channels::add`], with all properties of the connection.
    pub fn put(&self, name: impl Into<ConnectionId>, connection: Connection) {
        self.change(|all| drop(all.insert(name.into(), connection)));
    }

    /// Removes a connection: nothing more is sent or received through it.
    pub fn remove(&self, name: &ConnectionId) {
        self.change(|all| drop(all.remove(name)));
    }

    /// Sets the desk behind a connection.
    pub fn share(&self, name: &ConnectionId, desk: DeskBehind) {
        self.change(|all| {
            if let Some(connection) = all.get_mut(name) {
                connection.desk = Some(Arc::new(desk));
            }
        });
    }

    fn change(&self, change: impl FnOnce(&mut BTreeMap<ConnectionId, Connection>)) {
        change(Arc::make_mut(&mut *self.0.write().unwrap_or_else(PoisonError::into_inner)));
    }

    /// The desk behind a connection.
    pub fn desk(&self, name: &ConnectionId) -> Option<Arc<DeskBehind>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(name)?.desk.clone()
    }

    /// The channel behind a connection.
    pub fn get(&self, name: &ConnectionId) -> Option<Arc<dyn Channel>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(name).map(|connection| connection.channel.clone())
    }

    /// The connections through which clients are reached: all but the built-in ones to browsers and chat rooms.
    pub fn of_clients(&self) -> impl Iterator<Item = (ConnectionId, Connection)> + use<> {
        self.iter().filter(|(name, _)| name != ROOMS && name != WEB_PUSH)
    }

    /// The connections through which a person can be notified, by name. Excludes the one to rooms, each of which is a recipient of its own.
    pub fn told_through(&self) -> impl Iterator<Item = (ConnectionId, Connection)> + use<> {
        self.of_clients().filter(|(_, connection)| connection.channel.capabilities().alerts)
    }

    /// True if this connection takes alerts in parts.
    pub fn takes_parts(&self, name: &ConnectionId) -> bool {
        self.get(name).is_some_and(|channel| channel.capabilities().parts)
    }

    /// The names of all connections.
    pub fn names(&self) -> Vec<ConnectionId> {
        self.all().keys().cloned().collect()
    }

    /// The connections that carry events and want the event `name`, about `line` if it is about one.
    pub fn wanting(&self, name: &str, line: Option<&LineId>) -> Vec<ConnectionId> {
        let named = |connection: &Connection| connection.events.iter().any(|event| event == name || event == "*");
        let of_line = |connection: &Connection| {
            let lines = connection.channel.event_lines();
            line.is_none_or(|line| lines.is_empty() || lines.iter().any(|wanted| wanted == line))
        };
        let wants = |connection: &Connection| named(connection) && connection.channel.capabilities().events && of_line(connection);
        self.all().iter().filter(|(_, connection)| wants(connection)).map(|(connection, _)| connection.clone()).collect()
    }

    /// Maximum number of times that a delivery of `kind` through `connection` may be sent again if its result is unknown.
    pub fn resends_max(&self, connection: &ConnectionId, kind: Kind, resend: bool) -> i64 {
        let safe = self.get(connection).is_some_and(|channel| {
            let capabilities = channel.capabilities();
            capabilities.idempotent_sends || capabilities.proof_of_delivery
        });
        kind.resends_max(safe && resend)
    }
}

/// Converts a scale to the contract's type.
pub fn contract_scale(scale: Scale) -> lastword_contract::Scale {
    match scale {
        Scale::Binary => lastword_contract::Scale::Binary,
        Scale::FiveStar => lastword_contract::Scale::FiveStar,
    }
}

/// The window of a conversation at `now`, as an input of the decision.
pub fn window_fact(
    channel: &dyn Channel,
    address: &Address,
    last_client_message_at: Option<Millis>,
    window_expires_at: Option<Millis>,
    now: Millis,
) -> WindowFact {
    let conversation = Conversation { address: address.clone(), last_client_message_at, window_expires_at };
    fact(channel.window(&conversation, now))
}

/// Converts a window to an input of the decision.
pub(crate) fn fact(window: Window) -> WindowFact {
    match window {
        Window::Always => WindowFact::Always,
        Window::Unknown => WindowFact::Unknown,
        Window::Open { until } => WindowFact::Until(until),
        Window::Shut { since } => WindowFact::Until(since),
    }
}
