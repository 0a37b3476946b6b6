//! Opens the windows of conversations in which clients wrote. Questions waiting there get the new end, and those that were to be
//! sent outside the window are sent inside it.

use crate::engine::Engine;
use crate::engine::channels::{Channels, window_fact};
use lastword_base::names::{ChatId, ConnectionId, Place};
use lastword_contract::Address;
use lastword_store::question::delivery::Window;
use lastword_store::session::conversation::{self, ConversationUpdate, Known};
use lastword_store::{Millis, StoreError, Tx};
use std::collections::{BTreeSet, HashMap};

/// State of the conversations with these connections and chats, by [`Channels::place`].
pub(crate) async fn known<'a>(
    tx: &mut Tx,
    channels: &Channels,
    places: impl IntoIterator<Item = (&'a ConnectionId, ChatId)>,
) -> Result<HashMap<Place, Known>, StoreError> {
    let keys: BTreeSet<Place> = places.into_iter().map(|(connection, chat)| channels.place(connection, chat)).collect();
    let keys: Vec<Place> = keys.into_iter().collect();
    if keys.is_empty() { Ok(HashMap::new()) } else { conversation::load(tx, &keys).await }
}

/// Stores what channels reported about conversations, once for each, with the sender. Returns their windows.
pub(crate) async fn learn(
    tx: &mut Tx,
    engine: &Engine,
    heard: Vec<(Address, ConversationUpdate)>,
    now: Millis,
) -> Result<Vec<Window>, StoreError> {
    let (by, news): (Vec<Address>, Vec<ConversationUpdate>) = heard.into_iter().unzip();
    let known = conversation::learn(tx, &news).await?;
    let window = |(by, news): (&Address, &ConversationUpdate)| {
        news.last_client_message_at.or(news.window_expires_at)?;
        let channel = engine.channels.get(&news.connection)?;
        let known = known.get(&Place { connection: news.connection.clone(), chat: news.identity.clone() })?;
        let fact = window_fact(channel.as_ref(), by, known.last_client_message_at, known.window_expires_at, now);
        Some(Window { connection: news.connection.clone(), chat: news.identity.clone(), closes_at: fact.closes_at()? })
    };
    Ok(by.iter().zip(&news).filter_map(window).collect())
}
