//! The stub's API.

use super::{ANN, BEN, CAT, Inside, OURS, OWL, Room, TOKEN, entity_of, username};
use chrono::DateTime;
use lastword_contract::Millis;
use lastword_contract::kit::desks::DeskApi;
use lastword_contract::kit::{HttpAnswer, HttpRequest};
use serde_json::{Map, Value, json};

const MINUTE: Millis = 60_000;

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
                    "externalIds": [{ "appId": "app-wa", "entityId": entity_of(&asked("visitorId")) }] });
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
        kept.saves += 1;
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
