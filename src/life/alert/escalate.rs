//! Nobody acknowledged an alert in time: it goes on to the next recipient.

use super::held_low::HeldLow;
use super::raise::Raising;
use crate::engine::Engine;
use lastword_domain::alert::AlertKind;
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
                let requests: Vec<&str> = due.iter().map(|alert| alert.request_id.as_str()).collect();
                let held = HeldLow::read(tx, &engine, &requests).await?;
                let mut raising = Raising::read(tx, &engine, &held.ids(), now).await?;
                let low = due.iter().filter_map(|alert| held.low(&alert.request_id, alert.level + 1, AlertKind::Low));
                low.for_each(|low| raising.raise(&low));
                let news = raising.write(tx).await?;
                let ids: Vec<&str> = due.iter().map(|alert| alert.id.as_str()).collect();
                alert::escalated(tx, &ids).await?;
                Ok::<_, StoreError>((due.len(), news))
            })
        })
        .await?;
    if count > 0 {
        engine.wake.ring();
    }
    news.into_iter().for_each(|news| engine.tell(news));
    Ok(count)
}
