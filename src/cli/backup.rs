//! `lastword backup`: writes a copy of the whole database to a folder, while the server runs.

use super::opening::with_settings;
use super::progress::{Progress, Unit};
use crate::app::admin::{BackedUp, Failure, KeyCopy, back_up};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folder for the backup; created if missing
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Keep this many backups in the folder and remove older ones
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    keep: Option<u32>,
}

pub(super) fn run(config: Option<&Path>, args: &Args) -> ExitCode {
    with_settings(config, async |settings| {
        let bar = Progress::start("copying the database", Unit::Time, None);
        let watch = |file: &Path, total| bar.watch("copying the database", file, total);
        let made = back_up(&settings, &args.folder, args.keep.map(|keep| keep as usize), &watch).await;
        drop(bar);
        let made = match made? {
            BackedUp::Made(made) => made,
            BackedUp::Elsewhere(line) => {
                return Err(Failure::Failed(format!("pg_dump is not installed here; run this on a machine that has it:\n{line}")));
            }
        };
        println!("{} ({} MiB)", made.file.display(), made.bytes.div_ceil(1 << 20));
        match &made.key {
            KeyCopy::Copied(path) => println!("{} (the key: keep it as safe as the backup)", path.display()),
            KeyCopy::InSettings => println!("the key is in the settings: back them up as well"),
            KeyCopy::Missing(path) => eprintln!(
                "warning: the key {} is missing; without it, buttons and links already sent stop working after a restore",
                path.display()
            ),
        }
        for old in &made.removed {
            println!("removed {}", old.display());
        }
        Ok(())
    })
}
