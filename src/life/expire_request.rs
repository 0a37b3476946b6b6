//! The time is over: an open rating request ends as expired, or as unsure where nobody can say whether its question
//! ever arrived.

use super::engine::Engine;
use super::record_end::end_requests;
use super::settle_question::{Says, Settle, settle};
use crate::domain::outcome::Outcome;
use crate::store::rating_request::{self, Ending, Progress, RatingRequest};
use crate::store::{Millis, StoreError, Tx, delivery};

/// Ends open rating requests whose time is over, at most `limit`. Gives how many there were.
///
/// # Errors
/// The database's error.
pub async fn expire(engine: &Engine, now: Millis, limit: i64) -> Result<usize, StoreError> {
    let steps = engine.clone();
    let (count, news) = engine
        .db
        .write(move |tx| {
            let engine = steps.clone();
            Box::pin(async move {
                let overdue = rating_request::overdue(tx, now, limit).await?;
                let endings: Vec<Ending> = overdue.iter().map(|request| ending(request, now)).collect();
                let news = end_requests(tx, &engine, &endings, now).await?;
                let sent: Vec<&str> = overdue.iter().filter(|request| request.was_sent).map(|request| request.id.as_str()).collect();
                take_buttons(tx, &engine, &sent, &Says::Expired, now).await?;
                Ok::<_, StoreError>((overdue.len(), news))
            })
        })
        .await?;
    if count > 0 {
        engine.wake.ring();
    }
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(count)
}

/// The questions that arrived give way to a word that they are over, or why, where the channel can edit.
///
/// # Errors
/// The database's error.
pub(super) async fn take_buttons(tx: &mut Tx, engine: &Engine, sent: &[&str], says: &Says, now: Millis) -> Result<(), StoreError> {
    let requests = rating_request::hold(tx, sent).await?;
    let edits = |request: &&RatingRequest| {
        let channel = request.asked_connection.as_deref().and_then(|name| engine.channels.get(name));
        channel.is_some_and(|channel| channel.capabilities().edits)
    };
    let over = requests.iter().filter(edits);
    let over: Vec<Settle<'_>> = over.map(|request| Settle { request, pressed: None, says: says.clone(), aloud: false }).collect();
    let settled = settle(tx, engine, &over, now).await?;
    delivery::schedule(tx, &settled).await
}

fn ending(request: &Progress, now: Millis) -> Ending {
    let (outcome, reason) = match (request.was_sent, request.may_have_left) {
        (true, _) => (Outcome::Expired, None),
        (false, true) => (Outcome::Unsure, None),
        (false, false) => (Outcome::Unreachable, Some("time_over".to_owned())),
    };
    Ending { id: request.id.clone(), outcome: outcome.as_str(), reason, at: now }
}
