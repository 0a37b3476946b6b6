//! Nobody acknowledged an alert in time, or it could not be told for a day: it goes on to the next recipient.

use super::held_low::HeldLow;
use super::raise::Raising;
use super::record::tell_others;
use crate::engine::Engine;
use lastword_domain::alert::AlertKind;
use lastword_store::alert::Alert;
use lastword_store::{Millis, StoreError, alert};

/// Escalates the alerts that are due, at most `limit`. Gives how many there were.
///
/// # Errors
/// The database's error.
pub async fn escalate(engine: &Engine, now: Millis, limit: i64) -> Result<usize, StoreError> {
    let steps = engine.clone();
    let (count, news) = engine
        .db
        .write(move |tx| {
            let engine = steps.clone();
            Box::pin(async move {
                let due = alert::due_to_escalate(tx, now, limit).await?;
                if due.is_empty() {
                    return Ok((0, Vec::new()));
                }
                let ids: Vec<&str> = due.iter().map(|alert| alert.id.as_str()).collect();
                // What was not told by then is not waited for any longer; its message goes on trying.
                let (not_told, not_seen): (Vec<Alert>, Vec<Alert>) =
                    due.iter().cloned().partition(|alert| alert.escalate_after.is_none() && alert.told_at.is_none());
                let mut handed_over = if not_told.is_empty() { Vec::new() } else { tell_others(tx, &engine, &not_told, now).await? };
                let requests: Vec<&str> = not_seen.iter().map(|alert| alert.request_id.as_str()).collect();
                let held = HeldLow::read(tx, &engine, &requests).await?;
                let mut raising = Raising::read(tx, &engine, &held.ids(), now).await?;
                let low = not_seen.iter().filter_map(|alert| held.low(&alert.request_id, alert.level + 1, AlertKind::Low));
                low.for_each(|low| raising.raise(&low));
                handed_over.extend(raising.write(tx).await?);
                alert::escalated(tx, &ids).await?;
                Ok::<_, StoreError>((due.len(), handed_over))
            })
        })
        .await?;
    if count > 0 {
        engine.wake.ring();
    }
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(count)
}
