//! Keys limited to lines: other lines do not exist for them, on every route.

use crate::on_both_databases;
use crate::rig::caller::Api;
use crate::rig::world::MORNING;
use lastword::http::api::openapi;
use serde_json::{Value, json};

on_both_databases! {
    keys_are_made_listed_and_taken_back => keys;
    a_key_for_one_line_reads_and_changes_that_line_alone => one_line;
    such_a_key_sees_and_mends_the_messages_of_its_line => own_messages;
    people_are_invited_changed_and_switched_off => people;
}

/// A world with the lines `support` and `sales`, a rating of each, and a key limited to `support` with all scopes but `admin`.
async fn two_lines(url: &str) -> (Api, String, [String; 2]) {
    let api = Api::new(url).await;
    assert_eq!(api.put("/v1/lines/sales", &json!({ "name": "Sales", "version": 0 })).await.status, 201);
    let scopes: Vec<&str> =
        lastword::domain::access::api_key::Scope::ALL.iter().map(|scope| scope.as_str()).filter(|scope| *scope != "admin").collect();
    let made = api.post("/v1/keys", &json!({ "name": "Support's desk", "scopes": scopes, "lines": ["support"] })).await;
    assert_eq!(made.status, 201, "{made:?}");
    let mut requests = Vec::new();
    for line in ["support", "sales"] {
        let close = json!({
            "event_key": line, "session": format!("S-{line}"), "line": line, "closed_at": MORNING, "operator": { "id": "op-7" },
            "connection": "bot", "address": { "chat": format!("chat-{line}") },
        });
        requests.push(api.post("/v1/sessions/close", &close).await.json()["rating_request"].as_str().unwrap().to_owned());
    }
    api.world.clock.advance(2_000);
    api.world.work().await;
    for question in api.world.client.take() {
        api.world.tap(&question, "👎").await;
    }
    (api, made.json()["secret"].as_str().unwrap().to_owned(), [requests.remove(0), requests.remove(0)])
}

async fn keys(url: String) {
    let api = Api::new(&url).await;
    let body = |scopes: Value, lines: Value| json!({ "name": "desk", "scopes": scopes, "lines": lines });
    for (body, field) in [
        (body(json!(["everything"]), json!(null)), "scopes[0]"),
        (body(json!([]), json!(null)), "scopes"),
        (body(json!(["lines:read"]), json!([])), "lines"),
        (body(json!(["lines:read"]), json!(["nowhere"])), "lines"),
        (json!({ "name": " ", "scopes": ["lines:read"] }), "name"),
    ] {
        let refused = api.post("/v1/keys", &body).await;
        assert_eq!((refused.problem().0, refused.problem().2), (422, field.to_owned()), "{refused:?}");
    }
    let made = api.post("/v1/keys", &body(json!(["lines:read", "lines:read"]), json!(["support"]))).await;
    let (secret, key) = (made.json()["secret"].as_str().unwrap().to_owned(), made.json()["key"].clone());
    assert_eq!((made.status, &key["scopes"], &key["lines"]), (201, &json!(["lines:read"]), &json!(["support"])));
    assert_eq!(api.call("GET", "/v1/lines", Some(&secret), "").await.status, 200);
    let listed = api.get("/v1/keys").await;
    assert!(listed.json()["items"].to_string().contains("desk") && !listed.text.contains(&secret), "{listed:?}");
    let path = format!("/v1/keys/{}", key["id"].as_str().unwrap());
    let admin = api.key(5, &["admin"]).await;
    let revoked = api.call("DELETE", &path, Some(&admin), "").await;
    assert!(revoked.status == 200 && revoked.json()["revoked_at"].is_string(), "{revoked:?}");
    api.world.clock.advance(5_000);
    assert_eq!(api.call("GET", "/v1/lines", Some(&secret), "").await.status, 401);
    assert_eq!(api.call("DELETE", "/v1/keys/none", Some(&admin), "").await.status, 404);
    let limited = api.post("/v1/keys", &body(json!(["admin"]), json!(["support"]))).await.json()["secret"].as_str().unwrap().to_owned();
    assert_eq!(api.call("GET", "/v1/keys", Some(&limited), "").await.status, 403, "it could make itself one without a limit");
}

async fn one_line(url: String) {
    let (api, key, [ours, theirs]) = two_lines(&url).await;
    let call = async |method: &str, path: &str, body: &Value| api.call(method, path, Some(&key), &body.to_string()).await;
    let get = async |path: &str| api.call("GET", path, Some(&key), "").await;

    assert_eq!(get("/v1/lines").await.json()["items"].as_array().unwrap().len(), 1);
    assert_eq!((get("/v1/lines/support").await.status, get("/v1/lines/sales").await.status), (200, 404));
    assert_eq!(call("PUT", "/v1/lines/sales", &json!({ "name": "Mine", "version": 1 })).await.status, 403);
    assert_eq!(get("/v1/lines/sales/plan?from=2026-01-01T00:00:00Z").await.status, 404);
    assert_eq!(get("/v1/lines/sales/bitrix24").await.status, 404);
    let takes = json!({ "fields": { "VOTE_MESSAGE": "Y" }, "version": 1 });
    assert_eq!(call("POST", "/v1/lines/sales/bitrix24", &takes).await.status, 404);

    for list in ["/v1/ratings", "/v1/rating-requests", "/v1/low-ratings?show=all"] {
        let page = get(list).await;
        assert!(page.text.contains("\"support\"") && !page.text.contains("sales"), "{list}: {page:?}");
    }
    for path in ["/v1/ratings/ID", "/v1/ratings/ID/review", "/v1/rating-requests/ID"] {
        let of = async |id: &str| get(&path.replace("ID", id)).await.status;
        assert_eq!((of(&ours).await, of(&theirs).await), (200, 404), "{path}");
    }
    assert_eq!((get("/v1/sessions/S-support").await.status, get("/v1/sessions/S-sales").await.status), (200, 404));
    for (act, body) in [
        ("reply", json!({ "text": "Sorry" })),
        ("flags", json!({ "reason": "spam", "text": "x" })),
        ("appeal", json!({ "text": "x" })),
        ("judge", json!({ "objection": "o", "upheld": true, "text": "x" })),
        ("restore", json!({ "text": "x" })),
        ("assign", json!({ "to": null })),
        ("settle", json!({ "note": "x" })),
        ("ask-again", json!({})),
    ] {
        let method = if act == "reply" { "PUT" } else { "POST" };
        assert_eq!(call(method, &format!("/v1/ratings/{theirs}/{act}"), &body).await.status, 404, "{act}");
    }
    assert_eq!(call("POST", &format!("/v1/ratings/{ours}/settle"), &json!({ "note": "called" })).await.status, 200);

    nothing_is_told_of_another_line(&api, &key).await;
    let report = get("/v1/reports/summary").await.json();
    assert_eq!((&report["report"]["funnel"]["closed"], &report["report"]["score"]["raw"]["bad"]), (&json!(2), &json!(1)), "{report}");
    assert_eq!(get("/v1/reports/lines").await.json()["items"].as_array().unwrap().len(), 1);
    assert_eq!(get("/v1/reports/summary?line=sales").await.problem(), (403, "forbidden".into(), "line".into()));
    let template = json!({ "name": "n", "text": "t", "line": "sales" });
    assert_eq!(call("POST", "/v1/reply-templates", &template).await.status, 403);
    every_other_call_is_refused(&api, &key).await;
}

async fn own_messages(url: String) {
    let (api, key, [ours, theirs]) = two_lines(&url).await;
    let call = async |method: &str, path: &str| api.call(method, path, Some(&key), r#"{"by":"Anna"}"#).await;
    let of = |all: &Value, field: &str, request: &str| -> Vec<String> {
        let about = |item: &&Value| item[field] == request;
        all["items"].as_array().unwrap().iter().filter(about).map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    for (list, field) in [("/v1/alerts?limit=200", "rating_request"), ("/v1/deliveries?state=sent&limit=200", "subject")] {
        let (all, seen) = (api.get(list).await.json(), call("GET", list).await.json());
        assert!(!of(&all, field, &theirs).is_empty() && of(&seen, field, &theirs).is_empty(), "{list}: {seen}");
        assert_eq!(of(&seen, field, &ours), of(&all, field, &ours), "{list}");
        let other = call("GET", &format!("{list}&line=sales")).await;
        assert_eq!(other.problem(), (403, "forbidden".into(), "line".into()), "{list}");
        assert_eq!(call("GET", &format!("{list}&line=support")).await.json(), seen, "{list}");
    }
    let alerts = api.get("/v1/alerts").await.json();
    let (mine, other) = (of(&alerts, "rating_request", &ours).remove(0), of(&alerts, "rating_request", &theirs).remove(0));
    assert_eq!(call("POST", &format!("/v1/alerts/{other}/acknowledge")).await.status, 404);
    assert_eq!(call("POST", &format!("/v1/alerts/{mine}/acknowledge")).await.json()["new"], true);
    let sent = api.get("/v1/deliveries?state=sent&limit=200").await.json();
    let (mine, other) = (of(&sent, "subject", &ours).remove(0), of(&sent, "subject", &theirs).remove(0));
    assert_eq!(call("GET", &format!("/v1/deliveries/{mine}")).await.status, 200);
    assert_eq!(call("GET", &format!("/v1/deliveries/{other}")).await.status, 404);
    for act in ["resend", "dismiss", "cancel"] {
        // A delivery that was sent cannot be handled; one of another line does not exist.
        assert_eq!(call("POST", &format!("/v1/deliveries/{mine}/{act}")).await.status, 409, "{act}");
        assert_eq!(call("POST", &format!("/v1/deliveries/{other}/{act}")).await.status, 404, "{act}");
    }
    assert_eq!(call("POST", "/v1/deliveries/none/resend").await.status, 404);
}

/// The key can neither read nor write sessions of another line. Adds one close of its own line.
async fn nothing_is_told_of_another_line(api: &Api, key: &str) {
    let call = async |method: &str, path: &str, body: &Value| api.call(method, path, Some(key), &body.to_string()).await;
    let event = |session: &str| json!({ "event_key": format!("e {session}"), "session": session, "at": MORNING + 10 });
    for path in ["reopen", "merge", "reassign", "open", "message"] {
        let mut body = event("S-sales");
        match path {
            "merge" => body["into"] = json!("S-support"),
            "reassign" => body["operator"] = json!({ "id": "x" }),
            "open" => body["line"] = json!("support"),
            "message" => body["by"] = json!("client"),
            _ => {}
        }
        let refused = call("POST", &format!("/v1/sessions/{path}"), &body).await;
        assert_eq!(refused.problem(), (403, "forbidden".into(), "session".into()), "{path}: {refused:?}");
    }
    let mut into = event("S-support");
    into["into"] = json!("S-sales");
    assert_eq!(call("POST", "/v1/sessions/merge", &into).await.status, 403);
    let mut moved = event("S-support");
    moved["line"] = json!("sales");
    assert_eq!(call("POST", "/v1/sessions/reassign", &moved).await.problem().2, "line");
    let closes = json!([
        { "event_key": "n1", "session": "S-new", "line": "sales", "closed_at": MORNING },
        { "event_key": "n2", "session": "S-sales", "line": "support", "closed_at": MORNING + 20 },
        { "event_key": "n3", "session": "S-mine", "line": "support", "closed_at": MORNING },
    ]);
    let answer = call("POST", "/v1/sessions/close", &closes).await.json();
    let statuses: Vec<_> = answer["items"].as_array().unwrap().iter().map(|item| item["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [403, 403, 202], "{answer}");
}

/// All other calls refuse limited keys, also those added later.
async fn every_other_call_is_refused(api: &Api, key: &str) {
    let held = [
        "/v1/sessions",
        "/v1/ratings",
        "/v1/rating-requests",
        "/v1/low-ratings",
        "/v1/lines",
        "/v1/reports",
        "/v1/reply-templates",
        "/v1/alerts",
        "/v1/deliveries",
    ];
    let document = openapi::document();
    let mut refused = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        if held.iter().any(|held| path.starts_with(held)) || path == "/v1/refused-calls" {
            continue;
        }
        for method in item.as_object().unwrap().keys() {
            let address = path.replace(['{', '}'], "");
            let answer = api.call(&method.to_uppercase(), &address, Some(key), "{}").await;
            assert_eq!(answer.problem().1, "forbidden", "{method} {path}: {answer:?}");
            refused += 1;
        }
    }
    assert!(refused > 20, "{refused}");
}

async fn people(url: String) {
    let api = Api::new(&url).await;
    let person = |role: &str, more: Value| {
        let mut person = json!({ "name": "Boris", "role": role });
        person.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        person
    };
    let invite = |login: &str, person: Value| json!({ "login": login, "person": person });
    let made = api.post("/v1/people", &invite("boris", person("supervisor", json!({ "lines": ["support"] })))).await;
    assert_eq!(made.status, 201, "{made:?}");
    let (link, made) = (made.json()["link"].clone(), made.json()["person"].clone());
    assert!(link.as_str().unwrap().contains("/password/"), "{link}");
    assert_eq!((&made["lines"], &made["invited"], &made["disabled"]), (&json!(["support"]), &json!(true), &json!(false)));
    assert_eq!(
        api.post("/v1/people", &invite("boris", person("admin", json!({})))).await.problem(),
        (409, "conflict".into(), "login".into())
    );
    for (body, field) in [
        (invite("a b", person("admin", json!({}))), "login"),
        (invite("olga", person("operator", json!({}))), "person.operator"),
        (invite("olga", person("supervisor", json!({ "lines": [] }))), "person.lines"),
        (invite("olga", person("owner", json!({}))), "person.role"),
    ] {
        let refused = api.post("/v1/people", &body).await;
        assert_eq!((refused.status, refused.problem().2), (422, field.to_owned()), "{refused:?}");
    }
    let path = format!("/v1/people/{}", made["id"].as_str().unwrap());
    let changed = api.put(&path, &person("operator", json!({ "operator": "op-7", "disabled": true }))).await.json();
    assert_eq!((&changed["role"], &changed["operator"], &changed["disabled"]), (&json!("operator"), &json!("op-7"), &json!(true)));
    assert_eq!(api.get(&path).await.json(), changed);
    assert_eq!(api.get("/v1/people").await.json()["items"], json!([changed]));
    assert_eq!(api.get("/v1/people/none").await.status, 404);
    assert!(!api.get("/v1/people").await.text.contains("argon2"));
}
