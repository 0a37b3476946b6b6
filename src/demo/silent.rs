//! A messenger that sends nothing anywhere: it answers as one would, also with the troubles that messengers have, and keeps
//! what it was given, so that made-up clients can answer it.

use async_trait::async_trait;
use lastword_base::time::HOUR;
use lastword_contract::{Account, Capabilities, Channel, Outgoing, Purpose, Receipt, SendError, Verdict, WindowRule};
use std::sync::{Mutex, PoisonError};

/// A messenger that sends nothing anywhere.
#[derive(Debug)]
pub struct Silent {
    kind: &'static str,
    /// What it was given, where somebody will read it.
    heard: Option<Mutex<Vec<Outgoing>>>,
}

impl Silent {
    /// One that stands in for a messenger of this kind, and answers that all went well.
    pub fn new(kind: &'static str) -> Self {
        Self { kind, heard: None }
    }

    /// One with the troubles of its kind, which keeps what it is given.
    pub fn of_the_past(kind: &'static str) -> Self {
        Self { kind, heard: Some(Mutex::default()) }
    }

    /// What it was given since the last time.
    pub fn take(&self) -> Vec<Outgoing> {
        self.heard.as_ref().map(|heard| std::mem::take(&mut *heard.lock().unwrap_or_else(PoisonError::into_inner))).unwrap_or_default()
    }

    /// What goes wrong with a question to this chat, whose number stands at the end of its name.
    fn trouble(&self, outgoing: &Outgoing) -> Option<SendError> {
        let number: u64 = outgoing.to.chat.rsplit('-').next()?.parse().ok()?;
        if !matches!(outgoing.purpose, Purpose::Question(_)) || self.heard.is_none() {
            return None;
        }
        match self.kind {
            "telegram" if number % 307 == 7 => {
                Some(SendError::new(Verdict::RecipientGone, "blocked", "403 Forbidden: bot was blocked by the user"))
            }
            "telegram" if number % 401 == 11 => Some(SendError::new(Verdict::CannotKnow, "timeout", "no answer in time")),
            "whatsapp" if number % 211 == 9 => Some(SendError::new(Verdict::Refused, "undeliverable", "131026 Message undeliverable")),
            _ => None,
        }
    }
}

#[async_trait]
impl Channel for Silent {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            binary: true,
            five_star: true,
            choices_max: 24,
            edits: true,
            comment_box: true,
            alerts: true,
            idempotent_sends: self.kind == "webchat",
            asks_at_close: self.kind == "webchat",
            window: if self.kind == "whatsapp" { WindowRule::AfterClient(24 * HOUR) } else { WindowRule::Always },
            ..Capabilities::default()
        }
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        if let Some(trouble) = self.trouble(outgoing) {
            return Err(trouble);
        }
        if let Some(heard) = &self.heard {
            heard.lock().unwrap_or_else(PoisonError::into_inner).push(outgoing.clone());
        }
        let message_id = outgoing.replaces.as_ref().unwrap_or(&outgoing.key).clone();
        Ok(Receipt { message_id: Some(message_id), moved_to: None })
    }

    async fn check(&self) -> Result<Account, SendError> {
        Ok(Account { name: "made up for the demo".to_owned(), warnings: Vec::new() })
    }
}
