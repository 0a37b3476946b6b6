//! One text of SQL for both databases.
//!
//! Placeholders are `$1`, `$2` … on both. What differs is written in braces and replaced once per statement:
//!
//! | in the text | SQLite | PostgreSQL |
//! |---|---|---|
//! | `{rows $1 r: id text, n int}` | `(SELECT value ->> 'id' AS id … FROM json_each($1)) AS r` | `json_to_recordset($1::json) AS r(id text, n bigint)` |
//! | `{among $1}` | `IN (SELECT value ->> 'id' FROM json_each($1))` | `= ANY(ARRAY(SELECT … json_to_recordset($1::json) …))` |
//! | `{lock}` | nothing: there is one writer | `FOR UPDATE` |
//! | `{lock skip}` | nothing | `FOR UPDATE SKIP LOCKED` |
//! | `{lock OF t}` | nothing | `FOR UPDATE OF t` |
//! | `{greatest}` / `{least}` | `max` / `min` | `GREATEST` / `LEAST` |
//! | `{json_text}` | nothing: the text is kept | `::text` |
//! | `{bytes r.body}` (from hex) | `unhex(r.body)` | `decode(r.body, 'hex')` |
//! | `{hex p.body}` | `hex(p.body)` | `encode(p.body, 'hex')` |
//! | `{bytewise t.id}` (compared byte by byte) | `t.id` | `t.id COLLATE "C"` |
//! | `{chat s.address}` (of the JSON of an address) | `s.address ->> 'chat'` | `(s.address::jsonb ->> 'chat')` |
//! | `{json_array}` | `json_array` | `json_build_array` |

use std::sync::OnceLock;

/// Which database a statement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// One statement, with its text for each database made at first use.
pub struct Sql {
    text: Text,
    sqlite: OnceLock<String>,
    postgres: OnceLock<String>,
}

enum Text {
    Written(&'static str),
    Made(fn() -> String),
}

impl Sql {
    /// A statement. Keep it in a `static`.
    pub const fn new(text: &'static str) -> Self {
        Self { text: Text::Written(text), sqlite: OnceLock::new(), postgres: OnceLock::new() }
    }

    /// A statement whose text is put together from lists of columns, once. Keep it in a `static`. Values of callers never
    /// stand in it.
    pub const fn made(text: fn() -> String) -> Self {
        Self { text: Text::Made(text), sqlite: OnceLock::new(), postgres: OnceLock::new() }
    }

    /// The text for `dialect`.
    pub fn on(&'static self, dialect: Dialect) -> &'static str {
        let expanded = || match self.text {
            Text::Written(text) => expand(text, dialect),
            Text::Made(text) => expand(&text(), dialect),
        };
        match dialect {
            Dialect::Sqlite => self.sqlite.get_or_init(expanded),
            Dialect::Postgres => self.postgres.get_or_init(expanded),
        }
    }
}

fn expand(text: &str, dialect: Dialect) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let end = rest[start..].find('}').map(|length| start + length).unwrap_or_else(|| panic!("unclosed brace in SQL: {text}"));
        out.push_str(&rest[..start]);
        out.push_str(&piece(&rest[start + 1..end], dialect));
        rest = &rest[end + 1..];
    }
    out + rest
}

fn piece(inside: &str, dialect: Dialect) -> String {
    let sqlite = dialect == Dialect::Sqlite;
    if let Some(rows) = inside.strip_prefix("rows ") {
        return rows_clause(rows, dialect);
    }
    if let Some(parameter) = inside.strip_prefix("among ") {
        return among_clause(parameter, dialect);
    }
    // Bytes travel as hex, so that rows of them fit the same JSON as all others.
    if let Some(text) = inside.strip_prefix("bytes ") {
        return if sqlite { format!("unhex({text})") } else { format!("decode({text}, 'hex')") };
    }
    if let Some(bytes) = inside.strip_prefix("hex ") {
        return if sqlite { format!("hex({bytes})") } else { format!("encode({bytes}, 'hex')") };
    }
    if let Some(text) = inside.strip_prefix("bytewise ") {
        return if sqlite { text.to_owned() } else { format!("{text} COLLATE \"C\"") };
    }
    if let Some(address) = inside.strip_prefix("chat ") {
        return if sqlite { format!("{address} ->> 'chat'") } else { format!("({address}::jsonb ->> 'chat')") };
    }
    match inside {
        "lock" if !sqlite => "FOR UPDATE".to_owned(),
        "lock skip" if !sqlite => "FOR UPDATE SKIP LOCKED".to_owned(),
        "greatest" => if sqlite { "max" } else { "GREATEST" }.to_owned(),
        "least" => if sqlite { "min" } else { "LEAST" }.to_owned(),
        "json_array" => if sqlite { "json_array" } else { "json_build_array" }.to_owned(),
        "json_text" => if sqlite { "" } else { "::text" }.to_owned(),
        lock if lock.starts_with("lock") && sqlite => String::new(),
        lock if lock.starts_with("lock OF ") => format!("FOR UPDATE {}", &lock[5..]),
        other => panic!("unknown piece of SQL: {{{other}}}"),
    }
}

/// Whether a column is one of the ids of a JSON array.
fn among_clause(parameter: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => format!("IN (SELECT value ->> 'id' FROM jsonb_each({parameter}))"),
        // An array, and not a join: a table that grew since it was last analysed is still searched by key.
        Dialect::Postgres => format!("= ANY(ARRAY(SELECT e.id FROM json_to_recordset({parameter}::json) AS e(id text)))"),
    }
}

/// `$1 r: id text, n int` → the rows of a JSON array as a table.
fn rows_clause(rows: &str, dialect: Dialect) -> String {
    let (head, columns) = rows.split_once(':').unwrap_or_else(|| panic!("rows without columns: {rows}"));
    let (parameter, alias) = head.trim().split_once(' ').unwrap_or_else(|| panic!("rows without an alias: {rows}"));
    let columns =
        columns.split(',').map(|column| column.trim().split_once(' ').unwrap_or_else(|| panic!("column without a type: {column}")));
    match dialect {
        Dialect::Sqlite => {
            // jsonb_each hands over each element in binary, so that taking a column out does not parse text again.
            let columns: Vec<String> = columns.map(|(name, _)| format!("value ->> '{name}' AS {name}")).collect();
            format!("(SELECT {} FROM jsonb_each({parameter})) AS {alias}", columns.join(", "))
        }
        Dialect::Postgres => {
            let columns: Vec<String> =
                columns.map(|(name, kind)| format!("{name} {}", if kind.trim() == "int" { "bigint" } else { "text" })).collect();
            // Not jsonb: its rows are read once, and making it costs three times the reading.
            format!("json_to_recordset({parameter}::json) AS {alias}({})", columns.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_searched_by_key() {
        assert_eq!(expand("x {among $2}", Dialect::Sqlite), "x IN (SELECT value ->> 'id' FROM jsonb_each($2))");
        assert_eq!(expand("x {among $2}", Dialect::Postgres), "x = ANY(ARRAY(SELECT e.id FROM json_to_recordset($2::json) AS e(id text)))");
    }

    #[test]
    fn one_text_serves_both_databases() {
        let text = "SELECT r.id FROM {rows $1 r: id text, n int} WHERE n > {greatest}(1, $2) {lock skip}";
        assert_eq!(
            expand(text, Dialect::Sqlite),
            "SELECT r.id FROM (SELECT value ->> 'id' AS id, value ->> 'n' AS n FROM jsonb_each($1)) AS r WHERE n > max(1, $2) "
        );
        assert_eq!(
            expand(text, Dialect::Postgres),
            "SELECT r.id FROM json_to_recordset($1::json) AS r(id text, n bigint) WHERE n > GREATEST(1, $2) FOR UPDATE SKIP LOCKED"
        );
    }
}
