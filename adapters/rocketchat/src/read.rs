//! The current state of a room: who closed it, who served it, its channel, and when the client last wrote.

use crate::api::{messages, moment, room};
use crate::config::{Config, Queue};
use crate::people::{People, SERVER};
use crate::receive::{mail, phone, way};
use lastword_contract::http::Api;
use lastword_contract::json;
use lastword_contract::{Chat, CloseBy, Closing, DeskEvent, DeskEventKind, Means, Millis, Person, Reach, SendError, Verdict};
use serde_json::Value;

/// Maximum users looked up for one close.
const PEOPLE_MAX: usize = 20;

/// Reads a room that was closed or forwarded at `told_at`. A room that no longer exists returns no events.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn read(
    api: &Api,
    config: &Config,
    people: &People,
    session: &str,
    told_at: Millis,
    now: Millis,
) -> Result<Vec<DeskEvent>, SendError> {
    let room = match room(api, session).await {
        Err(error) if error.verdict == Verdict::RecipientGone => return Ok(Vec::new()),
        read => read?,
    };
    let Some(closed_at) = moment(&room["closedAt"]).filter(|_| room["open"] != true) else {
        return serving(api, config, people, &room, told_at, now).await;
    };
    let closing = closing(api, config, people, &room, closed_at, now).await?;
    let what = DeskEventKind::Closed(Box::new(closing));
    Ok(vec![DeskEvent::new(format!("closed:{session}:{closed_at}"), closed_at, session, what)])
}

/// The operator and the queue of an open room.
async fn serving(
    api: &Api,
    config: &Config,
    people: &People,
    room: &Value,
    told_at: Millis,
    now: Millis,
) -> Result<Vec<DeskEvent>, SendError> {
    let (session, queue) = (room["_id"].as_str().unwrap_or_default(), queue(config, room));
    let operator = operator(api, people, room, now).await?.filter(|operator| !operator.program);
    let to = operator.as_ref().map_or("-", |operator| operator.id.as_str());
    let key = format!("serving:{session}:{to}:{}:{told_at}", queue.as_deref().unwrap_or("-"));
    Ok(vec![DeskEvent::new(key, told_at, session, DeskEventKind::Reassigned { operator, queue })])
}

/// The assigned operator.
async fn operator(api: &Api, people: &People, room: &Value, now: Millis) -> Result<Option<Person>, SendError> {
    let served_by = &room["servedBy"];
    match json::text(&served_by["_id"]).filter(|id| id != SERVER) {
        Some(id) => people.look(api, &id, json::text(&served_by["username"]), now).await.map(Some),
        None => Ok(None),
    }
}

async fn closing(api: &Api, config: &Config, people: &People, room: &Value, closed_at: Millis, now: Millis) -> Result<Closing, SendError> {
    let id = room["_id"].as_str().unwrap_or_default();
    let messages = match messages(api, id).await {
        Err(error) if error.verdict == Verdict::RecipientGone => Vec::new(),
        read => read?,
    };
    let visitor = visitor(api, room).await?;
    // Messages with a type are the server's own: joined, forwarded, closed.
    let words: Vec<&Value> = messages.iter().filter(|message| message["t"].as_str().is_none_or(str::is_empty)).collect();
    let before = |message: &&Value| moment(&message["ts"]).is_none_or(|at| at <= closed_at);
    let (asked, answered): (Vec<&Value>, Vec<&Value>) = words.into_iter().filter(before).partition(|message| is_clients(message, room));
    let mut wrote: Vec<(&str, Option<String>)> = Vec::new();
    let mut operator_messages = 0;
    for message in answered {
        let Some(id) = message["u"]["_id"].as_str().filter(|id| *id != SERVER && *id != config.user) else { continue };
        wrote.retain(|(known, _)| *known != id);
        wrote.push((id, json::text(&message["u"]["username"])));
        operator_messages += 1;
    }
    let mut operators = Vec::new();
    for (id, username) in wrote.into_iter().rev().take(PEOPLE_MAX) {
        operators.push(people.look(api, id, username, now).await?);
    }
    operators.reverse();
    let operator = operator(api, people, room, now).await?;
    let (by, by_person) = by(api, people, room, now).await?;
    let count = |n: usize| Some(u32::try_from(n).unwrap_or(u32::MAX));
    let chat = Chat {
        queue: queue(config, room),
        operator,
        operators,
        // A contact is one person on all channels, in releases that have contacts.
        client: json::text(&room["contactId"]).or_else(|| json::text(&room["v"]["_id"])),
        client_name: json::name(&visitor["name"]).or_else(|| json::name(&room["fname"])),
        labels: room["tags"].as_array().into_iter().flatten().filter_map(json::text).collect(),
        reach: reach(room, &visitor),
        opened_at: moment(&room["ts"]),
        last_client_message_at: asked.iter().filter_map(|message| moment(&message["ts"])).max(),
        operator_messages: count(operator_messages),
        client_messages: count(asked.len()),
        page: Some(format!("{}/live/{id}", config.url.trim().trim_end_matches('/'))),
        ..Chat::default()
    };
    Ok(Closing { chat, by, by_person, ..Closing::default() })
}

/// True if the client wrote the message: such messages carry the client's token.
fn is_clients(message: &Value, room: &Value) -> bool {
    message["token"].is_string() || message["u"]["_id"] == room["v"]["_id"]
}

/// Who closed. The server closes rooms that are silent for too long.
async fn by(api: &Api, people: &People, room: &Value, now: Millis) -> Result<(CloseBy, Option<Person>), SendError> {
    let (closed_by, visitor) = (&room["closedBy"], &room["v"]["_id"]);
    if room["closer"] == "visitor" || (closed_by["_id"].is_string() && closed_by["_id"] == *visitor) {
        return Ok((CloseBy::Client, None));
    }
    if closed_by["username"] == SERVER || closed_by["_id"] == SERVER {
        return Ok((CloseBy::Timeout, None));
    }
    let Some(id) = json::text(&closed_by["_id"]) else { return Ok((CloseBy::Operator, None)) };
    let closer = people.look(api, &id, json::text(&closed_by["username"]), now).await?;
    Ok(if closer.program { (CloseBy::Bot, None) } else { (CloseBy::Operator, Some(closer)) })
}

/// The client; empty if the client was deleted.
async fn visitor(api: &Api, room: &Value) -> Result<Value, SendError> {
    let Some(id) = json::text(&room["v"]["_id"]) else { return Ok(Value::Null) };
    match api.get(&format!("livechat/visitors.info?visitorId={}", crate::api::encoded(&id))).await {
        Ok(answer) => Ok(answer["visitor"].clone()),
        Err(error) if matches!(error.verdict, Verdict::Refused | Verdict::RecipientGone) => Ok(Value::Null),
        Err(error) => Err(error),
    }
}

fn queue(config: &Config, room: &Value) -> Option<String> {
    match config.queue {
        Queue::Department => json::text(&room["departmentId"]).or_else(|| channel(room)),
        Queue::Channel => channel(room),
    }
}

/// Channel of a room. The name of an app becomes a text that can be a settings key.
pub(crate) fn channel(room: &Value) -> Option<String> {
    let source = &room["source"];
    let kind = json::text(&source["type"])?;
    let app = || ["alias", "label", "id"].iter().find_map(|key| json::text(&source[*key]));
    let name = if kind == "app" { app().unwrap_or(kind) } else { kind };
    Some(name.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-"))
}

/// Ways to reach the client: the messenger of the room, email and phone.
fn reach(room: &Value, visitor: &Value) -> Vec<Reach> {
    let app = &room["source"]["id"];
    let known = visitor["externalIds"].as_array().into_iter().flatten().find(|known| known["appId"].is_string() && known["appId"] == *app);
    let mut reach = Vec::new();
    reach.extend(known.and_then(|known| json::id(&known["entityId"])).map(|chat| way(Means::Messenger, chat)));
    reach.extend(mail(&visitor["visitorEmails"]).or_else(|| mail(&room["email"]["replyTo"])));
    reach.extend(phone(&visitor["phone"]));
    reach
}
