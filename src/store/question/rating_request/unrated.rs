//! Index of closes without a rating, by their outcome, for lists.

use super::RatingRequest;
use crate::sql::{Sql, Statement};
use crate::{StoreError, Tx, values};
use lastword_base::names::RequestId;
use lastword_domain::outcome::Outcome;
use serde::Serialize;

/// A close with its outcome.
#[derive(Serialize)]
struct Ended {
    outcome: Outcome,
    request_id: RequestId,
}

/// Those of these rating requests that ended without a rating. A second question is not a close of its own.
fn unrated(requests: &[RatingRequest]) -> Vec<Ended> {
    let ended = requests.iter().filter(|request| request.is_counted());
    let ended = ended.filter_map(|request| Some(Ended { outcome: request.outcome?, request_id: request.id }));
    ended.filter(|ended| ended.outcome != Outcome::Answered).collect()
}

/// Indexes those of these rating requests that ended without a rating. `None` if there are none.
pub(crate) fn unrated_statement(requests: &[RatingRequest]) -> Option<Statement> {
    static KEEP: Sql = Sql::new(
        "INSERT INTO unrated_close (outcome, request_id) SELECT outcome, request_id \
         FROM {rows $1 r: outcome text, request_id text} WHERE true ON CONFLICT DO NOTHING",
    );
    let rows = unrated(requests);
    (!rows.is_empty()).then(|| Statement::new(&KEEP, values![crate::rows(&rows)]))
}

/// Removes rating requests that no longer count as ended without a rating from the index.
pub(crate) async fn keep_unrated(tx: &mut Tx, before: &[RatingRequest], after: &[RatingRequest]) -> Result<(), StoreError> {
    static FORGET: Sql = Sql::new(
        "DELETE FROM unrated_close WHERE (outcome, request_id) IN (SELECT r.outcome, r.request_id \
         FROM {rows $1 r: outcome text, request_id text})",
    );
    let rows = unrated(before);
    if !rows.is_empty() {
        tx.execute(&FORGET, values![crate::rows(&rows)]).await?;
    }
    if let Some(Statement { sql, values }) = unrated_statement(after) {
        tx.execute(sql, values).await?;
    }
    Ok(())
}
