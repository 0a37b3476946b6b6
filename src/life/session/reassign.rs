//! Changes the operator or line of a session. Ratings of earlier closes keep their operator and line, because their facts are
//! frozen.

use super::event::{EventEnvelope, EventResult, keep, session_of, told_before};
use super::message::called;
use crate::engine::Engine;
use lastword_base::names::LineId;
use lastword_domain::session::{Operator, SessionEventKind};
use lastword_store::session::Session;
use lastword_store::{Millis, StoreError, transaction};

/// Assigns a session to another operator, another line, or both.
pub async fn reassign_session(
    engine: &Engine,
    told: EventEnvelope,
    operator: Option<Operator>,
    line_id: Option<LineId>,
    now: Millis,
) -> Result<EventResult, StoreError> {
    transaction!(engine.db, [engine, told, operator, line_id], async |tx| {
        if let Some(taken) = told_before(tx, &engine, &told).await? {
            return Ok(taken);
        }
        let Some(session) = session_of(tx, &told).await? else { return Ok(EventResult::UnknownSession) };
        let line_id = line_id.unwrap_or_else(|| session.line_id.clone());
        if !engine.lines.current(tx, &[&line_id]).await?.contains_key(&line_id) {
            return Ok(EventResult::UnknownLine);
        }
        let operator = match operator {
            Some(operator) => Some(called(tx, operator, told.occurred_at).await?),
            None => None,
        };
        let mut operators: Vec<Operator> = session.operators.clone();
        operators.extend(operator.clone().filter(|new| operators.iter().all(|known| known.id != new.id)));
        let detail = operator.as_ref().map(|operator| format!("to operator {}", operator.id)).unwrap_or_default();
        let session =
            Session { operator_id: operator.map(|operator| operator.id).or(session.operator_id.clone()), operators, line_id, ..session };
        keep(tx, &told, SessionEventKind::Reassigned, detail, Some(session), now).await
    })
    .await
}
