//! Deleting a line: what depends on it, and all its rows.

use crate::access::api_key;
use crate::report::watch;
use crate::sql::{Sql, Statement};
use crate::values;
use crate::{Row, StoreError, Tx};
use lastword_base::names::LineId;

/// Dependent data of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hanging {
    /// Number of sessions on it, counted up to 1,000.
    pub sessions: i64,
    /// Number of closes on it, counted up to 1,000.
    pub closes: i64,
    /// Names of the people who are limited to lines including it.
    pub people: Vec<String>,
    /// Names of its reply templates.
    pub templates: Vec<String>,
    /// Names of the API keys that are limited to lines including it.
    pub keys: Vec<String>,
}

/// Dependent data of a line.
pub async fn hanging(tx: &mut Tx, id: &LineId) -> Result<Hanging, StoreError> {
    static SESSIONS: Sql = Sql::new("SELECT count(*) FROM (SELECT 1 AS one FROM known_session s WHERE s.line_id = $1 LIMIT 1000) AS t");
    static CLOSES: Sql = Sql::new("SELECT count(*) FROM (SELECT 1 AS one FROM rating_request q WHERE q.line_id = $1 LIMIT 1000) AS t");
    static PEOPLE: Sql =
        Sql::new("SELECT a.name FROM account_line l JOIN account a ON a.id = l.account_id WHERE l.line_id = $1 ORDER BY a.name LIMIT 20");
    static TEMPLATES: Sql = Sql::new("SELECT t.name FROM reply_template t WHERE t.line_id = $1 ORDER BY t.name LIMIT 20");
    let sessions = tx.fetch(&SESSIONS, values![id]).await?.first_mut().map_or(Ok(0), Row::int)?;
    let closes = tx.fetch(&CLOSES, values![id]).await?.first_mut().map_or(Ok(0), Row::int)?;
    let people = tx.fetch(&PEOPLE, values![id]).await?.iter_mut().map(Row::text).collect::<Result<_, _>>()?;
    let templates = tx.fetch(&TEMPLATES, values![id]).await?.iter_mut().map(Row::text).collect::<Result<_, _>>()?;
    let keys = api_key::limited_to(tx, id).await?;
    Ok(Hanging { sessions, closes, people, templates, keys })
}

/// Deletes a line with all its versions.
///
/// # Errors
/// [`StoreError::Conflict`] if a session was opened on it at the same time.
pub async fn delete(tx: &mut Tx, id: &LineId) -> Result<(), StoreError> {
    static REMEMBER: Sql = Sql::new(
        "INSERT INTO deleted_line (id, version) SELECT l.id, l.version FROM line l WHERE l.id = $1 \
         ON CONFLICT (id) DO UPDATE SET version = excluded.version",
    );
    static VERSIONS: Sql = Sql::new("DELETE FROM line_version WHERE line_id = $1");
    static RETENTION: Sql = Sql::new("DELETE FROM retention WHERE line_id = $1");
    static IMPORTED: Sql = Sql::new("DELETE FROM imported_rule WHERE line_id = $1");
    static EXPERIMENTS: Sql = Sql::new("DELETE FROM experiment WHERE line_id = $1");
    static LINE: Sql = Sql::new("DELETE FROM line WHERE id = $1");
    for sql in [&REMEMBER, &VERSIONS, &RETENTION, &IMPORTED, &EXPERIMENTS, &LINE] {
        tx.execute(sql, values![id]).await?;
    }
    for Statement { sql, values } in watch::delete_statements(id) {
        tx.execute(sql, values).await?;
    }
    Ok(())
}
