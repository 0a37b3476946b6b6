//! Edits of ratings by their clients, after the first minutes: applied, held or withdrawn.

use crate::domain::access::rights::Lines;
use crate::domain::answer::rating::Scale;
use crate::domain::session::Operator;
use crate::store::sql::Sql;
use crate::store::{Db, Millis, Row, StoreError, Tx, limits};
use crate::values;
use serde::Serialize;

/// The state of an edit that counts.
pub const APPLIED: &str = "applied";
/// The state of an edit that will count.
pub const HELD: &str = "held";
/// The state of an edit that was held and never counted.
pub const WITHDRAWN: &str = "withdrawn";

/// An edit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RatingEdit {
    /// The rating request.
    pub request_id: String,
    /// From 1.
    pub number: i64,
    /// The score that counted.
    pub before: i64,
    /// The score that the client gave.
    pub score: i64,
    /// [`APPLIED`], [`HELD`] or [`WITHDRAWN`].
    pub state: String,
    /// When the client made it.
    pub made_at: Millis,
    /// When a held one counts.
    pub due_at: Option<Millis>,
    /// When it counted or was withdrawn.
    pub decided_at: Option<Millis>,
}

fn read(row: &mut Row) -> Result<RatingEdit, StoreError> {
    Ok(RatingEdit {
        request_id: row.text()?,
        number: row.int()?,
        before: row.int()?,
        score: row.int()?,
        state: row.text()?,
        made_at: row.int()?,
        due_at: row.int_or_null()?,
        decided_at: row.int_or_null()?,
    })
}

static OF_REQUESTS: Sql = Sql::new(
    "SELECT e.request_id, e.number, e.before, e.score, e.state, e.made_at, e.due_at, e.decided_at FROM rating_edit e \
     WHERE e.request_id {among $1} ORDER BY e.request_id, e.number",
);

/// The edits of these ratings, in order.
///
/// # Errors
/// The database's error.
pub async fn of_requests(db: &Db, requests: &[&str]) -> Result<Vec<RatingEdit>, StoreError> {
    db.read(&OF_REQUESTS, values![crate::store::ids(requests)]).await?.iter_mut().map(read).collect()
}

/// A held edit, with what people know its rating by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldEdit {
    /// The rating request.
    pub request_id: String,
    /// The line.
    pub line_id: String,
    /// The responsible operator.
    pub operator_id: Option<String>,
    /// All operators at the close.
    pub operators: Vec<Operator>,
    /// The scale.
    pub scale: Scale,
    /// The score that counts.
    pub before: i64,
    /// The score that will count.
    pub score: i64,
    /// From when on.
    pub due_at: Millis,
}

/// The edits that are held on these lines, the next to count first. Each has days in which it can still be made good.
///
/// # Errors
/// The database's error.
pub async fn held(db: &Db, lines: &Lines, limit: i64) -> Result<Vec<HeldEdit>, StoreError> {
    static HELD_EDITS: Sql = Sql::new(
        "SELECT e.request_id, t.line_id, t.operator_id, q.operators, t.scale, e.before, e.score, e.due_at FROM rating_edit e \
         JOIN rating t ON t.request_id = e.request_id JOIN rating_request q ON q.id = e.request_id \
         WHERE e.state = 'held' AND ($1 = 1 OR t.line_id {among $2}) ORDER BY e.due_at, e.request_id LIMIT $3",
    );
    let (all, some) = limits(lines);
    let read = |row: &mut Row| {
        Ok(HeldEdit {
            request_id: row.text()?,
            line_id: row.text()?,
            operator_id: row.text_or_null()?,
            operators: row.document("rating_request", "operators")?,
            scale: row.word("rating", "scale", Scale::parse)?,
            before: row.int()?,
            score: row.int()?,
            due_at: row.int()?,
        })
    };
    db.read(&HELD_EDITS, values![all, some, limit]).await?.iter_mut().map(read).collect()
}

/// As [`of_requests`], inside a transaction that holds the rating requests.
///
/// # Errors
/// The database's error.
pub async fn load(tx: &mut Tx, requests: &[&str]) -> Result<Vec<RatingEdit>, StoreError> {
    tx.fetch(&OF_REQUESTS, values![crate::store::ids(requests)]).await?.iter_mut().map(read).collect()
}

/// Writes edits. The transaction holds their rating requests.
///
/// # Errors
/// The database's error.
pub async fn save(tx: &mut Tx, edits: &[RatingEdit]) -> Result<(), StoreError> {
    static SAVE: Sql = Sql::new(
        "INSERT INTO rating_edit (request_id, number, before, score, state, made_at, due_at, decided_at) \
         SELECT request_id, number, before, score, state, made_at, due_at, decided_at \
         FROM {rows $1 r: request_id text, number int, before int, score int, state text, made_at int, due_at int, decided_at int} \
         WHERE true ON CONFLICT (request_id, number) DO UPDATE SET state = excluded.state, decided_at = excluded.decided_at",
    );
    if edits.is_empty() {
        return Ok(());
    }
    tx.execute(&SAVE, values![crate::store::rows(edits)]).await.map(drop)
}

/// The rating requests with a held edit whose time has come, at most `limit`.
///
/// # Errors
/// The database's error.
pub async fn due(tx: &mut Tx, now: Millis, limit: i64) -> Result<Vec<String>, StoreError> {
    static DUE: Sql = Sql::new(
        "SELECT e.request_id FROM rating_edit e WHERE e.state = 'held' AND e.due_at <= $1 ORDER BY e.due_at, e.request_id LIMIT $2",
    );
    tx.fetch(&DUE, values![now, limit]).await?.iter_mut().map(Row::text).collect()
}
