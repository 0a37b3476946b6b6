//! Opens a session. This is not required for asking, because a close contains everything. But it records when the chat began,
//! enables the idle timer, and lets the client be asked while the session is open. A closed session is reopened.

use super::close_batch::person;
use super::event::{EventEnvelope, EventResult, keep, session_of, told_before};
use super::message::called;
use super::reopen::take_back;
use crate::engine::Engine;
use lastword_base::names::{ChatId, ClientId, ConnectionId, LineId};
use lastword_contract::Address;
use lastword_domain::outcome::Withdrawn;
use lastword_domain::session::{Operator, SessionEventKind, SessionStatus, is_stale};
use lastword_store::session::Session;
use lastword_store::{Millis, StoreError, transaction};

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

/// Opens a session.
pub async fn open_session(engine: &Engine, told: EventEnvelope, opening: Opening, now: Millis) -> Result<EventResult, StoreError> {
    let (taken, news) = transaction!(engine.db, [engine, told, opening], async |tx| {
        if let Some(taken) = told_before(tx, &engine, &told).await? {
            return Ok((taken, Vec::new()));
        }
        if !engine.lines.current(tx, &[&opening.line_id]).await?.contains_key(&opening.line_id) {
            return Ok((EventResult::UnknownLine, Vec::new()));
        }
        let known = session_of(tx, &told).await?;
        let again = known.as_ref().filter(|session| {
            let later = session.closed_at.is_some_and(|closed_at| told.occurred_at > closed_at);
            session.status == SessionStatus::Closed && later && !is_stale(told.occurred_at, session.last_event_at)
        });
        let news = match again {
            Some(session) => take_back(tx, &engine, session, Withdrawn::Reopened, now).await?,
            None => Vec::new(),
        };
        let opening = match opening.operator.clone() {
            Some(operator) => Opening { operator: Some(called(tx, operator, told.occurred_at).await?), ..opening },
            None => opening,
        };
        let status = again.is_some().then_some(SessionStatus::Open);
        let session = opened(&engine, known, &told, opening, status);
        Ok((keep(tx, &told, SessionEventKind::Opened, String::new(), Some(session), now).await?, news))
    })
    .await?;
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(taken)
}

fn opened(engine: &Engine, known: Option<Session>, told: &EventEnvelope, opening: Opening, status: Option<SessionStatus>) -> Session {
    let fresh = Session {
        source: told.source.clone(),
        id: told.session_id.clone(),
        line_id: opening.line_id.clone(),
        status: SessionStatus::Open,
        operators: Vec::new(),
        ..Session::default()
    };
    let is_new = known.is_none();
    let before = known.unwrap_or(fresh);
    let place = opening.connection.as_ref().zip(opening.address.as_ref().map(|address| ChatId::from(&address.chat)));
    let client_id = person(&engine.channels, &told.source, opening.client.as_ref(), place);
    let mut operators: Vec<Operator> = before.operators.clone();
    operators.extend(opening.operator.clone().filter(|new| operators.iter().all(|known| known.id != new.id)));
    Session {
        line_id: if is_new || status.is_some() { opening.line_id } else { before.line_id },
        status: status.unwrap_or(before.status),
        opened_at: Some(told.occurred_at),
        active_at: before.active_at.max(told.occurred_at),
        operator_id: opening.operator.map(|operator| operator.id).or(before.operator_id),
        operators,
        client_id: client_id.or(before.client_id),
        language: opening.language.or(before.language),
        connection: opening.connection.or(before.connection),
        address: opening.address.and_then(|address| serde_json::to_string(&address).ok()).or(before.address),
        ..before
    }
}
