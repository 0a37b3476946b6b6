//! The handshake, and the signature over the raw bytes.

use crate::samples::{
    APP_SECRET, TOKEN, VERIFY_TOKEN, got, instagram, messenger, post, posted, signature, signed, whatsapp, whatsapp_settings,
};
use lastword_contract::{Channel, Headers, Received, Rejected};
use lastword_meta::WhatsApp;
use serde_json::{Value, json};

const NOWHERE: &str = "http://127.0.0.1:9";

fn all() -> [Box<dyn Channel>; 3] {
    let none = || json!({});
    [Box::new(whatsapp(NOWHERE, none())), Box::new(messenger(NOWHERE, none())), Box::new(instagram(NOWHERE, none()))]
}

fn unsigned<T>(result: &Result<T, Rejected>) -> bool {
    matches!(result, Err(Rejected::Unsigned(_)))
}

#[test]
fn the_handshake_gives_the_challenge_back() {
    let query = format!("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={VERIFY_TOKEN}");
    for channel in all() {
        let answer = channel.receive(&got(&query)).unwrap();
        assert_eq!(answer, Received { events: Vec::new(), reply: "1158201444".into() });
    }
}

#[test]
fn a_percent_encoded_token_is_the_same_token() {
    let channel = WhatsApp::new(whatsapp_settings(NOWHERE, json!({ "verify_token": "a+b/c=" })), reqwest::Client::new()).unwrap();
    let query = "hub.mode=subscribe&hub.verify_token=a%2Bb%2Fc%3D&hub.challenge=7";
    assert_eq!(channel.receive(&got(query)).unwrap().reply, "7");
}

#[test]
fn a_handshake_with_another_token_is_refused() {
    let long = "9".repeat(300);
    let refused = [
        "".to_owned(),
        "hub.mode=subscribe&hub.challenge=1".to_owned(),
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=".to_owned(),
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=wrong".to_owned(),
        format!("hub.mode=subscribe&hub.challenge=1&hub.verify_token={VERIFY_TOKEN}x"),
        format!("hub.mode=unsubscribe&hub.challenge=1&hub.verify_token={VERIFY_TOKEN}"),
        format!("hub.mode=subscribe&hub.verify_token={VERIFY_TOKEN}"),
        format!("hub.mode=subscribe&hub.challenge=%3Cscript%3E&hub.verify_token={VERIFY_TOKEN}"),
        format!("hub.mode=subscribe&hub.challenge={long}&hub.verify_token={VERIFY_TOKEN}"),
    ];
    for channel in all() {
        for query in &refused {
            assert!(unsigned(&channel.receive(&got(query))), "{query}");
        }
    }
}

#[test]
fn a_signature_holds_for_these_bytes_alone() {
    let channel = whatsapp(NOWHERE, json!({}));
    let body = post("whatsapp_button_reply").to_string();
    assert!(channel.receive(&signed(body.as_bytes())).is_ok());
    for at in 0..body.len() {
        let mut flipped = signed(body.as_bytes());
        flipped.body[at] ^= 1;
        assert!(unsigned(&channel.receive(&flipped)), "byte {at} was changed, and nobody noticed");
    }
}

#[test]
fn a_re_encoded_body_is_not_what_was_signed() {
    // Meta writes everything beyond ASCII as \uXXXX and signs that.
    let escaped = post("whatsapp_button_reply").to_string().replace('👍', "\\ud83d\\udc4d");
    let channel = whatsapp(NOWHERE, json!({}));
    let events = channel.receive(&signed(escaped.as_bytes())).unwrap().events;
    assert_eq!(events.len(), 2);
    let again: Value = serde_json::from_str(&escaped).unwrap();
    let re_encoded = posted(again.to_string().as_bytes(), Headers::new([("X-Hub-Signature-256", signature(escaped.as_bytes()))]));
    assert!(unsigned(&channel.receive(&re_encoded)));
}

#[test]
fn a_missing_or_malformed_signature_is_refused() {
    let body = post("page_quick_reply").to_string();
    let own = signature(body.as_bytes());
    let wrong =
        ["", "sha256=", "sha256=zz", "sha1=00", &own[..20], &own.to_uppercase(), own.trim_start_matches("sha256=")].map(str::to_owned);
    for channel in all() {
        assert!(unsigned(&channel.receive(&posted(body.as_bytes(), Headers::default()))));
        for value in &wrong {
            assert!(unsigned(&channel.receive(&posted(body.as_bytes(), Headers::new([("x-hub-signature-256", value)])))), "{value}");
        }
        // The older header does not stand in for it.
        assert!(unsigned(&channel.receive(&posted(body.as_bytes(), Headers::new([("X-Hub-Signature", &own)])))));
    }
}

#[test]
fn signed_nonsense_is_unreadable() {
    for channel in all() {
        for body in ["", "{", "[]", "7", "{}", "{\"object\":\"page\"}", "{\"object\":\"page\",\"entry\":{}}"] {
            let read = channel.receive(&signed(body.as_bytes()));
            assert!(matches!(read, Err(Rejected::Unreadable(_))), "{body}: {read:?}");
        }
    }
}

#[test]
fn with_links_nothing_is_received() {
    let channel = whatsapp(NOWHERE, json!({ "sharing": "links" }));
    assert_eq!(channel.receive(&signed(b"{}")), Err(Rejected::NotHere));
    assert_eq!(channel.receive(&got("hub.mode=subscribe")), Err(Rejected::NotHere));
}

#[test]
fn what_a_desk_forwards_is_checked_by_metas_signature() {
    let channel = whatsapp(NOWHERE, json!({ "sharing": "forwarded", "verify_token": null }));
    assert_eq!(channel.receive(&signed(post("whatsapp_text").to_string().as_bytes())).unwrap().events.len(), 1);
    assert!(unsigned(&channel.receive(&got("hub.mode=subscribe&hub.challenge=1&hub.verify_token="))), "the desk shakes hands, not we");
}

#[test]
fn nothing_secret_is_in_any_debug_form() {
    let shown = format!("{:?} {:#?} {:?}", all(), all(), whatsapp_settings(NOWHERE, json!({})));
    for secret in [TOKEN, APP_SECRET, VERIFY_TOKEN] {
        assert!(!shown.contains(secret));
    }
}
