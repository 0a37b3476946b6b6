//! Calls of the desk's own API, and settings of them that cannot work.

use crate::kit::calls;
use crate::stub::{Inside, Stub};
use crate::wire::{NOW, SECRET, config};
use lastword_contract::kit::Remote;
use lastword_contract::{Desk, DeskEventKind, Means, Scale, Verdict, WriteBack};
use lastword_desk::AnyDesk;
use reqwest::Client;
use serde_json::{Value, json};

fn desk(settings: Value) -> AnyDesk {
    AnyDesk::new(config(settings), Client::new()).unwrap()
}

fn rating(session: &str) -> WriteBack {
    WriteBack {
        key: "dlv_1".into(),
        session: session.into(),
        scale: Scale::Binary,
        score: 0,
        low: true,
        text: "👎\nSlow".into(),
        ..Default::default()
    }
}

#[tokio::test]
async fn a_rating_is_written_as_the_settings_say() {
    let stub = Stub::start(Inside::at(NOW)).await;
    let id = stub.lock().open();
    desk(calls(&stub.url())).write_back(&rating(&id)).await.unwrap();
    let ticket = stub.lock().tickets[0].clone();
    assert_eq!((&ticket.fields["rating"], &ticket.fields["low"], &ticket.fields["tier"]), (&json!("👎"), &json!(true), &json!("gold")));
    assert_eq!(ticket.notes, [json!({ "subject": "Rating dlv_1", "text": "👎\nSlow" })]);
}

#[tokio::test]
async fn a_desk_that_searches_for_our_key_decides_by_what_it_finds() {
    let stub = Stub::start(Inside::at(NOW)).await;
    let id = stub.lock().open();
    let mut settings = calls(&stub.url());
    settings["write_back"][1]["unless"] = json!("/api/tickets/{session}/notes?subject={key}&as=Rating {key}");
    let desk = desk(settings);
    for _ in 0..2 {
        desk.write_back(&rating(&id)).await.unwrap();
    }
    assert_eq!(stub.lock().tickets[0].notes.len(), 1);
    assert_eq!(stub.lock().asked, "GET /api/tickets/1/notes?subject=dlv_1&as=Rating%20dlv_1");
}

#[tokio::test]
async fn a_note_whose_answer_was_lost_is_found_and_not_written_again() {
    let stub = Stub::start(Inside::at(NOW)).await;
    let id = stub.lock().open();
    let mut settings = calls(&stub.url());
    settings["write_back"].as_array_mut().unwrap().remove(0);
    let desk = desk(settings);
    stub.play(Remote::Hang).await;
    assert_eq!(desk.write_back(&rating(&id)).await.unwrap_err().verdict, Verdict::CannotKnow);
    stub.play(Remote::Ok).await;
    desk.write_back(&rating(&id)).await.unwrap();
    assert_eq!(stub.lock().tickets[0].notes.len(), 1);
}

#[tokio::test]
async fn no_id_of_a_chat_leads_elsewhere() {
    let stub = Stub::start(Inside::at(NOW)).await;
    let error = desk(calls(&stub.url())).write_back(&rating("../users/1?admin=1#")).await.unwrap_err();
    assert_eq!(error.verdict, Verdict::RecipientGone);
    assert_eq!(stub.lock().asked, "PUT /api/tickets/..%2Fusers%2F1%3Fadmin%3D1%23?");
    stub.lock().asked.clear();
    assert_eq!(desk(calls(&stub.url())).write_back(&rating("..")).await.unwrap_err().verdict, Verdict::RecipientGone);
    assert_eq!(stub.lock().asked, "", "nobody was called");
}

#[tokio::test]
async fn what_is_found_is_what_would_have_been_posted() {
    let stub = Stub::start(Inside::at(NOW)).await;
    let at = {
        let mut inside = stub.lock();
        let id = inside.open();
        let at = inside.tick();
        inside.ticket(&id).unwrap().closed_at = Some(at);
        at
    };
    let found = desk(calls(&stub.url())).reconcile(at - 60_000, at + 1_000).await.unwrap();
    assert_eq!((found.events.len(), found.until), (1, at + 1_000));
    let event = &found.events[0];
    assert_eq!((event.key.as_str(), event.at, event.session.as_str()), (format!("1-{}", at / 1_000).as_str(), at, "1"));
    let DeskEventKind::Closed(closing) = &event.kind else { panic!("{event:?}") };
    let chat = &closing.chat;
    assert_eq!((chat.queue.as_deref(), chat.operator.as_ref().map(|one| one.id.as_str())), (Some("support"), Some("ann")));
    assert_eq!((&chat.reach[0].by, chat.reach[0].address.chat.as_str()), (&Means::Email, "jane@example.com"));
}

#[tokio::test]
async fn an_entry_that_names_no_chat_holds_up_no_other() {
    let stub = Stub::start(Inside::at(NOW)).await;
    for _ in 0..2 {
        let mut inside = stub.lock();
        let id = inside.open();
        let at = inside.tick();
        inside.ticket(&id).unwrap().closed_at = Some(at);
        inside.ticket(&id).unwrap().operator = if id == "1" { "-" } else { "ann" };
    }
    let mut settings = calls(&stub.url());
    settings["reconcile"][0]["event"] = json!(r#"{"type": "session.closed", "data": {"session": "{agent.id}", "closed_at": "{closed}"}}"#);
    let found = desk(settings).reconcile(NOW - 60_000, NOW + 60_000).await.unwrap();
    let kinds: Vec<_> =
        found.events.iter().map(|event| (event.session.as_str(), matches!(event.kind, DeskEventKind::Unusable { .. }))).collect();
    assert_eq!(kinds, [("ann", false), ("", true)]);
}

#[tokio::test]
async fn a_look_says_what_the_desk_says_and_changes_nothing() {
    let stub = Stub::start(Inside::at(NOW)).await;
    let settings = calls(&stub.url());
    assert_eq!(desk(settings.clone()).look(None).await.unwrap().name, "127.0.0.1");
    let with = |key: &str, value: &str| {
        let mut settings = settings.clone();
        settings["reconcile"][0][key] = json!(value);
        desk(settings)
    };
    let elsewhere = with("items", "tickets").look(None).await.unwrap_err();
    assert!(elsewhere.detail.contains("see items"), "{elsewhere}");
    {
        let mut inside = stub.lock();
        let id = inside.open();
        inside.ticket(&id).unwrap().closed_at = Some(1_795_335_700_000);
    }
    let nameless = with("event", r#"{"data": {"session": "{number}"}}"#).look(None).await.unwrap_err();
    assert!(nameless.detail.contains("data.session"), "{nameless}");
    let mut strange = settings.clone();
    strange["token"] = json!("another");
    assert_eq!(desk(strange).look(None).await.unwrap_err().kind, "token_refused");
    assert_eq!(stub.changes(), 0);
    assert_eq!(desk(json!({ "secret": SECRET })).look(None).await.unwrap().name, "", "nobody is asked");
}

#[test]
fn calls_that_cannot_work_are_refused_with_the_remedy() {
    let mut good = calls("https://desk.example.com");
    good["write_back"][1]["form"] = json!({});
    AnyDesk::new(config(good.clone()), Client::new()).unwrap();
    let wrong = |pointer: &str, value: Value| {
        let mut settings = good.clone();
        *settings.pointer_mut(pointer).unwrap() = value;
        AnyDesk::new(config(settings), Client::new()).unwrap_err()
    };
    for (pointer, value, said) in [
        ("/url", json!("desk"), "url is no address"),
        ("/timeout_secs", json!(0), "timeout_secs has to be 1 to 60"),
        ("/per_second", json!(0), "per_second has to be 1 or more"),
        ("/token_header", json!("X Key"), "token_header is no name"),
        ("/write_back/0/call", json!("GET /x"), "write_back[0].call has to be POST, PUT or PATCH"),
        ("/write_back/1/call", json!("POST https://elsewhere.example/x"), "write_back[1].call has to be POST, PUT or PATCH and a path"),
        ("/write_back/1/body", json!("{text}"), "write_back[1].body has to be a JSON object"),
        ("/write_back/1/body", json!(r#"{"a": "{comments}"}"#), "blanks that nothing fills: comments; there are session, key"),
        ("/write_back/1/form", json!({ "text": "{text}" }), "write_back[1].form is set beside body"),
        ("/write_back/1/unless", json!("notes"), "write_back[1].unless has to be a path"),
        ("/reconcile/0/call", json!("/api/tickets"), "reconcile[0].call needs the blank {since}"),
        ("/reconcile/0/call", json!("/api/{id}?{since}"), "other blanks than {since} and {page}"),
        ("/reconcile/0/since", json!("iso"), "reconcile[0].since has to be rfc3339"),
        ("/reconcile/0/event", json!("[]"), "reconcile[0].event has to be a JSON object"),
        ("/write_back", json!(vec![good["write_back"][0].clone(); 11]), "at most 10 calls"),
    ] {
        let problem = wrong(pointer, value);
        assert!(problem.contains(said), "{pointer}: {problem}");
    }
    let idle = AnyDesk::new(config(json!({ "secret": SECRET, "url": "https://desk.example.com" })), Client::new()).unwrap_err();
    assert!(idle.contains("add write_back or reconcile"), "{idle}");
}
