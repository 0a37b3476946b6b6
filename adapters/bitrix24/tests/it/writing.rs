//! Ratings as notices and as the supervisor's score.

use crate::desk::{HOOK, Installed, node, settings};
use crate::portal::ANN;
use lastword_bitrix24::Bitrix24;
use lastword_contract::{Desk, Scale, Verdict, WriteBack};
use serde_json::json;

fn rating(id: u64, key: &str, score: u8) -> WriteBack {
    WriteBack {
        key: key.into(),
        session: id.to_string(),
        rating_request: "rrq_1".into(),
        scale: Scale::FiveStar,
        score,
        text: format!("{}\nToo slow", Scale::FiveStar.label(score)),
        ..WriteBack::default()
    }
}

fn closed(portal: &Installed) -> u64 {
    let mut inside = portal.stub.lock();
    let id = inside.open("livechat");
    inside.close(id, "operator");
    id
}

fn other(portal: &Installed, key: &str, value: bool) -> Bitrix24 {
    let mut settings = settings(&portal.stub.url());
    settings[key] = json!(value);
    node(settings, &portal.safe)
}

#[tokio::test]
async fn a_rating_that_changes_takes_the_place_of_ours_and_of_nothing_else() {
    let portal = Installed::begin().await;
    let id = closed(&portal);
    portal.desk.write_back(&rating(id, "dlv_1", 2)).await.unwrap();
    let session = portal.stub.lock().sessions[&id].clone();
    assert_eq!((session.score, session.comment.as_str()), (2, "Well handled\n[lastword rrq_1 2]\n★★\nToo slow\n[/lastword]"));
    // A supervisor writes on below it.
    portal.stub.lock().sessions.get_mut(&id).unwrap().comment.push_str("\nI called them.");
    portal.desk.write_back(&rating(id, "dlv_2", 5)).await.unwrap();
    let session = portal.stub.lock().sessions[&id].clone();
    let wanted = "Well handled\n[lastword rrq_1 5]\n★★★★★\nToo slow\n[/lastword]\nI called them.";
    assert_eq!((session.score, session.comment.as_str()), (5, wanted));
}

#[tokio::test]
async fn a_score_that_a_supervisor_gave_stays() {
    let portal = Installed::begin().await;
    let id = closed(&portal);
    portal.stub.lock().sessions.get_mut(&id).unwrap().score = 3;
    portal.desk.write_back(&rating(id, "dlv_1", 1)).await.unwrap();
    portal.desk.write_back(&rating(id, "dlv_2", 2)).await.unwrap();
    assert_eq!(portal.stub.lock().sessions[&id].score, 2 + 1, "it was there before us");
    let second = closed(&portal);
    portal.desk.write_back(&rating(second, "dlv_3", 1)).await.unwrap();
    portal.stub.lock().sessions.get_mut(&second).unwrap().score = 4;
    portal.desk.write_back(&rating(second, "dlv_4", 2)).await.unwrap();
    let session = portal.stub.lock().sessions[&second].clone();
    assert_eq!(session.score, 4, "it was given after us");
    assert!(session.comment.contains("★★\nToo slow"), "{}", session.comment);
}

#[tokio::test]
async fn thumbs_are_the_ends_of_the_scale() {
    let portal = Installed::begin().await;
    for (score, stars) in [(1, 5), (0, 1)] {
        let id = closed(&portal);
        portal.desk.write_back(&WriteBack { scale: Scale::Binary, ..rating(id, "dlv_1", score) }).await.unwrap();
        assert_eq!(portal.stub.lock().sessions[&id].score, stars);
    }
}

#[tokio::test]
async fn the_operator_alone_is_told_where_no_score_is_wished_and_the_other_way_round() {
    let portal = Installed::begin().await;
    let id = closed(&portal);
    other(&portal, "supervisor_score", false).write_back(&rating(id, "dlv_1", 1)).await.unwrap();
    {
        let inside = portal.stub.lock();
        assert_eq!((inside.sessions[&id].score, inside.notices.len()), (0, 1));
        let notice = inside.notices.values().next().unwrap();
        assert_eq!((notice.user.clone(), notice.tag.as_str()), (ANN.to_string(), "LASTWORD|dlv_1"));
    }
    let id = closed(&portal);
    other(&portal, "notify", false).write_back(&rating(id, "dlv_2", 1)).await.unwrap();
    let inside = portal.stub.lock();
    assert_eq!((inside.sessions[&id].score, inside.notices.len()), (1, 1));
}

#[tokio::test]
async fn a_score_that_is_not_allowed_says_what_to_do() {
    let portal = Installed::begin().await;
    let id = closed(&portal);
    portal.stub.lock().administrator = false;
    let refused = portal.desk.write_back(&rating(id, "dlv_1", 1)).await.unwrap_err();
    assert_eq!((refused.verdict, refused.kind), (Verdict::Refused, "missing_right"));
    assert!(refused.detail.contains("supervisor_score = false"), "{}", refused.detail);
    let warnings = portal.desk.look(Some(HOOK)).await.unwrap().warnings;
    assert!(warnings.iter().any(|warning| warning.contains("administrator")), "{warnings:?}");
}

#[tokio::test]
async fn where_nobody_served_nobody_is_told() {
    let portal = Installed::begin().await;
    let id = closed(&portal);
    portal.stub.lock().sessions.get_mut(&id).unwrap().messages.retain(|message| message.sender != ANN);
    let refused = other(&portal, "supervisor_score", false).write_back(&rating(id, "dlv_1", 1)).await.unwrap_err();
    assert_eq!(refused.kind, "no_operator");
    let strange = portal.desk.write_back(&WriteBack { session: "chat:1".into(), ..rating(id, "dlv_1", 1) }).await.unwrap_err();
    assert_eq!(strange.verdict, Verdict::RecipientGone);
}
