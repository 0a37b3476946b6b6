//! `lastword demo`: the whole product in a browser, on this machine only.

use super::progress::{Progress, Unit};
use crate::app::demo::{Demo, Plan};
use crate::app::serve::Ended;
use chrono::{DateTime, FixedOffset};
use clap::Parser;
use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;

/// Arguments of `lastword demo`.
#[derive(Debug, Parser)]
pub(super) struct Args {
    /// Address and port to listen on; port 0 picks a free one
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Days of made-up history
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=365))]
    days: u32,
    /// Seed of the history: the same seed gives the same history
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Start as if it were this time, such as 2026-11-18T12:00:00Z; used for the screenshots of the README
    #[arg(long, value_name = "TIME", value_parser = moment)]
    at: Option<DateTime<FixedOffset>>,
    /// Keep the folder with the database afterwards
    #[arg(long)]
    keep: bool,
}

fn moment(text: &str) -> Result<DateTime<FixedOffset>, String> {
    DateTime::parse_from_rfc3339(text).map_err(|_| "write it like 2026-11-18T12:00:00Z".to_owned())
}

pub(super) fn run(args: &Args) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let ended = runtime.block_on(show(args));
    runtime.shutdown_background();
    match ended {
        Ok(Ended::Gracefully) => ExitCode::SUCCESS,
        Ok(Ended::AtOnce) => ExitCode::from(130),
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

async fn show(args: &Args) -> Result<Ended, String> {
    let at = args.at.map(|at| at.timestamp_millis());
    let plan = Plan { listen: args.listen, days: args.days, seed: args.seed, keep: args.keep, at };
    let bound = |address| {
        // The parent process may have closed the pipe; serve anyway.
        let _ =
            writeln!(std::io::stdout(), "Lastword demo: open http://{address}/ now. It makes up three months of chats in a few seconds.");
    };
    let bar = Progress::start("making up chats", Unit::Things("days"), Some(u64::from(args.days)));
    let demo = Demo::open(plan, bound, |days| bar.set(days)).await.map_err(|error| error.to_string())?;
    drop(bar);
    let folder = demo.folder().display().to_string();
    let shown = demo.serve(|address| {
        // The parent process may have closed the pipe; serve anyway.
        let mut out = std::io::stdout();
        let _ = writeln!(out, "listening on http://{address}");
        if args.keep {
            let _ = writeln!(out, "Kept afterwards; use it with other commands: --config {folder}/lastword.toml");
        }
        let _ = writeln!(out, "Open http://{address}/ and press Ctrl+C here when you are done.");
    });
    shown.await.map_err(|error| error.to_string())
}
