//! Applies the end of a question to its rating request: if it could not be delivered, the request ends. Runs in the transaction
//! that records the end.

use super::reroute::reroute;
use crate::alert::record::record_alerts;
use crate::engine::Engine;
use crate::engine::notifications::Notification;
use crate::events;
use crate::message::settle::{self, SettleMessage, take_buttons};
use crate::recipient::push::forget_gone;
use crate::recipient::room::disable_gone;
use crate::report::watch::hear::{PossibleCase, hear};
use lastword_base::names::RequestId;
use lastword_domain::outcome::{NotAsked, Outcome};
use lastword_domain::question::delivery::{Kind, State};
use lastword_domain::report::watch::Watched;
use lastword_store::question::client_message::{self, ClientMessages};
use lastword_store::question::ending::Ended;
use lastword_store::question::rating_request::{self, Ending, RatingRequest};
use lastword_store::question::{arrival, delivery};
use lastword_store::{Millis, StoreError, Tx};
use std::collections::{BTreeSet, HashSet};

/// Records which questions arrived, and ends the rating requests of those that failed and have no other route. Undelivered alerts
/// are passed on to other recipients.
#[lastword_base::boxed]
pub async fn record(tx: &mut Tx, engine: &Engine, ends: &[Ended], now: Millis) -> Result<Vec<Notification>, StoreError> {
    let mut cases = Vec::new();
    let news = record_quietly(tx, engine, ends, now, &mut cases).await?;
    hear(tx, engine, &cases, now).await?;
    Ok(news)
}

/// As [`record`], but adds the cases of watched shares to `cases`; the caller passes all of them to [`hear`] at the end.
pub(crate) async fn record_quietly(
    tx: &mut Tx,
    engine: &Engine,
    ends: &[Ended],
    now: Millis,
    cases: &mut Vec<PossibleCase>,
) -> Result<Vec<Notification>, StoreError> {
    let questions = |states: &[State]| -> Vec<RequestId> {
        let is_one = |end: &&Ended| end.kind.is_question() && states.contains(&end.state);
        ends.iter().filter(is_one).filter_map(|end| end.request()).collect()
    };
    let arrived = questions(&[State::Sent, State::Delivered]);
    let delivered = arrival::delivered(tx, &arrived, now).await?;
    // A question that was withdrawn while it was being sent has arrived with its buttons.
    let news: HashSet<RequestId> = delivered.iter().map(|request| request.id).collect();
    let known_before: Vec<RequestId> = arrived.into_iter().filter(|id| !news.contains(id)).collect();
    let ended = rating_request::outcomes(tx, &known_before).await?;
    let ended = ended.into_iter();
    let ended = ended.chain(delivered.iter().filter_map(|request| Some((request.id, request.outcome?))));
    let over: Vec<RequestId> = ended.filter(|(_, outcome)| outcome.is_over()).map(|(id, _)| id).collect();
    take_buttons(tx, engine, &over, &SettleMessage::Expired, now).await?;
    // A question that waits for a retry was not delivered either: a platform may refuse what it accepted. If it refused the second
    // copy, it is unknown whether the first one arrived.
    arrival::not_delivered(tx, &questions(&[State::Undeliverable, State::Scheduled, State::Dead, State::Unknown])).await?;
    settle::say_anew(tx, engine, ends, now).await?;
    let go_on = reroute(tx, engine, ends, now).await?;
    let over = ends.iter().filter(|end| end.request().is_none_or(|request| !go_on.contains(&request)));
    let endings: Vec<Ending> = over.filter_map(|end| ending(end, now)).collect();
    let mut news = record_alerts(tx, engine, ends, now).await?;
    forget_gone(tx, ends, now).await?;
    disable_gone(tx, engine, ends, now).await?;
    news.extend(end_quietly(tx, engine, &endings, now, cases).await?);
    cases.extend(delivered.iter().filter_map(|request| delivery_news(request, false, now)));
    Ok(news)
}

/// A case of the watched delivery share: a question arrived, or did not. A second question after a low rating does not count.
fn delivery_news(request: &RatingRequest, lost: bool, now: Millis) -> Option<PossibleCase> {
    request.is_counted().then(|| PossibleCase::of(request, Watched::Delivery, lost, now))
}

/// Ends rating requests, cancels their pending messages, and notifies programs.
#[lastword_base::boxed]
pub async fn end_requests(tx: &mut Tx, engine: &Engine, endings: &[Ending], now: Millis) -> Result<Vec<Notification>, StoreError> {
    let mut cases = Vec::new();
    let news = end_quietly(tx, engine, endings, now, &mut cases).await?;
    hear(tx, engine, &cases, now).await?;
    Ok(news)
}

pub(crate) async fn end_quietly(
    tx: &mut Tx,
    engine: &Engine,
    endings: &[Ending],
    now: Millis,
    cases: &mut Vec<PossibleCase>,
) -> Result<Vec<Notification>, StoreError> {
    if endings.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<RequestId> = endings.iter().map(|ending| ending.id).collect();
    let held = rating_request::hold(tx, &ids).await?;
    let messages = client_message::load(tx, &ids).await?;
    end_held(tx, engine, (&held, &messages), endings, (now, cases)).await
}

/// As [`end_requests`], for rating requests that this transaction has already locked, with the messages to their clients. The
/// caller passes `cases` to [`hear`].
pub(crate) async fn end_held(
    tx: &mut Tx,
    engine: &Engine,
    (held, messages): (&[RatingRequest], &ClientMessages),
    endings: &[Ending],
    (now, cases): (Millis, &mut Vec<PossibleCase>),
) -> Result<Vec<Notification>, StoreError> {
    let ended = rating_request::end(tx, held, endings).await?;
    let asking = messages.asking(&ended);
    delivery::cancel(tx, &asking, &["ask", "reminder"], "request_ended", now).await?;
    delivery::try_no_more(tx, &asking).await?;
    let mut news = Vec::new();
    let mut events = Vec::new();
    for ending in endings.iter().filter(|ending| ended.contains(&ending.id)) {
        let reason = ending.reason.clone().unwrap_or_default();
        news.push(Notification::Decided { rating_request: ending.id, outcome: ending.outcome, reason });
    }
    if !engine.channels.wanting("outcome.decided", None).is_empty() {
        for request in rating_request::hold(tx, &ended).await? {
            events.extend(events::outcome_decided(engine, &request, now));
        }
    }
    delivery::schedule(tx, &events).await?;
    let lost: BTreeSet<RequestId> =
        endings.iter().filter(|ending| ending.outcome == Outcome::Unreachable).map(|ending| ending.id).collect();
    let lost = held.iter().filter(|request| lost.contains(&request.id) && ended.contains(&request.id));
    cases.extend(lost.filter_map(|request| delivery_news(request, true, now)));
    Ok(news)
}

fn ending(end: &Ended, now: Millis) -> Option<Ending> {
    // Only the question itself decides: if a reminder fails, the question has still arrived.
    if end.kind != Kind::Ask {
        return None;
    }
    let outcome = match end.state {
        State::Failed | State::Dead | State::Undeliverable => Outcome::Unreachable,
        State::Skipped if end.reason.as_deref().and_then(NotAsked::parse).is_some_and(NotAsked::is_by_window) => Outcome::NotAsked,
        State::Skipped => Outcome::Unreachable,
        // Refused while it was being canceled.
        State::Canceled if end.reason.as_deref() == Some("not_wanted") => Outcome::Canceled,
        State::Scheduled | State::Leased | State::Sending | State::Sent | State::Delivered | State::Unknown | State::Canceled => {
            return None;
        }
    };
    Some(Ending { id: end.request()?, outcome, reason: end.reason.clone(), at: now })
}
