//! An operator or a program has the client asked while the session is open. The question counts for the session's next close, which
//! asks no second one. The answer may close the session, if its line says so.

use crate::engine::Engine;
use crate::engine::notifications::Notification;
use crate::engine::stop::Stop;
use crate::session::claim::find_visitors;
use crate::session::close::{ClosedAll, read, write};
use crate::session::close_batch::{Close, Closed, client_id, names};
use crate::session::close_facts::{facts, freeze, keep, next_session};
use crate::session::close_known::close_of;
use lastword_base::names::{LineId, SessionId, SessionKey, Source};
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::line::WhileTalking;
use lastword_domain::outcome::NotAsked;
use lastword_domain::question::schedule::{Decision, Plan, decide};
use lastword_domain::session::{ClosedBy, SessionEventKind, SessionStatus, Wish};
use lastword_store::access::audit;
use lastword_store::line::Line;
use lastword_store::question::rating_request::{self, ClosedNow, RatingRequest};
use lastword_store::session::{self, Session, SessionEvent};
use lastword_store::{Millis, StoreError, Tx, transaction};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// Reason why a client is not asked while talking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotWhileTalking {
    /// The session is not open.
    SessionNotOpen,
    /// The client was already asked about this conversation.
    Asked,
    /// The line does not ask while talking.
    Off,
    /// A reason that also applies to closes.
    Not(NotAsked),
}

impl NotWhileTalking {
    /// The text in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            NotWhileTalking::SessionNotOpen => "session_not_open",
            NotWhileTalking::Asked => "asked",
            NotWhileTalking::Off => "while_talking_off",
            NotWhileTalking::Not(reason) => reason.as_str(),
        }
    }
}

/// Result of asking while talking.
#[derive(Clone, Debug)]
pub enum AskedTalking {
    /// The client is asked.
    Asked(Box<RatingRequest>),
    /// The client is not asked, for this reason. Nothing was changed.
    Not(NotWhileTalking),
    /// There is no such session.
    Unknown,
}

/// Asks the client of an open session, on behalf of `by`.
///
/// # Errors
/// A database error; then nothing was changed.
#[lastword_base::boxed]
pub async fn ask_while_talking(engine: &Engine, by: &By, source: &Source, id: &SessionId, now: Millis) -> Result<AskedTalking, StoreError> {
    let key = SessionKey { source: source.clone(), session: id.clone() };
    let done = transaction!(engine.db, [engine, by, key], async |tx| {
        let Some(session) = session::load(tx, &[&key]).await?.into_values().next() else {
            return Ok((AskedTalking::Unknown, None));
        };
        Ok(match Stop::split(ask(tx, &engine, &by, session, now).await)? {
            Ok((request, asked)) => (AskedTalking::Asked(Box::new(request)), Some(asked)),
            Err(reason) => (AskedTalking::Not(reason), None),
        })
    })
    .await;
    let (asked, after) = done?;
    after.into_iter().for_each(|after| drop(after.tell(engine)));
    Ok(asked)
}

type AskResult = Result<(RatingRequest, ClosedAll), Stop<NotWhileTalking>>;

async fn ask(tx: &mut Tx, engine: &Engine, by: &By, session: Session, now: Millis) -> AskResult {
    let not = |reason| Err(Stop::Refused(reason));
    if session.status != SessionStatus::Open {
        return not(NotWhileTalking::SessionNotOpen);
    }
    if session.talk_request.is_some() {
        return not(NotWhileTalking::Asked);
    }
    let lines = engine.lines.current(tx, &[&session.line_id]).await?;
    let Some(line) = lines.get(&session.line_id).filter(|line| line.settings.while_talking.enabled) else {
        return not(NotWhileTalking::Off);
    };
    let close = Close { wish: Wish::Ask, ..close_of(&session, "ask", ClosedBy::Operator, None, now) };
    let mut closes = Arc::new(vec![close]);
    find_visitors(tx, engine, &mut closes).await?;
    let close = &closes[0];
    let mut batch = read(engine, tx, &closes).await?;
    // Decided as if it closed now; but it stays open.
    let closing = next_session(&engine.channels, Some(session.clone()), close, &HashMap::new(), &HashMap::new());
    let names = names(&engine.channels, close);
    batch.link(&names, now);
    let facts = facts(engine, &batch, close, &Session { recent_closes: session.recent_closes, ..closing.clone() }, &names, line, now);
    let mut settings = line.settings.clone();
    (settings.delay_secs, settings.reminder_after_hours) = (0, None);
    let plan = match decide(&settings, &facts) {
        Decision::Ask(plan) => within(plan, &settings.while_talking, now),
        Decision::Not(reason) => Err(reason),
    };
    let plan = plan.map_err(|reason| Stop::Refused(NotWhileTalking::Not(reason)))?;
    let kept = keep(engine, &batch, close, &facts);
    let id = engine.ids.of(close.closed_at);
    let request = freeze(id, close, &closing, client_id(&engine.channels, close), line, Decision::Ask(plan), kept, engine, now);
    let request = RatingRequest { closed_by: None, event_key: None, body_hash: None, ..request };
    batch.ask(engine, &request, plan, now);
    batch.asked_client(&names, plan, now);
    batch.requests.push(request.clone());
    batch.touch(Session { talk_request: Some(id), ..session });
    tell(tx, engine, by, &request, now).await?;
    let asked = write(tx, batch, Vec::<Closed>::new()).await?;
    Ok((request, asked))
}

/// Limits the plan to the line's time for an answer.
fn within(plan: Plan, talking: &WhileTalking, now: Millis) -> Result<Plan, NotAsked> {
    let limit = talking.time_limit_secs.map_or(Millis::MAX, |secs| now + Millis::from(secs) * 1_000);
    let plan = Plan { expires_at: plan.expires_at.min(limit), ..plan };
    if plan.question.at < plan.expires_at { Ok(plan) } else { Err(NotAsked::TooLate) }
}

async fn tell(tx: &mut Tx, engine: &Engine, by: &By, request: &RatingRequest, now: Millis) -> Result<(), StoreError> {
    let event = SessionEvent {
        source: request.source.clone(),
        session_id: request.session_id.clone(),
        occurred_at: now,
        event_key: format!("ask:{}", request.id),
        kind: SessionEventKind::AskedWhileTalking,
        detail: by.name.clone(),
        received_at: now,
    };
    session::tell(tx, &[event]).await?;
    let entry = Entry::new(Act::RatingAskedByHand, request.id).on_line(&request.line_id);
    let entry = entry.with(&Value::Null, &json!({ "way": request.way, "while_talking": true }));
    audit::write(tx, engine.ids.next(now), now, by, &entry).await
}

/// Closes open sessions with a first score, if their line says so.
pub(crate) async fn close_by_rating(
    tx: &mut Tx,
    rated: &[RatingRequest],
    lines: &HashMap<LineId, Arc<Line>>,
    now: Millis,
) -> Result<Vec<Notification>, StoreError> {
    let closes = |request: &&RatingRequest| {
        let wanted = lines.get(&request.line_id).is_some_and(|line| line.settings.while_talking.closes);
        request.closed_by.is_none() && wanted
    };
    let rated: Vec<&RatingRequest> = rated.iter().filter(closes).collect();
    if rated.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<SessionKey> = rated.iter().map(|request| request.session()).collect();
    let mut sessions = session::load_late(tx, &keys.iter().collect::<Vec<_>>()).await?;
    let (mut closed, mut events, mut news): (Vec<Session>, Vec<SessionEvent>, Vec<Notification>) = Default::default();
    let mut now_closed = Vec::new();
    for request in rated {
        let session = sessions.remove(&request.session());
        let Some(session) =
            session.filter(|session| session.status == SessionStatus::Open && session.talk_request.as_ref() == Some(&request.id))
        else {
            continue;
        };
        let closed_at = now.max(session.last_event_at);
        events.push(SessionEvent {
            source: request.source.clone(),
            session_id: request.session_id.clone(),
            occurred_at: closed_at,
            event_key: format!("rated:{}", request.id),
            kind: SessionEventKind::ClosedByRating,
            detail: String::new(),
            received_at: now,
        });
        news.push(Notification::Closed { rating_request: request.id, line: request.line_id.clone(), decision: "ask" });
        let (labels, fields) = (request.labels.clone(), request.fields.clone());
        now_closed.push(ClosedNow { id: request.id, closed_by: ClosedBy::Client, labels, fields });
        closed.push(Session {
            status: SessionStatus::Closed,
            epoch: request.epoch,
            closed_at: Some(closed_at),
            last_event_at: closed_at,
            talk_request: None,
            revision: session.revision + 1,
            ..session
        });
    }
    if !closed.is_empty() {
        session::save(tx, &closed).await?;
        session::tell(tx, &events).await?;
        rating_request::closed_now(tx, &now_closed).await?;
    }
    Ok(news)
}
