//! `lastword migrate`: upgrades the tables; on SQLite, copies the file first.

use super::opening::with_settings;
use super::progress::{Progress, Unit};
use crate::app::admin::upgrade;
use std::path::Path;
use std::process::ExitCode;

pub(super) fn run(config: Option<&Path>) -> ExitCode {
    with_settings(config, async |settings| {
        let bar = Progress::start("looking at the tables", Unit::Time, None);
        let watch = |file: &Path, total| bar.watch("copying the database first", file, total);
        let upgraded = upgrade(&settings, &watch, &|| bar.wait("upgrading the tables")).await;
        drop(bar);
        let upgraded = upgraded?;
        if let Some(copy) = &upgraded.copy {
            println!("the previous database is kept in {}", copy.display());
        }
        match upgraded.done {
            0 => println!("the database is up to date (migration {})", upgraded.to),
            done => println!("{done} migration{} done: from {} to {}", if done == 1 { "" } else { "s" }, upgraded.from, upgraded.to),
        }
        Ok(())
    })
}
