//! `lastword serve`: runs the server until it receives a stop signal.

use crate::app::serve::{self, Ended};
use crate::log;
use crate::settings::Settings;
use std::io::Write;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::ExitCode;

/// File for the link that creates the first admin, if standard output is a log.
const FIRST_ADMIN_FILE: &str = "first-admin-link";

/// The link. If standard output is systemd's journal, the path of a file with the link that only the server's user can read.
fn shown(link: String) -> String {
    if !is_journal(std::io::stdout().as_fd()) {
        return link;
    }
    // An existing file would keep its mode and owner.
    let _ = std::fs::remove_file(FIRST_ADMIN_FILE);
    let kept = std::fs::File::options().write(true).create_new(true).mode(0o600).open(FIRST_ADMIN_FILE);
    match kept.and_then(|mut file| writeln!(file, "{link}")).and_then(|()| std::path::absolute(FIRST_ADMIN_FILE)) {
        Ok(file) => format!("it is in {}", file.display()),
        Err(error) => format!("it cannot be kept in {FIRST_ADMIN_FILE} ({error}); make the first admin with lastword user add"),
    }
}

/// True if this is systemd's journal (systemd.exec(5), JOURNAL_STREAM).
fn is_journal(out: BorrowedFd<'_>) -> bool {
    #[expect(clippy::disallowed_methods, reason = "it says where this process prints, and is no setting")]
    let Ok(named) = std::env::var("JOURNAL_STREAM") else { return false };
    rustix::fs::fstat(out).is_ok_and(|is| named == format!("{}:{}", is.st_dev, is.st_ino))
}

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
        // The parent process may have closed the pipe; serve anyway.
        let mut out = std::io::stdout();
        let _ = writeln!(out, "listening on http://{}", announcement.address);
        if let Some(link) = announcement.first_admin {
            let _ = writeln!(out, "There are no accounts yet. Create the first admin within an hour by this link:\n{}", shown(link));
        }
    }));
    // No remaining task is worth waiting for.
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
