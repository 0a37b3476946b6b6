//! Records of a file with separated values. A record may span several lines if a quoted cell contains line breaks; one
//! unclosed quote must not swallow the following rows.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};

/// Maximum bytes of a record.
pub(super) const RECORD_MAX: usize = 1 << 18;

/// Parses a table record by record.
pub(super) struct Table {
    text: BufReader<Box<dyn Read + Send>>,
    separator: u8,
    /// Number of cells of a row, once the header is known.
    columns: Option<usize>,
    cells: csv_core::Reader,
    /// Lines to read again, from a record that turned out to be invalid.
    again: VecDeque<Vec<u8>>,
    /// Number of lines returned so far.
    line: u64,
}

/// A record of a table.
pub(super) struct TableRecord {
    /// Number of its first line.
    pub(super) line: u64,
    /// Cells of the record.
    pub(super) cells: csv::ByteRecord,
    /// True if it is a valid row.
    pub(super) form: Form,
}

/// Validity of a record as a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A valid row.
    Row,
    /// Its line opens a quote that is not closed: the cells are those of this line alone.
    Unclosed,
    /// Its line is too long: the cells are cut.
    TooLong,
}

impl Table {
    /// Parses a UTF-8 table.
    pub(super) fn new(text: Box<dyn Read + Send>, separator: u8) -> Self {
        let cells = csv_core::ReaderBuilder::new().delimiter(separator).build();
        Self { text: BufReader::with_capacity(1 << 16, text), separator, columns: None, cells, again: VecDeque::new(), line: 0 }
    }

    /// Skips lines.
    ///
    /// # Errors
    /// If the text cannot be read.
    pub(super) fn skip(&mut self, lines: usize) -> io::Result<()> {
        for _ in 0..lines {
            self.line()?;
        }
        Ok(())
    }

    /// Sets the number of cells of a row, after the header was read.
    pub(super) fn expect(&mut self, columns: usize) {
        self.columns = Some(columns);
    }

    /// The next record; `None` at the end. If a line inside quotes is the start of a row, by `begins_row` and by its number
    /// of cells, an earlier quote was not closed. The same applies if a record of several lines turns out to be invalid.
    ///
    /// # Errors
    /// If the text cannot be read.
    pub(super) fn next(&mut self, begins_row: impl Fn(&csv::ByteRecord) -> bool) -> io::Result<Option<TableRecord>> {
        let Some(first) = self.line_with_something()? else { return Ok(None) };
        let begins = self.line;
        if first.len() > RECORD_MAX {
            return Ok(Some(TableRecord { line: begins, cells: self.cells(first.trim_ascii_end()), form: Form::TooLong }));
        }
        let mut quotes = Quotes::new(self.separator);
        quotes.read(&first);
        let (mut bytes, mut more) = (first.clone(), Vec::new());
        while quotes.is_open() {
            let Some(next) = self.line()? else { return Ok(Some(self.unclosed(begins, &first, more))) };
            let ends = bytes.len() + next.len() > RECORD_MAX || self.is_row(&next, &begins_row);
            quotes.read(&next);
            bytes.extend_from_slice(&next);
            more.push(next);
            if ends {
                return Ok(Some(self.unclosed(begins, &first, more)));
            }
        }
        let cells = self.cells(&bytes);
        if !more.is_empty() && self.columns.is_some_and(|columns| columns != cells.len()) {
            return Ok(Some(self.unclosed(begins, &first, more)));
        }
        Ok(Some(TableRecord { line: begins, cells, form: Form::Row }))
    }

    fn is_row(&mut self, line: &[u8], begins_row: impl Fn(&csv::ByteRecord) -> bool) -> bool {
        let cells = self.cells(line);
        let mut quotes = Quotes::new(self.separator);
        quotes.read(line);
        let fits = |columns| cells.len() == columns || quotes.is_open() && cells.len() < columns;
        self.columns.is_some_and(fits) && begins_row(&cells)
    }

    fn unclosed(&mut self, begins: u64, first: &[u8], more: Vec<Vec<u8>>) -> TableRecord {
        self.line -= more.len() as u64;
        more.into_iter().rev().for_each(|line| self.again.push_front(line));
        TableRecord { line: begins, cells: self.cells(first.trim_ascii_end()), form: Form::Unclosed }
    }

    /// The cells of one record.
    fn cells(&mut self, bytes: &[u8]) -> csv::ByteRecord {
        self.cells.reset();
        let (mut text, mut ends) = (vec![0; bytes.len()], vec![0; bytes.len() + 1]);
        let (_, read, written, count) = self.cells.read_record(bytes, &mut text, &mut ends);
        // If the bytes do not end with a line break, the record ends with them.
        let (_, _, _, last) = self.cells.read_record(&bytes[read..], &mut text[written..], &mut ends[count..]);
        let mut record = csv::ByteRecord::with_capacity(written, count + last);
        let mut begins = 0;
        for &end in &ends[..count + last] {
            record.push_field(&text[begins..end]);
            begins = end;
        }
        record
    }

    fn line_with_something(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            match self.line()? {
                Some(line) if line.iter().all(|byte| matches!(byte, b'\r' | b'\n')) => {}
                line => return Ok(line),
            }
        }
    }

    /// The next line with its line break: a line feed, a carriage return, or both.
    fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let line = match self.again.pop_front() {
            Some(line) => line,
            None => self.read_line()?,
        };
        self.line += u64::from(!line.is_empty());
        Ok(Some(line).filter(|line| !line.is_empty()))
    }

    /// Of a line longer than a record may be, the start is kept: more than the maximum, so that it is detected.
    fn read_line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        loop {
            let ready = self.text.fill_buf()?;
            if ready.is_empty() {
                return Ok(line);
            }
            let end = ready.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
            let taken = end.map_or(ready.len(), |end| end + 1);
            let feed = end.map(|end| ready[end] == b'\n');
            line.extend_from_slice(&ready[..taken.min((RECORD_MAX + 1).saturating_sub(line.len()))]);
            self.text.consume(taken);
            match feed {
                None => {}
                Some(true) => return Ok(line),
                Some(false) => {
                    if self.text.fill_buf()?.first() == Some(&b'\n') {
                        line.push(b'\n');
                        self.text.consume(1);
                    }
                    return Ok(line);
                }
            }
        }
    }
}

/// Tracks open quotes by the rules of the cell parser: a quote opens only at the start of a cell, and a double one inside
/// is a literal quote.
struct Quotes {
    separator: u8,
    state: Quoting,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quoting {
    CellBegins,
    Plain,
    Open,
    PerhapsClosed,
}

impl Quotes {
    fn new(separator: u8) -> Self {
        Self { separator, state: Quoting::CellBegins }
    }

    fn read(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.state = match (self.state, byte) {
                (Quoting::CellBegins | Quoting::PerhapsClosed, b'"') => Quoting::Open,
                (Quoting::Open, b'"') => Quoting::PerhapsClosed,
                (Quoting::Open, _) => Quoting::Open,
                (_, byte) if byte == self.separator || matches!(byte, b'\r' | b'\n') => Quoting::CellBegins,
                _ => Quoting::Plain,
            };
        }
    }

    fn is_open(&self) -> bool {
        self.state == Quoting::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Formats each record as its line number and its cells separated by `|`, with `!` for an unclosed quote and `+` if it is too long.
    fn records(text: &str) -> Vec<String> {
        let mut table = Table::new(Box::new(io::Cursor::new(text.to_owned().into_bytes())), b',');
        let mut found = Vec::new();
        table.expect(3);
        while let Some(record) = table.next(|cells| cells[0].starts_with(b"row")).unwrap() {
            let cells: Vec<_> = record.cells.iter().map(String::from_utf8_lossy).collect();
            let mark = match record.form {
                Form::Row => "",
                Form::Unclosed => "!",
                Form::TooLong => "+",
            };
            found.push(format!("{}{mark} {}", record.line, cells.join("|")));
        }
        found
    }

    #[test]
    fn cells_in_quotes_may_hold_separators_quotes_and_line_breaks() {
        assert_eq!(
            records("a,b,c\r\n\nrow1,\"x, \"\"y\"\"\",1\r\nrow2,\"two\nlines, and\",2\nrow3,5\" wide,3"),
            ["1 a|b|c", "3 row1|x, \"y\"|1", "4 row2|two\nlines, and|2", "6 row3|5\" wide|3"]
        );
        assert_eq!(records("row1,a,1\rrow2,b,2\r"), ["1 row1|a|1", "2 row2|b|2"], "a carriage return alone ends a line too");
        assert!(records("").is_empty() && records("\n\n").is_empty());
    }

    #[test]
    fn a_quote_that_is_not_closed_is_a_matter_of_its_own_line() {
        assert_eq!(records("row1,\"never closed,1\nrow2,b,2\nrow3,\"c\",3\n"), ["1! row1|never closed,1", "2 row2|b|2", "3 row3|c|3"]);
        assert_eq!(
            records("row1,\"open,1\nrow2,\"two\nlines\",2\n"),
            ["1! row1|open,1", "2 row2|two\nlines|2"],
            "closed by the quote that opens the next"
        );
        assert_eq!(records("row1,\"open,1\nnothing,\"x\",2,3\n"), ["1! row1|open,1", "2 nothing|x|2|3"], "too many cells to be one");
        assert_eq!(records("row1,1,\"open\nand on\nrow2,b,2\n"), ["1! row1|1|open", "2 and on", "3 row2|b|2"]);
        assert_eq!(records("row1,a,1\nrow2,\"open\nto the end\n"), ["1 row1|a|1", "2! row2|open", "3 to the end"]);
        let long = format!("row1,\"{}\nrow2,b,2\n", "x\n".repeat(RECORD_MAX));
        assert_eq!(records(&long).last().map(String::as_str), Some(format!("{} row2|b|2", RECORD_MAX + 2).as_str()));
    }

    #[test]
    fn a_line_that_is_longer_than_a_record_is_cut_and_leaves_the_next_alone() {
        // An endless line takes no more memory than a record.
        let text = io::Cursor::new(b"row1,\"".to_vec()).chain(io::repeat(b'x').take(40 << 20)).chain(&b"\",1\nrow2,b,2\n"[..]);
        let mut table = Table::new(Box::new(text), b',');
        table.expect(3);
        let long = table.next(|cells| cells[0].starts_with(b"row")).unwrap().unwrap();
        assert_eq!((long.line, long.form, &long.cells[0]), (1, Form::TooLong, &b"row1"[..]));
        assert!(long.cells.as_slice().len() <= RECORD_MAX + 1 && table.text.capacity() <= 1 << 16);
        let next = table.next(|_| false).unwrap().unwrap();
        assert_eq!((next.line, next.form, &next.cells[0]), (2, Form::Row, &b"row2"[..]));
        assert!(table.next(|_| false).unwrap().is_none());
        assert_eq!(records(&format!("row1,\"a\n{}\nrow2,b,2\n", "x".repeat(RECORD_MAX * 2))).len(), 3, "a long line behind an open quote");
    }
}
