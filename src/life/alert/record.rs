//! Records whether alerts were sent. One that the platform refused, or whose result stays unknown, goes on to the next reachable recipient
//! immediately, in the transaction that records the end of its message.

use super::audience::Audience;
use super::raise::{Low, Raising};
use crate::engine::Engine;
use crate::engine::notifications::Notification;
use lastword_base::names::{DeliveryId, LineId, RequestId};
use lastword_domain::alert::AlertKind;
use lastword_domain::question::delivery::State;
use lastword_store::alert::{self, Alert, end};
use lastword_store::answer::rating;
use lastword_store::locks::Open;
use lastword_store::question::ending::Ended;
use lastword_store::question::rating_request;
use lastword_store::{Millis, StoreError, Tx};

/// Records which alerts were sent, and notifies other recipients for those that were not.
#[lastword_base::boxed]
pub async fn record_alerts(tx: &mut Tx, engine: &Engine, ends: &[Ended], now: Millis) -> Result<Vec<Notification>, StoreError> {
    let of = |is_one: fn(State) -> bool| -> Vec<DeliveryId> {
        ends.iter().filter(|end| end.kind.carries_alerts() && is_one(end.state)).map(|end| end.id).collect()
    };
    end::told(tx, &of(State::was_sent), now).await?;
    // The score changed while they waited, so they were canceled when they were due. Each may be raised again.
    alert::taken_back(tx, &of(|state| state == State::Canceled), "score_changed").await?;
    let lost = end::not_told(tx, &of(|state| !state.was_sent()), now).await?;
    let lost: Vec<Alert> = lost.into_iter().filter(|alert| alert.kind == AlertKind::Low).collect();
    if lost.is_empty() {
        return Ok(Vec::new());
    }
    let news = tell_others(tx, engine, &lost, now).await?;
    // Rung before the commit: a worker that wakes too early checks again within a second.
    engine.wake.ring();
    Ok(news)
}

async fn tell_others(tx: &mut Tx, engine: &Engine, lost: &[Alert], now: Millis) -> Result<Vec<Notification>, StoreError> {
    let mut requests: Vec<RequestId> = lost.iter().map(|alert| alert.request_id).collect();
    requests.sort_unstable();
    requests.dedup();
    let ratings = rating::load(tx, &requests).await?;
    let seen: Vec<RequestId> = seen(tx, &requests).await?;
    let requests = rating_request::hold(tx, &requests).await?;
    let lines: Vec<&LineId> = requests.iter().map(|request| &request.line_id).collect();
    let lines = engine.lines.current(tx, &lines).await?;
    let ids: Vec<RequestId> = requests.iter().map(|request| request.id).collect();
    let about: Vec<_> = requests.iter().filter_map(|request| Some((request, lines.get(&request.line_id)?.as_ref()))).collect();
    let mut audience = Audience::hold(tx, engine, &about, &[], Open::default()).await?;
    let mut raising = Raising::read(tx, engine, &audience, &ids, now).await?;
    for alert in lost.iter().filter(|alert| !seen.contains(&alert.request_id)) {
        let request = requests.iter().find(|request| request.id == alert.request_id);
        let (Some(request), Some(rating)) = (request, ratings.get(&alert.request_id)) else { continue };
        let Some(line) = lines.get(&request.line_id).filter(|_| rating.low == 1) else { continue };
        let low = Low { request, rating, line, level: alert.level + 1, kind: AlertKind::Low, instead_of: Some(&alert.recipient_id) };
        raising.go_on(&low);
    }
    raising.write(tx, &mut audience).await
}

/// The rating requests whose alerts are acknowledged; no other recipient is notified of them.
async fn seen(tx: &mut Tx, requests: &[RequestId]) -> Result<Vec<RequestId>, StoreError> {
    let about = alert::about(tx, requests).await?;
    Ok(about.into_iter().filter(|alert| alert.acknowledged_at.is_some()).map(|alert| alert.request_id).collect())
}
