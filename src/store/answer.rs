//! Answers: the history of what clients did about rating requests, which is never rewritten.

pub mod batch;
pub mod held;
pub mod message_change;
pub mod own_ratings;
pub mod page_fetch;
pub mod rating;
pub mod rating_edit;
pub mod signal;

use super::question::ending::MessageId;
use super::sql::{Sql, Statement};
use super::{Db, Millis, Row, StoreError};
use crate::sql::table::table;
use crate::values;
use lastword_base::names::{AnswerId, RequestId, Source};
use lastword_domain::answer::{AnswerKind, Disposition};
use serde::Serialize;

table! {
    /// One action of a client.
    #[derive(Clone, Debug, Serialize)]
    pub struct AnswerEvent = columns!(answer_event a) {
        /// Its ID.
        id: AnswerId,
        /// The rating request.
        request_id: RequestId,
        /// The source: a connection.
        source: Source,
        /// The platform's ID of the event.
        event_key: String,
        /// The kind.
        kind: AnswerKind,
        /// The value.
        value: String,
        /// The platform's order.
        order_key: i64,
        /// Time of receipt.
        received_at: Millis,
        /// Its result.
        disposition: Disposition,
        /// The platform's ID of the client's own message with the answer, if it was one.
        message_id: Option<String>,
    }
}

/// Stores answers.
pub(super) fn keep_statement(events: &[AnswerEvent]) -> Statement {
    static KEEP: Sql = Sql::new(concat!(columns!(insert), " WHERE true ON CONFLICT DO NOTHING"));
    Statement::new(&KEEP, values![super::rows(events)])
}

/// The answers in these messages of clients.
pub(super) fn said_in_statement(messages: &[MessageId]) -> Statement {
    static SAID: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM {rows $1 r: connection text, message text} \
         JOIN answer_event a ON a.source = r.connection AND a.message_id = r.message ORDER BY a.id LIMIT 5000"
    ));
    Statement::new(&SAID, values![super::rows(messages)])
}

pub(super) fn read_all(mut rows: Vec<Row>) -> Result<Vec<AnswerEvent>, StoreError> {
    rows.iter_mut().map(AnswerEvent::read).collect()
}

/// A client's message whose comment was deleted. IDs may repeat from chat to chat.
#[derive(Clone, Debug, Serialize)]
pub struct Blanked {
    /// Its rating request.
    pub request: RequestId,
    /// The platform's ID of the message.
    pub message: String,
}

/// Removes the comments in these messages: the history only records that they existed.
pub(super) fn blank_statement(messages: &[Blanked]) -> Statement {
    static BLANK: Sql = Sql::new(
        "UPDATE answer_event SET value = '' WHERE kind = 'comment' AND (request_id, message_id) IN \
         (SELECT r.request, r.message FROM {rows $1 r: request text, message text})",
    );
    Statement::new(&BLANK, values![super::rows(messages)])
}

/// The answers to these rating requests, in the order of their arrival.
pub async fn about(db: &Db, requests: &[RequestId]) -> Result<Vec<AnswerEvent>, StoreError> {
    static ABOUT: Sql =
        Sql::new(concat!("SELECT ", columns!(), " FROM answer_event a WHERE a.request_id {among $1} ORDER BY a.id LIMIT 5000"));
    db.read(&ABOUT, values![super::ids(requests)]).await?.iter_mut().map(AnswerEvent::read).collect()
}
