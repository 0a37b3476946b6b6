//! The owner's letter: once per period, in its reader's language, about the permitted lines.

use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::access::audit::By;
use lastword::domain::report::letter::Every;
use lastword::life::admin::change_letter::{Saved, delete_letter, save_letter};
use lastword::life::admin::change_line::save_recipient;
use lastword::life::report::letter::{send_due, send_trial, text};
use lastword::store::alert::recipient;
use lastword::store::report::letter::{Letter, last_sent};
use lastword_contract::{InboundKind, Outgoing, Purpose, TextMessage};
use serde_json::json;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

on_both_databases! {
    a_letter_comes_once_for_each_period => once;
    it_says_what_its_reader_may_know_in_their_language => says;
    what_makes_no_sense_is_refused => refused;
}

fn weekly(world: &World) -> Letter {
    Letter {
        id: "boss".into(),
        recipient_id: "anna".into(),
        every: Every::Weekly,
        hour: 8,
        created_at: world.now(),
        changed_at: world.now(),
        changed_by: "test".into(),
        ..Letter::default()
    }
}

async fn save(world: &World, letter: &Letter) -> Result<Letter, String> {
    match save_letter(&world.engine, &By::command(), letter.clone(), world.now()).await.unwrap() {
        Saved::Letter(letter) => Ok(*letter),
        Saved::Bad(bad) => Err(bad.field),
    }
}

fn letters(world: &World) -> Vec<Outgoing> {
    let is_letter = |message: &Outgoing| message.purpose == Purpose::Alert && message.data["kind"] == "letter";
    world.staff.take().into_iter().filter(is_letter).collect()
}

/// Advances to nine in the morning of the next Monday.
async fn to_monday(world: &World) {
    // 1970 began on a Thursday.
    let since = (world.now() - 4 * DAY) % (7 * DAY);
    world.clock.advance(7 * DAY - since + 7 * HOUR);
}

async fn once(url: String) {
    let world = World::on(&url, messenger()).await;
    let (_, question) = world.ask("A").await;
    world.tap(&question, "👎").await;
    save(&world, &weekly(&world)).await.unwrap();
    to_monday(&world).await;
    world.pass(0).await;
    assert_eq!(letters(&world).len(), 0, "not before eight");
    world.clock.advance(HOUR);
    // Two nodes at once, and a restart afterwards.
    let (one, other) = tokio::join!(send_due(&world.engine, world.now()), send_due(&world.engine, world.now()));
    assert_eq!(one.unwrap() + other.unwrap(), 1);
    world.pass(HOUR).await;
    let mut all = letters(&world);
    assert_eq!(all.len(), 1);
    let first = all.remove(0);
    assert_eq!(first.to.chat, "anna");
    assert!(first.text.starts_with("Your clients’ ratings of the week: 21 September – 27 September 2026"), "{}", first.text);
    assert!(first.text.contains("Good ratings: 0.0% (0 of 1)") && first.text.contains("Low ratings without a reply: 1"), "{}", first.text);
    assert_eq!(last_sent(&world.engine.db).await.unwrap()["boss"].people, 1);
    // Down for three weeks: only the newest letter is sent.
    world.pass(22 * DAY).await;
    assert_eq!(letters(&world).len(), 1);
    world.pass(DAY).await;
    assert_eq!(letters(&world).len(), 0);
    // A trial is sent in addition.
    assert_eq!(send_trial(&world.engine, &By::command(), &weekly(&world), world.now()).await.unwrap(), 1);
    world.work().await;
    assert_eq!(letters(&world).len(), 1);
    assert!(delete_letter(&world.engine, &By::command(), "boss", world.now()).await.unwrap());
    world.pass(8 * DAY).await;
    assert_eq!(letters(&world).len(), 0);
}

async fn says(url: String) {
    let world = World::on(&url, messenger()).await;
    let (_, question) = world.ask("A").await;
    world.tap(&question, "👎").await;
    let words = InboundKind::Text(TextMessage::new("Drei Tage gewartet!", question.to.clone()).in_reply_to(format!("m-{}", question.key)));
    world.happens("bot", words).await;
    let anna = recipient::all(&world.engine.db).await.unwrap().remove(0);
    assert!(save_recipient(&world.engine, recipient::Recipient { language: Some("de".into()), ..anna }).await.unwrap());
    let letter = weekly(&world);
    save(&world, &letter).await.unwrap();
    to_monday(&world).await;
    world.clock.advance(HOUR);
    send_due(&world.engine, world.now()).await.unwrap();
    world.work().await;
    let sent = letters(&world).remove(0);
    assert!(sent.text.contains("👎 “Drei Tage gewartet!” (Support)"), "{}", sent.text);
    assert!(sent.text.contains("Woche: 21. September – 27. September 2026"), "{}", sent.text);
    assert!(!sent.text.contains("geändert"), "nothing was there before that it could be compared with: {}", sent.text);
    assert_eq!((&sent.data["every"], &sent.data["unreplied"]), (&json!("weekly"), &json!(1)));
    assert_eq!(sent.data["definition_changed"], json!(false));
    // A letter about other lines contains nothing of this one.
    let others = Letter { lines: Some(vec!["sales".into()]), ..letter };
    let (period, _) = Every::Weekly.due(8, world.now(), world.engine.db.zone());
    let said = text(&world.engine, &others, period, "en", world.now()).await.unwrap();
    assert!(said.contains("No ratings.") && !said.contains("Drei Tage"), "{said}");
}

async fn refused(url: String) {
    let world = World::on(&url, messenger()).await;
    let fine = weekly(&world);
    for (letter, field) in [
        (Letter { id: "a b".into(), ..fine.clone() }, "id"),
        (Letter { recipient_id: "nobody".into(), ..fine.clone() }, "recipient"),
        (Letter { hour: 24, ..fine.clone() }, "hour"),
        (Letter { lines: Some(Vec::new()), ..fine.clone() }, "lines"),
        (Letter { lines: Some(vec!["nowhere".into()]), ..fine.clone() }, "lines"),
    ] {
        assert_eq!(save(&world, &letter).await, Err(field.to_owned()));
    }
    let one_line = Letter { lines: Some(vec!["support".into()]), ..fine };
    assert_eq!(save(&world, &one_line).await, Ok(one_line));
}
