//! The one order in which transactions lock rows on PostgreSQL, so that they never deadlock. SQLite has one writer, and nothing to
//! lock.
//!
//! A transaction locks rows of these tables in this order, and rows of one table by key. It may access what it has locked at any
//! time.
//!
//! | table | what locks its rows, and what else they guard |
//! |---|---|
//! | `session` | events of a desk about a session. Guards its open rating requests |
//! | `rating_request` | answers, ends, reviews. Guards its rating, edits, history, review, alerts and messages |
//! | `recipient` | alerts: recipients that the line names, and those that were notified. Guards the digest being collected for it |
//! | `push_browser` | low ratings that are shown in browsers. Guards the digest being collected for it |
//! | `alert` | |
//! | `delivery` | the queue, which locks only rows of this table, including those of requests that other transactions have locked |
//! | `opt_out` | |
//! | `client` | the pause between two questions |
//! | `conversation` | messages received in it |
//! | `share_watch`, `share_alarm` | the sums of watched shares |
//! | `pass_on_desk` | the order of what is passed on to a desk |
//! | `connection` | limits and pauses |
//!
//! A transaction that cannot know beforehand which rows to lock has two ways. It reads first, without a lock, and reads again once
//! the rows are locked. Or it locks without waiting (`{lock now}`, `{lock skip}`), in any order; with `now` it starts again if
//! another transaction has locked a row. Debug builds, and with them all tests, refuse a statement that locks a table out of order.

// These statements run only on PostgreSQL. `ANY(ARRAY(…))` finds rows by their key, even in tables without statistics; `IN (…)`
// would scan these.

use crate::sql::{Sql, Statement};
use crate::values;
use crate::{StoreError, Tx};
use lastword_base::names::{DeliveryId, RequestId, Subject};

/// Unfinished rows that a transaction is about to access.
#[derive(Clone, Copy, Debug, Default)]
pub struct Open<'a> {
    /// Rating requests, which it has locked: their alerts, and messages about them and about those alerts.
    pub requests: &'a [RequestId],
    /// Recipients and browsers whose digests may get more entries.
    pub gathering: &'a [Subject],
    /// Messages.
    pub messages: &'a [DeliveryId],
}

/// Locks alerts and messages, after recipients.
pub async fn hold_open(tx: &mut Tx, open: Open<'_>) -> Result<(), StoreError> {
    static ALERTS: Sql = Sql::new("SELECT a.id FROM alert a WHERE a.request_id {among $1} ORDER BY a.id {lock}");
    static MESSAGES: Sql = Sql::new(
        "SELECT d.id FROM delivery d WHERE d.state IN ('scheduled', 'leased', 'sending', 'unknown') AND d.id = ANY(ARRAY(\
             SELECT o.id FROM delivery o WHERE {about o among $1} \
             UNION SELECT o.id FROM delivery o WHERE o.id {among $2} \
             UNION SELECT o.id FROM alert a JOIN delivery o ON {about o a.id} WHERE a.request_id {among $1} \
             UNION SELECT a.delivery_id FROM alert a WHERE a.request_id {among $1} AND a.delivery_id IS NOT NULL)) ORDER BY d.id {lock}",
    );
    let Open { requests, gathering, messages } = open;
    if tx.has_one_writer() || (requests.is_empty() && gathering.is_empty() && messages.is_empty()) {
        return Ok(());
    }
    let about: Vec<Subject> = requests.iter().map(|&request| request.into()).chain(gathering.iter().cloned()).collect();
    let alerts = Statement::new(&ALERTS, values![crate::ids(requests)]);
    let messages = Statement::new(&MESSAGES, values![crate::ids(&about), crate::ids(messages)]);
    tx.fetch_together(vec![alerts, messages]).await.map(drop)
}

/// Locks the rows that ends of messages affect, after the rating requests ([`hold_requests`]): the recipients of the alerts in
/// `carriers`, the alerts, and the messages. `more` are recipients that may be notified in place of others.
pub async fn hold_before_ends(tx: &mut Tx, carriers: &[DeliveryId], more: &[&str], open: Open<'_>) -> Result<(), StoreError> {
    static RECIPIENTS: Sql = Sql::new(
        "SELECT t.id FROM recipient t WHERE t.id = ANY(ARRAY(SELECT a.recipient_id FROM alert a WHERE a.delivery_id {among $1} \
             UNION SELECT r.id FROM {rows $2 r: id text})) ORDER BY t.id {lock}",
    );
    if tx.has_one_writer() {
        return Ok(());
    }
    if !carriers.is_empty() {
        tx.fetch(&RECIPIENTS, values![crate::ids(carriers), crate::ids(more)]).await?;
    }
    hold_open(tx, open).await
}

/// Locks the rating requests that ends of messages affect, before all other rows: those of `questions`, and those with alerts in
/// `carriers`.
pub async fn hold_requests(tx: &mut Tx, questions: &[RequestId], carriers: &[DeliveryId]) -> Result<Vec<RequestId>, StoreError> {
    static QUESTIONS: Sql = Sql::new("SELECT q.id FROM rating_request q WHERE q.id {among $1} ORDER BY q.id {lock}");
    static BOTH: Sql = Sql::new(
        "SELECT q.id FROM rating_request q WHERE q.id = ANY(ARRAY(SELECT r.id FROM {rows $1 r: id text} \
             UNION SELECT a.request_id FROM alert a WHERE a.delivery_id {among $2})) ORDER BY q.id {lock}",
    );
    if tx.has_one_writer() || (questions.is_empty() && carriers.is_empty()) {
        return Ok(Vec::new());
    }
    let mut held = match carriers.is_empty() {
        true => tx.fetch(&QUESTIONS, values![crate::ids(questions)]).await?,
        false => tx.fetch(&BOTH, values![crate::ids(questions), crate::ids(carriers)]).await?,
    };
    held.iter_mut().map(crate::Row::id).collect()
}
