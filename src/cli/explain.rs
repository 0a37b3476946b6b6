//! `lastword explain SESSION`: prints what was received, what was decided and why, what was sent, and the result.

use super::opening::{print_json, shown, with_shell};
use crate::app::admin::IfMissing;
use std::path::Path;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The desk's ID of the chat
    session: String,
    /// Only the session of this desk or program
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: Option<&Path>, args: &Args) -> ExitCode {
    with_shell(config, IfMissing::Refuse, async |shell| {
        let stories = shell.explain(&args.session, args.source.as_deref()).await?;
        if args.json {
            print_json(&serde_json::json!(stories));
            return Ok(());
        }
        for (place, story) in stories.iter().enumerate() {
            if place > 0 {
                println!();
            }
            let head = format!("Session {} of {}, line {}: {}", story.session, story.source, story.line, story.status);
            println!("{}", shown(&head));
            for sentence in &story.history {
                println!("  {}  {}", shell.shown(sentence.at), shown(&sentence.text));
            }
        }
        Ok(())
    })
}
