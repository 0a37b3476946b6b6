//! Ratings: the value that counts, at most one for a rating request.

pub mod comment_word;

use crate::domain::answer::rating::Scale;
use crate::domain::report::counter::RatingMeasures;
use crate::store::question::rating_request::RatingRequest;
use crate::store::sql::Sql;
use crate::store::{Db, Millis, Row, StoreError, Tx};
use crate::values;
use serde::Serialize;
use std::collections::HashMap;

/// The columns of a whole row, in the order in which it is read.
macro_rules! columns {
    () => {
        "t.request_id, t.line_id, t.operator_id, t.channel, t.scale, t.score, t.low, t.comment, t.reasons, t.resolved, \
         t.order_key, t.order_event, t.revision, t.first_at, t.changed_at, t.closed_at, t.voided_at"
    };
}

/// A rating.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Rating {
    /// The rating request it answers.
    pub request_id: String,
    /// The line at the close.
    pub line_id: String,
    /// The responsible operator at the close.
    pub operator_id: Option<String>,
    /// The channel's kind.
    pub channel: Option<String>,
    /// The scale.
    pub scale: Scale,
    /// The score.
    pub score: i64,
    /// 1 when it is low by the line's rule at the answer.
    pub low: i64,
    /// What the client wrote.
    pub comment: Option<String>,
    /// The reasons chosen, as they were worded then.
    #[serde(serialize_with = "crate::store::as_json")]
    pub reasons: Vec<String>,
    /// Whether the issue was resolved, by the client's word: 1 or 0.
    pub resolved: Option<i64>,
    /// The platform's order of the event that brought the score.
    pub order_key: i64,
    /// That event's key.
    pub order_event: String,
    /// One more with each change.
    pub revision: i64,
    /// When the first score arrived.
    pub first_at: Millis,
    /// When it last changed.
    pub changed_at: Millis,
    /// When the session was closed.
    pub closed_at: Millis,
    /// When an admin voided it: it stays as it is, and leaves the adjusted score.
    pub voided_at: Option<Millis>,
}

impl Rating {
    /// The rating for the counters.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] where the score is none.
    pub fn rated(&self) -> Result<RatingMeasures, StoreError> {
        let unexpected = |column, found: String| StoreError::Inconsistent { table: "rating", column, found };
        Ok(RatingMeasures {
            scale: self.scale,
            score: u8::try_from(self.score).map_err(|_| unexpected("score", self.score.to_string()))?,
            low: self.low == 1,
            resolved: self.resolved.map(|resolved| resolved == 1),
            commented: self.comment.is_some(),
            voided: self.voided_at.is_some(),
            took: self.first_at - self.closed_at,
        })
    }
}

/// A rating that is written: what it was, and what it is to be.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The rating request, which this transaction holds.
    pub request: &'a RatingRequest,
    /// The rating as it is in the database; none when this is the first score.
    pub before: Option<&'a Rating>,
    /// The rating to be.
    pub after: &'a Rating,
}

pub(crate) fn read(row: &mut Row) -> Result<Rating, StoreError> {
    Ok(Rating {
        request_id: row.text()?,
        line_id: row.text()?,
        operator_id: row.text_or_null()?,
        channel: row.text_or_null()?,
        scale: row.word("rating", "scale", Scale::parse)?,
        score: row.int()?,
        low: row.int()?,
        comment: row.text_or_null()?,
        reasons: row.document("rating", "reasons")?,
        resolved: row.int_or_null()?,
        order_key: row.int()?,
        order_event: row.text()?,
        revision: row.int()?,
        first_at: row.int()?,
        changed_at: row.int()?,
        closed_at: row.int()?,
        voided_at: row.int_or_null()?,
    })
}

static LOAD: Sql = Sql::new(concat!(
    "SELECT ",
    columns!(),
    " \
     FROM rating t WHERE t.request_id {among $1} ORDER BY t.request_id"
));

/// The ratings of these rating requests, inside a transaction that holds the requests.
///
/// # Errors
/// The database's error.
pub async fn load(tx: &mut Tx, requests: &[&str]) -> Result<HashMap<String, Rating>, StoreError> {
    let mut rows = tx.fetch(&LOAD, values![crate::store::ids(requests)]).await?;
    rows.iter_mut().map(|row| read(row).map(|rating| (rating.request_id.clone(), rating))).collect()
}

/// The ratings of these rating requests.
///
/// # Errors
/// The database's error.
pub async fn of_requests(db: &Db, requests: &[&str]) -> Result<HashMap<String, Rating>, StoreError> {
    let mut rows = db.read(&LOAD, values![crate::store::ids(requests)]).await?;
    rows.iter_mut().map(|row| read(row).map(|rating| (rating.request_id.clone(), rating))).collect()
}

/// Writes ratings. Their requests are held by this transaction, so the last word wins nowhere by accident.
///
/// # Errors
/// The database's error.
pub async fn save(tx: &mut Tx, changes: &[Change<'_>]) -> Result<(), StoreError> {
    static SAVE: Sql = Sql::new(
        "INSERT INTO rating (request_id, line_id, operator_id, channel, scale, score, low, comment, reasons, resolved, order_key, \
         order_event, revision, first_at, changed_at, closed_at, voided_at) \
         SELECT request_id, line_id, operator_id, channel, scale, score, low, comment, reasons, resolved, order_key, \
         order_event, revision, first_at, changed_at, closed_at, voided_at \
         FROM {rows $1 r: request_id text, line_id text, operator_id text, channel text, scale text, score int, low int, comment text, \
         reasons text, resolved int, order_key int, order_event text, revision int, first_at int, changed_at int, closed_at int, \
         voided_at int} WHERE true \
         ON CONFLICT (request_id) DO UPDATE SET score = excluded.score, low = excluded.low, comment = excluded.comment, \
         reasons = excluded.reasons, resolved = excluded.resolved, order_key = excluded.order_key, order_event = excluded.order_event, \
         revision = excluded.revision, changed_at = excluded.changed_at, voided_at = excluded.voided_at",
    );
    if changes.is_empty() {
        return Ok(());
    }
    let counted = changes.iter().filter(|change| change.request.is_counted()).map(|change| {
        let before = change.before.map(Rating::rated).transpose()?;
        Ok((change.request.belongs(), before, change.after.rated()?))
    });
    let counted: Vec<_> = counted.collect::<Result<_, StoreError>>()?;
    let ratings: Vec<&Rating> = changes.iter().map(|change| change.after).collect();
    tx.execute(&SAVE, values![crate::store::rows(&ratings)]).await?;
    crate::store::answer::rating::comment_word::keep(tx, changes).await?;
    tx.count(|changes, zone| {
        for (belongs, before, after) in &counted {
            if let Some(before) = before {
                changes.count(belongs, zone, &before.counts(), -1);
            }
            changes.count(belongs, zone, &after.counts(), 1);
        }
    });
    Ok(())
}
