//! An opening of a session. Not required for asking, because a close contains everything. But it records when the chat began,
//! enables the idle timer, and lets the client be asked while the session is open.

use super::close_batch::person;
use super::event::EventEnvelope;
use super::message::assigned;
use crate::engine::channels::Channels;
use lastword_base::names::{ChatId, ClientId, ConnectionId, LineId};
use lastword_contract::Address;
use lastword_domain::session::{Operator, SessionStatus, is_stale};
use lastword_store::Millis;
use lastword_store::session::Session;

/// Data of an opening, as the desk reports it. Omitted fields keep their stored values.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// The line.
    pub line_id: LineId,
    /// The operator.
    pub operator: Option<Operator>,
    /// The desk's ID of the client, the same on all channels.
    pub client: Option<ClientId>,
    /// The client's language.
    pub language: Option<String>,
    /// Connection of the conversation.
    pub connection: Option<ConnectionId>,
    /// Address of the client in the conversation.
    pub address: Option<Address>,
}

/// A session of which nothing is known before its opening.
pub(super) fn unopened(told: &EventEnvelope, opening: &Opening) -> Session {
    Session {
        source: told.source.clone(),
        id: told.session_id.clone(),
        line_id: opening.line_id.clone(),
        status: SessionStatus::Open,
        ..Session::default()
    }
}

/// True if an opening at `at` opens a closed session again.
pub(super) fn is_opened_again(before: &Session, at: Millis) -> bool {
    let later = before.closed_at.is_some_and(|closed_at| at > closed_at);
    before.status == SessionStatus::Closed && later && !is_stale(at, before.last_event_at)
}

/// The session after its opening at `at`.
pub(super) fn opened(channels: &Channels, before: Session, opening: Opening, at: Millis) -> Session {
    let place = opening.connection.as_ref().zip(opening.address.as_ref().map(|address| ChatId::from(&address.chat)));
    let client_id = person(channels, &before.source, opening.client.as_ref(), place);
    let again = is_opened_again(&before, at);
    let before = assigned(before, opening.operator);
    Session {
        line_id: if again { opening.line_id } else { before.line_id },
        status: if again { SessionStatus::Open } else { before.status },
        opened_at: Some(at),
        active_at: before.active_at.max(at),
        client_id: client_id.or(before.client_id),
        language: opening.language.or(before.language),
        connection: opening.connection.or(before.connection),
        address: opening.address.and_then(|address| serde_json::to_string(&address).ok()).or(before.address),
        ..before
    }
}
