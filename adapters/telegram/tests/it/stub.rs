//! A stub of the Bot API on 127.0.0.1. It keeps a log of every call and plays every documented refusal.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{AbortHandle, spawn},
};

/// One call as it came.
#[derive(Clone, Debug)]
pub(crate) struct Logged {
    pub(crate) path: String,
    pub(crate) method: String,
    pub(crate) body: Value,
    pub(crate) raw: String,
}

/// How the stub answers.
#[derive(Clone, Debug)]
pub(crate) enum Play {
    /// As the Bot API does when all is well.
    Well,
    /// Never.
    Hang,
    /// With this.
    Answer { status: u16, body: String, retry_after: Option<u64> },
}

impl Play {
    /// The Bot API's own form of a refusal.
    pub(crate) fn refusal(code: u16, description: &str) -> Self {
        let body = json!({ "ok": false, "error_code": code, "description": description });
        Play::Answer { status: code, body: body.to_string(), retry_after: None }
    }

    pub(crate) fn refusal_with(code: u16, description: &str, parameters: Value) -> Self {
        let body = json!({ "ok": false, "error_code": code, "description": description, "parameters": parameters });
        Play::Answer { status: code, body: body.to_string(), retry_after: None }
    }

    pub(crate) fn page(status: u16, body: &str) -> Self {
        Play::Answer { status, body: body.to_owned(), retry_after: None }
    }
}

struct Inner {
    log: Vec<Logged>,
    play: Play,
    /// Answers to the next calls, before `play` counts again.
    next: VecDeque<Play>,
    webhook: Value,
    messages: i64,
}

struct Shared {
    inner: Mutex<Inner>,
    /// Updates that are not confirmed yet, in Telegram's own bytes. Watched, so that long polling waits without a clock.
    updates: watch::Sender<Vec<String>>,
}

/// The stub.
pub(crate) struct Stub {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Mutex<AbortHandle>,
}

impl Stub {
    pub(crate) async fn start() -> Self {
        let inner = Inner {
            log: Vec::new(),
            play: Play::Well,
            next: VecDeque::new(),
            webhook: json!({ "url": "", "has_custom_certificate": false, "pending_update_count": 0 }),
            messages: 40,
        };
        let shared = Arc::new(Shared { inner: Mutex::new(inner), updates: watch::Sender::new(Vec::new()) });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let accepting = Mutex::new(serve(listener, shared.clone()));
        Self { address, shared, accepting }
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on, until told otherwise.
    pub(crate) fn play(&self, play: Play) {
        self.shared.inner.lock().unwrap().play = play;
    }

    /// For one call more.
    pub(crate) fn play_next(&self, play: Play) {
        self.shared.inner.lock().unwrap().next.push_back(play);
    }

    pub(crate) fn set_webhook(&self, info: Value) {
        self.shared.inner.lock().unwrap().webhook = info;
    }

    pub(crate) fn push_update(&self, update: Value) {
        self.push_raw(&update.to_string());
    }

    /// An update in exactly these bytes.
    pub(crate) fn push_raw(&self, update: &str) {
        self.shared.updates.send_modify(|updates| updates.push(update.to_owned()));
    }

    /// Numbers of updates that were never confirmed.
    pub(crate) fn unconfirmed(&self) -> Vec<u64> {
        self.shared.updates.borrow().iter().filter_map(|update| number(update)).collect()
    }

    pub(crate) fn log(&self) -> Vec<Logged> {
        self.shared.inner.lock().unwrap().log.clone()
    }

    /// The bodies of all calls of one method.
    pub(crate) fn bodies(&self, method: &str) -> Vec<Value> {
        self.log().into_iter().filter(|call| call.method == method).map(|call| call.body).collect()
    }

    /// Stops accepting connections.
    pub(crate) async fn refuse(&self) {
        let accepting = self.accepting.lock().unwrap().clone();
        accepting.abort();
        while !accepting.is_finished() {
            tokio::task::yield_now().await;
        }
    }

    /// Accepts connections again, at the same address.
    pub(crate) async fn accept(&self) {
        if self.accepting.lock().unwrap().is_finished() {
            let listener = TcpListener::bind(self.address).await.unwrap();
            *self.accepting.lock().unwrap() = serve(listener, self.shared.clone());
        }
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.accepting.lock().unwrap().abort();
    }
}

fn serve(listener: TcpListener, shared: Arc<Shared>) -> AbortHandle {
    let app = Router::new().fallback(handle).with_state(shared);
    spawn(async move { axum::serve(listener, app).await.unwrap() }).abort_handle()
}

async fn handle(State(shared): State<Arc<Shared>>, uri: Uri, body: Bytes) -> Response {
    let path = uri.path().to_owned();
    let method = path.rsplit('/').next().unwrap_or_default().to_owned();
    let raw = String::from_utf8_lossy(&body).into_owned();
    let body: Value = serde_json::from_str(&raw).unwrap_or_default();
    let play = {
        let mut inner = shared.inner.lock().unwrap();
        inner.log.push(Logged { path, method: method.clone(), body: body.clone(), raw });
        inner.next.pop_front().unwrap_or_else(|| inner.play.clone())
    };
    match play {
        Play::Hang => std::future::pending().await,
        Play::Answer { status, body, retry_after } => {
            let mut response = (StatusCode::from_u16(status).unwrap(), body).into_response();
            if let Some(seconds) = retry_after {
                response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            }
            response
        }
        Play::Well => {
            let result = match method.as_str() {
                "getUpdates" => updates(&shared, body["offset"].as_u64().unwrap_or(0)).await,
                method => well(&shared, method, &body).to_string(),
            };
            ([(header::CONTENT_TYPE, "application/json")], format!(r#"{{"ok":true,"result":{result}}}"#)).into_response()
        }
    }
}

fn well(shared: &Shared, method: &str, body: &Value) -> Value {
    if method == "getMe" {
        return json!({ "id": 123456, "is_bot": true, "first_name": "Rating", "username": "rating_bot" });
    }
    let mut inner = shared.inner.lock().unwrap();
    match method {
        "sendMessage" => {
            inner.messages += 1;
            sent(inner.messages, body)
        }
        "editMessageText" => sent(body["message_id"].as_i64().unwrap(), body),
        "getWebhookInfo" => inner.webhook.clone(),
        _ => Value::Bool(true),
    }
}

fn sent(id: i64, body: &Value) -> Value {
    json!({ "message_id": id, "date": 1_790_000_000, "chat": { "id": body["chat_id"], "type": "private" }, "text": body["text"] })
}

/// An offset confirms everything below it; without updates the call waits.
async fn updates(shared: &Shared, offset: u64) -> String {
    shared.updates.send_modify(|updates| updates.retain(|update| number(update).unwrap_or(u64::MAX) >= offset));
    let mut watching = shared.updates.subscribe();
    let waiting = watching.wait_for(|updates| !updates.is_empty()).await.unwrap();
    format!("[{}]", waiting.join(",\n"))
}

fn number(update: &str) -> Option<u64> {
    serde_json::from_str::<Value>(update).ok()?["update_id"].as_u64()
}
