//! The conversation continues while its question is open: the session is reopened, or the client writes about something else.

use super::typed::{received, replies, score, types};
use super::{HOUR, MINUTE, outcome, world};
use crate::on_both_databases;
use crate::rig::world::World;
use lastword::domain::answer::Disposition;
use lastword::domain::answer::rating::Scale;
use lastword::domain::line::LineSettings;
use lastword::domain::report::calendar::Day;
use lastword::domain::report::period::Period;
use lastword::life::report::recount::recount;
use lastword::life::report::summary;
use lastword::life::session::change::{SessionChange, change_session};
use lastword::life::session::close_batch::{Close, Closed};
use lastword::life::session::event::{EventEnvelope, EventResult};
use lastword::life::session::explain::explain;
use lastword::store::records::inspect;
use lastword::store::report::Closes;
use lastword_contract::{DeliveryStatus, InboundKind, SendError, Verdict};

on_both_databases! {
    a_reopened_chat_takes_no_answer_any_more => reopened;
    what_was_rated_before_the_reopening_stays => rated_before;
    a_question_that_arrives_after_the_reopening_loses_its_buttons => under_way;
    a_merged_session_is_over_like_a_reopened_one => merged;
    after_an_ordinary_message_only_the_buttons_count => wrote_on;
    a_picture_is_an_ordinary_message_too => sent_a_picture;
}

const GOES_ON: &str = "Thank you. This conversation is still open, so there is nothing to rate yet.";

fn told(world: &World, session: &str) -> EventEnvelope {
    EventEnvelope {
        source: "desk".into(),
        event_key: format!("event-of-{session}"),
        body_hash: String::new(),
        session_id: session.into(),
        occurred_at: world.now(),
    }
}

async fn reopen(world: &World, session: &str) {
    assert_eq!(
        change_session(&world.engine, told(world, session), SessionChange::Reopened, world.now()).await.unwrap(),
        EventResult::Applied
    );
    world.work().await;
}

/// Asked, answered and canceled closes according to the counters.
async fn counted(world: &World) -> (i64, i64, i64) {
    let period = Period { from: Day::parse("2026-09-01").unwrap(), until: Day::parse("2027-09-01").unwrap() };
    let funnel = summary(&world.engine.db, &Closes::of(period)).await.unwrap().report.funnel;
    (funnel.asked, funnel.answered, funnel.canceled)
}

async fn reopened(url: String) {
    let world = world(url).await;
    let (request, question) = world.ask("S-1").await;
    assert_eq!(counted(&world).await, (1, 0, 0));
    world.clock.advance(MINUTE);
    world.staff.take();
    reopen(&world, "S-1").await;
    assert_eq!(outcome(&world, &request).await, (Some("expired".into()), Some("reopened".into())));
    assert_eq!(counted(&world).await, (1, 0, 0), "it was asked, and is over without an answer");
    let over = world.client.take().pop().expect("the buttons are taken off");
    assert_eq!((over.text.as_str(), over.choices.len(), over.replaces), (GOES_ON, 0, Some(format!("m-{}", question.key))));
    // The operator had asked "one parcel or two?".
    assert_eq!(types(&world, "S-1", "1").await.disposition, Disposition::NotAnAnswer);
    let reply = replies(&world, "S-1", "0", Some(format!("m-{}", question.key))).await;
    assert_eq!(reply.disposition, Disposition::NotAnAnswer, "also in reply to what was the question");
    let texts: Vec<_> = received(&world.staff.take()).into_iter().map(|event| event.data["text"].clone()).collect();
    assert_eq!(texts, ["1", "0"], "the desk reads both");
    // A tap on an outdated screen.
    let press = InboundKind::Press {
        token: question.choices[1].token.clone(),
        by: question.to.clone(),
        message_id: Some(format!("m-{}", question.key)),
        press_id: Some("spinner".into()),
    };
    let taken = world.happens("bot", press).await;
    assert_eq!((taken.disposition, taken.acknowledge), (Disposition::Late, Some(("spinner".into(), GOES_ON.into()))));
    assert_eq!(score(&world, &request).await, None);
    assert_eq!(outcome(&world, &request).await, (Some("expired".into()), Some("reopened".into())));
    // The client has seen a question, so the next one waits for its time.
    world.clock.advance(MINUTE);
    let again = Close { closed_at: world.now(), ..world.close_of("S-1") };
    assert!(matches!(world.tell(again).await, Closed::Kept { decision: Err(reason), .. } if reason == "throttled"));
    let story = explain(&world.engine.db, &"S-1".into()).await.unwrap().remove(0);
    assert!(story.history.iter().any(|sentence| sentence.text == "Close 1 ended as expired: reopened."), "{:?}", story.history);
}

async fn rated_before(url: String) {
    let world = world(url).await;
    let (request, question) = world.ask("S-1").await;
    world.tap(&question, "👍").await;
    world.client.take();
    world.clock.advance(MINUTE);
    reopen(&world, "S-1").await;
    assert_eq!(outcome(&world, &request).await.0.as_deref(), Some("answered"));
    assert_eq!(score(&world, &request).await, Some((1, None)));
    assert!(world.client.take().is_empty(), "the thanks stay");
    assert_eq!(types(&world, "S-1", "0").await.disposition, Disposition::NotAnAnswer);
    assert_eq!((score(&world, &request).await, counted(&world).await), (Some((1, None)), (1, 1, 0)));
}

async fn under_way(url: String) {
    let world = world(url).await;
    world.client.fails_with([SendError::new(Verdict::CannotKnow, "timeout", "no answer")]);
    let Closed::Kept { rating_request, .. } = world.tell(world.close_of("S-1")).await else { panic!("kept") };
    world.pass(MINUTE).await;
    reopen(&world, "S-1").await;
    assert_eq!(outcome(&world, &rating_request.to_string()).await.0.as_deref(), Some("canceled"));
    let ask = lastword::store::question::delivery::about(&world.engine.db, &[&rating_request]).await.unwrap().remove(0);
    world.client.take();
    // The platform now reports that it arrived.
    let arrived = InboundKind::Status { message_id: Some("m-7".into()), key: Some(ask.id.to_string()), status: DeliveryStatus::Sent };
    assert_eq!(world.happens("bot", arrived).await.disposition, Disposition::Counted);
    world.work().await;
    let over = world.client.take().pop().expect("its buttons are taken off");
    assert_eq!((over.text.as_str(), over.replaces.as_deref()), (GOES_ON, Some("m-7")));
    assert_eq!(outcome(&world, &rating_request.to_string()).await, (Some("expired".into()), Some("reopened".into())));
    assert_eq!(counted(&world).await, (1, 0, 0), "it was asked after all");
    assert_eq!(recount(&world.engine.db, world.now(), |_| {}).await.unwrap().wrong, 0);
    let listed = inspect::unrated_closes(&world.engine.db).await.unwrap();
    assert_eq!(listed, [("expired".to_owned(), rating_request)], "and is in the list of those");
}

async fn merged(url: String) {
    let world = world(url).await;
    let (request, question) = world.ask("S-1").await;
    world.clock.advance(MINUTE);
    assert_eq!(
        change_session(&world.engine, told(&world, "S-1"), SessionChange::Merged { into: "S-0".into() }, world.now()).await.unwrap(),
        EventResult::Applied
    );
    world.work().await;
    assert_eq!(outcome(&world, &request).await, (Some("expired".into()), Some("merged".into())));
    assert_eq!(world.client.take().pop().expect("over").text, GOES_ON);
    assert_eq!(types(&world, "S-1", "1").await.disposition, Disposition::NotAnAnswer);
    assert_eq!(world.tap(&question, "👍").await.disposition, Disposition::Late);
}

async fn wrote_on(url: String) {
    let world = world(url).await;
    let (request, question) = world.ask("S-1").await;
    world.staff.take();
    assert_eq!(types(&world, "S-1", "I have two more pieces").await.disposition, Disposition::NotAnAnswer);
    assert_eq!(types(&world, "S-1", "1").await.disposition, Disposition::NotAnAnswer, "one of the two, not a mark");
    assert_eq!(received(&world.staff.take()).len(), 2);
    assert_eq!(outcome(&world, &request).await, (None, None), "the question stays");
    let story = explain(&world.engine.db, &"S-1".into()).await.unwrap().remove(0);
    assert!(story.history.iter().any(|sentence| sentence.text.contains("From now on only the buttons count")), "{:?}", story.history);
    assert_eq!(world.tap(&question, "👎").await.disposition, Disposition::Counted);

    // A reply to the question itself is unambiguous.
    world.pass(25 * HOUR).await;
    let (request, question) = world.ask("S-2").await;
    types(&world, "S-2", "Wait, one more thing").await;
    assert_eq!(replies(&world, "S-2", "1", Some(format!("m-{}", question.key))).await.disposition, Disposition::Counted);
    assert_eq!(score(&world, &request).await, Some((1, None)));
}

async fn sent_a_picture(url: String) {
    let world = world(url).await;
    world.line(LineSettings { scale: Scale::FiveStar, ..LineSettings::default() }).await;
    let (request, question) = world.ask("S-1").await;
    let picture = InboundKind::Wrote { by: question.to.clone(), at: world.now(), window_expires_at: None };
    world.happens("bot", picture).await;
    assert_eq!(types(&world, "S-1", "5").await.disposition, Disposition::NotAnAnswer, "five of what is in the picture");
    assert_eq!(score(&world, &request).await, None);
    assert_eq!(world.tap(&question, "★★★★").await.disposition, Disposition::Counted);
}
