//! `lastword line`: lines and their settings.

use super::opening::{print_json, print_table, with_shell};
use crate::app::admin::{Failure, IfMissing, NewLine, Shell};
use std::path::Path;
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Line {
    /// Add a line with default settings
    Add {
        /// ID, as in the desk
        #[arg(long)]
        id: String,
        /// Name shown to people
        #[arg(long)]
        name: String,
        /// The scale of the question
        #[arg(long, value_parser = ["binary", "five_star"])]
        scale: Option<String>,
        /// Who is alerted to low ratings: a recipient, a group, "operator" or "supervisors"; may be repeated
        #[arg(long = "recipient", value_name = "ID")]
        recipients: Vec<String>,
    },
    /// List all lines
    List {
        /// Print JSON, with all settings
        #[arg(long)]
        json: bool,
    },
    /// Change settings: lastword line set support scale=five_star 'alerts.recipients=["anna"]'
    Set {
        /// The line
        id: String,
        /// Settings as key=value, with dotted keys and text or JSON values; also name= and archived=
        #[arg(required = true, value_name = "KEY=VALUE")]
        changes: Vec<String>,
    },
    /// Replace the days off of a line's deadline with those of an iCalendar file
    DaysOff {
        /// The line
        id: String,
        /// File with the calendar (.ics); - for standard input
        file: std::path::PathBuf,
    },
    /// Delete a line that was never used; archive others with: lastword line set ID archived=true
    Delete {
        /// The line
        id: String,
    },
    /// Show a line's experiments, start one, or end it
    Experiment {
        /// The line
        id: String,
        /// Start one; what B does otherwise, as JSON: '{"questions":{"en":"…"},"delay_secs":60,"scale":"five_star"}'
        #[arg(long, value_name = "JSON", conflicts_with = "end")]
        start: Option<String>,
        /// With --start: a difference that would not matter, in percentage points
        #[arg(long, default_value_t = 5)]
        margin: u8,
        /// With --start: clients planned in each variant
        #[arg(long, default_value_t = 6_000)]
        clients: u32,
        /// End it, and keep asking like this variant
        #[arg(long, value_name = "KEEP", value_parser = ["a", "b"])]
        end: Option<String>,
    },
    /// Export a line's settings under Bitrix24's names, for imopenlines.config.update
    #[command(name = "to-bitrix24")]
    ToBitrix24 {
        /// The line
        id: String,
    },
    /// Import settings under Bitrix24's names, as imopenlines.config.get returns them
    #[command(name = "from-bitrix24")]
    FromBitrix24 {
        /// The line
        id: String,
        /// File with the response; - for standard input
        file: std::path::PathBuf,
        /// Only show what would happen to each field
        #[arg(long)]
        dry_run: bool,
    },
}

pub(super) fn run(config: Option<&Path>, line: &Line) -> ExitCode {
    let missing = IfMissing::create_if(matches!(line, Line::Add { .. }));
    with_shell(config, missing, async |shell| match line {
        Line::Add { id, name, scale, recipients } => {
            let new = NewLine { id: id.clone(), name: name.clone(), scale: scale.clone(), recipients: recipients.clone() };
            let warnings = shell.add_line(new).await?;
            println!("created line {id}");
            warn(&warnings);
            Ok(())
        }
        Line::List { json } => list(shell, *json).await,
        Line::Set { id, changes } => {
            let warnings = shell.set_line(id, changes).await?;
            println!("changed line {id}");
            warn(&warnings);
            Ok(())
        }
        Line::DaysOff { id, file } => {
            let (days, left_out, warnings) = shell.set_days_off(id, &read(file)?).await?;
            left_out.iter().for_each(|why| eprintln!("left out: {why}"));
            println!(
                "changed line {id}: {} days off, the last of them {}",
                days.len(),
                days.last().map(String::as_str).unwrap_or_default()
            );
            warn(&warnings);
            Ok(())
        }
        Line::Delete { id } => {
            shell.delete_line(id).await?;
            println!("deleted line {id}");
            Ok(())
        }
        Line::Experiment { id, start: Some(trial), margin, clients, .. } => {
            shell.start_experiment(id, trial, *margin, *clients).await?;
            println!("started an experiment on line {id}");
            Ok(())
        }
        Line::Experiment { id, end: Some(keep), .. } => {
            shell.end_experiment(id, keep).await?;
            println!("ended the experiment on line {id}");
            Ok(())
        }
        Line::Experiment { id, .. } => {
            print_table(&EXPERIMENT, &shell.experiments(id).await?);
            Ok(())
        }
        Line::ToBitrix24 { id } => {
            let (fields, fates) = shell.to_bitrix(id).await?;
            print_json(&fields);
            fates.iter().filter(|row| row[1] != "taken").for_each(|row| eprintln!("{}: {} {}", row[0], row[1], row[3]));
            Ok(())
        }
        Line::FromBitrix24 { id, file, dry_run } => {
            let (fates, warnings) = shell.from_bitrix(id, &read(file)?, *dry_run).await?;
            print_table(&["FIELD", "FATE", "SETTING", "WHY"], &fates);
            if !dry_run {
                println!("changed line {id}");
            }
            warn(&warnings);
            Ok(())
        }
    })
}

/// Table header of experiments.
const EXPERIMENT: [&str; 8] = ["EXPERIMENT", "VARIANT", "ARRIVED", "MATURE", "CLIENTS", "ANSWERED", "VERDICT", "KEPT"];

/// Reads a file, or standard input.
fn read(file: &Path) -> Result<String, Failure> {
    let text = if file == Path::new("-") { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(file) };
    text.map_err(|error| Failure::Usage(format!("{}: {error}", file.display())))
}

fn warn(warnings: &[String]) {
    warnings.iter().for_each(|warning| eprintln!("warning: {warning}"));
}

async fn list(shell: &Shell, json: bool) -> Result<(), Failure> {
    let lines = shell.lines().await?;
    if json {
        let lines = lines.iter().map(|(line, warnings)| {
            serde_json::json!({ "id": line.id, "name": line.name, "version": line.version, "archived_at": line.archived_at,
                "settings": line.settings, "warnings": warnings })
        });
        print_json(&lines.collect());
        return Ok(());
    }
    let rows = lines.iter().map(|(line, _)| {
        let state = match (line.archived_at, line.settings.enabled) {
            (Some(_), _) => "archived",
            (None, true) => "asks",
            (None, false) => "off",
        };
        let told = line.settings.alerts.recipients.join(", ");
        vec![line.id.to_string(), line.name.clone(), line.settings.scale.as_str().to_owned(), state.to_owned(), told]
    });
    print_table(&["ID", "NAME", "SCALE", "STATE", "ALERTS"], &rows.collect::<Vec<_>>());
    for (line, warnings) in &lines {
        warnings.iter().for_each(|warning| eprintln!("warning: {}: {warning}", line.id));
    }
    Ok(())
}
