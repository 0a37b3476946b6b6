//! Zammad as a desk.

use crate::stub::{ANN, BEN, Inside, SECRET, SYSTEM, Stub, TOKEN, client_of, signature, signed};
use async_trait::async_trait;
use lastword_contract::kit::desks::{Act, DeskHarness, Traces, Wrong};
use lastword_contract::kit::{Played, Remote};
use lastword_contract::{CloseBy, Desk, DeskEventKind, Headers, Millis, RawRequest, Rejected, SetUp};
use lastword_zammad::{Config, Zammad};
use serde_json::{Value, json};

/// 2026-11-22T08:20:00Z.
const MORNING: Millis = 1_795_335_600_000;
const HOOK: &str = "https://rate.example/hooks/zammad";

struct AtZammad {
    stub: Stub,
    desk: Zammad,
}

impl AtZammad {
    fn posted(&self) -> Vec<RawRequest> {
        std::mem::take(&mut self.stub.lock().posted)
    }
}

#[async_trait]
impl DeskHarness for AtZammad {
    async fn start() -> Self {
        let stub = Stub::start(Inside::at(MORNING)).await;
        let config: Config =
            serde_json::from_value(json!({ "url": stub.url(), "token": TOKEN, "secret": SECRET, "timeout_secs": 1 })).unwrap();
        let desk = Zammad::new(config, reqwest::Client::new()).unwrap();
        desk.set_up(&SetUp { hook_url: Some(HOOK.to_owned()), native_off: false, change: true }).await.unwrap();
        Self { stub, desk }
    }

    fn desk(&self) -> &dyn Desk {
        &self.desk
    }

    fn now(&self) -> Millis {
        self.stub.lock().now
    }

    async fn play(&self, remote: Remote) -> Played {
        self.stub.play(remote).await
    }

    async fn open(&self) -> (String, Vec<RawRequest>) {
        let id = self.stub.lock().open();
        (id.to_string(), self.posted())
    }

    async fn act(&self, session: &str, act: Act) -> Option<Vec<RawRequest>> {
        let id = session.parse().ok()?;
        {
            let mut stub = self.stub.lock();
            match act {
                Act::ClientWrites => stub.says(id, client_of(id), "Customer", false),
                Act::OperatorWrites => stub.says(id, ANN, "Agent", false),
                Act::ColleagueWrites => stub.says(id, BEN, "Agent", false),
                Act::Close(by) => {
                    stub.tick();
                    if by == CloseBy::Timeout {
                        stub.set_state(id, "pending close", ANN);
                        stub.tick();
                    }
                    let who = match by {
                        CloseBy::Client => client_of(id),
                        CloseBy::Timeout | CloseBy::Forced => SYSTEM,
                        _ => ANN,
                    };
                    stub.set_state(id, "closed", who);
                }
                Act::Reopen => {
                    stub.tick();
                    stub.set_state(id, "open", ANN);
                }
                Act::Reassign => stub.reassign(id),
                Act::Edit => stub.says(id, BEN, "Agent", true),
                Act::ProgramWrites | Act::Merge => return None,
            }
        }
        Some(self.posted())
    }

    async fn traces(&self, session: &str) -> Traces {
        let (notes, field, of_others, client_sees) = self.stub.lock().traces(session.parse().unwrap());
        Traces { notes, field, of_others, client_sees }
    }

    async fn echoes(&self) -> Vec<RawRequest> {
        self.posted()
    }

    fn people(&self) -> [String; 3] {
        ["11".into(), "12".into(), "none".into()]
    }

    fn hook_url(&self) -> String {
        HOOK.into()
    }

    async fn hooks(&self) -> Option<usize> {
        Some(self.stub.lock().webhooks.len())
    }

    async fn spoil(&self, wrong: Wrong) -> bool {
        let mut stub = self.stub.lock();
        match wrong {
            Wrong::NoHook => stub.triggers.clear(),
            Wrong::FewRights => stub.administrator = false,
            // It has no rating of its own.
            Wrong::AsksItself => return false,
        }
        true
    }

    async fn changes(&self) -> usize {
        self.stub.changes()
    }

    fn unknown_event(&self) -> RawRequest {
        signed(br#"{"ticket":{"id":1},"article":{}}"#, "job-x", MORNING)
    }

    fn signed(&self, body: &[u8]) -> RawRequest {
        signed(body, "job-kit", MORNING)
    }

    fn forgeries(&self, request: &RawRequest) -> Vec<RawRequest> {
        let with = |signature: String| RawRequest { headers: Headers::new([("x-hub-signature", signature)]), ..request.clone() };
        vec![
            RawRequest { headers: Headers::default(), ..request.clone() },
            with(signature(b"another body")),
            with("sha1=zz".to_owned()),
            with(signature(&request.body).replace("sha1=", "sha256=")),
            RawRequest { body: [request.body.as_slice(), b" "].concat(), ..request.clone() },
        ]
    }

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.to_owned(), TOKEN.to_owned()]
    }
}

#[tokio::test]
async fn our_own_note_on_a_closed_ticket_fires_the_trigger_and_is_the_same_close() {
    let harness = AtZammad::start().await;
    let (session, _) = harness.open().await;
    harness.act(&session, Act::Close(CloseBy::Operator)).await;
    let first = harness.desk.read(&session, 0, 0).await.unwrap();
    harness.act(&session, Act::Edit).await;
    let second = harness.desk.read(&session, 0, 0).await.unwrap();
    assert_eq!(first[0].key, second[0].key);
}

#[tokio::test]
async fn a_close_carries_the_tags_and_fields_of_its_ticket() {
    let harness = AtZammad::start().await;
    let (session, _) = harness.open().await;
    harness.act(&session, Act::Close(CloseBy::Operator)).await;
    let events = harness.desk.read(&session, 0, 0).await.unwrap();
    let DeskEventKind::Closed(closing) = &events[0].kind else { panic!("{events:?}") };
    assert_eq!(closing.chat.labels, ["billing"]);
    assert_eq!(closing.chat.fields.get("state").map(String::as_str), Some("closed"));
}

#[test]
fn no_webhook_is_signed_with_what_everybody_knows() {
    let config = json!({ "url": "https://support.example.com", "token": TOKEN, "secret": "not known before the desk is set up" });
    let refused = Zammad::new(serde_json::from_value(config).unwrap(), reqwest::Client::new()).unwrap_err();
    assert!(refused.contains("openssl rand -hex 32"), "{refused}");
}

lastword_contract::desk_cases!(AtZammad);

fn alone(more: Value) -> Zammad {
    let mut config = json!({ "url": "https://support.example.com", "token": TOKEN, "secret": SECRET });
    config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Zammad::new(serde_json::from_value(config).unwrap(), reqwest::Client::new()).unwrap()
}

#[test]
fn payloads_of_other_releases_and_kinds_are_read_or_named() {
    let desk = alone(json!({}));
    let receive = |body: Value| desk.receive(&signed(body.to_string().as_bytes(), "d1", MORNING));
    // The payload in the admin documentation of 2020: the state is a text, and nothing says when a ticket was closed.
    for state in ["closed", "open"] {
        let heard =
            receive(json!({ "ticket": { "id": 81, "number": "10081", "title": "Test Ticket 1", "state": state, "priority": "2 normal",
            "created_at": "2020-11-22T08:00:00.000Z", "updated_at": "2020-11-22T08:20:00.000Z" }, "article": { "id": 109 } }));
        let heard = heard.unwrap();
        assert!(matches!(heard.events[0].kind, DeskEventKind::Changed { .. }), "{state}");
    }
    // Webhooks of the kinds for Mattermost and Slack hold no ticket.
    match receive(
        json!({ "username": "Zammad", "icon_url": "https://zammad.com/assets/logo.svg", "text": "# [Ticket](https://x) was updated" }),
    ) {
        Err(Rejected::Unreadable(why)) => {
            assert!(why.contains("ticket.id is missing") && why.contains("lastword desk setup zammad"), "{why}")
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_token_that_sees_no_webhooks_is_a_doubt_and_no_lasting_warning() {
    let harness = AtZammad::start().await;
    assert!(harness.desk.doubts(Some(HOOK)).await.unwrap().is_empty());
    harness.stub.lock().administrator = false;
    assert!(harness.desk.look(Some(HOOK)).await.unwrap().warnings.is_empty());
    let doubts = harness.desk.doubts(Some(HOOK)).await.unwrap();
    assert!(doubts.len() == 1 && doubts[0].contains("setup_token") && doubts[0].contains("close a ticket"), "{doubts:?}");
}

/// An end is told by states of the settings and by ids, never by words of an interface.
#[tokio::test]
async fn names_of_states_in_any_language_are_those_of_the_settings() {
    for (states, state, closes) in
        [(json!(["closed"]), "closed", true), (json!(["geschlossen", "gelöst"]), "gelöst", true), (json!(["geschlossen"]), "closed", false)]
    {
        let desk = alone(json!({ "closed_states": states }));
        let body = json!({ "ticket": { "id": 81, "state": state, "last_close_at": null, "updated_at": "2026-11-22T08:20:00.000Z" } });
        let heard = desk.receive(&signed(body.to_string().as_bytes(), "d1", MORNING)).unwrap();
        assert_eq!(matches!(heard.events[0].kind, DeskEventKind::Changed { .. }), closes, "{state}");
    }
}
