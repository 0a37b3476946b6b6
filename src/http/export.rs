//! Tables as files. A table declares its columns once ([`Column`]) and produces its rows in batches ([`Rows`]). The file is
//! written while the rows are read, so a million rows need no more memory than ten.
//!
//! ```text
//! let columns = vec![Column::new("line", "Line", Kind::Text, 24), Column::new("closes", "Closes", Kind::Number, 10)];
//! export::csv::response("closes.csv", columns, Box::new(Given::new(rows)))
//! let (file, count) = export::xlsx::made_within("Closes", columns, Box::new(Given::new(rows)), within).await?;
//! export::xlsx::response("closes.xlsx", file)
//! ```
//!
//! CSV is sent while its rows are read, so no call timeout cuts it off. XLSX must be complete before its first byte can be
//! sent; it is therefore limited in time, and its error suggests alternatives.

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

/// Type of the values of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// Numbers.
    Number,
    /// Times, in the organisation's time zone.
    Moment,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name for programs.
    pub key: &'static str,
    /// Title for people.
    pub title: String,
    /// Type of its values.
    pub kind: Kind,
    /// Display width in characters.
    pub width: u8,
}

impl Column {
    /// Creates a column.
    pub fn new(key: &'static str, title: impl Into<String>, kind: Kind, width: u8) -> Self {
        Self { key, title: title.into(), kind, width }
    }
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text, unescaped; each file format protects against formulas itself.
    Text(String),
    /// An integer.
    Int(i64),
    /// A number.
    Number(f64),
    /// A time in the organisation's time zone.
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

/// The rows of a table, in batches. Each row has as many cells as the table has columns.
#[async_trait]
pub trait Rows: Send + 'static {
    /// Returns the next rows; an empty batch at the end.
    async fn next(&mut self) -> Result<Vec<Vec<Cell>>, StoreError>;
}

/// Rows in memory, for small tables.
#[derive(Debug)]
pub struct Given(Vec<Vec<Cell>>);

impl Given {
    /// Wraps these rows.
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

/// Sets the content type and the file name of a response. The name is plain ASCII.
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
