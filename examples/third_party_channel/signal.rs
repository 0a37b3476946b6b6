//! A third-party channel: Signal, through [signal-cli-rest-api](https://github.com/bbernhard/signal-cli-rest-api). It
//! depends only on the contract crate. `tests/it/third_party.rs` runs all cases of the kit on it, and `tests/it/outside.rs`
//! does so in a separate crate outside this repository.

use async_trait::async_trait;
use lastword_contract::{
    Account, Address, Capabilities, Channel, Context, Inbound, InboundKind, Outgoing, RawRequest, Reaction, Receipt, Received, Rejected,
    SendError, TextLimit, TextMessage, Verdict,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

/// `[connections.…]` of the kind `signal`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) base_url: String,
    pub(crate) number: String,
    pub(crate) secret: String,
    #[serde(default = "ten")]
    pub(crate) timeout_secs: u64,
}

fn ten() -> u64 {
    10
}

/// One Signal number.
pub(crate) struct Signal {
    pub(crate) config: Config,
    pub(crate) http: reqwest::Client,
}

impl std::fmt::Debug for Signal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signal({})", self.config.number)
    }
}

#[async_trait]
impl Channel for Signal {
    fn kind(&self) -> &'static str {
        "signal"
    }

    /// Texts only: the engine adds "Reply with 1 or 0" to the question and parses the reply.
    fn capabilities(&self) -> Capabilities {
        let reads = Capabilities { free_text: true, reactions: true, edits_seen: true, deletions_seen: true, ..Capabilities::default() };
        Capabilities { alerts: true, text_max: Some(TextLimit::Bytes(2_000)), ..reads }
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        let text = TextLimit::Bytes(2_000).shorten(&outgoing.text);
        let body = json!({ "message": text, "number": self.config.number, "recipients": [outgoing.to.chat] });
        let call = self.http.post(format!("{}/v2/send", self.config.base_url)).timeout(Duration::from_secs(self.config.timeout_secs));
        // If the connection failed, nothing was sent; after that, only the response shows the result.
        let answer = call.json(&body).send().await.map_err(|error| match error.is_connect() {
            true => SendError::new(Verdict::RetryBackoff, "connection_refused", error.without_url().to_string()),
            false => SendError::new(Verdict::CannotKnow, "no_answer", error.without_url().to_string()),
        })?;
        let (status, wait) = (answer.status().as_u16(), answer.headers().get("retry-after").cloned());
        let said: Value = answer.json().await.unwrap_or_default();
        // The error message is stored and shown, but without the number.
        let words = said["error"].as_str().unwrap_or("no words").replace(&outgoing.to.chat, "…");
        let failed = |verdict, kind| Err(SendError::new(verdict, kind, words.clone()));
        match status {
            // Without a timestamp, there is no proof that it was sent.
            200 | 201 => match said["timestamp"].as_str() {
                Some(timestamp) => Ok(Receipt { message_id: Some(timestamp.to_owned()), moved_to: None }),
                None => failed(Verdict::CannotKnow, "garbled"),
            },
            400 if words.contains("Unregistered user") => failed(Verdict::RecipientGone, "unregistered"),
            429 => {
                let secs = wait.and_then(|wait| wait.to_str().ok()?.parse::<i64>().ok()).unwrap_or(60);
                failed(Verdict::RetryAfter(secs * 1_000), "throttled")
            }
            401 | 403 => failed(Verdict::ConnectionBroken, "unauthorized"),
            400..=499 => failed(Verdict::Refused, "refused"),
            _ => failed(Verdict::CannotKnow, "server_error"),
        }
    }

    fn receive(&self, request: &RawRequest) -> Result<Received, Rejected> {
        let told = url::form_urlencoded::parse(request.query.as_bytes()).find(|(name, _)| name == "secret");
        if !told.is_some_and(|(_, secret)| bool::from(subtle::ConstantTimeEq::ct_eq(secret.as_bytes(), self.config.secret.as_bytes()))) {
            return Err(Rejected::Unsigned("secret"));
        }
        let body: Value = serde_json::from_slice(&request.body).map_err(|error| Rejected::Unreadable(error.to_string()))?;
        let envelope = body.get("envelope").or_else(|| body.pointer("/params/envelope")).unwrap_or(&Value::Null);
        let by = envelope["sourceNumber"].as_str().or_else(|| envelope["source"].as_str());
        let (Some(by), Some(order)) = (by, envelope["timestamp"].as_i64()) else {
            return Err(Rejected::Unreadable("no envelope with a source and a timestamp".to_owned()));
        };
        // Signal's timestamps are milliseconds, unique per sender.
        let event = Inbound { key: format!("{by}:{order}"), order, at: Some(order), kind: said(envelope, by, order) };
        Ok(Received { events: vec![event], reply: String::new() })
    }

    async fn check(&self) -> Result<Account, SendError> {
        let call = self.http.get(format!("{}/v1/about", self.config.base_url)).timeout(Duration::from_secs(self.config.timeout_secs));
        let answer = call.send().await.and_then(reqwest::Response::error_for_status);
        answer.map_err(|error| SendError::new(Verdict::RetryBackoff, "unreachable", error.without_url().to_string()))?;
        Ok(Account { name: self.config.number.clone(), ..Account::default() })
    }
}

/// Content of an envelope. Signal identifies a message by its sender's timestamp; a quote is a reply.
fn said(envelope: &Value, by: &str, order: i64) -> InboundKind {
    let (data, by) = (&envelope["dataMessage"], Address::chat(by));
    let id = |value: &Value| value.as_i64().map(|timestamp| timestamp.to_string());
    let text = |data: &Value, at: String| {
        let context = if data["storyContext"].is_object() { Context::Elsewhere("story") } else { id(&data["quote"]["id"]).into() };
        data["message"].as_str().map(|text| TextMessage::new(text, by.clone()).with_id(at).about(context))
    };
    if let Some(message_id) = id(&data["reaction"]["targetSentTimestamp"]) {
        let emoji = data["reaction"]["emoji"].as_str().filter(|_| data["reaction"]["isRemove"] != true).map(str::to_owned);
        return InboundKind::Reaction(Reaction { by, message_id, emoji });
    }
    let deleted = id(&data["remoteDelete"]["timestamp"]).map(|message_id| InboundKind::Deleted { by: by.clone(), message_id });
    let edited = id(&envelope["editMessage"]["targetSentTimestamp"]).and_then(|at| text(&envelope["editMessage"]["dataMessage"], at));
    let said = deleted.or(edited.map(InboundKind::Edited)).or(text(data, order.to_string()).map(InboundKind::Text));
    said.unwrap_or(InboundKind::Other { kind: "no text".to_owned() })
}
