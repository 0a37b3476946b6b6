//! Work that waits now, and what just happened. Each count reads an index of what waits or the newest closes, never the whole table.

use super::Hour;
use super::recount::{RAW, read_close};
use crate::counter::cell::by_hour;
use crate::sql::Sql;
use crate::sql::value::LentRow;
use crate::{Db, Millis, StoreError, review, values};
use lastword_base::names::{OperatorId, RequestId};
use lastword_domain::access::rights::Lines;
use lastword_domain::report::calendar::{Day, hour, next_hour};
use lastword_domain::report::counter::Counts;

/// Number of waiting low ratings of these lines, by the rule of `domain::review::waits`. Counted up to [`review::WAITING_MAX`].
pub async fn low_unanswered(db: &Db, lines: &Lines) -> Result<i64, StoreError> {
    review::waiting(db, lines).await
}

/// Maximum number that is counted of each kind.
pub const COUNT_MAX: i64 = 1_000;

/// The most informative low ratings of these lines since `since`: with a comment first, then the lowest, then the newest. Among
/// more than [`COUNT_MAX`], the newest are considered.
pub async fn worst(db: &Db, lines: &Lines, since: Millis, limit: i64) -> Result<Vec<RequestId>, StoreError> {
    static WORST: Sql = Sql::new(
        "SELECT w.request_id FROM (SELECT t.request_id, t.comment, t.score, t.rated_at FROM rating t WHERE t.low = 1 AND t.rated_at >= $3 \
         AND t.voided_at IS NULL AND ($1 = 1 OR t.line_id {among $2}) ORDER BY t.rated_at DESC, t.request_id DESC LIMIT $4) AS w \
         ORDER BY CASE WHEN w.comment IS NULL THEN 1 ELSE 0 END, w.score, w.rated_at DESC, w.request_id LIMIT $5",
    );
    let (all, some) = crate::limits(lines);
    db.read(&WORST, values![all, some, since, COUNT_MAX, limit]).await?.iter_mut().map(crate::Row::id).collect()
}

/// True if any client has answered here yet. Imported ratings are not answers to our questions.
pub async fn has_answers(db: &Db) -> Result<bool, StoreError> {
    static ANY: Sql = Sql::new("SELECT 1 FROM answer_event LIMIT 1");
    Ok(!db.read(&ANY, vec![]).await?.is_empty())
}

/// Number of low ratings of these lines since `since`, at most [`COUNT_MAX`].
pub async fn low_since(db: &Db, lines: &Lines, since: Millis) -> Result<i64, StoreError> {
    static COUNT: Sql = Sql::new(
        "SELECT count(*) FROM (SELECT 1 FROM rating t WHERE t.low = 1 AND t.rated_at >= $3 AND t.voided_at IS NULL \
         AND ($1 = 1 OR t.line_id {among $2}) LIMIT $4) AS t",
    );
    let (all, some) = crate::limits(lines);
    db.read(&COUNT, values![all, some, since, COUNT_MAX]).await?.first_mut().map_or(Ok(0), crate::Row::int)
}

/// Number of waiting low ratings of these lines given before `before`, at most [`COUNT_MAX`].
pub async fn low_waiting_since(db: &Db, lines: &Lines, before: Millis) -> Result<i64, StoreError> {
    static COUNT: Sql = Sql::new(concat!(
        "SELECT count(*) FROM (SELECT 1 FROM rating t WHERE ",
        review::waits!(),
        " AND t.rated_at <= $3 AND ($1 = 1 OR t.line_id {among $2}) LIMIT $4) AS t"
    ));
    let (all, some) = crate::limits(lines);
    db.read(&COUNT, values![all, some, before, COUNT_MAX]).await?.first_mut().map_or(Ok(0), crate::Row::int)
}

/// Maximum number of waiting low ratings that metrics count: the newest ones.
const METRICS_MAX: i64 = 10_000;

/// Number of waiting low ratings by line and channel, of the newest ten thousand.
pub async fn low_waiting_by_place(db: &Db) -> Result<Vec<(String, String, i64)>, StoreError> {
    static COUNT: Sql = Sql::new(concat!(
        "SELECT w.line_id, w.channel, count(*) FROM (SELECT t.line_id, COALESCE(t.channel, '') AS channel FROM rating t WHERE ",
        review::waits!(),
        " ORDER BY t.rated_at DESC LIMIT $1) AS w GROUP BY w.line_id, w.channel"
    ));
    db.read(&COUNT, values![METRICS_MAX]).await?.iter_mut().map(|row| Ok((row.text()?, row.text()?, row.int()?))).collect()
}

/// Number of alerts about low ratings of these lines without any recipient, and not acknowledged since: at most [`COUNT_MAX`].
pub async fn alerts_for_nobody(db: &Db, lines: &Lines) -> Result<i64, StoreError> {
    static COUNT: Sql = Sql::new(
        "SELECT count(*) FROM (SELECT 1 FROM alert a WHERE a.acknowledged_at IS NULL AND a.state <> 'canceled' AND a.kind = 'low' \
         AND a.state = 'undeliverable' AND ($1 = 1 OR a.line_id {among $2}) \
         AND NOT EXISTS (SELECT 1 FROM alert s WHERE s.request_id = a.request_id AND s.acknowledged_at IS NOT NULL) LIMIT $3) AS t",
    );
    let (all, some) = crate::limits(lines);
    db.read(&COUNT, values![all, some, COUNT_MAX]).await?.first_mut().map_or(Ok(0), crate::Row::int)
}

/// Stuck deliveries about closes of these lines, by state: at most [`COUNT_MAX`] together. Those that belong to no line are only
/// for people who see all lines.
pub async fn stuck_deliveries(db: &Db, lines: &Lines) -> Result<Vec<(String, i64)>, StoreError> {
    static COUNT: Sql = Sql::new(
        "SELECT t.state, count(*) FROM (SELECT d.state FROM delivery d WHERE d.state IN ('unknown', 'failed', 'dead', 'undeliverable') \
         AND COALESCE(d.reason, '') <> 'dismissed' \
         AND ($1 = 1 OR EXISTS (SELECT 1 FROM rating_request q WHERE q.id = d.subject AND q.line_id {among $2})) \
         LIMIT $3) AS t GROUP BY t.state ORDER BY t.state",
    );
    let (all, some) = crate::limits(lines);
    db.read(&COUNT, values![all, some, COUNT_MAX]).await?.iter_mut().map(|row| Ok((row.text()?, row.int()?))).collect()
}

/// The rating requests of the newest rated closes since `since` on these lines, or of those that count for one operator.
pub async fn newest_rated(
    db: &Db,
    lines: &Lines,
    operator: Option<&OperatorId>,
    since: Millis,
    limit: i64,
) -> Result<Vec<RequestId>, StoreError> {
    static NEWEST: Sql = Sql::new(
        "SELECT q.id FROM rating_request q WHERE q.id >= $3 AND q.outcome = 'answered' AND ($1 = 1 OR q.line_id {among $2}) \
         ORDER BY q.id DESC LIMIT $4",
    );
    // The responsible operator's closes, and those they share, each as far as is needed along its index. The caller checks for which
    // operators each one counts.
    static OF_ONE: Sql = Sql::new(
        "SELECT t.id FROM (SELECT a.id FROM (SELECT q.id FROM rating_request q WHERE q.operator_id = $5 \
         AND q.id >= $3 AND q.outcome = 'answered' AND ($1 = 1 OR q.line_id {among $2}) ORDER BY q.id DESC LIMIT $4) AS a \
         UNION ALL SELECT b.id FROM (SELECT q.id FROM shared_close s JOIN rating_request q ON q.id = s.request_id \
         WHERE s.operator_id = $5 AND s.request_id >= $3 AND q.outcome = 'answered' AND ($1 = 1 OR q.line_id {among $2}) \
         ORDER BY s.request_id DESC LIMIT $4) AS b) AS t ORDER BY t.id DESC LIMIT $4",
    );
    let (all, some) = crate::limits(lines);
    let mut values = values![all, some, RequestId::first_of(since), limit];
    let sql = match operator {
        Some(operator) => {
            values.extend(values![operator]);
            &OF_ONE
        }
        None => &NEWEST,
    };
    db.read(sql, values).await?.iter_mut().map(crate::Row::id).collect()
}

/// The ratings that were given before `until` to the closes on these lines from `from` on: all, and the bad ones that are not voided.
pub async fn rated_by(db: &Db, lines: &Lines, from: Millis, until: Millis) -> Result<(i64, i64), StoreError> {
    static RATED: Sql = Sql::new(
        "SELECT count(*), count(CASE WHEN t.low = 1 AND t.voided_at IS NULL THEN 1 END) FROM rating t \
         WHERE t.request_id >= $3 AND t.request_id < $4 AND t.rated_at < $5 AND ($1 = 1 OR t.line_id {among $2}) \
         AND EXISTS (SELECT 1 FROM rating_request q WHERE q.id = t.request_id AND q.again_of IS NULL)",
    );
    let (all, some) = crate::limits(lines);
    let values = values![all, some, RequestId::first_of(from), RequestId::first_of(until), until];
    db.read(&RATED, values).await?.first_mut().map_or(Ok((0, 0)), |row| Ok((row.int()?, row.int()?)))
}

/// The closes on these lines from `from` to the end of its hour, counted one by one, because the counters do not divide an hour.
pub async fn rest_of_hour(db: &Db, lines: &Lines, from: Millis) -> Result<Hour, StoreError> {
    static ROWS: Sql = Sql::made(|| {
        format!(
            "SELECT {RAW} FROM rating_request q LEFT JOIN rating t ON t.request_id = q.id LEFT JOIN supervisor_score s ON s.request_id = q.id \
             WHERE q.id >= $1 AND q.id < $2 AND q.again_of IS NULL AND ($3 = 1 OR q.line_id {{among $4}})"
        )
    });
    let ((all, some), zone) = (crate::limits(lines), db.zone());
    let add = |counts: &mut Counts, row: &mut LentRow<'_, '_>| {
        counts.add(&read_close(row)?.counts, 1);
        Ok(())
    };
    let values = values![RequestId::first_of(from), RequestId::first_of(next_hour(from, zone)), all, some];
    let counts = db.fold(&ROWS, values, Counts::default(), add).await?;
    let [closes, delivered, answered, rated, good, bad, over, answered_over] = by_hour(&counts);
    let (weekday, hour) = (Day::of(from, zone).weekday(), hour(from, zone));
    Ok(Hour { weekday, hour, closes, delivered, answered, rated, good, bad, over, answered_over })
}
