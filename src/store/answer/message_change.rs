//! Edits and deletions of clients' messages that may be answers, as reported by the platform. They lead to the same value in any
//! order, also if they arrive before their message.

use crate::question::ending::MessageId;
use crate::sql::table::table;
use crate::sql::{Sql, Statement};
use crate::{Millis, Row, StoreError, Tx, values};
use lastword_base::names::{ChatId, ConnectionId, Source};
use serde::Serialize;

table! {
    /// An edit or a deletion of a client's message.
    #[derive(Clone, Debug, Serialize)]
    pub struct MessageChange = columns!(message_change m) {
        /// The source: a connection.
        source: Source,
        /// The platform's ID of the event.
        event_key: String,
        /// The chat of the message.
        chat: ChatId,
        /// The platform's ID of the message.
        message_id: String,
        /// The platform's order of the event.
        order_key: i64,
        /// 1 if the message was deleted.
        deleted: i64,
        /// The new text, until the message itself arrives.
        text: Option<String>,
        /// Time of receipt.
        received_at: Millis,
    }
}

/// Stores changes.
pub(super) fn keep_statement(changes: &[MessageChange]) -> Statement {
    static KEEP: Sql = Sql::new(concat!(columns!(insert), " WHERE true ON CONFLICT DO NOTHING"));
    Statement::new(&KEEP, values![crate::rows(changes)])
}

/// The changes of these messages, in the platform's order.
pub(super) fn of_statement(messages: &[MessageId]) -> Statement {
    static OF: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM {rows $1 r: connection text, message text} \
         JOIN message_change m ON m.source = r.connection AND m.message_id = r.message ORDER BY m.order_key, m.event_key LIMIT 1000"
    ));
    Statement::new(&OF, values![crate::rows(messages)])
}

pub(super) fn read_all(mut rows: Vec<Row>) -> Result<Vec<MessageChange>, StoreError> {
    rows.iter_mut().map(MessageChange::read).collect()
}

/// A client's message that has arrived. IDs may repeat from chat to chat.
#[derive(Clone, Debug, Serialize)]
pub struct Here {
    /// The connection.
    pub connection: ConnectionId,
    /// The chat.
    pub chat: ChatId,
    /// The platform's ID of the message.
    pub message: String,
}

/// Deletes the texts of these messages' changes, which are no longer needed.
pub(super) fn settle_statement(messages: &[Here]) -> Statement {
    static SETTLE: Sql = Sql::new(
        "UPDATE message_change SET text = NULL WHERE text IS NOT NULL AND (source, chat, message_id) IN \
         (SELECT r.connection, r.chat, r.message FROM {rows $1 r: connection text, chat text, message text})",
    );
    Statement::new(&SETTLE, values![crate::rows(messages)])
}

/// Deletes changes received before `before`: no platform reports a message that late.
pub async fn forget(tx: &mut Tx, before: Millis) -> Result<u64, StoreError> {
    static FORGET: Sql = Sql::new("DELETE FROM message_change WHERE received_at < $1");
    tx.execute(&FORGET, values![before]).await
}
