//! The command line. To add a command: a file in `src/cli/` with a `run` that returns the exit code, one variant of
//! [`Command`] with its sentence of help, one arm in [`run`].

mod alert_test;
mod ask;
mod check;
mod client;
#[cfg(feature = "webchat")]
mod demo;
mod doctor;
mod explain;
mod export;
mod healthcheck;
mod import;
mod key;
mod line;
mod migrate;
mod openapi;
mod opening;
mod plan;
mod recipient;
mod recount;
mod serve;
mod user;

use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// A self-hosted rating engine for open lines.
#[derive(Debug, Parser)]
#[command(name = "lastword", version, propagate_version = true)]
struct Cli {
    /// The settings file [default: lastword.toml, if it is there]
    #[arg(long, global = true, env = "LASTWORD_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reads the settings and says what is wrong with them
    Check,
    /// Takes calls, asks clients and tells of low ratings
    Serve,
    /// Shows everything in a browser: no network, no accounts, three months of made-up history
    #[cfg(feature = "webchat")]
    Demo(demo::Args),
    /// Brings the tables of the database up to date
    Migrate,
    /// Looks at everything that a person may have to mend
    Doctor(doctor::Args),
    /// Asks the running server whether it is ready
    Healthcheck(healthcheck::Args),
    /// Holds the counters behind reports and the words behind the search against the rows, mends them, and says what differed
    Recount,
    /// Brings in past ratings and closes out of a file, checked first; nobody is asked, nobody is told
    Import(import::Args),
    /// Tells the whole story of a session
    Explain(explain::Args),
    /// Has a client asked: about a close that nobody was asked about, or while a chat is open
    Ask(ask::Args),
    /// Writes lists as files: CSV, XLSX or JSON lines
    #[command(subcommand)]
    Export(export::Export),
    /// Everything about one client: found, handed out, or erased
    #[command(subcommand)]
    Client(client::Client),
    /// Lines: what is asked, and who hears of low ratings
    #[command(subcommand)]
    Line(line::Line),
    /// Tells what a line would have asked about past chats, before it is switched on
    Plan(plan::Args),
    /// Recipients of alerts: people and groups
    #[command(subcommand)]
    Recipient(recipient::Recipient),
    /// Sends a test alert now
    AlertTest(alert_test::Args),
    /// People who sign in
    #[command(subcommand)]
    User(user::User),
    /// Keys of programs that call the API
    #[command(subcommand)]
    Key(key::Key),
    /// Prints the description of the API
    Openapi,
}

impl Command {
    fn is_server(&self) -> bool {
        match self {
            Command::Serve => true,
            #[cfg(feature = "webchat")]
            Command::Demo(_) => true,
            _ => false,
        }
    }
}

/// Does what the arguments ask for.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        // Help and version come this way too, with the code 0.
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let config = cli.config.as_deref();
    // A server outlives whoever reads its output; a command ends with them, as in `lastword explain S | head`.
    if !cli.command.is_server() {
        sigpipe::reset();
    }
    match cli.command {
        Command::Serve => serve::run(config, environment()),
        Command::Openapi => openapi::run(),
        #[cfg(feature = "webchat")]
        Command::Demo(args) => demo::run(&args),
        Command::Check => check::run(config),
        Command::Migrate => migrate::run(config),
        Command::Doctor(args) => doctor::run(config, &args),
        Command::Healthcheck(args) => healthcheck::run(config, &args),
        Command::Recount => recount::run(config),
        Command::Import(args) => import::run(config, &args),
        Command::Explain(args) => explain::run(config, &args),
        Command::Ask(args) => ask::run(config, &args),
        Command::Export(export) => export::run(config, &export),
        Command::Client(client) => client::run(config, &client),
        Command::Line(line) => line::run(config, &line),
        Command::Plan(args) => plan::run(config, &args),
        Command::Recipient(recipient) => recipient::run(config, recipient),
        Command::AlertTest(args) => alert_test::run(config, &args),
        Command::User(user) => user::run(config, &user),
        Command::Key(key) => key::run(config, &key),
    }
}

/// The process's environment. A variable that is not text cannot be one of ours.
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_commands_are_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_settings_file_can_be_named_before_and_after_the_command() {
        for arguments in [["lastword", "--config", "a.toml", "check"], ["lastword", "check", "--config", "a.toml"]] {
            assert_eq!(Cli::try_parse_from(arguments).unwrap().config, Some(PathBuf::from("a.toml")));
        }
    }
}
