//! Values and rows: text and 64-bit integers, which both databases carry alike.

use super::driver;
use crate::store::error::StoreError;
use crate::store::rows::{Cells, Rows};
use crate::store::sql::Takes;
use sqlx::{Column, Row as _, TypeInfo, ValueRef};
use std::sync::Arc;

/// One value of a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number or null.
    Int(Option<i64>),
    /// A text or null.
    Text(Option<String>),
    /// Rows, where a statement takes rows or ids.
    Rows(Rows),
}

impl Value {
    fn into_rows(self) -> Rows {
        match self {
            Value::Rows(rows) => rows,
            Value::Int(_) | Value::Text(_) => unreachable!("a statement that takes rows got one value"),
        }
    }

    /// In the form in which SQLite takes it.
    pub(super) fn for_sqlite(self, takes: &Takes) -> Self {
        match takes {
            Takes::One => self,
            Takes::Rows(columns) => Value::Text(Some(self.into_rows().by_place(columns))),
            Takes::Ids => Value::Text(Some(self.into_rows().in_a_list())),
        }
    }

    /// In the forms in which PostgreSQL takes it.
    pub(super) fn for_postgres(self, takes: &Takes) -> Vec<Bound> {
        match takes {
            Takes::One => vec![Bound::One(self)],
            Takes::Rows(columns) => self.into_rows().by_column(columns).into_iter().map(Bound::Cells).collect(),
            Takes::Ids => vec![Bound::Cells(self.into_rows().only_column())],
        }
    }
}

/// A value as PostgreSQL takes it.
pub(super) enum Bound {
    /// One value.
    One(Value),
    /// A column of rows.
    Cells(Cells),
}

/// Collects the values of a statement, in the order of `$1`, `$2` …
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::db::Value::from($value)),*] };
}

macro_rules! value_from {
    ($($kind:ty => $make:expr;)*) => { $(impl From<$kind> for Value { fn from(value: $kind) -> Self { $make(value) } })* };
}
value_from! {
    i64 => |value| Value::Int(Some(value));
    Option<i64> => Value::Int;
    &str => |value: &str| Value::Text(Some(value.to_owned()));
    &String => |value: &String| Value::Text(Some(value.clone()));
    String => |value| Value::Text(Some(value));
    Option<String> => Value::Text;
    Option<&str> => |value: Option<&str>| Value::Text(value.map(str::to_owned));
    Rows => Value::Rows;
    &Rows => |rows: &Rows| Value::Rows(rows.clone());
}

/// One row of a result, read column by column in the order of the statement.
#[derive(Debug)]
pub struct Row {
    values: std::vec::IntoIter<Value>,
    /// Shared by all rows of a result.
    names: Arc<[String]>,
}

impl Row {
    /// A row whose columns have no names.
    pub(super) fn of(values: Vec<Value>) -> Self {
        Self { names: vec![String::new(); values.len()].into(), values: values.into_iter() }
    }

    fn next(&mut self) -> Result<(Value, String), StoreError> {
        let at = self.names.len() - self.values.len();
        let found = || StoreError::Inconsistent { table: "a result", column: "?", found: "fewer columns than expected".to_owned() };
        let value = self.values.next().ok_or_else(found)?;
        Ok((value, self.names[at].clone()))
    }

    /// The next column: a number.
    ///
    /// # Errors
    /// When it is null or a text.
    pub fn int(&mut self) -> Result<i64, StoreError> {
        match self.next()? {
            (Value::Int(Some(value)), _) => Ok(value),
            (_, name) => Err(unexpected("a number", &name)),
        }
    }

    /// The next column: a number or null.
    ///
    /// # Errors
    /// When it is a text.
    pub fn int_or_null(&mut self) -> Result<Option<i64>, StoreError> {
        match self.next()? {
            (Value::Int(value), _) => Ok(value),
            (Value::Text(None), _) => Ok(None),
            (_, name) => Err(unexpected("a number or null", &name)),
        }
    }

    /// The next column: a text.
    ///
    /// # Errors
    /// When it is null or a number.
    pub fn text(&mut self) -> Result<String, StoreError> {
        match self.next()? {
            (Value::Text(Some(value)), _) => Ok(value),
            (_, name) => Err(unexpected("a text", &name)),
        }
    }

    /// The next column: a text or null.
    ///
    /// # Errors
    /// When it is a number.
    pub fn text_or_null(&mut self) -> Result<Option<String>, StoreError> {
        match self.next()? {
            (Value::Text(value), _) => Ok(value),
            (Value::Int(None), _) => Ok(None),
            (_, name) => Err(unexpected("a text or null", &name)),
        }
    }
}

fn unexpected(wanted: &str, name: &str) -> StoreError {
    StoreError::Inconsistent { table: "a result", column: "?", found: format!("no {wanted} in {name}") }
}

/// A driver's rows as ours.
pub(super) fn read_rows<D: sqlx::Database>(rows: &[D::Row]) -> Result<Vec<Row>, StoreError>
where
    usize: sqlx::ColumnIndex<D::Row>,
    for<'r> i64: sqlx::Decode<'r, D> + sqlx::Type<D>,
    for<'r> i32: sqlx::Decode<'r, D> + sqlx::Type<D>,
    for<'r> String: sqlx::Decode<'r, D> + sqlx::Type<D>,
{
    let Some(first) = rows.first() else { return Ok(Vec::new()) };
    let names: Arc<[String]> = first.columns().iter().map(|column| column.name().to_owned()).collect();
    rows.iter().map(|row| read_row::<D>(row, &names)).collect()
}

fn read_row<D: sqlx::Database>(row: &D::Row, names: &Arc<[String]>) -> Result<Row, StoreError>
where
    usize: sqlx::ColumnIndex<D::Row>,
    for<'r> i64: sqlx::Decode<'r, D> + sqlx::Type<D>,
    for<'r> i32: sqlx::Decode<'r, D> + sqlx::Type<D>,
    for<'r> String: sqlx::Decode<'r, D> + sqlx::Type<D>,
{
    let mut values = Vec::with_capacity(row.columns().len());
    for at in 0..row.columns().len() {
        let raw = row.try_get_raw(at).map_err(driver)?;
        let value = match raw.type_info().name() {
            _ if raw.is_null() => Value::Text(None),
            "INT4" => Value::Int(Some(row.try_get::<i32, _>(at).map_err(driver)?.into())),
            "INTEGER" | "INT8" | "BIGINT" => Value::Int(Some(row.try_get(at).map_err(driver)?)),
            _ => Value::Text(Some(row.try_get(at).map_err(driver)?)),
        };
        values.push(value);
    }
    Ok(Row { values: values.into_iter(), names: names.clone() })
}
