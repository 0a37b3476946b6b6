//! The Messenger Platform, shared by Messenger and Instagram: one account that sends and receives.

pub(crate) mod account;
pub(crate) mod message;
pub(crate) mod receive;

use crate::error::classify;
use crate::event::without_stale;
use crate::graph::Access;
use crate::graph::Graph;
use crate::sharing::Sharing;
use crate::webhook_signature::{Verified, Verifier};
use lastword_contract::{Millis, Outgoing, Rate, RawRequest, Receipt, Received, Rejected, SendError, Verdict};
use serde_json::Value;

/// Standard messaging window: the time after a client's message in which any message may be sent.
pub(crate) const WINDOW: Millis = 24 * 60 * 60 * 1_000;

/// One Page or Instagram account.
pub(crate) struct Inbox {
    pub(crate) graph: Graph,
    verifier: Option<Verifier>,
    pub(crate) sharing: Sharing,
    pub(crate) rate: Rate,
    /// ID through which messages are sent.
    pub(crate) through: String,
    /// IDs by which webhooks may name us.
    ours: Vec<String>,
}

impl Inbox {
    /// `ours` are the IDs by which webhooks may name us; messages are sent through `through`.
    pub(crate) fn new(access: &Access<'_>, per_chat_ms: Millis, through: &str, ours: &[&str], client: reqwest::Client) -> Self {
        Self {
            graph: access.graph(client),
            verifier: access.verifier(),
            sharing: access.sharing,
            rate: Rate { per_second: access.per_second, burst: access.burst, per_chat_ms, ..Rate::default() },
            through: through.to_owned(),
            ours: ours.iter().map(|&id| id.to_owned()).collect(),
        }
    }

    pub(crate) fn links(&self) -> bool {
        self.sharing == Sharing::Links
    }

    /// Sends `body`, once.
    pub(crate) async fn send(&self, outgoing: &Outgoing, body: &Value) -> Result<Receipt, SendError> {
        let sent = self.graph.post(&format!("{}/messages", self.through), body).await;
        let answer = sent.map_err(|failure| classify(&failure, &self.graph, Some(&outgoing.to)))?;
        match answer["message_id"].as_str() {
            Some(id) => Ok(Receipt { message_id: Some(id.to_owned()), moved_to: None }),
            None => Err(SendError::new(Verdict::CannotKnow, "garbled_answer", "the answer names no message")),
        }
    }

    pub(crate) fn receive(&self, request: &RawRequest) -> Result<Received, Rejected> {
        match self.verifier.as_ref().ok_or(Rejected::NotHere)?.verify(request)? {
            Verified::Handshake(received) => Ok(received),
            Verified::Signed(body) => {
                let events = receive::events(&body, &self.ours);
                Ok(Received { events: without_stale(events, request.received_at), reply: String::new() })
            }
        }
    }

    /// Subscribes the account to `fields`, or at least to `needed`, so that Meta posts them to the app's webhook.
    pub(crate) async fn register_hook(&self, hook_url: &str, needed: &[&str], fields: &[&str]) -> Result<(), SendError> {
        if self.sharing != Sharing::Own {
            return Ok(());
        }
        account::subscribe(&self.graph, &self.through, hook_url, needed, fields).await
    }
}
