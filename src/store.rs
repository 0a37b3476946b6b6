//! All SQL, written once for both databases.
//!
//! [`db`] is the only file that names a driver: it holds the two connections, the transaction, and the one waist
//! through which every statement goes. Each other file here is one table or one question, and takes slices: a batch of
//! one is the simple case. Nothing here decides: rules are in `crate::domain`, order of events in `crate::life`.

pub mod account;
pub mod address_move;
pub mod alert;
pub mod answer;
pub mod answer_signal;
pub mod api_key;
pub mod arrival;
pub mod audit;
pub mod client;
pub mod client_data;
pub mod closing;
pub mod comment_word;
pub mod connection;
pub mod conversation;
mod counted;
pub mod counter;
pub mod db;
pub mod delivery;
pub mod delivery_list;
pub mod ending;
pub mod error;
pub mod group_commit;
pub mod import_run;
pub mod inbox;
pub mod inspect;
pub mod lease;
pub mod line;
pub mod login;
pub mod mail;
pub mod objection;
pub mod operator;
pub mod pass_on;
pub mod personal;
pub mod rating;
pub mod rating_edit;
pub mod rating_list;
pub mod rating_request;
pub mod recipient;
pub mod recount;
pub mod reply;
pub mod report;
pub mod retention;
pub mod review;
pub mod session;
pub mod showcase;
pub mod sign_in_try;
pub mod sql;
pub mod supervisor_score;
pub mod today;
pub mod visitor;

pub use db::{Db, Row, Tx};
pub use error::StoreError;

use crate::domain::rights::Lines;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

/// `rows` as the JSON array that `{rows …}` reads.
fn json<T: serde::Serialize + ?Sized>(rows: &T) -> String {
    serde_json::to_string(rows).unwrap_or_else(|error| unreachable!("our rows are plain data: {error}"))
}

/// Ids as the rows that `{rows … id text}` reads.
fn ids(ids: &[&str]) -> String {
    #[derive(serde::Serialize)]
    struct Id<'a> {
        id: &'a str,
    }
    json(&ids.iter().map(|&id| Id { id }).collect::<Vec<_>>())
}

/// What a statement with `$a = 1 OR line_id {among $b}` reads, so that it sees just these lines.
fn limits(lines: &Lines) -> (i64, String) {
    match lines {
        Lines::All => (1, "[]".to_owned()),
        Lines::Some(lines) => (0, ids(&lines.iter().map(String::as_str).collect::<Vec<_>>())),
    }
}

/// All `expected` rows were written, or somebody else wrote one of them at the same moment.
fn expect_all(written: u64, expected: usize) -> Result<(), StoreError> {
    if written == expected as u64 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// Reads a JSON document out of a column.
fn document<T: serde::de::DeserializeOwned>(table: &'static str, column: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Inconsistent {
        table,
        column,
        found: format!("line {} column {}", error.line(), error.column()),
    })
}
