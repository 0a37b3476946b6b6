//! Shares that are watched, one row for each line, channel and kind; and what a baseline is learnt from.

use crate::sql::{Sql, Statement};
use crate::table::table;
use crate::values;
use crate::{Db, Millis, Row, StoreError, Tx};
use lastword_base::id::first_of;
use lastword_domain::answer::rating::Scale;
use lastword_domain::line::LineSettings;
use lastword_domain::report::stats::alarm::Plan;
use lastword_domain::report::watch::{CASES_MAX, Case, Run, WEEK, Watched, matures_after};
use serde::Serialize;
use std::collections::BTreeMap;

/// So many cases of a line are read for its baselines, over all channels: the newest.
const READ_MAX: i64 = 4 * CASES_MAX as i64;

table! {
    /// A watched share.
    #[derive(Clone, Debug, Default, PartialEq, Serialize)]
    pub struct ShareWatch = columns!(share_watch w) {
        /// The line.
        line_id: String,
        /// The kind of channel; empty where it is not known.
        channel: String,
        /// Which share.
        kind: Watched,
        /// The sum of the settings under which the baseline was learnt.
        basis: String,
        /// Those settings hold since then.
        since: Millis,
        /// When a baseline was learnt, or too little for one was found.
        looked_at: Millis,
        /// Of how many clients it was learnt.
        clients: i64,
        /// Of how many cases.
        cases: i64,
        /// How many of them were bad.
        bad: i64,
        /// The number of days that the cases are on.
        days: i64,
        /// None: too little for a baseline, so that nothing is watched.
        learnt_at: Option<Millis>,
        /// The share of bad cases that counts as usual, in millionths.
        usual: i64,
        /// The lower end of its interval, in millionths.
        usual_low: i64,
        /// What a bad case adds.
        adds: i64,
        /// What another one takes off.
        takes: i64,
        /// Where the alarm is.
        sum_limit: i64,
        /// Minimum of cases between two false alarms, on average.
        promise: i64,
        /// Maximum of watched shares in the installation for which the promise holds.
        shares: i64,
        /// The sum.
        sum: i64,
        /// Since when it is above nothing.
        run_from: Option<Millis>,
        /// The cases since.
        run_cases: i64,
        /// How many of them were bad.
        run_bad: i64,
        /// The alarm that stands.
        alarm_id: Option<String>,
        /// Of questions that mature: rating requests up to this one were heard.
        read_to: String,
        /// When they are looked at next.
        next_at: Option<Millis>,
    }
}

impl ShareWatch {
    /// How cases are added up; none where nothing is watched.
    pub fn plan(&self) -> Option<Plan> {
        self.learnt_at.map(|_| Plan { adds: self.adds, takes: self.takes, limit: self.sum_limit })
    }

    /// How far it has come.
    pub fn run(&self) -> Run {
        Run { sum: self.sum, alarmed: self.alarm_id.is_some(), from: self.run_from, cases: self.run_cases, bad: self.run_bad }
    }

    /// It has come so far.
    pub fn keep(&mut self, run: Run) {
        (self.sum, self.run_from, self.run_cases, self.run_bad) = (run.sum, run.from, run.cases, run.bad);
    }
}

/// Which watched share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Key {
    /// The line.
    pub line_id: String,
    /// The kind of channel.
    pub channel: String,
    /// Which share.
    pub kind: Watched,
}

/// Those of these shares that have a baseline, held until the end of the transaction.
///
/// # Errors
/// The database's error.
pub async fn hold(tx: &mut Tx, keys: &[Key]) -> Result<Vec<ShareWatch>, StoreError> {
    static HOLD: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM {rows $1 r: line_id text, channel text, kind text} JOIN share_watch w ON w.line_id = r.line_id AND w.channel = r.channel \
         AND w.kind = r.kind WHERE w.learnt_at IS NOT NULL ORDER BY w.line_id, w.channel, w.kind {lock OF w}"
    ));
    tx.fetch(&HOLD, values![crate::rows(keys)]).await?.iter_mut().map(ShareWatch::read).collect()
}

/// All watched shares of a line, held until the end of the transaction.
///
/// # Errors
/// The database's error.
pub async fn hold_line(tx: &mut Tx, line: &str) -> Result<Vec<ShareWatch>, StoreError> {
    static HOLD: Sql =
        Sql::new(concat!("SELECT ", columns!(), " FROM share_watch w WHERE w.line_id = $1 ORDER BY w.line_id, w.channel, w.kind {lock}"));
    tx.fetch(&HOLD, values![line]).await?.iter_mut().map(ShareWatch::read).collect()
}

/// All watched shares of a line, or of all lines, by line, channel and kind.
///
/// # Errors
/// The database's error.
pub async fn all(db: &Db, line: Option<&str>) -> Result<Vec<ShareWatch>, StoreError> {
    static ALL: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM share_watch w WHERE $1 = '' OR w.line_id = $1 ORDER BY w.line_id, w.channel, w.kind"
    ));
    db.read(&ALL, values![line.unwrap_or_default()]).await?.iter_mut().map(ShareWatch::read).collect()
}

/// The number of watched shares of other lines.
///
/// # Errors
/// The database's error.
pub async fn watched_elsewhere(db: &Db, line: &str) -> Result<i64, StoreError> {
    static ELSEWHERE: Sql = Sql::new("SELECT count(*) FROM share_watch WHERE learnt_at IS NOT NULL AND line_id <> $1");
    db.read(&ELSEWHERE, values![line]).await?.first_mut().map_or(Ok(0), Row::int)
}

/// Writes these rows, each of which this transaction holds or makes.
///
/// # Errors
/// The database's error.
pub async fn write(tx: &mut Tx, watches: &[ShareWatch]) -> Result<(), StoreError> {
    static WRITE: Sql = Sql::new(concat!(
        columns!(insert),
        " WHERE true ON CONFLICT (line_id, channel, kind) DO UPDATE SET basis = excluded.basis, since = excluded.since, \
         looked_at = excluded.looked_at, clients = excluded.clients, cases = excluded.cases, bad = excluded.bad, days = excluded.days, \
         learnt_at = excluded.learnt_at, usual = excluded.usual, usual_low = excluded.usual_low, shares = excluded.shares, adds = excluded.adds, takes = excluded.takes, \
         sum_limit = excluded.sum_limit, promise = excluded.promise, sum = excluded.sum, run_from = excluded.run_from, \
         run_cases = excluded.run_cases, run_bad = excluded.run_bad, alarm_id = excluded.alarm_id, \
         read_to = excluded.read_to, next_at = excluded.next_at"
    ));
    if watches.is_empty() {
        return Ok(());
    }
    tx.execute(&WRITE, values![crate::rows(watches)]).await.map(drop)
}

/// Nothing of a line is watched any more: it is deleted.
pub(crate) fn delete_statements(line: &str) -> [Statement; 3] {
    static WATCHES: Sql = Sql::new("DELETE FROM share_watch WHERE line_id = $1");
    static LOOK: Sql = Sql::new("DELETE FROM share_look WHERE line_id = $1");
    static ALARMS: Sql = Sql::new("DELETE FROM share_alarm WHERE line_id = $1");
    [&WATCHES, &LOOK, &ALARMS].map(|sql| Statement::new(sql, values![line]))
}

// A client has few closes, a line has them all: whatever hides the line from indexes has these begin at the client.

/// Whether the client of a rating gave another one on this line and channel before it in the same week.
macro_rules! not_the_first {
    () => {
        "EXISTS (SELECT 1 FROM rating_request o JOIN rating u ON u.request_id = o.id WHERE o.client_id = q.client_id \
         AND COALESCE(o.line_id, '') = q.line_id AND COALESCE(o.channel, '') = COALESCE(q.channel, '') AND o.again_of IS NULL AND u.voided_at IS NULL \
         AND (u.first_at < t.first_at OR (u.first_at = t.first_at AND u.request_id < t.request_id)) \
         AND u.first_at >= t.first_at - t.first_at % $2)"
    };
}

/// Whether the client of a question that arrived had another one on this line and channel before it in the same week.
macro_rules! not_the_first_question {
    () => {
        "EXISTS (SELECT 1 FROM rating_request o WHERE o.client_id = q.client_id AND COALESCE(o.line_id, '') = q.line_id \
         AND COALESCE(o.channel, '') = COALESCE(q.channel, '') AND o.again_of IS NULL AND o.due_at IS NOT NULL AND o.delivered_at IS NOT NULL \
         AND o.id < q.id AND o.closed_at >= q.closed_at - q.closed_at % $2)"
    };
}

/// Those of these rating requests whose client had given a rating on the same line and channel in the same week.
///
/// # Errors
/// The database's error.
pub async fn repeated(tx: &mut Tx, requests: &[&str]) -> Result<Vec<String>, StoreError> {
    static REPEATED: Sql = Sql::new(concat!(
        "SELECT q.id FROM rating_request q JOIN rating t ON t.request_id = q.id WHERE q.id {among $1} AND ",
        not_the_first!(),
        " ORDER BY q.id"
    ));
    tx.fetch(&REPEATED, values![crate::ids(requests), WEEK]).await?.iter_mut().map(Row::text).collect()
}

/// The cases of a line by channel, oldest first: closed at or after `since`, the newest of them.
///
/// # Errors
/// The database's error.
pub async fn cases(
    db: &Db,
    kind: Watched,
    line: (&str, &LineSettings),
    since: Millis,
    now: Millis,
) -> Result<BTreeMap<String, Vec<Case>>, StoreError> {
    // A client who was erased, or was never known, is nobody but this close's.
    static SCORES: Sql = Sql::new(concat!(
        "SELECT COALESCE(q.channel, ''), COALESCE(q.client_id, q.id), t.first_at, t.low FROM rating t JOIN rating_request q ON q.id = t.request_id \
         WHERE t.line_id = $1 AND t.request_id >= $3 AND t.request_id < $4 AND t.voided_at IS NULL AND q.again_of IS NULL AND q.scale = $6 AND NOT ",
        not_the_first!(),
        " ORDER BY t.request_id DESC LIMIT $5"
    ));
    static RESPONSES: Sql = Sql::new(concat!(
        "SELECT COALESCE(q.channel, ''), COALESCE(q.client_id, q.id), q.closed_at, \
         CASE WHEN q.outcome = 'answered' AND q.decided_at <= q.closed_at + $6 THEN 0 ELSE 1 END FROM rating_request q \
         WHERE q.line_id = $1 AND q.id >= $3 AND q.id < $4 AND q.due_at IS NOT NULL AND q.delivered_at IS NOT NULL \
         AND q.again_of IS NULL AND NOT ",
        not_the_first_question!(),
        " ORDER BY q.id DESC LIMIT $5"
    ));
    static DELIVERIES: Sql = Sql::new(
        "SELECT COALESCE(q.channel, ''), q.id, q.closed_at, CASE WHEN q.delivered_at IS NULL THEN 1 ELSE 0 END FROM rating_request q \
         WHERE q.line_id = $1 AND q.id >= $2 AND q.id < $3 AND q.due_at IS NOT NULL AND q.again_of IS NULL \
         AND (q.delivered_at IS NOT NULL OR q.outcome = 'unreachable') ORDER BY q.id DESC LIMIT $4",
    );
    let (id, settings) = line;
    let scale: Scale = settings.scale;
    let (first, after, matures) = (first_of(since), first_of(now + 1), matures_after(settings));
    let mut rows = match kind {
        Watched::Score => db.read(&SCORES, values![id, WEEK, first, after, READ_MAX, scale]).await?,
        Watched::Response => db.read(&RESPONSES, values![id, WEEK, first, first_of(now - matures + 1), READ_MAX, matures]).await?,
        Watched::Delivery => db.read(&DELIVERIES, values![id, first, after, READ_MAX]).await?,
    };
    let mut found: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for row in rows.iter_mut().rev() {
        let channel = row.text()?;
        found.entry(channel).or_default().push(Case { client: row.text()?, at: row.int()?, bad: row.int()? == 1 });
    }
    Ok(found)
}

/// A question that is mature.
#[derive(Clone, Debug)]
pub struct Matured {
    /// The rating request.
    pub id: String,
    /// When its session was closed.
    pub closed_at: Millis,
    /// It was not answered in time.
    pub bad: bool,
    /// It is the first of its client in its week, and arrived.
    pub is_case: bool,
}

/// Questions behind `watch` that are mature now, the oldest first, at most `limit`.
///
/// # Errors
/// The database's error.
pub async fn matured(
    tx: &mut Tx,
    watch: &ShareWatch,
    settings: &LineSettings,
    now: Millis,
    limit: i64,
) -> Result<Vec<Matured>, StoreError> {
    static MATURED: Sql = Sql::new(concat!(
        "SELECT q.id, q.closed_at, CASE WHEN q.outcome = 'answered' AND q.decided_at <= q.closed_at + $6 THEN 0 ELSE 1 END, \
         CASE WHEN ",
        not_the_first_question!(),
        " THEN 0 ELSE 1 END FROM rating_request q WHERE q.line_id = $1 AND COALESCE(q.channel, '') = $3 \
         AND q.id > $4 AND q.id < $5 AND q.due_at IS NOT NULL AND q.delivered_at IS NOT NULL AND q.again_of IS NULL ORDER BY q.id LIMIT $7"
    ));
    let matures = matures_after(settings);
    let values = values![&watch.line_id, WEEK, &watch.channel, &watch.read_to, first_of(now - matures + 1), matures, limit];
    let read = |row: &mut Row| Ok(Matured { id: row.text()?, closed_at: row.int()?, bad: row.int()? == 1, is_case: row.int()? == 1 });
    tx.fetch(&MATURED, values).await?.iter_mut().map(read).collect()
}

/// Watched shares of responses whose questions are to be looked at now, held until the end of the transaction.
///
/// # Errors
/// The database's error.
pub async fn due(tx: &mut Tx, now: Millis, limit: i64) -> Result<Vec<ShareWatch>, StoreError> {
    static DUE: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM share_watch w WHERE w.learnt_at IS NOT NULL AND w.next_at <= $1 ORDER BY w.line_id, w.channel, w.kind LIMIT $2 {lock skip}"
    ));
    tx.fetch(&DUE, values![now, limit]).await?.iter_mut().map(ShareWatch::read).collect()
}

/// The line that is to be looked at next for what is usual on it: whose settings changed, or which was not looked at since
/// `before`. Whoever gets it has the turn.
///
/// # Errors
/// The database's error.
pub async fn take_turn(tx: &mut Tx, before: Millis, now: Millis) -> Result<Option<String>, StoreError> {
    static NEXT: Sql = Sql::new(
        "SELECT l.id, l.version FROM line l LEFT JOIN share_look k ON k.line_id = l.id WHERE l.archived_at IS NULL \
         AND (k.line_id IS NULL OR k.version <> l.version OR k.looked_at <= $1) ORDER BY COALESCE(k.looked_at, 0), l.id LIMIT 1",
    );
    static TURN: Sql = Sql::new(
        "INSERT INTO share_look AS k (line_id, version, looked_at) VALUES ($1, $2, $3) ON CONFLICT (line_id) DO UPDATE SET \
         version = excluded.version, looked_at = excluded.looked_at WHERE k.version <> excluded.version OR k.looked_at <= $4",
    );
    let mut rows = tx.fetch(&NEXT, values![before]).await?;
    let Some(row) = rows.first_mut() else { return Ok(None) };
    let (line, version) = (row.text()?, row.int()?);
    let taken = tx.execute(&TURN, values![line.as_str(), version, now, before]).await?;
    Ok(Some(line).filter(|_| taken == 1))
}
