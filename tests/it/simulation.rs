//! The simulation: a seed determines a whole small world over the real steps and the real SQL, with crashes between any two
//! steps, lost results, repeated and reordered events and jumping clocks, compared with the provider's own log.
//!
//! ```text
//! cargo run --example simulate -- --seed 17           one seed, printed step by step
//! cargo run --example simulate -- --seeds 10000       many
//! ```

mod clients;
mod desk;
mod faults;
pub(crate) mod invariants;
mod node;
mod people;
#[cfg(test)]
mod planted;
mod provider;
mod seeds;
mod world;

/// Steps of one run before all faults are removed.
pub(crate) const STEPS: usize = 160;

/// Result of a run: the hash of its trace, or the violated invariant.
pub(crate) type Ended = Result<u64, String>;

/// Runs the world of `seed`.
pub(crate) fn simulate(seed: u64, loud: bool) -> Ended {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let mut world = world::World::new(seed, loud).await.map_err(|broken| format!("seed={seed}: {broken}"))?;
        match world.run(STEPS).await {
            Ok(()) => Ok(world.trace.hash),
            Err(broken) => {
                let step = world.step;
                Err(format!("seed={seed} step={step}: {broken}\nrepeat it: cargo run --example simulate -- --seed {seed}"))
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::simulate;

    /// Two threads, each with half of the seeds, until the time or the seeds are used up.
    fn run_all(seeds: u64) -> u64 {
        let half = move |first: u64| {
            let mut done = 0;
            for seed in (first..seeds).step_by(2) {
                if let Err(broken) = simulate(seed, false) {
                    panic!("{broken}");
                }
                done += 1;
            }
            done
        };
        let threads: Vec<_> = (0..2).map(|first| std::thread::spawn(move || half(first))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| panic!("a seed broke; it is named above"))).sum()
    }

    /// Seeds that once found a fault, in the program or in an assumption of the simulation.
    const FOUND_SOMETHING: [u64; 10] = [29, 49, 72, 116, 174, 282, 642, 656, 2736, 31064];

    #[test]
    fn seeds_that_once_found_a_fault_keep_the_invariants() {
        for seed in FOUND_SOMETHING {
            if let Err(broken) = simulate(seed, false) {
                panic!("{broken}");
            }
        }
    }

    #[test]
    fn every_seed_keeps_the_invariants() {
        // A number that fits a normal run, always the same seeds: a test must not depend on the speed of the machine.
        let seeds = if std::env::var_os("LASTWORD_TEST_LONG").is_some() { 10_000 } else { 24 };
        assert_eq!(run_all(seeds), seeds);
    }

    #[test]
    fn the_same_seed_gives_the_same_trace() {
        for seed in [1, 2, 3] {
            assert_eq!(simulate(seed, false), simulate(seed, false), "seed {seed}");
        }
        assert_ne!(simulate(1, false), simulate(2, false));
    }
}
