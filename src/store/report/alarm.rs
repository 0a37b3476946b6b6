//! Alarms: watched shares that fell. The messages about an alarm are alerts with its ID.

use super::watch::ShareWatch;
use crate::sql::Sql;
use crate::sql::table::table;
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::{AlarmId, LineId, OperatorId, RequestId, SessionId};
use lastword_domain::access::rights::Lines;
use lastword_domain::report::watch::{AlarmEnd, AlarmNews, Watched};
use serde::Serialize;

table! {
    /// An alarm.
    #[derive(Clone, Debug, Default, PartialEq, Serialize)]
    pub struct ShareAlarm = columns!(share_alarm m) {
        /// Its ID.
        id: AlarmId,
        /// The line.
        line_id: LineId,
        /// The kind of channel; empty if unknown.
        channel: String,
        /// The share.
        kind: Watched,
        /// Time when it was raised.
        raised_at: Millis,
        /// The first of the cases that caused it.
        from_at: Millis,
        /// The last of them.
        until_at: Millis,
        /// Number of cases.
        cases: i64,
        /// Number of bad cases.
        bad: i64,
        /// The normal share at that time, in millionths.
        usual: i64,
        /// Minimum number of cases between two false alarms, on average.
        promise: i64,
        /// Time when it ended.
        ended_at: Option<Millis>,
        /// How it ended.
        end_reason: Option<AlarmEnd>,
        /// The message that is still to be sent.
        news: Option<AlarmNews>,
    }
}

/// Inserts new alarms.
pub async fn raise(tx: &mut Tx, alarms: &[ShareAlarm]) -> Result<(), StoreError> {
    static RAISE: Sql = Sql::new(columns!(insert));
    if alarms.is_empty() {
        return Ok(());
    }
    tx.execute(&RAISE, values![crate::rows(alarms)]).await.map(drop)
}

/// Ends these alarms. If it ended by itself, the people notified of the alarm are notified of its end; if none were notified yet,
/// none are.
pub async fn end(tx: &mut Tx, ids: &[AlarmId], how: AlarmEnd, now: Millis) -> Result<(), StoreError> {
    static END: Sql = Sql::new(
        "UPDATE share_alarm SET ended_at = $2, end_reason = $3, news = CASE WHEN news IS NULL AND $3 = 'all_clear' THEN 'cleared' END \
         WHERE id {among $1} AND ended_at IS NULL",
    );
    if ids.is_empty() {
        return Ok(());
    }
    tx.execute(&END, values![crate::ids(ids), now, how]).await.map(drop)
}

/// Alarms with a message still to be sent, oldest first, locked until the end of the transaction.
pub async fn untold(tx: &mut Tx, limit: i64) -> Result<Vec<ShareAlarm>, StoreError> {
    static UNTOLD: Sql =
        Sql::new(concat!("SELECT ", columns!(), " FROM share_alarm m WHERE m.news IS NOT NULL ORDER BY m.id LIMIT $1 {lock skip}"));
    tx.fetch(&UNTOLD, values![limit]).await?.iter_mut().map(ShareAlarm::read).collect()
}

/// Records that the messages about these alarms are sent.
pub async fn told(tx: &mut Tx, ids: &[AlarmId]) -> Result<(), StoreError> {
    static TOLD: Sql = Sql::new("UPDATE share_alarm SET news = NULL WHERE id {among $1}");
    tx.execute(&TOLD, values![crate::ids(ids)]).await.map(drop)
}

/// The newest alarms of a line.
pub async fn of_line(db: &Db, line: &LineId, limit: i64) -> Result<Vec<ShareAlarm>, StoreError> {
    static OF_LINE: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM share_alarm m WHERE m.line_id = $1 ORDER BY m.id DESC LIMIT $2"));
    db.read(&OF_LINE, values![line, limit]).await?.iter_mut().map(ShareAlarm::read).collect()
}

/// The active alarms on these lines, oldest first.
pub async fn standing(db: &Db, sees: &Lines) -> Result<Vec<ShareAlarm>, StoreError> {
    static STANDING: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM share_alarm m WHERE m.ended_at IS NULL AND ($1 = 1 OR m.line_id {among $2}) ORDER BY m.id"
    ));
    let (all, some) = crate::limits(sees);
    db.read(&STANDING, values![all, some]).await?.iter_mut().map(ShareAlarm::read).collect()
}

/// The watched shares by line, channel and kind, and whether an alarm is active there.
pub async fn states(db: &Db) -> Result<Vec<(LineId, String, Watched, bool)>, StoreError> {
    static STATES: Sql = Sql::new(
        "SELECT w.line_id, w.channel, w.kind, CASE WHEN w.alarm_id IS NULL THEN 0 ELSE 1 END FROM share_watch w \
         WHERE w.learnt_at IS NOT NULL ORDER BY w.line_id, w.channel, w.kind",
    );
    let read = |row: &mut Row| Ok((row.name()?, row.text()?, row.column("share_watch", "kind")?, row.int()? == 1));
    db.read(&STATES, vec![]).await?.iter_mut().map(read).collect()
}

/// A chat behind an alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    /// The rating request.
    pub rating_request: String,
    /// The session.
    pub session: SessionId,
    /// Time of the close.
    pub closed_at: Millis,
    /// The responsible operator.
    pub operator: Option<OperatorId>,
}

/// The chats that caused an alarm, newest first, at most `limit`: rated low, not answered, or not delivered. `mature` is the time
/// after its close at which a question is mature.
pub async fn behind(db: &Db, alarm: &ShareAlarm, mature: Millis, limit: i64) -> Result<Vec<Behind>, StoreError> {
    // A rating comes after its close, at most as long as questions are open.
    const OPEN_MAX: Millis = 90 * 24 * 3_600_000;
    static LOW: Sql = Sql::new(
        "SELECT q.id, q.session_id, q.closed_at, q.operator_id FROM rating t JOIN rating_request q ON q.id = t.request_id \
         WHERE t.line_id = $1 AND t.request_id >= $7 AND t.request_id < $8 AND t.low = 1 AND t.rated_at >= $3 AND t.rated_at <= $4 \
         AND t.voided_at IS NULL AND q.again_of IS NULL AND COALESCE(q.channel, '') = $2 AND $6 = $6 ORDER BY t.request_id DESC LIMIT $5",
    );
    static SILENT: Sql = Sql::new(
        "SELECT q.id, q.session_id, q.closed_at, q.operator_id FROM rating_request q WHERE q.line_id = $1 AND q.id >= $7 \
         AND q.id < $8 AND COALESCE(q.channel, '') = $2 AND q.due_at IS NOT NULL AND q.delivered_at IS NOT NULL AND q.again_of IS NULL \
         AND NOT (COALESCE(q.outcome, '') = 'answered' AND COALESCE(q.decided_at, 0) <= q.closed_at + $6) AND $3 <= $4 ORDER BY q.id DESC LIMIT $5",
    );
    static LOST: Sql = Sql::new(
        "SELECT q.id, q.session_id, q.closed_at, q.operator_id FROM rating_request q WHERE q.line_id = $1 AND q.id >= $7 \
         AND q.id < $8 AND COALESCE(q.channel, '') = $2 AND q.outcome = 'unreachable' AND q.decided_at >= $3 AND q.decided_at <= $4 \
         AND q.due_at IS NOT NULL AND q.again_of IS NULL AND $6 = $6 ORDER BY q.id DESC LIMIT $5",
    );
    let (sql, before) = match alarm.kind {
        Watched::Score => (&LOW, OPEN_MAX),
        Watched::Response => (&SILENT, 0),
        Watched::Delivery => (&LOST, OPEN_MAX),
    };
    let (from, until) = (alarm.from_at, alarm.until_at);
    let (first, after) = (RequestId::first_of(from - before), RequestId::first_of(until + 1));
    let values = values![&alarm.line_id, &alarm.channel, from, until, limit, mature, first, after];
    let read = |row: &mut Row| {
        Ok(Behind { rating_request: row.text()?, session: row.name()?, closed_at: row.int()?, operator: row.name_or_null()? })
    };
    db.read(sql, values).await?.iter_mut().map(read).collect()
}

/// The alarm for a share's row.
pub fn of(watch: &ShareWatch, id: AlarmId, at: (Millis, Millis)) -> ShareAlarm {
    let (now, until_at) = at;
    ShareAlarm {
        id,
        line_id: watch.line_id.clone(),
        channel: watch.channel.clone(),
        kind: watch.kind,
        raised_at: now,
        from_at: watch.run_from.unwrap_or(until_at),
        until_at,
        cases: watch.run_cases,
        bad: watch.run_bad,
        usual: watch.usual,
        promise: watch.promise,
        news: Some(AlarmNews::Raised),
        ..ShareAlarm::default()
    }
}
