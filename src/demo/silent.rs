//! A messenger that sends nothing: it responds like a real one, including failures, and records messages, so that made-up
//! clients can answer them.

use async_trait::async_trait;
use lastword_base::time::HOUR;
use lastword_contract::{Account, Capabilities, Channel, Outgoing, Purpose, Receipt, SendError, Verdict, WindowRule};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// A messenger that sends nothing.
#[derive(Debug)]
pub struct Silent {
    kind: &'static str,
    /// Recorded messages, if they are read later.
    heard: Option<Mutex<Vec<Outgoing>>>,
    /// True if the platform refuses the connection at the next message.
    fails: AtomicBool,
}

impl Silent {
    /// Creates a stand-in for a messenger of this kind, which always succeeds.
    pub fn new(kind: &'static str) -> Self {
        Self { kind, heard: None, fails: AtomicBool::new(false) }
    }

    /// Creates one with the failures of its kind, which records messages.
    pub fn of_the_past(kind: &'static str) -> Self {
        Self { heard: Some(Mutex::default()), ..Self::new(kind) }
    }

    /// Creates one whose platform refuses the connection at the next message, and accepts it again afterwards.
    pub fn failing(kind: &'static str) -> Self {
        Self { fails: AtomicBool::new(true), ..Self::new(kind) }
    }

    /// Messages recorded since the last call.
    pub fn take(&self) -> Vec<Outgoing> {
        self.heard.as_ref().map(|heard| std::mem::take(&mut *heard.lock().unwrap_or_else(PoisonError::into_inner))).unwrap_or_default()
    }

    /// The failure of a question to this chat, chosen by the number at the end of the chat's name.
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
            // Visitors of the demo may reply to old ratings, too.
            window: if self.kind == "whatsapp" && self.heard.is_some() { WindowRule::AfterClient(24 * HOUR) } else { WindowRule::Always },
            ..Capabilities::default()
        }
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        if self.fails.swap(false, Ordering::Relaxed) {
            return Err(SendError::new(Verdict::ConnectionBroken, "invalid_token", "the token has expired"));
        }
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
        Ok(Account { name: "made up for the demo".to_owned(), ..Account::default() })
    }
}
