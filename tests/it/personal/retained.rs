//! Personal data is deleted after its line's retention period; reports are the same before and after.

use super::scan::{put, scan};
use crate::on_both_databases;
use crate::rig::world::{MORNING, World, messenger};
use lastword::domain::access::audit::By;
use lastword::domain::line::LineSettings;
use lastword::domain::report::calendar::Day;
use lastword::domain::report::period::Period;
use lastword::domain::session::{Operator, SessionStatus};
use lastword::life::records::retention::{remove, sweep_places};
use lastword::life::report::recount::recount;
use lastword::life::report::summary;
use lastword::life::review::act::{ReviewAct, act};
use lastword::life::session::change::{SessionChange, change_session};
use lastword::life::session::close_batch::Closed;
use lastword::life::session::event::{EventEnvelope, EventResult};
use lastword::life::session::web_chat;
use lastword::names::RequestId;
use lastword::store::question::rating_request;
use lastword::store::records::inspect;
use lastword::store::report::Closes;
use lastword::store::session::{self, mail};
use lastword_contract::{InboundKind, TextMessage};

on_both_databases! {
    personal_data_leaves_in_time_and_the_numbers_stay => leaves_in_time;
    a_line_may_keep_it_for_ever => kept_for_ever;
    a_session_that_nobody_closed_is_not_kept_for_ever => never_closed;
    messages_of_a_web_chat_leave_with_its_close => talks_leave;
}

const DAY: i64 = 86_400_000;

async fn figures(world: &World) -> String {
    let day = |text| Day::parse(text).unwrap();
    let closes = Closes::of(Period { from: day("2026-09-01"), until: day("2028-01-01") });
    while lastword::life::report::recount::fold(&world.engine.db).await.unwrap() > 0 {}
    format!("{:?}", summary(&world.engine.db, &closes).await.unwrap())
}

/// Ten rated closes with comments, a day apart.
async fn lived(world: &World) -> Vec<RequestId> {
    let mut ids = Vec::new();
    for n in 0..10 {
        let mut close = world.close_of(&format!("s{n}"));
        close.client_name = Some("Zelda zebra".to_owned());
        let Closed::Kept { rating_request: id, decision: Ok(due_at), .. } = world.tell(close).await else { panic!("asks") };
        world.clock.set(due_at);
        world.work().await;
        let question = world.client.take().pop().expect("the question");
        world.tap(&question, if n % 3 == 0 { "👎" } else { "👍" }).await;
        let by = question.to.clone();
        let text = InboundKind::Text(TextMessage::new("zebra crossing", by).in_reply_to(format!("m-{}", question.key)));
        world.happens("bot", text).await;
        act(&world.engine, &By::command(), id, ReviewAct::Reply("zebra, thank you".to_owned()), None, world.now())
            .await
            .unwrap()
            .expect("it is kept");
        world.work().await;
        world.client.take();
        ids.push(id);
        world.pass(DAY).await;
    }
    ids
}

async fn leaves_in_time(url: String) {
    let world = World::on(&url, messenger()).await;
    world.line(LineSettings { retention_months: 1, ..LineSettings::default() }).await;
    let ids = lived(&world).await;
    put(&url, "INSERT INTO inbox (source, event_key, kind, body_hash, received_at, disposition, body) VALUES ('bot', 'u', 'raw', '', 1, 'unreadable', 'zebra')").await;
    let before = figures(&world).await;
    assert_eq!(remove(&world.engine, world.now(), 100).await.unwrap(), 0, "nothing is old yet");

    // A month after the fifth close, in the small steps that let other transactions run.
    world.clock.set(MORNING + 30 * DAY + 5 * DAY);
    let mut removed = 0;
    loop {
        match remove(&world.engine, world.now(), 2).await.unwrap() {
            0 => break,
            count => {
                assert!(count <= 2, "{count} at once");
                removed += count;
            }
        }
        assert!(removed <= 10, "each is seen to once");
    }
    assert!((4..=6).contains(&removed), "{removed} of ten days");
    let requests = inspect::rating_requests(&world.engine.db).await.unwrap();
    let (gone, kept): (Vec<_>, Vec<_>) = requests.iter().partition(|request| request.closed_at < world.now() - 30 * DAY);
    assert_eq!(gone.len() as i64, removed);
    assert!(gone.iter().all(|request| request.client_id.is_none() && request.address().is_none() && request.asked_chat.is_none()));
    assert!(kept.iter().all(|request| request.client_id.is_some() && request.address().is_some()));

    world.clock.set(MORNING + 100 * DAY);
    assert_eq!(remove(&world.engine, world.now(), 1_000).await.unwrap(), 10 - removed);
    sweep_places(&world.engine, world.now(), 1_000).await.unwrap();
    for text in ["zebra", "chat-s", "client-of-s"] {
        let found = scan(&url, text).await.found;
        assert!(found.is_empty(), "{text} still stands in {found:?}");
    }
    assert_eq!(figures(&world).await, before, "reports say the same");
    assert_eq!(recount(&world.engine.db, world.now(), |_| {}).await.unwrap().wrong, 0, "and so does a full count");
    let story = lastword::life::session::explain::explain(&world.engine.db, &"s0".into()).await.unwrap();
    assert!(story[0].history.iter().any(|sentence| sentence.text.starts_with("Personal data removed")), "{story:?}");
    assert!(
        rating_request::load(&world.engine.db, &[ids[0]]).await.unwrap()[0].outcome.map(|outcome| outcome.as_str()) == Some("answered")
    );
}

async fn kept_for_ever(url: String) {
    let world = World::on(&url, messenger()).await;
    world.line(LineSettings { retention_months: 0, ..LineSettings::default() }).await;
    lived(&world).await;
    world.clock.set(MORNING + 5_000 * DAY);
    assert_eq!(remove(&world.engine, world.now(), 1_000).await.unwrap(), 0);
    sweep_places(&world.engine, world.now(), 1_000).await.unwrap();
    assert!(scan(&url, "client-of-s0").await.found.contains("rating_request.client_id"));
}

/// Sessions without a close whose time could be over: of a visitor who only wrote, and one that was opened again. And one
/// that was moved after its close.
async fn never_closed(url: String) {
    let world = World::on(&url, messenger()).await;
    let engine = &world.engine;
    world.line(LineSettings { retention_months: 1, ..LineSettings::default() }).await;
    let writes = async |visitor: &str| {
        let key = format!("{visitor}:{}", world.now());
        web_chat::visitor_writes(engine, &"site".into(), &"support".into(), &visitor.into(), &key, "Hello", world.now()).await.unwrap();
    };
    let told = |session: &str| EventEnvelope {
        source: "desk".into(),
        event_key: format!("{session}:{}", world.now()),
        body_hash: String::new(),
        session_id: session.into(),
        occurred_at: world.now(),
    };
    writes("silent").await;
    writes("busy").await;
    world.ask("moved").await;
    world.ask("opened-anew").await;
    world.clock.advance(1_000);
    assert_eq!(change_session(engine, told("opened-anew"), SessionChange::Reopened, world.now()).await.unwrap(), EventResult::Applied);
    // Open questions end as expired.
    world.pass(10 * DAY).await;
    let operator = Operator { id: "op-9".into(), name: None, kind: None };
    assert_eq!(
        change_session(engine, told("moved"), SessionChange::Reassigned { operator: Some(operator), line: None }, world.now())
            .await
            .unwrap(),
        EventResult::Applied
    );
    world.clock.set(MORNING + 20 * DAY);
    writes("busy").await;

    let held = async || {
        let mut held = Vec::new();
        for id in ["busy-1", "moved", "opened-anew", "silent-1"] {
            let session = session::find(&engine.db, &id.into()).await.unwrap().remove(0);
            if session.client_id.is_some() || session.address.is_some() {
                held.push(id);
            }
        }
        held
    };
    world.clock.set(MORNING + 29 * DAY);
    assert_eq!(remove(engine, world.now(), 1_000).await.unwrap(), 0);
    assert_eq!(held().await, ["busy-1", "moved", "opened-anew", "silent-1"]);
    world.clock.set(MORNING + 35 * DAY);
    assert_eq!(remove(engine, world.now(), 3).await.unwrap(), 3, "closes and sessions together are no more than was asked for");
    assert_eq!(remove(engine, world.now(), 1_000).await.unwrap(), 1, "in all two closes and two silent sessions");
    assert_eq!(held().await, ["busy-1"], "whoever wrote since is not silent");
    assert_eq!(remove(engine, world.now(), 1_000).await.unwrap(), 0, "each is seen to once");
    world.clock.set(MORNING + 55 * DAY);
    assert_eq!(remove(engine, world.now(), 1_000).await.unwrap(), 1);
    assert_eq!(held().await, [""; 0]);
    assert_eq!(
        session::find(&engine.db, &"busy-1".into()).await.unwrap()[0].status,
        SessionStatus::Open,
        "the session itself stays as it was"
    );
    writes("busy").await;
    assert_eq!(session::find(&engine.db, &"busy-1".into()).await.unwrap()[0].last_event_at, world.now(), "and goes on if the visitor does");
}

/// Messages of our own web chat expire with the close of their chat, by the time of its line, and with a chat that nobody closed.
async fn talks_leave(url: String) {
    let world = World::on(&url, messenger()).await;
    let engine = &world.engine;
    world.line(LineSettings { retention_months: 1, ..LineSettings::default() }).await;
    let writes = async |visitor: &str| {
        let key = format!("{visitor}:{}", world.now());
        web_chat::visitor_writes(engine, &"site".into(), &"support".into(), &visitor.into(), &key, "Hello", world.now()).await.unwrap();
    };
    let kept = async || {
        let mut kept = Vec::new();
        for visitor in ["closed", "silent"] {
            let stored = mail::after(&engine.db, &"site".into(), &visitor.into(), 0, 100).await.unwrap();
            kept.push(stored.iter().filter(|mail| mail.body.contains("Hello")).count());
        }
        kept
    };
    writes("closed").await;
    writes("silent").await;
    world.clock.advance(1_000);
    let operator = Operator { id: "op-9".into(), name: None, kind: None };
    web_chat::operator_closes(engine, &"site".into(), &"closed".into(), &operator, world.now()).await.unwrap().expect("it was open");
    world.pass(20 * DAY).await;
    writes("closed").await;
    world.clock.set(MORNING + 29 * DAY);
    remove(engine, world.now(), 1_000).await.unwrap();
    assert_eq!(kept().await, [2, 1]);
    world.clock.set(MORNING + 35 * DAY);
    assert_eq!(remove(engine, world.now(), 1_000).await.unwrap(), 2);
    assert_eq!(kept().await, [1, 0], "what was written after the close stays");
    world.clock.set(MORNING + 55 * DAY);
    assert_eq!(remove(engine, world.now(), 1_000).await.unwrap(), 1);
    assert_eq!(kept().await, [0, 0]);
}
