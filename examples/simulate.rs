//! Runs the simulation by seed: `--seed N` tells one run step by step, `--seeds N` runs that many.

#[path = "../tests/it"]
mod it {
    pub(crate) mod simulation;
}

use indicatif::ProgressBar;
use it::simulation::simulate;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = words.get(1).and_then(|word| word.parse::<u64>().ok());
    match (words.first().map(String::as_str), number) {
        (Some("--seed"), Some(seed)) => told(simulate(seed, true)),
        (Some("--seeds"), Some(seeds)) => many(seeds),
        _ => {
            eprintln!("say --seed N for one run told step by step, or --seeds N for many");
            ExitCode::FAILURE
        }
    }
}

fn told(ended: Result<u64, String>) -> ExitCode {
    match ended {
        Ok(hash) => {
            println!("all invariants hold; trace {hash:016x}");
            ExitCode::SUCCESS
        }
        Err(broken) => {
            eprintln!("{broken}");
            ExitCode::FAILURE
        }
    }
}

/// One thread for each core, each with its share of the seeds.
fn many(seeds: u64) -> ExitCode {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let bar = ProgressBar::new(seeds);
    let share = |first: u64| {
        let bar = bar.clone();
        std::thread::spawn(move || {
            let run = |seed| simulate(seed, false).map(|_| bar.inc(1));
            (first..seeds).step_by(cores).filter_map(|seed| run(seed).err()).collect::<Vec<String>>()
        })
    };
    let threads: Vec<_> = (0..cores as u64).map(share).collect();
    let broken: Vec<String> =
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_else(|_| vec!["a run panicked".to_owned()])).collect();
    bar.finish();
    broken.iter().for_each(|one| eprintln!("{one}"));
    println!("{seeds} seeds, {} broken", broken.len());
    if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
