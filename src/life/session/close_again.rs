//! A closed session is closed again without a reported reopening. If a message was written since, it was reopened without a report,
//! and this is a new close. For a desk that reports neither reopenings nor messages, it is a new close after an hour. Otherwise it
//! remains the same close: the event is stored in the history, and the response says so.

use super::close_batch::{Batch, Close, Closed};
use super::close_facts::known;
use crate::engine::Engine;
use lastword_base::names::Subject;
use lastword_domain::session::{CLOSED_ANEW_AFTER, SessionEventKind};
use lastword_store::Millis;
use lastword_store::question::rating_request::RatingRequest;
use lastword_store::session::Session;

/// Platforms report whole seconds, and their clocks differ from the desk's: messages this soon after a close were written before
/// it.
const SLACK: Millis = 2_000;

/// True if the closed `session` was reopened since without a report. For a desk that reports neither reopenings nor messages, only
/// the time between closes can show it.
pub(super) fn is_new_close(engine: &Engine, batch: &Batch, session: &Session, close: &Close) -> bool {
    let closed_at = session.closed_at.unwrap_or(Millis::MIN);
    let since = |at: Option<Millis>| at.is_some_and(|at| at > closed_at);
    let silent = engine.desks.get(&close.source.as_connection()).is_some_and(|at_desk| at_desk.desk.closes_anew());
    let before = batch.standing(session);
    let more =
        |now: Option<i64>, then: fn(&RatingRequest) -> Option<i64>| now.zip(before.and_then(then)).is_some_and(|(now, then)| now > then);
    close.closed_at > closed_at
        && ((silent && close.closed_at - closed_at >= CLOSED_ANEW_AFTER)
            || since(close.last_client_message_at)
            || since(close.opened_at)
            || since(Some(session.active_at))
            || since(known(engine, batch, close).last_words_at.map(|at| at - SLACK))
            || more(close.operator_messages, |before| before.operator_messages)
            || more(close.client_messages, |before| before.client_messages))
}

/// The close remains the same one.
pub(super) fn told_again(batch: &mut Batch, session: Session, close: &Close, now: Millis) -> Closed {
    let standing = batch.standing(&session).cloned();
    let subject = standing.as_ref().map(|request| Subject::from(request.id));
    if session.closed_at == Some(close.closed_at) {
        // The same close under another key.
        batch.keep_event(close, subject, "repeated", now);
        batch.tell(close, SessionEventKind::ToldAgain, format!("the close, once more as {}", close.event_key), now);
        return standing.map_or(Closed::Stale, |request| super::close_batch::answer(&request, true));
    }
    batch.keep_event(close, subject, ALREADY_CLOSED, now);
    batch.tell(close, SessionEventKind::ClosedAgain, "closed already, and nobody wrote since: it stays the same close".to_owned(), now);
    batch.touch(Session { last_event_at: close.closed_at, ..session });
    standing.map_or(Closed::Stale, |request| Closed::AlreadyClosed { rating_request: request.id, repeated: false })
}

/// Disposition of such an event.
pub(super) const ALREADY_CLOSED: &str = "already_closed";

impl Batch {
    /// The rating request of the last close of a session.
    fn standing(&self, session: &Session) -> Option<&RatingRequest> {
        let its = |request: &&RatingRequest| {
            (&request.source, &request.session_id, request.epoch) == (&session.source, &session.id, session.epoch)
        };
        self.requests.iter().find(its).or_else(|| self.repeated.values().find(its))
    }
}
