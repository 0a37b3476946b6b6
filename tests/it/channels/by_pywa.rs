//! WhatsApp checked against an independent implementation: `pywa`, a client library from PyPI, parses the same webhooks as
//! our adapter, and builds the same messages. Errors that our adapter shares with our own fixtures would show here.

use crate::rig::root;
use hmac::{Hmac, KeyInit, Mac};
use lastword_contract::{Channel, DeliveryStatus, Headers, Inbound, InboundKind, RawRequest, TextMessage};
use lastword_meta::{WhatsApp, WhatsAppConfig};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::process::Stdio;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

const SECRET: &str = "secret-of-the-app";
const NUMBER: &str = "106540352242922";
/// Webhooks that both must parse alike.
const POSTS: [&str; 9] = [
    "button_reply",
    "list_reply",
    "template_button",
    "text",
    "image_with_caption",
    "text_after_an_advertisement",
    "text_with_a_phone_number_in_the_contact_alone",
    "text_without_a_phone_number",
    "statuses",
];
/// Messages of ours in forms that pywa can build too.
const MESSAGES: [&str; 6] = ["binary", "five_star", "five_star_russian", "five_star_own_button", "thanks", "text"];

fn file(folder: &str, name: &str) -> String {
    let path = root().join(format!("adapters/meta/tests/{folder}/whatsapp_{name}.json"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The first event that our adapter reads from a webhook.
fn ours(channel: &WhatsApp, body: &str, signature: &str) -> Value {
    let request = RawRequest {
        method: "POST".to_owned(),
        query: String::new(),
        headers: Headers::new([("x-hub-signature-256", signature)]),
        body: body.as_bytes().to_vec(),
        received_at: 1_790_000_000_000,
    };
    let Inbound { key, at, kind: what, .. } = channel.receive(&request).expect("it is signed").events.remove(0);
    let mut read = json!({ "id": key, "at": at, "token": null, "text": null, "answers": null, "status": null, "key": null });
    let by = match what {
        InboundKind::Press { token, by, message_id, .. } => {
            (read["token"], read["answers"]) = (json!(token), json!(message_id));
            Some(by)
        }
        InboundKind::Text(TextMessage { text, by, context, .. }) => {
            (read["text"], read["answers"]) = (json!(text), json!(context.replied_to()));
            Some(by)
        }
        InboundKind::Status { message_id, key, status: DeliveryStatus::Sent } => {
            (read["id"], read["key"], read["status"]) = (json!(message_id), json!(key), json!("sent"));
            None
        }
        other => panic!("{other:?}"),
    };
    if let Some(by) = by {
        (read["chat"], read["user"]) = (json!(by.chat), json!(by.user));
    }
    read
}

#[tokio::test]
async fn whatsapp_is_read_and_written_as_a_library_of_others_does() {
    let settings = json!({ "phone_number_id": NUMBER, "access_token": "t", "app_secret": SECRET, "verify_token": "v" });
    let config: WhatsAppConfig = serde_json::from_value(settings).unwrap();
    let channel = WhatsApp::new(config, reqwest::Client::new()).unwrap();
    let signed = |body: String| {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(body.as_bytes());
        (format!("sha256={}", hex::encode(mac.finalize().into_bytes())), body)
    };
    let posts = POSTS.map(|name| signed(file("posts", name)));
    let messages: Vec<Value> = MESSAGES.iter().map(|name| serde_json::from_str(&file("golden", name)).unwrap()).collect();
    let told = posts.iter().map(|(signature, body)| json!({ "signature": signature, "body": body })).collect::<Vec<_>>();
    let theirs = pywa(&json!({ "secret": SECRET, "posts": told, "messages": messages })).await;
    for (place, (signature, body)) in posts.iter().enumerate() {
        let (mut wanted, mut read) = (ours(&channel, body, signature), theirs["posts"][place].clone());
        // The key of an event is the digest of its message's ID, which contains the client's number.
        if let Some(id) = read["id"].as_str().filter(|_| read["status"].is_null()) {
            read["id"] = json!(hex::encode(&Sha256::digest(id.as_bytes())[..16]));
        }
        // Our key identifies the client of a status.
        if wanted.get("chat").is_none() {
            (wanted["chat"], wanted["user"]) = (read["chat"].clone(), read["user"].clone());
        }
        assert_eq!(wanted, read, "{}", POSTS[place]);
    }
    for (place, message) in messages.iter().enumerate() {
        assert_eq!(message, &theirs["messages"][place], "{}", MESSAGES[place]);
    }
}

async fn pywa(asked: &Value) -> Value {
    let python = root().join("tests/openapi/.venv/bin/python");
    assert!(python.exists(), "{} is missing: run ./test once, it installs what the tests need", python.display());
    let mut command = Command::new(python);
    command.arg(root().join("tests/pywa/read.py")).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.kill_on_drop(true).spawn().unwrap();
    process.stdin.take().unwrap().write_all(asked.to_string().as_bytes()).await.unwrap();
    let output = process.wait_with_output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}
