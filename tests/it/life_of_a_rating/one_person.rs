//! Identity of clients: a person has a single budget of questions, under all names in closes; in a group, a question needs
//! a specific person.

use super::{HOUR, MINUTE, outcome, world};
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::access::audit::By;
use lastword::domain::answer::Disposition;
use lastword::life::engine::other_address::OtherAddress;
use lastword::life::records::client_data;
use lastword::life::session::change::{SessionChange, change_session};
use lastword::life::session::close::close_sessions;
use lastword::life::session::close_batch::{Close, Closed};
use lastword::life::session::event::EventEnvelope;
use lastword::life::session::explain::explain;
use lastword::life::session::web_chat::visitor_came;
use lastword::names::RequestId;
use lastword::store::answer::{self, rating};
use lastword::store::session::conversation;
use lastword_base::names::ClientId;
use lastword_contract::{Address, Capabilities, InboundKind, TextMessage};

on_both_databases! {
    the_same_chat_with_and_without_a_client_is_one_person => one_chat;
    a_conversation_that_was_linked_once_stays_the_persons => linked;
    an_address_in_another_form_is_the_same_person => another_form;
    who_is_at_an_address_that_nobody_reads_is_not_asked => unread;
    two_nodes_at_the_same_moment_ask_one_person_once => at_once;
    a_question_that_did_not_leave_uses_up_no_name => given_back;
    a_group_without_a_person_is_not_asked => group;
    who_is_known_by_another_id_too_may_answer_under_it => scoped_id;
    a_press_from_another_number_leaves_a_trace => another_number;
    a_visitors_page_says_which_language_they_read => visitor;
}

/// A close of `session` in the chat `chat`, by a desk that knows the person as `client`, or does not say.
fn close(world: &World, session: &str, chat: &str, client: Option<&str>) -> Close {
    Close { client: client.map(ClientId::from), address: Some(Address::chat(chat)), closed_at: world.now(), ..world.close_of(session) }
}

async fn asked(world: &World, close: Close) -> Result<(), String> {
    match world.tell(close).await {
        Closed::Kept { decision, .. } => decision.map(drop),
        other => panic!("{other:?}"),
    }
}

fn throttled() -> Result<(), String> {
    Err("throttled".to_owned())
}

async fn one_chat(url: String) {
    let world = world(url).await;
    assert_eq!(asked(&world, close(&world, "S-1", "777", Some("ann"))).await, Ok(()));
    assert_eq!(asked(&world, close(&world, "S-2", "777", None)).await, throttled());
    world.pass(25 * HOUR).await;
    assert_eq!(asked(&world, close(&world, "S-3", "888", None)).await, Ok(()));
    assert_eq!(asked(&world, close(&world, "S-4", "888", Some("bob"))).await, throttled());
    // Another person has another budget.
    assert_eq!(asked(&world, close(&world, "S-5", "999", Some("eve"))).await, Ok(()));
}

async fn linked(url: String) {
    let world = world(url).await;
    assert_eq!(asked(&world, close(&world, "S-1", "777", Some("ann"))).await, Ok(()));
    let other = OtherAddress { connection: "mail".into(), address: Address::chat("ann@example.com") };
    assert_eq!(asked(&world, Close { addresses: vec![other], ..close(&world, "S-2", "777", Some("ann")) }).await, throttled());
    world.pass(25 * HOUR).await;
    // A close with only the conversation, then one with only the person, elsewhere.
    assert_eq!(asked(&world, close(&world, "S-3", "777", None)).await, Ok(()));
    assert_eq!(asked(&world, close(&world, "S-4", "elsewhere", Some("ann"))).await, throttled());
    let by_mail = Close { connection: Some("mail".into()), ..close(&world, "S-5", "ann@example.com", None) };
    assert_eq!(asked(&world, by_mail).await, throttled(), "any of their addresses");
    // An erased client is forgotten under every name.
    world.pass(25 * HOUR).await;
    let held = client_data::look(&world.engine, &"desk/ann".into()).await.unwrap().expect("ann");
    let names: Vec<_> = held["clients"].as_array().unwrap().iter().map(|client| client["id"].as_str().unwrap()).collect();
    assert_eq!(names, ["bot:777", "bot:elsewhere", "desk/ann", "mail:ann@example.com"]);
    client_data::erase(&world.engine, &By::command(), &"desk/ann".into(), world.now()).await.unwrap().expect("erased");
    assert_eq!(client_data::look(&world.engine, &"desk/ann".into()).await.unwrap(), None);
    assert_eq!(asked(&world, close(&world, "S-6", "777", None)).await, Ok(()));
}

/// The desk writes the address in one form, the platform reports the other.
async fn another_form(url: String) {
    let world = world(url).await;
    assert_eq!(asked(&world, close(&world, "S-1", "+777", None)).await, Ok(()));
    for (session, chat) in [("S-2", "777"), ("S-3", "+777"), ("S-4", "777")] {
        assert_eq!(asked(&world, close(&world, session, chat, None)).await, throttled(), "{session}");
    }
    world.pass(25 * HOUR).await;
    // The same applies to opt-out, export and erasure.
    world.happens("bot", InboundKind::Text(TextMessage::new("STOP", Address::chat("777")))).await;
    assert_eq!(asked(&world, close(&world, "S-5", "+777", None)).await, Err("opted_out".to_owned()));
    let held = client_data::look(&world.engine, &"bot:+777".into()).await.unwrap().expect("held under either form");
    assert_eq!((held["conversations"][0]["chat"].as_str(), held["clients"][0]["id"].as_str()), (Some("777"), Some("bot:777")));
    client_data::erase(&world.engine, &By::command(), &"bot:+777".into(), world.now()).await.unwrap().expect("erased");
    let left = conversation::known(&world.engine.db, &"bot".into(), &"777".into()).await.unwrap();
    assert_eq!(left.last_client_message_at, None);
}

async fn unread(url: String) {
    let world = world(url).await;
    assert_eq!(asked(&world, close(&world, "S-1", "noreply@example.com", None)).await, Err("nobody_reads".to_owned()));
    assert!(world.client.take().is_empty());
    assert_eq!(asked(&world, close(&world, "S-2", "ann@example.com", None)).await, Ok(()));
}

/// Desks report two chats of one person at the same moment, one with the person's ID and one without.
async fn at_once(url: String) {
    let world = world(url).await;
    for round in 0..6 {
        let chat = format!("chat-{round}");
        let ann = format!("ann-{round}");
        let tell = |session: String, client: Option<&str>| {
            let close = close(&world, &session, &chat, client);
            close_sessions(&world.engine, vec![close], world.now())
        };
        let (one, other) = tokio::join!(tell(format!("A-{round}"), Some(ann.as_str())), tell(format!("B-{round}"), None));
        let asked = |told: &Closed| matches!(told, Closed::Kept { decision: Ok(_), .. });
        let both = [one.unwrap().remove(0), other.unwrap().remove(0)];
        assert_eq!(both.iter().filter(|told| asked(told)).count(), 1, "{both:?}");
    }
}

async fn given_back(url: String) {
    let world = world(url).await;
    assert_eq!(asked(&world, close(&world, "S-1", "777", Some("ann"))).await, Ok(()));
    world.clock.advance(500);
    let told = EventEnvelope {
        source: "desk".into(),
        event_key: "reopen-1".into(),
        body_hash: String::new(),
        session_id: "S-1".into(),
        occurred_at: world.now(),
    };
    change_session(&world.engine, told, SessionChange::Reopened, world.now()).await.unwrap();
    assert_eq!(asked(&world, close(&world, "S-2", "777", None)).await, Ok(()), "nobody was asked");
}

async fn group(url: String) {
    let world = world(url).await;
    assert_eq!(asked(&world, close(&world, "S-1", "-100200", None)).await, Err("group".to_owned()));
    let story = explain(&world.engine.db, &"S-1".into()).await.unwrap().remove(0);
    assert!(story.history.iter().any(|sentence| sentence.text == "Close 1 ended as not_asked: group."), "{:?}", story.history);
    // Nor is the client asked through a fallback that is a group as well: see the tests of routes.

    // If the desk names the person, only their tap counts.
    let member = Address { user: Some("7777".into()), ..Address::chat("-100201") };
    let told = world.tell(Close { address: Some(member.clone()), client: None, ..close(&world, "S-2", "", None) }).await;
    let Closed::Kept { rating_request, decision: Ok(_), .. } = told else { panic!("{told:?}") };
    world.pass(MINUTE).await;
    let question = world.client.take().pop().expect("the question");
    let press = |label: usize, user: &str| InboundKind::Press {
        token: question.choices[label].token.clone(),
        by: Address { user: Some(user.to_owned()), ..Address::chat("-100201") },
        message_id: None,
        press_id: None,
    };
    assert_eq!(world.happens("bot", press(1, "7777")).await.disposition, Disposition::Counted);
    assert_eq!(world.happens("bot", press(0, "7778")).await.disposition, Disposition::Foreign);
    let rating = rating::of_requests(&world.engine.db, &[rating_request]).await.unwrap().remove(&rating_request).unwrap();
    assert_eq!(rating.score, 0, "the first one's vote stays");
}

async fn scoped_id(url: String) {
    let world = world(url).await;
    let address = Address { user: Some("US.222".into()), ..Address::chat("15551234567") };
    let told = world.tell(Close { address: Some(address), ..world.close_of("S-1") }).await;
    let Closed::Kept { rating_request, .. } = told else { panic!("{told:?}") };
    world.pass(MINUTE).await;
    let question = world.client.take().pop().expect("the question");
    let press = |by: Address| InboundKind::Press { token: question.choices[0].token.clone(), by, message_id: None, press_id: None };
    let by_id = |id: &str| Address { user: Some(id.to_owned()), ..Address::chat(id) };
    assert_eq!(world.happens("bot", press(by_id("US.999"))).await.disposition, Disposition::Foreign);
    assert_eq!(world.happens("bot", press(by_id("US.222"))).await.disposition, Disposition::Counted, "the number was not told");
    assert_eq!(outcome(&world, &rating_request.to_string()).await.0.as_deref(), Some("answered"));
}

async fn another_number(url: String) {
    let world = world(url).await;
    let (request, question) = world.ask("S-1").await;
    let press =
        InboundKind::Press { token: question.choices[0].token.clone(), by: Address::chat("another"), message_id: None, press_id: None };
    assert_eq!(world.happens("bot", press).await.disposition, Disposition::Foreign);
    let kept = answer::about(&world.engine.db, &[RequestId::named(&request)]).await.unwrap();
    assert_eq!(kept.iter().map(|event| event.disposition.as_str()).collect::<Vec<_>>(), ["foreign"]);
    let story = explain(&world.engine.db, &"S-1".into()).await.unwrap().remove(0);
    assert!(story.history.iter().any(|sentence| sentence.text.contains("from a different address")));
    assert_eq!(outcome(&world, &request).await, (None, None));
}

async fn visitor(url: String) {
    let world = World::on(&url, Capabilities { asks_at_close: true, comment_box: true, ..messenger() }).await;
    for (session, page, close, expected) in [
        ("S-1", Some("ru"), None, "Пожалуйста, оцените качество обслуживания"),
        ("S-2", Some("ru"), Some("de"), "Bitte bewerten Sie unseren Service"),
        ("S-3", None, None, "Please rate the quality of service"),
    ] {
        let chat = format!("chat-{session}");
        visitor_came(&world.engine, &"bot".into(), &chat.into(), page, world.now()).await.unwrap();
        world.tell(Close { language: close.map(str::to_owned), ..world.close_of(session) }).await;
        world.pass(MINUTE).await;
        let question = world.client.take().pop().expect("the question");
        assert_eq!(question.text, expected, "{session}");
        if session == "S-1" {
            world.tap(&question, "👍").await;
            let thanks = world.client.take().pop().expect("thanks");
            assert_eq!((thanks.text.as_str(), thanks.language.as_str()), ("Спасибо! Рады, что смогли помочь.", "ru"));
        }
    }
}
