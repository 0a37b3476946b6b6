//! What a channel is.

use crate::{
    Address, Capabilities, Conversation, Inbound, Millis, Outgoing, RawRequest, Receipt, Received, Rejected, SendError, WindowRule,
};
use async_trait::async_trait;

/// One configured account of a messenger: this bot, this WhatsApp number, this site's web chat.
///
/// Its `Debug` form must not show secrets; the kit checks it.
#[async_trait]
pub trait Channel: Send + Sync + std::fmt::Debug {
    /// The kind of messenger, as in settings: `telegram`.
    fn kind(&self) -> &'static str;

    /// What this channel can do.
    fn capabilities(&self) -> Capabilities;

    /// Whether the client may be written to at `now`. The default follows [`Capabilities::window`].
    fn window(&self, conversation: &Conversation, now: Millis) -> Window {
        Window::by_rule(self.capabilities().window, conversation, now)
    }

    /// The address as this channel writes it, where there can be such an address: a close or a recipient with any other is
    /// refused when it is told, not when the first message is sent.
    ///
    /// # Errors
    /// Says what an address looks like here, as a sentence.
    fn admit(&self, to: Address) -> Result<Address, &'static str> {
        Ok(to)
    }

    /// Whether nobody reads what is written to `to`: an address that programs send from, or this connection's own. A client
    /// there is not asked. Recipients of alerts are people who chose their address, and are written to.
    fn nobody_reads(&self, to: &Address) -> bool {
        let _ = to;
        false
    }

    /// The name under which limits, windows and wishes know whoever is at `address`: the same for every spelling of one address
    /// that can be told by its form. It is compared, never written to. What only the platform knows comes later, as
    /// [`Receipt::moved_to`] and [`crate::InboundKind::Moved`].
    fn identity(&self, address: &Address) -> String {
        address.chat.clone()
    }

    /// Whether several people read what is written to `to`: such chats have a limit of their own ([`crate::Rate::per_group_ms`]).
    fn is_group(&self, to: &Address) -> bool {
        let _ = to;
        false
    }

    /// Sends one message, once. It never retries and never sleeps.
    ///
    /// # Errors
    /// Says by phase what is known: refused before the bytes left or with a clear answer is definite, a timeout or a
    /// reset after they left is [`crate::Verdict::CannotKnow`].
    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError>;

    /// Reads one request from the platform: pure, synchronous, never panics on any bytes.
    ///
    /// # Errors
    /// [`Rejected`] when it is not signed, not readable, or nothing is received here.
    fn receive(&self, request: &RawRequest) -> Result<Received, Rejected> {
        let _ = request;
        Err(Rejected::NotHere)
    }

    /// Tells the platform that a press was taken, so that its spinner stops. Called after the commit; best effort.
    async fn acknowledge(&self, press_id: &str, text: &str) {
        let _ = (press_id, text);
    }

    /// Whether another program hears the same presses and answers those that are not ours. Where nobody else does, all of
    /// them are acknowledged, so that no spinner stays.
    fn shares_presses(&self) -> bool {
        false
    }

    /// Asks the platform who we are, without changing anything: what `lastword doctor` shows.
    ///
    /// # Errors
    /// As [`Channel::send`].
    async fn check(&self) -> Result<Account, SendError>;

    /// Makes the platform post to `hook_url`, where this channel receives by webhook and the platform can be told so.
    ///
    /// # Errors
    /// As [`Channel::send`].
    async fn register_hook(&self, hook_url: &str) -> Result<(), SendError> {
        let _ = hook_url;
        Ok(())
    }

    /// What tells the secret in the settings that ends by itself and can be renewed ([`Channel::renew_secret`]) from any other:
    /// its SHA-256 in hex. The default is for secrets that last.
    fn renewable_secret(&self) -> Option<String> {
        None
    }

    /// Lets the platform renew the secret in use. It stays in use until [`Channel::use_secret`].
    ///
    /// # Errors
    /// As [`Channel::send`]; it is tried again later.
    async fn renew_secret(&self, now: Millis) -> Result<Renewed, SendError> {
        let _ = now;
        Err(SendError::new(crate::Verdict::Refused, "lasts", "this secret does not end"))
    }

    /// Uses `secret`, a renewed one, from now on.
    fn use_secret(&self, secret: &str) {
        let _ = secret;
    }

    /// What people call whoever is at `to`, asked of the platform; `None` where it does not say.
    ///
    /// # Errors
    /// As [`Channel::send`].
    async fn name_of(&self, to: &Address) -> Result<Option<String>, SendError> {
        let _ = to;
        Ok(None)
    }

    /// The key that a browser has to be given before this channel can write to it, in base64url; `None` where there is none.
    ///
    /// # Errors
    /// When it cannot be had now.
    async fn public_key(&self) -> Result<Option<String>, SendError> {
        Ok(None)
    }

    /// Whether [`Channel::listen`] has to run for answers to arrive.
    fn listens(&self) -> bool {
        false
    }

    /// Fetches events without a webhook until `intake` says stop. `cursor` is what the last committed
    /// [`Intake::take`] named.
    ///
    /// # Errors
    /// When the platform refuses; the engine starts it again with growing pauses.
    async fn listen(&self, intake: &dyn Intake, cursor: Option<String>) -> Result<(), SendError> {
        let _ = (intake, cursor);
        Ok(())
    }
}

/// Where a listening channel hands over what it fetched.
#[async_trait]
pub trait Intake: Send + Sync {
    /// Keeps `events` and `cursor` in one commit. Only after this returns may the platform be told that they were
    /// taken: a cursor never passes an uncommitted event.
    ///
    /// # Errors
    /// When they could not be kept; fetch them again.
    async fn take(&self, events: Vec<Fetched>, cursor: String) -> Result<(), IntakeError>;

    /// A call of the platform worked, also one that brought nothing: the connection hears.
    fn alive(&self) {}

    /// Whether a desk behind this connection gets what is not ours, and how: then, and only then, each event is handed
    /// over with [`Fetched::as_posted`].
    fn desk(&self) -> Option<DeskHook<'_>> {
        None
    }

    /// Resolves when listening has to end.
    async fn stopped(&self);

    /// The time now.
    fn now(&self) -> Millis;
}

/// A secret that the platform renewed.
#[derive(Clone)]
pub struct Renewed {
    /// The secret.
    pub secret: String,
    /// It ends then.
    pub ends_at: Millis,
}

/// The secret stays out of debug output.
impl std::fmt::Debug for Renewed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Renewed").field("ends_at", &self.ends_at).finish_non_exhaustive()
    }
}

/// One event that was fetched.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// What happened.
    pub inbound: Inbound,
    /// The request with which the platform would have posted this event to a webhook: the platform's own bytes as the
    /// body, and its headers. Only where [`Intake::desk`] says that a desk gets it.
    pub as_posted: Option<RawRequest>,
}

/// What a desk expects of the webhook that it would have, had it not lent us the account.
#[derive(Clone, Copy)]
pub struct DeskHook<'a> {
    /// The secret that the platform would send along, where the desk checks one and the platform sends one.
    pub secret: Option<&'a str>,
}

/// The secret stays out of debug output.
impl std::fmt::Debug for DeskHook<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeskHook").finish_non_exhaustive()
    }
}

/// The events could not be kept.
#[derive(Debug, thiserror::Error)]
#[error("could not keep what was fetched: {0}")]
pub struct IntakeError(pub String);

/// A place of our own where messages wait for a reader: what the web chat is made of.
#[async_trait]
pub trait Mailbox: Send + Sync {
    /// Puts `message` into the conversation `chat` of `connection`, once per `key`, and wakes its readers.
    ///
    /// # Errors
    /// When it could not be kept.
    async fn put(&self, connection: &str, chat: &str, key: &str, message: serde_json::Value) -> Result<(), IntakeError>;
}

/// Who the platform says we are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The account's public name: a bot's user name, a page's name.
    pub name: String,
    /// Things an admin should know, as sentences: "The webhook is set to another address."
    pub warnings: Vec<String>,
}

/// Whether a client may be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// At any time.
    Always,
    /// Until this moment.
    Open {
        /// The first moment at which it is shut.
        until: Millis,
    },
    /// No longer.
    Shut {
        /// Since when.
        since: Millis,
    },
    /// The channel has a window, but the client's last message is not known.
    Unknown,
}

impl Window {
    /// The window of `conversation` at `now` under `rule`. A window that the platform named wins over the rule.
    pub fn by_rule(rule: WindowRule, conversation: &Conversation, now: Millis) -> Self {
        let length = match rule {
            WindowRule::Always => return Window::Always,
            WindowRule::AfterClientVia(_) if conversation.address.via.is_none() => return Window::Always,
            WindowRule::AfterClient(length) | WindowRule::AfterClientVia(length) => length,
        };
        let by_message = conversation.last_client_message_at.map(|at| at.saturating_add(length));
        match by_message.max(conversation.window_expires_at) {
            None => Window::Unknown,
            Some(until) if now < until => Window::Open { until },
            Some(since) => Window::Shut { since },
        }
    }

    /// The first moment at which writing is no longer allowed, if there is one.
    pub fn closes_at(self) -> Option<Millis> {
        match self {
            Window::Always | Window::Unknown => None,
            Window::Open { until } => Some(until),
            Window::Shut { since } => Some(since),
        }
    }
}

/// Convenience for channels that compare addresses.
impl From<&str> for Address {
    fn from(chat: &str) -> Self {
        Address::chat(chat)
    }
}
