//! Everything a client did about a rating request: the history that is never rewritten.

pub mod held;
pub mod own_ratings;
pub mod rating;
pub mod rating_edit;
pub mod signal;

use super::{Db, Millis, Row, StoreError, Tx, sql::Sql};
use crate::values;
use serde::Serialize;

/// One thing a client did.
#[derive(Clone, Debug, Serialize)]
pub struct AnswerEvent {
    /// Its id.
    pub id: String,
    /// The rating request.
    pub request_id: String,
    /// Where it came from: a connection.
    pub source: String,
    /// The platform's id of the event.
    pub event_key: String,
    /// `score`, `reason`, `resolved` or `comment`.
    pub kind: String,
    /// The value.
    pub value: String,
    /// The platform's order.
    pub order_key: i64,
    /// When it reached us.
    pub received_at: Millis,
    /// What became of it.
    pub disposition: String,
}

/// Keeps what clients did.
///
/// # Errors
/// The database's error.
pub async fn keep(tx: &mut Tx, events: &[AnswerEvent]) -> Result<(), StoreError> {
    static KEEP: Sql = Sql::new(
        "INSERT INTO answer_event (id, request_id, source, event_key, kind, value, order_key, received_at, disposition) \
         SELECT id, request_id, source, event_key, kind, value, order_key, received_at, disposition \
         FROM {rows $1 r: id text, request_id text, source text, event_key text, kind text, value text, order_key int, received_at int, \
         disposition text} WHERE true ON CONFLICT DO NOTHING",
    );
    if events.is_empty() {
        return Ok(());
    }
    tx.execute(&KEEP, values![super::rows(events)]).await.map(drop)
}

/// What a client did about these rating requests, in the order it arrived.
///
/// # Errors
/// The database's error.
pub async fn about(db: &Db, requests: &[&str]) -> Result<Vec<AnswerEvent>, StoreError> {
    #[derive(Serialize)]
    struct Id<'a> {
        id: &'a str,
    }
    static ABOUT: Sql = Sql::new(
        "SELECT a.id, a.request_id, a.source, a.event_key, a.kind, a.value, a.order_key, a.received_at, a.disposition FROM answer_event a \
         WHERE a.request_id {among $1} ORDER BY a.id LIMIT 5000",
    );
    let read = |row: &mut Row| {
        Ok(AnswerEvent {
            id: row.text()?,
            request_id: row.text()?,
            source: row.text()?,
            event_key: row.text()?,
            kind: row.text()?,
            value: row.text()?,
            order_key: row.int()?,
            received_at: row.int()?,
            disposition: row.text()?,
        })
    };
    let ids: Vec<Id<'_>> = requests.iter().map(|&id| Id { id }).collect();
    db.read(&ABOUT, values![super::rows(&ids)]).await?.iter_mut().map(read).collect()
}
