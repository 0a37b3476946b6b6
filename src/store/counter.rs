//! The counters: what transactions noted is kept beside the rows it counts, and added up afterwards. What is counted,
//! and for whom, is `crate::domain::counter`'s.
//!
//! Transactions never write a counter itself: many nodes would wait for each other at today's row. Each adds a few rows
//! of differences of its own, and one node at a time adds them up. Reports read both, so they are never behind.

use super::db::Statement;
use super::rows::Rows;
use super::sql::Sql;
use super::{Db, Row, StoreError, Tx};
use crate::domain::calendar::Day;
use crate::domain::counter::{Cell, Changes, Counts, MEASURES, Measure, OF_LINE, OF_OPERATOR};
use crate::values;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many differences are added up in one transaction: a moment's work, so that nobody waits long for their turn.
const FOLDED_MAX: i64 = 4_000;

/// The columns of all measures, each as `each` writes it.
pub(super) fn measures(each: impl Fn(&str) -> String) -> String {
    MEASURES.iter().map(|name| each(name)).collect::<Vec<_>>().join(", ")
}

/// The measures of a row, in their order.
pub(super) fn read_counts(row: &mut Row) -> Result<Counts, StoreError> {
    let mut counts = Counts::default();
    for count in &mut counts.0 {
        *count = row.int()?;
    }
    Ok(counts)
}

/// Keeps what a transaction noted, in one statement.
///
/// # Errors
/// The database's error.
pub(super) async fn keep(tx: &mut Tx, changes: Changes) -> Result<(), StoreError> {
    match keep_statement(changes) {
        Some(Statement { sql, values }) => tx.execute(sql, values).await.map(drop),
        None => Ok(()),
    }
}

/// The statement that keeps `changes`; none where there are none.
pub(super) fn keep_statement(mut changes: Changes) -> Option<Statement> {
    #[derive(Serialize)]
    struct Delta<'a> {
        #[serde(flatten)]
        cell: &'a Cell,
        n: i64,
        #[serde(flatten)]
        counts: &'a Counts,
    }
    static KEEP: Sql = Sql::made(|| {
        let (columns, given, typed) =
            (measures(str::to_owned), measures(|name| format!("COALESCE(r.{name}, 0)")), measures(|name| format!("{name} int")));
        format!(
            "INSERT INTO counter_delta (day, hour, whose, line_id, operator_id, channel, scale, outcome, reason, n, {columns}) \
             SELECT r.day, r.hour, r.whose, r.line_id, r.operator_id, r.channel, r.scale, r.outcome, r.reason, r.n, {given} \
             FROM {{rows $1 r: day int, hour int, whose text, line_id text, operator_id text, channel text, scale text, outcome text, \
             reason text, n int, {typed}}}"
        )
    });
    changes.settle();
    if changes.0.is_empty() {
        return None;
    }
    let rows: Vec<Delta<'_>> = changes.0.iter().map(|(cell, (n, counts))| Delta { cell, n: *n, counts }).collect();
    Some(Statement::new(&KEEP, values![super::rows(&rows)]))
}

/// A place in the counters: whose, `day` or `month`, which one, line, operator, channel, scale.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Key {
    /// Whose: see [`OF_LINE`].
    pub whose: &'static str,
    /// `day` or `month`.
    pub grain: &'static str,
    /// Which one, since 1970.
    pub period: i64,
    /// The line.
    pub line_id: String,
    /// The operator.
    pub operator_id: String,
    /// The kind of channel.
    pub channel: String,
    /// The scale.
    pub scale: String,
}

/// The measures that are kept by hour, in the order of their columns.
pub(super) const BY_HOUR: [Measure; 5] = [Measure::Closes, Measure::Delivered, Measure::Answered, Measure::Good, Measure::Bad];

/// Counts as the tables keep them, or differences of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tables {
    /// The counters.
    pub counts: BTreeMap<Key, Counts>,
    /// Reasons: key, outcome, reason.
    pub reasons: BTreeMap<(Key, String, String), i64>,
    /// Hours: key, weekday, hour.
    pub hours: BTreeMap<(Key, i64, i64), [i64; 5]>,
}

impl Tables {
    /// Adds what stands in one cell of changes: to its day and, if `months`, to its month.
    pub fn add(&mut self, cell: &Cell, n: i64, counts: &Counts, times: i64, months: bool) {
        let day = Day(cell.day);
        let periods = [Some(("day", day.0)), months.then(|| ("month", day.month().0))];
        for (grain, period) in periods.into_iter().flatten() {
            let key = Key {
                whose: cell.whose,
                grain,
                period,
                line_id: cell.line_id.clone(),
                operator_id: cell.operator_id.clone(),
                channel: cell.channel.clone(),
                scale: cell.scale.clone(),
            };
            if !cell.outcome.is_empty() {
                *self.reasons.entry((key, cell.outcome.clone(), cell.reason.clone())).or_default() += n * times;
                continue;
            }
            let hour = self.hours.entry((key.clone(), day.weekday(), cell.hour)).or_default();
            for (mine, measure) in hour.iter_mut().zip(BY_HOUR) {
                *mine += counts[measure] * times;
            }
            self.counts.entry(key).or_default().add(counts, times);
        }
    }

    /// Drops what came to nothing.
    pub fn settle(&mut self) {
        self.counts.retain(|_, counts| !counts.is_zero());
        self.reasons.retain(|_, n| *n != 0);
        self.hours.retain(|_, counts| counts.iter().any(|&count| count != 0));
    }

    /// Whether nothing stands here.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty() && self.reasons.is_empty() && self.hours.is_empty()
    }
}

/// Adds differences that transactions kept to the counters, unless another node does it right now. Gives how many there
/// were.
///
/// # Errors
/// The database's error; then nothing was added.
pub async fn fold(db: &Db) -> Result<usize, StoreError> {
    static PENDING: Sql = Sql::new("SELECT id FROM counter_delta LIMIT 1");
    if db.read(&PENDING, vec![]).await?.is_empty() {
        return Ok(0);
    }
    db.write(|tx| Box::pin(fold_some(tx))).await
}

async fn fold_some(tx: &mut Tx) -> Result<usize, StoreError> {
    static TURN: Sql = Sql::new("SELECT id FROM counter_state WHERE id = 1 {lock skip}");
    static TAKE: Sql = Sql::made(|| {
        format!(
            "SELECT id, day, hour, whose, line_id, operator_id, channel, scale, outcome, reason, n, {} FROM counter_delta ORDER BY id LIMIT $1",
            measures(str::to_owned)
        )
    });
    static DROP: Sql = Sql::new("DELETE FROM counter_delta WHERE id IN (SELECT r.id FROM {rows $1 r: id int})");
    #[derive(Serialize)]
    struct Id {
        id: i64,
    }
    if tx.fetch(&TURN, vec![]).await?.is_empty() {
        return Ok(0);
    }
    let (mut ids, mut tables) = (Vec::new(), Tables::default());
    for row in &mut tx.fetch(&TAKE, values![FOLDED_MAX]).await? {
        ids.push(Id { id: row.int()? });
        let (cell, n) = (read_cell(row)?, row.int()?);
        tables.add(&cell, n, &read_counts(row)?, 1, true);
    }
    add_up(tx, tables).await?;
    tx.execute(&DROP, values![super::rows(&ids)]).await?;
    Ok(ids.len())
}

/// Adds what this transaction noted so far to the counters at once, in place of leaving it to [`fold`]: for those who
/// write very many closes of the same days.
///
/// # Errors
/// The database's error.
pub async fn add_now(tx: &mut Tx) -> Result<(), StoreError> {
    static TURN: Sql = Sql::new("SELECT id FROM counter_state WHERE id = 1 {lock}");
    let mut noted = Changes::default();
    tx.count(|changes, _| noted = std::mem::take(changes));
    noted.settle();
    if noted.0.is_empty() {
        return Ok(());
    }
    tx.fetch(&TURN, vec![]).await?;
    let mut tables = Tables::default();
    for (cell, (n, counts)) in &noted.0 {
        tables.add(cell, *n, counts, 1, true);
    }
    add_up(tx, tables).await
}

fn read_cell(row: &mut Row) -> Result<Cell, StoreError> {
    Ok(Cell {
        day: row.int()?,
        hour: row.int()?,
        whose: whose(&row.text()?)?,
        line_id: row.text()?,
        operator_id: row.text()?,
        channel: row.text()?,
        scale: row.text()?,
        outcome: row.text()?,
        reason: row.text()?,
    })
}

pub(super) fn whose(word: &str) -> Result<&'static str, StoreError> {
    let known = [OF_LINE, OF_OPERATOR].into_iter().find(|known| *known == word);
    known.ok_or_else(|| StoreError::Inconsistent { table: "counter", column: "whose", found: word.to_owned() })
}

/// Adds to the counters. Whoever calls holds the turn (the row of `counter_state`).
///
/// # Errors
/// The database's error.
pub(super) async fn add_up(tx: &mut Tx, mut tables: Tables) -> Result<(), StoreError> {
    static COUNTS: Sql = Sql::made(|| {
        format!(
            "INSERT INTO counter AS c (whose, grain, period, line_id, operator_id, channel, scale, {}) \
             SELECT r.whose, r.grain, r.period, r.line_id, r.operator_id, r.channel, r.scale, {} \
             FROM {{rows $1 r: whose text, grain text, period int, line_id text, operator_id text, channel text, scale text, {}}} WHERE true \
             ON CONFLICT (whose, grain, period, line_id, operator_id, channel, scale) DO UPDATE SET {}",
            measures(str::to_owned),
            measures(|name| format!("COALESCE(r.{name}, 0)")),
            measures(|name| format!("{name} int")),
            measures(|name| format!("{name} = c.{name} + excluded.{name}")),
        )
    });
    static REASONS: Sql = Sql::new(
        "INSERT INTO counter_reason AS c (whose, grain, period, line_id, operator_id, channel, scale, outcome, reason, n) \
         SELECT r.whose, r.grain, r.period, r.line_id, r.operator_id, r.channel, r.scale, r.outcome, r.reason, r.n \
         FROM {rows $1 r: whose text, grain text, period int, line_id text, operator_id text, channel text, scale text, outcome text, \
         reason text, n int} WHERE true \
         ON CONFLICT (whose, grain, period, line_id, operator_id, channel, scale, outcome, reason) DO UPDATE SET n = c.n + excluded.n",
    );
    static HOURS: Sql = Sql::new(
        "INSERT INTO counter_hour AS c (whose, grain, period, weekday, hour, line_id, operator_id, channel, scale, closes, delivered, \
         answered, good, bad) \
         SELECT r.whose, r.grain, r.period, r.weekday, r.hour, r.line_id, r.operator_id, r.channel, r.scale, r.closes, r.delivered, \
         r.answered, r.good, r.bad \
         FROM {rows $1 r: whose text, grain text, period int, weekday int, hour int, line_id text, operator_id text, channel text, \
         scale text, closes int, delivered int, answered int, good int, bad int} WHERE true \
         ON CONFLICT (whose, grain, period, weekday, hour, line_id, operator_id, channel, scale) DO UPDATE SET \
         closes = c.closes + excluded.closes, delivered = c.delivered + excluded.delivered, answered = c.answered + excluded.answered, \
         good = c.good + excluded.good, bad = c.bad + excluded.bad",
    );
    tables.settle();
    if !tables.counts.is_empty() {
        tx.execute(&COUNTS, values![count_rows(&tables)]).await?;
    }
    if !tables.reasons.is_empty() {
        tx.execute(&REASONS, values![reason_rows(&tables)]).await?;
    }
    if !tables.hours.is_empty() {
        tx.execute(&HOURS, values![hour_rows(&tables)]).await?;
    }
    Ok(())
}

fn count_rows(tables: &Tables) -> Rows {
    #[derive(Serialize)]
    struct Counted<'a> {
        #[serde(flatten)]
        key: &'a Key,
        #[serde(flatten)]
        counts: &'a Counts,
    }
    super::rows(&tables.counts.iter().map(|(key, counts)| Counted { key, counts }).collect::<Vec<_>>())
}

fn reason_rows(tables: &Tables) -> Rows {
    #[derive(Serialize)]
    struct Reason<'a> {
        #[serde(flatten)]
        key: &'a Key,
        outcome: &'a str,
        reason: &'a str,
        n: i64,
    }
    let rows = tables.reasons.iter().map(|((key, outcome, reason), n)| Reason { key, outcome, reason, n: *n });
    super::rows(&rows.collect::<Vec<_>>())
}

fn hour_rows(tables: &Tables) -> Rows {
    #[derive(Serialize)]
    struct Hour<'a> {
        #[serde(flatten)]
        key: &'a Key,
        weekday: i64,
        hour: i64,
        closes: i64,
        delivered: i64,
        answered: i64,
        good: i64,
        bad: i64,
    }
    let rows = tables.hours.iter().map(|((key, weekday, hour), &[closes, delivered, answered, good, bad])| Hour {
        key,
        weekday: *weekday,
        hour: *hour,
        closes,
        delivered,
        answered,
        good,
        bad,
    });
    super::rows(&rows.collect::<Vec<_>>())
}
