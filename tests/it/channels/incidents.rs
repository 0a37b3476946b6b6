//! PagerDuty, which keeps the state of incidents itself.

use super::rooms::{hook, low, room, slack, told_to, world};
use crate::on_both_databases;
use crate::rig::stub::{Answer, Stub};
use lastword::domain::access::audit::By;
use lastword::life::admin::change_line::save_recipient;
use lastword::life::alert::acknowledge;
use lastword::life::recipient::room::{NamedRoom, at_room};
use lastword::life::review::act::{ReviewAct, act};
use lastword::names::RequestId;
use lastword::store::alert::of_requests;
use lastword::store::alert::recipient::Recipient;
use serde_json::{Value, json};

const MINUTE: i64 = 60_000;

on_both_databases! {
    an_incident_follows_the_state_of_its_rating => followed;
}

/// It is acknowledged and resolved with the rating. A chat room is not told.
async fn followed(url: String) {
    const KEY: &str = "R0UT1NGKEYR0UT1NGKEYR0UT1NGKEY12";
    let (duty, chat) = (Stub::start(|_| Answer::json(202, &json!({ "status": "success" }))), slack());
    let world = world(&url).await;
    let known = Recipient { id: "duty".to_owned(), name: "On duty".to_owned(), created_at: world.now(), ..Recipient::default() };
    let named = NamedRoom { service: "pagerduty".to_owned(), url: format!("{}/v2/enqueue", duty.url()), token: Some(KEY.to_owned()) };
    assert!(save_recipient(&world.engine, at_room(&world.engine, known, named).unwrap()).await.unwrap());
    room(&world, "room", hook(&chat, "B1")).await;
    told_to(&world, &["duty", "room"]).await;
    low(&world, "A", "x").await;
    low(&world, "B", "x").await;
    world.pass(MINUTE).await;
    let actions = || -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        duty.seen().iter().map(|seen| seen.json()).map(|body| (text(&body["event_action"]), text(&body["dedup_key"]))).collect()
    };
    let raised = actions();
    assert!(raised.iter().all(|(action, _)| action == "trigger"), "{raised:?}");
    let (first, in_chat) = (raised[0].1.clone(), chat.seen().len());
    let request = RequestId::named(first.strip_prefix("lastword-").unwrap());
    let (engine, by) = (&world.engine, By::command());
    let alerts = of_requests(&engine.db, &[request]).await.unwrap();
    assert_eq!(acknowledge::by_hand(engine, alerts[0].id, "Anna", world.now()).await.unwrap(), Some(true));
    world.pass(MINUTE).await;
    assert_eq!(actions()[raised.len()..], [("acknowledge".to_owned(), first.clone())]);
    act(engine, &by, request, ReviewAct::Settle("Called back.".to_owned()), None, world.now()).await.unwrap().unwrap();
    world.pass(MINUTE).await;
    assert_eq!(actions()[raised.len() + 1..], [("resolve".to_owned(), first.clone())]);
    // A reply resolves that of the other rating.
    let other = raised.iter().map(|(_, key)| key.clone()).find(|key| *key != first).unwrap();
    let request = RequestId::named(other.strip_prefix("lastword-").unwrap());
    act(engine, &by, request, ReviewAct::Reply("Sorry.".to_owned()), None, world.now()).await.unwrap().unwrap();
    world.pass(MINUTE).await;
    assert!(actions()[raised.len() + 2..].contains(&("resolve".to_owned(), other)), "{:?}", actions());
    assert_eq!(chat.seen().len(), in_chat, "a chat room hears nothing of it");
}
