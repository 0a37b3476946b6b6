//! The supervisor's own score of the conversation of one close, beside the client's.

use crate::question::rating_request::RatingRequest;
use crate::question::rating_request::labelled::labelled;
use crate::sql::Sql;
use crate::sql::table::table;
use crate::{Db, Millis, StoreError, Tx, values};
use lastword_base::names::RequestId;
use lastword_domain::report::counter::supervisor_counts;
use serde::Serialize;
use std::collections::HashMap;

table! {
    /// A supervisor's score.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    pub struct SupervisorScore = columns!(supervisor_score s) {
        /// The rating request of the close.
        request_id: RequestId,
        /// From 1 to 5.
        score: i64,
        /// The supervisor's comment.
        comment: Option<String>,
        /// Name of the last person who scored.
        scored_by: String,
        /// Time of the first score.
        created_at: Millis,
        /// Time of the last change.
        changed_at: Millis,
        /// Incremented with each change.
        revision: i64,
    }
}

static OF_REQUESTS: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM supervisor_score s WHERE s.request_id {among $1}"));

/// The scores of these rating requests.
pub async fn of_requests(db: &Db, requests: &[RequestId]) -> Result<HashMap<RequestId, SupervisorScore>, StoreError> {
    let mut rows = db.read(&OF_REQUESTS, values![crate::ids(requests)]).await?;
    rows.iter_mut().map(|row| SupervisorScore::read(row).map(|score| (score.request_id, score))).collect()
}

/// The score of a rating request that this transaction has locked.
pub async fn find(tx: &mut Tx, request: RequestId) -> Result<Option<SupervisorScore>, StoreError> {
    tx.fetch(&OF_REQUESTS, values![crate::ids(&[request])]).await?.first_mut().map(SupervisorScore::read).transpose()
}

/// Writes a score in place of `before`. The transaction has locked the rating request.
pub async fn save(
    tx: &mut Tx,
    request: &RatingRequest,
    before: Option<&SupervisorScore>,
    after: &SupervisorScore,
) -> Result<(), StoreError> {
    static SAVE: Sql = Sql::new(concat!(
        columns!(insert),
        " WHERE true ON CONFLICT (request_id) DO UPDATE SET score = excluded.score, comment = excluded.comment, \
         scored_by = excluded.scored_by, changed_at = excluded.changed_at, revision = excluded.revision"
    ));
    let values = values![crate::rows(std::slice::from_ref(after))];
    tx.execute(&SAVE, values).await?;
    if !request.is_counted() {
        return Ok(());
    }
    tx.count(labelled([request]), |changes, zone| {
        let (belongs, counts) = (request.belongs(), |score: &SupervisorScore| supervisor_counts(u8::try_from(score.score).unwrap_or(0)));
        if let Some(before) = before {
            changes.count(&belongs, zone, &counts(before), -1);
        }
        changes.count(&belongs, zone, &counts(after), 1);
    });
    Ok(())
}
