//! The records of a file, whatever it is: a table with separators, an HTML table, or a JSON object on each line.

use crate::Format;
use crate::html;
use crate::table::Table;
use crate::text::{Counted, Decoded, Encoding};
use serde_json::Value;
use sha2::Sha256;
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read, Seek};
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

/// How much of a file is looked at to see what it is.
const START: u64 = 1 << 16;
/// A line of JSON longer than this is no rating.
const JSON_LINE_MAX: u64 = 1 << 20;

/// Why a file cannot be read, as a sentence with its name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It is not a file of this kind, or its header is not one.
    #[error("{0}")]
    NotOfThisKind(String),
    /// The system refused to read it.
    #[error("{0}")]
    Failed(String),
}

/// What was seen or said of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Its encoding.
    pub encoding: Encoding,
    /// What stands between cells.
    pub separator: u8,
}

/// The records of a file, in its order.
pub struct Records {
    source: Source,
    /// The names of the columns.
    pub header: Vec<String>,
    /// What it is.
    pub shape: Shape,
    line: u64,
}

type Text = Box<dyn Read + Send>;

enum Source {
    Table(Box<Table>),
    Html(std::vec::IntoIter<(u64, Vec<String>)>),
    Json(Box<BufReader<Text>>, Vec<u8>),
}

/// One record: the line it begins in, and why it cannot be read as cells, if it cannot.
pub type Record = (u64, Result<(), String>);

impl Records {
    /// Opens a file. `read` is told how many bytes are behind us; `sum` gets them.
    ///
    /// # Errors
    /// When it cannot be read, or is not a file of this kind.
    pub fn open(
        path: &Path,
        format: &Format,
        said: (Option<Encoding>, Option<u8>),
        read: Arc<AtomicU64>,
        sum: Option<Arc<Mutex<Sha256>>>,
    ) -> Result<Self, ReadError> {
        let name = path.display();
        let unreadable = |error: std::io::Error| ReadError::Failed(format!("{name} cannot be read: {error}"));
        let mut file = File::open(path).map_err(unreadable)?;
        let mut start = Vec::new();
        file.by_ref().take(START).read_to_end(&mut start).map_err(unreadable)?;
        file.rewind().map_err(unreadable)?;
        if start.starts_with(b"PK\x03\x04") || start.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return Err(ReadError::NotOfThisKind(format!("{name} is an Excel workbook; open it and save it as CSV")));
        }
        let encoding = said.0.unwrap_or_else(|| Encoding::of(&start));
        let mut text: Text = Box::new(Decoded::new(Counted::new(file, read, sum), encoding));
        if format.word == "jsonl" {
            let header = format.names().into_iter().map(str::to_owned).collect();
            let source = Source::Json(Box::new(BufReader::with_capacity(1 << 16, text)), Vec::new());
            return Ok(Self { source, header, shape: Shape { encoding, separator: b'\n' }, line: 0 });
        }
        let mut first = String::new();
        Decoded::new(Cursor::new(&start), encoding).take(START).read_to_string(&mut first).unwrap_or_default();
        if first.trim_start().starts_with('<') {
            let mut whole = String::new();
            text.read_to_string(&mut whole).map_err(unreadable)?;
            let mut rows = html::rows(&whole).into_iter();
            let (line, header) = rows.next().ok_or_else(|| ReadError::NotOfThisKind(format!("{name} contains no table")))?;
            return Ok(Self { source: Source::Html(rows), header, shape: Shape { encoding, separator: b'<' }, line });
        }
        let separator = said.1.unwrap_or_else(|| separator(&first));
        let mut records = Self {
            source: Source::Table(Box::new(Table::new(text, separator))),
            header: Vec::new(),
            shape: Shape { encoding, separator },
            line: 0,
        };
        let mut header = Vec::new();
        match records.next(&mut header, |_| false).map_err(|error| ReadError::Failed(format!("{name} cannot be read: {error}")))? {
            Some((_, Ok(()))) => {
                if let Source::Table(table) = &mut records.source {
                    table.expect(header.len());
                }
                records.header = header;
            }
            Some((_, Err(why))) => return Err(ReadError::NotOfThisKind(format!("{name}: the header {why}"))),
            None => return Err(ReadError::NotOfThisKind(format!("{name} is empty"))),
        }
        Ok(records)
    }

    /// Reads the next record into `cells`; none at the end of the file. Inside of quotes, a line for which
    /// `begins_row` holds is a row of its own.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn next(&mut self, cells: &mut Vec<String>, begins_row: impl Fn(&[String]) -> bool) -> Result<Option<Record>, String> {
        match &mut self.source {
            Source::Table(table) => {
                let begins = |record: &csv::ByteRecord| {
                    let mut cells = Vec::new();
                    fill(record, &mut cells).is_ok() && begins_row(&cells)
                };
                let Some(record) = table.next(begins).map_err(|error| error.to_string())? else { return Ok(None) };
                let filled = fill(&record.cells, cells);
                let unclosed = || "opens a quote that is not closed; close it, or write it twice where it is part of the text".to_owned();
                Ok(Some((record.line, if record.unclosed { Err(unclosed()) } else { filled })))
            }
            Source::Html(rows) => Ok(rows.next().map(|(line, row)| {
                *cells = row;
                (line, Ok(()))
            })),
            Source::Json(reader, bytes) => {
                bytes.clear();
                let read = reader.by_ref().take(JSON_LINE_MAX).read_until(b'\n', bytes).map_err(|error| error.to_string())?;
                self.line += 1;
                Ok((read > 0).then(|| (self.line, object(bytes, &self.header, cells))))
            }
        }
    }
}

/// The cells of a record, in the texts that are there already.
fn fill(record: &csv::ByteRecord, cells: &mut Vec<String>) -> Result<(), String> {
    cells.resize_with(record.len(), String::new);
    let mut broken = false;
    for (cell, bytes) in cells.iter_mut().zip(record) {
        cell.clear();
        match std::str::from_utf8(bytes) {
            Ok(text) => cell.push_str(text),
            Err(_) => {
                cell.push_str(&String::from_utf8_lossy(bytes));
                broken = true;
            }
        }
    }
    if broken { Err("is not UTF-8; add --encoding, for example --encoding windows-1251".to_owned()) } else { Ok(()) }
}

/// What separates the cells of the first line: the one that stands there most often outside of quotes.
fn separator(text: &str) -> u8 {
    let (mut counts, mut quoted) = ([0; 3], false);
    let mut letters = text.trim_start().bytes();
    for letter in letters.by_ref().take_while(|letter| *letter != b'\n') {
        match letter {
            b'"' => quoted = !quoted,
            b',' if !quoted => counts[0] += 1,
            b';' if !quoted => counts[1] += 1,
            b'\t' if !quoted => counts[2] += 1,
            _ => {}
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    [b',', b';', b'\t'].into_iter().zip(counts).find(|(_, count)| *count == most).map_or(b',', |(separator, _)| separator)
}

/// The values of a JSON object by the names of `header`.
fn object(bytes: &[u8], header: &[String], cells: &mut Vec<String>) -> Result<(), String> {
    cells.clear();
    if bytes.iter().all(u8::is_ascii_whitespace) {
        cells.resize(header.len(), String::new());
        return Ok(());
    }
    cells.push(String::from_utf8_lossy(bytes).trim_end().to_owned());
    let object = match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => object,
        Ok(_) => return Err("is not a JSON object; write one object per line".to_owned()),
        Err(error) => return Err(format!("is not valid JSON ({error})")),
    };
    if let Some(unknown) = object.keys().find(|key| !header.contains(key)) {
        let short: String = unknown.chars().take(40).collect();
        return Err(format!("has an unknown key \"{short}\"; known are {}", header.join(", ")));
    }
    let mut values = Vec::with_capacity(header.len());
    for name in header {
        values.push(match object.get(name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(items)) if items.iter().all(Value::is_string) => {
                items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("|")
            }
            Some(value @ (Value::Bool(_) | Value::Number(_))) => value.to_string(),
            Some(_) => return Err(format!("{name} is neither a text nor a number; write it as one")),
        });
    }
    *cells = values;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_seen_in_the_header() {
        for (header, expected) in [("a,b;c,d\n;;;;", b','), ("\"a,b,c\";d\n", b';'), ("a\tb\n", b'\t'), ("closed_at\n", b',')] {
            assert_eq!(separator(header), expected, "{header}");
        }
    }

    #[test]
    fn objects_are_rows() {
        let header = ["score".to_owned(), "reasons".to_owned()];
        let mut cells = Vec::new();
        object(br#"{"reasons":["slow","rude"],"score":5}"#, &header, &mut cells).unwrap();
        assert_eq!(cells, ["5", "slow|rude"]);
        assert!(object(br#"{"scroe":5}"#, &header, &mut cells).unwrap_err().contains("\"scroe\""));
        assert!(object(b"[1]", &header, &mut cells).unwrap_err().contains("one object per line"));
        assert!(object(br#"{"score":{}}"#, &header, &mut cells).is_err());
    }
}
