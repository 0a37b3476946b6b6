//! `lastword database`: SQL statements for the owner of the PostgreSQL server.

use super::opening::with_settings;
use crate::app::admin::{Failure, role_statements};
use std::path::Path;
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Database {
    /// Print the SQL that gives the role of database.url its settings
    Role,
}

pub(super) fn run(config: Option<&Path>, database: &Database) -> ExitCode {
    with_settings(config, async |settings| match database {
        Database::Role => {
            let statements = role_statements(&settings).map_err(Failure::Usage)?;
            println!("{}", statements.join("\n"));
            Ok(())
        }
    })
}
