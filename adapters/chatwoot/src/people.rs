//! People and programs in a conversation: who wrote, who is named, who works in the account.

use crate::names::{Names, Who};
use crate::receive::{assignee, is_incoming, name};
use lastword_contract::http::Api;
use lastword_contract::json;
use lastword_contract::{Millis, Person, SendError, Verdict};
use serde_json::Value;
use tokio::sync::Mutex;

/// How long the list of agents is taken for true.
const AGENTS_FOR: Millis = 10 * 60_000;

/// The agents of an account, as they were a moment ago.
#[derive(Debug, Default)]
pub(crate) struct Agents(Mutex<Listed>);

#[derive(Debug, Default)]
struct Listed {
    read_at: Option<Millis>,
    /// Ids and names.
    agents: Vec<(String, String)>,
}

impl Agents {
    /// Adds the names of all agents. Nobody is added where our user may not see them.
    ///
    /// # Errors
    /// As the API's, where another try can help.
    pub(crate) async fn add_to(&self, names: &mut Names, api: &Api, now: Millis) -> Result<(), SendError> {
        let mut kept = self.0.lock().await;
        if !kept.read_at.is_some_and(|read_at| (0..AGENTS_FOR).contains(&(now - read_at))) {
            let listed = match api.get("agents").await {
                Ok(listed) => listed,
                Err(error) if matches!(error.verdict, Verdict::RecipientGone | Verdict::Refused | Verdict::ConnectionBroken) => Value::Null,
                Err(error) => return Err(error),
            };
            let agent = |one: &Value| Some((json::id(&one["id"])?, name(&one["name"])?));
            let agents = listed.as_array().into_iter().flatten().filter_map(agent).collect();
            *kept = Listed { read_at: Some(now), agents };
        }
        for (id, name) in &kept.agents {
            names.add(name, Who::Person(Some(id.clone())));
        }
        Ok(())
    }
}

/// Everybody who is named by the messages of a conversation.
pub(crate) fn named(messages: &[Value]) -> Names {
    let mut names = Names::default();
    for message in messages {
        if is_incoming_message(message) {
            names.add(message["sender"]["name"].as_str().unwrap_or_default(), Who::Client);
        } else if let Some(person) = writer(message) {
            names.add_person(&person);
        }
    }
    names
}

impl Names {
    /// Adds the client and whoever is responsible, as a conversation has them.
    pub(crate) fn add_meta(&mut self, meta: &Value) {
        self.add(meta["sender"]["name"].as_str().unwrap_or_default(), Who::Client);
        if let Some(person) = assignee(meta) {
            self.add_person(&person);
        }
    }

    fn add_person(&mut self, person: &Person) {
        let who = if person.program { Who::Program } else { Who::Person(Some(person.id.clone())) };
        self.add(person.name.as_deref().unwrap_or_default(), who);
    }
}

/// Whether the client wrote a message.
pub(crate) fn is_incoming_message(message: &Value) -> bool {
    is_incoming(&message["message_type"])
}

/// Whether a message was written to the client by somebody who serves: no rule, no campaign, no question of ours.
pub(crate) fn is_service(message: &Value, own: Option<&str>) -> bool {
    let outgoing = message["message_type"] == 1 || message["message_type"] == "outgoing";
    let by_rule =
        !message["content_attributes"]["automation_rule_id"].is_null() || !message["additional_attributes"]["campaign_id"].is_null();
    outgoing
        && message["private"] != true
        && !by_rule
        && !is_ours(message, own)
        && message["content_type"] != "input_select"
        && message["content_type"] != "input_csat"
}

/// Whether the user whose token is ours wrote a message.
pub(crate) fn is_ours(message: &Value, own: Option<&str>) -> bool {
    own.is_some() && writer(message).is_some_and(|writer| !writer.program && Some(writer.id.as_str()) == own)
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
        name: name(&sender["name"]).or_else(|| name(&sender["available_name"])),
        program,
    })
}
