//! Queries and changes for a restore of PostgreSQL with PostgreSQL's own tools.

use crate::sql::Sql;
use crate::values;
use crate::{Db, Row, StoreError, Tx};

/// Number of our other processes that are connected to this database.
pub async fn others_at_work(db: &Db) -> Result<i64, StoreError> {
    static OTHERS: Sql = Sql::new(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'lastword%' \
         AND application_name <> current_setting('application_name')",
    );
    db.read(&OTHERS, vec![]).await?.first_mut().map_or(Ok(0), Row::int)
}

/// The schema of our tables, and whether it has any.
pub async fn schema(db: &Db) -> Result<(String, bool), StoreError> {
    static SCHEMA: Sql = Sql::new(
        "SELECT current_schema()::text, CASE WHEN to_regclass('_sqlx_migrations') IS NULL AND to_regclass('rating_request') IS NULL \
         THEN 0 ELSE 1 END",
    );
    let mut rows = db.read(&SCHEMA, vec![]).await?;
    let row = rows.first_mut().ok_or(StoreError::Conflict)?;
    Ok((row.text()?, row.int()? == 1))
}

/// Renames `schema` to `aside`, and creates an empty one in its place.
pub async fn move_aside(tx: &mut Tx, schema: &str, aside: &str) -> Result<(), StoreError> {
    static RENAME: Sql = Sql::new("SELECT format('ALTER SCHEMA %I RENAME TO %I', $1::text, $2::text)");
    static CREATE: Sql = Sql::new("SELECT format('CREATE SCHEMA %I', $1::text)");
    run(tx, &RENAME, values![schema, aside]).await?;
    run(tx, &CREATE, values![schema]).await
}

/// Restores the renamed schema, and drops the one created in its place.
pub async fn put_back(tx: &mut Tx, schema: &str, aside: &str) -> Result<(), StoreError> {
    static DROP: Sql = Sql::new("SELECT format('DROP SCHEMA %I CASCADE', $1::text)");
    static RENAME: Sql = Sql::new("SELECT format('ALTER SCHEMA %I RENAME TO %I', $2::text, $1::text)");
    run(tx, &DROP, values![schema]).await?;
    run(tx, &RENAME, values![schema, aside]).await
}

/// Runs the statement that `made` returns: names cannot be parameters.
async fn run(tx: &mut Tx, made: &'static Sql, names: Vec<crate::sql::value::Value>) -> Result<(), StoreError> {
    let text = tx.fetch(made, names).await?.first_mut().map_or(Err(StoreError::Conflict), Row::text)?;
    tx.define(text).await
}
