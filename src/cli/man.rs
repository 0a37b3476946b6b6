//! `lastword man`: the manual pages, made of the same texts as `--help`.

use super::opening::code;
use crate::app::admin::Failure;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folder for the pages; created if missing
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

pub(super) fn run(args: &Args, command: clap::Command) -> ExitCode {
    // The width of this terminal is not that of a page's reader.
    let written = std::fs::create_dir_all(&args.folder).and_then(|()| clap_mangen::generate_to(command, &args.folder));
    code(written.map_err(|error| Failure::Failed(format!("{} cannot be written: {error}", args.folder.display()))))
}
