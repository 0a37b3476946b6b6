//! Every parser of what unauthenticated send, each as a function of bytes: it must not panic, must read the same bytes the same
//! way twice, and what it reads must keep to its own bounds. The fuzzer (`fuzz/README.md`) and a short round in the tests
//! (`tests/it/fuzz.rs`) feed the same functions.

use async_trait::async_trait;
use hmac::{Hmac, KeyInit, Mac};
use lastword::domain::answer::rating::Scale;
use lastword::domain::answer::text;
use lastword::domain::question::token;
use lastword::http::api::close::CloseBody;
use lastword::http::json;
use lastword_contract::{Channel, Headers, InboundKind, IntakeError, Mailbox, RawRequest, TextMessage};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::Sha256;
use std::sync::{Arc, LazyLock};

/// A parser: its name, what it does with bytes, and examples of what it is made for.
pub(crate) struct Parser {
    /// The name, also of its target.
    pub(crate) name: &'static str,
    /// Reads these bytes, and says whether they meant something.
    pub(crate) read: fn(&[u8]) -> bool,
    /// What platforms send, where the mutations begin.
    pub(crate) seeds: &'static str,
}

/// All of them.
pub(crate) const ALL: [Parser; 9] = [
    Parser { name: "telegram", read: telegram, seeds: include_str!("../seeds/telegram.jsonl") },
    Parser { name: "whatsapp", read: whatsapp, seeds: include_str!("../seeds/whatsapp.jsonl") },
    Parser { name: "messenger", read: messenger, seeds: include_str!("../seeds/messenger.jsonl") },
    Parser { name: "instagram", read: instagram, seeds: include_str!("../seeds/instagram.jsonl") },
    Parser { name: "webhook", read: webhook, seeds: include_str!("../seeds/webhook.jsonl") },
    Parser { name: "webchat", read: webchat, seeds: include_str!("../seeds/webchat.jsonl") },
    Parser { name: "close", read: close, seeds: include_str!("../seeds/close.jsonl") },
    Parser { name: "answer_text", read: typed, seeds: include_str!("../seeds/answer_text.txt") },
    Parser { name: "token", read: minted, seeds: include_str!("../seeds/token.txt") },
];

const SECRET: &str = "a-secret-that-the-fuzzer-may-know";
const AT: i64 = 1_790_000_000;

fn config<C: DeserializeOwned>(value: Value) -> C {
    serde_json::from_value(value).expect("the settings of a fuzzed channel")
}

/// A Telegram update.
pub(crate) fn telegram(body: &[u8]) -> bool {
    static BOT: LazyLock<lastword_telegram::Telegram> = LazyLock::new(|| {
        let settings = json!({ "token": "12345:abcdefghijklmnopqrstuvwxyzabcdefghi", "receive": "webhook", "webhook_secret": "s-e-c-r-e-t-of-a-hook" });
        lastword_telegram::Telegram::new(config(settings), reqwest::Client::new()).expect("a bot")
    });
    holds(&*BOT, request(body, Headers::new([("X-Telegram-Bot-Api-Secret-Token", "s-e-c-r-e-t-of-a-hook")])))
}

/// A post of WhatsApp's Cloud API.
pub(crate) fn whatsapp(body: &[u8]) -> bool {
    static NUMBER: LazyLock<lastword_meta::WhatsApp> = LazyLock::new(|| {
        let channel = lastword_meta::WhatsApp::new(config(meta(json!({ "phone_number_id": "106540352242922" }))), reqwest::Client::new());
        channel.expect("a number")
    });
    holds(&*NUMBER, hub(body))
}

/// A post of the Messenger Platform.
pub(crate) fn messenger(body: &[u8]) -> bool {
    static PAGE: LazyLock<lastword_meta::Messenger> = LazyLock::new(|| {
        lastword_meta::Messenger::new(config(meta(json!({ "page_id": "1067280970047460" }))), reqwest::Client::new()).expect("a page")
    });
    holds(&*PAGE, hub(body))
}

/// A post of Instagram's messaging.
pub(crate) fn instagram(body: &[u8]) -> bool {
    static ACCOUNT: LazyLock<lastword_meta::Instagram> = LazyLock::new(|| {
        lastword_meta::Instagram::new(config(meta(json!({ "account_id": "17841405309211844" }))), reqwest::Client::new())
            .expect("an account")
    });
    holds(&*ACCOUNT, hub(body))
}

fn meta(more: Value) -> Value {
    let mut settings = json!({ "access_token": "EAAG-token", "app_secret": SECRET, "verify_token": "verify-me-please" });
    if let (Some(settings), Some(more)) = (settings.as_object_mut(), more.as_object()) {
        settings.extend(more.clone());
    }
    settings
}

fn hub(body: &[u8]) -> RawRequest {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any key");
    mac.update(body);
    let sum: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    request(body, Headers::new([("X-Hub-Signature-256", format!("sha256={sum}"))]))
}

/// An event of the generic webhook.
pub(crate) fn webhook(body: &[u8]) -> bool {
    static HOOK: LazyLock<lastword_webhook::Webhook> = LazyLock::new(|| {
        lastword_webhook::Webhook::new("fuzzed", config(json!({ "url": "https://crm.example.com/", "secret": SECRET }))).expect("a hook")
    });
    let signature = lastword_webhook::signature::Keys::parse(&SECRET.into(), None).expect("a key").sign("evt_1", AT, body);
    let headers = [("Webhook-Id", "evt_1".to_owned()), ("Webhook-Timestamp", AT.to_string()), ("Webhook-Signature", signature)];
    holds(&*HOOK, request(body, Headers::new(headers)))
}

/// Frames of the widget.
pub(crate) fn webchat(body: &[u8]) -> bool {
    #[derive(Debug)]
    struct Nowhere;

    #[async_trait]
    impl Mailbox for Nowhere {
        async fn put(&self, _: &str, _: &str, _: &str, _: Value) -> Result<(), IntakeError> {
            Ok(())
        }
    }

    static CHAT: LazyLock<lastword_webchat::WebChat> = LazyLock::new(|| {
        let settings = config(json!({ "line": "support", "origins": ["https://shop.example.com"] }));
        lastword_webchat::WebChat::new("site".to_owned(), settings, Arc::new(Nowhere))
    });
    let visitor = "0351TWY0WiwTH5Mua";
    holds(&*CHAT, request(body, Headers::new([(lastword_webchat::VISITOR_HEADER, visitor)])))
}

/// What a desk posts to `/v1/sessions/close`.
pub(crate) fn close(body: &[u8]) -> bool {
    let names = |batch: json::Batch<CloseBody>| format!("{} {}", batch.items.len(), batch.is_list);
    let told = |read: Result<json::Batch<CloseBody>, _>| read.map(names).map_err(|problem: lastword::http::problem::Problem| problem.code);
    let read = told(json::read_batch(body));
    assert_eq!(read, told(json::read_batch(body)));
    read.is_ok()
}

/// A typed answer.
pub(crate) fn typed(body: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(body) else { return false };
    let mut means = false;
    for scale in [Scale::Binary, Scale::FiveStar] {
        let read = || text::read(text, scale, &["en", "ru", "de", "es", "pt"]);
        let Some(typed) = read() else { continue };
        let scores = if scale == Scale::Binary { 0..=1 } else { 1..=5 };
        assert!(scores.contains(&typed.score), "{text:?} is {}", typed.score);
        assert!(typed.comment.as_ref().is_none_or(|comment| !comment.trim().is_empty() && comment.len() <= text.len()), "{text:?}");
        assert_eq!(Some(typed), read());
        means = true;
    }
    means
}

/// What comes back from a button or a link.
pub(crate) fn minted(body: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(body) else { return false };
    let Some(claimed) = token::read(text) else { return false };
    assert!(text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'), "{text:?}");
    let keys = token::TokenKeys::new(b"a key of thirty-two bytes, or so", None);
    assert!(!keys.vouch(&claimed, "bot:nobody"), "a token that nobody minted: {text:?}");
    true
}

fn request(body: &[u8], headers: Headers) -> RawRequest {
    RawRequest { method: "POST".to_owned(), query: String::new(), headers, body: body.to_vec(), received_at: AT * 1_000 }
}

fn holds(channel: &dyn Channel, request: RawRequest) -> bool {
    let read = channel.receive(&request);
    assert_eq!(read, channel.receive(&request), "the same bytes were read differently");
    let means = read.is_ok();
    for event in read.into_iter().flat_map(|received| received.events) {
        assert!(!event.key.is_empty(), "an event without a key: {event:?}");
        if let InboundKind::Text(TextMessage { text, .. })
        | InboundKind::Edited(TextMessage { text, .. })
        | InboundKind::Comment { text, .. } = &event.kind
        {
            assert!(text.len() <= request.body.len(), "more was read than was sent");
        }
    }
    means
}
