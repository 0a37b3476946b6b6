//! The story of a rating, readable for non-programmers, on both databases.

mod alerts;
mod aliases;
mod batches;
mod claimed_too_early;
mod closes;
mod corrections;
mod damaged;
mod dry_run;
mod experiments;
mod goes_on;
mod handled;
mod labels;
mod one_person;
mod overtaken;
mod paced;
mod praise;
mod seen;
mod talking;
mod typed;
mod windows;
mod wishes;

use crate::on_both_databases;
use crate::rig::world::{PUBLIC_URL, World, messenger};
use lastword::domain::answer::rating::Scale;
use lastword::domain::answer::reason::Reason;
use lastword::domain::answer::{AnswerKind, Disposition};
use lastword::domain::line::{Alerts, FollowUp, LineSettings, Resolved};
use lastword::life::alert::acknowledge;
use lastword::life::session::change::{SessionChange, change_session};
use lastword::life::session::close_batch::Closed;
use lastword::life::session::event::{EventEnvelope, EventResult};
use lastword::life::session::explain::explain;
use lastword::names::RequestId;
use lastword::store::alert;
use lastword::store::answer::rating;
use lastword::store::question::{delivery, rating_request};
use lastword_contract::{Address, Capabilities, Inbound, InboundKind, Purpose, SendError, TextMessage, Verdict};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

on_both_databases! {
    a_chat_is_closed_the_client_taps_thumbs_down_and_the_supervisor_knows => thumbs_down;
    five_stars_and_a_change_of_mind => change_of_mind;
    a_score_that_is_neither_good_nor_low_is_thanked_as_such => neutral;
    reasons_go_with_the_low_score_they_belong_to => reasons_go;
    where_nothing_can_be_edited_the_client_hears_a_word_when_one_is_due => not_editable;
    nobody_is_asked_twice_a_day => not_twice_a_day;
    the_same_close_told_twice_is_one_question => told_twice;
    a_reopened_chat_is_not_asked_about => reopened;
    a_silent_client_ends_as_expired => expired;
    an_unreachable_client_ends_as_unreachable => unreachable;
    i11_forged_foreign_and_late_answers_do_not_count => not_counted;
    a_storm_of_low_ratings_becomes_a_digest_whose_counts_add_up => storm;
    whoever_was_told_in_a_digest_hears_when_it_was_no_longer_low => told_in_a_digest;
    an_alert_nobody_acknowledges_goes_on => escalation;
    no_recipient_is_said_aloud => no_recipient;
    an_unknown_end_is_never_sent_again_silently => unknown_end;
    an_answer_overtakes_the_end_of_the_call_and_the_question_is_found_later => overtaken;
    i20_a_rating_stays_with_the_operator_of_the_close => attribution;
}

async fn world(url: String) -> World {
    World::on(&url, messenger()).await
}

async fn outcome(world: &World, id: &str) -> (Option<String>, Option<String>) {
    let request = rating_request::load(&world.engine.db, &[RequestId::named(id)]).await.unwrap().remove(0);
    (request.outcome.map(|outcome| outcome.to_string()), request.reason)
}

async fn thumbs_down(url: String) {
    let world = world(url).await;
    world
        .line(LineSettings { follow_up: FollowUp { resolved: Resolved::AfterLow, ..FollowUp::default() }, ..LineSettings::default() })
        .await;

    let (request, question) = world.ask("S-1").await;
    assert_eq!(question.text, "Please rate the quality of service");
    assert_eq!(question.choices.iter().map(|choice| choice.label.as_str()).collect::<Vec<_>>(), ["👍", "👎"]);

    assert_eq!(world.tap(&question, "👎").await.disposition, Disposition::Counted);

    // The question is replaced with thanks, with reasons to choose from.
    let thanks = world.client.take().pop().expect("thanks");
    assert_eq!((thanks.purpose.clone(), thanks.replaces.clone()), (Purpose::Settle, Some(format!("m-{}", question.key))));
    assert!(thanks.text.starts_with("Thank you for telling us"), "{}", thanks.text);
    let again = lastword_contract::Outgoing { key: question.key.clone(), ..thanks };
    assert_eq!(world.tap(&again, "Took too long").await.disposition, Disposition::Counted);
    assert_eq!(world.tap(&again, "No").await.disposition, Disposition::Counted);
    let by = Address::chat("chat-S-1");
    let comment = InboundKind::Text(TextMessage::new("Waited an hour", by).in_reply_to(format!("m-{}", question.key)));
    assert_eq!(world.happens("bot", comment).await.disposition, Disposition::Counted);

    let rating = rating::of_requests(&world.engine.db, &[RequestId::named(&request)])
        .await
        .unwrap()
        .remove(&RequestId::named(&request))
        .expect("a rating");
    assert_eq!((rating.score, rating.low, rating.comment.as_deref(), rating.resolved), (0, 1, Some("Waited an hour"), Some(0)));
    assert_eq!(rating.reasons, [Reason { code: "slow".to_owned(), text: "Took too long".to_owned() }]);
    assert_eq!(outcome(&world, &request).await.0.as_deref(), Some("answered"));

    // The supervisor and programs were notified.
    let told = world.staff.take();
    let alert = told.iter().find(|message| message.purpose == Purpose::Alert).expect("an alert");
    assert!(alert.text.contains("👎 on Support") && alert.text.contains("Olga") && alert.text.contains("S-1"), "{}", alert.text);
    let events: Vec<&Purpose> =
        told.iter().map(|message| &message.purpose).filter(|purpose| matches!(purpose, Purpose::Event(_))).collect();
    assert!(events.contains(&&Purpose::Event("rating.created".into())) && events.contains(&&Purpose::Event("outcome.decided".into())));

    // `explain` shows the whole history.
    let story = explain(&world.engine.db, &"S-1".into()).await.unwrap().remove(0);
    let text = story.history.iter().map(|sentence| sentence.text.as_str()).collect::<Vec<_>>().join("\n");
    for part in [
        "Closed by operator",
        "Decided to ask",
        "The ask is sent",
        "score 0 – counted",
        "reason Took too long",
        "Alert to anna",
        "ended as answered",
    ] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    assert!(!text.contains("Waited an hour"), "comments are personal");
}

async fn change_of_mind(url: String) {
    let world = world(url).await;
    world.line(LineSettings { scale: Scale::FiveStar, ..LineSettings::default() }).await;
    let (request, question) = world.ask("S-1").await;
    assert_eq!(question.choices.len(), 5);
    assert_eq!(world.tap(&question, "★★★★★").await.disposition, Disposition::Counted);
    // The thanks offer to choose again, and then the question replaces them.
    let thanks = lastword_contract::Outgoing { key: question.key.clone(), ..world.client.take().pop().expect("thanks") };
    assert_eq!(world.tap(&thanks, "Change my answer").await.disposition, Disposition::Counted);
    let again = world.client.take().pop().expect("the question again");
    assert_eq!((again.choices.len(), again.replaces.as_ref()), (5, Some(&format!("m-{}", question.key))));
    world.pass(9 * MINUTE).await;
    let two = question.choices.iter().find(|choice| choice.label == "★★").unwrap().token.clone();
    let press = |token: &str| InboundKind::Press { token: token.to_owned(), by: question.to.clone(), message_id: None, press_id: None };
    assert_eq!(world.happens("bot", press(&two)).await.disposition, Disposition::Changed);
    let rating =
        rating::of_requests(&world.engine.db, &[RequestId::named(&request)]).await.unwrap().remove(&RequestId::named(&request)).unwrap();
    assert_eq!((rating.score, rating.low, rating.revision), (2, 1, 2));
    world.pass(2 * MINUTE).await;
    let five = question.choices.iter().find(|choice| choice.label == "★★★★★").unwrap().token.clone();
    assert_eq!(world.happens("bot", press(&five)).await.disposition, Disposition::Locked);
    assert_eq!(rating::of_requests(&world.engine.db, &[RequestId::named(&request)]).await.unwrap()[&RequestId::named(&request)].score, 2);
    assert_eq!(world.staff.take().iter().filter(|message| message.purpose == Purpose::Alert).count(), 1, "told when it became low");
}

async fn neutral(url: String) {
    let world = world(url).await;
    let texts = lastword::domain::line::Texts { thanks_neutral: Some("Danke, notiert.".into()), ..Default::default() };
    let settings = LineSettings { scale: Scale::FiveStar, texts: [("de".to_owned(), texts)].into(), ..LineSettings::default() };
    world.line(settings).await;
    let (_, question) = world.ask("S-1").await;
    world.tap(&question, "★★★").await;
    let thanks = world.client.take().pop().expect("thanks");
    assert_eq!(thanks.text, "Thank you for your rating.");
    let german = lastword::life::session::close_batch::Close { language: Some("de-AT".into()), ..world.close_of("S-2") };
    world.tell(german).await;
    world.pass(MINUTE).await;
    let question = world.client.take().pop().expect("the question");
    world.tap(&question, "★★★").await;
    assert_eq!(world.client.take().pop().expect("thanks").text, "Danke, notiert.", "the line's own words");
}

async fn reasons_go(url: String) {
    let world = world(url).await;
    world.line(LineSettings { scale: Scale::FiveStar, ..LineSettings::default() }).await;
    let (request, question) = world.ask("S-1").await;
    let of = async |request: &str| {
        rating::of_requests(&world.engine.db, &[RequestId::named(request)]).await.unwrap().remove(&RequestId::named(request)).unwrap()
    };
    world.tap(&question, "★").await;
    let thanks = lastword_contract::Outgoing { key: question.key.clone(), ..world.client.take().pop().expect("thanks") };
    world.tap(&thanks, "Took too long").await;
    world.tap(&question, "★★").await;
    assert_eq!(of(&request).await.reasons.len(), 1, "still low");
    world.staff.take();
    world.tap(&question, "★★★★").await;
    let rating = of(&request).await;
    assert_eq!((rating.score, rating.low, rating.reasons.len()), (4, 0, 0));
    let told = world.staff.take();
    let changed = told.iter().rfind(|message| message.purpose == Purpose::Event("rating.changed".into())).expect("programs hear of it");
    assert_eq!(changed.data["rating"]["reasons"], serde_json::json!([]));
    let history = lastword::store::answer::about(&world.engine.db, &[RequestId::named(&request)]).await.unwrap();
    assert!(history.iter().any(|event| event.kind == AnswerKind::Reason && event.value == "Took too long"), "the history keeps them");
}

async fn not_editable(url: String) {
    let world = World::on(&url, Capabilities { edits: false, ..messenger() }).await;
    world.line(LineSettings::default()).await;
    let (_, question) = world.ask("S-1").await;
    let said = || world.client.take().into_iter().map(|message| (message.replaces.clone(), message)).collect::<Vec<_>>();
    world.tap(&question, "👎").await;
    let [(None, thanks)] = &said()[..] else { panic!("thanks in a new message") };
    world.tap(thanks, "Took too long").await;
    assert!(said().is_empty(), "not every reason is thanked for");
    world.tap(thanks, "Change my answer").await;
    let [(None, again)] = &said()[..] else { panic!("the question again, in a new message") };
    assert_eq!((&again.text, again.choices.len()), (&question.text, 2));
    world.tap(again, "👍").await;
    let [(None, thanks)] = &said()[..] else { panic!("another score is thanked for") };
    assert!(thanks.text.starts_with("Thank you"), "{}", thanks.text);
    world.tap(again, "👍").await;
    assert!(said().is_empty(), "the same score again is no news");

    // An unanswered question ends silently, and a tap after the end gets a notice.
    world.pass(25 * HOUR).await;
    let (_, question) = world.ask("S-2").await;
    world.pass(80 * HOUR).await;
    assert!(said().is_empty(), "nobody is written to because the time is over");
    world.tap(&question, "👍").await;
    let [(None, over)] = &said()[..] else { panic!("a late tap is told that the time is over") };
    assert!(over.choices.is_empty(), "{}", over.text);
}

async fn not_twice_a_day(url: String) {
    let world = world(url).await;
    world.ask("S-1").await;
    world.pass(HOUR).await;
    let second = lastword::life::session::close_batch::Close { client: Some("client-of-S-1".into()), ..world.close_of("S-2") };
    assert!(matches!(world.tell(second).await, Closed::Kept { decision: Err(reason), .. } if reason == "throttled"));
    world.pass(24 * HOUR).await;
    let third = lastword::life::session::close_batch::Close { client: Some("client-of-S-1".into()), ..world.close_of("S-3") };
    assert!(matches!(world.tell(third).await, Closed::Kept { decision: Ok(_), .. }));
}

async fn told_twice(url: String) {
    let world = world(url).await;
    let close = world.close_of("S-1");
    let first = world.tell(close.clone()).await;
    let Closed::Kept { rating_request, decision, repeated: false } = first else { panic!("{first:?}") };
    assert_eq!(world.tell(close.clone()).await, Closed::Kept { rating_request, decision: decision.clone(), repeated: true });
    let other_body = lastword::life::session::close_batch::Close { body_hash: "other".into(), ..close.clone() };
    assert_eq!(world.tell(other_body).await, Closed::KeyReused);
    let other_key = lastword::life::session::close_batch::Close { event_key: "another".into(), ..close };
    assert_eq!(world.tell(other_key).await, Closed::Kept { rating_request, decision, repeated: true }, "closed once, whatever the keys");
    world.pass(MINUTE).await;
    assert_eq!(world.client.take().len(), 1);
}

async fn reopened(url: String) {
    let world = world(url).await;
    let Closed::Kept { rating_request, .. } = world.tell(world.close_of("S-1")).await else { panic!() };
    world.clock.advance(500);
    let told = EventEnvelope {
        source: "desk".into(),
        event_key: "reopen-1".into(),
        body_hash: String::new(),
        session_id: "S-1".into(),
        occurred_at: world.now(),
    };
    assert_eq!(change_session(&world.engine, told, SessionChange::Reopened, world.now()).await.unwrap(), EventResult::Applied);
    world.pass(MINUTE).await;
    assert!(world.client.take().is_empty(), "I9: no question after a reopen");
    assert_eq!(outcome(&world, &rating_request.to_string()).await, (Some("canceled".into()), Some("reopened".into())));
    // Closed again, the client may be asked, because they were not asked before.
    let (second, _) = world.ask("S-1").await;
    assert_ne!(second, rating_request.to_string());
}

async fn expired(url: String) {
    let world = world(url).await;
    let (request, question) = world.ask("S-1").await;
    world.pass(72 * HOUR).await;
    world.work().await;
    assert_eq!(outcome(&world, &request).await.0.as_deref(), Some("expired"));
    let settled = world.client.take().pop().expect("the buttons are taken away");
    assert!(settled.choices.is_empty() && settled.replaces.is_some());
    assert_eq!(world.tap(&question, "👍").await.disposition, Disposition::Late);
    assert!(rating::of_requests(&world.engine.db, &[RequestId::named(&request)]).await.unwrap().is_empty(), "kept apart");
}

async fn unreachable(url: String) {
    let world = world(url).await;
    world.client.fails_with([SendError::new(Verdict::RecipientGone, "blocked", "bot was blocked by the user")]);
    let Closed::Kept { rating_request, .. } = world.tell(world.close_of("S-1")).await else { panic!() };
    world.pass(MINUTE).await;
    assert_eq!(outcome(&world, &rating_request.to_string()).await, (Some("unreachable".into()), Some("recipient_gone".into())));
}

async fn not_counted(url: String) {
    let world = world(url).await;
    let (request, question) = world.ask("S-1").await;
    let (_, other) = world.ask("S-2").await;
    let token = question.choices[1].token.clone();
    let press = |token: String, chat: &str| InboundKind::Press { token, by: Address::chat(chat), message_id: None, press_id: None };
    assert_eq!(world.happens("bot", press(token.clone(), "chat-S-2")).await.disposition, Disposition::Foreign);
    assert_eq!(world.happens("staff", press(token.clone(), "chat-S-1")).await.disposition, Disposition::Forged, "another connection");
    let forged = token.replace("_0_", "_1_");
    assert_eq!(world.happens("bot", press(forged, "chat-S-1")).await.disposition, Disposition::Forged);
    assert_eq!(world.happens("bot", press("r1_nonsense".into(), "chat-S-1")).await.disposition, Disposition::Forged);
    assert_eq!(
        world.happens("bot", InboundKind::Text(TextMessage::new("5", other.to.clone()))).await.disposition,
        Disposition::NotAnAnswer
    );
    assert!(rating::of_requests(&world.engine.db, &[RequestId::named(&request)]).await.unwrap().is_empty());
    // The same event sent again has no second effect.
    let inbound = Inbound { key: "u-77".into(), order: 77, at: None, kind: press(token, "chat-S-1") };
    assert!(!world.arrives("bot", inbound.clone()).await.repeated);
    assert!(world.arrives("bot", inbound).await.repeated);
}

async fn storm(url: String) {
    let world = world(url).await;
    for number in 0..12 {
        let (_, question) = world.ask(&format!("S-{number}")).await;
        world.tap(&question, "👎").await;
    }
    world.pass(3 * MINUTE).await;
    world.pass(3 * MINUTE).await;
    let alerts: Vec<_> = world.staff.take().into_iter().filter(|message| message.purpose == Purpose::Alert).collect();
    let single = alerts.iter().filter(|message| message.text.starts_with("Low rating")).count();
    let digested: u64 = alerts.iter().filter_map(|message| message.data.get("count")?.as_u64()).sum();
    assert_eq!(single as u64 + digested, 12, "I14: every low rating is in exactly one message");
    assert!(single <= 6 && digested > 0, "{single} at once, {digested} in digests");
}

async fn told_in_a_digest(url: String) {
    let world = world(url).await;
    let mut last = None;
    for number in 0..8 {
        let (_, question) = world.ask(&format!("S-{number}")).await;
        world.tap(&question, "👎").await;
        last = Some(question);
    }
    world.pass(2 * MINUTE).await;
    let told = world.staff.take();
    let digest = told.iter().find(|message| message.data.get("changed").is_some()).expect("a digest");
    let page = format!("{PUBLIC_URL}low");
    assert!(digest.text.starts_with(&format!("More low ratings: {}\n👎 Support · Olga · S-", digest.data["count"])), "{}", digest.text);
    assert!(digest.text.ends_with(&format!("👎 Support · Olga · S-7\n{page}")), "{}", digest.text);
    assert_eq!(digest.data["url"], page.as_str(), "programs are told where the low ratings are");
    assert!(digest.data["rating_requests"].as_array().unwrap().len() as u64 == digest.data["count"].as_u64().unwrap());
    // The last of them was only in the digest; its client changes the score.
    assert_eq!(world.tap(&last.expect("a question"), "👍").await.disposition, Disposition::Changed);
    world.pass(3 * MINUTE).await;
    let alerts: Vec<_> = world.staff.take().into_iter().filter(|message| message.purpose == Purpose::Alert).collect();
    let changed = |message: &lastword_contract::Outgoing| {
        message.text.starts_with("The client changed the rating to 👍") || message.data["changed"] == 1 && message.data["count"] == 0
    };
    assert!(alerts.len() == 1 && changed(&alerts[0]), "{alerts:?}");
}

async fn escalation(url: String) {
    let world = world(url).await;
    world.recipient("boris", None).await;
    let alerts = Alerts {
        recipients: vec!["operator".into()],
        escalate_after_minutes: Some(5),
        escalate_to: vec!["boris".into()],
        ..Alerts::default()
    };
    world.line(LineSettings { alerts, ..LineSettings::default() }).await;
    let (_, first) = world.ask("S-1").await;
    world.tap(&first, "👎").await;
    let (second_request, second) = world.ask("S-2").await;
    world.tap(&second, "👎").await;
    let raised = alert::of_requests(&world.engine.db, &[RequestId::named(&second_request)]).await.unwrap();
    assert_eq!(raised.iter().map(|alert| alert.recipient_id.as_str()).collect::<Vec<_>>(), ["anna"], "Anna is operator op-7");
    assert_eq!(acknowledge::by_hand(&world.engine, raised[0].id, "Anna", world.now()).await.unwrap(), Some(true));
    world.staff.take();
    world.pass(6 * MINUTE).await;
    let told: Vec<_> = world.staff.take().into_iter().filter(|message| message.to.chat == "boris").collect();
    assert_eq!(told.len(), 1, "only the one nobody acknowledged");
    assert!(told[0].text.starts_with("Nobody has marked this as seen yet.") && told[0].text.contains("S-1"));
}

async fn no_recipient(url: String) {
    let world = world(url).await;
    world.line_as_it_is(LineSettings::default()).await;
    let (request, question) = world.ask("S-1").await;
    world.tap(&question, "👎").await;
    let raised = alert::of_requests(&world.engine.db, &[RequestId::named(&request)]).await.unwrap();
    assert_eq!((raised.len(), raised[0].state.as_str(), raised[0].reason.as_deref()), (1, "undeliverable", Some("no_recipient")));
}

async fn unknown_end(url: String) {
    let world = world(url).await;
    world.client.fails_with([SendError::new(Verdict::CannotKnow, "timeout", "no answer")]);
    let Closed::Kept { rating_request, .. } = world.tell(world.close_of("S-1")).await else { panic!() };
    world.pass(MINUTE).await;
    world.pass(HOUR).await;
    assert!(world.client.take().is_empty(), "this channel neither knows our key nor proves what arrived");
    let asks = delivery::about(&world.engine.db, &[&rating_request]).await.unwrap();
    assert_eq!((asks[0].state.as_str(), asks[0].resends), ("unknown", 0));
    world.pass(72 * HOUR).await;
    assert_eq!(outcome(&world, &rating_request.to_string()).await.0.as_deref(), Some("unsure"));
}

async fn overtaken(url: String) {
    let world = world(url).await;
    let Closed::Kept { decision: Ok(due_at), .. } = world.tell(world.close_of("S-1")).await else { panic!("asks") };
    world.clock.set(due_at);
    let prepared = world.runner.prepare(world.runner.claim(1).await.unwrap()).await.unwrap();
    let (mut sending, intent_at) = world.runner.intend(prepared).await.unwrap();
    let (ask, message) = sending.pop().expect("the question");
    let call = world.runner.send(ask, &message, intent_at).await;
    let question = world.client.take().remove(0);
    // The client's answer arrives before the platform's response to us.
    assert_eq!(world.tap(&question, "👎").await.disposition, Disposition::Counted);
    world.runner.record(vec![call]).await.unwrap();
    let id = format!("m-{}", question.key);
    assert_eq!(world.client.take().pop().expect("thanks").replaces.as_deref(), Some(id.as_str()));

    let comment = InboundKind::Text(TextMessage::new("Too slow", question.to.clone()).in_reply_to(id.clone()));
    assert_eq!(world.happens("bot", comment).await.disposition, Disposition::Counted);
    world.work().await;
    let noted = world.client.take().pop().expect("a word of thanks for the comment");
    assert_eq!(noted.replaces, Some(id), "in the question's place, not below it");
}

async fn attribution(url: String) {
    let world = world(url).await;
    let (request, question) = world.ask("S-1").await;
    let told = EventEnvelope {
        source: "desk".into(),
        event_key: "reassign".into(),
        body_hash: String::new(),
        session_id: "S-1".into(),
        occurred_at: world.now(),
    };
    let other = lastword::domain::session::Operator { id: "op-9".into(), name: None, kind: None };
    let taken =
        change_session(&world.engine, told, SessionChange::Reassigned { operator: Some(other), line: None }, world.now()).await.unwrap();
    assert_eq!(taken, EventResult::Applied);
    world.tap(&question, "👍").await;
    let rating =
        rating::of_requests(&world.engine.db, &[RequestId::named(&request)]).await.unwrap().remove(&RequestId::named(&request)).unwrap();
    assert_eq!(rating.operator_id.as_ref().map(|id| id.as_str()), Some("op-7"));
}
