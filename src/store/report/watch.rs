//! Watched shares, one row for each line, channel and kind; and the cases for their baselines.

use crate::sql::table::table;
use crate::sql::{Sql, Statement};
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::{AlarmId, LineId, RequestId};
use lastword_domain::answer::rating::Scale;
use lastword_domain::line::LineSettings;
use lastword_domain::report::stats::alarm::Plan;
use lastword_domain::report::watch::{CASES_MAX, Case, Run, WEEK, Watched, matures_after};
use serde::Serialize;
use std::collections::BTreeMap;

/// Maximum number of cases of a line that are read for its baselines, over all channels: the newest.
const READ_MAX: i64 = 4 * CASES_MAX as i64;

table! {
    /// A watched share.
    #[derive(Clone, Debug, Default, PartialEq, Serialize)]
    pub struct ShareWatch = columns!(share_watch w) {
        /// The line.
        line_id: LineId,
        /// The kind of channel; empty if unknown.
        channel: String,
        /// The share.
        kind: Watched,
        /// Hash of the settings under which the baseline was learned.
        basis: String,
        /// Start of these settings.
        since: Millis,
        /// Time when a baseline was learned, or too few cases were found for one.
        looked_at: Millis,
        /// Number of its clients.
        clients: i64,
        /// Number of its cases.
        cases: i64,
        /// Number of bad cases among them.
        bad: i64,
        /// Number of days with cases.
        days: i64,
        /// Time when the baseline was learned. `None`: too few cases for a baseline, so the share is not watched.
        learnt_at: Option<Millis>,
        /// The normal share of bad cases, in millionths.
        usual: i64,
        /// Lower bound of its interval, in millionths.
        usual_low: i64,
        /// Added by a bad case.
        adds: i64,
        /// Subtracted by any other case.
        takes: i64,
        /// Limit of the alarm.
        sum_limit: i64,
        /// Minimum number of cases between two false alarms, on average.
        promise: i64,
        /// Maximum number of watched shares in the installation for which the promise holds.
        shares: i64,
        /// The sum.
        sum: i64,
        /// Time since which it is above zero.
        run_from: Option<Millis>,
        /// The cases since then.
        run_cases: i64,
        /// Number of bad cases among them.
        run_bad: i64,
        /// The active alarm.
        alarm_id: Option<AlarmId>,
        /// For questions that mature: rating requests up to this one were recorded.
        read_to: String,
        /// Time of the next check.
        next_at: Option<Millis>,
    }
}

impl ShareWatch {
    /// How cases are summed; `None` if the share is not watched.
    pub fn plan(&self) -> Option<Plan> {
        self.learnt_at.map(|_| Plan { adds: self.adds, takes: self.takes, limit: self.sum_limit })
    }

    /// Its current run.
    pub fn run(&self) -> Run {
        Run { sum: self.sum, alarmed: self.alarm_id.is_some(), from: self.run_from, cases: self.run_cases, bad: self.run_bad }
    }

    /// Sets its current run.
    pub fn keep(&mut self, run: Run) {
        (self.sum, self.run_from, self.run_cases, self.run_bad) = (run.sum, run.from, run.cases, run.bad);
    }
}

/// Key of a watched share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Key {
    /// The line.
    pub line_id: LineId,
    /// The kind of channel.
    pub channel: String,
    /// The share.
    pub kind: Watched,
}

/// Those of these shares that have a baseline, locked until the end of the transaction.
pub async fn hold(tx: &mut Tx, keys: &[Key]) -> Result<Vec<ShareWatch>, StoreError> {
    static HOLD: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM {rows $1 r: line_id text, channel text, kind text} JOIN share_watch w ON w.line_id = r.line_id AND w.channel = r.channel \
         AND w.kind = r.kind WHERE w.learnt_at IS NOT NULL ORDER BY w.line_id, w.channel, w.kind {lock OF w}"
    ));
    tx.fetch(&HOLD, values![crate::rows(keys)]).await?.iter_mut().map(ShareWatch::read).collect()
}

/// All watched shares of a line, locked until the end of the transaction.
pub async fn hold_line(tx: &mut Tx, line: &LineId) -> Result<Vec<ShareWatch>, StoreError> {
    static HOLD: Sql =
        Sql::new(concat!("SELECT ", columns!(), " FROM share_watch w WHERE w.line_id = $1 ORDER BY w.line_id, w.channel, w.kind {lock}"));
    tx.fetch(&HOLD, values![line]).await?.iter_mut().map(ShareWatch::read).collect()
}

/// All watched shares of a line, or of all lines, by line, channel and kind.
pub async fn all(db: &Db, line: Option<&LineId>) -> Result<Vec<ShareWatch>, StoreError> {
    static ALL: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM share_watch w WHERE $1 = '' OR w.line_id = $1 ORDER BY w.line_id, w.channel, w.kind"
    ));
    db.read(&ALL, values![line.map_or("", LineId::as_str)]).await?.iter_mut().map(ShareWatch::read).collect()
}

/// The number of watched shares of other lines.
pub async fn watched_elsewhere(db: &Db, line: &LineId) -> Result<i64, StoreError> {
    static ELSEWHERE: Sql = Sql::new("SELECT count(*) FROM share_watch WHERE learnt_at IS NOT NULL AND line_id <> $1");
    db.read(&ELSEWHERE, values![line]).await?.first_mut().map_or(Ok(0), Row::int)
}

/// Writes these rows, each of which is new or locked by this transaction.
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

/// Deletes the watched shares of a deleted line.
pub(crate) fn delete_statements(line: &LineId) -> [Statement; 3] {
    static WATCHES: Sql = Sql::new("DELETE FROM share_watch WHERE line_id = $1");
    static LOOK: Sql = Sql::new("DELETE FROM share_look WHERE line_id = $1");
    static ALARMS: Sql = Sql::new("DELETE FROM share_alarm WHERE line_id = $1");
    [&WATCHES, &LOOK, &ALARMS].map(|sql| Statement::new(sql, values![line]))
}

// Weeks begin on Monday at 0:00 UTC: 1970 began on a Thursday, three days (259,200,000 ms) later.

// A client has few closes, a line has all of its own: what hides the line from indexes makes these start at the client.

/// True if the client of a rating gave another one on this line and channel before it in the same week.
macro_rules! not_the_first {
    () => {
        "EXISTS (SELECT 1 FROM rating_request o JOIN rating u ON u.request_id = o.id WHERE o.client_id = q.client_id \
         AND COALESCE(o.line_id, '') = q.line_id AND COALESCE(o.channel, '') = COALESCE(q.channel, '') AND o.again_of IS NULL AND u.voided_at IS NULL \
         AND (u.rated_at < t.rated_at OR (u.rated_at = t.rated_at AND u.request_id < t.request_id)) \
         AND u.rated_at >= t.rated_at - (t.rated_at + 259200000) % $2)"
    };
}

/// True if the client of a delivered question had another one on this line and channel before it in the same week.
macro_rules! not_the_first_question {
    () => {
        "EXISTS (SELECT 1 FROM rating_request o WHERE o.client_id = q.client_id AND COALESCE(o.line_id, '') = q.line_id \
         AND COALESCE(o.channel, '') = COALESCE(q.channel, '') AND o.again_of IS NULL AND o.due_at IS NOT NULL AND o.delivered_at IS NOT NULL \
         AND o.id < q.id AND o.closed_at >= q.closed_at - (q.closed_at + 259200000) % $2)"
    };
}

/// Those of these rating requests whose client had given a rating on the same line and channel in the same week.
pub async fn repeated(tx: &mut Tx, requests: &[RequestId]) -> Result<Vec<RequestId>, StoreError> {
    static REPEATED: Sql = Sql::new(concat!(
        "SELECT q.id FROM rating_request q JOIN rating t ON t.request_id = q.id WHERE q.id {among $1} AND ",
        not_the_first!(),
        " ORDER BY q.id"
    ));
    tx.fetch(&REPEATED, values![crate::ids(requests), WEEK]).await?.iter_mut().map(Row::id).collect()
}

/// The newest cases of a line by channel, oldest first: closed at or after `since`.
pub async fn cases(
    db: &Db,
    kind: Watched,
    line: (&LineId, &LineSettings),
    since: Millis,
    now: Millis,
) -> Result<BTreeMap<String, Vec<Case>>, StoreError> {
    // An erased or unknown client counts as a separate client for each close.
    static SCORES: Sql = Sql::new(concat!(
        "SELECT COALESCE(q.channel, ''), COALESCE(q.client_id, q.id), t.rated_at, t.low FROM rating t JOIN rating_request q ON q.id = t.request_id \
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
    let (first, after, matures) = (RequestId::first_of(since), RequestId::first_of(now + 1), matures_after(settings));
    let mut rows = match kind {
        Watched::Score => db.read(&SCORES, values![id, WEEK, first, after, READ_MAX, scale]).await?,
        Watched::Response => {
            db.read(&RESPONSES, values![id, WEEK, first, RequestId::first_of(now - matures + 1), READ_MAX, matures]).await?
        }
        Watched::Delivery => db.read(&DELIVERIES, values![id, first, after, READ_MAX]).await?,
    };
    let mut found: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for row in rows.iter_mut().rev() {
        let channel = row.text()?;
        found.entry(channel).or_default().push(Case { client: row.text()?, at: row.int()?, bad: row.int()? == 1 });
    }
    Ok(found)
}

/// A mature question.
#[derive(Clone, Debug)]
pub struct Matured {
    /// The rating request.
    pub id: RequestId,
    /// Time of the close.
    pub closed_at: Millis,
    /// It was not answered in time.
    pub bad: bool,
    /// It is the first of its client in its week, and was delivered.
    pub is_case: bool,
}

/// Questions of `watch` that are mature now, the oldest first, at most `limit`.
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
    let values = values![&watch.line_id, WEEK, &watch.channel, &watch.read_to, RequestId::first_of(now - matures + 1), matures, limit];
    let read = |row: &mut Row| Ok(Matured { id: row.id()?, closed_at: row.int()?, bad: row.int()? == 1, is_case: row.int()? == 1 });
    tx.fetch(&MATURED, values).await?.iter_mut().map(read).collect()
}

/// Watched response shares whose questions are due for a check, locked until the end of the transaction.
pub async fn due(tx: &mut Tx, now: Millis, limit: i64) -> Result<Vec<ShareWatch>, StoreError> {
    static DUE: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM share_watch w WHERE w.learnt_at IS NOT NULL AND w.next_at <= $1 ORDER BY w.line_id, w.channel, w.kind LIMIT $2 {lock skip}"
    ));
    tx.fetch(&DUE, values![now, limit]).await?.iter_mut().map(ShareWatch::read).collect()
}

/// The next line to check for baselines: with changed settings, or not checked since `before`. It is marked as checked, so that
/// only one caller gets it.
pub async fn take_turn(tx: &mut Tx, before: Millis, now: Millis) -> Result<Option<LineId>, StoreError> {
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
    let (line, version) = (row.name()?, row.int()?);
    let taken = tx.execute(&TURN, values![&line, version, now, before]).await?;
    Ok(Some(line).filter(|_| taken == 1))
}
