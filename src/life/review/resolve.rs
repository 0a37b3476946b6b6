//! Marks a low rating as resolved, with a note of what was done; or as waiting again, to correct a mistake.

use super::{Acted, Held, Refused};
use crate::alert::follow::{Step, follow};
use crate::engine::Engine;
use crate::engine::stop::Stop;
use crate::events::{self, LowEvent};
use lastword_domain::access::audit::{Act, By};
use lastword_store::question::delivery;
use lastword_store::review::{Review, wait_again};
use lastword_store::{Millis, Tx};
use serde_json::json;

/// Marks a rating as resolved, with a note that may be empty. Without one it waits again, unless it has a reply.
pub(super) async fn settle(
    tx: &mut Tx,
    engine: &Engine,
    by: &By,
    held: &Held,
    note: Option<String>,
    now: Millis,
) -> Result<Acted, Stop<Refused>> {
    let settled = note.is_some();
    let review = Review {
        settled_at: settled.then_some(now),
        settled_by: settled.then(|| by.name.clone()),
        note: note.filter(|note| !note.is_empty()),
        ..held.review.clone()
    };
    match (settled, held.review.replied_at) {
        (true, _) => held.worked(tx, by, now).await?,
        (false, None) => wait_again(tx, &[held.request.id]).await?,
        (false, Some(_)) => {}
    }
    if settled && held.review.settled_at.is_none() && held.rating.low == 1 {
        let mut told = follow(tx, engine, Step::Done, &[(held.request.id, &by.name)], now).await?;
        told.extend(events::low_rating(engine, LowEvent::Settled(&by.name), &held.request, &held.rating, now));
        delivery::schedule(tx, &told).await?;
    }
    let said = |review: &Review| json!({ "resolved": review.settled_at.map(|_| true), "note": review.note });
    let change = (Act::RatingSettled, said(&held.review), said(&review));
    Ok(held.keep(tx, engine, by, review, change, now).await?)
}
