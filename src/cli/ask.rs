//! `lastword ask`: asks the client about a close that was not asked about, or while a session is open.

use super::opening::with_shell;
use crate::app::admin::{Failure, IfMissing, Shell};
use std::path::Path;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The rating request, as shown by `lastword explain`
    #[arg(required_unless_present = "session")]
    rating_request: Option<String>,
    /// Instead: the desk's own ID of a chat that is open
    #[arg(long, value_name = "ID", conflicts_with = "rating_request")]
    session: Option<String>,
    /// With --session: the desk or program that reports it, if several do
    #[arg(long, value_name = "NAME", requires = "session")]
    source: Option<String>,
    /// The reason, shown in the session's history
    #[arg(long, value_name = "WORDS", default_value = "", conflicts_with = "session")]
    because: String,
}

pub(super) fn run(config: Option<&Path>, args: &Args) -> ExitCode {
    with_shell(config, IfMissing::Refuse, async |shell| {
        let due_at = ask(shell, args).await?;
        println!("the client will be asked at {}", shell.shown(due_at));
        Ok(())
    })
}

/// Time the question is sent, in milliseconds since 1970 UTC.
async fn ask(shell: &Shell, args: &Args) -> Result<i64, Failure> {
    match (&args.session, &args.rating_request) {
        (Some(session), _) => shell.ask_while_talking(session, args.source.as_deref()).await,
        (None, request) => shell.ask(request.as_deref().unwrap_or_default(), &args.because).await,
    }
}
