//! Database errors, with texts for the operator of the server.

/// A database error.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The driver's own error.
    #[error("the database said: {0}")]
    Driver(String),
    /// Another transaction wrote the same row at the same time. The whole transaction is repeated.
    #[error("the same row was written at the same moment by somebody else")]
    Conflict,
    /// The disk is full. Acknowledged data is safe; nothing new is accepted.
    #[error("the disk is full: make room; a server that runs goes on by itself then")]
    DiskFull,
    /// PostgreSQL accepts no writes (SQLSTATE 25006). Acknowledged data is safe; nothing new is accepted.
    #[error(
        "this PostgreSQL is read-only: it is not the leader, or default_transaction_read_only is on: let database.url lead to the leader, \
         or switch that setting off; a server that runs goes on by itself then"
    )]
    ReadOnly,
    /// The disk could not read or write. Acknowledged data is safe.
    #[error("the disk failed ({0}): see the system's log; the file is reopened and checked before anything more is written")]
    Disk(String),
    /// The SQLite file is damaged, with details.
    #[error("database.url: the SQLite file is damaged ({0}): put a backup in its place with: lastword restore FILE")]
    Damaged(String),
    /// A copy is damaged, with details.
    #[error("the copy is damaged ({0}): take an older one")]
    DamagedCopy(String),
    /// A file is no database of this program.
    #[error("{0}")]
    NotOurs(String),
    /// A column has an invalid value.
    #[error("{table}.{column} holds something unexpected: {found}")]
    Inconsistent {
        /// The table or statement.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The value found, without personal data.
        found: String,
    },
    /// The database was written by a newer release.
    #[error(
        "the database has migration {found}, this program knows up to {known}: start the newer release, or put a backup made before the upgrade in its place with: lastword restore FILE"
    )]
    Newer {
        /// The database's migration.
        found: i64,
        /// The latest migration known to this program.
        known: i64,
    },
    /// An applied migration has another text than this program's.
    #[error(
        "the database has another form of migration {0} than this program: it was made by a build between releases; start that build, or begin with a new database"
    )]
    Differs(i64),
    /// The URL of the database is invalid.
    #[error("database.url: {0}")]
    Address(String),
    /// There is no server that takes writes now: a failover is under way, or the server starts or stops.
    #[error("database.url: {0}")]
    NoLeader(String),
    /// A connection to PostgreSQL ended, or none could be had. What was acknowledged is safe.
    #[error("{0}; a server that runs goes on by itself with a new connection")]
    Disconnected(String),
    /// No response from the database.
    #[error("database.url: {0}")]
    Unreachable(String),
}

impl StoreError {
    /// True if the same transaction may succeed when it is repeated immediately.
    pub fn is_retryable(&self) -> bool {
        matches!(self, StoreError::Conflict)
    }

    /// True if the database accepts no writes: maintenance logs that for the whole process.
    pub fn is_read_only(&self) -> bool {
        matches!(self, StoreError::ReadOnly | StoreError::NoLeader(_))
    }

    /// The message without the key of the settings, for a message that names it.
    pub(crate) fn without_key(&self) -> String {
        match self {
            StoreError::Address(what) | StoreError::NoLeader(what) | StoreError::Unreachable(what) => what.clone(),
            other => other.to_string(),
        }
    }
}
