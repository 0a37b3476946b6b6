//! Reads a changed chat at its desk, and processes the events found.

use super::events::{DeskEventResult, Directly, Look, hear, look_at};
use crate::engine::Engine;
use crate::engine::in_time::in_time;
use crate::question::send::{Tried, failed};
use lastword_base::names::SessionId;
use lastword_contract::{SendError, Verdict};
use lastword_store::question::delivery::{self, Delivery};
use lastword_store::{Millis, StoreError, transaction};
use std::time::Duration;

/// Code of an adapter if its desk has not stored everything yet: not an error.
const NOT_YET: &str = "not_yet";

/// Reads the chat that `delivery` names, once, and processes the result. Without a response within `timeout` it is tried again:
/// reading twice does no harm.
#[lastword_base::boxed]
pub async fn read_chat(engine: &Engine, delivery: &Delivery, timeout: Millis, now: Millis) -> Tried {
    let no_desk = || failed(&SendError::new(Verdict::ConnectionBroken, "no_connection", "this desk is not in the settings"));
    let Some(at_desk) = engine.desks.get(&delivery.connection) else { return no_desk() };
    let Ok(Look { session, told_at }) = serde_json::from_str(&delivery.payload) else {
        return failed(&SendError::new(Verdict::Refused, "unreadable", "the chat to read is not named"));
    };
    let limit = Duration::from_millis(u64::try_from(timeout).unwrap_or(0));
    let events = match in_time(limit, Verdict::RetryBackoff, at_desk.desk.read(session.as_str(), told_at, now)).await {
        Ok(events) => events,
        Err(SendError { kind: NOT_YET, verdict: Verdict::RetryAfter(pause), .. }) => {
            return match later(engine, delivery, &session, told_at, now + pause).await {
                Ok(()) => Tried::Sent { message_id: None, moved_to: None },
                Err(error) => failed(&SendError::new(Verdict::RetryBackoff, "database", error.to_string())),
            };
        }
        Err(error) => return failed(&readable_again(error)),
    };
    match hear(engine, &delivery.connection, events, &Directly(engine, now), now).await {
        Ok(became) => match became.into_iter().find_map(refusal) {
            // It appears among the messages that need attention; a person sends it again when the line exists.
            Some(why) => failed(&SendError::new(Verdict::Refused, "not_usable", why)),
            None => Tried::Sent { message_id: None, moved_to: None },
        },
        Err(error) => failed(&SendError::new(Verdict::RetryBackoff, "database", error.to_string())),
    }
}

fn refusal(became: DeskEventResult) -> Option<String> {
    match became {
        DeskEventResult::Refused(_, why) => Some(why),
        DeskEventResult::Kept(_) | DeskEventResult::Nothing => None,
    }
}

/// Schedules another read, so that the connection is not held up.
async fn later(engine: &Engine, delivery: &Delivery, session: &SessionId, told_at: Millis, due_at: Millis) -> Result<(), StoreError> {
    let look = look_at(engine, &delivery.connection, session, told_at, due_at, engine.now());
    transaction!(engine.db, [look], async |tx| { delivery::schedule(tx, &[look]).await }).await?;
    engine.wake.set(due_at);
    Ok(())
}

/// Nothing was sent, so an unknown result may simply be retried.
fn readable_again(error: SendError) -> SendError {
    if error.verdict == Verdict::CannotKnow { SendError { verdict: Verdict::RetryBackoff, ..error } } else { error }
}
