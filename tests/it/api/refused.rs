//! Events of desks that could not be used: stored with their body, counted, shown, and erased with the client.

use crate::on_both_databases;
use crate::rig::caller::Api;
use crate::rig::world::MORNING;
use serde_json::{Value, json};

on_both_databases! {
    what_is_refused_is_kept_with_the_desks_words => kept;
    a_key_sees_its_own_refused_calls_and_an_erased_client_is_in_none => own;
}

fn close(key: &str, line: &str, client: &str) -> Value {
    json!({ "event_key": key, "session": key, "line": line, "closed_at": MORNING, "client": client })
}

fn told(page: &Value) -> Vec<(String, String, String)> {
    let word = |item: &Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
    page["items"].as_array().unwrap().iter().map(|item| (word(item, "call"), word(item, "code"), word(item, "field"))).collect()
}

async fn kept(url: String) {
    let api = Api::new(&url).await;
    assert_eq!(api.get("/v1/refused-calls").await.json(), json!({ "items": [] }));
    let broken = r#"{"event_key": "k1", "session": "S-1", "#;
    let admin = api.key(3, &["admin"]).await;
    for _ in 0..2 {
        assert_eq!(api.call("POST", "/v1/sessions/close", Some(&admin), broken).await.status, 400);
    }
    api.world.clock.advance(1_000);
    let several = json!([close("a", "support", "c-1"), close("b", "nowhere", "c-2"), { "event_key": "c", "colour": 1 }]);
    assert_eq!(api.post("/v1/sessions/close", &several).await.json()["refused"], 2);
    api.world.clock.advance(1_000);
    let reopened = json!({ "event_key": "d", "session": "S-9", "at": MORNING });
    assert_eq!(api.post("/v1/sessions/reopen", &reopened).await.status, 404);
    assert_eq!(api.call("POST", "/v1/sessions/close", None, "{}").await.status, 401);

    let page = api.get("/v1/refused-calls").await.json();
    let mut found = told(&page);
    found.sort();
    let expected = [
        ("POST /v1/sessions/close", "invalid_json", ""),
        ("POST /v1/sessions/close", "unknown_field", "[2].colour"),
        ("POST /v1/sessions/close", "unknown_line", "[1].line"),
        ("POST /v1/sessions/reopen", "not_found", "session"),
    ];
    assert_eq!(found, expected.map(|(call, code, field)| (call.to_owned(), code.to_owned(), field.to_owned())), "{page:#}");
    let items = page["items"].as_array().unwrap();
    assert_eq!(items[0]["code"], "not_found", "the newest first");
    assert!(
        items.iter().any(|item| item["words"] == broken),
        "a stranger's words are not kept, and what was sent twice is there once: {page:#}"
    );
    assert!(items.iter().any(|item| item["words"].as_str().unwrap().contains("nowhere")), "{page:#}");
    let first = api.get("/v1/refused-calls?limit=1").await.json();
    let next = first["next"].as_str().unwrap();
    assert_eq!(told(&api.get(&format!("/v1/refused-calls?cursor={next}")).await.json()).len(), 3);
    let numbers = api.metrics.encode();
    assert!(numbers.contains(r#"lastword_events_refused_total{call="POST /v1/sessions/close",code="invalid_json"} 2"#), "{numbers}");
}

async fn own(url: String) {
    let api = Api::new(&url).await;
    let (one, other) = (api.key(3, &["sessions:write"]).await, api.key(4, &["sessions:write"]).await);
    let erased = json!({ "event_key": "k", "session": "S-1", "line": "nowhere", "closed_at": MORNING, "client": "marked-client" });
    assert_eq!(api.call("POST", "/v1/sessions/close", Some(&one), &erased.to_string()).await.status, 422);
    let seen = async |key: &str| api.call("GET", "/v1/refused-calls", Some(key), "").await.json()["items"].as_array().unwrap().len();
    assert_eq!((seen(&one).await, seen(&other).await), (1, 0));
    assert_eq!(api.post("/v1/sessions/close", &close("known", "support", "marked-client")).await.status, 202);
    assert_eq!(api.post("/v1/clients/api%2Fmarked-client/erase", &json!({})).await.status, 200);
    assert_eq!(seen(&one).await, 0, "an erased client is in no refused call");
}
