//! What leaves us, as JSON in files: `tests/golden/<name>.json` is the body that Meta's documentation asks for.

use crate::{
    samples::{
        ACCOUNT_ID, CLIENT, CLIENT_ID, NUMBER_ID, PAGE_ID, PSID, TOKEN, feedback, instagram, linked, messenger, question, templates, text,
        thanks, whatsapp,
    },
    stub::Stub,
};
use lastword_contract::{Address, Channel, CommentBox, Outgoing, Scale};
use serde_json::{Value, json};
use std::path::Path;

/// Fails unless `outgoing` leaves `channel` once, to `path`, as the file `name` has it.
async fn golden(stub: &Stub, channel: &dyn Channel, path: &str, outgoing: &Outgoing, name: &str) {
    channel.send(outgoing).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    let sends = stub.sends();
    assert_eq!(sends.len(), 1, "{name}");
    assert_eq!(sends[0].path, path, "{name}");
    assert_eq!((sends[0].authorization.as_str(), sends[0].query.as_str()), (format!("Bearer {TOKEN}").as_str(), ""), "{name}");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.json"));
    let wanted: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{name}: {error}"))).unwrap();
    assert_eq!(sends[0].body, wanted, "{name}: left {:#}", sends[0].body);
}

async fn on_whatsapp(more: Value, outgoing: Outgoing, name: &str) {
    let stub = Stub::start().await;
    let channel = whatsapp(&stub.base_url(), more);
    golden(&stub, &channel, &format!("/v25.0/{NUMBER_ID}/messages"), &outgoing, &format!("whatsapp_{name}")).await;
}

async fn on_messenger(more: Value, outgoing: Outgoing, name: &str) {
    let stub = Stub::start().await;
    let channel = messenger(&stub.base_url(), more);
    golden(&stub, &channel, &format!("/v25.0/{PAGE_ID}/messages"), &outgoing, &format!("messenger_{name}")).await;
}

async fn on_instagram(more: Value, outgoing: Outgoing, name: &str) {
    let stub = Stub::start().await;
    let channel = instagram(&stub.base_url(), more);
    golden(&stub, &channel, &format!("/v25.0/{ACCOUNT_ID}/messages"), &outgoing, &format!("instagram_{name}")).await;
}

fn outside(outgoing: Outgoing) -> Outgoing {
    Outgoing { outside_window: true, ..outgoing }
}

fn in_language(language: &str, outgoing: Outgoing) -> Outgoing {
    Outgoing { language: language.into(), ..outgoing }
}

fn commented(outgoing: Outgoing) -> Outgoing {
    let comment = CommentBox { label: "Write to tell us more.".into(), token: "r1_tok_t".into(), max_chars: 2_000 };
    Outgoing { comment: Some(comment), ..outgoing }
}

const HINT: &str = "Or reply with a number from 1 (bad) to 5 (excellent).";

fn hinted(outgoing: Outgoing) -> Outgoing {
    Outgoing { hint: Some(HINT.into()), ..outgoing }
}

fn with_form(outgoing: Outgoing) -> Outgoing {
    Outgoing { form: Some("r1_tok_f".into()), ..outgoing }
}

#[tokio::test]
async fn whatsapp_asks_with_reply_buttons_or_a_list() {
    on_whatsapp(json!({}), question(CLIENT, Scale::Binary), "binary").await;
    on_whatsapp(json!({}), question(CLIENT, Scale::FiveStar), "five_star").await;
    // What shows everywhere needs no words on typing.
    on_whatsapp(json!({}), hinted(question(CLIENT, Scale::Binary)), "binary").await;
    on_whatsapp(json!({}), in_language("ru", question(CLIENT, Scale::FiveStar)), "five_star_russian").await;
    on_whatsapp(json!({ "list_button": "Stars" }), question(CLIENT, Scale::FiveStar), "five_star_own_button").await;
}

#[tokio::test]
async fn whatsapp_thanks_in_a_new_message_and_asks_on() {
    on_whatsapp(json!({}), text(CLIENT, "Thank you!"), "text").await;
    on_whatsapp(json!({}), commented(thanks(CLIENT)), "thanks").await;
    // Nothing can be edited, so what would be replaced stays.
    let replacing = Outgoing { replaces: Some("wamid.1".into()), ..text(CLIENT, "Thank you!") };
    on_whatsapp(json!({}), replacing, "text").await;
}

#[tokio::test]
async fn whatsapp_asks_outside_the_window_with_templates_that_carry_the_tokens() {
    on_whatsapp(templates(), outside(question(CLIENT, Scale::Binary)), "binary_template").await;
    on_whatsapp(templates(), outside(question(CLIENT, Scale::FiveStar)), "five_star_template").await;
    // Inside the window a template is not needed.
    on_whatsapp(templates(), question(CLIENT, Scale::Binary), "binary").await;
}

#[tokio::test]
async fn a_template_goes_out_in_the_nearest_language() {
    for (wanted, sent) in [("en", "en"), ("en-GB", "en"), ("de-AT", "de"), ("pt-BR", "pt_BR"), ("pt", "pt_BR"), ("fi", "en"), ("", "en")] {
        let stub = Stub::start().await;
        let outgoing = outside(in_language(wanted, question(CLIENT, Scale::Binary)));
        whatsapp(&stub.base_url(), templates()).send(&outgoing).await.unwrap();
        assert_eq!(stub.sends()[0].body["template"]["language"]["code"], sent, "for {wanted:?}");
    }
}

#[tokio::test]
async fn whatsapp_asks_by_direct_send_where_it_is_switched_on_and_there_is_no_template() {
    let on = json!({ "direct_send": true });
    on_whatsapp(on.clone(), outside(question(CLIENT, Scale::Binary)), "binary_direct").await;
    on_whatsapp(on, hinted(outside(question(CLIENT, Scale::FiveStar))), "five_star_direct").await;
    let both = json!({ "direct_send": true, "templates": templates()["templates"] });
    on_whatsapp(both, outside(question(CLIENT, Scale::Binary)), "binary_template").await;
}

#[tokio::test]
async fn whatsapp_writes_to_a_business_scoped_id() {
    let to = Address { chat: CLIENT_ID.into(), user: Some(CLIENT_ID.into()), via: None };
    on_whatsapp(json!({}), Outgoing { to, ..question(CLIENT, Scale::Binary) }, "binary_scoped_id").await;
}

#[tokio::test]
async fn all_three_show_links_where_they_receive_nothing() {
    let links = json!({ "sharing": "links", "app_secret": null, "verify_token": null });
    on_whatsapp(links.clone(), linked(question(CLIENT, Scale::FiveStar)), "five_star_links").await;
    on_messenger(links.clone(), linked(question(PSID, Scale::Binary)), "binary_links").await;
    on_instagram(links, linked(question(PSID, Scale::Binary)), "binary_links").await;
}

#[tokio::test]
async fn messenger_asks_with_quick_replies() {
    on_messenger(json!({}), question(PSID, Scale::Binary), "binary").await;
    on_messenger(json!({}), question(PSID, Scale::FiveStar), "five_star").await;
    on_messenger(json!({}), commented(thanks(PSID)), "thanks").await;
    on_messenger(json!({}), text(PSID, "Thank you!"), "text").await;
}

#[tokio::test]
async fn messenger_asks_with_buttons_that_stay_where_they_are_switched_on() {
    let on = json!({ "buttons": "template" });
    on_messenger(on.clone(), question(PSID, Scale::Binary), "binary_buttons").await;
    // A template takes three buttons, so stars stay quick replies.
    on_messenger(on, question(PSID, Scale::FiveStar), "five_star").await;
}

#[tokio::test]
async fn messenger_asks_for_stars_with_its_own_form_where_it_is_switched_on() {
    on_messenger(feedback(), with_form(question(PSID, Scale::FiveStar)), "five_star_form").await;
    on_messenger(feedback(), outside(with_form(question(PSID, Scale::FiveStar))), "five_star_form_outside").await;
    let own = json!({ "feedback": { "privacy_url": "https://example.com/privacy", "title": "Rate your chat with us",
        "subtitle": "One question", "button_title": "Rate us", "placeholder": "Give additional feedback", "expires_in_days": 7 } });
    on_messenger(own, with_form(question(PSID, Scale::FiveStar)), "five_star_form_own_words").await;
    // There is no form for 👍/👎, none without our token, and none that takes an address.
    on_messenger(feedback(), with_form(question(PSID, Scale::Binary)), "binary").await;
    on_messenger(feedback(), question(PSID, Scale::FiveStar), "five_star").await;
}

#[tokio::test]
async fn instagram_asks_with_quick_replies_and_always_with_a_numbered_text() {
    on_instagram(json!({}), question(PSID, Scale::Binary), "binary").await;
    on_instagram(json!({}), hinted(question(PSID, Scale::FiveStar)), "five_star").await;
    on_instagram(json!({}), question(PSID, Scale::FiveStar), "five_star_without_words").await;
    on_instagram(json!({}), commented(thanks(PSID)), "thanks").await;
}

#[tokio::test]
async fn instagram_through_a_page_is_sent_by_the_page() {
    let stub = Stub::start().await;
    let channel = instagram(&stub.base_url(), json!({ "page_id": PAGE_ID }));
    golden(&stub, &channel, &format!("/v25.0/{PAGE_ID}/messages"), &question(PSID, Scale::Binary), "instagram_binary").await;
}

#[tokio::test]
async fn base_url_and_version_are_settings() {
    let stub = Stub::start().await;
    let more = json!({ "base_url": format!("{}/meta/", stub.base_url()), "api_version": "v26.0" });
    whatsapp(&stub.base_url(), more).send(&text(CLIENT, "Hello.")).await.unwrap();
    assert_eq!(stub.sends()[0].path, format!("/meta/v26.0/{NUMBER_ID}/messages"));
}
