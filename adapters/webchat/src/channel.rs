//! The channel: a message to a visitor is a frame in the visitor's mailbox.

use crate::config::Config;
use crate::frames::ServerFrame;
use crate::receive;
use async_trait::async_trait;
use lastword_contract::{
    Account, Capabilities, Channel, Mailbox, Outgoing, Rate, RawRequest, Receipt, Received, Rejected, SendError, TextLimit, Verdict,
    WindowRule,
};
use std::sync::Arc;

const TEXT_CHARS_MAX: usize = 4_000;
/// Maximum choices: five scores, or some reasons with "was it resolved?".
const CHOICES_MAX: usize = 24;

/// One web chat.
pub struct WebChat {
    name: String,
    config: Config,
    mailbox: Arc<dyn Mailbox>,
}

impl WebChat {
    /// Creates the web chat of the connection `name`. The caller validates `config`.
    pub fn new(name: String, config: Config, mailbox: Arc<dyn Mailbox>) -> Self {
        Self { name, config, mailbox }
    }

    /// The connection's settings.
    pub fn config(&self) -> &Config {
        &self.config
    }
}

impl std::fmt::Debug for WebChat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebChat").field("name", &self.name).field("line", &self.config.line).finish_non_exhaustive()
    }
}

#[async_trait]
impl Channel for WebChat {
    fn kind(&self) -> &'static str {
        "webchat"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            binary: true,
            five_star: true,
            text_max: Some(TextLimit::Chars(TEXT_CHARS_MAX)),
            choices_max: CHOICES_MAX,
            label_max: None,
            edits: true,
            comment_box: true,
            free_text: true,
            reactions: false,
            edits_seen: false,
            deletions_seen: false,
            links: false,
            footer: false,
            templates: &[],
            template_window: WindowRule::Always,
            outside_form: None,
            native_form: &[],
            alerts: true,
            parts: false,
            chats_apart: false,
            events: false,
            asks_at_close: true,
            idempotent_sends: true,
            proof_of_delivery: false,
            window: WindowRule::Always,
            // The mailbox is local, so no rate limit is needed.
            rate: Rate::default(),
        }
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        let Some(mut frame) = ServerFrame::of(outgoing) else {
            return Err(SendError::new(Verdict::Refused, "not_for_people", "A web chat shows messages to people; it carries no events."));
        };
        if outgoing.to.chat.is_empty() {
            return Err(SendError::new(Verdict::Refused, "no_visitor", "The address names no visitor."));
        }
        if outgoing.choices.len() > CHOICES_MAX {
            return Err(SendError::new(Verdict::Refused, "too_many_choices", format!("A web chat shows at most {CHOICES_MAX} choices.")));
        }
        frame.shorten(TextLimit::Chars(TEXT_CHARS_MAX));
        match self.mailbox.put(&self.name, &outgoing.to.chat, &outgoing.key, frame.to_value()).await {
            // A settle keeps the question's ID, so that a later settle finds it.
            Ok(()) => Ok(Receipt { message_id: Some(outgoing.replaces.as_ref().unwrap_or(&outgoing.key).clone()), moved_to: None }),
            // Writing again with the same key is harmless, so it does not matter if the first write succeeded.
            Err(error) => Err(SendError::new(Verdict::RetryBackoff, "mailbox_unavailable", error.to_string())),
        }
    }

    fn receive(&self, request: &RawRequest) -> Result<Received, Rejected> {
        receive::read(request)
    }

    async fn check(&self) -> Result<Account, SendError> {
        let plain =
            self.config.plain_origins().map(|origin| format!("{origin} is not encrypted: visitors' messages can be read on the way."));
        Ok(Account { name: self.name.clone(), notes: plain.collect(), ..Account::default() })
    }
}
