//! `lastword letter`: letters with the figures of the day, week or month.

use super::opening::{print_json, print_table, with_shell};
use crate::app::admin::{IfMissing, NewLetter};
use std::path::Path;
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Letter {
    /// Add a letter, or replace the one with the same ID
    Add {
        /// ID
        #[arg(long)]
        id: String,
        /// The recipient or group who gets it
        #[arg(long, value_name = "ID")]
        recipient: String,
        /// How often
        #[arg(long, value_parser = ["daily", "weekly", "monthly"], default_value = "weekly")]
        every: String,
        /// Hour of the day, in the organisation's time zone
        #[arg(long, default_value_t = 8)]
        hour: i64,
        /// Only about this line; may be repeated
        #[arg(long = "line", value_name = "ID")]
        lines: Vec<String>,
    },
    /// Print what a letter would say about the last whole day, week or month
    Show {
        /// The letter
        id: String,
    },
    /// Send a letter now, as a trial; the running server delivers it
    Send {
        /// The letter
        id: String,
    },
    /// Delete a letter
    Delete {
        /// The letter
        id: String,
    },
    /// List all letters
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(config: Option<&Path>, letter: Letter) -> ExitCode {
    with_shell(config, IfMissing::Refuse, async |shell| match letter {
        Letter::Add { id, recipient, every, hour, lines } => {
            shell.add_letter(NewLetter { id: id.clone(), recipient, every, hour, lines }).await?;
            println!("created letter {id}; see what it says with: lastword letter show {id}");
            Ok(())
        }
        Letter::Show { id } => {
            println!("{}", shell.letter_text(&id).await?);
            Ok(())
        }
        Letter::Send { id } => {
            println!("on its way to {} people", shell.send_letter(&id).await?);
            Ok(())
        }
        Letter::Delete { id } => {
            shell.delete_letter(&id).await?;
            println!("deleted letter {id}");
            Ok(())
        }
        Letter::List { json } => {
            let letters = shell.letters().await?;
            if json {
                let letters = letters.iter().map(|one| {
                    serde_json::json!({ "id": one.id, "recipient": one.recipient_id, "every": one.every, "hour": one.hour, "lines": one.lines })
                });
                print_json(&letters.collect());
                return Ok(());
            }
            let rows = letters.into_iter().map(|one| {
                let lines = one.lines.map_or_else(|| "all".to_owned(), |lines| lines.join(", "));
                vec![one.id, one.recipient_id, one.every.to_string(), format!("{:02}:00", one.hour), lines]
            });
            print_table(&["ID", "RECIPIENT", "EVERY", "AT", "LINES"], &rows.collect::<Vec<_>>());
            Ok(())
        }
    })
}
