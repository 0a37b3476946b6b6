//! Low-rating alerts, one for each recipient. Their messages are deliveries.

use super::{Db, Millis, Row, StoreError, Tx, sql::Sql};
use crate::domain::rights::Lines;
use crate::values;
use serde::Serialize;

/// The columns of a whole row, in the order in which it is read.
macro_rules! columns {
    () => {
        "a.id, a.request_id, a.recipient_id, a.level, a.kind, a.line_id, a.state, a.reason, a.delivery_id, a.created_at, \
         a.acknowledged_at, a.acknowledged_by, a.escalate_at"
    };
}

/// An alert.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Alert {
    /// Its id.
    pub id: String,
    /// The rating request.
    pub request_id: String,
    /// Who is told; empty when there is nobody.
    pub recipient_id: String,
    /// 0: told at once; 1, 2 …: escalated.
    pub level: i64,
    /// `low`, `changed` or `test`.
    pub kind: String,
    /// The line.
    pub line_id: String,
    /// `raised`, `digested`, `undeliverable` or `canceled`.
    pub state: String,
    /// Why.
    pub reason: Option<String>,
    /// The message that carries it.
    pub delivery_id: Option<String>,
    /// When it was raised.
    pub created_at: Millis,
    /// When somebody said that they had seen it.
    pub acknowledged_at: Option<Millis>,
    /// Who said so.
    pub acknowledged_by: Option<String>,
    /// When it goes on to the next level.
    pub escalate_at: Option<Millis>,
}

pub(super) fn read(row: &mut Row) -> Result<Alert, StoreError> {
    Ok(Alert {
        id: row.text()?,
        request_id: row.text()?,
        recipient_id: row.text()?,
        level: row.int()?,
        kind: row.text()?,
        line_id: row.text()?,
        state: row.text()?,
        reason: row.text_or_null()?,
        delivery_id: row.text_or_null()?,
        created_at: row.int()?,
        acknowledged_at: row.int_or_null()?,
        acknowledged_by: row.text_or_null()?,
        escalate_at: row.int_or_null()?,
    })
}

/// Raises alerts. The same alert for the same recipient is one alert: raised again, it counts anew.
///
/// # Errors
/// The database's error.
pub async fn raise(tx: &mut Tx, alerts: &[Alert]) -> Result<(), StoreError> {
    static RAISE: Sql = Sql::new(
        "INSERT INTO alert (id, request_id, recipient_id, level, kind, line_id, state, reason, delivery_id, created_at, escalate_at) \
         SELECT id, request_id, recipient_id, level, kind, line_id, state, reason, delivery_id, created_at, escalate_at \
         FROM {rows $1 r: id text, request_id text, recipient_id text, level int, kind text, line_id text, state text, reason text, \
         delivery_id text, created_at int, escalate_at int} WHERE true ON CONFLICT (request_id, recipient_id, level, kind) DO UPDATE SET \
         state = excluded.state, reason = excluded.reason, delivery_id = excluded.delivery_id, created_at = excluded.created_at, \
         escalate_at = excluded.escalate_at, acknowledged_at = NULL, acknowledged_by = NULL",
    );
    if alerts.is_empty() {
        return Ok(());
    }
    tx.execute(&RAISE, values![super::rows(alerts)]).await.map(drop)
}

/// The alerts about these rating requests, in the order they were raised.
///
/// # Errors
/// The database's error.
pub async fn about(tx: &mut Tx, requests: &[&str]) -> Result<Vec<Alert>, StoreError> {
    static ABOUT: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM alert a \
         WHERE a.request_id {among $1} ORDER BY a.id"
    ));
    tx.fetch(&ABOUT, values![super::ids(requests)]).await?.iter_mut().map(read).collect()
}

/// As [`about`], outside a transaction.
///
/// # Errors
/// The database's error.
pub async fn of_requests(db: &Db, requests: &[&str]) -> Result<Vec<Alert>, StoreError> {
    static OF_REQUESTS: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM alert a \
         WHERE a.request_id {among $1} ORDER BY a.id"
    ));
    db.read(&OF_REQUESTS, values![super::ids(requests)]).await?.iter_mut().map(read).collect()
}

/// The alerts that these messages carry.
///
/// # Errors
/// The database's error.
pub async fn carried_by(db: &Db, deliveries: &[&str]) -> Result<Vec<Alert>, StoreError> {
    static CARRIED: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM alert a \
         WHERE a.delivery_id {among $1} ORDER BY a.id"
    ));
    db.read(&CARRIED, values![super::ids(deliveries)]).await?.iter_mut().map(read).collect()
}

/// One alert.
///
/// # Errors
/// The database's error.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Option<Alert>, StoreError> {
    static FIND: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM alert a WHERE a.id = $1 {lock}"));
    tx.fetch(&FIND, values![id]).await?.first_mut().map(read).transpose()
}

/// As [`find`], outside a transaction.
///
/// # Errors
/// The database's error.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Alert>, StoreError> {
    static BY_ID: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM alert a WHERE a.id = $1"));
    db.read(&BY_ID, values![id]).await?.first_mut().map(read).transpose()
}

/// All alerts that the message of `alert` carries: itself, or all of its digest.
///
/// # Errors
/// The database's error.
pub async fn in_same_message(tx: &mut Tx, alert: &Alert) -> Result<Vec<Alert>, StoreError> {
    static SAME: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM alert a WHERE a.delivery_id = $1 ORDER BY a.id"));
    tx.fetch(&SAME, values![alert.delivery_id.as_deref()]).await?.iter_mut().map(read).collect()
}

/// The name of a recipient.
///
/// # Errors
/// The database's error.
pub async fn recipient_name(tx: &mut Tx, id: &str) -> Result<Option<String>, StoreError> {
    static NAME: Sql = Sql::new("SELECT name FROM recipient WHERE id = $1");
    tx.fetch(&NAME, values![id]).await?.first_mut().map(Row::text).transpose()
}

/// A page of alerts, newest first, before the id `before`.
///
/// # Errors
/// The database's error.
pub async fn page(db: &Db, before: Option<&str>, limit: i64) -> Result<Vec<Alert>, StoreError> {
    static PAGE: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM alert a WHERE ($1 = '' OR a.id < $1) ORDER BY a.id DESC LIMIT $2"));
    db.read(&PAGE, values![before.unwrap_or_default(), limit]).await?.iter_mut().map(read).collect()
}

/// Which alerts a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// All of them.
    #[default]
    All,
    /// Low ratings that nobody has seen yet.
    Waiting,
    /// Those that reached nobody.
    Lost,
}

/// A page of alerts of these lines, newest first, before the id `before`. Tests belong to no line, and are for those who see
/// all of them.
///
/// # Errors
/// The database's error.
pub async fn of_lines(db: &Db, lines: &Lines, shown: Shown, before: Option<&str>, limit: i64) -> Result<Vec<Alert>, StoreError> {
    static ALL: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM alert a WHERE ($1 = '' OR a.id < $1) AND ($2 = 1 OR a.line_id {among $3}) ORDER BY a.id DESC LIMIT $4"
    ));
    static WAITING: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM alert a WHERE a.acknowledged_at IS NULL AND a.state <> 'canceled' AND a.kind = 'low' \
         AND ($1 = '' OR a.id < $1) AND ($2 = 1 OR a.line_id {among $3}) ORDER BY a.id DESC LIMIT $4"
    ));
    static LOST: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM alert a WHERE a.state = 'undeliverable' \
         AND ($1 = '' OR a.id < $1) AND ($2 = 1 OR a.line_id {among $3}) ORDER BY a.id DESC LIMIT $4"
    ));
    let (all, some) = super::limits(lines);
    let sql = match shown {
        Shown::All => &ALL,
        Shown::Waiting => &WAITING,
        Shown::Lost => &LOST,
    };
    db.read(sql, values![before.unwrap_or_default(), all, some, limit]).await?.iter_mut().map(read).collect()
}

/// Somebody has seen the alerts about a rating request: none of them escalates any more. Gives how many were still
/// waiting for that.
///
/// # Errors
/// The database's error.
pub async fn acknowledge(tx: &mut Tx, request_id: &str, by: &str, now: Millis) -> Result<u64, StoreError> {
    static ACKNOWLEDGE: Sql = Sql::new(
        "UPDATE alert SET acknowledged_at = $3, acknowledged_by = $2, escalate_at = NULL \
         WHERE request_id = $1 AND acknowledged_at IS NULL AND state IN ('raised', 'digested')",
    );
    tx.execute(&ACKNOWLEDGE, values![request_id, by, now]).await
}

/// The score is no longer low: alerts that have not left are not wanted any more. A digest that waits to be sent again may
/// have told its alerts already, so they stay in it.
///
/// # Errors
/// The database's error.
pub async fn cancel_unsent(tx: &mut Tx, request_id: &str) -> Result<u64, StoreError> {
    static CANCEL: Sql = Sql::new(
        "UPDATE alert SET state = 'canceled', reason = 'score_changed', escalate_at = NULL \
         WHERE request_id = $1 AND state IN ('raised', 'digested') AND delivery_id IN \
         (SELECT d.id FROM delivery d WHERE d.id = alert.delivery_id AND (d.state = 'canceled' OR (d.state = 'scheduled' AND d.resends = 0)))",
    );
    tx.execute(&CANCEL, values![request_id]).await
}

/// The score went the other way since these alerts of one kind left: none of them escalates, and each may be raised anew.
///
/// # Errors
/// The database's error.
pub async fn overtaken(tx: &mut Tx, request_id: &str, kind: &str) -> Result<(), StoreError> {
    static OVERTAKEN: Sql = Sql::new(
        "UPDATE alert SET reason = 'score_changed', escalate_at = NULL WHERE request_id = $1 AND kind = $2 AND state IN ('raised', 'digested')",
    );
    tx.execute(&OVERTAKEN, values![request_id, kind]).await.map(drop)
}

/// Alerts nobody acknowledged in time, oldest first, held until the end of the transaction.
///
/// # Errors
/// The database's error.
pub async fn due_to_escalate(tx: &mut Tx, now: Millis, limit: i64) -> Result<Vec<Alert>, StoreError> {
    static DUE: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM alert a WHERE a.escalate_at <= $1 \
         ORDER BY a.escalate_at, a.id LIMIT $2 {lock skip}"
    ));
    tx.fetch(&DUE, values![now, limit]).await?.iter_mut().map(read).collect()
}

/// These alerts have gone on to the next level.
///
/// # Errors
/// The database's error.
pub async fn escalated(tx: &mut Tx, alerts: &[&str]) -> Result<(), StoreError> {
    static ESCALATED: Sql = Sql::new("UPDATE alert SET escalate_at = NULL WHERE id {among $1}");
    tx.execute(&ESCALATED, values![super::ids(alerts)]).await.map(drop)
}

/// A digest for this recipient that is still gathering: the message and when it leaves.
///
/// # Errors
/// The database's error.
pub async fn gathering_digest(tx: &mut Tx, recipient_id: &str, now: Millis) -> Result<Option<String>, StoreError> {
    static GATHERING: Sql = Sql::new(
        "SELECT d.id FROM delivery d WHERE d.subject = $1 AND d.kind = 'digest' AND d.state = 'scheduled' AND d.attempts = 0 \
         AND d.due_at > $2 ORDER BY d.id DESC LIMIT 1 {lock}",
    );
    tx.fetch(&GATHERING, values![recipient_id, now]).await?.first_mut().map(Row::text).transpose()
}
