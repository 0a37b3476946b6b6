//! Settings: their defaults, and one sentence about each mistake.

use crate::samples::{TOKEN, all, feedback, instagram_settings, messenger_settings, templates, whatsapp_settings};
use lastword_contract::{Capabilities, Channel, Conversation, OutsideForm, Rate, Scale, TextLimit, Window, WindowRule};
use lastword_meta::{Buttons, Instagram, InstagramConfig, Messenger, MessengerConfig, Sharing, WhatsApp, WhatsAppConfig};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const BASE: &str = "https://graph.facebook.com";
const DAY: i64 = 24 * 60 * 60 * 1_000;

/// Settings with the fewest keys.
fn fewest<C: DeserializeOwned>(own: Value) -> C {
    let mut settings = json!({ "access_token": TOKEN, "app_secret": "s", "verify_token": "v" });
    settings.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
    serde_json::from_value(settings).unwrap()
}

fn http() -> reqwest::Client {
    reqwest::Client::new()
}

#[test]
fn an_id_and_three_secrets_are_enough() {
    let config: WhatsAppConfig = fewest(json!({ "phone_number_id": "1" }));
    assert_eq!(
        (config.base_url.as_str(), config.api_version.as_str(), config.sharing, config.timeout_secs),
        (BASE, "v25.0", Sharing::Own, 10)
    );
    assert!(!config.direct_send && config.templates.binary.is_none() && config.list_button.is_none());
    let wanted = Capabilities {
        binary: true,
        five_star: true,
        text_max: Some(TextLimit::Utf16(1_024)),
        choices_max: 10,
        label_max: Some(TextLimit::Utf16(24)),
        free_text: true,
        reactions: true,
        edits_seen: true,
        deletions_seen: true,
        proof_of_delivery: true,
        window: WindowRule::AfterClient(DAY),
        outside_form: Some(OutsideForm::Template),
        rate: Rate { per_second: 60.0, burst: 15, per_chat_ms: 6_000, ..Rate::default() },
        ..Capabilities::default()
    };
    assert_eq!(WhatsApp::new(config, http()).unwrap().capabilities(), wanted);

    let config: MessengerConfig = fewest(json!({ "page_id": "1" }));
    let label_max = Some(TextLimit::Utf16(20));
    assert_eq!((config.buttons, config.feedback.is_none()), (Buttons::QuickReplies, true), "what Meta may take away is off");
    let rate = Rate { per_second: 40.0, burst: 10, ..Rate::default() };
    let on_messenger = Capabilities {
        text_max: Some(TextLimit::Utf16(2_000)),
        choices_max: 13,
        label_max,
        rate,
        template_window: WindowRule::AfterClient(7 * DAY),
        outside_form: Some(OutsideForm::OfPlatform),
        deletions_seen: false,
        ..wanted.clone()
    };
    assert_eq!(Messenger::new(config, http()).unwrap().capabilities(), on_messenger);

    let config: InstagramConfig = fewest(json!({ "account_id": "1" }));
    let rate = Rate { per_second: 80.0, burst: 15, ..Rate::default() };
    let on_instagram =
        Capabilities { text_max: Some(TextLimit::Bytes(999)), choices_max: 13, label_max, rate, outside_form: None, ..wanted };
    assert_eq!(Instagram::new(config, http()).unwrap().capabilities(), on_instagram);
}

#[test]
fn what_is_switched_on_is_claimed() {
    let claims = |more: Value| WhatsApp::new(whatsapp_settings(BASE, more), http()).unwrap().capabilities();
    let (stars, both): (&[Scale], &[Scale]) = (&[Scale::FiveStar], &[Scale::Binary, Scale::FiveStar]);
    assert_eq!((claims(templates()).templates, claims(json!({ "direct_send": true })).templates), (both, both));
    assert!(claims(json!({})).templates.is_empty());
    let mut stars_alone = templates();
    stars_alone["templates"].as_object_mut().unwrap().remove("binary");
    assert_eq!(claims(stars_alone).templates, stars);
    let claims = |more: Value| Messenger::new(messenger_settings(BASE, more), http()).unwrap().capabilities();
    let inside_only = claims(json!({ "feedback": { "privacy_url": "https://example.com" } }));
    assert_eq!((inside_only.native_form, inside_only.templates.len()), (stars, 0));
    assert_eq!(claims(feedback()).templates, stars, "the form asks with stars alone");
    assert_eq!(claims(json!({ "buttons": "template" })).text_max, Some(TextLimit::Utf16(640)));
}

#[test]
fn with_links_nothing_is_claimed_that_a_webhook_would_have_to_bring() {
    let bare = json!({ "sharing": "links", "app_secret": null, "verify_token": null });
    let all: [Box<dyn Channel>; 3] = [
        Box::new(WhatsApp::new(whatsapp_settings(BASE, bare.clone()), http()).unwrap()),
        Box::new(Messenger::new(messenger_settings(BASE, bare.clone()), http()).unwrap()),
        Box::new(Instagram::new(instagram_settings(BASE, bare), http()).unwrap()),
    ];
    for channel in all {
        let can = channel.capabilities();
        assert!(can.links && can.binary && can.five_star && can.choices_max == 10, "{}", channel.kind());
        assert!(!can.free_text && !can.proof_of_delivery && can.templates.is_empty() && can.native_form.is_empty(), "{}", channel.kind());
        assert_eq!(can.outside_form, None, "{}", channel.kind());
    }
}

#[test]
fn a_client_may_be_written_to_for_a_day_or_as_long_as_meta_says() {
    let channel = Messenger::new(messenger_settings(BASE, json!({})), http()).unwrap();
    let mut conversation = Conversation { address: "777".into(), ..Conversation::default() };
    assert_eq!(channel.window(&conversation, 1_000), Window::Unknown);
    conversation.last_client_message_at = Some(1_000);
    assert_eq!(channel.window(&conversation, 2_000), Window::Open { until: 1_000 + DAY });
    assert_eq!(channel.window(&conversation, 1_000 + DAY), Window::Shut { since: 1_000 + DAY });
    conversation.window_expires_at = Some(1_000 + 7 * DAY);
    assert_eq!(channel.window(&conversation, 1_000 + DAY), Window::Open { until: 1_000 + 7 * DAY });
}

#[test]
fn an_unknown_key_is_an_error() {
    for (own, tables) in [
        (json!({ "phone_number_id": "1", "phone_id": "1" }), false),
        (json!({ "phone_number_id": "1", "templates": { "stars": {} } }), true),
        (json!({ "phone_number_id": "1", "templates": { "binary": { "name": "a", "languages": ["en"], "langs": [] } } }), true),
    ] {
        let error = serde_json::from_value::<WhatsAppConfig>(all(BASE, own, json!({}))).unwrap_err().to_string();
        assert!(error.contains("unknown field"), "{error} {tables}");
    }
}

#[test]
fn a_mistake_in_what_all_have_is_named_by_its_key() {
    let cases = [
        (json!({ "access_token": "" }), "`access_token`"),
        (json!({ "access_token": "two words" }), "`access_token`"),
        (json!({ "app_secret": null }), "`app_secret`"),
        (json!({ "app_secret": "" }), "`app_secret`"),
        (json!({ "app_secret": null, "sharing": "forwarded" }), "`app_secret`"),
        (json!({ "verify_token": null }), "`verify_token`"),
        (json!({ "verify_token": "ü" }), "`verify_token`"),
        (json!({ "base_url": "graph.facebook.com" }), "`base_url`"),
        (json!({ "base_url": "ftp://graph.facebook.com" }), "`base_url`"),
        (json!({ "base_url": "https://user:pw@graph.facebook.com" }), "`base_url`"),
        (json!({ "base_url": "https://graph.facebook.com?x=1" }), "`base_url`"),
        (json!({ "api_version": "25.0" }), "`api_version`"),
        (json!({ "api_version": "v25" }), "`api_version`"),
        (json!({ "api_version": "v25.0/../.." }), "`api_version`"),
        (json!({ "per_second": 0.0 }), "`per_second`"),
        (json!({ "burst": 0 }), "`burst`"),
        (json!({ "per_chat_ms": -1 }), "`per_chat_ms`"),
        (json!({ "timeout_secs": 0 }), "`timeout_secs`"),
        (json!({ "timeout_secs": 61 }), "`timeout_secs`"),
    ];
    for (more, key) in cases {
        let errors = [
            WhatsApp::new(whatsapp_settings(BASE, more.clone()), http()).err(),
            Messenger::new(messenger_settings(BASE, more.clone()), http()).err(),
            Instagram::new(instagram_settings(BASE, more.clone()), http()).err(),
        ];
        for error in errors {
            let error = error.unwrap_or_else(|| panic!("{more} was taken"));
            assert!(error.starts_with(key) && error.ends_with('.'), "{more}: {error}");
        }
    }
}

#[test]
fn a_mistake_in_ones_own_keys_is_named_by_its_key() {
    let template = |part: Value| {
        let mut template = json!({ "name": "rate", "languages": ["en"] });
        template.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
        json!({ "templates": { "five_star": template } })
    };
    let on_whatsapp = [
        (json!({ "phone_number_id": "+15551234567" }), "`phone_number_id`"),
        (json!({ "phone_number_id": "" }), "`phone_number_id`"),
        (json!({ "business_account_id": "../1" }), "`business_account_id`"),
        (json!({ "list_button": "" }), "`list_button`"),
        (json!({ "list_button": "x".repeat(21) }), "`list_button`"),
        (template(json!({ "name": "Rate us" })), "`templates.five_star.name`"),
        (template(json!({ "languages": [] })), "`templates.five_star.languages`"),
        (template(json!({ "languages": ["pt-BR"] })), "`templates.five_star.languages`"),
        (json!({ "sharing": "links", "direct_send": true }), "`templates`"),
    ];
    for (more, key) in on_whatsapp {
        let error = whatsapp_settings(BASE, more.clone()).validate().expect_err(&more.to_string());
        assert!(error.starts_with(key) && error.ends_with('.'), "{more}: {error}");
    }
    let several = json!({ "phone_number_id": "+1", "list_button": "", "burst": 0, "per_chat_ms": -1, "templates": { "binary": { "name": "Rate us", "languages": [] } } });
    let all = whatsapp_settings(BASE, several).validate().unwrap_err();
    assert_eq!(all.lines().count(), 6, "all at once: {all}");
    let form = |part: Value| {
        let mut form = json!({ "privacy_url": "https://example.com/privacy" });
        form.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
        json!({ "feedback": form })
    };
    let on_messenger = [
        (json!({ "page_id": "my.page" }), "`page_id`"),
        (form(json!({ "privacy_url": "" })), "`feedback.privacy_url`"),
        (form(json!({ "privacy_url": "example.com" })), "`feedback.privacy_url`"),
        (form(json!({ "title": "x".repeat(66) })), "`feedback.title`"),
        (form(json!({ "title": "See https://example.com" })), "`feedback.title`"),
        (form(json!({ "subtitle": "x".repeat(81) })), "`feedback.subtitle`"),
        (form(json!({ "button_title": "x".repeat(21) })), "`feedback.button_title`"),
        (form(json!({ "placeholder": " " })), "`feedback.placeholder`"),
        (form(json!({ "expires_in_days": 8 })), "`feedback.expires_in_days`"),
        (json!({ "sharing": "links", "feedback": { "privacy_url": "https://example.com" } }), "`feedback`"),
    ];
    for (more, key) in on_messenger {
        let error = messenger_settings(BASE, more.clone()).validate().expect_err(&more.to_string());
        assert!(error.starts_with(key) && error.ends_with('.'), "{more}: {error}");
    }
    for (more, key) in [(json!({ "account_id": "shop" }), "`account_id`"), (json!({ "page_id": "" }), "`page_id`")] {
        let error = instagram_settings(BASE, more.clone()).validate().expect_err(&more.to_string());
        assert!(error.starts_with(key) && error.ends_with('.'), "{more}: {error}");
    }
}

#[test]
fn the_forms_privacy_address_is_needed() {
    let settings = all(BASE, json!({ "page_id": "1" }), json!({ "feedback": {} }));
    assert!(serde_json::from_value::<MessengerConfig>(settings).unwrap_err().to_string().contains("privacy_url"));
}
