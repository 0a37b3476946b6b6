//! `lastword recipient`: people and groups that are told of low ratings.

use super::opening::{print_json, print_table, with_shell};
use crate::app::shell::{Failure, IfMissing, NewRecipient, Shell, WroteLately};
use std::path::Path;
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Recipient {
    /// Adds a person
    Add {
        /// Their id, for a line's settings
        #[arg(long)]
        id: String,
        /// Their name
        #[arg(long)]
        name: String,
        /// The connection that tells them
        #[arg(long)]
        connection: String,
        /// Where: the id of their chat with the bot, or a webhook's address
        #[arg(long, allow_hyphen_values = true)]
        chat: String,
        /// The desk's operator they are, for alerts to "operator"
        #[arg(long, value_name = "ID")]
        operator: Option<String>,
        /// Takes the place of one with the same id
        #[arg(long)]
        replace: bool,
    },
    /// Adds a group
    Group {
        /// Its id, for a line's settings
        #[arg(long)]
        id: String,
        /// Its name
        #[arg(long)]
        name: String,
        /// A recipient in it; can be given several times
        #[arg(long = "member", value_name = "ID", required = true)]
        members: Vec<String>,
        /// Takes the place of one with the same id
        #[arg(long)]
        replace: bool,
    },
    /// Lists who wrote to a bot last, with the id of their chat: what --chat of "recipient add" wants
    Seen {
        /// Only this connection's
        #[arg(long)]
        connection: Option<String>,
        /// For programs
        #[arg(long)]
        json: bool,
    },
    /// Lists all recipients
    List {
        /// For programs
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
            println!("the recipient {id} is there; try it with: lastword alert-test {id}");
            Ok(())
        }
        Recipient::Group { id, name, members, replace } => {
            shell.add_recipient(NewRecipient { id: id.clone(), name, members, replace, ..NewRecipient::default() }).await?;
            println!("the group {id} is there; try it with: lastword alert-test {id}");
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
        println!("nobody has written yet: write /start to the bot (lastword serve has to run), or something in the group that it is in");
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
        vec![one.id.clone(), one.name.clone(), one.kind.clone(), state.to_owned(), reach]
    });
    print_table(&["ID", "NAME", "KIND", "STATE", "THROUGH"], &rows.collect::<Vec<_>>());
    Ok(())
}
