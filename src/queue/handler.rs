//! What the queue asks of whoever knows what deliveries are about.

use async_trait::async_trait;
use lastword_base::time::Millis;
use lastword_domain::question::delivery::Failure;
use lastword_store::question::delivery::Delivery;
pub use lastword_store::question::ending::Ended;
use lastword_store::{StoreError, Tx};

/// A connection as the queue sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectionLimit {
    /// Its name.
    pub name: String,
    /// Calls a second; zero for no limit.
    pub per_second: f64,
    /// Calls that may go at once.
    pub burst: u32,
}

/// The chat that a delivery goes to, where chats are not written to as often as one likes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chat {
    /// The chat, as the connection names it.
    pub name: String,
    /// The least time between two messages to it.
    pub between: Millis,
}

/// What became of a delivery when its message was to be written.
#[derive(Clone, Debug)]
pub enum Written<M> {
    /// It is ready to be sent.
    Message(M),
    /// There is nothing to say any more.
    Nothing,
    /// It may not leave before this moment.
    NotBefore(Millis),
}

/// How one call ended.
#[derive(Clone, Debug)]
pub enum TryResult {
    /// The platform took it.
    Sent {
        /// The platform's id of the message.
        message_id: Option<String>,
        /// The address to use from now on, as JSON, where the platform says that the old one moved.
        moved_to: Option<String>,
    },
    /// It did not go out, or nobody can say.
    Failed {
        /// What it means.
        failure: Failure,
        /// What happened, as a stable word.
        kind: &'static str,
        /// The platform's own words.
        detail: String,
    },
    /// The code broke while preparing or sending it.
    Panicked,
}

impl TryResult {
    /// A stable word for metrics and the list of tries.
    pub fn verdict(&self) -> &'static str {
        match self {
            TryResult::Sent { .. } => "sent",
            TryResult::Failed { kind, .. } => kind,
            TryResult::Panicked => "panicked",
        }
    }
}

/// Knows what deliveries are about.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// A message, ready to be sent.
    type Message: Send + Sync + 'static;

    /// The connections of this node.
    fn connection_limits(&self) -> Vec<ConnectionLimit>;

    /// The chat of a delivery, if its connection wants time between two messages to one chat.
    fn chat(&self, delivery: &Delivery) -> Option<Chat>;

    /// Writes the messages of these deliveries, one for each.
    ///
    /// # Errors
    /// The database's error; the leases run out and are taken up again.
    async fn prepare(&self, deliveries: &[Delivery], now: Millis) -> Result<Vec<Written<Self::Message>>, StoreError>;

    /// Sends one message, once.
    async fn send(&self, delivery: &Delivery, message: &Self::Message) -> TryResult;

    /// A platform took a delivery at another address, given as JSON; called in the transaction that records it.
    ///
    /// # Errors
    /// The database's error; then nothing was recorded.
    async fn moved(&self, tx: &mut Tx, delivery: &Delivery, to: &str, now: Millis) -> Result<(), StoreError> {
        let _ = (tx, delivery, to, now);
        Ok(())
    }

    /// The ends of these deliveries are about to be recorded. Called first in the transaction that records them, so that locks are
    /// taken in the order of all other transactions. `lost` are those of them that may not have been delivered.
    ///
    /// # Errors
    /// The database's error; then nothing is recorded.
    async fn ending(&self, tx: &mut Tx, deliveries: &[&Delivery], lost: &[&Delivery]) -> Result<(), StoreError>;

    /// Deliveries ended; called in the transaction that records it.
    ///
    /// # Errors
    /// The database's error; then nothing was recorded.
    async fn ended(&self, tx: &mut Tx, ended: &[Ended], now: Millis) -> Result<(), StoreError>;

    /// A try ended `late` milliseconds after it was due. For metrics.
    fn tried(&self, delivery: &Delivery, result: &TryResult, late: Millis);

    /// A connection was stopped because its platform says that it is broken.
    fn stopped(&self, connection: &str);
}
