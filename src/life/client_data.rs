//! Everything about one client: found, handed out, or erased. Counters and scores stay after that, and say nothing of the
//! person; who comes back is new.
//!
//! The trail of changes says that it was done and by whom, and names the client by a sum from which nobody gets back.

use super::engine::Engine;
use super::record_end::end_requests;
use crate::domain::audit::{Act, By, Entry};
use crate::domain::moment;
use crate::domain::outcome::Outcome;
use crate::store::client_data::{self, FoundClient};
use crate::store::rating_request::{self, Ending};
use crate::store::{Millis, StoreError, Tx, audit, delivery, personal};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// Why the open questions of an erased client ended.
const ERASED: &str = "erased";
/// A word this short stands in many bodies by chance.
const WORD_MIN: usize = 4;

/// The clients that `text` may mean: an id, the desk's own id of the person, or a chat they were talked to in. The newest
/// first.
///
/// # Errors
/// The database's error.
pub async fn find(engine: &Engine, text: &str) -> Result<Vec<FoundClient>, StoreError> {
    if text.is_empty() { Ok(Vec::new()) } else { client_data::find(&engine.db, text).await }
}

/// Everything held about a client, by kind; none where nothing is held. Nothing is written down of a mere look.
///
/// # Errors
/// The database's error.
pub async fn look(engine: &Engine, client: &str) -> Result<Option<Map<String, Value>>, StoreError> {
    let all = client_data::everything(&engine.db, client).await?;
    Ok((!all.is_empty()).then_some(all))
}

/// As [`look`], for somebody to take with them: that goes into the trail of changes.
///
/// # Errors
/// The database's error.
pub async fn export(engine: &Engine, by: &By, client: &str, now: Millis) -> Result<Option<Map<String, Value>>, StoreError> {
    let Some(all) = look(engine, client).await? else { return Ok(None) };
    let (steps, by) = (engine.clone(), by.clone());
    let rows: usize = all.values().filter_map(Value::as_array).map(Vec::len).sum();
    let entry = Entry::new(Act::ClientExported, &pseudonym(client)).with(&Value::Null, &json!({ "format": "json", "rows": rows }));
    engine
        .db
        .write(move |tx| {
            let (engine, by, entry) = (steps.clone(), by.clone(), entry.clone());
            Box::pin(async move { audit::write(tx, &engine.ids.next(now), now, &by, &entry).await })
        })
        .await?;
    let mut document = Map::new();
    document.insert("client".to_owned(), json!(client));
    document.insert("exported_at".to_owned(), json!(now));
    document.extend(all);
    let mut document = Value::Object(document);
    moment::write_out(&mut document);
    let Value::Object(document) = document else { return Ok(None) };
    Ok(Some(document))
}

/// What was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Erased {
    /// Closes that lost their personal data.
    pub closes: usize,
    /// Open questions that were canceled.
    pub canceled: usize,
    /// Places where the client was talked to.
    pub places: usize,
}

/// Erases everything about a client; none where nothing was held.
///
/// # Errors
/// The database's error; then nothing was erased.
pub async fn erase(engine: &Engine, by: &By, client: &str, now: Millis) -> Result<Option<Erased>, StoreError> {
    if look(engine, client).await?.is_none() {
        return Ok(None);
    }
    let (steps, by, id) = (engine.clone(), by.clone(), client.to_owned());
    let (erased, news) = engine
        .db
        .write(move |tx| {
            let (engine, by, client) = (steps.clone(), by.clone(), id.clone());
            Box::pin(async move {
                let closes = personal::closes_of_client(tx, &client).await?;
                let ids: Vec<&str> = closes.iter().map(String::as_str).collect();
                let places = personal::places_of_client(tx, &client).await?;
                let news = cancel(tx, &engine, &ids, now).await?;
                personal::take_away(tx, &ids, now).await?;
                let own = client.rsplit('/').next().unwrap_or(&client);
                let words = places.iter().map(|place| place.chat.as_str()).chain([own]).filter(|word| word.len() >= WORD_MIN);
                personal::forget_client(tx, &client, &places, &words.collect::<Vec<_>>()).await?;
                let erased = Erased { closes: closes.len(), canceled: news.len(), places: places.len() };
                let entry = Entry::new(Act::ClientErased, &pseudonym(&client)).with(&Value::Null, &json!(erased));
                audit::write(tx, &engine.ids.next(now), now, &by, &entry).await?;
                Ok::<_, StoreError>((erased, news))
            })
        })
        .await?;
    news.into_iter().for_each(|news| engine.tell(news));
    engine.db.forget_deleted().await?;
    Ok(Some(erased))
}

/// Ends the open questions, and takes back everything that was still to leave about any of these closes.
async fn cancel(tx: &mut Tx, engine: &Engine, ids: &[&str], now: Millis) -> Result<Vec<super::News>, StoreError> {
    let open = rating_request::hold(tx, ids).await?.into_iter().filter(|request| request.outcome.is_none());
    let endings: Vec<Ending> = open
        .map(|request| Ending { id: request.id, outcome: Outcome::Canceled.as_str(), reason: Some(ERASED.to_owned()), at: now })
        .collect();
    let news = end_requests(tx, engine, &endings, now).await?;
    // Also the word to programs that it ended: it would carry what is erased.
    delivery::cancel(tx, ids, &["ask", "reminder", "settle", "alert", "event"], ERASED, now).await?;
    Ok(news)
}

/// What the trail calls a client: the same for the same one, and no way back.
pub fn pseudonym(client: &str) -> String {
    hex::encode(&Sha256::digest(format!("erased client {client}").as_bytes())[..8])
}
