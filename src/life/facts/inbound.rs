//! What a connection received, and what became of it.

use lastword_base::names::{ConnectionId, EventKey};
use lastword_contract::{Inbound, RawRequest};
use lastword_domain::answer::Disposition;
use lastword_domain::answer::scanner::SentForm;
use std::sync::Arc;

/// An event from a channel.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The connection.
    pub connection: ConnectionId,
    /// The event.
    pub inbound: Inbound,
    /// SHA-256 of the event's body.
    pub body_hash: String,
    /// The HTTP request that contained it, shared by all of its events. Only if there is a desk behind the connection.
    pub came: Option<Arc<RawRequest>>,
    /// The form of a link's page through which it came.
    pub form: Option<SentForm>,
}

impl Arrived {
    /// Its event: the connection is the source.
    pub(crate) fn event(&self) -> EventKey {
        EventKey { source: (&self.connection).into(), key: self.inbound.key.clone() }
    }
}

/// Result of an event, and the response to show to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptResult {
    /// The disposition.
    pub disposition: Disposition,
    /// It was received before; nothing happened now.
    pub repeated: bool,
    /// It is also an ordinary message for the desk to read, because there was text beside its score.
    pub also_message: bool,
    /// Stops the platform's spinner; with a text for the person.
    pub acknowledge: Option<(String, String)>,
}
