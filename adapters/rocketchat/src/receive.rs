//! Turns a webhook into events. Pure: what a webhook does not contain, or does not distinguish (programs and people), is read later.

use crate::api::{is_room, moment};
use crate::config::{Config, Queue};
use crate::signature;
use lastword_contract::json;
use lastword_contract::{Address, Chat, DeskEvent, DeskEventKind, Heard, Means, Millis, RawRequest, Reach, Rejected};
use serde_json::Value;

/// Room ID of the fixed sample that "Send test" posts.
const SAMPLE: &str = "fasd6f5a4sd6f8a4sdf";
/// Rocket.Chat stores the response with the room.
const REPLY: &str = "{}";

/// Reads a request.
///
/// # Errors
/// [`Rejected`] if it is not authenticated or cannot be parsed.
pub(crate) fn receive(config: &Config, request: &RawRequest) -> Result<Heard, Rejected> {
    signature::check(config, request).map_err(Rejected::Unsigned)?;
    let body = json::read(&request.body).map_err(|error| Rejected::Unreadable(format!("the body is no JSON: {error}")))?.value;
    let kind = json::text(&body["type"]).ok_or_else(|| Rejected::Unreadable("no type is named".to_owned()))?;
    let event = json::text(&body["_id"]).filter(|room| room != SAMPLE).map(|room| event(config, &kind, room, &body, request.received_at));
    Ok(Heard { events: event.into_iter().collect(), reply: REPLY.to_owned() })
}

fn event(config: &Config, kind: &str, room: String, body: &Value, received_at: Millis) -> DeskEvent {
    let told = match kind {
        _ if !is_room(&room) => None,
        "LivechatSession" => Some(closed(&room, body, received_at)),
        // The webhook has no channel, so with `queue = "channel"` only the close names the line.
        "LivechatSessionStart" if config.queue == Queue::Department => opened(&room, body),
        "LivechatSessionForwarded" => Some(forwarded(&room, body, received_at)),
        _ => None,
    };
    told.unwrap_or_else(|| {
        let at = moment(&body["lastMessageAt"]).unwrap_or(received_at);
        DeskEvent::new(format!("{kind}:{room}:{received_at}"), at, room, DeskEventKind::Other { kind: kind.to_owned() })
    })
}

/// Event key of a closed room, reported by a webhook or found later.
pub(crate) fn closing_key(room: &str, closed_at: Millis) -> String {
    format!("closing:{room}:{closed_at}")
}

fn closed(room: &str, body: &Value, received_at: Millis) -> DeskEvent {
    // Releases without this time have one close per room as well.
    let at = moment(&body["closedAt"]).or_else(|| moment(&body["lastMessageAt"])).unwrap_or(received_at);
    DeskEvent::new(closing_key(room, at), at, room, DeskEventKind::Changed { read_after: 0 })
}

/// The operator may be a program, which a webhook does not show, so only the close names the operator.
fn opened(room: &str, body: &Value) -> Option<DeskEvent> {
    let at = moment(&body["createdAt"])?;
    let visitor = &body["visitor"];
    let chat = Chat {
        queue: json::text(&body["departmentId"]),
        client: json::text(&visitor["_id"]),
        client_name: json::name(&visitor["name"]),
        reach: mail(&visitor["email"]).into_iter().chain(phone(&visitor["phone"])).collect(),
        opened_at: Some(at),
        ..Chat::default()
    };
    Some(DeskEvent::new(format!("opened:{room}"), at, room, DeskEventKind::Opened(Box::new(chat))))
}

/// Forwarded to another operator, another department, or both. The new operator is read later: it may be a program.
fn forwarded(room: &str, body: &Value, received_at: Millis) -> DeskEvent {
    let served_by = &body["servedBy"];
    let at = moment(&served_by["ts"]).max(moment(&body["lastMessageAt"])).unwrap_or(received_at);
    let to = [&served_by["_id"], &body["departmentId"]].map(|id| id.as_str().unwrap_or("-")).join("/");
    DeskEvent::new(format!("forwarded:{room}:{to}:{at}"), at, room, DeskEventKind::Changed { read_after: 0 })
}

pub(crate) fn way(by: Means, chat: String) -> Reach {
    Reach { by, address: Address::chat(chat) }
}

/// An email address: a text, or the first item of a list.
pub(crate) fn mail(value: &Value) -> Option<Reach> {
    json::text(value).or_else(|| json::text(&value[0]["address"])).map(|mail| way(Means::Email, mail))
}

/// The phone number as typed: a text, or the first item of a list.
pub(crate) fn phone(value: &Value) -> Option<Reach> {
    let number = value.as_str().or_else(|| value[0]["phoneNumber"].as_str())?;
    Some(way(Means::Phone, number.to_owned())).filter(|_| !number.trim().is_empty())
}
