//! A Rocket.Chat in memory, as its documents and source say that it behaves: its API over HTTP, and what its one webhook posts.
//! A closed room is never opened again: a client's message begins a new one. `room.saveInfo` takes away every tag that it is not
//! given, and drops fields that are not defined. Calls of each endpoint are counted for users without the right to be spared.

use chrono::DateTime;
use lastword_contract::kit::desks::{DeskApi, DeskStub};
use lastword_contract::kit::{HttpAnswer, HttpRequest};
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
const MINUTE: Millis = 60_000;

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

    /// After a change of a closed room, by whoever.
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

/// The workspace's table of rights, as far as we need them.
fn allowed() -> Value {
    let one = |right: &str, roles: &[&str]| json!({ "_id": right, "roles": roles });
    json!([
        one("view-l-room", &["livechat-manager", "livechat-monitor", "livechat-agent", "admin"]),
        one("view-livechat-rooms", &["livechat-manager", "livechat-monitor", "admin"]),
        one("view-livechat-manager", &["livechat-manager", "livechat-monitor", "admin"]),
        one("save-others-livechat-room-info", &["livechat-manager", "livechat-monitor"]),
        one("api-bypass-rate-limit", &["admin", "bot", "app"]),
    ])
}

impl DeskApi for Inside {
    fn takes(&mut self, request: &HttpRequest) -> HttpAnswer {
        if request.headers.get("x-auth-token") != Some(TOKEN) || request.headers.get("x-user-id") != Some(OURS) {
            return HttpAnswer::json(401, &json!({ "status": "error", "message": "You must be logged in to do this." }));
        }
        let limit = self.limit.filter(|_| !self.may("api-bypass-rate-limit"));
        if let Some(wait) = limit.and_then(|limit| self.count(request, limit)) {
            self.too_many += 1;
            return self.throttled(wait);
        }
        let (status, mut answer) = self.answer(request);
        answer["success"] = json!(status == 200);
        let mut answer = HttpAnswer::json(status, &answer);
        answer.headers.extend(limit.map(|limit| ("x-ratelimit-limit", limit.to_string())));
        answer
    }

    fn gone(&self, request: &HttpRequest) -> Option<HttpAnswer> {
        let about_rooms = ["rooms.info", "/messages", "room.saveInfo", "room.survey", "chat.postMessage"];
        about_rooms.iter().any(|word| request.path.ends_with(word)).then(|| {
            let (status, answer) = no_room();
            HttpAnswer::json(status, &answer)
        })
    }

    fn throttled(&self, wait: Millis) -> HttpAnswer {
        let seconds = (wait + 999) / 1_000;
        let said = format!(
            "Error, too many requests. Please slow down. You must wait {seconds} seconds before trying this endpoint again. [error-too-many-requests]"
        );
        HttpAnswer::json(429, &json!({ "success": false, "error": said }))
    }
}

fn no_room() -> (u16, Value) {
    let said = "The required \"roomId\" or \"roomName\" param provided does not match any channel [error-room-not-found]";
    (400, json!({ "success": false, "error": said, "errorType": "error-room-not-found" }))
}

impl Inside {
    fn may(&self, right: &str) -> bool {
        let all = allowed();
        let one = all.as_array().unwrap().iter().find(|one| one["_id"] == right).unwrap();
        one["roles"].as_array().unwrap().iter().any(|role| self.roles.iter().any(|mine| role == mine))
    }

    /// How long to wait, where this endpoint was called too often.
    fn count(&mut self, request: &HttpRequest, limit: usize) -> Option<Millis> {
        // Rooms are a part of some addresses, and not of the endpoint's name.
        let named = |part: &str| if self.rooms.contains_key(part) { ":rid".to_owned() } else { part.to_owned() };
        let endpoint = request.path.split('/').map(named).collect::<Vec<_>>().join("/");
        let counted = self.counted.entry(endpoint).or_insert((self.now, 0));
        if self.now >= counted.0 + MINUTE {
            *counted = (self.now, 0);
        }
        counted.1 += 1;
        (counted.1 > limit).then_some(counted.0 + MINUTE - self.now)
    }

    fn answer(&mut self, request: &HttpRequest) -> (u16, Value) {
        let path = request.path.trim_start_matches("/api/v1/");
        let (sent, asked) = (request.json(), |name: &str| request.asked(name).unwrap_or_default());
        let right = match path {
            "me" | "permissions.listAll" | "users.info" | "rooms.info" | "livechat/room.survey" | "chat.postMessage" => None,
            "livechat/rooms" => Some("view-livechat-rooms"),
            "omnichannel/integrations" | "livechat/integrations.settings" | "livechat/custom-fields.save" => Some("view-livechat-manager"),
            "livechat/room.saveInfo" => Some("save-others-livechat-room-info"),
            _ => Some("view-l-room"),
        };
        if right.is_some_and(|right| !self.may(right)) {
            return (403, json!({ "error": "User does not have the permissions required for this action [error-unauthorized]" }));
        }
        match (request.method.as_str(), path) {
            ("GET", "me") => (200, json!({ "_id": OURS, "username": "lastword", "roles": self.roles })),
            ("GET", "permissions.listAll") => (200, json!({ "update": allowed(), "remove": [] })),
            ("GET", "users.info") => user(&asked("userId")),
            ("GET", "rooms.info") => {
                let id = asked("roomId");
                if self.rooms.contains_key(&id) { (200, json!({ "room": self.shown(&id) })) } else { no_room() }
            }
            ("GET", "livechat/rooms") => (200, self.closed_rooms(request)),
            ("GET", "livechat/visitors.info") => {
                let visitor = json!({ "_id": asked("visitorId"), "username": "guest-1", "name": "Jane",
                    "visitorEmails": [{ "address": "jane@example.com" }], "phone": [{ "phoneNumber": "+1 555 123 4567" }],
                    "externalIds": [{ "appId": "app-wa", "entityId": "15551234567" }] });
                (200, json!({ "visitor": visitor }))
            }
            ("GET", "livechat/integrations.settings") => {
                let settings = self.settings.iter().map(|(id, value)| json!({ "_id": id, "value": value, "type": "string" }));
                (200, json!({ "settings": settings.collect::<Vec<_>>() }))
            }
            ("GET", "livechat/custom-fields") => {
                let fields = self.fields.iter().map(|(id, scope)| json!({ "_id": id, "label": id, "scope": scope }));
                (200, json!({ "customFields": fields.collect::<Vec<_>>(), "total": self.fields.len() }))
            }
            ("POST", "livechat/custom-fields.save") if !self.is_old => {
                let field = &sent["customFieldData"];
                self.fields.push((field["field"].as_str().unwrap().to_owned(), field["scope"].as_str().unwrap().to_owned()));
                (200, json!({ "customField": field }))
            }
            ("POST", "omnichannel/integrations") => self.integrate(&sent),
            ("POST", "livechat/room.saveInfo") => self.save_info(&sent),
            ("POST", "livechat/room.survey") => self.take_survey(&sent),
            ("POST", "chat.postMessage") => {
                let id = sent["roomId"].as_str().unwrap().to_owned();
                let message = self.add(&id, OURS, json!({ "msg": sent["text"] }));
                (200, json!({ "message": { "_id": message, "rid": id } }))
            }
            ("GET", path) => match path.strip_prefix("livechat/").and_then(|path| path.strip_suffix("/messages")) {
                Some(id) if self.rooms.contains_key(id) => (200, self.history(id, request)),
                Some(_) => (400, json!({ "error": "invalid-room" })),
                None => (404, json!({ "error": "API endpoint not found" })),
            },
            _ => (404, json!({ "error": "API endpoint not found" })),
        }
    }

    fn closed_rooms(&self, request: &HttpRequest) -> Value {
        let asked = |name: &str| request.asked(name).unwrap_or_default();
        assert_eq!((asked("open"), asked("sort")), ("false".to_owned(), r#"{"closedAt":1}"#.to_owned()));
        let from: Value = serde_json::from_str(&asked("closedAt")).unwrap();
        let from = DateTime::parse_from_rfc3339(from["start"].as_str().unwrap()).unwrap().timestamp_millis();
        let closed = |room: &Room| room.closed.as_ref().map(|(at, ..)| *at).filter(|at| *at >= from);
        let mut found: Vec<(Millis, &String)> = self.rooms.iter().filter_map(|(id, room)| Some((closed(room)?, id))).collect();
        found.sort();
        let (count, offset): (usize, usize) = (asked("count").parse().unwrap(), asked("offset").parse().unwrap());
        // More than a hundred is never given.
        let page: Vec<Value> = found.iter().skip(offset).take(count.min(100)).map(|(_, id)| self.shown(id)).collect();
        json!({ "count": page.len(), "offset": offset, "total": found.len(), "rooms": page })
    }

    fn history(&self, id: &str, request: &HttpRequest) -> Value {
        let asked = |name: &str| request.asked(name).and_then(|value| value.parse::<usize>().ok()).unwrap_or_default();
        let all = self.rooms[id].messages.iter().rev().skip(asked("offset")).take(asked("count").min(100));
        json!({ "messages": all.collect::<Vec<_>>(), "total": self.rooms[id].messages.len() })
    }

    fn integrate(&mut self, sent: &Value) -> (u16, Value) {
        let ids = [
            ("LivechatWebhookUrl", "Livechat_webhookUrl"),
            ("LivechatSecretToken", "Livechat_secret_token"),
            ("LivechatWebhookOnStart", "Livechat_webhook_on_start"),
            ("LivechatWebhookOnClose", "Livechat_webhook_on_close"),
            ("LivechatWebhookOnChatTaken", "Livechat_webhook_on_chat_taken"),
            ("LivechatWebhookOnForward", "Livechat_webhook_on_forward"),
        ];
        for (key, id) in ids {
            if let Some(value) = sent.get(key) {
                // Old releases write these switches where nobody reads them.
                let is_lost = self.is_old && value.is_boolean();
                self.settings.insert(if is_lost { "Livechat_webhookOnClose" } else { id }, value.clone());
            }
        }
        (200, json!({}))
    }

    fn save_info(&mut self, sent: &Value) -> (u16, Value) {
        let (room, guest) = (&sent["roomData"], &sent["guestData"]);
        if !guest["_id"].is_string() {
            return (400, json!({ "error": "must have required property '_id' [invalid-params]" }));
        }
        let id = room["_id"].as_str().unwrap().to_owned();
        let fields = self.fields.clone();
        let Some(kept) = self.rooms.get_mut(&id) else { return (400, json!({ "error": "error-invalid-room" })) };
        // No tags: none.
        kept.tags = room["tags"].as_array().into_iter().flatten().map(|tag| tag.as_str().unwrap().to_owned()).collect();
        for (field, value) in room["livechatData"].as_object().into_iter().flatten() {
            let is_defined = fields.iter().any(|(name, scope)| name == field && scope == "room");
            match value.as_str().unwrap().trim() {
                _ if !is_defined => {}
                "" => drop(kept.data.remove(field)),
                value => drop(kept.data.insert(field.clone(), json!(value))),
            }
        }
        self.edited(&id);
        (200, json!({}))
    }

    fn take_survey(&mut self, sent: &Value) -> (u16, Value) {
        let id = sent["rid"].as_str().unwrap();
        if sent["token"] != format!("token-{id}").as_str() {
            return (400, json!({ "error": "invalid-token" }));
        }
        let items = ["satisfaction", "agentKnowledge", "agentResposiveness", "agentFriendliness"];
        let is_value = |value: &str| ["1", "2", "3", "4", "5"].contains(&value);
        let mut taken = Map::new();
        for item in sent["data"].as_array().unwrap() {
            let (name, value) = (item["name"].as_str().unwrap(), item["value"].as_str().unwrap());
            if (items.contains(&name) && is_value(value)) || name == "additionalFeedback" {
                taken.insert(name.to_owned(), json!(value));
            }
        }
        if taken.is_empty() {
            return (400, json!({ "error": "invalid-data" }));
        }
        // The whole is replaced.
        self.rooms.get_mut(id).unwrap().survey = taken.clone();
        (200, json!({ "rid": id, "data": taken }))
    }
}

fn user(id: &str) -> (u16, Value) {
    let kind = match id {
        ANN | BEN | OURS => "user",
        OWL | CAT => "bot",
        _ => return (400, json!({ "error": "User not found." })),
    };
    (200, json!({ "user": { "_id": id, "username": username(id), "name": username(id).to_uppercase(), "type": kind, "active": true } }))
}
