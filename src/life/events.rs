//! Events for programs (`rating.created`, `rating.changed`, `outcome.decided`, `message.received`), and the rating for the
//! desk that reported the close. Events are deliveries created in the transaction that they describe, so none is lost and
//! none reports something that did not happen.

use super::engine::Engine;
use lastword_base::names::{ClientId, ConnectionId, LineId, RequestId, Subject};
use lastword_contract::Address;
use lastword_domain::connection::trouble::Trouble;
use lastword_domain::moment::rfc3339;
use lastword_domain::question::delivery::Kind;
use lastword_store::Millis;
use lastword_store::answer::rating::Rating;
use lastword_store::line::experiment::Experiment;
use lastword_store::question::delivery::NewDelivery;
use lastword_store::question::rating_request::RatingRequest;
use lastword_store::report::alarm::ShareAlarm;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// All events, by name. `adapters/webhook/events.schema.json` has the body of each.
pub const NAMES: [&str; 16] = [
    "rating.created",
    "rating.changed",
    "outcome.decided",
    "message.received",
    "low_rating.raised",
    "low_rating.seen",
    "low_rating.answered",
    "low_rating.settled",
    "low_rating.overdue",
    "score.alarm",
    "score.all_clear",
    "client.opted_out",
    "connection.stopped",
    "connection.deaf",
    "connection.resumed",
    "experiment.ended",
];

/// Time after which an event is no longer delivered.
const GIVE_UP_AFTER: Millis = 3 * 24 * 3_600_000;

/// Events for a new or changed rating.
pub fn rating(engine: &Engine, request: &RatingRequest, rating: &Rating, created: bool, now: Millis) -> Vec<NewDelivery> {
    let name = if created { "rating.created" } else { "rating.changed" };
    let of = Of { line: Some(&request.line_id), subject: Some(request.id) };
    let mut told = emit(engine, name, of, || json!({ "rating_request": about(request), "rating": value(rating) }), now);
    told.extend(write_backs(engine, request, rating, now));
    told
}

/// Events for a rating request that ended.
pub fn outcome_decided(engine: &Engine, request: &RatingRequest, now: Millis) -> Vec<NewDelivery> {
    let body = || json!({ "rating_request": about(request), "outcome": request.outcome, "reason": request.reason });
    emit(engine, "outcome.decided", Of { line: Some(&request.line_id), subject: Some(request.id) }, body, now)
}

/// A step in the life of a low rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LowEvent<'a> {
    /// A rating became low.
    Raised,
    /// This person has acknowledged an alert about it.
    Seen(&'a str),
    /// This person replied to the client.
    Answered(&'a str),
    /// This person marked it as resolved.
    Settled(&'a str),
    /// Nobody replied in time.
    Overdue,
}

/// Something happened to a low rating.
pub fn low_rating(engine: &Engine, what: LowEvent<'_>, request: &RatingRequest, rating: &Rating, now: Millis) -> Vec<NewDelivery> {
    let (name, by) = match what {
        LowEvent::Raised => ("low_rating.raised", None),
        LowEvent::Seen(by) => ("low_rating.seen", Some(by)),
        LowEvent::Answered(by) => ("low_rating.answered", Some(by)),
        LowEvent::Settled(by) => ("low_rating.settled", Some(by)),
        LowEvent::Overdue => ("low_rating.overdue", None),
    };
    let of = Of { line: Some(&request.line_id), subject: Some(request.id) };
    emit(engine, name, of, || json!({ "rating_request": about(request), "rating": value(rating), "by": by, "at": rfc3339(now) }), now)
}

/// A watched share has fallen, or is as usual again.
pub fn alarm(engine: &Engine, alarm: &ShareAlarm, cleared: bool, now: Millis) -> Vec<NewDelivery> {
    let name = if cleared { "score.all_clear" } else { "score.alarm" };
    let body = || {
        json!({
            "alarm": alarm.id,
            "line": alarm.line_id,
            "channel": alarm.channel,
            "share": alarm.kind,
            "bad": alarm.bad,
            "cases": alarm.cases,
            "usual_percent": alarm.usual as f64 / 10_000.0,
            "first_case_at": rfc3339(alarm.from_at),
            "raised_at": rfc3339(alarm.raised_at),
            "at": rfc3339(now),
        })
    };
    emit(engine, name, Of { line: Some(&alarm.line_id), subject: None }, body, now)
}

/// A client is not to be asked any more. `by` says who told us.
pub fn opted_out(engine: &Engine, client: Option<&ClientId>, by: &str, now: Millis) -> Vec<NewDelivery> {
    let body = || json!({ "client": client, "by": by, "at": rfc3339(now) });
    emit(engine, "client.opted_out", Of::default(), body, now)
}

/// A connection stopped, fell silent, or works again: told through the others.
pub fn connection(
    engine: &Engine,
    trouble: Trouble,
    connection: &ConnectionId,
    reason: &str,
    since: Millis,
    now: Millis,
) -> Vec<NewDelivery> {
    let name = match trouble {
        Trouble::Stopped => "connection.stopped",
        Trouble::Deaf => "connection.deaf",
        Trouble::HearsAgain | Trouble::RunsAgain => "connection.resumed",
        Trouble::Waits | Trouble::RoomGone => return Vec::new(),
    };
    let reason = Some(reason).filter(|reason| !reason.is_empty());
    let body = || json!({ "connection": connection, "reason": reason, "began_at": rfc3339(since), "at": rfc3339(now) });
    let mut told = emit(engine, name, Of::default(), body, now);
    told.retain(|event| event.connection != *connection);
    told
}

/// An experiment of a line ended.
pub fn experiment_ended(engine: &Engine, ended: &Experiment, now: Millis) -> Vec<NewDelivery> {
    let body = || {
        json!({
            "experiment": ended.id,
            "line": ended.line_id,
            "verdict": ended.verdict,
            "kept": ended.kept,
            "by": ended.ended_by,
            "started_at": rfc3339(ended.started_at),
            "at": rfc3339(now),
        })
    };
    emit(engine, "experiment.ended", Of { line: Some(&ended.line_id), subject: None }, body, now)
}

/// Events for a client's message that is no answer. `open` are the open rating requests of this conversation.
pub fn message_received(
    engine: &Engine,
    connection: &ConnectionId,
    message: &Message<'_>,
    open: &[RequestId],
    now: Millis,
) -> Vec<NewDelivery> {
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
    emit(engine, "message.received", Of { line: None, subject: open.first().copied() }, body, now)
}

/// A client's message.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// Address of the sender.
    pub by: &'a Address,
    /// The unchanged text.
    pub text: &'a str,
    /// The platform's ID of our message that it replies to.
    pub reply_to: Option<&'a str>,
    /// Time according to the platform, if it reports one.
    pub at: Millis,
}

/// A low rating in the form used for programs in alerts.
pub fn facts(request: &RatingRequest, rating: &Rating) -> Value {
    json!({ "rating_request": about(request), "rating": value(rating) })
}

fn about(request: &RatingRequest) -> Value {
    json!({
        "id": request.id,
        "source": request.source,
        "session": request.session_id,
        "close": request.epoch,
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
        "rated_at": rfc3339(rating.rated_at),
        "changed_at": rfc3339(rating.changed_at),
    })
}

/// The subject of an event.
#[derive(Clone, Copy, Default)]
struct Of<'a> {
    /// The line. `None` if it concerns no line; receivers that chose lines get it too.
    line: Option<&'a LineId>,
    /// The rating request.
    subject: Option<RequestId>,
}

fn emit(engine: &Engine, name: &str, of: Of<'_>, body: impl Fn() -> Value, now: Millis) -> Vec<NewDelivery> {
    let payload = || json!({ "event": name, "data": body() });
    let event = |connection| delivery(engine, connection, of.subject.map(Subject::from), &payload(), now);
    engine.channels.wanting(name, of.line).into_iter().map(event).collect()
}

/// The delivery of an event to the receiver `connection`.
pub(crate) fn delivery(engine: &Engine, connection: ConnectionId, subject: Option<Subject>, payload: &Value, now: Millis) -> NewDelivery {
    NewDelivery {
        id: engine.ids.next(now),
        kind: Kind::Event,
        address: serde_json::to_string(&Address::default()).unwrap_or_default(),
        subject,
        payload: payload.to_string(),
        due_at: now,
        give_up_at: now + GIVE_UP_AFTER,
        window_closes_at: None,
        outside_window: 0,
        resends_max: engine.channels.resends_max(&connection, Kind::Event, true),
        created_at: now,
        connection,
    }
}

/// Time after which a rating is no longer shown.
const NOTE_GIVES_UP_AFTER: Millis = 7 * 24 * 3_600_000;

/// Content of a write-back.
#[derive(Serialize, Deserialize)]
pub(crate) struct Revision {
    /// The revision of the rating.
    pub(crate) revision: i64,
}

/// The delivery of a new or changed rating to its desk, if the desk shows ratings.
fn write_backs(engine: &Engine, request: &RatingRequest, rating: &Rating, now: Millis) -> Option<NewDelivery> {
    let at_desk = engine.desks.get(&request.source.as_connection())?;
    let can = at_desk.desk.abilities();
    if !can.writes_back {
        return None;
    }
    Some(NewDelivery {
        id: engine.ids.next(now),
        kind: Kind::WriteBack,
        connection: request.source.as_connection(),
        address: serde_json::to_string(&Address::chat(request.session_id.as_str())).unwrap_or_default(),
        subject: Some(request.id.into()),
        payload: serde_json::to_string(&Revision { revision: rating.revision }).unwrap_or_default(),
        due_at: now + at_desk.routing.note_after,
        give_up_at: now + NOTE_GIVES_UP_AFTER,
        window_closes_at: None,
        outside_window: 0,
        resends_max: Kind::WriteBack.resends_max(can.writes_back_once),
        created_at: now,
    })
}
