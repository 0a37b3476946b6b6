//! Statements on PostgreSQL through sqlx: binding values, reading rows and converting errors.

pub(super) mod fault;
pub(super) mod hosts;
pub(super) mod lent;
pub(super) mod migrate;
pub(super) mod open;
pub(super) mod pooler;
pub(super) mod server;

use crate::error::StoreError;
use crate::sql::rows::{Cells, Given};
use crate::sql::value::{LentRow, Row, Value};
use crate::sql::{Dialect, Sql, Takes};
use fault::driver;
use futures_util::TryStreamExt as _;
use lastword_domain::planted;
use lent::{Lent, in_time};
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{Arguments as _, Column, Postgres, Row as _, TypeInfo, ValueRef};

/// A statement with its values.
pub(super) type Query = sqlx::query::Query<'static, Postgres, PgArguments>;

/// Appends the values of `sql` to the arguments: rows by column.
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

fn query(connection: &Lent, sql: &'static Sql, values: &[Value]) -> Result<Query, StoreError> {
    let mut arguments = PgArguments::default();
    bind(&mut arguments, sql, values)?;
    Ok(sqlx::query_with(planted::twist(sql.on(Dialect::Postgres)), arguments).persistent(connection.keeps_statements()))
}

/// Returns the rows of `sql`.
pub(super) async fn fetch(connection: &mut Lent, sql: &'static Sql, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
    let rows = in_time(query(connection, sql, &values)?.fetch_all(&mut **connection)).await;
    let rows = connection.outcome_unless_locked(sql.on(Dialect::Postgres).contains("NOWAIT"), rows)?;
    let Some(first) = rows.first() else { return Ok(Vec::new()) };
    let names = sql.expanded(Dialect::Postgres).names(|| first.columns().iter().map(|column| column.name().to_owned()).collect());
    rows.iter().map(|row| Ok(Row::named(read(row)?, &names))).collect()
}

/// Passes each row of `sql` to `take`.
pub(super) async fn fold<S>(
    connection: &mut Lent,
    sql: &'static Sql,
    values: Vec<Value>,
    mut sums: S,
    mut take: impl FnMut(&mut S, &mut LentRow<'_, '_>) -> Result<(), StoreError>,
) -> Result<S, StoreError> {
    let mut rows = query(connection, sql, &values)?.fetch(&mut **connection);
    let failed = loop {
        match in_time(rows.try_next()).await {
            Ok(Some(row)) => take(&mut sums, &mut LentRow::of(&mut (0..row.len()).map(|at| lend(&row, at))))?,
            Ok(None) => return Ok(sums),
            Err(error) => break error,
        }
    };
    drop(rows);
    connection.outcome(Err(failed))
}

/// Runs `sql` and returns the number of affected rows.
pub(super) async fn execute(connection: &mut Lent, sql: &'static Sql, values: Vec<Value>) -> Result<u64, StoreError> {
    let done = in_time(query(connection, sql, &values)?.execute(&mut **connection)).await;
    connection.outcome(done).map(|done| done.rows_affected())
}

/// Reads the columns of a row.
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

/// Types of result columns by PostgreSQL's OIDs.
mod oid {
    pub(super) const INT8: u32 = 20;
    pub(super) const INT4: u32 = 23;
    pub(super) const TEXTS: [u32; 4] = [25, 1043, 19, 705]; // text, varchar, name, and a literal without a type
}

/// Reads a column directly from its bytes: converting each value through the driver takes longer than all other work on it.
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
