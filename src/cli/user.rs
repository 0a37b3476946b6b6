//! `lastword user`: people who sign in to the pages.

use super::opening::{print_json, print_table, with_shell};
use crate::app::admin::{Failure, IfMissing, NewAccount, ROLES};
use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(super) enum User {
    /// Add a person; the password is prompted for, or read from a file or a pipe
    Add {
        /// Login
        #[arg(long)]
        login: String,
        /// Name shown to others
        #[arg(long)]
        name: String,
        /// Role
        #[arg(long, value_parser = ROLES)]
        role: String,
        /// Line a supervisor can see; may be repeated; all lines if none is given
        #[arg(long = "line", value_name = "LINE")]
        lines: Vec<String>,
        /// For an operator: their ID in the desk
        #[arg(long, value_name = "ID")]
        operator: Option<String>,
        #[command(flatten)]
        password: NewPassword,
    },
    /// List all people
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Set a new password
    Password {
        /// Login
        login: String,
        #[command(flatten)]
        password: NewPassword,
    },
    /// Disable a person: they can no longer sign in
    Disable {
        /// Login
        login: String,
    },
    /// Enable a person again
    Enable {
        /// Login
        login: String,
    },
}

/// Source of a password. Never an argument: other users of the machine can read those.
#[derive(Debug, clap::Args)]
pub(super) struct NewPassword {
    /// Read the password from the first line of this file; - for standard input
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl NewPassword {
    fn read(&self) -> Result<String, Failure> {
        let unreadable = |name: &str, error: std::io::Error| Failure::Failed(format!("--password-file: cannot read {name}: {error}"));
        match &self.password_file {
            Some(path) if path.as_os_str() != "-" => {
                let text = std::fs::read_to_string(path).map_err(|error| unreadable(&path.display().to_string(), error))?;
                Ok(text.lines().next().unwrap_or_default().to_owned())
            }
            None if std::io::stdin().is_terminal() => ask(),
            _ => {
                let mut line = String::new();
                std::io::stdin().lock().read_line(&mut line).map_err(|error| unreadable("standard input", error))?;
                Ok(line.trim_end_matches(['\n', '\r']).to_owned())
            }
        }
    }
}

fn ask() -> Result<String, Failure> {
    let prompt = |words: &str| {
        rpassword::prompt_password(words)
            .map_err(|error| Failure::Failed(format!("cannot prompt for the password here ({error}); use --password-file")))
    };
    let password = prompt("Password (12 characters or more): ")?;
    if prompt("Once more: ")? == password {
        Ok(password)
    } else {
        Err(Failure::Usage("the two passwords do not match; try again".to_owned()))
    }
}

pub(super) fn run(config: Option<&Path>, user: &User) -> ExitCode {
    let missing = IfMissing::create_if(matches!(user, User::Add { .. }));
    with_shell(config, missing, async |shell| match user {
        User::Add { login, name, role, lines, operator, password } => {
            let (login, name, role) = (login.clone(), name.clone(), role.clone());
            let new = NewAccount { login: login.clone(), name, role: role.clone(), lines: lines.clone(), operator: operator.clone() };
            shell.add_account(new, password.read()?).await?;
            println!("{login} can sign in as {role}");
            Ok(())
        }
        User::List { json } => list(shell, *json).await,
        User::Password { login, password } => {
            shell.expect_account(login).await?;
            shell.set_password(login, password.read()?).await?;
            println!("{login} has a new password");
            Ok(())
        }
        User::Disable { login } => {
            shell.set_disabled(login, true).await?;
            println!("{login} can no longer sign in");
            Ok(())
        }
        User::Enable { login } => {
            shell.set_disabled(login, false).await?;
            println!("{login} can sign in again");
            Ok(())
        }
    })
}

async fn list(shell: &crate::app::admin::Shell, json: bool) -> Result<(), Failure> {
    let accounts = shell.accounts().await?;
    if json {
        let accounts = accounts.iter().map(|account| {
            serde_json::json!({ "id": account.id, "login": account.login, "name": account.name, "role": account.role.as_str(),
                "created_at": account.created_at, "disabled_at": account.disabled_at })
        });
        print_json(&accounts.collect());
        return Ok(());
    }
    let rows = accounts.iter().map(|account| {
        let state = account.disabled_at.map_or_else(|| "on".to_owned(), |at| format!("off since {}", shell.shown(at)));
        vec![account.login.clone(), account.role.as_str().to_owned(), account.name.clone(), state]
    });
    print_table(&["LOGIN", "ROLE", "NAME", "STATE"], &rows.collect::<Vec<_>>());
    Ok(())
}
