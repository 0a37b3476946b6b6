//! Connections to the PostgreSQL server, as it reports them.

use crate::sql::{Dialect, Sql};
use crate::{Db, Row, StoreError};

/// The sessions of a PostgreSQL server, without those of this process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sessions {
    /// Maximum number, without those kept for superusers; 0 on SQLite.
    pub limit: i64,
    /// Lastword processes.
    pub nodes: i64,
    /// Their sessions.
    pub ours: i64,
    /// Sessions of other programs, in any database.
    pub others: i64,
}

impl Sessions {
    /// All sessions.
    pub fn in_use(self) -> i64 {
        self.ours + self.others
    }
}

/// The sessions of the server.
pub async fn sessions(db: &Db) -> Result<Sessions, StoreError> {
    static SESSIONS: Sql = Sql::new(
        "WITH client AS (SELECT application_name, COALESCE(application_name LIKE 'lastword %', false) AS ours FROM pg_stat_activity \
         WHERE (backend_type = 'client backend' OR (backend_type IS NULL AND usesysid IS NOT NULL)) \
         AND COALESCE(application_name, '') <> current_setting('application_name')) \
         SELECT current_setting('max_connections')::bigint - current_setting('superuser_reserved_connections')::bigint \
         - COALESCE(NULLIF(current_setting('reserved_connections', true), ''), '0')::bigint, \
         count(DISTINCT application_name) FILTER (WHERE ours), count(*) FILTER (WHERE ours), count(*) FILTER (WHERE NOT ours) FROM client",
    );
    if db.dialect() == Dialect::Sqlite {
        return Ok(Sessions::default());
    }
    let mut rows = db.read(&SESSIONS, vec![]).await?;
    let row: &mut Row = rows.first_mut().ok_or(StoreError::Conflict)?;
    Ok(Sessions { limit: row.int()?, nodes: row.int()?, ours: row.int()?, others: row.int()? })
}
