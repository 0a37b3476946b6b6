//! A messenger that sends nothing anywhere: it keeps what it was given, so that made-up clients can answer it.

use async_trait::async_trait;
use lastword_contract::{Account, Capabilities, Channel, Outgoing, Receipt, SendError};
use std::sync::{Mutex, PoisonError};

/// A messenger that sends nothing anywhere.
#[derive(Debug)]
pub(super) struct Silent {
    kind: &'static str,
    heard: Mutex<Vec<Outgoing>>,
}

impl Silent {
    /// One that stands in for a messenger of this kind.
    pub(super) fn new(kind: &'static str) -> Self {
        Self { kind, heard: Mutex::default() }
    }

    /// What it was given since the last time.
    pub(super) fn take(&self) -> Vec<Outgoing> {
        std::mem::take(&mut *self.heard.lock().unwrap_or_else(PoisonError::into_inner))
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
            idempotent_sends: true,
            ..Capabilities::default()
        }
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<Receipt, SendError> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).push(outgoing.clone());
        let message_id = outgoing.replaces.as_ref().unwrap_or(&outgoing.key).clone();
        Ok(Receipt { message_id: Some(message_id), moved_to: None })
    }

    async fn check(&self) -> Result<Account, SendError> {
        Ok(Account::default())
    }
}
