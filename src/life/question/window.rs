//! The client wrote: the window of their conversation is open from then on. Questions that wait to leave there get the new
//! end, and one that was to go outside the window goes inside it.

use crate::domain::question::window::MARGIN;
use crate::life::connection::channels::window_fact;
use crate::life::engine::Engine;
use crate::store::question::delivery;
use crate::store::session::conversation::{self, ConversationUpdate};
use crate::store::{Millis, StoreError, Tx};
use lastword_contract::Address;

/// Keeps what a channel told of a conversation, and moves the windows of what waits to leave there.
///
/// # Errors
/// The database's error.
pub(crate) async fn learn(tx: &mut Tx, engine: &Engine, by: &Address, news: &ConversationUpdate, now: Millis) -> Result<(), StoreError> {
    // Clocks differ: a client has not written later than now.
    let heard = |at: Option<Millis>| at.map(|at| at.min(now));
    let news = &ConversationUpdate {
        last_client_message_at: heard(news.last_client_message_at),
        last_words_at: heard(news.last_words_at),
        ..news.clone()
    };
    let known = conversation::learn(tx, news).await?;
    if news.last_client_message_at.is_none() && news.window_expires_at.is_none() {
        return Ok(());
    }
    let Some(channel) = engine.channels.get(&news.connection) else { return Ok(()) };
    let window = window_fact(channel.as_ref(), by, known.last_client_message_at, known.window_expires_at, now);
    match window.closes_at() {
        Some(closes_at) => delivery::move_window(tx, &news.connection, &news.chat, closes_at, MARGIN).await.map(drop),
        None => Ok(()),
    }
}
