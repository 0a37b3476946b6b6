//! Copies a whole database to another one, SQLite or PostgreSQL: table by table in key order, in batches. A transaction writes a batch and
//! the progress. Both databases have the same tables and columns.

use crate::sql::rows::{Given, Rows};
use crate::sql::value::Value;
use crate::sql::{Dialect, Sql};
use crate::transaction;
use crate::values;
use crate::{Db, Row, StoreError, Tx};
use std::collections::BTreeMap;

/// Rows of a batch.
pub const BATCH: i64 = 1_000;

/// Tables that are not copied: applied migrations, the identity of each database, and the progress of the move.
const STAY: [&str; 3] = ["_sqlx_migrations", "installation", "lastword_move"];

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Int,
    Text,
    Bytes,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Column {
    name: String,
    kind: Kind,
    /// Its position in the primary key, from 1; 0 if it is not part of it.
    key: i64,
    /// True if PostgreSQL generates its values.
    made: bool,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    columns: Vec<Column>,
}

/// The values of a row, in the order of the column names.
pub type Cells = Vec<Value>;

/// The statements that copy a table from one database to another.
pub struct Move {
    /// The table.
    pub table: Table,
    first: &'static Sql,
    next: &'static Sql,
    insert: &'static Sql,
    clear: &'static Sql,
    count: &'static Sql,
    /// Sets PostgreSQL's sequence after the highest value; `None` if the table has none.
    go_on: Option<&'static Sql>,
}

/// The progress of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// Number of rows copied.
    pub moved: i64,
    /// Key of the last row copied.
    pub last: Option<Cells>,
    /// True if all rows were copied.
    pub copied: bool,
    /// True if all rows were compared.
    pub verified: bool,
}

/// Leaks a statement built from the names of tables and columns. A process moves a database at most once.
fn kept(text: String) -> &'static Sql {
    Box::leak(Box::new(Sql::new(Box::leak(text.into_boxed_str()))))
}

/// The tables to copy, referenced tables first.
pub async fn tables(db: &Db) -> Result<Vec<Table>, StoreError> {
    static SQLITE: Sql = Sql::new(
        "SELECT t.name, c.name, c.type, c.pk, 0 FROM sqlite_schema t, pragma_table_info(t.name) c \
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.name",
    );
    static POSTGRES: Sql = Sql::new(
        "SELECT t.relname::text, c.attname::text, upper(format_type(c.atttypid, c.atttypmod)), \
         COALESCE((SELECT k.place FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place) WHERE k.number = c.attnum), 0), \
         CASE WHEN c.attidentity = '' THEN 0 ELSE 1 END FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid \
         LEFT JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary WHERE t.relkind = 'r' AND c.attnum > 0 AND NOT c.attisdropped \
         AND t.relnamespace = current_schema()::regnamespace ORDER BY t.relname::text COLLATE \"C\", c.attname::text COLLATE \"C\"",
    );
    let mut tables: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    for row in &mut db.read(if db.dialect() == Dialect::Sqlite { &SQLITE } else { &POSTGRES }, values![]).await? {
        let (table, name, kind, key, made) = (row.text()?, row.text()?, row.text()?, row.int()?, row.int()? == 1);
        if STAY.contains(&table.as_str()) {
            continue;
        }
        let kind = match kind.as_str() {
            "INTEGER" | "BIGINT" => Kind::Int,
            "TEXT" => Kind::Text,
            "BLOB" | "BYTEA" => Kind::Bytes,
            other => {
                return Err(StoreError::NotOurs(format!("the column {table}.{name} has the type {other}, which no table of ours has")));
            }
        };
        tables.entry(table).or_default().push(Column { name, kind, key, made });
    }
    let mut tables: Vec<Table> = tables.into_iter().map(|(name, columns)| Table { name, columns }).collect();
    tables.sort_by_key(|table| table.name != "line");
    Ok(tables)
}

/// Number of tables of any kind. An empty database has none.
pub async fn any_tables(db: &Db) -> Result<i64, StoreError> {
    static SQLITE: Sql = Sql::new("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name <> 'lastword_move'");
    static POSTGRES: Sql = Sql::new(
        "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND relname <> 'lastword_move' \
         AND relnamespace = current_schema()::regnamespace",
    );
    let sql = if db.dialect() == Dialect::Sqlite { &SQLITE } else { &POSTGRES };
    db.read(sql, values![]).await?.first_mut().map_or(Ok(0), Row::int)
}

impl Move {
    /// The statements that copy `table` into this `target` table.
    ///
    /// # Errors
    /// If the two do not have the same columns.
    pub fn new(table: Table, target: &Table, into: Dialect) -> Result<Self, StoreError> {
        let alike = table.columns.len() == target.columns.len()
            && table.columns.iter().zip(&target.columns).all(|(a, b)| (&a.name, a.kind, a.key) == (&b.name, b.kind, b.key));
        if !alike || table.keys().is_empty() {
            return Err(StoreError::NotOurs(format!("the table {} does not have the same columns in both databases", table.name)));
        }
        let (name, keys) = (&table.name, table.keys().join(", "));
        let list = |each: &dyn Fn(&Column) -> String| table.columns.iter().map(each).collect::<Vec<_>>().join(", ");
        let read = list(&|column| match column.kind {
            Kind::Bytes => format!("{{hex {}}}", column.name),
            Kind::Int | Kind::Text => column.name.clone(),
        });
        let given = (1..=table.keys().len()).map(|at| format!("${at}")).collect::<Vec<_>>().join(", ");
        let limit = table.keys().len() + 1;
        let names = list(&|column| column.name.clone());
        let taken = list(&|column| match column.kind {
            Kind::Bytes => format!("{{bytes r.{}}}", column.name),
            Kind::Int | Kind::Text => format!("r.{}", column.name),
        });
        let typed = list(&|column| format!("{} {}", column.name, if column.kind == Kind::Int { "int" } else { "text" }));
        let made = target.columns.iter().find(|column| column.made);
        let overriding = if made.is_some() { "OVERRIDING SYSTEM VALUE " } else { "" };
        let go_on = made.filter(|_| into == Dialect::Postgres).map(|column| {
            let column = &column.name;
            kept(format!("SELECT setval(pg_get_serial_sequence('{name}', '{column}'), COALESCE(max({column}), 0) + 1, false) FROM {name}"))
        });
        Ok(Self {
            first: kept(format!("SELECT {read} FROM {name} ORDER BY {keys} LIMIT $1")),
            next: kept(format!("SELECT {read} FROM {name} WHERE ({keys}) > ({given}) ORDER BY {keys} LIMIT ${limit}")),
            insert: kept(format!("INSERT INTO {name} ({names}) {overriding}SELECT {taken} FROM {{rows $1 r: {typed}}}")),
            clear: kept(format!("DELETE FROM {name}")),
            count: kept(format!("SELECT count(*) FROM {name}")),
            go_on,
            table,
        })
    }

    /// Number of rows.
    pub async fn count(&self, db: &Db) -> Result<i64, StoreError> {
        db.read(self.count, values![]).await?.first_mut().map_or(Ok(0), Row::int)
    }

    /// The next rows after the key `after`, in key order.
    pub async fn read(&self, db: &Db, after: Option<&Cells>) -> Result<Vec<Cells>, StoreError> {
        let mut rows = match after {
            None => db.read(self.first, values![BATCH]).await?,
            Some(key) => db.read(self.next, key.iter().cloned().chain([Value::Int(Some(BATCH))]).collect()).await?,
        };
        let cells = |row: &mut Row| self.table.columns.iter().map(|column| cell(row, column)).collect();
        rows.iter_mut().map(cells).collect()
    }

    /// Writes rows and the progress. If the table `begins`, the rows that a migration inserted are deleted first.
    pub async fn write(&self, tx: &mut Tx, begins: bool, rows: &[Cells], progress: &Progress) -> Result<(), StoreError> {
        if begins {
            tx.execute(self.clear, values![]).await?;
        }
        if !rows.is_empty() {
            let names = self.table.columns.iter().map(|column| column.name.clone()).collect();
            let given = rows.iter().map(|row| row.iter().map(given).collect());
            tx.execute(self.insert, values![Rows::table(names, given)]).await?;
        }
        if progress.copied
            && let Some(go_on) = self.go_on
        {
            tx.fetch(go_on, values![]).await?;
        }
        note(tx, &self.table.name, progress).await
    }

    /// The key of a row.
    pub fn key(&self, row: &Cells) -> Cells {
        let mut keys: Vec<(i64, Value)> = self
            .table
            .columns
            .iter()
            .zip(row)
            .filter(|(column, _)| column.key > 0)
            .map(|(column, value)| (column.key, value.clone()))
            .collect();
        keys.sort_by_key(|(place, _)| *place);
        keys.into_iter().map(|(_, value)| value).collect()
    }
}

impl Table {
    /// The columns of its key, in their order.
    fn keys(&self) -> Vec<&str> {
        let mut keys: Vec<&Column> = self.columns.iter().filter(|column| column.key > 0).collect();
        keys.sort_by_key(|column| column.key);
        keys.into_iter().map(|column| column.name.as_str()).collect()
    }
}

fn cell(row: &mut Row, column: &Column) -> Result<Value, StoreError> {
    Ok(match column.kind {
        Kind::Int => Value::Int(row.int_or_null()?),
        Kind::Text => Value::Text(row.text_or_null()?),
        // SQLite returns capital letters, PostgreSQL small ones.
        Kind::Bytes => Value::Text(row.text_or_null()?.map(|hex| hex.to_ascii_lowercase())),
    })
}

fn given(value: &Value) -> Given<'_> {
    match value {
        Value::Int(Some(value)) => Given::Int(*value),
        Value::Text(Some(text)) => Given::Text(text),
        Value::Int(None) | Value::Text(None) | Value::Rows(_) => Given::Null,
    }
}

/// Creates the table of the progress. `from` identifies the source.
pub async fn begin(db: &Db, from: &str) -> Result<(), StoreError> {
    static CREATE: Sql = Sql::new(
        "CREATE TABLE IF NOT EXISTS lastword_move (table_name TEXT PRIMARY KEY NOT NULL, moved BIGINT NOT NULL, last_key TEXT, \
         copied BIGINT NOT NULL, verified BIGINT NOT NULL)",
    );
    static FROM: Sql = Sql::new("INSERT INTO lastword_move (table_name, moved, last_key, copied, verified) VALUES ('', 0, $1, 0, 0)");
    transaction!(db, [from], async |tx| {
        tx.execute(&CREATE, values![]).await?;
        tx.execute(&FROM, values![from]).await.map(drop)
    })
    .await
}

/// The source of a move into this database that has begun; `None` if none has.
pub async fn begun(db: &Db) -> Result<Option<String>, StoreError> {
    static SQLITE: Sql = Sql::new("SELECT count(*) FROM sqlite_schema WHERE name = 'lastword_move'");
    static POSTGRES: Sql = Sql::new("SELECT CASE WHEN to_regclass('lastword_move') IS NULL THEN 0 ELSE 1 END");
    static FROM: Sql = Sql::new("SELECT last_key FROM lastword_move WHERE table_name = ''");
    let there = if db.dialect() == Dialect::Sqlite { &SQLITE } else { &POSTGRES };
    if db.read(there, values![]).await?.first_mut().map_or(Ok(0), Row::int)? == 0 {
        return Ok(None);
    }
    db.read(&FROM, values![]).await?.first_mut().map(Row::text).transpose()
}

/// The progress of each table.
pub async fn progress(db: &Db) -> Result<BTreeMap<String, Progress>, StoreError> {
    static PROGRESS: Sql = Sql::new("SELECT table_name, moved, last_key, copied, verified FROM lastword_move WHERE table_name <> ''");
    let mut all = BTreeMap::new();
    for row in &mut db.read(&PROGRESS, values![]).await? {
        let (name, moved) = (row.text()?, row.int()?);
        let last = row.text_or_null()?.map(|key| key_of(&key)).transpose()?;
        let (copied, verified) = (row.int()? == 1, row.int()? == 1);
        all.insert(name, Progress { moved, last, copied, verified });
    }
    Ok(all)
}

/// Stores the progress of a table.
pub async fn note(tx: &mut Tx, table: &str, progress: &Progress) -> Result<(), StoreError> {
    static NOTE: Sql = Sql::new(
        "INSERT INTO lastword_move (table_name, moved, last_key, copied, verified) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (table_name) DO UPDATE SET moved = excluded.moved, last_key = excluded.last_key, copied = excluded.copied, \
         verified = excluded.verified",
    );
    let (copied, verified) = (i64::from(progress.copied), i64::from(progress.verified));
    let key = progress.last.as_ref().map(text_of);
    tx.execute(&NOTE, values![table, progress.moved, key, copied, verified]).await.map(drop)
}

/// Drops the table of the progress.
pub async fn finish(db: &Db) -> Result<(), StoreError> {
    static DROP: Sql = Sql::new("DROP TABLE lastword_move");
    transaction!(db, async |tx| { tx.execute(&DROP, values![]).await.map(drop) }).await
}

/// A key as text, for the table of the progress and for messages.
pub fn text_of(key: &Cells) -> String {
    let values = key.iter().map(|value| match value {
        Value::Int(value) => serde_json::json!(value),
        Value::Text(text) => serde_json::json!(text),
        Value::Rows(_) => serde_json::Value::Null,
    });
    serde_json::Value::Array(values.collect()).to_string()
}

fn key_of(text: &str) -> Result<Cells, StoreError> {
    let unexpected = || StoreError::Inconsistent { table: "lastword_move", column: "last_key", found: text.to_owned() };
    let values: Vec<serde_json::Value> = serde_json::from_str(text).map_err(|_| unexpected())?;
    let value = |value| match value {
        serde_json::Value::Number(number) => number.as_i64().map(|number| Value::Int(Some(number))).ok_or_else(unexpected),
        serde_json::Value::String(text) => Ok(Value::Text(Some(text))),
        _ => Err(unexpected()),
    };
    values.into_iter().map(value).collect()
}
