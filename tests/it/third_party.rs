//! A channel from outside passes the kit as ours do, and a program with it knows its kind.

#[path = "../../examples/third_party_channel.rs"]
#[expect(dead_code, reason = "the example's own main")]
mod example;

use async_trait::async_trait;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use example::{Config, Signal};
use lastword_contract::kit::{Call, Harness, Played, Remote};
use lastword_contract::{Address, Channel, Headers, RawRequest};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use tokio::task::AbortHandle;

const SECRET: &str = "only-the-gateway-knows-this";

/// signal-cli-rest-api, as far as a channel sees it.
struct Gateway {
    remote: Mutex<Remote>,
    calls: Mutex<Vec<Call>>,
}

struct OnSignal {
    gateway: Arc<Gateway>,
    signal: Signal,
    serving: AbortHandle,
    last: AtomicI64,
}

async fn take(State(gateway): State<Arc<Gateway>>, body: String) -> Response {
    let read: Value = serde_json::from_str(&body).unwrap();
    let text = read["message"].as_str().unwrap().to_owned();
    let number = {
        let mut calls = gateway.calls.lock().unwrap();
        calls.push(Call { text, raw: body, ..Call::default() });
        calls.len()
    };
    let remote = *gateway.remote.lock().unwrap();
    let refused = |status: StatusCode, words: &str| (status, Json(json!({ "error": words }))).into_response();
    match remote {
        Remote::Ok | Remote::Refused => (StatusCode::CREATED, Json(json!({ "timestamp": number.to_string() }))).into_response(),
        Remote::Blocked => refused(StatusCode::BAD_REQUEST, "Unregistered user \"+441632960961\""),
        Remote::Throttled(wait) => {
            let mut response = refused(StatusCode::TOO_MANY_REQUESTS, "slow down");
            response.headers_mut().insert("retry-after", (wait / 1_000).to_string().parse().unwrap());
            response
        }
        Remote::Down => refused(StatusCode::BAD_GATEWAY, "away"),
        Remote::Garbage => "<html>a proxy</html>".into_response(),
        Remote::Hang => std::future::pending().await,
    }
}

#[async_trait]
impl Harness for OnSignal {
    async fn start() -> Self {
        let gateway = Arc::new(Gateway { remote: Mutex::new(Remote::Ok), calls: Mutex::default() });
        let routes = Router::new().route("/v2/send", post(take)).route("/v1/about", get(async || "{}")).with_state(gateway.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() }).abort_handle();
        let config = Config { base_url, number: "+4915112345678".to_owned(), secret: SECRET.to_owned(), timeout_secs: 1 };
        Self { gateway, signal: Signal { config, http: reqwest::Client::new() }, serving, last: AtomicI64::new(1_700_000_000_000) }
    }

    fn channel(&self) -> &dyn Channel {
        &self.signal
    }

    async fn play(&self, remote: Remote) -> Played {
        *self.gateway.remote.lock().unwrap() = remote;
        if remote == Remote::Refused {
            self.serving.abort();
            // The port is free when the listener is gone.
            while tokio::net::TcpStream::connect(self.signal.config.base_url.trim_start_matches("http://")).await.is_ok() {
                tokio::task::yield_now().await;
            }
        }
        Played::Ready
    }

    async fn calls(&self) -> Vec<Call> {
        self.gateway.calls.lock().unwrap().clone()
    }

    fn client(&self) -> Address {
        Address::chat("+441632960961")
    }

    fn stranger(&self) -> Option<Address> {
        Some(Address::chat("+441632960962"))
    }

    fn press(&self, _: &str, _: &Address, _: Option<&str>) -> Option<RawRequest> {
        None
    }

    fn text(&self, text: &str, by: &Address) -> Option<RawRequest> {
        let at = self.last.fetch_add(1, Ordering::Relaxed);
        let envelope =
            json!({ "source": by.chat, "sourceNumber": by.chat, "timestamp": at, "dataMessage": { "timestamp": at, "message": text } });
        self.signed(json!({ "envelope": envelope, "account": "+4915112345678" }).to_string().as_bytes())
    }

    fn unknown_event(&self) -> Option<RawRequest> {
        let at = self.last.fetch_add(1, Ordering::Relaxed);
        let envelope = json!({ "source": "+441632960961", "timestamp": at, "typingMessage": { "action": "STARTED" } });
        self.signed(json!({ "envelope": envelope }).to_string().as_bytes())
    }

    fn signed(&self, body: &[u8]) -> Option<RawRequest> {
        let query = format!("secret={SECRET}");
        Some(RawRequest { method: "POST".into(), query, headers: Headers::default(), body: body.to_vec(), received_at: 1_700_000_000_000 })
    }

    fn forgeries(&self, request: &RawRequest) -> Vec<RawRequest> {
        ["", "secret=", "secret=guessed", "SECRET=only-the-gateway-knows-this"]
            .map(|query| RawRequest { query: query.to_owned(), ..request.clone() })
            .to_vec()
    }

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.to_owned()]
    }
}

lastword_contract::channel_cases!(OnSignal);

#[test]
fn the_example_is_short() {
    let lines = include_str!("../../examples/third_party_channel.rs").lines().count();
    assert!(lines < 150, "{lines} lines");
}
