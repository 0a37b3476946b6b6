//! `GET /v1/reports/…`: figures with their rule and interval, and clear errors for invalid queries.

use crate::on_both_databases;
use crate::rig::caller::Api;
use lastword::domain::answer::rating::Scale;
use lastword::domain::answer::reason::Reason;
use lastword::domain::line::tag_rule::TagRule;
use lastword::domain::line::{LineSettings, Texts};
use lastword_contract::InboundKind;
use serde_json::{Value, json};

on_both_databases! {
    a_report_says_what_its_numbers_mean => meaning;
    a_question_that_makes_no_sense_is_answered_clearly => nonsense;
    a_target_is_reached_missed_or_cannot_be_told_yet => target;
    reasons_are_counted_and_lead_to_their_ratings => reasons;
}

/// Closes sessions, and taps these labels, one each; `-` means no tap.
async fn rate(api: &Api, prefix: &str, labels: &[&str]) {
    for (place, label) in labels.iter().enumerate() {
        let (_, question) = api.world.ask(&format!("{prefix}-{place}")).await;
        if *label != "-" {
            api.world.tap(&question, label).await;
            api.world.client.take();
        }
    }
}

fn items(answer: &Value, name: &str) -> Vec<Value> {
    answer[name].as_array().unwrap_or_else(|| panic!("no {name} in {answer}")).clone()
}

async fn meaning(url: String) {
    let api = Api::new(&url).await;
    rate(&api, "T", &["👍", "👍", "👎", "-"]).await;
    api.world.line(LineSettings { scale: Scale::FiveStar, low_max: Some(3), ..LineSettings::default() }).await;
    rate(&api, "S", &["★★★★★", "★★★"]).await;

    let summary = api.get("/v1/reports/summary").await.json();
    let report = &summary["report"];
    assert_eq!(summary["days"]["until"], "2026-09-21", "today is the last day: {summary}");
    assert_eq!(
        report["funnel"],
        json!({
            "closed": 6, "not_asked": 0, "canceled": 0, "asked": 6, "delivered": 6, "answered": 5, "open": 1, "delivered_open": 1, "delivered_runs": 6, "answered_runs": 5,
            "expired": 0, "unreachable": 0, "unsure": 0, "late": 0,
        })
    );
    assert_eq!((&report["response"]["part"], &report["response"]["of"]), (&json!(0), &json!(0)), "one can still answer");
    let score = &report["score"];
    assert_eq!((&score["raw"]["good"], &score["raw"]["neutral"], &score["raw"]["bad"]), (&json!(3), &json!(0), &json!(2)));
    assert_eq!((&score["few"], &score["with_the_silent"]), (&json!(true), &json!({ "low": 50.0, "high": 400.0 / 6.0 })));
    let rules = items(&summary, "rules");
    assert_eq!(rules[0], json!({ "scale": "binary", "good": [1], "neutral": [], "bad": [0], "lines": ["support"] }));
    assert_eq!(rules[1], json!({ "scale": "five_star", "good": [4, 5], "neutral": [], "bad": [1, 2, 3], "lines": ["support"] }));
    let stars = &report["scales"][1];
    assert_eq!(
        (&stars["scale"], &stars["average"]["mean"], &stars["distribution"][2]["count"]),
        (&json!("five_star"), &json!(4.0), &json!(1))
    );

    let operators = api.get("/v1/reports/operators?scale=binary").await.json();
    assert_eq!((&operators["items"][0]["id"], &operators["items"][0]["name"]), (&json!("op-7"), &json!("Olga")));
    assert_eq!(operators["items"][0]["report"]["funnel"]["closed"], 4);
    let compared = &operators["items"][0]["compared"];
    assert_eq!((&compared["clients"], &compared["ratings"], &compared["compared"]), (&json!(3), &json!(3), &json!(0)), "{compared}");
    assert_eq!((&compared["verdict"], &compared["places"]), (&json!("cannot_tell"), &json!({ "from": 1, "to": 1, "of": 1 })));
    assert_eq!(operators["counted"], json!({ "clients": 3, "ratings": 3, "scales": ["binary"], "definition_changed": false }));
    let lines = api.get("/v1/reports/lines").await.json();
    assert_eq!((&lines["items"][0]["name"], &lines["items"][0]["report"]["funnel"]["closed"]), (&json!("Support"), &json!(6)));
    assert_eq!(api.get("/v1/reports/channels?channel=telegram").await.json()["items"], json!([]));
    let days = api.get("/v1/reports/trend?from=2026-09-19&until=2026-09-21&step=day").await.json();
    let closed: Vec<Value> = items(&days, "points").iter().map(|point| point["report"]["funnel"]["closed"].clone()).collect();
    assert_eq!(closed, [json!(0), json!(0), json!(6)]);
    assert_eq!(items(&days, "points")[2]["until"], "2026-09-21");
    assert_eq!((&days["rolling_days"], &days["points"][2]["rolling"]), (&json!(null), &json!(null)), "four ratings are one figure");
    let heat = api.get("/v1/reports/heat").await.json();
    assert_eq!((&heat["hours"][0]["weekday"], &heat["hours"][0]["hour"], &heat["hours"][0]["closes"]), (&json!(1), &json!(14), &json!(6)));
    let funnel = api.get("/v1/reports/funnel?operator=nobody").await.json();
    assert_eq!((&funnel["funnel"]["closed"], &funnel["answered"]["percent"]), (&json!(0), &json!(null)));
    let before = api.get("/v1/reports/summary?from=2026-09-22&until=2026-09-22").await.json();
    assert_eq!((&before["previous"]["days"]["from"], &before["previous"]["report"]["funnel"]["closed"]), (&json!("2026-09-21"), &json!(6)));
}

async fn target(url: String) {
    let api = Api::new(&url).await;
    rate(&api, "T", &["👍", "👍", "👎", "👎"]).await;
    assert_eq!(api.get("/v1/reports/lines").await.json()["items"][0]["target"], json!(null), "no target, no verdict");
    api.world.line(LineSettings { target_percent: Some(99), ..LineSettings::default() }).await;
    assert_eq!(api.get("/v1/reports/lines").await.json()["items"][0]["target"]["low"], json!(null), "no question is over");
    api.world.pass(73 * 3_600_000).await;
    for (percent, verdict) in [(90, "cannot_tell"), (1, "reached"), (99, "missed")] {
        api.world.line(LineSettings { target_percent: Some(percent), ..LineSettings::default() }).await;
        let target = api.get("/v1/reports/lines").await.json()["items"][0]["target"].clone();
        assert_eq!((&target["percent"], &target["verdict"]), (&json!(percent), &json!(verdict)), "{target}");
        let (low, high, wanted) = (target["low"].as_f64().unwrap(), target["high"].as_f64().unwrap(), f64::from(percent));
        assert_eq!(
            (low < wanted && wanted < high, target["clients_needed"].is_i64()),
            (verdict == "cannot_tell", verdict == "cannot_tell")
        );
    }
}

async fn reasons(url: String) {
    let api = Api::new(&url).await;
    let rule = TagRule { code: "price".to_owned(), words: [("en".to_owned(), vec!["expens*".to_owned()])].into() };
    let own = Texts { reasons: Some(vec![Reason { code: "slow".to_owned(), text: "Waited".to_owned() }]), ..Texts::default() };
    api.world.line(LineSettings { tag_rules: vec![rule.clone()], ..LineSettings::default() }).await;
    let said = async |session: &str, chosen: &[&str], comment: &str| {
        let (_, question) = api.world.ask(session).await;
        api.world.tap(&question, "👎").await;
        let thanks = lastword_contract::Outgoing { key: question.key.clone(), ..api.world.client.take().pop().expect("thanks") };
        for label in chosen {
            api.world.tap(&thanks, label).await;
        }
        if let Some(place) = thanks.comment.as_ref().filter(|_| !comment.is_empty()) {
            let what = InboundKind::Comment { token: place.token.clone(), by: thanks.to.clone(), text: comment.to_owned() };
            api.world.happens("bot", what).await;
        }
        api.world.client.take();
    };
    said("R-1", &["Took too long", "Unfriendly"], "Slow, and expensive").await;
    said("R-2", &["Took too long"], "").await;
    said("R-3", &[], "never again").await;
    // The texts are edited; their meaning stays.
    api.world.line(LineSettings { tag_rules: vec![rule], texts: [("en".to_owned(), own)].into(), ..LineSettings::default() }).await;
    said("R-4", &["Waited"], "").await;

    let report = api.get("/v1/reports/reasons?by=line").await.json();
    let part = |part: &Value| (part["part"].as_i64().unwrap(), part["of"].as_i64().unwrap());
    let all = &report["reasons"];
    assert_eq!((part(&all["reasoned"]), part(&all["read"]), part(&all["tagged"])), ((3, 4), (2, 4), (1, 2)), "{report}");
    let item = |code: &str| items(all, "items").into_iter().find(|item| item["code"] == code).unwrap_or_else(|| panic!("{code}: {report}"));
    assert_eq!((part(&item("slow")["chosen"]), part(&item("slow")["tagged"])), ((3, 3), (0, 2)));
    assert_eq!((part(&item("unfriendly")["chosen"]), part(&item("price")["tagged"])), ((1, 3), (1, 2)));
    let third = &item("unfriendly")["chosen"];
    assert!((third["low"].as_f64().unwrap() - 6.15).abs() < 0.01 && (third["high"].as_f64().unwrap() - 79.23).abs() < 0.01, "{third}");
    assert_eq!((&report["texts"]["slow"], &report["texts"]["unfriendly"]), (&json!("Waited"), &json!("Unfriendly")));
    assert_eq!((&report["groups"][0]["id"], &report["groups"][0]["reasons"]["low"]), (&json!("support"), &json!(4)));
    for (filter, sessions) in [
        ("chosen=slow", vec!["R-4", "R-2", "R-1"]),
        ("chosen=-", vec!["R-3"]),
        ("chosen=unfriendly&tagged=price", vec!["R-1"]),
        ("tagged=-", vec!["R-3"]),
        ("tagged=*", vec!["R-1"]),
        ("chosen=price", vec![]),
    ] {
        let list = api.get(&format!("/v1/ratings?grade=bad&voided=false&{filter}")).await.json();
        let mut found: Vec<String> = items(&list, "items").iter().map(|item| item["session"].as_str().unwrap().to_owned()).collect();
        found.sort_by(|one, other| other.cmp(one));
        assert_eq!(found, sessions, "{filter}");
    }
    let slow = api.get("/v1/ratings?chosen=slow&tagged=price").await.json()["items"][0].clone();
    assert_eq!(slow["reasons"][0], json!({ "code": "slow", "text": "Took too long" }), "as it was worded then");
    assert_eq!(slow["tags"], json!(["price"]));
    assert_eq!(api.get("/v1/ratings?chosen=Too+slow").await.problem(), (422, "invalid_field".into(), "chosen".into()));
}

async fn nonsense(url: String) {
    let api = Api::new(&url).await;
    for path in ["summary", "operators", "lines", "channels", "trend", "heat", "funnel", "reasons"] {
        let table = [
            ("from=2026-09-30&until=2026-09-01", "invalid_field", "until"),
            ("from=2026-09-02&until=2026-09-01", "invalid_field", "until"),
            ("until=2026-09-01T00:00:00Z", "invalid_field", "until"),
            ("from=2010-01-01&until=2026-01-01", "invalid_field", "from"),
            ("from=yesterday", "invalid_field", "from"),
            ("until=2026-02-30", "invalid_field", "until"),
            ("line=nowhere", "unknown_line", "line"),
            ("scale=ten", "invalid_field", "scale"),
            ("colour=blue", "unknown_field", "colour"),
        ];
        for (query, code, field) in table {
            let answer = api.get(&format!("/v1/reports/{path}?{query}")).await;
            assert_eq!(answer.problem(), (422, code.into(), field.into()), "{path}?{query}: {answer:?}");
            assert!(answer.json()["remedy"].is_string() || code == "unknown_field", "{answer:?}");
        }
    }
    assert_eq!(api.get("/v1/reports/trend?step=year").await.problem(), (422, "invalid_field".into(), "step".into()));
    assert_eq!(api.get("/v1/reports/reasons?by=mood").await.problem(), (422, "invalid_field".into(), "by".into()));
    let wall = api.get("/v1/reports/reasons?from=2020-01-01&until=2026-01-01&by=day").await;
    assert_eq!(wall.problem(), (422, "invalid_field".into(), "by".into()));
    let wall = api.get("/v1/reports/trend?from=2020-01-01&until=2026-01-01&step=day").await;
    assert_eq!(wall.problem(), (422, "invalid_field".into(), "step".into()));
    assert_eq!(api.get("/v1/reports/summary?from=2016-09-22&until=2026-09-21").await.status, 200);
    assert_eq!(api.get("/v1/reports/summary?from=2999-01-01").await.status, 200, "one empty day");
}
