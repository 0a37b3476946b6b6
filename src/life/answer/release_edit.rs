//! The three days of a held edit are over: it counts from now on. Any node may do it; whoever holds the rating request first
//! does.

use super::apply::alert_if_low;
use crate::life::engine::Engine;
use crate::life::events;
use crate::life::notifications::Notification;
use crate::store::answer::rating::{self, Rating};
use crate::store::answer::rating_edit::{self, APPLIED, HELD, RatingEdit};
use crate::store::question::{delivery, rating_request};
use crate::store::{Millis, StoreError, Tx};

/// Lets held edits count whose time has come, at most `limit`. Gives how many there were.
///
/// # Errors
/// The database's error.
pub async fn release(engine: &Engine, now: Millis, limit: i64) -> Result<usize, StoreError> {
    let steps = engine.clone();
    let (count, news) = engine
        .db
        .write(move |tx| {
            let engine = steps.clone();
            Box::pin(async move { release_due(tx, &engine, now, limit).await })
        })
        .await?;
    if count > 0 {
        engine.wake.ring();
    }
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(count)
}

async fn release_due(tx: &mut Tx, engine: &Engine, now: Millis, limit: i64) -> Result<(usize, Vec<Notification>), StoreError> {
    let due = rating_edit::due(tx, now, limit).await?;
    if due.is_empty() {
        return Ok((0, Vec::new()));
    }
    let mut ids: Vec<&str> = due.iter().map(String::as_str).collect();
    ids.sort_unstable();
    let requests = rating_request::hold(tx, &ids).await?;
    let ratings = rating::load(tx, &ids).await?;
    // Read again now that they are held: the client, or another node, may have been faster.
    let is_due = |edit: &RatingEdit| edit.state == HELD && edit.due_at.is_some_and(|at| at <= now);
    let edits: Vec<RatingEdit> = rating_edit::load(tx, &ids).await?.into_iter().filter(is_due).collect();
    let mut lines: Vec<&str> = requests.iter().map(|request| request.line_id.as_str()).collect();
    lines.sort_unstable();
    lines.dedup();
    let lines = engine.lines.current(tx, &lines).await?;
    let (mut news, mut released) = (Vec::new(), Vec::new());
    for edit in edits {
        let request = requests.iter().find(|request| request.id == edit.request_id);
        let (Some(request), Some(before)) = (request, ratings.get(&edit.request_id)) else { continue };
        let Some(line) = lines.get(&request.line_id) else { continue };
        let low = u8::try_from(edit.score).is_ok_and(|score| line.settings.is_low(score));
        let after = Rating { score: edit.score, low: i64::from(low), revision: before.revision + 1, changed_at: now, ..before.clone() };
        rating::save(tx, &[rating::Change { request, before: Some(before), after: &after }]).await?;
        delivery::schedule(tx, &events::rating(engine, request, &after, false, now)).await?;
        news.extend(alert_if_low(tx, engine, request, &after, Some(before), &lines, now).await?);
        news.push(Notification::Reviewed { rating_request: request.id.clone() });
        released.push(RatingEdit { state: APPLIED.to_owned(), decided_at: Some(now), ..edit });
    }
    rating_edit::save(tx, &released).await?;
    Ok((released.len(), news))
}
