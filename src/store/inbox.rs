//! Inbox: all events received, by source and event key.

use crate::sql::rows::Rows;
use crate::sql::{Sql, Statement};
use crate::{Millis, Row, StoreError, Tx, values};
use lastword_base::names::{EventKey, Source, Subject};
use serde::Serialize;
use std::collections::HashMap;

/// A received event.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// The sender: an API source, or a connection.
    pub source: Source,
    /// The sender's ID of the event.
    pub event_key: String,
    /// Kind of the event.
    pub kind: &'static str,
    /// SHA-256 of the body, to detect the same key with another body.
    pub body_hash: String,
    /// Time of receipt.
    pub received_at: Millis,
    /// Its subject.
    pub subject: Option<Subject>,
    /// Its result.
    pub disposition: Option<String>,
    /// The body, only if it could not be parsed or used.
    pub body: Option<String>,
}

impl Event {
    /// Its source and key.
    pub fn key(&self) -> EventKey {
        EventKey { source: self.source.clone(), key: self.event_key.clone() }
    }
}

/// A stored event.
#[derive(Clone, Debug)]
pub struct Seen {
    /// SHA-256 of its body; `None` if it was erased with the personal data.
    pub body_hash: Option<String>,
    /// Its subject.
    pub subject: Option<Subject>,
    /// Its result.
    pub disposition: Option<String>,
}

impl Seen {
    /// True if its body has this hash, or its own hash is unknown.
    pub fn says(&self, body_hash: &str) -> bool {
        self.body_hash.as_deref().is_none_or(|said| said == body_hash)
    }
}

#[derive(Serialize)]
struct Key<'a> {
    source: &'a Source,
    event_key: &'a str,
}

/// The stored events among `keys` (source, event key), except closes: use [`told`] for them.
pub async fn seen(tx: &mut Tx, keys: &[&EventKey]) -> Result<HashMap<EventKey, Seen>, StoreError> {
    let Statement { sql, values } = seen_statement(keys);
    read_seen(tx.fetch(sql, values).await?)
}

pub(crate) fn seen_statement(keys: &[&EventKey]) -> Statement {
    static SEEN: Sql = Sql::new(
        "SELECT i.source, i.event_key, i.body_hash, i.subject, i.disposition FROM {rows $1 r: source text, event_key text} \
         JOIN inbox i ON i.source = r.source AND i.event_key = r.event_key",
    );
    Statement::new(&SEEN, values![keyed(keys)])
}

/// The stored events of desks about sessions among `keys` (source, event key).
pub async fn told(tx: &mut Tx, keys: &[&EventKey]) -> Result<HashMap<EventKey, Seen>, StoreError> {
    let mut results = tx.fetch_together(vec![seen_statement(keys), closed_statement(keys)]).await?;
    let closed = read_seen(results.pop().unwrap_or_default())?;
    Ok(read_seen(results.pop().unwrap_or_default())?.into_iter().chain(closed).collect())
}

/// The closes among them: they are stored in their rating requests.
pub(crate) fn closed_statement(keys: &[&EventKey]) -> Statement {
    static CLOSED: Sql = Sql::new(
        "SELECT q.source, q.event_key, q.body_hash, q.id, 'kept' FROM {rows $1 r: source text, event_key text} \
         JOIN rating_request q ON {apart q.source} = r.source AND q.event_key = r.event_key",
    );
    Statement::new(&CLOSED, values![keyed(keys)])
}

fn keyed(keys: &[&EventKey]) -> Rows {
    let keys: Vec<Key<'_>> = keys.iter().map(|key| Key { source: &key.source, event_key: &key.key }).collect();
    crate::rows(&keys)
}

pub(crate) fn read_seen(rows: Vec<Row>) -> Result<HashMap<EventKey, Seen>, StoreError> {
    let mut seen = HashMap::new();
    for mut row in rows {
        let key = EventKey { source: row.name()?, key: row.text()? };
        seen.insert(
            key,
            Seen { body_hash: row.text_or_null()?, subject: row.text_or_null()?.map(Subject::from), disposition: row.text_or_null()? },
        );
    }
    Ok(seen)
}

/// Stores `events`.
///
/// # Errors
/// [`StoreError::Conflict`] if one of them was received elsewhere at the same time.
pub async fn keep(tx: &mut Tx, events: &[Event]) -> Result<(), StoreError> {
    let Statement { sql, values } = keep_statement(events);
    crate::expect_all(tx.execute(sql, values).await?, events.len())
}

pub(crate) fn keep_statement(events: &[Event]) -> Statement {
    static KEEP: Sql = Sql::new(
        "INSERT INTO inbox (source, event_key, kind, body_hash, received_at, subject, disposition, body) \
         SELECT source, event_key, kind, body_hash, received_at, subject, disposition, body \
         FROM {rows $1 r: source text, event_key text, kind text, body_hash text, received_at int, subject text, disposition text, body text}",
    );
    Statement::new(&KEEP, values![crate::rows(events)])
}

/// Deletes events received before `before`, at most `limit`: a redelivery that late counts as a new event.
pub async fn forget(tx: &mut Tx, before: Millis, limit: i64) -> Result<u64, StoreError> {
    static FORGET: Sql = Sql::new(
        "DELETE FROM inbox WHERE (source, event_key) IN \
         (SELECT source, event_key FROM inbox WHERE received_at < $1 AND (disposition IS NULL OR disposition NOT IN ('unreadable', 'failed')) \
         ORDER BY received_at, source, event_key LIMIT $2 {lock skip})",
    );
    tx.execute(&FORGET, values![before, limit]).await
}
