//! Cells of the counters: the content of one roll-up and period, read, added to and written back as a whole. Writers hold the
//! roll-up lock (the row of `counter_state`), so there is only one at a time.

use crate::sql::Sql;
use crate::{Row, StoreError, Tx, document, json, values};
use lastword_base::names::{LineId, OperatorId};
use lastword_domain::answer::rating::Scale;
use lastword_domain::report::calendar::{Day, Grain};
use lastword_domain::report::counter::{Cell, Counts, Measure, OF_OPERATOR};
use lastword_domain::report::roll_up::RollUp;
use lastword_domain::session::HandledBy;
use serde::Serialize;
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;

/// Maximum number of cells per statement: all their texts are in memory at the same time.
const WRITTEN_MAX: usize = 4_000;

/// Position of a cell. Dimensions that the roll-up does not distinguish are empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The roll-up.
    pub roll_up: RollUp,
    /// Day, month or year.
    pub grain: Grain,
    /// Number of the period since 1970.
    pub period: i64,
    /// The line.
    pub line_id: LineId,
    /// The operator.
    pub operator_id: OperatorId,
    /// The kind of channel.
    pub channel: String,
}

/// The numbers stored by hour, in their order.
pub(crate) const BY_HOUR: [&str; 8] =
    ["closes", "delivered", "answered", "rated, not voided", "good, not voided", "bad, not voided", "over", "answered and over"];

/// The numbers of [`BY_HOUR`] for closes of one hour.
pub(crate) fn by_hour(counts: &Counts) -> [i64; BY_HOUR.len()] {
    let rated = counts[Measure::Answered] - counts.voided_scores().iter().sum::<i64>();
    let (good, bad) = (counts[Measure::Good] - counts[Measure::VoidGood], counts[Measure::Bad] - counts[Measure::VoidBad]);
    let (answered, over) = counts.over();
    [counts[Measure::Closes], counts[Measure::Delivered], counts[Measure::Answered], rated, good, bad, over, answered]
}

/// The same in SQL, from the columns of differences that are not added yet.
pub(crate) const PENDING_BY_HOUR: &str = "closes, delivered, answered, answered - void_0 - void_1 - void_2 - void_3 - void_4 - void_5, \
     good - void_good, bad - void_bad, delivered - delivered_runs, answered - answered_runs";

/// Name of a slice, which every cell distinguishes: the scale, and who handled the sessions.
pub(crate) fn slice(scale: &str, handled_by: HandledBy) -> String {
    format!("{scale}/{handled_by}")
}

/// Parses [`slice`].
pub(crate) fn parse_slice(word: &str) -> Result<(Scale, HandledBy), StoreError> {
    let parts = word.split_once('/').and_then(|(scale, handled_by)| Some((Scale::parse(scale)?, HandledBy::parse(handled_by)?)));
    parts.ok_or_else(|| StoreError::Inconsistent { table: "counter", column: "counts", found: word.to_owned() })
}

/// Counts, by [`slice`]. Boxed, because a map allocates room for more of them than there are slices.
pub type Counted = BTreeMap<String, Box<Counts>>;
/// The reasons of a slice: kind, reason, number.
type SliceReasons = BTreeMap<String, BTreeMap<String, i64>>;
/// The hours of a slice: hours of the week from Monday 0:00, with the numbers stored by hour.
pub(crate) type SliceHours = BTreeMap<i64, [i64; BY_HOUR.len()]>;
/// Reasons, by [`slice`].
pub type Reasons = BTreeMap<String, SliceReasons>;
/// Hours, by [`slice`].
pub type Hours = BTreeMap<String, SliceHours>;

/// The parts of a cell. Each has a table of its own: most reports need only counts, which are a third of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    /// All counts.
    Counts,
    /// Reasons with their numbers.
    Reasons,
    /// Numbers by hour of the week; years have none.
    Hours,
}

impl Body {
    /// All parts.
    pub(crate) const ALL: [Self; 3] = [Body::Counts, Body::Reasons, Body::Hours];

    /// Its table.
    pub(crate) fn table(self) -> &'static str {
        match self {
            Body::Counts => "counter",
            Body::Reasons => "counter_reason",
            Body::Hours => "counter_hour",
        }
    }

    /// Its column.
    pub(crate) fn column(self) -> &'static str {
        match self {
            Body::Counts => "counts",
            Body::Reasons => "reasons",
            Body::Hours => "hours",
        }
    }

    /// True if a cell has any of it.
    fn is_in(self, sums: &Sums) -> bool {
        match self {
            Body::Counts => !sums.counts.is_empty(),
            Body::Reasons => !sums.reasons.is_empty(),
            Body::Hours => !sums.hours.is_empty(),
        }
    }

    /// Its content in a cell, as stored.
    fn kept(self, sums: &Sums) -> String {
        match self {
            Body::Counts => json(&sums.counts.iter().map(|(slice, counts)| (slice, trimmed(counts))).collect::<BTreeMap<_, _>>()),
            Body::Reasons => json(&sums.reasons),
            Body::Hours => json(&sums.hours),
        }
    }

    /// Parses [`Body::kept`].
    fn read(self, kept: &str) -> Result<Sums, StoreError> {
        let (table, column) = (self.table(), self.column());
        let mut sums = Sums::default();
        match self {
            Body::Counts => {
                let counts: BTreeMap<String, KeptCounts> = document(table, column, kept)?;
                sums.counts = counts.into_iter().map(|(slice, KeptCounts(counts))| (slice, Box::new(counts))).collect();
            }
            Body::Reasons => sums.reasons = document(table, column, kept)?,
            Body::Hours => sums.hours = document(table, column, kept)?,
        }
        Ok(sums)
    }
}

/// Content of a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// All counts.
    pub counts: Counted,
    /// Reasons why closes were not asked about, canceled or unreachable.
    pub reasons: Reasons,
    /// By weekday and hour; years have none.
    pub hours: Hours,
}

impl Sums {
    /// Adds `other`, `times` times.
    pub fn add(&mut self, other: &Sums, times: i64) {
        for (slice, counts) in &other.counts {
            entry(&mut self.counts, slice).add(counts, times);
        }
        for (slice, outcomes) in &other.reasons {
            for (outcome, reasons) in outcomes {
                for (reason, n) in reasons {
                    *entry(entry(entry(&mut self.reasons, slice), outcome), reason) += n * times;
                }
            }
        }
        for (slice, hours) in &other.hours {
            let mine = entry(&mut self.hours, slice);
            for (hour, all) in hours {
                mine.entry(*hour).or_default().iter_mut().zip(all).for_each(|(mine, count)| *mine += count * times);
            }
        }
    }

    /// Drops zeros.
    fn settle(&mut self) {
        self.counts.retain(|_, counts| !counts.is_zero());
        self.reasons.retain(|_, outcomes| {
            outcomes.retain(|_, reasons| {
                reasons.retain(|_, n| *n != 0);
                !reasons.is_empty()
            });
            !outcomes.is_empty()
        });
        self.hours.retain(|_, hours| {
            hours.retain(|_, all| all.iter().any(|&count| count != 0));
            !hours.is_empty()
        });
    }

    fn is_empty(&self) -> bool {
        !Body::ALL.iter().any(|body| body.is_in(self))
    }
}

/// The entry of a key, without copying the key if it exists.
pub(crate) fn entry<'m, T: Default>(map: &'m mut BTreeMap<String, T>, word: &str) -> &'m mut T {
    if !map.contains_key(word) {
        map.insert(word.to_owned(), T::default());
    }
    map.get_mut(word).unwrap_or_else(|| unreachable!("it was put there"))
}

/// Cells, or differences of cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells(pub BTreeMap<Key, Sums>);

impl Cells {
    /// Adds the content of one cell of changes, `times` times, to the finest roll-up of its day.
    pub fn add(&mut self, cell: &Cell, n: i64, counts: &Counts, times: i64) {
        let key = Key {
            roll_up: RollUp::finest(cell.whose == OF_OPERATOR),
            grain: Grain::Day,
            period: cell.day,
            line_id: cell.line_id.clone(),
            operator_id: cell.operator_id.clone(),
            channel: cell.channel.clone(),
        };
        let (sums, slice) = (self.0.entry(key).or_default(), slice(&cell.scale, cell.handled_by));
        if !cell.reason_of.is_empty() {
            *entry(entry(entry(&mut sums.reasons, &slice), cell.reason_of), &cell.reason) += n * times;
            return;
        }
        let hour = entry(&mut sums.hours, &slice).entry(Day(cell.day).weekday() * 24 + cell.hour).or_default();
        for (mine, count) in hour.iter_mut().zip(by_hour(counts)) {
            *mine += count * times;
        }
        entry(&mut sums.counts, &slice).add(counts, times);
    }

    /// The same in another roll-up, and in these grains.
    pub fn rolled_up(&self, roll_up: RollUp, grains: &[Grain]) -> Self {
        let mut all = Self::default();
        fn text<T: Clone + Default>(kept: bool, text: &T) -> T {
            if kept { text.clone() } else { T::default() }
        }
        for (finest, sums) in self.0.iter().filter(|(finest, _)| finest.roll_up.operator == roll_up.operator) {
            for &grain in grains {
                let key = Key {
                    roll_up,
                    grain,
                    period: grain.holding(Day(finest.period)),
                    line_id: text(roll_up.line, &finest.line_id),
                    operator_id: text(roll_up.operator, &finest.operator_id),
                    channel: text(roll_up.channel, &finest.channel),
                };
                all.0.entry(key).or_default().add(sums, 1);
            }
        }
        all
    }

    /// Adds the content of one cell, `times` times.
    pub fn add_sums(&mut self, key: Key, sums: &Sums, times: i64) {
        self.0.entry(key).or_default().add(sums, times);
    }

    /// Drops zeros; years have no hours.
    pub fn settle(&mut self) {
        self.0.retain(|key, sums| {
            if key.grain == Grain::Year {
                sums.hours.clear();
            }
            sums.settle();
            !sums.is_empty()
        });
    }

    /// True if there is no content.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Adds cells of the finest roll-ups and of days to all counters: one roll-up after another, to limit memory. The caller holds the
/// roll-up lock (the row of `counter_state`).
pub(crate) async fn add_everywhere(tx: &mut Tx, finest: &Cells) -> Result<(), StoreError> {
    for roll_up in RollUp::ALL {
        add_up(tx, finest.rolled_up(roll_up, &Grain::ALL)).await?;
    }
    Ok(())
}

/// Adds to the counters. The caller holds the roll-up lock (the row of `counter_state`).
pub(crate) async fn add_up(tx: &mut Tx, mut cells: Cells) -> Result<(), StoreError> {
    cells.settle();
    let mut cells: Vec<(Key, Sums)> = cells.0.into_iter().collect();
    for some in cells.chunks_mut(WRITTEN_MAX) {
        write(tx, some).await?;
    }
    Ok(())
}

/// Position of a cell, as a parameter of statements.
#[derive(Serialize)]
struct CellKey<'a> {
    n: i64,
    roll_up: &'static str,
    grain: &'static str,
    line_id: &'a LineId,
    operator_id: &'a OperatorId,
    channel: &'a str,
    period: i64,
}

fn place(n: i64, key: &Key) -> CellKey<'_> {
    let Key { roll_up, grain, period, line_id, operator_id, channel } = key;
    CellKey { n, roll_up: roll_up.as_str(), grain: grain.as_str(), line_id, operator_id, channel, period: *period }
}

const PLACE: &str = "roll_up text, grain text, line_id text, operator_id text, channel text, period int";

/// The statement that finds these parts of cells. It makes the planner start with the few positions.
fn finding(body: Body) -> String {
    let (table, column) = (body.table(), body.column());
    format!(
        "SELECT r.n, c.{column} FROM {{rows $1 r: n int, {PLACE}}} CROSS JOIN {table} c WHERE c.roll_up = r.roll_up AND c.grain = r.grain \
         AND c.line_id = r.line_id AND c.operator_id = r.operator_id AND c.channel = r.channel AND c.period = r.period"
    )
}

/// The statement that writes them.
fn writing(body: Body) -> String {
    let (table, column) = (body.table(), body.column());
    format!(
        "INSERT INTO {table} (roll_up, grain, line_id, operator_id, channel, period, {column}) \
         SELECT r.roll_up, r.grain, r.line_id, r.operator_id, r.channel, r.period, r.kept FROM {{rows $1 r: {PLACE}, kept text}} WHERE true \
         ON CONFLICT (roll_up, grain, line_id, operator_id, channel, period) DO UPDATE SET {column} = excluded.{column}"
    )
}

/// Adds the stored content to these cells, and writes them.
async fn write(tx: &mut Tx, cells: &mut [(Key, Sums)]) -> Result<(), StoreError> {
    static FIND: [Sql; 3] = [Sql::made(|| finding(Body::Counts)), Sql::made(|| finding(Body::Reasons)), Sql::made(|| finding(Body::Hours))];
    static WRITE: [Sql; 3] =
        [Sql::made(|| writing(Body::Counts)), Sql::made(|| writing(Body::Reasons)), Sql::made(|| writing(Body::Hours))];
    for ((body, find), write) in Body::ALL.into_iter().zip(&FIND).zip(&WRITE) {
        let mut differ: Vec<&mut (Key, Sums)> = cells.iter_mut().filter(|(_, sums)| body.is_in(sums)).collect();
        if differ.is_empty() {
            continue;
        }
        let places: Vec<CellKey<'_>> = (0..).zip(&differ).map(|(n, (key, _))| place(n, key)).collect();
        for row in &mut tx.fetch(find, values![crate::rows(&places)]).await? {
            let n = usize::try_from(row.int()?).unwrap_or(usize::MAX);
            let found = body.read(&row.text()?)?;
            if let Some((_, sums)) = differ.get_mut(n) {
                sums.add(&found, 1);
                sums.settle();
            }
        }
        let written = differ.iter().map(|(key, sums)| Written { place: place(0, key), kept: body.kept(sums) });
        tx.execute(write, values![crate::rows(&written.collect::<Vec<_>>())]).await?;
    }
    Ok(())
}

/// A part of a cell to write.
#[derive(Serialize)]
struct Written<'a> {
    #[serde(flatten)]
    place: CellKey<'a>,
    kept: String,
}

/// Counts as stored: in the order of their measures, without trailing zeros.
pub(crate) fn trimmed(counts: &Counts) -> &[i64] {
    let end = counts.0.iter().rposition(|&count| count != 0).map_or(0, |last| last + 1);
    &counts.0[..end]
}

/// The counts of a slice, as stored: in the order of their measures, without trailing zeros.
pub(crate) struct KeptCounts(pub(crate) Counts);

impl<'de> Deserialize<'de> for KeptCounts {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut counts = Counts::default();
        // Measures unknown to this version are ignored.
        each_count(from, |place, count| counts.0.get_mut(place).into_iter().for_each(|kept| *kept = count))?;
        Ok(Self(counts))
    }
}

/// Parses the stored counts of a slice. `each` is called with the index of a measure, and its count.
pub(crate) fn each_count<'de, D: Deserializer<'de>>(from: D, each: impl FnMut(usize, i64)) -> Result<(), D::Error> {
    struct Places<F>(F);
    impl<'de, F: FnMut(usize, i64)> Visitor<'de> for Places<F> {
        type Value = ();

        fn expecting(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
            text.write_str("counts in the order of their measures")
        }

        fn visit_seq<S: SeqAccess<'de>>(mut self, mut seq: S) -> Result<(), S::Error> {
            for place in 0.. {
                let Some(count) = seq.next_element()? else { break };
                self.0(place, count);
            }
            Ok(())
        }
    }
    from.deserialize_seq(Places(each))
}

/// Cells with all their parts, each part in a row of its own: position, counts, reasons, hours; empty if they are in other rows.
/// `which` selects the cells, by the columns of their position.
pub(crate) fn cells(which: &str) -> String {
    let part = |body: Body| {
        let parts = Body::ALL.map(|other| if other == body { body.column() } else { "''" }).join(", ");
        format!("SELECT roll_up, grain, line_id, operator_id, channel, period, {parts} FROM {} WHERE {which}", body.table())
    };
    Body::ALL.map(part).join(" UNION ALL ")
}

/// Content of a cell in a row of [`cells`].
pub(crate) fn read_sums(row: &mut Row) -> Result<Sums, StoreError> {
    let mut sums = Sums::default();
    for body in Body::ALL {
        let kept = row.text()?;
        if !kept.is_empty() {
            sums.add(&body.read(&kept)?, 1);
        }
    }
    Ok(sums)
}

/// Position of a cell: roll-up, grain, line, operator, channel, period.
pub(crate) fn read_key(row: &mut Row) -> Result<Key, StoreError> {
    let bad = |column: &'static str, found: String| StoreError::Inconsistent { table: "counter", column, found };
    let (roll_up, grain) = (row.text()?, row.text()?);
    Ok(Key {
        roll_up: RollUp::parse(&roll_up).ok_or_else(|| bad("roll_up", roll_up))?,
        grain: Grain::parse(&grain).ok_or_else(|| bad("grain", grain))?,
        line_id: row.name()?,
        operator_id: row.name()?,
        channel: row.text()?,
        period: row.int()?,
    })
}
