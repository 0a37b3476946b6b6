//! Replies to the low ratings of a report's closes, by line: their number, punctuality, speed and results. Read from the rows of reviews
//! and deadlines, which are few; no counter has them. A second rating of the same close is a result, not another low rating, and nobody could
//! reply to an imported one.

use super::{ANY, Closes};
use crate::sql::Sql;
use crate::sql::value::Value;
use crate::{Db, Millis, Row, StoreError, values};
use lastword_base::names::{LineId, RequestId};
use lastword_domain::past_close::IMPORTED;

/// Recovery of low ratings with a reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    /// Low ratings with a reply.
    pub replied: i64,
    /// Of those: the client was asked again.
    pub asked_again: i64,
    /// Of those: the client rated again. Voided second ratings do not count.
    pub answered_again: i64,
    /// Of those: the second rating is good.
    pub recovered: i64,
}

/// Punctuality of replies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Punctuality {
    /// Replied to, or resolved, in time.
    pub in_time: i64,
    /// Replied to or resolved too late, or overdue now.
    pub late: i64,
    /// Of those: still without a reply.
    pub late_open: i64,
    /// Not due yet.
    pub not_due: i64,
}

/// The closes: parameters 1 to 10, see [`selected`]. `few` is the table that is read first; otherwise SQLite starts with all ratings.
fn of_closes(few: &str) -> String {
    format!(
        "{few} f CROSS JOIN rating t CROSS JOIN rating_request q WHERE t.request_id = f.request_id AND t.low > 0 AND t.voided_at IS NULL \
         AND f.request_id >= $1 AND f.request_id < $2 AND q.id = f.request_id AND q.again_of IS NULL AND ($3 = '{ANY}' OR f.line_id = $3) \
         AND ($4 = 1 OR f.line_id {{among $5}}) AND ($6 = '{ANY}' OR q.handled_by = $6) AND ($7 = '{ANY}' OR EXISTS (SELECT 1 \
         FROM close_label l WHERE l.key = $7 AND l.request_id = q.id AND ($8 = '{ANY}' OR l.value = $8))) \
         AND ($9 = '{ANY}' OR COALESCE(q.channel, '') = $9) AND ($10 = '{ANY}' OR q.scale = $10)"
    )
}

/// The same, without imported ratings.
fn of_own_closes(few: &str) -> String {
    format!("{} AND t.order_event <> '{IMPORTED}'", of_closes(few))
}

/// Values of the parameters that select these closes. The operator is not among them: callers refuse such a filter.
fn selected(db: &Db, closes: &Closes) -> Vec<Value> {
    let (all, some) = crate::limits(&closes.sees);
    let (label, zone) = (closes.label.as_ref(), db.zone());
    values![
        RequestId::first_of(closes.from.start(zone)),
        RequestId::first_of(closes.until.start(zone)),
        closes.line.as_ref().map_or(ANY, LineId::as_str),
        all,
        some,
        closes.handled_by.map_or(ANY, |by| by.as_str()),
        label.map_or(ANY, |label| label.key.as_str()),
        label.and_then(|label| label.value.as_deref()).unwrap_or(ANY),
        closes.channel.as_deref().unwrap_or(ANY),
        closes.scale.map_or(ANY, |scale| scale.as_str()),
    ]
}

/// Number of low ratings that were not imported, by line: counters do not distinguish them. The cost grows with these ratings.
///
/// # Errors
/// A database error.
pub async fn own_low(db: &Db, closes: &Closes) -> Result<Vec<(LineId, i64)>, StoreError> {
    // Written as in the index rating_low_own, so that it is used.
    static OWN_LOW: Sql = Sql::made(|| {
        let low = of_closes("rating");
        format!(
            "SELECT f.line_id, count(*) FROM {low} AND f.low = 1 AND f.voided_at IS NULL AND f.order_event <> '{IMPORTED}' \
             GROUP BY f.line_id ORDER BY f.line_id"
        )
    });
    db.read(&OWN_LOW, selected(db, closes)).await?.iter_mut().map(|row| Ok((row.name()?, row.int()?))).collect()
}

/// The measured recovery, by line. The cost grows with the replies, not with the ratings.
///
/// # Errors
/// A database error.
pub async fn recovery(db: &Db, closes: &Closes) -> Result<Vec<(LineId, Recovery)>, StoreError> {
    static RECOVERY: Sql = Sql::made(|| {
        format!(
            "SELECT w.line_id, count(*), count(w.asked_again), count(s.request_id), \
             count(CASE WHEN s.low = 0 AND s.score >= (CASE s.scale WHEN 'binary' THEN 1 ELSE 4 END) THEN 1 END) \
             FROM (SELECT f.line_id, f.asked_again FROM {} AND f.replied_at IS NOT NULL) AS w \
             LEFT JOIN rating s ON s.request_id = w.asked_again AND s.voided_at IS NULL GROUP BY w.line_id ORDER BY w.line_id",
            of_own_closes("review")
        )
    });
    let read = |row: &mut Row| {
        let line = row.name()?;
        Ok((line, Recovery { replied: row.int()?, asked_again: row.int()?, answered_again: row.int()?, recovered: row.int()? }))
    };
    db.read(&RECOVERY, selected(db, closes)).await?.iter_mut().map(read).collect()
}

/// Punctuality of the replies, by line.
///
/// # Errors
/// A database error.
pub async fn punctuality(db: &Db, closes: &Closes, now: Millis) -> Result<Vec<(LineId, Punctuality)>, StoreError> {
    static IN_TIME: Sql = Sql::made(|| {
        format!(
            "SELECT f.line_id, count(CASE WHEN f.met_at <= f.due_at THEN 1 END), \
             count(CASE WHEN f.met_at > f.due_at OR (f.met_at IS NULL AND f.due_at <= $11) THEN 1 END), \
             count(CASE WHEN f.met_at IS NULL AND f.due_at <= $11 THEN 1 END), \
             count(CASE WHEN f.met_at IS NULL AND f.due_at > $11 THEN 1 END) FROM {} GROUP BY f.line_id ORDER BY f.line_id",
            of_own_closes("reply_due")
        )
    });
    let mut values = selected(db, closes);
    values.extend(values![now]);
    let read = |row: &mut Row| {
        let line = row.name()?;
        Ok((line, Punctuality { in_time: row.int()?, late: row.int()?, late_open: row.int()?, not_due: row.int()? }))
    };
    db.read(&IN_TIME, values).await?.iter_mut().map(read).collect()
}

/// Times to the first reply, with their lines. At most the newest 50,000.
///
/// # Errors
/// A database error.
pub async fn first_replies(db: &Db, closes: &Closes) -> Result<Vec<(LineId, Millis)>, StoreError> {
    static REPLIES: Sql = Sql::made(|| {
        let replied = of_own_closes("review");
        format!(
            "SELECT f.line_id, f.replied_at - t.rated_at FROM {replied} AND f.replied_at IS NOT NULL ORDER BY f.request_id DESC LIMIT 50000"
        )
    });
    db.read(&REPLIES, selected(db, closes)).await?.iter_mut().map(|row| Ok((row.name()?, row.int()?))).collect()
}
