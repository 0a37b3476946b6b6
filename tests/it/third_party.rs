//! A third-party channel passes the kit like ours, and a program that includes it knows its kind.

#[path = "../../examples/third_party_channel/signal.rs"]
mod signal;

use async_trait::async_trait;
use lastword_contract::kit::{Call, Harness, HttpAnswer, HttpPlatform, HttpRequest, HttpStub, Played, Remote, posted};
use lastword_contract::{Address, Channel, RawRequest};
use serde_json::{Value, json};
use signal::{Config, Signal};
use std::sync::atomic::{AtomicI64, Ordering};

const SECRET: &str = "only-the-gateway-knows-this";

/// The part of signal-cli-rest-api that a channel uses.
struct Gateway;

impl HttpPlatform for Gateway {
    fn message(&self, request: &HttpRequest) -> Option<Call> {
        let text = request.json()["message"].as_str()?.to_owned();
        (request.path == "/v2/send").then(|| Call { text, raw: request.text(), ..Call::default() })
    }

    fn takes(&self, _: &HttpRequest, number: usize) -> HttpAnswer {
        HttpAnswer::json(201, &json!({ "timestamp": number.to_string() }))
    }

    fn blocked(&self, _: &HttpRequest) -> HttpAnswer {
        HttpAnswer::json(400, &json!({ "error": "Unregistered user \"+441632960961\"" }))
    }
}

/// The set-up: the stub, and the channel pointed at it.
struct OnSignal {
    gateway: HttpStub,
    signal: Signal,
    last: AtomicI64,
}

impl OnSignal {
    fn envelope(&self, by: &str, more: Value) -> Option<RawRequest> {
        let at = self.last.fetch_add(1, Ordering::Relaxed);
        let mut envelope = json!({ "source": by, "sourceNumber": by, "timestamp": at });
        envelope.as_object_mut()?.extend(more.as_object()?.clone());
        self.signed(json!({ "envelope": envelope, "account": "+4915112345678" }).to_string().as_bytes())
    }
}

#[async_trait]
impl Harness for OnSignal {
    async fn start() -> Self {
        let gateway = HttpStub::start(Gateway).await;
        let config = Config { base_url: gateway.url(), number: "+4915112345678".to_owned(), secret: SECRET.to_owned(), timeout_secs: 1 };
        Self { gateway, signal: Signal { config, http: reqwest::Client::new() }, last: AtomicI64::new(1_700_000_000_000) }
    }

    fn channel(&self) -> &dyn Channel {
        &self.signal
    }

    async fn play(&self, remote: Remote) -> Played {
        self.gateway.play(remote).await
    }

    async fn calls(&self) -> Vec<Call> {
        self.gateway.calls()
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
        self.envelope(&by.chat, json!({ "dataMessage": { "message": text } }))
    }

    fn reply(&self, text: &str, to: &str, by: &Address) -> Option<RawRequest> {
        let quote = json!({ "id": to.parse::<i64>().ok()?, "author": "+4915112345678", "text": "Red or blue?" });
        self.envelope(&by.chat, json!({ "dataMessage": { "message": text, "quote": quote } }))
    }

    fn forwarded(&self, text: &str, by: &Address) -> Option<RawRequest> {
        let story = json!({ "author": "+4915112345678", "sentTimestamp": 1 });
        self.envelope(&by.chat, json!({ "dataMessage": { "message": text, "storyContext": story } }))
    }

    fn reaction(&self, message_id: &str, emoji: Option<&str>, by: &Address) -> Option<RawRequest> {
        let target = message_id.parse::<i64>().ok()?;
        let reaction = json!({ "emoji": emoji.unwrap_or("👎"), "targetAuthor": "+4915112345678", "targetSentTimestamp": target, "isRemove": emoji.is_none() });
        self.envelope(&by.chat, json!({ "dataMessage": { "message": null, "reaction": reaction } }))
    }

    fn edited(&self, text: &str, message_id: &str, by: &Address) -> Option<RawRequest> {
        let target = message_id.parse::<i64>().ok()?;
        self.envelope(&by.chat, json!({ "editMessage": { "targetSentTimestamp": target, "dataMessage": { "message": text } } }))
    }

    fn deleted(&self, message_id: &str, by: &Address) -> Option<RawRequest> {
        self.envelope(&by.chat, json!({ "dataMessage": { "remoteDelete": { "timestamp": message_id.parse::<i64>().ok()? } } }))
    }

    fn unknown_event(&self) -> Option<RawRequest> {
        self.envelope("+441632960961", json!({ "typingMessage": { "action": "STARTED" } }))
    }

    fn signed(&self, body: &[u8]) -> Option<RawRequest> {
        Some(posted(&format!("secret={SECRET}"), &[], body))
    }

    fn forgeries(&self, request: &RawRequest) -> Vec<RawRequest> {
        ["", "secret=", "secret=guessed", "SECRET=only-the-gateway-knows-this"].map(|query| posted(query, &[], &request.body)).to_vec()
    }

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.to_owned()]
    }
}

lastword_contract::channel_cases!(OnSignal);
