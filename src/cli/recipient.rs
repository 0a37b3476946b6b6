//! `lastword recipient`: people and groups who receive alerts about low ratings.

use super::opening::{print_json, print_table, with_shell};
use crate::app::admin::{Failure, IfMissing, NewRecipient, Shell, WroteLately};
use std::path::Path;
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
    /// Delete a person or group that no line and no group uses
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
    let missing = IfMissing::create_if(matches!(recipient, Recipient::Add { .. } | Recipient::Group { .. }));
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
        Recipient::Delete { id } => {
            shell.delete_recipient(&id).await?;
            println!("deleted recipient {id}");
            Ok(())
        }
        Recipient::Seen { connection, json } => seen(shell, connection.as_deref(), json).await,
        Recipient::List { json } => list(shell, json).await,
    })
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
                "operator": one.operator_id, "members": one.members, "created_at": one.created_at, "disabled_at": one.disabled_at })
        });
        print_json(&recipients.collect());
        return Ok(());
    }
    let rows = recipients.iter().map(|one| {
        let reach = one.connection.clone().unwrap_or_else(|| one.members.join(", "));
        let state = if one.disabled_at.is_some() { "off" } else { "on" };
        vec![one.id.clone(), one.name.clone(), one.kind.to_string(), state.to_owned(), reach]
    });
    print_table(&["ID", "NAME", "KIND", "STATE", "THROUGH"], &rows.collect::<Vec<_>>());
    Ok(())
}
