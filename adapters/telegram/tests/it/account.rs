//! Who we are, what stands in the way, and setting the webhook.

use crate::{
    samples::{SECRET, bot, bot_at, config},
    stub::{Play, Stub},
};
use lastword_contract::{Channel, Verdict};
use lastword_telegram::{Config, Telegram};
use serde_json::{Value, json};

const ALLOWED: [&str; 9] = [
    "callback_query",
    "message",
    "my_chat_member",
    "business_connection",
    "business_message",
    "edited_message",
    "edited_business_message",
    "deleted_business_messages",
    "message_reaction",
];

async fn warnings(more: Value, webhook: Value) -> Vec<String> {
    let stub = Stub::start().await;
    stub.set_webhook(webhook);
    bot_at(&stub.base_url(), more).check().await.unwrap().warnings
}

#[tokio::test]
async fn a_bot_in_good_order_has_a_name_and_no_warnings() {
    let stub = Stub::start().await;
    let account = bot(&stub).check().await.unwrap();
    assert_eq!((account.name.as_str(), account.warnings.len()), ("@rating_bot", 0));
    let methods: Vec<String> = stub.log().into_iter().map(|call| call.method).collect();
    assert_eq!(methods, ["getMe", "getWebhookInfo"]);
}

#[tokio::test]
async fn a_webhook_in_the_way_of_polling_is_named_without_its_path() {
    let webhook = json!({ "url": "https://desk.example/hooks/their-secret", "pending_update_count": 3, "allowed_updates": ["message", "new_kind"],
        "last_error_message": "Wrong response from the webhook: 502 Bad Gateway" });
    let warnings = warnings(json!({}), webhook).await;
    let expected = ["set to desk.example", "lack `callback_query`", "wait at Telegram: 3", "502 Bad Gateway"];
    assert_eq!(warnings.len(), expected.len(), "{warnings:?}");
    for (warning, part) in warnings.iter().zip(expected) {
        assert!(warning.contains(part) && !warning.contains("their-secret"), "{warning}");
    }
}

#[tokio::test]
async fn a_missing_webhook_is_named() {
    let warnings = warnings(json!({ "receive": "webhook" }), json!({ "url": "", "pending_update_count": 0 })).await;
    assert_eq!(warnings, ["No webhook is set, so no answers arrive."]);
}

#[tokio::test]
async fn a_webhook_that_was_moved_is_noticed() {
    let stub = Stub::start().await;
    let bot = bot_at(&stub.base_url(), json!({ "receive": "webhook" }));
    bot.register_hook("https://rate.example/hooks/tg").await.unwrap();
    stub.set_webhook(json!({ "url": "https://rate.example/hooks/tg", "allowed_updates": ALLOWED }));
    assert_eq!(bot.check().await.unwrap().warnings, Vec::<String>::new());
    stub.set_webhook(json!({ "url": "https://desk.example/x", "allowed_updates": ALLOWED }));
    assert!(bot.check().await.unwrap().warnings[0].contains("desk.example"));
}

#[tokio::test]
async fn the_webhook_is_set_with_its_secret_and_the_updates_we_need() {
    let stub = Stub::start().await;
    let bot = bot_at(&stub.base_url(), json!({ "receive": "webhook" }));
    bot.register_hook("https://rate.example/hooks/tg").await.unwrap();
    let body = json!({ "url": "https://rate.example/hooks/tg", "allowed_updates": ALLOWED, "secret_token": SECRET });
    assert_eq!(stub.bodies("setWebhook"), [body]);
    assert_eq!(bot.register_hook("rate.example").await.unwrap_err().kind, "bad_hook_url");
}

#[tokio::test]
async fn with_a_desk_behind_us_every_usual_kind_of_update_is_asked_for() {
    let asked = async |more: Value| {
        let stub = Stub::start().await;
        let config = Config { passes_on: true, ..config(&stub.base_url(), more) };
        let bot = Telegram::new(config, reqwest::Client::new()).unwrap();
        bot.register_hook("https://rate.example/hooks/tg").await.unwrap();
        stub.bodies("setWebhook")[0]["allowed_updates"].as_array().unwrap().clone()
    };
    assert_eq!(asked(json!({ "receive": "webhook" })).await, [Value::Null; 0], "an empty list means all usual kinds");
    let with_reactions = asked(json!({ "receive": "webhook", "more_updates": ["message_reaction", "poll"] })).await;
    assert_eq!(with_reactions.len(), 21, "{with_reactions:?}");
    assert!(ALLOWED.iter().chain(&["edited_message", "message_reaction"]).all(|kind| with_reactions.contains(&json!(kind))));
}

#[tokio::test]
async fn only_an_own_webhook_is_ever_set() {
    let stub = Stub::start().await;
    for more in [json!({}), json!({ "sharing": "forwarded" }), json!({ "sharing": "links" })] {
        let bot = bot_at(&stub.base_url(), more);
        bot.register_hook("https://rate.example/hooks/tg").await.unwrap();
        assert!(stub.log().is_empty());
    }
}

#[tokio::test]
async fn a_desks_webhook_is_no_trouble_but_for_presses_it_does_not_get() {
    let webhook = json!({ "url": "https://desk.example/x", "pending_update_count": 0, "allowed_updates": ["message"] });
    let forwarded = warnings(json!({ "sharing": "forwarded" }), webhook.clone()).await;
    assert_eq!(forwarded, ["The webhook's `allowed_updates` lack `callback_query`, so presses on buttons are lost."]);
    assert_eq!(warnings(json!({ "sharing": "links" }), webhook).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_wrong_token_breaks_the_connection() {
    let stub = Stub::start().await;
    stub.play(Play::refusal(401, "Unauthorized"));
    assert_eq!(bot(&stub).check().await.unwrap_err().verdict, Verdict::ConnectionBroken);
}
