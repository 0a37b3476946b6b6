//! The counters held against the rows they count, day by day, and mended by the difference.
//!
//! One statement reads a day's rows, its counters and what is not added up yet, so it sees them at one moment: whatever is
//! written meanwhile changes all of them together. That makes the look exact while the server runs. What differs is
//! added under the turn of those who add up counters, after a second look.

use super::counter::{BY_HOUR, Key, Tables, add_up, measures, read_counts, whose};
use super::sql::Sql;
use super::{Db, Millis, Row, StoreError, Tx};
use crate::domain::calendar::{Day, Month};
use crate::domain::counter::{Belongs, Cell, Changes, Counts, MEASURES, Rated, Stands, counted_operators, supervisor_counts};
use crate::domain::line::Attribution;
use crate::domain::outcome::Outcome;
use crate::domain::rating::Scale;
use crate::domain::session::Operator;
use crate::values;
use chrono_tz::Tz;
use std::collections::BTreeMap;

/// How the counters stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The clock by which days were cut; none while nothing was ever counted from the beginning.
    pub time_zone: Option<String>,
    /// When they were last held against the rows.
    pub recounted_at: Option<Millis>,
}

/// How the counters stand.
///
/// # Errors
/// The database's error.
pub async fn state(db: &Db) -> Result<State, StoreError> {
    static STATE: Sql = Sql::new("SELECT time_zone, recounted_at FROM counter_state WHERE id = 1");
    let mut rows = db.read(&STATE, vec![]).await?;
    let none = State { time_zone: None, recounted_at: None };
    rows.first_mut().map_or(Ok(none), |row| Ok(State { time_zone: row.text_or_null()?, recounted_at: row.int_or_null()? }))
}

/// Where nothing was closed yet, everything will be counted by this clock from the beginning.
///
/// # Errors
/// The database's error.
pub async fn begin(tx: &mut Tx, zone: Tz) -> Result<(), StoreError> {
    static BEGIN: Sql = Sql::new("UPDATE counter_state SET time_zone = $1 WHERE id = 1 AND NOT EXISTS (SELECT 1 FROM rating_request)");
    tx.execute(&BEGIN, values![zone.name()]).await.map(drop)
}

/// Everything was held against the rows by this clock.
///
/// # Errors
/// The database's error.
pub async fn finished(tx: &mut Tx, zone: Tz, now: Millis) -> Result<(), StoreError> {
    static FINISHED: Sql = Sql::new("UPDATE counter_state SET time_zone = $1, recounted_at = $2 WHERE id = 1");
    tx.execute(&FINISHED, values![zone.name(), now]).await.map(drop)
}

/// The first and last day that has closes or counters; none where there is nothing.
///
/// # Errors
/// The database's error.
pub async fn extent(db: &Db) -> Result<Option<(Day, Day)>, StoreError> {
    static CLOSED: Sql = Sql::new("SELECT min(closed_at), max(closed_at) FROM rating_request");
    static COUNTED: Sql = Sql::new(
        "SELECT min(t.first), max(t.last) FROM (SELECT min(period) AS first, max(period) AS last FROM counter WHERE grain = 'day' \
         UNION ALL SELECT min(period), max(period) FROM counter_reason WHERE grain = 'day' \
         UNION ALL SELECT min(period), max(period) FROM counter_hour WHERE grain = 'day' \
         UNION ALL SELECT min(day), max(day) FROM counter_delta) AS t",
    );
    static MONTHS: Sql = Sql::new(
        "SELECT min(t.first), max(t.last) FROM (SELECT min(period) AS first, max(period) AS last FROM counter WHERE grain = 'month' \
         UNION ALL SELECT min(period), max(period) FROM counter_reason WHERE grain = 'month' \
         UNION ALL SELECT min(period), max(period) FROM counter_hour WHERE grain = 'month') AS t",
    );
    let mut days: Vec<Day> = Vec::new();
    for (sql, day) in [(&CLOSED, true), (&COUNTED, false)] {
        for row in &mut db.read(sql, vec![]).await? {
            for end in [row.int_or_null()?, row.int_or_null()?].into_iter().flatten() {
                days.push(if day { Day::of(end, db.zone()) } else { Day(end) });
            }
        }
    }
    for row in &mut db.read(&MONTHS, vec![]).await? {
        days.extend([row.int_or_null()?, row.int_or_null()?].into_iter().flatten().map(|month| Month(month).first()));
    }
    Ok(days.iter().min().copied().zip(days.iter().max().copied()))
}

/// What one day's rows give beyond what its counters say: nothing where they agree.
///
/// # Errors
/// The database's error.
pub async fn look(db: &Db, day: Day) -> Result<Tables, StoreError> {
    let zone = db.zone();
    difference(db.read(&DAY, day_values(day, zone)).await?, day, zone)
}

/// Takes the turn of those who add up counters, looks at the day again, and adds the difference. Gives it.
///
/// # Errors
/// The database's error.
pub async fn mend(tx: &mut Tx, day: Day, zone: Tz) -> Result<Tables, StoreError> {
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

fn day_values(day: Day, zone: Tz) -> Vec<super::db::Value> {
    values![day.start(zone), day.plus(1).start(zone), day.0]
}

/// Everything about one day at one moment, each row a word and a JSON array.
static DAY: Sql = Sql::made(|| {
    let place = "line_id, operator_id, channel, scale";
    let all = measures(str::to_owned);
    let hours = BY_HOUR.map(|measure| MEASURES[measure as usize]).join(", ");
    let array = |columns: &str| format!("CAST({{json_array}}({columns}) AS TEXT)");
    let (raw, pending, counted, reasons, hours) = (
        array(
            "q.closed_at, q.line_id, q.operator_id, q.operators, q.attribution, q.channel, q.scale, q.outcome, q.reason, q.delivered_at, \
             q.late_at, t.score, t.low, t.resolved, CASE WHEN t.comment IS NULL THEN 0 ELSE 1 END, t.voided_at, t.first_at, s.score",
        ),
        array(&format!("hour, whose, {place}, outcome, reason, n, {{json_array}}({all})")),
        array(&format!("whose, {place}, {{json_array}}({all})")),
        array(&format!("whose, {place}, outcome, reason, n")),
        array(&format!("whose, {place}, weekday, hour, {{json_array}}({hours})")),
    );
    format!(
        "SELECT 'raw', {raw} FROM rating_request q LEFT JOIN rating t ON t.request_id = q.id \
         LEFT JOIN supervisor_score s ON s.request_id = q.id WHERE q.closed_at >= $1 AND q.closed_at < $2 AND q.again_of IS NULL \
         UNION ALL SELECT 'pending', {pending} FROM counter_delta WHERE day = $3 \
         UNION ALL SELECT 'counted', {counted} FROM counter WHERE whose IN ('line', 'operator') AND grain = 'day' AND period = $3 \
         UNION ALL SELECT 'reason', {reasons} FROM counter_reason WHERE whose IN ('line', 'operator') AND grain = 'day' AND period = $3 \
         UNION ALL SELECT 'hour', {hours} FROM counter_hour WHERE whose IN ('line', 'operator') AND grain = 'day' AND period = $3"
    )
});

fn difference(mut rows: Vec<Row>, day: Day, zone: Tz) -> Result<Tables, StoreError> {
    let (mut raw, mut tables) = (Changes::default(), Tables::default());
    for row in &mut rows {
        let (kind, json) = (row.text()?, row.text()?);
        match kind.as_str() {
            "raw" => count_close(&mut raw, &json, zone)?,
            "pending" => {
                let (cell, n, counts) = pending(&json, day)?;
                tables.add(&cell, n, &counts, -1, false);
            }
            kind => take_away(&mut tables, kind, &json, day)?,
        }
    }
    for (cell, (n, counts)) in &raw.0 {
        tables.add(cell, *n, counts, 1, false);
    }
    tables.settle();
    Ok(tables)
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
);

fn count_close(raw: &mut Changes, json: &str, zone: Tz) -> Result<(), StoreError> {
    let close: Close = super::document("rating_request", "a close", json)?;
    let Close(closed_at, line, operator, operators, attribution, channel, scale, outcome, reason, delivered_at, late_at, ..) = close;
    let Close(.., score, low, resolved, commented, voided_at, first_at, supervisor) = close;
    let shared = attribution == Attribution::Shared.as_str();
    let all: Vec<Operator> = if shared { super::document("rating_request", "operators", &operators)? } else { Vec::new() };
    let operators = counted_operators(operator.as_deref(), all.into_iter().map(|operator| operator.id).collect(), shared);
    let on = Scale::parse(&scale).unwrap_or_default();
    let belongs = Belongs { closed_at, line, operators, channel: channel.unwrap_or_default(), scale };
    let outcome = outcome.as_deref().and_then(Outcome::parse);
    raw.count(&belongs, zone, &Stands { outcome, delivered: delivered_at.is_some(), late: late_at.is_some() }.counts(), 1);
    if let Some(outcome @ (Outcome::NotAsked | Outcome::Canceled | Outcome::Unreachable)) = outcome {
        raw.reason(&belongs, zone, outcome, &reason.unwrap_or_default(), 1);
    }
    if let (Some(score), Some(low), Some(first_at)) = (score, low, first_at) {
        let (resolved, commented, voided) = (resolved.map(|resolved| resolved == 1), commented == 1, voided_at.is_some());
        let rated = Rated { scale: on, score, low: low == 1, resolved, commented, voided, took: first_at - closed_at };
        raw.count(&belongs, zone, &rated.counts(), 1);
    }
    if let Some(score) = supervisor {
        raw.count(&belongs, zone, &supervisor_counts(score), 1);
    }
    Ok(())
}

fn counts(all: Vec<i64>) -> Counts {
    let mut counts = Counts::default();
    counts.0.iter_mut().zip(all).for_each(|(mine, count)| *mine = count);
    counts
}

fn pending(json: &str, day: Day) -> Result<(Cell, i64, Counts), StoreError> {
    type Pending = (i64, String, String, String, String, String, String, String, i64, Vec<i64>);
    let (hour, of, line_id, operator_id, channel, scale, outcome, reason, n, all): Pending =
        super::document("counter_delta", "a row", json)?;
    let cell = Cell { day: day.0, hour, whose: whose(&of)?, line_id, operator_id, channel, scale, outcome, reason };
    Ok((cell, n, counts(all)))
}

fn take_away(tables: &mut Tables, kind: &str, json: &str, day: Day) -> Result<(), StoreError> {
    let key = |of: &str, line_id, operator_id, channel, scale| {
        Ok::<_, StoreError>(Key { whose: whose(of)?, grain: "day", period: day.0, line_id, operator_id, channel, scale })
    };
    match kind {
        "counted" => {
            type Counted = (String, String, String, String, String, Vec<i64>);
            let (of, line, operator, channel, scale, all): Counted = super::document("counter", "a row", json)?;
            tables.counts.entry(key(&of, line, operator, channel, scale)?).or_default().add(&counts(all), -1);
        }
        "reason" => {
            type Reason = (String, String, String, String, String, String, String, i64);
            let (of, line, operator, channel, scale, outcome, reason, n): Reason = super::document("counter_reason", "a row", json)?;
            *tables.reasons.entry((key(&of, line, operator, channel, scale)?, outcome, reason)).or_default() -= n;
        }
        _ => {
            type Hour = (String, String, String, String, String, i64, i64, [i64; BY_HOUR.len()]);
            let (of, line, operator, channel, scale, weekday, hour, all): Hour = super::document("counter_hour", "a row", json)?;
            let mine = tables.hours.entry((key(&of, line, operator, channel, scale)?, weekday, hour)).or_default();
            mine.iter_mut().zip(all).for_each(|(mine, count)| *mine -= count);
        }
    }
    Ok(())
}

/// What the days of a month sum up to beyond what its own counters say: nothing where they agree.
///
/// # Errors
/// The database's error.
pub async fn look_month(db: &Db, month: Month) -> Result<Tables, StoreError> {
    let (counts, reasons, hours) = (
        db.read(&MONTH_COUNTS, month_values(month)).await?,
        db.read(&MONTH_REASONS, month_values(month)).await?,
        db.read(&MONTH_HOURS, month_values(month)).await?,
    );
    read_month(month, counts, reasons, hours)
}

/// Takes the turn of those who add up counters, and makes a month's counters the sum of its days'. Gives what was missing.
///
/// # Errors
/// The database's error.
pub async fn mend_month(tx: &mut Tx, month: Month) -> Result<Tables, StoreError> {
    take_turn(tx).await?;
    let (counts, reasons, hours) = (
        tx.fetch(&MONTH_COUNTS, month_values(month)).await?,
        tx.fetch(&MONTH_REASONS, month_values(month)).await?,
        tx.fetch(&MONTH_HOURS, month_values(month)).await?,
    );
    let found = read_month(month, counts, reasons, hours)?;
    add_up(tx, found.clone()).await?;
    Ok(found)
}

fn month_values(month: Month) -> Vec<super::db::Value> {
    values![month.first().0, month.plus(1).first().0, month.0]
}

static MONTH_COUNTS: Sql = Sql::made(|| month_text("counter", "", MEASURES));
static MONTH_REASONS: Sql = Sql::made(|| month_text("counter_reason", ", outcome, reason", &["n"]));
static MONTH_HOURS: Sql = Sql::made(|| month_text("counter_hour", ", weekday, hour", &BY_HOUR.map(|measure| MEASURES[measure as usize])));

fn month_text(table: &str, more: &str, measures: &[&str]) -> String {
    let place = format!("whose, line_id, operator_id, channel, scale{more}");
    let each = |write: &dyn Fn(&str) -> String, between: &str| measures.iter().map(|name| write(name)).collect::<Vec<_>>().join(between);
    let (sums, differ) =
        (each(&|name| format!("CAST(SUM(t.{name}) AS BIGINT)"), ", "), each(&|name| format!("SUM(t.{name}) <> 0"), " OR "));
    let (days, months) = (each(&str::to_owned, ", "), each(&|name| format!("-{name}"), ", "));
    format!(
        "SELECT {place}, {sums} FROM (SELECT {place}, {days} FROM {table} \
         WHERE whose IN ('line', 'operator') AND grain = 'day' AND period >= $1 AND period < $2 \
         UNION ALL SELECT {place}, {months} FROM {table} WHERE whose IN ('line', 'operator') AND grain = 'month' AND period = $3) AS t \
         GROUP BY {place} HAVING {differ}"
    )
}

fn read_month(month: Month, counts: Vec<Row>, reasons: Vec<Row>, hours: Vec<Row>) -> Result<Tables, StoreError> {
    let mut tables = Tables::default();
    let key = |row: &mut Row| {
        let (of, line_id, operator_id, channel, scale) = (row.text()?, row.text()?, row.text()?, row.text()?, row.text()?);
        Ok::<_, StoreError>(Key { whose: whose(&of)?, grain: "month", period: month.0, line_id, operator_id, channel, scale })
    };
    for mut row in counts {
        tables.counts.insert(key(&mut row)?, read_counts(&mut row)?);
    }
    for mut row in reasons {
        tables.reasons.insert((key(&mut row)?, row.text()?, row.text()?), row.int()?);
    }
    for mut row in hours {
        let place = (key(&mut row)?, row.int()?, row.int()?);
        let mut all = [0; BY_HOUR.len()];
        for count in &mut all {
            *count = row.int()?;
        }
        tables.hours.insert(place, all);
    }
    Ok(tables)
}

/// One number that was not what the rows say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Which counter, for people: whose, when, where, what.
    pub what: String,
    /// What was missing; below zero where too much was counted.
    pub missing: i64,
}

/// Differences as a person reads them.
pub fn in_words(found: &Tables) -> Vec<Wrong> {
    let mut wrong: BTreeMap<String, i64> = BTreeMap::new();
    for (key, counts) in &found.counts {
        for (name, missing) in counts.named() {
            wrong.insert(format!("{}: {name}", place_in_words(key)), missing);
        }
    }
    for ((key, outcome, reason), missing) in &found.reasons {
        wrong.insert(format!("{}: {outcome} ({reason})", place_in_words(key)), *missing);
    }
    for ((key, weekday, hour), all) in &found.hours {
        for (measure, missing) in BY_HOUR.into_iter().zip(all).filter(|(_, missing)| **missing != 0) {
            let name = MEASURES[measure as usize];
            wrong.insert(format!("{}: {name} on weekday {} at {hour}:00", place_in_words(key), weekday + 1), *missing);
        }
    }
    wrong.into_iter().map(|(what, missing)| Wrong { what, missing }).collect()
}

fn place_in_words(key: &Key) -> String {
    let period = if key.grain == "day" { Day(key.period).to_string() } else { Month(key.period).to_string() };
    let operator = if key.whose == "operator" { format!(", operator \"{}\"", key.operator_id) } else { String::new() };
    format!("{period}, line {}{operator}, channel \"{}\", {}", key.line_id, key.channel, key.scale)
}
