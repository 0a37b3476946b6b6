//! Accounts pointed at the stub, messages that leave them, and requests as Meta makes them.

use hmac::{Hmac, KeyInit, Mac};
use lastword_contract::{Address, Choice, ChoiceKind, Headers, Inbound, Outgoing, Purpose, RawRequest, Scale};
use lastword_meta::{Instagram, InstagramConfig, Messenger, MessengerConfig, WhatsApp, WhatsAppConfig};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{sync::LazyLock, time::Duration};

/// Key of an event that Meta's IDs name so.
pub(crate) fn digest(name: &str) -> String {
    hex::encode(&Sha256::digest(name.as_bytes())[..16])
}

pub(crate) const TOKEN: &str = "EAAtoken_must-never-show";
pub(crate) const APP_SECRET: &str = "appsecret-must-never-show";
pub(crate) const VERIFY_TOKEN: &str = "verify-me_must-never-show";

pub(crate) const NUMBER_ID: &str = "106540352242922";
pub(crate) const PAGE_ID: &str = "201540352242944";
pub(crate) const ACCOUNT_ID: &str = "17841400000000001";

/// The client on WhatsApp, by number and by the id of their own.
pub(crate) const CLIENT: &str = "15551234567";
pub(crate) const CLIENT_ID: &str = "US.13491208655302741918";
/// The client on Messenger and Instagram.
pub(crate) const PSID: &str = "7770001112223334";

/// Times of the samples, in seconds and in milliseconds, and when they reach us.
pub(crate) const AT_SECS: i64 = 1_790_000_000;
pub(crate) const AT: i64 = AT_SECS * 1_000;
pub(crate) const RECEIVED_AT: i64 = AT + 5_000;

/// Settings of any kind behind `base_url`: `own` keys, and `more` on top.
pub(crate) fn settings<C: DeserializeOwned>(base_url: &str, own: Value, more: Value) -> C {
    serde_json::from_value(all(base_url, own, more)).unwrap()
}

pub(crate) fn all(base_url: &str, own: Value, more: Value) -> Value {
    let mut settings =
        json!({ "access_token": TOKEN, "app_secret": APP_SECRET, "verify_token": VERIFY_TOKEN, "base_url": base_url, "timeout_secs": 1 });
    for (key, value) in own.as_object().unwrap().iter().chain(more.as_object().unwrap()) {
        settings[key] = value.clone();
    }
    settings
}

pub(crate) fn client() -> reqwest::Client {
    // Without kept-alive connections a stub that stops accepting is felt at once, and a client may serve many tests.
    static CLIENT: LazyLock<reqwest::Client> =
        LazyLock::new(|| reqwest::Client::builder().pool_max_idle_per_host(0).connect_timeout(Duration::from_secs(1)).build().unwrap());
    CLIENT.clone()
}

pub(crate) fn whatsapp_settings(base_url: &str, more: Value) -> WhatsAppConfig {
    settings(base_url, json!({ "phone_number_id": NUMBER_ID }), more)
}

pub(crate) fn messenger_settings(base_url: &str, more: Value) -> MessengerConfig {
    settings(base_url, json!({ "page_id": PAGE_ID }), more)
}

pub(crate) fn instagram_settings(base_url: &str, more: Value) -> InstagramConfig {
    settings(base_url, json!({ "account_id": ACCOUNT_ID }), more)
}

pub(crate) fn whatsapp(base_url: &str, more: Value) -> WhatsApp {
    WhatsApp::new(whatsapp_settings(base_url, more), client()).unwrap()
}

pub(crate) fn messenger(base_url: &str, more: Value) -> Messenger {
    Messenger::new(messenger_settings(base_url, more), client()).unwrap()
}

pub(crate) fn instagram(base_url: &str, more: Value) -> Instagram {
    Instagram::new(instagram_settings(base_url, more), client()).unwrap()
}

/// Templates for both scales.
pub(crate) fn templates() -> Value {
    json!({ "templates": {
        "binary": { "name": "rate_support", "languages": ["en", "de", "pt_BR"] },
        "five_star": { "name": "rate_support_stars", "languages": ["en"], "text_parameter": true },
    } })
}

/// The customer-feedback form, also outside the window.
pub(crate) fn feedback() -> Value {
    json!({ "feedback": { "privacy_url": "https://example.com/privacy", "outside_window": true } })
}

pub(crate) fn text(to: &str, text: &str) -> Outgoing {
    Outgoing {
        key: "dlv_1".to_owned(),
        to: Address::chat(to),
        language: "en".to_owned(),
        purpose: Purpose::Text,
        text: text.to_owned(),
        at: AT,
        ..Outgoing::default()
    }
}

pub(crate) fn question(to: &str, scale: Scale) -> Outgoing {
    let score = |&score: &u8| choice(&scale.label(score), &format!("r1_tok_{score}"), ChoiceKind::Score);
    let choices = scale.scores().iter().map(score).collect();
    Outgoing { purpose: Purpose::Question(scale), choices, ..text(to, "Please rate the quality of service") }
}

/// Thanks after a low score: reasons, "resolved?" and another choice.
pub(crate) fn thanks(to: &str) -> Outgoing {
    let reason = |label: &str, n: u8| choice(label, &format!("r1_tok_c{n}"), ChoiceKind::Reason);
    let choices = vec![
        reason("Slow", 0),
        reason("Rude", 1),
        reason("My question was not answered at all", 2),
        choice("Yes", "r1_tok_y", ChoiceKind::Resolved),
        choice("No", "r1_tok_n", ChoiceKind::Resolved),
        choice("Change", "r1_tok_g", ChoiceKind::Change),
    ];
    Outgoing { purpose: Purpose::Settle, choices, ..text(to, "Sorry to hear that. What went wrong?") }
}

pub(crate) fn choice(label: &str, token: &str, kind: ChoiceKind) -> Choice {
    Choice { label: label.to_owned(), token: token.to_owned(), kind, link: None }
}

/// The same message with every choice as a link too.
pub(crate) fn linked(outgoing: Outgoing) -> Outgoing {
    let link = |choice: Choice| Choice { link: Some(format!("https://rate.example/r/{}", choice.token)), ..choice };
    Outgoing { choices: outgoing.choices.into_iter().map(link).collect(), ..outgoing }
}

/// `X-Hub-Signature-256` over `body`.
pub(crate) fn signature(body: &[u8]) -> String {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(APP_SECRET.as_bytes()).unwrap();
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

pub(crate) fn signed(body: &[u8]) -> RawRequest {
    posted(body, Headers::new([("X-Hub-Signature-256", signature(body))]))
}

pub(crate) fn posted(body: &[u8], headers: Headers) -> RawRequest {
    RawRequest { method: "POST".into(), query: String::new(), headers, body: body.to_vec(), received_at: RECEIVED_AT }
}

/// A GET with `query`, as when the webhook's address is saved.
pub(crate) fn got(query: &str) -> RawRequest {
    RawRequest { method: "GET".into(), query: query.to_owned(), headers: Headers::default(), body: Vec::new(), received_at: RECEIVED_AT }
}

/// A request from a client of WhatsApp: `messages`, with the contact that comes along.
pub(crate) fn from_whatsapp(message: Value) -> Value {
    let contact = json!({ "profile": { "name": "Ann" }, "wa_id": CLIENT, "user_id": CLIENT_ID });
    whatsapp_value(json!({ "contacts": [contact], "messages": [message] }))
}

pub(crate) fn whatsapp_value(more: Value) -> Value {
    let mut value = json!({ "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "15550783881", "phone_number_id": NUMBER_ID } });
    for (key, part) in more.as_object().unwrap() {
        value[key] = part.clone();
    }
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "102290129340398", "changes": [{ "value": value, "field": "messages" }] }] })
}

/// One message of a WhatsApp client's.
pub(crate) fn whatsapp_message(id: &str, kind: &str, part: Value) -> Value {
    json!({ "from": CLIENT, "from_user_id": CLIENT_ID, "id": id, "timestamp": AT_SECS.to_string(), "type": kind, kind: part })
}

/// A request about one conversation on Messenger or Instagram, written by the client.
pub(crate) fn from_client(object: &str, account: &str, part: Value) -> Value {
    messaging(object, account, between(PSID, account, part))
}

/// The same, written in our name.
pub(crate) fn from_us(object: &str, account: &str, part: Value) -> Value {
    messaging(object, account, between(account, PSID, part))
}

pub(crate) fn between(sender: &str, recipient: &str, part: Value) -> Value {
    let mut one = json!({ "sender": { "id": sender }, "recipient": { "id": recipient }, "timestamp": AT });
    for (key, value) in part.as_object().unwrap() {
        one[key] = value.clone();
    }
    one
}

pub(crate) fn messaging(object: &str, account: &str, one: Value) -> Value {
    json!({ "object": object, "entry": [{ "id": account, "time": AT + 100, "messaging": [one] }] })
}

/// The customer-feedback form, sent back.
pub(crate) fn feedback_post(token: &str, payload: Value, comment: Option<&str>) -> Value {
    let mut answer = json!({ "type": "csat", "payload": payload });
    if let Some(comment) = comment {
        answer["follow_up"] = json!({ "type": "free_form", "payload": comment });
    }
    let mut questions = json!({});
    questions[token] = answer;
    let screens = json!({ "feedback_screens": [{ "screen_id": 0, "questions": questions }] });
    let one = json!({ "sender": { "id": PSID }, "recipient": { "id": PAGE_ID }, "messaging_feedback": screens });
    json!({ "object": "page", "entry": [{ "time": AT, "messaging": [one] }] })
}

/// A request of the documented shape, from `tests/posts`.
pub(crate) fn post(name: &str) -> Value {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/posts/{name}.json"));
    serde_json::from_str(&std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{name}: {error}"))).unwrap()
}

/// What a channel reads from `body`, signed.
pub(crate) fn read(channel: &dyn lastword_contract::Channel, body: &Value) -> Vec<Inbound> {
    channel.receive(&signed(body.to_string().as_bytes())).unwrap().events
}
