//! The page of a client: found by known details, exported as a file, erased after typing the ID again.

use super::house::House;
use crate::on_both_databases;
use lastword::domain::access::rights::Role;
use lastword::life::records::client_data::look;
use lastword::store::access::audit;

on_both_databases! {
    an_admin_finds_hands_out_and_erases_a_client => erases;
}

async fn erases(url: String) {
    let house = House::on(&url, None).await;
    let mut close = house.world.close_of("s1");
    close.client = Some("Зоя <b>".into());
    house.world.tell(close).await;
    let account = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&account).await;
    assert!(browser.get("/clients").await.text.contains("Find a client"));
    assert!(browser.get("/clients?find=nobody").await.text.contains("No client found"));
    let found = browser.get("/clients?find=chat-s1").await;
    let link = found.text.split('"').find(|part| part.starts_with("/clients/one?id=")).expect("a link to the client").to_owned();
    assert!(found.text.contains("desk/Зоя &#60;b&#62;") && found.text.contains("1 client found"), "{}", found.text);

    let one = browser.get(&link).await;
    assert!(one.status == 200 && one.text.contains("Stored data") && !one.text.contains("Зоя <b>"), "{}", one.text);
    let file = browser.get(&link.replace("/one?", "/file?")).await;
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"client.json\"");
    let held: serde_json::Value = serde_json::from_str(&file.text).unwrap();
    assert_eq!(held["client"], "desk/Зоя <b>");
    assert_eq!(browser.get("/clients/one?id=desk%2Fnobody").await.status, 404);

    let wrong = browser.send(&link, "/clients/erase", &[("id", "desk/Зоя <b>"), ("confirm", "Зоя")]).await;
    assert!(
        wrong.status == 422 && wrong.text.contains("That is not the client’s ID") && wrong.text.contains("value=\"Зоя\""),
        "{}",
        wrong.text
    );
    assert!(look(&house.world.engine, &"desk/Зоя <b>".into()).await.unwrap().is_some(), "nothing was erased");
    let erased = browser.send(&link, "/clients/erase", &[("id", "desk/Зоя <b>"), ("confirm", " desk/Зоя <b> ")]).await;
    assert_eq!((erased.status, erased.leads_to()), (303, "/clients"));
    assert!(look(&house.world.engine, &"desk/Зоя <b>".into()).await.unwrap().is_none());
    assert!(browser.get("/clients").await.text.contains("All data about the client has been erased."));
    let entries = audit::list(&house.world.engine.db, &audit::Filter::default(), None, 50).await.unwrap();
    let acts: Vec<(&str, &str)> = entries.iter().map(|entry| (entry.act.as_str(), entry.by_name.as_str())).collect();
    assert!(
        acts.contains(&("client.erased", account.name.as_str())) && acts.contains(&("client.exported", account.name.as_str())),
        "{acts:?}"
    );
    assert!(!format!("{entries:?}").contains("Зоя"), "the trail does not name the client");
}
