//! What people did about ratings: assigned, settled, replied to, asked once more. And what waits, by indexes of just that.

pub mod deadline;
pub mod low;
pub mod objection;
pub mod reply;
pub mod showcase;
pub mod supervisor_score;

use super::{Db, Millis, Row, StoreError, Tx, sql::Sql};
use crate::table::table;
use crate::values;
use lastword_base::id::first_of;
use lastword_domain::access::rights::Lines;
use std::collections::HashMap;

table! {
    /// What people did about one rating. One that nobody touched has revision 0 and no row.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct Review = columns!(review v) {
        /// The rating request.
        request_id: String,
        /// The line.
        line_id: String,
        /// One more with each act: the fence of two people at once.
        revision: i64,
        /// Whose it is: an account.
        assigned_to: Option<String>,
        /// The name as it was then.
        assigned_name: Option<String>,
        /// Since when.
        assigned_at: Option<Millis>,
        /// When it was marked as resolved.
        settled_at: Option<Millis>,
        /// By whom: a name.
        settled_by: Option<String>,
        /// What was done.
        note: Option<String>,
        /// The first reply.
        replied_at: Option<Millis>,
        /// The second rating request.
        asked_again: Option<String>,
        /// When the client was asked once more.
        asked_again_at: Option<Millis>,
    }
}

static FIND: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM review v WHERE v.request_id {among $1}"));

/// What people did about these ratings, by rating request. What nobody touched is missing.
///
/// # Errors
/// The database's error.
pub async fn of_requests(db: &Db, requests: &[&str]) -> Result<HashMap<String, Review>, StoreError> {
    let mut rows = db.read(&FIND, values![super::ids(requests)]).await?;
    rows.iter_mut().map(|row| Review::read(row).map(|review| (review.request_id.clone(), review))).collect()
}

/// What people did about a rating, inside a transaction that holds its rating request.
///
/// # Errors
/// The database's error.
pub async fn find(tx: &mut Tx, request: &str) -> Result<Option<Review>, StoreError> {
    tx.fetch(&FIND, values![super::ids(&[request])]).await?.first_mut().map(Review::read).transpose()
}

/// Writes what people did about a rating. The transaction holds the rating request.
///
/// # Errors
/// The database's error.
pub async fn save(tx: &mut Tx, review: &Review) -> Result<(), StoreError> {
    static SAVE: Sql = Sql::new(
        "INSERT INTO review (request_id, line_id, revision, assigned_to, assigned_name, assigned_at, settled_at, settled_by, \
         note, replied_at, asked_again, asked_again_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT (request_id) DO UPDATE SET revision = excluded.revision, assigned_to = excluded.assigned_to, \
         assigned_name = excluded.assigned_name, assigned_at = excluded.assigned_at, settled_at = excluded.settled_at, \
         settled_by = excluded.settled_by, note = excluded.note, replied_at = excluded.replied_at, asked_again = excluded.asked_again, \
         asked_again_at = excluded.asked_again_at",
    );
    let values = values![
        &review.request_id,
        &review.line_id,
        review.revision,
        review.assigned_to.clone(),
        review.assigned_name.clone(),
        review.assigned_at,
        review.settled_at,
        review.settled_by.clone(),
        review.note.clone(),
        review.replied_at,
        review.asked_again.clone(),
        review.asked_again_at
    ];
    tx.execute(&SAVE, values).await.map(drop)
}

/// Somebody took care of these ratings: they wait no more.
///
/// # Errors
/// The database's error.
pub async fn worked(tx: &mut Tx, requests: &[&str], now: Millis) -> Result<(), StoreError> {
    static WORKED: Sql = Sql::new("UPDATE rating SET worked_at = COALESCE(worked_at, $2) WHERE request_id {among $1}");
    tx.execute(&WORKED, values![super::ids(requests), now]).await.map(drop)
}

/// Ratings wait again.
///
/// # Errors
/// The database's error.
pub async fn wait_again(tx: &mut Tx, requests: &[&str]) -> Result<(), StoreError> {
    static AGAIN: Sql = Sql::new("UPDATE rating SET worked_at = NULL WHERE request_id {among $1}");
    if requests.is_empty() {
        return Ok(());
    }
    tx.execute(&AGAIN, values![super::ids(requests)]).await.map(drop)
}

/// What waits for somebody: `domain::review::waits`, word for word as the index `rating_waits` has it, so that it is used.
macro_rules! waits {
    () => {
        "t.low = 1 AND t.worked_at IS NULL AND t.voided_at IS NULL"
    };
}

pub(crate) use waits;

/// The same, for statements that are made of pieces.
pub(super) const WAITS: &str = waits!();

/// More than this are not counted: the page says "999+".
pub const WAITING_MAX: i64 = 1_000;

/// How many low ratings of these lines wait, counted up to [`WAITING_MAX`].
///
/// # Errors
/// The database's error.
pub async fn waiting(db: &Db, lines: &Lines) -> Result<i64, StoreError> {
    static COUNT: Sql = Sql::new(concat!(
        "SELECT count(*) FROM (SELECT t.request_id FROM rating t WHERE ",
        waits!(),
        " AND ($1 = 1 OR t.line_id {among $2}) LIMIT 1000) AS w"
    ));
    let (all, some) = super::limits(lines);
    db.read(&COUNT, values![all, some]).await?.first_mut().map_or(Ok(0), Row::int)
}

/// When somebody took care of a rating.
///
/// # Errors
/// The database's error.
pub async fn worked_at(db: &Db, request: &str) -> Result<Option<Millis>, StoreError> {
    static WORKED_AT: Sql = Sql::new("SELECT t.worked_at FROM rating t WHERE t.request_id = $1");
    db.read(&WORKED_AT, values![request]).await?.first_mut().map_or(Ok(None), Row::int_or_null)
}

/// What became of low ratings that were replied to, of closes in a span of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    /// Low ratings that somebody replied to.
    pub replied: i64,
    /// Of those, whose client was asked once more.
    pub asked_again: i64,
    /// Of those, who answered.
    pub answered_again: i64,
    /// Of those, whose second rating is good.
    pub recovered: i64,
}

/// The measured recovery of the closes from `from` to before `until`, by line. The cost grows with the replies, not with the ratings.
///
/// # Errors
/// The database's error.
pub async fn recovery(
    db: &Db,
    sees: &Lines,
    line: Option<&str>,
    from: Millis,
    until: Millis,
) -> Result<Vec<(String, Recovery)>, StoreError> {
    static RECOVERY: Sql = Sql::new(
        "SELECT v.line_id, count(*), count(v.asked_again), count(s.request_id), \
         count(CASE WHEN s.low = 0 AND s.voided_at IS NULL AND s.score >= (CASE s.scale WHEN 'binary' THEN 1 ELSE 4 END) THEN 1 END) \
         FROM review v CROSS JOIN rating t LEFT JOIN rating s ON s.request_id = v.asked_again \
         WHERE t.request_id = v.request_id AND t.low > 0 AND t.voided_at IS NULL AND v.replied_at IS NOT NULL AND v.request_id >= $1 AND v.request_id < $2 AND ($3 = '' OR v.line_id = $3) \
         AND ($4 = 1 OR v.line_id {among $5}) GROUP BY v.line_id ORDER BY v.line_id",
    );
    let (all, some) = super::limits(sees);
    let read = |row: &mut Row| {
        let line = row.text()?;
        let recovery = Recovery { replied: row.int()?, asked_again: row.int()?, answered_again: row.int()?, recovered: row.int()? };
        Ok((line, recovery))
    };
    db.read(&RECOVERY, values![first_of(from), first_of(until), line.unwrap_or_default(), all, some]).await?.iter_mut().map(read).collect()
}
