//! Delivery of questions as far as is known, and late answers: what the counters need of rating requests besides their outcomes.

use super::rating_request::RatingRequest;
use crate::question::rating_request::counted::{count_changes, count_over};
use crate::question::rating_request::unrated::keep_unrated;
use crate::sql::Sql;
use crate::{Millis, Row, StoreError, Tx, values};
use lastword_base::names::RequestId;
use lastword_domain::answer::rating::Scale;
use lastword_domain::outcome::Outcome;

/// Columns that an update returns for the counters, in the order in which they are read.
macro_rules! frozen {
    () => {
        "id, line_id, scale, channel, operator_id, operators, handled_by, attribution, closed_at, outcome, reason, delivered_at, late_at, again_of, expires_at, labels, fields"
    };
}

fn read(row: &mut Row) -> Result<RatingRequest, StoreError> {
    Ok(RatingRequest {
        id: row.id()?,
        line_id: row.name()?,
        scale: row.word("rating_request", "scale", Scale::parse)?,
        channel: row.text_or_null()?,
        operator_id: row.name_or_null()?,
        operators: row.document("rating_request", "operators")?,
        handled_by: row.column("rating_request", "handled_by")?,
        attribution: row.column("rating_request", "attribution")?,
        closed_at: row.int()?,
        outcome: row.column("rating_request", "outcome")?,
        reason: row.text_or_null()?,
        delivered_at: row.int_or_null()?,
        late_at: row.int_or_null()?,
        again_of: row.id_or_null()?,
        expires_at: row.int_or_null()?,
        labels: row.document("rating_request", "labels")?,
        fields: row.document("rating_request", "fields")?,
        ..RatingRequest::default()
    })
}

/// Records that the answer time of these rating requests is over. Those that have ended count in the response rate from now on.
pub async fn over(tx: &mut Tx, requests: &[RequestId]) -> Result<(), StoreError> {
    static ENDED: Sql = Sql::new(concat!(
        "SELECT ",
        frozen!(),
        " FROM rating_request WHERE id {among $1} AND outcome IS NOT NULL AND delivered_at IS NOT NULL AND again_of IS NULL ORDER BY id"
    ));
    if requests.is_empty() {
        return Ok(());
    }
    let ended: Vec<RatingRequest> =
        tx.fetch(&ENDED, values![crate::ids(requests)]).await?.iter_mut().map(read).collect::<Result<_, _>>()?;
    count_over(tx, &ended);
    Ok(())
}

/// Records that the questions of these rating requests were delivered as far as is known. Returns those for which that is new, with
/// the columns for the counters. A question that was canceled while its delivery was unknown was asked after all.
pub async fn delivered(tx: &mut Tx, requests: &[RequestId], now: Millis) -> Result<Vec<RatingRequest>, StoreError> {
    static DELIVERED: Sql =
        Sql::new(concat!("UPDATE rating_request SET delivered_at = $2 WHERE id {among $1} AND delivered_at IS NULL RETURNING ", frozen!()));
    if requests.is_empty() {
        return Ok(Vec::new());
    }
    let mut changed: Vec<RatingRequest> =
        tx.fetch(&DELIVERED, values![crate::ids(requests), now]).await?.iter_mut().map(read).collect::<Result<_, _>>()?;
    let before: Vec<RatingRequest> = changed.iter().map(|after| RatingRequest { delivered_at: None, ..after.clone() }).collect();
    asked_after_all(tx, &mut changed).await?;
    count_changes(tx, before.into_iter().zip(changed.clone()).collect()).await?;
    Ok(changed)
}

/// Canceled questions that have arrived: they expired without an answer.
async fn asked_after_all(tx: &mut Tx, arrived: &mut [RatingRequest]) -> Result<(), StoreError> {
    static OVER: Sql = Sql::new("UPDATE rating_request SET outcome = 'expired' WHERE id {among $1}");
    let of: Vec<&mut RatingRequest> = arrived.iter_mut().filter(|request| request.outcome == Some(Outcome::Canceled)).collect();
    if of.is_empty() {
        return Ok(());
    }
    let before: Vec<RatingRequest> = of.iter().map(|request| (**request).clone()).collect();
    of.into_iter().for_each(|request| request.outcome = Some(Outcome::Expired));
    let after: Vec<RatingRequest> = before.iter().map(|of| RatingRequest { outcome: Some(Outcome::Expired), ..of.clone() }).collect();
    let ids: Vec<RequestId> = before.iter().map(|request| request.id).collect();
    tx.execute(&OVER, values![crate::ids(&ids)]).await?;
    keep_unrated(tx, &before, &after).await
}

/// Records that the platform accepted the questions of these rating requests and reported later that they will not arrive. If
/// another copy arrived, or an answer proves it, they stay delivered.
pub async fn not_delivered(tx: &mut Tx, requests: &[RequestId]) -> Result<(), StoreError> {
    static NOT_DELIVERED: Sql = Sql::new(concat!(
        "UPDATE rating_request SET delivered_at = NULL WHERE id {among $1} AND delivered_at IS NOT NULL \
         AND COALESCE(outcome, '') <> 'answered' AND NOT EXISTS (SELECT 1 FROM delivery d WHERE {about d rating_request.id} \
         AND d.kind IN ('ask', 'reminder') AND d.state IN ('sent', 'delivered')) RETURNING ",
        frozen!()
    ));
    if requests.is_empty() {
        return Ok(());
    }
    let changed: Vec<RatingRequest> =
        tx.fetch(&NOT_DELIVERED, values![crate::ids(requests)]).await?.iter_mut().map(read).collect::<Result<_, _>>()?;
    let pairs = changed.into_iter().map(|after| (RatingRequest { delivered_at: Some(0), ..after.clone() }, after));
    count_changes(tx, pairs.collect()).await
}

/// Records that an answer to these rating requests came too late.
pub async fn late(tx: &mut Tx, requests: &[RequestId], now: Millis) -> Result<(), StoreError> {
    static LATE: Sql =
        Sql::new(concat!("UPDATE rating_request SET late_at = $2 WHERE id {among $1} AND late_at IS NULL RETURNING ", frozen!()));
    if requests.is_empty() {
        return Ok(());
    }
    let changed: Vec<RatingRequest> =
        tx.fetch(&LATE, values![crate::ids(requests), now]).await?.iter_mut().map(read).collect::<Result<_, _>>()?;
    let pairs = changed.into_iter().map(|after| (RatingRequest { late_at: None, ..after.clone() }, after));
    count_changes(tx, pairs.collect()).await
}
