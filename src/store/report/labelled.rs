//! Reports by label: counted from the closes that have it, by the same rule as the counters. Few closes have a label, and each label
//! would multiply the size of the counters.

use super::label_counts::{self, UNREADABLE};
use super::recount::{CountedClose, RAW, read_close};
use super::{ANY, By, Closes, Part};
use crate::counter::cell::{Body, by_hour, slice};
use crate::sql::Sql;
use crate::sql::value::LentRow;
use crate::{Db, Millis, Row, StoreError, json, limits, values};
use chrono_tz::Tz;
use futures_util::{StreamExt, TryStreamExt, stream};
use lastword_base::completion::to_completion;
use lastword_base::names::{OperatorId, RequestId};
use lastword_domain::access::rights::Lines;
use lastword_domain::answer::rating::Scale;
use lastword_domain::report::calendar::{Day, Grain, hour};
use lastword_domain::report::counter::{CounterScope, Counts, Measure, ReasonOf};
use lastword_domain::session::HandledBy;
use lastword_domain::session::label::{Named, VALUES_SHOWN};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// Days per query.
const DAYS: i64 = 8;
/// Maximum number of parallel queries.
const AT_ONCE: usize = 2;

impl Body {
    /// As a statement returns it for cells that are not added up yet.
    fn of(self, cell: &Cell, sums: &Sums) -> Vec<String> {
        match self {
            Body::Counts => vec![json(&sums.counts.0[..])],
            Body::Hours => {
                let [closes, delivered, answered, rated, good, bad, over, answered_over] = by_hour(&sums.counts);
                vec![json(&[cell.at, closes, delivered, answered, rated, good, bad, over, answered_over])]
            }
            Body::Reasons => sums.reasons.iter().map(|((of, reason), n)| json(&(of.as_str(), reason, n))).collect(),
        }
    }
}

/// A place in a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    /// The day, or the hour of the week.
    at: i64,
    scale: Scale,
    handled_by: HandledBy,
}

/// Content of a cell.
#[derive(Clone, Debug, Default)]
struct Sums {
    counts: Counts,
    reasons: BTreeMap<(ReasonOf, String), i64>,
}

impl Sums {
    fn add(&mut self, counts: &Counts, reasons: impl IntoIterator<Item = ((ReasonOf, String), i64)>) {
        self.counts.add(counts, 1);
        for (reason, n) in reasons {
            *self.reasons.entry(reason).or_default() += n;
        }
    }
}

/// Dimension by which closes are counted while they are read, so that every query about the same closes is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum View {
    Line,
    Operator,
    Channel,
    Day,
    Hour,
    /// By label, in a report that is split by label.
    Label,
}

impl View {
    /// The view that answers a query.
    fn of(by: By, body: Body) -> Self {
        match (body, by) {
            (_, By::Label) => View::Label,
            (Body::Hours, _) => View::Hour,
            (_, By::Line) => View::Line,
            (_, By::Operator) => View::Operator,
            (_, By::Channel) => View::Channel,
            (_, By::Nothing | By::HandledBy | By::Day | By::Week | By::Month) => View::Day,
        }
    }

    /// The names under which a close is counted.
    fn names<'c>(self, scope: &'c CounterScope, label: &'c str) -> impl Iterator<Item = &'c str> {
        let (one, operators): (Option<&str>, &[OperatorId]) = match self {
            View::Line => (Some(scope.line.as_str()), &[]),
            View::Operator => (None, &scope.operators),
            View::Channel => (Some(&scope.channel), &[]),
            View::Day | View::Hour => (Some(""), &[]),
            View::Label => (Some(label), &[]),
        };
        one.into_iter().chain(operators.iter().map(OperatorId::as_str))
    }

    /// The day or hour under which it is counted.
    fn at(self, scope: &CounterScope, zone: Tz) -> i64 {
        match self {
            View::Day => Day::of(scope.closed_at, zone).0,
            View::Hour => Day::of(scope.closed_at, zone).weekday() * 24 + hour(scope.closed_at, zone),
            View::Line | View::Operator | View::Channel | View::Label => 0,
        }
    }
}

/// Counts by view and name.
#[derive(Debug, Default)]
struct Counted(BTreeMap<View, HashMap<String, BTreeMap<Cell, Sums>>>);

impl Counted {
    fn take(&mut self, views: &[View], label: &str, close: &CountedClose, wanted: Option<&OperatorId>, zone: Tz) {
        let CountedClose { scope, scale, counts, reasons } = close;
        for view in views {
            let cell = Cell { at: view.at(scope, zone), scale: *scale, handled_by: scope.handled_by };
            let of_view = self.0.entry(*view).or_default();
            // A close of several operators counts for one if only that one is requested.
            for name in view.names(scope, label).filter(|name| *view != View::Operator || wanted.is_none_or(|wanted| wanted == name)) {
                if !of_view.contains_key(name) {
                    of_view.insert(name.to_owned(), BTreeMap::new());
                }
                let Some(cells) = of_view.get_mut(name) else { continue };
                let sums = cells.entry(cell).or_default();
                sums.add(counts, reasons.iter().map(|reason| (reason.clone(), 1)));
            }
        }
    }

    fn join(&mut self, other: Counted) {
        for (view, names) in other.0 {
            let of_view = self.0.entry(view).or_default();
            for (name, cells) in names {
                let joined = of_view.entry(name).or_default();
                for (cell, sums) in cells {
                    joined.entry(cell).or_default().add(&sums.counts, sums.reasons);
                }
            }
        }
    }
}

/// Counts that were read for the closes of one response and those derived from them: a page makes many queries about the same
/// closes.
#[derive(Clone, Debug, Default)]
pub struct Memo(Arc<Mutex<Vec<Known>>>);

/// Closes, whether they are split by label, and their counts once they are read.
type Known = (Closes, bool, Arc<OnceCell<Arc<Counted>>>);

/// Counts already read do not affect equality of closes.
impl PartialEq for Memo {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Memo {}

impl Memo {
    /// The cell for the counts of these closes, filled by the first caller.
    fn of(&self, closes: &Closes, split: bool) -> Arc<OnceCell<Arc<Counted>>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((.., counted)) = known.iter().find(|(of, by, _)| of == closes && *by == split) {
            return counted.clone();
        }
        let counted = Arc::<OnceCell<Arc<Counted>>>::default();
        known.push((Closes { memo: Memo::default(), ..closes.clone() }, split, counted.clone()));
        counted
    }

    /// True if a report of these closes was already counted.
    pub fn has(&self, closes: &Closes, by: By) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().any(|(of, split, counted)| of == closes && *split == (by == By::Label) && counted.initialized())
    }
}

impl Closes {
    /// True if a close of these days that counts in these cells is one of them, apart from labels.
    fn has(&self, scope: &CounterScope) -> bool {
        self.line.as_ref().is_none_or(|line| *line == scope.line)
            && self.sees.admit(&scope.line)
            && self.channel.as_ref().is_none_or(|channel| *channel == scope.channel)
            && self.operator.as_ref().is_none_or(|operator| scope.operators.contains(operator))
    }
}

/// True if a report is counted from rows.
pub fn is_counted_here(closes: &Closes, by: By) -> bool {
    closes.label.is_some() || by == By::Label
}

/// The labels and fields of closes, by key.
async fn keys(db: &Db) -> Result<Vec<String>, StoreError> {
    // One step into the index for each key, however many closes have it.
    static KEYS: Sql = Sql::new(
        "WITH RECURSIVE k (key) AS (SELECT min(key) FROM close_label UNION ALL \
         SELECT (SELECT min(l.key) FROM close_label l WHERE l.key > k.key) FROM k WHERE k.key IS NOT NULL) \
         SELECT key FROM k WHERE key IS NOT NULL",
    );
    db.read(&KEYS, values![]).await?.iter_mut().map(Row::text).collect()
}

/// Labels and field values to choose from, with their names: all labels, and for each field the values of its newest closes before
/// `until` on the lines that the person sees, the most frequent first.
pub async fn choices(db: &Db, named: &Named, until: Millis, sees: &Lines) -> Result<Vec<(String, String)>, StoreError> {
    static NEWEST: Sql = Sql::new(
        "SELECT n.value FROM (SELECT l.value FROM close_label l WHERE l.key = $1 AND l.request_id < $2 ORDER BY l.request_id DESC LIMIT 500) AS n \
         GROUP BY n.value ORDER BY count(*) DESC, n.value LIMIT 20",
    );
    // The search is limited, for people who see few of many closes.
    static OF_LINES: Sql = Sql::new(
        "SELECT n.value FROM (SELECT l.value FROM (SELECT a.request_id, a.value FROM close_label a WHERE a.key = $1 AND a.request_id < $2 \
         ORDER BY a.request_id DESC LIMIT 20000) AS l JOIN rating_request q ON q.id = l.request_id WHERE q.line_id {among $3} \
         ORDER BY l.request_id DESC LIMIT 500) AS n GROUP BY n.value ORDER BY count(*) DESC, n.value LIMIT 20",
    );
    let mut found: Vec<String> = named.labels.keys().cloned().collect();
    for key in named.fields.keys() {
        found.push(key.clone());
        let mut newest = match limits(sees) {
            (1, _) => db.read(&NEWEST, values![key.as_str(), RequestId::first_of(until)]).await?,
            (_, lines) => db.read(&OF_LINES, values![key.as_str(), RequestId::first_of(until), lines]).await?,
        };
        for row in &mut newest {
            found.push(group(key, &row.text()?));
        }
    }
    Ok(found.into_iter().map(|id| (id.clone(), named.name_of(&id, ""))).collect())
}

/// A group of a report, in the form of a condition: `vip`, `topic:refund`.
fn group(key: &str, value: &str) -> String {
    if value.is_empty() { key.to_owned() } else { format!("{key}:{value}") }
}

/// Passes on the cells of a report, in the form of the counters.
pub(super) async fn fold<S, const N: usize>(
    db: &Db,
    closes: &Closes,
    by: By,
    bodies: [Body; N],
    mut sums: S,
    mut take: impl FnMut(&mut S, &Part<'_, N>) -> Result<(), StoreError>,
) -> Result<S, StoreError> {
    let split = by == By::Label;
    let (memo, db, over) = (closes.memo.of(closes, split), db.clone(), closes.clone());
    // A caller that stops waiting may ask again with the same memo.
    let counted =
        to_completion(async move { memo.get_or_try_init(|| async { count(&db, &over, split).await.map(Arc::new) }).await.cloned() })
            .await?;
    for (at, body) in bodies.into_iter().enumerate() {
        for (name, cells) in counted.0.get(&View::of(by, body)).into_iter().flatten() {
            for (cell, found) in cells {
                let slice = slice(cell.scale.as_str(), cell.handled_by);
                for body in body.of(cell, found) {
                    let mut bodies = [""; N];
                    bodies[at] = &body;
                    take(&mut sums, &Part { name, grain: Grain::Day, period: cell.at, times: 1, slice: &slice, bodies })?;
                }
            }
        }
    }
    Ok(sums)
}

/// True if a report of these closes reads more than this number of labelled closes.
pub async fn has_more_than(db: &Db, closes: &Closes, many: i64) -> Result<bool, StoreError> {
    static SOME: Sql = Sql::new(
        "SELECT count(*) FROM (SELECT 1 FROM close_label l WHERE l.key {among $1} AND l.request_id >= $2 AND l.request_id < $3 \
         LIMIT $4) AS n",
    );
    let keys = match &closes.label {
        Some(label) => vec![label.key.clone()],
        None => keys(db).await?,
    };
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let (from, until) = (RequestId::first_of(closes.from.start(db.zone())), RequestId::first_of(closes.until.start(db.zone())));
    let mut rows = db.read(&SOME, values![crate::ids(&keys), from, until, many + 1]).await?;
    Ok(rows.first_mut().map(Row::int).transpose()?.unwrap_or_default() > many)
}

/// Counts these closes; by label if `split`.
async fn count(db: &Db, closes: &Closes, split: bool) -> Result<Counted, StoreError> {
    let keys = match &closes.label {
        Some(label) if !split => vec![label.key.clone()],
        _ => keys(db).await?,
    };
    let mut counted = Counted::default();
    // If no close has any label, no rows are read.
    let stretches = closes.from.stretches(closes.until, DAYS).filter(|_| !keys.is_empty());
    let mut read = stream::iter(stretches.map(|(from, until)| read(db, closes, &keys, split, (from, until)))).buffered(AT_ONCE);
    while let Some(more) = read.try_next().await? {
        counted.join(more);
    }
    if split {
        with_rest(counted.0.entry(View::Label).or_default());
    }
    Ok(counted)
}

async fn read(db: &Db, closes: &Closes, keys: &[String], split: bool, (from, until): (Day, Day)) -> Result<Counted, StoreError> {
    static ROWS: Sql = Sql::made(|| {
        format!(
            "SELECT l.key, l.value, l.counts, {RAW} FROM close_label l \
             LEFT JOIN rating_request q ON q.id = CASE WHEN COALESCE(l.counts, '{UNREADABLE}') = '{UNREADABLE}' THEN l.request_id END \
             LEFT JOIN rating t ON t.request_id = q.id LEFT JOIN supervisor_score s ON s.request_id = q.id \
             WHERE l.key {{among $1}} AND l.request_id >= $2 AND l.request_id < $3 AND ($4 = '{ANY}' OR l.value = $4) \
             AND ($5 = '{ANY}' OR EXISTS (SELECT 1 FROM close_label f WHERE f.key = $5 AND f.request_id = l.request_id \
             AND ($6 = '{ANY}' OR f.value = $6)))"
        )
    });
    fn text<T: AsRef<str>>(text: Option<&T>) -> &str {
        text.map_or(ANY, AsRef::as_ref)
    }
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let zone = db.zone();
    let (key, value) =
        (text(closes.label.as_ref().map(|label| &label.key)), text(closes.label.as_ref().and_then(|label| label.value.as_ref())));
    // A report of one label reads its rows alone; of one that is split, those of all labels of closes that have it.
    let (own, key, value) = if split { (ANY, key, value) } else { (value, ANY, ANY) };
    let (from, until) = (RequestId::first_of(from.start(zone)), RequestId::first_of(until.start(zone)));
    let values = values![crate::ids(&keys), from, until, own, key, value];
    let views: &[View] = if split { &[View::Label] } else { &[View::Line, View::Operator, View::Channel, View::Day, View::Hour] };
    let wanted = Closes { memo: Memo::default(), ..closes.clone() };
    let take = move |counted: &mut Counted, row: &mut LentRow<'_, '_>| {
        let (key, value) = (row.text()?, row.text()?);
        let label = if split { group(key, value) } else { String::new() };
        let close = match row.text_or_null()?.filter(|counts| *counts != UNREADABLE) {
            Some(counts) => label_counts::read(counts)?,
            None => read_close(row)?,
        };
        if wanted.has(&close.scope) {
            counted.take(views, &label, &close, wanted.operator.as_ref(), zone);
        }
        Ok(())
    };
    db.fold(&ROWS, values, Counted::default(), take).await
}

/// Merges the rarer values of each field into one group, whose name ends with the colon.
fn with_rest(groups: &mut HashMap<String, BTreeMap<Cell, Sums>>) {
    let mut values: BTreeMap<String, Vec<(Reverse<i64>, String)>> = BTreeMap::new();
    for (label, cells) in groups.iter() {
        if let Some((key, _)) = label.split_once(':') {
            let closes = cells.values().map(|sums| sums.counts[Measure::Closes]).sum::<i64>();
            values.entry(key.to_owned()).or_default().push((Reverse(closes), label.clone()));
        }
    }
    for (key, mut all) in values.into_iter().filter(|(_, all)| all.len() > VALUES_SHOWN) {
        all.sort();
        for (_, label) in all.drain(VALUES_SHOWN..) {
            let cells = groups.remove(&label).unwrap_or_default();
            let rest = groups.entry(format!("{key}:")).or_default();
            for (cell, sums) in cells {
                rest.entry(cell).or_default().add(&sums.counts, sums.reasons);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lastword_domain::report::period::Period;
    use lastword_domain::session::label::LabelIs;

    #[test]
    fn questions_about_the_same_closes_share_what_was_read() {
        let closes = Closes { label: LabelIs::parse("vip"), ..Closes::of(Period { from: Day(10), until: Day(20) }) };
        let then = Closes { from: Day(0), until: Day(10), ..closes.clone() };
        let place = |closes: &Closes, split| closes.memo.of(closes, split);
        let first = place(&closes, false);
        assert!(Arc::ptr_eq(&first, &place(&closes.clone(), false)), "of the same answer");
        assert!(!Arc::ptr_eq(&first, &place(&then, false)), "of other days");
        assert!(!Arc::ptr_eq(&first, &place(&closes, true)), "split by label");
        let narrower = Closes { line: Some("sales".into()), ..closes.clone() };
        assert!(!Arc::ptr_eq(&first, &place(&narrower, false)), "of one line");
        let another = Closes { memo: Memo::default(), ..closes.clone() };
        assert!(another == closes && !Arc::ptr_eq(&first, &place(&another, false)), "another answer reads anew");
    }
}
