//! A second connection to a SQLite file, in addition to the program's.

use rusqlite::Connection;

/// Opens the database at `url`; waits for locks of the program.
pub(crate) fn beside(url: &str) -> Connection {
    let path = url.strip_prefix("sqlite://").unwrap_or_else(|| panic!("{url} is no file of SQLite"));
    let connection = Connection::open(path).unwrap();
    connection.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
    connection
}

/// Text results of a statement, one list per row. Parameters without a value are null.
pub(crate) fn texts(connection: &Connection, sql: &str) -> Vec<Vec<String>> {
    let mut statement = connection.prepare(sql).unwrap();
    let columns = statement.column_count();
    let (mut rows, mut found) = (statement.raw_query(), Vec::new());
    while let Some(row) = rows.next().unwrap() {
        found.push((0..columns).map(|column| text(row.get_ref(column).unwrap())).collect());
    }
    found
}

/// The single number returned by a statement.
pub(crate) fn number(connection: &Connection, sql: &str) -> i64 {
    connection.query_row(sql, (), |row| row.get(0)).unwrap()
}

fn text(value: rusqlite::types::ValueRef<'_>) -> String {
    match value {
        rusqlite::types::ValueRef::Integer(number) => number.to_string(),
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}
