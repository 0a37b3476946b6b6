//! The n8n workflow of the docs: it fits n8n's nodes, accepts what the webhook adapter signs, and posts low ratings to a room.

use crate::rig::process::Process;
use crate::rig::root;
use crate::rig::stub::{Answer, Stub};
use base64::Engine;
use hmac::{Hmac, KeyInit, Mac};
use lastword_contract::{Address, Channel, Outgoing, Purpose};
use lastword_webhook::Webhook;
use serde_json::{Value, json};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// Raw text: n8n uses the HMAC secret of a credential unchanged.
const SECRET: &str = "a secret of thirty-two characters";

/// The workflow, with its room at `room`. Returns its webhook's address.
async fn workflow(room: &Stub) -> (Process, String) {
    let mut node = Command::new("node");
    node.arg(root().join("tests/n8n/run.mjs")).env("SECRET", SECRET).env("ROOM", room.url());
    let process = Process::spawn(node.into());
    let address = format!("http://{}/webhook/lastword", process.listening().await);
    (process, address)
}

fn event(name: &str, comment: Option<&str>) -> Outgoing {
    let data = json!({ "rating_request": { "line": "sup<port>", "session": "S-1" }, "rating": { "comment": comment }, "by": null });
    Outgoing {
        key: format!("evt-{name}"),
        to: Address::default(),
        purpose: Purpose::Event(name.to_owned()),
        data,
        at: now() * 1_000,
        ..Outgoing::default()
    }
}

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

/// Posts a body with this signature's time and secret, as somebody else might. Returns the status.
async fn forged(address: &str, secret: &str, at: i64) -> u16 {
    let body = json!({ "type": "low_rating.raised", "data": event("low_rating.raised", None).data }).to_string();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("evt-0.{at}.{body}").as_bytes());
    let signature = format!("v1,{}", base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes()));
    let call = reqwest::Client::new().post(address).header("webhook-id", "evt-0").header("webhook-timestamp", at.to_string());
    call.header("webhook-signature", signature)
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await
        .unwrap()
        .status()
        .as_u16()
}

#[tokio::test]
async fn the_workflow_posts_low_ratings_that_lastword_signed() {
    let room = Stub::start(|_| Answer::json(200, &json!("ok")));
    let (process, address) = workflow(&room).await;
    let config = json!({ "url": address, "secret": SECRET, "previous_secret": "another secret of that length, at least",
        "allow_http": true, "allow_private_networks": true });
    let webhook = Webhook::new("n8n", serde_json::from_value(config).unwrap()).unwrap();
    for (name, comment) in [
        ("rating.created", Some("Fine")),
        ("low_rating.raised", None),
        ("low_rating.raised", Some("<!channel> Waited & waited\n\"for nothing\" – 🙁")),
        ("low_rating.seen", Some("Waited")),
    ] {
        webhook.send(&event(name, comment)).await.unwrap();
    }
    // Signed by another secret, and recorded an hour ago: refused, and nothing is posted.
    assert_eq!(forged(&address, SECRET, now()).await, 204);
    assert_eq!(forged(&address, "a secret that the workflow does not know", now()).await, 401);
    assert_eq!(forged(&address, SECRET, now() - 3_600).await, 401);
    let text = |body: Value| body["text"].as_str().unwrap().to_owned();
    room.wait_for(|seen| seen.number == 2).await;
    let posted: Vec<String> = room.seen().into_iter().map(|seen| text(seen.json())).collect();
    let bare = "Low rating on sup&lt;port&gt;\nSession: S-1";
    let quoted = format!("{bare}\n> &lt;!channel&gt; Waited &amp; waited \"for nothing\" – 🙁");
    assert_eq!(posted, [bare, quoted.as_str(), bare]);
    assert!(process.stop().await.1.contains("listening"));
}

#[tokio::test]
async fn a_workflow_that_does_not_fit_n8n_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let written = std::fs::read_to_string(root().join("docs/n8n/low_ratings.json")).unwrap();
    for (right, wrong, words) in [
        ("n8n-nodes-base.crypto", "n8n-nodes-base.kripto", "n8n has no node n8n-nodes-base.kripto"),
        ("\"typeVersion\": 4.2", "\"typeVersion\": 9", "n8n has no version 9"),
        ("\"rawBody\": true", "\"rowBody\": true", "options has no field rowBody"),
        ("\"action\": \"hmac\"", "\"action\": \"hmack\"", "action cannot be hmack"),
        ("\"node\": \"Refuse it\"", "\"node\": \"Refuse them\"", "there is no node Refuse them"),
    ] {
        let file = folder.path().join("workflow.json");
        std::fs::write(&file, written.replacen(right, wrong, 1)).unwrap();
        let mut node = Command::new("node");
        node.arg(root().join("tests/n8n/run.mjs")).env("SECRET", SECRET).env("WORKFLOW", format!("file://{}", file.display()));
        let (status, log) = Process::spawn(node.into()).ended().await;
        assert!(!status.success() && log.contains(words), "{wrong}: {log}");
    }
}
