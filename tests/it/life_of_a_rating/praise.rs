//! The best score with a comment is sent to the operator: once, updated with the rating, and without the client.

use super::HOUR;
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::access::audit::By;
use lastword::domain::alert::AlertKind;
use lastword::domain::answer::Disposition;
use lastword::domain::answer::rating::Scale;
use lastword::domain::line::LineSettings;
use lastword::life::records::client_data::erase;
use lastword::names::RequestId;
use lastword::store::alert;
use lastword_contract::{InboundKind, Outgoing, Purpose, TextMessage};

on_both_databases! {
    praise_reaches_the_operator_once => told_once;
    praise_that_is_another_one_is_written_where_it_stands => follows_the_rating;
    erased_praise_leaves_the_operators_chat => erased;
    only_the_best_score_with_a_comment_is_praise => only_that;
}

/// Anna is the operator op-7; she receives nothing else here.
async fn world(url: &str, settings: LineSettings) -> World {
    let world = World::on(url, messenger()).await;
    world.recipient("boss", None).await;
    let mut settings = settings;
    settings.alerts.recipients = vec!["boss".to_owned()];
    world.line_as_it_is(settings).await;
    world
}

async fn comment(world: &World, question: &Outgoing, text: &str) {
    let what = InboundKind::Text(TextMessage::new(text, question.to.clone()).in_reply_to(format!("m-{}", question.key)));
    assert_eq!(world.happens("bot", what).await.disposition, Disposition::Counted);
    world.work().await;
}

/// Messages to Anna, each with the message that it replaces.
fn told(world: &World) -> Vec<(String, Option<String>)> {
    let messages = world.staff.take().into_iter().filter(|message| !matches!(message.purpose, Purpose::Event(_)));
    messages.filter(|message| message.to.chat == "anna").map(|message| (message.text, message.replaces)).collect()
}

async fn told_once(url: String) {
    let world = world(&url, LineSettings::default()).await;
    let (request, question) = world.ask("S-1").await;
    world.tap(&question, "👍").await;
    assert_eq!(told(&world), [], "nothing was said yet");
    comment(&world, &question, "Olga was wonderful").await;
    assert_eq!(told(&world), [("Praise for you: 👍 on Support\n“Olga was wonderful”".to_owned(), None)]);
    // The same press again, the next round, and another node: nothing more is sent.
    world.tap(&question, "👍").await;
    world.pass(HOUR).await;
    assert_eq!(told(&world), []);
    let alerts = alert::of_requests(&world.engine.db, &[RequestId::named(&request)]).await.unwrap();
    let praise: Vec<_> = alerts.iter().map(|alert| (alert.kind, alert.recipient_id.as_str(), alert.escalate_at)).collect();
    assert_eq!(praise, [(AlertKind::Praise, "anna", None)]);
}

async fn follows_the_rating(url: String) {
    let world = world(&url, LineSettings { scale: Scale::FiveStar, ..LineSettings::default() }).await;
    let (_, question) = world.ask("S-1").await;
    world.tap(&question, "★★★★★").await;
    comment(&world, &question, "Wonderful").await;
    assert_eq!(told(&world)[0].0, "Praise for you: ★★★★★ 5/5 on Support\n“Wonderful”");
    world.tap(&question, "★★★").await;
    let over = told(&world);
    assert_eq!(over.len(), 1, "{over:?}");
    assert!(over[0].0.starts_with("This praise is no longer there") && over[0].1.is_some(), "in its place: {over:?}");
    world.tap(&question, "★★★★★").await;
    let again = told(&world);
    assert_eq!(again.len(), 1, "{again:?}");
    assert!(again[0].0.contains("“Wonderful”") && again[0].1 == over[0].1, "where it stood, not a second time: {again:?}");
}

async fn erased(url: String) {
    let world = world(&url, LineSettings::default()).await;
    let (_, question) = world.ask("S-1").await;
    world.tap(&question, "👍").await;
    comment(&world, &question, "I am Maria, call me").await;
    assert!(told(&world)[0].0.contains("Maria"));
    erase(&world.engine, &By::command(), &"desk/client-of-S-1".into(), world.now()).await.unwrap().expect("somebody was there");
    world.work().await;
    let after = told(&world);
    assert_eq!(after.len(), 1, "{after:?}");
    assert!(after[0].0.starts_with("This praise is no longer there") && after[0].1.is_some(), "{after:?}");
}

async fn only_that(url: String) {
    let world = world(&url, LineSettings { scale: Scale::FiveStar, ..LineSettings::default() }).await;
    for (session, score) in [("S-1", "★★★★"), ("S-2", "★")] {
        let (_, question) = world.ask(session).await;
        world.tap(&question, score).await;
        comment(&world, &question, "So so").await;
    }
    assert_eq!(told(&world), []);
    world.line(LineSettings { praise: false, ..LineSettings::default() }).await;
    let (_, question) = world.ask("S-3").await;
    world.tap(&question, "👍").await;
    comment(&world, &question, "Great").await;
    assert_eq!(told(&world), [], "the line does not pass it on");
}
