//! The engine behind a desk: closes arrive by webhook at a connection of the kind `desk`, and each rating is written back
//! by two calls of the desk's API, received by a loopback stub. The figures are shown beside those of the same round
//! without a desk.

use crate::client::post;
use crate::figures::Figures;
use crate::server::{Server, Stub, millis, press};
use lastword::store::sql::Sql;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Key that authenticates the desk.
const KEY: &str = "a key of at least twenty-four bytes";
/// Time limit of the slowest part, after which the run fails.
const PATIENCE_MS: i64 = 120_000;

/// Notes received by the desk's API: chat and time of each.
#[derive(Default)]
struct Notes(Mutex<Vec<(String, i64)>>);

impl Notes {
    async fn start() -> (Arc<Self>, String) {
        use axum::extract::{Path, State};
        let notes = Arc::new(Self::default());
        let add = async |State(notes): State<Arc<Self>>, Path(session): Path<String>| {
            notes.0.lock().expect("the desk").push((session, millis()));
            r#"{"id":1}"#
        };
        let api = axum::Router::new()
            .route("/chats/{session}", axum::routing::patch(async || "{}"))
            .route("/chats/{session}/notes", axum::routing::post(add))
            .with_state(notes.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, api).await });
        (notes, url)
    }

    fn count(&self) -> usize {
        self.0.lock().expect("the desk").len()
    }

    fn take(&self) -> Vec<(String, i64)> {
        std::mem::take(&mut self.0.lock().expect("the desk"))
    }
}

/// Connection of the desk whose API is at `url`. Ratings do not wait for a comment, so only our own work is timed.
fn settings(url: &str) -> String {
    format!(
        "[connections.desk]\nkind = \"desk\"\nkey = \"{KEY}\"\nurl = \"{url}\"\ntoken = \"Bearer load\"\nnote_after_secs = 0\nper_second = 1000000\nreconcile_minutes = 0\n\
         [[connections.desk.write_back]]\ncall = \"PATCH /chats/{{session}}\"\nbody = '{{\"rating\": \"{{score}}\"}}'\n\
         [[connections.desk.write_back]]\ncall = \"POST /chats/{{session}}/notes\"\nbody = '{{\"text\": \"{{text}}\"}}'\n"
    )
}

/// A close as `close.v1`, of a chat with the same ID here and in its messenger.
fn event(line: &str, number: u64) -> String {
    let now = millis();
    let chat = format!("d-{line}-{now}-{number}");
    format!(
        r#"{{"type":"session.closed","data":{{"event_key":"e-{chat}","session":"{chat}","line":"{line}","closed_at":{now},"operator":{{"id":"op-7","name":"Olga"}},"client":"c-{chat}","language":"en","connection":"stub","address":"{chat}","last_client_message_at":{now},"operator_messages":3,"client_messages":2}}}}"#
    )
}

/// Measures the engine behind a desk once on one database.
pub(crate) async fn measure(figures: &mut Figures, seconds: u64, database: &str) {
    let (stub, stub_url) = Stub::start().await;
    let (notes, desk_url) = Notes::start().await;
    let server = Server::start(database, &stub_url, &settings(&desk_url)).await;
    let mut add = |name: &str, value: f64| figures.add(&format!("{database}: desk: {name}"), value);

    let (kept, cpu) = (closes(&server).await, server.cpu().await);
    let run = told(&server, "later", seconds).await;
    let (count, used) = (run.millis.len() as i64, server.cpu().await);
    // A desk receives 200 even if its events cannot be used.
    assert_eq!((run.refused, closes(&server).await - kept), (0, count), "every close is kept");
    add("closes by webhook/s", run.per_second);
    add("closes by webhook p99 ms", run.percentile(0.99));
    for (part, micros) in used.since(cpu, count as f64) {
        add(&format!("close by webhook, CPU µs of {part}"), micros);
    }

    let count = told(&server, "soon", seconds).await.millis.len();
    until("asked", count, || stub.count() as usize).await;
    let client = reqwest::Client::new();
    let (questions, cpu, started) = (stub.take(), server.cpu().await, millis());
    press_all(&server, &client, questions.into_iter().map(|(chat, _, token)| (chat, token)).collect()).await;
    until("written back", count, || notes.count()).await;
    let (written, used) = (notes.take(), server.cpu().await);
    let last = written.iter().map(|(_, at)| *at).max().unwrap_or(started);
    add("rated and written back/s", count as f64 / ((last - started).max(1) as f64 / 1_000.0));
    for (part, micros) in used.since(cpu, count as f64) {
        add(&format!("rating and write-back, CPU µs of {part}"), micros);
    }

    let late = lateness(&server, &stub, &notes, seconds).await;
    add("write-back at 50/s, p50 ms", late[late.len() / 2]);
    add("write-back at 50/s, p99 ms", late[late.len() * 99 / 100]);
    add("resident MiB, highest", server.resident_mib());
}

/// Reports closes over 64 connections for `seconds`.
async fn told(server: &Server, line: &'static str, seconds: u64) -> crate::client::Run {
    let proof = format!("authorization: Bearer {KEY}\r\n");
    post(&server.address, "/hooks/desk", &proof, 64, seconds, move |number| event(line, number)).await
}

/// Number of stored closes.
async fn closes(server: &Server) -> i64 {
    static COUNT: Sql = Sql::new("SELECT count(*) FROM rating_request");
    let mut rows = server.db.read(&COUNT, Vec::new()).await.expect("the closes");
    rows[0].int().expect("a number")
}

/// Waits until `done` returns `all`.
async fn until(what: &str, all: usize, done: impl Fn() -> usize) {
    let give_up = millis() + PATIENCE_MS;
    while done() < all {
        tokio::time::sleep(Duration::from_millis(5)).await;
        assert!(millis() < give_up, "{} of {all} {what}", done());
    }
}

/// Presses on all questions, 64 at a time.
async fn press_all(server: &Server, client: &reqwest::Client, presses: Vec<(String, String)>) {
    let next = Arc::new(Mutex::new(presses));
    let clients: Vec<_> = (0..64)
        .map(|_| {
            let (next, address, client) = (next.clone(), server.address.clone(), client.clone());
            tokio::spawn(async move {
                loop {
                    let Some((chat, token)) = next.lock().expect("presses").pop() else { break };
                    press(&client, &address, &chat, &token).await;
                }
            })
        })
        .collect();
    for client in clients {
        client.await.expect("a client");
    }
}

/// Fifty ratings per second: time from each tap until its note reaches the desk, sorted.
async fn lateness(server: &Server, stub: &Stub, notes: &Notes, seconds: u64) -> Vec<f64> {
    let total = 50 * seconds.max(4) as usize;
    let client = reqwest::Client::new();
    for number in 0..total {
        let url = format!("http://{}/hooks/desk", server.address);
        let call = client.post(url).bearer_auth(KEY).header("content-type", "application/json").body(event("soon", number as u64));
        assert!(call.send().await.expect("an answer").status().is_success());
    }
    until("asked", total, || stub.count() as usize).await;
    let mut pace = tokio::time::interval(Duration::from_millis(20));
    let mut tapped = HashMap::new();
    for (chat, _, token) in stub.take() {
        pace.tick().await;
        tapped.insert(chat.clone(), millis());
        let (client, address) = (client.clone(), server.address.clone());
        tokio::spawn(async move { press(&client, &address, &chat, &token).await });
    }
    until("written back", total, || notes.count()).await;
    let mut late: Vec<f64> = notes.take().iter().filter_map(|(chat, at)| tapped.get(chat).map(|tapped| (at - tapped) as f64)).collect();
    assert_eq!(late.len(), total, "each is written back once");
    late.sort_by(f64::total_cmp);
    late
}
