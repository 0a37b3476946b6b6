//! Shared by all commands: read the settings, start the runtime, open the database, map errors to exit codes.

use crate::app::admin::{Failure, IfMissing, Shell, with_moments};
use crate::settings::Settings;
use std::path::Path;
use std::process::ExitCode;

/// Result of a command: exit code 0 if it succeeded, 1 if it failed, 2 for invalid arguments or settings.
pub(super) type Done = Result<(), Failure>;

/// Runs `work` with the settings.
pub(super) fn with_settings(config: Option<&Path>, work: impl AsyncFnOnce(Settings) -> Done) -> ExitCode {
    with_loaded(config, Vec::new(), work)
}

/// As [`with_settings`], with further settings from the arguments, in the form of environment variables.
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

/// Runs `work` with the database open, and closes it afterwards in any case.
pub(super) fn with_shell(config: Option<&Path>, missing: IfMissing, work: impl AsyncFnOnce(&Shell) -> Done) -> ExitCode {
    with_settings(config, async |settings| {
        let shell = Shell::open(settings, missing).await?;
        let done = work(&shell).await;
        shell.close().await;
        done
    })
}

/// Prints the error of `done` and returns its exit code.
pub(super) fn code(done: Done) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(what)) => {
            eprintln!("{what}");
            ExitCode::from(2)
        }
        // The error was already printed.
        Err(Failure::Failed(what)) if what.is_empty() => ExitCode::FAILURE,
        Err(Failure::Failed(what)) => {
            eprintln!("{what}");
            ExitCode::FAILURE
        }
    }
}

/// Prints JSON, with times in the format of the API.
pub(super) fn print_json(value: &serde_json::Value) {
    println!("{:#}", with_moments(value.clone()));
}

/// Prints rows in columns, each as wide as its widest cell; the last one has any width.
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

/// Escapes external text, so that it cannot control the terminal.
pub(super) fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
