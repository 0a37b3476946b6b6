//! Marks a low rating as resolved, with a note of what was done; or as waiting again, to correct a mistake.

use super::{Done, Refused, hold};
use crate::engine::Engine;
use crate::engine::notifications::Notification;
use crate::engine::stop::Stop;
use crate::events::{self, LowEvent};
use lastword_base::names::RequestId;
use lastword_domain::access::audit::{Act, By};
use lastword_domain::review::{BadText, REASON_CHARS_MAX, clean};
use lastword_store::question::delivery;
use lastword_store::review::{Review, wait_again};
use lastword_store::{Millis, StoreError, transaction};
use serde_json::json;

/// Marks a rating as resolved; `note` may be empty. Without `settled` it waits again, unless it has a reply.
pub async fn settle(
    engine: &Engine,
    by: &By,
    request: RequestId,
    settled: bool,
    note: &str,
    seen: Option<i64>,
    now: Millis,
) -> Result<Done<Review>, StoreError> {
    let note = match clean(note, REASON_CHARS_MAX) {
        Ok(note) => Some(note),
        Err(BadText::Empty) => None,
        Err(bad) => return Ok(Err(Refused::Text(bad))),
    };
    let id = request;
    let done = transaction!(engine.db, [engine, by, note], async |tx| -> Result<_, Stop<Refused>> {
        let held = hold(tx, id, seen).await?;
        let review = Review {
            settled_at: settled.then_some(now),
            settled_by: settled.then(|| by.name.clone()),
            note: note.filter(|_| settled),
            ..held.review.clone()
        };
        match (settled, held.review.replied_at) {
            (true, _) => held.worked(tx, &by, now).await?,
            (false, None) => wait_again(tx, &[id]).await?,
            (false, Some(_)) => {}
        }
        let said = |review: &Review| json!({ "resolved": review.settled_at.map(|_| true), "note": review.note });
        if settled && held.review.settled_at.is_none() && held.rating.low == 1 {
            let told = events::low_rating(&engine, LowEvent::Settled(&by.name), &held.request, &held.rating, now);
            delivery::schedule(tx, &told).await?;
        }
        let change = (Act::RatingSettled, said(&held.review), said(&review));
        Ok(held.keep(tx, &engine, &by, review, change, now).await?)
    })
    .await;
    let done = Stop::split(done)?;
    if done.is_ok() {
        engine.wake.ring();
        engine.tell(Notification::Reviewed { rating_request: request });
    }
    Ok(done)
}
