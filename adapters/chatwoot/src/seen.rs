//! Closes that this process has read. A later close of the same conversation begins behind them, whatever their notes say.

use lastword_contract::Millis;
use std::collections::HashMap;
use tokio::sync::Mutex;

/// How many conversations are remembered before all are forgotten: a megabyte or two.
const SESSIONS_MAX: usize = 20_000;

/// Times of closes, as their notes have them, by conversation. After a restart nothing is known of earlier ones, and only their
/// notes and what follows them tell of them.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<HashMap<String, Vec<Millis>>>);

impl Seen {
    /// The closes of a conversation.
    pub(crate) async fn of(&self, session: &str) -> Vec<Millis> {
        self.0.lock().await.get(session).cloned().unwrap_or_default()
    }

    /// Remembers a close.
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
