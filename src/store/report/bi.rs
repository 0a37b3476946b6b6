//! The views for BI tools (`bi1_…`): their columns and types, as promised in docs/bi.md, and reading them page by page, as
//! text and numbers that are the same on both databases.

use super::recount;
use crate::sql::{Dialect, Sql};
use crate::values;
use crate::{Db, Row, StoreError};
use lastword_domain::report::calendar::Day;
use std::collections::VecDeque;

/// Number of closes per page.
const CLOSES: i64 = 5_000;
/// Number of days per page.
const DAYS: i64 = 92;

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number; flags are 0 or 1.
    Int,
    /// A time to the second, in UTC: a text on SQLite, `timestamptz` on PostgreSQL.
    Moment,
    /// A day in the organisation's time zone: a text on SQLite, `date` on PostgreSQL.
    Day,
}

/// A column: its name and its type.
pub type Column = (&'static str, Kind);

/// How a view is read in pages, so that no statement takes long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pages {
    /// It is small.
    One,
    /// By ranges of `close_id`.
    Closes,
    /// By ranges of `day`.
    Days,
}

/// A view.
pub struct View {
    /// Its name.
    pub name: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
    pages: Pages,
    rows: &'static Sql,
    count: &'static Sql,
}

macro_rules! views {
    ($($name:literal by $pages:ident, ordered by $order:literal: $($column:ident $kind:ident),* $(,)?;)*) => {
        /// All views.
        pub static VIEWS: &[View] = &[$(View {
            name: $name,
            columns: &[$((stringify!($column), Kind::$kind)),*],
            pages: Pages::$pages,
            rows: {
                static ROWS: Sql = Sql::made(|| page($name, &[$((stringify!($column), Kind::$kind)),*], Pages::$pages, $order));
                &ROWS
            },
            count: {
                static COUNT: Sql = Sql::new(concat!("SELECT count(*) FROM ", $name));
                &COUNT
            },
        }),*];
    };
}

views! {
    "bi1_lines" by One, ordered by "line_id": line_id Text, name Text, archived Int;
    "bi1_operators" by One, ordered by "operator_id": operator_id Text, name Text, kind Text;
    "bi1_closes" by Closes, ordered by "close_id":
        close_id Text, closed_at Moment, day Day, line_id Text, channel Text, scale Text, operator_id Text, handled_by Text, closed_by Text,
        outcome Text, reason Text, asked Int, delivered Int, matured Int, answered Int, answered_matured Int, late Int;
    "bi1_ratings" by Closes, ordered by "close_id":
        close_id Text, closed_at Moment, day Day, line_id Text, channel Text, scale Text, operator_id Text, handled_by Text, rated_at Moment,
        score Int, grade Text, voided Int, counted Int, good Int, bad Int, matured Int, resolved Int, has_comment Int, seconds_to_rate Int,
        supervisor_score Int;
    "bi1_reasons" by Closes, ordered by "close_id, origin, code":
        close_id Text, day Day, line_id Text, channel Text, scale Text, operator_id Text, handled_by Text, origin Text, code Text;
    "bi1_low_ratings" by Closes, ordered by "close_id":
        close_id Text, day Day, line_id Text, channel Text, scale Text, operator_id Text, handled_by Text, rated_at Moment, done_at Moment,
        replied_at Moment, settled_at Moment, waits Int, seconds_to_reply Int;
    "bi1_daily" by Days, ordered by "day, line_id, channel, scale, handled_by":
        day Day, line_id Text, channel Text, scale Text, handled_by Text, closes Int, not_asked Int, canceled Int, asked Int, delivered Int,
        matured Int, answered Int, answered_matured Int, expired Int, unreachable Int, unsure Int, open Int, late Int, counted Int, good Int,
        bad Int, score_0 Int, score_1 Int, score_2 Int, score_3 Int, score_4 Int, score_5 Int, voided Int, resolved_yes Int, resolved_no Int,
        commented Int, seconds_to_rate Int, supervised Int, supervisor_sum Int;
    "bi1_operator_daily" by Days, ordered by "day, line_id, channel, scale, operator_id, handled_by":
        day Day, line_id Text, channel Text, scale Text, operator_id Text, handled_by Text, closes Int, not_asked Int, canceled Int, asked Int,
        delivered Int, matured Int, answered Int, answered_matured Int, expired Int, unreachable Int, unsure Int, open Int, late Int,
        counted Int, good Int, bad Int, score_0 Int, score_1 Int, score_2 Int, score_3 Int, score_4 Int, score_5 Int, voided Int,
        resolved_yes Int, resolved_no Int, commented Int, seconds_to_rate Int, supervised Int, supervisor_sum Int;
    "bi1_alarms" by One, ordered by "alarm_id":
        alarm_id Text, line_id Text, channel Text, kind Text, raised_at Moment, ended_at Moment, end_reason Text, cases Int, bad Int;
}

/// The statement that reads one page.
fn page(name: &str, columns: &[Column], pages: Pages, order: &str) -> String {
    let columns = columns.iter().map(|(column, kind)| match kind {
        Kind::Text | Kind::Int => format!("v.{column}"),
        Kind::Moment => format!("{{moment v.{column}}}"),
        Kind::Day => format!("{{day v.{column}}}"),
    });
    let columns = columns.collect::<Vec<_>>().join(", ");
    let within = match pages {
        Pages::One => "",
        Pages::Closes => "WHERE v.close_id > $1 AND v.close_id <= $2",
        Pages::Days => "WHERE v.day >= {as_day $1} AND v.day < {as_day $2}",
    };
    format!("SELECT {columns} FROM {name} v {within} ORDER BY {order}")
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Null.
    Null,
    /// A text; a time is `2026-09-30 12:00:00` in UTC, a day `2026-09-30`.
    Text(String),
    /// A number.
    Int(i64),
}

impl View {
    /// Number of rows.
    ///
    /// # Errors
    /// A database error.
    pub async fn count(&self, db: &Db) -> Result<u64, StoreError> {
        let count = db.read(self.count, vec![]).await?.first_mut().map_or(Ok(0), Row::int)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Starts reading it.
    ///
    /// # Errors
    /// A database error.
    pub async fn open(&'static self, db: &Db) -> Result<Reading, StoreError> {
        let left = match self.pages {
            Pages::One => Left::Whole,
            Pages::Closes => Left::After(String::new()),
            Pages::Days => {
                let days = recount::extent(db).await?;
                Left::Days(days.map(|(first, last)| first.stretches(last.plus(1), DAYS).collect()).unwrap_or_default())
            }
        };
        Ok(Reading { db: db.clone(), view: self, left })
    }

    fn read(&self, row: &mut Row) -> Result<Vec<Value>, StoreError> {
        let value = |(_, kind): &Column| match kind {
            Kind::Int => Ok(row.int_or_null()?.map_or(Value::Null, Value::Int)),
            Kind::Text | Kind::Moment | Kind::Day => Ok(row.text_or_null()?.map_or(Value::Null, Value::Text)),
        };
        self.columns.iter().map(value).collect()
    }
}

/// A view that is read page by page.
pub struct Reading {
    db: Db,
    view: &'static View,
    left: Left,
}

/// What is still to be read.
enum Left {
    Nothing,
    Whole,
    /// Closes after this one.
    After(String),
    /// Ranges of days: the first one, and the one after the last.
    Days(VecDeque<(Day, Day)>),
}

impl Reading {
    /// The next rows; empty at the end.
    ///
    /// # Errors
    /// A database error.
    pub async fn next(&mut self) -> Result<Vec<Vec<Value>>, StoreError> {
        loop {
            let values = match &mut self.left {
                Left::Nothing => return Ok(Vec::new()),
                Left::Whole => {
                    self.left = Left::Nothing;
                    vec![]
                }
                Left::After(after) => match last_of_page(&self.db, after).await? {
                    Some(last) => values![std::mem::replace(after, last.clone()), last],
                    None => return Ok(Vec::new()),
                },
                Left::Days(pages) => match pages.pop_front() {
                    Some((first, after)) => values![first.to_string(), after.to_string()],
                    None => return Ok(Vec::new()),
                },
            };
            let rows = self.db.read(self.view.rows, values).await?;
            if !rows.is_empty() {
                return rows.into_iter().map(|mut row| self.view.read(&mut row)).collect();
            }
        }
    }
}

/// The last close of the page after this one.
async fn last_of_page(db: &Db, after: &str) -> Result<Option<String>, StoreError> {
    static LAST: Sql = Sql::new("SELECT max(p.id) FROM (SELECT q.id FROM rating_request q WHERE q.id > $1 ORDER BY q.id LIMIT $2) AS p");
    db.read(&LAST, values![after, CLOSES]).await?.first_mut().map_or(Ok(None), Row::text_or_null)
}

/// The schema of the views and the name of the database, on PostgreSQL.
///
/// # Errors
/// A database error.
pub async fn place(db: &Db) -> Result<Option<(String, String)>, StoreError> {
    static PLACE: Sql = Sql::new(
        "SELECT n.nspname::text, current_database()::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.oid = to_regclass('bi1_closes')",
    );
    if db.dialect() == Dialect::Sqlite {
        return Ok(None);
    }
    db.read(&PLACE, vec![]).await?.first_mut().map(|row| Ok((row.text()?, row.text()?))).transpose()
}

/// Limits of the role, as a guard against a query that would occupy the server.
const LIMITS: [(&str, &str); 4] = [
    ("default_transaction_read_only", "on"),
    ("statement_timeout", "60s"),
    ("idle_in_transaction_session_timeout", "60s"),
    ("lock_timeout", "5s"),
];

/// The statements that create a role which may read the views and nothing else, one per line. Names are unquoted; `owner` is the role of
/// the program.
pub fn reader_statements(role: &str, owner: Option<&str>, schema: &str, database: &str) -> Vec<String> {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let (role, schema, database) = (quoted(role), quoted(schema), quoted(database));
    let views: Vec<String> = VIEWS.iter().map(|view| format!("{schema}.{}", view.name)).collect();
    let mut statements = vec![format!("CREATE ROLE {role} LOGIN CONNECTION LIMIT 10;")];
    statements.extend(LIMITS.map(|(setting, value)| format!("ALTER ROLE {role} IN DATABASE {database} SET {setting} = '{value}';")));
    // Up to PostgreSQL 14 every role may create tables in the schema public.
    statements.extend(owner.map(|owner| format!("GRANT CREATE ON SCHEMA {schema} TO {};", quoted(owner))));
    statements.push(format!("REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC;"));
    statements.push(format!("GRANT CONNECT ON DATABASE {database} TO {role};"));
    statements.push(format!("GRANT USAGE ON SCHEMA {schema} TO {role};"));
    statements.push(format!("GRANT SELECT ON {} TO {role};", views.join(", ")));
    statements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_and_only_views_are_granted() {
        let sql = reader_statements("bi \"reader\"", Some("lastword"), "public", "shop");
        assert_eq!(sql[0], "CREATE ROLE \"bi \"\"reader\"\"\" LOGIN CONNECTION LIMIT 10;");
        assert!(sql.contains(&"GRANT CREATE ON SCHEMA \"public\" TO \"lastword\";".to_owned()), "{sql:?}");
        let granted = sql.last().unwrap();
        let list = granted.strip_prefix("GRANT SELECT ON ").and_then(|rest| rest.split_once(" TO ")).unwrap().0;
        assert!(list.split(", ").all(|name| name.starts_with("\"public\".bi1_")), "{granted}");
        assert_eq!(list.split(", ").count(), VIEWS.len());
    }
}
