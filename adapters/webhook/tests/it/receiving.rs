//! What comes in, shape by shape.

use crate::receiver::{AT, SECRET, config};
use lastword_contract::{
    Address, Channel, Context, DeliveryStatus, Headers, Inbound, InboundKind, RawRequest, Rejected, TextMessage, Verdict,
};
use lastword_webhook::{Webhook, signature::Keys};
use serde_json::{Value, json};

fn receive_text(body: &str) -> Result<Inbound, Rejected> {
    let webhook = Webhook::new("crm", config("https://hooks.example.com/lastword", &json!({}))).unwrap();
    let signature = Keys::parse(&SECRET.into(), None).unwrap().sign("evt_1", AT / 1000, body.as_bytes());
    let headers = [("webhook-id", "evt_1".to_owned()), ("webhook-timestamp", (AT / 1000).to_string()), ("webhook-signature", signature)];
    let request = RawRequest {
        method: "POST".into(),
        query: String::new(),
        headers: Headers::new(headers),
        body: body.into(),
        received_at: AT + 299_000,
    };
    let mut received = webhook.receive(&request)?;
    assert_eq!((received.events.len(), received.reply.as_str()), (1, ""));
    Ok(received.events.remove(0))
}

fn receive(body: Value) -> Result<Inbound, Rejected> {
    receive_text(&body.to_string())
}

fn what(kind: &str, data: Value) -> InboundKind {
    receive(json!({ "type": kind, "data": data })).unwrap().kind
}

#[test]
fn ids_may_be_numbers_and_an_empty_one_is_none() {
    let said = what("text", json!({ "text": "5", "chat": 4711, "id": 17, "reply_to": "", "about": "" }));
    assert_eq!(said, InboundKind::Text(TextMessage::new("5", Address::chat("4711")).with_id("17").about(Context::Own)));
    let replied = what("text", json!({ "text": "5", "chat": "c", "reply_to": 12 }));
    assert_eq!(replied, InboundKind::Text(TextMessage::new("5", Address::chat("c")).about(Context::ReplyTo("12".into()))));
}

#[test]
fn spellings_of_a_number_or_a_mail_address_are_one_person() {
    let webhook = Webhook::new("sms", config("https://hooks.example.com/lastword", &json!({}))).unwrap();
    let name = |chat: &str| webhook.identity(&Address::chat(chat));
    for chat in ["+44 7911 123456", "0044 7911 123456", "+44 (0)7911 123456", "tel:+447911123456"] {
        assert_eq!(name(chat), name("447911123456"), "{chat}");
    }
    assert_eq!(name("Ann@Example.ORG"), name("ann@example.org"));
    for (one, other) in [("4711", "04711"), ("user-A", "user-a"), ("C 12", "C12")] {
        assert_ne!(name(one), name(other), "what only the receiver knows is compared as it is");
    }
}

#[test]
fn a_broken_letter_costs_no_answer() {
    let read = receive_text(r#"{"type":"text","data":{"chat":"c","text":"0, bad \ud83d"}}"#).unwrap();
    assert!(matches!(read.kind, InboundKind::Text(text) if text.text == "0, bad \u{fffd}"));
}

#[test]
fn reads_every_shape() {
    let by = Address { chat: "c".into(), user: Some("u".into()), via: Some("v".into()) };
    let press = InboundKind::Press { token: "r1_x_5".into(), by: by.clone(), message_id: Some("m".into()), press_id: None };
    assert_eq!(what("press", json!({ "token": "r1_x_5", "chat": "c", "user": "u", "via": "v", "message_id": "m", "later": 1 })), press);
    let text = InboundKind::Text(TextMessage::new("slow", Address::chat("c")).in_reply_to("m"));
    assert_eq!(what("text", json!({ "text": "slow", "chat": "c", "reply_to": "m" })), text);
    let ours = InboundKind::Text(TextMessage::new("1", Address::chat("c")).with_id("c1").about(Context::Elsewhere("product")));
    assert_eq!(what("text", json!({ "text": "1", "chat": "c", "id": "c1", "about": "product" })), ours);
    let other = InboundKind::Text(TextMessage::new("1", Address::chat("c")).about(Context::Elsewhere("something else")));
    assert_eq!(what("text", json!({ "text": "1", "chat": "c", "about": "poll", "reply_to": "m" })), other);
    assert!(receive(json!({ "type": "edited", "data": { "text": "1", "chat": "c" } })).is_err(), "of which message?");
    let comment = InboundKind::Comment { token: "c1".into(), by: Address::chat("c"), text: "slow".into() };
    assert_eq!(what("comment", json!({ "token": "c1", "text": "slow", "chat": "c", "user": null })), comment);
    assert_eq!(what("reachable", json!({ "reachable": false, "chat": "c" })), InboundKind::Reachable { by: "c".into(), reachable: false });
    assert_eq!(what("typing", json!({})), InboundKind::Other { kind: "typing".into() });
}

#[test]
fn reads_what_became_of_a_message() {
    let status = |word: &str, reason: Option<&str>| match what("status", json!({ "key": "dlv_1", "status": word, "reason": reason })) {
        InboundKind::Status { key, message_id: None, status } if key.as_deref() == Some("dlv_1") => status,
        other => panic!("{other:?}"),
    };
    assert_eq!(status("sent", None), DeliveryStatus::Sent);
    assert_eq!(status("delivered", None), DeliveryStatus::Delivered);
    assert_eq!(status("read", None), DeliveryStatus::Read);
    for (reason, verdict) in
        [(Some("blocked"), Verdict::RecipientGone), (Some("Jane Doe moved"), Verdict::Refused), (None, Verdict::Refused)]
    {
        match status("failed", reason) {
            DeliveryStatus::Failed(error) => {
                assert_eq!(error.verdict, verdict);
                assert!(!error.detail.contains("Jane"), "free words may name a person");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn keeps_the_senders_order_before_its_clock() {
    let press = |more: Value| {
        let mut body = json!({ "type": "press", "data": { "token": "t", "chat": "c" } });
        body["timestamp"] = more["timestamp"].clone();
        body["data"]["order"] = more["order"].clone();
        let event = receive(body).unwrap();
        assert_eq!(event.key, "evt_1");
        (event.order, event.at.unwrap())
    };
    assert_eq!(press(json!({})), (AT, AT));
    assert_eq!(press(json!({ "timestamp": "2023-11-14T23:13:21.5+01:00" })), (AT + 1_500, AT + 1_500));
    assert_eq!(press(json!({ "timestamp": "2023-11-14T22:13:21.5Z", "order": 7 })), (7, AT + 1_500));
}

#[test]
fn tells_signed_nonsense_from_forgeries_and_does_not_quote_it() {
    let nonsense = [
        "",
        "{",
        "[]",
        "null",
        "{}",
        r#"{"type":7}"#,
        r#"{"type":"press"}"#,
        r#"{"type":"press","data":"canary-4711"}"#,
        r#"{"type":"press","data":{"token":"canary-4711"}}"#,
        r#"{"type":"press","data":{"token":{"canary-4711":1},"chat":"c"}}"#,
        r#"{"type":"press","data":{"token":"t","chat":"c","order":"canary-4711"}}"#,
        r#"{"type":"press","timestamp":"canary-4711","data":{"token":"t","chat":"c"}}"#,
        r#"{"type":"status","data":{"status":"canary-4711","key":"k"}}"#,
        r#"{"type":"status","data":{"status":"read"}}"#,
        r#"{"type":"reachable","data":{"chat":"c"}}"#,
    ];
    for body in nonsense {
        match receive_text(body) {
            Err(Rejected::Unreadable(why)) => assert!(!why.contains("canary"), "{why}"),
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[test]
fn a_replay_has_the_same_key_and_dies_after_five_minutes() {
    let body = br#"{"type":"press","data":{"token":"t","chat":"c"}}"#;
    let webhook = Webhook::new("crm", config("https://hooks.example.com/lastword", &json!({}))).unwrap();
    let signature = Keys::parse(&SECRET.into(), None).unwrap().sign("evt_1", AT / 1000, body);
    let headers = [("webhook-id", "evt_1".to_owned()), ("webhook-timestamp", (AT / 1000).to_string()), ("webhook-signature", signature)];
    let at = |received_at| {
        webhook.receive(&RawRequest {
            method: "POST".into(),
            query: String::new(),
            headers: Headers::new(headers.clone()),
            body: body.to_vec(),
            received_at,
        })
    };
    let first = at(AT).unwrap();
    for replayed_at in [AT - 300_000, AT + 1, AT + 300_000] {
        assert_eq!(at(replayed_at).unwrap(), first);
    }
    for stale in [AT - 300_001, AT + 300_001, i64::MIN, i64::MAX] {
        assert!(matches!(at(stale), Err(Rejected::Unsigned(_))), "{stale}");
    }
}
