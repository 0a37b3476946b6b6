//! Progress of each line in erasing the personal data of old closes.

use crate::sql::Sql;
use crate::{Db, Millis, Row, StoreError, Tx, values};
use lastword_base::names::{LineId, RequestId};
use serde::Serialize;

/// Resets the progress of lines to the earliest of new closes that are older than it.
pub async fn look_again(tx: &mut Tx, earliest: &[(&LineId, Millis)]) -> Result<(), StoreError> {
    #[derive(Serialize)]
    struct Earliest<'a> {
        line_id: &'a LineId,
        at: Millis,
    }
    static AGAIN: Sql = Sql::new(
        "UPDATE retention SET done_until = {least}(retention.done_until, r.at) FROM {rows $1 r: line_id text, at int} \
         WHERE retention.line_id = r.line_id",
    );
    let rows: Vec<Earliest<'_>> = earliest.iter().map(|&(line_id, at)| Earliest { line_id, at }).collect();
    tx.execute(&AGAIN, values![crate::rows(&rows)]).await.map(drop)
}

/// Progress of a line, locked until the end of the transaction; `None` if another node is working on it.
pub async fn take_turn(tx: &mut Tx, line: &LineId) -> Result<Option<Millis>, StoreError> {
    static BEGIN: Sql = Sql::new("INSERT INTO retention (line_id, done_until) VALUES ($1, 0) ON CONFLICT DO NOTHING");
    static TURN: Sql = Sql::new("SELECT done_until FROM retention WHERE line_id = $1 {lock skip}");
    if let Some(row) = tx.fetch(&TURN, values![line]).await?.first_mut() {
        return row.int().map(Some);
    }
    tx.execute(&BEGIN, values![line]).await?;
    tx.fetch(&TURN, values![line]).await?.first_mut().map(Row::int).transpose()
}

/// Records that closes of a line before `until` are done. The transaction has locked the line's progress.
pub async fn done(tx: &mut Tx, line: &LineId, until: Millis) -> Result<(), StoreError> {
    static DONE: Sql = Sql::new("UPDATE retention SET done_until = $2 WHERE line_id = $1");
    tx.execute(&DONE, values![line, until]).await.map(drop)
}

/// The rating requests among these whose personal data was erased, with the time.
pub async fn erased(db: &Db, requests: &[RequestId]) -> Result<Vec<(RequestId, Millis)>, StoreError> {
    static ERASED: Sql =
        Sql::new("SELECT q.id, q.erased_at FROM rating_request q WHERE q.id {among $1} AND q.erased_at IS NOT NULL ORDER BY q.id");
    db.read(&ERASED, values![crate::ids(requests)]).await?.iter_mut().map(|row| Ok((row.id()?, row.int()?))).collect()
}
