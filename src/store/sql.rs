//! One text of SQL for both databases.
//!
//! Placeholders are `$1`, `$2` … on both. On PostgreSQL rows take as many of them as they have columns, and later ones are
//! renumbered. Differences are written in braces and replaced once per statement:
//!
//! | in the text | SQLite | PostgreSQL |
//! |---|---|---|
//! | `{rows $1 r: id text, n int}` | `(SELECT value ->> '$[0]' AS id … FROM jsonb_each($1)) AS r` | `unnest($1::text[], $2::bigint[]) AS r(id, n)` |
//! | `{among $1}` | `IN (SELECT value FROM json_each($1))` | `= ANY($1::text[])` |
//! | `{about d q.id}`, `{about d among $1}` (of a delivery) | its subject is that, or one of those; see `delivery_subject` | the same |
//! | `{asked_in q r}` (of a rating request) | it is asked in the conversation `r.connection`, `r.chat` | the same |
//! | `{apart q.source}` (what very many rows have in common) | `q.source` | `(q.source \|\| '')`: nothing is looked up by it alone |
//! | `{lock}` | nothing: there is one writer | `FOR UPDATE` |
//! | `{lock skip}`, `{lock skip OF t}` | nothing | `FOR UPDATE … SKIP LOCKED` |
//! | `{lock OF t}` | nothing | `FOR UPDATE OF t` |
//! | `{lock now}`, `{lock now OF t}` | nothing | `FOR UPDATE … NOWAIT`: the transaction starts again if another one has a row |
//! | `{held t $1 r: id text, n int}` (rows that name rows of `t` by ID) | as `{rows …}` | the same, with the rows of `t` locked by ID |
//! | `{greatest}` / `{least}` | `max` / `min` | `GREATEST` / `LEAST` |
//! | `{json_text}` | nothing: the text is kept | `::text` |
//! | `{bytes r.body}` (from hex) | `unhex(r.body)` | `decode(r.body, 'hex')` |
//! | `{hex p.body}` | `hex(p.body)` | `encode(p.body, 'hex')` |
//! | `{address q}` (of a rating request) | the JSON of its conversation's address; see `rating_request` | the same |
//! | `{address asked q}` | that of where it is asked, if that is elsewhere | the same |
//! | `{chat s.address}` (of the JSON of an address) | `s.address ->> 'chat'` | `((s.address::jsonb ->> 'chat') COLLATE "C")` |
//! | `{along some_index}` (behind a table) | `INDEXED BY some_index` | nothing: it plans with what it knows of the tables |
//! | `{day v.day}` (of a view for BI tools) | `v.day` | its text: `2026-09-30` |
//! | `{as_day $1}` (of such a text) | `$1` | `CAST($1 AS DATE)` |
//! | `{moment v.closed_at}` (likewise) | `v.closed_at` | its text in UTC: `2026-09-30 12:00:00` |
//! | `{json_array}` | `json_array` | `json_build_array` |
//! | `{may_send $2}` (at that time) | the database is not in quarantine, and not for newer programs alone | the same, and is the one that this connection reached |

mod form;
pub(crate) mod locks;
pub mod rows;
pub(crate) mod table;
pub mod value;

pub use form::{ByRow, Form};

use super::schema::KNOWN;
use crate::sql::rows::Column;
use crate::sql::value::Value;
use std::borrow::Cow;
use std::fmt::Write;
use std::sync::{Arc, OnceLock};

/// Which database a statement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// One statement, with its text for each database made on first use.
pub struct Sql {
    text: Text,
    sqlite: OnceLock<Expanded>,
    postgres: OnceLock<Expanded>,
    locks: OnceLock<Vec<(String, locks::Locks)>>,
    table: OnceLock<String>,
}

/// The text of a statement for one database, and its parameters.
pub struct Expanded {
    /// The text.
    pub text: String,
    /// The kind of each value, in the order of `$1`, `$2` … as written.
    pub takes: Vec<Takes>,
    form: OnceLock<Form>,
    names: OnceLock<Arc<[String]>>,
}

impl Expanded {
    /// The form for SQLite.
    pub fn form(&self) -> &Form {
        self.form.get_or_init(|| self.form_of(&self.text))
    }

    /// The form for SQLite with `text` instead of its own.
    pub fn form_of(&self, text: &str) -> Form {
        let mut rows = self.takes.iter().enumerate().filter_map(|(at, takes)| match takes {
            Takes::Rows(columns) => Some((at, columns.as_slice())),
            Takes::One | Takes::Ids => None,
        });
        let only = rows.next().filter(|_| rows.next().is_none());
        Form::of(text, self.takes.len(), only)
    }

    /// The names of its result columns, which never change: `read` is called once.
    pub fn names(&self, read: impl FnOnce() -> Arc<[String]>) -> Arc<[String]> {
        self.names.get_or_init(read).clone()
    }
}

/// Kind of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A number or a text.
    One,
    /// Rows with these columns.
    Rows(Vec<Column>),
    /// IDs.
    Ids,
}

enum Text {
    Written(&'static str),
    Made(fn() -> String),
}

impl Text {
    fn written(&self) -> Cow<'static, str> {
        match self {
            Text::Written(text) => Cow::Borrowed(text),
            Text::Made(text) => Cow::Owned(text()),
        }
    }
}

impl Sql {
    /// A statement. Store it in a `static`.
    pub const fn new(text: &'static str) -> Self {
        Self::of(Text::Written(text))
    }

    /// A statement whose text is composed from lists of columns, once. Store it in a `static`. It never contains callers' values.
    pub const fn made(text: fn() -> String) -> Self {
        Self::of(Text::Made(text))
    }

    const fn of(text: Text) -> Self {
        Self { text, sqlite: OnceLock::new(), postgres: OnceLock::new(), locks: OnceLock::new(), table: OnceLock::new() }
    }

    /// The tables whose rows it locks.
    pub(crate) fn locks(&'static self) -> &'static [(String, locks::Locks)] {
        self.locks.get_or_init(|| locks::locks(&self.text.written()))
    }

    /// The table that it is about: the one that it changes or reads first. Empty if it needs none.
    pub(crate) fn table(&'static self) -> &'static str {
        self.table.get_or_init(|| locks::first_table(&self.text.written()))
    }

    /// The text for `dialect`.
    pub fn on(&'static self, dialect: Dialect) -> &'static str {
        &self.expanded(dialect).text
    }

    /// The text for `dialect`, with its parameters.
    pub fn expanded(&'static self, dialect: Dialect) -> &'static Expanded {
        let expanded = || expand(&self.text.written(), dialect);
        match dialect {
            Dialect::Sqlite => self.sqlite.get_or_init(expanded),
            Dialect::Postgres => self.postgres.get_or_init(expanded),
        }
    }
}

fn expand(text: &str, dialect: Dialect) -> Expanded {
    let mut out = String::with_capacity(text.len() * 2);
    let mut takes = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let end = rest[start..].find('}').map(|length| start + length).unwrap_or_else(|| panic!("unclosed brace in SQL: {text}"));
        out.push_str(&rest[..start]);
        out.push_str(&piece(&rest[start + 1..end], dialect, &mut takes));
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    let _ = renumber(&out, |number| {
        takes.resize(takes.len().max(number), Takes::One);
        number
    });
    if dialect == Dialect::Postgres {
        let width = |takes: &Takes| if let Takes::Rows(columns) = takes { columns.len() } else { 1 };
        out = renumber(&out, |number| takes[..number - 1].iter().map(width).sum::<usize>() + 1);
    }
    Expanded { text: out, takes, form: OnceLock::new(), names: OnceLock::new() }
}

/// Replaces `$1` and `$1+2` (its third column) with the positions that `number` returns.
pub(super) fn renumber(text: &str, mut number: impl FnMut(usize) -> usize) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (written, behind) = digits(&rest[at + 1..]);
        out.push_str(&rest[..at]);
        rest = behind;
        let Some(written) = written else {
            out.push('$');
            continue;
        };
        let mut place = number(written);
        if let (Some(column), behind) = rest.strip_prefix('+').map_or((None, rest), digits) {
            place += column;
            rest = behind;
        }
        let _ = write!(out, "${place}");
    }
    out + rest
}

/// The number at the start of `text`, and the rest.
fn digits(text: &str) -> (Option<usize>, &str) {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    (text[..length].parse().ok(), &text[length..])
}

/// Records the kind of the parameter `parameter` (`$1` …).
fn note(takes: &mut Vec<Takes>, parameter: &str, what: Takes) {
    let number: usize = parameter[1..].parse().unwrap_or_else(|_| panic!("no placeholder: {parameter}"));
    takes.resize(takes.len().max(number), Takes::One);
    takes[number - 1] = what;
}

fn piece(inside: &str, dialect: Dialect, takes: &mut Vec<Takes>) -> String {
    let sqlite = dialect == Dialect::Sqlite;
    if let Some(rows) = inside.strip_prefix("rows ") {
        return rows_clause(rows, dialect, takes);
    }
    if let Some(held) = inside.strip_prefix("held ") {
        return held_clause(held, dialect, takes);
    }
    if let Some(parameter) = inside.strip_prefix("among ") {
        note(takes, parameter, Takes::Ids);
        return among_clause(parameter, dialect);
    }
    if let Some(about) = inside.strip_prefix("about ") {
        return about_clause(about, dialect, takes);
    }
    if let Some(asked) = inside.strip_prefix("asked_in ") {
        return asked_in_clause(asked);
    }
    // While PostgreSQL has few statistics of a new table, all columns of an index seem equally selective to it.
    if let Some(column) = inside.strip_prefix("apart ") {
        return if sqlite { column.to_owned() } else { format!("({column} || '')") };
    }
    // Bytes are passed as hex, so that their rows fit the same JSON as all others.
    if let Some(text) = inside.strip_prefix("bytes ") {
        return if sqlite { format!("unhex({text})") } else { format!("decode({text}, 'hex')") };
    }
    if let Some(bytes) = inside.strip_prefix("hex ") {
        return if sqlite { format!("hex({bytes})") } else { format!("encode({bytes}, 'hex')") };
    }
    if let Some(close) = inside.strip_prefix("address ") {
        return address_clause(close, dialect);
    }
    if let Some(address) = inside.strip_prefix("chat ") {
        return if sqlite { format!("{address} ->> 'chat'") } else { format!("(({address}::jsonb ->> 'chat') COLLATE \"C\")") };
    }
    if let Some(now) = inside.strip_prefix("may_send ") {
        return may_send_clause(now, dialect);
    }
    if let Some(day) = inside.strip_prefix("day ") {
        return if sqlite { day.to_owned() } else { format!("to_char({day}, 'YYYY-MM-DD')") };
    }
    if let Some(text) = inside.strip_prefix("as_day ") {
        return if sqlite { text.to_owned() } else { format!("CAST({text} AS DATE)") };
    }
    if let Some(at) = inside.strip_prefix("moment ") {
        return if sqlite { at.to_owned() } else { format!("to_char({at} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')") };
    }
    if let Some(index) = inside.strip_prefix("along ") {
        return if sqlite { format!("INDEXED BY {index}") } else { String::new() };
    }
    match inside {
        "lock" if !sqlite => "FOR UPDATE".to_owned(),
        "lock skip" if !sqlite => "FOR UPDATE SKIP LOCKED".to_owned(),
        "lock now" if !sqlite => "FOR UPDATE NOWAIT".to_owned(),
        "greatest" => if sqlite { "max" } else { "GREATEST" }.to_owned(),
        "least" => if sqlite { "min" } else { "LEAST" }.to_owned(),
        "json_array" => if sqlite { "json_array" } else { "json_build_array" }.to_owned(),
        "json_text" => if sqlite { "" } else { "::text" }.to_owned(),
        lock if lock.starts_with("lock") && sqlite => String::new(),
        lock if lock.starts_with("lock skip OF ") => format!("FOR UPDATE {} SKIP LOCKED", &lock[10..]),
        lock if lock.starts_with("lock now OF ") => format!("FOR UPDATE {} NOWAIT", &lock[9..]),
        lock if lock.starts_with("lock OF ") => format!("FOR UPDATE {}", &lock[5..]),
        other => panic!("unknown piece of SQL: {{{other}}}"),
    }
}

/// True if the database may let anything leave at `now`: it is no copy that nobody has released, its heart beats, and this program is
/// not too old for its tables. A
/// PostgreSQL database that was put in place beneath a running node is told by its own number, its server's and its table's.
fn may_send_clause(now: &str, dialect: Dialect) -> String {
    let awake = format!(
        "i.quarantine IS NULL AND (i.awake_until IS NULL OR i.awake_until > {now}) \
         AND NOT EXISTS (SELECT 1 FROM schema_support s WHERE s.oldest_migration > {KNOWN})"
    );
    match dialect {
        Dialect::Sqlite => format!("EXISTS (SELECT 1 FROM installation i WHERE i.id = 1 AND {awake})"),
        Dialect::Postgres => format!(
            "EXISTS (SELECT 1 FROM installation i WHERE i.id = 1 AND {awake} AND (i.place IS NULL \
             OR i.place = COALESCE(current_setting('lastword.place', true), '') || ' ' || i.tableoid::text))"
        ),
    }
}

/// True if a column is one of the IDs of a list.
fn among_clause(parameter: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => format!("IN (SELECT value FROM json_each({parameter}))"),
        // An array instead of a join: a table that grew since it was last analysed is still searched by key.
        Dialect::Postgres => format!("= ANY({parameter}::text[])"),
    }
}

/// `d q.id`, `d among $1` → true if a delivery is about a subject. The first question about a close has its subject's ID, and is in
/// no index of subjects.
fn about_clause(about: &str, dialect: Dialect, takes: &mut Vec<Takes>) -> String {
    let (table, subject) = about.split_once(' ').unwrap_or_else(|| panic!("a delivery about nothing: {about}"));
    let is_it = match subject.strip_prefix("among ") {
        Some(parameter) => {
            note(takes, parameter, Takes::Ids);
            among_clause(parameter, dialect)
        }
        None => format!("= {subject}"),
    };
    format!("({table}.id {is_it} OR ({table}.subject {is_it} AND {table}.id <> {table}.subject))")
}

/// `q r` → true if a rating request is asked in a conversation: in that of its close, or in the one it was moved to.
fn asked_in_clause(asked: &str) -> String {
    let (q, r) = asked.split_once(' ').unwrap_or_else(|| panic!("asked nowhere: {asked}"));
    format!(
        "(({q}.chat = {r}.chat AND {q}.connection = {r}.connection AND {q}.asked_chat IS NULL) \
         OR ({q}.asked_chat = {r}.chat AND {q}.asked_connection = {r}.connection))"
    )
}

/// `q`, `asked q` → the full address of a rating request's conversation, or of its question, as JSON. If a row stores only the
/// chat, that is the full address.
fn address_clause(of: &str, dialect: Dialect) -> String {
    let (asked, q) = of.strip_prefix("asked ").map_or(("", of), |q| ("asked_", q));
    let chat = format!("{q}.{asked}chat");
    let quoted = if dialect == Dialect::Sqlite { format!("json_quote({chat})") } else { format!("to_json({chat})::text") };
    format!("COALESCE({q}.{asked}long_address, CASE WHEN {chat} IS NOT NULL THEN '{{\"chat\":' || {quoted} || '}}' END)")
}

/// `$1 r: id text, n int` → the rows of a value as a table.
fn rows_clause(rows: &str, dialect: Dialect, takes: &mut Vec<Takes>) -> String {
    let (head, columns) = rows.split_once(':').unwrap_or_else(|| panic!("rows without columns: {rows}"));
    let (parameter, alias) = head.trim().split_once(' ').unwrap_or_else(|| panic!("rows without an alias: {rows}"));
    let columns: Vec<Column> = columns
        .split(',')
        .map(|column| column.trim().split_once(' ').unwrap_or_else(|| panic!("column without a type: {column}")))
        .map(|(name, kind)| Column { name: name.to_owned(), is_int: kind.trim() == "int" })
        .collect();
    let list = |each: &dyn Fn(usize, &Column) -> String| {
        columns.iter().enumerate().map(|(at, column)| each(at, column)).collect::<Vec<_>>().join(", ")
    };
    let clause = match dialect {
        // jsonb_each returns each row in binary, so that extracting a column does not parse text again. By position it is found
        // without comparing names.
        Dialect::Sqlite => {
            let taken = list(&|at, column| format!("value ->> '$[{at}]' AS {}", column.name));
            format!("(SELECT {taken} FROM jsonb_each({parameter})) AS {alias}")
        }
        Dialect::Postgres => {
            let arrays = list(&|at, column| format!("{parameter}+{at}::{}[]", if column.is_int { "bigint" } else { "text" }));
            format!("unnest({arrays}) AS {alias}({})", list(&|_, column| column.name.clone()))
        }
    };
    note(takes, parameter, Takes::Rows(columns));
    clause
}

/// `t $1 r: id text, n int` → the rows of a value, each with the row of `t` that it names by ID. On PostgreSQL an update would lock
/// these in any order, so they are locked by ID before.
fn held_clause(held: &str, dialect: Dialect, takes: &mut Vec<Takes>) -> String {
    let (table, rows) = held.split_once(' ').unwrap_or_else(|| panic!("held rows without a table: {held}"));
    let clause = rows_clause(rows, dialect, takes);
    if dialect == Dialect::Sqlite {
        return clause;
    }
    let alias = rows.split([' ', ':']).nth(1).unwrap_or_default();
    format!("(SELECT {alias}.* FROM {clause} JOIN {table} held ON held.id = {alias}.id ORDER BY held.id FOR UPDATE OF held) AS {alias}")
}

/// One statement with its values.
pub struct Statement {
    pub(crate) sql: &'static Sql,
    pub(crate) values: Vec<Value>,
}

impl Statement {
    /// `sql` with its values.
    pub fn new(sql: &'static Sql, values: Vec<Value>) -> Self {
        Self { sql, values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(dialect: Dialect, text: &str) -> String {
        expand(text, dialect).text
    }

    #[test]
    fn ids_are_searched_by_key() {
        assert_eq!(on(Dialect::Sqlite, "x {among $2}"), "x IN (SELECT value FROM json_each($2))");
        assert_eq!(on(Dialect::Postgres, "x {among $2}"), "x = ANY($2::text[])");
    }

    #[test]
    fn deliveries_are_found_by_what_they_are_about() {
        assert_eq!(on(Dialect::Sqlite, "{about d q.id}"), "(d.id = q.id OR (d.subject = q.id AND d.id <> d.subject))");
        let about = expand("{about d among $1}", Dialect::Postgres);
        assert_eq!(about.text, "(d.id = ANY($1::text[]) OR (d.subject = ANY($1::text[]) AND d.id <> d.subject))");
        assert_eq!(about.takes, [Takes::Ids]);
    }

    #[test]
    fn one_text_serves_both_databases() {
        let text = "SELECT r.id FROM {rows $1 r: id text, n int} WHERE n > {greatest}(1, $2) AND x {among $3} {lock skip}";
        assert_eq!(
            on(Dialect::Sqlite, text),
            "SELECT r.id FROM (SELECT value ->> '$[0]' AS id, value ->> '$[1]' AS n FROM jsonb_each($1)) AS r WHERE n > max(1, $2) \
             AND x IN (SELECT value FROM json_each($3)) "
        );
        assert_eq!(
            on(Dialect::Postgres, text),
            "SELECT r.id FROM unnest($1::text[], $2::bigint[]) AS r(id, n) WHERE n > GREATEST(1, $3) AND x = ANY($4::text[]) \
             FOR UPDATE SKIP LOCKED"
        );
        let column = |name: &str, is_int| Column { name: name.to_owned(), is_int };
        let takes = vec![Takes::Rows(vec![column("id", false), column("n", true)]), Takes::One, Takes::Ids];
        assert_eq!(expand(text, Dialect::Sqlite).takes, takes);
        assert_eq!(expand(text, Dialect::Postgres).takes, takes);
    }

    #[test]
    fn placeholders_move_behind_the_values_of_others() {
        assert_eq!(renumber("SELECT $1, $12, '$[0]' WHERE x = $2", |number| number + 3), "SELECT $4, $15, '$[0]' WHERE x = $5");
    }
}
