//! What a widget posts, good and bad.

use crate::mailbox::{Memory, VISITOR, chat_with};
use lastword_contract::{Address, Channel, Headers, InboundKind, RawRequest, Received, Rejected, TextMessage};
use lastword_webchat::{VISITOR_HEADER, frames::ClientFrame};
use serde_json::json;
use std::sync::Arc;

fn post(visitor: Option<&str>, body: impl Into<Vec<u8>>) -> Result<Received, Rejected> {
    let headers = Headers::new(visitor.map(|id| (VISITOR_HEADER, id)));
    let request = RawRequest { method: "POST".into(), query: String::new(), headers, body: body.into(), received_at: 1_700_000_000_000 };
    chat_with(Arc::new(Memory::default())).receive(&request)
}

fn refusal(body: impl Into<Vec<u8>>) -> String {
    match post(Some(VISITOR), body) {
        Err(Rejected::Unreadable(why)) => why,
        other => panic!("expected unreadable, got {other:?}"),
    }
}

#[test]
fn each_kind_of_frame_becomes_its_event() {
    let body = json!([
        {"kind": "press", "id": "a-1", "at": 1, "token": "r1_abc_1"},
        {"kind": "comment", "id": "a-2", "at": 2, "token": "r1_abc_c", "text": "Слишком долго"},
        {"kind": "message", "id": "a-3", "at": 3, "text": "1"},
    ]);
    let events = post(Some(VISITOR), body.to_string()).unwrap().events;
    let by = Address::chat(VISITOR);
    let what: Vec<_> = events.iter().map(|event| event.kind.clone()).collect();
    assert!(
        what == [
            InboundKind::Press { token: "r1_abc_1".into(), by: by.clone(), message_id: None, press_id: None },
            InboundKind::Comment { token: "r1_abc_c".into(), by: by.clone(), text: "Слишком долго".into() },
            InboundKind::Text(TextMessage::new("1", by)),
        ]
    );
    assert_eq!(events[1].key, format!("{VISITOR}:a-2"));
    assert!(events.windows(2).all(|pair| pair[0].order < pair[1].order), "frames of one post keep their order");
}

#[test]
fn frames_are_ordered_by_when_they_were_made_and_not_by_when_they_came() {
    let order = |at: i64| {
        let body = json!({"kind": "press", "id": "a", "at": at, "token": "t"}).to_string();
        post(Some(VISITOR), body).unwrap().events[0].clone()
    };
    assert!(order(1_000).order < order(1_001).order);
    assert_eq!(order(1_000).at, None, "a visitor's clock is not the time of the event");
    for at in [-1, i64::MAX] {
        assert!(refusal(json!({"kind": "press", "id": "a", "at": at, "token": "t"}).to_string()).contains("at has to be"));
    }
}

#[test]
fn the_same_post_again_has_the_same_keys() {
    let body = r#"{"kind":"press","id":"a-1","token":"r1_abc_1"}"#;
    assert_eq!(post(Some(VISITOR), body), post(Some(VISITOR), body));
    let other = post(Some("another0123456789"), body).unwrap();
    assert_ne!(post(Some(VISITOR), body).unwrap().events[0].key, other.events[0].key, "one visitor's ids never meet another's");
}

#[test]
fn nobody_speaks_without_a_visitor() {
    let body = r#"{"kind":"press","id":"a-1","token":"r1_abc_1"}"#;
    for visitor in [None, Some(""), Some("short"), Some("visitor01234567891"), Some("visitor:123456789")] {
        assert!(matches!(post(visitor, body), Err(Rejected::Unsigned(_))), "{visitor:?}");
    }
}

#[test]
fn garbage_is_unreadable_and_never_panics() {
    let nested = "[".repeat(100_000);
    for body in [
        &b""[..],
        b"[]",
        b"{}",
        b"null",
        b"17",
        b"\"press\"",
        b"\xff\xfe\x00",
        b"{\"kind\":\"press\"",
        br#"{"kind":"press","id":"a"}"#,
        br#"{"kind":"press","id":7,"token":"t"}"#,
        br#"{"kind":"Shout it","id":"a","text":"t"}"#,
        br#"{"kind":"shout","text":"t"}"#,
        br#"{"kind":"press","id":"a","token":"t","score":5}"#,
        br#"{"kind":"press","id":"","token":"t"}"#,
        br#"{"kind":"press","id":"a b","token":"t"}"#,
        br#"{"kind":"press","id":"a","token":""}"#,
        br#"{"kind":"press","id":"a","token":"r1:x"}"#,
        br#"{"kind":"message","id":"a","text":"  "}"#,
        br#"{"kind":"message","id":"a","text":"nul \u0000"}"#,
        br#"[{"kind":"press","id":"a","token":"t"},{"kind":"press"}]"#,
        nested.as_bytes(),
    ] {
        let _ = refusal(body);
    }
}

#[test]
fn what_is_too_long_is_refused_with_the_reason() {
    let comment = |length| json!({"kind": "comment", "id": "a", "token": "t", "text": "я".repeat(length)}).to_string();
    let message = |length| json!({"kind": "message", "id": "a", "text": "я".repeat(length)}).to_string();
    assert!(post(Some(VISITOR), comment(4_000)).is_ok() && post(Some(VISITOR), message(4_000)).is_ok());
    assert_eq!(refusal(comment(4_001)), "the comment has more than 4000 characters");
    assert_eq!(refusal(message(4_001)), "the message has more than 4000 characters");
    let many = json!((0..21).map(|n| json!({"kind": "press", "id": format!("p{n}"), "token": "t"})).collect::<Vec<_>>());
    assert_eq!(refusal(many.to_string()), "the post has 21 frames, more than 20");
    assert!(refusal(format!("[{}]", " ".repeat(600_000))).contains("bytes"));
    assert!(refusal(json!({"kind": "press", "id": "a".repeat(65), "token": "t"}).to_string()).contains("id"));
    assert!(refusal(json!({"kind": "press", "id": "a", "token": "t".repeat(65)}).to_string()).contains("token"));
}

#[test]
fn a_refusal_and_a_debug_print_repeat_nothing_the_visitor_wrote() {
    assert!(!refusal(r#"{"kind":"my secret","id":"a"}"#).contains("secret"));
    let frame = ClientFrame::Message { id: "a".into(), at: None, text: "my secret".into() };
    assert!(!format!("{frame:?}").contains("secret"));
}
