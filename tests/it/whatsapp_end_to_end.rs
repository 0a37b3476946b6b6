//! WhatsApp from end to end: the real binary between a desk and a stub of the Graph API over HTTP. The webhook's address is
//! saved, a chat is closed, the question is sent with reply buttons, its status arrives, a press becomes a rating, thanks
//! follow in a new message with reasons as a list, a reply becomes the comment, and the client changes the score.

use crate::rig::folder::Folder;
use crate::rig::process::Process;
use crate::rig::stub::{Answer, Seen, Stub};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

const NUMBER: &str = "106540352242922";
const CLIENT: &str = "15551234567";
const TOKEN: &str = "EAAtoken-of-the-shop";
const SECRET: &str = "secret-of-the-app";

/// Accepts every message and returns an ID.
fn graph() -> Stub {
    let messages = AtomicUsize::new(0);
    Stub::start(move |seen| {
        let number = messages.fetch_add(1, Ordering::Relaxed) + 1;
        let to = seen.json()["to"].clone();
        Answer::json(
            200,
            &json!({ "messaging_product": "whatsapp", "contacts": [{ "input": to, "wa_id": to }],
                "messages": [{ "id": format!("wamid.OURS{number}"), "message_status": "accepted" }] }),
        )
    })
}

async fn run(folder: &Path, arguments: &[&str]) -> String {
    let mut words = vec!["--config", "lastword.toml"];
    words.extend(arguments);
    let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_lastword")).args(words).current_dir(folder).output().await.unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// The output of `lastword doctor`, whatever it found.
async fn doctor(folder: &Path) -> String {
    let doctor = tokio::process::Command::new(env!("CARGO_BIN_EXE_lastword")).arg("doctor").current_dir(folder).output().await.unwrap();
    String::from_utf8(doctor.stdout).unwrap()
}

/// The message whose body contains `words`.
async fn message(stub: &Stub, words: &str) -> Value {
    let path = format!("/v25.0/{NUMBER}/messages");
    let seen = stub.wait_for(|seen: &Seen| seen.path == path && String::from_utf8_lossy(&seen.body).contains(words)).await;
    assert_eq!(seen.header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
    seen.json()
}

/// Meta as the caller of the webhook.
struct Meta {
    http: reqwest::Client,
    hook: String,
}

impl Meta {
    /// Verifies the webhook's address, as when it is saved.
    async fn verifies(&self, token: &str) -> reqwest::Response {
        let address = format!("{}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}", self.hook);
        self.http.get(address).send().await.unwrap()
    }

    async fn posts(&self, value: Value, secret: &str) -> u16 {
        let mut value = value;
        value["messaging_product"] = json!("whatsapp");
        value["metadata"] = json!({ "display_phone_number": "15550783881", "phone_number_id": NUMBER });
        let entry = json!([{ "id": "1", "changes": [{ "field": "messages", "value": value }] }]);
        let body = json!({ "object": "whatsapp_business_account", "entry": entry }).to_string();
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(body.as_bytes());
        let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
        self.http.post(&self.hook).header("x-hub-signature-256", signature).body(body).send().await.unwrap().status().as_u16()
    }

    /// A message from the client. Meta's times are whole seconds: `wamid.2` is a second later than `wamid.1`.
    async fn client_sends(&self, id: &str, part: Value) {
        let number: u64 = id.strip_prefix("wamid.").unwrap().parse().unwrap();
        let at = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs() + number;
        let mut message = json!({ "from": CLIENT, "id": id, "timestamp": at.to_string() });
        message.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
        let value = json!({ "contacts": [{ "profile": { "name": "Ann" }, "wa_id": CLIENT }], "messages": [message] });
        assert_eq!(self.posts(value, SECRET).await, 200, "{id}");
    }

    async fn taps_button(&self, id: &str, token: &Value) {
        self.client_sends(
            id,
            json!({ "type": "interactive", "interactive": { "type": "button_reply", "button_reply": { "id": token, "title": "…" } } }),
        )
        .await;
    }

    async fn taps_row(&self, id: &str, token: &Value) {
        self.client_sends(
            id,
            json!({ "type": "interactive", "interactive": { "type": "list_reply", "list_reply": { "id": token, "title": "…" } } }),
        )
        .await;
    }
}

/// The API, called by a desk.
struct Desk {
    http: reqwest::Client,
    address: SocketAddr,
    key: String,
}

impl Desk {
    async fn get(&self, path: &str) -> Value {
        self.http.get(format!("http://{}{path}", self.address)).bearer_auth(&self.key).send().await.unwrap().json().await.unwrap()
    }

    /// Reports that a chat with the client was closed at `now`.
    async fn closes(&self, now: i64) {
        let close = json!({ "event_key": "e1", "session": "S-1", "line": "support", "closed_at": now, "last_client_message_at": now - 60_000,
            "operator": { "id": "42", "name": "Olga" }, "connection": "shop", "address": { "chat": CLIENT } });
        let call = self.http.post(format!("http://{}/v1/sessions/close", self.address)).bearer_auth(&self.key).json(&close);
        let closed = call.send().await.unwrap();
        assert_eq!(closed.status(), 202, "{}", closed.text().await.unwrap());
    }

    async fn rating(&self) -> Value {
        self.get("/v1/ratings").await["items"][0].clone()
    }
}

/// A folder with settings and one line, and a key for the desk.
async fn shop(stub: &Stub) -> (Folder, String) {
    let folder = Folder::new();
    let settings = format!(
        "http.listen = \"127.0.0.1:0\"\n[connections.shop]\nkind = \"whatsapp\"\nphone_number_id = \"{NUMBER}\"\naccess_token = \"{TOKEN}\"\n\
         app_secret = \"{SECRET}\"\nverify_token = \"saved-at-meta\"\nbase_url = \"{}\"\nper_chat_ms = 0\n",
        stub.url()
    );
    std::fs::write(folder.path().join("lastword.toml"), settings).unwrap();
    run(folder.path(), &["line", "add", "--id", "support", "--name", "Support"]).await;
    run(folder.path(), &["line", "set", "support", "delay_secs=0"]).await;
    let scopes = ["sessions:write", "ratings:read", "deliveries:read"].map(|scope| ["--scope", scope]).concat();
    let key = run(folder.path(), &[&["key", "create", "--name", "desk"], scopes.as_slice()].concat()).await;
    (folder, key)
}

#[tokio::test]
async fn a_press_in_whatsapp_becomes_a_rating() {
    let stub = graph();
    let (folder, key) = shop(&stub).await;
    let mut serve = std::process::Command::new(env!("CARGO_BIN_EXE_lastword"));
    serve.args(["serve"]).current_dir(folder.path());
    let server = Process::spawn(serve.into());
    let address = server.listening().await;
    let http = reqwest::Client::new();
    let meta = Meta { http: http.clone(), hook: format!("http://{address}/hooks/shop") };
    let desk = Desk { http: http.clone(), address, key };

    assert_eq!(meta.verifies("saved-at-meta").await.text().await.unwrap(), "1158201444");
    assert!(meta.verifies("another").await.status().is_client_error());

    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
    desk.closes(now).await;
    let question = message(&stub, "Please rate").await;
    assert_eq!((&question["to"], &question["interactive"]["type"]), (&json!(CLIENT), &json!("button")));
    let buttons = &question["interactive"]["action"]["buttons"];
    assert_eq!((&buttons[0]["reply"]["title"], &buttons[1]["reply"]["title"]), (&json!("👍"), &json!("👎")));

    // Meta reports that it arrived, with our own key.
    let delivered = |id: &str, message: &Value| {
        json!({ "id": id, "status": "delivered", "timestamp": (now / 1_000).to_string(), "recipient_id": CLIENT,
            "biz_opaque_callback_data": message["biz_opaque_callback_data"] })
    };
    let status = delivered("wamid.OURS1", &question);
    assert_eq!(meta.posts(json!({ "statuses": [status] }), "somebody else's secret").await, 401);
    assert_eq!(meta.posts(json!({ "statuses": [status] }), SECRET).await, 200);
    let ask = desk.get(&format!("/v1/deliveries/{}", question["biz_opaque_callback_data"].as_str().unwrap())).await;
    assert_eq!((&ask["delivery"]["kind"], &ask["delivery"]["state"]), (&json!("ask"), &json!("delivered")), "{ask}");

    // 👎: a rating, and thanks in a new message, with reasons to choose from.
    meta.taps_button("wamid.1", &buttons[1]["reply"]["id"]).await;
    let rating = desk.rating().await;
    assert_eq!((rating["score"].as_i64(), rating["low"].as_bool()), (Some(0), Some(true)), "{rating}");
    let thanks = message(&stub, "What went wrong").await;
    assert_eq!(thanks["interactive"]["type"], "list");
    // Reasons first; other choices are in a separate section.
    let sections = thanks["interactive"]["action"]["sections"].as_array().unwrap().clone();
    let rows: Vec<Value> = sections.iter().flat_map(|section| section["rows"].as_array().unwrap().clone()).collect();
    meta.taps_row("wamid.2", &rows[0]["id"]).await;
    assert_eq!(desk.rating().await["reasons"][0]["text"], rows[0]["title"]);

    // A reply to the thanks is the comment. The status of the thanks arrives first, so that Meta's ID for them is known.
    assert_eq!(meta.posts(json!({ "statuses": [delivered("wamid.OURS2", &thanks)] }), SECRET).await, 200);
    let reply =
        json!({ "type": "text", "text": { "body": "Nobody called back" }, "context": { "from": "15550783881", "id": "wamid.OURS2" } });
    meta.client_sends("wamid.3", reply).await;
    assert_eq!(desk.rating().await["comment"], "Nobody called back");

    // "Change" sends the question again as a message, and another score is acknowledged with thanks.
    let change =
        rows.iter().find(|row| row["title"].as_str().is_some_and(|title| title.contains("Change"))).expect("a row to change the score");
    meta.taps_row("wamid.4", &change["id"]).await;
    let again = stub.wait_for(|seen: &Seen| seen.number == 2 && String::from_utf8_lossy(&seen.body).contains("Please rate")).await.json();
    meta.taps_button("wamid.5", &again["interactive"]["action"]["buttons"][0]["reply"]["id"]).await;
    assert_eq!(desk.rating().await["score"], 1);
    message(&stub, "Thank you").await;

    let (status, log) = server.stop().await;
    assert!(status.success(), "{log}");
    let said = doctor(folder.path()).await;
    assert!(said.contains("X-Hub-Signature-256: compare app_secret") && said.contains("calls were accepted since"), "{said}");
    for hidden in [TOKEN, SECRET, "saved-at-meta", CLIENT, "Nobody called back"] {
        assert!(!log.contains(hidden), "I22: nothing personal or secret in the log:\n{log}");
    }
}
