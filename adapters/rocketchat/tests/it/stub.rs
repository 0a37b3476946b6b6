//! A Rocket.Chat in memory, as its documents and source say that it behaves: its API over HTTP, and what its one webhook posts.
//! A closed room is never opened again: a client's message begins a new one. `room.saveInfo` takes away every tag that it is not
//! given, and drops fields that are not defined. Calls of each endpoint are counted for users without the right to be spared.

#[path = "stub/api.rs"]
mod api;

use chrono::DateTime;
use lastword_contract::kit::desks::DeskStub;
use lastword_contract::{Headers, Millis, RawRequest};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub(crate) const TOKEN: &str = "rocketchat-personal-token-of-the-test";
pub(crate) const SECRET: &str = "rocketchat-webhook-secret-of-the-test";
/// The user whose token is ours.
pub(crate) const OURS: &str = "u5Lastword";
pub(crate) const ANN: &str = "u1Ann";
pub(crate) const BEN: &str = "u2Ben";
pub(crate) const OWL: &str = "u3Owl";
const CAT: &str = "rocket.cat";

/// One room.
#[derive(Clone)]
pub(crate) struct Room {
    pub(crate) source: Value,
    pub(crate) department: Option<&'static str>,
    pub(crate) served_by: &'static str,
    served_since: Millis,
    pub(crate) messages: Vec<Value>,
    pub(crate) tags: Vec<String>,
    pub(crate) data: Map<String, Value>,
    pub(crate) survey: Map<String, Value>,
    /// How often it was saved by the API.
    pub(crate) saves: usize,
    began_at: Millis,
    /// When, `user` or `visitor`, and who.
    pub(crate) closed: Option<(Millis, &'static str, String)>,
}

/// What the stub holds.
pub(crate) struct Inside {
    pub(crate) now: Millis,
    pub(crate) rooms: BTreeMap<String, Room>,
    ids: usize,
    pub(crate) settings: BTreeMap<&'static str, Value>,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) roles: Vec<&'static str>,
    /// Calls of one endpoint in a minute.
    pub(crate) limit: Option<usize>,
    counted: BTreeMap<String, (Millis, usize)>,
    pub(crate) too_many: usize,
    /// A release that does not know the call for custom fields.
    pub(crate) is_old: bool,
    pub(crate) posted: Vec<RawRequest>,
}

pub(crate) type Stub = DeskStub<Inside>;

fn time(at: Millis) -> String {
    DateTime::from_timestamp_millis(at).unwrap().to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// What proves a request: the token alone, whatever the body.
pub(crate) fn signed(body: &[u8], now: Millis) -> RawRequest {
    let headers = Headers::new([("X-RocketChat-Livechat-Token", SECRET), ("Content-Type", "application/json")]);
    RawRequest { method: "POST".into(), query: String::new(), headers, body: body.to_vec(), received_at: now }
}

fn username(id: &str) -> &'static str {
    match id {
        ANN => "ann",
        BEN => "ben",
        OWL => "owl.bot",
        OURS => "lastword",
        CAT => "rocket.cat",
        _ => "guest-1",
    }
}

fn visitor_of(room: &str) -> String {
    format!("v{room}")
}

/// The client's id in the messenger that a room came through.
pub(crate) fn entity_of(room: &str) -> String {
    format!("777{}", room.chars().filter(char::is_ascii_digit).collect::<String>())
}

impl Inside {
    pub(crate) fn at(now: Millis) -> Self {
        Self {
            now,
            rooms: BTreeMap::new(),
            ids: 0,
            settings: BTreeMap::new(),
            fields: vec![("order".to_owned(), "room".to_owned()), ("language".to_owned(), "visitor".to_owned())],
            roles: vec!["user", "livechat-manager", "bot"],
            limit: None,
            counted: BTreeMap::new(),
            too_many: 0,
            is_old: false,
            posted: Vec::new(),
        }
    }

    pub(crate) fn tick(&mut self) -> Millis {
        self.now += 1_000;
        self.now
    }

    fn id(&mut self) -> usize {
        self.ids += 1;
        self.ids
    }

    /// A chat in which the client and Ann wrote.
    pub(crate) fn open(&mut self) -> String {
        self.open_through(json!({ "type": "widget", "destination": "shop.example.com" }), Some("dSales"))
    }

    pub(crate) fn open_through(&mut self, source: Value, department: Option<&'static str>) -> String {
        let at = self.tick();
        let id = format!("R{:03}xYz", self.id());
        let room = Room {
            source,
            department,
            served_by: ANN,
            served_since: at,
            messages: Vec::new(),
            tags: vec!["billing".to_owned(), "vip".to_owned()],
            data: json!({ "order": "A-15" }).as_object().unwrap().clone(),
            survey: json!({ "agentKnowledge": "4" }).as_object().unwrap().clone(),
            saves: 0,
            began_at: at,
            closed: None,
        };
        self.rooms.insert(id.clone(), room);
        self.post("LivechatSessionStart", "Livechat_webhook_on_start", &id, json!({}));
        self.post("LivechatSessionTaken", "Livechat_webhook_on_chat_taken", &id, json!({}));
        self.says(&id, "visitor", "Hello");
        self.says(&id, ANN, "How can I help?");
        id
    }

    /// Somebody writes. The client does so by the widget's call, which knows no closed room.
    pub(crate) fn says(&mut self, id: &str, who: &str, text: &str) -> String {
        if who == "visitor" && self.rooms[id].closed.is_some() {
            return self.open();
        }
        let mut message = json!({ "msg": text });
        if who == "visitor" {
            message["token"] = json!(format!("token-{id}"));
        }
        self.add(id, who, message);
        id.to_owned()
    }

    fn add(&mut self, id: &str, who: &str, mut message: Value) -> String {
        let (at, number) = (self.tick(), self.id());
        let by = if who == "visitor" { visitor_of(id) } else { who.to_owned() };
        message["_id"] = json!(format!("m{number}"));
        (message["rid"], message["ts"]) = (json!(id), json!(time(at)));
        message["u"] = json!({ "_id": by, "username": username(&by) });
        self.rooms.get_mut(id).unwrap().messages.push(message);
        format!("m{number}")
    }

    /// It is closed by a user, or by the client.
    pub(crate) fn close(&mut self, id: &str, who: &str) {
        let at = self.tick();
        let (closer, by) = if who == "visitor" { ("visitor", visitor_of(id)) } else { ("user", who.to_owned()) };
        self.rooms.get_mut(id).unwrap().closed = Some((at, closer, by));
        self.add(id, who, json!({ "t": "livechat-close", "msg": "Closed" }));
        let room = &self.rooms[id];
        let (_, closer, by) = room.closed.clone().unwrap();
        let more = json!({ "closedAt": time(at), "closedBy": { "_id": by, "username": username(&by) }, "closer": closer });
        self.post("LivechatSession", "Livechat_webhook_on_close", id, more);
    }

    pub(crate) fn forward(&mut self, id: &str, to: &'static str, department: Option<&'static str>) {
        let at = self.tick();
        let room = self.rooms.get_mut(id).unwrap();
        let more = json!({
            "oldServedBy": { "_id": room.served_by, "username": username(room.served_by), "ts": time(room.served_since) },
            "oldDepartmentId": room.department,
        });
        (room.served_by, room.served_since, room.department) = (to, at, department);
        self.post("LivechatSessionForwarded", "Livechat_webhook_on_forward", id, more);
    }

    /// Somebody adds a tag and a field.
    pub(crate) fn edit(&mut self, id: &str) {
        self.tick();
        let room = self.rooms.get_mut(id).unwrap();
        room.tags.push("refund".to_owned());
        room.data.insert("order".to_owned(), json!("A-16"));
        self.edited(id);
    }

    /// A closed room was changed.
    fn edited(&mut self, id: &str) {
        if self.rooms[id].closed.is_some() {
            self.post("LivechatEdit", "Livechat_webhookUrl", id, json!({}));
        }
    }

    fn post(&mut self, kind: &str, switch: &str, id: &str, more: Value) {
        let is_on = |name: &str| !matches!(self.settings.get(name), None | Some(Value::Bool(false) | Value::Null));
        let has_address = self.settings.get("Livechat_webhookUrl").is_some_and(|url| url != "");
        if !has_address || !is_on(switch) {
            return;
        }
        let room = &self.rooms[id];
        let visitor = visitor_of(id);
        let mut body = json!({
            "type": kind, "_id": id, "label": "Jane", "topic": null, "createdAt": time(room.began_at), "lastMessageAt": time(self.now),
            "tags": room.tags, "customFields": room.data, "departmentId": room.department,
            "visitor": { "_id": visitor, "token": format!("token-{id}"), "name": "Jane", "username": username(&visitor),
                "email": [{ "address": "jane@example.com" }], "phone": [{ "phoneNumber": "+1 555 123 4567" }] },
            "agent": { "_id": room.served_by, "username": username(room.served_by), "name": "Agent" },
            "servedBy": { "_id": room.served_by, "username": username(room.served_by), "ts": time(room.served_since) },
        });
        let shown = |message: &&Value| message["t"].is_null() || message["t"] == "livechat-close";
        let messages = room.messages.iter().filter(shown).map(|message| {
            let mut one = json!({ "_id": message["_id"], "username": message["u"]["username"], "msg": message["msg"], "ts": message["ts"], "rid": id });
            if message["u"]["_id"] != visitor.as_str() {
                one["agentId"] = message["u"]["_id"].clone();
            }
            if message["t"] == "livechat-close" {
                one["closingMessage"] = json!(true);
            }
            one
        });
        body["messages"] = messages.collect();
        for (key, value) in more.as_object().unwrap() {
            body[key] = value.clone();
        }
        let mut request = signed(body.to_string().as_bytes(), self.now);
        // The header holds what stands in the settings, and is left out where nothing does.
        let secret = self.settings.get("Livechat_secret_token").and_then(Value::as_str).filter(|secret| !secret.is_empty());
        request.headers = Headers::new(secret.map(|secret| ("X-RocketChat-Livechat-Token", secret)));
        self.posted.push(request);
    }

    fn shown(&self, id: &str) -> Value {
        let room = &self.rooms[id];
        let mut shown = json!({
            "_id": id, "t": "l", "fname": "Jane", "ts": time(room.began_at), "lm": room.messages.last().map(|last| last["ts"].clone()),
            "v": { "_id": visitor_of(id), "username": "guest-1", "token": format!("token-{id}") }, "source": room.source,
            "servedBy": { "_id": room.served_by, "username": username(room.served_by), "ts": time(room.served_since) },
            "livechatData": room.data, "surveyFeedback": room.survey,
        });
        if !room.tags.is_empty() {
            shown["tags"] = json!(room.tags);
        }
        if let Some(department) = room.department {
            shown["departmentId"] = json!(department);
        }
        match &room.closed {
            None => shown["open"] = json!(true),
            Some((at, closer, by)) => {
                shown["closedAt"] = json!(time(*at));
                shown["closer"] = json!(closer);
                shown["closedBy"] = json!({ "_id": by, "username": username(by) });
            }
        }
        shown
    }

    /// What the client sees of a room, in the widget or the messenger that it came through.
    pub(crate) fn seen_by_client(&self, id: &str) -> usize {
        let room = &self.rooms[id];
        let words = room.messages.iter().filter(|message| message["t"].is_null());
        // The widget leaves a room when it is closed; apps, mail and SMS carry on.
        let until = room.closed.as_ref().filter(|_| room.source["type"] == "widget").map(|(at, ..)| time(*at));
        words.filter(|message| until.as_deref().is_none_or(|until| message["ts"].as_str().unwrap() <= until)).count()
    }
}
