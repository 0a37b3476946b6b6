//! Signs that an answer by link came from a program: what they are found by, and where they are kept.

use crate::store::sql::Sql;
use crate::store::{Db, Millis, Row, StoreError, Tx};
use crate::values;
use serde::Serialize;

/// A sign about a rating request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerSignal {
    /// The rating request.
    pub request_id: String,
    /// `too_soon` or `every_score`.
    pub kind: String,
    /// When it was first seen.
    pub noticed_at: Millis,
}

/// A score that was given by link.
#[derive(Clone, Debug)]
pub struct GivenByLink {
    /// The rating request.
    pub request_id: String,
    /// The score, as the answer's value.
    pub value: String,
    /// When it reached us.
    pub received_at: Millis,
}

/// The scores of these rating requests whose events' keys begin with `prefix`, whatever became of them.
///
/// # Errors
/// The database's error.
pub async fn given_by_link(tx: &mut Tx, requests: &[&str], prefix: &str) -> Result<Vec<GivenByLink>, StoreError> {
    static GIVEN: Sql = Sql::new(
        "SELECT a.request_id, a.value, a.received_at FROM answer_event a WHERE a.kind = 'score' AND a.event_key LIKE $2 \
         AND a.request_id IN (SELECT r.id FROM {rows $1 r: id text}) ORDER BY a.id LIMIT 5000",
    );
    let read = |row: &mut Row| Ok(GivenByLink { request_id: row.text()?, value: row.text()?, received_at: row.int()? });
    tx.fetch(&GIVEN, values![crate::store::ids(requests), format!("{prefix}%")]).await?.iter_mut().map(read).collect()
}

/// When the question of these rating requests first left us.
///
/// # Errors
/// The database's error.
pub async fn asked_at(tx: &mut Tx, requests: &[&str]) -> Result<Vec<(String, Millis)>, StoreError> {
    static ASKED: Sql = Sql::new(
        "SELECT d.subject, min(d.intent_at) FROM delivery d WHERE d.kind IN ('ask', 'reminder') AND d.intent_at IS NOT NULL \
         AND d.subject IN (SELECT r.id FROM {rows $1 r: id text}) GROUP BY d.subject",
    );
    tx.fetch(&ASKED, values![crate::store::ids(requests)]).await?.iter_mut().map(|row| Ok((row.text()?, row.int()?))).collect()
}

/// Keeps signs; one that is known stays as it is.
///
/// # Errors
/// The database's error.
pub async fn keep(tx: &mut Tx, signals: &[AnswerSignal]) -> Result<(), StoreError> {
    static KEEP: Sql = Sql::new(
        "INSERT INTO answer_signal (request_id, kind, noticed_at) SELECT request_id, kind, noticed_at \
         FROM {rows $1 r: request_id text, kind text, noticed_at int} WHERE true ON CONFLICT DO NOTHING",
    );
    if signals.is_empty() {
        return Ok(());
    }
    tx.execute(&KEEP, values![crate::store::rows(signals)]).await.map(drop)
}

/// The signs about these rating requests.
///
/// # Errors
/// The database's error.
pub async fn about(db: &Db, requests: &[&str]) -> Result<Vec<AnswerSignal>, StoreError> {
    static ABOUT: Sql = Sql::new(
        "SELECT s.request_id, s.kind, s.noticed_at FROM answer_signal s \
         WHERE s.request_id IN (SELECT r.id FROM {rows $1 r: id text}) ORDER BY s.request_id, s.kind",
    );
    let read = |row: &mut Row| Ok(AnswerSignal { request_id: row.text()?, kind: row.text()?, noticed_at: row.int()? });
    db.read(&ABOUT, values![crate::store::ids(requests)]).await?.iter_mut().map(read).collect()
}
