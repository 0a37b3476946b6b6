//! Connections made by programs: the same steps as on the pages, with secrets that can only be written.

use crate::on_both_databases;
use crate::rig::adapters::{TOKEN, bot_api, key, node, settings};
use crate::rig::caller::Api;
use crate::rig::world::{World, messenger};
use lastword::domain::line::LineSettings;
use lastword::life::{Engine, events};
use lastword::store::StoreError;
use lastword::store::access::audit;
use lastword::store::question::delivery;
use lastword_contract::Outgoing;
use serde_json::{Value, json};
use std::sync::Arc;

on_both_databases! {
    a_program_makes_changes_and_deletes_a_connection => managed;
    a_program_has_past_events_sent_again => replayed;
    a_filter_of_events_with_a_wrong_name_is_refused => filtered;
}

async fn filtered(url: String) {
    let api = api(&url).await;
    api.world.line(LineSettings::default()).await;
    for (filter, field, words) in [
        (json!({ "events": ["rating.created", "rating.craeted"] }), "settings.events", ["rating.craeted", "experiment.ended"]),
        (json!({ "event_lines": ["suport"] }), "settings.event_lines", ["suport", "there is support"]),
    ] {
        let mut settings = json!({ "url": "https://93.184.216.34/hook", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" });
        settings.as_object_mut().unwrap().extend(filter.as_object().unwrap().clone());
        let refused = api.post("/v1/connections", &json!({ "name": "crm", "kind": "webhook", "settings": settings, "test": false })).await;
        assert_eq!((refused.problem().0, refused.problem().2), (422, field.to_owned()), "{refused:?}");
        assert!(words.iter().all(|word| refused.text.contains(word)), "{refused:?}");
    }
    assert_eq!(api.get("/v1/connections/crm").await.status, 404, "nothing was stored");
}

/// Events sent to `staff`: ID and client.
fn clients(sent: Vec<Outgoing>) -> Vec<(String, String)> {
    let mut found: Vec<_> = sent.into_iter().map(|sent| (sent.key, sent.data["client"].as_str().unwrap().to_owned())).collect();
    found.sort();
    found
}

/// More events than are read at a time, in their order.
async fn replayed(url: String) {
    const EVENTS: usize = 1_100;
    let api = Api::new(&url).await;
    let (world, engine) = (&api.world, &api.world.engine);
    lastword::life::connection::register::register(engine).await.unwrap();
    let names: Vec<String> = (0..EVENTS).map(|number| format!("c-{number:04}")).collect();
    let told = names.iter().flat_map(|name| events::opted_out(engine, Some(&name.as_str().into()), "test", world.now()));
    let told = Arc::new(told.collect::<Vec<_>>());
    let written: Result<(), StoreError> = engine
        .db
        .write(move |tx| {
            let told = told.clone();
            Box::pin(async move { delivery::schedule(tx, &told).await })
        })
        .await;
    written.unwrap();
    world.work().await;
    let first = clients(world.staff.take());
    assert!(first.iter().map(|(_, name)| name).eq(&names), "{}", first.len());
    world.pass(60_000).await;
    let replay = async |name: &str, body: Value| api.post(&format!("/v1/connections/{name}/replay"), &body).await;
    for (name, body, problem) in [
        ("nowhere", json!({ "from": "2020-01-01" }), (404, "not_found", "")),
        ("bot", json!({ "from": "2020-01-01" }), (409, "conflict", "")),
        ("staff", json!({ "from": "yesterday" }), (422, "invalid_field", "from")),
        ("staff", json!({}), (422, "missing_field", "from")),
        ("staff", json!({ "from": "2020-01-01", "until": "2021-01-01" }), (422, "unknown_field", "until")),
    ] {
        let answer = replay(name, body).await;
        let (status, code, field) = answer.problem();
        assert_eq!((status, code.as_str(), field.as_str()), problem, "{answer:?}");
    }
    assert_eq!(replay("staff", json!({ "from": world.now().to_string() })).await.json(), json!({ "events": 0 }));
    assert_eq!(replay("staff", json!({ "from": "2020-01-01" })).await.json(), json!({ "events": EVENTS }));
    world.work().await;
    let again = clients(world.staff.take());
    assert!(again.iter().map(|(_, name)| name).eq(&names), "each once, in their order: {}", again.len());
    assert!(again[0].0 > first[EVENTS - 1].0, "under IDs of their own");
    assert_eq!(replay("staff", json!({ "from": "2020-01-01" })).await.json(), json!({ "events": EVENTS }), "repeats are not repeated");
}

/// An API with the adapters of this build.
async fn api(url: &str) -> Api {
    let mut world = World::on(url, messenger()).await;
    let Engine { adapters, keys, .. } = node(&world.engine.db, &settings(&key("ab"), &[])).engine;
    world.engine = Engine { adapters, keys, ..world.engine.clone() };
    Api::over(world).await
}

async fn managed(url: String) {
    let (api, bot) = (api(&url).await, bot_api());
    let admin = api.key(6, &["admin"]).await;
    let base = bot.url();
    let body = |name: &str, token: &str| json!({ "name": name, "kind": "telegram", "settings": { "token": token, "base_url": base } });
    for (body, field) in [
        (json!({ "name": "shop", "kind": "pigeon", "settings": {} }), "kind"),
        (json!({ "name": "shop", "kind": "telegram", "settings": {} }), "settings.token"),
        (json!({ "name": "shop", "kind": "telegram", "settings": { "token": TOKEN, "pass_on": {} } }), "settings.pass_on"),
        (body("shop", "123456:copied-badly"), "settings.token"),
    ] {
        let refused = api.post("/v1/connections", &body).await;
        assert_eq!((refused.problem().0, refused.problem().2), (422, field.to_owned()), "{refused:?}");
        assert!(!refused.text.contains("hush"), "{refused:?}");
    }
    assert_eq!(api.get("/v1/connections/shop").await.status, 404, "nothing was stored");

    let made = api.post("/v1/connections", &body("shop", TOKEN)).await;
    assert_eq!((made.status, &made.json()["version"], &made.json()["settings"]["base_url"]), (201, &json!(1), &json!(base)), "{made:?}");
    assert_eq!(made.headers["location"], "/v1/connections/shop");
    assert!(made.json()["secrets"].as_array().unwrap().contains(&json!("token")) && !made.text.contains("hush"), "{made:?}");
    for name in ["shop", "new"] {
        assert_eq!(api.post("/v1/connections", &body(name, TOKEN)).await.problem().0, 409, "{name}");
    }
    let change = async |version: i64, settings: Value| {
        api.call("PATCH", "/v1/connections/shop", Some(&admin), &json!({ "version": version, "settings": settings }).to_string()).await
    };
    let changed = change(1, json!({ "receive": "webhook" })).await;
    assert_eq!(
        (changed.status, &changed.json()["version"], &changed.json()["settings"]["receive"]),
        (200, &json!(2), &json!("webhook")),
        "{changed:?}"
    );
    assert_eq!(changed.json()["secrets"], made.json()["secrets"], "secrets that are not named stay");
    let removed = change(2, json!({ "receive": null })).await;
    assert_eq!((removed.status, removed.json()["settings"].get("receive")), (200, None), "{removed:?}");
    let outdated = change(1, json!({ "receive": "webhook" })).await;
    assert_eq!((outdated.problem().0, &outdated.json()["present"]["version"]), (409, &json!(3)), "{outdated:?}");
    let refused = change(3, json!({ "token": "123456:copied-badly" })).await;
    assert_eq!((refused.problem().0, refused.problem().2.as_str()), (422, "settings.token"), "{refused:?}");
    let anyway = json!({ "version": 3, "settings": { "token": "123456:hush-later" }, "test": false }).to_string();
    let anyway = api.call("PATCH", "/v1/connections/shop", Some(&admin), &anyway).await;
    assert!(anyway.status == 200 && !anyway.text.contains("hush"), "{anyway:?}");

    let reader = api.key(7, &["connections:write"]).await;
    for (method, path) in [("GET", "/v1/connections/shop"), ("DELETE", "/v1/connections/shop")] {
        assert_eq!(api.call(method, path, Some(&reader), "").await.status, 403, "{method}: resuming is not managing");
    }
    let line = json!({ "name": "Sales", "version": 0, "settings": { "window": { "fallback": "shop" } } });
    assert_eq!(api.put("/v1/lines/sales", &line).await.status, 201);
    let used = api.delete("/v1/connections/shop").await;
    assert_eq!((used.problem().0, &used.json()["present"]["used_by"]), (409, &json!(["the line Sales"])), "{used:?}");
    assert_eq!(api.put("/v1/lines/sales", &json!({ "name": "Sales", "version": 1 })).await.status, 200);
    assert_eq!(api.delete("/v1/connections/shop").await.status, 204);
    assert_eq!(api.delete("/v1/connections/shop").await.status, 404);

    let entries = audit::list(&api.world.engine.db, &audit::Filter::default(), None, 50).await.unwrap();
    let acts: Vec<&str> = entries.iter().map(|entry| entry.act.as_str()).filter(|act| act.starts_with("connection.")).collect();
    assert_eq!(acts, ["connection.deleted", "connection.changed", "connection.changed", "connection.changed", "connection.made"]);
    assert!(!format!("{entries:?}").contains("hush"), "the log has no secret");
    let description = lastword::http::api::openapi::document();
    let body = &description["paths"]["/v1/connections"]["post"]["requestBody"]["content"]["application/json"];
    assert!(body["schema"].to_string().contains("NewConnection"), "{body}");
}
