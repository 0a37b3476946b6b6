//! Telegram from end to end: the real binary between a desk and a stub of the Bot API over HTTP. A chat is closed, the
//! question is sent with its buttons, a press arrives by polling, the message is replaced with thanks, the supervisor
//! receives the alert, and a reply to the thanks becomes the comment.

use crate::rig::folder::Folder;
use crate::rig::process::Process;
use crate::rig::stub::{Answer, Seen, Stub};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Updates waiting to be fetched, and the ID of the next message.
#[derive(Default)]
struct BotApi {
    updates: Mutex<VecDeque<Value>>,
    messages: Mutex<i64>,
    /// Another program polls with the same token.
    taken: AtomicBool,
}

impl BotApi {
    fn answer(&self, seen: &Seen) -> Answer {
        let method = seen.path.rsplit('/').next().unwrap_or_default().to_lowercase();
        let result = match method.as_str() {
            "getupdates" if self.taken.load(Ordering::Relaxed) => {
                let words = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
                return Answer::json(409, &json!({ "ok": false, "error_code": 409, "description": words }));
            }
            "getupdates" => {
                let offset = seen.json()["offset"].as_i64().unwrap_or(0);
                let mut updates = self.updates.lock().unwrap();
                updates.retain(|update| update["update_id"].as_i64().unwrap_or(0) >= offset);
                let waiting: Vec<Value> = updates.iter().cloned().collect();
                let answer = Answer::json(200, &json!({ "ok": true, "result": waiting }));
                // A long poll without updates is answered late, like the real one.
                return if waiting.is_empty() { answer.after(Duration::from_millis(100)) } else { answer };
            }
            "sendmessage" => {
                let mut number = self.messages.lock().unwrap();
                *number += 1;
                let chat = seen.json()["chat_id"].clone();
                json!({ "message_id": *number, "date": 1_790_000_000, "chat": { "id": chat, "type": "private", "first_name": "A" }, "text": "…" })
            }
            "editmessagetext" => {
                json!({ "message_id": seen.json()["message_id"], "date": 1, "chat": { "id": 77700042, "type": "private", "first_name": "A" }, "text": "…" })
            }
            "getchat" => {
                json!({ "id": seen.json()["chat_id"], "type": "private", "first_name": "Ann", "last_name": "Lee", "username": "ann_lee" })
            }
            "getme" => json!({ "id": 1, "is_bot": true, "first_name": "Rate", "username": "rate_bot", "can_join_groups": false,
                "can_read_all_group_messages": false, "supports_inline_queries": false, "can_connect_to_business": false, "has_main_web_app": false }),
            _ => json!(true),
        };
        Answer::json(200, &json!({ "ok": true, "result": result }))
    }

    fn happens(&self, update: Value) {
        self.updates.lock().unwrap().push_back(update);
    }
}

async fn run(folder: &Path, arguments: &[&str]) -> String {
    let mut words = vec!["--config", "lastword.toml"];
    words.extend(arguments);
    let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_lastword")).args(words).current_dir(folder).output().await.unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A call of `method` whose body contains `words`.
async fn call(stub: &Stub, method: &str, words: &str) -> Value {
    let wanted = |seen: &Seen| seen.path.to_lowercase().ends_with(method) && String::from_utf8_lossy(&seen.body).contains(words);
    stub.wait_for(wanted).await.json()
}

#[tokio::test]
async fn a_press_in_telegram_becomes_a_rating_and_an_alert() {
    let (folder, api) = (Folder::new(), Arc::new(BotApi::default()));
    let platform = api.clone();
    let stub = Stub::start(move |seen| platform.answer(seen));
    let settings = format!(
        "http.listen = \"127.0.0.1:0\"\n[connections.bot]\nkind = \"telegram\"\ntoken = \"1:abc\"\nbase_url = \"{}\"\n",
        stub.url()
    );
    std::fs::write(folder.path().join("lastword.toml"), settings).unwrap();
    run(folder.path(), &["recipient", "add", "--id", "anna", "--name", "Anna", "--connection", "bot", "--chat", "900"]).await;
    run(folder.path(), &["line", "add", "--id", "support", "--name", "Support", "--recipient", "anna"]).await;
    run(folder.path(), &["line", "set", "support", "delay_secs=0"]).await;
    let key = run(folder.path(), &["key", "create", "--name", "desk", "--scope", "sessions:write", "--scope", "ratings:read"]).await;
    let mut serve = std::process::Command::new(env!("CARGO_BIN_EXE_lastword"));
    serve.args(["serve"]).current_dir(folder.path());
    let server = Process::spawn(serve.into());
    let address = server.listening().await;
    let client = reqwest::Client::new();

    let closed_at = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
    let close = json!({ "event_key": "e1", "session": "S-1", "line": "support", "closed_at": closed_at, "operator": { "id": "42", "name": "Olga" },
        "connection": "bot", "address": { "chat": "77700042", "user": "77700042" } });
    let closed = client.post(format!("http://{address}/v1/sessions/close")).bearer_auth(&key).json(&close).send().await.unwrap();
    assert_eq!(closed.status(), 202, "{}", closed.text().await.unwrap());

    let question = call(&stub, "sendmessage", "Please rate").await;
    let buttons = &question["reply_markup"]["inline_keyboard"][0];
    assert_eq!((buttons[0]["text"].as_str(), buttons[1]["text"].as_str()), (Some("👍"), Some("👎")));
    let ann = json!({ "id": 77700042, "is_bot": false, "first_name": "Ann" });
    let chat = json!({ "id": 77700042, "type": "private", "first_name": "Ann" });
    api.happens(
        json!({ "update_id": 1, "callback_query": { "id": "439", "from": ann, "chat_instance": "-99", "data": buttons[1]["callback_data"],
        "message": { "message_id": 1, "date": 1_790_000_000, "chat": chat, "text": "Please rate" } } }),
    );

    call(&stub, "answercallbackquery", "439").await;
    let thanks = call(&stub, "editmessagetext", "What went wrong").await;
    assert_eq!(thanks["message_id"], 1, "the buttons give way in place");
    let alert = call(&stub, "sendmessage", "Low rating").await;
    assert_eq!(alert["chat_id"].as_i64().or_else(|| alert["chat_id"].as_str()?.parse().ok()), Some(900));
    assert!(alert["text"].as_str().unwrap().contains("Olga"), "{alert}");

    api.happens(
        json!({ "update_id": 2, "message": { "message_id": 50, "date": 1_790_000_100, "chat": chat, "from": ann, "text": "Too slow",
        "reply_to_message": { "message_id": 1, "date": 1_790_000_000, "chat": chat, "text": "Please rate" } } }),
    );
    call(&stub, "editmessagetext", "Thank you for your feedback").await;
    let ratings: Value = client.get(format!("http://{address}/v1/ratings")).bearer_auth(&key).send().await.unwrap().json().await.unwrap();
    let rating = &ratings["items"][0];
    assert_eq!(
        (rating["score"].as_i64(), rating["low"].as_bool(), rating["comment"].as_str()),
        (Some(0), Some(true), Some("Too slow")),
        "{ratings}"
    );

    // The chat's ID is listed beside the name.
    let seen = run(folder.path(), &["recipient", "seen"]).await;
    assert!(seen.lines().any(|line| line.contains("Ann Lee @ann_lee") && line.contains("77700042") && line.contains("bot")), "{seen}");

    let (status, log) = server.stop().await;
    assert!(status.success(), "{log}");
    assert!(
        !log.contains("1:abc") && !log.contains("Too slow") && !log.contains("77700042"),
        "I22: nothing personal or secret in the log:\n{log}"
    );
}

/// Polls `path` until `wanted` accepts the response.
async fn until(client: &reqwest::Client, url: &str, key: &str, wanted: impl Fn(&str) -> bool) -> String {
    let began = std::time::Instant::now();
    loop {
        let said = client.get(url).bearer_auth(key).send().await.unwrap().text().await.unwrap();
        if wanted(&said) {
            return said;
        }
        assert!(began.elapsed() < Duration::from_secs(90), "{url}: {said}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test]
async fn a_second_program_that_polls_is_seen_everywhere() {
    let (folder, api) = (Folder::new(), Arc::new(BotApi::default()));
    api.taken.store(true, Ordering::Relaxed);
    let platform = api.clone();
    let stub = Stub::start(move |seen| platform.answer(seen));
    let settings = format!(
        "http.listen = \"127.0.0.1:0\"\n[connections.bot]\nkind = \"telegram\"\ntoken = \"1:abc\"\nbase_url = \"{}\"\n",
        stub.url()
    );
    std::fs::write(folder.path().join("lastword.toml"), settings).unwrap();
    run(folder.path(), &["line", "add", "--id", "support", "--name", "Support"]).await;
    let key = run(folder.path(), &["key", "create", "--name", "ops", "--scope", "connections:read"]).await;
    let mut serve = std::process::Command::new(env!("CARGO_BIN_EXE_lastword"));
    serve.args(["serve"]).current_dir(folder.path());
    let server = Process::spawn(serve.into());
    let address = server.listening().await;
    let client = reqwest::Client::new();

    let deaf = "Nothing arrives through the connection bot.";
    let ready = until(&client, &format!("http://{address}/readyz"), &key, |said| said.contains(deaf)).await;
    assert!(ready.contains("\"ready\":true"), "it takes calls all the same: {ready}");
    let connections: Value =
        serde_json::from_str(&until(&client, &format!("http://{address}/v1/connections"), &key, |_| true).await).unwrap();
    let reason = connections["items"][0]["deaf_reason"].as_str().unwrap();
    assert!(reason.contains("Another program polls with this token"), "{connections}");
    until(&client, &format!("http://{address}/metrics"), &key, |said| said.contains(r#"lastword_connection_deaf{connection="bot"} 1"#))
        .await;
    let doctor =
        tokio::process::Command::new(env!("CARGO_BIN_EXE_lastword")).arg("doctor").current_dir(folder.path()).output().await.unwrap();
    let said = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(!doctor.status.success() && said.contains("nothing arrives: ") && said.contains("no recipient was alerted"), "{said}");

    // The other program is stopped: the connection recovers.
    api.taken.store(false, Ordering::Relaxed);
    until(&client, &format!("http://{address}/readyz"), &key, |said| !said.contains(deaf)).await;
    let (status, log) = server.stop().await;
    assert!(status.success(), "{log}");
}
