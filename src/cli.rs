//! The command line. To add a command: a file in `src/cli/` with a `run` that returns the exit code, one variant of
//! `Command` with its sentence of help, one arm in [`run`].

mod alert_test;
mod ask;
mod backup;
mod bi;
mod check;
mod client;
mod completions;
mod database;
mod delivery;
#[cfg(feature = "webchat")]
mod demo;
mod desk;
mod doctor;
mod explain;
mod export;
mod healthcheck;
mod import;
mod key;
mod letter;
mod line;
mod man;
mod migrate;
mod move_database;
mod openapi;
mod opening;
mod plan;
mod progress;
mod recipient;
mod recount;
mod release;
mod restore;
mod serve;
mod user;
mod xray;

use clap::{CommandFactory, Parser, Subcommand};
use std::ffi::OsString;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::LazyLock;

/// A self-hosted rating engine for open lines.
#[derive(Debug, Parser)]
#[command(name = "lastword", version = version(), propagate_version = true)]
struct Cli {
    /// Settings file [default: lastword.toml, if present]
    #[arg(long, global = true, env = "LASTWORD_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check the settings and report every problem
    Check,
    /// Run the server
    Serve,
    /// Try everything in a browser: no accounts, no network, three months of made-up history
    #[cfg(feature = "webchat")]
    Demo(demo::Args),
    /// Upgrade the database's tables
    Migrate,
    /// Set up the PostgreSQL server
    #[command(subcommand)]
    Database(database::Database),
    /// Back up the whole database into a folder, while the server runs
    Backup(backup::Args),
    /// Restore a backup; it sends nothing until it is released
    Restore(restore::Args),
    /// Move the whole database to another one, from SQLite to PostgreSQL or back; it goes on after an interruption
    Move(move_database::Args),
    /// Release a restored database from quarantine, so that it sends again
    Release(release::Args),
    /// Check settings, database, connections, deliveries and lines, and say what to fix
    Doctor(doctor::Args),
    /// Ask the running server whether it is ready
    Healthcheck(healthcheck::Args),
    /// Rebuild report counters and the comment search from the stored rows, and show any differences
    Recount,
    /// Import past ratings and closed chats from a file; no questions or alerts are sent
    Import(import::Args),
    /// Show the whole history of a session
    Explain(explain::Args),
    /// Ask the client about a closed chat after all, or while a chat is open
    Ask(ask::Args),
    /// Export lists as CSV, XLSX or JSON lines
    #[command(subcommand)]
    Export(export::Export),
    /// Views for BI tools: a role that reads only them, and files
    #[command(subcommand)]
    Bi(bi::Bi),
    /// Find, export or erase one client's data; opt a client out or in
    #[command(subcommand)]
    Client(client::Client),
    /// Manage lines: what is asked, and who is alerted to low ratings
    #[command(subcommand)]
    Line(line::Line),
    /// Dry run: what a line would have asked about past chats
    Plan(plan::Args),
    /// Manage letters with the figures of the day, week or month
    #[command(subcommand)]
    Letter(letter::Letter),
    /// Manage recipients of alerts: people and groups
    #[command(subcommand)]
    Recipient(recipient::Recipient),
    /// List deliveries; resend, cancel or dismiss stuck ones
    #[command(subcommand)]
    Delivery(delivery::DeliveryCommand),
    /// Connect a help desk
    #[command(subcommand)]
    Desk(desk::Desk),
    /// Compare what a desk reports about its ratings with what the data support. Read only; needs no settings
    #[command(subcommand)]
    Xray(xray::Xray),
    /// Send a test alert now
    AlertTest(alert_test::Args),
    /// Manage people who sign in
    #[command(subcommand)]
    User(user::User),
    /// Manage API keys
    #[command(subcommand)]
    Key(key::Key),
    /// Print the OpenAPI description of the API
    Openapi,
    /// Print the completions of a shell, to be sourced by it
    Completions(completions::Args),
    /// Write the manual pages of all commands into a folder
    Man(man::Args),
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

/// Runs the command of the arguments.
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
    make_temporary_folder();
    // A server outlives the reader of its output. A command ends with it, as in `lastword explain S | head`.
    if !cli.command.is_server() {
        sigpipe::reset();
    }
    match cli.command {
        Command::Serve => serve::run(config, environment()),
        Command::Openapi => openapi::run(),
        Command::Completions(args) => completions::run(&args, Cli::command()),
        Command::Man(args) => man::run(&args, Cli::command()),
        #[cfg(feature = "webchat")]
        Command::Demo(args) => demo::run(&args),
        Command::Check => check::run(config),
        Command::Migrate => migrate::run(config),
        Command::Database(database) => database::run(config, &database),
        Command::Backup(args) => backup::run(config, &args),
        Command::Restore(args) => restore::run(config, &args),
        Command::Move(args) => move_database::run(config, &args),
        Command::Release(args) => release::run(config, &args),
        Command::Doctor(args) => doctor::run(config, &args),
        Command::Healthcheck(args) => healthcheck::run(config, &args),
        Command::Recount => recount::run(config),
        Command::Import(args) => import::run(config, &args),
        Command::Explain(args) => explain::run(config, &args),
        Command::Ask(args) => ask::run(config, &args),
        Command::Export(export) => export::run(config, &export),
        Command::Bi(bi) => bi::run(config, &bi),
        Command::Client(client) => client::run(config, &client),
        Command::Line(line) => line::run(config, &line),
        Command::Plan(args) => plan::run(config, &args),
        Command::Letter(letter) => letter::run(config, letter),
        Command::Recipient(recipient) => recipient::run(config, recipient),
        Command::Delivery(delivery) => delivery::run(config, delivery),
        Command::Desk(desk) => desk::run(config, &desk),
        Command::Xray(xray) => xray::run(&xray),
        Command::AlertTest(args) => alert_test::run(config, &args),
        Command::User(user) => user::run(config, &user),
        Command::Key(key) => key::run(config, &key),
    }
}

/// The version, with the commit and the date of the build where `packaging/build` made it.
fn version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| match (option_env!("LASTWORD_COMMIT"), option_env!("LASTWORD_BUILD_DATE")) {
        (Some(commit), Some(date)) => format!("{} ({commit}, {date})", env!("CARGO_PKG_VERSION")),
        _ => format!("{} (built from source)", env!("CARGO_PKG_VERSION")),
    });
    &VERSION
}

/// Creates the folder for temporary files. In a container it is on the volume and does not exist at first. Errors are ignored here: the
/// code that needs the folder reports them.
fn make_temporary_folder() {
    let folder = std::env::temp_dir();
    if !folder.exists() {
        let _ = DirBuilder::new().mode(0o700).create(folder);
    }
}

/// The process's environment, without variables that are not UTF-8: they cannot be ours.
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

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
