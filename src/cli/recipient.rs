//! `lastword recipient`: people, groups and chat rooms that receive alerts about low ratings.

use super::opening::{print_json, print_table, with_shell};
use crate::app::admin::{Failure, IfMissing, NamedRoom, NewRecipient, Shell, WroteLately, shown_room};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Recipient {
    /// Add a person
    Add {
        /// ID, for a line's settings
        #[arg(long)]
        id: String,
        /// Name
        #[arg(long)]
        name: String,
        /// Connection that alerts them
        #[arg(long)]
        connection: String,
        /// Address: the ID of their chat with the bot, a Telegram group and topic as -1001234/12, or a webhook's URL
        #[arg(long, allow_hyphen_values = true)]
        chat: String,
        /// Operator ID in the desk, for alerts to "operator"
        #[arg(long, value_name = "ID")]
        operator: Option<String>,
        /// Replace a recipient with the same ID
        #[arg(long)]
        replace: bool,
    },
    /// Add a group
    Group {
        /// ID, for a line's settings
        #[arg(long)]
        id: String,
        /// Name
        #[arg(long)]
        name: String,
        /// A member; may be repeated
        #[arg(long = "member", value_name = "ID", required = true)]
        members: Vec<String>,
        /// Replace a recipient with the same ID
        #[arg(long)]
        replace: bool,
    },
    /// Add a chat room or a push service, alerted by its own hook
    Room {
        /// ID, for a line's settings
        #[arg(long)]
        id: String,
        /// Name
        #[arg(long)]
        name: String,
        /// Service: slack, mattermost, rocketchat, zulip, teams, discord, google_chat, ntfy, gotify, matrix or pagerduty
        #[arg(long)]
        service: String,
        /// File that holds the address of the hook (ntfy: the topic, Gotify: the server, Matrix: the server and the room ID); - for standard input
        #[arg(long, value_name = "FILE", default_value = "-")]
        url_file: PathBuf,
        /// File that holds a token: of ntfy, Gotify or Matrix, or the routing key of PagerDuty
        #[arg(long, value_name = "FILE")]
        token_file: Option<PathBuf>,
        /// Replace a recipient with the same ID
        #[arg(long)]
        replace: bool,
    },
    /// Delete a person, group or room that no line and no group uses
    Delete {
        /// The recipient
        id: String,
    },
    /// List who wrote to a bot recently, with the chat IDs that "recipient add --chat" takes
    Seen {
        /// Only this connection
        #[arg(long)]
        connection: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List all recipients
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(config: Option<&Path>, recipient: Recipient) -> ExitCode {
    let missing = IfMissing::create_if(matches!(recipient, Recipient::Add { .. } | Recipient::Group { .. } | Recipient::Room { .. }));
    with_shell(config, missing, async |shell| match recipient {
        Recipient::Add { id, name, connection, chat, operator, replace } => {
            let through = Some((connection, chat));
            shell.add_recipient(NewRecipient { id: id.clone(), name, through, operator, replace, ..NewRecipient::default() }).await?;
            println!("created recipient {id}; test it with: lastword alert-test {id}");
            Ok(())
        }
        Recipient::Group { id, name, members, replace } => {
            shell.add_recipient(NewRecipient { id: id.clone(), name, members, replace, ..NewRecipient::default() }).await?;
            println!("created group {id}; test it with: lastword alert-test {id}");
            Ok(())
        }
        Recipient::Room { id, name, service, url_file, token_file, replace } => {
            // PagerDuty's address is known.
            let url = if service == "pagerduty" && url_file.as_os_str() == "-" { String::new() } else { secret("--url-file", &url_file)? };
            let token = token_file.as_deref().map(|file| secret("--token-file", file)).transpose()?;
            let room = Some(NamedRoom { service, url, token });
            shell.add_recipient(NewRecipient { id: id.clone(), name, room, replace, ..NewRecipient::default() }).await?;
            println!("created room {id}; test it with: lastword alert-test {id}");
            Ok(())
        }
        Recipient::Delete { id } => {
            shell.delete_recipient(&id).await?;
            println!("deleted recipient {id}");
            Ok(())
        }
        Recipient::Seen { connection, json } => seen(shell, connection.as_deref(), json).await,
        Recipient::List { json } => list(shell, json).await,
    })
}

/// Content of a file or of standard input: a secret on the command line would be in the list of processes and in the shell's history.
fn secret(name: &str, file: &Path) -> Result<String, Failure> {
    let text = match file.as_os_str() == "-" {
        true => std::io::read_to_string(std::io::stdin()),
        false => std::fs::read_to_string(file),
    };
    let text = text.map_err(|error| Failure::Usage(format!("{name}: {} cannot be read: {error}", file.display())))?;
    Ok(text.trim().to_owned())
}

async fn seen(shell: &Shell, connection: Option<&str>, json: bool) -> Result<(), Failure> {
    let seen = shell.wrote_lately(connection).await?;
    if json {
        let one =
            |one: &WroteLately| serde_json::json!({ "name": one.name, "connection": one.connection, "chat": one.chat, "wrote_at": one.at });
        print_json(&seen.iter().map(one).collect());
        return Ok(());
    }
    if seen.is_empty() {
        println!("nobody has written yet: while lastword serve is running, send /start to the bot, or write in a group that it belongs to");
        return Ok(());
    }
    let rows = seen.into_iter().map(|one| vec![one.name.unwrap_or_default(), one.connection, one.chat, shell.shown(one.at)]);
    print_table(&["NAME", "CONNECTION", "CHAT", "WROTE"], &rows.collect::<Vec<_>>());
    Ok(())
}

async fn list(shell: &Shell, json: bool) -> Result<(), Failure> {
    let recipients = shell.recipients().await?;
    if json {
        let recipients = recipients.iter().map(|one| {
            serde_json::json!({ "id": one.id, "name": one.name, "kind": one.kind, "connection": one.connection,
                "room": shown_room(one).map(|room| serde_json::json!({ "service": room.service, "place": room.place })),
                "operator": one.operator_id, "members": one.members, "created_at": one.created_at, "disabled_at": one.disabled_at })
        });
        print_json(&recipients.collect());
        return Ok(());
    }
    let rows = recipients.iter().map(|one| {
        let room = shown_room(one).map(|room| format!("{} {}", room.service, room.place));
        let reach = room.or_else(|| one.connection.clone().map(String::from)).unwrap_or_else(|| one.members.join(", "));
        let state = if one.disabled_at.is_some() { "off" } else { "on" };
        vec![one.id.clone(), one.name.clone(), one.kind.to_string(), state.to_owned(), reach]
    });
    print_table(&["ID", "NAME", "KIND", "STATE", "THROUGH"], &rows.collect::<Vec<_>>());
    Ok(())
}
