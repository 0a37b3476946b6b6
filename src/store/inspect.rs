//! Whole tables, as they stand: what tests and the simulation hold against the platform's own log. Nothing of the
//! program itself reads tables whole.

use super::alert::{self, Alert};
use super::delivery::{self, Delivery};
use super::rating::{self, Rating};
use super::rating_request::{self, RatingRequest};
use super::{Db, Millis, Row, StoreError, sql::Sql};

/// A delivery with its lease.
#[derive(Clone, Debug)]
pub struct Held {
    /// The delivery.
    pub delivery: Delivery,
    /// Who holds it.
    pub owner: Option<String>,
    /// Until when.
    pub lease_until: Option<Millis>,
    /// When it may go again, if its end is unknown.
    pub resend_at: Option<Millis>,
    /// How often its node died before the intent.
    pub crashes: i64,
}

/// All deliveries, by id.
///
/// # Errors
/// The database's error.
pub async fn deliveries(db: &Db) -> Result<Vec<Held>, StoreError> {
    static ALL: Sql = Sql::new(
        "SELECT id, kind, connection, address, subject, payload, state, reason, due_at, give_up_at, window_closes_at, token, attempts, \
         resends, resends_max, intent_at, ended_at, message_id, detail, created_at, outside_window, owner, lease_until, resend_at, crashes \
         FROM delivery ORDER BY id",
    );
    let read = |row: &mut Row| {
        Ok(Held {
            delivery: delivery::read(row)?,
            owner: row.text_or_null()?,
            lease_until: row.int_or_null()?,
            resend_at: row.int_or_null()?,
            crashes: row.int()?,
        })
    };
    db.read(&ALL, vec![]).await?.iter_mut().map(read).collect()
}

/// All rating requests, by id.
///
/// # Errors
/// The database's error.
pub async fn rating_requests(db: &Db) -> Result<Vec<RatingRequest>, StoreError> {
    rating_request::all(db).await
}

/// All ratings, by rating request.
///
/// # Errors
/// The database's error.
pub async fn ratings(db: &Db) -> Result<Vec<Rating>, StoreError> {
    static ALL: Sql = Sql::new(
        "SELECT request_id, line_id, operator_id, channel, scale, score, low, comment, reasons, resolved, t.order_key, order_event, revision, \
         first_at, changed_at, closed_at, voided_at FROM rating AS t ORDER BY request_id",
    );
    db.read(&ALL, vec![]).await?.iter_mut().map(rating::read).collect()
}

/// The supervisors' own scores, by rating request.
///
/// # Errors
/// The database's error.
pub async fn supervisor_scores(db: &Db) -> Result<Vec<(String, i64)>, StoreError> {
    static ALL: Sql = Sql::new("SELECT request_id, score FROM supervisor_score ORDER BY request_id");
    db.read(&ALL, vec![]).await?.iter_mut().map(|row| Ok((row.text()?, row.int()?))).collect()
}

/// All alerts, by id.
///
/// # Errors
/// The database's error.
pub async fn alerts(db: &Db) -> Result<Vec<Alert>, StoreError> {
    static ALL: Sql = Sql::new(
        "SELECT id, request_id, recipient_id, level, kind, line_id, state, reason, delivery_id, created_at, acknowledged_at, acknowledged_by, \
         escalate_at FROM alert ORDER BY id",
    );
    db.read(&ALL, vec![]).await?.iter_mut().map(alert::read).collect()
}

/// How many tries of each delivery are on the list of tries.
///
/// # Errors
/// The database's error.
pub async fn tries(db: &Db) -> Result<Vec<(String, i64)>, StoreError> {
    static ALL: Sql = Sql::new("SELECT delivery_id, count(*) FROM attempt GROUP BY delivery_id ORDER BY delivery_id");
    db.read(&ALL, vec![]).await?.iter_mut().map(|row| Ok((row.text()?, row.int()?))).collect()
}

/// The source and key of everything that entered.
///
/// # Errors
/// The database's error.
pub async fn inbox(db: &Db) -> Result<Vec<(String, String)>, StoreError> {
    static ALL: Sql = Sql::new("SELECT source, event_key FROM inbox ORDER BY source, event_key");
    db.read(&ALL, vec![]).await?.iter_mut().map(|row| Ok((row.text()?, row.text()?))).collect()
}
