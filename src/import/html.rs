//! Rows of an HTML table, which is the content of Bitrix24's Excel files. The text is parsed as a stream, row by row, so
//! memory use does not depend on the size of the file.

use std::io::{self, BufRead, BufReader, Read};

/// Maximum bytes of a row.
const ROW_MAX: usize = super::table::RECORD_MAX;
/// Maximum bytes read of a tag; its name is at the start.
const TAG_MAX: usize = 64;

/// Parses the rows of all tables in a text.
pub(super) struct HtmlTable {
    text: BufReader<Box<dyn Read + Send>>,
    /// Current line number.
    line: u64,
    state: State,
    /// The current element if its text is not HTML.
    raw: Option<&'static str>,
    row: HtmlRow,
    cell: Option<Vec<u8>>,
    size: usize,
}

/// A row.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct HtmlRow {
    /// Number of its first line.
    pub(super) line: u64,
    /// Bytes of its cells, with white space collapsed and entities decoded.
    pub(super) cells: Vec<Vec<u8>>,
    /// True if the row was too long and its cells are cut.
    pub(super) too_long: bool,
}

enum State {
    Text,
    /// Start of a tag, and its open quote.
    Tag(Vec<u8>, Option<u8>),
    /// A comment, and its number of trailing hyphens.
    Comment(u8),
}

impl HtmlTable {
    /// Parses the tables of a UTF-8 text.
    pub(super) fn new(text: Box<dyn Read + Send>) -> Self {
        let text = BufReader::with_capacity(1 << 16, text);
        Self { text, line: 1, state: State::Text, raw: None, row: HtmlRow::default(), cell: None, size: 0 }
    }

    /// The next row with a cell; `None` at the end.
    ///
    /// # Errors
    /// If the text cannot be read.
    pub(super) fn next(&mut self) -> io::Result<Option<HtmlRow>> {
        loop {
            let Some(&byte) = self.text.fill_buf()?.first() else {
                return Ok(self.end_row());
            };
            self.text.consume(1);
            self.line += u64::from(byte == b'\n');
            if let Some(row) = self.take(byte) {
                return Ok(Some(row));
            }
        }
    }

    fn take(&mut self, byte: u8) -> Option<HtmlRow> {
        match &mut self.state {
            State::Text if byte == b'<' => self.state = State::Tag(Vec::new(), None),
            State::Text => self.put(&[byte]),
            State::Comment(hyphens) => match byte {
                b'-' => *hyphens = hyphens.saturating_add(1),
                b'>' if *hyphens >= 2 => self.state = State::Text,
                _ => *hyphens = 0,
            },
            State::Tag(tag, quote) => {
                let opens = tag.is_empty() && !(byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!' | b'?'));
                if opens {
                    // "a < b" is no tag.
                    self.state = if byte == b'<' { State::Tag(Vec::new(), None) } else { State::Text };
                    let text = [b'<', byte];
                    self.put(&text[..if byte == b'<' { 1 } else { 2 }]);
                } else if *quote == Some(byte) {
                    *quote = None;
                } else if quote.is_none() && matches!(byte, b'"' | b'\'') && tag.last() == Some(&b'=') {
                    *quote = Some(byte);
                } else if quote.is_none() && byte == b'>' {
                    let tag = std::mem::take(tag);
                    self.state = State::Text;
                    return self.tag(&tag);
                } else {
                    // Keep the name and the last byte of a long tag.
                    tag.truncate(TAG_MAX);
                    tag.push(byte);
                    if tag == b"!--" {
                        self.state = State::Comment(0);
                    }
                }
            }
        }
        None
    }

    fn tag(&mut self, tag: &[u8]) -> Option<HtmlRow> {
        let closes = tag.first() == Some(&b'/');
        let name = tag[usize::from(closes)..].split(|byte| byte.is_ascii_whitespace() || *byte == b'/').next().unwrap_or_default();
        let name = name.to_ascii_lowercase();
        if let Some(raw) = self.raw {
            if closes && name == raw.as_bytes() {
                self.raw = None;
            }
            return None;
        }
        match (&name[..], closes) {
            (b"script", false) => self.raw = Some("script"),
            (b"style", false) => self.raw = Some("style"),
            (b"td" | b"th", false) => {
                self.end_cell();
                self.cell = Some(Vec::new());
            }
            (b"td" | b"th", true) => self.end_cell(),
            (b"tr", false) => {
                let row = self.end_row();
                self.row.line = self.line;
                return row;
            }
            (b"tr" | b"table", true) => return self.end_row(),
            (b"br" | b"p" | b"div" | b"li", _) => self.put(b" "),
            _ => {}
        }
        None
    }

    fn put(&mut self, bytes: &[u8]) {
        let Some(cell) = self.cell.as_mut().filter(|_| self.raw.is_none()) else { return };
        if self.size >= ROW_MAX {
            self.row.too_long = true;
            return;
        }
        self.size += bytes.len();
        cell.extend_from_slice(bytes);
    }

    fn end_cell(&mut self) {
        self.row.cells.extend(self.cell.take().map(|cell| plain(&cell)));
    }

    fn end_row(&mut self) -> Option<HtmlRow> {
        self.end_cell();
        self.size = 0;
        let next = HtmlRow { line: self.line, ..HtmlRow::default() };
        Some(std::mem::replace(&mut self.row, next)).filter(|row| !row.cells.is_empty())
    }
}

/// The text of a cell, with entities decoded and white space collapsed.
fn plain(html: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.iter().position(|&byte| byte == b'&') {
        text.extend_from_slice(&rest[..at]);
        let behind = &rest[at + 1..];
        let name = behind.iter().take(11).position(|&byte| byte == b';').and_then(|end| std::str::from_utf8(&behind[..end]).ok());
        match name.and_then(|name| letter(name).map(|letter| (name.len(), letter))) {
            Some((length, letter)) => {
                text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                rest = &behind[length + 1..];
            }
            None => {
                text.push(b'&');
                rest = behind;
            }
        }
    }
    text.extend_from_slice(rest);
    let words: Vec<&[u8]> = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    words.join(&b' ')
}

fn letter(entity: &str) -> Option<char> {
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            // A non-breaking space as a number.
            char::from_u32(code).map(|letter| if letter == '\u{a0}' { ' ' } else { letter })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Formats each row as its line number and its cells separated by `|`, with `!` if it was too long.
    fn rows(html: &str) -> Vec<String> {
        let mut table = HtmlTable::new(Box::new(io::Cursor::new(html.to_owned().into_bytes())));
        let mut found = Vec::new();
        while let Some(row) = table.next().unwrap() {
            let cells: Vec<String> = row.cells.into_iter().map(|cell| String::from_utf8(cell).unwrap()).collect();
            found.push(format!("{}{} {}", row.line, if row.too_long { "!" } else { "" }, cells.join("|")));
        }
        found
    }

    #[test]
    fn a_table_is_rows_of_plain_texts() {
        let html = "<html><head><meta charset=\"utf-8\"></head><body><table border=1>\n<tr><th>A</th><th>B &amp; C</th></tr>\n\
                    <tr>\n<td><a href=\"/x\">1</a></td><td>x<br>y &#1078;&nbsp;&bogus;</td></tr></table></body></html>";
        assert_eq!(rows(html), ["2 A|B & C", "3 1|x y ж &bogus;"]);
    }

    #[test]
    fn what_is_no_row_of_the_table_is_passed_over() {
        let html = "<style>td > a { color: red }</style><script>if (a<b) { t = '<td>no</td>' }</script>\n\
                    <table><!-- <tr><td>old</td></tr> --><tr title=\"a > b\"><td title='<td>'>1 < 2, 3 <4</td><td>x</td></tr></table>";
        assert_eq!(rows(html), ["2 1 < 2, 3 <4|x"]);
    }

    #[test]
    fn tags_that_html_lets_people_leave_out_may_be_missing() {
        assert_eq!(rows("<table><tr><td>1<td>2\n<tr><td>3<td><p>a</p><p>b</p></table>"), ["1 1|2", "2 3|a b"]);
        assert_eq!(rows("<tr><td>cut"), ["1 cut"]);
        assert!(rows("").is_empty() && rows("<p>no table</p>").is_empty());
    }

    #[test]
    fn a_row_that_is_too_long_is_cut_and_leaves_the_next_alone() {
        let html = format!("<tr><td>{}</td><td>x</td></tr>\n<tr><td>2</td></tr>", "x".repeat(ROW_MAX * 3));
        let found = rows(&html);
        assert!(found[0].starts_with("1! x") && found[0].len() < ROW_MAX + 20, "{}", found[0].len());
        assert_eq!(found[1..], ["2 2"]);
    }
}
