//! A conversation as it stands: closed by whom, served by whom, when the client last wrote.

use crate::activity::{Names, closer, is_resolved};
use crate::receive::{assignee, chat, is_incoming, seconds};
use lastword_contract::http::Api;
use lastword_contract::json;
use lastword_contract::{Chat, CloseBy, Closing, DeskEvent, DeskEventKind, Millis, Person, SendError, Verdict};
use serde_json::Value;

/// How long a job may take to write down who closed. After that the conversation is taken as it is.
const WRITTEN_WITHIN: Millis = 20_000;
/// How long until the next look for it.
const AGAIN_AFTER: Millis = 2_000;
/// The most pages of messages, of twenty each, that are read of one conversation.
const PAGES_MAX: usize = 10;

/// Reads a conversation of which something changed `told_at`.
///
/// # Errors
/// As the API's; `not_yet` where it is not written down yet who closed.
pub(crate) async fn read(api: &Api, own: Option<&str>, session: &str, told_at: Millis, now: Millis) -> Result<Vec<DeskEvent>, SendError> {
    let conversation = match api.get(&format!("conversations/{session}")).await {
        Err(error) if error.verdict == Verdict::RecipientGone => return Ok(Vec::new()),
        read => read?,
    };
    let messages = messages(api, session).await?;
    let is_closed = |message: &&Value| is_activity(message) && is_resolved(message["content"].as_str().unwrap_or_default());
    let closed_at_place = messages.iter().rposition(|message| is_closed(&message));
    if conversation["status"] != "resolved" {
        return Ok(closed_at_place.map(|place| reopened(session, &conversation, &messages, place)).into_iter().collect());
    }
    // A message to or from the client after the close means that it was opened again and closed once more since: of that
    // close nothing is written down yet.
    let is_written = closed_at_place.is_some_and(|place| !messages[place + 1..].iter().any(opens_again));
    if !is_written && now < told_at + WRITTEN_WITHIN {
        return Err(SendError::new(Verdict::RetryAfter(AGAIN_AFTER), "not_yet", "Chatwoot has not written down yet who closed"));
    }
    let place = closed_at_place.filter(|_| is_written);
    let written = place.and_then(|place| seconds(&messages[place]["created_at"]));
    let closed_at = written.or_else(|| seconds(&conversation["last_activity_at"])).unwrap_or(told_at);
    let before = &messages[..place.unwrap_or(messages.len())];
    let said = place.map(|place| messages[place]["content"].as_str().unwrap_or_default());
    let closing = closing(&conversation, before, said, own);
    let what = DeskEventKind::Closed(Box::new(closing));
    Ok(vec![DeskEvent::new(format!("closed:{session}:{closed_at}"), closed_at, session, what)])
}

/// All messages, oldest first, as far as they are read.
async fn messages(api: &Api, session: &str) -> Result<Vec<Value>, SendError> {
    let mut all: Vec<Value> = Vec::new();
    for _ in 0..PAGES_MAX {
        let before = all.first().and_then(|first| json::id(&first["id"])).map(|id| format!("?before={id}")).unwrap_or_default();
        let mut page = api.get(&format!("conversations/{session}/messages{before}")).await?;
        let Value::Array(mut page) = page["payload"].take() else { break };
        let known = all.first().and_then(|first| first["id"].as_u64());
        page.retain(|message| known.is_none_or(|known| message["id"].as_u64().is_some_and(|id| id < known)));
        if page.is_empty() {
            break;
        }
        page.sort_by_key(|message| message["id"].as_u64());
        page.append(&mut all);
        all = page;
    }
    Ok(all)
}

/// Whether a message was written by Chatwoot about the conversation.
pub(crate) fn is_activity(message: &Value) -> bool {
    message["message_type"] == 2 || message["message_type"] == "activity"
}

/// Whether the client wrote a message.
pub(crate) fn is_incoming_message(message: &Value) -> bool {
    is_incoming(&message["message_type"])
}

/// Whether a message after a close says that the conversation was open again: the client wrote, or somebody opened it.
fn opens_again(message: &Value) -> bool {
    is_incoming_message(message) || (is_activity(message) && message["content"].as_str().unwrap_or_default().contains("reopened"))
}

/// Opened again after the close at `place`: when the first thing after it happened.
fn reopened(session: &str, conversation: &Value, messages: &[Value], place: usize) -> DeskEvent {
    let closed_at = seconds(&messages[place]["created_at"]).unwrap_or_default();
    let opens = |message: &&Value| is_activity(message) || is_incoming_message(message);
    let after = messages[place + 1..].iter().find(opens).and_then(|message| seconds(&message["created_at"]));
    let at = after.or_else(|| seconds(&conversation["updated_at"])).unwrap_or_default().max(closed_at + 1);
    DeskEvent::new(format!("reopened:{session}:{closed_at}"), at, session, DeskEventKind::Reopened)
}

/// A close, of the messages before it and of the words in which it was written down.
fn closing(conversation: &Value, before: &[Value], said: Option<&str>, own: Option<&str>) -> Closing {
    // Who served an earlier close of the same conversation has been credited with that.
    let start = before.iter().rposition(|message| is_activity(message) && is_resolved(message["content"].as_str().unwrap_or_default()));
    let since = &before[start.map_or(0, |start| start + 1)..];
    let served: Vec<&Value> = since.iter().filter(|message| is_service(message, own)).collect();
    let mut operators: Vec<Person> = Vec::new();
    for person in served.iter().filter_map(|message| writer(message)) {
        operators.retain(|known| known.id != person.id);
        operators.push(person);
    }
    let last_client_message_at =
        before.iter().filter(|message| is_incoming_message(message)).filter_map(|one| seconds(&one["created_at"])).max();
    let responsible = assignee(&conversation["meta"]);
    let (by, by_id) = by(conversation, &operators, responsible.as_ref(), said);
    let count = |n: usize| Some(u32::try_from(n).unwrap_or(u32::MAX));
    let people = served.iter().filter(|message| writer(message).is_some_and(|writer| !writer.program)).count();
    let chat = Chat {
        operator: responsible,
        operators,
        last_client_message_at,
        operator_messages: count(people),
        client_messages: count(since.iter().filter(|message| is_incoming_message(message)).count()),
        ..chat(conversation)
    };
    Closing { chat, by, by_person: by_id.map(|id| Person { id, name: None, program: false }), ..Closing::default() }
}

fn by(conversation: &Value, operators: &[Person], responsible: Option<&Person>, said: Option<&str>) -> (CloseBy, Option<String>) {
    if conversation["muted"] == true {
        return (CloseBy::Spam, None);
    }
    let known: Vec<&Person> = operators.iter().chain(responsible).collect();
    let named = |program: bool| known.iter().filter(move |person| person.program == program);
    let people = named(false).filter_map(|person| Some((person.name.as_deref()?, person.id.clone()))).collect();
    let programs = named(true).filter_map(|person| person.name.as_deref()).collect();
    let names = Names { client: conversation["meta"]["sender"]["name"].as_str(), programs, people };
    match said {
        Some(said) => closer(said, &names),
        // Nothing is written down: a bot that is still responsible did it, or whoever is.
        None if responsible.is_some_and(|person| person.program) => (CloseBy::Bot, None),
        None => (CloseBy::Operator, None),
    }
}

/// Whether a message was written to the client by somebody who serves: no rule, no campaign, no question of ours.
pub(crate) fn is_service(message: &Value, own: Option<&str>) -> bool {
    let outgoing = message["message_type"] == 1 || message["message_type"] == "outgoing";
    let by_rule =
        !message["content_attributes"]["automation_rule_id"].is_null() || !message["additional_attributes"]["campaign_id"].is_null();
    let ours = own.is_some() && writer(message).is_some_and(|writer| !writer.program && Some(writer.id.as_str()) == own);
    outgoing
        && message["private"] != true
        && !by_rule
        && !ours
        && message["content_type"] != "input_select"
        && message["content_type"] != "input_csat"
}

/// Who wrote a message to the client. Ids of programs and of people are not of one row.
pub(crate) fn writer(message: &Value) -> Option<Person> {
    let sender = &message["sender"];
    let id = json::id(&sender["id"]).or_else(|| json::id(&message["sender_id"]))?;
    let kind = sender["type"].as_str().or_else(|| message["sender_type"].as_str()).unwrap_or_default();
    let program = match kind {
        "user" | "User" => false,
        "agent_bot" | "AgentBot" | "captain_assistant" | "Captain::Assistant" => true,
        _ => return None,
    };
    Some(Person {
        id: if program { format!("bot-{id}") } else { id },
        name: json::text(&sender["name"]).or_else(|| json::text(&sender["available_name"])),
        program,
    })
}
