//! A Chatwoot that is connected and made ready on the pages alone, up to the first rating of one of its chats in Telegram and its alert:
//! the real binary, a browser, the adapter's own stub, and an emulator of the Bot API. On PostgreSQL with a second node, which receives the desk's webhooks.

use super::chatwoot_day::stub::{Inside, SECRET, Stub, TOKEN};
use super::chatwoot_day::tokens;
use crate::first_hour::{first_link, nothing_of, serve_with, stopped};
use crate::on_both_databases;
use crate::rig::browser;
use crate::rig::folder::Folder;
use crate::telegram_emulated::Emulator;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use lastword_contract::RawRequest;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

on_both_databases! {
    a_chatwoot_is_connected_on_the_pages_and_its_first_chat_is_rated => first_chat;
}

/// The address at which the desk reaches us, as its setup says.
const PUBLIC_URL: &str = "https://rate.example.com/";

/// The desk as the browser's script works with it: chats that open and close, clients who tap.
struct Desk {
    stub: Stub,
    /// The node that the desk reaches.
    node: String,
    /// The updates that its inbox for Telegram received.
    inbox: Mutex<String>,
}

impl Desk {
    async fn posts(&self, request: RawRequest) {
        let hook = self.stub.lock().hooks[0]["url"].as_str().unwrap().replace(PUBLIC_URL, &self.node);
        let mut call = reqwest::Client::new().post(hook).body(request.body.clone());
        for name in ["x-chatwoot-signature", "x-chatwoot-timestamp", "x-chatwoot-delivery"] {
            call = call.header(name, request.headers.get(name).unwrap_or_default());
        }
        let answer = call.header("content-type", "application/json").send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }
}

/// `POST /open`: a client writes, an operator answers and resolves. The response is the number of the chat.
async fn open(State(desk): State<Arc<Desk>>) -> String {
    let (id, posted) = {
        let mut inside = desk.stub.lock();
        let id = inside.open("Channel::Telegram");
        inside.close(id, "operator");
        inside.run_jobs();
        (id, std::mem::take(&mut inside.posted))
    };
    for request in posted {
        desk.posts(request).await;
    }
    id.to_string()
}

/// `POST /webhooks/telegram/{token}`: the webhook of the inbox for Telegram, as in Chatwoot.
async fn telegram_update(State(desk): State<Arc<Desk>>, update: String) {
    desk.inbox.lock().unwrap().push_str(&update);
}

/// `GET /inbox`: all that the webhook received.
async fn inbox(State(desk): State<Arc<Desk>>) -> String {
    desk.inbox.lock().unwrap().clone()
}

/// `POST /tap/{id}/{nth}`: the client taps on a choice of the question, which Chatwoot takes for a message with its text; 404 if the
/// question has not arrived.
async fn tap(State(desk): State<Arc<Desk>>, Path((id, nth)): Path<(u64, usize)>) -> StatusCode {
    let posted = {
        let mut inside = desk.stub.lock();
        let Some(choices) = tokens(&inside, id) else { return StatusCode::NOT_FOUND };
        inside.now = millis();
        inside.says(id, "client", &choices[nth]);
        inside.run_jobs();
        std::mem::take(&mut inside.posted)
    };
    for request in posted {
        desk.posts(request).await;
    }
    StatusCode::NO_CONTENT
}

/// The machine's time, which the real binary lives by.
fn millis() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64
}

async fn first_chat(url: String) {
    let (folder, stub, telegram) = (Folder::new(), Stub::start(Inside::at(millis() - 30_000)).await, Emulator::start().await);
    // The address at which the desk reaches us is known before the server starts, as at every owner's.
    let public = [("LASTWORD__HTTP__PUBLIC_URL", PUBLIC_URL)];
    let server = serve_with(&url, &folder, &public);
    let base = format!("http://{}", server.listening().await);
    let first = first_link(&server, &base).await;
    let other = if url.starts_with("postgres") { Some(serve_with(&url, &folder, &public)) } else { None };
    let node = match &other {
        Some(other) => format!("http://{}/", other.listening().await),
        None => format!("{base}/"),
    };
    let desk_url = stub.url();
    let desk = Arc::new(Desk { stub, node, inbox: Mutex::default() });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let play = format!("http://{}", listener.local_addr().unwrap());
    let routes = Router::new().route("/open", post(open)).route("/tap/{id}/{nth}", post(tap));
    let routes = routes.route("/webhooks/telegram/{token}", post(telegram_update)).route("/inbox", get(inbox)).with_state(desk.clone());
    let played = tokio::spawn(async move { axum::serve(listener, routes).await });

    let shots = std::env::var("SHOTS").unwrap_or_default();
    let environment = [
        ("BASE", &*base),
        ("FIRST", &first),
        ("EMULATOR", &telegram.url),
        ("DESK", &desk_url),
        ("TOKEN", TOKEN),
        ("PLAY", &play),
        ("SHOTS", &shots),
    ];
    let output = browser::run("first_hour_desk.mjs", &environment).await;
    assert!(output.contains("the first chat was rated and its alert came"), "{output}");
    played.abort();
    let logs = stopped(std::iter::once(server).chain(other)).await;
    nothing_of(&[TOKEN, SECRET, "hush-hush"], &logs, &url, &folder).await;
}
