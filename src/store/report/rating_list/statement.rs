//! The statements of lists: a few fixed pieces, one text for each index that a list can follow. Callers' values are always
//! parameters.

use crate::question::rating_request::COLUMNS;
use crate::review::WAITS;
use crate::sql::Sql;
use lastword_domain::answer::reason::ReasonOrigin;
use lastword_domain::report::rating_filter::{NONE, SOME};

/// Filter value that matches everything: no ID or kind contains this character.
pub(super) const ANY: &str = "\u{1}";

/// The table of ratings: then the followed row is the rating itself.
const RATINGS: &str = "rating t";

/// One statement for each index.
macro_rules! along {
    ($text:ident) => {
        [
            Sql::made(|| $text(Along::ALL[0])),
            Sql::made(|| $text(Along::ALL[1])),
            Sql::made(|| $text(Along::ALL[2])),
            Sql::made(|| $text(Along::ALL[3])),
            Sql::made(|| $text(Along::ALL[4])),
            Sql::made(|| $text(Along::ALL[5])),
            Sql::made(|| $text(Along::ALL[6])),
            Sql::made(|| $text(Along::ALL[7])),
            Sql::made(|| $text(Along::ALL[8])),
            Sql::made(|| $text(Along::ALL[9])),
            Sql::made(|| $text(Along::ALL[10])),
            Sql::made(|| $text(Along::ALL[11])),
            Sql::made(|| $text(Along::ALL[12])),
            Sql::made(|| $text(Along::ALL[13])),
            Sql::made(|| $text(Along::ALL[14])),
            Sql::made(|| $text(Along::ALL[15])),
            Sql::made(|| $text(Along::ALL[16])),
            Sql::made(|| $text(Along::ALL[17])),
            Sql::made(|| $text(Along::ALL[18])),
            Sql::made(|| $text(Along::ALL[19])),
            Sql::made(|| $text(Along::ALL[20])),
            Sql::made(|| $text(Along::ALL[21])),
            Sql::made(|| $text(Along::ALL[22])),
            Sql::made(|| $text(Along::ALL[23])),
        ]
    };
}

/// The index that a list follows, newest close first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Along {
    /// All ratings.
    Ratings,
    /// The ratings of a line.
    RatingsOfLine,
    /// The ratings of the responsible operator.
    RatingsOfOperator,
    /// The ratings with one score.
    RatingsOfScore,
    /// The low ratings.
    LowRatings,
    /// The low ratings that wait.
    Waiting,
    /// The ratings whose comment has a word.
    Word,
    /// The closes that count for an operator other than the responsible one.
    Shared,
    /// All closes.
    Closes,
    /// The closes of a line.
    ClosesOfLine,
    /// The closes of the responsible operator.
    ClosesOfOperator,
    /// Closes that expired.
    Expired,
    /// Closes that were not asked about.
    NotAsked,
    /// Closes whose question was canceled.
    Canceled,
    /// Closes with an unreachable client.
    Unreachable,
    /// Closes for which it is unknown whether the question arrived.
    Unsure,
    /// Closes with an answer that came too late.
    Late,
    /// The voided ratings.
    Voided,
    /// The ratings without a responsible operator.
    RatingsOfNobody,
    /// The closes without a responsible operator.
    ClosesOfNobody,
    /// The closes with an unknown channel.
    ClosesOfNoChannel,
    /// The ratings whose client chose a reason.
    Chosen,
    /// The ratings whose comment has a tag.
    Tagged,
    /// The closes that have a label, or a value of a field.
    Labelled,
}

impl Along {
    /// All indexes, in their order.
    pub(super) const ALL: [Along; 24] = [
        Along::Ratings,
        Along::RatingsOfLine,
        Along::RatingsOfOperator,
        Along::RatingsOfScore,
        Along::LowRatings,
        Along::Waiting,
        Along::Word,
        Along::Shared,
        Along::Closes,
        Along::ClosesOfLine,
        Along::ClosesOfOperator,
        Along::Expired,
        Along::NotAsked,
        Along::Canceled,
        Along::Unreachable,
        Along::Unsure,
        Along::Late,
        Along::Voided,
        Along::RatingsOfNobody,
        Along::ClosesOfNobody,
        Along::ClosesOfNoChannel,
        Along::Chosen,
        Along::Tagged,
        Along::Labelled,
    ];

    /// The followed table, its column with the ID of the close, and the condition on its rows.
    pub(super) fn pieces(self) -> (&'static str, &'static str, &'static str) {
        let (closes, unrated, rating, request, id) = ("rating_request d", "unrated_close d", "t.request_id", "d.request_id", "d.id");
        match self {
            Along::Ratings => (RATINGS, rating, "true"),
            Along::RatingsOfLine => (RATINGS, rating, "t.line_id = $1"),
            Along::RatingsOfOperator => (RATINGS, rating, "t.operator_id = $1 AND t.operator_id IS NOT NULL"),
            Along::RatingsOfScore => (RATINGS, rating, "t.scale = $1 AND t.score = $2"),
            Along::LowRatings => (RATINGS, rating, "t.low = 1"),
            Along::Waiting => (RATINGS, rating, "t.low = 1 AND t.done_at IS NULL AND t.voided_at IS NULL"),
            Along::Word => ("comment_word d", request, "d.word = $1"),
            Along::Shared => ("shared_close d", request, "d.operator_id = $1"),
            Along::Closes => (closes, id, "true"),
            Along::ClosesOfLine => (closes, id, "d.line_id = $1"),
            Along::ClosesOfOperator => (closes, id, "d.operator_id = $1 AND d.operator_id IS NOT NULL"),
            Along::Expired => (unrated, request, "d.outcome = 'expired'"),
            Along::NotAsked => (unrated, request, "d.outcome = 'not_asked'"),
            Along::Canceled => (unrated, request, "d.outcome = 'canceled'"),
            Along::Unreachable => (unrated, request, "d.outcome = 'unreachable'"),
            Along::Unsure => (unrated, request, "d.outcome = 'unsure'"),
            Along::Late => (closes, id, "d.late_at IS NOT NULL"),
            Along::Voided => (RATINGS, rating, "t.voided_at IS NOT NULL"),
            Along::RatingsOfNobody => (RATINGS, rating, "t.operator_id IS NULL"),
            Along::ClosesOfNobody => (closes, id, "d.operator_id IS NULL"),
            Along::ClosesOfNoChannel => (closes, id, "d.channel IS NULL"),
            Along::Chosen => ("rating_reason d", request, "d.origin = 'chosen' AND d.code = $1"),
            Along::Tagged => ("rating_reason d", request, "d.origin = 'tagged' AND d.code = $1"),
            Along::Labelled => ("close_label d", request, "d.key = $1"),
        }
    }

    /// Index hint after the table: SQLite would use the other index of waiting ratings, and sort.
    fn hint(self) -> &'static str {
        if self == Along::Waiting { " {along rating_waits_closed}" } else { "" }
    }

    /// The closes before a position (`$3`) down to another one (`$4`), at most `$5`, that match the rest of the filter.
    pub(super) fn page(self) -> &'static Sql {
        static PAGES: [Sql; 24] = along!(page);
        &PAGES[self as usize]
    }

    /// The same closes, with only the columns for totals.
    pub(super) fn brief(self) -> &'static Sql {
        static BRIEFS: [Sql; 24] = along!(brief);
        &BRIEFS[self as usize]
    }

    /// The position at which the next `$5` rows of the index end, not before the position `$4`; and the number of rows.
    pub(super) fn stretch(self) -> &'static Sql {
        static STRETCHES: [Sql; 24] = along!(stretch);
        &STRETCHES[self as usize]
    }
}

/// True if a close may count for one of the operators `$7`; an empty one means none. Shared closes that have them as the
/// responsible operator, but count only for those who wrote, are excluded when they are read, by the rule of
/// `domain::report::counter::counted_operators`.
const OF_OPERATOR: &str = "q.operator_id {among $7} \
     OR ('' {among $7} AND q.operator_id IS NULL AND (q.attribution <> 'shared' OR q.operators = '[]')) \
     OR EXISTS (SELECT 1 FROM shared_close s WHERE s.operator_id {among $7} AND s.request_id = q.id)";

/// True if a close has the outcome or state `$12`, as in `domain::report::counter::RequestStatus`: a canceled one was not asked,
/// and an answer proves that the question arrived.
const OF_END: &str = "$12 = 'all' OR COALESCE(q.outcome, 'open') = $12 \
     OR ($12 IN ('asked', 'delivered') AND COALESCE(q.outcome, 'open') NOT IN ('not_asked', 'canceled') \
     AND ($12 = 'asked' OR q.outcome = 'answered' OR q.delivered_at IS NOT NULL)) OR ($12 = 'late' AND q.late_at IS NOT NULL) \
     OR ($12 IN ('over', 'answered_over') AND q.outcome NOT IN ('not_asked', 'canceled') \
     AND (q.outcome = 'answered' OR ($12 = 'over' AND q.delivered_at IS NOT NULL)) \
     AND NOT EXISTS (SELECT 1 FROM question_expiry e WHERE e.expires_at = q.expires_at AND e.request_id = q.id))";

/// True if a grade is `$11`, as in `lastword_domain::answer::rating::Grade`.
const OF_GRADE: &str = "$11 = CASE WHEN t.low = 1 THEN 'bad' WHEN (t.scale = 'binary' AND t.score >= 1) OR t.score >= 4 THEN 'good' \
     WHEN t.score IS NOT NULL THEN 'neutral' END";

/// True if a rating has one of the reasons in `parameter`, of one origin: any reason, none, or by their codes.
fn of_reason(origin: ReasonOrigin, parameter: &str) -> String {
    let column = match origin {
        ReasonOrigin::Chosen => "t.reasons",
        ReasonOrigin::Tagged => "t.tags",
    };
    let among = format!("{{among {parameter}}}");
    format!(
        "('{ANY}' {among} OR ('{SOME}' {among} AND {column} <> '[]') OR ('{NONE}' {among} AND {column} = '[]') \
         OR EXISTS (SELECT 1 FROM rating_reason o WHERE o.origin = '{}' AND o.code {among} AND o.request_id = q.id))",
        origin.as_str()
    )
}

/// Columns for totals. The operators of a shared close, and the text of a comment, are read only if the filter needs them.
const BRIEF: &str = "q.id, q.closed_at, q.scale, t.score, t.low, CASE WHEN t.voided_at IS NULL THEN 0 ELSE 1 END, \
     CASE WHEN t.comment IS NULL THEN 0 ELSE 1 END, CASE WHEN q.attribution = 'shared' THEN q.operators END, q.operator_id, \
     CASE WHEN $14 = 1 THEN t.comment END";

fn page(along: Along) -> String {
    closes(along, COLUMNS)
}

fn brief(along: Along) -> String {
    closes(along, BRIEF)
}

fn closes(along: Along, columns: &str) -> String {
    let ((followed, id, which), hint) = (along.pieces(), along.hint());
    let joined = if followed == RATINGS { "" } else { "LEFT JOIN rating t ON t.request_id = q.id " };
    let (chosen, tagged) = (of_reason(ReasonOrigin::Chosen, "$22"), of_reason(ReasonOrigin::Tagged, "$23"));
    // CROSS JOIN makes SQLite follow the index first, whatever its estimates of table sizes. For ratings, the rating is checked
    // before the close is read: most rows of a narrow filter end there.
    format!(
        "SELECT {columns} FROM {followed}{hint} CROSS JOIN rating_request q {joined}\
         WHERE {which} AND {id} < $3 AND {id} >= $4 AND q.id = {id} \
         AND q.again_of IS NULL AND $1 = $1 AND $2 = $2 \
         AND ('{ANY}' {{among $6}} OR q.line_id {{among $6}}) AND ('{ANY}' {{among $7}} OR {OF_OPERATOR}) \
         AND ('{ANY}' {{among $8}} OR COALESCE(q.channel, '') {{among $8}}) AND ($9 = '{ANY}' OR q.scale = $9) \
         AND ('{ANY}' {{among $10}} OR CAST(t.score AS TEXT) {{among $10}}) \
         AND ($11 = '{ANY}' OR {OF_GRADE}) AND ({OF_END}) \
         AND ('{ANY}' {{among $13}} OR q.reason {{among $13}}) AND ($14 = 0 OR t.comment IS NOT NULL) AND ($15 = 0 OR ({WAITS})) \
         AND ($16 = -1 OR t.resolved = $16) AND ($17 = 1 OR q.line_id {{among $18}}) \
         AND NOT EXISTS (SELECT 1 FROM {{rows $19 r: id text}} WHERE NOT EXISTS (SELECT 1 FROM comment_word w \
         WHERE w.word = r.id AND w.request_id = q.id)) \
         AND ($20 = -1 OR (t.request_id IS NOT NULL AND $20 = CASE WHEN t.voided_at IS NULL THEN 0 ELSE 1 END)) \
         AND ($24 = '{ANY}' OR q.handled_by = $24) AND ($21 = 0 OR EXISTS (SELECT 1 FROM supervisor_score v WHERE v.request_id = q.id)) \
         AND {chosen} AND {tagged} AND ($25 = '{ANY}' OR EXISTS (SELECT 1 FROM close_label l WHERE l.key = $25 \
         AND l.request_id = q.id AND ($26 = '{ANY}' OR l.value = $26))) \
         ORDER BY {id} DESC LIMIT $5"
    )
}

fn stretch(along: Along) -> String {
    let ((followed, id, which), hint) = (along.pieces(), along.hint());
    format!(
        "SELECT s.id, count(*) OVER () FROM (SELECT {id} AS id FROM {followed}{hint} \
         WHERE {which} AND {id} < $3 AND {id} >= $4 AND $1 = $1 AND $2 = $2 ORDER BY {id} DESC LIMIT $5) AS s ORDER BY s.id LIMIT 1"
    )
}
