//! Access to every route of the description: with no key, a wrong key, and keys that are no longer valid.

use crate::rig::caller::Api;
use lastword::domain::access::api_key::Scope;
use lastword::http::api::openapi;
use lastword::names::KeyId;
use lastword::store::access::api_key;
use serde_json::Value;

/// Operations open to everyone. The hooks are not in the description: each channel checks its callers.
const PUBLIC: [&str; 0] = [];

/// Every route: method, path, scope.
fn described() -> Vec<(String, String, String)> {
    let document = openapi::document();
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap().iter().filter(|(_, operation)| operation.is_object()) {
            if PUBLIC.contains(&path.as_str()) {
                continue;
            }
            let scope = operation["security"][0]["api_key"][0].as_str();
            let scope = scope.unwrap_or_else(|| panic!("{method} {path} asks for no scope"));
            routes.push((method.to_uppercase(), path.clone(), scope.to_owned()));
        }
    }
    routes
}

/// An address for a pattern.
fn address(path: &str) -> String {
    path.replace(['{', '}'], "")
}

/// All calls.
const CALLS: [&str; 97] = [
    "POST /v1/sessions/close",
    "POST /v1/sessions/open",
    "POST /v1/sessions/message",
    "POST /v1/sessions/reopen",
    "POST /v1/sessions/reassign",
    "POST /v1/sessions/merge",
    "GET /v1/sessions/{id}",
    "POST /v1/sessions/{id}/ask",
    "GET /v1/ratings",
    "GET /v1/ratings/{rating_request}",
    "GET /v1/rating-requests",
    "GET /v1/rating-requests/{id}",
    "POST /v1/rating-requests/{id}/ask",
    "GET /v1/ratings/{rating_request}/review",
    "GET /v1/low-ratings",
    "PUT /v1/ratings/{rating_request}/reply",
    "POST /v1/ratings/{rating_request}/flags",
    "POST /v1/ratings/{rating_request}/appeal",
    "POST /v1/ratings/{rating_request}/judge",
    "POST /v1/ratings/{rating_request}/restore",
    "POST /v1/ratings/{rating_request}/assign",
    "POST /v1/ratings/{rating_request}/settle",
    "POST /v1/ratings/{rating_request}/ask-again",
    "GET /v1/reply-templates",
    "POST /v1/reply-templates",
    "PUT /v1/reply-templates/{id}",
    "DELETE /v1/reply-templates/{id}",
    "GET /v1/lines",
    "GET /v1/lines/{id}",
    "PUT /v1/lines/{id}",
    "GET /v1/lines/{id}/plan",
    "GET /v1/lines/{id}/alarms",
    "POST /v1/lines/{id}/alarms/learn",
    "GET /v1/lines/{id}/experiments",
    "POST /v1/lines/{id}/experiments",
    "POST /v1/lines/{id}/experiments/end",
    "GET /v1/letters",
    "PUT /v1/letters/{id}",
    "DELETE /v1/letters/{id}",
    "GET /v1/letters/{id}/preview",
    "POST /v1/letters/{id}/send",
    "GET /v1/operators/{id}",
    "PUT /v1/operators/{id}",
    "GET /v1/reports/handled-by",
    "GET /v1/reports/labels",
    "GET /v1/recipients",
    "GET /v1/recipients/{id}",
    "PUT /v1/recipients/{id}",
    "POST /v1/recipients/{id}/test",
    "GET /v1/alerts",
    "POST /v1/alerts/{id}/acknowledge",
    "GET /v1/chats",
    "GET /v1/chats/{connection}/{visitor}/messages",
    "POST /v1/chats/{connection}/{visitor}/messages",
    "POST /v1/chats/{connection}/{visitor}/close",
    "POST /v1/chats/{connection}/{visitor}/ask",
    "GET /v1/connections",
    "POST /v1/connections/{name}/replay",
    "POST /v1/connections/{name}/resume",
    "GET /v1/deliveries",
    "GET /v1/deliveries/{id}",
    "POST /v1/deliveries/{id}/resend",
    "POST /v1/deliveries/{id}/cancel",
    "GET /v1/reports/summary",
    "GET /v1/reports/operators",
    "GET /v1/reports/lines",
    "GET /v1/reports/channels",
    "GET /v1/reports/trend",
    "GET /v1/reports/heat",
    "GET /v1/reports/funnel",
    "GET /v1/reports/recovery",
    "GET /v1/reports/reasons",
    "GET /v1/lines/{id}/bitrix24",
    "POST /v1/lines/{id}/bitrix24",
    "GET /v1/clients",
    "GET /v1/clients/{id}/export",
    "POST /v1/clients/{id}/erase",
    "GET /v1/clients/{id}/opt-out",
    "PUT /v1/clients/{id}/opt-out",
    "DELETE /v1/clients/{id}/opt-out",
    "GET /v1/refused-calls",
    "GET /v1/keys",
    "POST /v1/keys",
    "DELETE /v1/keys/{id}",
    "GET /v1/people",
    "POST /v1/people",
    "GET /v1/people/{id}",
    "PUT /v1/people/{id}",
    "GET /v1/quarantine",
    "POST /v1/quarantine/release",
    "DELETE /v1/recipients/{id}",
    "DELETE /v1/lines/{id}",
    "POST /v1/deliveries/{id}/dismiss",
    "POST /v1/connections",
    "GET /v1/connections/{name}",
    "PATCH /v1/connections/{name}",
    "DELETE /v1/connections/{name}",
];

#[test]
fn the_description_has_every_call() {
    let routes: Vec<String> = described().iter().map(|(method, path, _)| format!("{method} {path}")).collect();
    for call in CALLS {
        assert!(routes.iter().any(|route| route == call), "{call} is not described");
    }
    assert_eq!(routes.len(), CALLS.len(), "{routes:?}");
    let document = openapi::document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let operations = document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    let mut ids: Vec<&str> = operations.filter_map(|operation| operation["operationId"].as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), CALLS.len(), "each call has a name of its own: {ids:?}");
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for name in ["Problem", "ProblemCode", "CloseBody", "LineSettings"] {
        assert!(schemas.contains_key(name), "{name} is not described: {:?}", schemas.keys());
    }
    missing_schemas(&document, schemas);
}

/// Checks that every reference has a target.
fn missing_schemas(value: &Value, schemas: &serde_json::Map<String, Value>) {
    match value {
        Value::Object(fields) => {
            if let Some(name) = fields.get("$ref").and_then(Value::as_str) {
                let name = name.trim_start_matches("#/components/schemas/");
                assert!(schemas.contains_key(name), "{name} is named and not described");
            }
            fields.values().for_each(|value| missing_schemas(value, schemas));
        }
        Value::Array(items) => items.iter().for_each(|value| missing_schemas(value, schemas)),
        _ => {}
    }
}

#[tokio::test]
async fn every_call_asks_for_a_key_with_its_scope() {
    let api = Api::in_memory().await;
    let revoked = api.key(9, &["admin"]).await;
    api.revoke(9).await;
    let mut keys = Vec::new();
    for (place, scope) in Scope::ALL.into_iter().enumerate() {
        keys.push((scope, api.key(20 + u8::try_from(place).unwrap(), &[scope.as_str()]).await));
    }
    let stranger = lastword::domain::access::api_key::ApiKey::generate([99; 32]);
    for (method, path, needed) in described() {
        let (path, needed) = (address(&path), Scope::parse(&needed).unwrap());
        for key in [None, Some("lw_short"), Some(stranger.text()), Some(revoked.as_str())] {
            let answer = api.call(&method, &path, key, "{").await;
            assert_eq!(answer.problem().1, "unauthorized", "{method} {path} with {key:?}");
        }
        for (scope, key) in &keys {
            // An invalid body: only an authorised caller gets that error.
            let answer = api.call(&method, &path, Some(key), "{").await;
            let may = needed.is_in(&[*scope]);
            assert_eq!(answer.status == 403, !may, "{method} {path} with {}: {answer:?}", scope.as_str());
            if !may {
                assert_eq!(answer.problem().1, "forbidden");
                assert!(answer.text.contains(needed.as_str()), "{answer:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_revoked_key_dies_within_five_seconds() {
    let api = Api::in_memory().await;
    let key = api.key(7, &["lines:read"]).await;
    assert_eq!(api.call("GET", "/v1/lines", Some(&key), "").await.status, 200);
    api.revoke(7).await;
    api.world.clock.advance(5_000);
    assert_eq!(api.call("GET", "/v1/lines", Some(&key), "").await.status, 401);
}

#[tokio::test]
async fn a_key_in_the_address_is_refused_and_its_use_is_written_down() {
    let api = Api::in_memory().await;
    let key = api.key(7, &["lines:read"]).await;
    let answer = api.call("GET", &format!("/v1/lines?api_key={key}"), Some(&key), "").await;
    assert_eq!(answer.problem().1, "unauthorized");
    assert!(answer.text.contains("revoke this key"), "{answer:?}");
    let lower = [("authorization", format!("bearer  {key}"))];
    assert_eq!(api.send("GET", "/v1/lines", &lower, Vec::new()).await.status, 200);
    loop {
        let used = api_key::all(&api.world.engine.db).await.unwrap().into_iter().find(|row| row.id == KeyId::first_of(7)).unwrap();
        if used.last_used_at == Some(api.world.now()) {
            break;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_description_and_its_page_are_for_everybody() {
    let api = Api::in_memory().await;
    let document = api.send("GET", "/openapi.json", &[], Vec::new()).await;
    assert!(document.status == 200 && document.json()["paths"]["/v1/sessions/close"].is_object());
    let page = api.send("GET", "/docs/", &[], Vec::new()).await;
    assert!(page.status == 200 && page.text.contains("swagger-ui"), "{page:?}");
    assert!(!page.text.contains("https://"), "nothing comes from elsewhere");
    for (file, holds) in [("page.js", "SwaggerUIBundle("), ("swagger-ui-bundle.js", "SwaggerUIBundle"), ("swagger-ui.css", ".swagger-ui")] {
        let found = api.send("GET", &format!("/docs/{file}"), &[], Vec::new()).await;
        assert!(page.text.contains(file) && found.status == 200 && found.text.contains(holds), "{file}: {}", found.status);
    }
    assert_eq!(api.send("GET", "/docs/nothing.js", &[], Vec::new()).await.status, 404);
    assert_eq!(api.send("GET", "/v1/nothing", &[], Vec::new()).await.problem().1, "not_found");
}
