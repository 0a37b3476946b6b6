//! SQL that the owner of the PostgreSQL server runs once, to give the role of `database.url` the rights that Lastword needs.

use crate::settings::{DatabaseUrl, PostgresUrl, Settings};
use crate::store::db::role_settings;

/// The statements, one per line.
///
/// # Errors
/// If `database.url` is not PostgreSQL, or names no role.
pub fn role_statements(settings: &Settings) -> Result<Vec<String>, String> {
    let not_postgres = "database.url: only PostgreSQL has roles; write postgres://USER:PASSWORD@HOST/NAME";
    let DatabaseUrl::Postgres(_) = settings.database.url else { return Err(not_postgres.to_owned()) };
    let url = PostgresUrl::parse(&settings.database.url.address()).map_err(|problem| format!("database.url: it {problem}"))?;
    let no_role = || "database.url: it names no role; write postgres://USER:PASSWORD@HOST/NAME".to_owned();
    Ok(role_settings(&url.role().ok_or_else(no_role)?, &url.database()))
}
