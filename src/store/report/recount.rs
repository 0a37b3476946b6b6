//! Recount: compares the counters with the rows they count, day by day, and adds the difference.
//!
//! One statement reads a day's rows, its counters and the pending differences, so that it sees a consistent state: any concurrent
//! write changes all of them together. This makes the comparison exact while the server runs. A difference is added under the
//! roll-up lock, after a second comparison.

use super::clock;
use crate::counter::cell::{BY_HOUR, Body, Cells, KeptCounts, Key, Sums, add_up, cells, read_key, read_sums};
use crate::counter::{reason_of, whose};
use crate::counter_change::measures;
use crate::sql::Sql;
use crate::sql::value::LentRow;
use crate::{Db, Millis, Row, StoreError, Tx, values};
use chrono_tz::Tz;
use lastword_base::names::{OperatorId, RequestId};
use lastword_domain::answer::rating::Scale;
use lastword_domain::answer::reason::Reason;
use lastword_domain::line::Attribution;
use lastword_domain::outcome::Outcome;
use lastword_domain::report::calendar::{Day, Grain, Month};
use lastword_domain::report::counter::{
    Cell, Changes, CounterScope, Counts, RatingMeasures, ReasonOf, RequestStatus, counted_operators, supervisor_counts,
};
use lastword_domain::report::roll_up::RollUp;
use lastword_domain::session::{HandledBy, Operator};

/// State of the counters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The time zone of their days; `None` before the first complete count.
    pub time_zone: Option<String>,
    /// Time of the last recount.
    pub recounted_at: Option<Millis>,
}

/// State of the counters.
pub async fn state(db: &Db) -> Result<State, StoreError> {
    static STATE: Sql = Sql::new("SELECT time_zone, recounted_at FROM counter_state WHERE id = 1");
    let mut rows = db.read(&STATE, vec![]).await?;
    let none = State { time_zone: None, recounted_at: None };
    rows.first_mut().map_or(Ok(none), |row| Ok(State { time_zone: row.text_or_null()?, recounted_at: row.int_or_null()? }))
}

/// The time zone of the counters, if it is no longer the organisation's: until a recount, numbers by day use that time zone.
pub async fn other_clock(db: &Db) -> Result<Option<String>, StoreError> {
    Ok(state(db).await?.time_zone.filter(|zone| zone != db.zone().name()))
}

/// If there are no closes yet, sets the time zone of the counters.
pub async fn begin(tx: &mut Tx, zone: Tz) -> Result<(), StoreError> {
    static BEGIN: Sql = Sql::new("UPDATE counter_state SET time_zone = $1 WHERE id = 1 AND NOT EXISTS (SELECT 1 FROM rating_request)");
    if tx.execute(&BEGIN, values![zone.name()]).await? > 0 {
        clock::keep(tx, zone).await?;
    }
    Ok(())
}

/// Records that all counters were compared with the rows in this time zone.
pub async fn finished(tx: &mut Tx, zone: Tz, now: Millis) -> Result<(), StoreError> {
    static FINISHED: Sql = Sql::new("UPDATE counter_state SET time_zone = $1, recounted_at = $2 WHERE id = 1");
    tx.execute(&FINISHED, values![zone.name(), now]).await?;
    clock::keep(tx, zone).await
}

/// The first and last day with closes or counters; `None` if there are none.
pub async fn extent(db: &Db) -> Result<Option<(Day, Day)>, StoreError> {
    static CLOSED: Sql = Sql::new(
        "SELECT (SELECT closed_at FROM rating_request ORDER BY id LIMIT 1), (SELECT closed_at FROM rating_request ORDER BY id DESC LIMIT 1)",
    );
    static PENDING: Sql = Sql::new("SELECT min(day), max(day) FROM counter_delta");
    static COUNTED: Sql = Sql::made(|| {
        Body::ALL.map(|body| format!("SELECT min(period), max(period) FROM {} WHERE grain = $1", body.table())).join(" UNION ALL ")
    });
    let mut days: Vec<Day> = Vec::new();
    for end in ends(db, &CLOSED, vec![]).await? {
        days.push(Day::of(end, db.zone()));
    }
    days.extend(ends(db, &PENDING, vec![]).await?.into_iter().map(Day));
    for grain in Grain::ALL {
        days.extend(ends(db, &COUNTED, values![grain.as_str()]).await?.into_iter().map(|period| grain.first_day(period)));
    }
    Ok(days.iter().min().copied().zip(days.iter().max().copied()))
}

async fn ends(db: &Db, sql: &'static Sql, values: Vec<crate::sql::value::Value>) -> Result<Vec<i64>, StoreError> {
    let mut ends = Vec::new();
    for row in &mut db.read(sql, values).await? {
        ends.extend([row.int_or_null()?, row.int_or_null()?].into_iter().flatten());
    }
    Ok(ends)
}

/// The difference between one day's rows and its counters; empty if they agree.
pub async fn look(db: &Db, day: Day) -> Result<Cells, StoreError> {
    let zone = db.zone();
    difference(db.read(&DAY, day_values(day, zone)).await?, day, zone)
}

/// Takes the roll-up lock, compares the day again, and adds the difference. Returns it.
pub async fn mend(tx: &mut Tx, day: Day, zone: Tz) -> Result<Cells, StoreError> {
    take_turn(tx).await?;
    let rows = tx.fetch(&DAY, day_values(day, zone)).await?;
    let found = difference(rows, day, zone)?;
    add_up(tx, found.clone()).await?;
    Ok(found)
}

async fn take_turn(tx: &mut Tx) -> Result<(), StoreError> {
    static TURN: Sql = Sql::new("SELECT id FROM counter_state WHERE id = 1 {lock}");
    tx.fetch(&TURN, vec![]).await.map(drop)
}

fn day_values(day: Day, zone: Tz) -> Vec<crate::sql::value::Value> {
    values![RequestId::first_of(day.start(zone)), RequestId::first_of(day.plus(1).start(zone)), day.0]
}

/// Columns of a close for [`counted_close`].
pub(super) const RAW: &str = "q.closed_at, q.line_id, q.operator_id, q.operators, q.attribution, q.channel, q.scale, q.outcome, q.reason, \
     q.delivered_at, q.late_at, t.score, t.low, t.resolved, CASE WHEN t.comment IS NULL THEN 0 ELSE 1 END, t.voided_at, t.rated_at, s.score, \
     t.reasons, t.tags, q.handled_by, CASE WHEN EXISTS (SELECT 1 FROM question_expiry e \
     WHERE e.expires_at = q.expires_at AND e.request_id = q.id) THEN 1 ELSE 0 END";

/// All data of one day in a consistent state: its kind, a JSON array, and the cells with their positions.
static DAY: Sql = Sql::made(|| {
    let all = measures(str::to_owned);
    let array = |columns: &str| format!("CAST({{json_array}}({columns}) AS TEXT)");
    let (raw, pending) = (
        array(RAW),
        array(&format!("hour, whose, line_id, operator_id, channel, scale, handled_by, reason_of, reason, n, {{json_array}}({all})")),
    );
    format!(
        "SELECT 'raw', {raw}, '', '', '', '', '', 0, '', '', '' FROM rating_request q LEFT JOIN rating t ON t.request_id = q.id \
         LEFT JOIN supervisor_score s ON s.request_id = q.id WHERE q.id >= $1 AND q.id < $2 AND q.again_of IS NULL \
         UNION ALL SELECT 'pending', {pending}, '', '', '', '', '', 0, '', '', '' FROM counter_delta WHERE day = $3 \
         UNION ALL SELECT 'counted', '', c.* FROM ({}) AS c",
        cells("grain = 'day' AND period = $3")
    )
});

fn difference(mut rows: Vec<Row>, day: Day, zone: Tz) -> Result<Cells, StoreError> {
    let (mut raw, mut finest, mut counted) = (Changes::default(), Cells::default(), Cells::default());
    for row in &mut rows {
        let (kind, json) = (row.text()?, row.text()?);
        match kind.as_str() {
            "raw" => count_close(&mut raw, &json, zone)?,
            "pending" => {
                let (cell, n, counts) = pending(&json, day)?;
                finest.add(&cell, n, &counts, -1);
            }
            _ => {
                let (key, sums) = (read_key(row)?, read_sums(row)?);
                counted.add_sums(key, &sums, -1);
            }
        }
    }
    for (cell, (n, counts)) in &raw.0 {
        finest.add(cell, *n, counts, 1);
    }
    let mut found = counted;
    for (key, sums) in RollUp::ALL.into_iter().flat_map(|roll_up| finest.rolled_up(roll_up, &[Grain::Day]).0) {
        found.add_sums(key, &sums, 1);
    }
    found.settle();
    Ok(found)
}

#[derive(serde::Deserialize)]
struct Close(
    Millis,
    String,
    Option<String>,
    String,
    String,
    Option<String>,
    String,
    Option<String>,
    Option<String>,
    Option<Millis>,
    Option<Millis>,
    Option<u8>,
    Option<i64>,
    Option<i64>,
    i64,
    Option<Millis>,
    Option<Millis>,
    Option<u8>,
    Option<String>,
    Option<String>,
    HandledBy,
    i64,
);

/// Counts of one close, and their cells.
pub(super) struct CountedClose {
    pub(super) scope: CounterScope,
    pub(super) scale: Scale,
    pub(super) counts: Counts,
    pub(super) reasons: Vec<(ReasonOf, String)>,
}

/// Reads the columns of [`RAW`] one by one: for reports over many closes, for which JSON in between would be too slow.
pub(super) fn read_close(row: &mut LentRow<'_, '_>) -> Result<CountedClose, StoreError> {
    let own = |text: Option<&str>| text.map(str::to_owned);
    let broken = |column: &'static str, found: &str| StoreError::Inconsistent { table: "rating_request", column, found: found.to_owned() };
    let score = |score: Option<i64>| score.map(|score| u8::try_from(score).map_err(|_| broken("score", &score.to_string()))).transpose();
    counted(Close(
        row.int()?,
        row.text()?.to_owned(),
        own(row.text_or_null()?),
        row.text()?.to_owned(),
        row.text()?.to_owned(),
        own(row.text_or_null()?),
        row.text()?.to_owned(),
        own(row.text_or_null()?),
        own(row.text_or_null()?),
        row.int_or_null()?,
        row.int_or_null()?,
        score(row.int_or_null()?)?,
        row.int_or_null()?,
        row.int_or_null()?,
        row.int()?,
        row.int_or_null()?,
        row.int_or_null()?,
        score(row.int_or_null()?)?,
        own(row.text_or_null()?),
        own(row.text_or_null()?),
        row.text().and_then(|word| HandledBy::parse(word).ok_or_else(|| broken("handled_by", word)))?,
        row.int()?,
    ))
}

/// Counts a close from the columns of [`RAW`] as a JSON array.
pub(super) fn counted_close(json: &str) -> Result<CountedClose, StoreError> {
    counted(crate::document("rating_request", "a close", json)?)
}

fn counted(close: Close) -> Result<CountedClose, StoreError> {
    let Close(closed_at, line, operator, operators, attribution, channel, word, outcome, reason, delivered_at, late_at, ..) = close;
    let Close(.., score, low, resolved, commented, voided_at, rated_at, supervisor, reasons, tags, handled_by, runs) = close;
    let shared = attribution == Attribution::Shared.as_str();
    let all: Vec<Operator> = if shared { crate::document("rating_request", "operators", &operators)? } else { Vec::new() };
    let operators = counted_operators(
        operator.as_deref().map(OperatorId::from).as_ref(),
        all.into_iter().map(|operator| operator.id).collect(),
        shared,
    );
    let scale =
        Scale::parse(&word).ok_or_else(|| StoreError::Inconsistent { table: "rating_request", column: "scale", found: word.clone() })?;
    let scope = CounterScope { closed_at, line: line.into(), operators, channel: channel.unwrap_or_default(), scale: word, handled_by };
    let outcome = outcome.as_deref().and_then(Outcome::parse);
    let mut counts = RequestStatus { outcome, delivered: delivered_at.is_some(), late: late_at.is_some(), runs: runs == 1 }.counts();
    let mut why = Vec::new();
    if let Some(outcome @ (Outcome::NotAsked | Outcome::Canceled | Outcome::Unreachable)) = outcome {
        why.push((ReasonOf::Outcome(outcome), reason.unwrap_or_default()));
    }
    if let (Some(score), Some(low), Some(rated_at)) = (score, low, rated_at) {
        let (resolved, commented, voided) = (resolved.map(|resolved| resolved == 1), commented == 1, voided_at.is_some());
        let reasons = reasons.unwrap_or_default();
        let chosen: Vec<Reason> = if reasons == "[]" { Vec::new() } else { crate::document("rating", "reasons", &reasons)? };
        let chosen = chosen.into_iter().map(|reason| reason.code).collect();
        let tags = tags.map(|tags| crate::document("rating", "tags", &tags)).transpose()?;
        let took = rated_at - closed_at;
        let rated = RatingMeasures { scale, score, low: low == 1, resolved, commented, voided, took, chosen, tags };
        counts.add(&rated.counts(), 1);
        why.extend(rated.reasons().into_iter().map(|(origin, code)| (ReasonOf::Low(origin), code.to_owned())));
    }
    if let Some(score) = supervisor {
        counts.add(&supervisor_counts(score), 1);
    }
    Ok(CountedClose { scope, scale, counts, reasons: why })
}

fn count_close(raw: &mut Changes, json: &str, zone: Tz) -> Result<(), StoreError> {
    let CountedClose { scope, counts, reasons, .. } = counted_close(json)?;
    raw.count(&scope, zone, &counts, 1);
    for (of, reason) in reasons {
        raw.reason(&scope, zone, of, &reason, 1);
    }
    Ok(())
}

fn pending(json: &str, day: Day) -> Result<(Cell, i64, Counts), StoreError> {
    type Pending = (i64, String, String, String, String, String, HandledBy, String, String, i64, KeptCounts);
    let (hour, of, line_id, operator_id, channel, scale, handled_by, about, reason, n, KeptCounts(counts)): Pending =
        crate::document("counter_delta", "a row", json)?;
    let cell = Cell {
        day: day.0,
        hour,
        whose: whose(&of)?,
        line_id: line_id.into(),
        operator_id: operator_id.into(),
        channel,
        scale,
        handled_by,
        reason_of: reason_of(&about)?,
        reason,
    };
    Ok((cell, n, counts))
}

/// The difference between the sum of a month's days and its own counters, and between the months of its year and those of the year;
/// empty if they agree.
pub async fn look_month(db: &Db, month: Month) -> Result<Cells, StoreError> {
    let mut found = Cells::default();
    for (grain, roll_up) in sums() {
        let rows = db.read(&SUMS, sum_values(grain, month, roll_up)).await?;
        found.0.extend(missing(grain, rows)?.0);
    }
    Ok(found)
}

/// Takes the roll-up lock, and sets a month's counters to the sum of its days', and then those of its year to the sum of its
/// months'. Returns the differences.
pub async fn mend_month(tx: &mut Tx, month: Month) -> Result<Cells, StoreError> {
    take_turn(tx).await?;
    let mut found = Cells::default();
    for (grain, roll_up) in sums() {
        let rows = tx.fetch(&SUMS, sum_values(grain, month, roll_up)).await?;
        let some = missing(grain, rows)?;
        add_up(tx, some.clone()).await?;
        found.0.extend(some.0);
    }
    Ok(found)
}

/// Months before years, which are their sums; one roll-up at a time, to limit memory.
fn sums() -> impl Iterator<Item = (Grain, RollUp)> {
    [Grain::Month, Grain::Year].into_iter().flat_map(|grain| RollUp::ALL.map(|roll_up| (grain, roll_up)))
}

/// Both sides of a sum in a consistent state.
static SUMS: Sql = Sql::made(|| {
    let (parts, sums) =
        (cells("grain = $1 AND period >= $2 AND period < $3 AND roll_up = $6"), cells("grain = $4 AND period = $5 AND roll_up = $6"));
    format!("{parts} UNION ALL {sums}")
});

/// For the month, or for the year that contains it.
fn sum_values(grain: Grain, month: Month, roll_up: RollUp) -> Vec<crate::sql::value::Value> {
    let parts = if grain == Grain::Year { Grain::Month } else { Grain::Day };
    let period = grain.holding(month.first());
    let (first, after) = (parts.holding(grain.first_day(period)), parts.holding(grain.first_day(period + 1)));
    values![parts.as_str(), first, after, grain.as_str(), period, roll_up.as_str()]
}

fn missing(grain: Grain, mut rows: Vec<Row>) -> Result<Cells, StoreError> {
    let mut found = Cells::default();
    for row in &mut rows {
        let (mut key, sums) = (read_key(row)?, read_sums(row)?);
        let times = if key.grain == grain { -1 } else { 1 };
        key.period = grain.holding(key.grain.first_day(key.period));
        key.grain = grain;
        found.add_sums(key, &sums, times);
    }
    found.settle();
    Ok(found)
}

/// One wrong count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Description of the counter: owner, period, place, measure.
    pub what: String,
    /// The missing amount; negative if too much was counted, and 0 if it is not one number.
    pub missing: i64,
}

/// Differences as text for people.
pub fn in_words(found: &Cells) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    for (key, Sums { counts, reasons, hours }) in &found.0 {
        let mut tell = |slice: &str, what: String, missing: i64| {
            let slice = slice.replace('/', ", handled by ");
            wrong.push(Wrong { what: format!("{}, {slice}: {what}", place_in_words(key)), missing });
        };
        for (slice, counts) in counts {
            counts.named().for_each(|(name, missing)| tell(slice, name.to_owned(), missing));
        }
        for (slice, outcomes) in reasons {
            for (outcome, reasons) in outcomes {
                reasons.iter().for_each(|(reason, missing)| tell(slice, format!("{outcome} ({reason})"), *missing));
            }
        }
        for (slice, hours) in hours {
            for (hour, all) in hours {
                for (name, missing) in BY_HOUR.into_iter().zip(all).filter(|(_, missing)| **missing != 0) {
                    tell(slice, format!("{name} on weekday {} at {}:00", hour / 24 + 1, hour % 24), *missing);
                }
            }
        }
    }
    wrong
}

fn place_in_words(key: &Key) -> String {
    let period = match key.grain {
        Grain::Day => Day(key.period).to_string(),
        Grain::Month => Month(key.period).to_string(),
        Grain::Year => (1970 + key.period).to_string(),
    };
    let RollUp { line, operator, channel } = key.roll_up;
    let kept = [(line, "line", key.line_id.as_str()), (operator, "operator", key.operator_id.as_str()), (channel, "channel", &key.channel)];
    let kept = kept.into_iter().filter(|(kept, ..)| *kept);
    kept.fold(period, |words, (_, what, which)| format!("{words}, {what} \"{which}\""))
}
