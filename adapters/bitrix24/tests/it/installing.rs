//! Tokens: tried before they are kept, renewed once for all nodes, gone with the application.

use crate::desk::{HOOK, Installed, MORNING, node, settings};
use crate::portal::{APPLICATION, MEMBER, Portal, posted};
use crate::safe::Safe;
use crate::stub::Stub;
use lastword_contract::{Desk, RawRequest, Rejected, Verdict};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::Ordering;

fn changed(request: &RawRequest, from: &str, to: &str) -> RawRequest {
    let body = String::from_utf8(request.body.clone()).unwrap();
    assert!(body.contains(from), "{body}");
    RawRequest { body: body.replace(from, to).into_bytes(), ..request.clone() }
}

#[tokio::test]
async fn tokens_of_strangers_are_not_kept() {
    let (stub, safe) = (Stub::start(Portal::at(MORNING)).await, Arc::new(Safe::default()));
    let desk = node(settings(&stub.url()), &safe);
    let good = stub.lock().installation();
    let others = node(json!({ "url": stub.url(), "client_id": "local.other", "secret": "k", "auth_url": stub.url() }), &safe);
    let without_server = node(json!({ "url": stub.url(), "client_id": "local.other", "secret": "k" }), &safe);
    for (desk, request, kind) in [
        (&desk, changed(&good, "access-token-0", "access-token-of-nobody"), "tokens_not_good"),
        (&desk, changed(&good, "access_token", "token"), "no_tokens"),
        (&others, good.clone(), "another_application"),
        (&without_server, good.clone(), "unknown_server"),
    ] {
        let error = desk.prepare(&request).await.unwrap_err();
        assert_eq!((error.kind, error.verdict), (kind, Verdict::Refused));
        assert!(matches!(desk.receive(&request), Err(Rejected::Unsigned(_))));
    }
    stub.lock().administrator = false;
    assert_eq!(desk.prepare(&good).await.unwrap_err().kind, "no_administrator");
    assert!(safe.texts().is_empty() && stub.lock().bindings.is_empty());
    stub.lock().full = 1;
    let later = desk.prepare(&good).await.unwrap_err();
    assert!(matches!(later.verdict, Verdict::RetryAfter(_)), "a limit says nothing about the tokens: {later:?}");
}

#[tokio::test]
async fn an_installation_binds_the_events_also_when_it_is_done_again() {
    let portal = Installed::begin().await;
    for _ in 0..2 {
        let handlers: Vec<_> = portal.stub.lock().bindings.iter().map(|bound| bound["handler"].as_str().unwrap().to_owned()).collect();
        assert_eq!(handlers, [HOOK; 5]);
        // An update of the application takes all handlers away.
        portal.stub.lock().bindings.clear();
        let again = portal.stub.lock().installation();
        portal.desk.prepare(&again).await.unwrap();
    }
    let installation = portal.stub.lock().installation();
    let taken = portal.desk.receive(&installation).unwrap();
    assert!(taken.events.is_empty());
}

#[tokio::test]
async fn another_node_knows_the_installation_at_the_first_event_and_other_settings_do_not() {
    let portal = Installed::begin().await;
    let event = posted("event=ONSESSIONSTART&data[DATA][connector][chat_id]=9&ts=1795335600", APPLICATION, MORNING);
    let other = node(settings(&portal.stub.url()), &portal.safe);
    assert!(matches!(other.receive(&event), Err(Rejected::Unsigned(_))));
    other.prepare(&event).await.unwrap();
    assert_eq!(other.receive(&event).unwrap().events[0].session, "chat:9");
    let mut another = settings(&portal.stub.url());
    another["secret"] = json!("another-key");
    let another = node(another, &portal.safe);
    another.prepare(&event).await.unwrap();
    assert!(matches!(another.receive(&event), Err(Rejected::Unsigned(_))), "what was kept belongs to the secret before");
}

#[tokio::test]
async fn a_wrong_token_of_our_own_portal_is_told_until_it_is_installed_again() {
    let portal = Installed::begin().await;
    let event = posted("event=ONSESSIONSTART&data[DATA][connector][chat_id]=9&ts=1795335600", "another-token", MORNING);
    let foreign = changed(&event, MEMBER, "another-portal");
    let look = async || node(settings(&portal.stub.url()), &portal.safe).look(Some(HOOK)).await.unwrap().warnings;
    portal.desk.prepare(&foreign).await.unwrap();
    assert!(look().await.is_empty(), "strangers are not our portal");
    portal.desk.prepare(&event).await.unwrap();
    assert!(matches!(portal.desk.receive(&event), Err(Rejected::Unsigned(_))));
    let warnings = look().await;
    assert!(warnings.len() == 1 && warnings[0].contains("another application_token"), "{warnings:?}");
    let again = portal.stub.lock().installation();
    portal.desk.prepare(&again).await.unwrap();
    assert!(look().await.is_empty());
}

#[tokio::test]
async fn a_spent_token_is_renewed_once_for_all_nodes() {
    let portal = Installed::begin().await;
    let other = node(settings(&portal.stub.url()), &portal.safe);
    other.look(Some(HOOK)).await.unwrap();
    portal.stub.lock().spent = true;
    let (first, second) = tokio::join!(portal.desk.look(Some(HOOK)), portal.desk.reconcile(MORNING, MORNING));
    assert!(first.unwrap().warnings.is_empty());
    second.unwrap();
    other.look(Some(HOOK)).await.unwrap();
    assert_eq!(portal.stub.lock().renewals, 1, "the other node took up what was kept");
    // A process that starts later works with the new ones too.
    node(settings(&portal.stub.url()), &portal.safe).look(Some(HOOK)).await.unwrap();
    assert_eq!(portal.stub.lock().renewals, 1);
}

#[tokio::test]
async fn renewed_tokens_that_could_not_be_kept_are_kept_later() {
    let portal = Installed::begin().await;
    portal.stub.lock().spent = true;
    portal.safe.broken.store(true, Ordering::Relaxed);
    assert_eq!(portal.desk.look(Some(HOOK)).await.unwrap_err().kind, "vault");
    assert_eq!(portal.stub.lock().renewals, 0, "nothing is renewed that cannot be kept");
    portal.safe.broken.store(false, Ordering::Relaxed);
    portal.desk.look(Some(HOOK)).await.unwrap();
    assert!(portal.safe.texts()[0].contains("refresh-token-1"));
}

#[tokio::test]
async fn a_token_that_renews_no_more_says_what_to_do() {
    let portal = Installed::begin().await;
    portal.stub.lock().spent = true;
    portal.stub.lock().dead = true;
    let first = portal.desk.look(Some(HOOK)).await.unwrap_err();
    assert_eq!(first.verdict, Verdict::RetryBackoff, "it may be the doing of another node");
    let second = portal.desk.look(Some(HOOK)).await.unwrap_err();
    assert_eq!((second.verdict, second.kind), (Verdict::ConnectionBroken, "token_refused"));
    assert!(second.detail.contains("install the application again"), "{}", second.detail);
    // Installed again, all is well.
    portal.stub.lock().spent = false;
    portal.stub.lock().dead = false;
    let again = portal.stub.lock().installation();
    portal.desk.prepare(&again).await.unwrap();
    assert!(portal.desk.look(Some(HOOK)).await.unwrap().warnings.is_empty());
}

#[tokio::test]
async fn a_copy_of_the_database_renews_nothing() {
    let portal = Installed::begin().await;
    portal.safe.copy.store(true, Ordering::Relaxed);
    portal.stub.lock().spent = true;
    assert_eq!(portal.desk.look(Some(HOOK)).await.unwrap_err().kind, "copy");
    assert_eq!(portal.stub.lock().renewals, 0);
}

#[tokio::test]
async fn an_application_that_was_removed_is_called_no_more() {
    let portal = Installed::begin().await;
    let removal = |token| posted("event=ONAPPUNINSTALL&data[CLEAN]=0&ts=1795335600", token, MORNING);
    portal.desk.prepare(&changed(&removal("token-of-a-stranger"), MEMBER, "nobody")).await.unwrap();
    assert!(portal.desk.look(Some(HOOK)).await.unwrap().warnings.is_empty(), "a stranger removes nothing");
    portal.desk.prepare(&removal(APPLICATION)).await.unwrap();
    assert!(portal.desk.receive(&removal(APPLICATION)).unwrap().events.is_empty());
    // No answer at all: it does not "work" with a warning.
    let told = portal.desk.look(Some(HOOK)).await.unwrap_err();
    assert!(told.kind == "not_installed" && told.detail.contains("not installed") && told.detail.contains(HOOK), "{told:?}");
    assert!(!portal.safe.texts()[0].contains("refresh-token"), "nothing of use is left");
    let error = portal.desk.reconcile(MORNING, MORNING).await.unwrap_err();
    assert_eq!((error.kind, error.verdict), ("not_installed", Verdict::ConnectionBroken));
}

#[test]
fn settings_that_cannot_be_used_are_named() {
    let safe = Arc::new(Safe::default());
    let config = serde_json::from_value(json!({ "url": "portal", "client_id": "", "secret": " ", "auth_url": "x", "calls_per_second": 0,
        "calls_at_once": 0, "timeout_secs": 90 }));
    let wrong = lastword_bitrix24::Bitrix24::new("b24", config.unwrap(), reqwest::Client::new(), safe, None).unwrap_err();
    for key in ["url is", "client_id is", "secret is", "auth_url is", "calls_per_second", "calls_at_once", "timeout_secs"] {
        assert!(wrong.lines().any(|line| line.starts_with(key)), "{key}: {wrong}");
    }
}
