//! A receiver of webhooks: answers as it is told, remembers what it got; and a name server that says what we want.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Response, StatusCode};
use lastword_contract::{Address, Outgoing, Purpose};
use lastword_webhook::{Config, Webhook};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
pub(crate) const AT: i64 = 1_700_000_000_000;

/// How the receiver answers.
#[derive(Clone)]
pub(crate) enum Answer {
    With(u16, Vec<(&'static str, String)>, Vec<u8>),
    Never,
}

impl Answer {
    pub(crate) fn status(status: u16) -> Self {
        Answer::With(status, Vec::new(), Vec::new())
    }

    pub(crate) fn body(body: impl Into<Vec<u8>>) -> Self {
        Answer::With(200, Vec::new(), body.into())
    }
}

/// One request as it came.
#[derive(Clone)]
pub(crate) struct Got {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    pub(crate) answer: Arc<Mutex<Answer>>,
    pub(crate) got: Arc<Mutex<Vec<Got>>>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            address: listener.local_addr().unwrap(),
            answer: Arc::new(Mutex::new(Answer::body(r#"{"message_id":"m-1"}"#))),
            got: Arc::default(),
        };
        let app = Router::new().fallback(take).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        receiver
    }

    pub(crate) fn answers(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    pub(crate) fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    /// A channel that posts to this receiver.
    pub(crate) fn channel(&self, more: Value) -> Webhook {
        Webhook::new("crm", config(&format!("http://{}/hook", self.address), &local(more))).unwrap()
    }
}

async fn take(State(receiver): State<Receiver>, uri: axum::http::Uri, headers: HeaderMap, body: Bytes) -> Response<axum::body::Body> {
    receiver.got.lock().unwrap().push(Got { path: uri.path().to_owned(), headers, body });
    let answer = receiver.answer.lock().unwrap().clone();
    match answer {
        Answer::Never => std::future::pending().await,
        Answer::With(status, headers, body) => {
            // Closed each time, so that every message resolves the name again.
            let mut response = Response::builder().status(StatusCode::from_u16(status).unwrap()).header("connection", "close");
            for (name, value) in headers {
                response = response.header(name, value);
            }
            response.body(body.into()).unwrap()
        }
    }
}

/// `more` with what it takes to call this machine.
pub(crate) fn local(mut more: Value) -> Value {
    more["allow_http"] = true.into();
    more["allow_private_networks"] = true.into();
    more
}

pub(crate) fn config(url: &str, more: &Value) -> Config {
    let mut settings = json!({ "url": url, "secret": SECRET });
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(settings).unwrap()
}

pub(crate) fn outgoing(purpose: Purpose) -> Outgoing {
    Outgoing {
        key: "dlv_1".into(),
        to: Address::chat("chat-4711"),
        language: "en".into(),
        purpose,
        text: "How was it?".into(),
        at: AT,
        ..Outgoing::default()
    }
}

/// A name server under our control: every name has these addresses.
pub(crate) struct Names(pub(crate) Mutex<Vec<IpAddr>>);

impl Names {
    pub(crate) fn all_are(addresses: &[IpAddr]) -> Arc<Self> {
        Arc::new(Self(Mutex::new(addresses.to_vec())))
    }

    pub(crate) fn become_(&self, address: Ipv4Addr) {
        *self.0.lock().unwrap() = vec![address.into()];
    }
}

impl Resolve for Names {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses: Vec<_> = self.0.lock().unwrap().iter().map(|&ip| SocketAddr::new(ip, 0)).collect();
        Box::pin(async move { Ok(Box::new(addresses.into_iter()) as Addrs) })
    }
}
