//! The public review link is shown to everyone who answered, whatever the score, or to none. It cannot be gated.

use super::visitor::{fill_in, open, path, world};
use crate::on_both_databases;
use crate::rig::caller::Api;
use crate::rig::world::{World, messenger};
use lastword::domain::answer::rating::Scale;
use lastword::domain::line::{LineSettings, Texts};
use lastword_contract::Outgoing;
use serde_json::json;

on_both_databases! {
    every_score_gets_the_same_link_in_messages => in_messages;
    every_score_gets_the_same_link_on_the_page => on_the_page;
    no_setting_gates_it => not_gated;
}

const LINK: &str = "https://reviews.example/shop?ref=chat";
const WORDS: &str = "Tell others what you think:";
const STARS: [&str; 5] = ["★", "★★", "★★★", "★★★★", "★★★★★"];

fn settings(link: Option<&str>) -> LineSettings {
    let texts = Texts { review: Some(WORDS.to_owned()), ..Texts::default() };
    let texts = [("en".to_owned(), texts)].into();
    LineSettings { scale: Scale::FiveStar, review_link: link.map(str::to_owned), texts, ..LineSettings::default() }
}

/// The part of a message about the review.
fn review_of(message: &Outgoing) -> Option<&str> {
    message.text.split_once("\n\n").map(|(_, rest)| rest).filter(|rest| rest.contains("reviews.example"))
}

async fn in_messages(url: String) {
    let world = World::on(&url, messenger()).await;
    for link in [Some(LINK), None] {
        world.line(settings(link)).await;
        for (at, score) in STARS.into_iter().enumerate() {
            let (_, question) = world.ask(&format!("S-{at}-{}", link.is_some())).await;
            assert_eq!(review_of(&question), None, "nobody has answered yet");
            world.tap(&question, score).await;
            let thanks = world.client.take().pop().expect("thanks");
            assert_eq!(review_of(&thanks), link.map(|_| format!("{WORDS}\n{LINK}")).as_deref(), "{score}: {}", thanks.text);
        }
    }
}

async fn on_the_page(url: String) {
    let api = world(&url, settings(Some(LINK))).await;
    for (at, score) in STARS.into_iter().enumerate() {
        let (_, question) = api.world.ask(&format!("S-{at}")).await;
        let link = path(&question, score);
        assert!(!open(&api, &link).await.text.contains("reviews.example"), "nobody has answered yet");
        let thanks = fill_in(&api, &link, &[("score", &(at + 1).to_string())]).await.text;
        let shown = thanks.split_once("<p class=\"text review\"").and_then(|(_, rest)| rest.split_once("</p>")).map(|(review, _)| review);
        let shown = shown.unwrap_or_else(|| panic!("{score}: no link on {thanks}"));
        assert!(shown.contains(WORDS) && shown.contains(&format!("<a href=\"{LINK}\"")), "{score}: {shown}");
    }
}

async fn not_gated(url: String) {
    let api = Api::new(&url).await;
    let version = api.get("/v1/lines/support").await.json()["version"].clone();
    for text in ["thanks_good", "thanks_neutral", "thanks_low", "resolved", "comment"] {
        let texts = json!({ "en": { text: "Tell others: https://www.reviews.example/shop" } });
        let body = json!({ "name": "Support", "version": version, "settings": { "review_link": LINK, "texts": texts } });
        let refused = api.put("/v1/lines/support", &body).await;
        assert_eq!(refused.status, 422, "{text}");
        assert!(refused.text.contains("everybody who answered or to nobody") && refused.text.contains(text), "{text}: {refused:?}");
    }
    let scored = json!({ "en": { "review": "You gave #SCORE#, tell others" } });
    let body = json!({ "name": "Support", "version": version, "settings": { "review_link": LINK, "texts": scored } });
    assert_eq!(api.put("/v1/lines/support", &body).await.status, 422, "its words know no score");
    let fine = json!({ "name": "Support", "version": version, "settings": { "review_link": LINK } });
    assert_eq!(api.put("/v1/lines/support", &fine).await.status, 200);
}
