//! The kit, applied.

use crate::receiver::{AT, Answer, Got, Names, Receiver, SECRET, config, local};
use lastword_contract::kit::{Call, Harness, Played, Remote};
use lastword_contract::{Address, Channel, Headers, RawRequest};
use lastword_webhook::{Webhook, signature::Keys};
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

const SECRET_PATH: &str = "T0PSECRETPATH";

struct Hooked<const LINKS: bool> {
    receiver: Receiver,
    names: Arc<Names>,
    webhook: Webhook,
    events: AtomicI64,
}

impl<const LINKS: bool> Hooked<LINKS> {
    fn event(&self, kind: &str, by: &Address, mut data: Value) -> Option<RawRequest> {
        data["chat"] = by.chat.clone().into();
        data["user"] = by.user.clone().into();
        self.signed(json!({ "type": kind, "data": data }).to_string().as_bytes())
    }
}

#[async_trait::async_trait]
impl<const LINKS: bool> Harness for Hooked<LINKS> {
    async fn start() -> Self {
        let receiver = Receiver::start().await;
        let names = Names::all_are(&[Ipv4Addr::LOCALHOST.into()]);
        let url = format!("http://hook.test:{}/{SECRET_PATH}?key={SECRET_PATH}", receiver.address.port());
        let config = config(&url, &local(json!({ "timeout_secs": 1, "links": LINKS })));
        let webhook = Webhook::with_resolver("crm", config, names.clone()).unwrap();
        Self { receiver, names, webhook, events: AtomicI64::new(0) }
    }

    fn channel(&self) -> &dyn Channel {
        &self.webhook
    }

    async fn play(&self, remote: Remote) -> Played {
        self.names.become_(Ipv4Addr::LOCALHOST);
        self.receiver.answers(match remote {
            Remote::Ok => Answer::body(r#"{"message_id":"m-1"}"#),
            Remote::Blocked => return Played::CannotHappen("a receiver tells later, with a status"),
            Remote::Throttled(ms) => Answer::With(429, vec![("retry-after", (ms / 1000).to_string())], Vec::new()),
            Remote::Down => Answer::status(502),
            Remote::Hang => Answer::Never,
            Remote::Garbage => Answer::body("<html>\u{0}"),
            Remote::Refused => {
                // Nobody listens there.
                self.names.become_(Ipv4Addr::new(127, 0, 0, 2));
                return Played::Ready;
            }
        });
        Played::Ready
    }

    async fn calls(&self) -> Vec<Call> {
        // A look at the receiver, `HEAD`, carries no message.
        self.receiver.got().iter().filter(|got| !got.body.is_empty()).map(call).collect()
    }

    fn client(&self) -> Address {
        Address { chat: "chat-4711".into(), user: Some("user-17".into()), via: None }
    }

    fn stranger(&self) -> Option<Address> {
        Some(Address { user: Some("user-18".into()), ..self.client() })
    }

    fn press(&self, token: &str, by: &Address, message_id: Option<&str>) -> Option<RawRequest> {
        self.event("press", by, json!({ "token": token, "message_id": message_id }))
    }

    fn text(&self, text: &str, by: &Address) -> Option<RawRequest> {
        self.event("text", by, json!({ "text": text, "id": "c-1" }))
    }

    fn reply(&self, text: &str, to: &str, by: &Address) -> Option<RawRequest> {
        self.event("text", by, json!({ "text": text, "id": "c-2", "reply_to": to }))
    }

    fn forwarded(&self, text: &str, by: &Address) -> Option<RawRequest> {
        self.event("text", by, json!({ "text": text, "id": "c-3", "about": "forward" }))
    }

    fn reaction(&self, message_id: &str, emoji: Option<&str>, by: &Address) -> Option<RawRequest> {
        self.event("reaction", by, json!({ "message_id": message_id, "emoji": emoji }))
    }

    fn edited(&self, text: &str, message_id: &str, by: &Address) -> Option<RawRequest> {
        self.event("edited", by, json!({ "text": text, "id": message_id }))
    }

    fn deleted(&self, message_id: &str, by: &Address) -> Option<RawRequest> {
        self.event("deleted", by, json!({ "id": message_id }))
    }

    fn comment(&self, token: &str, text: &str, by: &Address) -> Option<RawRequest> {
        self.event("comment", by, json!({ "token": token, "text": text }))
    }

    fn unknown_event(&self) -> Option<RawRequest> {
        self.event("typing", &self.client(), json!({}))
    }

    fn signed(&self, body: &[u8]) -> Option<RawRequest> {
        let n = self.events.fetch_add(1, Ordering::Relaxed);
        let (id, at_secs) = (format!("evt_{n}"), AT / 1000 + n);
        let signature = Keys::parse(&SECRET.into(), None).unwrap().sign(&id, at_secs, body);
        Some(RawRequest {
            method: "POST".into(),
            query: String::new(),
            headers: Headers::new([("Webhook-Id", id), ("Webhook-Timestamp", at_secs.to_string()), ("Webhook-Signature", signature)]),
            body: body.to_vec(),
            received_at: at_secs * 1000,
        })
    }

    fn forgeries(&self, request: &RawRequest) -> Vec<RawRequest> {
        let with = |name: &str, value: Option<&str>| {
            let kept = request.headers.iter().filter(|(key, _)| *key != name).map(|(key, value)| (key, value.to_owned()));
            RawRequest { headers: Headers::new(kept.chain(value.map(|value| (name, value.to_owned())))), ..request.clone() }
        };
        let mut forgeries = vec![
            with("webhook-signature", None),
            with("webhook-signature", Some("")),
            with("webhook-signature", Some("v1,AAAA")),
            with("webhook-id", None),
            with("webhook-id", Some("evt_another")),
            with("webhook-timestamp", None),
            with("webhook-timestamp", Some("now")),
            with("webhook-timestamp", Some("9223372036854775807")),
            RawRequest { received_at: request.received_at + 301_000, ..request.clone() },
            RawRequest { received_at: request.received_at - 301_000, ..request.clone() },
        ];
        let mut other_body = request.clone();
        other_body.body.push(b' ');
        forgeries.push(other_body);
        forgeries
    }

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.into(), SECRET["whsec_".len()..].into(), SECRET_PATH.into()]
    }
}

fn call(got: &Got) -> Call {
    let body = got.json();
    let word = |value: &Value| value.as_str().map(str::to_owned);
    let data = &body["data"];
    let mut tokens: Vec<String> = data["choices"].as_array().into_iter().flatten().filter_map(|choice| word(&choice["token"])).collect();
    tokens.extend(word(&data["comment"]["token"]));
    Call {
        text: word(&data["text"]).unwrap_or_default(),
        tokens,
        replaces: word(&data["replaces"]),
        key: Some(got.header("webhook-id").to_owned()),
        raw: String::from_utf8(got.body.to_vec()).unwrap(),
    }
}

lastword_contract::channel_cases!(Hooked<false>);

mod with_links {
    lastword_contract::channel_cases!(super::Hooked<true>);
}
