//! Technical rows go when their time is over, a few in each round; ratings, outcomes and numbers stay.

use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::app::maintenance;
use lastword::life::Options;
use lastword::life::report::recount::recount;
use lastword::names::RequestId;
use lastword::store::answer::rating;
use lastword::store::question::{delivery, rating_request};
use lastword::store::records::inspect;
use lastword::store::{Db, StoreError, inbox};
use lastword::time::DAY;

on_both_databases! {
    old_messages_go_a_few_at_a_time_and_ratings_stay => old_messages;
    messages_are_kept_for_good_where_the_settings_say_so => kept;
}

/// Messages that are there, whatever their state.
async fn messages(db: &Db) -> i64 {
    inspect::count_by_state(db).await.unwrap().iter().map(|(_, count)| count).sum()
}

async fn lived_in(url: String, days: Option<i64>) -> (World, Vec<String>) {
    let mut world = World::on(&url, messenger()).await;
    world.engine.options = Options { technical_kept: days.map(|days| days * DAY), ..(*world.engine.options).clone() }.into();
    let mut requests = Vec::new();
    for number in 0..150 {
        let (request, question) = world.ask(&format!("S-{number}")).await;
        if number % 3 == 0 {
            world.tap(&question, "\u{1f44e}").await;
        }
        requests.push(request);
    }
    world.pass(4 * DAY).await;
    (world, requests)
}

async fn old_messages(url: String) {
    let (world, requests) = lived_in(url, Some(200)).await;
    let db = &world.engine.db;
    let before = messages(db).await;
    assert!(before > 250, "{before}");
    world.clock.advance(190 * DAY);
    maintenance::round(&world.engine, &world.runner).await.unwrap();
    assert_eq!(messages(db).await, before, "their time is not over");
    // A question of today stays, and so does what waits.
    world.clock.advance(30 * DAY);
    let (today, _) = world.ask("today").await;
    world.tell(world.close_of("waits")).await;
    let mut left = Vec::new();
    for _ in 0..5 {
        maintenance::round(&world.engine, &world.runner).await.unwrap();
        left.push(messages(db).await);
    }
    assert!(left[0] > 2 && left[0] < before, "a batch is not all: {left:?}");
    assert_eq!(left[4], 2, "{left:?}");
    assert_eq!(delivery::about(db, &[&today]).await.unwrap().len(), 1);
    let ids: Vec<RequestId> = requests.iter().map(|id| RequestId::named(id)).collect();
    assert_eq!(rating::of_requests(db, &ids).await.unwrap().len(), 50, "ratings stay");
    for (number, request) in requests.iter().enumerate().step_by(50) {
        let kept = rating_request::of_session(db, &"desk".into(), &format!("S-{number}").into()).await.unwrap();
        assert!(kept.iter().any(|kept| kept.id == RequestId::named(&*request) && kept.outcome.is_some()), "so do outcomes");
    }
    let counted = recount(db, world.now(), |_| ()).await.unwrap();
    assert_eq!(counted.wrong, 0, "{:?}", counted.told);
    let story = lastword::life::session::explain::explain(db, &"S-0".into()).await.unwrap();
    assert_eq!(story.len(), 1, "its story can be told without them");
    // The keys of events went as well, in their own time.
    let gone = db.write::<u64, StoreError, _>(|tx| Box::pin(async move { inbox::forget(tx, i64::MAX / 2, 10_000).await })).await.unwrap();
    assert!(gone < 10, "{gone}");
}

async fn kept(url: String) {
    let (world, _) = lived_in(url, None).await;
    let before = messages(&world.engine.db).await;
    world.clock.advance(2_000 * DAY);
    maintenance::round(&world.engine, &world.runner).await.unwrap();
    assert_eq!(messages(&world.engine.db).await, before);
}
