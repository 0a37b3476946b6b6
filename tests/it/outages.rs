//! A platform is down and comes back: waiting messages are sent soon after, at the connection's own rate, within all limits
//! of the platform and the line.

use crate::on_both_databases;
use crate::rig::sqlite;
use crate::rig::world::{World, messenger};
use lastword::domain::access::audit::By;
use lastword::domain::line::{Alerts, LineSettings};
use lastword::domain::question::delivery::{Kind, State};
use lastword::domain::report::letter::Every;
use lastword::life::admin::change_letter::{Saved, save_letter};
use lastword::store::connection::outage::all_failing;
use lastword::store::question::{delivery, delivery_list};
use lastword::store::report::letter::Letter;
use lastword::time::{HOUR, MINUTE, Millis, SECOND};
use lastword_contract::{Capabilities, Outgoing, Purpose, Rate, SendError, Verdict};
use sqlx::Connection as _;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

fn limited() -> Capabilities {
    Capabilities { rate: Rate { per_second: 25.0, burst: 5, ..Rate::default() }, ..messenger() }
}

fn down() -> Option<SendError> {
    Some(SendError::new(Verdict::RetryBackoff, "no_connection", "connection refused"))
}

/// Accepts connections and never responds.
fn hangs() -> Option<SendError> {
    Some(SendError::new(Verdict::CannotKnow, "timeout", "no answer in time"))
}

impl World {
    async fn in_state(&self, state: State) -> Vec<delivery::Delivery> {
        delivery_list::in_state(&self.engine.db, state, &delivery_list::Filter::default(), None, 500).await.unwrap()
    }

    /// Lets this much time pass like a node, which polls every few seconds.
    async fn live_for(&self, millis: Millis) {
        for _ in 0..millis / (5 * SECOND) {
            self.pass(5 * SECOND).await;
        }
    }

    /// Lets time pass until `done`; returns the time it took.
    async fn live_until(&self, most: Millis, mut done: impl FnMut() -> bool) -> Millis {
        let began = self.now();
        while !done() {
            assert!(self.now() - began < most, "not within {most} ms");
            // In steps of a burst: no time passes during the work.
            self.pass(SECOND / 5).await;
        }
        self.now() - began
    }
}

async fn a_quarter_of_an_hour(url: String) {
    const WAITING: usize = 60;
    let world = World::on(&url, limited()).await;
    world.client.is_down(down());
    for number in 0..WAITING {
        world.tell(world.close_of(&format!("S-{number}"))).await;
    }
    world.live_for(15 * MINUTE).await;
    assert_eq!(world.client.take().len(), 0);
    // Each on its own schedule: immediately, after 5 s, 30 s, 2 min, 10 min; and a probe every twenty seconds.
    let calls = world.client.calls.load(Ordering::Relaxed);
    assert!(calls <= WAITING * 5 + 60, "{calls} calls of a platform that is down");
    let waiting = delivery_list::in_state(&world.engine.db, State::Scheduled, &delivery_list::Filter::default(), None, 500).await.unwrap();
    assert_eq!(waiting.len(), WAITING);
    assert!(waiting.iter().all(|row| row.attempts <= 5), "a probe uses up no try");
    assert_eq!(all_failing(&world.engine.db).await.unwrap().len(), 1);

    world.client.is_down(None);
    let began = world.now();
    let first = world.live_until(30 * SECOND, || !world.client.sent.lock().unwrap().is_empty()).await;
    let all = first + world.live_until(30 * SECOND, || world.client.sent.lock().unwrap().len() == WAITING).await;
    assert!(all <= first + 5 * SECOND, "25 a second, from the first second on: {first}, {all} after {began}");
    assert_eq!(all_failing(&world.engine.db).await.unwrap(), []);
}

async fn an_alert_whose_receiver_was_away(url: String) {
    let world = World::on(&url, messenger()).await;
    world.staff.is_down(down());
    let (_, question) = world.ask("one").await;
    world.tap(&question, "\u{1f44e}").await;
    world.live_for(25 * MINUTE).await;
    assert!(world.staff.take().is_empty());
    world.staff.is_down(None);
    world.live_until(60 * SECOND, || !world.staff.sent.lock().unwrap().is_empty()).await;
}

async fn what_the_platform_asked_for(url: String) {
    let world = World::on(&url, limited()).await;
    world.client.is_down(down());
    for number in 0..3 {
        world.tell(world.close_of(&format!("S-{number}"))).await;
    }
    world.live_for(3 * MINUTE).await;
    world.client.is_down(Some(SendError::new(Verdict::RetryAfter(20 * MINUTE), "throttled", "slow down")));
    let before = world.client.calls.load(Ordering::Relaxed);
    world.live_until(10 * MINUTE, || world.client.calls.load(Ordering::Relaxed) > before).await;
    world.client.is_down(None);
    let asked_at = world.client.calls.load(Ordering::Relaxed);
    world.live_for(19 * MINUTE).await;
    assert_eq!(world.client.calls.load(Ordering::Relaxed), asked_at, "nobody calls in a pause that the platform asked for");
    world.live_until(2 * MINUTE, || world.client.sent.lock().unwrap().len() == 3).await;
}

async fn a_pause_of_nothing(url: String) {
    let world = World::on(&url, limited()).await;
    world.client.is_down(Some(SendError::new(Verdict::RetryAfter(0), "throttled", "slow down")));
    world.tell(world.close_of("S-1")).await;
    world.live_for(30 * SECOND).await;
    let calls = world.client.calls.load(Ordering::Relaxed);
    assert!((1..=31).contains(&calls), "{calls} calls in half a minute: at most one a second");
    world.client.is_down(None);
    world.live_until(MINUTE, || world.client.sent.lock().unwrap().len() == 1).await;
}

async fn one_that_comes_and_goes(url: String) {
    let world = World::on(&url, limited()).await;
    world.client.is_down(down());
    for number in 0..30 {
        world.tell(world.close_of(&format!("S-{number}"))).await;
    }
    world.live_for(15 * MINUTE).await;
    let tries = |rows: &[delivery::Delivery]| rows.iter().map(|row| row.attempts).max().unwrap_or(0);
    let before =
        tries(&delivery_list::in_state(&world.engine.db, State::Scheduled, &delivery_list::Filter::default(), None, 500).await.unwrap());
    for _ in 0..10 {
        // Up for a single message.
        let sent = world.client.sent.lock().unwrap().len();
        world.client.is_down(None);
        world.client.fails_with([]);
        while world.client.sent.lock().unwrap().len() == sent {
            world.clock.advance(SECOND);
            world.runner.rescue().await.unwrap();
            let leased = world.runner.claim(1).await.unwrap();
            let (mut sending, at) = world.runner.intend(world.runner.prepare(leased).await.unwrap()).await.unwrap();
            if let Some((row, message)) = sending.pop() {
                let finished = world.runner.send(row, &message, at).await;
                world.runner.record(vec![finished]).await.unwrap();
            }
        }
        world.client.is_down(down());
        world.live_for(30 * SECOND).await;
    }
    let waiting = delivery_list::in_state(&world.engine.db, State::Scheduled, &delivery_list::Filter::default(), None, 500).await.unwrap();
    assert_eq!(waiting.len(), 20, "none was given up");
    assert!(tries(&waiting) <= before + 1, "tries before their time use up none: {before}, then {}", tries(&waiting));
}

async fn what_is_over(url: String) {
    let world = World::on(&url, limited()).await;
    world.line(LineSettings { expires_after_hours: 1, ..LineSettings::default() }).await;
    world.client.is_down(down());
    world.tell(world.close_of("one")).await;
    world.live_for(HOUR).await;
    world.client.is_down(None);
    world.live_for(5 * MINUTE).await;
    assert!(world.client.take().is_empty(), "nobody is asked when it is too late");
}

async fn a_receiver_that_hangs(url: String) {
    let world = World::on(&url, messenger()).await;
    world.staff.is_down(hangs());
    let mut passes = 0;
    for (session, hours) in [("at-0", 8), ("at-8", 12), ("at-20", 10)] {
        let (_, question) = world.ask(session).await;
        world.tap(&question, "\u{1f44e}").await;
        for _ in 0..hours * 30 {
            world.pass(2 * MINUTE).await;
            passes += 1;
        }
    }
    assert!(world.staff.take().is_empty());
    let waiting = world.in_state(State::Scheduled).await;
    let (alerts, events): (Vec<_>, Vec<_>) = waiting.iter().partition(|row| row.kind == Kind::Alert);
    assert!(alerts.len() == 3 && events.len() >= 3 && events.len() + 3 == waiting.len(), "{waiting:?}");
    assert!(waiting.iter().all(|row| row.resends > 0), "each may have arrived, and says so");
    assert!(world.in_state(State::Unknown).await.is_empty(), "an alert that is thirty hours old is still worth bringing");
    let calls = world.staff.calls.load(Ordering::Relaxed);
    assert!(calls <= passes + 12 * (waiting.len() + 1), "{calls} calls in {passes} rounds");
    assert_eq!(all_failing(&world.engine.db).await.unwrap().len(), 1);

    world.staff.is_down(None);
    world.live_until(60 * SECOND, || world.staff.sent.lock().unwrap().len() >= waiting.len()).await;
    let told = world.staff.take().iter().filter(|message| message.purpose == Purpose::Alert).count();
    assert_eq!((told, world.in_state(State::Scheduled).await.len()), (3, 0));
    assert_eq!(all_failing(&world.engine.db).await.unwrap(), []);
}

/// An alert, a digest, an event and a letter, each delayed for thirty hours or more.
async fn each_kind_while_its_receiver_hangs(url: String) {
    let world = World::on(&url, messenger()).await;
    world.staff.is_down(hangs());
    let letter = Letter { id: "boss".into(), recipient_id: "anna".into(), every: Every::Daily, hour: 8, ..Letter::default() };
    assert!(matches!(save_letter(&world.engine, &By::command(), letter, world.now()).await.unwrap(), Saved::Letter(_)));
    for number in 0..8 {
        let (_, question) = world.ask(&format!("S-{number}")).await;
        world.tap(&question, "\u{1f44e}").await;
    }
    // Today's letter is due tomorrow at eight, about eighteen hours from now.
    for _ in 0..49 * 12 {
        world.pass(5 * MINUTE).await;
    }
    assert!(world.staff.take().is_empty());
    let waiting = world.in_state(State::Scheduled).await;
    for kind in [Kind::Alert, Kind::Digest, Kind::Event] {
        assert!(waiting.iter().any(|row| row.kind == kind), "{kind} is waiting: {waiting:?}");
    }
    assert!(world.in_state(State::Unknown).await.is_empty() && world.in_state(State::Skipped).await.is_empty());

    world.staff.is_down(None);
    world.live_until(60 * SECOND, || world.staff.sent.lock().unwrap().len() >= waiting.len()).await;
    let sent = world.staff.take();
    let of = |what: &dyn Fn(&Outgoing) -> bool| sent.iter().filter(|message| what(message)).count();
    assert!(of(&|message| message.data["kind"] == "letter") >= 1, "{sent:?}");
    assert!(of(&|message| message.data.get("rating_requests").is_some()) >= 1, "a digest: {sent:?}");
    assert!(of(&|message| message.data["kind"] == "low") >= 5, "{sent:?}");
    assert!(of(&|message| matches!(message.purpose, Purpose::Event(_))) >= 8, "{sent:?}");
}

async fn an_alert_that_cannot_be_told_for_a_day(url: String) {
    let world = World::on(&url, messenger()).await;
    world.recipient("boris", None).await;
    let alerts = Alerts { recipients: vec!["anna".into()], supervisors: vec!["boris".into()], ..Alerts::default() };
    world.line_as_it_is(LineSettings { alerts, ..LineSettings::default() }).await;
    world.staff.fails_for("anna", std::iter::repeat_n(hangs().unwrap(), 1_000));
    let (_, question) = world.ask("one").await;
    world.tap(&question, "\u{1f44e}").await;
    let told = |world: &World| -> Vec<(String, String)> {
        let alerts = world.staff.take().into_iter().filter(|message| message.purpose == Purpose::Alert);
        alerts.map(|message| (message.to.chat, message.text)).collect()
    };
    for _ in 0..23 {
        world.pass(HOUR).await;
    }
    assert_eq!(told(&world), [], "Anna alone is to hear of it");
    for _ in 0..7 {
        world.pass(HOUR).await;
    }
    let handed_over = told(&world);
    assert!(matches!(&handed_over[..], [(who, text)] if who == "boris" && text.contains("anna")), "once: {handed_over:?}");
    world.staff.fails_no_more();
    world.pass(6 * HOUR).await;
    assert_eq!(told(&world).into_iter().map(|(who, _)| who).collect::<Vec<_>>(), ["anna"], "and it arrives all the same");
}

/// Number of calls to a hanging messenger for each of its questions, within three hours.
async fn calls_of_a_messenger_that_hangs(url: &str, can: Capabilities) -> usize {
    let world = World::on(url, can).await;
    world.client.is_down(hangs());
    for number in 0..5 {
        world.tell(world.close_of(&format!("S-{number}"))).await;
    }
    for _ in 0..3 * 60 {
        world.pass(MINUTE).await;
    }
    world.client.calls.load(Ordering::Relaxed)
}

async fn a_messenger_that_hangs(url: String) {
    assert_eq!(calls_of_a_messenger_that_hangs(&url, messenger()).await, 5, "nobody is asked twice");
}

async fn a_messenger_that_hangs_and_knows_our_key(url: String) {
    let can = Capabilities { idempotent_sends: true, ..messenger() };
    assert_eq!(calls_of_a_messenger_that_hangs(&url, can).await, 2 * 5, "one resend, as the setting allows");
}

async fn one_slow_message(url: String) {
    let world = World::on(&url, messenger()).await;
    let (_, question) = world.ask("one").await;
    world.staff.take();
    world.staff.fails_for("anna", std::iter::repeat_n(hangs().unwrap(), 1_000));
    world.tap(&question, "\u{1f44e}").await;
    // Events are sent through the same connection all the time.
    for number in 0..60 {
        let (_, question) = world.ask(&format!("S-{number}")).await;
        world.tap(&question, "\u{1f44d}").await;
        world.pass(10 * SECOND).await;
    }
    assert!(world.staff.take().len() >= 60);
    let alert = world.in_state(State::Scheduled).await.into_iter().find(|row| row.kind == Kind::Alert).expect("the alert waits");
    assert!(alert.resends <= 20, "about once a minute, not at each message that arrives: {alert:?}");
}

async fn nodes_that_die_again_and_again(url: String) {
    let world = World::on(&url, messenger()).await;
    let (_, question) = world.ask("one").await;
    world.staff.take();
    world.try_tap(&question, "\u{1f44e}").await.unwrap();
    for _ in 0..12 {
        let leased = world.runner.claim(256).await.unwrap();
        drop(world.runner.intend(world.runner.prepare(leased).await.unwrap()).await.unwrap());
        for _ in 0..2 {
            world.clock.advance(2 * MINUTE);
            world.runner.rescue().await.unwrap();
        }
    }
    world.work().await;
    assert!(world.staff.take().iter().any(|message| message.purpose == Purpose::Alert));
}

/// Makes the database refuse the results of attempts, or accept them again.
async fn refuse_ends(url: &str, refuse: bool) {
    if url.starts_with("sqlite") {
        let made = "CREATE TRIGGER away BEFORE UPDATE ON delivery WHEN old.state = 'sending' BEGIN SELECT RAISE(ABORT, 'away'); END";
        sqlite::beside(url).execute_batch(if refuse { made } else { "DROP TRIGGER away" }).unwrap();
        return;
    }
    let made = "CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'away'; END $$; \
         CREATE TRIGGER away BEFORE UPDATE ON delivery FOR EACH ROW WHEN (old.state = 'sending') EXECUTE FUNCTION away()";
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(if refuse { made } else { "DROP TRIGGER away ON delivery" }).execute(&mut connection).await.unwrap();
}

async fn ends_that_the_database_does_not_take(url: String) {
    const ASKED: usize = 40;
    let world = World::on(&url, Capabilities { idempotent_sends: true, ..messenger() }).await;
    for number in 0..ASKED {
        world.tell(world.close_of(&format!("S-{number}"))).await;
    }
    refuse_ends(&url, true).await;
    world.clock.advance(MINUTE);
    let stop = CancellationToken::new();
    let node = tokio::spawn(world.runner.clone().run(stop.clone()));
    let patience = async |what: &str, done: &mut dyn FnMut() -> bool| {
        for _ in 0..300 {
            if done() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{what}: not within 30 s");
    };
    patience("all are asked", &mut || world.client.calls.load(Ordering::Relaxed) == ASKED).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    // Longer than a lease.
    world.clock.advance(5 * MINUTE);
    assert_eq!(world.in_state(State::Sending).await.iter().filter(|row| row.kind == Kind::Ask).count(), ASKED);
    refuse_ends(&url, false).await;
    // The first to check finds the expired leases.
    world.runner.rescue().await.unwrap();
    let mut sent = 0;
    for _ in 0..300 {
        sent = world.in_state(State::Sent).await.iter().filter(|row| row.kind == Kind::Ask).count();
        if sent == ASKED {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(sent, ASKED, "each end is recorded as it was");
    world.clock.advance(10 * MINUTE);
    world.runner.rescue().await.unwrap();
    tokio::time::sleep(Duration::from_secs(2)).await;
    stop.cancel();
    node.await.unwrap();
    assert_eq!(world.client.calls.load(Ordering::Relaxed), ASKED, "nobody is asked twice");
    let asks = world.in_state(State::Sent).await;
    assert!(asks.iter().filter(|row| row.kind == Kind::Ask).all(|row| row.resends == 0 && row.attempts == 1));
}

on_both_databases! {
    /// Ten alerts and ten events were given up within minutes, and lost.
    hanging => a_receiver_that_hangs;
    /// An alert from the first six hours of an outage of thirty hours was lost.
    hanging_for_each_kind => each_kind_while_its_receiver_hangs;
    handed_over => an_alert_that_cannot_be_told_for_a_day;
    hanging_messenger => a_messenger_that_hangs;
    hanging_messenger_that_knows_our_key => a_messenger_that_hangs_and_knows_our_key;
    slow => one_slow_message;
    crash_loop => nodes_that_die_again_and_again;
    /// 66 of 2,675 clients were asked twice over two failovers.
    ends => ends_that_the_database_does_not_take;
    /// Ten thousand questions of a soak test waited for their ten minutes although the platform was back.
    outage => a_quarter_of_an_hour;
    alert => an_alert_whose_receiver_was_away;
    asked_to_wait => what_the_platform_asked_for;
    asked_for_nothing => a_pause_of_nothing;
    flapping => one_that_comes_and_goes;
    over => what_is_over;
}
