//! The page on which people answer and close chats of our own web chat.

use crate::on_both_databases;
use crate::rig::house::House;
use crate::rig::world::{World, messenger};
use lastword::app::Node;
use lastword::domain::access::rights::Role;
use lastword::domain::line::LineSettings;
use lastword::id::Ids;
use lastword::life::Engine;
use lastword::life::session::web_chat;
use lastword::settings::{Limits, Settings};
use lastword::store::access::audit;
use lastword::store::question::rating_request;
use lastword::store::session::mail;
use lastword::time::SystemClock;
use serde_json::Value;
use std::sync::Arc;

on_both_databases! {
    a_visitor_is_answered_and_the_chat_is_closed => answered;
    a_chat_belongs_to_the_people_of_its_line => of_the_line;
}

const VISITOR: &str = "0aw4visitor7qk2";

/// A house with the web chat `site` on the line `support`.
async fn house(url: &str) -> House {
    let mut world = World::on(url, messenger()).await;
    world.line(LineSettings::default()).await;
    let all = [
        ("LASTWORD__SECURITY__KEY", "ab".repeat(32)),
        ("LASTWORD__CONNECTIONS__SITE__KIND", "webchat".to_owned()),
        ("LASTWORD__CONNECTIONS__SITE__LINE", "support".to_owned()),
        ("LASTWORD__CONNECTIONS__SITE__ORIGINS", r#"["https://shop.example"]"#.to_owned()),
    ];
    let all = all.into_iter().map(|(name, value)| (name.to_owned(), value));
    let settings = Settings::load(None, all).unwrap_or_else(|problems| panic!("{problems}"));
    let clock = Arc::new(SystemClock::default());
    let node = Node::over(world.engine.db.clone(), &settings, clock, Arc::new(Ids::random())).unwrap_or_else(|problem| panic!("{problem}"));
    let Engine { channels, adapters, .. } = node.engine;
    world.engine = Engine { channels, adapters, ..world.engine.clone() };
    House::with_sites(world, node.sites, None, Limits::NONE, None)
}

async fn writes(house: &House, visitor: &str, key: &str, text: &str) {
    let (engine, now) = (&house.world.engine, house.world.now());
    web_chat::visitor_writes(engine, &"site".into(), &"support".into(), &visitor.into(), key, text, now).await.unwrap();
    house.world.clock.advance(1_000);
}

/// Author and text of each message.
async fn messages(house: &House, visitor: &str) -> Vec<(String, String)> {
    let stored = mail::after(&house.world.engine.db, &"site".into(), &visitor.into(), 0, 100).await.unwrap();
    let read = |mail: &mail::Mail| {
        let frame: Value = serde_json::from_str(&mail.body).unwrap();
        let word = |name: &str| frame[name].as_str().unwrap_or_default().to_owned();
        (if word("name").is_empty() { word("from") } else { word("name") }, word("text"))
    };
    stored.iter().map(read).collect()
}

/// The number of waiting chats as the navigation shows it.
fn waiting(page: &str) -> &str {
    page.split("data-chats=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("no number on {page}"))
}

async fn answered(url: String) {
    let house = house(&url).await;
    let anna = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&anna).await;
    let empty = browser.get("/chats").await;
    assert!(empty.status == 200 && empty.text.contains("No open chats") && waiting(&empty.text) == "0", "{}", empty.text);
    writes(&house, VISITOR, "v:1", "Where is <b>my order</b>?").await;
    let list = browser.get("/chats").await.text;
    assert!(list.contains("Where is &#60;b&#62;my order&#60;/b&#62;?") && list.contains("Waiting for an answer"), "{list}");
    assert_eq!((waiting(&list), waiting(&browser.get("/today").await.text)), ("1", "1"), "the navigation of every page counts it");
    let chat = format!("/chats/site/{VISITOR}-1");
    assert!(list.contains(&format!("href=\"{chat}\"")), "{list}");
    let shown = browser.get(&chat).await.text;
    let key = shown.split("name=\"key\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();

    for (text, words) in [(" ".to_owned(), "Enter a message."), ("x".repeat(4_001), "Enter up to 4,000 characters.")] {
        let refused = browser.send(&chat, &chat, &[("key", &key), ("text", &text)]).await;
        assert!(refused.status == 422 && refused.text.contains(words), "{}", refused.text);
        assert!(refused.text.contains(&format!("{}</textarea>", text.trim())), "what was typed stays");
    }
    for _ in 0..2 {
        assert_eq!(browser.send(&chat, &chat, &[("key", &key), ("text", "On its way!")]).await.leads_to(), chat);
    }
    assert_eq!(browser.send(&chat, &chat, &[("key", "another"), ("text", "Anything else?")]).await.leads_to(), chat);
    let told = [("visitor", "Where is <b>my order</b>?"), ("anna", "On its way!"), ("anna", "Anything else?")];
    assert_eq!(messages(&house, VISITOR).await, told.map(|(who, text)| (who.to_owned(), text.to_owned())), "the same key is one message");
    assert_eq!(waiting(&browser.get("/chats").await.text), "0", "nobody waits any more");
    writes(&house, VISITOR, "v:2", "No, thank you").await;
    assert_eq!(waiting(&browser.get("/chats").await.text), "1");

    assert_eq!(browser.send(&chat, &format!("{chat}/close"), &[]).await.leads_to(), chat);
    let closed = browser.get(&chat).await.text;
    assert!(closed.contains("Chat closed.") && closed.contains("data-closed") && !closed.contains("id=\"chat-write\""), "{closed}");
    assert_eq!(waiting(&closed), "0");
    let db = &house.world.engine.db;
    let close = rating_request::of_session(db, &"webchat:site".into(), &format!("{VISITOR}-1").into()).await.unwrap().remove(0);
    assert_eq!(
        (close.operator_id.as_ref().map(|id| id.as_str()), close.closed_by.is_some(), close.reason.as_deref()),
        (Some("anna"), true, None)
    );
    assert!(closed.contains(&format!("/ratings/{}", close.id)), "the rating is linked");
    assert_eq!(browser.post(&format!("{chat}/close"), &[("form_token", &browser.clone().get(&chat).await.token())]).await.leads_to(), chat);
    let late = browser.send(&chat, &chat, &[("key", "late"), ("text", "One more thing")]).await;
    assert!(late.status == 409 && late.text.contains("One more thing") && late.text.contains("has been closed"), "{}", late.text);
    assert_eq!(messages(&house, VISITOR).await.len(), 4, "nothing was written after the close");

    let entries = audit::list(db, &audit::Filter::default(), None, 50).await.unwrap();
    let acts: Vec<(&str, &str)> = entries.iter().map(|entry| (entry.act.as_str(), entry.by_name.as_str())).collect();
    let acts: Vec<_> = acts.into_iter().filter(|(act, _)| act.starts_with("chat.")).collect();
    assert_eq!(acts, [("chat.closed", "anna"), ("chat.answered", "anna")], "the first answer and the close");
    let log = browser.get("/audit").await.text;
    assert!(log.contains("Chat answered:") && log.contains("Chat closed:"), "{log}");
}

async fn of_the_line(url: String) {
    let house = house(&url).await;
    writes(&house, VISITOR, "v:1", "a secret of the support line").await;
    let chat = format!("/chats/site/{VISITOR}-1");
    let other = house.person("other", Role::Supervisor, &["sales"]).await;
    let mut browser = house.signed_in(&other).await;
    let list = browser.get("/chats").await;
    assert!(list.status == 200 && !list.text.contains("a secret") && waiting(&list.text) == "0", "{}", list.text);
    assert_eq!(browser.get(&chat).await.status, 404, "as if it did not exist");
    for path in [chat.clone(), format!("{chat}/close")] {
        assert_eq!(browser.send("/chats", &path, &[("text", "let me in")]).await.status, 404, "{path}");
    }
    assert_eq!(messages(&house, VISITOR).await.len(), 1);

    let ours = house.person("ours", Role::Supervisor, &["support"]).await;
    let mut browser = house.signed_in(&ours).await;
    let list = browser.get("/chats").await.text;
    assert!(list.contains("a secret of the support line") && waiting(&list) == "1", "{list}");
    assert_eq!(browser.send(&chat, &chat, &[("text", "How can I help?")]).await.leads_to(), chat);
    for path in ["/chats/bot/x-1", "/chats/site/nobody-1", "/chats/site/x"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
}
