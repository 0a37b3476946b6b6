//! Parses nothing and decides nothing: calls the command line.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    lastword::cli::run(std::env::args_os())
}
