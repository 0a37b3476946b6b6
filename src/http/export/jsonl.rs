//! Tables as JSON lines, for programs: one object per row with the columns' keys, and times in UTC.

use super::csv::WriteError;
use super::{Cell, Column, Rows};
use crate::timestamp::Timestamp;
use serde_json::{Map, Value, json};
use std::io;

/// Writes a table as JSON lines. Returns the number of rows.
///
/// # Errors
/// A database error, or an I/O error of `out`.
pub async fn write(out: &mut (dyn io::Write + Send), columns: &[Column], mut rows: Box<dyn Rows>) -> Result<u64, WriteError> {
    let mut count = 0;
    loop {
        let batch = rows.next().await?;
        if batch.is_empty() {
            break;
        }
        for cells in &batch {
            let row: Map<String, Value> = columns.iter().zip(cells).map(|(column, cell)| (column.key.to_owned(), value(cell))).collect();
            writeln!(out, "{}", Value::Object(row))?;
        }
        count += batch.len() as u64;
    }
    out.flush()?;
    Ok(count)
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) => json!(text),
        Cell::Int(number) => json!(number),
        Cell::Number(number) => json!(number),
        Cell::Moment(at) => json!(Timestamp(at.timestamp_millis())),
    }
}
