//! `lastword recount`: rebuilds the counters behind reports from the rows themselves, while the server runs.

use super::opening::{shown, with_shell};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::Path;
use std::process::ExitCode;

pub(super) fn run(config: Option<&Path>) -> ExitCode {
    with_shell(config, async |shell| {
        // Seen on a terminal only.
        let bar = ProgressBar::new(shell.days_to_recount().await?);
        if let Ok(style) = ProgressStyle::with_template("counting {msg} {bar:32} day {pos} of {len}, {eta} left") {
            bar.set_style(style);
        }
        let counted = shell
            .recount(|day| {
                bar.set_message(day);
                bar.inc(1);
            })
            .await;
        bar.finish_and_clear();
        let counted = counted?;
        for wrong in &counted.told {
            let (how, count) = if wrong.missing > 0 { ("missing", wrong.missing) } else { ("too many", -wrong.missing) };
            println!("{}: {count} {how}", shown(&wrong.what));
        }
        if counted.wrong > counted.told.len() {
            println!("… and {} more", counted.wrong - counted.told.len());
        }
        let zone = shell.time_zone();
        match counted.wrong {
            0 => println!("{} days counted by the clock of {zone}: every number was right", counted.days),
            1 => println!("{} days counted by the clock of {zone}: one number was wrong, and is right now", counted.days),
            wrong => println!("{} days counted by the clock of {zone}: {wrong} numbers were wrong, and are right now", counted.days),
        }
        Ok(())
    })
}
