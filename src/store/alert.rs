//! Alerts, one for each recipient. Their messages are deliveries.

pub mod end;
pub mod push_browser;
pub mod recipient;

use super::sql::value::Value;
use super::sql::{Sql, Statement};
use super::{Db, Millis, Row, StoreError, Tx};
use crate::sql::table::table;
use crate::values;
use lastword_base::names::{AlertId, DeliveryId, LineId, RequestId, Subject};
use lastword_domain::access::rights::Lines;
use lastword_domain::alert::{AlertKind, AlertState};
use serde::Serialize;
use std::collections::HashMap;

table! {
    /// An alert.
    #[derive(Clone, Debug, Default, Serialize)]
    pub struct Alert = columns!(alert a) {
        /// Its ID.
        id: AlertId,
        /// The rating request.
        request_id: RequestId,
        /// The recipient; empty if there is none.
        recipient_id: String,
        /// 0: sent immediately; 1, 2 …: escalated.
        level: i64,
        /// Its kind.
        kind: AlertKind,
        /// The line.
        line_id: LineId,
        /// Its state.
        state: AlertState,
        /// Reason of the state.
        reason: Option<String>,
        /// The message that contains it.
        delivery_id: Option<DeliveryId>,
        /// Time when it was raised.
        created_at: Millis,
        /// Time when it was acknowledged.
        acknowledged_at: Option<Millis>,
        /// Name of the person who acknowledged it.
        acknowledged_by: Option<String>,
        /// Time of escalation to the next level.
        escalate_at: Option<Millis>,
        /// Time for acknowledging it after it was sent.
        escalate_after: Option<Millis>,
        /// Time when the platform accepted its message.
        sent_at: Option<Millis>,
        /// The recipient who could not be notified, so that this one is.
        instead_of: Option<String>,
    }
}

impl Alert {
    /// True if it was sent, or is about to be, and is not acknowledged yet.
    pub fn waits_to_be_seen(&self) -> bool {
        self.acknowledged_at.is_none() && matches!(self.state.as_str(), "raised" | "digested")
    }
}

/// Raises alerts. The same alert for the same recipient is one alert: if it is raised again, it starts from scratch.
pub async fn raise(tx: &mut Tx, alerts: &[Alert]) -> Result<(), StoreError> {
    static RAISE: Sql = Sql::new(concat!(
        columns!(insert),
        " WHERE true ON CONFLICT (request_id, recipient_id, level, kind) DO UPDATE SET \
         state = excluded.state, reason = excluded.reason, delivery_id = excluded.delivery_id, created_at = excluded.created_at, \
         escalate_at = excluded.escalate_at, escalate_after = excluded.escalate_after, instead_of = excluded.instead_of, sent_at = NULL, \
         acknowledged_at = NULL, acknowledged_by = NULL"
    ));
    if alerts.is_empty() {
        return Ok(());
    }
    tx.execute(&RAISE, values![super::rows(alerts)]).await.map(drop)
}

/// Raises alerts that were never raised before: no other transaction can have their rows, so there is no waiting.
pub async fn raise_first(tx: &mut Tx, alerts: &[Alert]) -> Result<(), StoreError> {
    static RAISE_FIRST: Sql = Sql::new(columns!(insert));
    if alerts.is_empty() {
        return Ok(());
    }
    tx.execute(&RAISE_FIRST, values![super::rows(alerts)]).await.map(drop)
}

/// The alerts about these rating requests, in the order in which they were raised.
pub async fn about(tx: &mut Tx, requests: &[RequestId]) -> Result<Vec<Alert>, StoreError> {
    static ABOUT: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM alert a \
         WHERE a.request_id {among $1} ORDER BY a.id"
    ));
    tx.fetch(&ABOUT, values![super::ids(requests)]).await?.iter_mut().map(Alert::read).collect()
}

/// As [`about`], outside a transaction.
pub async fn of_requests(db: &Db, requests: &[RequestId]) -> Result<Vec<Alert>, StoreError> {
    static OF_REQUESTS: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM alert a \
         WHERE a.request_id {among $1} ORDER BY a.id"
    ));
    db.read(&OF_REQUESTS, values![super::ids(requests)]).await?.iter_mut().map(Alert::read).collect()
}

/// These alerts, by ID.
pub async fn these(tx: &mut Tx, ids: &[AlertId]) -> Result<Vec<Alert>, StoreError> {
    static THESE: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM alert a WHERE a.id {among $1} ORDER BY a.id"));
    tx.fetch(&THESE, values![super::ids(ids)]).await?.iter_mut().map(Alert::read).collect()
}

/// The alerts in these messages.
pub async fn carried_by(db: &Db, deliveries: &[DeliveryId]) -> Result<Vec<Alert>, StoreError> {
    static CARRIED: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM alert a \
         WHERE a.delivery_id {among $1} ORDER BY a.id"
    ));
    db.read(&CARRIED, values![super::ids(deliveries)]).await?.iter_mut().map(Alert::read).collect()
}

/// As [`carried_by`], inside a transaction.
pub async fn carried_in(tx: &mut Tx, deliveries: &[DeliveryId]) -> Result<Vec<Alert>, StoreError> {
    static CARRIED_IN: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM alert a WHERE a.delivery_id {among $1} ORDER BY a.id"));
    tx.fetch(&CARRIED_IN, values![super::ids(deliveries)]).await?.iter_mut().map(Alert::read).collect()
}

/// All alerts about the rating requests of these alerts and of others in the same messages.
pub(super) fn around_statement(ids: &[AlertId]) -> Statement {
    static AROUND: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM alert a WHERE a.request_id IN (SELECT o.request_id FROM alert o WHERE o.id {among $1} OR o.delivery_id IN \
         (SELECT m.delivery_id FROM alert m WHERE m.id {among $1} AND m.delivery_id IS NOT NULL)) ORDER BY a.id"
    ));
    Statement::new(&AROUND, values![super::ids(ids)])
}

/// As [`about`], for rating requests that the transaction has locked: no other transaction changes their alerts in the meantime.
pub(super) fn about_statement(requests: &[RequestId]) -> Statement {
    static OF_HELD: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM alert a WHERE a.request_id {among $1} ORDER BY a.id"));
    Statement::new(&OF_HELD, values![super::ids(requests)])
}

pub(super) fn read_all(mut rows: Vec<Row>) -> Result<Vec<Alert>, StoreError> {
    rows.iter_mut().map(Alert::read).collect()
}

/// One alert.
pub async fn find(tx: &mut Tx, id: AlertId) -> Result<Option<Alert>, StoreError> {
    static FIND: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM alert a WHERE a.id = $1"));
    tx.fetch(&FIND, values![id]).await?.first_mut().map(Alert::read).transpose()
}

/// As [`find`], outside a transaction.
pub async fn by_id(db: &Db, id: AlertId) -> Result<Option<Alert>, StoreError> {
    static BY_ID: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM alert a WHERE a.id = $1"));
    db.read(&BY_ID, values![id]).await?.first_mut().map(Alert::read).transpose()
}

/// Alerts shown in a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlertFilter {
    /// All of them.
    #[default]
    All,
    /// Low ratings that are not acknowledged.
    Waiting,
    /// Alerts without a recipient who could be notified.
    Lost,
}

/// A filter of alerts. An empty one matches all.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Of these lines.
    pub lines: Lines,
    /// All, waiting ones, or undelivered ones.
    pub shown: AlertFilter,
    /// To this recipient.
    pub recipient: Option<String>,
    /// In this state.
    pub state: Option<AlertState>,
    /// Raised at or after this time.
    pub since: Option<Millis>,
    /// Raised before this time.
    pub until: Option<Millis>,
}

impl Default for Filter {
    fn default() -> Self {
        Self { lines: Lines::All, shown: AlertFilter::All, recipient: None, state: None, since: None, until: None }
    }
}

impl Filter {
    /// Parameters of the statements of lists.
    fn values(&self, before: Option<AlertId>, limit: i64) -> Vec<Value> {
        let (all, some) = super::limits(&self.lines);
        values![
            before.map(|before| before.to_string()).unwrap_or_default(),
            all,
            some,
            self.recipient.clone().unwrap_or_default(),
            self.state.map_or("", AlertState::as_str),
            self.since.unwrap_or(Millis::MIN),
            self.until.unwrap_or(Millis::MAX),
            limit
        ]
    }
}

/// Conditions of what a list shows, about the alert `$a`.
macro_rules! shown {
    (All, $a:literal) => {
        "1 = 1"
    };
    (Waiting, $a:literal) => {
        concat!($a, ".acknowledged_at IS NULL AND ", $a, ".state <> 'canceled' AND ", $a, ".kind = 'low'")
    };
    (Lost, $a:literal) => {
        concat!($a, ".state = 'undeliverable'")
    };
}

/// The statement of a list: alerts that match the filter, and the further conditions `$which`, each after a comma.
macro_rules! list {
    ($shown:ident $($which:tt)*) => {{
        static LIST: Sql = Sql::new(concat!(
            "SELECT ",
            columns!(),
            " FROM alert a WHERE ",
            shown!($shown, "a"),
            " AND ($1 = '' OR a.id < $1) AND ($2 = 1 OR a.line_id {among $3}) AND ($4 = '' OR a.recipient_id = $4) \
             AND ($5 = '' OR a.state = $5) AND a.created_at >= $6 AND a.created_at < $7"
            $($which)*,
            " ORDER BY a.id DESC LIMIT $8"
        ));
        &LIST
    }};
}

/// No later alert about the same rating, alarm or test matches the filter.
macro_rules! newest {
    ($shown:ident) => {
        list!(
            $shown,
            " AND NOT EXISTS (SELECT 1 FROM alert n WHERE n.request_id = a.request_id AND n.id > a.id AND ",
            shown!($shown, "n"),
            " AND ($4 = '' OR n.recipient_id = $4) AND ($5 = '' OR n.state = $5) AND n.created_at >= $6 AND n.created_at < $7)"
        )
    };
}

/// A page of alerts, newest first, before the ID `before`.
pub async fn page(db: &Db, filter: &Filter, before: Option<AlertId>, limit: i64) -> Result<Vec<Alert>, StoreError> {
    let list = match filter.shown {
        AlertFilter::All => list!(All),
        AlertFilter::Waiting => list!(Waiting),
        AlertFilter::Lost => list!(Lost),
    };
    db.read(list, filter.values(before, limit)).await?.iter_mut().map(Alert::read).collect()
}

/// As [`page`], but only the newest matching alert about each rating, alarm or test.
pub async fn newest(db: &Db, filter: &Filter, before: Option<AlertId>, limit: i64) -> Result<Vec<Alert>, StoreError> {
    let list = match filter.shown {
        AlertFilter::All => newest!(All),
        AlertFilter::Waiting => newest!(Waiting),
        AlertFilter::Lost => newest!(Lost),
    };
    db.read(list, filter.values(before, limit)).await?.iter_mut().map(Alert::read).collect()
}

/// The acknowledgement of the alerts about a rating request.
#[derive(Clone, Debug, Serialize)]
pub struct SeenBy {
    /// The rating request.
    pub request_id: RequestId,
    /// Name of the person who acknowledged them.
    pub name: String,
}

/// Acknowledges the alerts about these rating requests: none of them is escalated any more. Returns how many were not acknowledged
/// before.
pub async fn acknowledge(tx: &mut Tx, seen: &[SeenBy], now: Millis) -> Result<u64, StoreError> {
    static ACKNOWLEDGE: Sql = Sql::new(
        "UPDATE alert SET acknowledged_at = $2, acknowledged_by = r.name, escalate_at = NULL FROM {rows $1 r: request_id text, name text} \
         WHERE alert.request_id = r.request_id AND acknowledged_at IS NULL AND state IN ('raised', 'digested')",
    );
    if seen.is_empty() {
        return Ok(0);
    }
    tx.execute(&ACKNOWLEDGE, values![super::rows(seen), now]).await
}

/// The score is no longer low: alerts that were not sent are canceled. A digest that waits for a resend may already have been
/// received, so its alerts stay in it. A digest that was not sent is locked by the transaction, and composed without them.
pub async fn cancel_unsent(tx: &mut Tx, requests: &[RequestId]) -> Result<u64, StoreError> {
    static CANCEL: Sql = Sql::new(
        "UPDATE alert SET state = 'canceled', reason = 'score_changed', escalate_at = NULL \
         WHERE request_id {among $1} AND state IN ('raised', 'digested') AND delivery_id IN \
         (SELECT d.id FROM delivery d WHERE d.id = alert.delivery_id AND (d.state = 'canceled' OR (d.state = 'scheduled' AND d.resends = 0)))",
    );
    if requests.is_empty() {
        return Ok(0);
    }
    tx.execute(&CANCEL, values![super::ids(requests)]).await
}

/// Cancels the alerts in these messages, which are no longer sent, for this reason.
pub async fn taken_back(tx: &mut Tx, deliveries: &[DeliveryId], reason: &str) -> Result<u64, StoreError> {
    static TAKEN_BACK: Sql = Sql::new(
        "UPDATE alert SET state = 'canceled', reason = $2, escalate_at = NULL \
         WHERE delivery_id {among $1} AND state IN ('raised', 'digested')",
    );
    if deliveries.is_empty() {
        return Ok(0);
    }
    tx.execute(&TAKEN_BACK, values![super::ids(deliveries), reason]).await
}

/// Ends alerts of some kinds that the score has overtaken since they were sent: none of them is escalated, and each may be raised
/// again.
pub async fn overtaken(tx: &mut Tx, requests: &[RequestId], kinds: &[&str]) -> Result<(), StoreError> {
    static OVERTAKEN: Sql = Sql::new(
        "UPDATE alert SET reason = 'score_changed', escalate_at = NULL \
         WHERE request_id {among $1} AND kind {among $2} AND state IN ('raised', 'digested')",
    );
    if requests.is_empty() {
        return Ok(());
    }
    tx.execute(&OVERTAKEN, values![super::ids(requests), super::ids(kinds)]).await.map(drop)
}

/// Marks alerts about additions to these ratings that were sent, or are being sent, so that later additions cause another message.
/// A waiting message, which the transaction has locked, will include them and is left alone. Returns the marked alerts.
pub async fn may_follow(tx: &mut Tx, requests: &[RequestId]) -> Result<Vec<AlertId>, StoreError> {
    static FOLLOW: Sql = Sql::new(
        "UPDATE alert SET reason = 'score_changed' WHERE request_id {among $1} AND kind = 'more' AND state IN ('raised', 'digested') \
         AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.id = alert.delivery_id AND d.state = 'scheduled') RETURNING id",
    );
    if requests.is_empty() {
        return Ok(Vec::new());
    }
    tx.fetch(&FOLLOW, values![super::ids(requests)]).await?.iter_mut().map(Row::id).collect()
}

/// Alerts that were not acknowledged in time, oldest first. They are not locked yet: they are read again once their rating requests
/// are locked.
pub async fn due_to_escalate(tx: &mut Tx, now: Millis, limit: i64) -> Result<Vec<Alert>, StoreError> {
    static DUE: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM alert a WHERE a.escalate_at <= $1 \
         ORDER BY a.escalate_at, a.id LIMIT $2"
    ));
    tx.fetch(&DUE, values![now, limit]).await?.iter_mut().map(Alert::read).collect()
}

/// Records that these alerts were escalated to the next level.
pub async fn escalated(tx: &mut Tx, alerts: &[AlertId]) -> Result<(), StoreError> {
    static ESCALATED: Sql = Sql::new("UPDATE alert SET escalate_at = NULL WHERE id {among $1}");
    tx.execute(&ESCALATED, values![super::ids(alerts)]).await.map(drop)
}

/// The newest digest that is still being collected for each of these recipients, which the transaction has locked: the message and
/// its due time.
pub async fn gathering_digests(
    tx: &mut Tx,
    recipients: &[Subject],
    now: Millis,
) -> Result<HashMap<Subject, (DeliveryId, Millis)>, StoreError> {
    static GATHERING: Sql = Sql::new(
        "SELECT d.subject, d.id, d.due_at FROM delivery d WHERE {about d among $1} AND d.kind = 'digest' AND d.state = 'scheduled' AND d.attempts = 0 AND d.due_at > $2 \
         ORDER BY d.id {lock}",
    );
    let read = |row: &mut Row| Ok((row.text()?.into(), (row.id()?, row.int()?)));
    tx.fetch(&GATHERING, values![super::ids(recipients), now]).await?.iter_mut().map(read).collect()
}
