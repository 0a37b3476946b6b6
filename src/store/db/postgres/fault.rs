//! Converts errors of PostgreSQL, a pooler or a proxy to our own, and decides if the connection can be used further. The
//! codes: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.

use crate::error::StoreError;
use std::borrow::Cow;
use std::io::ErrorKind;

/// Remedy if prepared statements do not persist.
pub(super) const USE_SESSIONS: &str = "it leads through a pooler in transaction mode, in which settings and prepared statements do not last: \
     set database.pooler = \"transaction\", or use its session mode (PgBouncer: pool_mode = session), or let database.url lead to PostgreSQL itself";

/// Remedy if there is no second session.
pub(super) const FEW_CONNECTIONS: &str = "the server gave no second connection within 5 seconds, and a node needs up to 24: raise the pool size of the \
     pooler, or max_connections of PostgreSQL";

/// Remedy if the server has no free connection.
const TOO_MANY: &str = "all connections of PostgreSQL are taken: each node takes up to database.connections, so raise max_connections of \
     PostgreSQL, lower database.connections, or put a pooler in front";

/// Checks to make if no connection could be opened.
const CHECK: &str = "check host, port, user, password and name, and that the server runs";

/// Converts an error of the driver.
pub(in crate::db) fn driver(error: sqlx::Error) -> StoreError {
    let Some(database) = error.as_database_error() else {
        return match &error {
            sqlx::Error::PoolTimedOut => {
                StoreError::Disconnected("no connection to PostgreSQL was free or could be made within 10 seconds".to_owned())
            }
            sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::Tls(_) => StoreError::Disconnected(broken(&error)),
            _ => StoreError::Driver(error.to_string()),
        };
    };
    let (code, message) = (database.code().unwrap_or_default(), database.message());
    match &*code {
        // Unique, serialization, deadlock.
        "23505" | "40001" | "40P01" => StoreError::Conflict,
        "53100" => StoreError::DiskFull,
        // read_only_sql_transaction
        "25006" => StoreError::ReadOnly,
        "53300" => StoreError::Disconnected(format!("{message}; {}", TOO_MANY)),
        code => match ended(code) {
            Some(what) => StoreError::Disconnected(format!("{what} ({code}: {message})")),
            None => StoreError::Driver(remedy(message).map_or_else(|| message.to_owned(), |remedy| format!("{message}; {remedy}"))),
        },
    }
}

/// Reason that the server, or a pooler on its behalf, ended a connection. `None` if `code` does not end one.
fn ended(code: &str) -> Option<&'static str> {
    Some(match code {
        "57P01" => "PostgreSQL ended the connection: it stops, restarts, or an administrator ended it",
        "57P02" => "a process of PostgreSQL crashed, and it ended all connections",
        "57P03" => "PostgreSQL is starting or stopping, and takes no connections now",
        "57P04" => "the database was dropped; put it back with lastword restore, or let database.url name another one",
        "57P05" => "idle_session_timeout of PostgreSQL ended the connection",
        "25P03" => "idle_in_transaction_session_timeout of PostgreSQL ended the connection",
        code if code.starts_with("08") => "PostgreSQL or a pooler in front of it ended the connection",
        _ => return None,
    })
}

/// Message for a connection that ended without an error message from PostgreSQL.
fn broken(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Io(io) if io.kind() == ErrorKind::TimedOut => io.to_string(),
        error if hung_up(error) => "the connection to PostgreSQL broke: the server, or a proxy in front of it, hung up".to_owned(),
        error => format!("the connection to PostgreSQL broke: {error}"),
    }
}

/// `true` if the other end closed the connection without a message: PostgreSQL never does, a proxy without a server behind it does.
pub(super) fn hung_up(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(io) => {
            matches!(
                io.kind(),
                ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe
            )
        }
        // The driver reads the end of the stream as a response of zeros.
        sqlx::Error::Protocol(what) => what.contains("SSLRequest: 0x00"),
        _ => false,
    }
}

/// `true` if the connection that met `error` must not be used again.
pub(super) fn ends_connection(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(said) => said.code().is_some_and(|code: Cow<'_, str>| code == "25006" || ended(&code).is_some()),
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed => true,
        _ => false,
    }
}

/// Converts an error of the driver; [`StoreError::Conflict`] if a `hasty` statement did not wait for another transaction's lock.
pub(in crate::db) fn or_locked(hasty: bool, error: sqlx::Error) -> StoreError {
    // lock_not_available: also the code of a lock timeout.
    let locked = error.as_database_error().is_some_and(|said| said.code().as_deref() == Some("55P03"));
    if locked && hasty { StoreError::Conflict } else { driver(error) }
}

/// Reason that no connection to `host` could be opened, with the remedy.
pub(super) fn unreachable(host: &str, error: &sqlx::Error) -> StoreError {
    if let Some(said) = error.as_database_error() {
        let message = said.message();
        return match said.code().as_deref() {
            Some(code @ "57P03") => StoreError::NoLeader(format!("{} at {host} ({code}: {message})", ended(code).unwrap_or_default())),
            Some("53300") => StoreError::NoLeader(format!("{message}; {}", TOO_MANY)),
            Some(code) if code.starts_with("08") && remedy(message).is_none() => {
                StoreError::NoLeader(format!("{message} ({code}): the pooler at {host} reaches no PostgreSQL"))
            }
            _ => StoreError::Unreachable(format!("cannot reach PostgreSQL: {message}; {}", remedy(message).unwrap_or(CHECK))),
        };
    }
    match error {
        error if hung_up(error) => StoreError::NoLeader(format!(
            "what answers at {host} hangs up at once: a proxy without a PostgreSQL behind it, as while there is no leader, or a server that stops"
        )),
        sqlx::Error::Protocol(what) => {
            StoreError::Address(format!("what answers at {host} does not speak PostgreSQL's protocol ({what}); check host and port"))
        }
        sqlx::Error::Io(io) if io.to_string().contains("failed to lookup address") => StoreError::Unreachable(format!(
            "cannot reach PostgreSQL: the name of the host {host} is not known to this machine; check it, and the machine's DNS"
        )),
        error => StoreError::Unreachable(format!("cannot reach PostgreSQL: {error}; {CHECK}")),
    }
}

/// Remedy for an error message of a pooler. `None` if `message` is not one.
fn remedy(message: &str) -> Option<&'static str> {
    if message.contains("unsupported startup parameter") {
        return Some(
            "a pooler stands in front of it: name the parameter in ignore_startup_parameters of PgBouncer, and take it out of database.url",
        );
    }
    message.contains("prepared statement \"sqlx_").then_some(USE_SESSIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_ends_a_connection_ends_it() {
        for (code, ends) in
            [("57P01", true), ("57P02", true), ("57P03", true), ("57P04", true), ("57P05", true), ("25P03", true), ("08006", true)]
                .into_iter()
                .chain([("57014", false), ("23505", false), ("40001", false), ("55P03", false), ("42501", false)])
        {
            assert_eq!(ended(code).is_some(), ends, "{code}");
        }
    }

    #[test]
    fn a_message_of_a_pooler_has_its_remedy() {
        for (message, remedied) in [
            ("unsupported startup parameter: options", "ignore_startup_parameters"),
            ("prepared statement \"sqlx_s_2\" already exists", "pool_mode = session"),
            ("prepared statement \"sqlx_s_7\" does not exist", "pool_mode = session"),
        ] {
            assert!(remedy(message).is_some_and(|advice| advice.contains(remedied)), "{message}");
        }
        assert_eq!(remedy("password authentication failed"), None);
    }

    #[test]
    fn a_hang_up_is_told_from_what_is_no_postgresql() {
        let io = |kind: ErrorKind| sqlx::Error::Io(kind.into());
        let protocol = |what: &str| sqlx::Error::Protocol(what.to_owned());
        for (error, words) in [
            (io(ErrorKind::UnexpectedEof), "hangs up at once"),
            (io(ErrorKind::ConnectionReset), "hangs up at once"),
            (protocol("unexpected response from SSLRequest: 0x00"), "hangs up at once"),
            (protocol("unexpected response from SSLRequest: 0x48"), "does not speak PostgreSQL's protocol"),
            (io(ErrorKind::ConnectionRefused), "check host, port, user"),
        ] {
            let said = unreachable("db:5432", &error).to_string();
            assert!(said.contains(words), "{said}");
        }
        assert!(driver(io(ErrorKind::UnexpectedEof)).to_string().contains("a proxy in front of it, hung up"));
    }
}
