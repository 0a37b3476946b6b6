//! Ends open rating requests whose time is over: as expired, or as unsure if it is unknown whether the question arrived.

use super::record_end::end_requests;
use crate::engine::Engine;
use crate::message::settle::{SettleMessage, take_buttons};
use lastword_base::names::RequestId;
use lastword_domain::outcome::Outcome;
use lastword_store::locks::{self, Open};
use lastword_store::question::arrival;
use lastword_store::question::rating_request::expiry::overdue;
use lastword_store::question::rating_request::{Ending, Progress};
use lastword_store::{Millis, StoreError, transaction};

/// Ends open rating requests whose time is over. Processes at most `limit` of those that expire, including answered ones, and
/// returns the number processed.
#[lastword_base::boxed]
pub async fn expire(engine: &Engine, now: Millis, limit: i64) -> Result<usize, StoreError> {
    let (count, news) = transaction!(engine.db, [engine], async |tx| {
        let (taken, overdue) = overdue(tx, now, limit).await?;
        let ids: Vec<RequestId> = overdue.iter().map(|request| request.id).collect();
        locks::hold_open(tx, Open { requests: &ids, ..Open::default() }).await?;
        let endings: Vec<Ending> = overdue.iter().map(|request| ending(request, now)).collect();
        let news = end_requests(tx, &engine, &endings, now).await?;
        let sent: Vec<RequestId> = overdue.iter().filter(|request| request.was_sent).map(|request| request.id).collect();
        take_buttons(tx, &engine, &sent, &SettleMessage::Expired, now).await?;
        arrival::over(tx, &taken).await?;
        Ok((taken.len(), news))
    })
    .await?;
    if count > 0 {
        engine.wake.ring();
    }
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(count)
}

fn ending(request: &Progress, now: Millis) -> Ending {
    let (outcome, reason) = match (request.was_sent, request.may_have_left) {
        (true, _) => (Outcome::Expired, None),
        (false, true) => (Outcome::Unsure, None),
        (false, false) => (Outcome::Unreachable, Some("time_over".to_owned())),
    };
    Ending { id: request.id, outcome, reason, at: now }
}
