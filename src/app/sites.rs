//! Web chats for the HTTP server.

use super::webchat::{Mode, VISITOR_HEADER, WebChat, visitor};
use crate::http::site::Site;
use crate::time::Millis;
use lastword_contract::{Channel, Headers, Inbound, RawRequest, Rejected};
use std::sync::Arc;

/// A web chat for the HTTP server.
pub struct WebChatSite {
    name: String,
    chat: Arc<WebChat>,
    key: Arc<[u8]>,
}

impl WebChatSite {
    /// Creates the web chat `name`, whose visitor tokens are signed with `key`.
    pub fn new(name: &str, chat: Arc<WebChat>, key: Arc<[u8]>) -> Self {
        Self { name: name.to_owned(), chat, key }
    }
}

impl Site for WebChatSite {
    fn line(&self) -> &str {
        &self.chat.config().line
    }

    fn own_chat(&self) -> bool {
        self.chat.config().mode == Mode::Own
    }

    fn admits_origin(&self, origin: &str) -> bool {
        self.chat.config().admits_origin(origin)
    }

    fn texts(&self, language: &str) -> serde_json::Value {
        serde_json::to_value(self.chat.config().texts_for(language)).unwrap_or_default()
    }

    fn mint(&self, origin: &str, visitor_id: &str, now: Millis) -> String {
        visitor::mint(&self.key, &self.name, origin, visitor_id, now)
    }

    fn admits_session(&self, session: &str, signature: &str) -> bool {
        self.chat.config().session_secret.as_ref().is_some_and(|secret| secret.signed(session, signature))
    }

    fn visitor(&self, origin: &str, token: &str, now: Millis) -> Option<String> {
        visitor::verify(&self.key, &self.name, origin, token, now).ok()
    }

    fn receive(&self, visitor: &str, body: Vec<u8>, now: Millis) -> Result<Vec<Inbound>, Rejected> {
        // Created here, so that no header of the browser can name another visitor.
        let headers = Headers::new([(VISITOR_HEADER, visitor)]);
        let request = RawRequest { method: "POST".to_owned(), query: String::new(), headers, body, received_at: now };
        Ok(self.chat.receive(&request)?.events)
    }
}
