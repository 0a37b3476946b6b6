//! The demo's operator in Chatwoot: every step goes over the network, to the stand-in's page, and from it by signed
//! webhooks and by its API.

use crate::rig::process::Process;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

const VISITOR: &str = "abcdef0123456789";

/// The demo's page, called as its browser script does.
struct Page {
    http: Client,
    base: String,
    /// The live stream, and its unread part.
    live: reqwest::Response,
    rest: Vec<u8>,
    /// The latest scene. Simultaneous events arrive in one scene.
    scene: Value,
}

impl Page {
    async fn open(demo: &Process) -> Self {
        let (http, base) = (Client::new(), format!("http://{}", demo.listening().await));
        let live = http.get(format!("{base}/demo/live")).send().await.unwrap();
        Self { http, base, live, rest: Vec::new(), scene: Value::Null }
    }

    async fn post(&self, path: &str, body: &Value) -> reqwest::Response {
        self.http.post(format!("{}/demo/{path}", self.base)).header("origin", &self.base).json(body).send().await.unwrap()
    }

    async fn act(&self, path: &str, body: Value) {
        assert_eq!(self.post(path, &body).await.status(), StatusCode::NO_CONTENT, "{path} {body}");
    }

    /// The newest conversation once it is as wanted, and the number of alerts.
    async fn until(&mut self, wanted: impl Fn(&Value) -> bool) -> (Value, usize) {
        loop {
            let newest = &self.scene["desk"]["conversations"][0];
            if wanted(newest) {
                return (newest.clone(), self.scene["alerts"].as_array().unwrap().len());
            }
            self.scene = self.next_scene().await;
        }
    }

    async fn next_scene(&mut self) -> Value {
        loop {
            while let Some(end) = self.rest.windows(2).position(|two| two == b"\n\n") {
                let event: Vec<u8> = self.rest.drain(..end + 2).collect();
                let event = String::from_utf8(event).unwrap();
                if let Some(scene) = event.lines().find_map(|line| line.strip_prefix("data:")) {
                    return serde_json::from_str(scene).unwrap();
                }
            }
            let more = self.live.chunk().await.unwrap().expect("the live part goes on");
            self.rest.extend_from_slice(&more);
        }
    }
}

/// Messages with choices, and their positions.
fn asked(conversation: &Value) -> Vec<&Value> {
    let all = conversation["messages"].as_array().into_iter().flatten();
    all.filter(|message| message["items"].as_array().is_some_and(|items| !items.is_empty())).collect()
}

fn tap(conversation: &Value, message: &Value, title: &str) -> Value {
    let place = message["items"].as_array().unwrap().iter().position(|item| item == title);
    let place = place.unwrap_or_else(|| panic!("{title} in {message}"));
    json!({ "visitor": VISITOR, "conversation": conversation["id"], "message": message["id"], "item": place })
}

fn has(list: &Value, word: &str) -> bool {
    list.as_array().into_iter().flatten().any(|one| one == word)
}

#[tokio::test]
async fn a_chat_in_the_demos_chatwoot_is_asked_about_and_its_rating_comes_back() {
    let demo = Process::lastword(&["demo", "--listen", "127.0.0.1:0", "--days", "1"], &[]);
    let mut page = Page::open(&demo).await;
    page.act("desk/write", json!({ "visitor": VISITOR, "text": "Where is my parcel?" })).await;
    let (conversation, alerts) = page.until(|one| one["session"].is_string()).await;
    let id = conversation["id"].clone();
    page.act("desk/reply", json!({ "conversation": id, "text": "I am sorry, there is nothing I can do." })).await;
    page.act("desk/reply", json!({ "conversation": id, "text": "Lost by the carrier.", "private": true })).await;
    page.act("desk/status", json!({ "conversation": id, "resolved": true })).await;

    // The question is sent through Chatwoot's own chat, and the score returns through it.
    let (conversation, _) = page.until(|one| asked(one).len() == 1).await;
    page.act("desk/tap", tap(&conversation, asked(&conversation)[0], "👎")).await;
    let (conversation, _) = page.until(|one| asked(one).len() == 2).await;
    let reasons = asked(&conversation)[1].clone();
    page.act("desk/tap", tap(&conversation, &reasons, "Took too long")).await;

    // It is written back without changing existing labels.
    let (conversation, now) = page.until(|one| has(&one["labels"], "rated-low")).await;
    assert!(now > alerts, "the supervisor was told");
    assert!(has(&conversation["labels"], "delivery"), "{conversation}");
    let (conversation, _) = page.until(|one| one.to_string().contains("👎\\nTook too long")).await;
    let attributes = conversation["attributes"].as_array().unwrap();
    assert!(attributes.contains(&json!(["lastword_rating", "👎"])) && attributes.contains(&json!(["page", "/orders"])), "{attributes:?}");
    assert_eq!((&conversation["open"], &conversation["rating"]["low"]), (&json!(false), &json!(true)));

    // A text written as a reply is the comment: the conversation is reopened, as in Chatwoot, and the client is not asked twice.
    let words = "Nobody could tell me where it is.";
    page.act("desk/write", json!({ "visitor": VISITOR, "text": words, "reply_to": reasons["id"] })).await;
    let (conversation, _) = page.until(|one| one["rating"]["comment"] == words && one["open"] == true).await;
    assert_eq!(asked(&conversation).into_iter().filter(|message| has(&message["items"], "👎")).count(), 1);

    // The panel shows the same history to the person that the demo's page signs in.
    let secret = page.post("desk/enter", &json!({})).await.text().await.unwrap();
    let chat = page.http.post(format!("{}/panel/chatwoot/chat", page.base)).header("lastword-panel", secret);
    let chat = chat.form(&[("session", id.to_string())]).send().await.unwrap();
    assert_eq!(chat.status(), StatusCode::OK);
    assert!(chat.text().await.unwrap().contains(words));

    // A restarted conversation is a separate one.
    page.act("desk/status", json!({ "conversation": id, "resolved": true })).await;
    page.act("desk/write", json!({ "visitor": VISITOR, "text": "Something else", "begin": true })).await;
    page.until(|one| one["id"].is_number() && one["id"] != id).await;
    let (status, log) = demo.stop().await;
    assert!(status.success(), "{log}");
}

#[tokio::test]
async fn the_demos_chatwoot_is_open_to_its_own_page_and_its_own_connection_alone() {
    let demo = Process::lastword(&["demo", "--listen", "127.0.0.1:0", "--days", "1"], &[]);
    let page = Page::open(&demo).await;
    for token in ["", "guessed"] {
        for path in ["profile", "accounts/1/conversations", "accounts/1/webhooks"] {
            let asked = page.http.get(format!("{}/demo/chatwoot/api/v1/{path}", page.base)).header("api_access_token", token);
            assert_eq!(asked.send().await.unwrap().status(), StatusCode::UNAUTHORIZED, "{path}");
        }
    }
    for path in ["enter", "write", "tap", "reply", "status"] {
        let body = json!({ "visitor": VISITOR, "conversation": 1, "message": 1, "item": 0, "text": "x", "resolved": true });
        let foreign = page.http.post(format!("{}/demo/desk/{path}", page.base)).header("origin", "https://evil.example");
        let foreign = foreign.body(body.to_string()).header("content-type", "application/json").send().await.unwrap();
        assert!(!foreign.status().is_success(), "{path} was done for another site");
    }
    // A visitor's tap is refused in another visitor's conversation, and before a question was asked.
    page.act("desk/write", json!({ "visitor": VISITOR, "text": "Hello" })).await;
    let stranger = json!({ "visitor": "0123456789abcdef", "conversation": 1_042, "message": 20_418, "item": 0 });
    assert_eq!(page.post("desk/tap", &stranger).await.status(), StatusCode::CONFLICT);
    let empty = json!({ "visitor": VISITOR, "text": "  " });
    assert_eq!(page.post("desk/write", &empty).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let (status, log) = demo.stop().await;
    assert!(status.success(), "{log}");
}
