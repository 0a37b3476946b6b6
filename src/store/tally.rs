//! Closes and what came of them, counted from the rows themselves. It reads every row: for the demo and for tests.

use super::{Db, Millis, Row, StoreError, sql::Sql};
use crate::values;

/// The counts of one group: the closes of one week, line, operator and scale.
#[derive(Clone, Debug)]
pub struct Tally {
    /// The number of the week, counted from 1970.
    pub week: i64,
    /// The responsible operator at the close.
    pub operator_id: Option<String>,
    /// The scale of the question.
    pub scale: String,
    /// Closes.
    pub closes: i64,
    /// Of these, asked about.
    pub asked: i64,
    /// Of the asked, still open.
    pub open: i64,
    /// Of the asked, rated.
    pub rated: i64,
    /// Of the rated, good: 👍, or four stars and more.
    pub good: i64,
    /// Of the rated, low by the line's own threshold.
    pub low: i64,
}

const WEEK: Millis = 7 * 24 * 60 * 60 * 1_000;

/// All closes, in groups.
///
/// # Errors
/// The database's error.
pub async fn all(db: &Db) -> Result<Vec<Tally>, StoreError> {
    static ALL: Sql = Sql::new(
        "SELECT q.closed_at / $1, q.operator_id, q.scale, count(*), count(q.due_at), count(*) FILTER (WHERE q.outcome IS NULL), \
         count(r.request_id), count(*) FILTER (WHERE r.score >= CASE r.scale WHEN 'binary' THEN 1 ELSE 4 END), \
         count(*) FILTER (WHERE r.low = 1) \
         FROM rating_request q LEFT JOIN rating r ON r.request_id = q.id \
         GROUP BY q.closed_at / $1, q.operator_id, q.scale ORDER BY 1, 2, 3",
    );
    let read = |row: &mut Row| {
        Ok(Tally {
            week: row.int()?,
            operator_id: row.text_or_null()?,
            scale: row.text()?,
            closes: row.int()?,
            asked: row.int()?,
            open: row.int()?,
            rated: row.int()?,
            good: row.int()?,
            low: row.int()?,
        })
    };
    db.read(&ALL, values![WEEK]).await?.iter_mut().map(read).collect()
}

/// Why closes were not asked about, the most frequent reason first.
///
/// # Errors
/// The database's error.
pub async fn not_asked(db: &Db) -> Result<Vec<(String, i64)>, StoreError> {
    static NOT_ASKED: Sql = Sql::new(
        "SELECT COALESCE(reason, ''), count(*) FROM rating_request WHERE outcome = 'not_asked' GROUP BY reason ORDER BY count(*) DESC, reason",
    );
    db.read(&NOT_ASKED, vec![]).await?.iter_mut().map(|row| Ok((row.text()?, row.int()?))).collect()
}
