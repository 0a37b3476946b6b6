//! Events about chats, where Rocket.Chat differs from other desks.

use crate::desk::{AtRocketChat, MORNING};
use crate::stub::{ANN, BEN, OWL, entity_of, signed};
use lastword_contract::kit::desks::DeskHarness;
use lastword_contract::{CloseBy, Closing, Desk, DeskEvent, DeskEventKind, Means, RawRequest, Verdict};
use serde_json::json;

impl AtRocketChat {
    fn told(&self, requests: &[RawRequest]) -> Vec<DeskEvent> {
        requests.iter().flat_map(|request| self.desk.receive(request).unwrap().events).collect()
    }

    async fn read(&self, session: &str) -> Closing {
        let read = self.desk.read(session, 0, self.now()).await.unwrap();
        let [DeskEvent { kind: DeskEventKind::Closed(closing), .. }] = &read[..] else { panic!("{read:?}") };
        (**closing).clone()
    }
}

#[tokio::test]
async fn the_test_sample_is_answered_and_asks_nobody() {
    let at = AtRocketChat::start().await;
    let sample = json!({
        "type": "LivechatSession", "_id": "fasd6f5a4sd6f8a4sdf", "label": "title", "createdAt": "2026-11-22T08:00:00.000Z",
        "visitor": { "_id": "", "email": "email@address.com" }, "agent": { "_id": "asdf89as6df8" }, "messages": [],
    });
    let heard = at.desk.receive(&signed(sample.to_string().as_bytes(), MORNING)).unwrap();
    assert_eq!((heard.events.len(), heard.reply.as_str()), (0, "{}"), "what it is answered is kept at a room");
}

#[tokio::test]
async fn a_close_is_read_once_however_often_it_is_told_and_an_edit_is_none() {
    let at = AtRocketChat::start().await;
    let (room, _) = at.open().await;
    at.stub.lock().close(&room, ANN);
    let posted = at.posted();
    let told = at.told(&[posted.clone(), posted].concat());
    assert_eq!(told.len(), 2);
    assert_eq!((&told[0].key, told[0].at), (&told[1].key, told[1].at));
    let found = at.desk.reconcile(MORNING, at.now()).await.unwrap().events;
    assert_eq!(found[0].key, told[0].key, "found, it is not read once more: calls are counted");
    at.stub.lock().edit(&room);
    let edited = at.told(&at.posted());
    assert!(matches!(&edited[..], [DeskEvent { kind: DeskEventKind::Other { kind }, .. }] if kind == "LivechatEdit"), "{edited:?}");
}

#[tokio::test]
async fn who_writes_into_a_closed_room_begins_another_chat() {
    let at = AtRocketChat::start().await;
    let (room, _) = at.open().await;
    at.stub.lock().close(&room, ANN);
    at.posted();
    let next = at.stub.lock().says(&room, "visitor", "5");
    let told = at.told(&at.posted());
    assert!(told.iter().all(|event| event.session == next && event.session != room));
    assert!(matches!(told[0].kind, DeskEventKind::Opened(_)));
    assert_eq!(at.read(&room).await.chat.client_messages, Some(1), "the room that is closed stays as it was");
    let read = at.desk.read(&next, 0, at.now()).await.unwrap();
    assert!(matches!(read[0].kind, DeskEventKind::Reassigned { .. }), "and the other one is open: {read:?}");
}

#[tokio::test]
async fn a_supervisor_who_closes_is_named_and_not_credited() {
    let at = AtRocketChat::start().await;
    let (room, _) = at.open().await;
    at.stub.lock().close(&room, BEN);
    let closing = at.read(&room).await;
    assert_eq!((closing.by, closing.by_person.unwrap().id.as_str()), (CloseBy::Operator, BEN));
    assert_eq!(closing.chat.operator.unwrap().id, ANN);
    assert_eq!(closing.chat.operators.iter().map(|person| person.id.as_str()).collect::<Vec<_>>(), [ANN]);
}

#[tokio::test]
async fn what_the_server_says_by_itself_is_nobodys_word() {
    let at = AtRocketChat::start().await;
    let (room, _) = at.open().await;
    at.stub.lock().says(&room, "rocket.cat", "All our agents are busy");
    at.stub.lock().says(&room, OWL, "I am a bot");
    at.stub.lock().close(&room, "rocket.cat");
    let closing = at.read(&room).await;
    assert_eq!((closing.by, closing.by_person), (CloseBy::Timeout, None));
    let wrote: Vec<(&str, bool)> = closing.chat.operators.iter().map(|person| (person.id.as_str(), person.program)).collect();
    assert_eq!((wrote, closing.chat.operator_messages), (vec![(ANN, false), (OWL, true)], Some(2)));
}

#[tokio::test]
async fn a_chat_that_is_forwarded_says_to_whom_and_never_takes_a_program_for_a_person() {
    let at = AtRocketChat::start().await;
    let (room, opening) = at.open().await;
    let told = at.told(&opening);
    let DeskEventKind::Opened(chat) = &told[0].kind else { panic!("{told:?}") };
    let ways: Vec<&str> = chat.reach.iter().map(|way| way.address.chat.as_str()).collect();
    assert_eq!((chat.operator.as_ref(), chat.queue.as_deref(), ways), (None, Some("dSales"), vec!["jane@example.com", "+1 555 123 4567"]));
    for (to, department, operator) in [(BEN, "dSales", Some(BEN)), (BEN, "dBilling", Some(BEN)), (OWL, "dBilling", None)] {
        at.stub.lock().forward(&room, to, Some(department));
        let posted = at.posted();
        let told = at.told(&[posted.clone(), posted].concat());
        assert_eq!(told[0].key, told[1].key, "told twice, it is read once");
        let read = at.desk.read(&room, told[0].at, at.now()).await.unwrap();
        let DeskEventKind::Reassigned { operator: named, queue } = &read[0].kind else { panic!("{read:?}") };
        assert_eq!((named.as_ref().map(|one| one.id.as_str()), queue.as_deref()), (operator, Some(department)));
    }
}

#[tokio::test]
async fn the_channel_of_a_room_is_its_queue_where_that_is_wanted_and_where_it_has_no_department() {
    let whatsapp = json!({ "type": "app", "id": "app-wa", "alias": "WhatsApp Cloud", "label": "WhatsApp", "destination": "+1 555 000" });
    for (queue, department, wanted) in
        [("department", Some("dSales"), "dSales"), ("department", None, "whatsapp-cloud"), ("channel", Some("dSales"), "whatsapp-cloud")]
    {
        let at = AtRocketChat::with(json!({ "queue": queue })).await;
        let room = at.stub.lock().open_through(whatsapp.clone(), department);
        at.stub.lock().close(&room, ANN);
        let chat = at.read(&room).await.chat;
        assert_eq!(chat.queue.as_deref(), Some(wanted), "{queue}");
        let ways: Vec<(&Means, String)> = chat.reach.iter().map(|way| (&way.by, way.address.chat.clone())).collect();
        let wanted = [
            (&Means::Messenger, entity_of(&room)),
            (&Means::Email, "jane@example.com".to_owned()),
            (&Means::Phone, "+1 555 123 4567".to_owned()),
        ];
        assert_eq!(ways, wanted);
        assert_eq!(chat.page, Some(format!("{}/live/{room}", at.stub.url())));
    }
}

#[tokio::test]
async fn a_limit_of_calls_holds_up_a_look_and_loses_none() {
    let at = AtRocketChat::start().await;
    let rooms: Vec<String> = (0..25).map(|_| at.stub.lock().open()).collect();
    for room in &rooms {
        at.stub.lock().close(room, ANN);
    }
    at.stub.lock().limit = Some(10);
    at.stub.lock().roles = vec!["livechat-manager"];
    let (mut closed, mut waited) = (0, 0);
    for room in &rooms {
        loop {
            match at.desk.read(room, 0, at.now()).await {
                Ok(events) => break closed += events.len(),
                Err(error) => {
                    let Verdict::RetryAfter(wait) = error.verdict else { panic!("{error}") };
                    assert!((1_000..=60_000).contains(&wait), "{wait}");
                    waited += 1;
                    at.stub.lock().now += wait;
                }
            }
        }
    }
    assert_eq!((closed, waited, at.stub.lock().too_many), (25, 2, 2), "ten a minute, and no call in vain");
}

#[tokio::test]
async fn a_room_that_was_deleted_says_nothing() {
    let at = AtRocketChat::start().await;
    for session in ["Rgone", "", "../../users.list", "a b"] {
        assert!(at.desk.read(session, 0, MORNING).await.unwrap().is_empty(), "{session}");
    }
}

#[tokio::test]
async fn more_than_three_hundred_lost_closes_are_found_page_by_page() {
    let at = AtRocketChat::start().await;
    for _ in 0..450 {
        let room = at.stub.lock().open();
        at.stub.lock().close(&room, ANN);
    }
    let (mut from, mut found) = (MORNING, std::collections::BTreeSet::new());
    for _ in 0..3 {
        let looked = at.desk.reconcile(from, at.now()).await.unwrap();
        found.extend(looked.events.into_iter().map(|event| event.session));
        from = looked.until;
    }
    assert_eq!((found.len(), from), (450, at.now()));
}

#[tokio::test]
async fn payloads_as_they_were_captured_are_read() {
    let at = AtRocketChat::start().await;
    let events = |body: serde_json::Value| at.desk.receive(&signed(body.to_string().as_bytes(), MORNING)).unwrap().events;
    let started = |phone: serde_json::Value| {
        let body = json!({
            "type": "LivechatSessionStart", "_id": "cKwSuP4eqyrbuBCjF", "label": "Joe &amp; Ann", "createdAt": "2026-11-22T08:00:00.000Z",
            "visitor": { "_id": "v1", "token": "t", "name": "Joe &amp; Ann", "email": [{ "address": "joe@example.com" }], "phone": phone },
            "messages": [{ "u": { "_id": "v1", "username": "guest-1", "name": "Joe" }, "username": "guest-1", "msg": "Hi", "ts": "2026-11-22T08:00:00.000Z" }],
        });
        match events(body).remove(0).kind {
            DeskEventKind::Opened(chat) => *chat,
            other => panic!("{other:?}"),
        }
    };
    // A text in 2023, a list in 2021.
    for (phone, digits) in [
        (json!("+55 11 98888-0000"), Some("+55 11 98888-0000")),
        (json!([{ "phoneNumber": "+55 11 98888-0000" }]), Some("+55 11 98888-0000")),
        (json!("11 98888-0000"), Some("11 98888-0000")),
        (json!(null), None),
    ] {
        let chat = started(phone.clone());
        let known = chat.reach.iter().find(|way| way.by == Means::Phone).map(|way| way.address.chat.as_str());
        assert_eq!((known, chat.client_name.as_deref()), (digits, Some("Joe & Ann")), "{phone}");
    }
    // Neither who closed nor when, and a closing message that is the text "true": the room is read.
    let closed = events(json!({ "type": "LivechatSession", "_id": "cKwSuP4eqyrbuBCjF", "createdAt": "2026-11-22T08:00:00.000Z",
        "messages": [{ "u": { "_id": "a", "username": "ann" }, "msg": "", "closingMessage": "true", "ts": "2026-11-22T08:10:00.000Z" }] }));
    assert!(matches!(closed[0].kind, DeskEventKind::Changed { .. }) && closed[0].at == MORNING);
    // A message that was left while nobody was there is no chat.
    assert!(
        events(
            json!({ "type": "LivechatOfflineMessage", "sentAt": "2026-11-22T08:00:00.000Z", "visitor": { "name": "Joe" }, "message": "Hi" })
        )
        .is_empty()
    );
}

/// Comments that Rocket.Chat writes on closing are translated (packages/i18n); who closed is told by ids and codes alone.
#[tokio::test]
async fn closing_comments_of_any_language_say_nothing_about_who_closed() {
    for comment in [
        "Closed by visitor",
        "Vom Besucher geschlossen",
        "Закрыто посетителем",
        "Closed automatically due to inactivity",
        "Encerrado automaticamente",
    ] {
        let at = AtRocketChat::start().await;
        let (room, _) = at.open().await;
        at.stub.lock().says(&room, ANN, comment);
        at.stub.lock().close(&room, ANN);
        assert_eq!(at.read(&room).await.by, CloseBy::Operator, "{comment}");
    }
}
