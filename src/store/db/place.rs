//! Identity of a database: what differs in a copy of it.

use super::{Db, Engine, Row};
use crate::error::StoreError;
use crate::sql::Sql;
use crate::values;
use lastword_domain::quarantine::UNKNOWN;
use sqlx::{AssertSqlSafe, PgConnection};
use std::hash::{BuildHasher, RandomState};
use std::path::Path;
use std::sync::LazyLock;
use std::time::UNIX_EPOCH;

/// Distinguishes the connections of this process from those of others.
pub(super) static PROCESS: LazyLock<String> = LazyLock::new(|| format!("{:016x}", RandomState::new().hash_one(0)));

impl Db {
    /// Identity of the database, in the form that `lastword_domain::quarantine` compares; `None` if it cannot be determined.
    pub async fn place(&self) -> Result<Option<String>, StoreError> {
        // A table that a restore dropped and created again has another number.
        static PLACE: Sql = Sql::new(
            "SELECT NULLIF(current_setting('lastword.place', true), '') || ' ' || \
             (SELECT c.oid::text FROM pg_class c WHERE c.oid = to_regclass('installation'))",
        );
        match &self.0.engine {
            Engine::Sqlite { place, .. } => Ok(place.path.as_deref().and_then(of_file)),
            Engine::Postgres(_) => Ok(self.read(&PLACE, values![]).await?.first_mut().map(Row::text_or_null).transpose()?.flatten()),
        }
    }
}

/// Inode number and creation time. Not the device: that changes with each start of a container.
fn of_file(path: &Path) -> Option<String> {
    let file = std::fs::metadata(path).ok()?;
    let number = std::os::unix::fs::MetadataExt::ino(&file);
    let born = file.created().ok().and_then(|born| born.duration_since(UNIX_EPOCH).ok());
    Some(format!("sqlite {number} {}", born.map_or_else(|| UNKNOWN.to_owned(), |born| born.as_nanos().to_string())))
}

/// The oid of the database.
const DATABASE: &str = "(SELECT oid::text FROM pg_database WHERE datname = current_database())";
/// The system identifier of the server.
const SERVER: &str = "(SELECT system_identifier::text FROM pg_control_system())";

/// Records in the session of a new connection which server and database it reached. A restored database gets new
/// connections, so each statement that releases a message compares the stored row with this.
pub(super) async fn tell(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let tell = format!("SELECT {}", set_place(connection, false).await?);
    sqlx::raw_sql(AssertSqlSafe(tell)).execute(connection).await.map(drop)
}

/// Statement that does the same in a transaction, determined by the server that runs it: behind a pooler the next one may
/// run elsewhere.
pub(super) async fn tell_transaction(connection: &mut PgConnection) -> Result<String, sqlx::Error> {
    set_place(connection, true).await
}

async fn set_place(connection: &mut PgConnection, in_transaction: bool) -> Result<String, sqlx::Error> {
    let server = match sqlx::raw_sql(AssertSqlSafe(format!("SELECT {SERVER}"))).execute(connection).await {
        Ok(_) => SERVER.to_owned(),
        // A managed server may not permit the query.
        Err(sqlx::Error::Database(_)) => format!("'{UNKNOWN}'"),
        Err(error) => return Err(error),
    };
    Ok(format!("set_config('lastword.place', 'postgres ' || {server} || ' ' || {DATABASE}, {in_transaction})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_renamed_file_is_the_same_and_a_copy_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("a"), "x").unwrap();
        let before = of_file(&at("a")).unwrap();
        std::fs::rename(at("a"), at("b")).unwrap();
        assert_eq!(of_file(&at("b")).unwrap(), before);
        std::fs::copy(at("b"), at("c")).unwrap();
        assert_ne!(of_file(&at("c")).unwrap(), before);
        assert_eq!(Db::open("sqlite::memory:", 1).await.unwrap().place().await.unwrap(), None);
    }
}
