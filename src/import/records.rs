//! Records of a file of any kind: separated values, an HTML table, or JSON lines.

use crate::Format;
use crate::heading::{self, IsHeader};
use crate::html::HtmlTable;
use crate::table::{Form, RECORD_MAX, Table};
use crate::text::{Counted, Decoded, Encoding};
use serde_json::Value;
use sha2::Sha256;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek};
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

/// Bytes at the start of a file that are examined to detect its kind.
const START: u64 = 1 << 16;
/// Maximum bytes of a JSON line.
const JSON_LINE_MAX: u64 = 1 << 20;

/// Why a file cannot be read, as a sentence with its name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The file is of another kind, or has no valid header.
    #[error("{0}")]
    NotOfThisKind(String),
    /// The operating system failed to read it.
    #[error("{0}")]
    Failed(String),
}

/// Detected or given properties of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Encoding of the file.
    pub encoding: Encoding,
    /// Separator of the cells.
    pub separator: u8,
}

/// Records of a file, in order.
pub struct Records {
    source: Source,
    /// Names of the columns.
    pub header: Vec<String>,
    /// Properties of the file.
    pub shape: Shape,
    line: u64,
}

type Text = Box<dyn Read + Send>;

enum Source {
    Table(Box<Table>),
    Html(Box<HtmlTable>),
    Json(Box<BufReader<Text>>, Vec<u8>),
}

/// One record: the number of its first line, and an error if its cells cannot be parsed.
pub type Record = (u64, Result<(), String>);

impl Records {
    /// Opens a file in one of these formats. `said` is the encoding and the separator that the user named; `read` counts
    /// the bytes read; `sum` hashes them.
    ///
    /// # Errors
    /// If the file cannot be read, or is of another kind.
    pub fn open(
        path: &Path,
        formats: &[&'static Format],
        said: (Option<Encoding>, Option<u8>),
        read: Arc<AtomicU64>,
        sum: Option<Arc<Mutex<Sha256>>>,
    ) -> Result<Self, ReadError> {
        let name = path.display();
        let unreadable = |error: io::Error| ReadError::Failed(format!("{name} cannot be read: {error}"));
        let mut file = File::open(path).map_err(unreadable)?;
        let mut start = Vec::new();
        file.by_ref().take(START).read_to_end(&mut start).map_err(unreadable)?;
        file.rewind().map_err(unreadable)?;
        if start.starts_with(b"PK\x03\x04") || start.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return Err(ReadError::NotOfThisKind(format!("{name} is an Excel workbook; open it and save it as CSV")));
        }
        let encoding = said.0.map_or_else(|| Encoding::of_file(&mut file), Ok).map_err(unreadable)?;
        file.rewind().map_err(unreadable)?;
        let text: Text = Box::new(Decoded::new(Counted::new(file, read, sum), encoding));
        if let [format] = formats
            && format.word == "jsonl"
        {
            let header = format.names().into_iter().map(str::to_owned).collect();
            let source = Source::Json(Box::new(BufReader::with_capacity(1 << 16, text)), Vec::new());
            return Ok(Self { source, header, shape: Shape { encoding, separator: b'\n' }, line: 0 });
        }
        let mut first = Vec::new();
        Decoded::new(Cursor::new(&start), encoding).take(START).read_to_end(&mut first).map_err(unreadable)?;
        let first = String::from_utf8_lossy(&first);
        let named = |header: &[String]| formats.iter().any(|format| format.matches(header).is_some());
        let fits = |header: &[String]| formats.iter().any(|format| format.layout(header).is_ok());
        let (source, above, separator) = if first.trim_start().starts_with('<') {
            let above = rows_above(&first, &[&named, &fits]).map_err(unreadable)?;
            (Source::Html(Box::new(HtmlTable::new(text))), above, b'<')
        } else {
            let heading = heading::find(&first, said.1, &[&named, &fits]);
            let mut table = Table::new(text, heading.separator);
            table.skip(heading.above).map_err(unreadable)?;
            (Source::Table(Box::new(table)), 0, heading.separator)
        };
        let mut records = Self { source, header: Vec::new(), shape: Shape { encoding, separator }, line: 0 };
        let mut header = Vec::new();
        let mut next =
            || records.next(&mut header, |_| false).map_err(|error| ReadError::Failed(format!("{name} cannot be read: {error}")));
        for _ in 0..above {
            next()?;
        }
        match next()? {
            Some((_, Ok(()))) => {
                if let Source::Table(table) = &mut records.source {
                    table.expect(header.len());
                }
                records.header = header;
                Ok(records)
            }
            Some((_, Err(why))) => Err(ReadError::NotOfThisKind(format!("{name}: the header {why}"))),
            None if separator == b'<' => Err(ReadError::NotOfThisKind(format!("{name} contains no table"))),
            None => Err(ReadError::NotOfThisKind(format!("{name} is empty"))),
        }
    }

    /// Reads the next record into `cells`; `None` at the end of the file. A line inside quotes for which `begins_row`
    /// returns true is a row of its own.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn next(&mut self, cells: &mut Vec<String>, begins_row: impl Fn(&[String]) -> bool) -> Result<Option<Record>, String> {
        let encoding = self.shape.encoding;
        match &mut self.source {
            Source::Table(table) => {
                let begins = |record: &csv::ByteRecord| {
                    let mut cells = Vec::new();
                    fill(record, &mut cells) && begins_row(&cells)
                };
                let Some(record) = table.next(begins).map_err(|error| error.to_string())? else { return Ok(None) };
                let is_text = fill(&record.cells, cells);
                Ok(Some((record.line, judge(is_text, record.form, encoding))))
            }
            Source::Html(table) => {
                let Some(row) = table.next().map_err(|error| error.to_string())? else { return Ok(None) };
                let is_text = fill(row.cells.iter().map(Vec::as_slice), cells);
                Ok(Some((row.line, judge(is_text, if row.too_long { Form::TooLong } else { Form::Row }, encoding))))
            }
            Source::Json(reader, bytes) => {
                bytes.clear();
                let read = reader.by_ref().take(JSON_LINE_MAX).read_until(b'\n', bytes).map_err(|error| error.to_string())?;
                self.line += 1;
                if read == 0 {
                    return Ok(None);
                }
                if read as u64 == JSON_LINE_MAX && !bytes.ends_with(b"\n") {
                    reader.skip_until(b'\n').map_err(|error| error.to_string())?;
                    *cells = vec![String::from_utf8_lossy(bytes).into_owned()];
                    return Ok(Some((self.line, Err(format!("is longer than {} KiB; shorten it", JSON_LINE_MAX / 1024)))));
                }
                Ok(Some((self.line, object(bytes, &self.header, encoding, cells))))
            }
        }
    }
}

/// Number of rows of an HTML table above its header.
fn rows_above(start: &str, tests: &[IsHeader<'_>]) -> io::Result<usize> {
    let mut table = HtmlTable::new(Box::new(Cursor::new(start.to_owned())));
    let mut rows = Vec::new();
    while let Some(row) = table.next()?.filter(|_| rows.len() < heading::LINES_MAX) {
        let mut cells = Vec::new();
        fill(row.cells.iter().map(Vec::as_slice), &mut cells);
        rows.push(cells);
    }
    Ok(tests.iter().find_map(|is_header| rows.iter().position(|cells| is_header(cells))).unwrap_or(0))
}

/// Why a record is not a row.
fn judge(is_text: bool, form: Form, encoding: Encoding) -> Result<(), String> {
    match form {
        Form::TooLong => Err(format!("is longer than {} KiB; shorten it", RECORD_MAX / 1024)),
        Form::Unclosed => Err(format!(
            "opens a quote that is not closed within {} KiB; close it, or write it twice where it is part of the text",
            RECORD_MAX / 1024
        )),
        Form::Row if is_text => Ok(()),
        Form::Row => Err(no_letter(encoding)),
    }
}

fn no_letter(encoding: Encoding) -> String {
    let word = encoding.word();
    format!("holds a byte that is no letter in {word}; correct it, or name the encoding of the file: --encoding windows-1252")
}

/// Fills `cells` with a record, reusing its strings. Returns true if all bytes are valid text.
fn fill<'r>(record: impl IntoIterator<Item = &'r [u8], IntoIter: ExactSizeIterator>, cells: &mut Vec<String>) -> bool {
    let record = record.into_iter();
    cells.resize_with(record.len(), String::new);
    let mut is_text = true;
    for (cell, bytes) in cells.iter_mut().zip(record) {
        cell.clear();
        match std::str::from_utf8(bytes) {
            Ok(text) => cell.push_str(text),
            Err(_) => {
                cell.push_str(&String::from_utf8_lossy(bytes));
                is_text = false;
            }
        }
    }
    is_text
}

/// Reads the values of a JSON object by the names of `header`.
fn object(bytes: &[u8], header: &[String], encoding: Encoding, cells: &mut Vec<String>) -> Result<(), String> {
    cells.clear();
    if bytes.iter().all(u8::is_ascii_whitespace) {
        cells.resize(header.len(), String::new());
        return Ok(());
    }
    cells.push(String::from_utf8_lossy(bytes).trim_end().to_owned());
    let Ok(text) = std::str::from_utf8(bytes) else { return Err(no_letter(encoding)) };
    let object = match serde_json::from_str(text) {
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
    fn objects_are_rows() {
        let header = ["score".to_owned(), "reasons".to_owned()];
        let mut cells = Vec::new();
        object(br#"{"reasons":["slow","rude"],"score":5}"#, &header, Encoding::UTF_8, &mut cells).unwrap();
        assert_eq!(cells, ["5", "slow|rude"]);
        assert!(object(br#"{"scroe":5}"#, &header, Encoding::UTF_8, &mut cells).unwrap_err().contains("\"scroe\""));
        assert!(object(b"[1]", &header, Encoding::UTF_8, &mut cells).unwrap_err().contains("one object per line"));
        assert!(object(br#"{"score":{}}"#, &header, Encoding::UTF_8, &mut cells).is_err());
    }

    #[test]
    fn a_line_with_a_byte_that_is_no_letter_says_so() {
        let (header, mut cells) = (["session".to_owned()], Vec::new());
        let problem = object(b"{\"session\":\"caf\xff\"}", &header, Encoding::UTF_8, &mut cells).unwrap_err();
        assert!(problem.contains("no letter in utf-8"), "{problem}");
    }

    fn all(name: &str, content: &[u8], word: &str) -> (Records, Vec<String>) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        std::fs::write(&path, content).unwrap();
        let mut records = Records::open(&path, &[crate::format(word).unwrap()], (None, None), Arc::default(), None).unwrap();
        let (mut cells, mut found) = (Vec::new(), Vec::new());
        while let Some((line, whole)) = records.next(&mut cells, |_| false).unwrap() {
            found.push(whole.map_or_else(|why| format!("{line}! {why}"), |()| format!("{line} {}", cells.join("|"))));
        }
        (records, found)
    }

    #[test]
    fn a_damaged_letter_is_a_matter_of_its_row() {
        let table = b"session,line,closed_at,comment\nu1,s,2026-03-25,M\xc3\xbcller\nu2,s,2026-03-25,caf\xe9\nu3,s,2026-03-25,ok\n";
        let (records, rows) = all("t.csv", table, "csv");
        assert_eq!(records.shape.encoding, Encoding::UTF_8);
        assert_eq!((rows[0].as_str(), rows[2].as_str()), ("2 u1|s|2026-03-25|Müller", "4 u3|s|2026-03-25|ok"));
        assert_eq!(
            rows[1],
            "3! holds a byte that is no letter in utf-8; correct it, or name the encoding of the file: --encoding windows-1252"
        );
        let html = b"<table><tr><td>closed_at</td><td>comment</td></tr>\n<tr><td>1</td><td>\xc3\xbc</td></tr>\n<tr><td>2</td><td>\xe9</td></tr></table>";
        let (_, rows) = all("t.xls", html, "csv");
        assert!(rows[0] == "2 1|ü" && rows[1].starts_with("3! holds a byte"), "{rows:?}");
        let (_, rows) = all("t.jsonl", b"{\"comment\":\"\xc3\xbc\"}\n{\"comment\":\"\xe9\"}\n{\"session\":\"a\"}\n", "jsonl");
        assert!(rows[1].starts_with("2! holds a byte") && rows[2].starts_with("3 a|"), "{rows:?}");
    }

    #[test]
    fn what_stands_above_the_header_is_passed_over_in_each_kind_of_table() {
        let (records, rows) = all("t.csv", "sep=;\nsession;closed_at\n1;2\n".as_bytes(), "csv");
        assert_eq!((records.header.join("|"), rows), ("session|closed_at".to_owned(), vec!["3 1|2".to_owned()]));
        let html =
            "<table><tr><td colspan=2>March</td></tr>\n<tr><td>session</td><td>closed_at</td></tr>\n<tr><td>1</td><td>2</td></tr></table>";
        let (records, rows) = all("t.xls", html.as_bytes(), "csv");
        assert_eq!((records.header.join("|"), rows), ("session|closed_at".to_owned(), vec!["3 1|2".to_owned()]));
    }

    #[test]
    fn a_line_of_json_that_is_too_long_leaves_the_next_alone() {
        let long = format!("{{\"comment\":\"{}\"}}\n{{\"session\":\"a\"}}\n", "x".repeat(3 << 20));
        let (_, rows) = all("t.jsonl", long.as_bytes(), "jsonl");
        assert!(rows.len() == 2 && rows[0] == "1! is longer than 1024 KiB; shorten it" && rows[1].starts_with("2 a|"), "{}", rows.len());
    }
}
