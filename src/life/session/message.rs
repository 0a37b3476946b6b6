//! A message in a session: its author, and what it changes. Operators of a session.

use lastword_domain::session::{Operator, OperatorKind};
use lastword_store::session::Session;
use lastword_store::session::operator::{self, KnownKind, OperatorName};
use lastword_store::{Millis, StoreError, Tx};
use std::fmt;

/// The author.
#[derive(Clone, Debug)]
pub enum Writer {
    /// The client.
    Client,
    /// An operator; `None` if the desk does not say which one.
    Operator(Option<Operator>),
}

impl fmt::Display for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Writer::Client => f.write_str("the client"),
            Writer::Operator(None) => f.write_str("an operator"),
            Writer::Operator(Some(operator)) => write!(f, "operator {}", operator.id),
        }
    }
}

/// The session after a message at `at`.
pub(super) fn written(before: Session, writer: Writer, at: Millis) -> Session {
    let session = Session { active_at: before.active_at.max(at), ..before };
    match writer {
        Writer::Client => Session { last_client_message_at: session.last_client_message_at.max(Some(at)), ..session },
        Writer::Operator(operator) => with_operator(session, operator),
    }
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

/// The session with a new responsible operator. `None` changes nothing.
pub(super) fn assigned(mut session: Session, operator: Option<Operator>) -> Session {
    let Some(operator) = operator else { return session };
    session.operator_id = Some(operator.id.clone());
    if session.operators.iter().all(|known| known.id != operator.id) {
        session.operators.push(operator);
    }
    session
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
            operator::keep_kinds(tx, &[KnownKind { id: id.clone(), kind, by_hand: 0, reported_at: at }]).await?;
            Some(kind)
        }
        None => of_kind.map(|of_kind| of_kind.kind),
    };
    Ok(Operator { id, name: name.or(known.map(|known| known.name)), kind })
}
