//! The contract's own cases. The platform is a mailbox of ours, so most troubles of a far server cannot happen.

use crate::mailbox::{Memory, VISITOR, chat_with};
use async_trait::async_trait;
use lastword_contract::kit::{Call, Harness, Played, Remote};
use lastword_contract::{Address, Channel, Headers, RawRequest};
use lastword_webchat::{VISITOR_HEADER, WebChat};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

struct Chat {
    mailbox: Arc<Memory>,
    channel: WebChat,
    frames: AtomicI64,
}

impl Chat {
    /// A new frame by `visitor`, as the widget makes it and the edge passes it on.
    fn frame(&self, visitor: &str, mut frame: Value) -> RawRequest {
        let n = self.frames.fetch_add(1, Ordering::SeqCst);
        frame["id"] = format!("frame-{n}").into();
        frame["at"] = n.into();
        request(Some(visitor), frame.to_string().into_bytes())
    }
}

fn request(visitor: Option<&str>, body: Vec<u8>) -> RawRequest {
    let headers = Headers::new(visitor.map(|id| (VISITOR_HEADER, id)));
    RawRequest { method: "POST".into(), query: String::new(), headers, body, received_at: 1_700_000_000_000 }
}

#[async_trait]
impl Harness for Chat {
    async fn start() -> Self {
        let mailbox = Arc::new(Memory::default());
        Self { channel: chat_with(mailbox.clone()), mailbox, frames: AtomicI64::new(0) }
    }

    fn channel(&self) -> &dyn Channel {
        &self.channel
    }

    async fn play(&self, remote: Remote) -> Played {
        self.mailbox.set_broken(matches!(remote, Remote::Down | Remote::Refused));
        match remote {
            Remote::Ok | Remote::Down | Remote::Refused => Played::Ready,
            Remote::Blocked => Played::CannotHappen("a visitor cannot block a mailbox: they leave, and it waits"),
            Remote::Throttled(_) => Played::CannotHappen("a mailbox of ours has no rate limit"),
            Remote::Hang => Played::CannotHappen("the mailbox's own database has the time limit"),
            Remote::Garbage => Played::CannotHappen("a mailbox answers with a type, not with bytes"),
        }
    }

    async fn calls(&self) -> Vec<Call> {
        let token = |value: &Value| value["token"].as_str().map(str::to_owned);
        let call = |(key, frame): (String, Value)| Call {
            text: frame["text"].as_str().unwrap_or_default().to_owned(),
            tokens: frame["choices"].as_array().into_iter().flatten().chain([&frame["comment"]]).filter_map(token).collect(),
            replaces: frame["replaces"].as_str().map(str::to_owned),
            key: Some(key),
            raw: frame.to_string(),
        };
        self.mailbox.puts().into_iter().map(call).collect()
    }

    fn client(&self) -> Address {
        Address::chat(VISITOR)
    }

    fn stranger(&self) -> Option<Address> {
        Some(Address::chat("stranger012345678"))
    }

    fn press(&self, token: &str, by: &Address, _message_id: Option<&str>) -> Option<RawRequest> {
        Some(self.frame(&by.chat, json!({"kind": "press", "token": token})))
    }

    fn text(&self, text: &str, by: &Address) -> Option<RawRequest> {
        Some(self.frame(&by.chat, json!({"kind": "message", "text": text})))
    }

    fn comment(&self, token: &str, text: &str, by: &Address) -> Option<RawRequest> {
        Some(self.frame(&by.chat, json!({"kind": "comment", "token": token, "text": text})))
    }

    fn unknown_event(&self) -> Option<RawRequest> {
        Some(self.frame(VISITOR, json!({"kind": "typing", "since": 5})))
    }

    fn signed(&self, body: &[u8]) -> Option<RawRequest> {
        Some(request(Some(VISITOR), body.to_vec()))
    }

    fn forgeries(&self, sent: &RawRequest) -> Vec<RawRequest> {
        [None, Some(""), Some("visitor"), Some("visitor 123456789abcde"), Some("visitor:123456789abcde")]
            .into_iter()
            .map(|visitor| request(visitor, sent.body.clone()))
            .collect()
    }

    /// The token key never comes near the channel: the edge holds it.
    fn secrets(&self) -> Vec<String> {
        vec![]
    }
}

lastword_contract::channel_cases!(Chat);
