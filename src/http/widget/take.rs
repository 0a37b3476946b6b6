//! Accepts what a widget posts: taps and comments become answers, messages join the conversation. An `ack` is sent after the commit.

use super::Widgets;
use super::caller::Visit;
use crate::middleware::rate_limit::TooSoon;
use lastword_contract::{InboundKind, Rejected, TextMessage};
use lastword_domain::answer::Disposition;
use lastword_domain::fingerprint::fingerprint;
use lastword_life::facts::inbound::Arrived;
use lastword_life::session::web_chat;
use serde_json::{Value, json};

/// Reason that a post was rejected.
pub(super) enum Refused {
    /// It cannot be parsed, now or later.
    Unreadable(String),
    /// Temporary database error.
    Busy(String),
    /// Rate limit.
    TooSoon(TooSoon),
}

/// Accepts one frame or a list of frames. Returns a response for each, in order.
pub(super) async fn take(widgets: &Widgets, visit: &Visit, body: Vec<u8>) -> Result<Vec<Value>, Refused> {
    let engine = &widgets.app.engine;
    let now = engine.now();
    widgets.app.limits.frames.take(&visit.who(), now).map_err(Refused::TooSoon)?;
    let body_hash = fingerprint(&body);
    let events = visit.site.receive(visit.visitor.as_str(), body, now).map_err(|rejected| Refused::Unreadable(words(&rejected)))?;
    let ids: Vec<String> = events.iter().map(|event| frame_id(&event.key, visit.visitor.as_str()).to_owned()).collect();
    let mut answers: Vec<Value> = ids.iter().map(|id| ack(id)).collect();
    let (mut arrived, mut places) = (Vec::new(), Vec::new());
    for (place, inbound) in events.into_iter().enumerate() {
        match &inbound.kind {
            InboundKind::Text(_) if !visit.site.own_chat() => {
                answers[place] = error(Some(&ids[place]), "no_chat", "this connection shows the rating card alone");
            }
            InboundKind::Text(TextMessage { text, .. }) => {
                let line = visit.site.line().into();
                let written = web_chat::visitor_writes(engine, &visit.connection, &line, &visit.visitor, &inbound.key, text, now);
                written.await.map_err(|error| Refused::Busy(error.to_string()))?;
            }
            _ => {
                places.push(place);
                arrived.push(Arrived {
                    connection: visit.connection.clone(),
                    inbound,
                    body_hash: body_hash.clone(),
                    came: None,
                    form: None,
                });
            }
        }
    }
    if !arrived.is_empty() {
        let taken = widgets.app.answers.run(arrived).await.map_err(|error| Refused::Busy(error.to_string()))?;
        for (place, taken) in places.into_iter().zip(taken) {
            if matches!(taken.disposition, Disposition::Forged | Disposition::Foreign | Disposition::Unknown) {
                answers[place] = error(Some(&ids[place]), "not_yours", "this choice is not one of this visitor's");
            }
        }
    }
    Ok(answers)
}

/// The widget's ID of the frame, from an event key.
fn frame_id<'a>(key: &'a str, visitor: &str) -> &'a str {
    key.strip_prefix(visitor).and_then(|rest| rest.strip_prefix(':')).unwrap_or(key)
}

/// The ID of a frame that could not be parsed as a whole, so that the widget can drop it.
pub(super) fn id_in(text: &str) -> Option<String> {
    let frame: Value = serde_json::from_str(text).ok()?;
    let id = frame.get("id")?.as_str()?;
    (id.len() <= 64).then(|| id.to_owned())
}

fn words(rejected: &Rejected) -> String {
    match rejected {
        Rejected::Unreadable(why) => why.clone(),
        other => other.to_string(),
    }
}

fn ack(id: &str) -> Value {
    json!({ "kind": "ack", "id": id })
}

/// Error response for a frame that is not stored.
pub(super) fn error(id: Option<&str>, code: &str, detail: &str) -> Value {
    json!({ "kind": "error", "id": id, "code": code, "detail": detail })
}
