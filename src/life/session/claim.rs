//! A page with the web chat next to another desk's chat reports which session of that desk it shows, so that the question about it
//! finds its visitor although the desk knows no address of ours. The HTTP layer has verified the signature of the site's server.

use super::close_batch::Close;
use crate::engine::Engine;
use lastword_base::names::{ChatId, ConnectionId, Place, SessionId};
use lastword_contract::Address;
use lastword_store::session::visitor;
use lastword_store::{Millis, StoreError, Tx, transaction};
use std::sync::Arc;

/// Stores that the page of `visitor_id` shows `session_id`.
#[lastword_base::boxed]
pub async fn claim(
    engine: &Engine,
    connection: &ConnectionId,
    session_id: &SessionId,
    visitor_id: &ChatId,
    now: Millis,
) -> Result<(), StoreError> {
    transaction!(engine.db, [connection, session_id, visitor_id], async |tx| {
        visitor::claim(tx, &connection, &session_id, &visitor_id, now).await
    })
    .await
}

/// Completes closes that name a connection but no address with the address of the visitor whose page shows their session.
pub(crate) async fn find_visitors(tx: &mut Tx, engine: &Engine, closes: &mut Arc<Vec<Close>>) -> Result<(), StoreError> {
    find_addresses(tx, closes).await?;
    find_languages(tx, engine, closes).await
}

/// Uses the language of the visitor's page for closes that name none.
async fn find_languages(tx: &mut Tx, engine: &Engine, closes: &mut Arc<Vec<Close>>) -> Result<(), StoreError> {
    let visits = |name: &ConnectionId| engine.channels.get(name).is_some_and(|channel| channel.capabilities().asks_at_close);
    let visitor = |close: &Close| {
        let place = close.connection.as_ref().zip(close.address.as_ref()).filter(|_| close.language.is_none());
        place.filter(|(name, _)| visits(name)).map(|(name, to)| Place { connection: name.clone(), chat: (&to.chat).into() })
    };
    let visitors: Vec<Place> = closes.iter().filter_map(visitor).collect();
    if visitors.is_empty() {
        return Ok(());
    }
    let languages = visitor::languages(tx, &visitors).await?;
    for close in Arc::make_mut(closes) {
        if let Some(language) = visitor(close).and_then(|key| languages.get(&key)) {
            close.language = Some(language.clone());
        }
    }
    Ok(())
}

async fn find_addresses(tx: &mut Tx, closes: &mut Arc<Vec<Close>>) -> Result<(), StoreError> {
    let lost = |close: &Close| close.address.is_none() && close.connection.is_some();
    let keys: Vec<(&ConnectionId, &SessionId)> = closes
        .iter()
        .filter(|close| lost(close))
        .filter_map(|close| close.connection.as_ref().map(|connection| (connection, &close.session_id)))
        .collect();
    if keys.is_empty() {
        return Ok(());
    }
    let showing = visitor::showing(tx, &keys).await?;
    if showing.is_empty() {
        return Ok(());
    }
    for close in Arc::make_mut(closes).iter_mut().filter(|close| lost(close)) {
        let key = (close.connection.clone().unwrap_or_default(), close.session_id.clone());
        close.address = showing.get(&key).map(|chat| Address::chat(chat.as_str()));
    }
    Ok(())
}
