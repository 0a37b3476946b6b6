//! The mailbox of web chats: the engine's own tables.

use crate::life::engine::notifications::Notification;
use crate::life::session::web_chat;
use crate::store::Db;
use crate::time::Clock;
use async_trait::async_trait;
use lastword_contract::{IntakeError, Mailbox};
use std::sync::Arc;
use tokio::sync::broadcast;

/// The mailbox of web chats.
pub struct EngineMailbox {
    db: Db,
    news: broadcast::Sender<Notification>,
    clock: Arc<dyn Clock>,
}

impl EngineMailbox {
    /// Creates a mailbox in `db` that wakes readers through `news`.
    pub fn new(db: Db, news: broadcast::Sender<Notification>, clock: Arc<dyn Clock>) -> Self {
        Self { db, news, clock }
    }
}

#[async_trait]
impl Mailbox for EngineMailbox {
    async fn put(&self, connection: &str, chat: &str, key: &str, message: serde_json::Value) -> Result<(), IntakeError> {
        let (connection, chat) = (connection.into(), chat.into());
        let put = web_chat::put(&self.db, &self.news, &connection, &chat, key, &message, self.clock.now());
        put.await.map_err(|error| IntakeError(error.to_string()))
    }
}
