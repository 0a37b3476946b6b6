//! What is wrong at a workspace is named, and mended without harm to others.

use crate::desk::{AtRocketChat, HOOK, rocketchat, wish};
use crate::stub::{Inside, SECRET, Stub, TOKEN};
use lastword_contract::kit::desks::DeskHarness;
use lastword_contract::{Desk, Verdict};
use lastword_rocketchat::{Config, RocketChat};
use serde_json::{Value, json};

type Spoil = fn(&mut Inside);

#[tokio::test]
async fn each_fault_is_one_line_with_its_remedy() {
    let faults: [(Spoil, &[&str]); 7] = [
        (
            |stub| drop(stub.settings.insert("Livechat_webhookUrl", json!(""))),
            &["posts nothing to https://rate.example/hooks/rocketchat", "desk setup"],
        ),
        (
            |stub| drop(stub.settings.insert("Livechat_webhookUrl", json!("https://crm.example/in?key=s3cret"))),
            &["calls crm.example and not", "replace_webhook=true"],
        ),
        (|stub| drop(stub.settings.insert("Livechat_secret_token", json!("another"))), &["secret token is another one", "desk setup"]),
        (|stub| drop(stub.settings.insert("Livechat_webhook_on_close", json!(false))), &["does not tell of closed chats", "Chat close"]),
        (|stub| stub.fields.retain(|(field, _)| field != "lastword_rating"), &["no custom field lastword_rating", "desk setup"]),
        (
            |stub| stub.roles = vec!["livechat-agent", "bot"],
            &["lacks view-livechat-rooms", "save-others-livechat-room-info", "role livechat-manager"],
        ),
        (|stub| (stub.roles, stub.limit) = (vec!["livechat-manager"], Some(10)), &["answers 10 calls a minute", "api-bypass-rate-limit"]),
    ];
    for (spoil, words) in faults {
        let at = AtRocketChat::start().await;
        spoil(&mut at.stub.lock());
        let warnings = at.desk.look(Some(HOOK)).await.unwrap().warnings;
        let [warning] = &warnings[..] else { panic!("{words:?}: {warnings:?}") };
        assert!(words.iter().all(|word| warning.contains(word)) && !warning.contains("s3cret"), "{warning}");
    }
}

#[tokio::test]
async fn a_wrong_token_says_where_a_right_one_is_made() {
    let at = AtRocketChat::start().await;
    let wrong = rocketchat(&at.stub.url(), json!({ "token": "not-the-token" }));
    let error = wrong.look(Some(HOOK)).await.unwrap_err();
    assert_eq!((error.kind, error.verdict), ("token_refused", Verdict::ConnectionBroken));
    assert!(error.detail.contains("Personal Access Tokens"), "{error}");
}

#[tokio::test]
async fn another_programs_webhook_is_left_alone_until_somebody_says_so() {
    let stub = Stub::start(Inside::at(0)).await;
    let theirs = [
        ("Livechat_webhookUrl", json!("https://crm.example/in")),
        ("Livechat_secret_token", json!("theirs")),
        ("Livechat_webhook_on_offline_msg", json!(true)),
    ];
    stub.lock().settings.extend(theirs);
    for change in [false, true] {
        let refused = rocketchat(&stub.url(), json!({})).set_up(&wish(change)).await.unwrap_err();
        assert_eq!((refused.kind, refused.verdict), ("webhook_taken", Verdict::Refused));
        assert!(refused.detail.contains("crm.example") && refused.detail.contains("replace_webhook=true"), "{refused}");
    }
    assert_eq!(stub.changes(), 0, "nothing else is changed either");
    let told = rocketchat(&stub.url(), json!({ "replace_webhook": true }));
    let dry = told.set_up(&wish(false)).await.unwrap();
    assert!(dry.steps[0].contains("crm.example is no longer called"), "{dry:?}");
    assert_eq!(stub.changes(), 0);
    told.set_up(&wish(true)).await.unwrap();
    let settings = stub.lock().settings.clone();
    assert_eq!((&settings["Livechat_webhookUrl"], &settings["Livechat_secret_token"]), (&json!(HOOK), &json!(SECRET)));
    assert_eq!(settings["Livechat_webhook_on_offline_msg"], true, "what we do not need stays as it was");
    assert!(told.look(Some(HOOK)).await.unwrap().warnings.is_empty());
}

#[tokio::test]
async fn an_old_release_says_what_is_left_to_do_by_hand() {
    let stub = Stub::start(Inside::at(0)).await;
    stub.lock().is_old = true;
    let done = rocketchat(&stub.url(), json!({})).set_up(&wish(true)).await.unwrap();
    let said = done.warnings.join("\n");
    assert!(said.contains("switch on \"Chat close\""), "{said}");
    assert!(said.contains("make \"lastword_rating\" by hand") && said.contains("make \"lastword_note\" by hand"), "{said}");
}

#[tokio::test]
async fn set_up_without_the_right_to_see_the_webhook_says_which() {
    let at = AtRocketChat::start().await;
    at.stub.lock().roles = vec!["livechat-agent"];
    let error = at.desk.set_up(&wish(true)).await.unwrap_err();
    assert!(error.detail.contains("view-livechat-manager") && error.detail.contains("livechat-manager"), "{error}");
}

#[test]
fn settings_that_cannot_be_used_name_the_key_and_the_remedy() {
    let good = json!({ "url": "https://chat.example.com", "user": "u5", "token": TOKEN, "secret": SECRET });
    let with = |more: Value| {
        let mut config = good.clone();
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let config: Config = serde_json::from_value(config).unwrap();
        RocketChat::new(config, reqwest::Client::new()).map(drop)
    };
    assert_eq!(with(json!({})), Ok(()));
    let all_off = json!({ "field": "", "note": "", "tags": false });
    for (wrong, words) in [
        (json!({ "url": "chat.example.com" }), "url is no address"),
        (json!({ "user": "" }), "user is no id"),
        (json!({ "token": " " }), "token is none"),
        (json!({ "secret": "short" }), "openssl rand -hex 32"),
        // What the command line puts there until somebody says better.
        (json!({ "secret": "not known before the desk is set up" }), "without blanks"),
        (json!({ "field": "a.b" }), "field has to be letters"),
        (json!({ "note": "lastword_rating" }), "another field than field"),
        (json!({ "timeout_secs": 0 }), "timeout_secs has to be 1 to 60"),
        (all_off, "all off"),
    ] {
        let message = with(wrong).unwrap_err();
        assert!(message.contains(words) && message.lines().count() == 1, "{message}");
    }
}
