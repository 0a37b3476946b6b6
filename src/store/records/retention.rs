//! How far each line is with taking personal data away from old closes.

use crate::sql::Sql;
use crate::values;
use crate::{Db, Millis, Row, StoreError, Tx};
use serde::Serialize;

/// Closes older than what was seen to have come in: each line is looked at again from its earliest of them.
///
/// # Errors
/// The database's error.
pub async fn look_again(tx: &mut Tx, earliest: &[(&str, Millis)]) -> Result<(), StoreError> {
    #[derive(Serialize)]
    struct Earliest<'a> {
        line_id: &'a str,
        at: Millis,
    }
    static AGAIN: Sql = Sql::new(
        "UPDATE retention SET done_until = {least}(retention.done_until, r.at) FROM {rows $1 r: line_id text, at int} \
         WHERE retention.line_id = r.line_id",
    );
    let rows: Vec<Earliest<'_>> = earliest.iter().map(|&(line_id, at)| Earliest { line_id, at }).collect();
    tx.execute(&AGAIN, values![crate::rows(&rows)]).await.map(drop)
}

/// How far a line is, held until the end of the transaction; none when another node sees to it right now.
///
/// # Errors
/// The database's error.
pub async fn take_turn(tx: &mut Tx, line: &str) -> Result<Option<Millis>, StoreError> {
    static BEGIN: Sql = Sql::new("INSERT INTO retention (line_id, done_until) VALUES ($1, 0) ON CONFLICT DO NOTHING");
    static TURN: Sql = Sql::new("SELECT done_until FROM retention WHERE line_id = $1 {lock skip}");
    if let Some(row) = tx.fetch(&TURN, values![line]).await?.first_mut() {
        return row.int().map(Some);
    }
    tx.execute(&BEGIN, values![line]).await?;
    tx.fetch(&TURN, values![line]).await?.first_mut().map(Row::int).transpose()
}

/// Closes of a line before `until` have been seen to. The transaction has the turn.
///
/// # Errors
/// The database's error.
pub async fn done(tx: &mut Tx, line: &str, until: Millis) -> Result<(), StoreError> {
    static DONE: Sql = Sql::new("UPDATE retention SET done_until = $2 WHERE line_id = $1");
    tx.execute(&DONE, values![line, until]).await.map(drop)
}

/// Which of these rating requests have lost their personal data, and when.
///
/// # Errors
/// The database's error.
pub async fn erased(db: &Db, requests: &[&str]) -> Result<Vec<(String, Millis)>, StoreError> {
    static ERASED: Sql =
        Sql::new("SELECT q.id, q.erased_at FROM rating_request q WHERE q.id {among $1} AND q.erased_at IS NOT NULL ORDER BY q.id");
    db.read(&ERASED, values![crate::ids(requests)]).await?.iter_mut().map(|row| Ok((row.text()?, row.int()?))).collect()
}
