//! The supervisor's own score of the conversation behind one close, beside the client's.

use crate::domain::report::counter::supervisor_counts;
use crate::store::question::rating_request::RatingRequest;
use crate::store::sql::Sql;
use crate::store::{Db, Millis, Row, StoreError, Tx};
use crate::values;
use std::collections::HashMap;

/// A supervisor's score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupervisorScore {
    /// The rating request of the close.
    pub request_id: String,
    /// From 1 to 5.
    pub score: i64,
    /// What the supervisor says about it.
    pub comment: Option<String>,
    /// Who scored last.
    pub scored_by: String,
    /// When it was first scored.
    pub created_at: Millis,
    /// When it last changed.
    pub changed_at: Millis,
    /// One more with each change.
    pub revision: i64,
}

fn read(row: &mut Row) -> Result<SupervisorScore, StoreError> {
    Ok(SupervisorScore {
        request_id: row.text()?,
        score: row.int()?,
        comment: row.text_or_null()?,
        scored_by: row.text()?,
        created_at: row.int()?,
        changed_at: row.int()?,
        revision: row.int()?,
    })
}

static OF_REQUESTS: Sql = Sql::new(
    "SELECT s.request_id, s.score, s.comment, s.scored_by, s.created_at, s.changed_at, s.revision FROM supervisor_score s \
     WHERE s.request_id {among $1}",
);

/// The scores of these rating requests.
///
/// # Errors
/// The database's error.
pub async fn of_requests(db: &Db, requests: &[&str]) -> Result<HashMap<String, SupervisorScore>, StoreError> {
    let mut rows = db.read(&OF_REQUESTS, values![crate::store::ids(requests)]).await?;
    rows.iter_mut().map(|row| read(row).map(|score| (score.request_id.clone(), score))).collect()
}

/// The score of a rating request, which this transaction holds.
///
/// # Errors
/// The database's error.
pub async fn find(tx: &mut Tx, request: &str) -> Result<Option<SupervisorScore>, StoreError> {
    tx.fetch(&OF_REQUESTS, values![crate::store::ids(&[request])]).await?.first_mut().map(read).transpose()
}

/// Writes a score in place of `before`. The transaction holds the rating request.
///
/// # Errors
/// The database's error.
pub async fn save(
    tx: &mut Tx,
    request: &RatingRequest,
    before: Option<&SupervisorScore>,
    after: &SupervisorScore,
) -> Result<(), StoreError> {
    static SAVE: Sql = Sql::new(
        "INSERT INTO supervisor_score (request_id, score, comment, scored_by, created_at, changed_at, revision) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (request_id) DO UPDATE SET score = excluded.score, comment = excluded.comment, \
         scored_by = excluded.scored_by, changed_at = excluded.changed_at, revision = excluded.revision",
    );
    let values = values![
        &after.request_id,
        after.score,
        after.comment.clone(),
        &after.scored_by,
        after.created_at,
        after.changed_at,
        after.revision
    ];
    tx.execute(&SAVE, values).await?;
    if !request.is_counted() {
        return Ok(());
    }
    tx.count(|changes, zone| {
        let (belongs, counts) = (request.belongs(), |score: &SupervisorScore| supervisor_counts(u8::try_from(score.score).unwrap_or(0)));
        if let Some(before) = before {
            changes.count(&belongs, zone, &counts(before), -1);
        }
        changes.count(&belongs, zone, &counts(after), 1);
    });
    Ok(())
}
