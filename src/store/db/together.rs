//! Runs several statements in one round trip. On PostgreSQL, waiting for the network and the server costs more than running
//! a statement over a batch, so independent statements are sent together as parts of one. On SQLite there is nothing to
//! wait for, and they run one after another.

use super::postgres::lent::in_time;
use super::postgres::{Query, bind, read};
use super::{Open, Row, Tx, Value};
use crate::error::StoreError;
use crate::sql::{Dialect, Statement, renumber};
use lastword_domain::planted;
use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use sqlx::postgres::PgArguments;
use sqlx::{Arguments as _, AssertSqlSafe};
use std::sync::atomic::Ordering;

/// The table of the first statement, which names the span of all.
fn first_table(statements: &[Statement]) -> &'static str {
    statements.first().map_or("", |statement| statement.sql.table())
}

impl Tx {
    /// Returns the rows of each of `reads`, in their order. The reads must not depend on each other.
    #[tracing::instrument(level = "trace", name = "sql", skip_all, fields(db.collection.name = first_table(&reads), db.operation.batch.size = reads.len()))]
    pub async fn fetch_together(&mut self, reads: Vec<Statement>) -> Result<Vec<Vec<Row>>, StoreError> {
        match &mut self.open {
            Open::Sqlite(_) => {
                let mut results = Vec::with_capacity(reads.len());
                for read in reads {
                    results.push(self.fetch(read.sql, read.values).await?);
                }
                Ok(results)
            }
            Open::Postgres(connection) => {
                reads.iter().for_each(|read| self.taken.takes(read.sql));
                let mut results: Vec<Vec<Row>> = reads.iter().map(|_| Vec::new()).collect();
                let hasty = reads.iter().any(|read| read.sql.on(Dialect::Postgres).contains("NOWAIT"));
                let query = join(reads, "", |at| format!("SELECT {at}::bigint, to_json(s{at})::text FROM s{at}"))?;
                self.signs.statements.fetch_add(1, Ordering::Relaxed);
                super::turn(self.turns.as_ref()).await;
                let rows = in_time(query.persistent(connection.keeps_statements()).fetch_all(&mut **connection)).await;
                let rows = connection.outcome_unless_locked(hasty, rows).map_err(|error| self.signs.noticed(error))?;
                for row in &rows {
                    let mut row = Row::of(read(row)?);
                    let (at, columns) = (row.int()?, row.text()?);
                    if let Some(result) = usize::try_from(at).ok().and_then(|at| results.get_mut(at)) {
                        result.push(columns_of(&columns)?);
                    }
                }
                Ok(results)
            }
        }
    }

    /// Runs all of `writes` and returns the number of rows each affected. They must write to different rows and not depend
    /// on each other.
    #[tracing::instrument(level = "trace", name = "sql", skip_all, fields(db.collection.name = first_table(&writes), db.operation.batch.size = writes.len()))]
    pub async fn execute_together(&mut self, writes: Vec<Statement>) -> Result<Vec<u64>, StoreError> {
        if writes.is_empty() {
            return Ok(Vec::new());
        }
        if matches!(self.open, Open::Sqlite(_)) || writes.len() == 1 {
            let mut touched = Vec::with_capacity(writes.len());
            for write in writes {
                touched.push(self.execute(write.sql, write.values).await?);
            }
            return Ok(touched);
        }
        let Open::Postgres(connection) = &mut self.open else { return Ok(Vec::new()) };
        writes.iter().for_each(|write| self.taken.takes(write.sql));
        let mut touched = vec![0; writes.len()];
        let query = join(writes, " RETURNING 1", |at| format!("SELECT {at}::bigint, count(*) FROM s{at}"))?;
        self.signs.statements.fetch_add(1, Ordering::Relaxed);
        super::turn(self.turns.as_ref()).await;
        let rows = in_time(query.persistent(connection.keeps_statements()).fetch_all(&mut **connection)).await;
        let rows = connection.outcome(rows).map_err(|error| self.signs.noticed(error))?;
        for row in &rows {
            let mut row = Row::of(read(row)?);
            let (at, count) = (row.int()?, row.int()?);
            if let Some(touched) = usize::try_from(at).ok().and_then(|at| touched.get_mut(at)) {
                *touched = u64::try_from(count).unwrap_or(0);
            }
        }
        Ok(touched)
    }
}

/// Joins several statements: each becomes a named part (CTE), and `last` returns what is read of the part with that number.
fn join(statements: Vec<Statement>, ending: &str, last: impl Fn(usize) -> String) -> Result<Query, StoreError> {
    let (mut parts, mut results, mut arguments) = (Vec::new(), Vec::new(), PgArguments::default());
    for (at, Statement { sql, values }) in statements.into_iter().enumerate() {
        let text = renumber(planted::twist(sql.on(Dialect::Postgres)), |number| number + arguments.len());
        parts.push(format!("s{at} AS MATERIALIZED ({text}{ending})"));
        results.push(last(at));
        bind(&mut arguments, sql, &values)?;
    }
    let text = format!("WITH {} {}", parts.join(", "), results.join(" UNION ALL "));
    Ok(sqlx::query_with(AssertSqlSafe(text), arguments))
}

/// Parses a row returned as a JSON object, whose members are in the order of the statement.
fn columns_of(json: &str) -> Result<Row, StoreError> {
    let columns: Columns = serde_json::from_str(json).map_err(|error| StoreError::Driver(error.to_string()))?;
    Ok(Row::of(columns.0))
}

struct Columns(Vec<Value>);

impl<'de> Deserialize<'de> for Columns {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Columns;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the columns of a row")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut columns: A) -> Result<Columns, A::Error> {
                let mut values = Vec::new();
                while let Some((IgnoredAny, Column(value))) = columns.next_entry()? {
                    values.push(value);
                }
                Ok(Columns(values))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

struct Column(Value);

impl<'de> Deserialize<'de> for Column {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AsItIs;
        impl Visitor<'_> for AsItIs {
            type Value = Column;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number, a text or null")
            }

            fn visit_i64<E>(self, value: i64) -> Result<Column, E> {
                Ok(Column(Value::Int(Some(value))))
            }

            fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Column, E> {
                i64::try_from(value).map(|value| Column(Value::Int(Some(value)))).map_err(E::custom)
            }

            fn visit_str<E>(self, value: &str) -> Result<Column, E> {
                Ok(Column(Value::Text(Some(value.to_owned()))))
            }

            fn visit_unit<E>(self) -> Result<Column, E> {
                Ok(Column(Value::Text(None)))
            }
        }
        deserializer.deserialize_any(AsItIs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_keeps_its_order_its_nulls_and_its_numbers() {
        let mut row = columns_of(r#"{"z":"b","a":null,"n":9007199254740993,"b":"7"}"#).unwrap();
        assert_eq!(row.text().unwrap(), "b");
        assert_eq!(row.int_or_null().unwrap(), None);
        assert_eq!(row.int().unwrap(), 9_007_199_254_740_993);
        assert_eq!(row.text().unwrap(), "7");
    }
}
