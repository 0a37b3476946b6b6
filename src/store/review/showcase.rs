//! Public ratings of a line.

use crate::sql::Sql;
use crate::{Db, Millis, Row, StoreError, values};
use lastword_base::names::{LineId, RequestId};
use lastword_domain::answer::rating::Scale;

/// A public rating with a comment.
#[derive(Clone, Debug)]
pub struct ShowcaseRating {
    /// The rating request.
    pub request_id: RequestId,
    /// The scale.
    pub scale: Scale,
    /// The score.
    pub score: i64,
    /// True if it is low on the line.
    pub low: bool,
    /// The client's comment.
    pub comment: String,
    /// Time of the rating.
    pub rated_at: Millis,
    /// The client's name, if the desk reported it.
    pub client_name: Option<String>,
    /// The newest version of the reply.
    pub reply: Option<String>,
}

/// Never public: voided ratings, and those with an upheld flag. A second question has no rating of its own.
macro_rules! hidden {
    () => {
        "t.voided_at IS NULL AND NOT EXISTS (SELECT 1 FROM objection o WHERE o.request_id = t.request_id AND o.kind = 'flag' \
         AND o.state = 'upheld') AND EXISTS (SELECT 1 FROM rating_request q WHERE q.id = t.request_id AND q.again_of IS NULL)"
    };
}

/// The newest ratings with a comment of a line that were given before `shown_before`, below `before`.
pub async fn page(
    db: &Db,
    line: &LineId,
    shown_before: Millis,
    before: Option<&(Millis, RequestId)>,
    limit: i64,
) -> Result<Vec<ShowcaseRating>, StoreError> {
    static PAGE: Sql = Sql::new(concat!(
        "SELECT t.request_id, t.scale, t.score, t.low, t.comment, t.rated_at, (SELECT q.client_name FROM rating_request q WHERE q.id = t.request_id), \
         (SELECT y.text FROM reply y WHERE y.request_id = t.request_id ORDER BY y.version DESC LIMIT 1) \
         FROM rating t WHERE t.line_id = $1 AND t.comment IS NOT NULL AND t.rated_at <= $2 AND (t.rated_at, t.request_id) < ($3, $4) AND ",
        hidden!(),
        " ORDER BY t.rated_at DESC, t.request_id DESC LIMIT $5"
    ));
    let (at, id) = before.copied().unwrap_or((i64::MAX, RequestId::default()));
    let read = |row: &mut Row| {
        Ok(ShowcaseRating {
            request_id: row.id()?,
            scale: row.word("rating", "scale", Scale::parse)?,
            score: row.int()?,
            low: row.column("rating", "low")?,
            comment: row.text()?,
            rated_at: row.int()?,
            client_name: row.text_or_null()?,
            reply: row.text_or_null()?,
        })
    };
    db.read(&PAGE, values![line, shown_before, at, id, limit]).await?.iter_mut().map(read).collect()
}

/// Number of ratings of each score whose comment is hidden, for closes of a line in a period: score, whether it is low on the line,
/// and count. Without voided ones, which the counters exclude.
pub async fn flagged(db: &Db, line: &LineId, scale: &str, from: Millis, until: Millis) -> Result<Vec<(u8, bool, i64)>, StoreError> {
    // There are few objections, and they are read first: otherwise SQLite starts with all ratings of the scale.
    static FLAGGED: Sql = Sql::new(
        "SELECT t.score, t.low, count(DISTINCT t.request_id) FROM objection o CROSS JOIN rating t CROSS JOIN rating_request q \
         WHERE t.request_id = o.request_id AND q.id = o.request_id AND q.again_of IS NULL AND o.line_id = $1 AND o.kind = 'flag' \
         AND o.state = 'upheld' AND t.voided_at IS NULL AND t.scale = $2 AND o.request_id >= $3 AND o.request_id < $4 \
         GROUP BY t.score, t.low ORDER BY t.score, t.low",
    );
    let mut rows = db.read(&FLAGGED, values![line, scale, RequestId::first_of(from), RequestId::first_of(until)]).await?;
    rows.iter_mut().map(|row| Ok((row.column("rating", "score")?, row.column("rating", "low")?, row.int()?))).collect()
}
