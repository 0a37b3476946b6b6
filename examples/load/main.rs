//! Throughput and punctuality of the engine, compared with baselines measured in the same run.
//!
//! ```text
//! cargo run --release --example load                     # SQLite, and PostgreSQL from Debian's binaries
//! cargo run --release --example load -- --rounds 5 --seconds 5 --only sqlite
//! cargo run --release --example load -- --desk           # also: a desk that reports closes and receives ratings
//! cargo run --release --example load -- --growth 10000000 # instead: a close, and an idle server, at 10⁴ closes, 10⁵ … 10⁷; half an hour, 30 GB
//! cargo run --release --example load -- --lives 1000000 # instead: the space that closes, questions and answers leave unused
//! cargo run --release --example load -- --server target/packaging/bin/x86_64/lastword # instead of the server in this program
//! cargo run --release --example load -- --contention # instead: 24 callers contend for one recipient's row, on one node and two
//! LASTWORD_LOAD_POSTGRES_URL=postgres://… cargo run --release --example load -- --only postgres
//! ```
//!
//! Everything runs on this machine: the load, the server (this program as a separate process), the database, and a
//! loopback stub in place of a messenger. Each round measures every baseline and every figure in turn, and medians are
//! shown, so that other load on the machine affects both sides of a ratio.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the machine's clock and waits")]

mod client;
mod contention;
mod cpu;
mod desk;
mod disk;
mod figures;
mod floors;
mod growth;
mod listening;
mod lives;
mod server;

#[path = "../../tests/rig/postgres.rs"]
#[expect(dead_code, reason = "the tests' cluster, of which a benchmark needs one function")]
mod postgres;

use clap::Parser;
use figures::Figures;

/// The program's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Throughput and punctuality of the engine, compared with baselines measured in the same run.
#[derive(Debug, Parser)]
struct Arguments {
    /// Rounds; medians are shown.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Seconds for each item.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// Only `sqlite` or `postgres`.
    #[arg(long)]
    only: Option<String>,
    /// Also measures the engine behind a desk: closes arrive by webhook, ratings are written back.
    #[arg(long)]
    desk: bool,
    /// Instead: the cost of a close and of an idle server at ten thousand closes, a hundred thousand, and so on up to this many.
    #[arg(long, value_name = "CLOSES")]
    growth: Option<u64>,
    /// Instead: the space of a database after ten thousand chats that were closed, asked about and rated, a hundred thousand, and so
    /// on up to this many.
    #[arg(long, value_name = "CHATS")]
    lives: Option<u64>,
    /// Instead: many clients of one line and one recipient change their scores while a digest waits, on one node and on two.
    #[arg(long)]
    contention: bool,
    /// The `lastword` to measure, such as that of a release; without it, the one in this program.
    #[arg(long, value_name = "PROGRAM")]
    server: Option<std::path::PathBuf>,
    /// Runs the server under test (used by this program itself).
    #[arg(long, hide = true)]
    serve: Option<std::path::PathBuf>,
}

fn main() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    if let Some(settings) = arguments.serve {
        let words = ["lastword".into(), "serve".into(), "--config".into(), settings.into_os_string()];
        return lastword::cli::run(words);
    }
    if let Some(program) = &arguments.server {
        server::PROGRAM.set(program.clone()).expect("set once");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(run(&arguments));
    std::process::ExitCode::SUCCESS
}

async fn run(arguments: &Arguments) {
    let wants = |name: &str| arguments.only.as_deref().is_none_or(|only| only == name);
    let mut figures = Figures::default();
    if let Some(most) = arguments.growth {
        for database in ["sqlite", "postgres"].into_iter().filter(|database| wants(database)) {
            growth::measure(&mut figures, arguments.seconds, database, most).await;
        }
        return figures.show();
    }
    if let Some(most) = arguments.lives {
        for database in ["sqlite", "postgres"].into_iter().filter(|database| wants(database)) {
            lives::measure(&mut figures, database, most).await;
        }
        return figures.show();
    }
    if arguments.contention {
        contention::measure(&mut figures, arguments.seconds).await;
        return figures.show();
    }
    for round in 1..=arguments.rounds {
        println!("round {round} of {}", arguments.rounds);
        floors::measure(&mut figures, arguments.seconds, wants("sqlite"), wants("postgres")).await;
        for database in ["sqlite", "postgres"].into_iter().filter(|database| wants(database)) {
            server::measure(&mut figures, arguments.seconds, database).await;
            if arguments.desk {
                desk::measure(&mut figures, arguments.seconds, database).await;
            }
        }
    }
    figures.show();
}
