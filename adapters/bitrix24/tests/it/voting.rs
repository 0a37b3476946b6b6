//! Ratings as the client's own vote: in time, once, and never so that a conversation opens again.

use crate::carried::{Carried, votes};
use crate::desk::{HOOK, MORNING, node};
use crate::portal::{CARRIED, CLIENT};
use lastword_contract::kit::Remote;
use lastword_contract::{Desk, DeskEvent, DeskEventKind, RawRequest, Scale, SendError, SetUp, Verdict, WriteBack};
use serde_json::json;

/// A conversation that its operator has closed: its id, and what Bitrix24 posted about that.
fn finished(portal: &Carried) -> (u64, Vec<RawRequest>) {
    let mut inside = portal.0.stub.lock();
    let id = inside.open(CARRIED);
    inside.posted.clear();
    inside.finish(id);
    (id, std::mem::take(&mut inside.posted))
}

async fn write(portal: &Carried, id: u64, scale: Scale, score: u8) -> Result<(), SendError> {
    let rated_at = portal.0.stub.lock().now;
    let (session, text) = (id.to_string(), scale.label(score).clone());
    let rating = WriteBack {
        key: format!("dlv_{id}"),
        session,
        rating_request: format!("rrq_{id}"),
        scale,
        score,
        rated_at,
        text,
        ..WriteBack::default()
    };
    portal.0.desk.write_back(&rating).await.map(drop)
}

/// What the requests say, with what has to be read read.
async fn heard(portal: &Carried, requests: &[RawRequest]) -> Vec<DeskEvent> {
    let mut events = Vec::new();
    for request in requests {
        for event in portal.0.desk.receive(request).unwrap().events {
            assert!(matches!(event.kind, DeskEventKind::Changed { .. }), "{event:?}");
            let now = portal.0.stub.lock().now;
            events.extend(portal.0.desk.read(&event.session, event.at, now + 60_000).await.unwrap());
        }
    }
    events
}

fn told(events: &[DeskEvent]) -> Vec<(String, i64)> {
    events.iter().map(|event| (event.key.clone(), event.at)).collect()
}

#[tokio::test]
async fn the_close_is_told_when_bitrix24_asks_and_the_last_word_is_no_close_of_its_own() {
    let portal = Carried::begin().await;
    let (id, posted) = finished(&portal);
    let asked_at = portal.0.stub.lock().now;
    let events = heard(&portal, &posted).await;
    assert_eq!(told(&events), [(format!("closed:{id}"), asked_at)]);
    let DeskEventKind::Closed(closing) = &events[0].kind else { panic!("{events:?}") };
    assert_eq!((closing.chat.client_messages, closing.already_rated), (Some(1), false));
    write(&portal, id, Scale::Binary, 1).await.unwrap();
    portal.0.stub.lock().now += 600_000;
    portal.0.stub.lock().full_closes();
    let posted = portal.0.posted();
    assert!(posted.len() >= 3, "thanks, and twice the end");
    for event in heard(&portal, &posted).await {
        assert_eq!((event.key.as_str(), event.at), (format!("closed:{id}").as_str(), asked_at));
    }
}

#[tokio::test]
async fn stars_and_thumbs_are_the_votes_that_bitrix24_counts() {
    let portal = Carried::begin().await;
    for (scale, score, vote, counted) in [
        (Scale::Binary, 1, "1", 5),
        (Scale::Binary, 0, "0", 1),
        (Scale::FiveStar, 5, "1", 5),
        (Scale::FiveStar, 4, "1", 5),
        (Scale::FiveStar, 3, "0", 1),
        (Scale::FiveStar, 1, "0", 1),
    ] {
        let (id, _) = finished(&portal);
        write(&portal, id, scale, score).await.unwrap();
        let portal = portal.0.stub.lock();
        assert_eq!((portal.written.last(), portal.sessions[&id].rated), (Some(&(id, vote.to_owned())), counted), "{score}");
        let question = portal.sessions[&id].messages.iter().find(|message| message.asks).unwrap();
        assert_eq!(portal.delivered.last(), Some(&question.id), "its question is told as delivered");
    }
}

#[tokio::test]
async fn a_vote_whose_answer_was_lost_is_written_once_and_then_confirmed() {
    let portal = Carried::begin().await;
    let (id, _) = finished(&portal);
    portal.0.stub.play(Remote::Hang).await;
    let lost = write(&portal, id, Scale::Binary, 0).await.unwrap_err();
    assert_eq!(lost.verdict, Verdict::CannotKnow);
    assert!(portal.0.stub.lock().delivered.is_empty());
    portal.0.stub.play(Remote::Ok).await;
    // Tried again, by a node that knows nothing of it; and once more, with another score.
    let another = Carried(crate::desk::Installed {
        desk: node(votes(&portal.0.stub.url()), &portal.0.safe),
        stub: portal.0.stub,
        safe: portal.0.safe,
    });
    write(&another, id, Scale::Binary, 0).await.unwrap();
    write(&another, id, Scale::Binary, 1).await.unwrap();
    let inside = another.0.stub.lock();
    assert_eq!((inside.written.as_slice(), inside.sessions[&id].rated), ([(id, "0".to_owned())].as_slice(), 1));
    assert!(!inside.delivered.is_empty() && inside.sessions[&id].closed.is_none() && inside.sessions.len() == 1);
}

#[tokio::test]
async fn nothing_is_written_where_bitrix24_does_not_wait() {
    let portal = Carried::begin().await;
    // Closed for good meanwhile: a vote would open it again.
    let (late, _) = finished(&portal);
    portal.0.stub.lock().full_closes();
    write(&portal, late, Scale::Binary, 1).await.unwrap();
    // The client has written on: `1` would be an ordinary message.
    let (back, _) = finished(&portal);
    portal.0.stub.lock().says(back, CLIENT, "");
    write(&portal, back, Scale::Binary, 1).await.unwrap();
    // They voted there themselves.
    let (voted, _) = finished(&portal);
    let outside = format!("out-{}", portal.0.stub.lock().sessions[&voted].chat);
    portal.0.stub.lock().comes_in(&outside, &format!("u-{outside}"), "0 too slow");
    write(&portal, voted, Scale::Binary, 1).await.unwrap();
    // It did not ask.
    let unasked = {
        let mut inside = portal.0.stub.lock();
        inside.asks_itself = false;
        let id = inside.open(CARRIED);
        inside.finish(id);
        id
    };
    write(&portal, unasked, Scale::Binary, 1).await.unwrap();
    // Rated before it asked a second time: that was about another close.
    let (again, _) = finished(&portal);
    {
        let mut inside = portal.0.stub.lock();
        inside.asks_itself = true;
        inside.says(again, CLIENT, "");
        inside.now += 120_000;
        inside.finish(again);
    }
    let rating =
        WriteBack { key: "dlv".into(), session: again.to_string(), rated_at: MORNING, text: "👍".into(), ..WriteBack::default() };
    portal.0.desk.write_back(&rating).await.unwrap();
    let inside = portal.0.stub.lock();
    assert_eq!(inside.written, []);
    let shows = |id: u64| (inside.sessions[&id].closed.is_some(), inside.sessions[&id].rated);
    assert_eq!([late, back, voted, unasked].map(shows), [(true, 0), (false, 0), (false, 1), (true, 0)]);
    assert_eq!(inside.notices.len(), 5, "operators are told all the same");
}

#[tokio::test]
async fn what_the_client_writes_on_takes_the_close_back_and_the_next_one_is_another() {
    let portal = Carried::begin().await;
    let (id, posted) = finished(&portal);
    heard(&portal, &posted).await;
    let (wrote_at, asked_at, second) = {
        let mut inside = portal.0.stub.lock();
        inside.says(id, CLIENT, "");
        let wrote_at = inside.now;
        inside.posted.clear();
        inside.finish(id);
        let second = inside.sessions[&id].messages.iter().rfind(|message| message.asks).unwrap().id;
        (wrote_at, inside.now, second)
    };
    let posted = portal.0.posted();
    let events = heard(&portal, &posted).await;
    let first = portal.0.stub.lock().sessions[&id].messages.iter().find(|message| message.asks).map(|message| (message.at, message.id));
    let (first_at, first) = first.unwrap();
    let wanted =
        [(format!("closed:{id}"), first_at), (format!("reopened:{id}:{first}"), wrote_at), (format!("closed:{id}:{second}"), asked_at)];
    assert_eq!(told(&events), wanted);
    write(&portal, id, Scale::Binary, 1).await.unwrap();
    assert_eq!(portal.0.stub.lock().written, [(id, "1".to_owned())]);
    // They write on once more after their vote, and it ends without another question: that is no new close.
    portal.0.stub.lock().full_closes();
    let posted = portal.0.posted();
    assert_eq!(told(&heard(&portal, &posted).await)[..3], wanted);
}

#[tokio::test]
async fn a_question_that_was_not_told_is_found_while_bitrix24_waits() {
    let portal = Carried::begin().await;
    let (id, _) = finished(&portal);
    let going_on = portal.0.stub.lock().open(CARRIED);
    let now = portal.0.stub.lock().now;
    let found = portal.0.desk.follow(&[id.to_string(), going_on.to_string()], now).await.unwrap();
    assert_eq!(found.iter().map(|event| event.session.as_str()).collect::<Vec<_>>(), [id.to_string()]);
    let events = portal.0.desk.read(&found[0].session, now, now).await.unwrap();
    assert_eq!(events[0].key, format!("closed:{id}"));
}

#[tokio::test]
async fn a_vote_that_reaches_somebody_else_is_the_last_one_until_the_settings_are_mended() {
    let portal = Carried::begin().await;
    let mut settings = votes(&portal.0.stub.url());
    settings["vote_as_client"] = json!({ CARRIED: "{chat}" });
    let wrong = Carried(crate::desk::Installed { desk: node(settings, &portal.0.safe), stub: portal.0.stub, safe: portal.0.safe });
    let (first, _) = finished(&wrong);
    let (second, _) = finished(&wrong);
    for id in [first, second] {
        let refused = write(&wrong, id, Scale::Binary, 1).await.unwrap_err();
        assert_eq!((refused.verdict, refused.kind), (Verdict::Refused, "another_client"));
    }
    {
        let inside = wrong.0.stub.lock();
        assert_eq!((inside.written.len(), inside.notices.len()), (1, 2), "operators are told all the same");
    }
    let warned = wrong.0.desk.look(Some(HOOK)).await.unwrap().warnings.join("\n");
    assert!(warned.contains("set vote_as_client.carried"), "{warned}");
    // With another form they are written again.
    let mended =
        Carried(crate::desk::Installed { desk: node(votes(&wrong.0.stub.url()), &wrong.0.safe), stub: wrong.0.stub, safe: wrong.0.safe });
    write(&mended, second, Scale::Binary, 1).await.unwrap();
    assert_eq!(mended.0.stub.lock().sessions[&second].rated, 5);
    assert!(mended.0.desk.look(Some(HOOK)).await.unwrap().warnings.is_empty());
}

#[tokio::test]
async fn each_reason_why_votes_could_not_be_written_is_named() {
    let portal = Carried::begin().await;
    let warned = async |words: &str| {
        let warnings = portal.0.desk.look(Some(HOOK)).await.unwrap().warnings;
        assert!(warnings.iter().any(|warning| warning.contains(words)), "{words}: {warnings:?}");
    };
    portal.0.stub.lock().full_close = 1;
    warned("waits 1 minutes for a vote").await;
    portal.0.stub.lock().full_close = 30;
    portal.0.stub.lock().vote_limit = 60;
    warned("takes votes for 60 seconds only").await;
    portal.0.stub.lock().vote_limit = 0;
    portal.0.stub.lock().asks_itself = false;
    warned("does not ask clients to rate").await;
    portal.0.stub.lock().active = false;
    warned("carried is active on no line").await;
    portal.0.stub.lock().registered = false;
    warned("names the connector carried, which is not registered").await;
    portal.0.stub.lock().scopes.retain(|scope| *scope != "imconnector");
    warned("lacks the permission imconnector").await;
}

#[tokio::test]
async fn setting_up_switches_the_question_on_where_votes_are_written_and_never_off() {
    let portal = Carried::begin().await;
    portal.0.stub.lock().asks_itself = false;
    let wish = |change| SetUp { hook_url: Some(HOOK.to_owned()), native_off: true, change };
    let dry = portal.0.desk.set_up(&wish(false)).await.unwrap();
    assert!(dry.steps.iter().any(|step| step.contains("switched on, for the votes of clients,")), "{:?}", dry.steps);
    assert!(!portal.0.stub.lock().asks_itself);
    portal.0.desk.set_up(&wish(true)).await.unwrap();
    assert!(portal.0.stub.lock().asks_itself);
    let again = portal.0.desk.set_up(&wish(true)).await.unwrap();
    assert!(
        portal.0.stub.lock().asks_itself && again.warnings.iter().all(|warning| !warning.contains("asked twice")),
        "{:?}",
        again.warnings
    );
}

#[tokio::test]
async fn settings_that_cannot_be_meant_are_refused() {
    let config = |settings| serde_json::from_value::<lastword_bitrix24::Config>(settings).unwrap();
    let new = |settings| {
        lastword_bitrix24::Bitrix24::new(
            "b24",
            config(settings),
            reqwest::Client::new(),
            std::sync::Arc::new(crate::safe::Safe::default()),
            None,
        )
    };
    let mut settings = votes("https://example.bitrix24.com");
    settings["vote_as_client"] = json!({ CARRIED: "u-" });
    settings["leave_out"] = json!([CARRIED]);
    let why = new(settings).unwrap_err();
    assert!(why.contains("vote_as_client.carried has to hold {chat}") && why.contains("take it out of one of them"), "{why}");
}
