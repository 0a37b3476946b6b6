//! A bot pointed at the stub, messages that leave it, and requests as Telegram makes them.

use crate::stub::Stub;
use lastword_contract::{Address, Choice, ChoiceKind, Headers, Outgoing, Purpose, RawRequest, Scale};
use lastword_telegram::{Config, Telegram};
use serde_json::{Value, json};
use std::time::Duration;

pub(crate) const TOKEN: &str = "123456:AAtoken-must_never-show";
pub(crate) const SECRET: &str = "hook-secret_must-never-show";

/// Settings for a bot behind `base_url`, with `more` on top.
pub(crate) fn config(base_url: &str, more: Value) -> Config {
    let mut settings = json!({ "token": TOKEN, "base_url": base_url, "webhook_secret": SECRET, "timeout_secs": 1 });
    for (key, value) in more.as_object().unwrap() {
        settings[key] = value.clone();
    }
    serde_json::from_value(settings).unwrap()
}

pub(crate) fn bot_at(base_url: &str, more: Value) -> Telegram {
    // Without kept-alive connections a stub that stops accepting is felt at once.
    let client = reqwest::Client::builder().pool_max_idle_per_host(0).connect_timeout(Duration::from_secs(1)).build().unwrap();
    Telegram::new(config(base_url, more), client).unwrap()
}

pub(crate) fn bot(stub: &Stub) -> Telegram {
    bot_at(&stub.base_url(), json!({}))
}

pub(crate) fn text(text: &str) -> Outgoing {
    Outgoing {
        key: "dlv_1".to_owned(),
        to: Address { chat: "777".to_owned(), user: Some("777".to_owned()), via: None },
        language: "en".to_owned(),
        purpose: Purpose::Text,
        text: text.to_owned(),
        at: 1_790_000_000_000,
        ..Outgoing::default()
    }
}

pub(crate) fn question(scale: Scale) -> Outgoing {
    let score = |&score: &u8| choice(&scale.label(score), &format!("r1_tok_{score}"), ChoiceKind::Score);
    Outgoing { purpose: Purpose::Question(scale), choices: scale.scores().iter().map(score).collect(), ..text("How was it?") }
}

pub(crate) fn choice(label: &str, token: &str, kind: ChoiceKind) -> Choice {
    Choice { label: label.to_owned(), token: token.to_owned(), kind, link: None }
}

/// A press in a private chat.
pub(crate) fn press_update(update_id: u64, token: &str, chat: i64, user: i64, message_id: i64) -> Value {
    json!({ "update_id": update_id, "callback_query": {
        "id": format!("43900{update_id}"), "from": person(user), "chat_instance": "-9900", "data": token,
        "message": { "message_id": message_id, "date": 1_790_000_000, "chat": private(chat), "text": "How was it?" },
    }})
}

pub(crate) fn text_update(update_id: u64, text: &str, chat: i64) -> Value {
    json!({ "update_id": update_id, "message": message(text, chat) })
}

/// A reaction in a private chat, from `old` to `new`.
pub(crate) fn reaction_update(update_id: u64, message_id: i64, chat: i64, old: Vec<Value>, new: Vec<Value>) -> Value {
    json!({ "update_id": update_id, "message_reaction": {
        "chat": private(chat), "message_id": message_id, "user": person(chat), "date": 1_790_000_150, "old_reaction": old, "new_reaction": new,
    }})
}

pub(crate) fn message(text: &str, chat: i64) -> Value {
    json!({ "message_id": 9, "date": 1_790_000_100, "from": person(chat), "chat": private(chat), "text": text })
}

pub(crate) fn person(id: i64) -> Value {
    json!({ "id": id, "is_bot": false, "first_name": "Ann" })
}

pub(crate) fn private(id: i64) -> Value {
    json!({ "id": id, "type": "private", "first_name": "Ann" })
}

/// A request with the secret that was agreed.
pub(crate) fn signed(body: &[u8]) -> RawRequest {
    RawRequest {
        method: "POST".to_owned(),
        query: String::new(),
        headers: Headers::new([("Content-Type", "application/json"), ("X-Telegram-Bot-Api-Secret-Token", SECRET)]),
        body: body.to_vec(),
        received_at: 1_790_000_200_000,
    }
}
