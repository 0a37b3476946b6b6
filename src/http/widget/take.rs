//! What a widget posts is taken in: taps and comments as answers, messages into the conversation. An `ack` is given
//! after the commit.

use super::Widgets;
use super::caller::Visit;
use crate::middleware::rate_limit::TooSoon;
use lastword_contract::{InboundKind, Rejected, TextMessage};
use lastword_domain::answer::Disposition;
use lastword_domain::fingerprint::fingerprint;
use lastword_life::answer::batch::Arrived;
use lastword_life::web_chat;
use serde_json::{Value, json};

/// Why nothing of a post was taken.
pub(super) enum Refused {
    /// It cannot be read, now or later.
    Unreadable(String),
    /// Not now: the database said this.
    Busy(String),
    /// Not so fast.
    TooSoon(TooSoon),
}

/// Takes one frame or a list of them. Gives an answer for each, in order.
pub(super) async fn take(widgets: &Widgets, visit: &Visit, body: Vec<u8>) -> Result<Vec<Value>, Refused> {
    let engine = &widgets.app.engine;
    let now = engine.now();
    widgets.app.limits.frames.take(&visit.who(), now).map_err(Refused::TooSoon)?;
    let body_hash = fingerprint(&body);
    let events = visit.site.receive(&visit.visitor, body, now).map_err(|rejected| Refused::Unreadable(words(&rejected)))?;
    let ids: Vec<String> = events.iter().map(|event| frame_id(&event.key, &visit.visitor).to_owned()).collect();
    let mut answers: Vec<Value> = ids.iter().map(|id| ack(id)).collect();
    let (mut arrived, mut places) = (Vec::new(), Vec::new());
    for (place, inbound) in events.into_iter().enumerate() {
        match &inbound.kind {
            InboundKind::Text(_) if !visit.site.own_chat() => {
                answers[place] = error(Some(&ids[place]), "no_chat", "this connection shows the rating card alone");
            }
            InboundKind::Text(TextMessage { text, .. }) => {
                let written =
                    web_chat::visitor_writes(engine, &visit.connection, visit.site.line(), &visit.visitor, &inbound.key, text, now);
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

/// The id that the widget gave the frame behind an event's key.
fn frame_id<'a>(key: &'a str, visitor: &str) -> &'a str {
    key.strip_prefix(visitor).and_then(|rest| rest.strip_prefix(':')).unwrap_or(key)
}

/// The id of a frame that could not be read as a whole, so that the widget can drop it.
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

/// A frame that is not kept.
pub(super) fn error(id: Option<&str>, code: &str, detail: &str) -> Value {
    json!({ "kind": "error", "id": id, "code": code, "detail": detail })
}
