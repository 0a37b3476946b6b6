//! Settings: their defaults, and one sentence about each mistake.

use crate::samples::config;
use lastword_contract::{Address, Channel, Rate, Window, WindowRule};
use lastword_telegram::{Config, Sharing, Telegram};
use serde_json::json;

const BASE: &str = "https://api.telegram.org";

#[test]
fn a_token_alone_is_enough() {
    let config: Config = serde_json::from_value(json!({ "token": "1:a" })).unwrap();
    assert_eq!((config.base_url.as_str(), config.receive, config.sharing, config.timeout_secs), (BASE, None, Sharing::Own, 10));
    let capabilities = Telegram::new(config, reqwest::Client::new()).unwrap().capabilities();
    assert_eq!(capabilities.rate, Rate { per_second: 25.0, burst: 5, per_chat_ms: 1_000, per_group_ms: 3_200 });
    assert_eq!(capabilities.window, WindowRule::AfterClientVia(86_400_000));
}

#[test]
fn an_unknown_key_is_an_error() {
    let error = serde_json::from_value::<Config>(json!({ "token": "1:a", "tokn": "1:b" })).unwrap_err();
    assert!(error.to_string().contains("tokn"), "{error}");
}

#[test]
fn a_mistake_is_named_by_its_key() {
    let cases = [
        (json!({ "token": "no-colon" }), "`token`"),
        (json!({ "token": "12:a/../b" }), "`token`"),
        (json!({ "base_url": "api.telegram.org" }), "`base_url`"),
        (json!({ "base_url": "ftp://api.telegram.org" }), "`base_url`"),
        (json!({ "base_url": "https://user:pw@api.telegram.org" }), "`base_url`"),
        (json!({ "base_url": "https://api.telegram.org?x=1" }), "`base_url`"),
        (json!({ "receive": "webhook", "webhook_secret": null }), "`webhook_secret`"),
        (json!({ "sharing": "forwarded", "webhook_secret": null }), "`webhook_secret`"),
        (json!({ "sharing": "forwarded", "receive": "polling" }), "`receive`"),
        (json!({ "sharing": "links", "receive": "webhook" }), "`receive`"),
        (json!({ "webhook_secret": "" }), "`webhook_secret`"),
        (json!({ "webhook_secret": "a b" }), "`webhook_secret`"),
        (json!({ "webhook_secret": "a".repeat(257) }), "`webhook_secret`"),
        (json!({ "per_second": 0.0 }), "`per_second`"),
        (json!({ "burst": 0 }), "`burst`"),
        (json!({ "per_chat_ms": -1 }), "`per_chat_ms`"),
        (json!({ "per_group_ms": -1 }), "`per_group_ms`"),
        (json!({ "timeout_secs": 0 }), "`timeout_secs`"),
    ];
    for (more, key) in cases {
        let config = config(BASE, more.clone());
        let error = config.validate().expect_err(&more.to_string());
        assert!(error.starts_with(key) && error.ends_with('.'), "{more}: {error}");
        assert_eq!(Telegram::new(config, reqwest::Client::new()).err(), Some(error));
    }
    for more in [json!({ "receive": "webhook" }), json!({ "sharing": "forwarded" }), json!({ "sharing": "links", "webhook_secret": null })]
    {
        assert_eq!(config(BASE, more).validate(), Ok(()));
    }
}

#[test]
fn groups_are_written_to_twenty_times_a_minute() {
    let bot = Telegram::new(config(BASE, json!({})), reqwest::Client::new()).unwrap();
    for (chat, group) in [("7770001", false), ("-4001", true), ("-1001234567890", true), ("@our_alerts", true)] {
        assert_eq!(bot.is_group(&Address::chat(chat)), group, "{chat}");
        let between = bot.capabilities().rate.between(group);
        assert!(60_000 / between <= if group { 20 } else { 60 }, "{chat}: one in {between} ms");
    }
}

#[test]
fn only_business_chats_have_a_window() {
    let bot = Telegram::new(config(BASE, json!({})), reqwest::Client::new()).unwrap();
    let mut conversation =
        lastword_contract::Conversation { address: "777".into(), last_client_message_at: Some(1_000), window_expires_at: None };
    assert_eq!(bot.window(&conversation, i64::MAX), Window::Always);
    conversation.address.via = Some("bc_1".into());
    assert_eq!(bot.window(&conversation, 2_000), Window::Open { until: 86_401_000 });
    assert_eq!(bot.window(&conversation, 86_401_000), Window::Shut { since: 86_401_000 });
}
