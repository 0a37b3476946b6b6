//! The trait of channels.

use crate::{
    Address, Capabilities, Conversation, Inbound, Millis, Outgoing, RawRequest, Receipt, Received, Rejected, SendError, WindowRule,
};
use async_trait::async_trait;

/// A configured account of a messenger: this bot, this WhatsApp number, this site's web chat.
///
/// The `Debug` output must not contain secrets; the kit checks it.
#[async_trait]
pub trait Channel: Send + Sync + std::fmt::Debug {
    /// Kind of messenger, as in settings, such as `telegram`.
    fn kind(&self) -> &'static str;

    /// Capabilities of this channel.
    fn capabilities(&self) -> Capabilities;

    /// The messaging window at `now`. The default follows [`Capabilities::window`].
    fn window(&self, conversation: &Conversation, now: Millis) -> Window {
        Window::by_rule(self.capabilities().window, conversation, now)
    }

    /// Returns the address in this channel's form. A close or a recipient with an invalid address is refused when it is
    /// reported, not when the first message is sent.
    ///
    /// # Errors
    /// A sentence that describes the form of addresses.
    fn admit(&self, to: Address) -> Result<Address, &'static str> {
        Ok(to)
    }

    /// True if no person reads messages to `to`: an address from which programs send, or this connection's own. Clients
    /// there are not asked. Recipients of alerts chose their address and are written to anyway.
    fn nobody_reads(&self, to: &Address) -> bool {
        let _ = to;
        false
    }

    /// A name for the person at `address`, under which limits, windows and opt-outs are stored. It is the same for all
    /// spellings of an address that can be recognised by their form. It is compared, never written to. Facts that only the
    /// platform knows come later, as [`Receipt::moved_to`] and [`crate::InboundKind::Moved`].
    fn identity(&self, address: &Address) -> String {
        address.chat.clone()
    }

    /// True if several people read messages to `to`. Such chats have their own limit ([`crate::Rate::per_group_ms`]).
    fn is_group(&self, to: &Address) -> bool {
        let _ = to;
        false
    }

    /// Sends one message, once. Never retries and never sleeps.
    ///
    /// # Errors
    /// A refusal before bytes were sent, or by a clear response, is definite. A timeout or a reset after bytes were sent is
    /// [`crate::Verdict::CannotKnow`].
    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError>;

    /// Parses one request from the platform. Pure and synchronous; must not panic on any input.
    ///
    /// # Errors
    /// [`Rejected`] if it is not signed, not readable, or nothing is received here.
    fn receive(&self, request: &RawRequest) -> Result<Received, Rejected> {
        let _ = request;
        Err(Rejected::NotHere)
    }

    /// Notifies the platform that a press was accepted, so that its progress indicator stops. Called after the commit; best effort.
    async fn acknowledge(&self, press_id: &str, text: &str) {
        let _ = (press_id, text);
    }

    /// The lines whose events are wanted; all where it is empty. Events that are about no line are sent all the same.
    fn event_lines(&self) -> &[String] {
        &[]
    }

    /// True if the service at this address keeps the state of an alert itself: it is notified when the alert was seen, and when the rating
    /// was dealt with (`kind` of the data: `seen`, `done`).
    fn keeps_state(&self, to: &Address) -> bool {
        let _ = to;
        false
    }

    /// True if another program receives the same presses and acknowledges those that are not ours. If false, all presses
    /// are acknowledged, so that no progress indicator remains.
    fn shares_presses(&self) -> bool {
        false
    }

    /// Asks the platform for the account, without changing anything, for `lastword doctor`.
    ///
    /// # Errors
    /// As [`Channel::send`].
    async fn check(&self) -> Result<Account, SendError>;

    /// Registers `hook_url` as the webhook, if this channel receives by webhook and the platform has a call for it.
    ///
    /// # Errors
    /// As [`Channel::send`].
    async fn register_hook(&self, hook_url: &str) -> Result<(), SendError> {
        let _ = hook_url;
        Ok(())
    }

    /// Identifies the secret from the settings, if it expires and can be renewed ([`Channel::renew_secret`]): its SHA-256
    /// in hex. The default is for secrets that do not expire.
    fn renewable_secret(&self) -> Option<String> {
        None
    }

    /// Asks the platform to renew the secret in use. The old one is used until [`Channel::use_secret`].
    ///
    /// # Errors
    /// As [`Channel::send`]; it is retried later.
    async fn renew_secret(&self, now: Millis) -> Result<Renewed, SendError> {
        let _ = now;
        Err(SendError::new(crate::Verdict::Refused, "lasts", "this secret does not end"))
    }

    /// Uses the renewed `secret` from now on.
    fn use_secret(&self, secret: &str) {
        let _ = secret;
    }

    /// Asks the platform for the display name of the person at `to`; `None` if it has none.
    ///
    /// # Errors
    /// As [`Channel::send`].
    async fn name_of(&self, to: &Address) -> Result<Option<String>, SendError> {
        let _ = to;
        Ok(None)
    }

    /// The public key that a browser needs before this channel can write to it, in base64url; `None` if there is none.
    ///
    /// # Errors
    /// The key cannot be read at the moment.
    async fn public_key(&self) -> Result<Option<String>, SendError> {
        Ok(None)
    }

    /// True if [`Channel::listen`] has to run for answers to arrive.
    fn listens(&self) -> bool {
        false
    }

    /// Fetches events without a webhook until `intake` signals to stop. `cursor` is the one passed to the last committed
    /// [`Intake::take`].
    ///
    /// # Errors
    /// The platform refused the call; the engine starts it again with growing pauses.
    async fn listen(&self, intake: &dyn Intake, cursor: Option<String>) -> Result<(), SendError> {
        let _ = (intake, cursor);
        Ok(())
    }
}

/// Receives the events that a listening channel fetched.
#[async_trait]
pub trait Intake: Send + Sync {
    /// Stores `events` and `cursor` in one commit. Only after this returns may the platform be notified that they were
    /// accepted: a cursor never passes an uncommitted event.
    ///
    /// # Errors
    /// They could not be stored; fetch them again.
    async fn take(&self, events: Vec<Fetched>, cursor: String) -> Result<(), IntakeError>;

    /// Records a successful call of the platform, even if it returned no events: the connection is receiving.
    fn alive(&self) {}

    /// Records that a call to the platform failed: if that lasts, people are notified with this error.
    fn failing(&self, error: &SendError) {
        let _ = error;
    }

    /// The desk behind this connection that gets what is not ours, if there is one. Only then is each event passed with
    /// [`Fetched::as_posted`].
    fn desk(&self) -> Option<DeskHook<'_>> {
        None
    }

    /// Resolves when listening has to end.
    async fn stopped(&self);

    /// The current time.
    fn now(&self) -> Millis;
}

/// A secret renewed by the platform.
#[derive(Clone)]
pub struct Renewed {
    /// The secret.
    pub secret: String,
    /// Time it expires.
    pub ends_at: Millis,
}

/// Leaves the secret out of debug output.
impl std::fmt::Debug for Renewed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Renewed").field("ends_at", &self.ends_at).finish_non_exhaustive()
    }
}

/// A fetched event.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The event.
    pub inbound: Inbound,
    /// The request with which the platform would have posted this event to a webhook: the platform's own bytes as the body,
    /// and its headers. Set only if [`Intake::desk`] returns a desk.
    pub as_posted: Option<RawRequest>,
}

/// What a desk would expect of its own webhook if it did not share the account with us.
#[derive(Clone, Copy)]
pub struct DeskHook<'a> {
    /// The secret that the platform would send, if the desk checks one.
    pub secret: Option<&'a str>,
}

/// Leaves the secret out of debug output.
impl std::fmt::Debug for DeskHook<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeskHook").finish_non_exhaustive()
    }
}

/// The events could not be stored.
#[derive(Debug, thiserror::Error)]
#[error("could not keep what was fetched: {0}")]
pub struct IntakeError(pub String);

/// Our own storage of messages that wait for a reader, used by the web chat.
#[async_trait]
pub trait Mailbox: Send + Sync {
    /// Adds `message` to the conversation `chat` of `connection`, once per `key`, and wakes its readers.
    ///
    /// # Errors
    /// It could not be stored.
    async fn put(&self, connection: &str, chat: &str, key: &str, message: serde_json::Value) -> Result<(), IntakeError>;
}

/// The account, as reported by the platform.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Public name of the account: a bot's user name, a page's name.
    pub name: String,
    /// Warnings for an admin, who has to act, as sentences: "The webhook is set to another address."
    pub warnings: Vec<String>,
    /// Consequences of chosen settings, and limits of the platform's plan, for information, as sentences: "Messages travel
    /// unencrypted: the URL is http, not https." An account with notes and no warnings is healthy.
    pub notes: Vec<String>,
}

/// The state of a messaging window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// At any time.
    Always,
    /// Until a certain time.
    Open {
        /// First moment at which it is shut.
        until: Millis,
    },
    /// No longer.
    Shut {
        /// Time since which it is shut.
        since: Millis,
    },
    /// The channel has a window, but the time of the client's last message is unknown.
    Unknown,
}

impl Window {
    /// The window of `conversation` at `now` under `rule`. A window reported by the platform takes precedence over the rule.
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

    /// First moment at which writing is no longer allowed, if there is one.
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
