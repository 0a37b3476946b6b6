//! Clients' reasons for low ratings, behind claims that a reason is named more or less often: rows, not counters, because each
//! client has one vote.

use super::votes::{FILTER, LABELLED, counted_operators, filter};
use super::{ANY, Closes};
use crate::sql::Sql;
use crate::sql::value::LentRow;
use crate::{Db, StoreError, document};
use lastword_base::names::OperatorId;
use lastword_domain::answer::reason::{Reason, ReasonOrigin};
use lastword_domain::report::low_reasons::ReasonVotes;

/// The votes on the reasons of low ratings of these closes: of ratings that are not voided and whose question is over.
pub async fn low_votes(db: &Db, closes: &Closes) -> Result<ReasonVotes, StoreError> {
    // An erased or unknown client counts as a separate client for each close.
    static LOW: Sql = Sql::made(|| {
        format!(
            "SELECT COALESCE(q.client_id, q.id), q.operator_id, CASE q.attribution WHEN 'shared' THEN q.operators END, \
             q.line_id || '\u{1f}' || COALESCE(q.channel, '') || '\u{1f}' || q.scale, q.closed_at, t.reasons, t.tags \
             FROM rating t CROSS JOIN rating_request q WHERE t.low = 1 AND t.request_id >= $1 AND t.request_id < $2 AND q.id = t.request_id \
             AND t.voided_at IS NULL AND q.again_of IS NULL AND NOT EXISTS (SELECT 1 FROM question_expiry e \
             WHERE e.expires_at = q.expires_at AND e.request_id = q.id) AND ($3 = '{ANY}' OR q.line_id = $3) \
             {FILTER} {LABELLED} ORDER BY t.request_id"
        )
    });
    let values = filter(db, closes, closes.from, closes.until);
    let operator = closes.operator.clone();
    db.fold(&LOW, values, ReasonVotes::default(), move |votes, row| take(row, votes, operator.as_ref().map(OperatorId::as_str))).await
}

fn take(row: &mut LentRow<'_, '_>, votes: &mut ReasonVotes, wanted: Option<&str>) -> Result<(), StoreError> {
    let (client, responsible, shared) = (row.text()?, row.text_or_null()?, row.text_or_null()?);
    let (stratum, at, reasons, tags) = (row.text()?, row.int()?, row.text()?, row.text_or_null()?);
    let counted = counted_operators(responsible, shared)?;
    if wanted.is_some_and(|wanted| !counted.iter().any(|one| one == wanted)) {
        return Ok(());
    }
    let chosen: Vec<Reason> = document("rating", "reasons", reasons)?;
    if !chosen.is_empty() {
        votes.take(client, stratum, at, ReasonOrigin::Chosen, chosen.into_iter().map(|reason| reason.code));
    }
    if let Some(tags) = tags {
        let tags: Vec<String> = document("rating", "tags", tags)?;
        votes.take(client, stratum, at, ReasonOrigin::Tagged, tags);
    }
    Ok(())
}
