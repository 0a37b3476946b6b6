//! `lastword restore`: replaces the database with a backup. It sends nothing until it is released.

use super::opening::with_settings;
use super::progress::{Progress, Unit};
use crate::app::admin::{Failure, KeyBack, PutBack, put_back};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A backup made by `lastword backup`, or another copy of a Lastword database
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub(super) fn run(config: Option<&Path>, args: &Args) -> ExitCode {
    with_settings(config, async |settings| {
        let bar = Progress::start("restoring", Unit::Time, None);
        let watch = |file: &Path, total| bar.watch("copying and checking the backup", file, total);
        let restored = put_back(&settings, &args.file, &watch).await;
        drop(bar);
        let restored = match restored? {
            PutBack::Done(restored) => restored,
            PutBack::Elsewhere(line) => {
                return Err(Failure::Failed(format!(
                    "pg_restore is not installed here; stop every lastword, empty the database, and run this on a machine that has it:\n{line}"
                )));
            }
        };
        println!("restored {} from {}", settings.database.url.shown(), args.file.display());
        if let Some(aside) = &restored.aside {
            println!("the previous database is kept in {aside}");
        }
        match &restored.key {
            KeyBack::Put(path) => println!("restored the key to {}", path.display()),
            KeyBack::Replaced(path, old) => {
                println!("restored the backup's key to {}; the other key is kept in {}", path.display(), old.display())
            }
            KeyBack::Same | KeyBack::InSettings => {}
            KeyBack::NotInBackup => {
                eprintln!("warning: there is no key beside the backup; with another key, buttons and links already sent do not work")
            }
        }
        for locked in &restored.locked {
            eprintln!(
                "warning: the key does not open the secrets of the connection {}: enter {} again on the page Connections",
                locked.name,
                locked.secrets.join(", ")
            );
        }
        println!(
            "it is in quarantine: it accepts everything and sends nothing; start lastword serve, check it, then run: lastword release"
        );
        Ok(())
    })
}
