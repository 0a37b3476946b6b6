//! The account: its conversations, changes to them, and its webhooks. As in Chatwoot, a message of the contact reopens a
//! resolved conversation, and an activity message records who resolved one.

use super::Post;
use super::conversation::{Conversation, Item, Message, Status, Writer};
use lastword_domain::session::Operator;
use lastword_life::Millis;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Maximum conversations; the oldest is dropped.
const CONVERSATIONS_MAX: usize = 200;
/// Maximum messages per conversation.
const MESSAGES_MAX: usize = 1_000;
/// ID of the engine's user, different from agents' and contacts' IDs.
const OURS: u64 = 90;
/// First IDs that people see, as in an installation that has been used for a while.
const FIRST: (u64, u64) = (1_041, 20_417);

/// Content of a new message.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) text: String,
    pub(super) private: bool,
    pub(super) source_id: Option<String>,
    pub(super) reply_to: Option<u64>,
    pub(super) items: Vec<Item>,
}

/// The account.
pub(super) struct Account {
    pub(super) organisation: String,
    /// Agent assigned to all conversations.
    agent: Operator,
    secret: String,
    conversations: BTreeMap<u64, Conversation>,
    /// Last assigned IDs: of a conversation, a message and a contact.
    last: (u64, u64, u64),
    pub(super) hooks: Vec<Value>,
    /// Created attributes of conversations, labels and dashboard apps.
    pub(super) definitions: Vec<Value>,
    pub(super) labels: Vec<Value>,
    pub(super) apps: Vec<Value>,
    posts: Vec<Post>,
}

impl Account {
    pub(super) fn new(organisation: &str, agent: &Operator, secret: &str) -> Self {
        Self {
            organisation: organisation.to_owned(),
            agent: agent.clone(),
            secret: secret.to_owned(),
            conversations: BTreeMap::new(),
            last: (FIRST.0, FIRST.1, 0),
            hooks: Vec::new(),
            definitions: Vec::new(),
            labels: Vec::new(),
            apps: Vec::new(),
            posts: Vec::new(),
        }
    }

    pub(super) fn is_heard(&self) -> bool {
        !self.hooks.is_empty()
    }

    pub(super) fn take_posts(&mut self) -> Vec<Post> {
        std::mem::take(&mut self.posts)
    }

    /// Chatwoot's IDs are numbers. The demo's agent keeps her ID, so that she is one person in both columns.
    pub(super) fn agent(&self) -> Value {
        json!({ "id": self.agent.id, "name": self.agent_name(), "type": "user" })
    }

    pub(super) fn agent_name(&self) -> &str {
        self.agent.name.as_deref().unwrap_or(self.agent.id.as_str())
    }

    /// The engine's user, whose token is used for the API.
    pub(super) fn us(&self) -> Value {
        json!({ "id": OURS, "name": "Lastword", "accounts": [{ "id": 1, "name": self.organisation, "role": "administrator" }] })
    }

    pub(super) fn conversation(&self, id: u64) -> Option<&Conversation> {
        self.conversations.get(&id)
    }

    /// All conversations, newest first.
    pub(super) fn newest(&self) -> impl Iterator<Item = &Conversation> {
        self.conversations.values().rev()
    }

    /// A conversation in the format of the API.
    pub(super) fn shown(&self, conversation: &Conversation) -> Value {
        conversation.shown(&self.agent())
    }

    /// Adds a message of the visitor to their newest conversation, or to a new one if they have none or start one. Returns
    /// its ID; `None` if the conversation is full.
    pub(super) fn visitor_writes(&mut self, visitor: &str, text: &str, reply_to: Option<u64>, begin: bool, now: Millis) -> Option<u64> {
        let theirs = self.newest().find(|one| one.visitor == visitor).map(|one| (one.id, one.status));
        let (id, status) = match theirs.filter(|(_, status)| !(begin && *status == Status::Resolved)) {
            Some(theirs) => theirs,
            None => (self.open(visitor, now), Status::Open),
        };
        let draft = Draft { text: text.to_owned(), reply_to, ..Draft::default() };
        self.add(id, Writer::Contact, draft, now)?;
        if status == Status::Resolved {
            self.set_status(id, Status::Open, "System reopened the conversation due to a new incoming message.", now);
        }
        Some(id)
    }

    fn open(&mut self, visitor: &str, now: Millis) -> u64 {
        let known = self.conversations.values().find(|one| one.visitor == visitor).map(|one| one.contact);
        let contact = known.unwrap_or_else(|| {
            self.last.2 += 1;
            self.last.2
        });
        self.last.0 += 1;
        let id = self.last.0;
        let attributes = Map::from_iter([("page".to_owned(), json!("/orders"))]);
        let conversation = Conversation {
            id,
            contact,
            visitor: visitor.to_owned(),
            status: Status::Open,
            messages: Vec::new(),
            attributes,
            labels: vec!["delivery".to_owned()],
            created_at: now,
            updated_at: now,
        };
        self.conversations.insert(id, conversation);
        if self.conversations.len() > CONVERSATIONS_MAX {
            self.conversations.pop_first();
        }
        self.post_conversation(id, "conversation_created", &Value::Null);
        id
    }

    /// Adds a message of the agent to the contact, or a private note.
    pub(super) fn agent_writes(&mut self, id: u64, text: &str, private: bool, now: Millis) -> Option<u64> {
        let writer = Writer::User { id: json!(self.agent.id), name: self.agent_name().to_owned() };
        self.add(id, writer, Draft { text: text.to_owned(), private, ..Draft::default() }, now)
    }

    /// Adds a message of the engine.
    pub(super) fn we_write(&mut self, id: u64, draft: Draft, now: Millis) -> Option<u64> {
        self.add(id, Writer::User { id: json!(OURS), name: "Lastword".to_owned() }, draft, now)
    }

    /// Adds a message. Returns its ID; `None` if the conversation does not exist or is full.
    fn add(&mut self, id: u64, writer: Writer, draft: Draft, now: Millis) -> Option<u64> {
        let number = self.last.1 + 1;
        let conversation = self.conversations.get_mut(&id).filter(|one| one.messages.len() < MESSAGES_MAX)?;
        self.last.1 = number;
        let told = writer != Writer::Activity;
        let Draft { text, private, source_id, reply_to, items } = draft;
        conversation.messages.push(Message { id: number, at: now, writer, text, private, source_id, reply_to, items, tapped: None });
        // Webhooks do not treat activities as messages.
        if told {
            self.post_message(id, number, "message_created");
        }
        Some(number)
    }

    /// Records the visitor's tap on a choice, once.
    pub(super) fn tap(&mut self, visitor: &str, id: u64, message: u64, item: usize) -> bool {
        let theirs = self.conversations.get_mut(&id).filter(|one| one.visitor == visitor);
        let found = theirs.and_then(|one| one.messages.iter_mut().find(|one| one.id == message));
        let Some(found) = found.filter(|one| one.tapped.is_none() && item < one.items.len()) else { return false };
        found.tapped = Some(item);
        self.post_message(id, message, "message_updated");
        true
    }

    /// Resolves or reopens a conversation; `said` is the activity message. Returns false if it already has this status.
    pub(super) fn set_status(&mut self, id: u64, status: Status, said: &str, now: Millis) -> bool {
        let Some(conversation) = self.conversations.get_mut(&id).filter(|one| one.status != status) else { return false };
        let before = std::mem::replace(&mut conversation.status, status);
        conversation.updated_at = now;
        self.add(id, Writer::Activity, Draft { text: said.to_owned(), ..Draft::default() }, now);
        self.post_conversation(id, "conversation_status_changed", &Value::Null);
        let changed = json!([{ "status": { "previous_value": before.word(), "current_value": status.word() } }]);
        self.post_conversation(id, "conversation_updated", &changed);
        true
    }

    /// Resolves or reopens a conversation as a user with this name.
    pub(super) fn set_status_by(&mut self, id: u64, status: Status, name: &str, now: Millis) -> bool {
        let said = match status {
            Status::Resolved => format!("Conversation was marked resolved by {name}"),
            Status::Open => format!("Conversation was reopened by {name}"),
        };
        self.set_status(id, status, &said, now)
    }

    /// Replaces all attributes of a conversation.
    pub(super) fn set_attributes(&mut self, id: u64, attributes: Map<String, Value>, now: Millis) {
        let Some(conversation) = self.conversations.get_mut(&id) else { return };
        let before = std::mem::replace(&mut conversation.attributes, attributes);
        conversation.updated_at = now;
        let changed = json!([{ "custom_attributes": { "previous_value": before, "current_value": conversation.attributes } }]);
        self.post_conversation(id, "conversation_updated", &changed);
    }

    /// Replaces all labels of a conversation.
    pub(super) fn set_labels(&mut self, id: u64, labels: Vec<String>, now: Millis) {
        let Some(conversation) = self.conversations.get_mut(&id) else { return };
        let before = std::mem::replace(&mut conversation.labels, labels);
        conversation.updated_at = now;
        let changed = json!([{ "label_list": { "previous_value": before, "current_value": conversation.labels } }]);
        self.post_conversation(id, "conversation_updated", &changed);
    }

    /// Creates a webhook. `None` if its address already has one.
    pub(super) fn add_hook(&mut self, wanted: &Value) -> Option<Value> {
        if self.hooks.iter().any(|hook| hook["url"] == wanted["url"]) {
            return None;
        }
        let mut hook = wanted.clone();
        hook["id"] = json!(self.hooks.len() + 1);
        hook["account_id"] = json!(1);
        hook["secret"] = json!(self.secret);
        self.hooks.push(hook.clone());
        Some(hook)
    }

    fn post_conversation(&mut self, id: u64, event: &str, changed: &Value) {
        let Some(mut body) = self.conversation(id).map(|one| self.shown(one)) else { return };
        body["changed_attributes"] = changed.clone();
        self.post(event, body);
    }

    fn post_message(&mut self, id: u64, message: u64, event: &str) {
        let Some(conversation) = self.conversation(id) else { return };
        let Some(message) = conversation.messages.iter().find(|one| one.id == message) else { return };
        let body = conversation.told(message, &self.agent());
        self.post(event, body);
    }

    /// Posts to every webhook with a subscription to this event.
    fn post(&mut self, event: &str, mut body: Value) {
        body["event"] = json!(event);
        body["account"] = json!({ "id": 1, "name": self.organisation });
        let wants = |hook: &&Value| hook["subscriptions"].as_array().is_some_and(|all| all.iter().any(|one| one == event));
        let urls = self.hooks.iter().filter(wants).filter_map(|hook| hook["url"].as_str());
        self.posts.extend(urls.map(|url| Post { url: url.to_owned(), body: body.to_string() }));
    }
}
