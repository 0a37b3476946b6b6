//! A pooler between us and PostgreSQL: one such as PgBouncer may drop the settings that a connection begins with, and in transaction
//! mode it gives each transaction another session, so that neither settings nor prepared statements last.

use sqlx::PgConnection;

/// The settings of every session of ours.
const SETTINGS: [(&str, &str); 9] = [
    ("statement_timeout", "15s"),
    ("lock_timeout", "5s"),
    ("idle_in_transaction_session_timeout", "15s"),
    ("client_min_messages", "error"),
    // Every statement reaches its rows by key. Plans are made once, perhaps while a table is still small; they must not go on reading
    // the whole table when it has grown.
    ("plan_cache_mode", "force_generic_plan"),
    ("jit", "off"),
    ("enable_seqscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
];

/// The advice where prepared statements do not last.
pub(super) const USE_SESSIONS: &str = "database.url leads through a pooler in transaction mode, in which settings and prepared statements do not last: \
     use its session mode (PgBouncer: pool_mode = session), or let database.url lead to PostgreSQL itself";

/// The advice where there is no second session.
pub(super) const FEW_CONNECTIONS: &str = "the server gave no second connection within 5 seconds, and a node needs up to 24: raise the pool size of the \
     pooler, or max_connections of PostgreSQL";

/// Applies the settings to a session. Not as startup parameters: a pooler drops those.
pub(super) async fn settle(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    const SET: &str = "SELECT set_config(s.name, s.value, false) FROM unnest($1::text[], $2::text[]) AS s(name, value)";
    let (names, values): (Vec<&str>, Vec<&str>) = SETTINGS.into_iter().unzip();
    sqlx::query(SET).bind(names).bind(values).execute(connection).await.map(drop)
}

/// The advice for an error message of a pooler. `None` if `message` is not one.
pub(super) fn remedy(message: &str) -> Option<&'static str> {
    if message.contains("unsupported startup parameter") {
        return Some(
            "a pooler stands in front of it: name the parameter in ignore_startup_parameters of PgBouncer, and use pool_mode = session",
        );
    }
    message.contains("prepared statement \"sqlx_").then_some(USE_SESSIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_of_a_pooler_has_its_remedy() {
        for (message, remedied) in [
            ("unsupported startup parameter: extra_float_digits", "ignore_startup_parameters"),
            ("prepared statement \"sqlx_s_2\" already exists", "pool_mode = session"),
            ("prepared statement \"sqlx_s_7\" does not exist", "pool_mode = session"),
        ] {
            assert!(remedy(message).is_some_and(|advice| advice.contains(remedied)), "{message}");
        }
        assert_eq!(remedy("password authentication failed"), None);
    }
}
