//! Runs the simulation by seed: `--seed N` prints one run step by step, `--seeds N` runs the first N seeds, `--seeds A..B`
//! those from A to before B.

#[path = "../tests/it"]
mod it {
    pub(crate) mod simulation;
}

use indicatif::ProgressBar;
use it::simulation::simulate;
use std::ops::Range;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (first, second) = (words.first().map(String::as_str), words.get(1).map(String::as_str));
    match (first, second.and_then(number), second.and_then(range)) {
        (Some("--seed"), Some(seed), _) => told(simulate(seed, true)),
        (Some("--seeds"), _, Some(seeds)) => many(&seeds),
        _ => {
            eprintln!("say --seed N for one run told step by step, --seeds N for many, or --seeds A..B for those from A to before B");
            ExitCode::FAILURE
        }
    }
}

fn number(word: &str) -> Option<u64> {
    word.parse().ok()
}

fn range(word: &str) -> Option<Range<u64>> {
    match word.split_once("..") {
        Some((first, end)) => Some(number(first)?..number(end)?),
        None => Some(0..number(word)?),
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

/// One thread per core, each with its share of the seeds.
fn many(seeds: &Range<u64>) -> ExitCode {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let bar = ProgressBar::new(seeds.end.saturating_sub(seeds.start));
    let share = |first: u64| {
        let (bar, end) = (bar.clone(), seeds.end);
        std::thread::spawn(move || {
            let run = |seed| simulate(seed, false).map(|_| bar.inc(1));
            (first..end).step_by(cores).filter_map(|seed| run(seed).err()).collect::<Vec<String>>()
        })
    };
    let threads: Vec<_> = (0..cores as u64).map(|core| share(seeds.start + core)).collect();
    let broken: Vec<String> =
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_else(|_| vec!["a run panicked".to_owned()])).collect();
    bar.finish();
    broken.iter().for_each(|one| eprintln!("{one}"));
    println!("seeds {seeds:?}, {} broken", broken.len());
    if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
