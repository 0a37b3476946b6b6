//! What commands share: settings read, an event loop started, the database opened, and errors turned into exit codes.

use crate::app::admin::{Failure, IfMissing, Shell, with_moments};
use crate::settings::Settings;
use std::path::Path;
use std::process::ExitCode;

/// How a command ends: 0 done, 1 not done, 2 wrong arguments or settings.
pub(super) type Done = Result<(), Failure>;

/// Runs `work` with the settings.
pub(super) fn with_settings(config: Option<&Path>, work: impl AsyncFnOnce(Settings) -> Done) -> ExitCode {
    with_loaded(config, Vec::new(), work)
}

/// As [`with_settings`], with what the arguments say besides, as an environment would.
pub(super) fn with_loaded(config: Option<&Path>, more: Vec<(String, String)>, work: impl AsyncFnOnce(Settings) -> Done) -> ExitCode {
    let settings = match Settings::load(config, super::environment().chain(more)) {
        Ok(settings) => settings,
        Err(problems) => return code(Err(Failure::Usage(problems.to_string()))),
    };
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => code(runtime.block_on(work(settings))),
        Err(error) => code(Err(Failure::Failed(format!("cannot start an event loop: {error}")))),
    }
}

/// Runs `work` with the database open. It is closed afterwards, whatever came of it.
pub(super) fn with_shell(config: Option<&Path>, missing: IfMissing, work: impl AsyncFnOnce(&Shell) -> Done) -> ExitCode {
    with_settings(config, async |settings| {
        let shell = Shell::open(settings, missing).await?;
        let done = work(&shell).await;
        shell.close().await;
        done
    })
}

/// The exit code of `done`, said on the way.
pub(super) fn code(done: Done) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(what)) => {
            eprintln!("{what}");
            ExitCode::from(2)
        }
        // Something was printed already.
        Err(Failure::Failed(what)) if what.is_empty() => ExitCode::FAILURE,
        Err(Failure::Failed(what)) => {
            eprintln!("{what}");
            ExitCode::FAILURE
        }
    }
}

/// Prints a value for a program, with its times as the API writes them.
pub(super) fn print_json(value: &serde_json::Value) {
    println!("{:#}", with_moments(value.clone()));
}

/// Prints rows in columns, each as wide as its widest cell; the last one is free.
pub(super) fn print_table(head: &[&str], rows: &[Vec<String>]) {
    let mut widths: Vec<usize> = head.iter().map(|cell| cell.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let head: Vec<String> = head.iter().map(|&cell| cell.to_owned()).collect();
    for row in std::iter::once(&head).chain(rows) {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}")).collect();
        println!("{}", shown(cells.join("  ").trim_end()));
    }
}

/// A text from elsewhere, unable to steer the terminal.
pub(super) fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
