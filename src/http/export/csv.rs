//! Tables as CSV (RFC 4180), in UTF-8 with a byte order mark so that spreadsheets detect the encoding. Written while the rows are read.

use super::{Cell, Column, Rows, as_file};
use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use lastword_store::StoreError;
use std::io;

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A table as a CSV download.
pub fn response(name: &str, columns: Vec<Column>, rows: Box<dyn Rows>) -> Response {
    let stream = unfold((Some(columns), Some(rows)), |(columns, rows)| async move {
        if let Some(columns) = columns {
            return Some((Ok(Bytes::from(head(&columns))), (None, rows)));
        }
        let mut rows = rows?;
        match rows.next().await {
            Ok(batch) if batch.is_empty() => None,
            Ok(batch) => Some((Ok(Bytes::from(lines(&batch))), (None, Some(rows)))),
            Err(error) => {
                tracing::error!(%error, "could not finish writing a CSV download");
                // Abort the download, so that a partial file does not look complete.
                Some((Err(io::Error::other("the database does not answer")), (None, None)))
            }
        }
    });
    as_file(Body::from_stream(stream).into_response(), "text/csv; charset=utf-8; header=present", name)
}

/// Writes a table as CSV. Returns the number of rows.
///
/// # Errors
/// A database error, or an I/O error of `out`.
pub async fn write(out: &mut (dyn io::Write + Send), columns: &[Column], mut rows: Box<dyn Rows>) -> Result<u64, WriteError> {
    out.write_all(&head(columns))?;
    let mut count = 0;
    loop {
        let batch = rows.next().await?;
        if batch.is_empty() {
            break;
        }
        count += batch.len() as u64;
        out.write_all(&lines(&batch))?;
    }
    out.flush()?;
    Ok(count)
}

/// Errors of writing a file.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A database error.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An I/O error.
    #[error("it cannot be written: {0}")]
    Io(#[from] io::Error),
    /// No folder for temporary files is writable.
    #[error("{0}")]
    NoFolder(String),
    /// More rows than the file format supports.
    #[error("there are more than {0} rows, and a sheet of XLSX has no more: write CSV, or narrow the filter")]
    TooManyRows(u32),
    /// Writing would take longer than a call may.
    #[error("it takes too long: write CSV, or narrow the filter")]
    TooSlow,
}

fn head(columns: &[Column]) -> Vec<u8> {
    let titles: Vec<Cell> = columns.iter().map(|column| Cell::Text(column.title.clone())).collect();
    [MARK, &lines(&[titles])].concat()
}

fn lines(rows: &[Vec<Cell>]) -> Vec<u8> {
    let mut out = String::new();
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            out.push_str(&quoted(text(cell)));
        }
        out.push_str("\r\n");
    }
    out.into_bytes()
}

/// Quotes a cell if needed. Separators of other locales and programs count too, so that the rest of the cell does not
/// become a separate cell, possibly with a formula.
fn quoted(text: String) -> String {
    if text.contains(['"', ',', ';', '\t', '|', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// Characters that start a formula, including their full-width forms.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// True if a spreadsheet could read the text as a formula. Leading spaces and line feeds do not prevent that.
fn is_formula(text: &str) -> bool {
    let unseen =
        |letter: char| letter.is_whitespace() || letter.is_control() || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    text.starts_with(['\t', '\r', '\n']) || text.trim_start_matches(unseen).starts_with(SIGNS)
}

/// Formats a cell. Spreadsheets read a text that starts like a formula as one, even in quotes (OWASP, "CSV injection"); a
/// leading apostrophe makes it a text. Numbers are unchanged, including negative ones.
fn text(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) if is_formula(text) => format!("'{text}"),
        Cell::Text(text) => text.clone(),
        Cell::Int(number) => number.to_string(),
        Cell::Number(number) => number.to_string(),
        Cell::Moment(at) => at.format("%Y-%m-%d %H:%M:%S").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_formulas_are_texts() {
        let row = |cells: &[&str]| cells.iter().map(|cell| Cell::from(*cell)).collect::<Vec<_>>();
        let written = lines(&[
            row(&["a,b", "say \"hi\"", "two\nlines"]),
            row(&["=1+1", "@x", "\tx"]),
            vec![Cell::Int(-3), Cell::Number(0.5), Cell::Empty],
        ]);
        let expected = "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\r\n'=1+1,'@x,\"'\tx\"\r\n-3,0.5,\r\n";
        assert_eq!(String::from_utf8(written).unwrap(), expected);
        let head = head(&[Column::new("a", "-a", super::super::Kind::Text, 5)]);
        assert_eq!(head, "\u{feff}'-a\r\n".as_bytes());
    }

    #[test]
    fn no_disguise_makes_a_formula_of_a_text() {
        let table = [
            ("＝1+1", "'＝1+1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠x", "'＠x"),
            (" =1+1", "' =1+1"),
            ("\u{a0}\u{feff}=1+1", "'\u{a0}\u{feff}=1+1"),
            ("\n=1+1", "\"'\n=1+1\""),
            ("ok;=1+1;", "\"ok;=1+1;\""),
            ("ok\t=1+1", "\"ok\t=1+1\""),
            ("a = b", "a = b"),
            (" spaced", " spaced"),
        ];
        for (told, expected) in table {
            assert_eq!(String::from_utf8(lines(&[vec![Cell::from(told)]])).unwrap(), format!("{expected}\r\n"), "{told:?}");
        }
    }
}
