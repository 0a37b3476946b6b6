//! Programs that open links, such as mail scanners and messenger previews, cast no vote.

use super::visitor::{browse, fill_in, nonce, open, path, paths, rating, send, world};
use crate::on_both_databases;
use crate::rig::caller::Api;
use lastword::domain::answer::rating::Scale;
use lastword::domain::answer::scanner::READ_MIN;
use lastword::domain::line::LineSettings;
use lastword::domain::question::token::NONCE_LIFE;
use lastword::domain::report::calendar::Day;
use lastword::domain::report::period::Period;
use lastword::life::report::recount::recount;
use lastword::life::report::summary;
use lastword::names::RequestId;
use lastword::store::answer;
use lastword::store::answer::held;
use lastword::store::question::rating_request;
use lastword::store::question::rating_request::expiry::overdue;
use lastword::store::report::Closes;
use lastword_contract::{Outgoing, Purpose};
use serde_json::json;

on_both_databases! {
    /// GET, HEAD and POST without a page's nonce record nothing.
    i11_a_mail_scanner_that_opens_every_link_casts_no_vote => no_vote;
    i11_the_same_page_sent_twice_is_one_event => twice;
    what_looks_like_a_program_is_kept_and_shown => signals;
    what_a_program_sends_within_seconds_waits_for_a_persons_tap => waits_for_a_tap;
    a_program_that_comes_again_confirms_nothing => held_again;
}

async fn no_vote(url: String) {
    let api = world(&url, LineSettings { scale: Scale::FiveStar, ..LineSettings::default() }).await;
    let (request, question) = api.world.ask("S-1").await;
    let paths = paths(&question);
    assert_eq!(paths.len(), 5);
    let foreign = nonce(&open(&api, &paths[0]).await);
    for path in &paths {
        let page = open(&api, path).await;
        assert_eq!((page.status, &*page.kind), (200, "text/html; charset=utf-8"));
        let head = api.send("HEAD", path, &[], Vec::new()).await;
        assert_eq!((head.status, &*head.text), (200, ""));
        let spoiled = format!("{}x", nonce(&page));
        let nonces: [Vec<(&str, &str)>; 4] =
            [vec![], vec![("nonce", "")], vec![("nonce", &spoiled)], vec![("nonce", if path == &paths[0] { "1_a_b" } else { &foreign })]];
        for mut form in nonces {
            form.push(("score", "5"));
            let shown = send(&api, path, &form).await;
            assert_eq!(shown.status, 200, "the page comes again, with its button");
            assert!(shown.text.contains("Nothing has been sent yet") && shown.text.contains("<button>"), "{}", shown.text);
        }
        for body in ["{\"score\":5}", "\0\u{ff}", ""] {
            assert_eq!(api.send("POST", path, &[], body.as_bytes().to_vec()).await.status, 200);
        }
    }
    // A page that was open for too long must be submitted again.
    let old = nonce(&open(&api, &paths[0]).await);
    api.world.clock.advance(NONCE_LIFE + 1);
    let shown = send(&api, &paths[0], &[("nonce", &old), ("score", "2")]).await;
    assert!(shown.text.contains("Nothing has been sent yet"));
    assert!(shown.text.contains("value=\"2\" required checked"), "what was chosen stays chosen: {}", shown.text);

    assert_eq!(rating(&api, &request).await, None);
    assert!(answer::about(&api.world.engine.db, &[RequestId::named(&request)]).await.unwrap().is_empty(), "not even in the history");
    assert_eq!(api.get(&format!("/v1/rating-requests/{request}")).await.json()["outcome"], json!(null));
    // The client can still answer.
    let page = fill_in(&api, &paths[4], &[("score", "1")]).await;
    assert!(page.text.contains("We are sorry"), "{}", page.text);
    assert_eq!(rating(&api, &request).await.unwrap()["rating_request"]["rating"]["score"], 1);
}

async fn twice(url: String) {
    let api = world(&url, LineSettings::default()).await;
    let (request, question) = api.world.ask("S-1").await;
    let path = path(&question, "👍");
    let nonce = nonce(&browse(&api, &path).await);
    let form = [("nonce", &*nonce), ("score", "1")];
    for _ in 0..3 {
        assert_eq!(send(&api, &path, &form).await.status, 303);
        api.world.clock.advance(1_000);
    }
    let rating = rating(&api, &request).await.unwrap();
    assert_eq!((rating["answers"].as_array().unwrap().len(), &rating["rating_request"]["rating"]["revision"]), (1, &json!(1)));
    assert_eq!(rating["rating_request"]["outcome"], "answered");
}

/// A scanner that follows every link and immediately submits the form of each page.
async fn scan(api: &Api, question: &Outgoing) {
    for (place, path) in paths(question).iter().enumerate() {
        // Best score first, as in the message.
        fill_in(api, path, &[("score", &(5 - place).to_string())]).await;
        api.world.clock.advance(60);
        api.world.work().await;
    }
}

async fn counted(api: &Api) -> (i64, i64, i64) {
    let period = Period { from: Day::parse("2026-09-01").unwrap(), until: Day::parse("2027-09-01").unwrap() };
    let report = summary(&api.world.engine.db, &Closes::of(period)).await.unwrap().report;
    (report.funnel.asked, report.funnel.answered, report.score.raw.bad)
}

async fn waits_for_a_tap(url: String) {
    let api = world(&url, LineSettings { scale: Scale::FiveStar, ..LineSettings::default() }).await;
    let (request, question) = api.world.ask("S-1").await;
    api.world.staff.take();
    scan(&api, &question).await;
    api.world.pass(60_000).await;
    assert_eq!(rating(&api, &request).await, None, "no vote");
    assert_eq!(api.world.staff.take(), Vec::new(), "no alert, and no program was told");
    assert_eq!((counted(&api).await, recount(&api.world.engine.db, api.world.now(), |_| {}).await.unwrap().wrong), ((1, 0, 0), 0));
    let alerts = api.get("/v1/alerts").await.json();
    assert!(alerts["items"].as_array().unwrap().iter().all(|alert| alert["state"] == "canceled"), "{alerts}");
    let story = api.get("/v1/sessions/S-1").await.text;
    assert!(story.contains("They are on hold, and none counts until the client taps once more"), "{story}");
    assert_eq!(api.get(&format!("/v1/rating-requests/{request}")).await.json()["outcome"], json!(null));
    // The person comes later, and the page explains why it asks.
    let page = open(&api, &paths(&question)[3]).await;
    assert!(page.text.contains("None of them counts yet: please choose yours again."), "{}", page.text);
    let thanks = fill_in(&api, &paths(&question)[3], &[("score", "2")]).await;
    assert!(thanks.text.contains("We are sorry"), "{}", thanks.text);
    assert_eq!(rating(&api, &request).await.unwrap()["rating_request"]["rating"]["score"], 2);
    api.world.pass(60_000).await;
    let alarmed = api.world.staff.take().into_iter().filter(|message| message.purpose == Purpose::Alert).count();
    assert_eq!((alarmed, counted(&api).await), (1, (1, 1, 1)));
    assert_eq!(recount(&api.world.engine.db, api.world.now(), |_| {}).await.unwrap().wrong, 0);
}

async fn held_again(url: String) {
    let api = world(&url, LineSettings { scale: Scale::FiveStar, ..LineSettings::default() }).await;
    let (request, question) = api.world.ask("S-1").await;
    api.world.staff.take();
    for _ in 0..2 {
        scan(&api, &question).await;
        api.world.pass(60_000).await;
        assert_eq!(rating(&api, &request).await, None);
        assert_eq!(api.world.staff.take(), Vec::new());
    }
    // A question that is not confirmed by a person ends like any other.
    api.world.pass(80 * 3_600_000).await;
    assert_eq!(api.get(&format!("/v1/rating-requests/{request}")).await.json()["outcome"], "expired");
}

/// The question expires at the very moment when its score is held: the expiry leaves it to the other transaction.
#[tokio::test]
async fn a_question_whose_score_is_held_as_its_time_comes_still_expires() {
    let api = world(&crate::rig::postgres::database().await, LineSettings::default()).await;
    let (request, question) = api.world.ask("S-1").await;
    fill_in(&api, &path(&question, "👍"), &[("score", "1")]).await;
    let db = &api.world.engine.db;
    let answered = rating_request::load(db, &[RequestId::named(&request)]).await.unwrap();
    let now = answered[0].expires_at.unwrap() + 1;
    let over = async || {
        let mut tx = db.begin().await.unwrap();
        let (taken, open) = overdue(&mut tx, now, 10).await.unwrap();
        tx.commit().await.unwrap();
        (taken.len(), open.len())
    };
    let mut holding = db.begin().await.unwrap();
    held::hold(&mut holding, &answered, &[], now).await.unwrap();
    assert_eq!(over().await, (0, 0), "another transaction is at it");
    holding.commit().await.unwrap();
    assert_eq!(over().await, (1, 1), "now it is open, and over");
}

async fn signals(url: String) {
    let api = world(&url, LineSettings::default()).await;
    let signals = async |request: &str| rating(&api, request).await.unwrap()["signals"].clone();

    let (calm, question) = api.world.ask("S-1").await;
    api.world.clock.advance(READ_MIN);
    fill_in(&api, &path(&question, "👎"), &[("score", "0")]).await;
    api.world.clock.advance(60_000);
    fill_in(&api, &path(&question, "👍"), &[("score", "1")]).await;
    assert_eq!(signals(&calm).await, json!([]), "a person changes their mind");

    let (soon, question) = api.world.ask("S-2").await;
    api.world.clock.advance(READ_MIN - 1);
    fill_in(&api, &path(&question, "👍"), &[("score", "1")]).await;
    assert_eq!(signals(&soon).await, json!(["too_soon"]));

    // A program that runs scripts and submits every form it finds.
    let (every, question) = api.world.ask("S-3").await;
    api.world.clock.advance(READ_MIN);
    for (label, score) in [("👍", "1"), ("👎", "0")] {
        fill_in(&api, &path(&question, label), &[("score", score)]).await;
        api.world.clock.advance(400);
    }
    assert_eq!(signals(&every).await, json!(["every_score"]));
    let story = api.get("/v1/sessions/S-3").await.text;
    assert!(story.contains("The answer through the link may be automated: every score was sent within seconds"), "{story}");
}
