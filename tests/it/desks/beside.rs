//! A panel beside a chat whose last conversation the desk does not name: the engine finds it by its client.

use super::{MINUTE, SECOND, closed, tell, world_on};
use crate::on_both_databases;
use lastword::domain::line::LineSettings;
use lastword::life::desk::beside::session_beside;
use lastword_contract::{Beside, Chat, DeskEvent, DeskEventKind};

on_both_databases! {
    of_a_client_the_last_conversation_in_the_queues_line_is_meant => last_one;
}

async fn last_one(url: String) {
    let (world, ..) = world_on(&url).await;
    world.line(LineSettings { once_per_client_hours: 0, ..LineSettings::default() }).await;
    let beside = async |id: &str, queue: Option<&str>| {
        let client = Beside::Client { id: id.to_owned(), queue: queue.map(str::to_owned) };
        session_beside(&world.engine, &"cw".into(), client).await.unwrap()
    };
    assert_eq!(beside("9", None).await, None, "nothing is known of them yet");
    let first = closed(world.now(), "3");
    tell(&world, first.clone()).await;
    assert_eq!(beside("9", Some("3")).await.as_ref().map(|id| id.as_str()), Some("17"), "known by its close alone");
    world.pass(60 * MINUTE).await;
    let at = world.now();
    let later = DeskEvent { key: "close-18".to_owned(), session: "18".to_owned(), at, ..first };
    tell(&world, later).await;
    world.pass(SECOND).await;
    let chat = Chat { client: Some("10".to_owned()), ..Chat::default() };
    tell(&world, DeskEvent::new("opened:19", at, "19", DeskEventKind::Opened(Box::new(chat)))).await;
    assert_eq!(beside("9", Some("3")).await.as_ref().map(|id| id.as_str()), Some("18"), "the last one");
    assert_eq!(beside("10", None).await.as_ref().map(|id| id.as_str()), Some("19"), "one that goes on");
    assert_eq!(beside("11", None).await, None, "somebody else");
    let named = session_beside(&world.engine, &"cw".into(), Beside::Chat("17".to_owned())).await.unwrap();
    assert_eq!(named.as_ref().map(|id| id.as_str()), Some("17"));
}
