//! The parsers of `fuzz/` on mutated examples: a short version of the fuzzer.

#[path = "../../fuzz/src/parsers.rs"]
mod parsers;

use parsers::{ALL, Parser};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Fragments that often break parsers.
const NASTY: [&str; 16] = [
    "null",
    "[]",
    "{}",
    "-1",
    "1e999",
    "99999999999999999999",
    "\"\"",
    "\\ud83d",
    "\u{202e}",
    "5️⃣",
    "👍🏿",
    "\0",
    "[[[[[[[[",
    "true",
    "\"\\u0000\"",
    "９",
];

#[test]
fn no_bytes_break_a_parser() {
    let rounds = if std::env::var_os("LASTWORD_TEST_LONG").is_some() { 300_000 } else { 3_000 };
    for (number, parser) in (0..).zip(&ALL) {
        let seeds: Vec<&[u8]> = parser.seeds.lines().map(str::as_bytes).collect();
        assert!(!seeds.is_empty(), "{} has no examples", parser.name);
        // If the examples were refused early, the mutations would test nothing.
        assert!(feed(parser, seeds[0]), "{} does not read its own example", parser.name);
        let mut rng = StdRng::seed_from_u64(number);
        for _ in 0..rounds {
            feed(parser, &mutated(&mut rng, &seeds));
        }
    }
}

fn feed(parser: &Parser, bytes: &[u8]) -> bool {
    let read = catch_unwind(AssertUnwindSafe(|| (parser.read)(bytes)));
    read.unwrap_or_else(|_| panic!("{} broke on {:?}", parser.name, String::from_utf8_lossy(bytes)))
}

fn mutated(rng: &mut StdRng, seeds: &[&[u8]]) -> Vec<u8> {
    let mut bytes = seeds.choose(rng).map(|seed| seed.to_vec()).unwrap_or_default();
    for _ in 0..rng.random_range(1..5) {
        let at = rng.random_range(0..=bytes.len());
        let end = (at + rng.random_range(0..24)).min(bytes.len());
        match rng.random_range(0..6) {
            0 => bytes.truncate(at),
            1 if at < bytes.len() => bytes[at] ^= 1 << rng.random_range(0..8),
            2 => drop(bytes.drain(at..end)),
            3 => drop(bytes.splice(at..end, NASTY.choose(rng).copied().unwrap_or_default().bytes())),
            4 => {
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
            _ => {
                let other = seeds.choose(rng).copied().unwrap_or_default();
                let from = rng.random_range(0..=other.len());
                bytes.splice(at.., other[from..].iter().copied());
            }
        }
    }
    bytes
}
