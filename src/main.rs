//! Parses nothing and decides nothing: calls the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    lastword::cli::run(std::env::args_os())
}
