//! Channel of one business phone number of the WhatsApp Cloud API.

mod account;
mod config;
mod message;
mod numbering;
mod receive;
mod template;

pub use config::{Template, Templates, WhatsAppConfig};

use crate::error::classify;
use crate::event::without_stale;
use crate::graph::Graph;
use crate::sharing::Sharing;
use crate::webhook_signature::{Verified, Verifier};
use async_trait::async_trait;
use lastword_contract::{
    Account, Address, Capabilities, Channel, Millis, Outgoing, OutsideForm, Rate, RawRequest, Receipt, Received, Rejected, SendError,
    Verdict, WindowRule,
};
use std::sync::OnceLock;

/// Customer service window: the time after a client's message in which any message may be sent.
const WINDOW: Millis = 24 * 60 * 60 * 1_000;

/// One business phone number.
pub struct WhatsApp {
    graph: Graph,
    verifier: Option<Verifier>,
    config: WhatsAppConfig,
    /// Webhook address that we set, to notice if it is changed elsewhere.
    registered: OnceLock<String>,
}

impl WhatsApp {
    /// Creates the channel of one phone number. `client` is shared by the whole program; every call has its own time limit.
    ///
    /// # Errors
    /// The problems from [`WhatsAppConfig::validate`].
    pub fn new(config: WhatsAppConfig, client: reqwest::Client) -> Result<Self, String> {
        config.validate()?;
        let (graph, verifier) = (config.access().graph(client), config.access().verifier());
        Ok(Self { graph, verifier, config, registered: OnceLock::new() })
    }

    fn links(&self) -> bool {
        self.config.sharing == Sharing::Links
    }
}

/// Omits the token, the secret and the phone number.
impl std::fmt::Debug for WhatsApp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("WhatsApp");
        shown.field("graph", &self.graph.root()).field("sharing", &self.config.sharing).finish_non_exhaustive()
    }
}

#[async_trait]
impl Channel for WhatsApp {
    fn kind(&self) -> &'static str {
        "whatsapp"
    }

    fn admit(&self, to: Address) -> Result<Address, &'static str> {
        let words = "Send the number with its country code, such as 491701234567 (or set default_country), or the client's id at this account, such as US.1349.";
        let to = Address { chat: numbering::written(&to.chat, self.config.default_country).ok_or(words)?, ..to };
        if message::recipient(&to).is_ok() { Ok(to) } else { Err(words) }
    }

    fn identity(&self, address: &Address) -> String {
        numbering::identity(&address.chat)
    }

    fn capabilities(&self) -> Capabilities {
        let receives = !self.links();
        Capabilities {
            binary: true,
            five_star: true,
            text_max: Some(if receives { message::BODY_MAX } else { message::TEXT_MAX }),
            choices_max: message::ROWS_MAX,
            label_max: receives.then_some(message::ROW_TITLE_MAX),
            free_text: receives,
            reactions: receives,
            // Edits are only posted for numbers that are also used in the Business app.
            edits_seen: receives,
            deletions_seen: receives,
            links: self.links(),
            templates: self.config.asked_outside_window(),
            // A template's buttons need a webhook, so with links there is nothing to set up.
            outside_form: receives.then_some(OutsideForm::Template),
            proof_of_delivery: receives,
            window: WindowRule::AfterClient(WINDOW),
            rate: Rate {
                per_second: self.config.per_second,
                burst: self.config.burst,
                per_chat_ms: self.config.per_chat_ms,
                ..Rate::default()
            },
            ..Capabilities::default()
        }
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        let body = message::body(&self.config, outgoing)?;
        let sent = self.graph.post(&format!("{}/messages", self.config.phone_number_id), &body).await;
        let answer = sent.map_err(|failure| classify(&failure, &self.graph, Some(&outgoing.to)))?;
        let id = answer.pointer("/messages/0/id").and_then(serde_json::Value::as_str);
        let id = id.ok_or_else(|| SendError::new(Verdict::CannotKnow, "garbled_answer", "the answer names no message"))?;
        // WhatsApp writes some numbers differently from people (`numbering`), and clients answer from that form. The
        // receipt reports it; the engine treats both as one client, and moves open questions and the conversation's window.
        let known_as = answer.pointer("/contacts/0/wa_id").and_then(serde_json::Value::as_str);
        let moved = known_as.filter(|known| !message::is_scoped_id(&outgoing.to.chat) && *known != outgoing.to.chat);
        let moved_to = moved.map(|known| Address { chat: known.to_owned(), ..outgoing.to.clone() });
        Ok(Receipt { message_id: Some(id.to_owned()), moved_to })
    }

    fn receive(&self, request: &RawRequest) -> Result<Received, Rejected> {
        match self.verifier.as_ref().ok_or(Rejected::NotHere)?.verify(request)? {
            Verified::Handshake(received) => Ok(received),
            Verified::Signed(body) => {
                let events = receive::events(&body, &self.config.phone_number_id);
                Ok(Received { events: without_stale(events, request.received_at), reply: String::new() })
            }
        }
    }

    async fn check(&self) -> Result<Account, SendError> {
        account::check(&self.graph, &self.config, self.registered.get().map(String::as_str)).await
    }

    /// Points this number's webhook at us, unless it already leads to another program.
    async fn register_hook(&self, hook_url: &str) -> Result<(), SendError> {
        if self.config.sharing != Sharing::Own {
            return Ok(());
        }
        account::register_hook(&self.graph, &self.config, hook_url).await?;
        self.registered.get_or_init(|| hook_url.to_owned());
        Ok(())
    }
}
