//! A person asks a client by hand: about a close that was not asked about, and while a chat is open.

use crate::on_both_databases;
use crate::rig::house::House;
use lastword::domain::access::rights::Role;
use lastword::domain::line::{LineSettings, WhileTalking};
use lastword::domain::session::{Operator, Wish};
use lastword::life::session::change::{SessionChange, change_session};
use lastword::life::session::close_batch::{Close, Closed};
use lastword::life::session::event::EventEnvelope;
use lastword::life::session::open::Opening;
use lastword_contract::Address;

on_both_databases! {
    a_person_has_a_client_asked_after_all_and_while_the_chat_is_open => asked;
    how_many_closes_an_operator_kept_back_is_on_the_page_and_in_the_file => kept_back;
    a_rating_leads_to_its_chat_at_the_desk => to_the_desk;
}

async fn to_the_desk(url: String) {
    let house = House::on(&url, None).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let desk_page = Some("https://desk.example.com/t/17?a=1&b=%22".to_owned());
    let close = Close { desk_page, ..house.world.close_of("S1") };
    let Closed::Kept { rating_request: id, .. } = house.world.tell(close).await else { panic!("kept") };
    let shown = browser.get(&format!("/ratings/{id}")).await.text;
    let link = "<a href=\"https://desk.example.com/t/17?a=1&#38;b=%22\" rel=\"noopener noreferrer\" target=\"_blank\">Open</a>";
    assert!(shown.contains(link), "{shown}");
}

async fn asked(url: String) {
    let house = House::on(&url, None).await;
    let world = &house.world;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let close = Close { wish: Wish::Keep, wish_reason: Some("they <b>shouted</b>".into()), ..world.close_of("S1") };
    let Closed::Kept { rating_request: id, .. } = world.tell(close).await else { panic!("kept") };
    let (page, to) = (format!("/ratings/{id}"), format!("/ratings/{id}/ask"));
    let shown = browser.get(&page).await.text;
    assert!(shown.contains(&format!("action=\"{to}\"")) && shown.contains("they &#60;b&#62;shouted"), "{shown}");
    assert_eq!(browser.send(&page, &to, &[("why", "they calmed down")]).await.status, 303);
    let shown = browser.get(&page).await.text;
    assert!(!shown.contains(&format!("action=\"{to}\"")) && shown.contains("they calmed down"), "{shown}");
    let again = browser.send("/account", &to, &[("why", "")]).await;
    assert!(again.status == 409 && again.text.contains("the client had already been asked"), "{again:?}");

    // An open session has a button if its line asks during chats.
    let opening = Opening {
        line_id: "support".into(),
        connection: Some("bot".into()),
        address: Some(Address::chat("chat-S2")),
        operator: Some(Operator { id: "op-7".into(), name: None, kind: None }),
        ..Default::default()
    };
    let told = EventEnvelope {
        source: "desk".into(),
        event_key: "open-S2".into(),
        body_hash: String::new(),
        session_id: "S2".into(),
        occurred_at: world.now(),
    };
    change_session(&world.engine, told, SessionChange::Opened(opening), world.now()).await.unwrap();
    let (page, to) = ("/sessions/desk/S2", "/sessions/desk/S2/ask");
    assert!(!browser.get(page).await.text.contains(to));
    let refused = browser.send("/account", to, &[]).await;
    assert!(refused.status == 409 && refused.text.contains("asking during the chat is off"), "{refused:?}");
    let while_talking = WhileTalking { enabled: true, ..Default::default() };
    world.line(LineSettings { while_talking, ..LineSettings::default() }).await;
    assert!(browser.get(page).await.text.contains(to));
    let asked = browser.send(page, to, &[]).await;
    assert!(asked.status == 303 && asked.leads_to().starts_with("/ratings/"), "{asked:?}");
    world.work().await;
    assert_eq!(world.client.take().len(), 1);
}

async fn kept_back(url: String) {
    let house = House::on(&url, None).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    house.world.tell(Close { wish: Wish::Keep, ..house.world.close_of("S1") }).await;
    house.world.tell(house.world.close_of("S2")).await;
    let page = browser.get("/operators?period=90&cols=kept_back").await.text;
    assert!(page.contains("Excluded by the desk") && page.contains("1 of 2"), "{page}");
    let file = browser.get("/reports/file?by=operator&period=90&format=csv").await.text;
    let mut reader = csv::Reader::from_reader(file.trim_start_matches('\u{feff}').as_bytes());
    let heads = reader.headers().unwrap().clone();
    let row = reader.records().next().unwrap().unwrap();
    let cell = |head: &str| row[heads.iter().position(|name| name == head).unwrap_or_else(|| panic!("{head} in {heads:?}"))].to_owned();
    assert_eq!((cell("Excluded by the desk"), cell("Excluded by the desk, %")), ("1".to_owned(), "50".to_owned()));
    // Wilson's interval of one of two.
    assert_eq!((cell("Excluded, 95% from"), cell("Excluded, 95% to")), ("9.453".to_owned(), "90.547".to_owned()));
}
