//! What ratings leave at a room, beside what others put there.

use crate::desk::AtRocketChat;
use crate::stub::{ANN, OURS};
use lastword_contract::kit::Remote;
use lastword_contract::kit::desks::DeskHarness;
use lastword_contract::{Desk, Scale, Verdict, WriteBack};
use serde_json::json;

fn rating(session: &str, key: &str, score: u8) -> WriteBack {
    let (scale, comment) = (Scale::FiveStar, Some("Too slow".to_owned()));
    let text = format!("{}\nToo slow\nhttps://rate.example/ratings/rrq_1", scale.label(score));
    WriteBack { key: key.into(), session: session.into(), scale, score, low: score <= 2, comment, text, ..WriteBack::default() }
}

async fn closed(at: &AtRocketChat) -> String {
    let (room, _) = at.open().await;
    at.stub.lock().close(&room, ANN);
    room
}

#[tokio::test]
async fn fields_and_one_tag_say_it_and_everything_of_others_stays() {
    let at = AtRocketChat::start().await;
    let room = closed(&at).await;
    at.desk.write_back(&rating(&room, "a", 2)).await.unwrap();
    at.desk.write_back(&rating(&room, "b", 5)).await.unwrap();
    let stub = at.stub.lock();
    let kept = &stub.rooms[&room];
    assert_eq!(kept.tags, ["billing", "vip", "rated-good"]);
    assert_eq!((&kept.data["order"], &kept.data["lastword_rating"]), (&json!("A-15"), &json!("5")));
    let page = "https://rate.example/ratings/rrq_1";
    assert_eq!(kept.data["lastword_note"], format!("★★★★★ — Too slow — {page} ← ★★ — Too slow — {page}"));
    assert_eq!(kept.survey.len(), 1, "the survey is left alone unless it is switched on");
}

#[tokio::test]
async fn what_stands_there_already_is_not_written_again() {
    let at = AtRocketChat::with(json!({ "survey": true, "message": true })).await;
    let room = closed(&at).await;
    at.desk.write_back(&rating(&room, "a", 4)).await.unwrap();
    let before = at.stub.changes();
    at.desk.write_back(&rating(&room, "a", 4)).await.unwrap();
    assert_eq!(at.stub.changes(), before);
}

#[tokio::test]
async fn the_rooms_own_survey_gets_the_score_and_keeps_its_other_answers() {
    let at = AtRocketChat::with(json!({ "survey": true })).await;
    let room = closed(&at).await;
    at.desk.write_back(&rating(&room, "a", 4)).await.unwrap();
    let survey = || serde_json::Value::Object(at.stub.lock().rooms[&room].survey.clone());
    assert_eq!(survey(), json!({ "satisfaction": "4", "additionalFeedback": "Too slow", "agentKnowledge": "4" }));
    for (score, shown) in [(0, "1"), (1, "5")] {
        let thumb = WriteBack { scale: Scale::Binary, comment: None, ..rating(&room, "b", score) };
        at.desk.write_back(&thumb).await.unwrap();
        assert_eq!(survey()["satisfaction"], shown);
    }
}

#[tokio::test]
async fn a_message_is_left_where_the_client_is_gone_once_and_never_opens_a_room() {
    let at = AtRocketChat::with(json!({ "message": true })).await;
    let widget = closed(&at).await;
    let app = at.stub.lock().open_through(json!({ "type": "app", "id": "app-wa", "alias": "whatsapp" }), None);
    at.stub.lock().close(&app, ANN);
    let (still_open, _) = at.open().await;
    for (room, said) in [(&widget, 1), (&app, 0), (&still_open, 0)] {
        let seen = at.stub.lock().seen_by_client(room);
        for _ in 0..3 {
            at.desk.write_back(&rating(room, "a", 4)).await.unwrap();
        }
        let stub = at.stub.lock();
        let ours = stub.rooms[room].messages.iter().filter(|message| message["u"]["_id"] == OURS).count();
        assert_eq!((ours, stub.seen_by_client(room), stub.rooms.len()), (said, seen, 3), "{room}");
        assert_eq!(stub.rooms[room].data["lastword_rating"], "4", "{room}");
    }
    // Lost on the way, it is looked for before it is said again.
    at.stub.play(Remote::Hang).await;
    let lost = at.desk.write_back(&rating(&widget, "b", 1)).await.unwrap_err();
    assert_eq!(lost.verdict, Verdict::CannotKnow);
    at.stub.play(Remote::Ok).await;
    for _ in 0..2 {
        at.desk.write_back(&rating(&widget, "b", 1)).await.unwrap();
    }
    let ours = at.stub.lock().rooms[&widget].messages.iter().filter(|message| message["u"]["_id"] == OURS).count();
    assert_eq!(ours, 2);
}

#[tokio::test]
async fn a_field_that_is_not_defined_would_be_dropped_without_a_word_and_is_named() {
    let at = AtRocketChat::start().await;
    let room = closed(&at).await;
    at.stub.lock().fields.retain(|(field, _)| field != "lastword_note");
    let error = at.desk.write_back(&rating(&room, "a", 4)).await.unwrap_err();
    assert_eq!((error.kind, error.verdict), ("no_field", Verdict::Refused));
    assert!(error.detail.contains("lastword_note") && error.detail.contains("desk setup rocketchat"), "{error}");
}

#[tokio::test]
async fn a_chat_that_is_no_room_is_gone_and_never_a_part_of_an_address() {
    let at = AtRocketChat::start().await;
    for session in ["Rgone", "", "x&roomName=general", "../me"] {
        assert_eq!(at.desk.write_back(&rating(session, "a", 4)).await.unwrap_err().verdict, Verdict::RecipientGone, "{session}");
    }
}
