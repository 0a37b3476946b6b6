//! "Seen" is added below the present content of an alert.

use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::answer::Disposition;
use lastword::domain::line::{Alerts, LineSettings};
use lastword_contract::{Address, InboundKind, Outgoing, Purpose};

on_both_databases! {
    seen_under_an_alert_whose_rating_is_low_no_more_does_not_call_it_low => alone;
    seen_under_a_digest_moves_what_is_low_no_more => gathered;
}

async fn world_of(url: &str) -> World {
    let world = World::on(url, messenger()).await;
    let alerts =
        Alerts { recipients: vec!["anna".to_owned()], text: Some("Low rating #SCORE# by #OPERATOR#".to_owned()), ..Alerts::default() };
    world.line_as_it_is(LineSettings { alerts, ..LineSettings::default() }).await;
    world
}

async fn rate_low(world: &World, session: &str) -> Outgoing {
    let (_, question) = world.ask(session).await;
    assert_eq!(world.tap(&question, "👎").await.disposition, Disposition::Counted);
    question
}

fn alerts(world: &World) -> Vec<Outgoing> {
    world.staff.take().into_iter().filter(|message| message.purpose == Purpose::Alert).collect()
}

/// Anna presses the button of the message; returns its new content.
async fn press_seen(world: &World, message: &Outgoing) -> Outgoing {
    let press = InboundKind::Press {
        token: message.choices[0].token.clone(),
        by: Address::chat("anna"),
        message_id: Some(format!("m-{}", message.key)),
        press_id: None,
    };
    assert_eq!(world.happens("staff", press).await.disposition, Disposition::Counted);
    world.work().await;
    let mut edits = world.staff.take().into_iter().filter(|sent| sent.purpose == Purpose::Settle);
    let seen = edits.next_back().expect("the message says who has seen it");
    assert_eq!((&seen.replaces, seen.choices.len()), (&Some(format!("m-{}", message.key)), 0));
    seen
}

async fn alone(url: String) {
    let world = world_of(&url).await;
    let question = rate_low(&world, "S-1").await;
    let alert = alerts(&world).pop().expect("an alert");
    assert!(alert.text.starts_with("Low rating 👎"), "{}", alert.text);
    assert_eq!(world.tap(&question, "👍").await.disposition, Disposition::Changed);
    world.staff.take();
    let seen = press_seen(&world, &alert).await;
    assert!(seen.text.starts_with("The client changed the rating to 👍. It is no longer low."), "{}", seen.text);
    assert!(seen.text.ends_with("\n✓ Seen by anna") && !seen.text.contains("Low rating"), "{}", seen.text);
    assert_eq!(seen.data["kind"], "changed", "{}", seen.data);
}

async fn gathered(url: String) {
    let world = world_of(&url).await;
    let mut questions = Vec::new();
    for number in 0..8 {
        questions.push(rate_low(&world, &format!("S-{number}")).await);
    }
    world.pass(120_000).await;
    let digest = alerts(&world).into_iter().find(|message| message.data.get("count").is_some()).expect("a digest");
    let count = digest.data["count"].as_u64().unwrap();
    assert!(count > 1, "{}", digest.data);
    assert_eq!(world.tap(&questions[7], "👍").await.disposition, Disposition::Changed);
    world.staff.take();
    let seen = press_seen(&world, &digest).await;
    assert_eq!((seen.data["count"].as_u64(), &seen.data["changed"]), (Some(count - 1), &1.into()), "{}", seen.data);
    assert!(seen.text.contains("No longer low: 1\n👍"), "{}", seen.text);
    assert!(!seen.text.contains("Low rating 👍"), "{}", seen.text);
}
