//! `lastword ask RATING_REQUEST`: has the client asked about a close that nobody was asked about.

use super::opening::with_shell;
use std::path::Path;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The rating request, as `lastword explain` names it
    rating_request: String,
    /// Why, in your words: it stands in the session's story
    #[arg(long, value_name = "WORDS", default_value = "")]
    because: String,
}

pub(super) fn run(config: Option<&Path>, args: &Args) -> ExitCode {
    with_shell(config, async |shell| {
        let due_at = shell.ask(&args.rating_request, &args.because).await?;
        println!("the client is asked, at {}", shell.shown(due_at));
        Ok(())
    })
}
