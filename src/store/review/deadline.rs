//! Deadlines for replies to low ratings: a row for each one on a line with a deadline, since it became low.

use crate::sql::Sql;
use crate::sql::table::table;
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::{LineId, RequestId};
use lastword_domain::access::rights::Lines;
use serde::Serialize;

table! {
    /// Deadline for the reply to one low rating.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
    pub struct ReplyDue = columns!(reply_due d) {
        /// The rating request.
        request_id: RequestId,
        /// The line.
        line_id: LineId,
        /// Time when the rating became low.
        since: Millis,
        /// The deadline.
        due_at: Millis,
        /// Time of the reply or resolution.
        met_at: Option<Millis>,
        /// Time when people were notified that it is overdue.
        notified_at: Option<Millis>,
    }
}

/// Starts the deadlines of ratings that became low, or starts them again.
pub async fn begin(tx: &mut Tx, due: &[ReplyDue]) -> Result<(), StoreError> {
    static BEGIN: Sql = Sql::new(concat!(
        columns!(insert),
        " WHERE true ON CONFLICT (request_id) DO UPDATE SET since = excluded.since, due_at = excluded.due_at, met_at = NULL, notified_at = NULL"
    ));
    if due.is_empty() {
        return Ok(());
    }
    tx.execute(&BEGIN, values![crate::rows(due)]).await.map(drop)
}

/// Removes the deadlines of ratings that are no longer low.
pub async fn over(tx: &mut Tx, requests: &[RequestId]) -> Result<(), StoreError> {
    static OVER: Sql = Sql::new("DELETE FROM reply_due WHERE request_id {among $1}");
    if requests.is_empty() {
        return Ok(());
    }
    tx.execute(&OVER, values![crate::ids(requests)]).await.map(drop)
}

/// Records a reply or a resolution.
pub async fn meet(tx: &mut Tx, request: RequestId, now: Millis) -> Result<(), StoreError> {
    static MEET: Sql = Sql::new("UPDATE reply_due SET met_at = COALESCE(met_at, $2) WHERE request_id = $1");
    tx.execute(&MEET, values![request, now]).await.map(drop)
}

/// Overdue low ratings that were not reported yet, the longest overdue first.
pub async fn late(tx: &mut Tx, now: Millis, limit: i64) -> Result<Vec<RequestId>, StoreError> {
    static LATE: Sql = Sql::new(
        "SELECT d.request_id FROM reply_due d JOIN rating t ON t.request_id = d.request_id AND t.low > 0 AND t.voided_at IS NULL \
         WHERE d.met_at IS NULL AND d.notified_at IS NULL AND d.due_at <= $1 ORDER BY d.due_at, d.request_id LIMIT $2",
    );
    tx.fetch(&LATE, values![now, limit]).await?.iter_mut().map(Row::id).collect()
}

/// Records that people are notified of these overdue ratings. Returns those that are overdue and were not reported before; the
/// transaction has locked their rating requests.
pub async fn told(tx: &mut Tx, requests: &[RequestId], now: Millis) -> Result<Vec<RequestId>, StoreError> {
    static TOLD: Sql = Sql::new(
        "UPDATE reply_due SET notified_at = $2 WHERE request_id {among $1} AND met_at IS NULL AND notified_at IS NULL AND due_at <= $2 \
         RETURNING request_id",
    );
    tx.fetch(&TOLD, values![crate::ids(requests), now]).await?.iter_mut().map(Row::id).collect()
}

/// The deadline of this rating; `None` if its line has none.
pub async fn of(db: &Db, request: RequestId) -> Result<Option<ReplyDue>, StoreError> {
    static OF: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM reply_due d WHERE d.request_id = $1"));
    db.read(&OF, values![request]).await?.first_mut().map(ReplyDue::read).transpose()
}

/// Number of low ratings of these lines that still need a reply, and the number of overdue ones; counted up to 1,000.
pub async fn open(db: &Db, sees: &Lines, now: Millis) -> Result<(i64, i64), StoreError> {
    static OPEN: Sql = Sql::new(
        "SELECT count(*), count(CASE WHEN w.due_at <= $1 THEN 1 END) FROM (SELECT d.due_at FROM reply_due d \
         JOIN rating t ON t.request_id = d.request_id AND t.low > 0 AND t.voided_at IS NULL \
         WHERE d.met_at IS NULL AND ($2 = 1 OR d.line_id {among $3}) ORDER BY d.due_at LIMIT 1000) AS w",
    );
    let (all, some) = crate::limits(sees);
    let read = |row: &mut Row| Ok((row.int()?, row.int()?));
    db.read(&OPEN, values![now, all, some]).await?.first_mut().map_or(Ok((0, 0)), read)
}
