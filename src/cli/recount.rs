//! `lastword recount`: rebuilds derived data from the stored rows while the server runs: the counters of reports, and
//! missing words in the search index of comments.

use super::opening::{shown, with_shell};
use super::progress::{Progress, Unit};
use crate::app::admin::{Failure, IfMissing, Shell};
use std::path::Path;
use std::process::ExitCode;

pub(super) fn run(config: Option<&Path>) -> ExitCode {
    with_shell(config, IfMissing::Refuse, async |shell| {
        count(shell).await?;
        read_comments(shell).await
    })
}

async fn count(shell: &Shell) -> Result<(), Failure> {
    let days = shell.days_to_recount().await?;
    let bar = Progress::start("counting", Unit::Things("days"), Some(days));
    let counted = shell
        .recount(|day| {
            bar.go_on(format!("counting {day}"), Some(days));
            bar.add(1);
        })
        .await;
    drop(bar);
    let counted = counted?;
    for wrong in &counted.told {
        let how = match wrong.missing {
            0 => "outdated".to_owned(),
            missing @ 1.. => format!("{missing} missing"),
            extra => format!("{} too many", -extra),
        };
        println!("{}: {how}", shown(&wrong.what));
    }
    if counted.wrong > counted.told.len() {
        println!("… and {} more", counted.wrong - counted.told.len());
    }
    let zone = shell.time_zone();
    match counted.wrong {
        0 => println!("{} days counted in time zone {zone}: all numbers were correct", counted.days),
        1 => println!("{} days counted in time zone {zone}: 1 number was wrong and has been corrected", counted.days),
        wrong => println!("{} days counted in time zone {zone}: {wrong} numbers were wrong and have been corrected", counted.days),
    }
    Ok(())
}

async fn read_comments(shell: &Shell) -> Result<(), Failure> {
    let ratings = shell.comments_to_read().await?;
    let bar = Progress::start("reading comments", Unit::Things("ratings"), Some(ratings));
    let missing = shell.read_comments(|ratings| bar.add(ratings)).await;
    drop(bar);
    match missing? {
        0 => println!("comments of {ratings} ratings checked: the search index was complete"),
        1 => println!("comments of {ratings} ratings checked: 1 missing word added to the search index"),
        missing => println!("comments of {ratings} ratings checked: {missing} missing words added to the search index"),
    }
    Ok(())
}
