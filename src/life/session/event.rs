//! The envelope of an event of a session, its result, and how it is stored: once, and applied unless a newer one was.

use crate::engine::Engine;
use crate::session::event_marks;
use lastword_base::names::{EventKey, SessionId, SessionKey, Source};
use lastword_domain::session::{SessionEventKind, is_stale};
use lastword_store::inbox::{self, Event};
use lastword_store::session::{self, Session, SessionEvent};
use lastword_store::{Millis, StoreError, Tx};

/// The envelope of an event.
#[derive(Clone, Debug)]
pub struct EventEnvelope {
    /// The reporting program.
    pub source: Source,
    /// The desk's ID of this event.
    pub event_key: String,
    /// SHA-256 of the event's body.
    pub body_hash: String,
    /// The session.
    pub session_id: SessionId,
    /// Time of the event.
    pub occurred_at: Millis,
}

impl EventEnvelope {
    /// Its event.
    pub(crate) fn event(&self) -> EventKey {
        EventKey { source: self.source.clone(), key: self.event_key.clone() }
    }

    /// Its session.
    pub(crate) fn session(&self) -> SessionKey {
        SessionKey { source: self.source.clone(), session: self.session_id.clone() }
    }
}

/// Result of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventResult {
    /// It is stored and applied.
    Applied,
    /// It was reported before.
    Repeated,
    /// Outdated by a newer event; only stored in the history.
    Stale,
    /// The same key was used before with another body. Nothing was stored.
    KeyReused,
    /// There is no such session. Nothing was stored.
    UnknownSession,
    /// There is no such line. Nothing was stored.
    UnknownLine,
}

impl EventResult {
    /// The text in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            EventResult::Applied => "applied",
            EventResult::Repeated => "repeated",
            EventResult::Stale => "stale",
            EventResult::KeyReused => "key_reused",
            EventResult::UnknownSession => "unknown_session",
            EventResult::UnknownLine => "unknown_line",
        }
    }
}

/// The result, if the event was reported before.
pub(super) async fn told_before(tx: &mut Tx, engine: &Engine, told: &EventEnvelope) -> Result<Option<EventResult>, StoreError> {
    // Events of an erased client are stored under their marks.
    let mark = event_marks::mark(engine.mark_key(tx).await?, &told.source, &told.event_key);
    let marked = EventKey { source: told.source.clone(), key: mark };
    let seen = inbox::told(tx, &[&told.event(), &marked]).await?;
    Ok(seen.values().next().map(|seen| if seen.says(&told.body_hash) { EventResult::Repeated } else { EventResult::KeyReused }))
}

/// The session the event is about.
pub(super) async fn session_of(tx: &mut Tx, told: &EventEnvelope) -> Result<Option<Session>, StoreError> {
    let key = told.session();
    Ok(session::load(tx, &[&key]).await?.remove(&key))
}

/// Stores the event, and the changed session unless the event is outdated.
pub(super) async fn keep(
    tx: &mut Tx,
    told: &EventEnvelope,
    kind: SessionEventKind,
    detail: String,
    session: Session,
    now: Millis,
) -> Result<EventResult, StoreError> {
    let stale = is_stale(told.occurred_at, session.last_event_at);
    let taken = if stale { EventResult::Stale } else { EventResult::Applied };
    let event = Event {
        source: told.source.clone(),
        event_key: told.event_key.clone(),
        kind: kind.as_str(),
        body_hash: told.body_hash.clone(),
        received_at: now,
        subject: Some(told.session_id.as_str().into()),
        disposition: Some(taken.as_str().to_owned()),
        body: None,
    };
    inbox::keep(tx, &[event]).await?;
    let detail = if stale { format!("{kind}, overtaken by a newer event") } else { detail };
    let story = SessionEvent {
        source: told.source.clone(),
        session_id: told.session_id.clone(),
        occurred_at: told.occurred_at,
        event_key: told.event_key.clone(),
        kind: if stale { SessionEventKind::Stale } else { kind },
        detail,
        received_at: now,
    };
    session::tell(tx, &[story]).await?;
    if !stale {
        let session = Session { last_event_at: told.occurred_at, revision: session.revision + 1, ..session };
        session::save(tx, &[session]).await?;
    }
    Ok(taken)
}
