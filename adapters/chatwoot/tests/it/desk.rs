//! Chatwoot as a desk.

use crate::stub::{Inside, SECRET, Stub, TOKEN, signature, signed};
use async_trait::async_trait;
use lastword_chatwoot::{Chatwoot, Config};
use lastword_contract::kit::desks::{Act, DeskHarness, Traces, Wrong};
use lastword_contract::kit::{Played, Remote};
use lastword_contract::{
    Address, Channel, CloseBy, Desk, DeskEventKind, Headers, Millis, Outgoing, RawRequest, Rejected, Scale, SetUp, WriteBack,
};
use serde_json::{Value, json};

/// 2026-11-22T08:20:00Z.
pub(crate) const MORNING: Millis = 1_795_335_600_000;
const HOOK: &str = "https://rate.example/hooks/cw";

pub(crate) fn chatwoot(url: &str) -> Chatwoot {
    let config = json!({ "url": url, "token": TOKEN, "secret": SECRET, "timeout_secs": 1 });
    let config: Config = serde_json::from_value(config).unwrap();
    Chatwoot::new(config, reqwest::Client::new()).unwrap()
}

struct AtChatwoot {
    stub: Stub,
    desk: Chatwoot,
}

impl AtChatwoot {
    fn posted(&self) -> Vec<RawRequest> {
        std::mem::take(&mut self.stub.lock().posted)
    }
}

#[async_trait]
impl DeskHarness for AtChatwoot {
    async fn start() -> Self {
        let stub = Stub::start(Inside::at(MORNING)).await;
        let desk = chatwoot(&stub.url());
        desk.set_up(&SetUp { hook_url: Some(HOOK.to_owned()), native_off: false, change: true }).await.unwrap();
        Self { stub, desk }
    }

    fn desk(&self) -> &dyn Desk {
        &self.desk
    }

    fn now(&self) -> Millis {
        self.stub.lock().now
    }

    async fn later(&self) {
        self.stub.lock().run_jobs();
    }

    async fn play(&self, remote: Remote) -> Played {
        self.stub.play(remote).await
    }

    async fn open(&self) -> (String, Vec<RawRequest>) {
        let id = self.stub.lock().open("Channel::WebWidget");
        (id.to_string(), self.posted())
    }

    async fn act(&self, session: &str, act: Act) -> Option<Vec<RawRequest>> {
        let id = session.parse().ok()?;
        {
            let mut stub = self.stub.lock();
            match act {
                Act::ClientWrites => stub.says(id, "client", "And another thing"),
                Act::OperatorWrites => stub.says(id, "ann", "Sure"),
                Act::ColleagueWrites => stub.says(id, "ben", "I can help"),
                Act::ProgramWrites => stub.says(id, "helper", "I am a bot"),
                Act::Close(by) => stub.close(id, &format!("{by:?}").to_lowercase()),
                Act::Reopen => {
                    stub.tick();
                    stub.set_status(id, "open", "Conversation was reopened by Ann");
                }
                Act::Reassign => stub.reassign(id),
                Act::Merge => return None,
                Act::Edit => stub.edit(id),
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
        ["1".into(), "2".into(), "bot-3".into()]
    }

    fn hook_url(&self) -> String {
        HOOK.into()
    }

    async fn hooks(&self) -> Option<usize> {
        Some(self.stub.lock().hooks.len())
    }

    async fn spoil(&self, wrong: Wrong) -> bool {
        let mut stub = self.stub.lock();
        match wrong {
            Wrong::NoHook => stub.hooks.clear(),
            Wrong::AsksItself => stub.csat = true,
            Wrong::FewRights => stub.administrator = false,
        }
        true
    }

    async fn changes(&self) -> usize {
        self.stub.changes()
    }

    fn without_account(&self, request: &RawRequest) -> Option<RawRequest> {
        let mut body: Value = serde_json::from_slice(&request.body).unwrap();
        body.as_object_mut().unwrap().remove("account")?;
        Some(signed(body.to_string().as_bytes(), request.received_at))
    }

    fn unknown_event(&self) -> RawRequest {
        signed(br#"{"event":"contact_created","id":9,"account":{"id":1}}"#, MORNING)
    }

    fn signed(&self, body: &[u8]) -> RawRequest {
        signed(body, MORNING)
    }

    fn forgeries(&self, request: &RawRequest) -> Vec<RawRequest> {
        forgeries(request)
    }

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.to_owned(), TOKEN.to_owned()]
    }
}

pub(crate) fn forgeries(request: &RawRequest) -> Vec<RawRequest> {
    let timestamp = request.headers.get("x-chatwoot-timestamp").unwrap().to_owned();
    let with = |timestamp: &str, signature: String| {
        let headers = Headers::new([("x-chatwoot-timestamp", timestamp.to_owned()), ("x-chatwoot-signature", signature)]);
        RawRequest { headers, ..request.clone() }
    };
    let old = (request.received_at / 1_000 - 900).to_string();
    vec![
        RawRequest { headers: Headers::default(), ..request.clone() },
        // Who signs the body alone signs something else.
        with(&timestamp, signature("", &request.body)),
        with(&timestamp, signature(&timestamp, b"another body")),
        with(&old, signature(&old, &request.body)),
        with(&timestamp, "sha256=zz".to_owned()),
        RawRequest { body: [request.body.as_slice(), b" "].concat(), ..request.clone() },
    ]
}

#[tokio::test]
async fn a_webhook_of_another_account_says_nothing() {
    let harness = AtChatwoot::start().await;
    let (_, posted) = harness.open().await;
    let mut body: Value = serde_json::from_slice(&posted[0].body).unwrap();
    body["account"]["id"] = json!(2);
    assert!(Desk::receive(&harness.desk, &signed(body.to_string().as_bytes(), MORNING)).unwrap().events.is_empty());
}

#[test]
fn a_clock_that_is_wrong_is_named_and_no_secret_is_blamed() {
    let desk = chatwoot("https://chat.example.com");
    let why = |request: &RawRequest| match Desk::receive(&desk, request) {
        Err(Rejected::Unsigned(why)) => why,
        other => panic!("{other:?}"),
    };
    for apart in [-10 * 60_000, 10 * 60_000] {
        let late = RawRequest { received_at: MORNING + apart, ..signed(br#"{"event":"conversation_created","id":1}"#, MORNING) };
        assert!(why(&late).contains("clocks of Chatwoot and this machine") && why(&late).contains("the secret is right"), "{}", why(&late));
        let forged = RawRequest { body: b"{}".to_vec(), ..late };
        assert!(!why(&forged).contains("clock") && why(&forged).contains("secret"), "{}", why(&forged));
    }
}

#[tokio::test]
async fn an_old_installation_proves_itself_by_its_address() {
    let path = "0123456789abcdef0123456789abcdef";
    let config = json!({ "url": "https://chat.example.com", "token": TOKEN, "path": path });
    let desk = Chatwoot::new(serde_json::from_value(config).unwrap(), reqwest::Client::new()).unwrap();
    let body = br#"{"event":"conversation_status_changed","id":7,"status":"resolved","updated_at":1795335600.12}"#;
    let at = |path: &str| {
        let headers = Headers::new([("x-lastword-path", path)]);
        Desk::receive(&desk, &RawRequest { headers, ..signed(body, MORNING) })
    };
    assert!(matches!(at(path).unwrap().events[0].kind, DeskEventKind::Changed { .. }));
    assert!(at("another").is_err());
}

/// The question leaves through the desk: a message of ours, whose id is given.
async fn ask(harness: &AtChatwoot, session: &str) -> String {
    let question = Outgoing { key: "q".into(), to: Address::chat(session), text: "1 to 5?".into(), ..Outgoing::default() };
    Channel::send(&harness.desk, &question).await.unwrap().message_id.unwrap()
}

#[tokio::test]
async fn a_conversation_that_the_answer_opened_is_resolved_again_and_one_with_a_matter_is_not() {
    let harness = AtChatwoot::start().await;
    let ours = "the question";
    for (texts, replies_to, ends) in [
        (vec!["5"], None, "resolved"),
        (vec!["★★★★★"], None, "resolved"),
        (vec!["4", "5/5 !"], None, "resolved"),
        (vec!["5"], Some(ours), "resolved"),
        (vec!["5"], Some("another message"), "open"),
        (vec!["5 and by the way, my other order never came either, please look"], None, "open"),
        (vec!["5", "Where is my order?"], None, "open"),
        (vec!["Where is my order?", "5"], None, "open"),
        (vec!["Where is my order?"], None, "open"),
        (vec!["7"], None, "open"),
    ] {
        let (session, _) = harness.open().await;
        let id: u64 = session.parse().unwrap();
        harness.act(&session, Act::Close(CloseBy::Operator)).await;
        harness.stub.lock().tick();
        let question = ask(&harness, &session).await;
        for text in &texts {
            harness.stub.lock().says(id, "client", text);
        }
        if let Some(to) = replies_to {
            let to = if to == ours { question.parse().unwrap() } else { 1 };
            harness.stub.lock().conversations.get_mut(&id).unwrap().messages.last_mut().unwrap()["content_attributes"] =
                json!({ "in_reply_to": to });
        }
        assert_eq!(harness.stub.lock().conversations[&id].status, "open");
        let rating = WriteBack {
            key: format!("k{id}"),
            session,
            scale: Scale::FiveStar,
            score: 5,
            rated_at: harness.now(),
            text: "★".into(),
            ..WriteBack::default()
        };
        harness.desk.write_back(&rating).await.unwrap();
        assert_eq!(harness.stub.lock().conversations[&id].status, ends, "{texts:?} {replies_to:?}");
    }
}

#[tokio::test]
async fn a_client_who_tapped_and_then_asks_something_is_left_to_an_operator() {
    let harness = AtChatwoot::start().await;
    let (session, _) = harness.open().await;
    harness.act(&session, Act::Close(CloseBy::Operator)).await;
    // Asked and answered through another connection: nothing of ours is in this chat.
    harness.stub.lock().says(1, "client", "1");
    let rating = WriteBack { key: "k".into(), session, score: 1, rated_at: harness.now(), text: "👍".into(), ..WriteBack::default() };
    harness.desk.write_back(&rating).await.unwrap();
    assert_eq!(harness.stub.lock().conversations[&1].status, "open");
}

#[tokio::test]
async fn the_label_of_a_rating_that_changed_takes_the_place_of_the_one_before() {
    let harness = AtChatwoot::start().await;
    let (session, _) = harness.open().await;
    for (key, score, low) in [("a", 1, true), ("b", 5, false)] {
        let rating = WriteBack {
            key: key.into(),
            session: session.clone(),
            scale: Scale::FiveStar,
            score,
            low,
            text: format!("{score}"),
            ..WriteBack::default()
        };
        harness.desk.write_back(&rating).await.unwrap();
    }
    assert_eq!(harness.stub.lock().conversations[&1].labels, ["billing", "rated-good"]);
}

lastword_contract::desk_cases!(AtChatwoot);

#[tokio::test]
async fn the_panel_is_one_dashboard_app_and_is_shown_where_operators_work() {
    let stub = Stub::start(Inside::at(MORNING)).await;
    let desk = chatwoot(&stub.url());
    let wish = SetUp { hook_url: Some(HOOK.to_owned()), native_off: false, change: true };
    for _ in 0..2 {
        desk.set_up(&wish).await.unwrap();
        let apps = stub.lock().apps.clone();
        assert_eq!(apps.len(), 1, "{apps:?}");
        assert_eq!(apps[0]["content"], json!([{ "type": "frame", "url": "https://rate.example/panel/cw" }]));
    }
    assert_eq!(desk.panel().unwrap().origin, stub.url());
    stub.lock().apps[0]["content"][0]["url"] = "https://old.example/panel/cw".into();
    let warned = desk.look(Some(HOOK)).await.unwrap().warnings.join("\n");
    assert!(warned.contains("https://old.example/panel/cw and not of https://rate.example/panel/cw"), "{warned}");
    let elsewhere = |frontend: &str| -> Result<Chatwoot, String> {
        let config = json!({ "url": stub.url(), "frontend_url": frontend, "token": TOKEN, "secret": SECRET });
        Chatwoot::new(serde_json::from_value(config).unwrap(), reqwest::Client::new())
    };
    let outside = elsewhere("https://chat.example.com/app").unwrap();
    assert_eq!(outside.panel().unwrap().origin, "https://chat.example.com", "the API may be called by another name");
    let plain = SetUp { hook_url: Some("http://rate.example/hooks/cw".to_owned()), native_off: false, change: false };
    let warned = outside.set_up(&plain).await.unwrap().warnings.join("\n");
    assert!(warned.contains("https://chat.example.com is https and http://rate.example/panel/cw is not: set http.public_url"), "{warned}");
    assert!(elsewhere("chat").unwrap_err().contains("frontend_url"));
}

#[tokio::test]
async fn a_private_address_is_a_doubt_and_no_lasting_warning() {
    let stub = Stub::start(Inside::at(MORNING)).await;
    let (desk, hook) = (chatwoot(&stub.url()), "http://10.0.0.5:8080/hooks/cw");
    desk.set_up(&SetUp { hook_url: Some(hook.to_owned()), native_off: false, change: true }).await.unwrap();
    let warnings = desk.look(Some(hook)).await.unwrap().warnings.join("\n");
    assert!(!warnings.contains("SAFE_FETCH"), "{warnings}");
    let doubts = desk.doubts(Some(hook)).await.unwrap();
    assert!(doubts.len() == 1 && doubts[0].contains("10.0.0.5"), "{doubts:?}");
    assert!(desk.doubts(Some(HOOK)).await.unwrap().is_empty());
}
