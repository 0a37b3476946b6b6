//! `lastword client`: everything about one client, found, handed out, or erased; and whether they are asked.

use super::opening::{print_table, with_shell};
use crate::app::shell::{Failure, IfMissing, Shell};
use std::fs::OpenOptions;
use std::io::{BufRead, IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Client {
    /// Finds a client by an id, the desk's own id of the person, or a chat they were talked to in
    Find {
        /// The id or chat
        text: String,
    },
    /// Writes everything that is held about a client into a file, for the client to see
    Export {
        /// The client, as for find
        client: String,
        /// The file; - is standard output
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Asks a client no more, on any channel, until they or you take it back
    OptOut {
        /// The client, as for find; an id such as desk/c-204 may be one that is not known yet
        client: String,
    },
    /// Asks a client again who was on the list of those who are not asked
    OptIn {
        /// The client, as for find
        client: String,
    },
    /// Erases everything about a client, for good; scores and counters stay
    Erase {
        /// The client, as for find
        client: String,
        /// Erases without asking
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
            let (id, new) = shell.opt_out_client(client, true).await?;
            println!("{id} is not asked any more{}", if new { "" } else { ": that was so already" });
            Ok(())
        }
        Client::OptIn { client } => {
            let (id, new) = shell.opt_out_client(client, false).await?;
            println!("{id} may be asked again{}", if new { "" } else { ": that was so already" });
            Ok(())
        }
        Client::Erase { client, yes } => {
            let id = shell.client(client).await?;
            if !yes && !agreed(&id)? {
                return Err(Failure::Failed("nothing was erased".to_owned()));
            }
            let erased = shell.erase_client(&id).await?;
            println!(
                "erased: {} closes without their client now, {} of them were still open and are canceled; {} places forgotten",
                erased.closes, erased.canceled, erased.places
            );
            println!("Copies stay in backups made before now, until those are deleted");
            Ok(())
        }
    })
}

async fn find(shell: &Shell, text: &str) -> Result<(), Failure> {
    let found = shell.clients(text).await?;
    if found.is_empty() {
        return Err(Failure::Failed(format!(
            "there is no client \"{text}\"; use the desk's id of the person, or the chat they were talked to in"
        )));
    }
    let asked = |since: Option<i64>| since.map_or_else(|| "yes".to_owned(), |at| format!("not since {}", shell.shown(at)));
    let rows = found
        .iter()
        .map(|client| vec![client.sessions.to_string(), shell.shown(client.last_at), asked(client.opted_out_at), client.id.clone()]);
    print_table(&["SESSIONS", "LAST", "ASKED", "CLIENT"], &rows.collect::<Vec<_>>());
    Ok(())
}

fn write(out: &Path, text: &str) -> Result<(), Failure> {
    if out.as_os_str() == "-" {
        print!("{text}");
        return Ok(());
    }
    // It holds what the client wrote: only its owner may read it.
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(out);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| Failure::Failed(format!("--out: {} cannot be written: {error}", out.display())))?;
    println!("everything that is held stands in {}", out.display());
    Ok(())
}

fn agreed(id: &str) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::Usage("nobody is here to ask; add --yes to erase".to_owned()));
    }
    print!("This cannot be undone. Type the client's id to erase everything about them ({id}): ");
    let _ = std::io::stdout().flush();
    let mut answer = String::new();
    let _ = std::io::stdin().lock().read_line(&mut answer);
    Ok(answer.trim() == id)
}
