//! What happens in a portal in memory: conversations, notices, and the events that are posted about them.

use super::stub::SERVER;
use chrono::{DateTime, FixedOffset, SecondsFormat};
use lastword_contract::{Headers, Millis, RawRequest};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(crate) const APPLICATION: &str = "application-token-of-the-test";
pub(crate) const MEMBER: &str = "member-of-the-test";
pub(crate) const CLIENT: u64 = 450;
pub(crate) const ANN: u64 = 11;
pub(crate) const BEN: u64 = 12;
pub(crate) const BOT: u64 = 13;
pub(crate) const LINE: u64 = 22;
/// The channel of our application in which Bitrix24's own question is on.
pub(crate) const CARRIED: &str = "carried";
/// How long Bitrix24 waits for a vote, in minutes.
pub(crate) const WAITS: u64 = 10;

/// How `OnSessionFinish` is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Shape {
    /// As the documents of 2024: a list, with the conversation.
    Named,
    /// As the documents of 2026: a list, with the chat alone.
    Listed,
    /// As the code of 26.250: no list, the chat's id under another name.
    Whole,
}

#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) id: u64,
    pub(crate) at: Millis,
    pub(crate) sender: u64,
    class: &'static str,
    /// By it Bitrix24 asks for a vote.
    pub(crate) asks: bool,
}

#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) chat: u64,
    pub(crate) connector: &'static str,
    pub(crate) operator: u64,
    pub(crate) messages: Vec<Message>,
    pub(crate) closed: Option<(Millis, &'static str)>,
    /// Its operator closed it, and Bitrix24 waits (`WAIT_ACTION`), for a vote too (`WAIT_VOTE`).
    pub(crate) waits: (bool, bool),
    pub(crate) rated: u64,
    pub(crate) score: u64,
    pub(crate) comment: String,
}

pub(crate) struct Notice {
    pub(crate) user: String,
    pub(crate) text: String,
    pub(crate) tag: String,
}

/// The inside of a portal.
pub(crate) struct Portal {
    pub(crate) now: Millis,
    ids: u64,
    pub(crate) sessions: BTreeMap<u64, Session>,
    /// The conversation that goes on in each chat.
    pub(crate) going_on: BTreeMap<u64, u64>,
    pub(crate) notices: BTreeMap<u64, Notice>,
    /// Every call for a notice, also those that came to nothing.
    pub(crate) asked: Vec<Value>,
    pub(crate) bindings: Vec<Value>,
    pub(crate) placements: Vec<Value>,
    pub(crate) scopes: Vec<&'static str>,
    /// The records of clients that chats name.
    pub(crate) records: &'static str,
    pub(crate) administrator: bool,
    pub(crate) reports: bool,
    /// The list of conversations does not have the last ones yet.
    pub(crate) lags: bool,
    /// The account that installed the application is in every chat.
    pub(crate) participant: bool,
    pub(crate) asks_itself: bool,
    /// The channel of our application is registered, and active on the line.
    pub(crate) registered: bool,
    pub(crate) active: bool,
    pub(crate) full_close: u64,
    pub(crate) vote_limit: u64,
    /// What was written as the client's, by conversation in which it landed.
    pub(crate) written: Vec<(u64, String)>,
    /// The messages that were told as delivered.
    pub(crate) delivered: Vec<u64>,
    pub(crate) shape: Shape,
    /// Number of calls that the rate limit refuses.
    pub(crate) full: u32,
    pub(crate) renewals: u64,
    /// The access token in use was spent.
    pub(crate) spent: bool,
    /// The token that renews is worth nothing any more.
    pub(crate) dead: bool,
    pub(crate) posted: Vec<RawRequest>,
}

impl Portal {
    pub(crate) fn at(now: Millis) -> Self {
        Self {
            now,
            ids: 4_700,
            sessions: BTreeMap::new(),
            going_on: BTreeMap::new(),
            notices: BTreeMap::new(),
            asked: Vec::new(),
            bindings: Vec::new(),
            placements: Vec::new(),
            scopes: vec!["imopenlines", "im", "imconnector", "crm"],
            records: "LEAD|0|COMPANY|0|CONTACT|0|DEAL|0",
            administrator: true,
            reports: true,
            lags: false,
            participant: false,
            asks_itself: false,
            registered: false,
            active: false,
            full_close: WAITS,
            vote_limit: 0,
            written: Vec::new(),
            delivered: Vec::new(),
            shape: Shape::Named,
            full: 0,
            renewals: 0,
            spent: false,
            dead: false,
            posted: Vec::new(),
        }
    }

    pub(crate) fn tick(&mut self) -> Millis {
        self.now += 1_000;
        self.now
    }

    pub(crate) fn id(&mut self) -> u64 {
        self.ids += 1;
        self.ids
    }

    /// A new conversation in a chat of its own, in which the client and Ann wrote.
    pub(crate) fn open(&mut self, connector: &'static str) -> u64 {
        let chat = self.id();
        self.begin(chat, connector)
    }

    /// A new conversation in a chat that is there.
    pub(crate) fn begin(&mut self, chat: u64, connector: &'static str) -> u64 {
        let id = self.id();
        let session = Session {
            chat,
            connector,
            operator: ANN,
            messages: Vec::new(),
            closed: None,
            waits: (false, false),
            rated: 0,
            score: 0,
            comment: "Well handled".to_owned(),
        };
        self.sessions.insert(id, session);
        self.going_on.insert(chat, id);
        self.says(id, 0, "bx-messenger-content-item-ol-start");
        self.says(id, CLIENT, "");
        self.tells("ONSESSIONSTART", id);
        self.says(id, ANN, "");
        id
    }

    pub(crate) fn says(&mut self, id: u64, sender: u64, class: &'static str) {
        let (at, message) = (self.tick(), self.id());
        let session = self.sessions.get_mut(&id).unwrap();
        session.messages.push(Message { id: message, at, sender, class, asks: false });
        if sender == CLIENT {
            // Whatever is no vote puts the conversation back to work.
            session.waits = (false, false);
        }
        if sender == ANN {
            self.passes_on(id, message, sender, "[b]Ann:[/b]");
        }
    }

    /// Hands a message to the channel that our application brings.
    fn passes_on(&mut self, id: u64, message: u64, sender: u64, text: &str) {
        let Session { chat, connector, .. } = self.sessions[&id];
        if ![CARRIED, "mychat"].contains(&connector) {
            return;
        }
        let data = format!(
            "data[CONNECTOR]={connector}&data[LINE]={LINE}&data[MESSAGES][0][im][chat_id]={chat}&data[MESSAGES][0][im][message_id]={message}\
             &data[MESSAGES][0][message][user_id]={sender}&data[MESSAGES][0][message][text]={text}&data[MESSAGES][0][chat][id]=out-{chat}"
        );
        self.posts("ONIMCONNECTORMESSAGEADD", &data);
    }

    /// The operator closes a conversation: where its channel takes messages of Bitrix24 and nobody voted, the client is asked.
    pub(crate) fn finish(&mut self, id: u64) {
        let Session { connector, rated, .. } = self.sessions[&id];
        if connector != CARRIED || rated != 0 || !self.asks_itself {
            return self.close(id, "operator");
        }
        let (at, message) = (self.tick(), self.id());
        let session = self.sessions.get_mut(&id).unwrap();
        session.waits = (true, true);
        session.messages.push(Message { id: message, at, sender: 0, class: "", asks: true });
        let params = "&data[MESSAGES][0][message][params]";
        let vote = format!(
            "Please rate{params}[IMOL_VOTE]={id}{params}[IMOL_VOTE_SID]={id}{params}[IMOL_FORM]=like{params}[IMOL_DATE_CLOSE_VOTE]="
        );
        self.passes_on(id, message, 0, &vote);
    }

    /// `FULL_CLOSE_TIME` after their operators did, conversations are closed for good.
    pub(crate) fn full_closes(&mut self) {
        let waiting: Vec<u64> = self.sessions.iter().filter(|(_, one)| one.waits.0 && one.closed.is_none()).map(|(id, _)| *id).collect();
        waiting.into_iter().for_each(|id| self.close(id, "operator"));
    }

    /// A message from our channel, as the client `user` of the chat `outside` wrote it. Gives the conversation in which it landed.
    pub(crate) fn comes_in(&mut self, outside: &str, user: &str, text: &str) -> u64 {
        let chat = outside.strip_prefix("out-").and_then(|chat| chat.parse().ok()).filter(|chat: &u64| user == format!("u-out-{chat}"));
        let last = chat.and_then(|chat| self.sessions.iter().filter(|(_, one)| one.chat == chat).map(|(id, _)| *id).max());
        // Another client, or another chat: another conversation.
        let Some(id) = last else { return self.open(CARRIED) };
        let value = match text.as_bytes() {
            [b'1'] | [b'1', b' ', ..] => 5,
            [b'0'] | [b'0', b' ', ..] => 1,
            _ => 0,
        };
        let session = self.sessions.get_mut(&id).unwrap();
        if value == 0 || !session.waits.1 {
            let is_closed = session.closed.is_some();
            let chat = session.chat;
            if is_closed {
                return self.begin(chat, CARRIED);
            }
            self.says(id, CLIENT, "");
            return id;
        }
        session.rated = value;
        let waits = session.waits.0;
        self.says(id, CLIENT, "");
        let session = self.sessions.get_mut(&id).unwrap();
        session.waits = (waits, false);
        if session.closed.take().is_some() {
            // A late vote opens it again.
            let chat = session.chat;
            self.going_on.insert(chat, id);
        }
        let (at, thanks) = (self.tick(), self.id());
        self.sessions.get_mut(&id).unwrap().messages.push(Message { id: thanks, at, sender: 0, class: "", asks: false });
        self.passes_on(id, thanks, 0, "Thank you!");
        id
    }

    /// Closes a conversation for `reason`, as the list of sessions names it.
    pub(crate) fn close(&mut self, id: u64, reason: &'static str) {
        self.says(id, 0, "bx-messenger-content-item-ol-end");
        let at = self.now;
        let session = self.sessions.get_mut(&id).unwrap();
        session.closed = Some((at, reason));
        session.waits.0 = false;
        let (chat, connector) = (session.chat, session.connector);
        self.going_on.remove(&chat);
        self.tells("ONSESSIONFINISH", id);
        if [CARRIED, "mychat"].contains(&connector) {
            let session = format!("&data[DATA][0][session][id]={id}&data[DATA][0][session][closed]=Y&data[DATA][0][session][parent_id]=0");
            let data = format!(
                "data[CONNECTOR]={connector}&data[LINE]={LINE}&data[DATA][0][connector][connector_id]={connector}&data[DATA][0][connector][line_id]={LINE}\
                 &data[DATA][0][connector][chat_id]=8{session}&data[DATA][0][chat][id]=8&data[DATA][0][user][id]=0"
            );
            self.posts("ONIMCONNECTORDIALOGFINISH", &data);
        }
    }

    fn tells(&mut self, event: &str, id: u64) {
        let Session { chat, connector, .. } = &self.sessions[&id];
        let item = if self.shape == Shape::Whole { "data[DATA]" } else { "data[DATA][0]" };
        let place = format!(
            "{item}[connector][connector_id]={connector}&{item}[connector][line_id]={LINE}&{item}[connector][chat_id]={chat}&{item}[connector][user_id]={CLIENT}"
        );
        let rest = match self.shape {
            Shape::Named => {
                format!("&{item}[session][id]={id}&{item}[session][closed]=Y&{item}[session][parent_id]=0&{item}[chat][id]={chat}")
            }
            Shape::Listed => format!("&{item}[chat][id]={chat}&{item}[user][id]={LINE}&{item}[user][name]=Support"),
            Shape::Whole => format!("&{item}[chat][chat_id]={chat}&{item}[line][id]={LINE}&{item}[line][name]=Support"),
        };
        self.posts(event, &format!("{place}{rest}"));
    }

    /// Posts an event to each application that is bound to it.
    fn posts(&mut self, event: &str, data: &str) {
        if self.bindings.iter().any(|bound| bound["event"].as_str().is_some_and(|name| name.eq_ignore_ascii_case(event))) {
            let request = posted(&format!("event={event}&event_handler_id=5&{data}&ts={}", self.now / 1_000), APPLICATION, self.now);
            self.posted.push(request);
        }
    }

    /// What Bitrix24 posts when the application is installed.
    pub(crate) fn installation(&self) -> RawRequest {
        let Self { renewals, now, .. } = self;
        let body = format!(
            "event=ONAPPINSTALL&data[VERSION]=1&data[LANGUAGE_ID]=en&ts={}&auth[access_token]=access-token-{renewals}\
             &auth[refresh_token]=refresh-token-{renewals}&auth[expires_in]=3600&auth[server_endpoint]={SERVER}&auth[client_endpoint]=https://portal.example/rest/\
             &auth[member_id]={MEMBER}&auth[domain]=portal.example&auth[status]=L",
            now / 1_000
        );
        posted(&body, APPLICATION, *now)
    }

    pub(crate) fn history(&self, id: u64) -> Value {
        let one = &self.sessions[&id];
        let message = |message: &Message| {
            let mut params = json!({ "class": message.class });
            if message.class.ends_with("-ol-end") {
                params["imolVoteSid"] = json!(id);
                params["imolVoteUser"] = json!(one.rated);
            }
            if message.asks {
                params = json!({ "class": "", "imolVote": id, "imolVoteSid": id, "imolForm": "like", "imolDateCloseVote": "" });
            }
            // PHP writes nothing as a list.
            let params = if message.class.is_empty() && !message.asks { json!([]) } else { params };
            let shown = json!({ "id": message.id.to_string(), "chatid": one.chat.to_string(), "senderid": message.sender.to_string(),
                "recipientid": format!("chat{}", one.chat), "date": date(message.at), "text": "…", "textlegacy": "…", "params": params });
            (message.id.to_string(), shown)
        };
        let people =
            [(CLIENT, "Guest", true, false), (ANN, "Ann Lee", false, false), (BEN, "Ben Roe", false, false), (BOT, "Helper", false, true)];
        let users = people.map(|(id, name, connector, bot)| {
            (id.to_string(), json!({ "id": id.to_string(), "name": name, "connector": connector, "bot": bot }))
        });
        let place = json!({ "id": one.chat.to_string(), "type": "lines", "entityType": "LINES", "entityId": self.entity_id(one),
            "entityData1": self.entity_data(one.chat), "entityData2": self.records });
        json!({
            "chatId": one.chat, "canJoin": "Y", "canVoteHead": "Y", "sessionId": id, "sessionVoteHead": one.score,
            "sessionCommentHead": if one.comment.is_empty() { Value::Null } else { json!(one.comment) },
            "message": one.messages.iter().map(message).collect::<serde_json::Map<_, _>>(),
            "users": users.into_iter().collect::<serde_json::Map<_, _>>(),
            "chat": { one.chat.to_string(): place }, "files": [],
        })
    }

    pub(crate) fn entity_id(&self, one: &Session) -> String {
        let outside = if one.connector == "telegrambot" { format!("5550{}", one.chat) } else { format!("out-{}", one.chat) };
        format!("{}|{LINE}|{outside}|{CLIENT}", one.connector)
    }

    pub(crate) fn entity_data(&self, chat: u64) -> String {
        let current = self.going_on.get(&chat).copied().unwrap_or(0);
        let waits = if self.sessions.get(&current).is_some_and(|one| one.waits.0) { "Y" } else { "N" };
        format!("N|NONE|0|N|{waits}|{current}|1684478426|0|0|0")
    }
}

/// A time as Bitrix24 writes it: of the portal's own zone.
pub(crate) fn date(at: Millis) -> String {
    let zone = FixedOffset::east_opt(2 * 3_600).unwrap();
    DateTime::from_timestamp_millis(at).unwrap().with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// A form with the token that proves who posts it.
pub(crate) fn posted(body: &str, token: &str, now: Millis) -> RawRequest {
    let body = format!("{body}&auth[domain]=portal.example&auth[member_id]={MEMBER}&auth[application_token]={token}");
    // Brackets come escaped, as PHP builds a query.
    let body = body.replace('[', "%5B").replace(']', "%5D");
    let headers = Headers::new([("content-type", "application/x-www-form-urlencoded")]);
    RawRequest { method: "POST".into(), query: String::new(), headers, body: body.into_bytes(), received_at: now }
}
