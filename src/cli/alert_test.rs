//! `lastword alert-test RECIPIENT`: sends a test alert now, like an alert about a low rating, and prints the platform's response.

use super::opening::{print_json, shown, with_shell};
use crate::app::admin::{Failure, IfMissing};
use std::path::Path;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// ID of a recipient or group
    recipient: String,
    /// Use this line's alert text
    #[arg(long, value_name = "ID")]
    line: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: Option<&Path>, args: &Args) -> ExitCode {
    with_shell(config, IfMissing::Refuse, async |shell| {
        let told = shell.test_alert(&args.recipient, args.line.as_deref()).await?;
        if args.json {
            print_json(&serde_json::json!(told));
        } else {
            told.iter().for_each(|told| println!("{}", shown(&format!("{}: {}", told.recipient, told.what))));
        }
        if told.iter().all(|told| told.arrived) { Ok(()) } else { Err(Failure::Failed(String::new())) }
    })
}
