//! `lastword backup`: a copy of the whole database in a folder, while the server runs.

use super::opening::with_settings;
use crate::app::shell::{BackedUp, Failure, KeyCopy, back_up};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder for the copy; it is made if it is not there
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Keep so many copies in the folder and remove older ones
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    keep: Option<u32>,
}

pub(super) fn run(config: Option<&Path>, args: &Args) -> ExitCode {
    with_settings(config, async |settings| {
        let made = match back_up(&settings, &args.folder, args.keep.map(|keep| keep as usize)).await? {
            BackedUp::Made(made) => made,
            BackedUp::Elsewhere(line) => {
                return Err(Failure::Failed(format!("pg_dump is not on this machine; run this where it is:\n{line}")));
            }
        };
        println!("{} ({} MiB)", made.file.display(), made.bytes.div_ceil(1 << 20));
        match &made.key {
            KeyCopy::Copied(path) => println!("{} (the key: keep it as safe as the copy)", path.display()),
            KeyCopy::InSettings => println!("the key is in the settings: keep a copy of them, too"),
            KeyCopy::Missing(path) => eprintln!(
                "warning: the key {} is not there; without it, buttons and links already sent stop working after a restore",
                path.display()
            ),
        }
        for old in &made.removed {
            println!("removed {}", old.display());
        }
        Ok(())
    })
}
