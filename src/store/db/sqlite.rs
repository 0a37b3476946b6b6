//! A connection to a SQLite file through rusqlite: its settings, binding values, reading rows and converting errors. Calls
//! block, so connections belong to their own threads ([`super::writer`], [`super::readers`]).

use crate::error::StoreError;
use crate::sql::rows::{Given, Rows};
use crate::sql::value::{LentRow, Row, Value};
use crate::sql::{ByRow, Dialect, Expanded, Form, Sql, Takes};
use lastword_domain::planted;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, OpenFlags, StatementStatus};
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Maximum number of cached prepared statements.
const PREPARED: usize = 256;

/// Settings of every connection.
const SETTINGS: &str = "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; \
                        PRAGMA cell_size_check = ON; PRAGMA journal_size_limit = 67108864;";

/// Location of a database, and who checkpoints its log.
#[derive(Clone, Debug)]
pub(super) struct DatabaseFile {
    /// The file; `None` for a database in memory.
    pub(super) path: Option<PathBuf>,
    /// True if this process moves the log into the file.
    pub(super) checkpoints: bool,
}

impl DatabaseFile {
    /// The location in `url`: `sqlite://FILE`, `sqlite:FILE` or `sqlite::memory:`.
    pub(super) fn of(url: &str, checkpoints: bool) -> Self {
        let file = url.strip_prefix("sqlite:").unwrap_or(url);
        let file = file.strip_prefix("//").unwrap_or(file);
        Self { path: (file != ":memory:").then(|| PathBuf::from(file)), checkpoints }
    }

    /// A connection that writes.
    pub(super) fn writing(&self) -> rusqlite::Result<Connection> {
        let connection = open(self.path.as_deref())?;
        // Savepoint journals are kept in memory.
        connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;")?;
        connection.execute_batch(SETTINGS)?;
        connection.execute_batch(if self.checkpoints { "PRAGMA wal_autocheckpoint = 4000" } else { "PRAGMA wal_autocheckpoint = 0" })?;
        Ok(Connection(connection))
    }

    /// A read-only connection.
    pub(super) fn reading(&self) -> rusqlite::Result<Connection> {
        let connection = open(self.path.as_deref())?;
        connection.execute_batch(SETTINGS)?;
        // A commit of the writer invalidates its cache, so a larger one gains little.
        connection.execute_batch("PRAGMA wal_autocheckpoint = 0; PRAGMA query_only = ON; PRAGMA cache_size = -8000")?;
        Ok(Connection(connection))
    }
}

/// A connection without settings, to a file that exists or is created.
pub(super) fn open(path: Option<&Path>) -> rusqlite::Result<rusqlite::Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = match path {
        Some(path) => rusqlite::Connection::open_with_flags(path, flags)?,
        None => rusqlite::Connection::open_in_memory_with_flags(flags)?,
    };
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    Ok(connection)
}

/// A connection with its settings.
pub(super) struct Connection(pub(super) rusqlite::Connection);

/// A statement as it is run: a test may have replaced it to plant a bug.
pub(super) struct Ready {
    expanded: &'static Expanded,
    form: Cow<'static, Form>,
    here: planted::Here,
}

impl Ready {
    /// `sql`, with the replacements planted in this thread.
    pub(super) fn of(sql: &'static Sql) -> Self {
        let expanded = sql.expanded(Dialect::Sqlite);
        let text = planted::twist(&expanded.text);
        let same = std::ptr::eq(text, expanded.text.as_str());
        let form = if same { Cow::Borrowed(expanded.form()) } else { Cow::Owned(expanded.form_of(text)) };
        Self { expanded, form, here: planted::here() }
    }
}

impl Connection {
    /// Runs statements without values and results.
    pub(super) fn run(&self, text: &str) -> Result<(), StoreError> {
        self.0.execute_batch(text).map_err(driver)
    }

    /// Runs a frequently repeated statement, cached as prepared.
    pub(super) fn prepared(&self, text: &str) -> Result<(), StoreError> {
        self.0.prepare_cached(text).and_then(|mut statement| statement.execute(())).map(drop).map_err(driver)
    }

    /// The first column of the first row returned by a statement without values.
    pub(super) fn first<T: rusqlite::types::FromSql>(&self, text: &str) -> Result<T, StoreError> {
        self.0.query_row(text, (), |row| row.get(0)).map_err(driver)
    }

    /// Runs `sql` and returns the number of affected rows.
    pub(super) fn execute(&self, sql: &Ready, values: Vec<Value>) -> Result<u64, StoreError> {
        let mut touched = 0;
        self.each(sql, values, |statement| {
            let mut rows = statement.raw_query();
            while rows.next()?.is_some() {}
            touched += self.0.changes();
            Ok(())
        })?;
        Ok(touched)
    }

    /// Returns the rows of `sql`.
    pub(super) fn fetch(&self, sql: &Ready, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let mut found = Vec::new();
        self.each(sql, values, |statement| {
            let names = sql.expanded.names(|| statement.column_names().into_iter().map(str::to_owned).collect::<Arc<[String]>>());
            let width = statement.column_count();
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next()? {
                let values = (0..width).map(|at| read(row.get_ref(at)?)).collect::<rusqlite::Result<_>>()?;
                found.push(Row::named(values, &names));
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// Passes each row of `sql` to `take`.
    pub(super) fn fold<S>(
        &self,
        sql: &Ready,
        values: Vec<Value>,
        mut sums: S,
        mut take: impl FnMut(&mut S, &mut LentRow<'_, '_>) -> Result<(), StoreError>,
    ) -> Result<S, StoreError> {
        let mut refused = None;
        self.each(sql, values, |statement| {
            let width = statement.column_count();
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next()? {
                let mut cells = (0..width).map(|at| row.get_ref(at).and_then(lend).map_err(driver));
                if let Err(error) = take(&mut sums, &mut LentRow::of(&mut cells)) {
                    refused = Some(error);
                    break;
                }
            }
            Ok(())
        })?;
        refused.map_or(Ok(sums), Err)
    }

    /// Binds the values and runs the statement: once, or once per row if it supports that.
    fn each(
        &self,
        Ready { expanded, form, here }: &Ready,
        values: Vec<Value>,
        mut run: impl FnMut(&mut CachedStatement<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), StoreError> {
        debug_assert_eq!(values.len(), expanded.takes.len(), "{}", expanded.text);
        let by_row = form.by_row.as_ref();
        let text = by_row.map_or(&form.text, |by_row| &by_row.text);
        let mut statement = self.0.prepare_cached(text).map_err(driver)?;
        let mut rows = None;
        for (at, (value, takes)) in values.into_iter().zip(&expanded.takes).enumerate() {
            match (value, takes) {
                (Value::Rows(given), _) if by_row.is_some_and(|by_row| by_row.value == at) => rows = Some(given),
                (value, takes) => bind(&mut statement, at + 1, &value, takes).map_err(driver)?,
            }
        }
        // The counter runs on over all executions of a cached statement.
        if here.records() {
            statement.reset_status(StatementStatus::VmStep);
        }
        let done = match by_row.zip(rows) {
            Some((by_row, rows)) => row_by_row(&mut statement, by_row, &rows, run),
            None => run(&mut statement),
        };
        here.heard(&expanded.text, || statement.reset_status(StatementStatus::VmStep));
        done.map_err(driver)
    }
}

fn row_by_row(
    statement: &mut CachedStatement<'_>,
    by_row: &ByRow,
    rows: &Rows,
    mut run: impl FnMut(&mut CachedStatement<'_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let places = rows.places(&by_row.columns);
    for row in 0..rows.count() {
        for (at, place) in places.iter().enumerate() {
            statement.raw_bind_parameter(by_row.first + at, given(rows.given(row, *place)))?;
        }
        run(statement)?;
    }
    Ok(())
}

fn bind(statement: &mut CachedStatement<'_>, place: usize, value: &Value, takes: &Takes) -> rusqlite::Result<()> {
    match (value, takes) {
        (Value::Int(value), Takes::One) => statement.raw_bind_parameter(place, value),
        (Value::Text(value), Takes::One) => statement.raw_bind_parameter(place, value),
        (Value::Rows(rows), Takes::Rows(columns)) => statement.raw_bind_parameter(place, rows.by_place(columns)),
        (Value::Rows(rows), Takes::Ids) => statement.raw_bind_parameter(place, rows.in_a_list()),
        (Value::Rows(_), Takes::One) => unreachable!("rows where a statement takes one value"),
        (Value::Int(_) | Value::Text(_), _) => unreachable!("a statement that takes rows got one value"),
    }
}

fn given(given: Given<'_>) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(match given {
        Given::Null => ValueRef::Null,
        Given::Int(value) => ValueRef::Integer(value),
        Given::Text(text) => ValueRef::Text(text.as_bytes()),
    })
}

fn read(value: ValueRef<'_>) -> rusqlite::Result<Value> {
    let text = |bytes: &[u8]| Ok(Value::Text(Some(std::str::from_utf8(bytes)?.to_owned())));
    match value {
        ValueRef::Null => Ok(Value::Text(None)),
        ValueRef::Integer(value) => Ok(Value::Int(Some(value))),
        ValueRef::Real(value) => Ok(Value::Text(Some(value.to_string()))),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => text(bytes),
    }
}

fn lend(value: ValueRef<'_>) -> rusqlite::Result<Given<'_>> {
    match value {
        ValueRef::Null => Ok(Given::Null),
        ValueRef::Integer(value) => Ok(Given::Int(value)),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Ok(Given::Text(std::str::from_utf8(bytes)?)),
        ValueRef::Real(_) => Err(rusqlite::Error::InvalidQuery),
    }
}

/// The driver's error message.
pub(super) fn words(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(words)) => words.clone(),
        rusqlite::Error::SqliteFailure(error, None) => error.to_string(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

/// Converts an error of the driver.
pub(super) fn driver(error: rusqlite::Error) -> StoreError {
    let words = words(&error);
    match error.sqlite_error().map(|error| error.extended_code) {
        // Unique, primary key.
        Some(1555 | 2067) => StoreError::Conflict,
        // Disk full, and no space for the shared memory file.
        Some(13 | 4874) => StoreError::DiskFull,
        // I/O errors and their extended codes.
        Some(code) if code & 0xff == 10 => StoreError::Disk(words),
        // Corrupt pages and their extended codes.
        Some(11 | 267 | 523 | 779) => StoreError::Damaged(words),
        _ => StoreError::Driver(words),
    }
}
