//! Searches for a text in every column of every table of a database.

use crate::rig::sqlite;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};
use std::collections::BTreeSet;

/// All tables, and all columns that contain `marker`, as `table.column`.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    pub(crate) tables: BTreeSet<String>,
    pub(crate) found: BTreeSet<String>,
}

/// Scans the database at `url`.
pub(crate) async fn scan(url: &str, marker: &str) -> Scan {
    if url.starts_with("postgres") { postgres(url, marker).await } else { on_sqlite(url, marker) }
}

/// Runs a statement concurrently with the program.
pub(crate) async fn put(url: &str, sql: &str) {
    if url.starts_with("postgres") {
        sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut PgConnection::connect(url).await.unwrap()).await.unwrap();
    } else {
        sqlite::beside(url).execute_batch(sql).unwrap();
    }
}

async fn postgres(url: &str, marker: &str) -> Scan {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let columns = "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns \
         JOIN information_schema.tables t USING (table_schema, table_name) WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'";
    let rows = sqlx::query(columns).fetch_all(&mut connection).await.unwrap();
    let mut scan = Scan::default();
    for row in rows {
        let (table, column, kind): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let text = if kind == "bytea" { format!("encode({column}, 'escape')") } else { format!("{column}::text") };
        let count = format!("SELECT count(*) FROM \"{table}\" WHERE {text} LIKE '%{marker}%'");
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(count)).fetch_one(&mut connection).await.unwrap();
        if count > 0 {
            scan.found.insert(format!("{table}.{column}"));
        }
        scan.tables.insert(table);
    }
    scan
}

fn on_sqlite(url: &str, marker: &str) -> Scan {
    let connection = sqlite::beside(url);
    let columns = "SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'";
    let mut scan = Scan::default();
    for row in sqlite::texts(&connection, columns) {
        let (table, column) = (&row[0], &row[1]);
        let count = format!("SELECT count(*) FROM \"{table}\" WHERE CAST(\"{column}\" AS TEXT) LIKE '%{marker}%'");
        if sqlite::number(&connection, &count) > 0 {
            scan.found.insert(format!("{table}.{column}"));
        }
        scan.tables.insert(table.clone());
    }
    scan
}
