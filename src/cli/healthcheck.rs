//! `lastword healthcheck`: checks whether the running server is ready; for a container's HEALTHCHECK.

use super::opening::with_settings;
use crate::app::admin::{probe, readyz_of};
use std::path::Path;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// URL to call [default: /readyz at http.listen]
    #[arg(long)]
    url: Option<String>,
}

pub(super) fn run(config: Option<&Path>, args: &Args) -> ExitCode {
    let ready = with_settings(config, async |settings| {
        let url = args.url.clone().unwrap_or_else(|| readyz_of(settings.http.listen));
        probe(&url).await?;
        println!("ready");
        Ok(())
    });
    // Container runtimes know only the exit codes 0 and 1.
    if ready == ExitCode::SUCCESS { ready } else { ExitCode::FAILURE }
}
