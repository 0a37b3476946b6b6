//! Generated ratings with known truth.

use lastword::domain::report::share::Share;
use lastword::domain::report::stats::team::Ratings;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// A deterministic random generator.
pub(crate) fn chance(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// Number of good ratings among `of`, each good with probability `share`.
pub(crate) fn good(chance: &mut StdRng, of: i64, share: f64) -> Share {
    let part = (0..of).filter(|_| chance.random::<f64>() < share).count();
    Share::of(part as i64, of)
}

/// A number of the standard normal distribution.
pub(crate) fn normal(chance: &mut StdRng) -> f64 {
    let (u, v): (f64, f64) = (1.0 - chance.random::<f64>(), chance.random());
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

/// Number of ratings of each of `members`: `n` for all, or for 0 from one to a few hundred with a median of 25.
pub(crate) fn sizes(chance: &mut StdRng, members: usize, n: i64) -> Vec<i64> {
    let mixed = |chance: &mut StdRng| ((3.2 + 1.1 * normal(chance)).exp().round() as i64).max(1);
    (0..members).map(|_| if n == 0 { mixed(chance) } else { n }).collect()
}

/// Shares of good ratings on six lines, from the easiest to the hardest.
pub(crate) const LINES: [f64; 6] = [0.97, 0.93, 0.90, 0.85, 0.80, 0.70];

/// A member with an individual mix of the lines, about `n` ratings in all; `worse` is subtracted from their share.
pub(crate) fn on_lines(chance: &mut StdRng, n: i64, worse: f64) -> Ratings {
    let of = ((n as f64).ln() + 0.7 * normal(chance)).exp().round().max(2.0);
    let weights: Vec<f64> = LINES.iter().map(|_| chance.random::<f64>().powi(4)).collect();
    let all: f64 = weights.iter().sum();
    let mut ratings = Ratings::new();
    for (line, (weight, share)) in weights.iter().zip(LINES).enumerate() {
        let of = (of * weight / all).round() as i64;
        ratings.push((line, good(chance, of, (share - worse).max(0.02))));
    }
    ratings
}
