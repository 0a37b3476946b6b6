//! An alert that is not acknowledged in time, or could not be sent for a day, goes on to the next recipient.

use super::audience::Audience;
use super::held_low::HeldLow;
use super::raise::{Low, Raising};
use crate::engine::Engine;
use lastword_base::names::{AlertId, RequestId};
use lastword_domain::alert::AlertKind;
use lastword_store::alert::{self, Alert};
use lastword_store::locks::Open;
use lastword_store::{Millis, StoreError, transaction};

/// Escalates due alerts, at most `limit`. Returns how many were due.
#[lastword_base::boxed]
pub async fn escalate(engine: &Engine, now: Millis, limit: i64) -> Result<usize, StoreError> {
    let (count, news) = transaction!(engine.db, [engine], async |tx| {
        let due = alert::due_to_escalate(tx, now, limit).await?;
        if due.is_empty() {
            return Ok((0, Vec::new()));
        }
        let requests: Vec<RequestId> = due.iter().map(|alert| alert.request_id).collect();
        let held = HeldLow::read(tx, &engine, &requests).await?;
        let mut audience = Audience::hold(tx, &engine, &held.about(), &[], Open::default()).await?;
        let mut raising = Raising::read(tx, &engine, &audience, &held.ids(), now).await?;
        // Read again under the lock: another node or a person may have handled it.
        let due: Vec<&Alert> = due.iter().filter(|alert| raising.is_due(alert.id)).collect();
        for alert in &due {
            let Some(low) = held.low(alert.request_id, alert.level + 1, AlertKind::Low) else { continue };
            if alert.escalate_after.is_none() && alert.sent_at.is_none() {
                // Not sent for a day: others are notified now, and its message is still retried.
                raising.go_on(&Low { instead_of: Some(&alert.recipient_id), ..low });
            } else {
                raising.raise(&low);
            }
        }
        let news = raising.write(tx, &mut audience).await?;
        let ids: Vec<AlertId> = due.iter().map(|alert| alert.id).collect();
        alert::escalated(tx, &ids).await?;
        Ok((due.len(), news))
    })
    .await?;
    if count > 0 {
        engine.wake.ring();
    }
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(count)
}
