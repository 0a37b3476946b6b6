//! A batch of closes: their input, what is read and changed, and their results.

use crate::engine::channels::Channels;
use crate::engine::other_address::OtherAddress;
use crate::question::person_budget::Names;
use lastword_base::names::{ChatId, ClientId, ConnectionId, EventKey, LineId, OperatorId, Place, RequestId, SessionId, SessionKey, Source};
use lastword_contract::Address;
use lastword_domain::session::label::Fields;
use lastword_domain::session::{ClosedBy, Operator, Wish};
use lastword_store::Millis;
use lastword_store::inbox::{Event, Seen};
use lastword_store::line::Line;
use lastword_store::question::delivery::NewDelivery;
use lastword_store::question::rating_request::{ClosedNow, RatingRequest};
use lastword_store::session::client::Client;
use lastword_store::session::conversation::Known;
use lastword_store::session::operator::{KnownKind, OperatorName};
use lastword_store::session::{Session, SessionEvent};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// A close as the desk reports it, after validation.
#[derive(Clone, Debug, Default)]
pub struct Close {
    /// The reporting program.
    pub source: Source,
    /// The desk's ID of this event.
    pub event_key: String,
    /// SHA-256 of the event's body.
    pub body_hash: String,
    /// The desk's ID of the session.
    pub session_id: SessionId,
    /// The line.
    pub line_id: LineId,
    /// Time of the close.
    pub closed_at: Millis,
    /// Time of the opening.
    pub opened_at: Option<Millis>,
    /// Who closed it.
    pub closed_by: ClosedBy,
    /// The responsible operator.
    pub operator: Option<Operator>,
    /// All operators who wrote, people and programs.
    pub operators: Vec<Operator>,
    /// The desk's ID of the client, the same on all channels.
    pub client: Option<ClientId>,
    /// The client's language.
    pub language: Option<String>,
    /// Connection of the conversation.
    pub connection: Option<ConnectionId>,
    /// Address of the client in the conversation.
    pub address: Option<Address>,
    /// Other addresses of the client.
    pub addresses: Vec<OtherAddress>,
    /// Time of the client's last message, by the channel's clock.
    pub last_client_message_at: Option<Millis>,
    /// Messages by operators.
    pub operator_messages: Option<i64>,
    /// Messages by the client.
    pub client_messages: Option<i64>,
    /// The client's name, as the desk knows it. Personal data.
    pub client_name: Option<String>,
    /// The client already rated during the conversation.
    pub already_rated: bool,
    /// The known labels of the session.
    pub labels: Vec<String>,
    /// The known fields of the session. Personal data.
    pub fields: Fields,
    /// The closer's choice: ask, do not ask, or let the line decide.
    pub wish: Wish,
    /// The closer's reason.
    pub wish_reason: Option<String>,
    /// Page of the chat at the desk. Personal data.
    pub desk_page: Option<String>,
}

impl Close {
    /// True if the client's last message is later than `now`, by the clock of the desk.
    pub(super) fn is_ahead_of(&self, now: Millis) -> bool {
        self.last_client_message_at.is_some_and(|at| at > now)
    }

    /// Its session.
    pub(crate) fn session(&self) -> SessionKey {
        SessionKey { source: self.source.clone(), session: self.session_id.clone() }
    }

    /// Its event.
    pub(crate) fn event(&self) -> EventKey {
        EventKey { source: self.source.clone(), key: self.event_key.clone() }
    }

    /// The operators it names, possibly twice.
    pub(super) fn named(&self) -> impl Iterator<Item = &Operator> {
        self.operators.iter().chain(&self.operator)
    }
}

/// Result of a close.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closed {
    /// It is stored, and decided.
    Kept {
        /// The rating request of this close.
        rating_request: RequestId,
        /// Time of the question, or the reason why it is not asked.
        decision: Result<Millis, String>,
        /// It was reported before.
        repeated: bool,
    },
    /// It is stored. The client was asked while the session was open: that question is the one about this close, and no other is
    /// sent.
    AskedBefore {
        /// Its rating request.
        rating_request: RequestId,
        /// It was reported before.
        repeated: bool,
    },
    /// The session was already closed, without messages since: it remains the same close. Stored in its history.
    AlreadyClosed {
        /// The rating request of that close.
        rating_request: RequestId,
        /// It was reported before.
        repeated: bool,
    },
    /// Outdated by a newer event of the same session; stored in its history.
    Stale,
    /// The same key was used before with another body. Nothing was stored.
    KeyReused,
    /// There is no such line. Nothing was stored.
    UnknownLine,
}

/// Everything a batch reads before it decides, and writes afterwards.
#[derive(Default)]
pub(crate) struct Batch {
    pub(super) seen: HashMap<EventKey, Seen>,
    pub(super) lines: HashMap<LineId, Arc<Line>>,
    pub(super) sessions: HashMap<SessionKey, Session>,
    pub(crate) clients: HashMap<ClientId, Client>,
    pub(crate) conversations: HashMap<Place, Known>,
    pub(super) names: HashMap<OperatorId, OperatorName>,
    pub(super) kinds: HashMap<OperatorId, KnownKind>,
    pub(crate) repeated: HashMap<RequestId, RatingRequest>,
    /// Names of the clients that have opted out.
    pub(crate) opted_out: HashSet<ClientId>,
    // Writes.
    pub(super) events: Vec<Event>,
    pub(super) session_events: Vec<SessionEvent>,
    pub(crate) requests: Vec<RatingRequest>,
    pub(super) deliveries: Vec<NewDelivery>,
    pub(super) touched_sessions: BTreeSet<SessionKey>,
    pub(super) touched_clients: BTreeSet<ClientId>,
    pub(super) named: BTreeSet<OperatorId>,
    pub(super) of_kind: BTreeSet<OperatorId>,
    pub(super) closed_now: Vec<ClosedNow>,
}

/// The client over all lines and channels: the desk's ID of the person, otherwise the conversation.
pub(crate) fn client_id(channels: &Channels, close: &Close) -> Option<ClientId> {
    let place = close.connection.as_ref().zip(close.address.as_ref().map(|address| ChatId::from(&address.chat)));
    person(channels, &close.source, close.client.as_ref(), place)
}

/// As [`client_id`], from its parts.
pub(crate) fn person(
    channels: &Channels,
    source: &Source,
    client: Option<&ClientId>,
    place: Option<(&ConnectionId, ChatId)>,
) -> Option<ClientId> {
    match (client, place) {
        (Some(client), _) => Some(format!("{source}/{client}").into()),
        (None, Some((connection, chat))) => Some(channels.name_at(connection, chat)),
        (None, None) => None,
    }
}

/// The names under which a close knows the client.
pub(crate) fn names(channels: &Channels, close: &Close) -> Names {
    let desk = close.client.as_ref().map(|client| format!("{}/{client}", close.source).into());
    Names::new(channels, desk, close.connection.as_ref().zip(close.address.as_ref()), &close.addresses)
}

/// The original result, regardless of later events.
pub(crate) fn answer(request: &RatingRequest, repeated: bool) -> Closed {
    let decision = request.due_at.ok_or_else(|| request.reason.clone().unwrap_or_default());
    Closed::Kept { rating_request: request.id, decision, repeated }
}
