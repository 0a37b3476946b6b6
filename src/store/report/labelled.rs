//! Reports by label: counted from the rows of the closes that have it, by the same rule as the counters are. Few closes have a
//! label, and any of them would make the counters a multiple of what they are.

use super::counter_cell::{BY_HOUR, slice};
use super::recount::{RAW, count_close};
use super::{ANY, By, Closes, Part};
use crate::domain::report::calendar::{Day, Grain};
use crate::domain::report::counter::{Cell, Changes, Counts, Measure, OF_LINE, OF_OPERATOR};
use crate::domain::session::label::{Named, VALUES_SHOWN};
use crate::store::rows::Rows;
use crate::store::sql::Sql;
use crate::store::{Db, Millis, Row, StoreError, json};
use crate::values;
use futures_util::{StreamExt, TryStreamExt, stream};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// So many days are one read: their rows are all in memory together.
const DAYS: i64 = 8;
/// So many reads are under way while the rows of the one before are counted.
const AT_ONCE: usize = 2;

/// What a report takes of each cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// Its counts.
    Counts,
    /// Those that are kept by hour, with the hour of the week.
    Hours,
    /// A reason, and how often.
    Reasons,
}

impl Body {
    /// As a statement gives it of a cell that is not added up yet; none where the cell holds nothing of it.
    fn of(self, cell: &Cell, n: i64, counts: &Counts) -> Option<String> {
        if cell.reason_of.is_empty() == (self == Body::Reasons) {
            return None;
        }
        Some(match self {
            Body::Counts => json(&counts.0[..]),
            Body::Hours => {
                let [closes, delivered, answered, good, bad] = BY_HOUR.map(|measure| counts[measure]);
                json(&[Day(cell.day).weekday() * 24 + cell.hour, closes, delivered, answered, good, bad])
            }
            Body::Reasons => json(&(cell.reason_of, &cell.reason, n)),
        })
    }
}

/// How closes are counted while they are read, so that every question about the same closes finds its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum View {
    Line,
    Operator,
    Channel,
    Day,
    Hour,
    /// By label, in a report that is split so.
    Label,
}

impl View {
    /// That which answers a question.
    fn of(by: By, body: Body) -> Self {
        match (body, by) {
            (_, By::Label) => View::Label,
            (Body::Hours, _) => View::Hour,
            (_, By::Line) => View::Line,
            (_, By::Operator) => View::Operator,
            (_, By::Channel) => View::Channel,
            (_, By::Nothing | By::HandledBy | By::Day | By::Month) => View::Day,
        }
    }

    /// The place in it of what a close counts for; none where the close is not counted in it.
    fn place(self, closes: &Closes, cell: &Cell) -> Option<Cell> {
        let of_operators = self == View::Operator || closes.operator.is_some();
        let whose = if of_operators { OF_OPERATOR } else { OF_LINE };
        if cell.whose != whose || closes.operator.as_ref().is_some_and(|wanted| *wanted != cell.operator_id) {
            return None;
        }
        let text = |view: View, text: &String| if self == view { text.clone() } else { String::new() };
        let (day, hour) = match self {
            // An hour is one of a day of the week.
            View::Hour => (cell.day.rem_euclid(7), cell.hour),
            View::Day => (cell.day, 0),
            View::Line | View::Operator | View::Channel | View::Label => (0, 0),
        };
        Some(Cell {
            day,
            hour,
            whose,
            line_id: text(View::Line, &cell.line_id),
            operator_id: text(View::Operator, &cell.operator_id),
            channel: text(View::Channel, &cell.channel),
            scale: cell.scale.clone(),
            handled_by: cell.handled_by,
            reason_of: cell.reason_of,
            reason: cell.reason.clone(),
        })
    }
}

/// Counts by view and label; the label is empty but in reports that are split by it.
type Counted = BTreeMap<(View, String), Changes>;

/// Counts that were read for the closes of one answer and those derived from them: a page asks many questions about the same closes.
#[derive(Clone, Debug, Default)]
pub struct Memo(Arc<Mutex<Vec<Known>>>);

/// Closes, whether they are split by label, and their counts once they are read.
type Known = (Closes, bool, Arc<OnceCell<Counted>>);

/// What was read already makes no other closes of them.
impl PartialEq for Memo {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Memo {}

impl Memo {
    /// The place for the counts of these closes, which whoever is first fills.
    fn of(&self, closes: &Closes, split: bool) -> Arc<OnceCell<Counted>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((.., counted)) = known.iter().find(|(of, by, _)| of == closes && *by == split) {
            return counted.clone();
        }
        let counted = Arc::<OnceCell<Counted>>::default();
        known.push((Closes { memo: Memo::default(), ..closes.clone() }, split, counted.clone()));
        counted
    }
}

/// Whether a report is counted from rows.
pub(super) fn is_counted_here(closes: &Closes, by: By) -> bool {
    closes.label.is_some() || by == By::Label
}

/// The labels and fields that closes have, by key.
///
/// # Errors
/// The database's error.
async fn keys(db: &Db) -> Result<Vec<String>, StoreError> {
    // One step into the index for each key, however many closes have it.
    static KEYS: Sql = Sql::new(
        "WITH RECURSIVE k (key) AS (SELECT min(key) FROM close_label UNION ALL \
         SELECT (SELECT min(l.key) FROM close_label l WHERE l.key > k.key) FROM k WHERE k.key IS NOT NULL) \
         SELECT key FROM k WHERE key IS NOT NULL",
    );
    db.read(&KEYS, values![]).await?.iter_mut().map(Row::text).collect()
}

/// Labels and values of fields to choose from, with their names: all labels, and of each field the values of its newest closes before
/// `until`, the most frequent ones first.
///
/// # Errors
/// The database's error.
pub async fn choices(db: &Db, named: &Named, until: Millis) -> Result<Vec<(String, String)>, StoreError> {
    static NEWEST: Sql = Sql::new(
        "SELECT n.value FROM (SELECT l.value FROM close_label l WHERE l.key = $1 AND l.closed_at < $2 ORDER BY l.closed_at DESC LIMIT 500) AS n \
         GROUP BY n.value ORDER BY count(*) DESC, n.value LIMIT 20",
    );
    let mut found: Vec<String> = named.labels.keys().cloned().collect();
    for key in named.fields.keys() {
        found.push(key.clone());
        for row in &mut db.read(&NEWEST, values![key.as_str(), until]).await? {
            found.push(group(key, &row.text()?));
        }
    }
    Ok(found.into_iter().map(|id| (id.clone(), named.name_of(&id, ""))).collect())
}

/// A group of a report, as conditions are written: `vip`, `topic:refund`.
fn group(key: &str, value: &str) -> String {
    if value.is_empty() { key.to_owned() } else { format!("{key}:{value}") }
}

/// The cells of a report, as the counters would have them.
pub(super) async fn parts(db: &Db, closes: &Closes, by: By, body: Body) -> Result<Vec<Part>, StoreError> {
    let (split, view) = (by == By::Label, View::of(by, body));
    let counted = closes.memo.of(closes, split);
    let counted = counted.get_or_try_init(|| count(db, closes, split)).await?;
    let mut parts = Vec::new();
    for ((_, label), changes) in counted.iter().filter(|((of, _), _)| *of == view) {
        for (cell, (n, counts)) in &changes.0 {
            let Some(body) = body.of(cell, *n, counts) else { continue };
            let name = match by {
                By::Label => label,
                By::Line => &cell.line_id,
                By::Operator => &cell.operator_id,
                By::Channel => &cell.channel,
                By::Nothing | By::HandledBy | By::Day | By::Month => "",
            };
            let slice = slice(&cell.scale, cell.handled_by);
            parts.push(Part { name: name.to_owned(), grain: Grain::Day, period: cell.day, times: 1, slice, body });
        }
    }
    Ok(parts)
}

/// Counts these closes; by label where that is what is asked for.
async fn count(db: &Db, closes: &Closes, split: bool) -> Result<Counted, StoreError> {
    let keys = match &closes.label {
        Some(label) if !split => vec![label.key.clone()],
        _ => keys(db).await?,
    };
    let views: &[View] = if split { &[View::Label] } else { &[View::Line, View::Operator, View::Channel, View::Day, View::Hour] };
    let (mut counted, zone) = (Counted::new(), db.zone());
    // Where no close has any label, no row is looked for.
    let from = std::iter::successors(Some(closes.from), |from| Some(from.plus(DAYS)));
    let from = from.take_while(|from| *from < closes.until && !keys.is_empty());
    let mut read = stream::iter(from.map(|from| read(db, closes, &keys, from, from.plus(DAYS).min(closes.until)))).buffered(AT_ONCE);
    while let Some(mut rows) = read.try_next().await? {
        for row in &mut rows {
            let (key, value, raw) = (row.text()?, row.text()?, row.text()?);
            let label = if split { group(&key, &value) } else { String::new() };
            let mut close = Changes::default();
            count_close(&mut close, &raw, zone)?;
            for view in views {
                let changes = counted.entry((*view, label.clone())).or_default();
                for (cell, (n, counts)) in &close.0 {
                    if let Some(place) = view.place(closes, cell) {
                        changes.add(place, *n, counts);
                    }
                }
            }
        }
    }
    counted.values_mut().for_each(Changes::settle);
    Ok(if split { with_rest(counted) } else { counted })
}

async fn read(db: &Db, closes: &Closes, keys: &[String], from: Day, until: Day) -> Result<Vec<Row>, StoreError> {
    static ROWS: Sql = Sql::made(|| {
        format!(
            "SELECT l.key, l.value, CAST({{json_array}}({RAW}) AS TEXT) FROM close_label l CROSS JOIN rating_request q \
             LEFT JOIN rating t ON t.request_id = q.id LEFT JOIN supervisor_score s ON s.request_id = q.id \
             WHERE l.key {{among $1}} AND l.closed_at >= $2 AND l.closed_at < $3 AND q.id = l.request_id AND q.again_of IS NULL \
             AND ($4 = '{ANY}' OR EXISTS (SELECT 1 FROM close_label f WHERE f.key = $4 AND f.closed_at = q.closed_at AND f.request_id = q.id \
             AND ($5 = '{ANY}' OR f.value = $5))) AND ($6 = '{ANY}' OR q.line_id = $6) AND ($7 = 1 OR q.line_id {{among $8}}) \
             AND ($9 = '{ANY}' OR COALESCE(q.channel, '') = $9)"
        )
    });
    let text = |text: Option<&String>| text.cloned().unwrap_or_else(|| ANY.to_owned());
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let label = closes.label.as_ref();
    let (all, lines): (i64, Rows) = crate::store::limits(&closes.sees);
    let zone = db.zone();
    let (key, value) = (text(label.map(|label| &label.key)), text(label.and_then(|label| label.value.as_ref())));
    let (line, channel) = (text(closes.line.as_ref()), text(closes.channel.as_ref()));
    db.read(&ROWS, values![crate::store::ids(&keys), from.start(zone), until.start(zone), key, value, line, all, lines, channel]).await
}

/// The labels with the rarer values of each field as one, whose name ends with the colon.
fn with_rest(counted: Counted) -> Counted {
    let closes = |changes: &Changes| changes.0.values().map(|(_, counts)| counts[Measure::Closes]).sum::<i64>();
    let mut values: BTreeMap<String, Vec<(Reverse<i64>, String)>> = BTreeMap::new();
    for ((_, label), changes) in &counted {
        if let Some((key, _)) = label.split_once(':') {
            values.entry(key.to_owned()).or_default().push((Reverse(closes(changes)), label.clone()));
        }
    }
    let mut rare: BTreeSet<String> = BTreeSet::new();
    for all in values.values_mut().filter(|all| all.len() > VALUES_SHOWN) {
        all.sort();
        rare.extend(all.drain(VALUES_SHOWN..).map(|(_, label)| label));
    }
    let mut found = Counted::new();
    for ((view, label), changes) in counted {
        let label = match label.split_once(':') {
            Some((key, _)) if rare.contains(&label) => format!("{key}:"),
            _ => label,
        };
        let into = found.entry((view, label)).or_default();
        for (cell, (n, counts)) in changes.0 {
            into.add(cell, n, &counts);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::report::period::Period;
    use crate::domain::session::label::LabelIs;

    #[test]
    fn questions_about_the_same_closes_share_what_was_read() {
        let closes = Closes { label: LabelIs::parse("vip"), ..Closes::of(Period { from: Day(10), until: Day(20) }) };
        let then = Closes { from: Day(0), until: Day(10), ..closes.clone() };
        let place = |closes: &Closes, split| closes.memo.of(closes, split);
        let first = place(&closes, false);
        assert!(Arc::ptr_eq(&first, &place(&closes.clone(), false)), "of the same answer");
        assert!(!Arc::ptr_eq(&first, &place(&then, false)), "of other days");
        assert!(!Arc::ptr_eq(&first, &place(&closes, true)), "split by label");
        let narrower = Closes { line: Some("sales".to_owned()), ..closes.clone() };
        assert!(!Arc::ptr_eq(&first, &place(&narrower, false)), "of one line");
        let another = Closes { memo: Memo::default(), ..closes.clone() };
        assert!(another == closes && !Arc::ptr_eq(&first, &place(&another, false)), "another answer reads anew");
    }
}
