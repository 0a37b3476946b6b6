//! A refusal that Meta reports in `statuses[].failed` after accepting the message is treated like an immediate one.

use super::meta::Shop;
use crate::on_both_databases;
use lastword::domain::access::audit::By;
use lastword::domain::question::delivery::State;
use lastword::life::connection::resume::resume;
use lastword::life::session::close_batch::{Close, Closed};
use lastword::life::session::explain::explain;
use lastword::names::RequestId;
use lastword::store::connection::{self, ConnectionState};
use lastword::store::question::{delivery_list, rating_request};
use lastword_contract::Address;
use serde_json::json;

on_both_databases! {
    a_refusal_for_good_keeps_its_code_and_words => for_good;
    a_refusal_for_the_whole_account_stops_the_connection => account_wide;
    a_refusal_that_passes_is_tried_again => passing;
    an_old_word_does_not_touch_the_next_try => old_word;
    an_answered_question_is_not_sent_again => answered;
}

const MINUTE: i64 = 60_000;

/// Asks a separate client on WhatsApp. Returns the rating request.
async fn ask(shop: &Shop, number: usize) -> String {
    let session = format!("S-{number}");
    let close = Close {
        connection: Some("shop".into()),
        address: Some(Address::chat(format!("1555123456{number}"))),
        ..shop.world().close_of(&session)
    };
    let Closed::Kept { rating_request, decision: Ok(due_at), .. } = shop.world().tell(close).await else { panic!("asks") };
    shop.world().pass(due_at - shop.world().now()).await;
    rating_request.to_string()
}

async fn state_of(shop: &Shop) -> ConnectionState {
    let all = connection::all(&shop.world().engine.db).await.unwrap();
    all.into_iter().find(|state| state.name == "shop").unwrap()
}

async fn outcome(shop: &Shop, request: &str) -> (Option<String>, Option<String>) {
    let request = rating_request::load(&shop.world().engine.db, &[RequestId::named(request)]).await.unwrap().remove(0);
    (request.outcome.map(|outcome| outcome.to_string()), request.reason)
}

async fn for_good(url: String) {
    let shop = Shop::whatsapp(&url, json!({})).await;
    let cases = [
        (131_049, "This message was not delivered to maintain healthy ecosystem engagement.", "engagement_limit"),
        (130_472, "User's number is part of an experiment", "client_in_experiment"),
        (131_050, "User has stopped marketing messages", "marketing_stopped"),
        (131_051, "Unsupported message type", "unsupported_type"),
        (131_026, "Message undeliverable", "recipient_gone"),
        (131_047, "Re-engagement message", "window_shut"),
        (999_999, "Something new", "refused"),
    ];
    for (number, (code, words, reason)) in cases.into_iter().enumerate() {
        let request = ask(&shop, number).await;
        let asked = shop.ask_of(&request).await;
        assert_eq!(asked.state, State::Sent);
        shop.status(asked.message_id.as_deref().unwrap(), Some(&asked.id.to_string()), "failed", Some((code, words))).await;
        let ask = shop.ask_of(&request).await;
        assert_eq!((ask.state.as_str(), ask.reason.as_deref()), ("undeliverable", Some(reason)), "{code}");
        let detail = ask.detail.expect("words");
        assert!(detail.contains(words) && detail.contains(&code.to_string()), "{detail}");
        assert_eq!(outcome(&shop, &request).await, (Some("unreachable".into()), Some(reason.into())), "{code}");
        let story = explain(&shop.world().engine.db, &format!("S-{number}").into()).await.unwrap().remove(0).history;
        assert!(story.iter().any(|sentence| sentence.text.contains(&code.to_string())), "{code}: {story:?}");
    }
    assert!(state_of(&shop).await.stopped_at.is_none());
    // Refusals wanted by the client, or withheld by the platform, need no attention; the last two kinds do.
    let troubles = delivery_list::troubles(&shop.world().engine.db, 0).await.unwrap();
    assert_eq!(troubles, [("undeliverable".to_owned(), 2)]);
}

async fn account_wide(url: String) {
    let shop = Shop::whatsapp(&url, json!({})).await;
    let cases = [
        (131_042, "Business eligibility payment issue", "payment"),
        (190, "Access token has expired", "access token"),
        (131_031, "Account has been locked", "locked"),
    ];
    for (number, (code, words, remedy)) in cases.into_iter().enumerate() {
        let request = ask(&shop, number).await;
        let asked = shop.ask_of(&request).await;
        shop.sent();
        shop.status(asked.message_id.as_deref().unwrap(), Some(&asked.id.to_string()), "failed", Some((code, words))).await;
        let state = state_of(&shop).await;
        let why = state.stopped_reason.expect("the connection is stopped");
        assert!(why.contains(words) && why.contains(&code.to_string()) && why.contains(remedy), "{why}");
        let ask = shop.ask_of(&request).await;
        assert_eq!((ask.state.as_str(), ask.attempts), ("scheduled", 0), "{code}: it waits, and no try is used up");
        shop.world().pass(MINUTE).await;
        assert!(shop.sent().is_empty(), "nothing leaves through a stopped connection");
        assert_eq!(outcome(&shop, &request).await.0, None);
        // Repaired by a person: the question is sent.
        assert!(resume(&shop.world().engine, &By::command(), &"shop".into(), shop.world().now()).await.unwrap());
        shop.world().pass(MINUTE).await;
        assert_eq!((shop.sent().len(), shop.ask_of(&request).await.state.as_str()), (1, "sent"), "{code}");
    }
}

async fn passing(url: String) {
    let shop = Shop::whatsapp(&url, json!({})).await;
    let cases = [
        (131_000, "Something went wrong"),
        (131_056, "Pair rate limit hit"),
        (130_429, "Rate limit hit"),
        (131_016, "Service unavailable"),
    ];
    for (number, (code, words)) in cases.into_iter().enumerate() {
        let request = ask(&shop, number).await;
        let asked = shop.ask_of(&request).await;
        shop.sent();
        let first = asked.message_id.clone().unwrap();
        // With and without our key.
        let key = (number % 2 == 0).then(|| asked.id.to_string());
        shop.status(&first, key.as_deref(), "failed", Some((code, words))).await;
        let ask = shop.ask_of(&request).await;
        assert_eq!((ask.state.as_str(), ask.reason.as_deref(), ask.attempts), ("scheduled", Some("retry"), 1), "{code}");
        assert!(ask.due_at > shop.world().now() && ask.detail.unwrap().contains(words), "{code}");
        let request_row = rating_request::load(&shop.world().engine.db, &[RequestId::named(&request)]).await.unwrap().remove(0);
        assert_eq!((request_row.outcome, request_row.delivered_at), (None, None), "{code}: nobody has it");
        shop.world().pass(MINUTE).await;
        assert_eq!(shop.sent().len(), 1, "{code}");
        let again = shop.ask_of(&request).await;
        assert_eq!((again.state.as_str(), again.attempts), ("sent", 2));
        assert_ne!(again.message_id, Some(first));
        shop.status(again.message_id.as_deref().unwrap(), Some(&again.id.to_string()), "delivered", None).await;
        assert_eq!(shop.ask_of(&request).await.state, State::Delivered);
    }
    // Refused repeatedly, it ends after the same number of attempts as with immediate refusals.
    let request = ask(&shop, cases.len()).await;
    for _ in 0..8 {
        let asked = shop.ask_of(&request).await;
        assert_eq!(asked.state, State::Sent, "{asked:?}");
        shop.status(asked.message_id.as_deref().unwrap(), Some(&asked.id.to_string()), "failed", Some((131_000, "Something went wrong")))
            .await;
        let due_at = shop.ask_of(&request).await.due_at;
        shop.world().pass((due_at - shop.world().now()).max(0) + 1_000).await;
    }
    assert_eq!((shop.ask_of(&request).await.state.as_str(), outcome(&shop, &request).await.1.as_deref()), ("dead", Some("too_many_tries")));
}

async fn old_word(url: String) {
    let shop = Shop::whatsapp(&url, json!({})).await;
    let request = ask(&shop, 1).await;
    let asked = shop.ask_of(&request).await;
    let first = asked.message_id.clone().unwrap();
    let failed = Some((131_000, "Something went wrong"));
    shop.status(&first, Some(&asked.id.to_string()), "failed", failed).await;
    // Statuses of the first message, in another order and with other event keys, while the next attempt waits.
    shop.status(&first, Some(&asked.id.to_string()), "sent", None).await;
    shop.status(&first, Some(&asked.id.to_string()), "delivered", None).await;
    assert_eq!(shop.ask_of(&request).await.state, State::Scheduled);
    shop.world().pass(MINUTE).await;
    assert_eq!(shop.ask_of(&request).await.state, State::Sent);
    shop.status(&first, Some(&asked.id.to_string()), "failed", Some((131_026, "Message undeliverable"))).await;
    assert_eq!(shop.ask_of(&request).await.state, State::Sent, "the second message is another one");
}

async fn answered(url: String) {
    let shop = Shop::whatsapp(&url, json!({})).await;
    // Tapped, and refused with our key; typed, and refused with only the platform's ID.
    for (number, typed) in [(1, false), (2, true)] {
        let request = ask(&shop, number).await;
        let asked = shop.ask_of(&request).await;
        let question = shop.sent().remove(0);
        let client = format!("1555123456{number}");
        let mut answer =
            json!({ "from": client, "id": format!("wamid.answer{number}"), "timestamp": (shop.world().now() / 1_000).to_string() });
        if typed {
            (answer["type"], answer["text"]) = (json!("text"), json!({ "body": "1" }));
        } else {
            let token = &question["interactive"]["action"]["buttons"][0]["reply"]["id"];
            let reply = json!({ "type": "button_reply", "button_reply": { "id": token, "title": "👍" } });
            (answer["type"], answer["interactive"]) = (json!("interactive"), reply);
        }
        let value = json!({ "messaging_product": "whatsapp", "metadata": { "phone_number_id": super::meta::NUMBER },
            "contacts": [{ "profile": { "name": "Ann" }, "wa_id": client }], "messages": [answer] });
        let entry = json!([{ "id": "1", "changes": [{ "field": "messages", "value": value }] }]);
        shop.posts(json!({ "object": "whatsapp_business_account", "entry": entry })).await;
        assert_eq!(outcome(&shop, &request).await.0.as_deref(), Some("answered"), "{typed}");
        shop.world().pass(MINUTE).await;
        shop.sent();
        let key = (!typed).then(|| asked.id.to_string());
        shop.status(asked.message_id.as_deref().unwrap(), key.as_deref(), "failed", Some((131_000, "Something went wrong"))).await;
        let ask = shop.ask_of(&request).await;
        assert_eq!((ask.state.as_str(), ask.reason.as_deref()), ("undeliverable", Some("not_wanted")), "{typed}");
        shop.world().pass(MINUTE).await;
        assert!(shop.sent().is_empty(), "nobody is asked what they have answered");
        assert_eq!(outcome(&shop, &request).await.0.as_deref(), Some("answered"), "{typed}");
    }
}
