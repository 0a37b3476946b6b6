//! Alerts and deliveries by line, recipient, state and time; dismissing deliveries; and deleting what is or is not in use.

use crate::on_both_databases;
use crate::rig::caller::Api;
use lastword::domain::line::{Alerts, LineSettings};
use lastword_contract::{SendError, Verdict};
use serde_json::{Value, json};

on_both_databases! {
    alerts_and_deliveries_are_filtered => filters;
    a_send_that_nobody_will_ever_know_of_is_given_up => dismissed;
    recipients_and_lines_on_which_nothing_hangs_are_deleted => deleted;
    a_macro_that_there_is_not_is_refused_with_those_there_are => macros;
    a_recipient_who_was_not_reached_says_why => unreached;
}

fn ids(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

async fn rate_low(api: &Api, session: &str) {
    let (_, question) = api.world.ask(session).await;
    api.world.tap(&question, "👎").await;
}

async fn filters(url: String) {
    let api = Api::new(&url).await;
    api.world.recipient("boris", None).await;
    let alerts = Alerts { recipients: vec!["anna".into(), "boris".into()], ..Alerts::default() };
    api.world.line_as_it_is(LineSettings { alerts, ..LineSettings::default() }).await;
    rate_low(&api, "S-1").await;
    let noon = api.world.now() + 60_000;
    api.world.clock.advance(120_000);
    rate_low(&api, "S-2").await;
    let count = |path: &'static str| {
        let api = &api;
        async move { ids(&api.get(path).await.json()).len() }
    };
    assert_eq!(count("/v1/alerts").await, 4);
    assert_eq!(count("/v1/alerts?recipient=boris").await, 2);
    assert_eq!((count("/v1/alerts?line=support").await, count("/v1/alerts?line=sales").await), (4, 0));
    assert_eq!((count("/v1/alerts?state=raised").await, count("/v1/alerts?state=undeliverable").await), (4, 0));
    assert_eq!(count("/v1/alerts?state=waiting").await, 4);
    let later = api.get(&format!("/v1/alerts?from={noon}&recipient=anna")).await.json();
    let earlier = api.get(&format!("/v1/alerts?until={noon}&recipient=anna")).await.json();
    assert_eq!((ids(&later).len(), ids(&earlier).len()), (1, 1));
    assert_ne!(ids(&later), ids(&earlier));
    assert!(later["items"][0]["sent_at"].is_string(), "{later}");
    assert_eq!(api.get("/v1/alerts?state=lost").await.problem(), (422, "invalid_field".into(), "state".into()));

    assert_eq!(count("/v1/deliveries?state=sent&kind=alert").await, 4);
    assert_eq!(count("/v1/deliveries?state=sent&kind=ask&line=support").await, 2);
    assert_eq!(count("/v1/deliveries?state=sent&line=sales").await, 0);
    assert_eq!(count("/v1/deliveries?state=sent&kind=ask&connection=mail").await, 0);
    let asks = api.get(&format!("/v1/deliveries?state=sent&kind=ask&from={noon}")).await.json();
    assert_eq!(ids(&asks).len(), 1);
    assert_eq!(api.get("/v1/deliveries?kind=letter").await.problem(), (422, "invalid_field".into(), "kind".into()));
}

async fn dismissed(url: String) {
    let api = Api::new(&url).await;
    api.world.client.fails_with([SendError::new(Verdict::CannotKnow, "timeout", "no answer")]);
    api.world.tell(api.world.close_of("S-1")).await;
    api.world.pass(60_000).await;
    let stuck = api.get("/v1/deliveries").await.json();
    let path = format!("/v1/deliveries/{}", ids(&stuck)[0]);
    let answer = api.post(&format!("{path}/dismiss"), &json!({})).await;
    let delivery = &answer.json()["delivery"];
    assert_eq!((answer.status, &delivery["state"], &delivery["reason"]), (200, &json!("unknown"), &json!("dismissed")));
    assert!(ids(&api.get("/v1/deliveries").await.json()).is_empty(), "it needs nobody any more");
    assert_eq!(ids(&api.get("/v1/deliveries?state=unknown").await.json()).len(), 1, "and is what it was");
    assert_eq!(api.post(&format!("{path}/dismiss"), &json!({})).await.problem().1, "conflict");
    assert_eq!(api.post("/v1/deliveries/none/dismiss", &json!({})).await.status, 404);
}

async fn deleted(url: String) {
    let api = Api::new(&url).await;
    let delete = |path: &'static str| api.delete(path);
    let hangs = delete("/v1/recipients/anna").await;
    assert_eq!((hangs.status, &hangs.json()["present"]["used_by"]), (409, &json!(["the line support"])), "{hangs:?}");
    assert!(hangs.json()["detail"].as_str().unwrap().contains("because of the line support"), "{hangs:?}");
    let team = json!({ "name": "Team", "kind": "group", "members": ["anna"] });
    assert_eq!(api.put("/v1/recipients/team", &team).await.status, 201);
    assert_eq!(delete("/v1/recipients/anna").await.json()["present"]["used_by"], json!(["the line support", "the group team"]));
    assert_eq!((delete("/v1/recipients/team").await.status, delete("/v1/recipients/team").await.status), (204, 404));

    assert_eq!(api.put("/v1/lines/sales", &json!({ "name": "Sales", "version": 0 })).await.status, 201);
    assert_eq!(delete("/v1/lines/sales").await.status, 204);
    assert_eq!(delete("/v1/lines/sales").await.problem(), (404, "not_found".into(), String::new()));
    let again = api.put("/v1/lines/sales", &json!({ "name": "Sales", "version": 0 })).await;
    assert_eq!((again.status, &again.json()["version"]), (201, &json!(2)), "no node takes it for the other one");
    let template = json!({ "name": "Sorry", "text": "Sorry", "line": "sales" });
    assert_eq!(api.post("/v1/reply-templates", &template).await.status, 201);
    let till = json!({ "name": "till", "scopes": ["ratings:read"], "lines": ["sales", "support"] });
    let till = api.post("/v1/keys", &till).await.json();
    let present = json!(["its reply templates: Sorry", "the API keys that are limited to it: till"]);
    assert_eq!(delete("/v1/lines/sales").await.json()["present"]["used_by"], present, "another line of that name would be the key's");
    assert_eq!(api.delete(&format!("/v1/keys/{}", till["key"]["id"].as_str().unwrap())).await.status, 200);
    assert_eq!(delete("/v1/lines/sales").await.json()["present"]["used_by"], json!(["its reply templates: Sorry"]));
    api.world.ask("S-1").await;
    let used = delete("/v1/lines/support").await;
    assert_eq!((used.status, &used.json()["present"]["used_by"]), (409, &json!(["1 close", "1 session"])), "{used:?}");
}

async fn macros(url: String) {
    let api = Api::new(&url).await;
    let line = |settings: Value| json!({ "name": "Sales", "version": 0, "settings": settings });
    let bad = api.put("/v1/lines/sales", &line(json!({ "texts": { "en": { "question": "Hello #COLOUR#" } } }))).await;
    assert_eq!(bad.problem(), (422, "invalid_field".into(), "settings.texts.en.question".into()));
    let detail = bad.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("there is no macro #COLOUR#; here you can write #NAME#, #CLIENT#, #OPERATOR#, #LINE#"), "{detail}");
    let bad = api.put("/v1/lines/sales", &line(json!({ "alerts": { "text": "#SCORE# #KOMMENTAR#" } }))).await;
    assert_eq!(bad.problem().2, "settings.alerts.text");
    let bad = api.post("/v1/reply-templates", &json!({ "name": "Sorry", "text": "Hello #FIRST_NAME#" })).await;
    assert_eq!(bad.problem(), (422, "invalid_field".into(), "text".into()));
}

async fn unreached(url: String) {
    let api = Api::new(&url).await;
    api.world.staff.fails_for("anna", [SendError::new(Verdict::RecipientGone, "blocked", "bot was blocked by the user")]);
    rate_low(&api, "S-1").await;
    let lost = api.get("/v1/alerts?state=undeliverable").await.json();
    assert_eq!((&lost["items"][0]["recipient"], &lost["items"][0]["reason"]), (&json!("anna"), &json!("recipient_gone")));
    let anna = api.get("/v1/recipients/anna").await.json();
    assert!(anna["unreached_at"].is_string() && anna["unreached_reason"].as_str().unwrap().contains("blocked by the user"), "{anna}");
    let warnings = api.get("/v1/lines/support").await.json()["warnings"].as_array().unwrap().clone();
    assert!(warnings[0].as_str().unwrap().starts_with("The last alert did not reach anna"), "{warnings:?}");
    assert!(warnings[1].as_str().unwrap().starts_with("Low ratings on this line reach nobody"), "{warnings:?}");
}
