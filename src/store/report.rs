//! Queries of the counters for reports. Their cost grows with the periods and groups shown, never with the number of ratings: of
//! the roll-up that distinguishes exactly what is requested, whole months and years are read as such, and the pending differences
//! are a few rows.

pub mod alarm;
pub mod answered;
pub mod bi;
mod clock;
pub mod compared;
pub mod imported_rule;
pub mod label_counts;
pub mod labelled;
pub mod letter;
pub mod low_votes;
pub mod rating_list;
pub mod reason;
pub mod recount;
pub mod replies;
pub mod saved_view;
mod slice;
pub mod today;
pub mod votes;
pub mod watch;

use self::labelled::{Memo, is_counted_here};
use self::slice::WantedSlices;
use super::sql::Sql;
use super::{Db, Row, StoreError, document};
use crate::counter::cell::{BY_HOUR, Body, KeptCounts, PENDING_BY_HOUR, SliceHours, entry};
use crate::counter_change::measures;
use crate::sql::rows::Rows;
use crate::sql::value::{LentRow, Value};
use crate::values;
use lastword_base::names::{LineId, OperatorId};
use lastword_domain::access::rights::Lines;
use lastword_domain::answer::rating::Scale;
use lastword_domain::report::calendar::{Day, Grain, Span, by_month, spans};
use lastword_domain::report::counter::{Counts, OF_LINE, OF_OPERATOR};
use lastword_domain::report::period::Period;
use lastword_domain::report::roll_up::RollUp;
use lastword_domain::session::HandledBy;
use lastword_domain::session::label::LabelIs;
use serde::Serialize;
use std::collections::BTreeMap;

/// Selects the closes of a report: days from `from` up to `until` (exclusive), and further conditions. `None` matches any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closes {
    /// The first day.
    pub from: Day,
    /// The day after the last.
    pub until: Day,
    /// Only this line.
    pub line: Option<LineId>,
    /// Only closes that count for this operator; an empty text for those that count for none.
    pub operator: Option<OperatorId>,
    /// Only this kind of channel; an empty text for closes with an unknown channel.
    pub channel: Option<String>,
    /// Only this scale.
    pub scale: Option<Scale>,
    /// Only sessions handled like this.
    pub handled_by: Option<HandledBy>,
    /// Only sessions with this label, or this value of a field.
    pub label: Option<LabelIs>,
    /// Only lines that the caller may see.
    pub sees: Lines,
    /// Counts already read for one response.
    pub memo: Memo,
}

impl Closes {
    /// All closes of a period.
    pub fn of(period: Period) -> Self {
        Self {
            from: period.from,
            until: period.until,
            line: None,
            operator: None,
            channel: None,
            scale: None,
            handled_by: None,
            label: None,
            sees: Lines::All,
            memo: Memo::default(),
        }
    }
}

/// Dimension by which a report is split.
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
    /// Who handled the session.
    HandledBy,
    /// Labels and field values; a session counts for each that it has, and not at all without any.
    Label,
    /// The day of the close.
    Day,
    /// The week of the close, by its Monday.
    Week,
    /// The month of the close.
    Month,
}

impl By {
    /// The day, Monday or month under which a cell of this grain and period is shown; 0 if a report is not split by time.
    fn period(self, grain: Grain, period: i64) -> i64 {
        match self {
            By::Day => period,
            By::Week => grain.first_day(period).monday().0,
            // A day belongs to its month.
            By::Month => Grain::Month.holding(grain.first_day(period)),
            By::Nothing | By::Line | By::Operator | By::Channel | By::HandledBy | By::Label => 0,
        }
    }
}

/// The counts of one group and scale, of sessions handled alike.
#[derive(Clone, Debug)]
pub struct Group {
    /// The line, operator, channel, label or kind of handling; empty if a report is not split, or split by time.
    pub name: String,
    /// The day, week (by its Monday) or month since 1970; otherwise 0.
    pub period: i64,
    /// The scale.
    pub scale: Scale,
    /// Who handled the sessions.
    pub handled_by: HandledBy,
    /// Its counts.
    pub counts: Counts,
}

/// Filter value that matches any: no ID or kind contains this character.
const ANY: &str = "\u{1}";

/// The roll-up that distinguishes exactly what `closes` and `by` ask for.
fn roll_up(closes: &Closes, by: By) -> RollUp {
    RollUp {
        line: closes.line.is_some() || closes.sees != Lines::All || by == By::Line,
        operator: closes.operator.is_some() || by == By::Operator,
        channel: closes.channel.is_some() || by == By::Channel,
    }
}

/// The column of a split, if it has one.
fn column(by: By) -> &'static str {
    match by {
        By::Line => "line_id",
        By::Operator => "operator_id",
        By::Channel => "channel",
        By::Nothing | By::HandledBy | By::Label | By::Day | By::Week | By::Month => "",
    }
}

/// The parameters of a query of the counters: see [`text`].
fn question(closes: &Closes, by: By, spans: &[Span]) -> Vec<Value> {
    #[derive(Serialize)]
    struct Piece {
        grain: &'static str,
        first: i64,
        after: i64,
        times: i64,
    }
    let kept = roll_up(closes, by);
    let pieces: Vec<Piece> =
        spans.iter().map(|&Span { grain, first, after, times }| Piece { grain: grain.as_str(), first, after, times }).collect();
    fn text<T: AsRef<str>>(text: &Option<T>) -> &str {
        text.as_ref().map_or(ANY, AsRef::as_ref)
    }
    let (all, lines) = super::limits(&closes.sees);
    let mut values = values![
        kept.as_str(),
        super::rows(&pieces),
        if kept.operator { OF_OPERATOR } else { OF_LINE },
        closes.from.0,
        closes.until.0,
        text(&closes.line),
        text(&closes.operator),
        text(&closes.channel),
        all,
        lines,
        column(by)
    ];
    if !finds_places(by) {
        values.push(places(closes).into());
    }
    values
}

/// True if the query finds the positions of the cells: those of each group.
fn finds_places(by: By) -> bool {
    !column(by).is_empty()
}

/// The positions of a query that is not split: one, or one for each line that the caller may see.
fn places(closes: &Closes) -> Rows {
    #[derive(Serialize)]
    struct Position<'a> {
        line_id: &'a LineId,
        operator_id: &'a OperatorId,
        channel: &'a str,
    }
    let (no_line, no_operator) = (LineId::default(), OperatorId::default());
    let lines: Vec<&LineId> = match (&closes.line, &closes.sees) {
        (Some(line), sees) => Some(line).filter(|line| sees.admit(line)).into_iter().collect(),
        (None, Lines::All) => vec![&no_line],
        (None, Lines::Some(lines)) => lines.iter().collect(),
    };
    let (operator_id, channel) = (closes.operator.as_ref().unwrap_or(&no_operator), closes.channel.as_deref().unwrap_or_default());
    super::rows(&lines.into_iter().map(|line_id| Position { line_id, operator_id, channel }).collect::<Vec<_>>())
}

impl Body {
    /// The same for pending differences, and the condition on their rows.
    fn pending(self) -> (String, &'static str) {
        match self {
            Body::Counts => (format!("{{json_array}}({})", measures(str::to_owned)), "reason_of = ''"),
            // 1970 began on a Thursday.
            Body::Hours => (format!("{{json_array}}((day + 3) % 7 * 24 + hour, {PENDING_BY_HOUR})"), "reason_of = ''"),
            Body::Reasons => ("{json_array}(reason_of, reason, n)".to_owned(), "reason_of <> ''"),
        }
    }
}

/// Cells of the counters for a query, and pending differences: group; grain and number of the period; factor; slice (empty if a
/// body has all of them); and each of `bodies`, empty if a row has none.
///
/// `$1` roll-up, `$2` parts of the period, `$3` owner, `$4` and `$5` the days, `$6` to `$8` line, operator and channel, `$9` and
/// `$10` the lines that the caller may see, `$11` the split, `$12` the positions if they are known; otherwise they are found among
/// the years, of which there are few.
fn text(bodies: &[Body], find: bool) -> String {
    let among = "($6 = '\u{1}' OR line_id = $6) AND ($7 = '\u{1}' OR operator_id = $7) AND ($8 = '\u{1}' OR channel = $8) \
         AND ($9 = 1 OR line_id {among $10})";
    let (found, places) = if find {
        let found = format!(
            "WITH p AS (SELECT DISTINCT line_id, operator_id, channel FROM counter WHERE roll_up = $1 AND grain = 'year' AND {among}) "
        );
        (found, "p")
    } else {
        (String::new(), "{rows $12 p: line_id text, operator_id text, channel text}")
    };
    let group = |of: &str| {
        format!(
            "CASE $11 WHEN 'line_id' THEN {of}line_id WHEN 'operator_id' THEN {of}operator_id WHEN 'channel' THEN {of}channel ELSE '' END"
        )
    };
    let kept = |body: &Body| {
        let parts: Vec<String> =
            bodies.iter().map(|other| if other == body { format!("c.{}", body.column()) } else { "''".to_owned() }).collect();
        format!(
            "SELECT {}, s.grain, c.period, s.times, '', {} FROM {places} \
             CROSS JOIN {{rows $2 s: grain text, first int, after int, times int}} CROSS JOIN {} c \
             WHERE c.roll_up = $1 AND c.grain = s.grain AND c.line_id = p.line_id AND c.operator_id = p.operator_id \
             AND c.channel = p.channel AND c.period >= s.first AND c.period < s.after",
            group("p."),
            parts.join(", "),
            body.table()
        )
    };
    let (pending, which): (Vec<String>, Vec<&str>) = bodies
        .iter()
        .map(|body| body.pending())
        .map(|(of, has)| (format!("CASE WHEN {has} THEN CAST({of} AS TEXT) ELSE '' END"), has))
        .unzip();
    format!(
        "{found}{} UNION ALL SELECT {}, 'day', day, 1, scale || '/' || handled_by, {} FROM counter_delta \
         WHERE whose = $3 AND day >= $4 AND day < $5 AND {among} AND ({})",
        bodies.iter().map(kept).collect::<Vec<_>>().join(" UNION ALL "),
        group(""),
        pending.join(", "),
        which.join(" OR ")
    )
}

/// The parts of the period whose cells a report adds up.
fn pieces(closes: &Closes, by: By, bodies: &[Body]) -> Vec<Span> {
    // Years have no hours.
    let longest = if bodies.contains(&Body::Hours) { Grain::Month } else { Grain::Year };
    match by {
        // Days are read as days, even for whole months.
        By::Day | By::Week => spans(closes.from, closes.until, Grain::Day),
        By::Month => by_month(closes.from, closes.until),
        By::Nothing | By::Line | By::Operator | By::Channel | By::HandledBy | By::Label => spans(closes.from, closes.until, longest),
    }
}

/// One cell of a result, while it is read.
struct Part<'r, const N: usize> {
    name: &'r str,
    grain: Grain,
    period: i64,
    times: i64,
    slice: &'r str,
    bodies: [&'r str; N],
}

/// Runs one of the two forms of the query, with known positions or finding them, and stores no cell: `take` adds each to `sums` as
/// it arrives. A query about labels is computed from rows, with `bodies` of each cell.
async fn ask<S: Send + 'static, const N: usize>(
    db: &Db,
    sql: [&'static Sql; 2],
    closes: &Closes,
    by: By,
    bodies: [Body; N],
    sums: S,
    mut take: impl FnMut(&mut S, &Part<'_, N>) -> Result<(), StoreError> + Send + 'static,
) -> Result<S, StoreError> {
    if is_counted_here(closes, by) {
        return labelled::fold(db, closes, by, bodies, sums, take).await;
    }
    let read = move |sums: &mut S, row: &mut LentRow<'_, '_>| {
        let (name, grain, period) = (row.text()?, row.text()?, row.int()?);
        let bad = || StoreError::Inconsistent { table: "counter", column: "grain", found: grain.to_owned() };
        let grain = Grain::parse(grain).ok_or_else(bad)?;
        let mut part = Part { name, grain, period, times: row.int()?, slice: row.text()?, bodies: [""; N] };
        for body in &mut part.bodies {
            *body = row.text()?;
        }
        take(sums, &part)
    };
    let sql = sql[usize::from(finds_places(by))];
    db.fold(sql, question(closes, by, &pieces(closes, by, &bodies)), sums, read).await
}

/// The name of a group: cells of all positions contain sessions of any handling.
fn group_name(by: By, place: &str, handled_by: HandledBy) -> &str {
    if by == By::HandledBy { handled_by.as_str() } else { place }
}

/// Counts by group, scale and who handled the sessions, while they are added up.
#[derive(Default)]
struct Groups(BTreeMap<String, BTreeMap<(i64, Scale, HandledBy), Counts>>);

impl Groups {
    /// Adds the wanted slices of the counts of one cell.
    fn add<const N: usize>(&mut self, wanted: WantedSlices, by: By, part: &Part<'_, N>, counts: &str) -> Result<(), StoreError> {
        let (period, times) = (by.period(part.grain, part.period), part.times);
        let mut add = |scale, handled_by, KeptCounts(counts)| {
            let cells = entry(&mut self.0, group_name(by, part.name, handled_by));
            cells.entry((period, scale, handled_by)).or_default().add(&counts, times);
        };
        if part.slice.is_empty() {
            return wanted.read(Body::Counts, counts, add);
        }
        if let Some((scale, handled_by)) = wanted.pick(part.slice)? {
            add(scale, handled_by, document("counter_delta", "counts", counts)?);
        }
        Ok(())
    }

    /// The groups in order.
    fn sorted(self) -> Vec<Group> {
        let of = |(name, cells): (String, BTreeMap<_, Counts>)| {
            cells.into_iter().map(move |((period, scale, handled_by), counts)| Group {
                name: name.clone(),
                period,
                scale,
                handled_by,
                counts,
            })
        };
        self.0.into_iter().flat_map(of).collect()
    }
}

/// The counts of these closes, by group, scale and who handled them; groups in order.
pub async fn counts(db: &Db, closes: &Closes, by: By) -> Result<Vec<Group>, StoreError> {
    static KNOWN: Sql = Sql::made(|| text(&[Body::Counts], false));
    static FOUND: Sql = Sql::made(|| text(&[Body::Counts], true));
    let wanted = WantedSlices::of(closes);
    let add = move |groups: &mut Groups, part: &Part<'_, 1>| groups.add(wanted, by, part, part.bodies[0]);
    Ok(ask(db, [&KNOWN, &FOUND], closes, by, [Body::Counts], Groups::default(), add).await?.sorted())
}

/// Operators or channels with closes in these years and lines, in the order of their IDs, at most `limit`: the values to choose
/// from. Nothing is counted.
pub async fn known(db: &Db, closes: &Closes, by: By, limit: usize) -> Result<Vec<String>, StoreError> {
    fn made(column: &str) -> String {
        format!(
            "SELECT {column} FROM counter WHERE roll_up = $1 AND grain = 'year' AND period >= $2 AND period <= $3 AND {column} <> '' \
             AND ($4 = 1 OR line_id {{among $5}}) \
             UNION SELECT {column} FROM counter_delta WHERE whose = $6 AND day >= $7 AND day < $8 AND {column} <> '' \
             AND ($4 = 1 OR line_id {{among $5}}) ORDER BY 1 LIMIT $9"
        )
    }
    static OPERATORS: Sql = Sql::made(|| made("operator_id"));
    static CHANNELS: Sql = Sql::made(|| made("channel"));
    let (sql, whose) = if by == By::Operator { (&OPERATORS, OF_OPERATOR) } else { (&CHANNELS, OF_LINE) };
    let (all, lines) = super::limits(&closes.sees);
    let [first, last] = [closes.from, closes.until.plus(-1)].map(|day| Grain::Year.holding(day));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values = values![roll_up(closes, by).as_str(), first, last, all, lines, whose, closes.from.0, closes.until.0, limit];
    db.read(sql, values).await?.iter_mut().map(Row::text).collect()
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
    /// Of these, not voided.
    pub rated: i64,
    /// Of the rated, good.
    pub good: i64,
    /// Of the rated, bad.
    pub bad: i64,
    /// Of the delivered, those whose time for an answer is over.
    pub over: i64,
    /// Of these, rated.
    pub answered_over: i64,
}

/// These closes by weekday and hour of the close; hours without any are missing.
pub async fn hours(db: &Db, closes: &Closes) -> Result<Vec<Hour>, StoreError> {
    static KNOWN: Sql = Sql::made(|| text(&[Body::Hours], false));
    static FOUND: Sql = Sql::made(|| text(&[Body::Hours], true));
    let wanted = WantedSlices::of(closes);
    let add = move |found: &mut SliceHours, &Part { times, slice, bodies: [body], .. }: &Part<'_, 1>| {
        let mut add = |hour: i64, all: [i64; BY_HOUR.len()]| {
            found.entry(hour).or_default().iter_mut().zip(all).for_each(|(mine, count)| *mine += count * times);
        };
        if slice.is_empty() {
            return wanted.read(Body::Hours, body, |_, _, hours: SliceHours| hours.into_iter().for_each(|(hour, all)| add(hour, all)));
        }
        if wanted.pick(slice)?.is_some() {
            let [hour, all @ ..]: [i64; BY_HOUR.len() + 1] = document("counter_delta", "hour", body)?;
            add(hour, all);
        }
        Ok(())
    };
    let found = ask(db, [&KNOWN, &FOUND], closes, By::Nothing, [Body::Hours], SliceHours::new(), add).await?;
    let of = |(hour, [closes, delivered, answered, rated, good, bad, over, answered_over]): (i64, [i64; BY_HOUR.len()])| Hour {
        weekday: hour / 24,
        hour: hour % 24,
        closes,
        delivered,
        answered,
        rated,
        good,
        bad,
        over,
        answered_over,
    };
    Ok(found.into_iter().map(of).filter(|hour| hour.closes != 0).collect())
}
