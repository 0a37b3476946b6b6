//! Flags and appeals: what people say against a rating, and what an admin said to it.

use crate::sql::Sql;
use crate::table::table;
use crate::values;
use crate::{Db, Millis, StoreError, Tx};
use lastword_domain::review::{ObjectionKind, ObjectionState};
use serde::Serialize;

table! {
    /// What somebody says against a rating.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
    pub struct Objection = columns!(objection o) {
        /// Its id; ids sort by time.
        id: String,
        /// The rating request.
        request_id: String,
        /// The line.
        line_id: String,
        /// What it is.
        kind: ObjectionKind,
        /// Of a flag: `spam`, `profanity`, `offensive` or `other`. Empty for an appeal.
        reason: String,
        /// Why, in words.
        text: String,
        /// Who: an account or API key.
        by_id: String,
        /// Their name as it was then.
        by_name: String,
        /// When.
        raised_at: Millis,
        /// What became of it.
        state: ObjectionState,
        /// Who judged it: a name.
        judged_by: Option<String>,
        /// When.
        judged_at: Option<Millis>,
        /// Why, in words.
        judgement: Option<String>,
    }
}

static OF_REQUEST: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM objection o WHERE o.request_id = $1 ORDER BY o.raised_at, o.id"));

/// Everything that was said against a rating, oldest first.
///
/// # Errors
/// The database's error.
pub async fn of_request(db: &Db, request: &str) -> Result<Vec<Objection>, StoreError> {
    db.read(&OF_REQUEST, values![request]).await?.iter_mut().map(Objection::read).collect()
}

/// As [`of_request`], inside a transaction that holds the rating request.
///
/// # Errors
/// The database's error.
pub async fn of_request_in(tx: &mut Tx, request: &str) -> Result<Vec<Objection>, StoreError> {
    tx.fetch(&OF_REQUEST, values![request]).await?.iter_mut().map(Objection::read).collect()
}

/// What waits for a judgement, oldest first.
///
/// # Errors
/// The database's error.
pub async fn open(db: &Db, limit: i64) -> Result<Vec<Objection>, StoreError> {
    static OPEN: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM objection o WHERE o.state = 'open' ORDER BY o.id LIMIT $1"));
    db.read(&OPEN, values![limit]).await?.iter_mut().map(Objection::read).collect()
}

/// Keeps what somebody says.
///
/// # Errors
/// [`StoreError::Conflict`] when the same is open already.
pub async fn raise(tx: &mut Tx, objection: &Objection) -> Result<(), StoreError> {
    static RAISE: Sql = Sql::new(columns!(insert));
    tx.execute(&RAISE, values![crate::rows(std::slice::from_ref(objection))]).await.map(drop)
}

/// Judges one. The transaction holds the rating request.
///
/// # Errors
/// The database's error.
pub async fn judge(tx: &mut Tx, id: &str, state: ObjectionState, by: &str, judgement: &str, now: Millis) -> Result<(), StoreError> {
    static JUDGE: Sql = Sql::new("UPDATE objection SET state = $2, judged_by = $3, judgement = $4, judged_at = $5 WHERE id = $1");
    tx.execute(&JUDGE, values![id, state, by, judgement, now]).await.map(drop)
}
