//! People and programs of a conversation: its writers, the names in its messages, and the account's agents.

use crate::names::{Names, Who};
use crate::receive::{assignee, is_incoming, name};
use lastword_contract::http::Api;
use lastword_contract::json;
use lastword_contract::{Millis, Person, SendError, Verdict};
use serde_json::Value;
use tokio::sync::Mutex;

/// Time for which the list of agents is cached.
const AGENTS_FOR: Millis = 10 * 60_000;

/// Cached agents of an account.
#[derive(Debug, Default)]
pub(crate) struct Agents(Mutex<Listed>);

#[derive(Debug, Default)]
struct Listed {
    read_at: Option<Millis>,
    /// IDs and names.
    agents: Vec<(String, String)>,
}

impl Agents {
    /// Adds the names of all agents; none if our user may not list them.
    ///
    /// # Errors
    /// Errors of the API if another try can help.
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

/// Everyone named by the messages of a conversation.
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
    /// Adds the client and the assignee of a conversation.
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

/// True if the client wrote the message.
pub(crate) fn is_incoming_message(message: &Value) -> bool {
    is_incoming(&message["message_type"])
}

/// True if a human or a bot wrote the message to serve the client: not a rule, a campaign, or a question of ours.
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

/// True if the user that owns our token wrote the message.
pub(crate) fn is_ours(message: &Value, own: Option<&str>) -> bool {
    own.is_some() && writer(message).is_some_and(|writer| !writer.program && Some(writer.id.as_str()) == own)
}

/// Who wrote a message to the client. IDs of programs and of people are separate sequences.
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
