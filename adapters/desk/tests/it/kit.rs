//! The kit on a desk that posts `close.v1`.

use crate::wire::{NOW, SECRET, desk, request, signature, signed};
use async_trait::async_trait;
use lastword_contract::kit::desks::{Act, DeskHarness, Traces};
use lastword_contract::kit::{Played, Remote};
use lastword_contract::{CloseBy, Desk, Headers, Millis, RawRequest};
use lastword_desk::AnyDesk;
use serde_json::{Value, json};
use std::sync::Mutex;

/// A desk that tells everything about its chats.
struct Posting {
    desk: AnyDesk,
    now: Mutex<Millis>,
    posted: Mutex<u32>,
    chats: Mutex<Vec<Chat>>,
}

#[derive(Clone)]
struct Chat {
    operator: &'static str,
    wrote: Vec<&'static str>,
    client_at: Millis,
}

impl Posting {
    fn post(&self, kind: &str, at: Millis, mut data: Value, session: &str) -> RawRequest {
        data["session"] = json!(session);
        data["schema"] = json!("close.v1");
        let body = json!({ "type": format!("session.{kind}"), "timestamp": at / 1_000, "data": data }).to_string();
        let mut posted = self.posted.lock().unwrap();
        *posted += 1;
        signed(&format!("post-{posted}"), body.as_bytes())
    }

    fn tick(&self) -> Millis {
        let mut now = self.now.lock().unwrap();
        *now += 1_000;
        *now
    }
}

#[async_trait]
impl DeskHarness for Posting {
    async fn start() -> Self {
        Self { desk: desk(), now: Mutex::new(NOW - 3_600_000), posted: Mutex::new(0), chats: Mutex::default() }
    }

    fn desk(&self) -> &dyn Desk {
        &self.desk
    }

    fn now(&self) -> Millis {
        *self.now.lock().unwrap()
    }

    async fn play(&self, _: Remote) -> Played {
        Played::CannotHappen("the desk is never called")
    }

    async fn open(&self) -> (String, Vec<RawRequest>) {
        let at = self.tick();
        let mut chats = self.chats.lock().unwrap();
        chats.push(Chat { operator: "ann", wrote: vec!["ann"], client_at: at });
        let id = chats.len().to_string();
        (id.clone(), vec![self.post("opened", at, json!({"line": "support", "opened_at": at}), &id)])
    }

    async fn act(&self, session: &str, act: Act) -> Option<Vec<RawRequest>> {
        let at = self.tick();
        let mut chats = self.chats.lock().unwrap();
        let chat = chats.get_mut(session.parse::<usize>().ok()? - 1)?;
        let (kind, data) = match act {
            Act::ClientWrites => {
                chat.client_at = at;
                ("message", json!({"by": "client"}))
            }
            Act::OperatorWrites | Act::ColleagueWrites | Act::ProgramWrites => {
                let who = if act == Act::OperatorWrites {
                    "ann"
                } else if act == Act::ColleagueWrites {
                    "ben"
                } else {
                    "owl"
                };
                chat.wrote.retain(|known| *known != who);
                chat.wrote.push(who);
                ("message", json!({"operator": person(who)}))
            }
            Act::Close(by) => ("closed", close(chat, by, at)),
            Act::Reopen => ("reopened", json!({})),
            Act::Reassign => {
                chat.operator = "ben";
                ("reassigned", json!({"operator": person("ben")}))
            }
            Act::Merge => ("merged", json!({"into": "900"})),
            Act::Edit => ("tagged", json!({"tags": ["vip"]})),
        };
        Some(vec![self.post(kind, at, data, session)])
    }

    async fn traces(&self, _: &str) -> Traces {
        Traces::default()
    }

    fn people(&self) -> [String; 3] {
        ["ann".into(), "ben".into(), "owl".into()]
    }

    fn hook_url(&self) -> String {
        "https://rate.example/hooks/desk".into()
    }

    async fn changes(&self) -> usize {
        0
    }

    fn unknown_event(&self) -> RawRequest {
        self.post("painted", NOW, json!({}), "1")
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
        vec![SECRET.to_owned(), SECRET.trim_start_matches("whsec_").to_owned()]
    }
}

fn person(id: &str) -> Value {
    json!({"id": id, "name": id.to_uppercase(), "kind": if id == "owl" { "program" } else { "human" }})
}

fn close(chat: &Chat, by: CloseBy, at: Millis) -> Value {
    json!({
        "line": "support",
        "closed_at": at,
        "closed_by": format!("{by:?}").to_lowercase(),
        "operator": person(chat.operator),
        "operators": chat.wrote.iter().map(|id| person(id)).collect::<Vec<_>>(),
        "last_client_message_at": chat.client_at,
    })
}

#[test]
fn a_request_may_come_late_by_minutes() {
    let late = RawRequest { received_at: NOW + 4 * 60_000, ..signed("1", br#"{"data":{"session":1}}"#) };
    assert!(desk().receive(&late).is_ok());
    let bare = request(&[], b"", NOW);
    assert!(desk().receive(&bare).is_err());
}

lastword_contract::desk_cases!(Posting);
