//! A close without a full report from a desk, made from what is stored about the session.

use super::close_batch::Close;
use lastword_base::names::ClientId;
use lastword_domain::session::{ClosedBy, Operator};
use lastword_store::session::Session;
use lastword_store::{Millis, document_or_said};

/// The close of `session` at `now`, with everything that is known about it.
pub(crate) fn close_of(session: &Session, event: &str, closed_by: ClosedBy, operator: Option<Operator>, now: Millis) -> Close {
    let client = session.client_id.as_ref().and_then(|id| id.as_str().strip_prefix(&format!("{}/", session.source)));
    Close {
        source: session.source.clone(),
        event_key: format!("{event}:{}:{}", session.id, session.epoch + 1),
        session_id: session.id.clone(),
        line_id: session.line_id.clone(),
        closed_at: now.max(session.last_event_at),
        opened_at: session.opened_at,
        closed_by,
        operator,
        client: client.map(ClientId::from),
        language: session.language.clone(),
        connection: session.connection.clone(),
        address: session.address.as_deref().and_then(|address| document_or_said("session", "address", session.id.as_str(), address)),
        last_client_message_at: session.last_client_message_at,
        ..Close::default()
    }
}
