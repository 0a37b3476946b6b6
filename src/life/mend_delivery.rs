//! A person decides about a delivery: a stuck one leaves again, one that has not left is taken back.

use super::engine::Engine;
use super::record_end::end_requests;
use crate::domain::outcome::Outcome;
use crate::store::rating_request::Ending;
use crate::store::{Millis, StoreError, delivery};

/// What a delivery that is sent again may take, at least.
const TIME_TO_LEAVE: Millis = 3_600_000;

/// What became of a person's wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mended {
    /// It is as they wished.
    Done,
    /// The delivery is not in a state for it.
    NotNow,
    /// There is no such delivery.
    Unknown,
}

/// Sends a stuck delivery again. The person knows that it may then be there twice.
///
/// # Errors
/// The database's error.
pub async fn resend(engine: &Engine, id: &str, now: Millis) -> Result<Mended, StoreError> {
    if delivery::find(&engine.db, id).await?.is_none() {
        return Ok(Mended::Unknown);
    }
    let id = id.to_owned();
    let step = engine.db.write(move |tx| {
        let id = id.clone();
        Box::pin(async move { delivery::resend_one(tx, &id, now, now + TIME_TO_LEAVE).await })
    });
    let done: bool = step.await?;
    engine.wake.notify_one();
    Ok(if done { Mended::Done } else { Mended::NotNow })
}

/// Takes back a delivery that has not left. A question that is taken back ends its rating request.
///
/// # Errors
/// The database's error.
pub async fn cancel(engine: &Engine, id: &str, now: Millis) -> Result<Mended, StoreError> {
    let Some(found) = delivery::find(&engine.db, id).await? else { return Ok(Mended::Unknown) };
    // Kind and subject never change, so they may be read before.
    let question = found.subject.filter(|_| found.kind == "ask");
    let (steps, id) = (engine.clone(), id.to_owned());
    let step = engine.db.write(move |tx| {
        let (engine, id, question) = (steps.clone(), id.clone(), question.clone());
        Box::pin(async move {
            if !delivery::cancel_one(tx, &id, now).await? {
                return Ok::<_, StoreError>((Mended::NotNow, Vec::new()));
            }
            let outcome = Outcome::Canceled.as_str();
            let ending = question.map(|id| Ending { id, outcome, reason: Some("by_hand".to_owned()), at: now });
            Ok((Mended::Done, end_requests(tx, &engine, ending.as_slice(), now).await?))
        })
    });
    let (mended, news) = step.await?;
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(mended)
}
