//! Reviews through the API: reply, resolve, judge, ask again; and clear errors if that is not possible.

use crate::on_both_databases;
use crate::rig::caller::Api;
use serde_json::{Value, json};

on_both_databases! {
    a_program_works_off_a_low_rating => worked_off;
    what_cannot_be_done_is_said_clearly => refused;
    templates_are_made_changed_and_removed => templates;
}

async fn low(api: &Api, session: &str) -> String {
    let (request, question) = api.world.ask(session).await;
    api.world.tap(&question, "👎").await;
    api.world.client.take();
    request
}

async fn worked_off(url: String) {
    let api = Api::new(&url).await;
    let (id, other) = (low(&api, "A").await, low(&api, "B").await);
    let waiting = api.get("/v1/low-ratings?limit=1").await.json();
    assert_eq!(waiting["items"][0]["rating_request"], json!(other), "the newest first: {waiting}");
    let next = api.get(&format!("/v1/low-ratings?limit=1&cursor={}", waiting["next"].as_str().unwrap())).await.json();
    assert_eq!((&next["items"][0]["rating_request"], &next["next"]), (&json!(id), &Value::Null));

    let replied = api.put(&format!("/v1/ratings/{id}/reply"), &json!({ "text": "Sorry.", "version": 0 })).await.json();
    assert_eq!((&replied["waits"], &replied["version"], &replied["replies"][0]["state"]), (&json!(false), &json!(1), &json!("scheduled")));
    api.world.work().await;
    assert_eq!(api.world.client.take().pop().unwrap().text, "Sorry.");
    let late = api.put(&format!("/v1/ratings/{id}/reply"), &json!({ "text": "So sorry.", "version": 0 })).await;
    assert_eq!(late.problem(), (409, "conflict".into(), "version".into()));
    assert_eq!(late.json()["present"]["version"], 1);

    let asked = api.post(&format!("/v1/ratings/{id}/ask-again"), &json!({})).await.json();
    api.world.work().await;
    let question = api.world.client.take().pop().unwrap();
    api.world.tap(&question, "👍").await;
    let review = api.get(&format!("/v1/ratings/{id}/review")).await.json();
    assert_eq!((&review["asked_again"], &review["second_rating"]["score"]), (&asked["asked_again"], &json!(1)));
    let second = api.get(&format!("/v1/rating-requests/{}", asked["asked_again"].as_str().unwrap())).await.json();
    assert_eq!((&second["asked_again_about"], &second["close"]), (&json!(id), &json!(1)));
    let recovery = api.get("/v1/reports/recovery").await.json();
    let parts = ["replied", "asked_again", "answered_again", "recovered"].map(|part| recovery[part]["part"].clone());
    assert_eq!((parts, &recovery["replied"]["of"]), ([json!(1), json!(1), json!(1), json!(1)], &json!(2)), "{recovery}");

    api.post(&format!("/v1/ratings/{other}/settle"), &json!({ "note": "called them" })).await;
    assert_eq!(api.get("/v1/low-ratings").await.json()["items"], json!([]));
    let flagged = api.post(&format!("/v1/ratings/{other}/flags"), &json!({ "reason": "spam", "text": "An advertisement" })).await.json();
    let appealed = api.post(&format!("/v1/ratings/{other}/appeal"), &json!({ "text": "Another shop" })).await.json();
    assert_eq!((&flagged["objections"][0]["reason"], &appealed["objections"][1]["kind"]), (&json!("spam"), &json!("appeal")));
    let judged = json!({ "objection": appealed["objections"][1]["id"], "upheld": true, "text": "So it is" });
    let voided = api.post(&format!("/v1/ratings/{other}/judge"), &judged).await.json();
    assert!(voided["voided_at"].is_string() && voided["rating"]["score"] == 0, "the original stays: {voided}");
    assert_eq!(api.post(&format!("/v1/ratings/{other}/judge"), &judged).await.problem().1, "conflict");
    let restored = api.post(&format!("/v1/ratings/{other}/restore"), &json!({ "text": "It was ours" })).await.json();
    assert_eq!((&restored["voided_at"], &restored["note"]), (&Value::Null, &json!("called them")));
}

async fn refused(url: String) {
    let api = Api::new(&url).await;
    let id = low(&api, "A").await;
    let put = |text: &str| json!({ "text": text });
    for (answer, expected) in [
        (api.put(&format!("/v1/ratings/{id}/reply"), &put(" ")).await, (422, "invalid_field", "text")),
        (api.put(&format!("/v1/ratings/{id}/reply"), &put(&"x".repeat(2_001))).await, (422, "invalid_field", "text")),
        (api.put("/v1/ratings/none/reply", &put("x")).await, (404, "not_found", "")),
        (api.post(&format!("/v1/ratings/{id}/flags"), &json!({ "reason": "dull", "text": "x" })).await, (422, "invalid_field", "reason")),
        (api.post(&format!("/v1/ratings/{id}/assign"), &json!({ "to": "nobody" })).await, (422, "invalid_field", "to")),
        (api.post(&format!("/v1/ratings/{id}/ask-again"), &json!({})).await, (409, "conflict", "")),
        (api.post(&format!("/v1/ratings/{id}/restore"), &json!({ "text": "x" })).await, (409, "conflict", "")),
        (api.get("/v1/low-ratings?show=mine").await, (422, "invalid_field", "show")),
        (api.get("/v1/low-ratings?cursor=x").await, (422, "invalid_field", "cursor")),
        (api.get("/v1/reports/recovery?operator=olga").await, (422, "invalid_field", "operator")),
        (api.get("/v1/ratings/none/review").await, (404, "not_found", "")),
    ] {
        let (status, code, field) = expected;
        assert_eq!(answer.problem(), (status, code.to_owned(), field.to_owned()), "{answer:?}");
    }
    assert_eq!(api.get(&format!("/v1/ratings/{id}/review")).await.json()["version"], 0, "nothing was changed");
}

async fn templates(url: String) {
    let api = Api::new(&url).await;
    let made = api.post("/v1/reply-templates", &json!({ "name": "Sorry", "text": "Hello #CLIENT#", "line": "support" })).await.json();
    let path = format!("/v1/reply-templates/{}", made["id"].as_str().unwrap());
    let changed = api.put(&path, &json!({ "name": "Sorry", "text": "Hello #CLIENT#, sorry." })).await.json();
    assert_eq!((&changed["line"], &changed["text"]), (&Value::Null, &json!("Hello #CLIENT#, sorry.")));
    assert_eq!(api.get("/v1/reply-templates").await.json()["items"].as_array().unwrap().len(), 1);
    let nowhere = api.post("/v1/reply-templates", &json!({ "name": "x", "text": "x", "line": "none" })).await;
    assert_eq!(nowhere.problem(), (422, "unknown_line".into(), "line".into()));
    assert_eq!(api.post("/v1/reply-templates", &json!({ "name": "", "text": "x" })).await.problem().2, "name");
    let key = api.key(3, &["admin"]).await;
    assert_eq!(api.call("DELETE", &path, Some(&key), "").await.status, 204);
    assert_eq!(api.call("DELETE", &path, Some(&key), "").await.status, 404);
    assert_eq!(api.put(&path, &json!({ "name": "x", "text": "x" })).await.status, 404);
}
