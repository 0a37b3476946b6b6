//! A web chat, as its endpoints see it: made by the composition, which knows the adapter.

use lastword_contract::{Inbound, Rejected};
use lastword_store::Millis;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The web chats of this node, by connection. They can change while the node runs.
#[derive(Default)]
pub struct Sites(RwLock<BTreeMap<String, Arc<dyn Site>>>);

impl Sites {
    /// The web chat of a connection.
    pub fn get(&self, connection: &str) -> Option<Arc<dyn Site>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(connection).cloned()
    }

    /// Puts a web chat in, in the place of the one of that connection.
    pub fn put(&self, connection: impl Into<String>, site: Arc<dyn Site>) {
        drop(self.0.write().unwrap_or_else(PoisonError::into_inner).insert(connection.into(), site));
    }

    /// Takes a web chat out.
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

/// A web chat as the middleware sees it: which line, which origins, whose visitor.
pub trait Site: Send + Sync {
    /// The line its sessions belong to.
    fn line(&self) -> &str;
    /// Whether it is our own chat, or only the card beside another one.
    fn own_chat(&self) -> bool;
    /// Whether pages of this origin may embed it.
    fn admits_origin(&self, origin: &str) -> bool;
    /// The texts of the widget in a language.
    fn texts(&self, language: &str) -> serde_json::Value;
    /// A token for a visitor, bound to connection and origin.
    fn mint(&self, origin: &str, visitor_id: &str, now: Millis) -> String;
    /// Whether the site's server signed that a page may show this session of another desk.
    fn admits_session(&self, session: &str, signature: &str) -> bool;
    /// The visitor whose token this is.
    fn visitor(&self, origin: &str, token: &str, now: Millis) -> Option<String>;
    /// What the widget of this visitor posted.
    ///
    /// # Errors
    /// When it cannot be read; then nothing of it is taken.
    fn receive(&self, visitor: &str, body: Vec<u8>, now: Millis) -> Result<Vec<Inbound>, Rejected>;
}
