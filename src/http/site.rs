//! A web chat as its endpoints see it. The composition, which knows the adapter, provides it.

use lastword_contract::{Inbound, Rejected};
use lastword_store::Millis;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The web chats of this node by connection. They can change while the node runs.
#[derive(Default)]
pub struct Sites(RwLock<BTreeMap<String, Arc<dyn Site>>>);

impl Sites {
    /// The web chat of a connection.
    pub fn get(&self, connection: &str) -> Option<Arc<dyn Site>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(connection).cloned()
    }

    /// Adds or replaces the web chat of a connection.
    pub fn put(&self, connection: impl Into<String>, site: Arc<dyn Site>) {
        drop(self.0.write().unwrap_or_else(PoisonError::into_inner).insert(connection.into(), site));
    }

    /// Removes a web chat.
    pub fn remove(&self, connection: &str) {
        drop(self.0.write().unwrap_or_else(PoisonError::into_inner).remove(connection));
    }

    /// The connections that are web chats.
    pub fn names(&self) -> Vec<String> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }
}

impl std::fmt::Debug for Sites {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Sites").field(&self.names()).finish()
    }
}

/// A web chat: its line, permitted origins, tokens and messages.
pub trait Site: Send + Sync {
    /// The line of its sessions.
    fn line(&self) -> &str;
    /// True if it is our own chat, false if it is only the rating card beside another chat.
    fn own_chat(&self) -> bool;
    /// True if pages of this origin may embed it.
    fn admits_origin(&self, origin: &str) -> bool;
    /// The texts of the widget in a language.
    fn texts(&self, language: &str) -> serde_json::Value;
    /// Issues a token for a visitor, bound to the connection and origin.
    fn mint(&self, origin: &str, visitor_id: &str, now: Millis) -> String;
    /// True if the site's server signed that a page may show this session of another desk.
    fn admits_session(&self, session: &str, signature: &str) -> bool;
    /// The visitor with this token; `None` if the token is invalid.
    fn visitor(&self, origin: &str, token: &str, now: Millis) -> Option<String>;
    /// Parses what the widget of this visitor posted.
    ///
    /// # Errors
    /// If it cannot be parsed; nothing of it is accepted.
    fn receive(&self, visitor: &str, body: Vec<u8>, now: Millis) -> Result<Vec<Inbound>, Rejected>;
}
