//! Who we are, what stands in the way, and where webhooks lead.

use crate::{
    samples::{NUMBER_ID, PAGE_ID, VERIFY_TOKEN, client, feedback, instagram, messenger, templates, whatsapp, whatsapp_settings},
    stub::{Logged, Play, Stub},
};
use axum::http::Method;
use lastword_contract::{Channel, Verdict};
use lastword_meta::{WhatsApp, WhatsAppConfig};
use serde_json::{Value, json};

const HOOK: &str = "https://rate.example/hooks/shop";
const ACCOUNT: &str = "102290129340398";

async fn warnings(channel: &dyn Channel) -> Vec<String> {
    let account = channel.check().await.unwrap();
    assert!(account.warnings.iter().all(|warning| warning.ends_with('.')), "sentences: {:?}", account.warnings);
    account.warnings
}

fn posts(stub: &Stub) -> Vec<Logged> {
    stub.log().into_iter().filter(|call| call.method == Method::POST).collect()
}

#[tokio::test]
async fn a_healthy_account_is_named_and_nothing_is_in_the_way() {
    let stub = Stub::start().await;
    let url = stub.base_url();
    stub.knows(
        NUMBER_ID,
        json!({ "verified_name": "Shop", "status": "CONNECTED", "quality_rating": "GREEN",
        "webhook_configuration": { "application": HOOK } }),
    );
    let all: [(Box<dyn Channel>, &str); 4] = [
        (Box::new(whatsapp(&url, json!({}))), "Shop"),
        (Box::new(messenger(&url, json!({}))), "Shop"),
        (Box::new(instagram(&url, json!({}))), "shop"),
        (Box::new(instagram(&url, json!({ "page_id": PAGE_ID }))), "Shop"),
    ];
    for (channel, name) in all {
        let account = channel.check().await.unwrap();
        assert_eq!((account.name.as_str(), account.warnings), (name, Vec::new()), "{}", channel.kind());
    }
    assert!(posts(&stub).is_empty(), "a check changes nothing");
}

#[tokio::test]
async fn a_number_in_trouble_says_so() {
    let stub = Stub::start().await;
    let channel = whatsapp(&stub.base_url(), json!({}));
    stub.knows(NUMBER_ID, json!({ "verified_name": "Shop", "status": "FLAGGED", "quality_rating": "RED", "webhook_configuration": {} }));
    let found = warnings(&channel).await;
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].contains("FLAGGED") && found[1].contains("low") && found[2].contains("No webhook is set"), "{found:?}");
}

#[tokio::test]
async fn an_account_without_a_subscribed_app_gets_no_answers() {
    let stub = Stub::start().await;
    let channel = whatsapp(&stub.base_url(), json!({ "business_account_id": ACCOUNT }));
    assert_eq!(warnings(&channel).await, Vec::<String>::new());
    stub.knows("subscribed_apps", json!({ "data": [] }));
    assert!(warnings(&channel).await[0].contains("No app is subscribed"));
}

fn template(name: &str, language: &str, status: &str, category: &str, buttons: usize) -> Value {
    let button = json!({ "type": "QUICK_REPLY", "text": "…" });
    json!({ "name": name, "language": language, "status": status, "category": category,
        "components": [{ "type": "BODY", "text": "…" }, { "type": "BUTTONS", "buttons": vec![button; buttons] }] })
}

#[tokio::test]
async fn each_template_is_looked_at_before_a_client_sees_it() {
    let stub = Stub::start().await;
    let mut settings = templates();
    settings["business_account_id"] = json!(ACCOUNT);
    let channel = whatsapp(&stub.base_url(), settings);
    stub.knows(
        "message_templates",
        json!({ "data": [
            template("rate_support", "en", "APPROVED", "UTILITY", 2),
            template("rate_support", "de", "PAUSED", "UTILITY", 2),
            template("rate_support_stars", "en", "APPROVED", "MARKETING", 5),
            template("rate_support_stars_old", "en", "REJECTED", "UTILITY", 0),
        ] }),
    );
    let found = warnings(&channel).await;
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].contains("rate_support in de is PAUSED"), "{found:?}");
    assert!(found[1].contains("rate_support in pt_BR does not exist"), "{found:?}");
    assert!(found[2].contains("rate_support_stars in en is a MARKETING template"), "{found:?}");
    stub.knows("message_templates", json!({ "data": [template("rate_support", "en", "APPROVED", "UTILITY", 3)] }));
    assert!(warnings(&channel).await[0].contains("has 3 quick-reply buttons, and this scale needs 2"));
    assert!(stub.log().iter().all(|call| !call.path.ends_with("/messages")));
}

#[tokio::test]
async fn templates_that_cannot_be_looked_at_are_said() {
    let stub = Stub::start().await;
    assert!(warnings(&whatsapp(&stub.base_url(), templates())).await[0].contains("`business_account_id` is not set"));
}

#[tokio::test]
async fn a_page_without_the_right_subscriptions_says_which() {
    let stub = Stub::start().await;
    let url = stub.base_url();
    stub.knows(
        "subscribed_apps",
        json!({ "data": [{ "id": "1", "subscribed_fields": ["feed", { "name": "messages", "version": "v25.0" }] }] }),
    );
    let found = warnings(&messenger(&url, feedback())).await;
    assert!(found[0].contains("messaging_postbacks, message_echoes, messaging_feedback"), "{found:?}");
    let found = warnings(&instagram(&url, json!({}))).await;
    assert!(found[0].contains("not subscribed to messaging_postbacks:"), "{found:?}");
    assert_eq!(warnings(&messenger(&url, json!({ "sharing": "links" }))).await, Vec::<String>::new(), "links need no webhook");
}

#[tokio::test]
async fn a_refused_check_is_an_error() {
    let stub = Stub::start().await;
    stub.play(Play::refusal(400, 190, None, "Invalid OAuth access token"));
    for channel in [&whatsapp(&stub.base_url(), json!({})) as &dyn Channel, &messenger(&stub.base_url(), json!({}))] {
        assert_eq!(channel.check().await.unwrap_err().verdict, Verdict::ConnectionBroken);
    }
}

#[tokio::test]
async fn a_numbers_webhook_is_pointed_at_us_once_and_its_move_is_noticed() {
    let stub = Stub::start().await;
    let channel = whatsapp(&stub.base_url(), json!({ "business_account_id": ACCOUNT }));
    channel.register_hook(HOOK).await.unwrap();
    let made = posts(&stub);
    assert_eq!(made.len(), 2);
    assert_eq!(made[0].path, format!("/v25.0/{ACCOUNT}/subscribed_apps"));
    assert_eq!(made[1].path, format!("/v25.0/{NUMBER_ID}"));
    assert_eq!(made[1].body, json!({ "webhook_configuration": { "override_callback_uri": HOOK, "verify_token": VERIFY_TOKEN } }));

    stub.knows(
        NUMBER_ID,
        json!({ "verified_name": "Shop", "webhook_configuration": { "phone_number": HOOK, "application": "https://x" } }),
    );
    channel.register_hook(HOOK).await.unwrap();
    assert_eq!(posts(&stub).len(), 2, "it is set already");
    assert_eq!(warnings(&channel).await, Vec::<String>::new());

    stub.knows(NUMBER_ID, json!({ "verified_name": "Shop", "webhook_configuration": { "phone_number": "https://desk.example/secret/7" } }));
    let found = warnings(&channel).await;
    assert!(found[0].contains("moved") && found[0].contains("desk.example") && !found[0].contains("secret"), "{found:?}");
}

#[tokio::test]
async fn a_desks_webhook_is_never_taken_away() {
    let stub = Stub::start().await;
    for place in ["phone_number", "whatsapp_business_account", "application"] {
        stub.knows(NUMBER_ID, json!({ "webhook_configuration": { place: "https://desk.example/secret/7" } }));
        let error = whatsapp(&stub.base_url(), json!({})).register_hook(HOOK).await.unwrap_err();
        assert_eq!((error.kind, error.verdict), ("webhook_taken", Verdict::Refused));
        assert!(error.detail.contains("desk.example") && error.detail.contains("forwarded") && !error.detail.contains("secret"));
    }
    assert!(posts(&stub).is_empty());
}

#[tokio::test]
async fn a_desk_behind_us_lends_its_number() {
    let stub = Stub::start().await;
    let lent = || {
        let config = WhatsAppConfig { passes_on: true, ..whatsapp_settings(&stub.base_url(), json!({})) };
        WhatsApp::new(config, client()).unwrap()
    };
    stub.knows(NUMBER_ID, json!({ "webhook_configuration": { "application": "https://desk.example/hook" } }));
    lent().register_hook(HOOK).await.unwrap();
    assert_eq!(posts(&stub)[0].body["webhook_configuration"]["override_callback_uri"], HOOK);
    stub.knows(NUMBER_ID, json!({ "webhook_configuration": { "phone_number": "https://third.example/hook" } }));
    assert_eq!(lent().register_hook(HOOK).await.unwrap_err().kind, "webhook_taken", "somebody else took it before");
}

#[tokio::test]
async fn a_page_is_subscribed_on_top_of_what_it_has() {
    let stub = Stub::start().await;
    stub.knows("subscribed_apps", json!({ "data": [{ "id": "1", "subscribed_fields": ["feed", "messages"] }] }));
    let channel = messenger(&stub.base_url(), json!({}));
    channel.register_hook(HOOK).await.unwrap();
    let made = posts(&stub);
    assert_eq!((made.len(), made[0].path.as_str()), (1, format!("/v25.0/{PAGE_ID}/subscribed_apps").as_str()));
    let fields: Vec<&str> = made[0].body["subscribed_fields"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for field in [
        "feed",
        "messages",
        "messaging_postbacks",
        "messaging_feedback",
        "message_echoes",
        "message_reads",
        "message_deliveries",
        "message_reactions",
        "message_edits",
        "messaging_policy_enforcement",
    ] {
        assert!(fields.contains(&field), "{field} is not among {fields:?}");
    }
    stub.knows("subscribed_apps", json!({ "data": [{ "subscribed_fields": fields }] }));
    channel.register_hook(HOOK).await.unwrap();
    assert_eq!(posts(&stub).len(), 1, "nothing is missing");
}

#[tokio::test]
async fn an_instagram_account_is_subscribed_to_reactions_and_edits() {
    let stub = Stub::start().await;
    stub.knows("subscribed_apps", json!({ "data": [] }));
    instagram(&stub.base_url(), json!({})).register_hook(HOOK).await.unwrap();
    let wanted = ["messages", "messaging_postbacks", "messaging_seen", "message_reactions", "message_edit", "messaging_referral"];
    assert_eq!(posts(&stub)[0].body, json!({ "subscribed_fields": wanted }));
}

#[tokio::test]
async fn where_meta_refuses_a_field_the_needed_ones_are_subscribed() {
    let stub = Stub::start().await;
    stub.knows("subscribed_apps", json!({ "data": [{ "id": "1", "subscribed_fields": ["feed", "messages"] }] }));
    stub.play_once(Play::refusal(400, 100, None, "(#100) Param subscribed_fields[5] must be one of {FEED, MENTION, …}"));
    let channel = messenger(&stub.base_url(), json!({}));
    channel.register_hook(HOOK).await.unwrap();
    let made = posts(&stub);
    assert_eq!(made.len(), 2);
    assert_eq!(made[1].body, json!({ "subscribed_fields": ["feed", "messages", "messaging_postbacks", "message_echoes"] }));
    // Any other refusal is told.
    stub.play_once(Play::refusal(400, 190, None, "Invalid OAuth access token"));
    assert_eq!(channel.register_hook(HOOK).await.unwrap_err().verdict, Verdict::ConnectionBroken);
}

#[tokio::test]
async fn nothing_is_registered_that_meta_would_refuse_or_that_is_not_ours() {
    let stub = Stub::start().await;
    let url = stub.base_url();
    for address in ["http://rate.example/hooks/shop".to_owned(), "nonsense".to_owned(), format!("https://rate.example/{}", "x".repeat(200))]
    {
        assert_eq!(whatsapp(&url, json!({})).register_hook(&address).await.unwrap_err().kind, "bad_hook_url");
        assert_eq!(messenger(&url, json!({})).register_hook(&address).await.unwrap_err().kind, "bad_hook_url");
    }
    for sharing in ["forwarded", "links"] {
        whatsapp(&url, json!({ "sharing": sharing })).register_hook(HOOK).await.unwrap();
        messenger(&url, json!({ "sharing": sharing })).register_hook(HOOK).await.unwrap();
        instagram(&url, json!({ "sharing": sharing })).register_hook(HOOK).await.unwrap();
    }
    assert!(stub.log().is_empty(), "the webhook is the desk's");
}
