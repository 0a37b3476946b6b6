//! A client opts out in the messenger: by a keyword, or by the button under the thanks.

use super::{decided, ended, later, messages, outcome, types};
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::answer::Disposition;
use lastword::domain::line::LineSettings;
use lastword::domain::session::ClosedBy;
use lastword::life::engine::other_address::OtherAddress;
use lastword::life::report::recount::recount;
use lastword::life::session::close_batch::{Close, Closed};
use lastword::life::session::explain::explain;
use lastword::names::RequestId;
use lastword::store::answer::rating;
use lastword::store::session::opt_out;
use lastword_contract::{Address, Capabilities, ChoiceKind, InboundKind, Outgoing, TextMessage};

on_both_databases! {
    stop_as_the_answer_to_a_question_ends_it_and_all_that_would_follow => stop_as_an_answer;
    an_ordinary_sentence_is_never_a_wish => ordinary;
    stop_after_the_question_counts_and_reaches_the_desk_too => after_the_question;
    a_message_edited_into_stop_is_a_wish => edited;
    stop_where_nobody_was_asked_is_kept_for_the_first_question => never_asked;
    the_button_under_the_thanks_and_the_way_back => button;
    a_question_on_its_way_and_its_reminder_are_held_back => held_back;
    somebody_is_one_person_on_all_channels => one_person;
    a_wish_counts_under_both_ids_of_a_platform => both_ids;
    a_wish_that_came_after_the_decision_still_counts => at_the_last_moment;
    a_wish_moves_with_the_client => moves;
}

async fn world(url: &str) -> World {
    let world = World::on(url, messenger()).await;
    world.line(LineSettings { once_per_client_hours: 0, reminder_after_hours: Some(2), ..LineSettings::default() }).await;
    world
}

async fn stop_as_an_answer(url: String) {
    let world = world(&url).await;
    let (request, question) = world.ask("S-1").await;
    messages(&world);
    assert_eq!(types(&world, "S-1", "Стоп!", None).await.disposition, Disposition::OptedOut);
    assert_eq!(messages(&world), 0, "it is clearly for us, and opens no chat at the desk");
    assert_eq!(outcome(&world, &request).await, ended("expired", "opted_out"));
    let said = world.client.take();
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(said[0].replaces.as_deref(), Some(&*format!("m-{}", question.key)));
    assert!(said[0].text.starts_with("We will no longer ask you"), "{}", said[0].text);
    assert_eq!(said[0].choices.iter().map(|choice| choice.label.as_str()).collect::<Vec<_>>(), ["Ask me again"]);
    assert_eq!(world.tap(&question, "👍").await.disposition, Disposition::Late, "the buttons are off");

    world.pass(3 * 3_600_000).await;
    assert!(world.client.take().iter().all(|message| message.choices.is_empty()), "no reminder");
    let mut close = world.close_of("S-2");
    (close.client, close.address) = (Some("client-of-S-1".into()), Some(Address::chat("elsewhere")));
    assert_eq!(decided(&world, close).await, Err("opted_out".to_owned()));
    assert_eq!(recount(&world.engine.db, world.now(), |_| {}).await.unwrap().wrong, 0, "counters and rows agree");

    // Opting in again by the keyword; it replies to our message, so only we process it.
    messages(&world);
    assert_eq!(types(&world, "S-1", "start", Some(&question)).await.disposition, Disposition::OptedIn);
    assert_eq!(messages(&world), 0);
    assert!(world.client.take().pop().expect("a word").text.contains("may be asked to rate"));
    assert!(decided(&world, later(&world, "S-1")).await.is_ok());
    let story = explain(&world.engine.db, &"S-1".into()).await.unwrap();
    let told: Vec<&str> = story[0].history.iter().map(|sentence| sentence.text.as_str()).collect();
    for sentence in ["The client opted out (text).", "The client opted back in (text)."] {
        assert!(told.contains(&sentence), "{sentence} is not in {told:?}");
    }
}

async fn ordinary(url: String) {
    let world = world(&url).await;
    let (request, _) = world.ask("S-1").await;
    messages(&world);
    let sentences = ["please stop the delivery", "STOP? why?", "stop sending me invoices", "не стоп", "start"];
    for text in sentences {
        assert_eq!(types(&world, "S-1", text, None).await.disposition, Disposition::NotAnAnswer, "{text}");
    }
    assert_eq!(messages(&world), sentences.len(), "the desk gets every word");
    assert_eq!(outcome(&world, &request).await, (None, None), "the question stays open");
    assert!(decided(&world, later(&world, "S-1")).await.is_ok());
}

async fn after_the_question(url: String) {
    let world = world(&url).await;
    let (_, question) = world.ask("S-1").await;
    world.tap(&question, "👍").await;
    world.client.take();
    messages(&world);
    assert_eq!(types(&world, "S-1", "STOP", None).await.disposition, Disposition::NotAnAnswer);
    assert_eq!(messages(&world), 1, "the desk may be meant, and hears it too");
    let said = world.client.take();
    assert!(said.len() == 1 && said[0].replaces.is_none() && said[0].text.starts_with("We will no longer ask you"), "{said:?}");
    assert_eq!(decided(&world, later(&world, "S-1")).await, Err("opted_out".to_owned()));
    types(&world, "S-1", "stop", None).await;
    assert_eq!((messages(&world), world.client.take().len()), (1, 0), "said twice, it is the desk's alone");
    types(&world, "S-1", "START", None).await;
    assert_eq!((messages(&world), world.client.take().len()), (1, 1));
    assert!(decided(&world, later(&world, "S-1")).await.is_ok());
    // A reply to one of our messages is only for us, whatever happened to the question.
    messages(&world);
    assert_eq!(types(&world, "S-1", "STOP", Some(&question)).await.disposition, Disposition::OptedOut);
    assert_eq!(messages(&world), 0);
    // Another person in the same chat cannot opt the client out.
    let mut group = world.close_of("S-9");
    group.address = Some(Address { user: Some("u-9".to_owned()), ..Address::chat("-9") });
    assert!(decided(&world, group.clone()).await.is_ok());
    world.pass(10_000).await;
    let by = Address { user: Some("u-8".to_owned()), ..Address::chat("-9") };
    world.happens("bot", InboundKind::Text(TextMessage::new("STOP", by))).await;
    assert!(opt_out_is_empty_for(&world, "bot:-9").await);
}

async fn edited(url: String) {
    let world = world(&url).await;
    let edit = async |question: &Outgoing, text: &str| {
        let message = TextMessage::new(text, question.to.clone()).with_id("c1");
        let became = world.happens("bot", InboundKind::Edited(message)).await.disposition;
        world.work().await;
        became
    };
    let (request, question) = world.ask("S-1").await;
    assert_eq!(edit(&question, "please stop the delivery").await, Disposition::NotAnAnswer);
    assert_eq!(edit(&question, "Stop").await, Disposition::OptedOut, "of a message that was no answer");
    assert_eq!(outcome(&world, &request).await, ended("expired", "opted_out"));
    assert_eq!(decided(&world, later(&world, "S-1")).await, Err("opted_out".to_owned()));
    assert_eq!(edit(&question, "START").await, Disposition::NotAnAnswer, "nothing is open, but it was asked here before");
    assert!(decided(&world, later(&world, "S-1")).await.is_ok());

    let (request, question) = world.ask("S-2").await;
    world.tap(&question, "👎").await;
    let comment = TextMessage::new("Slow", question.to.clone()).in_reply_to(format!("m-{}", question.key)).with_id("c1");
    assert_eq!(world.happens("bot", InboundKind::Text(comment)).await.disposition, Disposition::Counted);
    world.work().await;
    world.client.take();
    edit(&question, "STOP").await;
    let said = world.client.take();
    assert!(said.iter().any(|message| message.text.starts_with("We will no longer ask you")), "{said:?}");
    assert_eq!(decided(&world, later(&world, "S-2")).await, Err("opted_out".to_owned()));
    let request = RequestId::named(&request);
    let rating = rating::of_requests(&world.engine.db, &[request]).await.unwrap().remove(&request).unwrap();
    assert_eq!(rating.comment.as_deref(), Some("Slow"), "it is no comment");
}

async fn opt_out_is_empty_for(world: &World, name: &str) -> bool {
    let key = opt_out::key_of(&world.engine.db).await.unwrap();
    opt_out::look(&world.engine.db, &[&key.mark(name)]).await.unwrap().is_empty()
}

async fn never_asked(url: String) {
    let world = world(&url).await;
    let mut close = world.close_of("S-1");
    close.closed_by = ClosedBy::Spam;
    assert_eq!(decided(&world, close).await, Err("spam".to_owned()));
    messages(&world);
    // Keywords that clients also write to operators have no meaning unless they were asked.
    assert_eq!(types(&world, "S-1", "cancel", None).await.disposition, Disposition::NotAnAnswer);
    assert_eq!((messages(&world), world.client.take().len()), (1, 0));
    assert!(opt_out_is_empty_for(&world, "bot:chat-S-1").await);
    assert_eq!(types(&world, "S-1", "/stop", None).await.disposition, Disposition::NotAnAnswer);
    assert_eq!((messages(&world), world.client.take().len()), (1, 0), "the desk hears it too");
    assert_eq!(decided(&world, later(&world, "S-1")).await, Err("opted_out".to_owned()));
    types(&world, "S-1", "start", None).await;
    assert!(decided(&world, later(&world, "S-1")).await.is_ok());
}

async fn button(url: String) {
    let world = world(&url).await;
    let (request, question) = world.ask("S-1").await;
    world.tap(&question, "👍").await;
    let mut thanks = world.client.take().pop().expect("thanks");
    let last = thanks.choices.last().expect("choices").clone();
    assert_eq!((last.label.as_str(), last.kind), ("Don’t ask me again", ChoiceKind::OptOut));
    thanks.key = question.key.clone();
    assert_eq!(world.tap(&thanks, "Don’t ask me again").await.disposition, Disposition::OptedOut);
    let mut said = world.client.take().pop().expect("a word");
    assert_eq!((said.choices.len(), said.replaces.is_some()), (1, true));
    assert_eq!(outcome(&world, &request).await.0.as_deref(), Some("answered"), "the rating stays");
    assert_eq!(decided(&world, later(&world, "S-1")).await, Err("opted_out".to_owned()));
    said.key = question.key.clone();
    assert_eq!(world.tap(&said, "Ask me again").await.disposition, Disposition::OptedIn);
    assert!(decided(&world, later(&world, "S-1")).await.is_ok());

    // If there is no space for another button, it is left out.
    let crowded = World::on("sqlite::memory:", Capabilities { choices_max: 2, ..messenger() }).await;
    let (_, question) = crowded.ask("S-1").await;
    crowded.tap(&question, "👎").await;
    let thanks = crowded.client.take().pop().expect("thanks");
    assert!(thanks.choices.iter().all(|choice| choice.kind != ChoiceKind::OptOut), "{thanks:?}");
}

async fn held_back(url: String) {
    let world = world(&url).await;
    let (_, first) = world.ask("S-1").await;
    world.tap(&first, "👍").await;
    let thanks = world.client.take().pop().expect("thanks");
    let mut close = world.close_of("S-2");
    (close.client, close.connection, close.address) =
        (Some("client-of-S-1".into()), Some("mail".into()), Some(Address::chat("anna@example.com")));
    let Closed::Kept { rating_request: waiting, decision: Ok(_), .. } = world.tell(close).await else { panic!("asked") };
    let thanks = lastword_contract::Outgoing { key: first.key.clone(), ..thanks };
    world.tap(&thanks, "Don’t ask me again").await;
    assert_eq!(outcome(&world, &waiting.to_string()).await, ended("not_asked", "opted_out"));
    world.pass(5 * 3_600_000).await;
    assert!(world.mail.take().is_empty(), "neither the question nor its reminder leaves");
    assert_eq!(recount(&world.engine.db, world.now(), |_| {}).await.unwrap().wrong, 0, "counters and rows agree");
}

async fn one_person(url: String) {
    let world = world(&url).await;
    let mail = || OtherAddress { connection: "mail".into(), address: Address::chat("Anna@example.com") };
    let mut close = world.close_of("S-1");
    close.addresses = vec![mail()];
    world.tell(close).await;
    world.pass(10_000).await;
    world.client.take();
    types(&world, "S-1", "STOP", None).await;
    // By the desk's ID, by the chat alone, and by another address from the desk.
    let mut by_chat = world.close_of("S-2");
    (by_chat.client, by_chat.address) = (None, Some(Address::chat("chat-S-1")));
    let mut by_id = world.close_of("S-3");
    by_id.client = Some("client-of-S-1".into());
    let mut by_mail = world.close_of("S-4");
    (by_mail.client, by_mail.connection, by_mail.address) = (None, Some("mail".into()), Some(Address::chat("anna@EXAMPLE.com")));
    for close in [by_chat, by_id, by_mail] {
        assert_eq!(decided(&world, close.clone()).await, Err("opted_out".to_owned()), "{close:?}");
    }
    assert!(decided(&world, world.close_of("S-5")).await.is_ok(), "nobody else is meant");
}

/// WhatsApp knows a client by number and by an ID of its own, and a later close may name either.
async fn both_ids(url: String) {
    let world = world(&url).await;
    let writes = async |text: &str, chat: &str| {
        let by = Address { user: Some("US.1349".to_owned()), ..Address::chat(chat) };
        world.happens("bot", InboundKind::Text(TextMessage::new(text, by))).await;
    };
    let close_with = |chat: &str, session: &str| Close { client: None, address: Some(Address::chat(chat)), ..world.close_of(session) };
    writes("STOP", "15551234567").await;
    for (chat, session) in [("15551234567", "S-1"), ("US.1349", "S-2")] {
        assert_eq!(decided(&world, close_with(chat, session)).await, Err("opted_out".to_owned()), "{chat}");
    }
    writes("START", "US.1349").await;
    for (chat, session) in [("15551234567", "S-3"), ("US.1349", "S-4")] {
        assert!(decided(&world, close_with(chat, session)).await.is_ok(), "{chat}: the wish is lifted for both");
    }
    // In a group the chat is not the person's.
    let member = Address { user: Some("u-8".to_owned()), ..Address::chat("-9") };
    world.happens("bot", InboundKind::Text(TextMessage::new("STOP", member))).await;
    assert!(opt_out_is_empty_for(&world, "bot:-9").await && opt_out_is_empty_for(&world, "bot:u-8").await);
}

async fn at_the_last_moment(url: String) {
    let world = world(&url).await;
    let Closed::Kept { rating_request, decision: Ok(_), .. } = world.tell(world.close_of("S-1")).await else { panic!("asked") };
    // Committed by another node concurrently with the close, which did not see it.
    let key = opt_out::key_of(&world.engine.db).await.unwrap();
    let mark = key.mark("desk/client-of-S-1");
    let row = opt_out::OptOut { mark, person: "p".to_owned(), opted_out_at: world.now(), opted_out_by: "text".to_owned() };
    let kept: Result<(), lastword::store::StoreError> = world
        .engine
        .db
        .write(move |tx| {
            let row = row.clone();
            Box::pin(async move { opt_out::keep(tx, &[row]).await })
        })
        .await;
    kept.unwrap();
    world.pass(10_000).await;
    assert!(world.client.take().is_empty(), "nobody is asked who asked not to be");
    assert_eq!(outcome(&world, &rating_request.to_string()).await, ended("not_asked", "opted_out"));
    assert_eq!(recount(&world.engine.db, world.now(), |_| {}).await.unwrap().wrong, 0, "counters and rows agree");
}

async fn moves(url: String) {
    let world = world(&url).await;
    let mut close = world.close_of("S-1");
    close.client = None;
    world.tell(close).await;
    world.pass(10_000).await;
    types(&world, "S-1", "STOP", None).await;
    world.happens("bot", InboundKind::Moved { from: Address::chat("chat-S-1"), to: Address::chat("new") }).await;
    let mut close = world.close_of("S-2");
    (close.client, close.address) = (None, Some(Address::chat("new")));
    assert_eq!(decided(&world, close).await, Err("opted_out".to_owned()));
}
