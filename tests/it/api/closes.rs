//! `POST /v1/sessions/close` and the other events of sessions.

use crate::on_both_databases;
use crate::rig::caller::Api;
use crate::rig::root;
use crate::rig::world::MORNING;
use lastword::time::{Clock, SystemClock};
use serde_json::{Value, json};
use std::process::Command;

on_both_databases! {
    i2_the_same_close_twice_is_one_close_and_another_body_is_refused => told_twice;
    a_list_has_right_and_wrong_items => mixed;
    a_label_that_nobody_named_is_refused_with_the_remedy => unknown_label;
    a_session_is_opened_reassigned_closed_and_reopened => story;
}

fn close(key: &str, session: &str) -> Value {
    json!({
        "event_key": key, "session": session, "line": "support", "closed_at": MORNING,
        "operator": { "id": "op-7", "name": "Olga" }, "client": format!("c-{session}"),
        "connection": "bot", "address": { "chat": format!("chat-{session}") },
        "addresses": [{ "connection": "mail", "address": { "chat": format!("{session}@example.com") } }],
    })
}

async fn told_twice(url: String) {
    let api = Api::new(&url).await;
    let first = api.post("/v1/sessions/close", &close("e1", "S-1")).await;
    assert_eq!(first.status, 202, "{first:?}");
    let (first, again) = (first.json(), api.post("/v1/sessions/close", &close("e1", "S-1")).await);
    assert_eq!((&first["result"], &first["decision"], &first["repeated"]), (&json!("kept"), &json!("ask"), &json!(false)));
    assert_eq!(first["due_at"], "2026-09-21T14:13:22.000Z");
    assert_eq!((again.status, &again.json()["rating_request"], &again.json()["repeated"]), (202, &first["rating_request"], &json!(true)));
    let other = api.post("/v1/sessions/close", &close("e1", "S-2")).await;
    assert_eq!(other.problem(), (422, "key_reused".into(), "event_key".into()));
    assert_eq!(api.get("/v1/sessions/S-2").await.status, 404, "nothing of it was kept");
    let list = api.get("/v1/rating-requests").await.json();
    let kept = &list["items"].as_array().unwrap()[0];
    assert_eq!((list["items"].as_array().unwrap().len(), &kept["way"], &kept["asked_through"]), (1, &json!("in_time"), &json!("bot")));
}

/// The first call copied from a document leads to a question, on any day.
#[tokio::test]
async fn the_close_in_the_documents_asks_a_client_today() {
    for document in ["README.md", "docs/api.md"] {
        let text = std::fs::read_to_string(root().join(document)).unwrap();
        let (_, call) = text.split_once("/v1/sessions/close -H").expect("a call");
        let (call, _) = call.split_once("```").expect("the end of the example");
        let (_, body) = call.split_once(" -d ").expect("its body");
        let said = Command::new("sh").arg("-c").arg(format!("printf %s {body}")).output().unwrap();
        let mut body: Value = serde_json::from_slice(&said.stdout).unwrap_or_else(|error| panic!("{document}: {error}: {said:?}"));
        assert_eq!(body["connection"].take(), json!("support-bot"));
        body["connection"] = json!("bot");
        let api = Api::new("sqlite::memory:").await;
        api.world.clock.set(SystemClock::default().now());
        let answer = api.post("/v1/sessions/close", &body).await.json();
        assert_eq!(answer["decision"], "ask", "{document}: {answer}");
    }
}

/// The link to the chat at the desk must be a web address, or absent.
#[tokio::test]
async fn the_link_of_a_close_is_an_address_of_the_web() {
    let api = Api::in_memory().await;
    for (session, link, kept) in [
        ("S-1", "https://desk.example.com/t/17", json!("https://desk.example.com/t/17")),
        ("S-2", "javascript:alert(1)", json!(null)),
        ("S-3", "https://ann:secret@desk.example.com/", json!(null)),
    ] {
        let mut close = close(session, session);
        close["link"] = json!(link);
        let taken = api.post("/v1/sessions/close", &close).await;
        assert_eq!(taken.status, 202, "{taken:?}");
        let request = taken.json()["rating_request"].as_str().unwrap().to_owned();
        assert_eq!(api.get(&format!("/v1/rating-requests/{request}")).await.json()["link"], kept, "{link}");
    }
}

async fn mixed(url: String) {
    let api = Api::new(&url).await;
    let items = json!([
        close("e1", "S-1"),
        { "event_key": "e2" },
        close("e3", "S-3").as_object().map(|close| { let mut close = close.clone(); close["line"] = json!("nowhere"); close }),
        { "event_key": "e4", "session": "S-4", "line": "support", "closed_at": MORNING, "colour": 1 },
        close("e1", "S-1"),
        { "event_key": "e5", "session": "S-5", "line": "support", "closed_at": MORNING },
    ]);
    let answer = api.post("/v1/sessions/close", &items).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    let answer = answer.json();
    assert_eq!((&answer["accepted"], &answer["refused"]), (&json!(3), &json!(3)));
    let told = |at: usize| {
        let item = &answer["items"][at];
        let problem = &item["problem"];
        (item["status"].as_u64().unwrap(), problem["code"].as_str().unwrap_or("-"), problem["field"].as_str().unwrap_or("-"))
    };
    assert_eq!(told(0), (202, "-", "-"));
    assert_eq!(told(1), (422, "missing_field", "[1].session"));
    assert_eq!(answer["items"][1]["problem"]["remedy"], "Send [1].session too; the page /docs of this server shows what each call takes.");
    assert_eq!(told(2), (422, "unknown_line", "[2].line"));
    assert_eq!(told(3), (422, "unknown_field", "[3].colour"));
    assert_eq!(answer["items"][4]["close"]["rating_request"], answer["items"][0]["close"]["rating_request"]);
    assert_eq!((&answer["items"][4]["close"]["repeated"], &answer["items"][5]["close"]["reason"]), (&json!(true), &json!("no_client")));
}

async fn unknown_label(url: String) {
    let api = Api::new(&url).await;
    let mut labelled = close("e1", "S-1");
    labelled["labels"] = json!(["vip"]);
    let refused = api.post("/v1/sessions/close", &labelled).await;
    assert_eq!(refused.problem(), (422, "invalid_field".into(), "labels".into()));
    let remedy = refused.json()["remedy"].as_str().unwrap_or_default().to_owned();
    assert!(remedy.contains("sessions.labels"), "{remedy}");
    assert_eq!(api.get("/v1/sessions/S-1").await.status, 404, "nothing of it was kept");
    assert_eq!(api.get("/v1/reports/labels?label=Very+important").await.problem().2, "label");
}

async fn story(url: String) {
    let api = Api::new(&url).await;
    let event = |key: &str, more: Value| {
        let mut event = json!({ "event_key": key, "session": "S-1", "at": MORNING });
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        event
    };
    let result = |answer: crate::rig::caller::Answer| (answer.status, answer.json()["result"].as_str().unwrap_or("-").to_owned());
    let unknown = api.post("/v1/sessions/reopen", &event("e0", json!({}))).await;
    assert_eq!(unknown.problem(), (404, "not_found".into(), "session".into()));
    let opened = event("e1", json!({ "line": "support" }));
    assert_eq!(result(api.post("/v1/sessions/open", &opened).await), (202, "applied".into()));
    assert_eq!(result(api.post("/v1/sessions/open", &opened).await), (202, "repeated".into()));
    let other = event("e1", json!({ "line": "elsewhere" }));
    assert_eq!(api.post("/v1/sessions/open", &other).await.problem().1, "key_reused");
    let moved = event("e2", json!({ "operator": { "id": "op-9" } }));
    assert_eq!(result(api.post("/v1/sessions/reassign", &moved).await), (202, "applied".into()));
    assert_eq!(api.post("/v1/sessions/reassign", &event("e3", json!({ "line": "nowhere" }))).await.problem().1, "unknown_line");
    assert_eq!(api.post("/v1/sessions/reassign", &event("e3", json!({}))).await.problem().1, "missing_field");
    assert_eq!(api.post("/v1/sessions/close", &close("e4", "S-1")).await.status, 202);
    assert_eq!(result(api.post("/v1/sessions/reopen", &event("e5", json!({}))).await), (202, "applied".into()));
    let old = json!({ "event_key": "e6", "session": "S-1", "at": MORNING - 1 });
    assert_eq!(result(api.post("/v1/sessions/reopen", &old).await), (202, "stale".into()));
    assert_eq!(api.post("/v1/sessions/merge", &event("e7", json!({ "into": "S-1" }))).await.problem().2, "into");
    assert_eq!(result(api.post("/v1/sessions/merge", &event("e7", json!({ "into": "S-0" }))).await), (202, "applied".into()));
    let session = api.get("/v1/sessions/S-1").await.json();
    assert_eq!((&session["status"], &session["source"]), (&json!("merged"), &json!("api")));
    assert_eq!((&session["closes"][0]["outcome"], &session["closes"][0]["reason"]), (&json!("canceled"), &json!("reopened")));
    assert!(session["history"].to_string().contains("From the desk: reopened."), "{session}");
    let canceled = api.get("/v1/rating-requests?outcome=canceled&line=support").await.json();
    assert_eq!(canceled["items"][0]["id"], session["closes"][0]["id"]);
}

#[tokio::test]
async fn each_bad_field_is_named_with_its_remedy() {
    let api = Api::in_memory().await;
    let day = 24 * 3_600_000;
    let table = [
        ("event_key", json!("  "), "missing_field", "event_key"),
        ("line", json!("nowhere"), "unknown_line", "line"),
        ("connection", json!("nowhere"), "unknown_connection", "connection"),
        ("connection", json!(null), "missing_field", "connection"),
        ("address", json!({ "chat": "", "user": "u" }), "missing_field", "address.chat"),
        ("address", json!({ "chat": true }), "invalid_field", "address.chat"),
        ("address", json!({ "chat": "a", "place": 1 }), "unknown_field", "address.place"),
        ("addresses", json!([{ "connection": "none", "address": { "chat": "a" } }]), "unknown_connection", "addresses[0].connection"),
        (
            "addresses",
            json!([{ "connection": "mail", "address": { "chat": " ", "via": "x" } }]),
            "missing_field",
            "addresses[0].address.chat",
        ),
        ("addresses", json!([{ "connection": "mail" }]), "missing_field", "addresses[0].address"),
        ("closed_at", json!(MORNING + day + 60_000), "invalid_field", "closed_at"),
        ("closed_at", json!("yesterday"), "invalid_field", "closed_at"),
        ("closed_at", json!(MORNING / 1_000), "invalid_field", "closed_at"),
        ("opened_at", json!(MORNING + 1), "-", "-"),
        ("opened_at", json!(MORNING + day + 60_000), "invalid_field", "opened_at"),
        ("last_client_message_at", json!(MORNING + 2 * day), "invalid_field", "last_client_message_at"),
        ("operator", json!({ "id": "", "name": "Olga" }), "missing_field", "operator.id"),
        ("operator", json!(["42", "Olga"]), "invalid_field", "operator"),
        ("operators", json!([{ "id": "a" }, { "id": "\u{1}" }]), "invalid_field", "operators[1].id"),
    ];
    for (field, value, code, named) in table {
        let mut body = close(&format!("{field} {value}").chars().take(100).collect::<String>(), "S-1");
        body[field] = value.clone();
        let answer = api.post("/v1/sessions/close", &body).await;
        if code == "-" {
            assert_eq!(answer.status, 202, "a clock a little ahead is forgiven: {answer:?}");
            continue;
        }
        assert_eq!(answer.problem(), (422, code.to_owned(), named.to_owned()), "{field} = {value}: {answer:?}");
    }
    let early = json!({ "event_key": "k", "session": "S-9", "line": "support", "closed_at": MORNING - 2, "opened_at": MORNING - 1 });
    let answer = api.post("/v1/sessions/close", &early).await;
    assert_eq!(answer.problem().2, "closed_at", "closed before it was opened");
    assert!(answer.json()["remedy"].is_string());
    assert_eq!(api.get("/v1/sessions/S-9").await.status, 404);
}

#[tokio::test]
async fn a_body_that_is_no_list_of_closes_is_refused_whole() {
    let api = Api::in_memory().await;
    let admin = api.key(2, &["admin"]).await;
    let send = async |body: &str| api.call("POST", "/v1/sessions/close", Some(&admin), body).await.problem();
    assert_eq!(send("{").await.1, "invalid_json");
    assert_eq!(send("").await.1, "invalid_json");
    assert_eq!(send(&"[".repeat(10_000)).await.1, "too_deep");
    assert_eq!(send(&format!("[{}]", vec!["{}"; 1_001].join(","))).await, (413, "too_many".into(), String::new()));
    assert_eq!(send(&format!("\"{}\"", "x".repeat(5 << 20))).await, (413, "too_large".into(), String::new()));
    let line = format!("{{\"name\":\"{}\",\"version\":0}}", "x".repeat(70_000));
    assert_eq!(api.call("PUT", "/v1/lines/a", Some(&admin), &line).await.problem().1, "too_large");
    let plain = [("content-type", "text/plain".to_owned()), ("authorization", format!("Bearer {admin}"))];
    assert_eq!(api.send("POST", "/v1/sessions/close", &plain, b"{}".to_vec()).await.problem().1, "unsupported_media_type");
}

/// A desk's close is not refused for errors of form: what can be parsed is accepted, and the response lists the corrections.
#[tokio::test]
async fn a_close_is_not_lost_over_its_form() {
    let api = Api::in_memory().await;
    let told = json!({
        "event_key": 4711, "session": 12, "line": "support", "closed_at": MORNING, "opened_at": null, "source": "",
        "operator": { "id": 7, "name": format!("Olga\t{}", "x".repeat(300)) }, "operators": null, "client": 204, "language": "de_AT",
        "connection": "bot", "address": { "chat": 777, "user": 777, "via": null }, "addresses": [], "client_name": "Anna\tBerg\r\n",
        "operator_messages": "3", "client_messages": null, "already_rated": null, "closed_by": null,
    });
    let answer = api.post("/v1/sessions/close", &told).await;
    assert_eq!((answer.status, &answer.json()["decision"]), (202, &json!("ask")), "{answer:?}");
    let notes = answer.json()["notes"].clone();
    let fields: Vec<&str> = notes.as_array().unwrap().iter().map(|note| note["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["operator.name", "operator.name", "client_name"], "{notes}");
    let session = api.get("/v1/sessions/12").await.json();
    let kept = &session["closes"][0];
    assert_eq!((&kept["operator"], &kept["source"]), (&json!("7"), &json!("api")), "{session}");
    let name = kept["operators"][0]["name"].as_str().unwrap_or_default();
    assert!(name.starts_with("Olga xx") && name.chars().count() == 200, "{session}");
    api.world.clock.advance(2_000);
    api.world.work().await;
    assert_eq!(api.world.client.take()[0].to.chat, "777");

    let odd = json!({
        "event_key": "k2", "session": "S-2", "line": "support", "closed_at": MORNING, "language": "English, please",
        "operators": (0..60).map(|number| json!({ "id": number })).collect::<Vec<_>>(),
    });
    let answer = api.post("/v1/sessions/close", &odd).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    assert_eq!(answer.json()["notes"].as_array().unwrap().len(), 2, "{answer:?}");
    let again = api.post("/v1/sessions/close", &odd).await;
    assert_eq!((&again.json()["repeated"], &again.json()["notes"]), (&json!(true), &answer.json()["notes"]));
}

/// A chat that is impossible on its channel is refused by the call, not when the first message is sent.
#[tokio::test]
async fn a_chat_that_cannot_be_is_refused_at_the_call() {
    let api = Api::in_memory().await;
    let mut body = close("k1", "S-1");
    body["connection"] = json!("post");
    body["address"] = json!({ "chat": "post 7" });
    let answer = api.post("/v1/sessions/close", &body).await;
    assert_eq!(answer.problem(), (422, "invalid_field".into(), "address.chat".into()), "{answer:?}");
    assert_eq!(answer.json()["remedy"], "Send the chat without the word post.");
    body["address"] = json!({ "chat": "7" });
    body["addresses"] = json!([{ "connection": "post", "address": { "chat": "post 8" } }]);
    assert_eq!(api.post("/v1/sessions/close", &body).await.problem().2, "addresses[0].address.chat");
    let anna = json!({ "name": "Anna", "connection": "post", "address": { "chat": "post 9" } });
    assert_eq!(api.put("/v1/recipients/anna2", &anna).await.problem().2, "address.chat");
}

/// What the desk webhook accepts is accepted here, with a note in the response.
#[tokio::test]
async fn a_close_whose_meaning_is_clear_is_taken_and_noted() {
    let api = Api::in_memory().await;
    let long = format!("{}b", "a".repeat(250));
    let told = json!({
        "event_key": long, "session": long, "line": "support", "closed_at": MORNING + 3_600_000, "closed_by": "agent", "operator": "42",
        "operators": [7, { "id": "8\n" }], "connection": "bot", "address": "777", "operator_messages": -1, "client_messages": "many",
    });
    let answer = api.post("/v1/sessions/close", &told).await;
    assert_eq!((answer.status, &answer.json()["decision"]), (202, &json!("ask")), "{answer:?}");
    let notes = answer.json()["notes"].clone();
    let mut fields: Vec<&str> = notes.as_array().unwrap().iter().map(|note| note["field"].as_str().unwrap()).collect();
    fields.sort_unstable();
    let expected = ["client_messages", "closed_at", "closed_by", "event_key", "operator_messages", "operators[1].id", "session"];
    assert_eq!(fields, expected, "{notes}");
    let note = |field: &str| notes.as_array().unwrap().iter().find(|note| note["field"] == field).unwrap()["note"].to_string();
    assert!(note("closed_at").contains("60 minutes in the future"), "{notes}");
    assert!(note("closed_by").contains("operator"), "{notes}");
    let session = answer.json()["session"].as_str().unwrap().to_owned();
    assert!(session.starts_with("aaa") && session.chars().count() == 200, "{session}");
    let other = json!({ "event_key": "other", "session": format!("{}c", "a".repeat(250)), "line": "support", "closed_at": MORNING });
    assert_ne!(api.post("/v1/sessions/close", &other).await.json()["session"], json!(session), "two that begin alike stay two");
    // The question is sent at the same time as without the mistake.
    api.world.clock.advance(2_000);
    api.world.work().await;
    assert_eq!(api.world.client.take()[0].to.chat, "777");
    assert_eq!(api.post("/v1/sessions/close", &told).await.json()["repeated"], true);
    let reopened = json!({ "event_key": "again", "session": long, "at": MORNING + 5_000 });
    assert_eq!(api.post("/v1/sessions/reopen", &reopened).await.json()["session"], json!(session), "it is the same session everywhere");
}
