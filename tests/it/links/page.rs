//! The page of a link, as seen by a client.

use super::in_messages::links;
use super::visitor::{after, fill_in, nonce, open, path, rating, read_and_fill_in, send, submit, world};
use crate::on_both_databases;
use crate::rig::caller::{Answer, Api};
use crate::rig::world::World;
use lastword::domain::alert::RecipientKind;
use lastword::domain::answer::rating::Scale;
use lastword::domain::line::{FollowUp, LineSettings, Resolved, Texts};
use lastword::domain::question::token::{Purpose, TokenKeys, TokenValue};
use lastword::life::Engine;
use lastword::names::RequestId;
use lastword::settings::Limits;
use lastword::time::{HOUR, MINUTE};
use proptest::prelude::*;
use serde_json::json;
use std::sync::Arc;

on_both_databases! {
    a_client_rates_explains_and_changes_their_mind => the_story;
    a_question_that_is_over_says_so_kindly => over;
    i11_what_is_not_ours_is_one_page => one_page;
    a_supervisor_acknowledges_by_link => acknowledged;
}

const SECURITY: &[(&str, &str)] = &[
    ("referrer-policy", "no-referrer"),
    ("x-robots-tag", "noindex, nofollow"),
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
];

fn is_safe(page: &Answer) {
    for (name, value) in SECURITY {
        assert_eq!(page.headers.get(*name).map(|value| value.to_str().unwrap()), Some(*value), "{name}");
    }
    assert!(!page.headers.contains_key("set-cookie"));
    assert!(!page.text.contains("<script") && !page.text.contains("style="), "nothing that the policy would have to allow");
}

fn five_stars() -> LineSettings {
    let follow_up = FollowUp { resolved: Resolved::Always, ..FollowUp::default() };
    LineSettings { scale: Scale::FiveStar, follow_up, ..LineSettings::default() }
}

/// Submits a score twice.
async fn twice(api: &Api, link: &str, score: &str) -> Answer {
    fill_in(api, link, &[("score", score)]).await;
    api.world.clock.advance(1);
    fill_in(api, link, &[("score", score)]).await
}

async fn the_story(url: String) {
    let api = world(&url, five_stars()).await;
    let (request, question) = api.world.ask("S-1").await;
    let link = path(&question, "★★★★★");
    let page = open(&api, &link).await;
    is_safe(&page);
    assert!(page.text.len() < 30_000);
    assert!(
        page.text.contains("<html lang=\"en\" dir=\"ltr\">") && page.text.contains("<h1 id=\"title\" dir=\"auto\">Please rate the quality")
    );
    assert_eq!(page.text.matches(" checked>").count(), 1);
    assert!(page.text.contains("value=\"5\" required checked"), "the score of the link is chosen: {}", page.text);

    let thanks = fill_in(&api, &link, &[("score", "2")]).await;
    is_safe(&thanks);
    assert!(thanks.text.contains("We are sorry") && thanks.text.contains("★★☆☆☆ 2/5"), "not what the link said, but what was chosen");
    for asked in ["Took too long", "Was your issue resolved?", "Tell us more", "Change my answer"] {
        assert!(thanks.text.contains(asked), "{asked} is not on\n{}", thanks.text);
    }
    assert!(api.world.client.take().is_empty(), "the page has thanked");

    let done = format!("{link}?done");
    let said = [("reason", "0"), ("reason", "2"), ("reason", "77"), ("resolved", "no"), ("comment", "  Nobody <b>called</b> back.  ")];
    let noted = fill_in(&api, &done, &said).await;
    assert!(
        noted.text.contains("Thank you for your feedback") && !noted.text.contains("called"),
        "a comment is not shown to whoever has the link"
    );
    let now = rating(&api, &request).await.unwrap();
    let kept = &now["rating_request"]["rating"];
    let reasons = json!([{ "code": "slow", "text": "Took too long" }, { "code": "unfriendly", "text": "Unfriendly" }]);
    assert_eq!((&kept["reasons"], &kept["resolved"]), (&reasons, &json!(false)));
    assert_eq!(kept["comment"], "Nobody <b>called</b> back.");

    // The link of another score offers to change it while that is possible.
    let other = path(&question, "★★★★");
    let change = open(&api, &other).await;
    assert!(change.text.contains("value=\"4\" required checked") && change.text.contains("★★☆☆☆ 2/5"), "{}", change.text);
    api.world.clock.advance(5 * MINUTE);
    assert!(open(&api, &format!("{link}?change")).await.text.contains("value=\"2\" required checked"));
    let thanks = read_and_fill_in(&api, &other, &[("score", "4")]).await;
    assert!(thanks.text.contains("★★★★☆ 4/5"));
    api.world.clock.advance(10 * MINUTE);
    // A client who has commented confirms once more.
    let waits = read_and_fill_in(&api, &link, &[("score", "2")]).await;
    assert!(waits.text.contains("press the button once more") && waits.text.contains("value=\"2\" required checked"), "{}", waits.text);
    assert!(waits.text.contains("★★★★☆ 4/5"), "{}", waits.text);
    api.world.clock.advance(1);
    // Later it may be edited twice: a lower score is held, and the page says so.
    let held = read_and_fill_in(&api, &link, &[("score", "2")]).await.text;
    assert!(held.contains("Your change to ★★☆☆☆ 2/5 takes effect on 24 September.") && held.contains("★★★★☆ 4/5"), "{held}");
    assert!(twice(&api, &link, "1").await.text.contains("Your change to ★☆☆☆☆ 1/5 takes effect"));
    // The page explains that the third edit is refused.
    let third = twice(&api, &link, "3").await;
    assert!(
        third.text.contains("You have already changed your rating twice.") && third.text.contains("1/5 takes effect"),
        "{}",
        third.text
    );
    api.world.pass(4 * 24 * 60 * MINUTE).await;
    let locked = open(&api, &link).await;
    assert!(locked.text.contains("★☆☆☆☆ 1/5"), "{}", locked.text);
    assert!(
        locked.text.contains("You have already changed your rating twice.") && !locked.text.contains("Change my answer"),
        "{}",
        locked.text
    );
    assert_eq!(rating(&api, &request).await.unwrap()["rating_request"]["rating"]["score"], 1);
}

#[tokio::test]
async fn a_form_that_says_nothing_asks_again_and_keeps_what_was_written() {
    let api = world("sqlite::memory:", LineSettings::default()).await;
    let (_, question) = api.world.ask("S-1").await;
    let link = path(&question, "👎");
    let nonce = nonce(&open(&api, &link).await);
    for score in ["", "7", "x"] {
        let again = send(&api, &link, &[("nonce", &nonce), ("score", score)]).await;
        assert!(again.status == 200 && again.text.contains("Please choose an answer first."), "{}", again.text);
    }
    fill_in(&api, &link, &[("score", "0")]).await;
    let old = send(&api, &link, &[("reason", "1"), ("comment", "a long </textarea><script> story")]).await;
    assert!(old.text.contains("Nothing has been sent yet") && old.text.contains("name=\"reason\" value=\"1\" checked"), "{}", old.text);
    assert!(old.text.contains("a long &#60;/textarea&#62;&#60;script&#62; story"), "{}", old.text);
}

async fn over(url: String) {
    let api = world(&url, LineSettings { expires_after_hours: 1, ..LineSettings::default() }).await;
    let (request, question) = api.world.ask("S-1").await;
    let link = path(&question, "👍");
    let nonce = nonce(&open(&api, &link).await);
    api.world.pass(HOUR + 1).await;
    let page = open(&api, &link).await;
    assert!(page.status == 200 && page.text.contains("This conversation can no longer be rated"), "{}", page.text);
    assert!(!page.text.contains("<button>") && !page.text.contains("<form"));
    let late = send(&api, &link, &[("nonce", &nonce), ("score", "1")]).await;
    assert!(late.status == 200 && late.text.contains("can no longer be rated"), "its page is too old by now");
    assert_eq!(rating(&api, &request).await, None);

    // In the last minute, the page was recent enough: a late answer is stored separately.
    let (late_request, question) = api.world.ask("S-2").await;
    let link = path(&question, "👍");
    api.world.clock.advance(HOUR - MINUTE);
    let nonce = super::visitor::nonce(&open(&api, &link).await);
    api.world.pass(2 * MINUTE).await;
    let sent = send(&api, &link, &[("nonce", &nonce), ("score", "1")]).await;
    assert!(open(&api, &after(&link, &sent)).await.text.contains("can no longer be rated"));
    assert_eq!(rating(&api, &late_request).await, None);
    let history = lastword::store::answer::about(&api.world.engine.db, &[RequestId::named(&late_request)]).await.unwrap();
    assert_eq!(history.iter().map(|event| event.disposition.as_str()).collect::<Vec<_>>(), ["late"]);
}

async fn one_page(url: String) {
    let api = world(&url, LineSettings::default()).await;
    let (request, question) = api.world.ask("S-1").await;
    let good = path(&question, "👍");
    let keys = &api.world.engine.keys;
    let subject = "0".repeat(22);
    let unauthenticated = TokenKeys::new(b"another key of thirty-two bytes!", None);
    let mint = |keys: &TokenKeys, purpose, subject: &str, to: &str, value| format!("/r/{}", keys.mint(purpose, subject, to, value));
    let wrong = [
        mint(keys, Purpose::Rate, &subject, "bot:chat-S-1", TokenValue::Score(1)),
        mint(keys, Purpose::Rate, &request, "bot:chat-S-2", TokenValue::Score(1)),
        mint(keys, Purpose::Rate, &request, "staff:chat-S-1", TokenValue::Score(1)),
        mint(keys, Purpose::Acknowledge, &request, "bot:chat-S-1", TokenValue::Seen),
        mint(&unauthenticated, Purpose::Rate, &request, "bot:chat-S-1", TokenValue::Score(1)),
        format!("{}x", good),
        good.replace("_1_", "_0_"),
        good.replace("r1_", "r2_"),
        "/r/nonsense".to_owned(),
        "/r/%ff%fe".to_owned(),
        "/r/%00".to_owned(),
        format!("/r/{}", "a".repeat(4_000)),
    ];
    assert_eq!(open(&api, &good).await.status, 200);
    let first = open(&api, &wrong[0]).await;
    assert_eq!((first.status, &*first.kind), (404, "text/html; charset=utf-8"));
    assert!(first.text.contains("This link does not work"));
    is_safe(&first);
    for path in &wrong {
        for answer in [open(&api, path).await, send(&api, path, &[("score", "1")]).await] {
            assert_eq!(answer.status, 404, "{path}");
            assert_eq!((&answer.text, &answer.headers), (&first.text, &first.headers), "{path}");
        }
    }
    let german = api.send("GET", &wrong[0], &[("accept-language", "de-AT".to_owned())], Vec::new()).await;
    assert!(german.text.contains("Dieser Link funktioniert nicht"));
    assert_eq!(rating(&api, &request).await, None);
}

async fn acknowledged(url: String) {
    let world = World::on(&url, links()).await;
    // The supervisor's channel shows links too.
    let api = Api::over(world).await;
    let staff = lastword_contract::Address::chat("anna");
    api.world.engine.channels.get(&"bot".into()).expect("there");
    let recipient = lastword::store::alert::recipient::Recipient {
        id: "anna".to_owned(),
        name: "Anna".to_owned(),
        kind: RecipientKind::Person,
        connection: Some("bot".into()),
        address: Some(serde_json::to_string(&staff).unwrap()),
        operator_id: Some("op-7".into()),
        language: Some("de".to_owned()),
        ..Default::default()
    };
    assert!(lastword::life::admin::change_line::save_recipient(&api.world.engine, recipient).await.unwrap());
    let (_, question) = api.world.ask("S-1").await;
    fill_in(&api, &path(&question, "👎"), &[("score", "0")]).await;
    api.world.pass(10_000).await;
    let alert = api.world.client.take().into_iter().find(|message| message.to.chat == "anna").expect("an alert");
    let link = path(&alert, "✓ Gesehen");
    let page = open(&api, &link).await;
    is_safe(&page);
    assert!(page.text.contains("<html lang=\"de\"") && page.text.contains("Als gesehen markieren</button>"), "{}", page.text);
    let alerts = async || api.get("/v1/alerts").await.json()["items"][0].clone();
    assert_eq!(send(&api, &link, &[]).await.status, 200, "nothing without the page's nonce");
    assert_eq!(alerts().await["acknowledged_at"], json!(null));
    // A program that submits every form leaves the alert's acknowledgement to the person.
    let page = open(&api, &link).await;
    let waits = submit(&api, &link, &page, &[]).await;
    assert!(waits.text.contains("um zu zeigen, dass Sie es waren"), "{}", waits.text);
    assert_eq!(alerts().await["acknowledged_at"], json!(null));
    let seen = fill_in(&api, &link, &[]).await;
    assert!(seen.text.contains("Gesehen von Anna") && !seen.text.contains("<button>"), "{}", seen.text);
    assert_eq!(alerts().await["acknowledged_by"], "Anna");
}

#[tokio::test]
async fn the_page_speaks_the_clients_language_from_their_side() {
    let arabic = Texts { question: Some("كيف كانت الخدمة؟".to_owned()), ..Texts::default() };
    let settings = LineSettings { texts: [("ar".to_owned(), arabic)].into(), ..LineSettings::default() };
    let api = world("sqlite::memory:", settings).await;
    for (session, language, expected) in [
        ("S-1", "ar-EG", ["lang=\"ar-EG\" dir=\"rtl\"", "كيف كانت الخدمة؟", "إرسال تقييمي", "جيد"]),
        ("S-2", "de", ["lang=\"de\" dir=\"ltr\"", "Bitte bewerten Sie", "Bewertung senden", "Schlecht"]),
    ] {
        let close = lastword::life::session::close_batch::Close { language: Some(language.to_owned()), ..api.world.close_of(session) };
        api.world.tell(close).await;
        api.world.pass(10_000).await;
        let question = api.world.client.take().pop().expect("the question");
        let page = open(&api, &path(&question, "👎")).await;
        for words in expected {
            assert!(page.text.contains(words), "{words} is not on\n{}", page.text);
        }
    }
}

#[tokio::test]
async fn a_flood_from_one_address_is_asked_to_wait() {
    let limits = Limits { address_per_second: 20, ..Limits::NONE };
    let api = Api::limited(World::in_memory().await, limits).await;
    for _ in 0..200 {
        assert_eq!(open(&api, "/r/nonsense").await.status, 404);
    }
    let last = open(&api, "/r/nonsense").await;
    assert_eq!((last.status, last.headers["retry-after"].to_str().unwrap()), (429, "1"));
    is_safe(&last);
    api.world.clock.advance(1_000);
    assert_eq!(open(&api, "/r/nonsense").await.status, 404, "after the wait it opens again");
}

#[tokio::test]
async fn a_page_keeps_its_style_in_a_file_of_its_own() {
    let api = world("sqlite::memory:", LineSettings::default()).await;
    let style = open(&api, "/r/page.css").await;
    assert_eq!((style.status, &*style.kind), (200, "text/css; charset=utf-8"));
    assert!(style.text.len() < 20_000 && style.text.contains("prefers-color-scheme: dark"));
    let picture = open(&api, "/r/page.svg").await;
    assert_eq!((picture.status, &*picture.kind), (200, "image/svg+xml"));
}

#[tokio::test]
async fn buttons_sent_before_a_change_of_keys_still_work() {
    let rotated = TokenKeys::new(b"new new new new new new new new!", Some(b"a key of thirty-two bytes, or so"));
    let gone = TokenKeys::new(b"new new new new new new new new!", None);
    for (keys, status) in [(rotated, 200), (gone, 404)] {
        let mut world = World::on("sqlite::memory:", links()).await;
        let (_, question) = world.ask("S-1").await;
        world.engine = Engine { keys, channels: Arc::clone(&world.engine.channels), ..world.engine.clone() };
        let api = Api::over(world).await;
        assert_eq!(open(&api, &path(&question, "👍")).await.status, status);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Any path and any form lead to a page, never a server error, and nothing is stored.
    #[test]
    fn any_path_and_any_form_get_a_page(path in "[!-~]{0,90}", token in "(r1|a1)_[0-9A-Za-z]{0,24}_[0-9a-z]{0,3}_[0-9A-Za-z]{0,16}", body in ".{0,200}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let api = world("sqlite::memory:", LineSettings::default()).await;
            let quoted: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
            for place in [format!("/r/{quoted}"), format!("/r/{token}")] {
                for method in ["GET", "HEAD", "POST"] {
                    let status = api.send(method, &place, &[], body.clone().into_bytes()).await.status;
                    prop_assert!(matches!(status, 404 | 405), "{method} {place}: {status}");
                }
            }
            Ok(())
        })?;
    }
}
