//! Statements on PostgreSQL, through sqlx: how values are bound, rows read, and errors understood.

use super::pooler;
use crate::error::StoreError;
use crate::rows::{Cells, Given};
use crate::sql::{Dialect, Sql, Takes};
use crate::value::{LentRow, Row, Value};
use futures_util::TryStreamExt as _;
use lastword_domain::planted;
use sqlx::error::BoxDynError;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnection, PgPool, PgRow};
use sqlx::{Arguments as _, Column, Postgres, Row as _, TypeInfo, ValueRef};

/// A statement with its values.
pub(super) type Query = sqlx::query::Query<'static, Postgres, PgArguments>;

/// A connection of the pool.
pub(super) async fn checked_out(pool: &PgPool) -> Result<PoolConnection<Postgres>, StoreError> {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that takes connections")]
    let connection = pool.acquire().await;
    connection.map_err(driver)
}

/// Puts the values of `sql` behind those that are there: rows by column.
pub(super) fn bind(arguments: &mut PgArguments, sql: &'static Sql, values: &[Value]) -> Result<(), StoreError> {
    let expanded = sql.expanded(Dialect::Postgres);
    planted::here().heard(&expanded.text, || 0);
    debug_assert_eq!(values.len(), expanded.takes.len(), "{}", expanded.text);
    let bound = values.iter().zip(&expanded.takes).try_for_each(|(value, takes)| match (value, takes) {
        (Value::Int(value), Takes::One) => arguments.add(*value),
        (Value::Text(value), Takes::One) => arguments.add(value.as_deref()),
        (Value::Rows(rows), Takes::Rows(columns)) => rows.by_column(columns).try_for_each(|cells| add(arguments, cells)),
        (Value::Rows(rows), Takes::Ids) => add(arguments, rows.only_column()),
        (Value::Rows(_), Takes::One) => unreachable!("rows where a statement takes one value"),
        (Value::Int(_) | Value::Text(_), _) => unreachable!("a statement that takes rows got one value"),
    });
    bound.map_err(|error| StoreError::Driver(error.to_string()))
}

fn add(arguments: &mut PgArguments, cells: Cells<'_>) -> Result<(), BoxDynError> {
    match cells {
        Cells::Ints(values) => arguments.add(values),
        Cells::Texts(values) => arguments.add(values),
    }
}

fn query(sql: &'static Sql, values: &[Value]) -> Result<Query, StoreError> {
    let mut arguments = PgArguments::default();
    bind(&mut arguments, sql, values)?;
    Ok(sqlx::query_with(planted::twist(sql.on(Dialect::Postgres)), arguments))
}

/// The rows that `sql` gives.
pub(super) async fn fetch(connection: &mut PgConnection, sql: &'static Sql, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
    let rows = query(sql, &values)?.fetch_all(connection).await.map_err(|error| not_waited(sql, error))?;
    let Some(first) = rows.first() else { return Ok(Vec::new()) };
    let names = sql.expanded(Dialect::Postgres).names(|| first.columns().iter().map(|column| column.name().to_owned()).collect());
    rows.iter().map(|row| Ok(Row::named(read(row)?, &names))).collect()
}

/// What `take` makes of the rows that `sql` gives.
pub(super) async fn fold<S>(
    connection: &mut PgConnection,
    sql: &'static Sql,
    values: Vec<Value>,
    mut sums: S,
    mut take: impl FnMut(&mut S, &mut LentRow<'_, '_>) -> Result<(), StoreError>,
) -> Result<S, StoreError> {
    let mut rows = query(sql, &values)?.fetch(connection);
    while let Some(row) = rows.try_next().await.map_err(driver)? {
        take(&mut sums, &mut LentRow::of(&mut (0..row.len()).map(|at| lend(&row, at))))?;
    }
    Ok(sums)
}

/// Runs `sql` and says how many rows it touched.
pub(super) async fn execute(connection: &mut PgConnection, sql: &'static Sql, values: Vec<Value>) -> Result<u64, StoreError> {
    query(sql, &values)?.execute(connection).await.map(|done| done.rows_affected()).map_err(driver)
}

/// The columns of a row.
pub(super) fn read(row: &PgRow) -> Result<Vec<Value>, StoreError> {
    let value = |at| {
        Ok(match lend(row, at)? {
            Given::Null => Value::Text(None),
            Given::Int(value) => Value::Int(Some(value)),
            Given::Text(text) => Value::Text(Some(text.to_owned())),
        })
    };
    (0..row.len()).map(value).collect()
}

/// The types of columns that statements give, by PostgreSQL's own numbers.
mod oid {
    pub(super) const INT8: u32 = 20;
    pub(super) const INT4: u32 = 23;
    pub(super) const TEXTS: [u32; 4] = [25, 1043, 19, 705]; // text, varchar, name, and a literal that nobody gave a type
}

/// A column as its bytes have it: asking the driver to convert each takes longer than all else that is done with it.
fn lend(row: &PgRow, at: usize) -> Result<Given<'_>, StoreError> {
    let raw = row.try_get_raw(at).map_err(driver)?;
    if raw.is_null() {
        return Ok(Given::Null);
    }
    let type_info = raw.type_info();
    let number = type_info.oid().map_or(0, |oid| oid.0);
    let given = match number {
        oid::INT8 => raw.as_bytes().and_then(|bytes| Ok(Given::Int(i64::from_be_bytes(bytes.try_into()?)))),
        oid::INT4 => raw.as_bytes().and_then(|bytes| Ok(Given::Int(i32::from_be_bytes(bytes.try_into()?).into()))),
        _ if oid::TEXTS.contains(&number) => raw.as_str().map(Given::Text),
        _ => Err(format!("a column of type {} is neither text nor a whole number", type_info.name()).into()),
    };
    given.map_err(|error: BoxDynError| StoreError::Driver(error.to_string()))
}

/// As [`driver`], for a statement that may refuse to wait for its locks.
fn not_waited(sql: &'static Sql, error: sqlx::Error) -> StoreError {
    or_locked(sql.on(Dialect::Postgres).contains("NOWAIT"), error)
}

/// The driver's error; [`StoreError::Conflict`] if a `hasty` statement did not wait for a lock that another transaction has.
pub(super) fn or_locked(hasty: bool, error: sqlx::Error) -> StoreError {
    // lock_not_available: the code of a lock that was waited for too long, too.
    let locked = error.as_database_error().is_some_and(|said| said.code().as_deref() == Some("55P03"));
    if locked && hasty { StoreError::Conflict } else { driver(error) }
}

/// The driver's error in our words.
pub(super) fn driver(error: sqlx::Error) -> StoreError {
    let Some(database) = error.as_database_error() else { return StoreError::Driver(error.to_string()) };
    match database.code().as_deref() {
        // Unique, serialization, deadlock.
        Some("23505" | "40001" | "40P01") => StoreError::Conflict,
        Some("53100") => StoreError::DiskFull,
        // read_only_sql_transaction: https://www.postgresql.org/docs/current/errcodes-appendix.html
        Some("25006") => StoreError::ReadOnly,
        _ => {
            let message = database.message();
            StoreError::Driver(pooler::remedy(message).map_or_else(|| message.to_owned(), |remedy| format!("{message}; {remedy}")))
        }
    }
}
