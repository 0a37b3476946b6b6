//! What the queue needs from the code that knows the meaning of deliveries.

use async_trait::async_trait;
use lastword_base::names::{ChatId, ConnectionId};
use lastword_base::time::Millis;
use lastword_domain::question::delivery::Failure;
use lastword_store::question::delivery::Delivery;
pub use lastword_store::question::ending::Ended;
use lastword_store::{StoreError, Tx};

/// Limits of a connection.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectionLimit {
    /// Its name.
    pub name: ConnectionId,
    /// Calls per second; zero for no limit.
    pub per_second: f64,
    /// Size of a burst of calls.
    pub burst: u32,
}

/// The chat of a delivery, for connections that limit messages per chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chat {
    /// The chat, as the connection names it.
    pub name: ChatId,
    /// Minimum time between two messages to it.
    pub between: Millis,
}

/// Result of composing a delivery's message.
#[derive(Clone, Debug)]
pub enum Written<M> {
    /// It is ready to be sent.
    Message(M),
    /// There is nothing to send any more.
    Nothing,
    /// It may not be sent before this time.
    NotBefore(Millis),
}

/// Result of one call.
#[derive(Clone, Debug)]
pub enum TryResult {
    /// The platform accepted it.
    Sent {
        /// The platform's ID of the message.
        message_id: Option<String>,
        /// The address to use from now on, as JSON, if the platform reports that the old one moved.
        moved_to: Option<String>,
    },
    /// It was not sent, or that is unknown.
    Failed {
        /// The meaning.
        failure: Failure,
        /// Stable code of the failure.
        kind: &'static str,
        /// The platform's own message.
        detail: String,
    },
    /// The code panicked while preparing or sending it.
    Panicked,
}

impl TryResult {
    /// A stable text for metrics and the list of tries.
    pub fn verdict(&self) -> &'static str {
        match self {
            TryResult::Sent { .. } => "sent",
            TryResult::Failed { kind, .. } => kind,
            TryResult::Panicked => "panicked",
        }
    }
}

/// Implements the content of deliveries.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// A message, ready to be sent.
    type Message: Send + Sync + 'static;

    /// The connections of this node.
    fn connection_limits(&self) -> Vec<ConnectionLimit>;

    /// The chat of a delivery, if its connection requires time between two messages to one chat.
    fn chat(&self, delivery: &Delivery) -> Option<Chat>;

    /// True if each chat of a connection is at a server of its own, so that a call that fails says nothing of the connection.
    fn chats_apart(&self, connection: &ConnectionId) -> bool {
        let _ = connection;
        false
    }

    /// Composes the messages of these deliveries, one for each.
    ///
    /// # Errors
    /// A database error; then the leases expire and the deliveries are claimed again.
    async fn prepare(&self, deliveries: &[Delivery], now: Millis) -> Result<Vec<Written<Self::Message>>, StoreError>;

    /// Sends one message, once.
    async fn send(&self, delivery: &Delivery, message: &Self::Message) -> TryResult;

    /// A platform accepted a delivery at another address, given as JSON; called in the transaction that records it.
    ///
    /// # Errors
    /// A database error; then nothing was recorded.
    async fn moved(&self, tx: &mut Tx, delivery: &Delivery, to: &str, now: Millis) -> Result<(), StoreError> {
        let _ = (tx, delivery, to, now);
        Ok(())
    }

    /// The ends of these deliveries are about to be recorded. Called first in the transaction that records them, so that locks are
    /// taken in the order of all other transactions. `lost` are those that may not have been delivered.
    ///
    /// # Errors
    /// A database error; then nothing is recorded.
    async fn ending(&self, tx: &mut Tx, deliveries: &[&Delivery], lost: &[&Delivery]) -> Result<(), StoreError>;

    /// Deliveries ended; called in the transaction that records it.
    ///
    /// # Errors
    /// A database error; then nothing was recorded.
    async fn ended(&self, tx: &mut Tx, ended: &[Ended], now: Millis) -> Result<(), StoreError>;

    /// A try ended `late` milliseconds after it was due. For metrics.
    fn tried(&self, delivery: &Delivery, result: &TryResult, late: Millis);

    /// A connection was stopped because its platform reported that it is broken.
    fn stopped(&self, connection: &ConnectionId);
}
