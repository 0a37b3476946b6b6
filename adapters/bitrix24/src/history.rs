//! A conversation as Bitrix24 returns it (`imopenlines.session.history.get`).

use crate::api::Api;
use crate::form::{id, text};
use chrono::DateTime;
use lastword_contract::json;
use lastword_contract::{Millis, Person, Reach, SendError, Verdict};
use serde_json::{Value, json};

/// Marks the last message of a conversation.
const END: &str = "-ol-end";

/// Author of a message.
#[derive(Clone, PartialEq)]
pub(crate) enum Author {
    /// Bitrix24.
    System,
    Client,
    Staff(Person),
}

/// One message.
pub(crate) struct Message {
    pub(crate) id: u64,
    pub(crate) at: Millis,
    pub(crate) by: Author,
    /// True if Bitrix24 asks the client for a vote in it.
    pub(crate) asks: bool,
    /// End of the time in which a vote counts, if the line has a limit.
    pub(crate) votes_until: Option<Millis>,
    ends: bool,
    rated: bool,
}

/// One conversation.
pub(crate) struct History {
    pub(crate) session: String,
    pub(crate) chat: String,
    /// Channel code.
    pub(crate) connector: String,
    pub(crate) line: Option<String>,
    /// ID of the chat in the external channel.
    pub(crate) outside: Option<String>,
    pub(crate) client: Option<String>,
    pub(crate) client_name: Option<String>,
    /// ID of the conversation that is open in the chat.
    current: Option<String>,
    /// The client's records in the CRM: kind and ID.
    pub(crate) records: Vec<(String, String)>,
    /// Addresses of the client from those records, once they were read.
    pub(crate) ways: Vec<Reach>,
    /// True if the operator has closed it and Bitrix24 still waits for the client's reply.
    pub(crate) waits: bool,
    /// Oldest first.
    pub(crate) messages: Vec<Message>,
    /// Supervisor's score; 0 for none.
    pub(crate) score: u64,
    pub(crate) comment: String,
}

impl History {
    /// True if the conversation is open.
    pub(crate) fn is_open(&self) -> bool {
        self.current.as_deref() == Some(self.session.as_str())
    }

    /// Start of the conversation.
    pub(crate) fn began(&self) -> Option<Millis> {
        self.messages.iter().map(|message| message.at).min()
    }

    /// End of the conversation: the last message of Bitrix24 itself, or else the last message.
    pub(crate) fn ended(&self) -> Option<Millis> {
        let end = self.messages.iter().rev().find(|message| message.ends).map(|message| message.at);
        end.or_else(|| self.messages.iter().map(|message| message.at).max())
    }

    /// True if the client voted in Bitrix24.
    pub(crate) fn is_rated(&self) -> bool {
        self.messages.iter().any(|message| message.rated)
    }

    /// The last person who wrote to the client.
    pub(crate) fn operator(&self) -> Option<&Person> {
        let staff = |message: &'_ Message| matches!(&message.by, Author::Staff(person) if !person.program);
        match self.messages.iter().rev().find(|message| staff(message)).map(|message| &message.by) {
            Some(Author::Staff(person)) => Some(person),
            _ => None,
        }
    }
}

/// Reads a conversation by its ID.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn of_session(api: &Api, session: &str) -> Result<History, SendError> {
    let read = api.read("imopenlines.session.history.get", json!({ "SESSION_ID": session })).await?;
    understood(&read)
}

/// Reads the last conversation of a chat.
///
/// # Errors
/// Errors of the API.
pub(crate) async fn of_chat(api: &Api, chat: &str) -> Result<History, SendError> {
    let read = api.read("imopenlines.session.history.get", json!({ "CHAT_ID": chat })).await?;
    understood(&read)
}

fn understood(read: &Value) -> Result<History, SendError> {
    let garbled = || SendError::new(Verdict::RetryBackoff, "garbled", "the answer holds no conversation");
    let (session, chat) = id(&read["sessionId"]).zip(id(&read["chatId"])).ok_or_else(garbled)?;
    let place = &read["chat"][chat.as_str()];
    let parts: Vec<&str> = place["entityId"].as_str().unwrap_or_default().split('|').collect();
    let part = |n: usize| parts.get(n).map(|part| part.trim()).filter(|part| !part.is_empty()).map(str::to_owned);
    let client = part(3).filter(|client| client != "0");
    let users = &read["users"];
    let mut messages: Vec<Message> = each(&read["message"]).filter_map(|one| message(one, users, client.as_deref())).collect();
    messages.sort_by_key(|message| (message.at, message.id));
    let client_name = client.as_ref().and_then(|client| json::name(&users[client.as_str()]["name"]));
    Ok(History {
        connector: part(0).unwrap_or_default(),
        line: part(1),
        outside: part(2),
        client_name,
        client,
        current: sixth(place["entityData1"].as_str().unwrap_or_default()),
        records: records(place["entityData2"].as_str().unwrap_or_default()),
        ways: Vec::new(),
        waits: waits(place["entityData1"].as_str().unwrap_or_default()),
        messages,
        score: read["sessionVoteHead"].as_u64().or_else(|| text(&read["sessionVoteHead"])?.parse().ok()).unwrap_or(0),
        comment: read["sessionCommentHead"].as_str().unwrap_or_default().to_owned(),
        session,
        chat,
    })
}

/// ID of the open conversation of a chat: the sixth part of the chat's entity data, 0 if it has ended.
pub(crate) fn sixth(entity_data: &str) -> Option<String> {
    id(&Value::String(entity_data.split('|').nth(5)?.to_owned()))
}

/// True if the chat's conversation is closed by its operator only: the fifth part of the chat's entity data.
pub(crate) fn waits(entity_data: &str) -> bool {
    entity_data.split('|').nth(4) == Some("Y")
}

fn each(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Array(items) => Box::new(items.iter()),
        Value::Object(items) => Box::new(items.values()),
        _ => Box::new(std::iter::empty()),
    }
}

fn message(one: &Value, users: &Value, client: Option<&str>) -> Option<Message> {
    let at = moment(&one["date"])?;
    let params = &one["params"];
    let by = match id(&one["senderid"]) {
        None => Author::System,
        Some(sender) => {
            let user = &users[sender.as_str()];
            if user["connector"] == true || Some(sender.as_str()) == client {
                Author::Client
            } else {
                let name = json::name(&user["name"]);
                Author::Staff(Person { id: sender, name, program: user["bot"] == true })
            }
        }
    };
    let ends = by == Author::System && text(&params["class"]).is_some_and(|class| class.ends_with(END));
    let rated = ends && (id(&params["imolVoteUser"]).is_some());
    let asks = by == Author::System && !ends && id(&params["imolVoteSid"]).is_some();
    let votes_until = moment(&params["imolDateCloseVote"]);
    Some(Message { id: id(&one["id"])?.parse().ok()?, at, by, asks, votes_until, ends, rated })
}

/// Parses a time of the API.
pub(crate) fn moment(value: &Value) -> Option<Millis> {
    DateTime::parse_from_rfc3339(value.as_str()?).ok().map(|at| at.timestamp_millis())
}

/// Records named by `entityData2` of a chat, without those whose ID is zero.
pub(crate) fn records(entity_data: &str) -> Vec<(String, String)> {
    let parts: Vec<&str> = entity_data.split('|').map(str::trim).collect();
    let pair = |pair: &[&str]| match pair {
        [kind, number] => Some(((*kind).to_owned(), id(&Value::String((*number).to_owned()))?)),
        _ => None,
    };
    parts.chunks(2).filter_map(pair).collect()
}
