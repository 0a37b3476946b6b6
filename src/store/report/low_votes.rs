//! What clients gave as reasons of low ratings, as far as it is claimed that a reason is named more or less often: rows, not counters,
//! since each client has one vote.

use super::{ANY, Closes};
use crate::rows::Rows;
use crate::sql::Sql;
use crate::value::LentRow;
use crate::values;
use crate::{Db, StoreError, document};
use lastword_base::id::first_of;
use lastword_domain::answer::reason::{Reason, ReasonOrigin};
use lastword_domain::report::counter::counted_operators;
use lastword_domain::report::low_reasons::ReasonVotes;
use lastword_domain::session::Operator;

/// The votes on the reasons of low ratings of these closes: of ratings that are not voided and whose question is over.
///
/// # Errors
/// The database's error.
pub async fn low_votes(db: &Db, closes: &Closes) -> Result<ReasonVotes, StoreError> {
    // A client who was erased, or was never known, is nobody but this close's.
    static LOW: Sql = Sql::made(|| {
        format!(
            "SELECT COALESCE(q.client_id, q.id), q.operator_id, CASE q.attribution WHEN 'shared' THEN q.operators END, \
             q.line_id || '\u{1f}' || COALESCE(q.channel, '') || '\u{1f}' || q.scale, q.closed_at, t.reasons, t.tags \
             FROM rating t CROSS JOIN rating_request q WHERE t.low = 1 AND t.request_id >= $1 AND t.request_id < $2 AND q.id = t.request_id \
             AND t.voided_at IS NULL AND q.again_of IS NULL AND NOT EXISTS (SELECT 1 FROM question_expiry e \
             WHERE e.expires_at = q.expires_at AND e.request_id = q.id) AND ($3 = '{ANY}' OR q.line_id = $3) \
             AND ($4 = '{ANY}' OR COALESCE(q.channel, '') = $4) AND ($5 = '{ANY}' OR q.scale = $5) AND ($6 = 1 OR q.line_id {{among $7}}) \
             AND ($8 = '{ANY}' OR q.handled_by = $8) AND ($9 = '{ANY}' OR EXISTS (SELECT 1 FROM close_label l WHERE l.key = $9 \
             AND l.request_id = q.id AND ($10 = '{ANY}' OR l.value = $10))) ORDER BY t.request_id"
        )
    });
    let text = |text: Option<&String>| text.cloned().unwrap_or_else(|| ANY.to_owned());
    let scale = closes.scale.map(|scale| scale.as_str().to_owned());
    let handled_by = closes.handled_by.map(|handled_by| handled_by.to_string());
    let (all, lines): (i64, Rows) = crate::limits(&closes.sees);
    let (zone, label) = (db.zone(), closes.label.as_ref());
    let (key, value) = (text(label.map(|label| &label.key)), text(label.and_then(|label| label.value.as_ref())));
    let (line, channel) = (text(closes.line.as_ref()), text(closes.channel.as_ref()));
    let (first, after) = (first_of(closes.from.start(zone)), first_of(closes.until.start(zone)));
    let values = values![first, after, line, channel, text(scale.as_ref()), all, lines, text(handled_by.as_ref()), key, value];
    let operator = closes.operator.clone();
    db.fold(&LOW, values, ReasonVotes::default(), move |votes, row| take(row, votes, operator.as_deref())).await
}

fn take(row: &mut LentRow<'_, '_>, votes: &mut ReasonVotes, wanted: Option<&str>) -> Result<(), StoreError> {
    let (client, responsible, shared) = (row.text()?, row.text_or_null()?, row.text_or_null()?);
    let (stratum, at, reasons, tags) = (row.text()?, row.int()?, row.text()?, row.text_or_null()?);
    let all: Vec<Operator> = shared.map_or(Ok(Vec::new()), |all| document("rating_request", "operators", all))?;
    let counted = counted_operators(responsible, all.into_iter().map(|operator| operator.id).collect(), shared.is_some());
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
