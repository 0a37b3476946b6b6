//! Later edits of ratings by their clients: applied, held or withdrawn.

use crate::sql::table::table;
use crate::sql::{Sql, Statement};
use crate::{Db, Millis, Row, StoreError, Tx, limits, values};
use lastword_base::names::{LineId, OperatorId, RequestId};
use lastword_domain::access::rights::Lines;
use lastword_domain::answer::rating::Scale;
use lastword_domain::review::edit::EditState;
use lastword_domain::session::Operator;
use serde::Serialize;

table! {
    /// An edit.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    pub struct RatingEdit = columns!(rating_edit e) {
        /// The rating request.
        request_id: RequestId,
        /// From 1.
        number: i64,
        /// The score that counted.
        before: i64,
        /// The score that the client gave.
        score: i64,
        /// Its state.
        state: EditState,
        /// Time of the edit.
        made_at: Millis,
        /// Time when a held one takes effect.
        due_at: Option<Millis>,
        /// Time when it took effect or was withdrawn.
        decided_at: Option<Millis>,
    }
}

static OF_REQUESTS: Sql =
    Sql::new(concat!("SELECT ", columns!(), " FROM rating_edit e WHERE e.request_id {among $1} ORDER BY e.request_id, e.number"));

/// The edits of these ratings, in order.
pub async fn of_requests(db: &Db, requests: &[RequestId]) -> Result<Vec<RatingEdit>, StoreError> {
    db.read(&OF_REQUESTS, values![crate::ids(requests)]).await?.iter_mut().map(RatingEdit::read).collect()
}

/// A held edit, with data about its rating for display.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldEdit {
    /// The rating request.
    pub request_id: RequestId,
    /// The line.
    pub line_id: LineId,
    /// The responsible operator.
    pub operator_id: Option<OperatorId>,
    /// All operators at the close.
    pub operators: Vec<Operator>,
    /// The scale.
    pub scale: Scale,
    /// The score that counts.
    pub before: i64,
    /// The score that will count.
    pub score: i64,
    /// Time when it takes effect.
    pub due_at: Millis,
}

/// The held edits on these lines, the next to take effect first. Until then there is time to fix the problem.
pub async fn held(db: &Db, lines: &Lines, limit: i64) -> Result<Vec<HeldEdit>, StoreError> {
    static HELD_EDITS: Sql = Sql::new(
        "SELECT e.request_id, t.line_id, t.operator_id, q.operators, t.scale, e.before, e.score, e.due_at FROM rating_edit e \
         JOIN rating t ON t.request_id = e.request_id JOIN rating_request q ON q.id = e.request_id \
         WHERE e.state = 'held' AND ($1 = 1 OR t.line_id {among $2}) ORDER BY e.due_at, e.request_id LIMIT $3",
    );
    let (all, some) = limits(lines);
    let read = |row: &mut Row| {
        Ok(HeldEdit {
            request_id: row.id()?,
            line_id: row.name()?,
            operator_id: row.name_or_null()?,
            operators: row.document("rating_request", "operators")?,
            scale: row.word("rating", "scale", Scale::parse)?,
            before: row.int()?,
            score: row.int()?,
            due_at: row.int()?,
        })
    };
    db.read(&HELD_EDITS, values![all, some, limit]).await?.iter_mut().map(read).collect()
}

/// As [`of_requests`], inside a transaction that has locked the rating requests.
pub async fn load(tx: &mut Tx, requests: &[RequestId]) -> Result<Vec<RatingEdit>, StoreError> {
    let Statement { sql, values } = load_statement(requests);
    read_all(tx.fetch(sql, values).await?)
}

pub(super) fn load_statement(requests: &[RequestId]) -> Statement {
    Statement::new(&OF_REQUESTS, values![crate::ids(requests)])
}

pub(super) fn read_all(mut rows: Vec<Row>) -> Result<Vec<RatingEdit>, StoreError> {
    rows.iter_mut().map(RatingEdit::read).collect()
}

/// Writes edits. The transaction has locked their rating requests.
pub async fn save(tx: &mut Tx, edits: &[RatingEdit]) -> Result<(), StoreError> {
    if edits.is_empty() {
        return Ok(());
    }
    let Statement { sql, values } = save_statement(edits);
    tx.execute(sql, values).await.map(drop)
}

pub(super) fn save_statement(edits: &[RatingEdit]) -> Statement {
    static SAVE: Sql = Sql::new(concat!(
        columns!(insert),
        " WHERE true ON CONFLICT (request_id, number) DO UPDATE SET state = excluded.state, decided_at = excluded.decided_at"
    ));
    Statement::new(&SAVE, values![crate::rows(edits)])
}

/// The rating requests with a due held edit, at most `limit`.
pub async fn due(tx: &mut Tx, now: Millis, limit: i64) -> Result<Vec<RequestId>, StoreError> {
    static DUE: Sql = Sql::new(
        "SELECT e.request_id FROM rating_edit e WHERE e.state = 'held' AND e.due_at <= $1 ORDER BY e.due_at, e.request_id LIMIT $2",
    );
    tx.fetch(&DUE, values![now, limit]).await?.iter_mut().map(Row::id).collect()
}
