//! Values and rows: text and 64-bit integers, which both databases support alike.

use crate::error::StoreError;
use crate::sql::rows::{Given, Rows};
use lastword_base::names::{Id, Kind, Name};
use std::sync::Arc;

/// One value of a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number or null.
    Int(Option<i64>),
    /// A text or null.
    Text(Option<String>),
    /// Rows, for a statement that takes rows or IDs.
    Rows(Box<Rows>),
}

/// Number of rows in the batch of a statement: that of its longest value, or 1.
pub(crate) fn batch(values: &[Value]) -> usize {
    values.iter().map(|value| if let Value::Rows(rows) = value { rows.count() } else { 1 }).max().unwrap_or(1)
}

/// Collects the values of a statement, in the order of `$1`, `$2` …
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::sql::value::Value::from($value)),*] };
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
    Rows => |rows| Value::Rows(Box::new(rows));
    &Rows => |rows: &Rows| Value::Rows(Box::new(rows.clone()));
}

impl<K> From<Id<K>> for Value {
    fn from(id: Id<K>) -> Self {
        Self::Text(Some(id.to_string()))
    }
}

impl<K> From<&Id<K>> for Value {
    fn from(id: &Id<K>) -> Self {
        Self::from(*id)
    }
}

impl<K> From<Option<Id<K>>> for Value {
    fn from(id: Option<Id<K>>) -> Self {
        Self::Text(id.map(|id| id.to_string()))
    }
}

impl<K> From<&Name<K>> for Value {
    fn from(name: &Name<K>) -> Self {
        Self::from(name.as_str())
    }
}

impl<K> From<Name<K>> for Value {
    fn from(name: Name<K>) -> Self {
        Self::from(name.as_str())
    }
}

impl<K> From<&Option<Name<K>>> for Value {
    fn from(name: &Option<Name<K>>) -> Self {
        Self::from(name.as_ref())
    }
}

impl<K> From<Option<Name<K>>> for Value {
    fn from(name: Option<Name<K>>) -> Self {
        Self::from(name.as_ref())
    }
}

impl<K> From<Option<&Name<K>>> for Value {
    fn from(name: Option<&Name<K>>) -> Self {
        Self::from(name.map(Name::as_str))
    }
}

/// One row of a result, read column by column in the order of the statement.
#[derive(Debug)]
pub struct Row {
    values: std::vec::IntoIter<Value>,
    /// Names of its columns, shared by all rows of the statement; for errors.
    names: Option<Arc<[String]>>,
}

impl Row {
    /// A row whose columns have these names.
    pub(crate) fn named(values: Vec<Value>, names: &Arc<[String]>) -> Self {
        Self { names: Some(names.clone()), values: values.into_iter() }
    }

    /// A row whose columns have no names.
    pub(crate) fn of(values: Vec<Value>) -> Self {
        Self { names: None, values: values.into_iter() }
    }

    fn next(&mut self) -> Result<Value, StoreError> {
        let found = || StoreError::Inconsistent { table: "a result", column: "?", found: "fewer columns than expected".to_owned() };
        self.values.next().ok_or_else(found)
    }

    /// The error that the column read last has an unexpected type.
    fn unexpected(&self, wanted: &str) -> StoreError {
        let names = self.names.as_deref().unwrap_or_default();
        let name = names.len().checked_sub(self.values.len() + 1).and_then(|at| names.get(at));
        let found = format!("{}: not {wanted}", name.map_or("?", String::as_str));
        StoreError::Inconsistent { table: "a result", column: "?", found }
    }

    /// The next column: a number.
    ///
    /// # Errors
    /// If it is null or a text.
    pub fn int(&mut self) -> Result<i64, StoreError> {
        match self.next()? {
            Value::Int(Some(value)) => Ok(value),
            _ => Err(self.unexpected("a number")),
        }
    }

    /// The next column: a number or null.
    ///
    /// # Errors
    /// If it is a text.
    pub fn int_or_null(&mut self) -> Result<Option<i64>, StoreError> {
        match self.next()? {
            Value::Int(value) => Ok(value),
            Value::Text(None) => Ok(None),
            _ => Err(self.unexpected("a number or null")),
        }
    }

    /// The next column: a text.
    ///
    /// # Errors
    /// If it is null or a number.
    pub fn text(&mut self) -> Result<String, StoreError> {
        match self.next()? {
            Value::Text(Some(value)) => Ok(value),
            _ => Err(self.unexpected("a text")),
        }
    }

    /// The next column: a name.
    ///
    /// # Errors
    /// If it is null or a number.
    pub fn name<K>(&mut self) -> Result<Name<K>, StoreError> {
        self.text().map(Name::from)
    }

    /// The next column: a name or null.
    ///
    /// # Errors
    /// If it is a number.
    pub fn name_or_null<K>(&mut self) -> Result<Option<Name<K>>, StoreError> {
        Ok(self.text_or_null()?.map(Name::from))
    }

    /// The next column: an ID.
    ///
    /// # Errors
    /// If it is null, a number, or no ID.
    pub fn id<K: Kind>(&mut self) -> Result<Id<K>, StoreError> {
        self.text()?.parse().map_err(|_| self.unexpected("an ID"))
    }

    /// The next column: an ID or null.
    ///
    /// # Errors
    /// If it is a number or no ID.
    pub fn id_or_null<K: Kind>(&mut self) -> Result<Option<Id<K>>, StoreError> {
        self.text_or_null()?.map(|text| text.parse().map_err(|_| self.unexpected("an ID or null"))).transpose()
    }

    /// The next column: a text that `parse` knows. An unknown one is an error and never replaced with a default, which would be
    /// written back.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] names the column and the value.
    pub fn word<T>(&mut self, table: &'static str, column: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
        let word = self.text()?;
        parse(&word).ok_or(StoreError::Inconsistent { table, column, found: word })
    }

    /// The next column: a JSON document.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] names the column and the position in it.
    pub fn document<T: serde::de::DeserializeOwned>(&mut self, table: &'static str, column: &'static str) -> Result<T, StoreError> {
        crate::document(table, column, &self.text()?)
    }

    /// The next column: a text or null.
    ///
    /// # Errors
    /// If it is a number.
    pub fn text_or_null(&mut self) -> Result<Option<String>, StoreError> {
        match self.next()? {
            Value::Text(value) => Ok(value),
            Value::Int(None) => Ok(None),
            _ => Err(self.unexpected("a text or null")),
        }
    }
}

/// One row of a result while it is read, column by column in the order of the statement: its texts are borrowed, not copied. For
/// sums over many rows.
pub struct LentRow<'c, 'r> {
    cells: &'c mut dyn Iterator<Item = Result<Given<'r>, StoreError>>,
    read: usize,
}

impl<'c, 'r> LentRow<'c, 'r> {
    /// A row that has these cells.
    pub(crate) fn of(cells: &'c mut dyn Iterator<Item = Result<Given<'r>, StoreError>>) -> Self {
        Self { cells, read: 0 }
    }

    fn next(&mut self) -> Result<Given<'r>, StoreError> {
        self.read += 1;
        self.cells.next().unwrap_or_else(|| Err(self.unexpected("value")))
    }

    fn unexpected(&self, wanted: &str) -> StoreError {
        StoreError::Inconsistent { table: "a result", column: "?", found: format!("column {}: not {wanted}", self.read) }
    }

    /// The next column: a number.
    ///
    /// # Errors
    /// If it is null or a text.
    pub fn int(&mut self) -> Result<i64, StoreError> {
        if let Given::Int(value) = self.next()? { Ok(value) } else { Err(self.unexpected("number")) }
    }

    /// The next column: a number or null.
    ///
    /// # Errors
    /// If it is a text.
    pub fn int_or_null(&mut self) -> Result<Option<i64>, StoreError> {
        match self.next()? {
            Given::Null => Ok(None),
            Given::Int(value) => Ok(Some(value)),
            Given::Text(_) => Err(self.unexpected("number or null")),
        }
    }

    /// The next column: a text.
    ///
    /// # Errors
    /// If it is null or a number.
    pub fn text(&mut self) -> Result<&'r str, StoreError> {
        self.text_or_null()?.ok_or_else(|| self.unexpected("text"))
    }

    /// The next column: an ID.
    ///
    /// # Errors
    /// If it is null, a number, or no ID.
    pub fn id<K: Kind>(&mut self) -> Result<Id<K>, StoreError> {
        self.text()?.parse().map_err(|_| self.unexpected("ID"))
    }

    /// The next column: a text or null.
    ///
    /// # Errors
    /// If it is a number.
    pub fn text_or_null(&mut self) -> Result<Option<&'r str>, StoreError> {
        match self.next()? {
            Given::Null => Ok(None),
            Given::Text(text) => Ok(Some(text)),
            Given::Int(_) => Err(self.unexpected("text or null")),
        }
    }
}
