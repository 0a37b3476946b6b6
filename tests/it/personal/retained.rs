//! Personal data leaves when its line's time is over; reports say the same before and after.

use super::scan::{put, scan};
use crate::on_both_databases;
use crate::rig::world::{MORNING, World, messenger};
use lastword::domain::calendar::Day;
use lastword::domain::line::LineSettings;
use lastword::domain::period::Period;
use lastword::life::recount::recount;
use lastword::life::remove_personal_data::{remove, sweep_places};
use lastword::life::report::summary;
use lastword::store::report::Closes;
use lastword::store::{inspect, rating_request};
use lastword_contract::Happening;

on_both_databases! {
    personal_data_leaves_in_time_and_the_numbers_stay => leaves_in_time;
    a_line_may_keep_it_for_ever => kept_for_ever;
}

const DAY: i64 = 86_400_000;

async fn figures(world: &World) -> String {
    let day = |text| Day::parse(text).unwrap();
    let closes = Closes::of(Period { from: day("2026-09-01"), until: day("2028-01-01") });
    while lastword::life::recount::fold(&world.engine.db).await.unwrap() > 0 {}
    format!("{:?}", summary(&world.engine.db, &closes).await.unwrap())
}

/// Ten rated closes with comments, a day apart.
async fn lived(world: &World) -> Vec<String> {
    let mut ids = Vec::new();
    for n in 0..10 {
        let (id, question) = world.ask(&format!("s{n}")).await;
        world.tap(&question, if n % 3 == 0 { "👎" } else { "👍" }).await;
        let by = question.to.clone();
        let text = Happening::Text { text: "zebra crossing".to_owned(), by, reply_to: Some(format!("m-{}", question.key)) };
        world.happens("bot", text).await;
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

    // A month after the fifth close, in the small steps that leave others their turn.
    world.clock.set(MORNING + 30 * DAY + 5 * DAY);
    let mut removed = 0;
    loop {
        match remove(&world.engine, world.now(), 2).await.unwrap() {
            0 => break,
            count => removed += count,
        }
        assert!(removed <= 10, "each is seen to once");
    }
    assert!((4..=6).contains(&removed), "{removed} of ten days");
    let requests = inspect::rating_requests(&world.engine.db).await.unwrap();
    let (gone, kept): (Vec<_>, Vec<_>) = requests.iter().partition(|request| request.closed_at < world.now() - 30 * DAY);
    assert_eq!(gone.len(), removed);
    assert!(gone.iter().all(|request| request.client_id.is_none() && request.address.is_none() && request.asked_chat.is_none()));
    assert!(kept.iter().all(|request| request.client_id.is_some() && request.address.is_some()));

    world.clock.set(MORNING + 100 * DAY);
    assert_eq!(remove(&world.engine, world.now(), 1_000).await.unwrap(), 10 - removed);
    sweep_places(&world.engine, world.now(), 1_000).await.unwrap();
    for text in ["zebra", "chat-s", "client-of-s"] {
        let found = scan(&url, text).await.found;
        assert!(found.is_empty(), "{text} still stands in {found:?}");
    }
    assert_eq!(figures(&world).await, before, "reports say the same");
    assert_eq!(recount(&world.engine.db, world.now(), |_| {}).await.unwrap().wrong, 0, "and so does a full count");
    let story = lastword::life::explain_session::explain(&world.engine.db, "s0").await.unwrap();
    assert!(story[0].story.iter().any(|sentence| sentence.what.starts_with("Personal data removed")), "{story:?}");
    assert!(rating_request::load(&world.engine.db, &[&ids[0]]).await.unwrap()[0].outcome.as_deref() == Some("answered"));
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
