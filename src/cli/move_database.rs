//! `lastword move`: the whole installation from one database to another, SQLite or PostgreSQL.

use super::opening::with_settings;
use super::progress::{Progress, Unit};
use crate::app::admin::{Step, move_to};
use std::path::Path;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The new database, empty: postgres://USER:PASSWORD@HOST/NAME or sqlite://FILE. As a variable it is in no list of processes
    #[arg(long, value_name = "URL", env = "LASTWORD_MOVE_TO", hide_env_values = true)]
    to: String,
}

pub(super) fn run(config: Option<&Path>, args: &Args) -> ExitCode {
    with_settings(config, async |settings| {
        let bar = Progress::start("copying", Unit::Things("rows"), None);
        let moved = move_to(&settings, &args.to, |(step, table, done, all)| {
            let step = if step == Step::Copy { "copying" } else { "comparing" };
            bar.go_on(format!("{step} {table}"), Some(all.unsigned_abs()));
            bar.set(done.unsigned_abs());
        });
        let moved = moved.await;
        drop(bar);
        let moved = moved?;
        let resumed = if moved.resumed > 0 { format!(", {} of them before the interruption", moved.resumed) } else { String::new() };
        println!("{} rows in {} tables moved and compared one by one{resumed}", moved.rows, moved.tables);
        println!(
            "Both databases are in quarantine. Set database.url to the new one, keep the same security.key, start lastword serve, then run:"
        );
        println!("lastword release --moved");
        Ok(())
    })
}
