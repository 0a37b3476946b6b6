//! Expiry of questions: a row for each one that was asked, sorted by time. It stays after an answer, and is deleted when it is due.

use super::{Progress, RatingRequest, progress};
use crate::sql::rows::Rows;
use crate::sql::{Sql, Statement};
use crate::{Millis, Row, StoreError, Tx, values};
use lastword_base::names::RequestId;
use serde::Serialize;
use std::collections::HashSet;

macro_rules! keeping {
    () => {
        "INSERT INTO question_expiry (expires_at, request_id) SELECT expires_at, request_id \
         FROM {rows $1 r: expires_at int, request_id text}"
    };
}

/// The expiry rows of the open ones among these new rating requests. `None` if there are none.
pub(crate) fn expiry_statement(requests: &[RatingRequest]) -> Option<Statement> {
    static KEEP: Sql = Sql::new(keeping!());
    expiries(requests).map(|rows| Statement::new(&KEEP, values![rows]))
}

/// Stores the expiry of rating requests that are open again. An existing row is locked until the end of the transaction: otherwise
/// [`overdue`] in another one could take it, see a request that has ended, and drop it.
pub(crate) async fn keep_again(tx: &mut Tx, requests: &[RatingRequest]) -> Result<(), StoreError> {
    static KEEP_AGAIN: Sql =
        Sql::new(concat!(keeping!(), " WHERE true ON CONFLICT (expires_at, request_id) DO UPDATE SET request_id = excluded.request_id"));
    match expiries(requests) {
        Some(rows) => tx.execute(&KEEP_AGAIN, values![rows]).await.map(drop),
        None => Ok(()),
    }
}

#[derive(Serialize)]
struct Expiry {
    expires_at: Millis,
    request_id: RequestId,
}

impl Expiry {
    fn of(request: &RatingRequest) -> Option<Self> {
        Some(Self { expires_at: request.expires_at?, request_id: request.id })
    }
}

fn expiries(requests: &[RatingRequest]) -> Option<Rows> {
    let open = requests.iter().filter(|request| request.outcome.is_none());
    let rows: Vec<Expiry> = open.filter_map(Expiry::of).collect();
    (!rows.is_empty()).then(|| crate::rows(&rows))
}

/// The rating requests among these whose answer time is not over. Their rows are locked until the end of the transaction, so that
/// [`overdue`] in another transaction cannot take them in the meantime.
pub(crate) async fn running<'r>(tx: &mut Tx, requests: impl Iterator<Item = &'r RatingRequest>) -> Result<HashSet<RequestId>, StoreError> {
    static RUNNING: Sql = Sql::new(
        "SELECT e.request_id FROM {rows $1 r: expires_at int, request_id text} CROSS JOIN question_expiry e \
         WHERE e.expires_at = r.expires_at AND e.request_id = r.request_id ORDER BY e.expires_at, e.request_id {lock OF e}",
    );
    let rows: Vec<Expiry> = requests.filter_map(Expiry::of).collect();
    if rows.is_empty() {
        return Ok(HashSet::new());
    }
    tx.fetch(&RUNNING, values![crate::rows(&rows)]).await?.iter_mut().map(Row::id).collect()
}

/// Takes the rating requests whose time is over at `now`, the oldest first, at most `limit`: their IDs, and the state of the
/// questions of open ones. They are not taken again.
pub async fn overdue(tx: &mut Tx, now: Millis, limit: i64) -> Result<(Vec<RequestId>, Vec<Progress>), StoreError> {
    // Rating requests that another transaction has locked are left for the next round.
    static DUE: Sql = Sql::new(
        "SELECT e.expires_at, q.id FROM question_expiry e JOIN rating_request q ON q.id = e.request_id \
         WHERE e.expires_at <= $1 ORDER BY e.expires_at, e.request_id LIMIT $2 {lock skip OF q}",
    );
    static TAKE: Sql = Sql::new(
        "DELETE FROM question_expiry WHERE (expires_at, request_id) IN \
         (SELECT r.expires_at, r.request_id FROM {rows $1 r: expires_at int, request_id text}) RETURNING request_id",
    );
    #[derive(Serialize)]
    struct Due {
        expires_at: Millis,
        request_id: RequestId,
    }
    let read = |row: &mut Row| Ok(Due { expires_at: row.int()?, request_id: row.id()? });
    let due: Vec<Due> = tx.fetch(&DUE, values![now, limit]).await?.iter_mut().map(read).collect::<Result<_, StoreError>>()?;
    if due.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let taken: Vec<RequestId> = tx.fetch(&TAKE, values![crate::rows(&due)]).await?.iter_mut().map(Row::id).collect::<Result<_, _>>()?;
    let open = progress(tx, &taken).await?;
    Ok((taken, open))
}
