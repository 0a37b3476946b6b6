//! Tables as files: what a table has is said once ([`Column`]), its rows come in batches ([`Rows`]), and the file is made of
//! them while they come, so that a file of a million rows needs no more memory than one of ten.
//!
//! ```text
//! let columns = vec![Column::new("line", "Line", Kind::Text, 24), Column::new("closes", "Closes", Kind::Number, 10)];
//! export::csv::response("closes.csv", columns, Box::new(Given::new(rows)))
//! let (file, count) = export::xlsx::made_within("Closes", columns, Box::new(Given::new(rows)), within).await?;
//! export::xlsx::response("closes.xlsx", file)
//! ```
//!
//! CSV leaves while its rows are read, so that no time limit of a call cuts it. XLSX is a whole before its first byte can
//! leave: it has an end in time, and says what to do instead.

pub mod audited;
pub mod csv;
pub mod jsonl;
pub mod ratings;
pub mod xlsx;

use async_trait::async_trait;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use chrono::DateTime;
use chrono_tz::Tz;
use lastword_store::StoreError;

/// What kind of values a column has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// Numbers.
    Number,
    /// Moments, by the clock of the organisation.
    Moment,
}

/// One column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name for programs.
    pub key: &'static str,
    /// Its name for people.
    pub title: String,
    /// What it has.
    pub kind: Kind,
    /// How wide it is shown, in letters.
    pub width: u8,
}

impl Column {
    /// A column.
    pub fn new(key: &'static str, title: impl Into<String>, kind: Kind, width: u8) -> Self {
        Self { key, title: title.into(), kind, width }
    }
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text, as it is: what is done against formulas is each file's own business.
    Text(String),
    /// A whole number.
    Int(i64),
    /// Any number.
    Number(f64),
    /// A moment, on the clock of the organisation.
    Moment(DateTime<Tz>),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Cell::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Cell::Int(number)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Cell::Number(number)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Empty, Into::into)
    }
}

/// The rows of a table, in batches; each row has as many cells as the table has columns.
#[async_trait]
pub trait Rows: Send + 'static {
    /// The next rows; none at the end.
    async fn next(&mut self) -> Result<Vec<Vec<Cell>>, StoreError>;
}

/// Rows that are there already: for small tables.
#[derive(Debug)]
pub struct Given(Vec<Vec<Cell>>);

impl Given {
    /// These rows.
    pub fn new(rows: Vec<Vec<Cell>>) -> Self {
        Self(rows)
    }
}

#[async_trait]
impl Rows for Given {
    async fn next(&mut self) -> Result<Vec<Vec<Cell>>, StoreError> {
        Ok(std::mem::take(&mut self.0))
    }
}

/// Says what kind of file a response is, and what it is called. The name is plain ASCII.
fn as_file(mut response: Response, kind: &'static str, name: &str) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let name: String = name.chars().filter(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(*letter)).collect();
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
