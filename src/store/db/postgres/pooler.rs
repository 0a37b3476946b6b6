//! Support for a pooler such as PgBouncer in front of PostgreSQL. A pooler may drop the settings that a connection starts
//! with. In transaction mode it assigns another session to each transaction, so neither settings nor prepared statements
//! persist. There each transaction sets its settings itself, and the mark that reveals a replaced database.

use super::fault::unreachable;
use super::hosts::Hosts;
use crate::db::place;
use crate::error::StoreError;
use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, Row as _};
use std::fmt::Write as _;
use std::time::Duration;

/// Settings of each of our sessions.
const SETTINGS: [(&str, &str); 9] = [
    ("statement_timeout", "15s"),
    ("lock_timeout", "5s"),
    ("idle_in_transaction_session_timeout", "15s"),
    ("client_min_messages", "error"),
    // Every statement finds its rows by key. Plans are made once, perhaps while a table is still small; they must not scan
    // the whole table after it has grown.
    ("plan_cache_mode", "force_generic_plan"),
    ("jit", "off"),
    ("enable_seqscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
];

/// Maximum time for probing a pooler, which needs two sessions at once.
pub(super) const PROBE_WITHIN: Duration = Duration::from_secs(5);

/// Applies the settings to a session. Not as startup parameters: poolers drop those.
pub(super) async fn settle(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    const SET: &str = "SELECT set_config(s.name, s.value, false) FROM unnest($1::text[], $2::text[]) AS s(name, value)";
    let (names, values): (Vec<&str>, Vec<&str>) = SETTINGS.into_iter().unzip();
    sqlx::query(SET).bind(names).bind(values).execute(connection).await.map(drop)
}

/// The statements that begin each transaction behind a pooler in transaction mode: the settings that the role lacks, and
/// the identity of the database, determined by the server that runs the transaction.
///
/// # Errors
/// If the server cannot be queried, or does not accept a setting.
pub(super) async fn begin(options: &PgConnectOptions) -> Result<String, StoreError> {
    let asked = async {
        let mut connection = options.connect().await?;
        let missing = missing(&mut connection).await?;
        let mut begin = "BEGIN; SELECT ".to_owned();
        for (name, value) in SETTINGS.into_iter().filter(|(name, _)| missing.contains(name)) {
            let _ = write!(begin, "set_config('{name}', '{value}', true), ");
        }
        begin.push_str(&place::tell_transaction(&mut connection).await?);
        sqlx::raw_sql(AssertSqlSafe(begin.as_str())).execute(&mut connection).await?;
        let refused = self::missing(&mut connection).await?;
        sqlx::raw_sql("ROLLBACK").execute(&mut connection).await?;
        Ok((begin, missing, refused))
    };
    let (begin, missing, refused) = asked.await.map_err(|error: sqlx::Error| unreachable(options.get_host(), &error))?;
    if !refused.is_empty() {
        return Err(StoreError::Address(format!(
            "these settings do not take effect: {}; check the pooler and the role",
            refused.join(", ")
        )));
    }
    if !missing.is_empty() {
        tracing::info!(
            settings = missing.join(", "),
            "the role does not have these settings, so each transaction sets them; to save that, run what this prints: lastword database role"
        );
    }
    Ok(begin)
}

/// `true` if a connection keeps its session from one transaction to the next.
pub(super) async fn sessions_last(options: &PgConnectOptions) -> Result<bool, sqlx::Error> {
    const THERE: &str = "SELECT current_setting('lastword.session', true)";
    let mut one = PgConnection::connect_with(options).await?;
    let mut other = PgConnection::connect_with(options).await?;
    sqlx::raw_sql("BEGIN").execute(&mut one).await?;
    sqlx::raw_sql("SELECT set_config('lastword.session', 'other', false)").execute(&mut other).await?;
    sqlx::raw_sql("SELECT set_config('lastword.session', 'one', false); COMMIT").execute(&mut one).await?;
    let there: Option<String> = sqlx::raw_sql(THERE).fetch_one(&mut other).await?.try_get(0)?;
    Ok(there.as_deref() == Some("other"))
}

/// Text results of a statement without values, in a single message, which a pooler in transaction mode does not split.
async fn one_row(connection: &mut PgConnection, sql: String) -> Result<PgRow, sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql)).fetch_one(connection).await
}

/// The settings that have another value in this session.
async fn missing(connection: &mut PgConnection) -> Result<Vec<&'static str>, sqlx::Error> {
    let asked: Vec<String> = SETTINGS.iter().map(|(name, _)| format!("current_setting('{name}')")).collect();
    let row = one_row(connection, format!("SELECT {}", asked.join(", "))).await?;
    let mut missing = Vec::new();
    for (at, (name, value)) in SETTINGS.into_iter().enumerate() {
        if row.try_get::<String, _>(at)? != value {
            missing.push(name);
        }
    }
    Ok(missing)
}

/// The statements that store the settings in a role, for the database `name`. Both names are unquoted.
pub fn role_settings(role: &str, name: &str) -> Vec<String> {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let (role, name) = (quoted(role), quoted(name));
    SETTINGS.into_iter().map(|(setting, value)| format!("ALTER ROLE {role} IN DATABASE {name} SET {setting} = '{value}';")).collect()
}

/// Kind of intermediary between us and PostgreSQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    /// None that changes how connections work.
    Nothing,
    /// A pooler in session mode.
    Sessions,
    /// A pooler in transaction mode.
    Transactions,
    /// A pooler with a single session.
    OneSession,
}

/// Determines the intermediary between us and the server of `url`: a pooler drops or refuses settings in the startup
/// message of a connection, and PostgreSQL does not.
///
/// # Errors
/// If it cannot be reached.
pub async fn between(url: &str) -> Result<Between, StoreError> {
    let hosts = Hosts::of(url)?;
    hosts.find().await?;
    let options = hosts.used();
    look(options).await.map_err(|error| unreachable(options.get_host(), &error))
}

async fn look(options: &PgConnectOptions) -> Result<Between, sqlx::Error> {
    let told = async {
        let mut connection = options.clone().options([("lastword.probe", "1")]).connect().await?;
        let row = one_row(&mut connection, "SELECT COALESCE(current_setting('lastword.probe', true), '')".to_owned()).await?;
        row.try_get::<String, _>(0)
    };
    match told.await {
        Ok(probe) if probe == "1" => return Ok(Between::Nothing),
        Ok(_) => {}
        Err(error) if error.as_database_error().is_some_and(|said| said.message().contains("unsupported startup parameter")) => {}
        Err(error) => return Err(error),
    }
    match tokio::time::timeout(PROBE_WITHIN, sessions_last(options)).await {
        Ok(lasts) => Ok(if lasts? { Between::Sessions } else { Between::Transactions }),
        Err(_) => Ok(Between::OneSession),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_roles_are_quoted() {
        let statements = role_settings("App \"User", "lw");
        assert_eq!(statements[0], "ALTER ROLE \"App \"\"User\" IN DATABASE \"lw\" SET statement_timeout = '15s';");
        assert_eq!(statements.len(), SETTINGS.len());
    }
}
