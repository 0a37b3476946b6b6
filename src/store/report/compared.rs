//! The ratings that a comparison of operators takes: rows, not counters, since a client who rated twice counts once.

use super::Closes;
use crate::rows::Rows;
use crate::sql::Sql;
use crate::value::LentRow;
use crate::values;
use crate::{Db, StoreError, document};
use futures_util::{StreamExt, TryStreamExt, stream};
use lastword_base::id::first_of;
use lastword_domain::answer::rating::{Grade, Scale};
use lastword_domain::report::calendar::Day;
use lastword_domain::report::counter::counted_operators;
use lastword_domain::report::stats::clients::{Cases, Given};
use lastword_domain::session::Operator;
use std::collections::BTreeSet;

/// So many days are one read.
const DAYS: i64 = 7;
/// So many reads are under way at once.
const AT_ONCE: usize = 2;
/// No id or kind has this letter, so that a filter that is it means any.
const ANY: &str = "\u{1}";

/// All ratings of these closes that are not voided, for every operator they count for, whatever `closes` says of operators;
/// and the scales among them.
///
/// # Errors
/// The database's error.
pub async fn cases(db: &Db, closes: &Closes) -> Result<(Cases, BTreeSet<Scale>), StoreError> {
    let stretches = closes.from.stretches(closes.until, DAYS);
    let mut read = stream::iter(stretches.map(|(from, until)| read(db, closes, from, until))).buffered(AT_ONCE);
    let (mut cases, mut scales) = (Cases::default(), BTreeSet::new());
    while let Some((later, among)) = read.try_next().await? {
        cases.join(later);
        scales.extend(among);
    }
    Ok((cases, scales))
}

async fn read(db: &Db, closes: &Closes, from: Day, until: Day) -> Result<(Cases, BTreeSet<Scale>), StoreError> {
    // A client who was erased, or was never known, is nobody but this close's. Line, channel and scale are one text: each costs.
    static RATINGS: Sql = Sql::new(
        "SELECT COALESCE(q.client_id, q.id), q.operator_id, CASE q.attribution WHEN 'shared' THEN q.operators END, \
         q.line_id || '\u{1f}' || COALESCE(q.channel, '') || '\u{1f}' || q.scale, t.score, t.low, t.closed_at FROM rating t CROSS JOIN rating_request q \
         WHERE t.request_id >= $1 AND t.request_id < $2 AND q.id = t.request_id AND t.voided_at IS NULL AND q.again_of IS NULL \
         AND ($3 = '\u{1}' OR q.line_id = $3) AND ($4 = '\u{1}' OR COALESCE(q.channel, '') = $4) AND ($5 = '\u{1}' OR q.scale = $5) \
         AND ($6 = 1 OR q.line_id {among $7}) AND ($8 = '\u{1}' OR q.handled_by = $8) \
         AND ($9 = '\u{1}' OR EXISTS (SELECT 1 FROM close_label l WHERE l.key = $9 AND l.request_id = q.id \
         AND ($10 = '\u{1}' OR l.value = $10))) ORDER BY t.request_id",
    );
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| ANY.to_owned());
    let scale = closes.scale.map_or_else(|| ANY.to_owned(), |scale| scale.as_str().to_owned());
    let handled_by = closes.handled_by.map_or_else(|| ANY.to_owned(), |handled_by| handled_by.to_string());
    let (all, lines): (i64, Rows) = crate::limits(&closes.sees);
    let zone = db.zone();
    let (line, channel) = (text(&closes.line), text(&closes.channel));
    let (key, value) = (closes.label.as_ref().map(|label| label.key.clone()), closes.label.as_ref().and_then(|label| label.value.clone()));
    let (from, until, key, value) = (first_of(from.start(zone)), first_of(until.start(zone)), text(&key), text(&value));
    let values = values![from, until, line, channel, scale, all, lines, handled_by, key, value];
    db.fold(&RATINGS, values, (Cases::default(), BTreeSet::new()), |(cases, scales), row| take(row, cases, scales)).await
}

fn take(row: &mut LentRow<'_, '_>, cases: &mut Cases, scales: &mut BTreeSet<Scale>) -> Result<(), StoreError> {
    let (client, responsible, shared) = (row.text()?, row.text_or_null()?, row.text_or_null()?);
    let (stratum, score, low, at) = (row.text()?, row.int()?, row.int()? == 1, row.int()?);
    let broken = |column: &'static str, found: String| StoreError::Inconsistent { table: "rating", column, found };
    let word = stratum.rsplit('\u{1f}').next().unwrap_or_default();
    let scale = Scale::parse(word).ok_or_else(|| broken("scale", word.to_owned()))?;
    let score = u8::try_from(score).map_err(|_| broken("score", score.to_string()))?;
    let all: Vec<Operator> = shared.map_or(Ok(Vec::new()), |all| document("rating_request", "operators", all))?;
    let all = all.into_iter().map(|operator| operator.id).collect();
    let counted = counted_operators(responsible, all, shared.is_some());
    let good = Grade::of(scale, score, low) == Grade::Good;
    scales.insert(scale);
    for member in &counted {
        cases.take(Given { member, client, stratum, good, at });
    }
    Ok(())
}
