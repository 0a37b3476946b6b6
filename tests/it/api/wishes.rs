//! Asking or not asking, decided by callers of the API: with the close, by hand afterwards, and during the chat.

use crate::on_both_databases;
use crate::rig::caller::Api;
use crate::rig::world::MORNING;
use lastword::domain::line::{LineSettings, WhileTalking};
use serde_json::{Value, json};

on_both_databases! {
    a_close_says_whether_its_client_is_asked_and_a_person_may_ask_later => wishes;
    what_was_left_out_or_told_again_is_said_in_the_answer => answers;
    an_open_session_is_asked_about_once => talking;
}

fn close(session: &str, more: Value) -> Value {
    let mut close = json!({
        "event_key": format!("close-{session}"), "session": session, "line": "support", "closed_at": MORNING,
        "operator": { "id": "op-7", "name": "Olga" }, "connection": "bot", "address": { "chat": format!("chat-{session}") },
    });
    close.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    close
}

async fn wishes(url: String) {
    let api = Api::new(&url).await;
    let kept = api.post("/v1/sessions/close", &close("S-1", json!({ "ask": false, "ask_reason": "already sorry" }))).await.json();
    assert_eq!((&kept["decision"], &kept["reason"]), (&json!("not_asked"), &json!("by_choice")));
    let id = kept["rating_request"].as_str().unwrap().to_owned();
    assert_eq!(api.get(&format!("/v1/rating-requests/{id}")).await.json()["ask_reason"], "already sorry");
    let auto = api.post("/v1/sessions/close", &close("S-2", json!({ "ask": "auto" }))).await.json();
    assert_eq!(auto["decision"], "ask");
    let odd = api.post("/v1/sessions/close", &close("S-3", json!({ "ask": "maybe" }))).await;
    assert_eq!(odd.problem(), (422, "invalid_field".into(), "ask".into()), "{odd:?}");

    let operators = api.get("/v1/reports/operators?from=2026-09-21").await.json();
    let kept_back = &operators["items"][0]["kept_back"];
    assert_eq!((&kept_back["part"], &kept_back["of"]), (&json!(1), &json!(2)), "{operators}");
    assert!(kept_back["low"].as_f64().unwrap() < 50.0 && kept_back["high"].as_f64().unwrap() > 50.0);

    let by_hand = format!("/v1/rating-requests/{id}/ask");
    let asked = api.post(&by_hand, &json!({ "reason": "they called back" })).await;
    assert_eq!((asked.status, &asked.json()["outcome"]), (200, &json!(null)), "{asked:?}");
    assert!(asked.json()["due_at"].is_string());
    let again = api.post(&by_hand, &json!({})).await;
    assert_eq!((again.problem().0, again.problem().1), (409, "conflict".into()));
    assert!(again.text.contains("asked"), "{again:?}");
    assert_eq!(api.post("/v1/rating-requests/none/ask", &json!({})).await.status, 404);
    let story = api.get("/v1/sessions/S-1").await.json()["history"].to_string();
    assert!(story.contains("they called back") && story.contains("already sorry"), "{story}");
}

async fn answers(url: String) {
    let api = Api::new(&url).await;
    let nobody = api.post("/v1/sessions/close", &close("S-1", json!({ "operator": null }))).await.json();
    assert_eq!(nobody["reason"], "no_operator");
    assert!(nobody["remedy"].as_str().unwrap().contains("skip.no_operator"), "{nobody}");
    let first = api.post("/v1/sessions/close", &close("S-2", json!({}))).await.json();
    assert!(first.get("remedy").is_none(), "nothing was left out");
    let later = json!({ "event_key": "later", "closed_at": MORNING + 1, "line": "support" });
    api.world.clock.advance(1);
    let again = api.post("/v1/sessions/close", &close("S-2", later.clone())).await;
    let told = again.json();
    assert_eq!((again.status, &told["result"], &told["repeated"]), (202, &json!("already_closed"), &json!(false)));
    assert_eq!(told["rating_request"], first["rating_request"]);
    assert_eq!(api.post("/v1/sessions/close", &close("S-2", later)).await.json()["repeated"], true);
    assert!(api.get("/v1/sessions/S-2").await.json()["history"].to_string().contains("closed_again"));
    // After a new message it is a separate close.
    api.world.clock.advance(1_000);
    let wrote = json!({ "event_key": "m1", "session": "S-2", "at": MORNING + 500, "by": "operator", "operator": { "id": "op-7" } });
    assert_eq!(api.post("/v1/sessions/message", &wrote).await.json()["result"], "applied");
    let anew = close("S-2", json!({ "event_key": "anew", "closed_at": MORNING + 900 }));
    let anew = api.post("/v1/sessions/close", &anew).await.json();
    assert_eq!(anew["result"], "kept");
    assert_ne!(anew["rating_request"], first["rating_request"]);
    let unknown = json!({ "event_key": "m2", "session": "S-9", "at": MORNING, "by": "client" });
    assert_eq!(api.post("/v1/sessions/message", &unknown).await.problem().0, 404);
}

async fn talking(url: String) {
    let api = Api::new(&url).await;
    let opened = json!({
        "event_key": "o1", "session": "S-1", "at": MORNING, "line": "support", "operator": { "id": "op-7" },
        "connection": "bot", "address": { "chat": "chat-S-1" },
    });
    assert_eq!(api.post("/v1/sessions/open", &opened).await.json()["result"], "applied");
    let refused = api.post("/v1/sessions/S-1/ask", &json!({})).await;
    assert_eq!(refused.problem().0, 409);
    assert!(refused.text.contains("while_talking_off"), "{refused:?}");
    assert_eq!(api.post("/v1/sessions/S-9/ask", &json!({})).await.status, 404);
    let while_talking = WhileTalking { enabled: true, closes: false, time_limit_secs: Some(60) };
    api.world.line(LineSettings { while_talking, ..LineSettings::default() }).await;
    let asked = api.post("/v1/sessions/S-1/ask", &json!({})).await;
    assert_eq!(asked.status, 200, "{asked:?}");
    let asked = asked.json();
    assert!(asked["expires_at"].is_string());
    assert_eq!(api.post("/v1/sessions/S-1/ask", &json!({})).await.status, 409, "once");
    api.world.clock.advance(1_000);
    let closed = close("S-1", json!({ "closed_at": MORNING + 1_000 }));
    let closed = api.post("/v1/sessions/close", &closed).await.json();
    assert_eq!((&closed["result"], &closed["rating_request"]), (&json!("kept"), &asked["rating_request"]));
    let session = api.get("/v1/sessions/S-1").await.json();
    assert_eq!((session["closes"].as_array().unwrap().len(), &session["status"]), (1, &json!("closed")));
}
