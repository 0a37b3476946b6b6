//! A Chatwoot in memory, as its source and documents say that it behaves: its API over HTTP, and the webhooks it posts.
//! Calls for attributes and labels replace the whole set; who closed is written down by a job that runs later.

use hmac::{Hmac, KeyInit, Mac};
use lastword_contract::kit::desks::{DeskApi, DeskStub};
use lastword_contract::kit::{HttpAnswer, HttpRequest};
use lastword_contract::{Headers, Millis, RawRequest};
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::BTreeMap;

pub(crate) const TOKEN: &str = "chatwoot-admin-token-of-the-test";
pub(crate) const SECRET: &str = "chatwoot-webhook-secret-of-the-test";
/// The user whose token is ours.
const OURS: u64 = 90;

#[path = "csat.rs"]
mod csat;

/// One conversation.
#[derive(Clone)]
pub(crate) struct Conversation {
    pub(crate) status: &'static str,
    channel: &'static str,
    inbox: u64,
    assignee: Value,
    assignee_type: &'static str,
    pub(crate) messages: Vec<Value>,
    attributes: Value,
    pub(crate) labels: Vec<String>,
    created_at: Millis,
    updated_at: Millis,
    last_activity_at: Millis,
}

/// What the stub holds.
pub(crate) struct Inside {
    pub(crate) now: Millis,
    pub(crate) conversations: BTreeMap<u64, Conversation>,
    messages: u64,
    jobs: Vec<(u64, Millis, String)>,
    pub(crate) hooks: Vec<Value>,
    pub(crate) csat: bool,
    pub(crate) administrator: bool,
    /// Its own ratings.
    pub(crate) ratings: Vec<Value>,
    /// How many clients there are, who come in turn; none where every chat has one of its own.
    pub(crate) clients: u64,
    /// How many calls are refused for the rate limit before the next one is answered.
    pub(crate) throttled: usize,
    /// How many calls were answered.
    pub(crate) answered: usize,
    /// Conversations whose clients cannot be written to any more.
    pub(crate) shut: Vec<u64>,
    account_labels: Vec<String>,
    definitions: Vec<String>,
    /// Dashboard apps.
    pub(crate) apps: Vec<Value>,
    pub(crate) sent: Vec<Value>,
    pub(crate) posted: Vec<RawRequest>,
    /// What is written down where a client's message opens a conversation.
    pub(crate) said_of_opening: &'static str,
}

/// The stub.
pub(crate) type Stub = DeskStub<Inside>;

/// As Chatwoot signs it, at the time of its clock.
pub(crate) fn signed(body: &[u8], now: Millis) -> RawRequest {
    let timestamp = (now / 1_000).to_string();
    let signature = signature(&timestamp, body);
    let headers = [("x-chatwoot-signature", signature), ("x-chatwoot-timestamp", timestamp), ("x-chatwoot-delivery", "uuid".to_owned())];
    RawRequest { method: "POST".into(), query: String::new(), headers: Headers::new(headers), body: body.to_vec(), received_at: now }
}

pub(crate) fn signature(timestamp: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{timestamp}.").as_bytes());
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

impl Inside {
    pub(crate) fn at(now: Millis) -> Self {
        Self {
            now,
            conversations: BTreeMap::new(),
            messages: 0,
            jobs: Vec::new(),
            hooks: Vec::new(),
            csat: false,
            administrator: true,
            ratings: Vec::new(),
            clients: 0,
            throttled: 0,
            answered: 0,
            shut: Vec::new(),
            account_labels: Vec::new(),
            definitions: Vec::new(),
            apps: Vec::new(),
            sent: Vec::new(),
            posted: Vec::new(),
            said_of_opening: "System reopened the conversation due to a new incoming message.",
        }
    }

    /// A second passes, and jobs that waited run.
    pub(crate) fn tick(&mut self) -> Millis {
        self.run_jobs();
        self.now += 1_000;
        self.now
    }

    pub(crate) fn run_jobs(&mut self) {
        for (id, at, text) in std::mem::take(&mut self.jobs) {
            self.add_message(id, at, json!({ "message_type": 2, "content": text, "private": false }));
        }
    }

    pub(crate) fn open(&mut self, channel: &'static str) -> u64 {
        let at = self.tick();
        let id = self.conversations.len() as u64 + 1;
        let conversation = Conversation {
            status: "open",
            channel,
            inbox: if channel == "Channel::Whatsapp" { 4 } else { 3 },
            assignee: json!({ "id": 1, "name": "Ann", "type": "user" }),
            assignee_type: "User",
            messages: Vec::new(),
            attributes: json!({ "order": "A-15", "vip": true }),
            labels: vec!["billing".to_owned()],
            created_at: at,
            updated_at: at,
            last_activity_at: at,
        };
        self.conversations.insert(id, conversation);
        self.post_conversation(id, "conversation_created", Value::Null);
        self.says(id, "client", "Hello");
        self.says(id, "ann", "Hello, how can I help?");
        id
    }

    /// Somebody writes.
    pub(crate) fn says(&mut self, id: u64, who: &str, text: &str) {
        let at = self.tick();
        let (kind, sender) = match who {
            "client" => (0, json!({ "id": self.client(id), "name": "Jane", "type": "contact" })),
            "ann" => (1, json!({ "id": 1, "name": "Ann", "type": "user" })),
            "ben" => (1, json!({ "id": 2, "name": "Ben", "type": "user" })),
            _ => (1, json!({ "id": 3, "name": "Helper", "type": "agent_bot" })),
        };
        let message = json!({ "message_type": kind, "content": text, "private": false, "sender": sender, "content_type": "text" });
        let message = self.add_message(id, at, message);
        self.post_message(id, "message_created", &message);
        // An incoming message opens a conversation again.
        if kind == 0 && self.conversations[&id].status == "resolved" {
            self.set_status(id, "open", self.said_of_opening);
        }
    }

    fn add_message(&mut self, id: u64, at: Millis, mut message: Value) -> Value {
        self.messages += 1;
        message["id"] = json!(self.messages);
        message["created_at"] = json!(at / 1_000);
        message["conversation_id"] = json!(id);
        let conversation = self.conversations.get_mut(&id).unwrap();
        conversation.last_activity_at = conversation.last_activity_at.max(at);
        conversation.messages.push(message.clone());
        message
    }

    /// The status changes; what is written down about it follows later.
    pub(crate) fn set_status(&mut self, id: u64, status: &'static str, said: &str) {
        let at = self.now;
        let conversation = self.conversations.get_mut(&id).unwrap();
        let before = conversation.status;
        if before == status {
            return;
        }
        (conversation.status, conversation.updated_at) = (status, at + 120);
        self.jobs.push((id, at, said.to_owned()));
        let changed = json!([{ "status": { "previous_value": before, "current_value": status } }]);
        self.post_conversation(id, "conversation_status_changed", Value::Null);
        self.post_conversation(id, "conversation_updated", changed);
    }

    pub(crate) fn close(&mut self, id: u64, by: &str) {
        self.tick();
        let said = match by {
            "client" => "Conversation was resolved by Jane",
            "timeout" => "Conversation was marked resolved by system due to 3 days of inactivity",
            "bot" => "Conversation was marked resolved by Helper",
            "spam" => "Conversation was marked resolved by Ann",
            "forced" => "Conversation was marked resolved by Automation System",
            _ => "Conversation was marked resolved by Ann",
        };
        if by == "bot" {
            let conversation = self.conversations.get_mut(&id).unwrap();
            conversation.assignee = json!({ "id": 3, "name": "Helper", "type": "agent_bot" });
            conversation.assignee_type = "AgentBot";
        }
        self.set_status(id, "resolved", said);
    }

    pub(crate) fn reassign(&mut self, id: u64) {
        let at = self.tick();
        let conversation = self.conversations.get_mut(&id).unwrap();
        conversation.assignee = json!({ "id": 2, "name": "Ben", "type": "user" });
        conversation.updated_at = at + 120;
        self.jobs.push((id, at, "Assigned to Ben by Ann".to_owned()));
        self.post_conversation(id, "conversation_updated", json!([{ "assignee_id": { "previous_value": 1, "current_value": 2 } }]));
    }

    pub(crate) fn edit(&mut self, id: u64) {
        let at = self.tick();
        let conversation = self.conversations.get_mut(&id).unwrap();
        conversation.labels.push("vip".to_owned());
        conversation.updated_at = at + 120;
        self.post_conversation(id, "conversation_updated", json!([{ "label_list": { "previous_value": [], "current_value": ["vip"] } }]));
        let note =
            json!({ "message_type": 1, "content": "Call back", "private": true, "sender": { "id": 2, "name": "Ben", "type": "user" } });
        let note = self.add_message(id, at, note);
        self.post_message(id, "message_created", &note);
    }

    fn shown(&self, id: u64) -> Value {
        let one = &self.conversations[&id];
        json!({
            "id": id, "account_id": 1, "inbox_id": one.inbox, "status": one.status, "can_reply": !self.shut.contains(&id), "muted": false,
            "labels": one.labels, "custom_attributes": one.attributes, "additional_attributes": {},
            "meta": { "sender": { "id": self.client(id), "name": "Jane", "email": "jane@example.com", "phone_number": "+15551234567", "type": "contact" },
                      "channel": one.channel, "assignee": one.assignee, "assignee_type": one.assignee_type, "hmac_verified": false },
            "created_at": one.created_at / 1_000, "updated_at": one.updated_at as f64 / 1_000.0,
            "timestamp": one.last_activity_at / 1_000, "last_activity_at": one.last_activity_at / 1_000,
        })
    }

    fn post_conversation(&mut self, id: u64, event: &str, changed: Value) {
        let mut body = self.shown(id);
        body["event"] = json!(event);
        body["changed_attributes"] = changed;
        body["account"] = json!({ "id": 1, "name": "Acme" });
        let body = body.to_string();
        self.posted.push(signed(body.as_bytes(), self.now));
    }

    fn post_message(&mut self, id: u64, event: &str, message: &Value) {
        let mut body = message.clone();
        let words = ["incoming", "outgoing", "activity", "template"];
        body["message_type"] = json!(words[message["message_type"].as_u64().unwrap_or(1) as usize]);
        body["event"] = json!(event);
        body["conversation"] = self.shown(id);
        body["account"] = json!({ "id": 1, "name": "Acme" });
        let body = body.to_string();
        self.posted.push(signed(body.as_bytes(), self.now));
    }
}

impl DeskApi for Inside {
    fn takes(&mut self, request: &HttpRequest) -> HttpAnswer {
        if self.throttled > 0 {
            self.throttled -= 1;
            return HttpAnswer { headers: vec![("retry-after", "1".to_owned())], ..HttpAnswer::json(429, &json!({})) };
        }
        self.answered += 1;
        if request.headers.get("api_access_token") != Some(TOKEN) {
            return HttpAnswer::json(401, &json!({ "error": "Invalid Access Token" }));
        }
        let (status, answer) = self.take(request);
        HttpAnswer::json(status, &answer)
    }

    fn gone(&self, request: &HttpRequest) -> Option<HttpAnswer> {
        request.path.contains("/conversations/").then(|| HttpAnswer::json(404, &json!({})))
    }

    /// Messages that a client would see, also those that were refused.
    fn arrives(&mut self, request: &HttpRequest) {
        let sent = request.json();
        if request.path.ends_with("/messages") && sent.is_object() && sent["private"] != true {
            self.sent.push(sent);
        }
    }
}

impl Inside {
    fn take(&mut self, request: &HttpRequest) -> (u16, Value) {
        let (method, sent) = (request.method.as_str(), &request.json());
        if request.path == "/api/v1/profile" {
            return (200, json!({ "id": OURS, "name": "Lastword", "accounts": [{ "id": 1, "name": "Acme", "role": "administrator" }] }));
        }
        let Some(path) = request.path.strip_prefix("/api/v1/accounts/1/") else { return (404, json!({})) };
        let asked = |name: &str| request.asked(name);
        let parts: Vec<&str> = path.split('/').collect();
        if !self.administrator && matches!(parts[0], "webhooks" | "custom_attribute_definitions" | "csat_survey_responses") {
            return (401, json!({ "error": "You are not authorized to do this action" }));
        }
        match (method, parts.as_slice()) {
            ("GET", ["conversations"]) => (200, self.list(&asked("page").unwrap_or_default())),
            (_, ["conversations", id, rest @ ..]) => {
                let Some(id) = id.parse().ok().filter(|id| self.conversations.contains_key(id)) else { return (404, json!({})) };
                self.of_conversation(method, id, rest, asked("before"), sent)
            }
            (method, ["webhooks", rest @ ..]) => self.hooks(method, rest, sent),
            ("GET", ["inboxes"]) => {
                let site = json!({ "id": 3, "name": "Site", "channel_type": "Channel::WebWidget", "csat_survey_enabled": self.csat });
                let phone = json!({ "id": 4, "name": "Phone", "channel_type": "Channel::Whatsapp", "csat_survey_enabled": false });
                (200, json!({ "payload": [site, phone] }))
            }
            ("GET", ["agents"]) => {
                let agents = [(1, "Ann"), (2, "Ben"), (7, "Zoe Quill 9"), (OURS, "Lastword")];
                (200, agents.map(|(id, name)| json!({ "id": id, "name": name, "role": "agent" })).to_vec().into())
            }
            ("GET", ["csat_survey_responses", rest @ ..]) => self.csat(rest, request),
            ("PATCH", ["inboxes", _]) => {
                self.csat = sent["csat_survey_enabled"].as_bool().unwrap();
                (200, json!({}))
            }
            ("GET", ["custom_attribute_definitions"]) => {
                (200, self.definitions.iter().map(|key| json!({ "attribute_key": key })).collect::<Vec<_>>().into())
            }
            ("POST", ["custom_attribute_definitions"]) => {
                let key = sent["custom_attribute_definition"]["attribute_key"].as_str().unwrap().to_owned();
                if self.definitions.contains(&key) {
                    return (422, json!({ "message": "Attribute key has already been taken" }));
                }
                self.definitions.push(key);
                (200, json!({}))
            }
            ("GET", ["labels"]) => {
                (200, json!({ "payload": self.account_labels.iter().map(|title| json!({ "title": title })).collect::<Vec<_>>() }))
            }
            ("POST", ["labels"]) => {
                self.account_labels.push(sent["title"].as_str().unwrap().to_owned());
                (200, json!({}))
            }
            ("GET", ["dashboard_apps"]) => (200, self.apps.clone().into()),
            ("POST", ["dashboard_apps"]) => {
                self.apps.push(sent["dashboard_app"].clone());
                (200, sent["dashboard_app"].clone())
            }
            _ => (404, json!({})),
        }
    }

    fn list(&self, page: &str) -> Value {
        let page: usize = page.parse().unwrap_or(1);
        let mut closed: Vec<u64> = self.conversations.iter().filter(|(_, one)| one.status == "resolved").map(|(id, _)| *id).collect();
        closed.sort_by_key(|id| std::cmp::Reverse((self.conversations[id].last_activity_at, *id)));
        let payload: Vec<Value> = closed.iter().skip((page - 1) * 25).take(25).map(|id| self.shown(*id)).collect();
        json!({ "data": { "meta": { "all_count": closed.len() }, "payload": payload } })
    }

    fn of_conversation(&mut self, method: &str, id: u64, rest: &[&str], before: Option<String>, sent: &Value) -> (u16, Value) {
        let now = self.now;
        match (method, rest) {
            ("GET", []) => (200, self.shown(id)),
            ("GET", ["messages"]) => {
                let before: u64 = before.and_then(|before| before.parse().ok()).unwrap_or(u64::MAX);
                let all = &self.conversations[&id].messages;
                let older: Vec<&Value> = all.iter().filter(|message| message["id"].as_u64().unwrap() < before).collect();
                (200, json!({ "meta": {}, "payload": older[older.len().saturating_sub(20)..] }))
            }
            ("POST", ["messages"]) => {
                let mut message = sent.clone();
                message["message_type"] = json!(1);
                message["sender"] = json!({ "id": OURS, "name": "Lastword", "type": "user" });
                let message = self.add_message(id, now, message);
                self.post_message(id, "message_created", &message);
                (200, message)
            }
            ("POST", ["custom_attributes"]) => {
                self.conversations.get_mut(&id).unwrap().attributes = sent["custom_attributes"].clone();
                self.post_conversation(id, "conversation_updated", json!([{ "custom_attributes": {} }]));
                (200, json!({}))
            }
            ("GET", ["labels"]) => (200, json!({ "payload": self.conversations[&id].labels })),
            ("POST", ["labels"]) => {
                let labels = sent["labels"].as_array().unwrap().iter().map(|label| label.as_str().unwrap().to_owned());
                self.conversations.get_mut(&id).unwrap().labels = labels.collect();
                self.post_conversation(id, "conversation_updated", json!([{ "label_list": {} }]));
                (200, json!({}))
            }
            ("POST", ["toggle_status"]) => {
                self.set_status(id, "resolved", "Conversation was marked resolved by Lastword");
                (200, json!({}))
            }
            _ => (404, json!({})),
        }
    }

    fn hooks(&mut self, method: &str, rest: &[&str], sent: &Value) -> (u16, Value) {
        match (method, rest) {
            ("GET", []) => (200, json!({ "payload": { "webhooks": self.hooks } })),
            ("POST", []) => {
                if self.hooks.iter().any(|hook| hook["url"] == sent["webhook"]["url"]) {
                    return (422, json!({ "message": "Url has already been taken" }));
                }
                let mut hook = sent["webhook"].clone();
                hook["id"] = json!(self.hooks.len() + 1);
                hook["secret"] = json!(SECRET);
                self.hooks.push(hook.clone());
                (200, json!({ "payload": { "webhook": hook } }))
            }
            ("PATCH", [id]) => {
                let hook = self.hooks.iter_mut().find(|hook| hook["id"].as_i64() == id.parse().ok()).unwrap();
                hook["subscriptions"] = sent["webhook"]["subscriptions"].clone();
                (200, json!({ "payload": { "webhook": hook } }))
            }
            _ => (404, json!({})),
        }
    }

    /// What stands at a conversation: notes of ours, our attribute, what is of others, what the client sees.
    pub(crate) fn traces(&self, id: u64) -> (Vec<String>, Option<String>, Vec<String>, usize) {
        let one = &self.conversations[&id];
        let text = |message: &Value| message["content"].as_str().unwrap().to_owned();
        let ours = |message: &&Value| message["private"] == true && message["sender"]["id"] == OURS;
        let notes = one.messages.iter().filter(ours).map(text).collect();
        let others = one.attributes.as_object().unwrap().iter().filter(|(key, _)| *key != "lastword_rating");
        let mut others: Vec<String> = others.map(|(key, value)| format!("{key}={value}")).collect();
        others.extend(one.labels.iter().filter(|label| !label.starts_with("rated-")).cloned());
        let sees = one.messages.iter().filter(|message| message["private"] != true && message["message_type"] != 2).count();
        (notes, one.attributes["lastword_rating"].as_str().map(str::to_owned), others, sees)
    }
}
