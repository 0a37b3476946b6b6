//! The whole story of a session, for people: what came in, what was decided and why, what left, and what came of it.

use crate::domain::plan::Way;
use crate::store::rating_request::RatingRequest;
use crate::store::session::Session;
use crate::store::{Db, Millis, StoreError, alert, answer, answer_signal, delivery, rating, rating_request, session};
use serde::Serialize;

/// One sentence of a story.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Sentence {
    /// When, in milliseconds since 1970 UTC.
    pub at: Millis,
    /// What happened.
    pub what: String,
}

/// The story of one session.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Story {
    /// Who tells of it.
    pub source: String,
    /// The desk's id.
    pub session: String,
    /// Its line.
    pub line: String,
    /// `open`, `closed` or `merged`.
    pub status: String,
    /// What happened, oldest first.
    pub story: Vec<Sentence>,
}

/// Tells the stories of the sessions that `id` may mean, whoever tells of them.
///
/// # Errors
/// The database's error.
pub async fn explain(db: &Db, id: &str) -> Result<Vec<Story>, StoreError> {
    let mut stories = Vec::new();
    for session in session::find(db, id).await? {
        stories.push(tell(db, session).await?);
    }
    Ok(stories)
}

async fn tell(db: &Db, session: Session) -> Result<Story, StoreError> {
    let mut story: Vec<Sentence> = Vec::new();
    let mut say = |at: Millis, what: String| story.push(Sentence { at, what });
    if let Some(opened_at) = session.opened_at {
        say(opened_at, format!("Session {} began on line {}.", session.id, session.line_id));
    }
    for event in session::events(db, &session.source, &session.id).await?.into_iter().filter(|event| event.kind != "opened") {
        say(event.occurred_at, happened(&event));
    }
    let requests = rating_request::of_session(db, &session.source, &session.id).await?;
    let ids: Vec<&str> = requests.iter().map(|request| request.id.as_str()).collect();
    requests.iter().for_each(|request| closed(request, &mut say));
    let deliveries = delivery::about(db, &ids).await?;
    deliveries.iter().for_each(|delivery| sent(delivery, &mut say));
    let delivery_ids: Vec<&str> = deliveries.iter().map(|delivery| delivery.id.as_str()).collect();
    for attempt in delivery::attempts(db, &delivery_ids).await? {
        let kind = deliveries.iter().find(|delivery| delivery.id == attempt.delivery_id).map_or("message", |delivery| &delivery.kind);
        let detail = attempt.detail.as_deref().unwrap_or("no details");
        say(attempt.ended_at, format!("A try to send the {kind} ended: {} ({detail}).", attempt.verdict));
    }
    for event in answer::about(db, &ids).await? {
        let value = if event.kind == "comment" { "…".to_owned() } else { event.value };
        say(event.received_at, format!("The client answered: {} {value} – {}.", event.kind, event.disposition));
    }
    for signal in answer_signal::about(db, &ids).await? {
        let what = match signal.kind.as_str() {
            "too_soon" => "it came before anybody could have read the message",
            _ => "every score was given within seconds",
        };
        say(signal.noticed_at, format!("The answer by link may be a program's: {what} ({}).", signal.kind));
    }
    for alert in alert::of_requests(db, &ids).await? {
        alerted(&alert, &mut say);
    }
    for rating in rating::of_requests(db, &ids).await?.into_values() {
        let low = if rating.low == 1 { ", low" } else { "" };
        say(rating.changed_at, format!("The rating is {} ({}{low}), revision {}.", rating.score, rating.scale, rating.revision));
    }
    for request in &requests {
        if let (Some(outcome), Some(at)) = (&request.outcome, request.decided_at) {
            let why = request.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
            say(at, format!("Close {} ended as {outcome}{why}.", request.epoch));
        }
    }
    story.sort_by_key(|sentence| sentence.at);
    Ok(Story { source: session.source, session: session.id, line: session.line_id, status: session.status, story })
}

fn happened(event: &session::PastEvent) -> String {
    if event.kind == session::MOVED {
        return format!("The client has another address on {}: an open question and what waits to be sent follow.", event.detail);
    }
    format!("The desk said: {}. {}", event.kind, event.detail).trim_end().to_owned()
}

fn closed(request: &RatingRequest, say: &mut impl FnMut(Millis, String)) {
    let operator = request.operator_id.as_deref().unwrap_or("nobody");
    say(request.closed_at, format!("Closed by {} (close {}), operator {operator}.", request.closed_by, request.epoch));
    if request.due_at.is_some() {
        let (id, version) = (&request.id, request.line_version);
        let early = request.way.as_deref() == Some(Way::Early.as_str());
        let why = if early { ", early, because the window or quiet hours would shut it out" } else { "" };
        say(request.created_at, format!("Decided to ask{why}: rating request {id}, by version {version} of the line's settings."));
    }
}

fn sent(delivery: &delivery::Delivery, say: &mut impl FnMut(Millis, String)) {
    let (kind, connection, state) = (&delivery.kind, &delivery.connection, &delivery.state);
    let how = if delivery.outside_window == 1 { ", as a template outside the window" } else { "" };
    say(delivery.created_at, format!("Planned: {kind} through {connection}{how}, delivery {}.", delivery.id));
    let why = delivery.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    let detail = delivery.detail.as_ref().map(|detail| format!(" – {detail}")).unwrap_or_default();
    if let Some(at) = delivery.ended_at {
        say(at, format!("The {kind} is {state}{why}{detail}."));
    } else if state != "scheduled" {
        say(delivery.intent_at.unwrap_or(delivery.created_at), format!("The {kind} is {state}{why}."));
    }
}

fn alerted(alert: &alert::Alert, say: &mut impl FnMut(Millis, String)) {
    let who = if alert.recipient_id.is_empty() { "nobody" } else { &alert.recipient_id };
    let why = alert.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    let level = if alert.level > 0 { format!(", level {}", alert.level) } else { String::new() };
    say(alert.created_at, format!("Alert to {who}{level}: {}{why}.", alert.state));
    if let (Some(at), Some(by)) = (alert.acknowledged_at, &alert.acknowledged_by) {
        say(at, format!("The alert was acknowledged by {by}."));
    }
}
