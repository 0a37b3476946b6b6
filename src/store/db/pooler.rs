//! What stands between us and PostgreSQL: a pooler such as PgBouncer may drop the settings that a connection begins with, and in
//! transaction mode it gives each transaction another session, so that neither settings nor prepared statements last.

use sqlx::PgConnection;

/// What every session of ours is set to.
const SETTINGS: [(&str, &str); 9] = [
    ("statement_timeout", "15s"),
    ("lock_timeout", "5s"),
    ("idle_in_transaction_session_timeout", "15s"),
    ("client_min_messages", "error"),
    // Every statement reaches its rows by key. Plans are made once, perhaps while a table is still small, and must not read it whole for
    // ever after.
    ("plan_cache_mode", "force_generic_plan"),
    ("jit", "off"),
    ("enable_seqscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
];

/// What to do where statements do not last.
pub(super) const USE_SESSIONS: &str = "database.url leads through a pooler in transaction mode, in which settings and prepared statements do not last: \
     use its session mode (PgBouncer: pool_mode = session), or let database.url lead to PostgreSQL itself";

/// Sets a session. Not with its start: a pooler drops what comes with that.
pub(super) async fn settle(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    const SET: &str = "SELECT set_config(s.name, s.value, false) FROM unnest($1::text[], $2::text[]) AS s(name, value)";
    let (names, values): (Vec<&str>, Vec<&str>) = SETTINGS.into_iter().unzip();
    sqlx::query(SET).bind(names).bind(values).execute(connection).await.map(drop)
}

/// What a pooler's refusal calls for, where `words` are one.
pub(super) fn remedy(words: &str) -> Option<&'static str> {
    if words.contains("unsupported startup parameter") {
        return Some(
            "a pooler stands in front of it: name the parameter in ignore_startup_parameters of PgBouncer, and use pool_mode = session",
        );
    }
    (words.contains("prepared statement \"sqlx_")).then_some(USE_SESSIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poolers_words_have_their_remedy() {
        for (words, remedied) in [
            ("unsupported startup parameter: extra_float_digits", "ignore_startup_parameters"),
            ("prepared statement \"sqlx_s_2\" already exists", "pool_mode = session"),
            ("prepared statement \"sqlx_s_7\" does not exist", "pool_mode = session"),
        ] {
            assert!(remedy(words).is_some_and(|said| said.contains(remedied)), "{words}");
        }
        assert_eq!(remedy("password authentication failed"), None);
    }
}
