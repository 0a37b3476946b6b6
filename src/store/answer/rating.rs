//! Ratings: the value that counts, at most one for a rating request.

pub mod comment_word;
pub mod rating_reason;

use crate::question::rating_request::RatingRequest;
use crate::question::rating_request::labelled::labelled;
use crate::sql::table::table;
use crate::sql::{Sql, Statement};
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::{LineId, OperatorId, RequestId};
use lastword_domain::answer::rating::Scale;
use lastword_domain::answer::reason::Reason;
use lastword_domain::answer::scanner::Evidence;
use lastword_domain::report::counter::{CounterScope, RatingMeasures};
use serde::Serialize;
use std::collections::HashMap;

/// Codes of reasons, sorted.
pub type Tags = Vec<String>;

table! {
    /// A rating.
    #[derive(Clone, Debug, Default, Serialize)]
    pub struct Rating = columns!(rating t) {
        /// The rating request it answers.
        request_id: RequestId,
        /// The line at the close.
        line_id: LineId,
        /// The responsible operator at the close.
        operator_id: Option<OperatorId>,
        /// The kind of channel.
        channel: Option<String>,
        /// The scale.
        scale: Scale,
        /// The score.
        score: i64,
        /// 1 if it was low by the line's rule at the time of the answer.
        low: i64,
        /// The client's comment.
        comment: Option<String>,
        /// The platform's ID of the message that contains the comment, or did before it was deleted; `None` if it was no message.
        comment_message: Option<String>,
        /// The platform's order of that message.
        comment_order: Option<i64>,
        /// Time when the client deleted the comment.
        comment_deleted_at: Option<Millis>,
        /// The chosen reasons, with their texts at that time.
        #[serde(serialize_with = "crate::as_json")]
        reasons: Vec<Reason>,
        /// The codes with which keyword rules tagged the comment; `None` if no rules were applied.
        #[serde(serialize_with = "some_as_json")]
        tags: Option<Tags>,
        /// The client's answer to "Was your issue resolved?": 1 or 0.
        resolved: Option<i64>,
        /// The platform's order of the event that brought the score.
        order_key: i64,
        /// That event's key.
        order_event: String,
        /// The evidence that a person gave the score.
        evidence: Evidence,
        /// 1 if the score is an emoji reaction to our question. A tapped or typed score outranks it, whichever came first.
        reacted: i64,
        /// Incremented with each change.
        revision: i64,
        /// Time of the first score.
        rated_at: Millis,
        /// Time of the last change.
        changed_at: Millis,
        /// Time of the close.
        closed_at: Millis,
        /// Time when an admin voided it: it stays unchanged and is excluded from the adjusted score.
        voided_at: Option<Millis>,
    }
}

impl Rating {
    /// True if it is praise: the best score, with a comment.
    pub fn is_praise(&self) -> bool {
        let top = self.score == i64::from(self.scale.top()) && self.low == 0;
        top && self.voided_at.is_none() && self.comment.as_deref().is_some_and(|comment| !comment.trim().is_empty())
    }

    /// The rating for the counters.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] if the score is not on its scale.
    pub fn rated(&self) -> Result<RatingMeasures, StoreError> {
        let unexpected = |column, found: String| StoreError::Inconsistent { table: "rating", column, found };
        Ok(RatingMeasures {
            scale: self.scale,
            score: u8::try_from(self.score).map_err(|_| unexpected("score", self.score.to_string()))?,
            low: self.low == 1,
            resolved: self.resolved.map(|resolved| resolved == 1),
            commented: self.comment.is_some(),
            voided: self.voided_at.is_some(),
            took: self.rated_at - self.closed_at,
            chosen: self.reasons.iter().map(|reason| reason.code.clone()).collect(),
            tags: self.tags.clone(),
        })
    }
}

fn some_as_json<S: serde::Serializer>(document: &Option<Vec<String>>, serializer: S) -> Result<S::Ok, S::Error> {
    document.as_ref().map(crate::json).serialize(serializer)
}

/// A rating to write, with its state before.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The rating request, which this transaction has locked.
    pub request: &'a RatingRequest,
    /// The stored rating; `None` if this is the first score.
    pub before: Option<&'a Rating>,
    /// The new rating.
    pub after: &'a Rating,
}

static LOAD: Sql = Sql::new(concat!(
    "SELECT ",
    columns!(),
    " \
     FROM rating t WHERE t.request_id {among $1} ORDER BY t.request_id"
));

/// The ratings of these rating requests, inside a transaction that has locked the requests.
pub async fn load(tx: &mut Tx, requests: &[RequestId]) -> Result<HashMap<RequestId, Rating>, StoreError> {
    let Statement { sql, values } = load_statement(requests);
    read_all(tx.fetch(sql, values).await?)
}

pub(super) fn load_statement(requests: &[RequestId]) -> Statement {
    Statement::new(&LOAD, values![crate::ids(requests)])
}

pub(super) fn read_all(mut rows: Vec<Row>) -> Result<HashMap<RequestId, Rating>, StoreError> {
    rows.iter_mut().map(|row| Rating::read(row).map(|rating| (rating.request_id, rating))).collect()
}

/// The ratings of these rating requests.
pub async fn of_requests(db: &Db, requests: &[RequestId]) -> Result<HashMap<RequestId, Rating>, StoreError> {
    read_all(db.read(&LOAD, values![crate::ids(requests)]).await?)
}

/// The newest ratings with a comment among those of closes since `since` that count for an operator, newest close first. Ratings of
/// second questions count for no operator.
pub async fn newest_commented(db: &Db, operator: &OperatorId, since: Millis, limit: i64) -> Result<Vec<Rating>, StoreError> {
    // The responsible operator's ratings, and those they share, each as far as is needed along its index. The question is looked up
    // for each row by key: a join might start from the questions. No second question is in shared_close.
    static NEWEST: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM (SELECT a.id FROM (SELECT w.request_id AS id FROM rating w WHERE w.operator_id = $1 AND w.comment IS NOT NULL \
         AND w.request_id >= $2 AND (SELECT q.again_of FROM rating_request q WHERE q.id = w.request_id) IS NULL \
         ORDER BY w.request_id DESC LIMIT $3) AS a \
         UNION ALL SELECT b.id FROM (SELECT s.request_id AS id FROM shared_close s JOIN rating w ON w.request_id = s.request_id \
         WHERE s.operator_id = $1 AND s.request_id >= $2 AND w.comment IS NOT NULL ORDER BY s.request_id DESC LIMIT $3) AS b) AS n \
         JOIN rating t ON t.request_id = n.id ORDER BY t.request_id DESC LIMIT $3"
    ));
    db.read(&NEWEST, values![operator, RequestId::first_of(since), limit]).await?.iter_mut().map(Rating::read).collect()
}

/// Writes ratings. This transaction has locked their requests, so no change is lost.
pub async fn save(tx: &mut Tx, changes: &[Change<'_>]) -> Result<(), StoreError> {
    let counted = counted(changes)?;
    tx.execute_together(save_statements(changes)).await?;
    count(tx, counted);
    Ok(())
}

/// The statements that write ratings, and the search words of their comments.
pub(super) fn save_statements(changes: &[Change<'_>]) -> Vec<Statement> {
    static SAVE: Sql = Sql::new(concat!(
        columns!(insert),
        " WHERE true ON CONFLICT (request_id) DO UPDATE SET score = excluded.score, low = excluded.low, comment = excluded.comment, \
         comment_message = excluded.comment_message, comment_order = excluded.comment_order, \
         comment_deleted_at = excluded.comment_deleted_at, evidence = excluded.evidence, reacted = excluded.reacted, \
         reasons = excluded.reasons, tags = excluded.tags, resolved = excluded.resolved, order_key = excluded.order_key, \
         order_event = excluded.order_event, revision = excluded.revision, changed_at = excluded.changed_at, voided_at = excluded.voided_at"
    ));
    if changes.is_empty() {
        return Vec::new();
    }
    let ratings: Vec<&Rating> = changes.iter().map(|change| change.after).collect();
    let saved = Statement::new(&SAVE, values![crate::rows(&ratings)]);
    std::iter::once(saved).chain(comment_word::keep_statements(changes)).chain(rating_reason::keep_statements(changes)).collect()
}

/// Counts of ratings: the cells of each, and its state before and after.
pub(super) struct Counted {
    labelled: Vec<RequestId>,
    ratings: Vec<(CounterScope, Option<RatingMeasures>, RatingMeasures)>,
}

pub(super) fn counted(changes: &[Change<'_>]) -> Result<Counted, StoreError> {
    let ratings = changes.iter().filter(|change| change.request.is_counted()).map(|change| {
        let before = change.before.map(Rating::rated).transpose()?;
        Ok((change.request.belongs(), before, change.after.rated()?))
    });
    let labelled = labelled(changes.iter().map(|change| change.request));
    Ok(Counted { labelled, ratings: ratings.collect::<Result<_, StoreError>>()? })
}

/// Records the changes for the counters.
pub(super) fn count(tx: &mut Tx, counted: Counted) {
    tx.count(counted.labelled, |changes, zone| {
        for (belongs, before, after) in &counted.ratings {
            if let Some(before) = before {
                changes.rating(belongs, zone, before, -1);
            }
            changes.rating(belongs, zone, after, 1);
        }
    });
}
