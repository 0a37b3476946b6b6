//! The sender chooses the keys of events, so they may hold a client's number or name. When a client is erased, an unreadable mark
//! replaces each key. The same event of a desk is still recognized by it; an answer is not authentic once its question is erased.

use crate::sql::Sql;
use crate::{Row, StoreError, Tx, values};
use lastword_base::names::{EventKey, RequestId, Source};
use serde::Serialize;

/// The prefix of every mark.
pub const MARKED: &str = "erased:";

/// The key of an event, and the mark that takes its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct EventName {
    /// The sender.
    pub source: Source,
    /// Its key.
    pub event_key: String,
    /// The mark.
    pub mark: String,
}

/// The keys of all events of the sessions of these closes and of the answers to their questions that have no mark yet: source and key.
pub async fn of_closes(tx: &mut Tx, requests: &[RequestId]) -> Result<Vec<EventKey>, StoreError> {
    static KEYS: Sql = Sql::new(
        "SELECT q.source, q.event_key FROM rating_request q WHERE q.id {among $1} AND q.event_key IS NOT NULL \
         UNION SELECT e.source, e.event_key FROM rating_request q JOIN session_event e ON e.source = q.source AND e.session_id = q.session_id \
         WHERE q.id {among $1} UNION SELECT a.source, a.event_key FROM answer_event a WHERE a.request_id {among $1} ORDER BY 1, 2",
    );
    let mut rows = tx.fetch(&KEYS, values![crate::ids(requests)]).await?;
    let read = |row: &mut Row| Ok(EventKey { source: row.name()?, key: row.text()? });
    let keys: Vec<EventKey> = rows.iter_mut().map(read).collect::<Result<_, StoreError>>()?;
    Ok(keys.into_iter().filter(|event| !event.key.starts_with(MARKED)).collect())
}

/// Replaces these keys with their marks: in the closes, in the events of their sessions, in the answers, and in the inbox.
pub async fn forget(tx: &mut Tx, requests: &[RequestId], names: &[EventName]) -> Result<(), StoreError> {
    static CLOSES: Sql = Sql::new(
        "UPDATE rating_request SET event_key = r.mark FROM {rows $2 r: source text, event_key text, mark text} \
         WHERE rating_request.id {among $1} AND rating_request.source = r.source AND rating_request.event_key = r.event_key",
    );
    static STORY: Sql = Sql::new(
        "UPDATE session_event SET event_key = r.mark FROM {rows $2 r: source text, event_key text, mark text}, rating_request q \
         WHERE q.id {among $1} AND session_event.source = q.source AND session_event.session_id = q.session_id \
         AND session_event.source = r.source AND session_event.event_key = r.event_key",
    );
    static ANSWERS: Sql = Sql::new(
        "UPDATE answer_event SET event_key = r.mark FROM {rows $2 r: source text, event_key text, mark text} \
         WHERE answer_event.request_id {among $1} AND answer_event.source = r.source AND answer_event.event_key = r.event_key",
    );
    static INBOX: Sql = Sql::new(
        "UPDATE inbox SET event_key = r.mark FROM {rows $1 r: source text, event_key text, mark text} \
         WHERE inbox.source = r.source AND inbox.event_key = r.event_key",
    );
    if names.is_empty() {
        return Ok(());
    }
    let rows = crate::rows(names);
    tx.execute(&CLOSES, values![crate::ids(requests), &rows]).await?;
    tx.execute(&STORY, values![crate::ids(requests), &rows]).await?;
    tx.execute(&ANSWERS, values![crate::ids(requests), &rows]).await?;
    tx.execute(&INBOX, values![&rows]).await.map(drop)
}
