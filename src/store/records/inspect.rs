//! Whole tables, for tests and the simulation, which compare them with the platform's own log. The program itself never reads
//! tables whole.

use crate::alert::Alert;
use crate::answer::rating::Rating;
use crate::counter::cell::{Cells, cells, read_key, read_sums};
use crate::question::delivery::Delivery;
use crate::question::rating_request::{self, RatingRequest};
use crate::sql::Sql;
use crate::{Db, Millis, Row, StoreError, values};
use lastword_base::names::{DeliveryId, EventKey, RequestId};

/// The closes without a rating, as in the index of lists: outcome and rating request.
pub async fn unrated_closes(db: &Db) -> Result<Vec<(String, RequestId)>, StoreError> {
    static ALL: Sql = Sql::new("SELECT outcome, request_id FROM unrated_close ORDER BY outcome, request_id");
    db.read(&ALL, vec![]).await?.iter_mut().map(|row| Ok((row.text()?, row.id()?))).collect()
}

/// The rating requests whose answer time is not over, answered or not.
pub async fn running(db: &Db) -> Result<Vec<RequestId>, StoreError> {
    static ALL: Sql = Sql::new("SELECT request_id FROM question_expiry ORDER BY request_id");
    db.read(&ALL, vec![]).await?.iter_mut().map(Row::id).collect()
}

/// Number of deliveries in each state.
pub async fn count_by_state(db: &Db) -> Result<Vec<(String, i64)>, StoreError> {
    static COUNT: Sql = Sql::new("SELECT state, count(*) FROM delivery GROUP BY state ORDER BY state");
    db.read(&COUNT, vec![]).await?.iter_mut().map(|row| Ok((row.text()?, row.int()?))).collect()
}

/// A delivery with its lease.
#[derive(Clone, Debug)]
pub struct Held {
    /// The delivery.
    pub delivery: Delivery,
    /// Owner of the lease.
    pub owner: Option<String>,
    /// End of the lease.
    pub lease_until: Option<Millis>,
    /// Time of the resend, if the result is unknown.
    pub resend_at: Option<Millis>,
    /// Number of crashes of its node before the intent.
    pub crashes: i64,
}

macro_rules! held {
    ($which:literal) => {
        Sql::new(concat!(
            "SELECT id, kind, connection, address, subject, payload, state, reason, due_at, give_up_at, window_closes_at, token, attempts, \
             resends, resends_max, intent_at, ended_at, message_id, detail, created_at, outside_window, brought_from, owner, lease_until, resend_at, crashes \
             FROM delivery ",
            $which,
            " ORDER BY id"
        ))
    };
}

/// All deliveries, by ID.
pub async fn deliveries(db: &Db) -> Result<Vec<Held>, StoreError> {
    static ALL: Sql = held!("");
    db.read(&ALL, vec![]).await?.iter_mut().map(read).collect()
}

/// These deliveries, by ID.
pub async fn deliveries_of(db: &Db, ids: &[DeliveryId]) -> Result<Vec<Held>, StoreError> {
    static THESE: Sql = held!("WHERE id {among $1}");
    db.read(&THESE, values![crate::ids(ids)]).await?.iter_mut().map(read).collect()
}

/// All deliveries by ID, with all changeable columns of each as one text: repeated checks only have to read those whose text has
/// changed.
pub async fn marks(db: &Db) -> Result<Vec<(DeliveryId, String)>, StoreError> {
    // One row for all: transferring rows costs more than reading them, and this runs after every step.
    static MARKS: Sql = Sql::new(
        "SELECT string_agg(concat_ws('|', id, state, token, attempts, resends, resends_max, crashes, due_at, give_up_at, outside_window, COALESCE(brought_from, -1), \
         COALESCE(window_closes_at, -1), COALESCE(intent_at, -1), COALESCE(ended_at, -1), COALESCE(lease_until, -1), COALESCE(resend_at, -1), \
         COALESCE(reason, '-'), COALESCE(owner, '-'), COALESCE(message_id, '-'), COALESCE(detail, '-'), payload), $1 ORDER BY id) FROM delivery",
    );
    let all = match db.read(&MARKS, values![BETWEEN]).await?.first_mut() {
        Some(row) => row.text_or_null()?.unwrap_or_default(),
        None => String::new(),
    };
    let parts = all.split(BETWEEN).filter_map(|one| one.split_once('|'));
    let known = |id: &str| id.parse().map_err(|_| StoreError::Inconsistent { table: "delivery", column: "id", found: id.to_owned() });
    parts.map(|(id, mark)| Ok((known(id)?, mark.to_owned()))).collect()
}

/// Separator of two deliveries; it occurs in no stored text.
const BETWEEN: &str = "\u{1e}";

fn read(row: &mut Row) -> Result<Held, StoreError> {
    Ok(Held {
        delivery: Delivery::read(row)?,
        owner: row.text_or_null()?,
        lease_until: row.int_or_null()?,
        resend_at: row.int_or_null()?,
        crashes: row.int()?,
    })
}

/// All rating requests, by ID.
pub async fn rating_requests(db: &Db) -> Result<Vec<RatingRequest>, StoreError> {
    rating_request::all(db).await
}

/// All ratings, by rating request.
pub async fn ratings(db: &Db) -> Result<Vec<Rating>, StoreError> {
    static ALL: Sql = Sql::new(
        "SELECT request_id, line_id, operator_id, channel, scale, score, low, comment, comment_message, comment_order, \
         comment_deleted_at, reasons, tags, resolved, t.order_key, order_event, evidence, reacted, revision, rated_at, changed_at, closed_at, voided_at FROM rating AS t ORDER BY request_id",
    );
    db.read(&ALL, vec![]).await?.iter_mut().map(Rating::read).collect()
}

/// The supervisors' own scores, by rating request.
pub async fn supervisor_scores(db: &Db) -> Result<Vec<(RequestId, i64)>, StoreError> {
    static ALL: Sql = Sql::new("SELECT request_id, score FROM supervisor_score ORDER BY request_id");
    db.read(&ALL, vec![]).await?.iter_mut().map(|row| Ok((row.id()?, row.int()?))).collect()
}

/// All alerts, by ID.
pub async fn alerts(db: &Db) -> Result<Vec<Alert>, StoreError> {
    static ALL: Sql = Sql::new(
        "SELECT id, request_id, recipient_id, level, kind, line_id, state, reason, delivery_id, created_at, acknowledged_at, acknowledged_by, \
         escalate_at, escalate_after, sent_at, instead_of FROM alert ORDER BY id",
    );
    db.read(&ALL, vec![]).await?.iter_mut().map(Alert::read).collect()
}

/// Number of tries of each delivery in the list of tries.
pub async fn tries(db: &Db) -> Result<Vec<(DeliveryId, i64)>, StoreError> {
    static ALL: Sql = Sql::new("SELECT delivery_id, count(*) FROM attempt GROUP BY delivery_id ORDER BY delivery_id");
    db.read(&ALL, vec![]).await?.iter_mut().map(|row| Ok((row.id()?, row.int()?))).collect()
}

/// The source and key of all events received.
pub async fn inbox(db: &Db) -> Result<Vec<EventKey>, StoreError> {
    static ALL: Sql = Sql::new(
        "SELECT source, event_key FROM inbox UNION SELECT source, event_key FROM rating_request WHERE event_key IS NOT NULL ORDER BY 1, 2",
    );
    db.read(&ALL, vec![]).await?.iter_mut().map(|row| Ok(EventKey { source: row.name()?, key: row.text()? })).collect()
}

/// The finest counters of all days, of which all others are sums.
pub async fn counters(db: &Db) -> Result<Cells, StoreError> {
    static CELLS: Sql = Sql::made(|| cells("grain = 'day' AND roll_up IN ('line_channel', 'line_operator_channel')"));
    let mut found = Cells::default();
    for row in &mut db.read(&CELLS, vec![]).await? {
        let (key, sums) = (read_key(row)?, read_sums(row)?);
        found.add_sums(key, &sums, 1);
    }
    Ok(found)
}
