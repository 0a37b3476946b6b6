//! Manual decisions about deliveries: resend or dismiss a stuck one, cancel one that was not sent.

use crate::alert::record::record_alerts;
use crate::engine::Engine;
use crate::question::hold_ends::hold_before_ends;
use crate::question::record_end::end_requests;
use lastword_base::names::{DeliveryId, LineId, Subject};
use lastword_domain::access::audit::{Act, By, Entry};
use lastword_domain::outcome::Outcome;
use lastword_domain::question::delivery::Kind;
use lastword_store::access::audit;
use lastword_store::alert::end;
use lastword_store::question::delivery::{self, Delivery};
use lastword_store::question::ending::Ended;
use lastword_store::question::rating_request::{self, Ending};
use lastword_store::{Millis, StoreError, Tx, transaction};
use serde_json::json;

/// Minimum time for which a resent delivery is tried.
const TIME_TO_LEAVE: Millis = 3_600_000;

/// Result of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mended {
    /// Done.
    Done,
    /// The state of the delivery does not allow it.
    NotNow,
    /// There is no such delivery.
    Unknown,
}

/// Sends a stuck delivery again. The person knows that it may then arrive twice.
#[lastword_base::boxed]
pub async fn resend(engine: &Engine, by: &By, id: DeliveryId, now: Millis) -> Result<Mended, StoreError> {
    let Some(found) = delivery::find(&engine.db, id).await? else { return Ok(Mended::Unknown) };
    let line = line_of(engine, &found).await?;
    let done = transaction!(engine.db, [engine, by, found, line], async |tx| {
        hold_before_ends(tx, &engine, &[&found], &[&found]).await?;
        let done = delivery::resend_one(tx, found.id, now, now + TIME_TO_LEAVE).await?;
        if done {
            end::by_hand(tx, found.id, true).await?;
            note(tx, &engine, &by, &entry_of(Act::DeliveryResent, &found, line), now).await?;
        }
        Ok(done)
    })
    .await?;
    engine.wake.ring();
    Ok(if done { Mended::Done } else { Mended::NotNow })
}

/// Cancels a delivery that was not sent yet. Canceling a question ends its rating request.
#[lastword_base::boxed]
pub async fn cancel(engine: &Engine, by: &By, id: DeliveryId, now: Millis) -> Result<Mended, StoreError> {
    let Some(found) = delivery::find(&engine.db, id).await? else { return Ok(Mended::Unknown) };
    // Kind and subject never change, so they may be read before the transaction.
    let question = found.subject.as_ref().filter(|_| found.kind == Kind::Ask).and_then(Subject::as_id);
    let line = line_of(engine, &found).await?;
    let (mended, news) = transaction!(engine.db, [engine, by, found, line], async |tx| {
        hold_before_ends(tx, &engine, &[&found], &[&found]).await?;
        if !delivery::cancel_one(tx, found.id, now).await? {
            return Ok((Mended::NotNow, Vec::new()));
        }
        end::by_hand(tx, found.id, false).await?;
        note(tx, &engine, &by, &entry_of(Act::DeliveryCanceled, &found, line), now).await?;
        let ending = question.map(|id| Ending { id, outcome: Outcome::Canceled, reason: Some("by_hand".to_owned()), at: now });
        Ok((Mended::Done, end_requests(tx, &engine, ending.as_slice(), now).await?))
    })
    .await?;
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(mended)
}

/// Dismisses a stuck delivery: it is not resent and needs no more attention. Its alerts are passed on to other recipients.
#[lastword_base::boxed]
pub async fn dismiss(engine: &Engine, by: &By, id: DeliveryId, now: Millis) -> Result<Mended, StoreError> {
    let Some(found) = delivery::find(&engine.db, id).await? else { return Ok(Mended::Unknown) };
    let line = line_of(engine, &found).await?;
    let (mended, news) = transaction!(engine.db, [engine, by, found, line], async |tx| {
        hold_before_ends(tx, &engine, &[&found], &[&found]).await?;
        if !delivery::dismiss(tx, found.id).await? {
            return Ok((Mended::NotNow, Vec::new()));
        }
        note(tx, &engine, &by, &entry_of(Act::DeliveryDismissed, &found, line), now).await?;
        let reason = Some("dismissed".to_owned());
        let end = Ended { id: found.id, kind: found.kind, subject: found.subject, state: found.state, reason };
        Ok((Mended::Done, record_alerts(tx, &engine, &[end], now).await?))
    })
    .await?;
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(mended)
}

/// The line of the delivery's rating request. Neither ever changes, so they may be read before the transaction.
async fn line_of(engine: &Engine, delivery: &Delivery) -> Result<Option<LineId>, StoreError> {
    let Some(request) = delivery.subject.as_ref().and_then(Subject::as_id) else { return Ok(None) };
    Ok(rating_request::load(&engine.db, &[request]).await?.pop().map(|request| request.line_id))
}

/// Audit log entry of a delivery.
fn entry_of(act: Act, delivery: &Delivery, line: Option<LineId>) -> Entry {
    let before = json!({ "state": delivery.state });
    let after = json!({ "kind": delivery.kind, "connection": delivery.connection, "subject": delivery.subject });
    Entry { line, ..Entry::new(act, delivery.id).with(&before, &after) }
}

async fn note(tx: &mut Tx, engine: &Engine, by: &By, entry: &Entry, now: Millis) -> Result<(), StoreError> {
    audit::write(tx, engine.ids.next(now), now, by, entry).await
}
