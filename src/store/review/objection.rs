//! Flags and appeals: objections to ratings, and an admin's verdict.

use crate::sql::Sql;
use crate::sql::table::table;
use crate::{Db, Millis, StoreError, Tx, values};
use lastword_base::names::{ActorId, LineId, ObjectionId, RequestId};
use lastword_domain::review::{ObjectionKind, ObjectionState};
use serde::Serialize;

table! {
    /// An objection to a rating.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
    pub struct Objection = columns!(objection o) {
        /// Its ID; IDs sort by time.
        id: ObjectionId,
        /// The rating request.
        request_id: RequestId,
        /// The line.
        line_id: LineId,
        /// Its kind.
        kind: ObjectionKind,
        /// For a flag: `spam`, `profanity`, `offensive` or `other`. Empty for an appeal.
        reason: String,
        /// The explanation.
        text: String,
        /// The author: an account or API key.
        by_id: ActorId,
        /// The author's name at that time.
        by_name: String,
        /// Time of the objection.
        raised_at: Millis,
        /// Its state.
        state: ObjectionState,
        /// Name of the admin who judged it.
        judged_by: Option<String>,
        /// Time of the judgement.
        judged_at: Option<Millis>,
        /// The admin's explanation.
        judgement: Option<String>,
    }
}

static OF_REQUEST: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM objection o WHERE o.request_id = $1 ORDER BY o.raised_at, o.id"));

/// All objections to a rating, oldest first.
pub async fn of_request(db: &Db, request: RequestId) -> Result<Vec<Objection>, StoreError> {
    db.read(&OF_REQUEST, values![request]).await?.iter_mut().map(Objection::read).collect()
}

/// As [`of_request`], inside a transaction that has locked the rating request.
pub async fn of_request_in(tx: &mut Tx, request: RequestId) -> Result<Vec<Objection>, StoreError> {
    tx.fetch(&OF_REQUEST, values![request]).await?.iter_mut().map(Objection::read).collect()
}

/// Objections that wait for a judgement, oldest first.
pub async fn open(db: &Db, limit: i64) -> Result<Vec<Objection>, StoreError> {
    static OPEN: Sql = Sql::new(concat!("SELECT ", columns!(), " FROM objection o WHERE o.state = 'open' ORDER BY o.id LIMIT $1"));
    db.read(&OPEN, values![limit]).await?.iter_mut().map(Objection::read).collect()
}

/// Stores an objection.
///
/// # Errors
/// [`StoreError::Conflict`] if the same objection is already open.
pub async fn raise(tx: &mut Tx, objection: &Objection) -> Result<(), StoreError> {
    static RAISE: Sql = Sql::new(columns!(insert));
    tx.execute(&RAISE, values![crate::rows(std::slice::from_ref(objection))]).await.map(drop)
}

/// Judges an objection. The transaction has locked the rating request.
pub async fn judge(tx: &mut Tx, id: ObjectionId, state: ObjectionState, by: &str, judgement: &str, now: Millis) -> Result<(), StoreError> {
    static JUDGE: Sql = Sql::new("UPDATE objection SET state = $2, judged_by = $3, judgement = $4, judged_at = $5 WHERE id = $1");
    tx.execute(&JUDGE, values![id, state, by, judgement, now]).await.map(drop)
}
