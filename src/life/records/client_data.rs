//! All data about one client: finding, exporting and erasing it. Counters and scores stay, and do not identify the person. A
//! returning client is new.
//!
//! The audit log records the action and its actor, and contains the client only as a one-way hash.

use crate::alert::praise;
use crate::answer::opt_out::outlive;
use crate::engine::Engine;
use crate::facts::opted_out::{on_the_list, state};
use crate::question::record_end::end_requests;
use crate::session::event_marks;
use lastword_base::names::{ChatId, ClientId, RequestId};
use lastword_domain::access::audit::{Act, By, Entry, pseudonym};
use lastword_domain::access::rights::Lines;
use lastword_domain::moment;
use lastword_domain::outcome::Outcome;
use lastword_store::access::audit;
use lastword_store::question::rating_request::{self, Ending, Progress, client_word};
use lastword_store::records::client_data::{self, FoundClient};
use lastword_store::records::personal::{self, ERASED};
use lastword_store::session::client;
use lastword_store::{Millis, StoreError, Tx, transaction};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// A shorter name occurs in many bodies by chance.
const WORD_MIN: usize = 4;

/// The clients with chats on these lines that `text` may refer to: by ID, by the desk's ID of the person, by a chat, or by name. The
/// newest first. Clients that are known only from an opt-out belong to no line, and are found with all lines.
#[lastword_base::boxed]
pub async fn find(engine: &Engine, text: &str, lines: &Lines) -> Result<Vec<FoundClient>, StoreError> {
    let named = client_word::search(&engine.db, text, lines, client_data::FOUND_MAX).await?;
    among(engine, text, named, lines).await
}

/// As [`find`] with all lines, without names: for what must not happen to a namesake.
#[lastword_base::boxed]
pub async fn find_by_id(engine: &Engine, text: &str) -> Result<Vec<FoundClient>, StoreError> {
    among(engine, text, Vec::new(), &Lines::All).await
}

async fn among(engine: &Engine, text: &str, mut ids: Vec<ClientId>, lines: &Lines) -> Result<Vec<FoundClient>, StoreError> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut chats: Vec<ChatId> = engine.channels.names().iter().map(|name| engine.channels.identity(name, text)).collect();
    chats.push(text.into());
    chats.sort_unstable();
    chats.dedup();
    ids.extend(client_data::ids_of(&engine.db, text, &chats).await?);
    let mut found = client_data::described(&engine.db, &ids, lines).await?;
    let mut names: Vec<ClientId> = found.iter().map(|client| client.id.clone()).collect();
    names.extend((!names.iter().any(|name| *name == *text)).then(|| text.into()));
    for (id, listed) in on_the_list(engine, &names).await? {
        match found.iter_mut().find(|client| client.id == id) {
            Some(client) => client.opted_out_at = Some(listed.opted_out_at),
            // A client with only an opt-out.
            None if *lines == Lines::All => {
                let (at, name) = (listed.opted_out_at, None);
                found.push(FoundClient { id, name, sessions: 0, last_at: at, opted_out_at: Some(at) });
            }
            None => {}
        }
    }
    Ok(found)
}

/// All stored data about a client, by kind; `None` if there is none. Looking is not recorded.
#[lastword_base::boxed]
pub async fn look(engine: &Engine, client: &ClientId) -> Result<Option<Map<String, Value>>, StoreError> {
    let client = &engine.channels.client(client);
    let mut all = client_data::everything(&engine.db, client).await?;
    if let Some(listed) = state(engine, client).await? {
        all.insert("opt_out".to_owned(), json!([{ "opted_out_at": listed.opted_out_at, "opted_out_by": listed.opted_out_by }]));
    }
    Ok((!all.is_empty()).then_some(all))
}

/// True if any data but an opt-out is stored about a client.
#[lastword_base::boxed]
pub async fn is_known(engine: &Engine, client: &ClientId) -> Result<bool, StoreError> {
    Ok(!client_data::everything(&engine.db, &engine.channels.client(client)).await?.is_empty())
}

/// As [`look`], for handing the data out: recorded in the audit log.
#[lastword_base::boxed]
pub async fn export(engine: &Engine, by: &By, client: &ClientId, now: Millis) -> Result<Option<Map<String, Value>>, StoreError> {
    let Some(all) = look(engine, client).await? else { return Ok(None) };
    let rows: usize = all.values().filter_map(Value::as_array).map(Vec::len).sum();
    let entry = Entry::new(Act::ClientExported, pseudonym(client)).with(&Value::Null, &json!({ "format": "json", "rows": rows }));
    transaction!(engine.db, [engine, by, entry], async |tx| { audit::write(tx, engine.ids.next(now), now, &by, &entry).await }).await?;
    let mut document = Map::new();
    document.insert("client".to_owned(), json!(client));
    document.insert("exported_at".to_owned(), json!(now));
    document.extend(all);
    let mut document = Value::Object(document);
    moment::write_out(&mut document);
    let Value::Object(document) = document else { return Ok(None) };
    Ok(Some(document))
}

/// Result of an erasure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Erased {
    /// Closes whose personal data was erased.
    pub closes: usize,
    /// Canceled open questions.
    pub canceled: usize,
    /// Erased conversations.
    pub places: usize,
}

/// Erases all data about a client; `None` if there was none.
///
/// # Errors
/// A database error; then nothing was erased.
#[lastword_base::boxed]
pub async fn erase(engine: &Engine, by: &By, client: &ClientId, now: Millis) -> Result<Option<Erased>, StoreError> {
    let client = &engine.channels.client(client);
    if client_data::everything(&engine.db, client).await?.is_empty() {
        return Ok(None);
    }
    // Read before the transaction, so that no writer waits for it.
    let names = Arc::new(client::names(&engine.db, client).await?);
    let (erased, news) = transaction!(engine.db, [engine, by, client, names], async |tx| {
        personal::hold_sessions(tx, &client).await?;
        let closes = personal::closes_of_client(tx, &client).await?;
        let ids: Vec<RequestId> = closes.clone();
        let places = personal::places_of_clients(tx, &[&client]).await?.remove(&client).unwrap_or_default();
        personal::hold(tx, &ids).await?;
        outlive(tx, &engine, &client, now).await?;
        let news = cancel(tx, &engine, &ids, now).await?;
        praise::write_anew(tx, &engine, &ids, now).await?;
        event_marks::forget(tx, &engine, &ids).await?;
        personal::take_away(tx, &ids, now).await?;
        let own = client.as_str().rsplit('/').next().unwrap_or(client.as_str());
        let words = places.iter().map(|place| place.chat.as_str()).chain([own]).filter(|word| word.len() >= WORD_MIN);
        let names: Vec<&ClientId> = names.iter().collect();
        personal::forget_client(tx, &client, &names, &places, &words.collect::<Vec<_>>()).await?;
        let heard = places.iter().map(|place| engine.channels.place(&place.connection, &place.chat));
        personal::forget_conversations(tx, heard).await?;
        let erased = Erased { closes: closes.len(), canceled: news.len(), places: places.len() };
        let entry = Entry::new(Act::ClientErased, pseudonym(&client)).with(&Value::Null, &json!(erased));
        audit::write(tx, engine.ids.next(now), now, &by, &entry).await?;
        Ok((erased, news))
    })
    .await?;
    news.into_iter().for_each(|news| engine.tell(news));
    engine.db.forget_deleted().await?;
    Ok(Some(erased))
}

/// Ends the open questions; those that arrived expire without an answer. Pending messages, including events to programs, are erased
/// with the personal data. The transaction has locked the rating requests.
async fn cancel(tx: &mut Tx, engine: &Engine, ids: &[RequestId], now: Millis) -> Result<Vec<crate::Notification>, StoreError> {
    let ending = |request: Progress| {
        let outcome = if request.was_sent { Outcome::Expired } else { Outcome::Canceled };
        Ending { id: request.id, outcome, reason: Some(ERASED.to_owned()), at: now }
    };
    let endings: Vec<Ending> = rating_request::progress(tx, ids).await?.into_iter().map(ending).collect();
    end_requests(tx, engine, &endings, now).await
}
