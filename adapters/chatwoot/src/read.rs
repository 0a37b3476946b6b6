//! The current state of a conversation: who closed it, who served it, when the client last wrote.

use crate::activity::Activity;
use crate::names::Names;
use crate::people::{Agents, is_incoming_message, is_service, named, writer};
use crate::receive::{assignee, chat, last_activity_at, seconds};
use crate::seen::Seen;
use crate::timeline::{Facts, Timeline, WRITTEN_WITHIN, is_activity, silence_before, time};
use lastword_contract::http::Api;
use lastword_contract::json;
use lastword_contract::{Chat, CloseBy, Closing, DeskEvent, DeskEventKind, Millis, Person, SendError, Verdict};
use serde_json::Value;

/// Delay before the close is read again.
const AGAIN_AFTER: Millis = 2_000;
/// Maximum pages of messages, 20 each, read of one conversation.
const PAGES_MAX: usize = 10;

/// Further facts needed to read a conversation.
pub(crate) struct About<'a> {
    /// ID of the user that owns our token.
    pub(crate) own: Option<&'a str>,
    /// Agents of the account.
    pub(crate) agents: &'a Agents,
    /// Closes that were read before.
    pub(crate) seen: &'a Seen,
}

/// Reads a conversation that changed at `told_at`.
///
/// # Errors
/// Errors of the API; `not_yet` until Chatwoot has recorded who closed it.
pub(crate) async fn read(api: &Api, about: &About<'_>, session: &str, told_at: Millis, now: Millis) -> Result<Vec<DeskEvent>, SendError> {
    let own = about.own;
    let conversation = match api.get(&format!("conversations/{session}")).await {
        Err(error) if error.verdict == Verdict::RecipientGone => return Ok(Vec::new()),
        read => read?,
    };
    let messages = messages(api, session).await?;
    let mut names = named(&messages);
    names.add_meta(&conversation["meta"]);
    if asks_for_agents(&messages, &names) {
        about.agents.add_to(&mut names, api, now).await?;
    }
    let is_resolved = conversation["status"] == "resolved";
    let labels: Vec<&str> = conversation["labels"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let closes = about.seen.of(session).await;
    let facts = Facts { is_resolved, told_at: Some(told_at), own, labels: &labels, closes: &closes };
    let timeline = Timeline::of(&messages, &facts, &names);
    if !is_resolved {
        let changed_at = seconds(&conversation["updated_at"]).unwrap_or(told_at);
        return Ok(reopened(session, changed_at, &messages, &timeline).into_iter().collect());
    }
    let found = timeline.close();
    let written = found.and_then(|place| time(&messages[place]));
    // A close long before the change is an earlier one, until Chatwoot's job had the time to record this one.
    let is_due = timeline.is_close_sure() && written.is_some_and(|at| at + WRITTEN_WITHIN >= told_at);
    if !is_due && now < told_at + WRITTEN_WITHIN {
        return Err(SendError::new(Verdict::RetryAfter(AGAIN_AFTER), "not_yet", "Chatwoot has not written down yet who closed"));
    }
    if let Some(at) = written.filter(|_| timeline.is_close_sure()) {
        about.seen.add(session, at).await;
    }
    let closed_at = written.or_else(|| last_activity_at(&conversation)).unwrap_or(told_at);
    let place = found.unwrap_or(messages.len());
    let start = timeline.close_before(place).map_or(0, |earlier| earlier + 1);
    let said = found.map(|place| (messages[place]["content"].as_str().unwrap_or_default(), silence_before(&messages, place)));
    let responsible = assignee(&conversation["meta"]);
    let by = by(&conversation, said, &names, responsible.as_ref());
    let closing = closing(&conversation, &messages[..place], start, by, own);
    let what = DeskEventKind::Closed(Box::new(closing));
    Ok(vec![DeskEvent::new(format!("closed:{session}:{closed_at}"), closed_at, session, what)])
}

/// All messages, oldest first, up to the maximum.
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

/// Event for a conversation that is not resolved. It is reported as reopened if it was closed before, or if one of its
/// activity messages cannot be understood; the engine knows whether it was closed.
fn reopened(session: &str, changed_at: Millis, messages: &[Value], timeline: &Timeline) -> Option<DeskEvent> {
    let opens = |message: &&Value| is_activity(message) || is_incoming_message(message);
    let (closed_at, at) = match (timeline.last_close(), timeline.last_unknown()) {
        (Some(place), unknown) if unknown.is_none_or(|unknown| unknown < place) => {
            let closed_at = time(&messages[place]).unwrap_or_default();
            let after = messages[place + 1..].iter().find(opens).and_then(time);
            (closed_at, after.unwrap_or(changed_at).max(closed_at + 1))
        }
        (_, Some(unknown)) => (time(&messages[unknown]).unwrap_or(changed_at), changed_at),
        // The note about the close is missing.
        _ => {
            let opened_at = timeline.last_opening().and_then(|place| time(&messages[place]))?;
            (opened_at, opened_at)
        }
    };
    Some(DeskEvent::new(format!("reopened:{session}:{closed_at}"), at, session, DeskEventKind::Reopened))
}

/// True if an activity message may name a person who is not named elsewhere in the conversation.
fn asks_for_agents(messages: &[Value], names: &Names) -> bool {
    let mut said = messages.iter().filter(|message| is_activity(message)).filter_map(|message| message["content"].as_str());
    said.any(|said| Activity::of(said).asks_for_agents(names))
}

/// Describes a close by the messages before it. Messages before `start` belong to an earlier close of the same conversation
/// and do not count.
fn closing(conversation: &Value, before: &[Value], start: usize, by: (CloseBy, Option<String>), own: Option<&str>) -> Closing {
    let since = &before[start..];
    let served: Vec<&Value> = since.iter().filter(|message| is_service(message, own)).collect();
    let mut operators: Vec<Person> = Vec::new();
    for person in served.iter().filter_map(|message| writer(message)) {
        operators.retain(|known| known.id != person.id);
        operators.push(person);
    }
    let last_client_message_at = before.iter().filter(|message| is_incoming_message(message)).filter_map(time).max();
    let (by, by_id) = by;
    let count = |n: usize| Some(u32::try_from(n).unwrap_or(u32::MAX));
    let people = served.iter().filter(|message| writer(message).is_some_and(|writer| !writer.program)).count();
    let chat = Chat {
        operator: assignee(&conversation["meta"]),
        operators,
        last_client_message_at,
        operator_messages: count(people),
        client_messages: count(since.iter().filter(|message| is_incoming_message(message)).count()),
        ..chat(conversation)
    };
    Closing { chat, by, by_person: by_id.map(|id| Person { id, name: None, program: false }), ..Closing::default() }
}

fn by(
    conversation: &Value,
    said: Option<(&str, Option<Millis>)>,
    names: &Names,
    responsible: Option<&Person>,
) -> (CloseBy, Option<String>) {
    if conversation["muted"] == true {
        return (CloseBy::Spam, None);
    }
    match said {
        Some((said, silence)) => Activity::of(said).closer(names, silence),
        // No close is recorded: if the assignee is a bot, it closed the conversation, otherwise the assignee did.
        None if responsible.is_some_and(|person| person.program) => (CloseBy::Bot, None),
        None => (CloseBy::Operator, None),
    }
}
