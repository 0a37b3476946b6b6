//! A stub of the Graph API on 127.0.0.1. It keeps a log of every call and plays every documented refusal.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    net::TcpListener,
    task::{AbortHandle, spawn},
};

/// One call as it came.
#[derive(Clone, Debug)]
pub(crate) struct Logged {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) authorization: String,
    pub(crate) body: Value,
    pub(crate) raw: String,
}

/// How the stub answers.
#[derive(Clone, Debug)]
pub(crate) enum Play {
    /// As Meta does when all is well.
    Well,
    /// Never.
    Hang,
    /// With this.
    Answer { status: u16, body: String, headers: Vec<(&'static str, String)> },
}

impl Play {
    /// Meta's own form of a refusal.
    pub(crate) fn refusal(status: u16, code: i64, subcode: Option<i64>, message: &str) -> Self {
        let mut error = json!({ "message": message, "type": "OAuthException", "code": code, "fbtrace_id": "Abc" });
        if let Some(subcode) = subcode {
            error["error_subcode"] = json!(subcode);
        }
        Play::Answer { status, body: json!({ "error": error }).to_string(), headers: Vec::new() }
    }

    pub(crate) fn page(status: u16, body: &str) -> Self {
        Play::Answer { status, body: body.to_owned(), headers: Vec::new() }
    }

    pub(crate) fn with_header(self, name: &'static str, value: impl Into<String>) -> Self {
        match self {
            Play::Answer { status, body, mut headers } => {
                headers.push((name, value.into()));
                Play::Answer { status, body, headers }
            }
            Play::Well | Play::Hang => self,
        }
    }
}

struct Inner {
    log: Vec<Logged>,
    play: Play,
    /// Answers the next `POST`, once.
    once: Option<Play>,
    /// Answers to `GET`s of paths that end so.
    facts: HashMap<&'static str, Value>,
    messages: u64,
}

/// The stub.
pub(crate) struct Stub {
    address: SocketAddr,
    inner: Arc<Mutex<Inner>>,
    accepting: Mutex<AbortHandle>,
}

impl Stub {
    pub(crate) async fn start() -> Self {
        let facts = HashMap::from([
            (
                "subscribed_apps",
                json!({ "data": [{ "id": "1", "subscribed_fields": ["messages", "messaging_postbacks", "message_echoes"] }] }),
            ),
            ("message_templates", json!({ "data": [] })),
        ]);
        let inner = Arc::new(Mutex::new(Inner { log: Vec::new(), play: Play::Well, once: None, facts, messages: 0 }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let accepting = Mutex::new(serve(listener, inner.clone()));
        Self { address, inner, accepting }
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on, until told otherwise.
    pub(crate) fn play(&self, play: Play) {
        self.inner.lock().unwrap().play = play;
    }

    /// Answers the next `POST` alone.
    pub(crate) fn play_once(&self, play: Play) {
        self.inner.lock().unwrap().once = Some(play);
    }

    /// What a `GET` of a path that ends with `name` gives.
    pub(crate) fn knows(&self, name: &'static str, fact: Value) {
        self.inner.lock().unwrap().facts.insert(name, fact);
    }

    pub(crate) fn log(&self) -> Vec<Logged> {
        self.inner.lock().unwrap().log.clone()
    }

    /// The calls that send messages.
    pub(crate) fn sends(&self) -> Vec<Logged> {
        self.log().into_iter().filter(|call| call.method == Method::POST && call.path.ends_with("/messages")).collect()
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
            *self.accepting.lock().unwrap() = serve(listener, self.inner.clone());
        }
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.accepting.lock().unwrap().abort();
    }
}

fn serve(listener: TcpListener, inner: Arc<Mutex<Inner>>) -> AbortHandle {
    let app = Router::new().fallback(handle).with_state(inner);
    spawn(async move { axum::serve(listener, app).await.unwrap() }).abort_handle()
}

async fn handle(State(inner): State<Arc<Mutex<Inner>>>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let raw = String::from_utf8_lossy(&body).into_owned();
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let body: Value = serde_json::from_str(&raw).unwrap_or_default();
    let (path, query) = (uri.path().to_owned(), uri.query().unwrap_or_default().to_owned());
    let (play, well) = {
        let mut inner = inner.lock().unwrap();
        let call = Logged { method, path, query, authorization, body, raw };
        let well = well(&mut inner, &call);
        let once = if call.method == Method::POST { inner.once.take() } else { None };
        inner.log.push(call);
        (once.unwrap_or_else(|| inner.play.clone()), well)
    };
    match play {
        Play::Hang => std::future::pending().await,
        Play::Well => ([(header::CONTENT_TYPE, "application/json")], well.to_string()).into_response(),
        Play::Answer { status, body, headers } => {
            let mut response = (StatusCode::from_u16(status).unwrap(), body).into_response();
            for (name, value) in headers {
                response.headers_mut().insert(name, value.parse().unwrap());
            }
            response
        }
    }
}

fn well(inner: &mut Inner, call: &Logged) -> Value {
    let last = call.path.rsplit('/').next().unwrap_or_default();
    if call.method == Method::GET {
        let known = inner.facts.iter().find(|(name, _)| **name == last).map(|(_, fact)| fact.clone());
        return known
            .unwrap_or_else(|| json!({ "id": last, "name": "Shop", "username": "shop", "verified_name": "Shop", "status": "CONNECTED" }));
    }
    if last != "messages" {
        return json!({ "success": true });
    }
    inner.messages += 1;
    if call.body["messaging_product"] == "whatsapp" {
        let (input, by_number) = (call.body["to"].as_str().or(call.body["recipient"].as_str()), call.body["to"].is_string());
        let contact = if by_number { json!({ "input": input, "wa_id": input }) } else { json!({ "input": input, "user_id": input }) };
        return json!({ "messaging_product": "whatsapp", "contacts": [contact],
            "messages": [{ "id": format!("wamid.{}", inner.messages), "message_status": "accepted" }] });
    }
    json!({ "recipient_id": call.body["recipient"]["id"], "message_id": format!("m_{}", inner.messages) })
}
