//! Bitrix24's REST API and its authorization server over HTTP, as the documents say that they behave.

use super::portal::{CARRIED, LINE, Notice, Portal, Session, date};
use lastword_contract::Millis;
use lastword_contract::kit::desks::{DeskApi, DeskStub};
use lastword_contract::kit::{HttpAnswer, HttpRequest};
use serde_json::{Map, Value, json};

pub(crate) const APP: &str = "local.5c8bb1b0891cf2.87252039";
pub(crate) const KEY: &str = "application-key-of-the-test";

/// What the portal says of its authorization server.
pub(crate) const SERVER: &str = "https://oauth.example/rest/";

/// A portal that can be called.
pub(crate) type Stub = DeskStub<Portal>;

fn error(status: u16, code: &str) -> (u16, Value) {
    (status, json!({ "error": code, "error_description": "Words of Bitrix24 about Jane" }))
}

fn reply((status, body): (u16, Value)) -> HttpAnswer {
    HttpAnswer::json(status, &body)
}

/// Methods that change something.
const WRITES: [&str; 6] = [
    "event.bind",
    "placement.bind",
    "imopenlines.config.update",
    "imconnector.send.messages",
    "imopenlines.session.head.vote",
    "im.notify.system.add",
];

fn method(request: &HttpRequest) -> &str {
    request.path.strip_prefix("/rest/").unwrap_or_default()
}

impl DeskApi for Portal {
    fn takes(&mut self, request: &HttpRequest) -> HttpAnswer {
        if request.path == "/oauth/token/" {
            return reply(renew(self, &request.query));
        }
        let (method, sent) = (method(request), request.json());
        reply(match self.hindered(method, &sent) {
            Some(hindered) => hindered,
            None => self.take(method, &sent),
        })
    }

    fn gone(&self, request: &HttpRequest) -> Option<HttpAnswer> {
        match method(request) {
            "imopenlines.session.history.get" => Some(reply(error(400, "ACCESS_DENIED"))),
            "im.notify.system.add" => Some(reply((200, json!({ "result": false })))),
            _ => None,
        }
    }

    fn reads(&self, request: &HttpRequest) -> bool {
        !WRITES.contains(&method(request))
    }

    fn throttled(&self, wait: Millis) -> HttpAnswer {
        let (_, mut body) = error(429, "OPERATION_TIME_LIMIT");
        #[expect(clippy::cast_precision_loss, reason = "seconds of this century")]
        let finish = self.now as f64 / 1_000.0;
        body["time"] =
            json!({ "start": finish, "finish": finish, "operating_reset_at": self.now / 1_000 + wait / 1_000, "operating": 480.2 });
        reply((429, body))
    }

    fn arrives(&mut self, request: &HttpRequest) {
        if method(request) == "im.notify.system.add" {
            self.asked.push(request.json());
        }
    }
}

fn renew(portal: &mut Portal, query: &str) -> (u16, Value) {
    let asked = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}="))).unwrap_or_default().to_owned();
    if asked("client_id") != APP || asked("client_secret") != KEY {
        return (400, json!({ "error": "invalid_client" }));
    }
    // A token that renews is good for once.
    if portal.dead || asked("grant_type") != "refresh_token" || asked("refresh_token") != format!("refresh-token-{}", portal.renewals) {
        return (400, json!({ "error": "invalid_grant" }));
    }
    portal.renewals += 1;
    portal.spent = false;
    let n = portal.renewals;
    let answer = json!({ "access_token": format!("access-token-{n}"), "refresh_token": format!("refresh-token-{n}"), "expires_in": 3600,
        "client_endpoint": "https://portal.example/rest/", "server_endpoint": SERVER, "member_id": "m", "scope": "app",
        "status": "L" });
    (200, answer)
}

impl Portal {
    /// What stands before every method: limits, the token.
    fn hindered(&mut self, method: &str, sent: &Value) -> Option<(u16, Value)> {
        if self.full > 0 {
            self.full -= 1;
            return Some(error(503, "QUERY_LIMIT_EXCEEDED"));
        }
        let token = sent["auth"].as_str().unwrap_or_default();
        if token != format!("access-token-{}", self.renewals) {
            return Some(error(401, if token.starts_with("access-token-") { "expired_token" } else { "invalid_token" }));
        }
        if self.spent {
            return Some(error(401, "expired_token"));
        }
        let scope = match method {
            _ if method.starts_with("imopenlines.") => "imopenlines",
            _ if method.starts_with("im.") => "im",
            _ if method.starts_with("placement.") => "placement",
            _ => return None,
        };
        (!self.scopes.contains(&scope)).then(|| error(403, "insufficient_scope"))
    }

    fn take(&mut self, method: &str, sent: &Value) -> (u16, Value) {
        match self.run(method, sent) {
            Ok(result) => (200, json!({ "result": result, "time": { "start": 1.0, "finish": 1.1, "operating": 0 } })),
            Err(code) => error(if code == "ERROR_METHOD_NOT_FOUND" { 404 } else { 400 }, code),
        }
    }

    fn run(&mut self, method: &str, sent: &Value) -> Result<Value, &'static str> {
        match method {
            "app.info" => Ok(json!({ "ID": 5, "CODE": APP, "VERSION": 1, "STATUS": "L", "INSTALLED": true })),
            "profile" => Ok(json!({ "ID": "1", "ADMIN": self.administrator, "NAME": "Lastword", "LAST_NAME": "" })),
            "scope" => Ok(json!(self.scopes)),
            "event.get" => Ok(json!(self.bindings)),
            "event.bind" => {
                let (event, handler) = (sent["event"].clone(), sent["handler"].clone());
                if self.bindings.iter().any(|bound| bound["event"] == event && bound["handler"] == handler) {
                    return Err("ERROR_EVENT_BINDING_EXISTS");
                }
                self.bindings.push(json!({ "event": event, "handler": handler, "auth_type": "0", "offline": 0 }));
                Ok(json!(true))
            }
            "placement.get" => Ok(json!(self.placements)),
            "placement.bind" => {
                if sent["OPTIONS"]["iconName"].as_str().is_none_or(str::is_empty) {
                    return Err("ERROR_ARGUMENT");
                }
                self.placements.push(json!({ "placement": sent["PLACEMENT"], "handler": sent["HANDLER"], "title": sent["TITLE"] }));
                Ok(json!(true))
            }
            "batch" => self.batch(sent),
            "imopenlines.config.list.get" => Ok(json!([{ "ID": LINE.to_string(), "LINE_NAME": "Support", "ACTIVE": "Y" }])),
            "imopenlines.config.get" => {
                Ok(json!({ "ID": LINE.to_string(), "LINE_NAME": "Support", "VOTE_MESSAGE": if self.asks_itself { "Y" } else { "N" },
                    "FULL_CLOSE_TIME": self.full_close.to_string(), "VOTE_TIME_LIMIT": self.vote_limit.to_string() }))
            }
            "imconnector.list" if self.registered => Ok(json!({ "livechat": "Live chat", CARRIED: "Our own" })),
            "imconnector.list" => Ok(json!({ "livechat": "Live chat" })),
            "imconnector.status" => {
                let on = self.registered && self.active && sent["CONNECTOR"] == CARRIED && self.named(&sent["LINE"]) == Some(LINE);
                Ok(json!({ "LINE": LINE, "CONNECTOR": sent["CONNECTOR"], "ERROR": false, "CONFIGURED": on, "STATUS": on }))
            }
            "imconnector.send.messages" => self.messages(sent),
            "imconnector.send.status.delivery" => self.delivery(sent),
            "imopenlines.config.update" => {
                self.asks_itself = sent["PARAMS"]["VOTE_MESSAGE"] == "Y";
                Ok(json!(true))
            }
            "imopenlines.dialog.get" => self.dialog(sent),
            "imopenlines.session.history.get" => self.history_of(sent),
            "imopenlines.session.head.vote" => self.vote(sent),
            "imopenlines.v2.Session.list" => self.list(sent),
            "imopenlines.v2.Session.Rating.list" => self.ratings(sent),
            "im.notify.system.add" => self.notice(sent),
            "crm.contact.get" | "crm.lead.get" | "crm.company.get" | "crm.deal.get" => self.record(method, sent),
            _ => Err("ERROR_METHOD_NOT_FOUND"),
        }
    }

    fn batch(&mut self, sent: &Value) -> Result<Value, &'static str> {
        let calls = sent["cmd"].as_object().ok_or("ERROR_BATCH")?.clone();
        if calls.len() > 50 {
            return Err("ERROR_BATCH_LENGTH_EXCEEDED");
        }
        let (mut results, mut errors) = (Map::new(), Map::new());
        for (name, call) in calls {
            let (method, query) = call.as_str().unwrap().split_once('?').unwrap();
            let parameters: Map<String, Value> =
                query.split('&').filter_map(|pair| pair.split_once('=')).map(|(key, value)| (key.to_owned(), json!(value))).collect();
            match self.run(method, &Value::Object(parameters)) {
                Ok(result) => drop(results.insert(name, result)),
                Err(code) => drop(errors.insert(name, json!({ "error": code }))),
            }
        }
        Ok(json!({ "result": results, "result_error": errors, "result_total": [], "result_next": [] }))
    }

    /// A record of the CRM, as the documents show one.
    fn record(&self, method: &str, sent: &Value) -> Result<Value, &'static str> {
        if !self.scopes.contains(&"crm") {
            return Err("insufficient_scope");
        }
        let several = |values: [&str; 2], kind: &str| {
            let value =
                |(n, value): (usize, &str)| json!({ "ID": (156 + n).to_string(), "VALUE_TYPE": "WORK", "VALUE": value, "TYPE_ID": kind });
            values.into_iter().enumerate().map(value).collect::<Vec<_>>()
        };
        match (method, self.named(&sent["ID"])) {
            ("crm.contact.get", Some(43)) => Ok(json!({ "ID": "43", "NAME": "John", "LAST_NAME": "Smith", "COMPANY_ID": "12",
                "PHONE": several(["0151 23456789", "+1 333 333 3555"], "PHONE"),
                "EMAIL": several(["johnsmith@example.mailing", "johnsmith@example.work"], "EMAIL") })),
            ("crm.lead.get", Some(1_205)) => Ok(json!({ "ID": "1205", "TITLE": "John - Live chat",
                "EMAIL": several(["lead@example.com", "other@example.com"], "EMAIL") })),
            ("crm.deal.get", Some(9)) => Ok(json!({ "ID": "9", "TITLE": "Deal", "CONTACT_ID": "43", "COMPANY_ID": "0" })),
            // Without values, the fields of addresses are left out.
            ("crm.company.get", Some(12)) => Ok(json!({ "ID": "12", "TITLE": "Acme" })),
            _ => Err(""),
        }
    }

    fn named(&self, value: &Value) -> Option<u64> {
        value.as_u64().or_else(|| value.as_str()?.parse().ok())
    }

    fn known(&self, value: &Value) -> Result<u64, &'static str> {
        let id = self.named(value).filter(|id| self.sessions.contains_key(id));
        id.ok_or("ACCESS_DENIED")
    }

    fn dialog(&self, sent: &Value) -> Result<Value, &'static str> {
        let chat = match self.named(&sent["CHAT_ID"]) {
            Some(chat) => chat,
            None => self.sessions[&self.known(&sent["SESSION_ID"])?].chat,
        };
        let one = self.sessions.values().find(|one| one.chat == chat).ok_or("ACCESS_ERROR")?;
        let owner = self.going_on.get(&chat).map_or(0, |session| self.sessions[session].operator);
        Ok(json!({ "id": chat, "owner": owner, "type": "lines", "entity_type": "LINES", "entity_id": self.entity_id(one),
            "entity_data_1": self.entity_data(chat), "entity_data_2": "" }))
    }

    fn history_of(&self, sent: &Value) -> Result<Value, &'static str> {
        if sent.get("SESSION_ID").is_some() {
            return self.known(&sent["SESSION_ID"]).map(|id| self.history(id));
        }
        let chat = self.named(&sent["CHAT_ID"]).ok_or("CHAT_ID")?;
        // An account that is not in the chat may not ask by its ID.
        let last = self.sessions.iter().filter(|(_, one)| one.chat == chat && self.participant).map(|(id, _)| *id).max();
        last.map(|id| self.history(id)).ok_or("ACCESS_DENIED")
    }

    fn vote(&mut self, sent: &Value) -> Result<Value, &'static str> {
        let id = self.known(&sent["SESSION_ID"])?;
        if !self.administrator {
            return Err("ACCESS_DENIED");
        }
        let rating = self.named(&sent["RATING"]).unwrap_or(0);
        let session = self.sessions.get_mut(&id).unwrap();
        // What is left out is cleared.
        session.score = if rating > 5 { 0 } else { rating };
        session.comment = sent["COMMENT"].as_str().unwrap_or_default().chars().take(10_000).collect();
        Ok(json!(true))
    }

    /// Messages of our channel's clients.
    fn messages(&mut self, sent: &Value) -> Result<Value, &'static str> {
        if self.named(&sent["LINE"]) != Some(LINE) || sent["CONNECTOR"] != CARRIED || !self.active {
            return Err("NOT_ACTIVE_LINE");
        }
        let mut results = Vec::new();
        for one in sent["MESSAGES"].as_array().ok_or("ERROR_ARGUMENT")? {
            let part = |pointer: &str| one.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
            let (user, chat, text) = (part("/user/id"), part("/chat/id"), part("/message/text"));
            if user.is_empty() || chat.is_empty() || text.is_empty() || part("/message/id").is_empty() || !one["message"]["date"].is_i64() {
                results.push(json!({ "SUCCESS": false, "ERRORS": ["Empty field"] }));
                continue;
            }
            let landed = self.comes_in(&chat, &user, &text);
            self.written.push((landed, text));
            let session = json!({ "ID": landed.to_string(), "CHAT_ID": self.sessions[&landed].chat.to_string() });
            results.push(json!({ "user": "450", "SUCCESS": true, "session": session }));
        }
        Ok(json!({ "SUCCESS": true, "DATA": { "RESULT": results } }))
    }

    /// Messages of ours to clients that our channel has delivered.
    fn delivery(&mut self, sent: &Value) -> Result<Value, &'static str> {
        for one in sent["MESSAGES"].as_array().ok_or("ERROR_ARGUMENT")? {
            let (chat, message) = (self.named(&one["im"]["chat_id"]), self.named(&one["im"]["message_id"]).ok_or("ERROR_ARGUMENT")?);
            let known = self.sessions.values().any(|one| Some(one.chat) == chat && one.messages.iter().any(|known| known.id == message));
            if !known || one["message"]["id"].as_array().is_none_or(Vec::is_empty) {
                return Err("IMCONNECTOR_NO_CORRECT_PROVIDER");
            }
            self.delivered.push(message);
        }
        Ok(json!({ "SUCCESS": true, "DATA": [] }))
    }

    fn notice(&mut self, sent: &Value) -> Result<Value, &'static str> {
        let user = sent["USER_ID"].as_str().unwrap_or_default().to_owned();
        let (text, tag) =
            (sent["MESSAGE"].as_str().unwrap_or_default().trim().to_owned(), sent["TAG"].as_str().unwrap_or_default().to_owned());
        if text.is_empty() {
            return Err("MESSAGE_EMPTY");
        }
        // One with the same tag takes the place of the older one.
        self.notices.retain(|_, notice| tag.is_empty() || notice.tag != tag || notice.user != user);
        let id = self.id();
        self.notices.insert(id, Notice { user, text, tag });
        Ok(json!(id))
    }

    fn list(&self, sent: &Value) -> Result<Value, &'static str> {
        if !self.reports {
            return Err("TARIFF_RESTRICTION");
        }
        if self.lags {
            return Ok(json!({ "sessions": [], "hasNextPage": false }));
        }
        let limit = usize::try_from(sent["limit"].as_u64().unwrap_or(50)).unwrap();
        let offset = usize::try_from(sent["offset"].as_u64().unwrap_or(0)).unwrap();
        if !(1..=200).contains(&limit) || offset > 10_000 {
            return Err("INVALID_FILTER");
        }
        let moment = |key: &str| chrono::DateTime::parse_from_rfc3339(sent[key].as_str().unwrap_or_default()).map(|at| at.timestamp());
        let (from, to) = (moment("dateCloseFrom").map_err(|_| "INVALID_FILTER")?, moment("dateCloseTo").map_err(|_| "INVALID_FILTER")?);
        if to - from > 366 * 86_400 {
            return Err("PERIOD_TOO_LARGE");
        }
        let of_line = sent["configId"].as_u64().is_none_or(|line| line == LINE);
        let closed = |one: &Session| one.closed.map(|(at, _)| at / 1_000).filter(|at| (from..=to).contains(at) && of_line);
        let mut found: Vec<(i64, u64)> = self.sessions.iter().filter_map(|(id, one)| Some((closed(one)?, *id))).collect();
        found.sort_unstable();
        let shown = |(_, id): &(i64, u64)| {
            let one = &self.sessions[id];
            let (at, reason) = one.closed.unwrap();
            json!({ "id": id, "configId": LINE, "source": one.connector, "operatorId": one.operator, "userId": 450, "chatId": one.chat,
                "dateClose": date(at), "status": if reason == "spam" { "spam" } else { "closed" }, "closeReason": reason,
                "vote": match one.rated { 5 => "like", 1 => "dislike", _ => "none" } })
        };
        let sessions: Vec<Value> = found.iter().skip(offset).take(limit).map(shown).collect();
        Ok(json!({ "sessions": sessions, "hasNextPage": found.len() > offset + limit }))
    }

    fn ratings(&self, sent: &Value) -> Result<Value, &'static str> {
        if !self.reports {
            return Err("TARIFF_RESTRICTION");
        }
        if sent["dateVoteFrom"].as_str().is_none() || sent["dateVoteTo"].as_str().is_none() {
            return Err("PERIOD_REQUIRED");
        }
        let shown = |(id, one): (&u64, &Session)| {
            json!({ "sessionId": id, "configId": LINE, "operatorId": one.operator, "source": one.connector,
                "vote": if one.rated == 5 { "like" } else { "dislike" }, "dateVote": date(one.closed.unwrap().0), "dateSessionClose": null })
        };
        let ratings: Vec<Value> = self.sessions.iter().filter(|(_, one)| one.rated != 0).map(shown).collect();
        Ok(json!({ "ratings": ratings, "hasNextPage": false }))
    }
}
