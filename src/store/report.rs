//! Reads of the counters for reports. The cost of each grows with the periods and groups it sums, never with the ratings
//! behind them: whole months are read as months, and what is not added up yet is a few rows.

use super::counter::{measures, read_counts};
use super::db::Value;
use super::sql::Sql;
use super::{Db, Row, StoreError};
use crate::domain::calendar::{Day, Spans};
use crate::domain::counter::{Counts, OF_LINE, OF_OPERATOR};
use crate::domain::outcome::Outcome;
use crate::domain::period::Period;
use crate::domain::rating::Scale;
use crate::domain::rights::Lines;
use crate::values;

/// Which closes a report is about: days from `from` to before `until`, and what they have in common. None means any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closes {
    /// The first day.
    pub from: Day,
    /// The day after the last.
    pub until: Day,
    /// Only this line.
    pub line: Option<String>,
    /// Only closes that count for this operator; an empty text for those that count for none.
    pub operator: Option<String>,
    /// Only this kind of channel; an empty text for those whose channel is not known.
    pub channel: Option<String>,
    /// Only this scale.
    pub scale: Option<Scale>,
    /// Only the lines that whoever asks may see.
    pub sees: Lines,
}

impl Closes {
    /// All closes of a period.
    pub fn of(period: Period) -> Self {
        Self { from: period.from, until: period.until, line: None, operator: None, channel: None, scale: None, sees: Lines::All }
    }
}

/// What a report is split by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Nothing.
    Nothing,
    /// The line.
    Line,
    /// The operator; a shared close counts for each.
    Operator,
    /// The kind of channel.
    Channel,
    /// The day of the close.
    Day,
    /// The month of the close.
    Month,
}

/// The counts of one group and scale.
#[derive(Clone, Debug)]
pub struct Group {
    /// Which line, operator or channel; empty where a report is split by nothing or by time.
    pub name: String,
    /// Which day or month since 1970; 0 elsewhere.
    pub period: i64,
    /// The scale.
    pub scale: Scale,
    /// Its counts.
    pub counts: Counts,
}

/// No id or kind has this letter, so that a filter that is it means any.
const ANY: &str = "\u{1}";

fn filters(closes: &Closes, whose: &str) -> Vec<Value> {
    let Spans { head, months, tail } = Spans::of(closes.from, closes.until);
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| ANY.to_owned());
    let (all, lines) = super::limits(&closes.sees);
    values![
        head.0.0,
        head.1.0,
        months.0.0,
        months.1.0,
        tail.0.0,
        tail.1.0,
        whose,
        text(&closes.line),
        text(&closes.operator),
        text(&closes.channel),
        closes.scale.map_or(ANY, Scale::as_str),
        all,
        lines
    ]
}

fn whose(closes: &Closes, by: By) -> &'static str {
    if closes.operator.is_some() || by == By::Operator { OF_OPERATOR } else { OF_LINE }
}

/// The rows of `table` that a report is about, from whole months and the days around them, and those not added up yet.
/// `of_one`: only one operator's, which an index finds.
fn rows(table: &str, columns: &str, pending: &str, pending_only: &str, of_one: bool) -> String {
    let operator = if of_one { "operator_id = $9" } else { "$9 = $9" };
    let among = format!(
        "whose = $7 AND {operator} AND ($8 = '\u{1}' OR line_id = $8) AND ($10 = '\u{1}' OR channel = $10) AND ($11 = '\u{1}' OR scale = $11) \
         AND ($12 = 1 OR line_id {{among $13}})"
    );
    // The planner sees that only operators have an index of their own.
    let among_counted = if of_one { format!("whose = 'operator' AND {among}") } else { among.clone() };
    format!(
        "SELECT {columns} FROM {table} WHERE {among_counted} AND grain = 'month' AND period >= $3 AND period < $4 \
         UNION ALL SELECT {columns} FROM {table} WHERE {among_counted} AND grain = 'day' AND period >= $1 AND period < $2 \
         UNION ALL SELECT {columns} FROM {table} WHERE {among_counted} AND grain = 'day' AND period >= $5 AND period < $6 \
         UNION ALL SELECT {pending} FROM counter_delta WHERE {among} AND {pending_only} AND day >= $1 AND day < $6"
    )
}

/// Sums by `group`, a column, or over everything.
fn totals(group: &str, of_one: bool) -> String {
    let all = measures(str::to_owned);
    let place = "line_id, operator_id, channel, scale";
    let sums = measures(|name| format!("CAST(SUM(t.{name}) AS BIGINT)"));
    let rows = rows("counter", &format!("{place}, {all}"), &format!("{place}, {all}"), "outcome = ''", of_one);
    match group {
        "" => format!("SELECT '', 0, t.scale, {sums} FROM ({rows}) AS t GROUP BY t.scale ORDER BY t.scale"),
        group => format!("SELECT t.{group}, 0, t.scale, {sums} FROM ({rows}) AS t GROUP BY t.{group}, t.scale ORDER BY t.{group}, t.scale"),
    }
}

/// Days are read as days, whatever months they make.
fn days(of_one: bool) -> String {
    let all = measures(str::to_owned);
    let sums = measures(|name| format!("CAST(SUM(t.{name}) AS BIGINT)"));
    let operator = if of_one { "whose = 'operator' AND operator_id = $5" } else { "$5 = $5" };
    let among = format!(
        "whose = $3 AND {operator} AND ($4 = '\u{1}' OR line_id = $4) AND ($6 = '\u{1}' OR channel = $6) AND ($7 = '\u{1}' OR scale = $7) \
         AND ($8 = 1 OR line_id {{among $9}})"
    );
    format!(
        "SELECT '', t.period, t.scale, {sums} FROM (\
         SELECT period, scale, {all} FROM counter WHERE {among} AND grain = 'day' AND period >= $1 AND period < $2 \
         UNION ALL SELECT day, scale, {all} FROM counter_delta WHERE {among} AND outcome = '' AND day >= $1 AND day < $2) AS t \
         GROUP BY t.period, t.scale ORDER BY t.period, t.scale"
    )
}

/// The counts of these closes, by group and scale; groups in order.
///
/// # Errors
/// The database's error.
pub async fn counts(db: &Db, closes: &Closes, by: By) -> Result<Vec<Group>, StoreError> {
    static ALL: Sql = Sql::made(|| totals("", false));
    static ALL_OF_ONE: Sql = Sql::made(|| totals("", true));
    static LINES: Sql = Sql::made(|| totals("line_id", false));
    static LINES_OF_ONE: Sql = Sql::made(|| totals("line_id", true));
    static OPERATORS: Sql = Sql::made(|| totals("operator_id", false));
    static OPERATORS_OF_ONE: Sql = Sql::made(|| totals("operator_id", true));
    static CHANNELS: Sql = Sql::made(|| totals("channel", false));
    static CHANNELS_OF_ONE: Sql = Sql::made(|| totals("channel", true));
    static DAYS: Sql = Sql::made(|| days(false));
    static DAYS_OF_ONE: Sql = Sql::made(|| days(true));
    let one = closes.operator.is_some();
    let pick = |all: &'static Sql, of_one: &'static Sql| if one { of_one } else { all };
    let sql = match by {
        By::Nothing => pick(&ALL, &ALL_OF_ONE),
        By::Line => pick(&LINES, &LINES_OF_ONE),
        By::Operator => pick(&OPERATORS, &OPERATORS_OF_ONE),
        By::Channel => pick(&CHANNELS, &CHANNELS_OF_ONE),
        By::Month => return months(db, closes).await,
        By::Day => pick(&DAYS, &DAYS_OF_ONE),
    };
    let mut values = filters(closes, whose(closes, by));
    if by == By::Day {
        values.splice(0..6, values![closes.from.0, closes.until.0]);
    }
    db.read(sql, values).await?.iter_mut().map(read_group).collect()
}

/// Months, each from the counter of its whole or from those of its days.
async fn months(db: &Db, closes: &Closes) -> Result<Vec<Group>, StoreError> {
    static WHOLE: Sql = Sql::made(|| monthly(false));
    static WHOLE_OF_ONE: Sql = Sql::made(|| monthly(true));
    let sql = if closes.operator.is_some() { &WHOLE_OF_ONE } else { &WHOLE };
    let mut groups: Vec<Group> = Vec::new();
    for mut row in db.read(sql, filters(closes, whose(closes, By::Month))).await? {
        let mut part = read_group(&mut row)?;
        // A day belongs to the month that holds it.
        if part.name == "day" {
            part.period = Day(part.period).month().0;
        }
        part.name = String::new();
        match groups.iter_mut().find(|group| (group.period, group.scale) == (part.period, part.scale)) {
            Some(group) => group.counts.add(&part.counts, 1),
            None => groups.push(part),
        }
    }
    groups.sort_by_key(|group| (group.period, group.scale));
    Ok(groups)
}

fn monthly(of_one: bool) -> String {
    let all = measures(str::to_owned);
    let sums = measures(|name| format!("CAST(SUM(t.{name}) AS BIGINT)"));
    let (columns, pending) = (format!("grain, period, scale, {all}"), format!("'day' AS grain, day AS period, scale, {all}"));
    let rows = rows("counter", &columns, &pending, "outcome = ''", of_one);
    format!("SELECT t.grain, t.period, t.scale, {sums} FROM ({rows}) AS t GROUP BY t.grain, t.period, t.scale ORDER BY t.period, t.scale")
}

fn read_group(row: &mut Row) -> Result<Group, StoreError> {
    let (name, period, scale) = (row.text()?, row.int()?, row.text()?);
    let scale = Scale::parse(&scale).ok_or(StoreError::Inconsistent { table: "counter", column: "scale", found: scale })?;
    Ok(Group { name, period, scale, counts: read_counts(row)? })
}

/// Why closes were not asked about, taken back, or not reached: outcome, reason, how many; the most frequent first.
///
/// # Errors
/// The database's error.
pub async fn reasons(db: &Db, closes: &Closes) -> Result<Vec<(Outcome, String, i64)>, StoreError> {
    fn text(of_one: bool) -> String {
        let rows = rows("counter_reason", "outcome, reason, n", "outcome, reason, n", "outcome <> ''", of_one);
        format!(
            "SELECT t.outcome, t.reason, CAST(SUM(t.n) AS BIGINT) FROM ({rows}) AS t GROUP BY t.outcome, t.reason HAVING SUM(t.n) <> 0 \
             ORDER BY t.outcome, 3 DESC, t.reason"
        )
    }
    static ALL: Sql = Sql::made(|| text(false));
    static OF_ONE: Sql = Sql::made(|| text(true));
    let sql = if closes.operator.is_some() { &OF_ONE } else { &ALL };
    let read = |row: &mut Row| {
        let (outcome, reason, n) = (row.text()?, row.text()?, row.int()?);
        let outcome =
            Outcome::parse(&outcome).ok_or(StoreError::Inconsistent { table: "counter_reason", column: "outcome", found: outcome })?;
        Ok((outcome, reason, n))
    };
    db.read(sql, filters(closes, whose(closes, By::Nothing))).await?.iter_mut().map(read).collect()
}

/// The counts of one hour of one weekday.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hour {
    /// 0 for Monday to 6 for Sunday.
    pub weekday: i64,
    /// 0 to 23.
    pub hour: i64,
    /// Closes.
    pub closes: i64,
    /// Of these, delivered questions.
    pub delivered: i64,
    /// Of these, rated.
    pub answered: i64,
    /// Of these, good.
    pub good: i64,
    /// Of the rated, bad.
    pub bad: i64,
}

/// These closes by weekday and hour of the close; hours without any are missing.
///
/// # Errors
/// The database's error.
pub async fn hours(db: &Db, closes: &Closes) -> Result<Vec<Hour>, StoreError> {
    fn text(of_one: bool) -> String {
        let columns = "weekday, hour, closes, delivered, answered, good, bad";
        // 1970 began on a Thursday.
        let pending = "(day + 3) % 7 AS weekday, hour, closes, delivered, answered, good, bad";
        let rows = rows("counter_hour", columns, pending, "outcome = ''", of_one);
        let sums = ["closes", "delivered", "answered", "good", "bad"].map(|name| format!("CAST(SUM(t.{name}) AS BIGINT)")).join(", ");
        format!("SELECT t.weekday, t.hour, {sums} FROM ({rows}) AS t GROUP BY t.weekday, t.hour HAVING SUM(t.closes) <> 0 ORDER BY 1, 2")
    }
    static ALL: Sql = Sql::made(|| text(false));
    static OF_ONE: Sql = Sql::made(|| text(true));
    let sql = if closes.operator.is_some() { &OF_ONE } else { &ALL };
    let read = |row: &mut Row| {
        Ok(Hour {
            weekday: row.int()?,
            hour: row.int()?,
            closes: row.int()?,
            delivered: row.int()?,
            answered: row.int()?,
            good: row.int()?,
            bad: row.int()?,
        })
    };
    db.read(sql, filters(closes, whose(closes, By::Nothing))).await?.iter_mut().map(read).collect()
}
