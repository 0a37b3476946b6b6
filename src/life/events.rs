//! Programs are told: `rating.created`, `rating.changed`, `outcome.decided`, `message.received`; and the desk that told of the
//! close, of its rating. Events are deliveries, made in the transaction of what they tell, so none is lost and none is told of
//! what did not happen.

use super::desk::write_back::write_backs;
use super::engine::Engine;
use lastword_contract::Address;
use lastword_domain::moment::rfc3339;
use lastword_domain::question::delivery::Kind;
use lastword_store::Millis;
use lastword_store::answer::rating::Rating;
use lastword_store::question::delivery::NewDelivery;
use lastword_store::question::rating_request::RatingRequest;
use serde_json::{Value, json};

/// How long an event is worth bringing.
const GIVE_UP_AFTER: Millis = 3 * 24 * 3_600_000;

/// A rating is there, or has changed.
pub fn rating(engine: &Engine, request: &RatingRequest, rating: &Rating, created: bool, now: Millis) -> Vec<NewDelivery> {
    let name = if created { "rating.created" } else { "rating.changed" };
    let mut told = emit(engine, name, Some(&request.id), || json!({ "rating_request": about(request), "rating": value(rating) }), now);
    told.extend(write_backs(engine, request, rating, now));
    told
}

/// A rating request ended.
pub fn outcome_decided(engine: &Engine, request: &RatingRequest, now: Millis) -> Vec<NewDelivery> {
    let body = || json!({ "rating_request": about(request), "outcome": request.outcome, "reason": request.reason });
    emit(engine, "outcome.decided", Some(&request.id), body, now)
}

/// A client wrote something that is no answer. `open` are the rating requests that are open in this conversation.
pub fn message_received(engine: &Engine, connection: &str, message: &Message<'_>, open: &[&str], now: Millis) -> Vec<NewDelivery> {
    let body = || {
        json!({
            "connection": connection,
            "channel": engine.channels.get(connection).map(|channel| channel.kind()),
            "address": message.by,
            "text": message.text,
            "reply_to": message.reply_to,
            "written_at": rfc3339(message.at),
            "open_rating_requests": open,
        })
    };
    emit(engine, "message.received", open.first().copied(), body, now)
}

/// What a client wrote.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// Who, and where.
    pub by: &'a Address,
    /// The text as it came.
    pub text: &'a str,
    /// The platform's id of the message of ours it answers.
    pub reply_to: Option<&'a str>,
    /// When, by the platform's clock where it gives one.
    pub at: Millis,
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
        "close": request.epoch.abs(),
        "asked_again_about": request.again_of,
        "line": request.line_id,
        "channel": request.channel,
        "connection": request.connection,
        "operator": request.operator_id,
        "operators": request.operators,
        "labels": request.labels,
        "fields": request.fields,
        "variant": request.variant,
        "closed_at": rfc3339(request.closed_at),
    })
}

fn value(rating: &Rating) -> Value {
    json!({
        "score": rating.score,
        "scale": rating.scale,
        "low": rating.low == 1,
        "comment": rating.comment,
        "reasons": rating.reasons,
        "tags": rating.tags,
        "resolved": rating.resolved.map(|resolved| resolved == 1),
        "revision": rating.revision,
        "first_at": rfc3339(rating.first_at),
        "changed_at": rfc3339(rating.changed_at),
    })
}

fn emit(engine: &Engine, name: &str, subject: Option<&str>, body: impl Fn() -> Value, now: Millis) -> Vec<NewDelivery> {
    let wanting = engine.channels.wanting(name);
    let event = |connection: String| NewDelivery {
        id: engine.ids.next(now),
        kind: Kind::Event,
        address: serde_json::to_string(&Address::default()).unwrap_or_default(),
        subject: subject.map(str::to_owned),
        payload: json!({ "event": name, "data": body() }).to_string(),
        due_at: now,
        give_up_at: now + GIVE_UP_AFTER,
        window_closes_at: None,
        outside_window: 0,
        resends_max: engine.channels.resends_max(&connection, Kind::Event, true),
        created_at: now,
        connection,
    };
    wanting.into_iter().map(event).collect()
}
