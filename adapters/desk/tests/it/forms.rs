//! The forms in which a close is taken, and who may send it.

use crate::wire::{NOW, config, desk, request, signed};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lastword_contract::{Closing, Desk, DeskEvent, DeskEventKind, Means, RawRequest, Rejected};
use lastword_desk::AnyDesk;
use reqwest::Client;
use serde_json::{Value, json};

const KEY: &str = "a-key-that-is-long-enough-to-be-one";

fn heard(body: &Value) -> Vec<DeskEvent> {
    desk().receive(&signed("evt-1", body.to_string().as_bytes())).unwrap().events
}

fn close(data: Value) -> (DeskEvent, Closing) {
    let event = heard(&json!({"type": "session.closed", "data": data})).remove(0);
    match event.kind.clone() {
        DeskEventKind::Closed(closing) => (event, *closing),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_cloud_event_and_a_bare_close_are_taken_too() {
    let data = json!({"session": "17", "line": "support", "closed_at": "2026-11-22T09:19:47Z"});
    let standard = heard(&json!({"type": "session.closed", "timestamp": "2026-11-22T09:19:48Z", "data": data}));
    let structured = heard(&json!({"specversion": "1.0", "id": "evt-1", "source": "/desk", "type": "session.closed", "data": data}));
    let bare = heard(&data);
    assert_eq!((&standard[0].kind, &standard[0].at, &standard[0].key), (&structured[0].kind, &structured[0].at, &structured[0].key));
    assert_eq!((&standard[0].kind, &standard[0].key), (&bare[0].kind, &"evt-1".to_owned()));

    let key = AnyDesk::new(config(json!({ "key": KEY })), Client::new()).unwrap();
    let authorization = format!("Bearer {KEY}");
    let headers = [
        ("ce-id", "ce-7"),
        ("ce-type", "com.example.session.reopened"),
        ("ce-time", "2026-11-22T09:19:47Z"),
        ("authorization", authorization.as_str()),
    ];
    let binary = key.receive(&request(&headers, br#"{"session":"17"}"#, NOW)).unwrap().events.remove(0);
    assert_eq!((binary.key.as_str(), binary.at, binary.kind), ("ce-7", 1_795_339_187_000, DeskEventKind::Reopened));
}

#[test]
fn names_are_read_in_the_character_set_of_the_desk() {
    let name = |kind: &str, body: &[u8]| {
        let key = AnyDesk::new(config(json!({ "key": KEY })), Client::new()).unwrap();
        let headers = [("x-api-key", KEY), ("content-type", kind)];
        let event = key.receive(&request(&headers, body, NOW)).unwrap().events.remove(0);
        let DeskEventKind::Closed(closing) = event.kind else { panic!("{body:?}") };
        (closing.chat.client_name.unwrap(), event.notes.iter().any(|note| note.contains("windows-125")))
    };
    let latin = b"{\"session\":\"1\",\"client_name\":\"J\xfcrgen M\xfcller\"}";
    assert_eq!(name("application/json", latin), ("Jürgen Müller".to_owned(), true));
    let cyrillic = b"session=1&client_name=%CC%E0%F0%E8%FF+%CF%E5%F2%F0%EE%E2%E0";
    assert_eq!(name("application/x-www-form-urlencoded; charset=windows-1251", cyrillic).0, "Мария Петрова");
    assert_eq!(name("application/x-www-form-urlencoded", cyrillic).0, "Мария Петрова");
    assert_eq!(name("application/x-www-form-urlencoded", "session=1&client_name=J%C3%BCrgen".as_bytes()), ("Jürgen".to_owned(), false));
}

#[test]
fn lists_are_read_with_whatever_is_around_them() {
    let (one, other) = (json!({ "session": "1", "closed_at": 1_795_339_187 }), json!({ "session": "2", "closed_at": 1_795_339_188 }));
    for body in [
        json!([one, other]),
        json!({ "events": [one, other] }),
        json!({ "type": "session.closed", "id": "batch-7", "data": [one, other] }),
        json!({ "page": 1, "items": [{ "type": "session.closed", "data": one }, other] }),
    ] {
        let sessions: Vec<String> = heard(&body).into_iter().map(|event| event.session).collect();
        assert_eq!(sessions, ["1", "2"], "{body}");
    }
    let reopened = heard(&json!({ "type": "session.reopened", "data": [{ "session": "1" }, { "session": "2" }] }));
    assert!(reopened.iter().all(|event| event.kind == DeskEventKind::Reopened) && reopened[0].key != reopened[1].key, "{reopened:?}");
    // A chat may have lists of its own.
    assert_eq!(heard(&json!({ "session": "9", "events": [{ "a": 1 }], "items": [{ "b": 2 }] }))[0].session, "9");
}

#[test]
fn a_close_is_not_lost_over_its_form() {
    let (event, closing) = close(json!({
        "session": 17, "line": " support ", "closed_at": 1_795_339_187, "opened_at": null, "closed_by": "Agent", "closed_by_id": 3,
        "operator": {"id": 3, "name": "  Ann\tLee "}, "operators": [3, {"id": 4, "type": "bot"}, null, {}], "client": 9007199254740993_i64,
        "client_name": "", "client_email": "Jane <jane@example.com>", "client_phone": "+1 (555) 010-9999", "language": "pt_BR",
        "operator_messages": "2", "client_messages": 3.0, "unknown": {"deep": [1]}, "ask": "false", "already_rated": 0,
    }));
    assert_eq!((event.session.as_str(), event.at, event.key.as_str()), ("17", 1_795_339_187_000, "evt-1"));
    let chat = &closing.chat;
    assert_eq!(
        (chat.queue.as_deref(), chat.client.as_deref(), chat.client_name.as_deref()),
        (Some("support"), Some("9007199254740993"), None)
    );
    assert_eq!(chat.operator.as_ref().and_then(|one| one.name.as_deref()), Some("Ann Lee"));
    assert_eq!(chat.operators.iter().map(|one| (one.id.as_str(), one.program)).collect::<Vec<_>>(), [("3", false), ("4", true)]);
    let ways: Vec<_> = chat.reach.iter().map(|way| (way.by.clone(), way.address.chat.as_str())).collect();
    assert_eq!(ways, [(Means::Email, "jane@example.com"), (Means::Phone, "+15550109999")]);
    assert_eq!((chat.language.as_deref(), chat.operator_messages, chat.client_messages), (Some("pt-BR"), Some(2), Some(3)));
    assert_eq!((closing.ask, closing.already_rated), (Some(false), false));
    assert!(event.notes.iter().any(|note| note.starts_with("client_email")), "{:?}", event.notes);
}

#[test]
fn a_close_without_times_or_ids_is_one_event_however_often_it_comes() {
    let key = AnyDesk::new(config(json!({ "key": KEY })), Client::new()).unwrap();
    let post = |body: &str, at| key.receive(&request(&[("x-api-key", KEY)], body.as_bytes(), at)).unwrap().events.remove(0);
    let (first, again) = (post(r#"{"session":"17"}"#, NOW), post(r#"{"session":"17"}"#, NOW + 60_000));
    assert_eq!(first.key, again.key);
    assert!(first.notes[0].contains("moment of arrival"));
    assert_ne!(post(r#"{"session":"18"}"#, NOW).key, first.key);
    let timed = post(r#"{"session":"17","closed_at":1795339187}"#, NOW);
    assert_eq!(timed.key, post(r#"{"session":17, "closed_at":"2026-11-22T09:19:47Z"}"#, NOW).key, "the same chat at the same time");
}

#[test]
fn a_list_is_taken_as_its_events() {
    let events = heard(&json!([{"session": 1, "closed_at": 1_795_339_187}, {"type": "session.reopened", "data": {"session": 2}}]));
    let keys: Vec<_> = events.iter().map(|event| (event.session.as_str(), event.key.as_str())).collect();
    assert_eq!(keys, [("1", "evt-1:0"), ("2", "evt-1:1")]);
}

fn taken(content_type: &str, body: &str) -> Result<Vec<DeskEvent>, Rejected> {
    let key = AnyDesk::new(config(json!({ "key": KEY })), Client::new()).unwrap();
    key.receive(&request(&[("x-api-key", KEY), ("content-type", content_type)], body.as_bytes(), NOW)).map(|heard| heard.events)
}

fn closed(event: &DeskEvent) -> &Closing {
    match &event.kind {
        DeskEventKind::Closed(closing) => closing,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_list_with_one_entry_that_cannot_be_used_keeps_the_others() {
    let bad = [
        r#"[{"session":"901","closed_at":1795339187},{"closed_at":1},{"session":"902","closed_at":1795339187}]"#,
        r#"[{"session":"901"},{"client_name":"Joe "J" S","session":"7"},{"session":"902"}]"#,
        "{\"session\":\"901\"}\n{\"closed_at\":1}\n{\"session\":\"902\"}\n",
    ];
    for body in bad {
        let events = taken("application/json", body).unwrap();
        let kinds: Vec<_> = events.iter().map(|event| (event.session.as_str(), format!("{:?}", event.kind))).collect();
        assert_eq!(kinds.len(), 3, "{body}: {kinds:?}");
        assert_eq!((kinds[0].0, kinds[2].0), ("901", "902"), "{body}");
        let DeskEventKind::Unusable { why } = &events[1].kind else { panic!("{body}: {kinds:?}") };
        assert!(why.starts_with("[1]: ") && (why.contains("data.session") || why.contains("chat 7")), "{why}");
    }
}

#[test]
fn json_that_a_template_broke_is_a_close_and_says_what_was_mended() {
    for (body, noted) in [
        ("{\"session\":\"j9\",\"client_name\":\"Joe\nSmith\"}", "line feeds"),
        (r#"{"session":"j9","closed_at":,"operator":{"id":7,},}"#, "nothing filled"),
        (r#"{"session":"j9","client_name":"Jane \ud83d"}"#, "halves"),
        (r#"{"session":"j9","closed_at":{{ticket.closed_at}}}"#, "nothing filled"),
    ] {
        let event = taken("application/json", body).unwrap_or_else(|error| panic!("{body}: {error}")).remove(0);
        closed(&event);
        assert_eq!(event.session, "j9");
        assert!(event.notes.iter().any(|note| note.starts_with("body: ") && note.contains(noted)), "{body}: {:?}", event.notes);
    }
    let Err(Rejected::Unreadable(why)) = taken("application/json", r#"{"client_name":"Joe "Jack" Smith","session":"j9"}"#) else {
        panic!()
    };
    assert!(why.contains("(chat j9)") && why.contains("escape"), "{why}");
}

#[test]
fn a_form_is_taken_as_a_close() {
    let multipart = "--xx\r\nContent-Disposition: form-data; name=\"session\"\r\n\r\nj9\r\n--xx\r\nContent-Disposition: form-data; \
                     name=\"operator[id]\"\r\n\r\n7\r\n--xx\r\nContent-Disposition: form-data; name=\"client_email\"\r\n\r\njane@example.com\r\n--xx--\r\n";
    for (kind, body) in [
        ("application/x-www-form-urlencoded", "session=j9&operator=7&client_email=jane%40example.com"),
        ("text/plain", "session=j9&operator[id]=7&client_email=jane@example.com"),
        (
            "application/x-www-form-urlencoded; charset=utf-8",
            "type=session.closed&data[session]=j9&data[operator][id]=7&data[client_email]=jane%40example.com",
        ),
        (
            "application/x-www-form-urlencoded",
            "payload=%7B%22session%22%3A%22j9%22%2C%22operator%22%3A7%2C%22client_email%22%3A%22jane%40example.com%22%7D",
        ),
        // What curl says of JSON when nobody says otherwise.
        ("application/x-www-form-urlencoded", r#"{"session":"j9","operator":7,"client_email":"jane@example.com"}"#),
        ("multipart/form-data; boundary=xx", multipart),
    ] {
        let event = taken(kind, body).unwrap_or_else(|error| panic!("{body}: {error}")).remove(0);
        let chat = &closed(&event).chat;
        assert_eq!((event.session.as_str(), chat.operator.as_ref().map(|one| one.id.as_str())), ("j9", Some("7")), "{body}");
        assert_eq!(chat.reach[0].address.chat, "jane@example.com", "{body}");
    }
    let list = taken(
        "application/x-www-form-urlencoded",
        "session=1&tags[]=a&tags[]=b&operators[0][id]=7&operators[0][name]=Ann&operators[1][id]=8",
    )
    .unwrap();
    let chat = &closed(&list[0]).chat;
    assert_eq!((chat.labels.clone(), chat.operators.len()), (vec!["a".to_owned(), "b".to_owned()], 2));
    assert!(list[0].notes[0].contains("form"), "{:?}", list[0].notes);
}

#[test]
fn names_are_read_without_the_entities_of_a_page() {
    let (event, closing) = close(json!({
        "session": "a&amp;b", "line": "R&amp;D", "client_name": "Joe &amp; Ann", "operator": {"id": 7, "name": "Ren&eacute;e O&#039;Hara"},
        "tags": ["Q&amp;A"], "link": "https://desk.example.com/?a=1&amp;b=2",
    }));
    let chat = &closing.chat;
    assert_eq!((chat.client_name.as_deref(), chat.queue.as_deref()), (Some("Joe & Ann"), Some("R&D")));
    assert_eq!(chat.operator.as_ref().and_then(|one| one.name.as_deref()), Some("Renée O'Hara"));
    assert_eq!((chat.labels[0].as_str(), chat.page.as_deref()), ("Q&A", Some("https://desk.example.com/?a=1&b=2")));
    assert_eq!(event.session, "a&amp;b", "an id stays as it is");
    assert!(event.notes.iter().any(|note| note.starts_with("client_name") && note.contains("HTML")), "{:?}", event.notes);
}

#[test]
fn what_names_no_chat_is_unreadable_and_says_what_to_send() {
    for body in ["{}", "[1]", "null", r#"{"data":{"session":""}}"#, r#"{"data":{"session":"{{ticket.id}}"}}"#, "not json"] {
        match desk().receive(&signed("1", body.as_bytes())) {
            Err(Rejected::Unreadable(why)) => assert!(why.contains("data.session") || why.contains("no JSON"), "{why}"),
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[test]
fn a_caller_is_proved_by_any_of_the_proofs_that_are_set() {
    let path = "k3pOqvQ8yT0cWb6Zs1Xh9fLr";
    let all = AnyDesk::new(config(json!({"secret": crate::wire::SECRET, "key": KEY, "path": path})), Client::new()).unwrap();
    let basic = format!("Basic {}", STANDARD.encode(format!("desk:{KEY}")));
    let bearer = format!("bearer {KEY}");
    let body = br#"{"session":"17"}"#;
    for header in [
        ("authorization", bearer.as_str()),
        ("authorization", basic.as_str()),
        ("authorization", KEY),
        ("x-api-key", KEY),
        ("x-lastword-path", path),
    ] {
        assert!(all.receive(&request(&[header], body, NOW)).is_ok(), "{header:?}");
    }
    assert!(all.receive(&signed("1", body)).is_ok());
    for header in
        [("authorization", "Bearer wrong"), ("authorization", "Basic x"), ("x-api-key", path), ("x-lastword-path", KEY), ("cookie", KEY)]
    {
        assert!(matches!(all.receive(&request(&[header], body, NOW)), Err(Rejected::Unsigned(_))), "{header:?}");
    }
    let key_alone = AnyDesk::new(config(json!({ "key": KEY })), Client::new()).unwrap();
    assert!(matches!(key_alone.receive(&signed("1", body)), Err(Rejected::Unsigned(_))), "a proof that is not set proves nothing");
}

#[test]
fn the_answer_is_what_the_connection_says() {
    let replying = AnyDesk::new(config(json!({"key": KEY, "reply": r#"{"result":"ok"}"#})), Client::new()).unwrap();
    let get = RawRequest { method: "GET".to_owned(), ..request(&[("x-api-key", KEY)], b"", NOW) };
    for request in [request(&[("x-api-key", KEY)], br#"{"session":"17"}"#, NOW), get] {
        assert_eq!(replying.receive(&request).unwrap().reply, r#"{"result":"ok"}"#);
    }
    assert_eq!(desk().receive(&signed("1", br#"{"session":"17"}"#)).unwrap().reply, "");
}

#[test]
fn settings_that_prove_nobody_are_refused_with_the_remedy() {
    let wrong = |value| AnyDesk::new(config(value), Client::new()).unwrap_err();
    assert!(wrong(json!({})).contains("openssl rand"));
    assert!(wrong(json!({"key": "short"})).contains("24 bytes"));
    assert!(wrong(json!({"path": "a/path/with/slashes/in/it/yes"})).contains("letters, digits"));
    assert!(wrong(json!({"secret": "whsec_!!"})).contains("base64"));
}
