//! A desk reports a message in a session: the idle timer restarts, and a later close counts as a new one.

use super::event::{EventEnvelope, EventResult, keep, session_of, told_before};
use crate::engine::Engine;
use lastword_domain::session::{Operator, OperatorKind, SessionEventKind};
use lastword_store::session::Session;
use lastword_store::session::operator::{self, KnownKind, OperatorName};
use lastword_store::{Millis, StoreError, Tx, transaction};

/// The author.
#[derive(Clone, Debug)]
pub enum Writer {
    /// The client.
    Client,
    /// An operator; `None` if the desk does not say which one.
    Operator(Option<Operator>),
}

/// Records a message in a session.
pub async fn note_message(engine: &Engine, told: EventEnvelope, writer: Writer, now: Millis) -> Result<EventResult, StoreError> {
    transaction!(engine.db, [engine, told, writer], async |tx| {
        if let Some(taken) = told_before(tx, &engine, &told).await? {
            return Ok(taken);
        }
        let Some(session) = session_of(tx, &told).await? else { return Ok(EventResult::UnknownSession) };
        let at = told.occurred_at.min(now);
        let session = Session { active_at: session.active_at.max(at), ..session };
        let (session, who) = match writer {
            Writer::Client => {
                (Session { last_client_message_at: session.last_client_message_at.max(Some(at)), ..session }, "the client".to_owned())
            }
            Writer::Operator(operator) => {
                let operator = match operator {
                    Some(operator) => Some(called(tx, operator, at).await?),
                    None => None,
                };
                let who = operator.as_ref().map_or("an operator".to_owned(), |operator| format!("operator {}", operator.id));
                (with_operator(session, operator), who)
            }
        };
        keep(tx, &told, SessionEventKind::Wrote, who, Some(session), now).await
    })
    .await
}

/// The session with an operator who wrote; they become responsible if there was no one.
pub(crate) fn with_operator(session: Session, operator: Option<Operator>) -> Session {
    let Some(operator) = operator else { return session };
    let mut operators: Vec<Operator> = session.operators.clone();
    match operators.iter_mut().find(|known| known.id == operator.id) {
        Some(known) => {
            known.name = operator.name.clone().or(known.name.take());
            known.kind = operator.kind.or(known.kind);
        }
        None => operators.push(operator.clone()),
    }
    Session { operator_id: session.operator_id.or(Some(operator.id)), operators, ..session }
}

/// The operator with the stored name and kind, which are updated from this report.
pub(crate) async fn called(tx: &mut Tx, operator: Operator, at: Millis) -> Result<Operator, StoreError> {
    let Operator { id, name, kind } = operator;
    let known = operator::load(tx, &[&id]).await?.remove(&id);
    if let Some(name) = name.clone().filter(|name| known.as_ref().is_none_or(|known| known.name != *name)) {
        operator::keep(tx, &[OperatorName { id: id.clone(), name, named_at: at }]).await?;
    }
    let of_kind = operator::load_kinds(tx, &[&id]).await?.remove(&id);
    let is_news = |told: &OperatorKind| match &of_kind {
        None => *told == OperatorKind::Program,
        Some(of_kind) => of_kind.by_hand == 0 && of_kind.kind != *told,
    };
    let kind = match kind.filter(is_news) {
        Some(kind) => {
            operator::keep_kinds(tx, &[KnownKind { id: id.clone(), kind, by_hand: 0, told_at: at }]).await?;
            Some(kind)
        }
        None => of_kind.map(|of_kind| of_kind.kind),
    };
    Ok(Operator { id, name: name.or(known.map(|known| known.name)), kind })
}
