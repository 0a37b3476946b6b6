//! The kit on a desk that posts `close.v1`, and on one whose API is called besides.

use crate::stub::{Inside, Stub, TOKEN, close, person};
use crate::wire::{NOW, SECRET, config, desk, request, signature, signed};
use async_trait::async_trait;
use lastword_contract::kit::desks::{Act, DeskHarness, Traces};
use lastword_contract::kit::{Played, Remote};
use lastword_contract::{Desk, Headers, Millis, RawRequest};
use lastword_desk::AnyDesk;
use reqwest::Client;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

/// A desk that tells everything about its chats; whether its API is called besides.
struct At<const CALLED: bool> {
    stub: Stub,
    desk: AnyDesk,
    posts: AtomicU32,
}

/// What a connection to the stub says.
pub(crate) fn calls(url: &str) -> Value {
    let mut config = crate::stub::calls(url, r#""client_email": "{mails.0}""#);
    config["secret"] = json!(SECRET);
    config["per_second"] = json!(50);
    config["reports_reopening"] = json!(true);
    config
}

impl<const CALLED: bool> At<CALLED> {
    fn post(&self, inside: &mut Inside, kind: &str, at: Millis, mut data: Value, session: &str) {
        data["session"] = json!(session);
        data["schema"] = json!("close.v1");
        if kind == "closed" {
            data["event_key"] = json!(format!("{session}-{}", at / 1_000));
        }
        let body = json!({ "type": format!("session.{kind}"), "timestamp": at / 1_000, "data": data }).to_string();
        let id = self.posts.fetch_add(1, Ordering::Relaxed);
        inside.posted.push(signed(&format!("post-{id}"), body.as_bytes()));
    }
}

#[async_trait]
impl<const CALLED: bool> DeskHarness for At<CALLED> {
    async fn start() -> Self {
        let stub = Stub::start(Inside::at(NOW - 3_600_000)).await;
        let desk = if CALLED { AnyDesk::new(config(calls(&stub.url())), Client::new()).unwrap() } else { desk() };
        Self { stub, desk, posts: AtomicU32::new(1) }
    }

    fn desk(&self) -> &dyn Desk {
        &self.desk
    }

    fn now(&self) -> Millis {
        self.stub.lock().now
    }

    async fn play(&self, remote: Remote) -> Played {
        if CALLED { self.stub.play(remote).await } else { Played::CannotHappen("the desk is never called") }
    }

    async fn open(&self) -> (String, Vec<RawRequest>) {
        let mut inside = self.stub.lock();
        let id = inside.open();
        let at = inside.now;
        self.post(&mut inside, "opened", at, json!({ "line": "support", "opened_at": at }), &id);
        (id, std::mem::take(&mut inside.posted))
    }

    async fn act(&self, session: &str, act: Act) -> Option<Vec<RawRequest>> {
        let mut inside = self.stub.lock();
        let at = inside.tick();
        let ticket = inside.ticket(session)?;
        let (kind, data) = match act {
            Act::ClientWrites => {
                ticket.client_at = at;
                ("message", json!({ "by": "client" }))
            }
            Act::OperatorWrites | Act::ColleagueWrites | Act::ProgramWrites => {
                let who = match act {
                    Act::OperatorWrites => "ann",
                    Act::ColleagueWrites => "ben",
                    _ => "owl",
                };
                ticket.wrote.retain(|known| *known != who);
                ticket.wrote.push(who);
                ("message", json!({ "operator": person(who) }))
            }
            Act::Close(by) => {
                ticket.closed_at = Some(at);
                ("closed", close(ticket, by, at))
            }
            Act::Reopen => {
                ticket.closed_at = None;
                ("reopened", json!({}))
            }
            Act::Reassign => {
                ticket.operator = "ben";
                ("reassigned", json!({ "operator": person("ben") }))
            }
            Act::Merge => ("merged", json!({ "into": "900" })),
            Act::Edit => ("tagged", json!({ "tags": ["vip"] })),
        };
        self.post(&mut inside, kind, at, data, session);
        Some(std::mem::take(&mut inside.posted))
    }

    async fn traces(&self, session: &str) -> Traces {
        let mut inside = self.stub.lock();
        let ticket = inside.ticket(session).unwrap();
        let of_others = ticket.fields.iter().filter(|(name, _)| !matches!(name.as_str(), "rating" | "low"));
        Traces {
            notes: ticket.notes.iter().map(|note| note["text"].as_str().unwrap().to_owned()).collect(),
            field: ticket.fields.get("rating").map(Value::to_string),
            of_others: of_others.map(|(name, value)| format!("{name} {value}")).collect(),
            client_sees: 0,
        }
    }

    fn people(&self) -> [String; 3] {
        ["ann".into(), "ben".into(), "owl".into()]
    }

    fn hook_url(&self) -> String {
        "https://rate.example/hooks/desk".into()
    }

    async fn changes(&self) -> usize {
        self.stub.changes()
    }

    fn unknown_event(&self) -> RawRequest {
        signed("painted", br#"{"type":"session.painted","data":{"session":"1"}}"#)
    }

    fn signed(&self, body: &[u8]) -> RawRequest {
        signed("kit", body)
    }

    fn forgeries(&self, request: &RawRequest) -> Vec<RawRequest> {
        let (id, old) = ("other", NOW / 1_000 - 900);
        let with = |headers| RawRequest { headers, ..request.clone() };
        let right = signature("post", NOW / 1_000, &request.body);
        let at = |seconds: i64, signature: String| {
            with(Headers::new([
                ("webhook-id", id.to_owned()),
                ("webhook-timestamp", seconds.to_string()),
                ("webhook-signature", signature),
            ]))
        };
        vec![
            with(Headers::default()),
            at(NOW / 1_000, right),
            at(NOW / 1_000, signature(id, NOW / 1_000, b"another body")),
            at(old, signature(id, old, &request.body)),
            at(NOW / 1_000, String::new()),
            RawRequest { body: [request.body.as_slice(), b" "].concat(), ..request.clone() },
        ]
    }

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.to_owned(), SECRET.trim_start_matches("whsec_").to_owned(), TOKEN.to_owned()]
    }
}

#[test]
fn a_request_may_come_late_by_minutes() {
    let late = RawRequest { received_at: NOW + 4 * 60_000, ..signed("1", br#"{"data":{"session":1}}"#) };
    assert!(desk().receive(&late).is_ok());
    let bare = request(&[], b"", NOW);
    assert!(desk().receive(&bare).is_err());
}

mod posting {
    lastword_contract::desk_cases!(super::At<false>);
}

mod called {
    lastword_contract::desk_cases!(super::At<true>);
}
