//! The current state of a conversation: who closed it, who served it, when the client last wrote. Each conversation closes
//! once: a later message of the client starts another one in the same chat.

use crate::api::{Api, NO_ACCESS};
use crate::config::Config;
use crate::crm;
use crate::history::{self, Author, History, sixth};
use crate::lost::{self, Listed};
use crate::receive::chat_of;
use crate::vote::{self, Stage};
use lastword_contract::{Address, Chat, CloseBy, Closing, DeskEvent, DeskEventKind, Means, Millis, Person, Reach, SendError, Verdict};
use serde_json::json;

/// Maximum delay of the list of sessions behind the history.
const LISTED_WITHIN: Millis = 10_000;
const ASK_AGAIN: Millis = 3_000;
/// Bitrix24 channels whose chats have the messenger's own IDs.
const MESSENGERS: [&str; 1] = ["telegrambot"];

/// Reads a conversation that has changed.
///
/// # Errors
/// Errors of the API; `not_yet` until Bitrix24 has recorded how it was closed.
pub(crate) async fn read(api: &Api, config: &Config, session: &str, told_at: Millis, now: Millis) -> Result<Vec<DeskEvent>, SendError> {
    let asked = vote::asked_in(session);
    let mut history = match chat_of(session) {
        None => history::of_session(api, asked.map_or(session, |(session, _)| session)).await?,
        Some(chat) => match of_chat(api, chat, told_at).await? {
            Found::Conversation(history) => *history,
            Found::Hidden { .. } => return Ok(Vec::new()),
        },
    };
    let Some(began) = history.began().filter(|_| !config.leave_out.contains(&history.connector)) else { return Ok(Vec::new()) };
    let session = history.session.clone();
    let votes = config.vote_as_client.contains_key(&history.connector);
    let stages = if votes { vote::stages(&history, asked.and_then(|(_, message)| message.parse().ok())) } else { Vec::new() };
    if asked.is_some() && stages.is_empty() && now - told_at < LISTED_WITHIN {
        return Err(SendError::new(Verdict::RetryAfter(ASK_AGAIN), "not_yet", "Bitrix24 does not show its question yet"));
    }
    if history.is_open() && !stages.is_empty() {
        history.ways = ways(api, config, &history).await?;
        return Ok(told(config, &history, stages, None));
    }
    if history.is_open() {
        let chat = chat_from(config, &history, None, Millis::MAX);
        return Ok(vec![DeskEvent::new(format!("opened:{session}"), began, session, DeskEventKind::Opened(Box::new(chat)))]);
    }
    let Some(ended) = history.ended() else { return Ok(Vec::new()) };
    let listed = lost::closed_around(api, history.line.as_deref(), ended).await?;
    let lists = listed.is_some();
    let found = listed.into_iter().flatten().find(|listed| listed.session == session);
    if lists && found.is_none() && now - told_at < LISTED_WITHIN {
        return Err(SendError::new(Verdict::RetryAfter(ASK_AGAIN), "not_yet", "Bitrix24 does not say yet how it was closed"));
    }
    history.ways = ways(api, config, &history).await?;
    let whole = Stage { key: format!("closed:{session}"), at: ended, closed: true };
    Ok(told(config, &history, if stages.is_empty() { vec![whole] } else { stages }, found.as_ref()))
}

/// Turns the stages of a conversation into events. The list of sessions says how the last one ended.
fn told(config: &Config, history: &History, stages: Vec<Stage>, listed: Option<&Listed>) -> Vec<DeskEvent> {
    let last = stages.len().saturating_sub(1);
    let event = |(number, Stage { key, at, closed }): (usize, Stage)| {
        let listed = listed.filter(|_| number == last);
        let what = if closed { DeskEventKind::Closed(Box::new(closing(config, history, listed, at))) } else { DeskEventKind::Reopened };
        DeskEvent::new(key, at, history.session.clone(), what)
    };
    stages.into_iter().enumerate().map(event).collect()
}

/// Result of looking up a chat.
pub(crate) enum Found {
    /// The chat's last conversation.
    Conversation(Box<History>),
    /// The conversation is not visible. `entity`, if visible, names the chat's client.
    Hidden { entity: String },
}

/// The open conversation of a chat, or else the last one. For a user who is not in the chat the last one can only be read
/// by its ID, which the list of sessions has.
pub(crate) async fn of_chat(api: &Api, chat: &str, told_at: Millis) -> Result<Found, SendError> {
    let found = |history| Found::Conversation(Box::new(history));
    let dialog = match api.read("imopenlines.dialog.get", json!({ "CHAT_ID": chat })).await {
        Err(error) if error.kind != NO_ACCESS => return Err(error),
        dialog => dialog.unwrap_or_default(),
    };
    if let Some(session) = dialog["entity_data_1"].as_str().and_then(sixth) {
        return history::of_session(api, &session).await.map(found);
    }
    match history::of_chat(api, chat).await {
        Err(error) if error.kind == NO_ACCESS => {}
        read => return read.map(found),
    }
    let line = dialog["entity_id"].as_str().and_then(|entity| entity.split('|').nth(1));
    let listed = lost::closed_around(api, line, told_at).await?;
    let mut of_this = listed.into_iter().flatten().filter(|listed| listed.chat.as_deref() == Some(chat));
    match of_this.next_back() {
        Some(listed) => history::of_session(api, &listed.session).await.map(found),
        None => Ok(Found::Hidden { entity: dialog["entity_id"].as_str().unwrap_or_default().to_owned() }),
    }
}

fn closing(config: &Config, history: &History, listed: Option<&Listed>, ended: Millis) -> Closing {
    let chat = chat_from(config, history, listed, ended);
    let served = |program: bool| chat.operators.iter().any(|person| person.program == program);
    let by = match listed.and_then(|listed| listed.reason.as_deref()) {
        Some("spam") => CloseBy::Spam,
        Some("auto" | "client" | "replyLimit") => CloseBy::Timeout,
        // If only a program wrote, the program closed it.
        _ if served(true) && !served(false) => CloseBy::Bot,
        _ => CloseBy::Operator,
    };
    let already_rated = history.is_rated() || listed.is_some_and(|listed| listed.rated);
    Closing { chat, by, already_rated, ..Closing::default() }
}

/// Describes a conversation by everything up to `until`.
fn chat_from(config: &Config, history: &History, listed: Option<&Listed>, until: Millis) -> Chat {
    let messages = || history.messages.iter().filter(|message| message.at <= until);
    let (mut operators, mut by_operators, mut by_client) = (Vec::<Person>::new(), 0, 0);
    for message in messages() {
        match &message.by {
            Author::Client => by_client += 1,
            Author::Staff(person) => {
                by_operators += u32::from(!person.program);
                if operators.iter().all(|known| known.id != person.id) {
                    operators.push(person.clone());
                }
            }
            Author::System => {}
        }
    }
    let last = history.operator();
    let responsible = listed.and_then(|listed| listed.operator.clone());
    let operator = match responsible {
        Some(id) => operators.iter().find(|known| known.id == id).cloned().or(Some(Person { id, ..Person::default() })),
        None => last.cloned(),
    };
    Chat {
        queue: listed.and_then(|listed| listed.line.clone()).or_else(|| history.line.clone()),
        operator,
        operators,
        client: history.client.clone(),
        client_name: history.client_name.clone(),
        reach: reach(config, history),
        opened_at: history.began(),
        last_client_message_at: messages().filter(|message| message.by == Author::Client).map(|message| message.at).max(),
        operator_messages: Some(by_operators),
        client_messages: Some(by_client),
        page: Some(format!("{}/online/?IM_HISTORY=imol|{}", config.url.trim().trim_end_matches('/'), history.session)),
        ..Chat::default()
    }
}

/// Ways to reach the client: the connection that the settings name for this channel, the messenger itself, and the
/// addresses of the CRM record.
fn reach(config: &Config, history: &History) -> Vec<Reach> {
    let way = |by| history.outside.as_ref().map(|outside| Reach { by, address: Address::chat(outside.as_str()) });
    let named = config.through.get(&history.connector).and_then(|name| way(Means::Connection(name.clone())));
    let messenger = if MESSENGERS.contains(&history.connector.as_str()) { way(Means::Messenger) } else { None };
    named.into_iter().chain(messenger).chain(history.ways.iter().cloned()).collect()
}

/// Addresses of the client's CRM record; empty if reading it is switched off.
async fn ways(api: &Api, config: &Config, history: &History) -> Result<Vec<Reach>, SendError> {
    if config.crm { crm::ways(api, history).await } else { Ok(Vec::new()) }
}
