//! A real PostgreSQL is stopped immediately and started again while messages are being sent and accepted by their platform:
//! a surviving node asks no client twice.

use crate::rig::long;
use crate::rig::postgres::{Cluster, Fsync};
use crate::rig::world::{World, messenger};
use lastword::domain::question::delivery::{Kind, State};
use lastword::store::question::delivery_list;
use lastword::time::MINUTE;
use lastword_contract::{Capabilities, Rate};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// Time that the platform takes for a message, so that some are always in flight.
const CALL: Duration = Duration::from_millis(250);

/// Waits until `done`; only a failing test waits long.
async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    for _ in 0..1_200 {
        if done().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what}: not within a minute");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_two_restarts_of_the_database_nobody_is_asked_twice() {
    let asked: usize = if long() { 2_000 } else { 160 };
    let cluster = Cluster::own(Fsync::On);
    // The messenger recognises repeated keys, so a lost result would show as a second question.
    let can = Capabilities { idempotent_sends: true, rate: Rate { per_second: 60.0, burst: 5, ..Rate::default() }, ..messenger() };
    let world = World::on(&cluster.database().await, can).await;
    world.client.takes(CALL);
    for number in 0..asked {
        world.tell(world.close_of(&format!("S-{number}"))).await;
    }
    world.clock.advance(MINUTE);
    let (stop, clock) = (CancellationToken::new(), world.clock.clone());
    let ticks = stop.clone();
    // Rate limits and leases follow the test clock, which runs as fast as the machine's, however late this task is woken.
    let ticking = tokio::spawn(async move {
        let (began, mut told) = (Instant::now(), 0);
        while !ticks.is_cancelled() {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let passed = began.elapsed().as_millis() as i64;
            clock.advance(passed - told);
            told = passed;
        }
    });
    let node = tokio::spawn(world.runner.clone().run(stop.clone()));
    let calls = || world.client.calls.load(Ordering::Relaxed);
    let sent = async || {
        let sent = delivery_list::in_state(&world.engine.db, State::Sent, &delivery_list::Filter::default(), None, 5_000).await;
        sent.unwrap_or_default().iter().filter(|row| row.kind == Kind::Ask).count()
    };
    for outage in 1..=2 {
        until("some are under way", async || calls() >= outage * asked / 3).await;
        cluster.stop_immediate();
        // Meanwhile the platform accepts the messages in flight.
        tokio::time::sleep(2 * CALL).await;
        cluster.start_again();
    }
    // Messages claimed in a commit whose response was lost are released when their lease ends, by the program's periodic rounds.
    let recorded = async || {
        let _ = world.runner.rescue().await;
        sent().await == asked
    };
    until("all are asked and recorded", recorded).await;
    // Longer than a lease plus the hold of an unknown result.
    world.clock.advance(10 * MINUTE);
    world.runner.rescue().await.unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    stop.cancel();
    node.await.unwrap();
    ticking.await.unwrap();
    let mut copies: BTreeMap<String, usize> = BTreeMap::new();
    for message in world.client.take().iter().filter(|message| !message.choices.is_empty()) {
        *copies.entry(message.to.chat.clone()).or_default() += 1;
    }
    let twice: Vec<_> = copies.iter().filter(|(_, count)| **count > 1).collect();
    assert_eq!((copies.len(), twice), (asked, vec![]), "each is asked once");
    eprintln!("{asked} questions over two restarts of PostgreSQL: {} calls", calls());
}
