//! A bot that is shared with a desk, set up while the server runs instead of in its settings file: by the API, as the page does it.

use super::killed::{api, update};
use crate::on_both_databases;
use crate::rig::folder::Folder;
use crate::rig::process::Process;
use crate::rig::stub::{Answer, Seen, Stub};
use crate::rig::tables::number;
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Only a failing test waits this long.
const PATIENCE: Duration = Duration::from_secs(60);
const DESK_SECRET: &str = "secret-of-the-desk";
/// Chatwoot's address for Telegram contains the bot's token.
const INBOX: &str = "/webhooks/telegram/path-that-nobody-may-see";

on_both_databases! {
    a_desk_behind_a_bot_is_set_up_changed_and_taken_out_without_a_restart => set_up;
    an_address_where_no_desk_can_be_is_refused_at_its_field => refused;
}

/// A server with an empty settings file, and a key of the API.
struct Server {
    folder: Folder,
    process: Process,
    address: String,
    key: String,
}

impl Server {
    async fn start(database: &str) -> Self {
        let folder = Folder::new();
        let settings = format!(
            "http.listen = \"127.0.0.1:0\"\nhttp.public_url = \"https://rate.example.com/\"\ndatabase.url = \"{database}\"\n\
             security.key = \"{}\"\n",
            "ab".repeat(32)
        );
        std::fs::write(folder.path().join("lastword.toml"), settings).unwrap();
        let (process, address) = Self::serve(&folder).await;
        let words = ["key", "create", "--name", "setup", "--scope", "connections:manage", "--scope", "connections:read"];
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_lastword"));
        let made = command.args(words).current_dir(folder.path()).output().await.unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let key = String::from_utf8(made.stdout).unwrap().trim().to_owned();
        Self { folder, process, address, key }
    }

    async fn serve(folder: &Folder) -> (Process, String) {
        let settings = folder.path().join("lastword.toml");
        let process = Process::lastword(&["serve", "--config", &settings.display().to_string()], &[]);
        let address = process.listening().await;
        (process, format!("http://{address}"))
    }

    async fn restarted(self) -> Self {
        let Self { folder, process, key, .. } = self;
        let (status, log) = process.stop().await;
        assert!(status.success(), "{log}");
        let (process, address) = Self::serve(&folder).await;
        Self { folder, process, address, key }
    }

    async fn call(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let call = reqwest::Client::new().request(method, format!("{}{path}", self.address)).bearer_auth(&self.key).json(body);
        let answer = call.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn metrics(&self) -> String {
        reqwest::get(format!("{}/metrics", self.address)).await.unwrap().text().await.unwrap()
    }

    /// Waits until the API and the metrics say that this number of updates waits for the desk, which has an update before that is recorded.
    async fn has_waiting(&self, count: i64) {
        let line = format!("lastword_pass_on_backlog{{connection=\"bot\"}} {count}");
        let shown = async {
            loop {
                let (_, all) = self.call(Method::GET, "/v1/connections", &json!(null)).await;
                let bot = all["items"].as_array().unwrap().iter().find(|item| item["name"] == "bot").unwrap();
                if bot["pass_on"]["backlog"] == count && self.metrics().await.lines().any(|known| known == line) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, shown).await.unwrap_or_else(|_| panic!("never {count}"));
    }

    async fn change(&self, version: i64, settings: Value) -> Value {
        let body = json!({ "version": version, "settings": settings, "test": false });
        let (status, changed) = self.call(Method::PATCH, "/v1/connections/bot", &body).await;
        assert_eq!(status, 200, "{changed}");
        changed
    }
}

fn desk() -> Stub {
    Stub::start(|_| Answer::Full(200, Vec::new(), "".into()))
}

async fn gets(desk: &Stub, update: &str) {
    let seen = desk.wait_for(|seen: &Seen| seen.body == update.as_bytes()).await;
    assert_eq!((seen.path.as_str(), seen.header("x-telegram-bot-api-secret-token")), (INBOX, Some(DESK_SECRET)));
}

async fn set_up(url: String) {
    let updates = Arc::<Mutex<Vec<String>>>::default();
    let held = updates.clone();
    let telegram = Stub::start(move |seen| api(seen, &held.lock().unwrap()));
    let arrives = |place: usize| {
        updates.lock().unwrap().push(update(place));
        update(place)
    };
    let (first, second) = (desk(), desk());
    let server = Server::start(&url).await;
    let settings = json!({ "token": "1:abc-of-the-bot", "base_url": telegram.url(),
        "pass_on.url": format!("{}{INBOX}", first.url()), "pass_on.secret": DESK_SECRET, "pass_on.give_up_after_hours": 2 });
    let body = json!({ "name": "bot", "kind": "telegram", "settings": settings, "test": false });
    let (status, made) = server.call(Method::POST, "/v1/connections", &body).await;
    assert_eq!((status, &made["settings"]["pass_on.give_up_after_hours"]), (201, &json!(2)), "{made}");
    assert_eq!(made["secrets"], json!(["pass_on.secret", "pass_on.url", "token", "webhook_secret"]), "the address may contain the token");
    gets(&first, &arrives(0)).await;
    server.has_waiting(0).await;

    let server = server.restarted().await;
    gets(&first, &arrives(1)).await;
    server.change(1, json!({ "pass_on.url": format!("{}{INBOX}", second.url()) })).await;
    gets(&second, &arrives(2)).await;
    // A desk that is down is taken out: what waits for it is deleted, and it is no longer reported as failing.
    second.program(|seen: &Seen| if seen.body == update(3).as_bytes() { Answer::Cut } else { Answer::Full(200, Vec::new(), "".into()) });
    arrives(3);
    second.wait_for(|seen: &Seen| seen.body == update(3).as_bytes()).await;
    server.has_waiting(1).await;
    let changed = server.change(2, json!({ "pass_on.url": null, "pass_on.secret": null, "pass_on.give_up_after_hours": null })).await;
    assert_eq!(changed["secrets"], json!(["token", "webhook_secret"]), "{changed}");
    arrives(4);
    let confirmed = |seen: &Seen| seen.json()["offset"].as_u64().is_some_and(|offset| offset > 4);
    telegram.wait_for(confirmed).await;
    let (_, shown) = server.call(Method::GET, "/v1/connections", &json!(null)).await;
    assert!(!shown.to_string().contains("backlog"), "nothing is kept for a desk that was taken out: {shown}");
    assert_eq!(first.seen().len(), 2);
    assert!(second.seen().iter().all(|seen| seen.body != update(4).as_bytes()), "the second desk was taken out");
    for table in ["pass_on", "pass_on_desk"] {
        assert_eq!(number(&url, &format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
    }
    let forgotten = async {
        while !server.metrics().await.lines().any(|line| line == "lastword_pass_on_backlog{connection=\"bot\"} 0") {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, forgotten).await.expect("the metrics forget the desk");

    let (status, log) = server.process.stop().await;
    assert!(status.success(), "{log}");
    for secret in ["path-that-nobody-may-see", DESK_SECRET, "abc-of-the-bot"] {
        assert!(!log.contains(secret), "{log}");
        if let Some(file) = url.strip_prefix("sqlite://") {
            let bytes = std::fs::read(file).unwrap();
            assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret} is in the database");
        }
    }
    drop(server.folder);
}

async fn refused(url: String) {
    let server = Server::start(&url).await;
    let token = ("token", json!("1:abc"));
    let chatwoot = [("url", json!("https://93.184.216.34")), token.clone(), ("path", json!("twenty-four-characters-at-least"))];
    for (kind, mut settings, field, words) in [
        ("telegram", vec![("pass_on.url", json!("http://93.184.216.34/x"))], "settings.pass_on.url", "unencrypted"),
        ("telegram", vec![("pass_on.url", json!("https://169.254.169.254/x"))], "settings.pass_on.url", "no desk can be"),
        (
            "telegram",
            vec![("pass_on.url", json!("https://rate.example.com/hooks/bot"))],
            "settings.pass_on.url",
            "leads back to this server",
        ),
        ("telegram", vec![("pass_on.secret", json!("alone"))], "settings.pass_on.url", "is missing"),
        (
            "telegram",
            vec![("pass_on.url", json!("https://d.example/x")), ("pass_on.give_up_after_hours", json!(0))],
            "settings.pass_on.give_up_after_hours",
            "1 to 720",
        ),
        ("telegram", vec![("pass_on.url", json!("https://d.example/x")), ("pass_on.ulr", json!("x"))], "settings.pass_on", "write url"),
        (
            "telegram",
            vec![("pass_on.url", json!("https://d.example/x")), ("sharing", json!("links"))],
            "settings.pass_on",
            "nothing arrives here",
        ),
        ("telegram", vec![("pass_on", json!({ "url": "https://d.example/x" }))], "settings.pass_on", "pass_on.url"),
        (
            "email",
            vec![("host", json!("mail.example")), ("from", json!("a@b.example")), ("pass_on.url", json!("https://d.example/x"))],
            "settings.pass_on",
            "receives nothing from a platform",
        ),
        ("chatwoot", [&chatwoot[..], &[("pass_on.url", json!("https://d.example/x"))]].concat(), "settings.pass_on", "is a desk itself"),
    ] {
        if kind == "telegram" {
            settings.push(token.clone());
        }
        let settings: Value = settings.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        let body = json!({ "name": "bot", "kind": kind, "settings": settings, "test": false });
        let (status, problem) = server.call(Method::POST, "/v1/connections", &body).await;
        assert_eq!((status, &problem["field"]), (422, &json!(field)), "{settings}: {problem}");
        assert!(problem.to_string().contains(words), "{words}: {problem}");
    }
    let (status, _) = server.call(Method::GET, "/v1/connections/bot", &json!(null)).await;
    assert_eq!(status, 404, "nothing was stored");
    drop(server);
}
