//! Signs that an answer by link came from a program: the data for finding them, and their table.

use crate::sql::table::table;
use crate::sql::{Sql, Statement};
use crate::{Db, Millis, Row, StoreError, values};
use lastword_base::names::RequestId;
use lastword_domain::answer::Disposition;
use lastword_domain::answer::scanner::Signal;
use serde::Serialize;
use std::collections::HashMap;

table! {
    /// A sign about a rating request.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    pub struct AnswerSignal = columns!(answer_signal s) {
        /// The rating request.
        request_id: RequestId,
        /// The sign.
        kind: Signal,
        /// Time when it was first noticed.
        noticed_at: Millis,
    }
}

/// A score that was given by link.
#[derive(Clone, Debug)]
pub struct GivenByLink {
    /// The rating request.
    pub request_id: RequestId,
    /// The score, as the answer's value.
    pub value: String,
    /// The event's key.
    pub event_key: String,
    /// The event's result.
    pub disposition: Disposition,
    /// Time of receipt.
    pub received_at: Millis,
}

/// The scores of these rating requests whose event keys begin with `prefix`, with any disposition.
pub(super) fn given_statement(requests: &[RequestId], prefix: &str) -> Statement {
    static GIVEN: Sql = Sql::new(
        "SELECT a.request_id, a.value, a.event_key, a.disposition, a.received_at FROM answer_event a WHERE a.kind = 'score' AND a.event_key LIKE $2 \
         AND a.request_id IN (SELECT r.id FROM {rows $1 r: id text}) ORDER BY a.id LIMIT 5000",
    );
    Statement::new(&GIVEN, values![crate::ids(requests), format!("{prefix}%")])
}

pub(super) fn read_given(mut rows: Vec<Row>) -> Result<Vec<GivenByLink>, StoreError> {
    let read = |row: &mut Row| {
        let (request_id, value, event_key) = (row.id()?, row.text()?, row.text()?);
        Ok(GivenByLink { request_id, value, event_key, disposition: row.column("answer_event", "disposition")?, received_at: row.int()? })
    };
    rows.iter_mut().map(read).collect()
}

/// Time when the question of these rating requests was first sent.
pub(super) fn asked_statement(requests: &[RequestId]) -> Statement {
    static ASKED: Sql = Sql::new(
        "SELECT d.subject, min(d.intent_at) FROM delivery d WHERE d.kind IN ('ask', 'reminder') AND d.intent_at IS NOT NULL \
         AND {about d among $1} GROUP BY d.subject",
    );
    Statement::new(&ASKED, values![crate::ids(requests)])
}

pub(super) fn read_asked(mut rows: Vec<Row>) -> Result<HashMap<RequestId, Millis>, StoreError> {
    rows.iter_mut().map(|row| Ok((row.id()?, row.int()?))).collect()
}

/// Stores signs; a stored one is not changed.
pub(super) fn keep_statement(signals: &[AnswerSignal]) -> Statement {
    static KEEP: Sql = Sql::new(concat!(columns!(insert), " WHERE true ON CONFLICT DO NOTHING"));
    Statement::new(&KEEP, values![crate::rows(signals)])
}

/// The signs about these rating requests.
pub async fn about(db: &Db, requests: &[RequestId]) -> Result<Vec<AnswerSignal>, StoreError> {
    static ABOUT: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM answer_signal s WHERE s.request_id IN (SELECT r.id FROM {rows $1 r: id text}) ORDER BY s.request_id, s.kind"
    ));
    db.read(&ABOUT, values![crate::ids(requests)]).await?.iter_mut().map(AnswerSignal::read).collect()
}
