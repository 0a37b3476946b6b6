//! The door for everything that happens to a session, except its close: a desk and the API report a [`SessionChange`]. Each is
//! applied once, in the order of the events' times. Keys, ratings and frozen facts of earlier closes are never rewritten.

use super::event::{EventEnvelope, EventResult, keep, session_of, told_before};
use super::message::{Writer, assigned, called, written};
use super::open::{Opening, is_opened_again, opened, unopened};
use crate::engine::Engine;
use crate::engine::notifications::Notification;
use crate::question::withdraw::withdraw;
use lastword_base::names::{LineId, SessionId};
use lastword_domain::outcome::Withdrawn;
use lastword_domain::session::{Operator, SessionEventKind, SessionStatus, is_stale};
use lastword_store::question::rating_request;
use lastword_store::session::Session;
use lastword_store::{Millis, StoreError, Tx, transaction};

/// What happened to a session.
#[derive(Clone, Debug)]
pub enum SessionChange {
    /// It was opened. A closed one is opened again.
    Opened(Opening),
    /// A message was written: the idle timer restarts, and a later close counts as a new one.
    Wrote(Writer),
    /// It was reopened: its open question is withdrawn. If that was not sent, the client may be asked at the next close. If it was,
    /// its buttons are removed, and what the client types goes to the desk: it may answer what an operator asks now.
    Reopened,
    /// It has a new operator, a new line, or both. Ratings of earlier closes keep theirs.
    Reassigned {
        /// The new operator.
        operator: Option<Operator>,
        /// The new line.
        line: Option<LineId>,
    },
    /// It is one with another session of its source: its open question is withdrawn, and the client is asked about the other one.
    Merged {
        /// The session that remains.
        into: SessionId,
    },
}

impl SessionChange {
    /// The line it names.
    pub fn line(&self) -> Option<&LineId> {
        match self {
            SessionChange::Opened(opening) => Some(&opening.line_id),
            SessionChange::Reassigned { line, .. } => line.as_ref(),
            SessionChange::Wrote(_) | SessionChange::Reopened | SessionChange::Merged { .. } => None,
        }
    }

    /// The line of the session afterwards; `None` if its line does not matter.
    fn line_after<'a>(&'a self, before: &'a Session) -> Option<&'a LineId> {
        self.line().or_else(|| matches!(self, SessionChange::Reassigned { .. }).then_some(&before.line_id))
    }

    fn operator_mut(&mut self) -> Option<&mut Operator> {
        match self {
            SessionChange::Opened(Opening { operator, .. })
            | SessionChange::Wrote(Writer::Operator(operator))
            | SessionChange::Reassigned { operator, .. } => operator.as_mut(),
            SessionChange::Wrote(Writer::Client) | SessionChange::Reopened | SessionChange::Merged { .. } => None,
        }
    }

    /// Reason why open questions are withdrawn; `None` if they stay.
    fn withdraws(&self, before: &Session, at: Millis) -> Option<Withdrawn> {
        let why = match self {
            SessionChange::Reopened => Withdrawn::Reopened,
            SessionChange::Opened(_) if is_opened_again(before, at) => Withdrawn::Reopened,
            SessionChange::Merged { .. } => Withdrawn::Merged,
            SessionChange::Opened(_) | SessionChange::Wrote(_) | SessionChange::Reassigned { .. } => return None,
        };
        (!is_stale(at, before.last_event_at)).then_some(why)
    }

    /// The session afterwards, and the entry of its history.
    fn apply(self, engine: &Engine, before: Session, told: &EventEnvelope, now: Millis) -> (Session, SessionEventKind, String) {
        let at = told.occurred_at;
        match self {
            SessionChange::Opened(opening) => (opened(&engine.channels, before, opening, at), SessionEventKind::Opened, String::new()),
            SessionChange::Wrote(writer) => {
                let who = writer.to_string();
                (written(before, writer, at.min(now)), SessionEventKind::Wrote, who)
            }
            SessionChange::Reopened => {
                let active_at = before.active_at.max(at);
                (Session { status: SessionStatus::Open, active_at, ..before }, SessionEventKind::Reopened, String::new())
            }
            SessionChange::Reassigned { operator, line } => {
                let detail = operator.as_ref().map(|operator| format!("to operator {}", operator.id)).unwrap_or_default();
                let session = Session { line_id: line.unwrap_or_else(|| before.line_id.clone()), ..assigned(before, operator) };
                (session, SessionEventKind::Reassigned, detail)
            }
            SessionChange::Merged { into } => {
                let detail = format!("into {into}");
                (Session { status: SessionStatus::Merged, merged_into: Some(into), ..before }, SessionEventKind::Merged, detail)
            }
        }
    }
}

/// Applies a change to the session of `told`.
#[lastword_base::boxed]
pub async fn change_session(engine: &Engine, told: EventEnvelope, change: SessionChange, now: Millis) -> Result<EventResult, StoreError> {
    let (taken, news, withdrew) = transaction!(engine.db, [engine, told, change], async |tx| {
        let mut change = change;
        let nothing = |taken| Ok((taken, Vec::new(), false));
        if let Some(taken) = told_before(tx, &engine, &told).await? {
            return nothing(taken);
        }
        let before = match (session_of(tx, &told).await?, &change) {
            (Some(known), _) => known,
            (None, SessionChange::Opened(opening)) => unopened(&told, opening),
            (None, _) => return nothing(EventResult::UnknownSession),
        };
        if let Some(line) = change.line_after(&before)
            && !engine.lines.current(tx, &[line]).await?.contains_key(line)
        {
            return nothing(EventResult::UnknownLine);
        }
        let why = change.withdraws(&before, told.occurred_at);
        let news = match why {
            Some(why) => take_back(tx, &engine, &before, why, now).await?,
            None => Vec::new(),
        };
        if let Some(operator) = change.operator_mut() {
            *operator = called(tx, operator.clone(), told.occurred_at.min(now)).await?;
        }
        let (after, kind, detail) = change.apply(&engine, before, &told, now);
        Ok((keep(tx, &told, kind, detail, after, now).await?, news, why.is_some()))
    })
    .await?;
    if withdrew {
        engine.wake.ring();
    }
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(taken)
}

/// Withdraws the open questions of a session, including those that were sent.
async fn take_back(tx: &mut Tx, engine: &Engine, session: &Session, why: Withdrawn, now: Millis) -> Result<Vec<Notification>, StoreError> {
    let open = rating_request::open_of(tx, &session.source, &session.id).await?;
    let open = rating_request::hold(tx, &open).await?;
    withdraw(tx, engine, &open.iter().collect::<Vec<_>>(), why, now).await
}
