//! Wrong clocks: ahead and corrected, behind, jumping, and a node's clock that differs from the database's. No client is
//! asked too early, and nothing waits for a time that only a wrong clock reached.

use crate::on_both_databases;
use crate::rig::postgres;
use crate::rig::world::{MORNING, World, messenger};
use lastword::app::{maintenance, runner};
use lastword::domain::line::LineSettings;
use lastword::domain::question::delivery::State;
use lastword::life::Engine;
use lastword::life::session::close::close_sessions;
use lastword::life::session::close_batch::{Close, Closed};
use lastword::queue::Tuning;
use lastword::store::question::delivery_list;
use lastword::time::{HOUR, Machine, Millis, Reading, SECOND, SystemClock};
use lastword_contract::{Capabilities, Rate, SendError, Verdict};
use std::sync::{Arc, Mutex};

/// A messenger with rate limits, as all have.
fn limited() -> Capabilities {
    Capabilities { rate: Rate { per_second: 25.0, burst: 5, per_chat_ms: 1_000, per_group_ms: 3_000 }, ..messenger() }
}

const LEASE: Millis = 30 * SECOND;

impl World {
    /// Chats of the messages sent to clients since the last call.
    fn chats(&self) -> Vec<String> {
        let mut chats: Vec<String> = self.client.take().into_iter().map(|sent| sent.to.chat).collect();
        chats.sort();
        chats
    }

    /// The clock is corrected.
    async fn put_right(&self, now: Millis) {
        self.clock.set(now);
        maintenance::bring_back(&self.engine, LEASE).await.unwrap();
        self.work().await;
    }
}

async fn ahead_for_eight_seconds(url: String) {
    let world = World::on(&url, limited()).await;
    world.ask("before").await;
    world.clock.set(MORNING + 2 * HOUR);
    // A burst, so that the rate limit's time is further ahead than the clock's.
    for number in 0..5 {
        world.ask(&format!("sent-{number}")).await;
    }
    world.client.fails_with([SendError::new(Verdict::RetryBackoff, "server_error", "503")]);
    for (session, delay) in [("tried", 2 * SECOND), ("planned", 0)] {
        world.tell(Close { closed_at: MORNING + 5 * SECOND, ..world.close_of(session) }).await;
        world.clock.advance(delay);
        world.work().await;
    }
    let planned = world.tell(world.close_of("later")).await;
    assert!(matches!(planned, Closed::Kept { decision: Ok(due), .. } if due > MORNING + 2 * HOUR));
    world.client.take();
    world.put_right(MORNING + 8 * SECOND).await;
    world.tell(world.close_of("after")).await;
    world.pass(3 * SECOND).await;
    world.pass(10 * SECOND).await;
    let asked = world.chats();
    for session in ["after", "later", "tried"] {
        assert!(asked.contains(&format!("chat-{session}")), "{session} waits for a time that only the wrong clock knew: {asked:?}");
    }
    assert_eq!(maintenance::bring_back(&world.engine, LEASE).await.unwrap(), 0, "once is enough");
}

async fn a_pause_asked_for_in_the_future(url: String) {
    let world = World::on(&url, limited()).await;
    world.clock.set(MORNING + 2 * HOUR);
    world.client.fails_with([SendError::new(Verdict::RetryAfter(60_000), "throttled", "slow down")]);
    world.tell(world.close_of("one")).await;
    world.pass(2 * SECOND).await;
    world.put_right(MORNING).await;
    world.pass(30 * SECOND).await;
    assert_eq!(world.chats(), [""; 0], "the platform's pause is kept");
    world.pass(31 * SECOND).await;
    assert_eq!(world.chats(), ["chat-one"], "and is as long as the platform asked for");
}

async fn a_process_that_died_with_a_wrong_clock(url: String) {
    let world = World::on(&url, limited()).await;
    world.clock.set(MORNING + 2 * HOUR);
    world.tell(world.close_of("one")).await;
    world.clock.advance(2 * SECOND);
    assert_eq!(world.runner.claim(10).await.unwrap().len(), 1);
    // The node dies here, and the next one starts with the right time.
    world.put_right(MORNING).await;
    world.pass(LEASE + SECOND).await;
    world.pass(SECOND).await;
    assert_eq!(world.chats(), ["chat-one"]);
}

async fn a_client_who_was_asked_in_the_future(url: String) {
    let world = World::on(&url, limited()).await;
    world.clock.set(MORNING + 240 * HOUR);
    let close = |session: &str| Close { client: Some("anna".into()), ..world.close_of(session) };
    world.tell(close("first")).await;
    world.pass(2 * SECOND).await;
    assert_eq!(world.chats(), ["chat-first"]);
    world.put_right(MORNING).await;
    world.pass(23 * HOUR).await;
    let soon = world.tell(close("soon")).await;
    assert!(matches!(&soon, Closed::Kept { decision: Err(why), .. } if why == "throttled"), "the pause is kept: {soon:?}");
    world.pass(HOUR + SECOND).await;
    let again = world.tell(close("again")).await;
    assert!(matches!(again, Closed::Kept { decision: Ok(_), .. }), "and is a day long, not eleven: {again:?}");
}

async fn behind_by_an_hour_and_twitching(url: String) {
    let world = World::on(&url, limited()).await;
    world.ask("before").await;
    world.client.take();
    world.put_right(MORNING - HOUR).await;
    world.ask("an-hour-before").await;
    for number in 0..6 {
        world.clock.advance(60 * SECOND);
        world.ask(&format!("ahead-{number}")).await;
        let now = world.now();
        world.put_right(now - 60 * SECOND).await;
        world.ask(&format!("back-{number}")).await;
    }
}

on_both_databases! {
    /// Two hours ahead for eight seconds, then right again.
    ahead => ahead_for_eight_seconds;
    pause => a_pause_asked_for_in_the_future;
    clients => a_client_who_was_asked_in_the_future;
    leases => a_process_that_died_with_a_wrong_clock;
    behind => behind_by_an_hour_and_twitching;
}

/// A clock that is wrong by some milliseconds.
#[derive(Clone, Debug)]
struct WrongBy(Arc<Mutex<Millis>>);

impl Machine for WrongBy {
    fn read(&self) -> Reading {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let right = i64::try_from(since.as_millis()).unwrap();
        Reading { wall: right + *self.0.lock().unwrap(), steady: right }
    }
}

/// The same installation as `world`, from a node whose clock is wrong by `wrong_by`.
async fn node_of(world: &World, wrong_by: Millis) -> (Engine, Arc<SystemClock>) {
    let clock = Arc::new(SystemClock::of(WrongBy(Arc::new(Mutex::new(wrong_by)))));
    (Engine { clock: clock.clone(), ..world.engine.clone() }, clock)
}

#[tokio::test]
async fn a_node_that_is_five_minutes_off_tells_the_same_time_as_the_others() {
    let world = World::on(&postgres::database().await, limited()).await;
    for wrong_by in [300 * SECOND, -300 * SECOND, 0] {
        let (node, clock) = node_of(&world, wrong_by).await;
        maintenance::follow_clock(&node.db, &clock).await.unwrap();
        let database = node.db.clock().await.unwrap().unwrap();
        assert!((node.now() - database).abs() < 2 * SECOND, "off by {}", node.now() - database);
        assert_eq!(clock.health().is_far_off(), wrong_by != 0);
        let session = format!("told-by-{wrong_by}");
        let close = Close { closed_at: database, last_client_message_at: Some(database - SECOND), ..world.close_of(&session) };
        let told = close_sessions(&node, vec![close], node.now()).await.unwrap().remove(0);
        let Closed::Kept { decision: Ok(due_at), .. } = told else { panic!("{told:?}") };
        assert!((database..database + 4 * SECOND).contains(&due_at), "due {} after the close", due_at - database);
    }
}

#[tokio::test]
async fn what_is_due_is_decided_by_the_databases_clock() {
    let world = World::on(&postgres::database().await, limited()).await;
    world.line(LineSettings { delay_secs: 240, ..LineSettings::default() }).await;
    let (right, clock) = node_of(&world, 0).await;
    maintenance::follow_clock(&right.db, &clock).await.unwrap();
    let close =
        |session: &str, closed_at: Millis| Close { closed_at, last_client_message_at: Some(closed_at - SECOND), ..world.close_of(session) };
    let now = right.now();
    close_sessions(&right, vec![close("waits", now)], now).await.unwrap();
    // Neither node has read the database's clock yet: a system clock that jumps between two reads is as wrong.
    let (early, _) = node_of(&world, 300 * SECOND).await;
    assert_eq!(runner(&early, Tuning::default(), None).tick().await.unwrap(), 0, "four minutes too early");
    close_sessions(&right, vec![close("due", now - 250 * SECOND)], now).await.unwrap();
    let (late, _) = node_of(&world, -300 * SECOND).await;
    assert_eq!(runner(&late, Tuning::default(), None).tick().await.unwrap(), 1, "what is due is due for all");
    // What they did delays none of the others.
    let due: Vec<_> = (0..5).map(|number| close(&format!("due-{number}"), now - 250 * SECOND)).collect();
    close_sessions(&right, due, now).await.unwrap();
    let node = runner(&right, Tuning::default(), None);
    let mut sent = world.chats().len();
    while sent < 6 {
        node.tick().await.unwrap();
        sent += world.chats().len();
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let waiting = delivery_list::in_state(&world.engine.db, State::Scheduled, &delivery_list::Filter::default(), None, 10).await.unwrap();
    assert_eq!(waiting.len(), 1, "only the one whose time has not come");
}
