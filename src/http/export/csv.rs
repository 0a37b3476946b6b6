//! Tables as CSV (RFC 4180): UTF-8 with its mark, so that spreadsheets read it as such; written while the rows come.

use super::{Cell, Column, Rows, as_file};
use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use lastword_store::StoreError;
use std::io;

/// What says that a file is UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A table as CSV, as it is downloaded.
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
                tracing::error!(%error, "a file could not be written to its end");
                // The download breaks off: half a file must not look like a whole one.
                Some((Err(io::Error::other("the database does not answer")), (None, None)))
            }
        }
    });
    as_file(Body::from_stream(stream).into_response(), "text/csv; charset=utf-8; header=present", name)
}

/// Writes a table as CSV. Gives how many rows it has.
///
/// # Errors
/// The database's error, or that of the place it is written to.
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

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The database's error.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// That of the place it is written to.
    #[error("it cannot be written: {0}")]
    Io(#[from] io::Error),
    /// There is no folder for temporary files.
    #[error("{0}")]
    NoFolder(String),
    /// There are more rows than the kind of file can have.
    #[error("there are more than {0} rows, and a sheet of XLSX has no more: write CSV, or narrow the filter")]
    TooManyRows(u32),
    /// It would take longer than a call may.
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

/// A cell in quotes where it needs them: also where it holds what another country's spreadsheets or other programs divide cells
/// at, so that the rest of it does not become a cell of its own there, perhaps with a formula.
fn quoted(text: String) -> String {
    if text.contains(['"', ',', ';', '\t', '|', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// What a formula begins with, also as East Asian keyboards write it.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Whether a spreadsheet could take the text for a formula: blanks and line feeds before the sign do not keep it from that.
fn is_formula(text: &str) -> bool {
    let unseen =
        |letter: char| letter.is_whitespace() || letter.is_control() || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    text.starts_with(['\t', '\r', '\n']) || text.trim_start_matches(unseen).starts_with(SIGNS)
}

/// A cell as it stands in the file. Spreadsheets take a text that begins like a formula for one, whatever its quotes (OWASP,
/// "CSV injection"): an apostrophe makes it a text. Numbers are numbers, also below zero.
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
