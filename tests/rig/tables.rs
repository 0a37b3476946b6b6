//! Reads any table or view of a database as text, beside the program.

use super::sqlite;
use rusqlite::types::ValueRef;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, ValueRef as _};

/// The rows of a statement as text; a null is `None`.
pub(crate) async fn rows(url: &str, sql: &str) -> Vec<Vec<Option<String>>> {
    if !url.starts_with("postgres") {
        return on_sqlite(url, sql);
    }
    let mut connection = PgConnection::connect(url).await.unwrap();
    // The simple protocol returns text.
    let rows =
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let text = |row: &sqlx::postgres::PgRow, at| {
        let value = row.try_get_raw(at).unwrap();
        (!value.is_null()).then(|| value.as_str().unwrap().to_owned())
    };
    rows.iter().map(|row| (0..row.len()).map(|at| text(row, at)).collect()).collect()
}

/// The single number of a statement; 0 if it is null.
pub(crate) async fn number(url: &str, sql: &str) -> i64 {
    let found = rows(url, sql).await;
    found[0][0].as_deref().map_or(0, |text| text.parse().unwrap_or_else(|_| panic!("{sql}: {text}")))
}

fn on_sqlite(url: &str, sql: &str) -> Vec<Vec<Option<String>>> {
    let connection = sqlite::beside(url);
    let mut statement = connection.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    let columns = statement.column_count();
    let text = |value: ValueRef<'_>| match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(format!("{number:?}")),
        other => Some(other.as_str().unwrap().to_owned()),
    };
    let rows = statement.query_map((), |row| (0..columns).map(|at| row.get_ref(at).map(text)).collect()).unwrap();
    rows.map(Result::unwrap).collect()
}
