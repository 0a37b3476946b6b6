//! Record: stores the results of tries, and what follows from them. Fenced by the token: a result that comes too late changes
//! nothing.

use super::handler::{Handler, TryResult};
use lastword_base::names::ConnectionId;
use lastword_base::time::Millis;
use lastword_domain::connection::pause::WARNED_FROM;
use lastword_domain::question::delivery::{Failure, State, Tried, after_failure, costs_a_try, is_resent, says_of_the_connection};
use lastword_domain::question::retry::{PROBE_PAUSE_MAX, probe_pause};
use lastword_domain::question::window::MARGIN;
use lastword_store::connection::{self, outage};
use lastword_store::question::delivery::Delivery;
use lastword_store::question::ending::{self, Try, TryEnd};
use lastword_store::{Db, StoreError, Tx, transaction};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A finished try.
#[derive(Clone, Debug)]
pub struct Finished {
    /// The delivery as it was claimed.
    pub delivery: Delivery,
    /// Time when its intent was committed.
    pub intent_at: Millis,
    /// Its result.
    pub result: TryResult,
    /// Time when it finished.
    pub at: Millis,
    /// Time for which an unknown result is held before a resend.
    pub hold: Millis,
    /// A random number from 0 to 1, to spread retries.
    pub fraction: f64,
}

/// Records the results of tries in one transaction. Returns the earliest time at which one of them is tried again.
///
/// # Errors
/// A database error; then the leases expire, and the results count as unknown.
pub async fn record<H: Handler>(db: &Db, handler: &Arc<H>, finished: Arc<Vec<Finished>>) -> Result<Option<Millis>, StoreError> {
    let (Said { stopped, paused }, works_again, next_due) = transaction!(db, [finished, handler], async |tx| {
        let ends: Vec<TryEnd> = finished.iter().map(end).collect();
        let lost = finished.iter().zip(&ends).filter(|(_, end)| !matches!(end.state, State::Sent | State::Scheduled));
        let lost: Vec<&Delivery> = lost.map(|(one, _)| &one.delivery).collect();
        handler.ending(tx, &finished.iter().map(|one| &one.delivery).collect::<Vec<_>>(), &lost).await?;
        let ended = ending::record(tx, &ends).await?;
        let overtaken = |end: &&TryEnd| ended.binary_search_by(|ended| ended.id.cmp(&end.id)).is_err();
        ending::keep_message_ids(tx, ends.iter().filter(overtaken)).await?;
        let tries: Vec<Try> =
            finished.iter().zip(&ends).filter(|(_, end)| end.state != State::Sent).map(|(one, end)| archived(one, end)).collect();
        ending::keep_tries(tx, &tries).await?;
        let now = finished.iter().map(|one| one.at).max().unwrap_or(0);
        for one in finished.iter() {
            if let TryResult::Sent { moved_to: Some(to), .. } = &one.result
                && ended.iter().any(|ended| ended.id == one.delivery.id)
            {
                handler.moved(tx, &one.delivery, to, now).await?;
            }
        }
        handler.ended(tx, &ended, now).await?;
        let said = tell_connections(tx, &handler, &finished).await?;
        let works_again = outage::failing(tx, &connections_of(&finished, |result| matches!(result, TryResult::Sent { .. }))).await?;
        Ok((said, works_again, ends.iter().filter_map(|end| end.due_at).min()))
    })
    .await?;
    for one in finished.iter() {
        handler.tried(&one.delivery, &one.result, one.intent_at - one.delivery.due_at);
    }
    stopped.iter().for_each(|connection| handler.stopped(connection));
    for (connection, pause) in paused {
        tracing::warn!(
            connection = connection.as_str(),
            wait_secs = pause / 1_000,
            "the platform asked us to wait: nothing is sent through this connection until then"
        );
    }
    let now = finished.iter().map(|one| one.at).max().unwrap_or(0);
    let brought = resume(db, works_again, now).await;
    Ok(if brought { Some(now) } else { next_due })
}

/// Reports of platforms about connections that people have to know.
#[derive(Default)]
struct Said {
    /// Stopped connections.
    stopped: Vec<ConnectionId>,
    /// Connections with a new long pause, and its end.
    paused: Vec<(ConnectionId, Millis)>,
}

/// Updates the connections with the reports of their platforms.
async fn tell_connections<H: Handler>(tx: &mut Tx, handler: &Arc<H>, finished: &[Finished]) -> Result<Said, StoreError> {
    let mut said = Said::default();
    connection::hold(tx, &connections_of(finished, |result| matches!(result, TryResult::Failed { .. }))).await?;
    for one in finished {
        let TryResult::Failed { failure, detail, .. } = &one.result else { continue };
        match failure {
            Failure::RetryAfter(pause) => {
                if connection::pause(tx, &one.delivery.connection, one.at + pause, one.at).await? && *pause >= WARNED_FROM {
                    said.paused.push((one.delivery.connection.clone(), *pause));
                }
            }
            Failure::ConnectionBroken => {
                if connection::stop(tx, &one.delivery.connection, detail, one.at).await? {
                    said.stopped.push(one.delivery.connection.clone());
                }
            }
            Failure::ChatRetryAfter(_)
            | Failure::RetryBackoff
            | Failure::WindowShut
            | Failure::TemplateMissing
            | Failure::TemplateRefused
            | Failure::NoForm
            | Failure::RecipientGone
            | Failure::Refused
            | Failure::CannotKnow => {}
        }
    }
    let fails = |result: &TryResult| matches!(result, TryResult::Failed { failure, .. } if says_of_the_connection(*failure));
    for name in connections_of(finished, fails).into_iter().filter(|name| !handler.chats_apart(name)) {
        let (at, fraction) = finished.iter().map(|one| (one.at, one.fraction)).max_by_key(|(at, _)| *at).unwrap_or_default();
        outage::fails(tx, &name, at, at + probe_pause(fraction)).await?;
    }
    Ok(said)
}

/// The connections of tries with such a result, each once.
fn connections_of(finished: &[Finished], is_one: impl Fn(&TryResult) -> bool) -> Vec<ConnectionId> {
    let ones = finished.iter().filter(|one| is_one(&one.result)).map(|one| one.delivery.connection.clone());
    ones.collect::<BTreeSet<ConnectionId>>().into_iter().collect()
}

/// Time for which deliveries still wait after a connection failed for less than one probe: a message that fails by itself on a
/// working connection is not retried after every message that arrives.
const AFTER_A_BLINK: Millis = 60_000;

/// Failing connections accepted a message: their waiting deliveries become due. In a transaction of its own, because it changes
/// deliveries that others may have locked. Returns whether there were any.
async fn resume(db: &Db, connections: Vec<ConnectionId>, now: Millis) -> bool {
    if connections.is_empty() {
        return false;
    }
    let names = connections.clone();
    let resumed = transaction!(db, [names], async |tx| {
        for name in &names {
            if let Some(failing_since) = outage::works(tx, name).await? {
                // A short failure is weak evidence: perhaps this message fails or is slow, not its connection.
                let pause = if now - failing_since < PROBE_PAUSE_MAX { AFTER_A_BLINK } else { 0 };
                outage::bring_forward(tx, name, now + pause, MARGIN, i64::MAX).await?;
            }
        }
        Ok(())
    });
    match resumed.await {
        Ok(()) => tracing::info!(?connections, "connection recovered; sending its waiting messages"),
        // It is still marked as failing: the next message that arrives says so again.
        Err(error) => tracing::warn!(%error, ?connections, "queue: could not reschedule the waiting messages of a recovered connection"),
    }
    true
}

fn end(one: &Finished) -> TryEnd {
    let delivery = &one.delivery;
    let sent = TryEnd {
        id: delivery.id,
        token: delivery.token,
        state: State::Sent,
        reason: None,
        due_at: None,
        resend_at: None,
        message_id: None,
        detail: None,
        at: one.at,
        verdict: one.result.verdict(),
        counts: 1,
        repeats: 0,
    };
    match &one.result {
        TryResult::Sent { message_id, .. } => TryEnd { message_id: message_id.clone(), ..sent },
        TryResult::Panicked => TryEnd { state: State::Dead, reason: Some("poison"), ..sent },
        TryResult::Failed { failure, kind, detail } => {
            let failed = TryEnd { detail: Some(detail.clone()), counts: i64::from(costs_a_try(*failure, tried(one), one.at)), ..sent };
            let next = after_failure(*failure, tried(one), one.at, one.fraction);
            TryEnd { repeats: i64::from(is_resent(*failure, next)), ..failed.failed(*failure, kind, next) }
        }
    }
}

fn tried(one: &Finished) -> Tried {
    let delivery = &one.delivery;
    Tried {
        // The row was read when it was claimed; the intent of this try came later.
        attempts: delivery.attempts + 1,
        resends: delivery.resends,
        resends_max: delivery.resends_max,
        give_up_at: delivery.give_up_at,
        window_closes_at: delivery.window_closes_at,
        hold: one.hold,
        brought_from: delivery.brought_from,
    }
}

fn archived(one: &Finished, end: &TryEnd) -> Try {
    Try {
        delivery_id: one.delivery.id,
        token: one.delivery.token,
        intent_at: Some(one.intent_at),
        ended_at: one.at,
        verdict: end.verdict,
        detail: end.detail.clone(),
    }
}
