//! A client's number changes, or an alert's group gets another ID: everything open follows, on both databases.

use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::answer::Disposition;
use lastword::life::session::close_batch::{Close, Closed};
use lastword::life::session::explain::explain;
use lastword::names::{ChatId, Place, RequestId};
use lastword::store::alert::recipient;
use lastword::store::answer::rating;
use lastword::store::question::rating_request;
use lastword::store::session::{self, conversation};
use lastword_base::names::ClientId;
use lastword_contract::{Address, Capabilities, InboundKind, Outgoing, Window, WindowRule};

const HOUR: i64 = 3_600_000;

on_both_databases! {
    a_press_on_a_question_sent_to_the_old_address_counts => pressed;
    a_question_that_waits_leaves_for_the_new_address => waiting;
    a_client_who_moves_twice_keeps_every_button => twice;
    a_client_who_moves_there_and_back_is_one_person_at_every_address => there_and_back;
    another_id_of_the_same_person_is_known => renamed;
    a_message_that_arrived_elsewhere_is_followed => receipt;
    an_alerts_group_that_moved_is_told_there_and_acknowledges_there => alerts;
    a_chat_with_any_letters_is_the_same_address_in_sql_and_here => any_letters;
}

/// An address with only a chat is stored without JSON: the database writes it as we do.
async fn any_letters(url: String) {
    let world = World::on(&url, messenger()).await;
    for (number, chat) in ["plain", "\"o'neil\"@x.de", "a\\b/é😀", "\u{1}\t\n\u{7f}"].into_iter().enumerate() {
        let id = format!("S-{number}");
        let close = Close { address: Some(Address::chat(chat)), ..world.close_of(&id) };
        assert!(matches!(world.tell(close).await, Closed::Kept { .. }));
        let known = session::find(&world.engine.db, &id.as_str().into()).await.unwrap().remove(0);
        assert_eq!((known.revision, known.address), (0, serde_json::to_string(&Address::chat(chat)).ok()), "known by its close alone");
    }
}

async fn moves(world: &World, from: &str, to: &str) -> Disposition {
    world.happens("bot", InboundKind::Moved { from: Address::chat(from), to: Address::chat(to) }).await.disposition
}

async fn press(world: &World, connection: &str, message: &Outgoing, label: &str, by: &str) -> Disposition {
    let choice = message.choices.iter().find(|choice| choice.label == label).expect("the choice");
    let what = InboundKind::Press { token: choice.token.clone(), by: Address::chat(by), message_id: None, press_id: None };
    let taken = world.happens(connection, what).await;
    world.work().await;
    taken.disposition
}

async fn score(world: &World, request: &str) -> Option<i64> {
    rating::of_requests(&world.engine.db, &[RequestId::named(request)])
        .await
        .unwrap()
        .get(&RequestId::named(request))
        .map(|rating| rating.score)
}

async fn story(world: &World, session: &str) -> String {
    let stories = explain(&world.engine.db, &session.into()).await.unwrap();
    stories[0].history.iter().map(|sentence| sentence.text.as_str()).collect::<Vec<_>>().join("\n")
}

async fn pressed(url: String) {
    let world = World::on(&url, messenger()).await;
    let (request, question) = world.ask("S-1").await;
    let (other, untouched) = world.ask("S-2").await;
    assert_eq!(moves(&world, "chat-S-1", "new").await, Disposition::Counted);
    assert!(story(&world, "S-1").await.contains("The client has a new address on bot: the open question and pending messages follow it."));
    assert_eq!(moves(&world, "chat-S-1", "new").await, Disposition::NotAnAnswer, "told again, nothing is left to follow");
    assert_eq!(story(&world, "S-1").await.matches("a new address").count(), 1);

    assert_eq!(press(&world, "bot", &question, "👎", "somebody-else").await, Disposition::Foreign);
    assert_eq!(press(&world, "bot", &question, "👎", "new").await, Disposition::Counted, "the message moved with its client");
    assert_eq!(score(&world, &request).await, Some(0));
    let thanks = world.client.take().pop().expect("thanks");
    assert_eq!((thanks.to.chat.as_str(), thanks.replaces), ("new", Some(format!("m-{}", question.key))));

    // A press from before the move that arrives after it.
    moves(&world, "chat-S-2", "new-2").await;
    assert_eq!(press(&world, "bot", &untouched, "👍", "chat-S-2").await, Disposition::Counted);
    assert_eq!(score(&world, &other).await, Some(1));
}

async fn waiting(url: String) {
    let day = Capabilities { window: WindowRule::AfterClient(24 * HOUR), ..messenger() };
    let world = World::on(&url, day).await;
    let wrote = world.now() - HOUR;
    let by = Address::chat("chat-S-1");
    world.happens("bot", InboundKind::Wrote { by: by.clone(), at: wrote, window_expires_at: Some(wrote + 72 * HOUR) }).await;
    let close = lastword::life::session::close_batch::Close { client: None, ..world.close_of("S-1") };
    let Closed::Kept { decision: Ok(due_at), .. } = world.tell(close).await else { panic!("asks") };
    moves(&world, "chat-S-1", "new").await;
    world.clock.set(due_at);
    world.work().await;
    let question = world.client.take().pop().expect("the question");
    assert_eq!(question.to.chat, "new");
    assert_eq!(press(&world, "bot", &question, "👍", "new").await, Disposition::Counted, "a token for the new address");

    // The end of the window, and the pause between two questions, follow the client.
    let there = |chat: &str| Place { connection: "bot".into(), chat: chat.into() };
    let places = [there("new"), there("chat-S-1")];
    let known = world.engine.db.write(move |tx| {
        let places = places.clone();
        Box::pin(async move { conversation::load(tx, &places).await })
    });
    let known = known.await.unwrap();
    let clock = known.get(&there("new")).expect("known");
    assert_eq!((clock.last_client_message_at, clock.window_expires_at), (Some(wrote), Some(wrote + 72 * HOUR)));
    assert_eq!(known.len(), 1, "nobody is at the old address");
    let conversation = lastword_contract::Conversation {
        address: Address::chat("new"),
        last_client_message_at: clock.last_client_message_at,
        window_expires_at: clock.window_expires_at,
    };
    let channel = world.engine.channels.get(&"bot".into()).unwrap();
    assert_eq!(channel.window(&conversation, world.now()), Window::Open { until: wrote + 72 * HOUR });
    let again = lastword::life::session::close_batch::Close { client: None, address: Some(Address::chat("new")), ..world.close_of("S-9") };
    let Closed::Kept { decision, .. } = world.tell(again).await else { panic!("kept") };
    assert!(decision.is_err(), "asked a minute ago, under the old address");
}

async fn twice(url: String) {
    let world = World::on(&url, messenger()).await;
    let Closed::Kept { rating_request, decision: Ok(due_at), .. } = world.tell(world.close_of("S-1")).await else { panic!("asks") };
    moves(&world, "chat-S-1", "second").await;
    world.clock.set(due_at);
    world.work().await;
    let question = world.client.take().pop().expect("the question");
    assert_eq!(question.to.chat, "second", "what is written there is bound to that address");
    moves(&world, "second", "third").await;
    assert_eq!(press(&world, "bot", &question, "👎", "somebody-else").await, Disposition::Foreign);
    assert_eq!(press(&world, "bot", &question, "👎", "third").await, Disposition::Counted);
    assert_eq!(score(&world, &rating_request.to_string()).await, Some(0));
}

/// Whatever the order of moves, the pause between two questions, the desk's ID and an erasure find the same person.
async fn there_and_back(url: String) {
    let world = World::on(&url, messenger()).await;
    let at = |session: &str, chat: &str| Close { client: None, address: Some(Address::chat(chat)), ..world.close_of(session) };
    let asked = async |close: Close| match world.tell(close).await {
        Closed::Kept { decision, .. } => decision.is_ok(),
        other => panic!("{other:?}"),
    };
    assert!(asked(at("S-0", "a")).await);
    for (from, to) in [("a", "b"), ("b", "c"), ("c", "a"), ("a", "d")] {
        moves(&world, from, to).await;
    }
    for chat in ["a", "b", "c", "d"] {
        assert!(!asked(at(&format!("S-{chat}"), chat)).await, "{chat} is the client who was asked a moment ago");
    }
    // A desk sends its ID with an address that is no longer in use; another close has only the ID.
    let person = Some("person".to_owned());
    assert!(!asked(Close { client: person.clone().map(ClientId::from), ..at("S-5", "d") }).await);
    let names = lastword::store::session::client::names(&world.engine.db, &"desk/person".into()).await.unwrap();
    let places: Vec<String> = ["a", "b", "c", "d"].iter().map(|chat| format!("bot:{chat}")).collect();
    assert!(places.iter().all(|place| names.contains(&place.as_str().into())), "{names:?}");
    world.clock.set(world.now() + 25 * HOUR);
    assert!(asked(Close { client: person.map(ClientId::from), ..at("S-7", "b") }).await);
    for chat in ["a", "c", "d"] {
        assert!(!asked(at(&format!("T-{chat}"), chat)).await, "{chat} is linked with the desk's id");
    }
}

async fn renamed(url: String) {
    let world = World::on(&url, messenger()).await;
    let address = Address { chat: "49111".into(), user: Some("US.1".into()), via: None };
    let close = lastword::life::session::close_batch::Close { address: Some(address), ..world.close_of("S-1") };
    let Closed::Kept { decision: Ok(due_at), .. } = world.tell(close).await else { panic!("asks") };
    world.clock.set(due_at);
    world.work().await;
    let question = world.client.take().pop().expect("the question");
    moves(&world, "US.1", "US.2").await;
    let by = |user: &str| Address { chat: "49111".into(), user: Some(user.into()), via: None };
    let token = question.choices[0].token.clone();
    let pressed = |user: &str| InboundKind::Press { token: token.clone(), by: by(user), message_id: None, press_id: None };
    assert_eq!(world.happens("bot", pressed("US.9")).await.disposition, Disposition::Foreign);
    assert_eq!(world.happens("bot", pressed("US.2")).await.disposition, Disposition::Counted);
}

async fn receipt(url: String) {
    let world = World::on(&url, messenger()).await;
    world.client.moves("chat-S-1", Address::chat("-100777"));
    let (request, question) = world.ask("S-1").await;
    assert_eq!(question.to.chat, "chat-S-1", "the channel found the new place by itself");
    let asked = rating_request::load(&world.engine.db, &[RequestId::named(&request)]).await.unwrap().remove(0);
    assert_eq!(asked.asked_chat.as_ref().map(ChatId::as_str), Some("-100777"));
    assert!(story(&world, "S-1").await.contains("a new address on bot"));
    assert_eq!(press(&world, "bot", &question, "👍", "-100777").await, Disposition::Counted);
    assert_eq!(world.client.take().pop().expect("thanks").to.chat, "-100777");
}

async fn alerts(url: String) {
    let world = World::on(&url, messenger()).await;
    world.staff.moves("anna", Address::chat("-100900"));
    let (_, question) = world.ask("S-1").await;
    world.tap(&question, "👎").await;
    let is_alert = |message: &Outgoing| message.purpose == lastword_contract::Purpose::Alert;
    let alert = world.staff.take().into_iter().find(is_alert).expect("the alert");
    assert_eq!(alert.to.chat, "anna");
    let anna = recipient::all(&world.engine.db).await.unwrap().remove(0);
    assert!(anna.address.unwrap().contains("-100900"));
    assert_eq!(press(&world, "staff", &alert, "✓ Seen", "somebody").await, Disposition::Forged);
    assert_eq!(press(&world, "staff", &alert, "✓ Seen", "-100900").await, Disposition::Counted, "sent to the old chat, seen in the new");
    let (_, question) = world.ask("S-2").await;
    world.tap(&question, "👎").await;
    let next = world.staff.take().into_iter().find(is_alert).expect("the next alert");
    assert_eq!(next.to.chat, "-100900");
    assert_eq!(press(&world, "staff", &next, "✓ Seen", "-100900").await, Disposition::Counted);
}
