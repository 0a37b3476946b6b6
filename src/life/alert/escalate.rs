//! Nobody acknowledged an alert in time: it goes on to the next recipient.

use super::raise::{Low, raise};
use crate::life::engine::Engine;
use crate::store::answer::rating;
use crate::store::question::rating_request;
use crate::store::{Millis, StoreError, alert};

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
                let requests: Vec<&str> = due.iter().map(|alert| alert.request_id.as_str()).collect();
                let ratings = rating::load(tx, &requests).await?;
                let requests = rating_request::hold(tx, &requests).await?;
                let mut news = Vec::new();
                for alert in &due {
                    let request = requests.iter().find(|request| request.id == alert.request_id);
                    let (Some(request), Some(rating)) = (request, ratings.get(&alert.request_id)) else { continue };
                    let lines = engine.lines.current(tx, &[&alert.line_id]).await?;
                    let Some(line) = lines.get(&alert.line_id).filter(|_| rating.low == 1) else { continue };
                    let low = Low { request, rating, line, level: alert.level + 1, kind: "low", instead_of: None };
                    news.extend(raise(tx, &engine, &low, now).await?);
                }
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
