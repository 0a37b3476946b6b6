//! A line's experiments on its page and in the API, and praise on the operator's own page.

use crate::on_both_databases;
use crate::rig::caller::Api;
use crate::rig::house::House;
use lastword::domain::access::audit::By;
use lastword::domain::access::rights::Role;
use lastword::life::access::change_account::{self, Wanted};
use lastword_contract::{InboundKind, TextMessage};
use serde_json::json;

on_both_databases! {
    an_admin_starts_reads_and_ends_an_experiment => by_page;
    programs_start_read_and_end_an_experiment => by_api;
    an_operator_reads_their_own_praise => own_praise;
}

async fn by_page(url: String) {
    let house = House::on(&url, None).await;
    let admin = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&admin).await;
    let page = "/lines/support/experiments";
    assert!(browser.get(page).await.text.contains("No experiment yet"));
    let same = [("margin", "5"), ("clients_max", "6000")];
    let wrong = browser.send(page, page, &same).await;
    assert!(wrong.status == 422 && wrong.text.contains("B is the same as the line"), "{}", wrong.text);
    let start = [("question.en", "How did we do?"), ("delay_secs", "30"), ("margin", "5"), ("clients_max", "6000")];
    assert_eq!(browser.send(page, page, &start).await.leads_to(), page);
    let text = browser.get(page).await.text;
    for words in ["Not clear yet", "How did we do?", "Delay: 30 s", "Delay: 2 s", "A: the line as it is", "Running", "anna"] {
        assert!(text.contains(words), "{words} is not in {text}");
    }
    assert!(!text.contains("Start an experiment"), "one at a time");
    let end = [("keep", "a")];
    assert_eq!(browser.send(page, &format!("{page}/end"), &end).await.leads_to(), page);
    let text = browser.get(page).await.text;
    assert!(text.contains("Kept") && text.contains("Start an experiment") && !text.contains("Running"), "{text}");
    let trail = browser.get("/audit").await.text;
    assert!(trail.contains("Experiment started:") && trail.contains("Experiment ended:"), "{trail}");
}

async fn by_api(url: String) {
    let api = Api::new(&url).await;
    let path = "/v1/lines/support/experiments";
    assert_eq!(api.get(path).await.json(), json!({ "items": [] }));
    assert_eq!(api.post(path, &json!({ "trial": {} })).await.problem().0, 422);
    let begun = api.post(path, &json!({ "trial": { "scale": "five_star" } })).await;
    assert_eq!(begun.status, 201, "{begun:?}");
    let begun = begun.json();
    assert_eq!((&begun["margin"], &begun["clients_max"], &begun["verdict"]), (&json!(5), &json!(6_000), &json!("go_on")));
    assert_eq!((&begun["variants"][0]["scale"], &begun["variants"][1]["scale"]), (&json!("binary"), &json!("five_star")));
    assert_eq!(api.post(path, &json!({ "trial": { "delay_secs": 9 } })).await.problem().0, 409);
    let line = api.get("/v1/lines/support").await.json();
    let mut settings = line["settings"].clone();
    settings["delay_secs"] = json!(9);
    let body = json!({ "name": line["name"], "settings": settings, "version": line["version"] });
    let refused = api.put("/v1/lines/support", &body).await;
    assert!(refused.status == 422 && refused.text.contains("end the experiment first"), "{refused:?}");
    let ended = api.post(&format!("{path}/end"), &json!({ "keep": "b" })).await.json();
    assert_eq!((&ended["kept"], &ended["verdict_at_end"]), (&json!("b"), &json!("go_on")));
    assert_eq!(api.get("/v1/lines/support").await.json()["settings"]["scale"], "five_star");
    assert_eq!(api.post(&format!("{path}/end"), &json!({ "keep": "b" })).await.problem().0, 409);
    assert_eq!(api.get("/v1/lines/nowhere/experiments").await.problem().0, 404);
}

async fn own_praise(url: String) {
    let house = House::on(&url, None).await;
    let (_, question) = house.world.ask("S-1").await;
    house.world.tap(&question, "👍").await;
    let text = "Olga was wonderful".to_owned();
    let said = InboundKind::Text(TextMessage::new(text, question.to.clone()).in_reply_to(format!("m-{}", question.key)));
    house.world.happens("bot", said).await;
    for (login, operator, reads) in [("olga", "op-7", true), ("igor", "op-8", false)] {
        let wanted = Wanted { operator_id: Some(operator.into()), comments: true, ..crate::rig::house::wanted(login, Role::Operator, &[]) };
        let engine = &house.world.engine;
        let added = change_account::add(engine, &By::command(), login, wanted, None, house.world.now()).await.unwrap();
        let account = added.expect("a free login");
        let page = house.signed_in(&account).await.get("/me").await.text;
        assert_eq!(page.contains("Olga was wonderful"), reads, "{login}: {page}");
        assert!(page.contains("id=\"praise\""), "{login}");
    }
}
