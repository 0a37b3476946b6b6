//! A mailbox in memory that behaves as the engine's: once per key, in order, with numbers.

use async_trait::async_trait;
use lastword_contract::{IntakeError, Mailbox};
use lastword_webchat::{Config, WebChat, frames};
use serde_json::Value;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

pub(crate) const VISITOR: &str = "visitor0123456789";

/// What was put: connection, chat, key, frame.
type Entry = (String, String, String, Value);

#[derive(Default)]
pub(crate) struct Memory {
    entries: Mutex<Vec<Entry>>,
    puts: Mutex<Vec<(String, Value)>>,
    broken: AtomicBool,
}

impl Memory {
    pub(crate) fn broken() -> Self {
        let memory = Self::default();
        memory.set_broken(true);
        memory
    }

    pub(crate) fn set_broken(&self, broken: bool) {
        self.broken.store(broken, Ordering::SeqCst);
    }

    /// Everything that was handed over, by key: also what was refused, and what was there already.
    pub(crate) fn puts(&self) -> Vec<(String, Value)> {
        self.puts.lock().unwrap().clone()
    }

    /// The frames of one conversation as the widget gets them.
    pub(crate) fn frames(&self, connection: &str, chat: &str) -> Vec<Value> {
        let entries = self.entries.lock().unwrap();
        let mine = entries.iter().filter(|(to, visitor, _, _)| to == connection && visitor == chat);
        (1..).zip(mine).map(|(seq, (_, _, _, frame))| frames::with_seq(frame.clone(), seq)).collect()
    }
}

#[async_trait]
impl Mailbox for Memory {
    async fn put(&self, connection: &str, chat: &str, key: &str, message: Value) -> Result<(), IntakeError> {
        self.puts.lock().unwrap().push((key.to_owned(), message.clone()));
        if self.broken.load(Ordering::SeqCst) {
            return Err(IntakeError("the disk is full".to_owned()));
        }
        let mut entries = self.entries.lock().unwrap();
        if !entries.iter().any(|(to, _, known, _)| to == connection && known == key) {
            entries.push((connection.to_owned(), chat.to_owned(), key.to_owned(), message));
        }
        Ok(())
    }
}

pub(crate) fn config(origins: &[&str]) -> Config {
    Config { line: "sales".into(), origins: origins.iter().map(ToString::to_string).collect(), ..Config::default() }
}

pub(crate) fn chat_with(mailbox: Arc<Memory>) -> WebChat {
    WebChat::new("site".into(), config(&["https://shop.example"]), mailbox)
}
