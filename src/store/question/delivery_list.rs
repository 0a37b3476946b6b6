//! Lists of deliveries for people: stuck ones, scheduled ones, and their number on each connection. Each reads an index of such
//! deliveries, never the whole table.

use super::delivery::{Delivery, columns};
use crate::sql::Sql;
use crate::{Db, Millis, Row, StoreError, connection, values};
use lastword_base::names::{ConnectionId, DeliveryId};
use lastword_domain::access::rights::Lines;
use lastword_domain::question::delivery::{Kind, State};

/// A filter of deliveries. An empty one matches all.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Through this connection.
    pub connection: Option<ConnectionId>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// About rating requests of these lines.
    pub lines: Lines,
    /// Created at or after this time.
    pub since: Option<Millis>,
    /// Created before this time.
    pub until: Option<Millis>,
}

impl Default for Filter {
    fn default() -> Self {
        Self { connection: None, kind: None, lines: Lines::All, since: None, until: None }
    }
}

/// Start of a page of the schedule: after this time and ID.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryCursor {
    /// Due time of a delivery.
    pub due_at: Millis,
    /// Its ID.
    pub id: DeliveryId,
}

impl DeliveryCursor {
    /// The position of a delivery.
    pub fn of(delivery: &Delivery) -> Self {
        Self { due_at: delivery.due_at, id: delivery.id }
    }

    /// Text form for addresses.
    pub fn text(&self) -> String {
        format!("{}.{}", self.due_at, self.id)
    }

    /// Parses [`DeliveryCursor::text`].
    pub fn parse(text: &str) -> Option<Self> {
        let (due_at, id) = text.split_once('.')?;
        Some(Self { due_at: due_at.parse().ok()?, id: id.parse().ok()? })
    }
}

/// Conditions of each list besides the state: `$2` to `$9`.
const FILTERED: &str = "($2 = '' OR d.id < $2) AND ($3 = '' OR d.connection = $3) AND ($4 = '' OR d.kind = $4) \
     AND ($5 = 1 OR EXISTS (SELECT 1 FROM rating_request q WHERE q.id = d.subject AND q.line_id {among $6})) \
     AND d.created_at >= $7 AND d.created_at < $8 ORDER BY d.id DESC LIMIT $9";

async fn newest(
    db: &Db,
    sql: &'static Sql,
    state: &str,
    filter: &Filter,
    before: Option<DeliveryId>,
    limit: i64,
) -> Result<Vec<Delivery>, StoreError> {
    let (all, lines) = crate::limits(&filter.lines);
    let (since, until) = (filter.since.unwrap_or(Millis::MIN), filter.until.unwrap_or(Millis::MAX));
    let before = before.map(|before| before.to_string()).unwrap_or_default();
    let values = values![
        state,
        before,
        filter.connection.as_ref().map_or("", ConnectionId::as_str),
        filter.kind.map_or("", Kind::as_str),
        all,
        lines,
        since,
        until,
        limit
    ];
    db.read(sql, values).await?.iter_mut().map(Delivery::read).collect()
}

/// Stuck deliveries, in this state or any of them: unknown, failed, dead, undeliverable; without dismissed ones. Newest first,
/// before the ID `before`.
pub async fn stuck(
    db: &Db,
    state: Option<State>,
    filter: &Filter,
    before: Option<DeliveryId>,
    limit: i64,
) -> Result<Vec<Delivery>, StoreError> {
    static STUCK: Sql = Sql::made(|| {
        format!(
            "SELECT {} FROM delivery d WHERE d.state IN ('unknown', 'failed', 'dead', 'undeliverable') AND ($1 = '' OR d.state = $1) \
             AND COALESCE(d.reason, '') <> 'dismissed' AND {FILTERED}",
            columns!()
        )
    });
    newest(db, &STUCK, state.map_or("", State::as_str), filter, before, limit).await
}

/// Deliveries in one state, newest first, before the ID `before`.
pub async fn in_state(db: &Db, state: State, filter: &Filter, before: Option<DeliveryId>, limit: i64) -> Result<Vec<Delivery>, StoreError> {
    static IN_STATE: Sql = Sql::made(|| format!("SELECT {} FROM delivery d WHERE d.state = $1 AND {FILTERED}", columns!()));
    newest(db, &IN_STATE, state.as_str(), filter, before, limit).await
}

/// Events of one connection that ended, created since `since`, oldest first, with IDs after `between.0` and before `between.1`.
pub async fn ended_events(
    db: &Db,
    connection: &ConnectionId,
    since: Millis,
    between: (DeliveryId, DeliveryId),
    limit: i64,
) -> Result<Vec<Delivery>, StoreError> {
    static ENDED: Sql = Sql::made(|| {
        format!(
            "SELECT {} FROM delivery d WHERE d.id > $1 AND d.id < $2 AND d.connection = $3 AND d.kind = 'event' \
             AND d.state IN ('sent', 'delivered', 'undeliverable', 'unknown', 'skipped', 'failed', 'dead') AND d.created_at >= $4 \
             ORDER BY d.id LIMIT $5",
            columns!()
        )
    });
    db.read(&ENDED, values![between.0, between.1, connection, since, limit]).await?.iter_mut().map(Delivery::read).collect()
}

/// Number of stuck deliveries that need attention, by state: created since `since`, for a client or a program, not dismissed, and
/// not merely impossible because the client is gone or may not be written to (by the platform's rules or after an opt-out).
pub async fn troubles(db: &Db, since: Millis) -> Result<Vec<(String, i64)>, StoreError> {
    static TROUBLES: Sql = Sql::new(
        "SELECT d.state, count(*) FROM delivery d WHERE d.state IN ('unknown', 'failed', 'dead', 'undeliverable') AND d.created_at > $1 \
         AND d.kind IN ('ask', 'reminder', 'reply', 'event', 'write_back', 'look') \
         AND COALESCE(d.reason, '') NOT IN ('dismissed', 'recipient_gone', 'window_shut', 'time_over', 'not_wanted', 'engagement_limit', \
         'client_in_experiment', 'marketing_stopped') GROUP BY d.state ORDER BY d.state",
    );
    db.read(&TROUBLES, values![since]).await?.iter_mut().map(|row| Ok((row.text()?, row.int()?))).collect()
}

/// Scheduled deliveries, the next one first, after `after`.
pub async fn scheduled(db: &Db, filter: &Filter, after: &DeliveryCursor, limit: i64) -> Result<Vec<Delivery>, StoreError> {
    // The schedule is indexed by connection: the first of each are merged.
    static SCHEDULED: Sql = Sql::new(concat!(
        "SELECT ",
        columns!(),
        " FROM delivery d WHERE d.connection = $1 AND d.state = 'scheduled' AND (d.due_at, d.id) > ($2, $3) AND ($4 = '' OR d.kind = $4) \
         AND ($5 = 1 OR EXISTS (SELECT 1 FROM rating_request q WHERE q.id = d.subject AND q.line_id {among $6})) \
         AND d.created_at >= $7 AND d.created_at < $8 ORDER BY d.due_at, d.id LIMIT $9"
    ));
    let names = match &filter.connection {
        Some(name) => vec![name.clone()],
        None => connection::all(db).await?.into_iter().map(|state| state.name).collect(),
    };
    let (all, lines) = crate::limits(&filter.lines);
    let mut found: Vec<Delivery> = Vec::new();
    for name in names {
        let kind = filter.kind.map_or("", Kind::as_str);
        let (since, until) = (filter.since.unwrap_or(Millis::MIN), filter.until.unwrap_or(Millis::MAX));
        let values = values![name, after.due_at, &after.id, kind, all, lines.clone(), since, until, limit];
        for row in &mut db.read(&SCHEDULED, values).await? {
            found.push(Delivery::read(row)?);
        }
    }
    found.sort_by(|a, b| (a.due_at, &a.id).cmp(&(b.due_at, &b.id)));
    found.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(found)
}

/// Waiting deliveries of one connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// The connection.
    pub connection: ConnectionId,
    /// Number of due deliveries that were not claimed.
    pub due: i64,
    /// Due time of the oldest of them.
    pub since: Option<Millis>,
    /// Number of stuck ones, among the newest 10,000.
    pub stuck: i64,
}

/// Waiting deliveries of each connection that has any.
pub async fn waiting(db: &Db, now: Millis) -> Result<Vec<Waiting>, StoreError> {
    static DUE: Sql = Sql::new(
        "SELECT d.connection, count(*), min(d.due_at) FROM delivery d WHERE d.state = 'scheduled' AND d.due_at <= $1 GROUP BY d.connection",
    );
    static STUCK: Sql = Sql::new(
        "SELECT t.connection, count(*) FROM (SELECT d.connection FROM delivery d \
         WHERE d.state IN ('unknown', 'failed', 'dead', 'undeliverable') AND COALESCE(d.reason, '') <> 'dismissed' ORDER BY d.id DESC LIMIT 10000) AS t GROUP BY t.connection",
    );
    let due = |row: &mut Row| Ok(Waiting { connection: row.name()?, due: row.int()?, since: row.int_or_null()?, stuck: 0 });
    let mut waiting: Vec<Waiting> = db.read(&DUE, values![now]).await?.iter_mut().map(due).collect::<Result<_, StoreError>>()?;
    for row in &mut db.read(&STUCK, vec![]).await? {
        let (connection, stuck) = (row.name()?, row.int()?);
        match waiting.iter_mut().find(|other| other.connection == connection) {
            Some(known) => known.stuck = stuck,
            None => waiting.push(Waiting { connection, stuck, ..Waiting::default() }),
        }
    }
    Ok(waiting)
}
