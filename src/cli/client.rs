//! `lastword client`: finds, exports or erases one client's data, and opts clients out or in.

use super::opening::{print_table, with_shell};
use crate::app::admin::{Failure, IfMissing, Shell};
use std::fs::OpenOptions;
use std::io::{BufRead, IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Client {
    /// Find a client by ID, by the desk's ID of the person, by name, or by chat
    Find {
        /// The ID, name or chat
        text: String,
    },
    /// Export everything stored about a client into a file
    Export {
        /// The client's ID, the desk's ID of the person, or a chat
        client: String,
        /// Output file; - for standard output
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Stop asking a client, on all channels, until they or you reverse it
    OptOut {
        /// The client's ID, the desk's ID of the person, or a chat; an ID such as desk/c-204 need not be known yet
        client: String,
    },
    /// Allow a client who opted out to be asked again
    OptIn {
        /// The client's ID, the desk's ID of the person, or a chat
        client: String,
    },
    /// Erase everything about a client for good; scores and counters stay
    Erase {
        /// The client's ID, the desk's ID of the person, or a chat
        client: String,
        /// Do not ask for confirmation
        #[arg(long, short)]
        yes: bool,
    },
}

pub(super) fn run(config: Option<&Path>, client: &Client) -> ExitCode {
    with_shell(config, IfMissing::Refuse, async |shell| match client {
        Client::Find { text } => find(shell, text).await,
        Client::Export { client, out } => {
            let id = shell.client(client).await?;
            write(out, &format!("{:#}\n", shell.export_client(&id).await?))
        }
        Client::OptOut { client } => {
            let out = shell.opt_out_client(client, true).await?;
            let before = if out.new { "" } else { " (already opted out)" };
            let known =
                if out.known { "" } else { "; nothing else is stored about this ID: is it spelt as lastword client find lists it?" };
            println!("{} will not be asked any more{before}{known}", out.client);
            Ok(())
        }
        Client::OptIn { client } => {
            let out = shell.opt_out_client(client, false).await?;
            println!("{} may be asked again{}", out.client, if out.new { "" } else { " (was not opted out)" });
            Ok(())
        }
        Client::Erase { client, yes } => {
            let id = shell.client(client).await?;
            if !yes && !agreed(&id)? {
                return Err(Failure::Failed("nothing was erased".to_owned()));
            }
            let erased = shell.erase_client(&id).await?;
            println!(
                "erased: {} closed chats no longer name the client, {} open questions canceled, {} addresses removed",
                erased.closes, erased.canceled, erased.places
            );
            println!("Earlier backups still contain the data until they are deleted");
            Ok(())
        }
    })
}

async fn find(shell: &Shell, text: &str) -> Result<(), Failure> {
    let found = shell.clients(text).await?;
    if found.is_empty() {
        return Err(Failure::Failed(format!("there is no client \"{text}\"; use the desk's ID of the person, or a chat with them")));
    }
    let asked = |since: Option<i64>| since.map_or_else(|| "yes".to_owned(), |at| format!("not since {}", shell.shown(at)));
    let rows = found.iter().map(|client| {
        let name = client.name.clone().unwrap_or_else(|| "-".to_owned());
        vec![client.sessions.to_string(), shell.shown(client.last_at), asked(client.opted_out_at), client.id.clone(), name]
    });
    print_table(&["SESSIONS", "LAST", "ASKED", "CLIENT", "NAME"], &rows.collect::<Vec<_>>());
    Ok(())
}

fn write(out: &Path, text: &str) -> Result<(), Failure> {
    if out.as_os_str() == "-" {
        print!("{text}");
        return Ok(());
    }
    // The file contains the client's texts, so only its owner may read it.
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(out);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| Failure::Failed(format!("--out: {} cannot be written: {error}", out.display())))?;
    println!("everything stored about the client is in {}", out.display());
    Ok(())
}

fn agreed(id: &str) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::Usage("no terminal to ask for confirmation; add --yes to erase".to_owned()));
    }
    print!("This cannot be undone. Type the client's ID to erase everything about them ({id}): ");
    let _ = std::io::stdout().flush();
    let mut answer = String::new();
    let _ = std::io::stdin().lock().read_line(&mut answer);
    Ok(answer.trim() == id)
}
