//! A desk writes an address in one form, the platform in another: typed answers, the window of a waiting question, and an
//! opt-out find the same person. `+777` and `777` are two forms of one address here.

use super::HOUR;
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::access::rights::Lines;
use lastword::domain::answer::Disposition;
use lastword::domain::line::LineSettings;
use lastword::life::records::client_data;
use lastword::life::session::close_batch::{Close, Closed};
use lastword::names::{DeliveryId, RequestId};
use lastword::store::answer::rating;
use lastword::store::question::delivery;
use lastword_base::names::ClientId;
use lastword_contract::{Address, Capabilities, InboundKind, TextMessage, WindowRule};

on_both_databases! {
    a_typed_answer_under_another_form_of_the_address_counts => typed;
    a_tap_under_another_form_of_the_address_counts => tapped;
    a_wish_under_another_form_is_that_of_the_person_who_was_asked => wished;
    the_window_of_a_question_that_waits_moves_with_a_message_under_another_form => window;
    a_desk_that_names_the_old_id_of_a_group_means_the_same_person => moved;
    a_client_is_found_by_either_form => found;
}

const DAY: i64 = 24 * HOUR;

/// A close in the chat `chat`, of a client that the desk knows as `client`, or does not name.
fn close(world: &World, session: &str, chat: &str, client: Option<&str>) -> Close {
    Close { client: client.map(ClientId::from), address: Some(Address::chat(chat)), closed_at: world.now(), ..world.close_of(session) }
}

async fn told(world: &World, close: Close) -> (String, Result<i64, String>) {
    let Closed::Kept { rating_request, decision, .. } = world.tell(close).await else { panic!("kept") };
    (rating_request.to_string(), decision)
}

fn text(words: &str, chat: &str) -> InboundKind {
    InboundKind::Text(TextMessage::new(words, Address::chat(chat)))
}

async fn typed(url: String) {
    let world = World::on(&url, messenger()).await;
    let (request, decision) = told(&world, close(&world, "S-1", "+777", Some("ann"))).await;
    world.clock.set(decision.unwrap());
    world.work().await;
    let question = world.client.take().pop().expect("the question");
    assert_eq!(question.to.chat, "+777", "asked as the desk writes it");
    world.clock.advance(60_000);
    assert_eq!(world.happens("bot", text("👎", "888")).await.disposition, Disposition::NotAnAnswer, "somebody else");
    assert_eq!(world.happens("bot", text("👎", "777")).await.disposition, Disposition::Counted);
    let rated = rating::of_requests(&world.engine.db, &[RequestId::named(&request)]).await.unwrap();
    assert_eq!(rated[&RequestId::named(&request)].score, 0);
}

async fn tapped(url: String) {
    let world = World::on(&url, messenger()).await;
    let (request, decision) = told(&world, close(&world, "S-1", "+777", Some("ann"))).await;
    world.clock.set(decision.unwrap());
    world.work().await;
    let question = world.client.take().pop().expect("the question");
    let press = |chat: &str| InboundKind::Press {
        token: question.choices[1].token.clone(),
        by: Address::chat(chat),
        message_id: None,
        press_id: None,
    };
    assert_eq!(world.happens("bot", press("888")).await.disposition, Disposition::Foreign);
    assert_eq!(world.happens("bot", press("777")).await.disposition, Disposition::Counted);
    assert!(rating::of_requests(&world.engine.db, &[RequestId::named(&request)]).await.unwrap().contains_key(&RequestId::named(&request)));
}

async fn wished(url: String) {
    let world = World::on(&url, messenger()).await;
    let (_, decision) = told(&world, close(&world, "S-1", "+777", Some("ann"))).await;
    world.clock.set(decision.unwrap());
    world.pass(25 * HOUR).await;
    world.happens("bot", text("STOP", "777")).await;
    let elsewhere = close(&world, "S-2", "another", Some("ann"));
    assert_eq!(told(&world, elsewhere).await.1, Err("opted_out".to_owned()), "the person, not the chat");
}

async fn window(url: String) {
    let world = World::on(&url, Capabilities { window: WindowRule::AfterClient(DAY), ..messenger() }).await;
    world.line(LineSettings { delay_secs: 20 * 3_600, ..LineSettings::default() }).await;
    let wrote = Close { last_client_message_at: Some(world.now()), ..close(&world, "S-1", "+777", None) };
    let (request, decision) = told(&world, wrote).await;
    decision.expect("asked within the window");
    let shuts =
        async || delivery::these(&world.engine.db, &[DeliveryId::named(&request)]).await.unwrap().remove(0).window_closes_at.unwrap();
    let before = shuts().await;
    world.clock.advance(5 * HOUR);
    let at = world.now();
    world.happens("bot", InboundKind::Wrote { by: Address::chat("777"), at, window_expires_at: None }).await;
    assert_eq!((shuts().await, before < at + DAY), (at + DAY, true));
}

async fn moved(url: String) {
    let world = World::on(&url, messenger()).await;
    assert!(told(&world, close(&world, "S-1", "777", None)).await.1.is_ok());
    world.happens("bot", InboundKind::Moved { from: Address::chat("777"), to: Address::chat("100777") }).await;
    for chat in ["777", "100777", "+777"] {
        assert_eq!(told(&world, close(&world, &format!("S-{chat}"), chat, None)).await.1, Err("throttled".to_owned()), "{chat}");
    }
    world.pass(25 * HOUR).await;
    assert!(told(&world, close(&world, "S-2", "777", None)).await.1.is_ok());
    assert_eq!(told(&world, close(&world, "S-3", "100777", None)).await.1, Err("throttled".to_owned()), "and the other way round");
}

async fn found(url: String) {
    let world = World::on(&url, messenger()).await;
    told(&world, close(&world, "S-1", "+777", Some("ann"))).await.1.unwrap();
    for chat in ["777", "+777"] {
        let found: Vec<ClientId> =
            client_data::find(&world.engine, chat, &Lines::All).await.unwrap().into_iter().map(|client| client.id).collect();
        assert_eq!(found, ["desk/ann"], "{chat}");
    }
}
