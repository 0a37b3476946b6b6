//! Races planted in the engine's SQL that the interleaved runs must find, which tests these runs themselves.

use super::two_nodes::Step;
use super::{deadlocks, play, some_of};
use crate::rig::postgres::{Cluster, Fsync};
use futures_util::FutureExt as _;
use lastword::domain::planted::{Planted, is_reached, plant};
use rand::Rng as _;
use rand::rngs::StdRng;
use std::panic::AssertUnwindSafe;

/// A race, and what finding it looks like.
struct Race {
    planted: Planted,
    /// Concurrent steps among which it shows.
    choose: fn(&mut StdRng) -> Vec<Step>,
    /// True if two steps wait for each other; false if an invariant is violated.
    is_deadlock: bool,
}

const TWO: Step = Step::Press(&[(0, true), (1, true)]);
const THREE: Step = Step::Press(&[(1, false), (0, false), (7, true)]);

const HELD: &str = "FROM rating_request q WHERE q.id = ANY($1::text[]) ORDER BY q.id FOR UPDATE";

static RACES: &[Race] = &[
    Race {
        planted: Planted {
            name: "questions are not held",
            sql: &[(HELD, "FROM rating_request q WHERE q.id = ANY($1::text[]) ORDER BY q.id")],
        },
        choose: |rng| some_of(&[TWO, THREE, Step::Comment(0), Step::Comment(1)], rng),
        is_deadlock: false,
    },
    Race {
        planted: Planted {
            name: "three questions are held in the opposite order of two",
            sql: &[(
                HELD,
                "FROM rating_request q WHERE q.id = ANY($1::text[]) \
                 ORDER BY array_position($1::text[], q.id) * (5 - 2 * cardinality($1::text[])) FOR UPDATE",
            )],
        },
        // A third step holds one of the questions, so that both wait in the middle of their statements.
        choose: |rng| vec![TWO, THREE, Step::Comment(rng.random_range(0..2))],
        is_deadlock: true,
    },
];

/// Maximum number of seeds that may miss a race.
const SEEDS_MAX: u64 = 60;

/// The first seed that finds the race.
async fn found(cluster: &Cluster, race: &'static Race) -> Option<u64> {
    let before = deadlocks(cluster);
    for seed in 0..SEEDS_MAX {
        plant(Some(&race.planted));
        // A step that lost a deadlock fails, and stops the run.
        let played = AssertUnwindSafe(play(cluster, seed, race.choose, false)).catch_unwind().await;
        plant(None);
        let found = match race.is_deadlock {
            true => deadlocks(cluster) > before,
            false => matches!(&played, Ok(Some(_))),
        };
        if found {
            eprintln!("{}: seed {seed}: {played:?}", race.planted.name);
            return Some(seed);
        }
        assert!(played.is_ok(), "{}: seed {seed}: a step failed, which proves nothing", race.planted.name);
    }
    None
}

#[tokio::test]
async fn every_planted_race_is_found() {
    let cluster = Cluster::own(Fsync::Off);
    let mut missed = Vec::new();
    for race in RACES {
        if found(&cluster, race).await.is_none() {
            missed.push(race.planted.name);
        }
        assert!(is_reached(&race.planted), "no statement has the text that {} changes", race.planted.name);
    }
    assert!(missed.is_empty(), "not found: {missed:?}");
}
