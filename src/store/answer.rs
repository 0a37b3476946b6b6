//! Everything a client did about a rating request: the history that is never rewritten.

pub mod batch;
pub mod held;
pub mod own_ratings;
pub mod rating;
pub mod rating_edit;
pub mod signal;

use super::sql::{Sql, Statement};
use super::table::table;
use super::{Db, Millis, StoreError};
use crate::values;
use lastword_domain::answer::{AnswerKind, Disposition};
use serde::Serialize;

table! {
    /// One thing a client did.
    #[derive(Clone, Debug, Serialize)]
    pub struct AnswerEvent = columns!(answer_event a) {
        /// Its id.
        id: String,
        /// The rating request.
        request_id: String,
        /// Where it came from: a connection.
        source: String,
        /// The platform's id of the event.
        event_key: String,
        /// What it was.
        kind: AnswerKind,
        /// The value.
        value: String,
        /// The platform's order.
        order_key: i64,
        /// When it reached us.
        received_at: Millis,
        /// What became of it.
        disposition: Disposition,
    }
}

/// Keeps what clients did.
pub(super) fn keep_statement(events: &[AnswerEvent]) -> Statement {
    static KEEP: Sql = Sql::new(concat!(columns!(insert), " WHERE true ON CONFLICT DO NOTHING"));
    Statement::new(&KEEP, values![super::rows(events)])
}

/// What a client did about these rating requests, in the order it arrived.
///
/// # Errors
/// The database's error.
pub async fn about(db: &Db, requests: &[&str]) -> Result<Vec<AnswerEvent>, StoreError> {
    static ABOUT: Sql =
        Sql::new(concat!("SELECT ", columns!(), " FROM answer_event a WHERE a.request_id {among $1} ORDER BY a.id LIMIT 5000"));
    db.read(&ABOUT, values![super::ids(requests)]).await?.iter_mut().map(AnswerEvent::read).collect()
}
