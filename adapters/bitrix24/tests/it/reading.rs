//! Conversations as they stand, in every shape in which a portal tells of them, and found where it does not.

use crate::desk::{HOOK, Installed, MORNING, node, settings};
use crate::portal::{ANN, BOT, CLIENT, Shape};
use lastword_contract::kit::Remote;
use lastword_contract::{CloseBy, Closing, Desk, DeskEvent, DeskEventKind, Means, RawRequest, SendError, Verdict};
use serde_json::json;

/// What the engine would make of these requests.
async fn hear(portal: &Installed, requests: Vec<RawRequest>) -> Vec<DeskEvent> {
    let mut heard = Vec::new();
    for request in requests {
        for event in portal.desk.receive(&request).unwrap().events {
            assert!(matches!(event.kind, DeskEventKind::Changed { .. }));
            let now = portal.stub.lock().now + 60_000;
            heard.extend(portal.desk.read(&event.session, event.at, now).await.unwrap());
        }
    }
    heard
}

async fn read(portal: &Installed, id: u64) -> Result<DeskEvent, SendError> {
    let now = portal.stub.lock().now;
    portal.desk.read(&id.to_string(), now, now).await.map(|mut events| events.remove(0))
}

fn closing(event: DeskEvent) -> Closing {
    match event.kind {
        DeskEventKind::Closed(closing) => *closing,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn nothing_is_taken_of_a_channel_that_another_program_tells_of() {
    let portal = Installed::begin().await;
    let mut other = settings(&portal.stub.url());
    other["leave_out"] = json!(["mychat"]);
    let desk = node(other, &portal.safe);
    for (channel, events) in [("mychat", 0), ("livechat", 1)] {
        let id = portal.stub.lock().open(channel);
        let read = async || desk.read(&id.to_string(), 0, MORNING).await.unwrap().len();
        assert_eq!(read().await, events, "{channel}, open");
        portal.stub.lock().close(id, "operator");
        assert_eq!(read().await, events, "{channel}, closed");
    }
}

#[tokio::test]
async fn a_close_is_the_same_in_every_shape() {
    for participant in [true, false] {
        for shape in [Shape::Named, Shape::Listed, Shape::Whole] {
            let portal = Installed::begin().await;
            portal.stub.lock().shape = shape;
            portal.stub.lock().participant = participant;
            let id = portal.stub.lock().open("telegrambot");
            let opened = hear(&portal, portal.posted()).await;
            assert_eq!((opened.len(), opened[0].key.as_str()), (1, format!("opened:{id}").as_str()), "{shape:?}");
            portal.stub.lock().close(id, "operator");
            let closed = hear(&portal, portal.posted()).await;
            let [event] = &closed[..] else { panic!("{shape:?}: {closed:?}") };
            assert_eq!(
                (event.key.as_str(), event.session.as_str()),
                (format!("closed:{id}").as_str(), id.to_string().as_str()),
                "{shape:?}"
            );
            assert_eq!(event.at, portal.stub.lock().now, "{shape:?}");
            let closing = closing(event.clone());
            assert_eq!((closing.by, closing.chat.queue.as_deref()), (CloseBy::Operator, Some("22")));
            assert_eq!((closing.chat.operator_messages, closing.chat.client_messages), (Some(1), Some(1)));
            assert_eq!(closing.chat.operator.unwrap().name.as_deref(), Some("Ann Lee"));
        }
    }
}

#[tokio::test]
async fn where_there_is_no_list_a_chat_that_was_open_is_asked_about() {
    let portal = Installed::begin().await;
    portal.stub.lock().shape = Shape::Whole;
    portal.stub.lock().reports = false;
    let ids: Vec<u64> = (0..120).map(|_| portal.stub.lock().open("livechat")).collect();
    ids.iter().for_each(|id| portal.stub.lock().close(*id, "auto"));
    let still = portal.stub.lock().open("livechat");
    let chat = portal.stub.lock().sessions[&ids[0]].chat;
    // The client wrote again: in the same chat goes on another conversation.
    let next = portal.stub.lock().begin(chat, "livechat");
    let now = portal.stub.lock().now;
    assert_eq!(portal.desk.reconcile(MORNING, now).await.unwrap().events, [], "no list, no error");
    let open: Vec<String> = ids.iter().chain([&still, &next]).map(ToString::to_string).chain(["gone".into(), "99".into()]).collect();
    let found = portal.desk.follow(&open, now).await.unwrap();
    let found: Vec<String> = found.into_iter().map(|event| event.session).collect();
    assert_eq!(found, ids.iter().map(ToString::to_string).collect::<Vec<_>>());
    let closed = read(&portal, ids[0]).await.unwrap();
    assert_eq!(closed.key, format!("closed:{}", ids[0]));
    let account = portal.desk.look(Some(HOOK)).await.unwrap();
    assert!(account.notes.len() == 1 && account.notes[0].contains("no list of closed conversations"), "{account:?}");
    assert!(account.warnings.is_empty(), "a plan without reports is no fault: {account:?}");
}

#[tokio::test]
async fn how_it_was_closed_is_taken_from_the_list() {
    let portal = Installed::begin().await;
    for (reason, by) in [
        ("operator", CloseBy::Operator),
        ("auto", CloseBy::Timeout),
        ("client", CloseBy::Timeout),
        ("replyLimit", CloseBy::Timeout),
        ("spam", CloseBy::Spam),
    ] {
        let id = portal.stub.lock().open("livechat");
        portal.stub.lock().close(id, reason);
        assert_eq!(closing(read(&portal, id).await.unwrap()).by, by, "{reason}");
    }
    let bot = portal.stub.lock().open("livechat");
    portal.stub.lock().sessions.get_mut(&bot).unwrap().messages.retain(|message| message.sender != ANN);
    portal.stub.lock().says(bot, BOT, "");
    portal.stub.lock().close(bot, "operator");
    assert_eq!(closing(read(&portal, bot).await.unwrap()).by, CloseBy::Bot);
}

#[tokio::test]
async fn a_conversation_that_is_not_in_the_list_yet_is_read_again_and_not_for_ever() {
    let portal = Installed::begin().await;
    let id = portal.stub.lock().open("livechat");
    portal.stub.lock().close(id, "spam");
    portal.stub.lock().lags = true;
    let not_yet = read(&portal, id).await.unwrap_err();
    assert!(not_yet.kind == "not_yet" && matches!(not_yet.verdict, Verdict::RetryAfter(_)));
    portal.stub.lock().lags = false;
    assert_eq!(closing(read(&portal, id).await.unwrap()).by, CloseBy::Spam);
    portal.stub.lock().lags = true;
    let told = portal.stub.lock().now;
    let later = told + 20_000;
    assert_eq!(portal.desk.read(&id.to_string(), told, later).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_client_who_rated_there_is_not_asked_again_and_their_rating_can_be_brought_over() {
    let portal = Installed::begin().await;
    for rated in [0, 5, 1] {
        let id = portal.stub.lock().open("livechat");
        portal.stub.lock().sessions.get_mut(&id).unwrap().rated = rated;
        portal.stub.lock().close(id, "operator");
        for reports in [true, false] {
            portal.stub.lock().reports = reports;
            assert_eq!(closing(read(&portal, id).await.unwrap()).already_rated, rated != 0);
        }
        portal.stub.lock().reports = true;
    }
    let page = portal.desk.native_ratings(MORNING, None).await.unwrap();
    let scores: Vec<u8> = page.ratings.iter().map(|rating| rating.score).collect();
    assert_eq!((scores, page.next), (vec![1, 0], None));
    portal.stub.lock().reports = false;
    assert_eq!(portal.desk.native_ratings(MORNING, None).await.unwrap_err().kind, "no_reports");
}

#[tokio::test]
async fn a_client_is_reached_through_the_connection_of_their_channel() {
    let portal = Installed::begin().await;
    for (connector, means) in [
        ("mychat", vec![Means::Connection("own-chat".into())]),
        ("telegrambot", vec![Means::Messenger]),
        // The ids of the site's chat mean nothing elsewhere.
        ("livechat", vec![]),
    ] {
        let id = portal.stub.lock().open(connector);
        portal.stub.lock().close(id, "operator");
        let reach = closing(read(&portal, id).await.unwrap()).chat.reach;
        assert_eq!(reach.iter().map(|way| way.by.clone()).collect::<Vec<_>>(), means, "{connector}");
        if connector == "telegrambot" {
            assert!(reach[0].address.chat.starts_with("5550"));
        }
    }
}

#[tokio::test]
async fn what_operators_write_makes_a_conversation_known_whose_start_was_not_told() {
    let portal = Installed::begin().await;
    let id = portal.stub.lock().open("mychat");
    let mut posted = portal.posted();
    posted.retain(|request| String::from_utf8_lossy(&request.body).contains("MESSAGEADD"));
    for _ in 0..5 {
        portal.stub.lock().says(id, ANN, "");
    }
    posted.extend(portal.posted());
    let mut keys: Vec<String> =
        posted.iter().flat_map(|request| portal.desk.receive(request).unwrap().events).map(|event| event.key).collect();
    keys.dedup();
    assert_eq!((posted.len(), keys.len()), (6, 1), "it is read once an hour at most");
    let opened = hear(&portal, posted[..1].to_vec()).await;
    assert_eq!(opened[0].key, format!("opened:{id}"));
}

#[tokio::test]
async fn what_the_client_writes_after_the_end_is_another_conversation() {
    let portal = Installed::begin().await;
    let first = portal.stub.lock().open("livechat");
    portal.stub.lock().close(first, "operator");
    let chat = portal.stub.lock().sessions[&first].chat;
    let second = portal.stub.lock().begin(chat, "livechat");
    portal.stub.lock().says(second, CLIENT, "");
    assert_eq!(read(&portal, first).await.unwrap().key, format!("closed:{first}"));
    assert_eq!(read(&portal, second).await.unwrap().key, format!("opened:{second}"));
}

#[tokio::test]
async fn the_bucket_and_the_running_time_say_when_to_come_back() {
    let portal = Installed::begin().await;
    portal.stub.lock().full = 1;
    assert_eq!(portal.desk.reconcile(MORNING, MORNING).await.unwrap_err().verdict, Verdict::RetryAfter(1_000));
    portal.stub.play(Remote::Throttled(240_000)).await;
    let blocked = portal.desk.reconcile(MORNING, MORNING).await.unwrap_err();
    assert!(matches!(blocked.verdict, Verdict::RetryAfter(ms) if (240_000..=241_000).contains(&ms)), "{blocked:?}");
}

#[tokio::test]
async fn the_clients_mail_and_phone_are_those_of_their_record() {
    let ways = |closing: &Closing| {
        let shown = closing.chat.reach.iter().map(|way| format!("{:?} {}", way.by, way.address.chat));
        shown.collect::<Vec<_>>().join(", ")
    };
    for (records, expected) in [
        ("LEAD|0|COMPANY|0|CONTACT|43|DEAL|0", "Email johnsmith@example.mailing, Phone 0151 23456789, Phone +1 333 333 3555"),
        ("LEAD|1205|COMPANY|0|CONTACT|0|DEAL|0", "Email lead@example.com"),
        ("LEAD|1205|COMPANY|12|CONTACT|43|DEAL|0", "Email johnsmith@example.mailing, Phone 0151 23456789, Phone +1 333 333 3555"),
        ("LEAD|0|COMPANY|0|CONTACT|0|DEAL|9", "Email johnsmith@example.mailing, Phone 0151 23456789, Phone +1 333 333 3555"),
        ("LEAD|0|COMPANY|12|CONTACT|0|DEAL|0", ""),
        ("LEAD|999|COMPANY|0|CONTACT|0|DEAL|0", ""),
        ("LEAD|0|COMPANY|0|CONTACT|0|DEAL|0", ""),
    ] {
        let portal = Installed::begin().await;
        portal.stub.lock().records = records;
        let id = portal.stub.lock().open("livechat");
        portal.stub.lock().close(id, "operator");
        assert_eq!(ways(&closing(read(&portal, id).await.unwrap())), expected, "{records}");
    }
}

#[tokio::test]
async fn without_the_permission_for_records_closes_are_read_and_the_lack_is_named() {
    let portal = Installed::begin().await;
    portal.stub.lock().records = "LEAD|0|COMPANY|0|CONTACT|43|DEAL|0";
    portal.stub.lock().scopes = vec!["imopenlines", "im", "imconnector"];
    let id = portal.stub.lock().open("livechat");
    portal.stub.lock().close(id, "operator");
    assert!(closing(read(&portal, id).await.unwrap()).chat.reach.is_empty());
    let warned = async |settings| node(settings, &portal.safe).look(Some(HOOK)).await.unwrap().warnings.join("\n");
    let mut without = settings(&portal.stub.url());
    assert!(warned(without.clone()).await.contains("lacks the permission crm"));
    without["crm"] = json!(false);
    assert!(!warned(without).await.contains("crm"));
}

/// All that says how a conversation ended are codes: a portal in any language is read alike.
#[tokio::test]
async fn every_reason_of_a_close_is_a_code_and_its_words_are_not_read() {
    for (reason, by) in [
        ("operator", CloseBy::Operator),
        ("auto", CloseBy::Timeout),
        ("client", CloseBy::Timeout),
        ("replyLimit", CloseBy::Timeout),
        ("spam", CloseBy::Spam),
    ] {
        let portal = Installed::begin().await;
        let id = portal.stub.lock().open("livechat");
        portal.stub.lock().close(id, reason);
        // The text of every message of the stub is one and the same.
        assert_eq!(closing(read(&portal, id).await.unwrap()).by, by, "{reason}");
    }
}
