//! A statement as SQLite runs it: its placeholders numbered, and where it only puts rows in, the statement that puts in one.
//! Binding each row to that costs less than turning all of them into JSON and taking it apart again.

use crate::sql::rows::Column;

/// A statement as SQLite runs it.
#[derive(Clone, Debug)]
pub struct Form {
    /// The text.
    pub text: String,
    /// The same for one row, where it can be run row by row.
    pub by_row: Option<ByRow>,
}

/// A statement that puts in one row of many.
#[derive(Clone, Debug, PartialEq)]
pub struct ByRow {
    /// The text.
    pub text: String,
    /// Which of the values the rows are, from 0.
    pub value: usize,
    /// What of a row is bound, in order.
    pub columns: Vec<Column>,
    /// The number of the placeholder of the first column.
    pub first: usize,
}

/// Words that may stand between the values of a row.
const WORDS: &[&str] = &["CASE", "WHEN", "THEN", "ELSE", "END", "AND", "OR", "NOT", "NULL", "IS", "IN", "true", "false"];

impl Form {
    /// The form of `text`, which takes `values` values; `rows` tells which of them are rows with which columns, where there is
    /// one such value.
    pub(super) fn of(text: &str, values: usize, rows: Option<(usize, &[Column])>) -> Self {
        Self { text: numbered(text), by_row: rows.and_then(|(value, columns)| by_row(text, values, value, columns)) }
    }
}

/// SQLite counts `$1`, `$2` … as they come along; `?1`, `?2` … are the first value and the second wherever they stand.
fn numbered(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        out.push(if rest.starts_with(|next: char| next.is_ascii_digit()) { '?' } else { '$' });
    }
    out + rest
}

/// `INSERT INTO … SELECT … FROM (rows) AS r …` with the values of one row in place of the rows; none where there is more to it.
fn by_row(text: &str, values: usize, value: usize, columns: &[Column]) -> Option<ByRow> {
    let parameter = format!("${}", value + 1);
    let (head, rest) = text.split_once(" SELECT ").filter(|(head, _)| head.starts_with("INSERT INTO "))?;
    let (row, rest) = rest.split_once(&format!(" FROM (SELECT value ->> '$[0]' AS {}", columns.first()?.name))?;
    let (_, rest) = rest.split_once(&format!(" FROM jsonb_each({parameter})) AS "))?;
    let (alias, behind) = rest.split_once(' ').unwrap_or((rest, ""));
    let behind = behind.trim_start();
    let behind = behind.strip_prefix("WHERE true").unwrap_or(behind).trim_start();
    let ends = behind.is_empty() || behind.starts_with("ON CONFLICT") || behind.starts_with("RETURNING");
    let elsewhere = format!("{head}{row}{behind}").contains(&parameter);
    if !ends || elsewhere {
        return None;
    }
    let first = values + 1;
    let row = in_place(row, alias, columns, first)?;
    Some(ByRow { text: numbered(&format!("{head} VALUES ({row}) {behind}")), value, columns: columns.to_vec(), first })
}

/// The values of a row, with placeholders in place of its columns; none where a word is neither.
fn in_place(row: &str, alias: &str, columns: &[Column], first: usize) -> Option<String> {
    let mut out = String::with_capacity(row.len());
    let mut rest = row;
    while let Some(next) = rest.chars().next() {
        let length = match next {
            '\'' => 2 + rest[1..].find('\'')?,
            '$' => 1 + rest[1..].bytes().take_while(u8::is_ascii_digit).count(),
            _ if next.is_ascii_alphabetic() || next == '_' => {
                rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
            }
            _ if next.is_ascii_digit() => rest.bytes().take_while(u8::is_ascii_digit).count(),
            _ => next.len_utf8(),
        };
        let (word, behind) = rest.split_at(length);
        rest = behind;
        let is_word = next.is_ascii_alphabetic() || next == '_';
        if is_word && word == alias && rest.starts_with('.') {
            rest = &rest[1..];
        } else if is_word && rest.starts_with('.') {
            return None;
        } else if let Some(at) = columns.iter().position(|column| is_word && column.name == word) {
            out.push_str(&format!("${}", first + at));
        } else if !is_word || rest.starts_with('(') || WORDS.contains(&word) {
            out.push_str(word);
        } else {
            return None;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Vec<Column> {
        ["id", "n"].map(|name| Column { name: name.to_owned(), is_int: name == "n" }).to_vec()
    }

    fn row_of(text: &str) -> Option<String> {
        let rows = "(SELECT value ->> '$[0]' AS id, value ->> '$[1]' AS n FROM jsonb_each($1)) AS r";
        by_row(&text.replace("ROWS", rows), 2, 0, &columns()).map(|by_row| by_row.text)
    }

    #[test]
    fn placeholders_are_numbered_and_paths_of_json_are_not() {
        assert_eq!(numbered("SELECT $2, a ->> '$[0]', $10 WHERE b = $1"), "SELECT ?2, a ->> '$[0]', ?10 WHERE b = ?1");
    }

    #[test]
    fn rows_that_are_only_put_in_are_bound_one_by_one() {
        let text = "INSERT INTO t (id, n, s) SELECT id, COALESCE(r.n, 0), 'as it is: id' FROM ROWS WHERE true ON CONFLICT (id) DO NOTHING";
        let expected = "INSERT INTO t (id, n, s) VALUES (?3, COALESCE(?4, 0), 'as it is: id') ON CONFLICT (id) DO NOTHING";
        assert_eq!(row_of(text).as_deref(), Some(expected));
        let text = "INSERT INTO t AS p (id, n) SELECT id, $2 FROM ROWS RETURNING id";
        assert_eq!(row_of(text).as_deref(), Some("INSERT INTO t AS p (id, n) VALUES (?3, ?2) RETURNING id"));
        assert!(row_of("INSERT INTO t (id, n) SELECT id, n FROM ROWS").is_some());
    }

    #[test]
    fn what_is_more_than_that_stays_one_statement() {
        for text in [
            "INSERT INTO t (id) SELECT id FROM ROWS WHERE n > 0",
            "INSERT INTO t (id) SELECT id FROM ROWS JOIN o ON o.id = r.id",
            "INSERT INTO t (id) SELECT o.id FROM ROWS WHERE true",
            "INSERT INTO t (id) SELECT (SELECT max(o) FROM o) FROM ROWS",
            "INSERT INTO t (id) SELECT DISTINCT id FROM ROWS",
            "INSERT INTO t (id) SELECT id FROM ROWS WHERE true ORDER BY id ON CONFLICT DO NOTHING",
            "INSERT INTO t (id) SELECT id FROM ROWS WHERE true ON CONFLICT (id) DO UPDATE SET n = (SELECT max(n) FROM jsonb_each($1))",
            "UPDATE t SET n = r.n FROM ROWS WHERE t.id = r.id",
        ] {
            assert_eq!(row_of(text), None, "{text}");
        }
    }
}
