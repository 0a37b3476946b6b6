//! What holds for any input: no bytes make `receive` panic, nothing is read twice under one key, no text outgrows its limit.

use crate::{
    samples::{CLIENT, PSID, choice, instagram, messenger, post, question, signed, text, whatsapp},
    stub::Stub,
};
use lastword_contract::{Channel, ChoiceKind, InboundKind, Outgoing, Purpose, Received, Scale};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::{collections::HashSet, sync::LazyLock};

const NOWHERE: &str = "http://127.0.0.1:9";

/// One of each, made once.
fn all() -> &'static [Box<dyn Channel>; 3] {
    static ALL: LazyLock<[Box<dyn Channel>; 3]> = LazyLock::new(|| {
        let page = json!({ "page_id": crate::samples::PAGE_ID });
        [Box::new(whatsapp(NOWHERE, json!({}))), Box::new(messenger(NOWHERE, json!({}))), Box::new(instagram(NOWHERE, page))]
    });
    &ALL
}

/// All posts of the documented shapes.
static POSTS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/posts");
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned()).collect();
    names.sort();
    assert!(names.len() > 40);
    names.iter().map(|name| post(name)).collect()
});

/// Words that webhooks are made of.
const WORDS: &[&str] =
    &["object", "entry", "changes", "messaging", "value", "message", "sender", "id", "timestamp", "type", "text", "interactive"];

/// Any JSON, made of the words that webhooks are made of.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        proptest::sample::select(WORDS).prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((proptest::sample::select(WORDS), inner), 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())),
        ]
    })
}

/// Every place in a value, as a JSON pointer.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| places(value, &format!("{here}/{name}"), found)),
        Value::Array(items) => items.iter().enumerate().for_each(|(n, value)| places(value, &format!("{here}/{n}"), found)),
        _ => {}
    }
}

/// Reads a signed body on every platform; every event of a request has a key of its own.
fn read_everywhere(body: &[u8]) {
    for channel in all() {
        let Ok(Received { events, .. }) = channel.receive(&signed(body)) else { continue };
        let keys: HashSet<&str> = events.iter().map(|event| event.key.as_str()).collect();
        let meaningful = events.iter().filter(|event| !matches!(event.kind, InboundKind::Other { .. })).count();
        let is_digest = |key: &str| key.strip_prefix("other:").unwrap_or(key).bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(events.iter().all(|event| !event.key.is_empty() && is_digest(&event.key)), "{}: a key names a person", channel.kind());
        assert!(keys.len() >= meaningful, "{}: two events with a meaning have one key", channel.kind());
        let again = channel.receive(&signed(body)).unwrap();
        assert!(again.events == events, "{}: the same bytes were read differently", channel.kind());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn no_bytes_make_receive_panic(body in proptest::collection::vec(any::<u8>(), 0..400), query in "\\PC{0,60}") {
        read_everywhere(&body);
        for channel in all() {
            let _ = channel.receive(&crate::samples::got(&query));
        }
    }

    #[test]
    fn no_json_makes_receive_panic(value in any_json(), object in proptest::sample::select(&["page", "instagram", "whatsapp_business_account"][..])) {
        read_everywhere(value.to_string().as_bytes());
        read_everywhere(json!({ "object": object, "entry": [value] }).to_string().as_bytes());
    }

    #[test]
    fn no_change_of_a_real_post_makes_receive_panic(n in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), to in any_json()) {
        let mut body = n.get(POSTS.as_slice()).clone();
        let mut found = Vec::new();
        places(&body, "", &mut found);
        let place = at.get(&found).clone();
        *body.pointer_mut(&place).unwrap() = to;
        read_everywhere(body.to_string().as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn a_message_with_any_words_leaves_within_the_limits_or_not_at_all(said in "\\PC{0,1500}", label in "\\PC{0,60}", n in 1_usize..10) {
        let labelled = |to: &str| {
            let choices = (0..n).map(|n| choice(&label, &format!("r1_tok_c{n}"), ChoiceKind::Reason)).collect();
            Outgoing { purpose: Purpose::Settle, choices, ..text(to, &said) }
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let stub = Stub::start().await;
            let url = stub.base_url();
            let on_instagram = instagram(&url, json!({}));
            let sends = [
                whatsapp(&url, json!({})).send(&labelled(CLIENT)).await,
                on_instagram.send(&labelled(PSID)).await,
                on_instagram.send(&Outgoing { text: said.clone(), ..question(PSID, Scale::FiveStar) }).await,
            ];
            let left = sends.iter().filter(|sent| sent.is_ok()).count();
            assert_eq!(left, if said.trim().is_empty() { 0 } else { 3 });
            assert_eq!(stub.sends().len(), left);
            stub.sends().iter().for_each(|call| check(&call.body));
        });
    }
}

/// Fails when a limit is passed or two titles are alike.
fn check(body: &Value) {
    let titles = |path: &str, title: &str| -> Vec<String> {
        let list = body.pointer(path).and_then(Value::as_array).cloned().unwrap_or_default();
        list.iter().map(|one| one.pointer(title).unwrap().as_str().unwrap().to_owned()).collect()
    };
    for (list, title, max) in [
        ("/interactive/action/buttons", "/reply/title", 20),
        ("/interactive/action/sections/0/rows", "/title", 24),
        ("/message/quick_replies", "/title", 20),
    ] {
        let titles = titles(list, title);
        assert!(titles.iter().all(|title| !title.is_empty() && title.encode_utf16().count() <= max), "{titles:?}");
        assert_eq!(titles.iter().collect::<HashSet<_>>().len(), titles.len(), "{titles:?}");
    }
    if let Some(text) = body.pointer("/interactive/body/text").and_then(Value::as_str) {
        assert!(text.encode_utf16().count() <= 1_024);
    }
    if let Some(text) = body.pointer("/message/text").and_then(Value::as_str) {
        assert!(text.len() < 1_000);
    }
}
