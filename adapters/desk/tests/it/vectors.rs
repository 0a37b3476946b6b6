//! The vectors that authors of senders test against, and the schema: both are served at a stable address.

use crate::wire::{SECRET, config, request};
use lastword_contract::{CloseBy, Desk, DeskEventKind};
use lastword_desk::AnyDesk;
use reqwest::Client;
use serde_json::{Value, json};

const VECTORS: &str = include_str!("../../../../src/http/schemas/close.v1.vectors.json");
const SCHEMA: &str = include_str!("../../../../src/http/schemas/close.v1.json");

#[test]
fn every_vector_is_taken_as_it_says() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    assert_eq!(vectors["secret"], SECRET);
    let desk = AnyDesk::new(config(json!({ "secret": SECRET })), Client::new()).unwrap();
    for vector in vectors["vectors"].as_array().unwrap() {
        let name = vector["name"].as_str().unwrap();
        let header = |name: &str| vector["headers"][name].as_str().unwrap_or_default();
        let headers: Vec<(&str, &str)> =
            ["webhook-id", "webhook-timestamp", "webhook-signature"].into_iter().map(|name| (name, header(name))).collect();
        let at = header("webhook-timestamp").parse::<i64>().unwrap() * 1_000;
        let taken = desk.receive(&request(&headers, vector["body"].as_str().unwrap().as_bytes(), at));
        let expected = &vector["expected"];
        if expected["status"] == 401 {
            assert!(taken.is_err(), "{name}");
            continue;
        }
        let event = taken.unwrap_or_else(|error| panic!("{name}: {error}")).events.remove(0);
        assert_eq!(json!(event.session), expected["session"], "{name}");
        assert_eq!(json!(event.at), expected["at"], "{name}");
        let (word, by) = match &event.kind {
            DeskEventKind::Closed(closing) => ("closed", Some(closing.by)),
            DeskEventKind::Reopened => ("reopened", None),
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(json!(word), expected["event"], "{name}");
        let by = by.map(|by| format!("{by:?}").to_lowercase());
        assert_eq!(json!(by), expected.get("closed_by").cloned().unwrap_or_default(), "{name}");
    }
}

#[test]
fn the_schema_names_the_words_that_are_read() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let words = schema["$defs"]["close"]["properties"]["closed_by"]["enum"].as_array().unwrap();
    let desk = AnyDesk::new(config(json!({ "key": SECRET })), Client::new()).unwrap();
    let by = [CloseBy::Operator, CloseBy::Client, CloseBy::Timeout, CloseBy::Bot, CloseBy::Spam, CloseBy::Forced];
    assert_eq!(words.len(), by.len());
    for (word, by) in words.iter().zip(by) {
        let body = json!({"session": "1", "closed_by": word}).to_string();
        let event = desk.receive(&request(&[("x-api-key", SECRET)], body.as_bytes(), 0)).unwrap().events.remove(0);
        assert!(matches!(event.kind, DeskEventKind::Closed(closing) if closing.by == by), "{word}");
    }
}
