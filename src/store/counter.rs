//! Counters: differences are stored in the transaction of the rows they count, and added up later.
//! `lastword_domain::report::counter` defines the counts and their operators.
//!
//! Transactions never write a counter itself: many nodes would wait for each other at today's row. Each inserts a few rows of
//! differences, and one node at a time adds them up. Reports read both, so they are always current.

pub mod cell;

use self::cell::{Cells, add_everywhere};
use crate::counter_change::measures;
use crate::sql::Sql;
use crate::transaction;
use crate::{Db, Row, StoreError, Tx, values};
use lastword_domain::report::counter::{Cell, Changes, Counts, OF_LINE, OF_OPERATOR, ReasonOf};
use serde::Serialize;

/// Maximum number of differences per transaction: short, so that others do not wait long.
const FOLDED_MAX: i64 = 2_000;

/// The measures of a row, in their order.
fn read_measures(row: &mut Row) -> Result<Counts, StoreError> {
    let mut counts = Counts::default();
    for count in &mut counts.0 {
        *count = row.int()?;
    }
    Ok(counts)
}

/// Adds stored differences to the counters, unless another node is doing it. Returns their number.
///
/// # Errors
/// A database error; then nothing was added.
pub async fn fold(db: &Db) -> Result<usize, StoreError> {
    static PENDING: Sql = Sql::new("SELECT id FROM counter_delta LIMIT 1");
    if db.read(&PENDING, vec![]).await?.is_empty() {
        return Ok(0);
    }
    transaction!(db, async |tx| { fold_some(tx).await }).await
}

async fn fold_some(tx: &mut Tx) -> Result<usize, StoreError> {
    static TURN: Sql = Sql::new("SELECT id FROM counter_state WHERE id = 1 {lock skip}");
    static TAKE: Sql = Sql::made(|| {
        format!(
            "SELECT id, day, hour, whose, line_id, operator_id, channel, scale, handled_by, reason_of, reason, n, {} FROM counter_delta ORDER BY id LIMIT $1",
            measures(str::to_owned)
        )
    });
    static DROP: Sql = Sql::new("DELETE FROM counter_delta WHERE id IN (SELECT r.id FROM {rows $1 r: id int})");
    #[derive(Serialize)]
    struct Id {
        id: i64,
    }
    if tx.fetch(&TURN, vec![]).await?.is_empty() {
        return Ok(0);
    }
    let (mut ids, mut cells) = (Vec::new(), Cells::default());
    for row in &mut tx.fetch(&TAKE, values![FOLDED_MAX]).await? {
        ids.push(Id { id: row.int()? });
        let (cell, n) = (read_cell(row)?, row.int()?);
        cells.add(&cell, n, &read_measures(row)?, 1);
    }
    add_everywhere(tx, &cells).await?;
    tx.execute(&DROP, values![crate::rows(&ids)]).await?;
    Ok(ids.len())
}

/// Adds the differences of this transaction so far to the counters directly, instead of leaving them to [`fold`]: for writers of
/// very many closes on the same days.
pub async fn add_now(tx: &mut Tx) -> Result<(), StoreError> {
    static TURN: Sql = Sql::new("SELECT id FROM counter_state WHERE id = 1 {lock}");
    let mut noted = Changes::default();
    tx.count([], |changes, _| noted = std::mem::take(changes));
    noted.settle();
    if noted.0.is_empty() {
        return Ok(());
    }
    tx.fetch(&TURN, vec![]).await?;
    let mut cells = Cells::default();
    for (cell, (n, counts)) in &noted.0 {
        cells.add(cell, *n, counts, 1);
    }
    add_everywhere(tx, &cells).await
}

fn read_cell(row: &mut Row) -> Result<Cell, StoreError> {
    Ok(Cell {
        day: row.int()?,
        hour: row.int()?,
        whose: whose(&row.text()?)?,
        line_id: row.name()?,
        operator_id: row.name()?,
        channel: row.text()?,
        scale: row.text()?,
        handled_by: row.column("counter_delta", "handled_by")?,
        reason_of: reason_of(&row.text()?)?,
        reason: row.text()?,
    })
}

/// Kind of the reasons; empty for the counts themselves.
pub(crate) fn reason_of(word: &str) -> Result<&'static str, StoreError> {
    match word {
        "" => Ok(""),
        word => ReasonOf::parse(word).map(ReasonOf::as_str).ok_or_else(|| StoreError::Inconsistent {
            table: "counter_delta",
            column: "reason_of",
            found: word.to_owned(),
        }),
    }
}

pub(crate) fn whose(word: &str) -> Result<&'static str, StoreError> {
    let known = [OF_LINE, OF_OPERATOR].into_iter().find(|known| *known == word);
    known.ok_or_else(|| StoreError::Inconsistent { table: "counter", column: "whose", found: word.to_owned() })
}
