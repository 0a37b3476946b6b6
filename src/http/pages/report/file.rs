//! A report's table as a file: CSV for programs, XLSX for people. Nothing in it is taken for a formula.

use crate::http::problem::Problem;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A whole number.
    Count(i64),
    /// A number with decimals; none of nothing.
    Number(Option<f64>),
}

/// A table: its name, the heads, the rows.
#[derive(Clone, Debug)]
pub struct Table {
    /// The name of the file.
    pub name: String,
    /// The heads of the columns.
    pub head: Vec<String>,
    /// The rows, each as long as the head.
    pub rows: Vec<Vec<Cell>>,
}

/// A text that programs for tables would read as a formula gets a mark before it, which they show as text.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn number(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

/// The table as CSV, with the mark of its encoding, without which some programs misread letters.
fn csv(table: &Table) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(table.head.iter().map(|head| harmless(head)))?;
    for row in &table.rows {
        writer.write_record(row.iter().map(|cell| match cell {
            Cell::Text(text) => harmless(text),
            Cell::Count(count) => count.to_string(),
            Cell::Number(value) => value.map(|value| number(value).to_string()).unwrap_or_default(),
        }))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

fn xlsx(table: &Table) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let bold = Format::new().set_bold();
    for (column, head) in (0_u16..).zip(&table.head) {
        sheet.write_string_with_format(0, column, harmless(head), &bold)?;
        sheet.set_column_width(column, if column == 0 { 28 } else { 14 })?;
    }
    for (line, row) in (1_u32..).zip(&table.rows) {
        for (column, cell) in (0_u16..).zip(row) {
            let value = match cell {
                Cell::Text(text) => {
                    sheet.write_string(line, column, harmless(text))?;
                    continue;
                }
                Cell::Count(count) => *count as f64,
                Cell::Number(Some(value)) => number(*value),
                Cell::Number(None) => continue,
            };
            sheet.write_number(line, column, value)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    book.save_to_buffer()
}

/// The table as a file to keep: `csv` or `xlsx`.
///
/// # Errors
/// For another format, and when a file cannot be made.
pub fn answer(table: &Table, format: &str) -> Result<Response, Problem> {
    let failed = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, "a file could not be made");
        Problem::internal()
    };
    let (kind, body) = match format {
        "csv" => ("text/csv; charset=utf-8", csv(table).map_err(|error| failed(&error))?),
        "xlsx" => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx(table).map_err(|error| failed(&error))?),
        other => {
            let other: String = other.chars().take(20).collect();
            return Err(Problem::invalid_field("format", format!("There is no format \"{other}\"."), "Ask for csv or xlsx."));
        }
    };
    let name = format!("attachment; filename=\"{}.{format}\"", table.name);
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], body).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader};
    use std::io::Cursor;

    fn table() -> Table {
        let evil = ["=1+1", "+49", "-2", "@cmd", "\tx", "fine, \"quoted\"", "Ольга"];
        let row = |text: &&str| vec![Cell::Text((*text).to_owned()), Cell::Count(7), Cell::Number(Some(2.0 / 3.0)), Cell::Number(None)];
        Table { name: "report".into(), head: ["a", "b", "c", "d"].map(str::to_owned).into(), rows: evil.iter().map(row).collect() }
    }

    #[test]
    fn a_csv_holds_what_was_in_the_table_and_no_formula() {
        let bytes = csv(&table()).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let first: Vec<&str> = rows.iter().map(|row| &row[0]).collect();
        assert_eq!(first, ["'=1+1", "'+49", "'-2", "'@cmd", "'\tx", "fine, \"quoted\"", "Ольга"]);
        assert_eq!((&rows[0][1], &rows[0][2], &rows[0][3]), ("7", "0.667", ""));
    }

    #[test]
    fn an_xlsx_opens_and_holds_numbers_as_numbers() {
        let bytes = xlsx(&table()).unwrap();
        let mut book = calamine::Xlsx::new(Cursor::new(bytes)).unwrap();
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        assert_eq!(sheet.get_value((1, 0)), Some(&Data::String("'=1+1".to_owned())));
        assert_eq!((sheet.get_value((7, 0)), sheet.get_value((7, 1))), (Some(&Data::String("Ольга".to_owned())), Some(&Data::Float(7.0))));
        assert_eq!(answer(&table(), "xlsx").unwrap().headers()["content-disposition"], "attachment; filename=\"report.xlsx\"");
        assert!(answer(&table(), "pdf").is_err());
    }
}
