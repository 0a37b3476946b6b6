//! What can go wrong with the database, in words for the person who runs it.

/// What can go wrong with the database.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The driver's own error.
    #[error("the database said: {0}")]
    Driver(String),
    /// Somebody else wrote the same row at the same moment. The whole transaction is repeated.
    #[error("the same row was written at the same moment by somebody else")]
    Conflict,
    /// The disk is full. What was acknowledged is safe; nothing new is taken.
    #[error("the disk is full: make room; a server that runs goes on by itself then")]
    DiskFull,
    /// PostgreSQL takes no writes (SQLSTATE 25006). What was acknowledged is safe; nothing new is taken.
    #[error(
        "this PostgreSQL is read-only: it is not the leader, or default_transaction_read_only is on: let database.url lead to the leader, \
         or switch that setting off; a server that runs goes on by itself then"
    )]
    ReadOnly,
    /// The disk could not read or write. What was acknowledged is safe.
    #[error("the disk failed ({0}): see the system's log; the file is reopened and checked before anything more is written")]
    Disk(String),
    /// The SQLite file is broken, and how.
    #[error("database.url: the SQLite file is damaged ({0}): put a backup in its place with: lastword restore FILE")]
    Damaged(String),
    /// A copy is broken, and how.
    #[error("the copy is damaged ({0}): take an older one")]
    DamagedCopy(String),
    /// A file is no database that we can work with.
    #[error("{0}")]
    NotOurs(String),
    /// A row does not say what its column must say.
    #[error("{table}.{column} holds something unexpected: {found}")]
    Inconsistent {
        /// The table or statement.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// What was found, without personal data.
        found: String,
    },
    /// The database was written by a newer release.
    #[error(
        "the database has migration {found}, this program knows up to {known}: start the newer release, or put a backup made before the upgrade in its place with: lastword restore FILE"
    )]
    Newer {
        /// What the database has.
        found: i64,
        /// What this program knows.
        known: i64,
    },
    /// A migration was applied in other words than this program's.
    #[error(
        "the database has another form of migration {0} than this program: it was made by a build between releases; start that build, or begin with a new database"
    )]
    Differs(i64),
    /// The address of the database cannot be used.
    #[error("database.url: {0}")]
    Address(String),
    /// Nobody answers at the address of the database.
    #[error("database.url: {0}")]
    Unreachable(String),
}

impl StoreError {
    /// Whether the same transaction may succeed when it is repeated at once.
    pub fn is_retryable(&self) -> bool {
        matches!(self, StoreError::Conflict)
    }

    /// Whether it is that the database takes no writes: maintenance says so for everybody, once in a while.
    pub fn is_read_only(&self) -> bool {
        matches!(self, StoreError::ReadOnly)
    }
}
