//! The pages of clients: found by name and other known details, by those who see their lines; exported as a file, erased after
//! typing the ID again.

use crate::on_both_databases;
use crate::rig::house::{Browser, House};
use lastword::domain::access::rights::Role;
use lastword::domain::line::LineSettings;
use lastword::life::admin::change_line::{Changed, save_line};
use lastword::life::records::client_data::look;
use lastword::life::session::close_batch::Closed;
use lastword::names::RequestId;
use lastword::store::StoreError;
use lastword::store::access::audit;
use lastword::store::line::LineChange;
use lastword::store::records::personal;
use url::form_urlencoded::byte_serialize;

on_both_databases! {
    a_client_is_found_by_name_and_has_a_page_with_their_chats => by_name;
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

    let link = link.replace("/one?", "/data?");
    let one = browser.get(&link).await;
    assert!(one.status == 200 && one.text.contains("Stored data") && !one.text.contains("Зоя <b>"), "{}", one.text);
    let file = browser.get(&link.replace("/data?", "/file?")).await;
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"client.json\"");
    let held: serde_json::Value = serde_json::from_str(&file.text).unwrap();
    assert_eq!(held["client"], "desk/Зоя <b>");
    for path in ["one", "data"] {
        assert_eq!(browser.get(&format!("/clients/{path}?id=desk%2Fnobody")).await.status, 404);
    }

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

/// A close of a client on a line, with the name that the desk reports.
async fn closed(house: &House, session: &str, line: &str, client: &str, name: &str) -> String {
    let mut close = house.world.close_of(session);
    (close.line_id, close.client, close.client_name) = (line.into(), Some(client.into()), Some(name.into()));
    let Closed::Kept { rating_request, .. } = house.world.tell(close).await else { panic!("kept") };
    rating_request.to_string()
}

async fn by_name(url: String) {
    let house = House::on(&url, None).await;
    let sales = LineChange {
        id: "sales".into(),
        name: "Sales".to_owned(),
        settings: LineSettings::default(),
        archived: false,
        seen_version: 0,
        by: "test".to_owned(),
        at: house.world.now(),
    };
    assert!(matches!(save_line(&house.world.engine, sales).await.unwrap(), Changed::Saved(_)));
    let first = closed(&house, "s1", "support", "c-1", "Zoë Kahn-Meyer").await;
    house.world.pass(60_000).await;
    let second = closed(&house, "s2", "support", "c-1", "Zoe Meyer").await;
    closed(&house, "s3", "support", "c-2", "Meyer, Paul").await;
    closed(&house, "s4", "sales", "c-3", "Paula <b> Meyer").await;
    let (anna, boris) = (house.person("anna", Role::Admin, &[]).await, house.person("boris", Role::Supervisor, &["sales"]).await);
    let (mut hers, mut his) = (house.signed_in(&anna).await, house.signed_in(&boris).await);
    let found = async |browser: &mut Browser<'_>, text: &str| {
        let page = browser.get(&format!("/clients?find={}", byte_serialize(text.as_bytes()).collect::<String>())).await.text;
        ["c-1", "c-2", "c-3"].into_iter().filter(|id| page.contains(&format!("id=desk%2F{id}"))).collect::<Vec<_>>()
    };
    for (text, ids) in [
        ("meyer", &["c-1", "c-2", "c-3"][..]),
        ("MEYER zo", &["c-1"]),
        ("kahn", &["c-1"]),
        ("pau mey", &["c-2", "c-3"]),
        ("paula", &["c-3"]),
        ("zoe paul", &[]),
        ("eyer", &[]),
        ("<b>", &["c-3"]),
        ("% _", &[]),
    ] {
        assert_eq!(found(&mut hers, text).await, ids, "{text}");
    }
    assert_eq!(found(&mut his, "meyer").await, ["c-3"], "a supervisor finds the clients of their lines");
    assert_eq!((found(&mut his, "c-1").await, found(&mut his, "chat-s1").await), (vec![], vec![]), "not by ID or chat either");
    assert_eq!(his.get("/clients/one?id=desk%2Fc-1").await.status, 404);
    assert_eq!(his.get("/clients/one?id=desk%2Fc-3").await.status, 200);

    // The newest name heads the page, with every chat and why it was not asked about.
    let page = hers.get("/clients/one?id=desk%2Fc-1").await.text;
    assert!(page.contains("<h1 dir=\"auto\">Zoe Meyer</h1>") && page.contains("asked too recently"), "{page}");
    assert!(page.contains(&format!("href=\"/ratings/{second}\"")) && page.contains("Can be asked again from"), "{page}");
    let link = "href=\"/clients/one?id=desk%2Fc-1\"";
    for path in ["/ratings?outcome=all", &format!("/ratings/{second}")] {
        let page = hers.get(path).await.text;
        assert!(page.contains(link) && page.contains(">Zoe Meyer</a>"), "{path}: {page}");
    }

    // Older closes lose the older name.
    forget(&house, RequestId::named(&first)).await;
    assert_eq!((found(&mut hers, "kahn").await, found(&mut hers, "zoe").await), (vec![], vec!["c-1"]), "what another close has stays");
    forget(&house, RequestId::named(&second)).await;
    assert_eq!(found(&mut hers, "zoe").await, Vec::<&str>::new());
}

/// Erases the personal data of a close, as when its retention time is over.
async fn forget(house: &House, id: RequestId) {
    let now = house.world.now();
    let erased = house.world.engine.db.write(move |tx| {
        Box::pin(async move {
            personal::hold(tx, &[id]).await?;
            personal::take_away(tx, &[id], now).await
        })
    });
    let erased: Result<(), StoreError> = erased.await;
    erased.unwrap();
}
