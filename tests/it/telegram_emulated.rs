//! Telegram checked against an independent implementation: the real binary with `telegram-test-api`, an emulator of the Bot
//! API from npm. Errors that our stub shares with our adapter would show here.

use crate::rig::folder::Folder;
use crate::rig::process::Process;
use crate::rig::root;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

const TOKEN: &str = "1:abc";
const CLIENT: i64 = 77_700_042;

/// The emulator; it ends when its standard input does.
pub(crate) struct Emulator {
    _process: Child,
    pub(crate) url: String,
    http: reqwest::Client,
}

impl Emulator {
    pub(crate) async fn start() -> Self {
        let mut node = Command::new("node");
        node.arg("run.mjs").current_dir(root().join("tests/bot_api")).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = node.spawn().expect("node runs: ./test installs it");
        let said = BufReader::new(process.stdout.take().unwrap()).lines().next_line().await.unwrap();
        let url = said.expect("the emulator starts: ./test fetches its packages");
        Self { _process: process, url, http: reqwest::Client::new() }
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        self.http.post(format!("{}{path}", self.url)).json(body).send().await.unwrap().json().await.unwrap()
    }

    /// The latest version of the bot's message to `chat` that contains `words`.
    async fn shows(&self, chat: i64, words: &str) -> Value {
        let began = Instant::now();
        loop {
            let history = self.post("/getUpdatesHistory", &json!({ "token": TOKEN })).await;
            let about = |update: &&Value| {
                let message = &update["message"];
                message["text"].as_str().is_some_and(|text| text.contains(words))
                    && message["chat_id"].to_string().trim_matches('"') == chat.to_string()
            };
            if let Some(found) = history["result"].as_array().and_then(|all| all.iter().rev().find(about)) {
                return found.clone();
            }
            assert!(began.elapsed() < Duration::from_secs(60), "{words:?} never came: {history}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

async fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_lastword")).args(arguments).current_dir(folder).output().await.unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[tokio::test]
async fn a_low_rating_goes_all_the_way_by_an_emulator_that_is_not_ours() {
    let (folder, telegram) = (Folder::new(), Emulator::start().await);
    let settings = format!(
        "http.listen = \"127.0.0.1:0\"\n[connections.bot]\nkind = \"telegram\"\ntoken = \"{TOKEN}\"\nbase_url = \"{}\"\n",
        telegram.url
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

    let closed_at = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
    let close = json!({ "event_key": "e1", "session": "S-1", "line": "support", "closed_at": closed_at, "operator": { "id": "42", "name": "Olga" },
        "connection": "bot", "address": { "chat": CLIENT.to_string(), "user": CLIENT.to_string() } });
    let client = reqwest::Client::new();
    let closed = client.post(format!("http://{address}/v1/sessions/close")).bearer_auth(&key).json(&close).send().await.unwrap();
    assert_eq!(closed.status(), 202, "{}", closed.text().await.unwrap());

    let question = telegram.shows(CLIENT, "Please rate").await;
    let thumbs_down = &question["message"]["reply_markup"]["inline_keyboard"][0][1];
    assert_eq!(thumbs_down["text"], "👎", "{question}");
    let ann = json!({ "id": CLIENT, "is_bot": false, "first_name": "Ann" });
    let chat = json!({ "id": CLIENT, "type": "private", "first_name": "Ann" });
    let message = json!({ "message_id": question["messageId"], "date": 1_790_000_000, "chat": chat, "text": "Please rate" });
    let press = json!({ "botToken": TOKEN, "from": ann, "message": message, "data": thumbs_down["callback_data"] });
    telegram.post("/sendCallback", &press).await;
    telegram.shows(CLIENT, "What went wrong").await;
    assert!(telegram.shows(900, "Low rating").await["message"]["text"].as_str().unwrap().contains("Olga"));

    let said = json!({ "botToken": TOKEN, "from": ann, "chat": chat, "date": 1_790_000_100, "text": "Too slow",
        "reply_to_message": message });
    telegram.post("/sendMessage", &said).await;
    telegram.shows(CLIENT, "Thank you for your feedback").await;
    let ratings: Value = client.get(format!("http://{address}/v1/ratings")).bearer_auth(&key).send().await.unwrap().json().await.unwrap();
    let rating = &ratings["items"][0];
    assert_eq!((rating["score"].as_i64(), rating["comment"].as_str()), (Some(0), Some("Too slow")), "{ratings}");
    let (status, log) = server.stop().await;
    assert!(status.success(), "{log}");
}
