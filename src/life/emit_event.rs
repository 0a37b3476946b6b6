//! Programs are told: `rating.created`, `rating.changed`, `outcome.decided`. Events are deliveries, made in the
//! transaction of what they tell, so none is lost and none is told of what did not happen.

use super::engine::Engine;
use crate::domain::delivery::Kind;
use crate::store::Millis;
use crate::store::delivery::NewDelivery;
use crate::store::rating::Rating;
use crate::store::rating_request::RatingRequest;
use lastword_contract::Address;
use serde_json::{Value, json};

/// How long an event is worth bringing.
const GIVE_UP_AFTER: Millis = 3 * 24 * 3_600_000;

/// A rating is there, or has changed.
pub fn rating(engine: &Engine, request: &RatingRequest, rating: &Rating, created: bool, now: Millis) -> Vec<NewDelivery> {
    let name = if created { "rating.created" } else { "rating.changed" };
    emit(engine, name, &request.id, || json!({ "rating_request": about(request), "rating": value(rating) }), now)
}

/// A rating request ended.
pub fn outcome_decided(engine: &Engine, request: &RatingRequest, now: Millis) -> Vec<NewDelivery> {
    let body = || json!({ "rating_request": about(request), "outcome": request.outcome, "reason": request.reason });
    emit(engine, "outcome.decided", &request.id, body, now)
}

/// A low rating as programs read it in an alert.
pub fn facts(request: &RatingRequest, rating: &Rating) -> Value {
    json!({ "rating_request": about(request), "rating": value(rating) })
}

fn about(request: &RatingRequest) -> Value {
    json!({
        "id": request.id,
        "source": request.source,
        "session": request.session_id,
        "close": request.epoch,
        "line": request.line_id,
        "channel": request.channel,
        "connection": request.connection,
        "operator": request.operator_id,
        "operators": serde_json::from_str::<Value>(&request.operators).unwrap_or_default(),
        "closed_at": request.closed_at,
    })
}

fn value(rating: &Rating) -> Value {
    json!({
        "score": rating.score,
        "scale": rating.scale,
        "low": rating.low == 1,
        "comment": rating.comment,
        "reasons": serde_json::from_str::<Value>(&rating.reasons).unwrap_or_default(),
        "resolved": rating.resolved.map(|resolved| resolved == 1),
        "revision": rating.revision,
        "first_at": rating.first_at,
        "changed_at": rating.changed_at,
    })
}

fn emit(engine: &Engine, name: &str, subject: &str, body: impl Fn() -> Value, now: Millis) -> Vec<NewDelivery> {
    let wanting = engine.channels.wanting(name);
    let event = |connection: &str| NewDelivery {
        id: engine.ids.next(now),
        kind: Kind::Event.as_str(),
        connection: connection.to_owned(),
        address: serde_json::to_string(&Address::default()).unwrap_or_default(),
        subject: Some(subject.to_owned()),
        payload: json!({ "event": name, "data": body() }).to_string(),
        due_at: now,
        give_up_at: now + GIVE_UP_AFTER,
        window_closes_at: None,
        resends_max: engine.channels.resends_max(connection, Kind::Event, true),
        created_at: now,
    };
    wanting.into_iter().map(event).collect()
}
