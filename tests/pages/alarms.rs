//! A line's alarms on its page, in the list, on the start page and in the API: with the baseline, and the reason if there is none.

use crate::on_both_databases;
use crate::rig::caller::Api;
use crate::rig::house::House;
use lastword::domain::access::rights::Role;
use lastword::domain::report::watch::Watched;
use lastword::names::AlarmId;
use lastword::store::Db;
use lastword::store::StoreError;
use lastword::store::report::alarm::{self, ShareAlarm};
use lastword::store::report::watch::{self, ShareWatch};
use serde_json::json;

on_both_databases! {
    an_alarm_stands_where_people_look => stands;
    programs_read_alarms_and_learn_anew => programs;
}

/// One channel has an active alarm; the other has too little data for a baseline.
async fn set(db: &Db, now: i64) {
    let watched = ShareWatch {
        line_id: "support".into(),
        channel: "telegram".into(),
        basis: "of other settings".into(),
        looked_at: now,
        clients: 612,
        cases: 640,
        bad: 51,
        days: 41,
        learnt_at: Some(now),
        usual: 93_000,
        usual_low: 74_000,
        adds: 7,
        takes: 1,
        sum_limit: 60,
        promise: 9_000,
        sum: 60,
        alarm_id: Some(AlarmId::first_of(1)),
        ..ShareWatch::default()
    };
    let few = ShareWatch { channel: "email".into(), clients: 31, learnt_at: None, alarm_id: None, ..watched.clone() };
    let short = ShareWatch { channel: "webchat".into(), days: 9, learnt_at: None, alarm_id: None, ..watched.clone() };
    let raised = ShareAlarm {
        id: AlarmId::first_of(1),
        line_id: "support".into(),
        channel: "telegram".into(),
        raised_at: now,
        from_at: now - 60_000,
        until_at: now,
        cases: 30,
        bad: 12,
        usual: 93_000,
        promise: 9_000,
        ..ShareAlarm::default()
    };
    let step = db.write(move |tx| {
        let (watches, alarms) = ([watched.clone(), few.clone(), short.clone()], [raised.clone()]);
        Box::pin(async move {
            watch::write(tx, &watches).await?;
            alarm::raise(tx, &alarms).await
        })
    });
    let done: Result<(), StoreError> = step.await;
    done.unwrap();
}

async fn stands(url: String) {
    let house = House::on(&url, None).await;
    set(&house.world.engine.db, house.world.now()).await;
    let (_, question) = house.world.ask("S-1").await;
    house.world.tap(&question, "👎").await;
    let admin = house.person("anna", Role::Admin, &[]).await;
    let mut browser = house.signed_in(&admin).await;
    let page = browser.get("/lines/support/alarms").await.text;
    for words in [
        "between 7.4% and 9.3%",
        "Seen on 41 days.",
        "Each bad case adds 7, any other subtracts 1; the alarm goes off at 60. Now: 60.",
        "chance alone raises about 12 trend alarms a year over all watched rates, this one once in 9,000 cases",
        "Not enough days for a baseline: 9 of 14.",
    ] {
        assert!(page.contains(words), "{words} is not in {page}");
    }
    assert!(page.contains("31 of 500 clients in the last 180 days"), "why there is no alarm: {page}");
    assert!(page.contains("12 of 30 ratings were low; up to 9.3% was usual."), "{page}");
    assert!(browser.get("/lines/support").await.text.contains("12 of 30 ratings were low"), "the line's page");
    assert!(browser.get("/lines").await.text.contains("/lines/support/alarms"), "the list of lines");
    assert!(browser.get("/today").await.text.contains("data-wait=\"wait-alarms\">1<"), "today");
    let wrong = [("kind", "score"), ("channel", "pigeons")];
    assert_eq!(browser.send("/lines/support/alarms", "/lines/support/alarms", &wrong).await.status, 404);
    let learn = [("kind", "score"), ("channel", "telegram")];
    assert_eq!(browser.send("/lines/support/alarms", "/lines/support/alarms", &learn).await.leads_to(), "/lines/support/alarms");
    let page = browser.get("/lines/support/alarms").await.text;
    assert!(page.contains("ended: baseline relearned") && !page.contains("chip bad"), "{page}");
    let supervisor = house.person("sam", Role::Supervisor, &["sales"]).await;
    assert_eq!(house.signed_in(&supervisor).await.get("/lines/support/alarms").await.status, 404, "not their line");
}

async fn programs(url: String) {
    let api = Api::new(&url).await;
    set(&api.world.engine.db, api.world.now()).await;
    let found = api.get("/v1/lines/support/alarms").await.json();
    assert_eq!(found["watches"][1]["baseline"]["usual_percent"], json!(9.3), "{found}");
    let (baseline, days) = (&found["watches"][1]["baseline"], &found["watches"][1]["days"]);
    assert_eq!((&baseline["usual_low_percent"], days), (&json!(7.4), &json!(41)));
    assert_eq!((&found["watches"][0]["baseline"], &found["watches"][0]["clients"]), (&json!(null), &json!(31)));
    let alarm = &found["alarms"][0];
    assert_eq!((&alarm["share"], &alarm["bad"], &alarm["ended_at"]), (&json!("score"), &json!(12), &json!(null)));
    assert_eq!(api.get("/v1/lines/nowhere/alarms").await.problem().0, 404);
    let wrong = api.post("/v1/lines/support/alarms/learn", &json!({ "channel": "telegram", "share": "delivery" })).await;
    assert_eq!(wrong.problem(), (422, "invalid_field".into(), "channel".into()));
    let anew = api.post("/v1/lines/support/alarms/learn", &json!({ "channel": "telegram", "share": "score" })).await.json();
    assert_eq!(anew["alarms"][0]["end_reason"], json!("learnt_anew"), "{anew}");
    let kinds = Watched::ALL.map(Watched::as_str);
    assert_eq!(kinds, ["score", "response", "delivery"]);
}
