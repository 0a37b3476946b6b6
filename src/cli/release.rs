//! `lastword release`: lets a database that came from a copy send again.

use super::opening::with_shell;
use crate::app::admin::{IfMissing, ReleaseCommand};
use std::path::Path;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Cancel everything due before this time, as it may already have been sent [default: now]
    #[arg(long, value_name = "TIME", conflicts_with_all = ["keep", "moved"])]
    cancel_before: Option<String>,
    /// Send everything that is waiting
    #[arg(long, conflicts_with = "moved")]
    keep: bool,
    /// Send everything that is waiting: the installation moved here, and nothing ran in between
    #[arg(long)]
    moved: bool,
}

pub(super) fn run(config: Option<&Path>, args: &Args) -> ExitCode {
    let asked = match (args.keep, args.moved) {
        (true, _) => ReleaseCommand::Keep,
        (_, true) => ReleaseCommand::Moved,
        _ => ReleaseCommand::CancelBefore(args.cancel_before.clone()),
    };
    with_shell(config, IfMissing::Refuse, async |shell| {
        let released = shell.release(asked.clone()).await?;
        println!("released: the database is sending again");
        match released.canceled {
            0 => {}
            1 => println!("1 due message canceled"),
            many => println!("{many} due messages canceled"),
        }
        if released.dropped > 0 {
            println!("{} updates waiting for desks were dropped", released.dropped);
        }
        Ok(())
    })
}
