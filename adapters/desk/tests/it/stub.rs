//! A desk such as a company writes for itself: it posts what happens, shows notes and fields, and lists what was closed.

use lastword_contract::kit::desks::{DeskApi, DeskStub};
use lastword_contract::kit::{HttpAnswer, HttpRequest};
use lastword_contract::{CloseBy, Millis, RawRequest};
use serde_json::{Map, Value, json};

pub(crate) const TOKEN: &str = "token-of-the-desks-own-api";
/// Tickets on one page.
const PAGE: usize = 25;

pub(crate) type Stub = DeskStub<Inside>;

#[derive(Clone)]
pub(crate) struct Ticket {
    pub(crate) operator: &'static str,
    pub(crate) wrote: Vec<&'static str>,
    pub(crate) client_at: Millis,
    pub(crate) closed_at: Option<Millis>,
    pub(crate) notes: Vec<Value>,
    pub(crate) fields: Map<String, Value>,
}

#[derive(Default)]
pub(crate) struct Inside {
    pub(crate) now: Millis,
    pub(crate) tickets: Vec<Ticket>,
    /// What it has posted since somebody looked.
    pub(crate) posted: Vec<RawRequest>,
    /// The address that was asked for last.
    pub(crate) asked: String,
}

impl Inside {
    pub(crate) fn at(now: Millis) -> Self {
        Self { now, ..Self::default() }
    }

    pub(crate) fn tick(&mut self) -> Millis {
        self.now += 1_000;
        self.now
    }

    pub(crate) fn open(&mut self) -> String {
        let at = self.tick();
        let fields = json!({ "tier": "gold" }).as_object().cloned().unwrap();
        self.tickets.push(Ticket { operator: "ann", wrote: vec!["ann"], client_at: at, closed_at: None, notes: Vec::new(), fields });
        self.tickets.len().to_string()
    }

    pub(crate) fn ticket(&mut self, id: &str) -> Option<&mut Ticket> {
        self.tickets.get_mut(id.parse::<usize>().ok()?.checked_sub(1)?)
    }

    fn listed(&self, request: &HttpRequest) -> Value {
        let asked = |name: &str| request.asked(name).and_then(|text| text.parse::<usize>().ok()).unwrap_or_default();
        let (since, page) = (Millis::try_from(asked("since")).unwrap() * 1_000, asked("page"));
        let closed = self.tickets.iter().zip(1..).filter_map(|(one, id)| Some((one.closed_at.filter(|at| *at > since)?, id, one)));
        let mut closed: Vec<_> = closed.collect();
        closed.sort_by_key(|(at, id, _)| (*at, *id));
        let shown = |(at, id, one): (Millis, i32, &Ticket)| json!({ "id": id, "closed": at / 1_000, "group": { "id": "support" }, "agent": person(one.operator), "mails": ["jane@example.com"] });
        closed.into_iter().skip((page - 1) * PAGE).take(PAGE).map(shown).collect()
    }

    fn take(&mut self, request: &HttpRequest) -> Option<Value> {
        let parts: Vec<&str> = request.path.trim_start_matches("/api/").split('/').collect();
        match (request.method.as_str(), parts.as_slice()) {
            ("GET", ["tickets"]) => Some(json!({ "found": { "tickets": self.listed(request) } })),
            ("GET", ["tickets", id, "notes"]) => Some(json!({ "notes": self.ticket(id)?.notes })),
            ("POST", ["tickets", id, "notes"]) => {
                let notes = &mut self.ticket(id)?.notes;
                notes.push(request.json());
                Some(json!({ "id": notes.len() }))
            }
            ("PUT", ["tickets", id]) => {
                let fields = request.json()["fields"].as_object().cloned()?;
                self.ticket(id)?.fields.extend(fields);
                Some(json!({}))
            }
            _ => None,
        }
    }
}

impl DeskApi for Inside {
    fn arrives(&mut self, request: &HttpRequest) {
        self.asked = format!("{} {}?{}", request.method, request.path, request.query);
    }

    fn takes(&mut self, request: &HttpRequest) -> HttpAnswer {
        if request.headers.get("x-desk-key") != Some(TOKEN) {
            return HttpAnswer::json(401, &json!({}));
        }
        match self.take(request) {
            Some(answer) => HttpAnswer::json(200, &answer),
            None => HttpAnswer::json(404, &json!({})),
        }
    }

    fn gone(&self, request: &HttpRequest) -> Option<HttpAnswer> {
        request.path.starts_with("/api/tickets/").then(|| HttpAnswer::json(404, &json!({})))
    }
}

/// What a connection says so that this desk is called; of a close that is found, `client` says how the client is reached.
pub(crate) fn calls(url: &str, client: &str) -> Value {
    let event = r#"{"type": "session.closed", "data": {"event_key": "{id}-{closed}", "session": "{id}", "closed_at": "{closed}",
        "line": "{group.id}", "operator": "{agent}", CLIENT}}"#;
    json!({
        "url": url, "token": TOKEN, "token_header": "X-Desk-Key", "timeout_secs": 1,
        "write_back": [
            { "call": "PUT /api/tickets/{session}", "body": r#"{"fields": {"rating": "{rating}", "low": "{low}"}}"# },
            { "call": "POST /api/tickets/{session}/notes", "body": r#"{"subject": "Rating {key}", "text": "{text}"}"#,
              "unless": "/api/tickets/{session}/notes", "found": "notes" },
        ],
        "reconcile": [{
            "call": "/api/tickets?state=closed&since={since}&page={page}", "since": "seconds", "items": "found.tickets",
            "event": event.replace("CLIENT", client),
        }],
    })
}

pub(crate) fn person(id: &str) -> Value {
    json!({ "id": id, "name": id.to_uppercase(), "kind": if id == "owl" { "program" } else { "human" } })
}

/// A ticket that is closed now, as it is posted.
pub(crate) fn close(ticket: &Ticket, by: CloseBy, at: Millis) -> Value {
    json!({
        "line": "support",
        "closed_at": at,
        "closed_by": format!("{by:?}").to_lowercase(),
        "operator": person(ticket.operator),
        "operators": ticket.wrote.iter().map(|id| person(id)).collect::<Vec<_>>(),
        "last_client_message_at": ticket.client_at,
    })
}
