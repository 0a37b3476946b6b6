//! All SQL, written once for both databases.
//!
//! Only [`db`] names a driver: it holds the two kinds of connections, the transaction, and the functions through which every
//! statement goes. Each file in the modules is one table or one query, and takes slices: a batch of one is the simple case. Nothing
//! is decided here: rules are in `lastword_domain`, the order of events in `lastword_life`.
//!
//! A function that returns [`StoreError`] fails with an error of the database. An `# Errors` section names only further errors.

pub mod access;
pub mod alert;
pub mod answer;
pub mod connection;
pub mod counter;
mod counter_change;
pub mod db;
pub mod error;
pub mod group_commit;
pub mod inbox;
pub mod line;
pub mod locks;
pub mod question;
pub mod records;
pub mod report;
pub mod review;
pub mod schema;
pub mod session;
pub mod sql;

pub use db::{Db, Tx};
pub use error::StoreError;
pub use sql::value::Row;

use self::sql::Statement;
use lastword_base::names::Name;
use lastword_domain::access::rights::Lines;
use sql::Sql;
use sql::rows::Rows;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

/// A document as stored in its column.
fn json<T: serde::Serialize + ?Sized>(document: &T) -> String {
    serde_json::to_string(document).unwrap_or_else(|error| unreachable!("our documents are plain data: {error}"))
}

/// The same, for a field of a row.
fn as_json<T: serde::Serialize, S: serde::Serializer>(document: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&json(document))
}

/// Structs as rows for `{rows …}`.
fn rows<T: serde::Serialize>(rows: &[T]) -> Rows {
    Rows::of(rows)
}

/// IDs as rows for `{among …}`, or `{rows … id text}`.
fn ids(ids: &[impl std::fmt::Display]) -> Rows {
    Rows::ids(ids)
}

/// As [`ids`], of names.
fn names<K>(names: &[&Name<K>]) -> Rows {
    ids(&names.iter().map(|name| name.as_str()).collect::<Vec<_>>())
}

/// Statements that insert new rows and update known ones, with the expected number of rows of each.
fn by_novelty<T: serde::Serialize>(
    rows: &[T],
    is_new: impl Fn(&T) -> bool,
    add: &'static Sql,
    change: &'static Sql,
) -> Vec<(Statement, usize)> {
    let (new, known): (Vec<&T>, Vec<&T>) = rows.iter().partition(|row| is_new(row));
    let some = [(add, new), (change, known)].into_iter().filter(|(_, rows)| !rows.is_empty());
    some.map(|(sql, rows)| (Statement::new(sql, crate::values![Rows::of(&rows)]), rows.len())).collect()
}

/// Parameters of a statement with `$a = 1 OR line_id {among $b}`, which limits it to these lines.
fn limits(lines: &Lines) -> (i64, Rows) {
    match lines {
        Lines::All => (1, Rows::default()),
        Lines::Some(lines) => (0, names(&lines.iter().collect::<Vec<_>>())),
    }
}

/// Fails with a conflict unless all `expected` rows were written.
fn expect_all(written: u64, expected: usize) -> Result<(), StoreError> {
    if written == expected as u64 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// Parses a JSON document from a column.
///
/// # Errors
/// [`StoreError::Inconsistent`] names the column, and the position of the error.
pub fn document<T: serde::de::DeserializeOwned>(table: &'static str, column: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| not_a_document(table, column, &error))
}

/// As [`document`], for the row `row`, which the error names.
///
/// # Errors
/// [`StoreError::Inconsistent`] names table, column and row, and the position of the error.
pub fn document_in<T: serde::de::DeserializeOwned>(
    table: &'static str,
    column: &'static str,
    row: impl std::fmt::Display,
    text: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| {
        let found = format!("row {row}, line {} column {}", error.line(), error.column());
        StoreError::Inconsistent { table, column, found }
    })
}

/// As [`document_in`], for callers that continue without it: the error is logged.
pub fn document_or_said<T: serde::de::DeserializeOwned>(
    table: &'static str,
    column: &'static str,
    row: impl std::fmt::Display,
    text: &str,
) -> Option<T> {
    match document_in(table, column, row, text) {
        Ok(document) => Some(document),
        Err(error) => {
            tracing::error!(%error, "a database row cannot be read; continuing without it");
            None
        }
    }
}

/// The position at which a JSON document could not be parsed; its content is not logged, because it may be personal data.
fn not_a_document(table: &'static str, column: &'static str, error: &serde_json::Error) -> StoreError {
    StoreError::Inconsistent { table, column, found: format!("line {} column {}", error.line(), error.column()) }
}
