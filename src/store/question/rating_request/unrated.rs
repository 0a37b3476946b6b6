//! Closes that ended without a rating, by how they ended: for lists of them.

use super::RatingRequest;
use crate::sql::{Sql, Statement};
use crate::values;
use crate::{StoreError, Tx};
use lastword_domain::question::outcome::Outcome;
use serde::Serialize;

/// How a close ended.
#[derive(Serialize)]
struct Ended<'a> {
    outcome: Outcome,
    request_id: &'a str,
}

/// Those of these rating requests that ended without a rating. A question asked once more is no close of its own.
fn unrated(requests: &[RatingRequest]) -> Vec<Ended<'_>> {
    let ended = requests.iter().filter(|request| request.is_counted());
    let ended = ended.filter_map(|request| Some(Ended { outcome: request.outcome?, request_id: &request.id }));
    ended.filter(|ended| ended.outcome != Outcome::Answered).collect()
}

/// Lists those of these rating requests that ended without a rating. None where none did.
pub(crate) fn unrated_statement(requests: &[RatingRequest]) -> Option<Statement> {
    static KEEP: Sql = Sql::new(
        "INSERT INTO unrated_close (outcome, request_id) SELECT outcome, request_id \
         FROM {rows $1 r: outcome text, request_id text} WHERE true ON CONFLICT DO NOTHING",
    );
    let rows = unrated(requests);
    (!rows.is_empty()).then(|| Statement::new(&KEEP, values![crate::rows(&rows)]))
}

/// Rating requests became others: those that had ended without a rating and have not any more leave the lists.
///
/// # Errors
/// The database's error.
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
