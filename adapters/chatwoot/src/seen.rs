//! Closes that this process has read. A later close of the same conversation comes after them, whatever its notes say.

use lastword_contract::Millis;
use std::collections::HashMap;
use tokio::sync::Mutex;

/// Maximum number of conversations; then all are dropped. About two megabytes.
const SESSIONS_MAX: usize = 20_000;

/// Times of closes by conversation, taken from their notes. After a restart this is empty, and earlier closes are only
/// known from the notes and the messages after them.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<HashMap<String, Vec<Millis>>>);

impl Seen {
    /// Known closes of a conversation.
    pub(crate) async fn of(&self, session: &str) -> Vec<Millis> {
        self.0.lock().await.get(session).cloned().unwrap_or_default()
    }

    /// Records a close.
    pub(crate) async fn add(&self, session: &str, closed_at: Millis) {
        let mut seen = self.0.lock().await;
        if seen.len() >= SESSIONS_MAX && !seen.contains_key(session) {
            seen.clear();
        }
        let closes = seen.entry(session.to_owned()).or_default();
        if !closes.contains(&closed_at) {
            closes.push(closed_at);
        }
    }
}
