//! Reviews: what people did about ratings (assigned, resolved, replied, asked once more), and the waiting ratings with an index of
//! their own.

pub mod deadline;
pub mod low;
pub mod objection;
pub mod reply;
pub mod showcase;
pub mod supervisor_score;

use super::sql::Sql;
use super::{Db, Millis, Row, StoreError, Tx};
use crate::sql::table::table;
use crate::values;
use lastword_base::names::{AccountId, LineId, RequestId};
use lastword_domain::access::rights::Lines;
use std::collections::HashMap;

table! {
    /// The review of one rating. Without any action, it has revision 0 and no row.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct Review = columns!(review v) {
        /// The rating request.
        request_id: RequestId,
        /// The line.
        line_id: LineId,
        /// Incremented with each action: detects simultaneous changes.
        revision: i64,
        /// The assignee: an account.
        assigned_to: Option<AccountId>,
        /// The assignee's name at that time.
        assigned_name: Option<String>,
        /// Time of the assignment.
        assigned_at: Option<Millis>,
        /// Time when it was marked as resolved.
        settled_at: Option<Millis>,
        /// Name of the person who did.
        settled_by: Option<String>,
        /// Note of what was done.
        note: Option<String>,
        /// Time of the first reply.
        replied_at: Option<Millis>,
        /// The second rating request.
        asked_again: Option<RequestId>,
        /// Time when the client was asked once more.
        asked_again_at: Option<Millis>,
    }
}

static FIND: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM review v WHERE v.request_id {among $1}"));

/// The reviews of these ratings, by rating request. Ratings without any action are missing.
pub async fn of_requests(db: &Db, requests: &[RequestId]) -> Result<HashMap<RequestId, Review>, StoreError> {
    let mut rows = db.read(&FIND, values![super::ids(requests)]).await?;
    rows.iter_mut().map(|row| Review::read(row).map(|review| (review.request_id, review))).collect()
}

/// The review of a rating, inside a transaction that has locked its rating request.
pub async fn find(tx: &mut Tx, request: RequestId) -> Result<Option<Review>, StoreError> {
    tx.fetch(&FIND, values![super::ids(&[request])]).await?.first_mut().map(Review::read).transpose()
}

/// Writes a review. The transaction has locked the rating request.
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
        review.assigned_to,
        review.assigned_name.clone(),
        review.assigned_at,
        review.settled_at,
        review.settled_by.clone(),
        review.note.clone(),
        review.replied_at,
        review.asked_again,
        review.asked_again_at
    ];
    tx.execute(&SAVE, values).await.map(drop)
}

/// Marks these ratings as worked on: they no longer wait.
pub async fn worked(tx: &mut Tx, requests: &[RequestId], now: Millis) -> Result<(), StoreError> {
    static DONE: Sql = Sql::new("UPDATE rating SET done_at = COALESCE(done_at, $2) WHERE request_id {among $1}");
    tx.execute(&DONE, values![super::ids(requests), now]).await.map(drop)
}

/// Marks ratings as waiting again.
pub async fn wait_again(tx: &mut Tx, requests: &[RequestId]) -> Result<(), StoreError> {
    static AGAIN: Sql = Sql::new("UPDATE rating SET done_at = NULL WHERE request_id {among $1}");
    if requests.is_empty() {
        return Ok(());
    }
    tx.execute(&AGAIN, values![super::ids(requests)]).await.map(drop)
}

/// Waiting ratings: `domain::review::waits`, written exactly as in the index `rating_waits`, so that it is used.
macro_rules! waits {
    () => {
        "t.low = 1 AND t.done_at IS NULL AND t.voided_at IS NULL"
    };
}

pub(crate) use waits;

/// The same, for composed statements.
pub(super) const WAITS: &str = waits!();

/// Maximum that is counted: the page shows "999+".
pub const WAITING_MAX: i64 = 1_000;

/// Number of waiting low ratings of these lines, counted up to [`WAITING_MAX`].
pub async fn waiting(db: &Db, lines: &Lines) -> Result<i64, StoreError> {
    static COUNT: Sql = Sql::new(concat!(
        "SELECT count(*) FROM (SELECT t.request_id FROM rating t WHERE ",
        waits!(),
        " AND ($1 = 1 OR t.line_id {among $2}) LIMIT 1000) AS w"
    ));
    let (all, some) = super::limits(lines);
    db.read(&COUNT, values![all, some]).await?.first_mut().map_or(Ok(0), Row::int)
}

/// Time when a low rating was done: it no longer waits.
pub async fn done_at(db: &Db, request: RequestId) -> Result<Option<Millis>, StoreError> {
    static DONE_AT: Sql = Sql::new("SELECT t.done_at FROM rating t WHERE t.request_id = $1");
    db.read(&DONE_AT, values![request]).await?.first_mut().map_or(Ok(None), Row::int_or_null)
}
