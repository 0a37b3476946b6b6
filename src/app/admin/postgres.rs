//! Commands for PostgreSQL: its tools, its roles, and a check before the start.

pub(super) mod moving;
pub(super) mod role;
pub(super) mod tools;

use crate::settings::{DatabaseUrl, Settings};
use crate::store::db::{ask_hosts, leader};

/// A note about the PostgreSQL of the settings before a server starts on it: that no host accepts writes, or that none
/// responds from here. `None` if one accepts writes, and on SQLite.
pub async fn database_note(settings: &Settings) -> Option<String> {
    let DatabaseUrl::Postgres(_) = settings.database.url else { return None };
    let answers = match ask_hosts(&settings.database.url.address()).await {
        Ok(answers) => answers,
        Err(error) => return Some(error.to_string()),
    };
    let states: Vec<_> = answers.into_iter().map(|(_, answer)| answer).collect();
    if leader(&states).is_some() {
        return None;
    }
    let reads = states.iter().any(Result::is_ok);
    let error = states.into_iter().find_map(Result::err);
    if reads { Some("this PostgreSQL is read-only: not the leader".to_owned()) } else { error.map(|error| error.to_string()) }
}
