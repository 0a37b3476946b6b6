//! `lastword serve`: runs the server until it is told to stop.

use crate::app::serve::{self, Ended};
use crate::log;
use crate::settings::Settings;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

pub(super) fn run(config: Option<&Path>, env: impl Iterator<Item = (String, String)>) -> ExitCode {
    let settings = match Settings::load(config, env) {
        Ok(settings) => settings,
        Err(problems) => {
            eprintln!("{problems}");
            return ExitCode::from(2);
        }
    };
    if let Err(error) = log::start(settings.log) {
        eprintln!("cannot start the log: {error}");
        return ExitCode::FAILURE;
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let ended = runtime.block_on(serve::serve(&settings, |announcement| {
        // Whoever started us may have closed the pipe; that is no reason not to serve.
        let mut out = std::io::stdout();
        let _ = writeln!(out, "listening on http://{}", announcement.address);
        if let Some(link) = announcement.first_admin {
            let _ = writeln!(out, "There are no accounts yet. Create the first admin here within an hour:\n{link}");
        }
    }));
    // Nothing left is worth waiting for.
    runtime.shutdown_background();
    match ended {
        Ok(Ended::Gracefully) => ExitCode::SUCCESS,
        Ok(Ended::AtOnce) => ExitCode::from(130),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
