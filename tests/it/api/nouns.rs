//! Lines, recipients, alerts, connections and deliveries, as a program creates and repairs them.

use crate::on_both_databases;
use crate::rig::caller::Api;
use crate::rig::world::MORNING;
use lastword_contract::{SendError, Verdict};
use serde_json::{Value, json};

on_both_databases! {
    two_people_change_a_line_and_the_second_is_told => lines;
    a_line_comes_from_bitrix24_and_goes_there => bitrix;
    scheduled_deliveries_come_in_the_order_of_their_time => scheduled;
    a_recipient_is_made_tested_and_acknowledges => recipients;
    a_stuck_delivery_is_found_and_sent_again => stuck;
    a_question_that_is_taken_back_ends_its_request => taken_back;
    what_was_created_is_at_its_location => location;
}

async fn lines(url: String) {
    let api = Api::new(&url).await;
    let line = |version: i64, settings: Value| json!({ "name": "Sales", "version": version, "settings": settings });
    assert_eq!(api.put("/v1/lines/sales", &line(3, json!({}))).await.problem(), (404, "not_found".into(), "version".into()));
    let made = api.put("/v1/lines/sales", &line(0, json!({ "scale": "five_star" }))).await;
    assert_eq!((made.status, &made.json()["version"]), (201, &json!(1)), "{made:?}");
    assert!(made.json()["warnings"][0].as_str().unwrap().contains("Nobody is alerted"), "{made:?}");
    let changed = api.put("/v1/lines/sales", &line(1, json!({ "alerts": { "recipients": ["anna"] } }))).await;
    assert_eq!((changed.status, &changed.json()["version"], &changed.json()["warnings"]), (200, &json!(2), &json!([])));
    let late = api.put("/v1/lines/sales", &line(1, json!({}))).await;
    assert_eq!(late.problem(), (409, "conflict".into(), "version".into()));
    assert_eq!((&late.json()["present"]["version"], &late.json()["present"]["settings"]["scale"]), (&json!(2), &json!("binary")));
    for far in [9_223_372_036_854_775_807_i64, 9_007_199_254_740_992, -9_007_199_254_740_992] {
        assert_eq!(api.put("/v1/lines/sales", &line(far, json!({}))).await.problem(), (422, "invalid_field".into(), "version".into()));
    }
    for other in [9_007_199_254_740_991_i64, -1] {
        assert_eq!(api.put("/v1/lines/sales", &line(other, json!({}))).await.problem(), (409, "conflict".into(), "version".into()));
    }
    let huge = json!({ "skip": { "min_messages": 2_147_483_648_i64 } });
    assert_eq!(api.put("/v1/lines/sales", &line(2, huge)).await.problem().2, "settings.skip.min_messages");
    let as_list = json!(["Sales", {}, 2]);
    assert_eq!(api.put("/v1/lines/sales", &as_list).await.problem(), (422, "invalid_field".into(), String::new()));
    let table = [
        (json!({ "sampling_percent": 101 }), "invalid_field", "settings.sampling_percent"),
        (json!({ "target_percent": 100 }), "invalid_field", "settings.target_percent"),
        (json!({ "sampling": 1 }), "unknown_field", "settings.sampling"),
        (json!({ "scale": "ten" }), "invalid_field", "settings.scale"),
        (json!({ "window": { "fallback": "" } }), "invalid_field", "settings.window.fallback"),
        (json!({ "window": { "templates": true } }), "unknown_field", "settings.window.templates"),
        (json!({ "quiet_hours": { "from": "22:00" } }), "missing_field", "settings.quiet_hours.to"),
        (json!({ "quiet_hours": { "from": "25:00", "to": "08:00" } }), "invalid_field", "settings.quiet_hours.from"),
        (json!({ "quiet_hours": { "from": "08:00", "to": "08:00" } }), "invalid_field", "settings.quiet_hours.to"),
        (
            json!({ "quiet_hours": { "from": "22:00", "to": "08:00", "time_zone": "Berlin" } }),
            "invalid_field",
            "settings.quiet_hours.time_zone",
        ),
        (json!({ "quiet_hours": { "from": "22:00", "to": "08:00", "shut_out": "ask" } }), "invalid_field", "settings.quiet_hours.shut_out"),
        (json!({ "other_text": "close" }), "invalid_field", "settings.other_text"),
        (json!({ "texts": { "en": { "question": " " } } }), "invalid_field", "settings.texts.en.question"),
    ];
    for (settings, code, field) in table {
        let answer = api.put("/v1/lines/sales", &line(2, settings)).await;
        assert_eq!(answer.problem(), (422, code.into(), field.into()), "{answer:?}");
    }
    let fallback =
        api.put("/v1/lines/sales", &line(2, json!({ "window": { "fallback": "none" }, "alerts": { "recipients": ["anna"] } }))).await;
    assert!(
        fallback.json()["warnings"][0].as_str().unwrap().contains("The fallback channel none is not one of the connections"),
        "{fallback:?}"
    );
    let all = api.get("/v1/lines").await.json();
    assert_eq!(all["items"].as_array().unwrap().iter().map(|line| line["id"].as_str().unwrap()).collect::<Vec<_>>(), ["sales", "support"]);
    assert_eq!(api.get("/v1/lines/sales").await.json()["created_at"], "2026-09-21T14:13:20.000Z");
    let missing = api.get("/v1/lines/none").await;
    assert_eq!(missing.problem(), (404, "not_found".into(), String::new()));
    assert_eq!(missing.json()["detail"], "There is no line \"none\".");
    assert!(missing.json()["remedy"].as_str().unwrap().contains("GET /v1/lines"), "{missing:?}");
}

async fn recipients(url: String) {
    let api = Api::new(&url).await;
    let ben = json!({ "name": "Ben", "connection": "staff", "address": { "chat": "ben" } });
    assert_eq!(api.put("/v1/recipients/ben", &ben).await.status, 201);
    let again = api.put("/v1/recipients/ben", &ben).await;
    assert_eq!((again.status, &again.json()["address"]), (200, &json!({ "chat": "ben" })));
    let table = [
        ("ben", json!({ "name": "Ben", "connection": "staff" }), 422, "missing_field", "address"),
        ("ben", json!({ "name": "Ben" }), 422, "missing_field", "connection"),
        ("ben", json!({ "name": "Ben", "connection": "none", "address": { "chat": "b" } }), 422, "unknown_connection", "connection"),
        ("ben", json!({ "name": "", "connection": "staff", "address": { "chat": "b" } }), 422, "invalid_field", "name"),
        ("ben", json!({ "name": "B", "connection": "staff", "address": { "chat": "b" }, "operator": "op-7" }), 409, "conflict", "operator"),
        ("team", json!({ "name": "Team", "kind": "group", "members": ["team"] }), 422, "invalid_field", "members"),
        ("supervisors", json!({ "name": "S", "kind": "group", "members": ["ben"] }), 422, "invalid_field", "id"),
    ];
    for (id, body, status, code, field) in table {
        assert_eq!(api.put(&format!("/v1/recipients/{id}"), &body).await.problem(), (status, code.into(), field.into()), "{body}");
    }
    let team = json!({ "name": "Team", "kind": "group", "members": ["ben", "anna"] });
    assert_eq!(api.put("/v1/recipients/team", &team).await.status, 201);
    assert_eq!(api.get("/v1/recipients").await.json()["items"].as_array().unwrap().len(), 3);

    let test = api.post("/v1/recipients/team/test", &json!({})).await;
    assert_eq!(test.status, 202, "{test:?}");
    let told = test.json()["alerts"].as_array().unwrap().clone();
    assert!(told.len() == 2 && told.iter().all(|alert| alert["kind"] == "test" && alert["state"] == "raised"), "{told:?}");
    api.world.work().await;
    assert_eq!(api.world.staff.take().len(), 2);
    let delivery = api.get(&format!("/v1/deliveries/{}", told[0]["delivery"].as_str().unwrap())).await.json();
    assert_eq!(delivery["delivery"]["state"], "sent");
    assert_eq!(api.post("/v1/recipients/none/test", &json!({})).await.status, 404);

    let alert = format!("/v1/alerts/{}/acknowledge", told[0]["id"].as_str().unwrap());
    assert_eq!(api.post(&alert, &json!({})).await.problem(), (422, "missing_field".into(), "by".into()));
    assert_eq!(api.post(&alert, &json!({ "by": "Ben" })).await.json(), json!({ "new": true }));
    assert_eq!(api.post(&alert, &json!({ "by": "Anna" })).await.json(), json!({ "new": false }));
    assert_eq!(api.post("/v1/alerts/none/acknowledge", &json!({ "by": "Ben" })).await.status, 404);
    let first = api.get("/v1/alerts?limit=1").await.json();
    assert_eq!(first["items"][0]["acknowledged_by"], "Ben");
    let second = api.get(&format!("/v1/alerts?limit=1&cursor={}", first["next"].as_str().unwrap())).await.json();
    assert!(second["items"][0]["id"] != first["items"][0]["id"] && second.get("next").is_none(), "{second}");
}

async fn close(api: &Api, session: &str) -> String {
    let close = json!({
        "event_key": format!("close {session}"), "session": session, "line": "support", "closed_at": MORNING,
        "operator": { "id": "op-7" }, "connection": "bot", "address": { "chat": session },
    });
    api.post("/v1/sessions/close", &close).await.json()["rating_request"].as_str().unwrap().to_owned()
}

async fn stuck(url: String) {
    let api = Api::new(&url).await;
    close(&api, "S-1").await;
    assert_eq!(api.get("/v1/deliveries").await.json()["items"], json!([]));
    api.world.client.fails_with([SendError::new(Verdict::ConnectionBroken, "unauthorized", "the token was taken back")]);
    api.world.clock.advance(2_000);
    api.world.work().await;
    let connections = api.get("/v1/connections").await.json();
    let bot = connections["items"].as_array().unwrap().iter().find(|connection| connection["name"] == "bot").unwrap().clone();
    assert!(bot["stopped_at"].is_string() && bot["configured"] == true && bot["scales"] == json!(["binary", "five_star"]), "{bot}");
    assert_eq!(api.post("/v1/connections/none/resume", &json!({})).await.status, 404);
    let resumed = api.post("/v1/connections/bot/resume", &json!({})).await;
    assert_eq!((resumed.status, &resumed.json()["stopped_at"]), (200, &json!(null)));
    api.world.client.fails_with([SendError::new(Verdict::CannotKnow, "timeout", "no answer")]);
    api.world.work().await;
    let stuck = api.get("/v1/deliveries?state=stuck").await.json();
    assert_eq!((&stuck["items"][0]["state"], &stuck["items"][0]["kind"]), (&json!("unknown"), &json!("ask")), "{stuck}");
    let path = format!("/v1/deliveries/{}", stuck["items"][0]["id"].as_str().unwrap());
    let resent = api.post(&format!("{path}/resend"), &json!({})).await;
    assert_eq!((resent.status, &resent.json()["delivery"]["state"]), (200, &json!("scheduled")), "{resent:?}");
    let twice = api.post(&format!("{path}/resend"), &json!({})).await;
    assert_eq!(twice.problem().1, "conflict");
    assert_eq!(twice.json()["present"]["delivery"]["state"], "scheduled");
    api.world.work().await;
    let sent = api.get(&path).await.json();
    assert_eq!((&sent["delivery"]["state"], &sent["delivery"]["resends"]), (&json!("sent"), &json!(1)), "{sent}");
    assert_eq!(api.post("/v1/deliveries/none/resend", &json!({})).await.status, 404);
    assert_eq!(api.get("/v1/deliveries?state=lost").await.problem().2, "state");
    assert_eq!(api.get("/v1/deliveries?limit=0").await.problem().2, "limit");
    assert_eq!(api.get("/v1/deliveries?colour=1").await.problem(), (422, "unknown_field".into(), "colour".into()));
}

async fn taken_back(url: String) {
    let api = Api::new(&url).await;
    let request = close(&api, "S-1").await;
    let list = api.get("/v1/deliveries?state=scheduled").await.json();
    let path = format!("/v1/deliveries/{}/cancel", list["items"][0]["id"].as_str().unwrap());
    assert_eq!(api.post(&path, &json!({})).await.json()["delivery"]["state"], "canceled");
    assert_eq!(api.post(&path, &json!({})).await.problem().1, "conflict");
    let ended = api.get(&format!("/v1/rating-requests/{request}")).await.json();
    assert_eq!((&ended["outcome"], &ended["reason"]), (&json!("canceled"), &json!("by_hand")));
    assert_eq!(api.get(&format!("/v1/ratings/{request}")).await.status, 404, "there is no rating");
    assert_eq!(api.get("/v1/rating-requests?outcome=lost").await.problem().2, "outcome");
}

async fn bitrix(url: String) {
    let api = Api::new(&url).await;
    let fields = json!({ "VOTE_MESSAGE": "Y", "VOTE_TIME_LIMIT": "7200", "VOTE_MESSAGE_2_TEXT": "Zufrieden?", "FULL_CLOSE_TIME": "10" });
    let body = |fields: &Value, version: i64, dry_run: bool| json!({ "fields": fields, "version": version, "dry_run": dry_run });
    let path = "/v1/lines/support/bitrix24";
    let looked = api.post(path, &body(&fields, 1, true)).await;
    assert_eq!((looked.status, &looked.json()["line"], looked.json()["fates"].as_array().unwrap().len()), (200, &Value::Null, 4));
    let taken = api.post(path, &body(&fields, 1, false)).await;
    assert_eq!(
        (&taken.json()["line"]["version"], &taken.json()["line"]["settings"]["expires_after_hours"]),
        (&json!(2), &json!(2)),
        "{taken:?}"
    );
    let fates = taken.json()["fates"].clone();
    let close = fates.as_array().unwrap().iter().find(|told| told["field"] == "FULL_CLOSE_TIME").unwrap();
    assert_eq!((&close["fate"], &close["reason"]), (&json!("no_counterpart"), &json!("never_closes_chats")));
    let back = api.get(path).await.json();
    assert_eq!((&back["fields"]["VOTE_TIME_LIMIT"], &back["fields"]["VOTE_MESSAGE_1_TEXT"]), (&json!("7200"), &json!("Zufrieden?")));
    assert_eq!(api.post(path, &body(&fields, 1, false)).await.problem(), (409, "conflict".into(), "version".into()));
    assert_eq!(api.post(path, &body(&json!({ "a": 1 }), 2, false)).await.problem(), (422, "invalid_field".into(), "fields".into()));
    assert_eq!(api.post("/v1/lines/none/bitrix24", &body(&fields, 1, true)).await.status, 404);
}

async fn scheduled(url: String) {
    let api = Api::new(&url).await;
    for session in 0..5 {
        api.world.tell(api.world.close_of(&format!("s-{session}"))).await;
        api.world.clock.advance(1_000);
    }
    let (mut path, mut seen) = ("/v1/deliveries?state=scheduled&limit=2".to_owned(), Vec::new());
    loop {
        let page = api.get(&path).await.json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["due_at"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/v1/deliveries?state=scheduled&limit=2&cursor={next}");
    }
    assert!(seen.len() == 5 && seen.is_sorted(), "{seen:?}");
    for list in
        ["deliveries?state=scheduled&", "deliveries?state=sent&", "deliveries?", "alerts?", "low-ratings?", "ratings?", "rating-requests?"]
    {
        let bad = api.get(&format!("/v1/{list}cursor=nonsense")).await;
        assert_eq!(bad.problem(), (422, "invalid_field".into(), "cursor".into()), "{list}");
    }
}

async fn location(url: String) {
    let api = Api::new(&url).await;
    let person = json!({ "login": "boris", "person": { "name": "Boris", "role": "admin" } });
    let made = api.post("/v1/people", &person).await;
    let place = made.headers["location"].to_str().unwrap().to_owned();
    let found = api.get(&place).await;
    assert_eq!((made.status, found.status, &found.json()["login"]), (201, 200, &json!("boris")), "{place}");
    let template = json!({ "name": "Sorry", "text": "Hello #CLIENT#" });
    let made = api.post("/v1/reply-templates", &template).await;
    let place = made.headers["location"].to_str().unwrap().to_owned();
    assert_eq!(api.put(&place, &template).await.json()["id"], made.json()["id"], "{place}");
    let letter = json!({ "every": "weekly", "recipient": "anna" });
    let statuses = [api.put("/v1/letters/week", &letter).await.status, api.put("/v1/letters/week", &letter).await.status];
    assert_eq!(statuses, [201, 200]);
}
