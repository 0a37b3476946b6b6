//! Batches of answers: a batch has the same results as its answers one by one, and hardly costs more than one of them.

use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::answer::opt_out::place_name;
use lastword::domain::line::{FollowUp, LineSettings, OtherText};
use lastword::domain::question::token::{Purpose, TokenValue};
use lastword::life::answer::accept::accept;
use lastword::life::answer::batch::EVENT_KEY_PREFIX;
use lastword::life::facts::inbound::Arrived;
use lastword::life::report::recount::recount;
use lastword::life::session::change::{SessionChange, change_session};
use lastword::names::RequestId;
use lastword::store::alert;
use lastword::store::answer::{self, rating};
use lastword::store::question::rating_request;
use lastword::store::session::{conversation, opt_out};
use lastword_contract::{Address, Inbound, InboundKind, TextMessage};

on_both_databases! {
    the_statements_of_a_batch_do_not_grow_with_it => statements;
    a_batch_comes_to_what_its_answers_come_to_one_by_one => one_by_one;
}

/// Actions of a session's client; each kind takes another path through a batch.
const KINDS: [&str; 12] = [
    "press",
    "press twice",
    "change",
    "late",
    "typed",
    "low with words",
    "typed stop",
    "pressed stop",
    "stop after a score",
    "message",
    "link",
    "conversation",
];

/// A session that was asked about.
struct Asked {
    session: String,
    request: String,
    kind: &'static str,
}

async fn world(url: &str) -> World {
    let world = World::on(url, messenger()).await;
    let settings = LineSettings {
        other_text: OtherText::Cancel,
        follow_up: FollowUp::default(),
        once_per_client_hours: 24,
        ..LineSettings::default()
    };
    world.line(settings).await;
    world
}

/// Asks about `of_each` sessions of each kind.
async fn ask(world: &World, round: &str, of_each: usize) -> Vec<Asked> {
    let mut asked = Vec::new();
    for kind in KINDS {
        for number in 0..of_each {
            let session = format!("{round} {kind} {number}");
            let (request, _) = world.ask(&session).await;
            if kind == "late" {
                reopen(world, &session).await;
            }
            asked.push(Asked { session, request, kind });
        }
    }
    world.work().await;
    asked
}

async fn reopen(world: &World, session: &str) {
    let told = lastword::life::session::event::EventEnvelope {
        source: "desk".into(),
        event_key: format!("reopen {session}"),
        body_hash: String::new(),
        session_id: session.into(),
        occurred_at: world.now(),
    };
    change_session(&world.engine, told, SessionChange::Reopened, world.now()).await.unwrap();
}

/// The actions of these sessions' clients, session by session.
fn events(world: &World, asked: &[Asked]) -> Vec<Arrived> {
    let mut events = Vec::new();
    for (number, one) in asked.iter().enumerate() {
        let by = Address::chat(format!("chat-{}", one.session));
        let press = |value| {
            let token = world.engine.keys.mint(Purpose::Rate, one.request.clone(), &place_name(&"bot".into(), &(&by.chat).into()), value);
            InboundKind::Press { token, by: by.clone(), message_id: None, press_id: None }
        };
        let text = |text: &str| InboundKind::Text(TextMessage::new(text, by.clone()));
        let comment = || {
            let token = world.engine.keys.mint(
                Purpose::Rate,
                one.request.clone(),
                &place_name(&"bot".into(), &(&by.chat).into()),
                TokenValue::Comment,
            );
            InboundKind::Comment { token, by: by.clone(), text: "Nobody called back.".to_owned() }
        };
        let wrote = |at| InboundKind::Wrote { by: by.clone(), at, window_expires_at: None };
        let reachable = |reachable| InboundKind::Reachable { by: by.clone(), reachable };
        let score = TokenValue::Score;
        let done = match one.kind {
            "press" | "link" | "late" => vec![press(score(1))],
            "press twice" => vec![press(score(1)), press(score(1))],
            "change" => vec![press(score(1)), press(score(0)), press(score(1)), press(score(0))],
            "typed" => vec![text("👍")],
            "low with words" => vec![press(score(0)), press(TokenValue::Reason(0)), press(TokenValue::Resolved(false)), comment()],
            "typed stop" => vec![text("stop"), press(score(1)), text("start")],
            "pressed stop" => vec![press(TokenValue::Stop), press(score(1)), press(TokenValue::Start), press(TokenValue::Stop)],
            "stop after a score" => vec![press(score(1)), press(TokenValue::Stop), press(score(0))],
            "message" => vec![text("Where is my parcel?"), press(score(1)), text("👍")],
            "conversation" => vec![reachable(false), wrote(world.now() - 5_000), wrote(world.now() - 9_000), reachable(true)],
            other => unreachable!("{other}"),
        };
        for (step, kind) in done.into_iter().enumerate() {
            let prefix = if one.kind == "link" { EVENT_KEY_PREFIX } else { "" };
            let key = format!("{prefix}{number}.{step}");
            let inbound = Inbound { key, order: i64::try_from(step).unwrap(), at: None, kind };
            events.push(Arrived { connection: "bot".into(), inbound, body_hash: String::new(), came: None, form: None });
        }
    }
    events
}

/// Number of statements for accepting `events` in one batch.
async fn cost(world: &World, events: Vec<Arrived>) -> u64 {
    let before = world.engine.db.statements();
    accept(&world.engine, events, None, world.now()).await.unwrap();
    world.engine.db.statements() - before
}

async fn statements(url: String) {
    let world = world(&url).await;
    // Settings and keys are read only once.
    let asked = ask(&world, "first", 1).await;
    cost(&world, events(&world, &asked)).await;
    let press = ask(&world, "one", 1).await;
    let one = cost(&world, named(events(&world, &press[..1]), "one")).await;
    let few = ask(&world, "few", 1).await;
    let few = named(events(&world, &few), "few");
    assert!(few.len() >= 24, "all paths: {}", few.len());
    let few = cost(&world, few).await;
    let many = ask(&world, "many", 8).await;
    let many = named(events(&world, &many), "many");
    assert!(many.len() >= 200, "a long batch: {}", many.len());
    let many = cost(&world, many).await;
    assert!(many <= few, "{few} statements for each path once, and {many} for eight times as many");
    assert!(one * 2 < few, "one press takes only its own path: {one} of {few}");
    assert_eq!(recount(&world.engine.db, world.now(), |_| {}).await.unwrap().wrong, 0, "counters and rows agree");
}

/// The same events with other keys.
fn named(events: Vec<Arrived>, round: &str) -> Vec<Arrived> {
    let named = |one: Arrived| Arrived { inbound: Inbound { key: format!("{}{round}", one.inbound.key), ..one.inbound.clone() }, ..one };
    events.into_iter().map(named).collect()
}

async fn one_by_one(url: String) {
    let (together, apart) = (world(&url).await, world("sqlite::memory:").await);
    for seed in 1..=6 {
        let round = format!("round {seed}");
        let (here, there) = (ask(&together, &round, 2).await, ask(&apart, &round, 2).await);
        let batch = shuffled(named(events(&together, &here), &round), seed);
        let singly = shuffled(named(events(&apart, &there), &round), seed);
        let mut taken = Vec::new();
        for one in singly {
            taken.extend(accept(&apart.engine, vec![one], None, apart.now()).await.unwrap());
        }
        assert_eq!(accept(&together.engine, batch, None, together.now()).await.unwrap(), taken, "{round}");
        for (here, there) in here.iter().zip(&there) {
            assert_eq!(state(&together, here).await, state(&apart, there).await, "{}", here.session);
        }
        together.pass(60_000).await;
        apart.pass(60_000).await;
    }
    for world in [&together, &apart] {
        assert_eq!(recount(&world.engine.db, world.now(), |_| {}).await.unwrap().wrong, 0, "counters and rows agree");
    }
}

/// In another order, reproducible by the seed.
fn shuffled(mut events: Vec<Arrived>, seed: u64) -> Vec<Arrived> {
    let mut state = seed;
    for at in (1..events.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        events.swap(at, (state >> 33) as usize % (at + 1));
    }
    events
}

/// The state of a session's rating, without IDs.
async fn state(world: &World, asked: &Asked) -> String {
    let (db, id) = (&world.engine.db, asked.request.as_str());
    let request = rating_request::load(db, &[RequestId::named(id)]).await.unwrap().remove(0);
    let rated = rating::of_requests(db, &[RequestId::named(id)]).await.unwrap().remove(&RequestId::named(id));
    let rated = rated.map(|rating| (rating.score, rating.low, rating.reasons, rating.resolved, rating.comment, rating.revision));
    let history = answer::about(db, &[RequestId::named(id)]).await.unwrap();
    let history: Vec<_> = history.into_iter().map(|event| (event.kind, event.value, event.disposition)).collect();
    let alerts = alert::of_requests(db, &[RequestId::named(id)]).await.unwrap();
    let alerts: Vec<_> = alerts.into_iter().map(|alert| (alert.kind, alert.recipient_id)).collect();
    let (bot, chat) = ("bot".into(), format!("chat-{}", asked.session).into());
    let known = conversation::known(db, &bot, &chat).await.unwrap();
    let mark = opt_out::key_of(db).await.unwrap().mark(&place_name(&bot, &chat));
    let opted_out = !opt_out::look(db, &[&mark]).await.unwrap().is_empty();
    let ended = (request.outcome, request.reason, request.late_at, request.typing_ended_at);
    format!("{ended:?} {rated:?} {history:?} {alerts:?} {known:?} opted out: {opted_out}")
}
