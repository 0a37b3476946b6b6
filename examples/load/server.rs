//! The server under test: this program as a separate process, with a loopback stub as its messenger.

use crate::client::{Run, post, post_each};
use crate::cpu::Cpu;
use crate::disk::{self, PAGE};
use crate::figures::Figures;
use crate::listening::listening;
use crate::postgres::{Cluster, Fsync};
use base64::Engine as _;
use hmac::{Hmac, KeyInit, Mac};
use lastword::domain::access::api_key::ApiKey;
use lastword::domain::line::LineSettings;
use lastword::store::access::api_key;
use lastword::store::line::LineChange;
use lastword::store::records::inspect;
use lastword::store::sql::{Dialect, Sql};
use lastword::store::{Db, line};
use sha2::Sha256;
use std::collections::HashMap;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

const SECRET: &str = "a secret of at least twenty-four bytes";
/// Number of questions in the drained burst, and of presses in the run of answers.
const BURST: u64 = 20_000;

/// The PostgreSQL cluster of this program: with `fsync`, for baselines and servers alike.
pub(crate) async fn postgres_url() -> String {
    static CLUSTER: std::sync::OnceLock<Cluster> = std::sync::OnceLock::new();
    if let Ok(given) = std::env::var("LASTWORD_LOAD_POSTGRES_URL") {
        return given;
    }
    CLUSTER.get_or_init(|| Cluster::own(Fsync::On)).database().await
}

/// A close as a desk posts it.
pub(crate) fn close_body(line: &str, number: u64) -> String {
    close_body_at(line, number, millis())
}

/// Ascending keys, as from a desk with a counter.
fn close_body_at(line: &str, number: u64, now: i64) -> String {
    close_body_of(line, &format!("{line}-{now}-{number}"), &format!("{now}-{number}"), now)
}

/// Random keys, as from a desk that draws them: each is on another page of every index.
fn random_close_body(line: &str, number: u64) -> String {
    let now = millis();
    let key = format!("{:016x}{:016x}", scattered(number), scattered(now as u64 ^ number.rotate_left(32)));
    close_body_of(line, &key, &key, now)
}

/// SplitMix64: the same number returns the same key, and neighbouring numbers return distant keys.
fn scattered(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn close_body_of(line: &str, key: &str, chat: &str, now: i64) -> String {
    format!(
        r#"{{"source":"desk","event_key":"e-{key}","session":"S-{key}","line":"{line}","closed_at":{now},"operator":{{"id":"op-7","name":"Olga"}},"client":"c-{key}","language":"en","connection":"stub","address":{{"chat":"{chat}"}},"last_client_message_at":{now},"operator_messages":3,"client_messages":2}}"#
    )
}

pub(crate) fn millis() -> i64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_millis() as i64
}

/// Questions received by the stub: time and the token to press.
#[derive(Default)]
pub(crate) struct Stub {
    calls: Mutex<Vec<(String, i64, String)>>,
    /// Token of the other score, by chat.
    others: Mutex<HashMap<String, String>>,
}

impl Stub {
    pub(crate) async fn start() -> (Arc<Self>, String) {
        let stub = Arc::new(Self::default());
        let state = stub.clone();
        let take = axum::routing::post(move |body: axum::body::Bytes| {
            let at = millis();
            let body: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
            let text = |pointer: &str| body.pointer(pointer).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
            if body["type"] == "question" {
                state.others.lock().expect("the stub").insert(text("/data/to/chat"), text("/data/choices/1/token"));
                state.calls.lock().expect("the stub").push((text("/data/to/chat"), at, text("/data/choices/0/token")));
            }
            async { "{}" }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, axum::Router::new().route("/", take)).await });
        (stub, url)
    }

    pub(crate) fn count(&self) -> u64 {
        self.calls.lock().expect("the stub").len() as u64
    }

    pub(crate) fn take(&self) -> Vec<(String, i64, String)> {
        std::mem::take(&mut self.calls.lock().expect("the stub"))
    }
}

impl Stub {
    /// The clients asked, with the tokens of both scores.
    pub(crate) fn take_with_both(&self) -> Vec<(String, [String; 2])> {
        let others = self.others.lock().expect("the stub");
        let both = |(chat, _, token): (String, i64, String)| others.get(&chat).cloned().map(|other| (chat, [token, other]));
        self.take().into_iter().filter_map(both).collect()
    }
}

pub(crate) struct Server {
    process: tokio::process::Child,
    pub(crate) address: String,
    headers: String,
    settings: std::path::PathBuf,
    url: String,
    pub(crate) db: Db,
    _folder: tempfile::TempDir,
}

impl Server {
    /// A server whose messenger is the stub; `more` are settings of further connections.
    pub(crate) async fn start(database: &str, stub_url: &str, more: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = match database {
            "sqlite" => format!("sqlite://{}/load.db", folder.path().display()),
            _ => postgres_url().await,
        };
        let settings = folder.path().join("lastword.toml");
        let text = format!(
            "http.listen = \"127.0.0.1:0\"\ndatabase.url = \"{url}\"\nsecurity.key = \"{key}\"\nqueue.batch = 256\nqueue.concurrency = 1024\nlog.level = \"warn\"\nlimits.key_per_second = 0\n\
             [connections.stub]\nkind = \"webhook\"\nurl = \"{stub_url}\"\nsecret = \"{SECRET}\"\nallow_http = true\nallow_private_networks = true\nper_second = 1000000\n{more}",
            key = "ab".repeat(32)
        );
        std::fs::write(&settings, text).expect("the settings");
        let db = Db::open(&url, 2).await.expect("the database");
        db.migrate().await.expect("tables");
        let key = ApiKey::generate([7; 32]);
        prepare(&db, &key).await;
        let (process, address) = node(&settings).await;
        let headers = format!("authorization: Bearer {}\r\n", key.text());
        Self { process, address, headers, settings, url, db, _folder: folder }
    }

    /// Starts another node on its database.
    pub(crate) async fn beside(&self) -> (tokio::process::Child, String) {
        node(&self.settings).await
    }

    /// Closes five hundred sessions in one call. Returns true if they were accepted.
    pub(crate) async fn array(&self, line: &str, number: u64) -> bool {
        let header = self.headers.trim().trim_start_matches("authorization: ").to_owned();
        let call = reqwest::Client::new().post(format!("http://{}/v1/sessions/close", self.address)).header("authorization", header);
        let call = call.header("content-type", "application/json").body(array(line, number));
        call.send().await.is_ok_and(|answer| answer.status().is_success())
    }

    pub(crate) async fn closes(&self, connections: usize, seconds: u64, body: impl Fn(u64) -> String + Send + Sync + 'static) -> Run {
        post(&self.address, "/v1/sessions/close", &self.headers, connections, seconds, body).await
    }

    /// Sum of a metric over all its labels.
    async fn metric(&self, name: &str) -> f64 {
        let text = reqwest::get(format!("http://{}/metrics", self.address)).await.expect("metrics").text().await.expect("text");
        text.lines().filter(|line| line.starts_with(name)).filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
    }

    pub(crate) async fn cpu(&self) -> Cpu {
        Cpu::read(self.process.id().unwrap_or(0), &self.url).await
    }

    /// Number of commits so far, of any kind.
    pub(crate) async fn commits(&self) -> f64 {
        self.metric("lastword_commits_total").await
    }

    /// Bytes written so far.
    pub(crate) async fn written(&self) -> f64 {
        disk::written(self.process.id().unwrap_or(0), &self.url).await
    }

    /// The URL of its database.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn resident_mib(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id().unwrap_or(0))).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
    }

    /// Size of the database in bytes.
    pub(crate) async fn size(&self) -> f64 {
        static SQLITE: Sql = Sql::new("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()");
        static POSTGRES: Sql = Sql::new("SELECT pg_database_size(current_database())");
        let sql = if self.db.dialect() == Dialect::Sqlite { &SQLITE } else { &POSTGRES };
        let mut rows = self.db.read(sql, Vec::new()).await.expect("the size");
        rows[0].int().expect("a number") as f64
    }

    async fn sent(&self) -> i64 {
        let counts = inspect::count_by_state(&self.db).await.expect("counts");
        counts.iter().filter(|(state, _)| state == "sent").map(|(_, count)| count).sum()
    }
}

/// The `lastword` to measure, if not the one in this program.
pub(crate) static PROGRAM: std::sync::OnceLock<std::path::PathBuf> = std::sync::OnceLock::new();

/// Starts a node with these settings.
async fn node(settings: &std::path::Path) -> (tokio::process::Child, String) {
    let mut command = match PROGRAM.get() {
        Some(program) => tokio::process::Command::new(program),
        None => tokio::process::Command::new(std::env::current_exe().expect("this program")),
    };
    let process = if PROGRAM.get().is_some() { command.args(["serve", "--config"]) } else { command.arg("--serve") };
    let mut process =
        process.arg(settings).stdout(Stdio::piped()).stderr(Stdio::inherit()).kill_on_drop(true).spawn().expect("the server starts");
    let address = listening(&mut process).await;
    (process, address)
}

/// Lines that ask after an hour, after two seconds, and all at one moment; and a key.
async fn prepare(db: &Db, key: &ApiKey) {
    let row = api_key::ApiKey {
        id: lastword::names::KeyId::first_of(1),
        name: "load".to_owned(),
        prefix: key.prefix().to_owned(),
        hash: key.hash(),
        scopes: vec!["admin".to_owned()],
        lines: lastword::domain::access::rights::Lines::All,
        created_at: millis(),
        last_used_at: None,
        revoked_at: None,
    };
    db.write(move |tx| {
        let row = row.clone();
        Box::pin(async move {
            for (id, delay_secs) in [("later", 3_600), ("soon", 2), ("burst", 30)] {
                let settings = LineSettings { delay_secs, ..LineSettings::default() };
                let change = LineChange {
                    id: id.into(),
                    name: id.into(),
                    settings,
                    archived: false,
                    seen_version: 0,
                    by: "load".into(),
                    at: millis(),
                };
                line::save(tx, &change).await?;
            }
            // The database of a second round may already have the key.
            match api_key::insert(tx, &row).await {
                Err(lastword::store::StoreError::Conflict) | Ok(()) => Ok::<_, lastword::store::StoreError>(()),
                Err(error) => Err(error),
            }
        })
    })
    .await
    .expect("lines and a key");
}

/// Measures the engine once on one database.
pub(crate) async fn measure(figures: &mut Figures, seconds: u64, database: &str) {
    let (stub, stub_url) = Stub::start().await;
    let server = Server::start(database, &stub_url, "").await;
    let mut add = |name: &str, value: f64| figures.add(&format!("{database}: {name}"), value);

    let (commits, written, cpu) = (server.commits().await, server.written().await, server.cpu().await);
    let run = server.closes(64, seconds, |number| close_body("later", number)).await;
    let (count, used) = (run.millis.len() as f64, server.cpu().await);
    assert_eq!(run.refused, 0, "every close is taken");
    add("single closes/s", run.per_second);
    add("single closes p99 ms", run.percentile(0.99));
    let commits = (server.commits().await - commits).max(1.0);
    add("closes per commit", count / commits);
    add("pages written per commit", (server.written().await - written) / PAGE / commits);
    for (part, micros) in used.since(cpu, count) {
        add(&format!("single close, CPU µs of {part}"), micros);
    }

    let cpu = server.cpu().await;
    let run = server.closes(64, seconds, |number| random_close_body("later", number)).await;
    let (count, used) = (run.millis.len() as f64, server.cpu().await);
    assert_eq!(run.refused, 0, "every close with random keys is taken");
    add("single closes/s, random keys", run.per_second);
    for (part, micros) in used.since(cpu, count) {
        add(&format!("single close, random keys, CPU µs of {part}"), micros);
    }

    let (cpu, size) = (server.cpu().await, server.size().await);
    let run = server.closes(4, seconds, |number| array("later", number)).await;
    let (count, used) = (run.millis.len() as f64 * 500.0, server.cpu().await);
    assert_eq!(run.refused, 0, "every array is taken");
    add("closes/s in arrays of 500", run.per_second * 500.0);
    add("bytes per close", (server.size().await - size) / count);
    for (part, micros) in used.since(cpu, count) {
        add(&format!("close in an array, CPU µs of {part}"), micros);
    }

    let drained = drain(&server, &stub).await;
    add("due → call → stored/s", drained.per_second);
    for (part, micros) in drained.used {
        add(&format!("due → call → stored, CPU µs of {part}"), micros);
    }
    let cpu = server.cpu().await;
    let run = answers(&server, drained.questions, seconds).await;
    let (count, used) = (run.millis.len() as f64, server.cpu().await);
    assert_eq!(run.refused, 0, "every answer is taken");
    add("answers/s", run.per_second);
    add("answers p99 ms", run.percentile(0.99));
    for (part, micros) in used.since(cpu, count) {
        add(&format!("answer, CPU µs of {part}"), micros);
    }
    let late = lateness(&server, &stub, seconds).await;
    add("lateness at 50/s, least ms", late[0]);
    add("lateness at 50/s, p50 ms", late[late.len() / 2]);
    add("lateness at 50/s, p99 ms", late[late.len() * 99 / 100]);
    add("resident MiB, highest", server.resident_mib());
}

pub(crate) fn array(line: &str, number: u64) -> String {
    let closes: Vec<String> = (0..500).map(|at| close_body(line, number * 500 + at)).collect();
    format!("[{}]", closes.join(","))
}

/// Result of a drained burst.
struct Drained {
    per_second: f64,
    used: [(&'static str, f64); 3],
    /// The clients asked, with the tokens to press.
    questions: Vec<(String, String)>,
}

/// Closes many sessions whose questions are all due at one moment, and measures the time from the first call to the last
/// stored outcome.
async fn drain(server: &Server, stub: &Stub) -> Drained {
    stub.take();
    let before = server.sent().await;
    let at = millis();
    for chunk in 0..BURST / 500 {
        // One close time for all, so that the questions are due together.
        let closes: Vec<String> = (0..500).map(|number| close_body_at("burst", chunk * 500 + number, at)).collect();
        let body = format!("[{}]", closes.join(","));
        let url = format!("http://{}/v1/sessions/close", server.address);
        let header = server.headers.trim().trim_start_matches("authorization: ").to_owned();
        let answer = reqwest::Client::new()
            .post(url)
            .header("authorization", header)
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await;
        let answer = answer.expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap_or_default());
    }
    let due = at + 30_000;
    assert!(millis() < due, "the closes are told before their questions are due");
    let cpu = server.cpu().await;
    // The stub is checked first: counting rows would load the database.
    while stub.count() < BURST || server.sent().await - before < BURST as i64 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(millis() < due + 120_000, "the burst is drained");
    }
    let (stored, used) = (millis(), server.cpu().await.since(cpu, BURST as f64));
    let calls = stub.take();
    let first = calls.iter().map(|(_, at, _)| *at).min().unwrap_or(due);
    let rate = BURST as f64 / ((stored - first).max(1) as f64 / 1_000.0);
    Drained { per_second: rate, used, questions: calls.into_iter().map(|(chat, _, token)| (chat, token)).collect() }
}

/// Presses on the questions of the burst with concurrent clients, for some seconds or until all are pressed.
pub(crate) async fn answers(server: &Server, presses: Vec<(String, String)>, seconds: u64) -> Run {
    let make = move |number: u64| {
        let (chat, token) = presses.get(number as usize)?;
        let (signed, body) = signed_press(chat, token);
        Some((signed.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect(), body))
    };
    post_each(&server.address, "/hooks/stub", 64, seconds, make).await
}

/// One press on a question.
pub(crate) async fn press(client: &reqwest::Client, address: &str, chat: &str, token: &str) {
    let (signed, body) = signed_press(chat, token);
    let call = client.post(format!("http://{address}/hooks/stub")).header("content-type", "application/json").body(body);
    let answer = signed.into_iter().fold(call, |call, (name, value)| call.header(name, value)).send().await.expect("an answer");
    assert!(answer.status().is_success(), "{}", answer.status());
}

/// Like [`press`], with the event key `id`. Returns true if it was accepted.
pub(crate) async fn press_as(client: &reqwest::Client, address: &str, id: &str, chat: &str, token: &str) -> bool {
    let (signed, body) = signed_press_as(&format!("evt-{id}"), chat, token);
    let call = client.post(format!("http://{address}/hooks/stub")).header("content-type", "application/json").body(body);
    let answer = signed.into_iter().fold(call, |call, (name, value)| call.header(name, value)).send().await;
    answer.is_ok_and(|answer| answer.status().is_success())
}

/// A press, signed by its messenger: headers and body.
fn signed_press(chat: &str, token: &str) -> ([(&'static str, String); 3], String) {
    signed_press_as(&format!("evt-{chat}"), chat, token)
}

fn signed_press_as(id: &str, chat: &str, token: &str) -> ([(&'static str, String); 3], String) {
    let body = serde_json::json!({ "type": "press", "data": { "token": token, "chat": chat } }).to_string();
    let (id, at) = (id.to_owned(), (millis() / 1_000).to_string());
    let signature = sign(&id, &at, &body);
    ([("webhook-id", id), ("webhook-timestamp", at), ("webhook-signature", signature)], body)
}

fn sign(id: &str, at: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key of any length");
    mac.update(format!("{id}.{at}.{body}").as_bytes());
    format!("v1,{}", base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes()))
}

/// Fifty closes per second, each asked about two seconds later: delay of the calls, sorted.
async fn lateness(server: &Server, stub: &Stub, seconds: u64) -> Vec<f64> {
    stub.take();
    let due: Arc<Mutex<HashMap<String, i64>>> = Arc::default();
    let total = 50 * seconds.max(4);
    let client = reqwest::Client::new();
    let header = server.headers.trim().trim_start_matches("authorization: ").to_owned();
    let mut pace = tokio::time::interval(Duration::from_millis(20));
    for number in 0..total {
        pace.tick().await;
        let body = close_body("soon", number);
        let parsed: serde_json::Value = serde_json::from_str(&body).expect("json");
        let chat = parsed["address"]["chat"].as_str().expect("a chat").to_owned();
        due.lock().expect("due").insert(chat, parsed["closed_at"].as_i64().expect("a time") + 2_000);
        let call = client
            .post(format!("http://{}/v1/sessions/close", server.address))
            .header("authorization", &header)
            .header("content-type", "application/json")
            .body(body);
        tokio::spawn(async move { call.send().await.expect("an answer") });
    }
    let mut calls = Vec::new();
    let until = millis() + 10_000;
    while (calls.len() as u64) < total && millis() < until {
        tokio::time::sleep(Duration::from_millis(20)).await;
        calls.extend(stub.take());
    }
    let due = due.lock().expect("due");
    let mut late: Vec<f64> = calls.iter().filter_map(|(chat, at, _)| due.get(chat).map(|due| (at - due) as f64)).collect();
    assert_eq!(late.len() as u64, total, "every question is asked");
    late.sort_by(f64::total_cmp);
    late
}
