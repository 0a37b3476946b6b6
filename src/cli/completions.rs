//! `lastword completions`: what a shell needs to complete commands and options.

use clap_complete::{Shell, generate};
use std::io::stdout;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(args: &Args, mut command: clap::Command) -> ExitCode {
    generate(args.shell, &mut command, "lastword", &mut stdout());
    ExitCode::SUCCESS
}
