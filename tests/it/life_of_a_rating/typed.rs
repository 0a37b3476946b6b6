//! Clients who type instead of tapping.

use super::{HOUR, outcome, world};
use crate::on_both_databases;
use crate::rig::world::World;
use lastword::domain::answer::Disposition;
use lastword::domain::answer::rating::Scale;
use lastword::domain::line::{LineSettings, OtherText};
use lastword::life::facts::inbound::AcceptResult;
use lastword::life::session::close_batch::{Close, Closed};
use lastword::names::RequestId;
use lastword::store::answer::{self, rating};
use lastword_contract::{Address, Capabilities, Inbound, InboundKind, Outgoing, Purpose, TextMessage};

on_both_databases! {
    a_typed_digit_is_an_answer_like_a_tap => typed_digit;
    stars_are_typed_with_a_comment => typed_stars;
    a_number_that_counts_things_is_no_score => counting;
    running_text_goes_on_as_a_message_and_the_question_stays_open => running_text;
    a_line_may_withdraw_the_question_when_the_client_writes_on => withdrawn;
    what_was_written_before_the_question_is_no_answer_to_it => written_before;
    two_open_questions_are_told_apart_by_the_reply => two_questions;
    a_reply_in_another_chat_with_the_same_message_id_is_not_ours => same_message_id;
    after_the_score_a_digit_is_an_ordinary_message => after_the_score;
    where_nothing_can_be_tapped_the_text_says_how_to_answer => texts_only;
}

/// The client of `session` types.
pub(super) async fn types(world: &World, session: &str, text: &str) -> AcceptResult {
    replies(world, session, text, None).await
}

pub(super) async fn replies(world: &World, session: &str, text: &str, reply_to: Option<String>) -> AcceptResult {
    let taken = world
        .happens("bot", InboundKind::Text(TextMessage::new(text, Address::chat(format!("chat-{session}"))).about(reply_to.into())))
        .await;
    world.work().await;
    taken
}

pub(super) fn received(told: &[Outgoing]) -> Vec<&Outgoing> {
    told.iter().filter(|message| message.purpose == Purpose::Event("message.received".into())).collect()
}

pub(super) async fn score(world: &World, request: &str) -> Option<(i64, Option<String>)> {
    let rating = rating::of_requests(&world.engine.db, &[RequestId::named(request)]).await.unwrap().remove(&RequestId::named(request));
    rating.map(|rating| (rating.score, rating.comment))
}

async fn typed_digit(url: String) {
    let world = world(url).await;
    let (request, question) = world.ask("S-1").await;
    assert_eq!(question.hint.as_deref(), Some("Reply with 1 (good) or 0 (bad)."));
    assert_eq!(types(&world, "S-1", "0️⃣").await.disposition, Disposition::Counted);
    assert_eq!(score(&world, &request).await, Some((0, None)));
    assert_eq!(outcome(&world, &request).await.0.as_deref(), Some("answered"));
    // The same path as a tap: thanks replace the question, an alert, the history; the operator receives no message.
    let thanks = world.client.take().pop().expect("thanks");
    assert_eq!(thanks.replaces, Some(format!("m-{}", question.key)));
    let told = world.staff.take();
    assert_eq!(told.iter().filter(|message| message.purpose == Purpose::Alert).count(), 1);
    assert!(received(&told).is_empty(), "an answer is no message");
    let history = answer::about(&world.engine.db, &[RequestId::named(&request)]).await.unwrap();
    assert_eq!(history.iter().map(|event| (event.kind.as_str(), event.value.as_str())).collect::<Vec<_>>(), [("score", "0")]);
    // A plain reply to our message is the comment.
    let taken = replies(&world, "S-1", "Waited an hour", Some(format!("m-{}", question.key))).await;
    assert_eq!(taken.disposition, Disposition::Counted);
    assert_eq!(score(&world, &request).await, Some((0, Some("Waited an hour".into()))));
}

async fn typed_stars(url: String) {
    let world = world(url).await;
    world.line(LineSettings { scale: Scale::FiveStar, language: "de".into(), ..LineSettings::default() }).await;
    let (request, question) = world.ask("S-1").await;
    assert_eq!(question.hint.as_deref(), Some("Antworten Sie mit einer Zahl von 1 (schlecht) bis 5 (ausgezeichnet)."));
    assert_eq!(types(&world, "S-1", "4 Sterne, aber langsam").await.disposition, Disposition::Counted);
    assert_eq!(score(&world, &request).await, Some((4, Some("aber langsam".into()))));
    let told = world.staff.take();
    let heard: Vec<_> = received(&told).into_iter().map(|event| &event.data["text"]).collect();
    assert_eq!(heard, ["4 Sterne, aber langsam"], "what stands beside a score is for the desk to read as well");
}

async fn counting(url: String) {
    let world = world(url).await;
    for (number, text) in ["1 item is missing", "0 problems, thank you", "👍 see you at five"].into_iter().enumerate() {
        let session = format!("S-{number}");
        let (request, question) = world.ask(&session).await;
        world.staff.take();
        assert_eq!(types(&world, &session, text).await.disposition, Disposition::NotAnAnswer, "{text}");
        assert_eq!(score(&world, &request).await, None, "{text}");
        let told = world.staff.take();
        assert_eq!((received(&told).len(), told.len()), (1, 1), "{text}: to the desk, and no alert");
        assert_eq!(world.tap(&question, "👍").await.disposition, Disposition::Counted, "the buttons are still good");
    }
    for (session, text, expected) in
        [("S-7", "1 - quick", (1, "quick")), ("S-8", "0: late", (0, "late")), ("S-9", "1\nThanks", (1, "Thanks"))]
    {
        let (request, _) = world.ask(session).await;
        assert_eq!(types(&world, session, text).await.disposition, Disposition::Counted, "{text}");
        assert_eq!(score(&world, &request).await, Some((expected.0, Some(expected.1.into()))), "{text}");
    }
}

async fn running_text(url: String) {
    let world = world(url).await;
    world.line(LineSettings { scale: Scale::FiveStar, ..LineSettings::default() }).await;
    let (request, question) = world.ask("S-1").await;
    world.staff.take();
    for text in ["5 items are missing", "10", "-5"] {
        assert_eq!(types(&world, "S-1", text).await.disposition, Disposition::NotAnAnswer, "{text}");
    }
    assert_eq!(outcome(&world, &request).await, (None, None), "still open");
    let told = world.staff.take();
    let heard = received(&told);
    assert_eq!(heard.iter().map(|event| event.data["text"].as_str().unwrap()).collect::<Vec<_>>(), ["5 items are missing", "10", "-5"]);
    assert_eq!(heard[0].data["address"]["chat"], "chat-S-1");
    assert_eq!((&heard[0].data["connection"], &heard[0].data["open_rating_requests"][0]), (&"bot".into(), &request.as_str().into()));
    assert_eq!(world.tap(&question, "★★★★").await.disposition, Disposition::Counted, "the buttons are still good");
}

async fn withdrawn(url: String) {
    let world = world(url).await;
    world.line(LineSettings { other_text: OtherText::Cancel, ..LineSettings::default() }).await;
    let (request, question) = world.ask("S-1").await;
    assert_eq!(types(&world, "S-1", "One more thing: where is my parcel?").await.disposition, Disposition::NotAnAnswer);
    assert_eq!(outcome(&world, &request).await, (Some("expired".into()), Some("client_wrote".into())), "it was asked");
    assert!(world.client.take().pop().expect("the buttons are taken away").choices.is_empty());
    assert_eq!(world.tap(&question, "👍").await.disposition, Disposition::Late);

    // Written before the question was sent: it is not asked, and the next close may ask.
    let Closed::Kept { rating_request, .. } = world.tell(world.close_of("S-2")).await else { panic!("kept") };
    assert_eq!(types(&world, "S-2", "Wait, I have another question").await.disposition, Disposition::NotAnAnswer);
    assert_eq!(outcome(&world, &rating_request.to_string()).await, (Some("canceled".into()), Some("client_wrote".into())));
    world.client.take();
    world.pass(HOUR).await;
    assert!(world.client.take().is_empty());
    let again = Close { last_client_message_at: Some(world.now()), closed_at: world.now(), ..world.close_of("S-2") };
    assert!(matches!(world.tell(again).await, Closed::Kept { decision: Ok(_), repeated: false, .. }));
}

async fn written_before(url: String) {
    let world = world(url).await;
    let (request, question) = world.ask("S-1").await;
    let text = |at| Inbound {
        key: format!("t{at}"),
        order: at,
        at: Some(at),
        kind: InboundKind::Text(TextMessage::new("1", question.to.clone())),
    };
    // The operator had asked "1 or 2 parcels?"; the answer crossed our question.
    assert_eq!(world.arrives("bot", text(world.now() - 5_000)).await.disposition, Disposition::NotAnAnswer);
    assert_eq!(world.arrives("bot", text(world.now() - 1_000)).await.disposition, Disposition::Counted, "platforms tell whole seconds");
    assert_eq!(score(&world, &request).await, Some((1, None)));
}

async fn two_questions(url: String) {
    let world = world(url).await;
    world.line(LineSettings { once_per_client_hours: 0, ..LineSettings::default() }).await;
    let (first, first_question) = world.ask("S-1").await;
    let second = Close { session_id: "S-2".into(), ..world.close_of("S-1") };
    let Closed::Kept { rating_request: second, .. } = world.tell(second).await else { panic!("kept") };
    world.pass(HOUR).await;
    assert_eq!(types(&world, "S-1", "1").await.disposition, Disposition::NotAnAnswer, "which of the two?");
    assert_eq!(replies(&world, "S-1", "1", Some(format!("m-{}", first_question.key))).await.disposition, Disposition::Counted);
    assert_eq!(score(&world, &first).await, Some((1, None)));
    // The first "1" was an ordinary message after both questions.
    assert_eq!(types(&world, "S-1", "0").await.disposition, Disposition::NotAnAnswer);
    assert_eq!(score(&world, &second.to_string()).await, None);
}

async fn same_message_id(url: String) {
    let world = world(url).await;
    let (_, question) = world.ask("S-1").await;
    world.tap(&question, "👎").await;
    // Telegram numbers messages per chat, so another client's reply may name the same number.
    let elsewhere = replies(&world, "S-2", "Which parcel?", Some(format!("m-{}", question.key))).await;
    assert_eq!(elsewhere.disposition, Disposition::NotAnAnswer);
}

async fn after_the_score(url: String) {
    let world = world(url).await;
    let (request, question) = world.ask("S-1").await;
    world.tap(&question, "👍").await;
    world.staff.take();
    assert_eq!(types(&world, "S-1", "0").await.disposition, Disposition::NotAnAnswer);
    assert_eq!(score(&world, &request).await, Some((1, None)));
    assert_eq!(received(&world.staff.take()).len(), 1);
}

/// A messenger with texts only, such as Signal or SMS with replies.
async fn texts_only(url: String) {
    let world = World::on(&url, Capabilities { free_text: true, ..Capabilities::default() }).await;
    world.line(LineSettings { scale: Scale::FiveStar, ..LineSettings::default() }).await;
    let (request, question) = world.ask("S-1").await;
    assert_eq!(question.text, "Please rate the quality of service\n\nReply with a number from 1 (bad) to 5 (excellent).");
    assert!(question.choices.is_empty() && question.hint.is_none(), "{question:?}");
    assert_eq!(types(&world, "S-1", "2, the queue was long").await.disposition, Disposition::Counted);
    assert_eq!(score(&world, &request).await, Some((2, Some("the queue was long".into()))));
    let thanks = world.client.take().pop().expect("thanks");
    assert!(thanks.choices.is_empty() && thanks.replaces.is_none(), "a new message that offers nothing to tap: {thanks:?}");

    // If clients cannot even type, they cannot be asked.
    let mute = World::on(&url, Capabilities::default()).await;
    let close = Close { event_key: "to a mute".into(), client: Some("Nia".into()), ..mute.close_of("S-9") };
    let Closed::Kept { decision, .. } = mute.tell(close).await else { panic!("kept") };
    assert_eq!(decision, Err("channel_off".into()));
}
