//! A Zammad in memory, as its documents and source say that it behaves: its API over HTTP, and what its triggers post. A
//! selective trigger fires again on every article of a ticket that fits its condition, our own notes among them.

use chrono::DateTime;
use hmac::{Hmac, KeyInit, Mac};
use lastword_contract::kit::desks::{DeskApi, DeskStub};
use lastword_contract::kit::{HttpAnswer, HttpRequest};
use lastword_contract::{Headers, Millis, RawRequest};
use serde_json::{Value, json};
use sha1::Sha1;
use std::collections::BTreeMap;

pub(crate) const TOKEN: &str = "zammad-agent-token-of-the-test";
pub(crate) const SECRET: &str = "zammad-webhook-secret-of-the-test";
pub(crate) const ANN: u64 = 11;
pub(crate) const BEN: u64 = 12;
/// Triggers and schedulers.
pub(crate) const SYSTEM: u64 = 1;
const OURS: u64 = 90;
const FIRST_CLIENT: u64 = 700;

/// Who wrote a ticket: each is another one's.
pub(crate) fn client_of(ticket: u64) -> u64 {
    FIRST_CLIENT + ticket
}

/// Their chat with the Telegram bot that Zammad has.
pub(crate) fn telegram_of(ticket: u64) -> String {
    format!("555{ticket:04}")
}

#[derive(Clone)]
pub(crate) struct Ticket {
    pub(crate) state: &'static str,
    owner: u64,
    articles: Vec<Value>,
    history: Vec<Value>,
    tags: Vec<String>,
    created_at: Millis,
    updated_at: Millis,
    updated_by: u64,
    last_close_at: Option<Millis>,
    last_contact_customer_at: Millis,
}

pub(crate) struct Inside {
    pub(crate) now: Millis,
    pub(crate) tickets: BTreeMap<u64, Ticket>,
    ids: u64,
    pub(crate) webhooks: Vec<Value>,
    pub(crate) triggers: Vec<Value>,
    pub(crate) administrator: bool,
    pub(crate) posted: Vec<RawRequest>,
}

pub(crate) type Stub = DeskStub<Inside>;

fn time(at: Millis) -> String {
    DateTime::from_timestamp_millis(at).unwrap().to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// As Zammad signs it: the body alone.
pub(crate) fn signed(body: &[u8], delivery: &str, now: Millis) -> RawRequest {
    let headers = [("x-hub-signature", signature(body)), ("x-zammad-delivery", delivery.to_owned()), ("x-zammad-trigger", "zz".to_owned())];
    RawRequest { method: "POST".into(), query: String::new(), headers: Headers::new(headers), body: body.to_vec(), received_at: now }
}

pub(crate) fn signature(body: &[u8]) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body);
    format!("sha1={}", hex::encode(mac.finalize().into_bytes()))
}

impl Inside {
    pub(crate) fn at(now: Millis) -> Self {
        Self { now, tickets: BTreeMap::new(), ids: 0, webhooks: Vec::new(), triggers: Vec::new(), administrator: true, posted: Vec::new() }
    }

    pub(crate) fn tick(&mut self) -> Millis {
        self.now += 1_000;
        self.now
    }

    fn id(&mut self) -> u64 {
        self.ids += 1;
        self.ids
    }

    pub(crate) fn open(&mut self) -> u64 {
        let at = self.tick();
        let id = self.id();
        let ticket = Ticket {
            state: "open",
            owner: ANN,
            articles: Vec::new(),
            history: Vec::new(),
            tags: vec!["billing".to_owned()],
            created_at: at,
            updated_at: at,
            updated_by: ANN,
            last_close_at: None,
            last_contact_customer_at: at,
        };
        self.tickets.insert(id, ticket);
        self.says(id, client_of(id), "Customer", false);
        self.says(id, ANN, "Agent", false);
        id
    }

    pub(crate) fn says(&mut self, id: u64, who: u64, sender: &str, internal: bool) {
        let (at, article) = (self.tick(), self.id());
        let closed = self.tickets[&id].state == "closed";
        let ticket = self.tickets.get_mut(&id).unwrap();
        if sender == "Customer" {
            ticket.last_contact_customer_at = at;
        }
        let body = json!({ "id": article, "ticket_id": id, "sender": sender, "internal": internal, "type": "email", "subject": "Re: order",
            "body": "…", "created_by_id": who, "created_at": time(at) });
        ticket.articles.push(body);
        // A client's answer opens a ticket again, as its group says.
        if sender == "Customer" && closed {
            return self.set_state(id, "open", client_of(id));
        }
        self.updated(id, who);
    }

    pub(crate) fn set_state(&mut self, id: u64, state: &'static str, by: u64) {
        let at = self.now;
        let ticket = self.tickets.get_mut(&id).unwrap();
        let change = json!({ "object": "Ticket", "attribute": "state", "type": "updated", "value_from": ticket.state, "value_to": state,
            "created_by_id": by, "created_at": time(at) });
        ticket.history.push(change);
        ticket.state = state;
        if state == "closed" {
            ticket.last_close_at = Some(at);
        }
        self.updated(id, by);
    }

    pub(crate) fn reassign(&mut self, id: u64) {
        self.tick();
        self.tickets.get_mut(&id).unwrap().owner = BEN;
        self.updated(id, ANN);
    }

    /// The ticket changed: the triggers whose condition fits are run.
    fn updated(&mut self, id: u64, by: u64) {
        let (at, job) = (self.now, self.id());
        let ticket = self.tickets.get_mut(&id).unwrap();
        (ticket.updated_at, ticket.updated_by) = (at, by);
        if self.triggers.is_empty() {
            return;
        }
        let mut shown = self.shown(id);
        shown["group"] = json!({ "id": 2, "name": "Sales" });
        let body = json!({ "ticket": shown, "article": {} }).to_string();
        self.posted.push(signed(body.as_bytes(), &format!("job-{job}"), at));
    }

    fn shown(&self, id: u64) -> Value {
        let one = &self.tickets[&id];
        json!({
            "id": id, "number": format!("2{id:04}"), "state": one.state, "group_id": 2, "group": "Sales", "owner_id": one.owner,
            "customer_id": client_of(id), "create_article_type": "email", "created_at": time(one.created_at), "updated_at": time(one.updated_at),
            "updated_by_id": one.updated_by, "close_at": one.last_close_at.map(time), "last_close_at": one.last_close_at.map(time),
            "last_contact_customer_at": time(one.last_contact_customer_at),
            "preferences": { "telegram": { "chat_id": telegram_of(id) } },
        })
    }

    pub(crate) fn traces(&self, id: u64) -> (Vec<String>, Option<String>, Vec<String>, usize) {
        let one = &self.tickets[&id];
        let ours = one.articles.iter().filter(|article| article["created_by_id"] == OURS && article["internal"] == true);
        let notes = ours.map(|article| article["body"].as_str().unwrap().to_owned()).collect();
        let tag = one.tags.iter().find(|tag| tag.starts_with("rated-")).cloned();
        let others = one.tags.iter().filter(|tag| !tag.starts_with("rated-")).cloned().collect();
        (notes, tag, others, one.articles.iter().filter(|article| article["internal"] != true).count())
    }
}

impl DeskApi for Inside {
    fn takes(&mut self, request: &HttpRequest) -> HttpAnswer {
        if request.headers.get("authorization") != Some(&format!("Token token={TOKEN}")) {
            return HttpAnswer::json(401, &json!({ "error": "Invalid token" }));
        }
        let (status, answer) = self.take(request);
        HttpAnswer::json(status, &answer)
    }

    fn gone(&self, request: &HttpRequest) -> Option<HttpAnswer> {
        request.path.contains("ticket").then(|| HttpAnswer::json(404, &json!({})))
    }

    fn reads(&self, request: &HttpRequest) -> bool {
        request.method == "GET" || request.path.ends_with("/search")
    }
}

impl Inside {
    fn take(&mut self, request: &HttpRequest) -> (u16, Value) {
        let parts: Vec<&str> = request.path.trim_start_matches("/api/v1/").split('/').collect();
        let (sent, asked) = (&request.json(), |name: &str| request.asked(name).unwrap_or_default());
        if !self.administrator && matches!(parts[0], "webhooks" | "triggers") {
            return (403, json!({ "error": "Not authorized" }));
        }
        let known = |id: &str| id.parse::<u64>().ok().filter(|id| self.tickets.contains_key(id));
        match (request.method.as_str(), parts.as_slice()) {
            ("GET", ["users", "me"]) => (200, json!({ "id": OURS, "login": "lastword", "email": "lastword@example.com" })),
            ("GET", ["users", id]) => {
                let name = match id.parse() {
                    Ok(ANN) => "Ann",
                    Ok(BEN) => "Ben",
                    Ok(FIRST_CLIENT..) => "Jane",
                    _ => return (404, json!({})),
                };
                let email = format!("{name}.{id}@example.com");
                (200, json!({ "id": id.parse::<u64>().unwrap(), "firstname": name, "lastname": "Lee", "email": email }))
            }
            ("GET", ["ticket_states"]) => {
                let names = ["new", "open", "pending reminder", "closed", "merged", "pending close"];
                (200, names.iter().zip(1..).map(|(name, id)| json!({ "id": id, "name": name })).collect::<Vec<_>>().into())
            }
            ("POST", ["tickets", "search"]) => (200, self.search(sent)),
            ("GET", ["tickets", id]) => known(id).map_or((404, json!({})), |id| (200, self.shown(id))),
            ("GET", ["ticket_history", id]) => {
                known(id).map_or((404, json!({})), |id| (200, json!({ "history": self.tickets[&id].history })))
            }
            ("GET", ["ticket_articles", "by_ticket", id]) => {
                known(id).map_or((404, json!({})), |id| (200, self.tickets[&id].articles.clone().into()))
            }
            ("POST", ["ticket_articles"]) => self.article(sent),
            ("GET", ["tags"]) => (200, json!({ "tags": self.tickets[&asked("o_id").parse().unwrap()].tags })),
            ("POST", ["tags", "add"]) => {
                let tag = sent["item"].as_str().unwrap().to_owned();
                self.tickets.get_mut(&sent["o_id"].as_u64().unwrap()).unwrap().tags.push(tag);
                (200, json!(true))
            }
            ("DELETE", ["tags", "remove"]) => {
                let tag = asked("item");
                self.tickets.get_mut(&asked("o_id").parse().unwrap()).unwrap().tags.retain(|one| *one != tag);
                (200, json!(true))
            }
            (method, [kind @ ("webhooks" | "triggers"), rest @ ..]) => self.settings(method, kind, rest, sent),
            _ => (404, json!({})),
        }
    }

    fn article(&mut self, sent: &Value) -> (u16, Value) {
        let Some(id) = sent["ticket_id"].as_u64().filter(|id| self.tickets.contains_key(id)) else { return (404, json!({})) };
        let (at, article) = (self.now, self.id());
        let mut body = sent.clone();
        (body["id"], body["created_by_id"], body["created_at"]) = (json!(article), json!(OURS), json!(time(at)));
        self.tickets.get_mut(&id).unwrap().articles.push(body.clone());
        // It is an update of the ticket, and fires the trigger.
        self.updated(id, OURS);
        (201, body)
    }

    fn search(&self, sent: &Value) -> Value {
        let after =
            DateTime::parse_from_rfc3339(sent["condition"]["ticket.last_close_at"]["value"].as_str().unwrap()).unwrap().timestamp_millis();
        let closed = |ticket: &Ticket| ticket.state == "closed" && ticket.last_close_at.is_some_and(|at| at > after);
        let mut found: Vec<u64> = self.tickets.iter().filter(|(_, ticket)| closed(ticket)).map(|(id, _)| *id).collect();
        found.sort_by_key(|id| self.tickets[id].last_close_at);
        let most = usize::try_from(sent["per_page"].as_u64().unwrap_or(50)).unwrap();
        found.into_iter().take(most).map(|id| self.shown(id)).collect()
    }

    fn settings(&mut self, method: &str, kind: &str, rest: &[&str], sent: &Value) -> (u16, Value) {
        let id = self.id();
        let all = if kind == "webhooks" { &mut self.webhooks } else { &mut self.triggers };
        match (method, rest) {
            ("GET", []) => (200, all.clone().into()),
            ("POST", []) => {
                if all.iter().any(|one| one["name"] == sent["name"]) && kind == "triggers" {
                    return (422, json!({ "error": "Name has already been taken" }));
                }
                let mut one = sent.clone();
                one["id"] = json!(id);
                all.push(one.clone());
                (201, one)
            }
            ("PUT", [id]) => {
                let one = all.iter_mut().find(|one| one["id"].as_i64() == id.parse().ok()).unwrap();
                for (key, value) in sent.as_object().unwrap() {
                    one[key] = value.clone();
                }
                (200, one.clone())
            }
            _ => (404, json!({})),
        }
    }
}
