//! Chat rooms as recipients: created on the page and by the API, notified of everything that people are notified of, acknowledged by link,
//! and deleted. The rooms' services are a stub.

use crate::links::visitor::{fill_in, open, send};
use crate::on_both_databases;
use crate::rig::caller::Api;
use crate::rig::house::House;
use crate::rig::stub::{Answer, Seen, Stub};
use crate::rig::world::{PUBLIC_URL, World, messenger, parrot};
use bytes::Bytes;
use lastword::domain::access::audit::By;
use lastword::domain::access::rights::Role;
use lastword::domain::line::{Alerts, LineSettings};
use lastword::domain::question::token::TokenKeys;
use lastword::domain::report::letter::Every;
use lastword::life::Engine;
use lastword::life::admin::change_letter::save_letter;
use lastword::life::admin::change_line::save_recipient;
use lastword::life::alert::test_alert::raise_test;
use lastword::life::connection::reseal::reseal;
use lastword::life::recipient::room::{NamedRoom, ROOMS, at_room};
use lastword::life::report::letter::send_trial;
use lastword::settings::Limits;
use lastword::store::access::audit;
use lastword::store::alert::recipient::{self, Recipient};
use lastword::store::question::delivery;
use lastword::store::report::letter::Letter;
use lastword_contract::{Address, Capabilities, InboundKind, Outgoing, SendError, TextMessage, Verdict};
use lastword_rooms::{Config, Rooms};
use serde_json::{Value, json};
use std::sync::Arc;

on_both_databases! {
    a_room_is_made_by_page_and_told_of_a_low_rating => by_page;
    a_room_is_made_by_program_and_what_is_wrong_with_it_is_named => by_program;
    an_alert_is_acknowledged_by_the_link_in_the_room => acknowledged;
    letters_and_warnings_come_too => letters;
    a_room_that_has_to_wait_holds_no_other_room => throttled;
    a_room_that_is_gone_is_said_by_another_way => gone;
    one_room_is_written_to_once_a_second_by_all_nodes => paced;
    with_a_new_key_rooms_are_still_reached => rekeyed;
}

const SECRET: &str = "T0PSECRETHOOK";
const MINUTE: i64 = 60_000;

fn rooms() -> Arc<Rooms> {
    Arc::new(Rooms::new(&Config { allow_private_networks: true, ..Config::default() }).unwrap())
}

pub(super) async fn world(url: &str) -> World {
    World::on(url, messenger()).await.and(ROOMS, rooms()).await
}

/// Slack as it answers where all is well.
pub(super) fn slack() -> Stub {
    Stub::start(|_| answer(200, "ok"))
}

fn answer(status: u16, body: &'static str) -> Answer {
    Answer::Full(status, Vec::new(), Bytes::from_static(body.as_bytes()))
}

pub(super) fn hook(stub: &Stub, room: &str) -> String {
    format!("{}/services/T1/{room}/{SECRET}", stub.url())
}

/// A room at Slack, kept as a recipient.
pub(super) async fn room(world: &World, id: &str, url: String) {
    let known = Recipient { id: id.to_owned(), name: format!("Room {id}"), created_at: world.now(), ..Recipient::default() };
    let room = at_room(&world.engine, known, NamedRoom { service: "slack".to_owned(), url, token: None }).unwrap();
    assert!(save_recipient(&world.engine, room).await.unwrap());
}

pub(super) async fn told_to(world: &World, recipients: &[&str]) {
    let recipients = recipients.iter().map(|id| (*id).to_owned()).collect();
    world.line_as_it_is(LineSettings { alerts: Alerts { recipients, ..Alerts::default() }, ..LineSettings::default() }).await;
}

pub(super) async fn low(world: &World, session: &str, comment: &str) {
    let (_, question) = world.ask(session).await;
    world.try_tap(&question, "👎").await.unwrap();
    let words = InboundKind::Text(TextMessage::new(comment, question.to.clone()).in_reply_to(format!("m-{}", question.key)));
    world.happens("bot", words).await;
    world.work().await;
}

fn blocks(seen: &Seen) -> Vec<Value> {
    seen.json()["attachments"][0]["blocks"].as_array().unwrap().clone()
}

fn title(seen: &Seen) -> String {
    blocks(seen)[0]["text"]["text"].as_str().unwrap().to_owned()
}

/// The pages of a message: label and address.
fn pages(seen: &Seen) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let actions = blocks(seen).into_iter().find(|block| block["type"] == "actions");
    let buttons = actions.map(|actions| actions["elements"].as_array().unwrap().clone()).unwrap_or_default();
    buttons.iter().map(|button| (text(&button["text"]["text"]), text(&button["url"]))).collect()
}

async fn kept(world: &World, id: &str) -> Recipient {
    recipient::all(&world.engine.db).await.unwrap().into_iter().find(|kept| kept.id == id).expect("kept")
}

async fn by_page(url: String) {
    let stub = slack();
    let house = House::over(world(&url).await, None, Limits::NONE, None);
    let (world, anna) = (&house.world, house.person("anna", Role::Admin, &[]).await);
    let mut browser = house.signed_in(&anna).await;
    let hook = hook(&stub, "B1");
    for (service, url, words) in [
        ("slack", "", "This address cannot be used."),
        ("slack", "https://slack.com/T1", "A Slack hook begins with https://hooks.slack.com/services/."),
        ("teams", "https://contoso.webhook.office.com/webhookb2/x", "Microsoft has switched off connectors"),
        ("opsgenie", "https://api.opsgenie.com/", "Choose a service."),
        ("gotify", "https://push.example.com/", "Gotify wants the token of an application."),
    ] {
        let fields = [("id", "support-room"), ("name", "Support room"), ("kind", "room"), ("room_service", service), ("room_url", url)];
        let answer = browser.send("/recipients", "/recipients", &fields).await;
        assert!(answer.status == 422 && answer.text.contains(words), "{service} {url}: {} {words}", answer.status);
    }
    let fields =
        [("id", "support-room"), ("name", "Support room"), ("kind", "room"), ("room_service", "slack"), ("room_url", hook.as_str())];
    assert_eq!(browser.send("/recipients", "/recipients", &fields).await.leads_to(), "/recipients/support-room");
    told_to(world, &["support-room"]).await;
    let page = browser.get("/recipients/support-room").await.text;
    assert!(page.contains("Slack · 127.0.0.1 …HOOK") && !page.contains(SECRET), "{page}");
    assert!(browser.get("/recipients").await.text.contains("Slack · 127.0.0.1 …HOOK"));

    low(world, "A", "<!channel> Waited an hour\nfor nothing").await;
    let seen = stub.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(title(&seen[0]), "Low rating 👎 on Support");
    let all = blocks(&seen[0]);
    let text = all[1]["text"]["text"].as_str().unwrap();
    assert!(text.contains("Operator: Olga") && !text.contains("Waited") && !text.contains("http"), "{text}");
    let quote = all.last().unwrap()["elements"][0]["elements"][0]["text"].as_str().unwrap();
    assert!(quote.ends_with("Waited an hour\nfor nothing") && !quote.contains("<!channel>"), "the words last, and harmless: {quote}");
    assert_eq!(pages(&seen[0])[0].0, "Open");
    assert!(pages(&seen[0])[0].1.starts_with(&format!("{PUBLIC_URL}ratings/")), "{:?}", pages(&seen[0]));

    // Saved again without its hook, it stays where it is.
    let renamed = [("name", "Chat of support"), ("kind", "room"), ("room_service", "slack"), ("room_url", "")];
    assert_eq!(browser.send("/recipients/support-room", "/recipients/support-room", &renamed).await.leads_to(), "/recipients/support-room");
    raise_test(&world.engine, &By::command(), "support-room", None, world.now()).await.unwrap();
    world.pass(MINUTE).await;
    assert_eq!(stub.seen().len(), 2);
    // Nothing that leads to a room stands in the open: not in its row, its messages or the audit log, and not on any page.
    let filter = audit::Filter { subject_kind: Some("recipient".to_owned()), ..audit::Filter::default() };
    let trail = audit::list(&world.engine.db, &filter, None, 50).await.unwrap();
    let mut said = format!("{:?}{trail:?}", kept(world, "support-room").await);
    for message in delivery::about(&world.engine.db, &["support-room"]).await.unwrap() {
        said.push_str(&format!("{message:?}"));
    }
    said.push_str(&browser.get("/deliveries").await.text);
    said.push_str(&browser.get("/recipients/support-room").await.text);
    assert!(!said.contains(SECRET) && !said.contains("/services/T1"), "{said}");
}

async fn by_program(url: String) {
    let stub = slack();
    let api = Api::over(world(&url).await).await;
    let put = async |body: Value| api.put("/v1/recipients/room", &body).await;
    for (body, field) in [
        (json!({ "name": "R", "kind": "room" }), "room"),
        (json!({ "name": "R", "kind": "room", "room": { "service": "icq", "url": "https://icq.example" } }), "room.service"),
        (json!({ "name": "R", "kind": "room", "room": { "service": "slack", "url": "http://127.0.0.1/nothing" } }), "room.url"),
        (json!({ "name": "R", "kind": "room", "room": { "service": "pagerduty", "token": "short" } }), "room.token"),
        (json!({ "name": "R", "kind": "room", "connection": "staff", "room": { "service": "slack", "url": hook(&stub, "B") } }), "room"),
        (json!({ "name": "R", "kind": "person", "room": { "service": "slack", "url": hook(&stub, "B") } }), "room"),
        (json!({ "name": "R", "connection": "rooms", "address": { "chat": "x" } }), "connection"),
        (json!({ "name": "R", "kind": "room", "room": { "service": "slack", "url": hook(&stub, "B"), "hook": "x" } }), "room.hook"),
    ] {
        let answer = put(body.clone()).await;
        assert!(answer.status == 422 || answer.status == 400, "{body}: {}", answer.text);
        assert_eq!(answer.json()["field"], field, "{body}: {}", answer.text);
        assert!(answer.json()["remedy"].is_string() || answer.json()["code"] == "unknown_field", "{}", answer.text);
    }
    let made = put(json!({ "name": "R", "kind": "room", "room": { "service": "slack", "url": hook(&stub, "B") } })).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.json()["room"], json!({ "service": "slack", "place": "127.0.0.1 …HOOK" }));
    assert!(made.json()["address"].is_null() && !made.text.contains(SECRET), "{}", made.text);
    assert_eq!(put(json!({ "name": "Renamed", "kind": "room" })).await.status, 200, "it stays where it is");
    assert_eq!(api.post("/v1/recipients/room/test", &json!({})).await.status, 202);
    api.world.work().await;
    assert_eq!(stub.seen().len(), 1);
    // Made a person, it forgets the hook.
    assert_eq!(put(json!({ "name": "R", "connection": "staff", "address": { "chat": "r" } })).await.status, 200);
    assert_eq!(kept(&api.world, "room").await.sealed, None);
}

async fn acknowledged(url: String) {
    let stub = slack();
    let api = Api::over(world(&url).await).await;
    let world = &api.world;
    room(world, "room", hook(&stub, "B1")).await;
    told_to(world, &["room"]).await;
    low(world, "A", "x").await;
    let (label, address) = pages(&stub.seen()[0]).pop().unwrap();
    assert_eq!(label, "✓ Seen");
    let link = address.strip_prefix(PUBLIC_URL.trim_end_matches('/')).unwrap().to_owned();
    let alerts = async || api.get("/v1/alerts").await.json()["items"][0].clone();
    assert_eq!(open(&api, &link).await.status, 200, "looking shows");
    assert_eq!(send(&api, &link, &[]).await.status, 200);
    assert_eq!(alerts().await["acknowledged_at"], json!(null), "and records nothing");
    fill_in(&api, &link, &[]).await;
    assert_eq!(alerts().await["acknowledged_by"], "Room room");
}

async fn letters(url: String) {
    let stub = slack();
    let world = world(&url).await;
    room(&world, "room", hook(&stub, "B1")).await;
    let letter = Letter {
        id: "weekly".to_owned(),
        recipient_id: "room".to_owned(),
        every: Every::Weekly,
        hour: 8,
        created_at: world.now(),
        changed_at: world.now(),
        changed_by: "test".to_owned(),
        ..Letter::default()
    };
    save_letter(&world.engine, &By::command(), letter.clone(), world.now()).await.unwrap();
    assert_eq!(send_trial(&world.engine, &By::command(), &letter, world.now()).await.unwrap(), 1);
    world.work().await;
    let seen = stub.seen();
    assert_eq!(seen.len(), 1);
    assert!(pages(&seen[0])[0].1.contains("/reports?from="), "{:?}", pages(&seen[0]));
    assert_eq!(seen[0].json()["attachments"][0]["color"], "#3AA3E3");
    // A connection that stops is told in the room.
    told_to(&world, &["room"]).await;
    world.client.fails_with([SendError::new(Verdict::ConnectionBroken, "invalid_token", "the token has expired")]);
    world.tell(world.close_of("S-1")).await;
    world.pass(MINUTE).await;
    world.pass(MINUTE).await;
    let warning = stub.seen().pop().unwrap();
    assert!(title(&warning).contains("The connection bot has stopped"), "{}", title(&warning));
    assert_eq!(pages(&warning), [("Open".to_owned(), format!("{PUBLIC_URL}connections"))]);
}

async fn throttled(url: String) {
    let stub = Stub::start(|seen: &Seen| {
        if seen.path.contains("/SLOW/") && seen.number < 2 {
            return Answer::Full(429, vec![("retry-after".to_owned(), "120".to_owned())], Bytes::new());
        }
        answer(200, "ok")
    });
    let world = world(&url).await;
    room(&world, "a-slow", hook(&stub, "SLOW")).await;
    room(&world, "b-fast", hook(&stub, "FAST")).await;
    told_to(&world, &["a-slow", "b-fast"]).await;
    let calls = |room: &str| stub.seen().iter().filter(|seen| seen.path.contains(room)).count();
    low(&world, "A", "x").await;
    assert_eq!((calls("/SLOW/"), calls("/FAST/")), (1, 1), "the other room is told");
    world.pass(MINUTE).await;
    low(&world, "B", "x").await;
    assert_eq!(calls("/FAST/"), 2, "and so it is later");
    world.pass(2 * MINUTE).await;
    world.pass(MINUTE).await;
    assert!(calls("/SLOW/") >= 2, "the slow room was told after its pause");
    assert!(kept(&world, "a-slow").await.disabled_at.is_none());
}

async fn gone(url: String) {
    let stub = Stub::start(|seen: &Seen| if seen.path.contains("/GONE/") { answer(410, "channel_is_archived") } else { answer(200, "ok") });
    let house = House::over(world(&url).await, None, Limits::NONE, None);
    let (world, admin) = (&house.world, house.person("adam", Role::Admin, &[]).await);
    room(world, "room", hook(&stub, "GONE")).await;
    told_to(world, &["room"]).await;
    low(world, "A", "x").await;
    let known = kept(world, "room").await;
    assert!(known.gone_at.is_some() && known.disabled_at.is_some(), "{known:?}");
    world.staff.take();
    world.pass(MINUTE).await;
    let warnings: Vec<String> =
        world.staff.take().into_iter().filter(|message| message.data["trouble"] == "room_gone").map(|message| message.text).collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("Room room is gone") && warnings[0].contains("channel_is_archived"), "{warnings:?}");
    assert!(warnings[0].ends_with("/recipients/room"), "{warnings:?}");
    let calls = stub.seen().len();
    low(world, "B", "x").await;
    world.pass(MINUTE).await;
    assert_eq!(stub.seen().len(), calls, "it is not called again");
    assert!(world.staff.take().iter().all(|message| message.data["trouble"] != "room_gone"), "told once");
    let mut browser = house.signed_in(&admin).await;
    let page = browser.get("/recipients/room").await.text;
    assert!(page.contains("gone</span>") && page.contains("channel_is_archived"), "{page}");
    // With another hook it is told again.
    let anew = hook(&stub, "NEW");
    let fields = [("name", "Room"), ("kind", "room"), ("room_service", "slack"), ("room_url", anew.as_str())];
    assert_eq!(browser.send("/recipients/room", "/recipients/room", &fields).await.leads_to(), "/recipients/room");
    let known = kept(world, "room").await;
    assert!(known.gone_at.is_none() && known.disabled_at.is_none() && known.unreached_at.is_none(), "{known:?}");
    low(world, "C", "x").await;
    assert!(stub.seen().last().unwrap().path.contains("/NEW/"));
    // A letter finds out too, though nobody has to acknowledge it.
    room(world, "boss", hook(&stub, "GONE")).await;
    let letter = Letter { id: "daily".to_owned(), recipient_id: "boss".to_owned(), every: Every::Daily, hour: 8, ..Letter::default() };
    save_letter(&world.engine, &By::command(), letter.clone(), world.now()).await.unwrap();
    send_trial(&world.engine, &By::command(), &letter, world.now()).await.unwrap();
    world.work().await;
    assert!(kept(world, "boss").await.gone_at.is_some());
}

async fn paced(url: String) {
    let stub = slack();
    let world = world(&url).await;
    room(&world, "room", hook(&stub, "B1")).await;
    let other = lastword::app::runner(&world.engine, lastword::queue::Tuning::default(), None);
    for _ in 0..3 {
        raise_test(&world.engine, &By::command(), "room", None, world.now()).await.unwrap();
    }
    world.work().await;
    while other.tick().await.unwrap() > 0 {}
    assert_eq!(stub.seen().len(), 1, "one at a time, whichever node sends it");
    world.pass(1_000).await;
    while other.tick().await.unwrap() > 0 {}
    assert_eq!(stub.seen().len(), 2);
    world.pass(1_000).await;
    assert_eq!(stub.seen().len(), 3);
}

async fn rekeyed(url: String) {
    const NEW: &[u8] = b"new new new new new new new new!";
    const OLD: &[u8] = b"a key of thirty-two bytes, or so";
    let stub = slack();
    let mut world = world(&url).await;
    room(&world, "room", hook(&stub, "B1")).await;
    let with = |previous: Option<&[u8]>| Engine { keys: TokenKeys::new(NEW, previous), ..world.engine.clone() };
    assert_eq!(reseal(&with(Some(OLD))).await.unwrap(), 1);
    assert_eq!(reseal(&with(Some(OLD))).await.unwrap(), 0, "once");
    let before = with(None);
    world.engine = before;
    world.runner = lastword::app::runner(&world.engine, lastword::queue::Tuning::default(), None);
    raise_test(&world.engine, &By::command(), "room", None, world.now()).await.unwrap();
    world.work().await;
    assert_eq!(stub.seen().len(), 1);
    // With neither key the message fails and says why; no other is held up.
    let lost = Engine { keys: TokenKeys::new(OLD, None), ..world.engine.clone() };
    world.engine = lost;
    world.runner = lastword::app::runner(&world.engine, lastword::queue::Tuning::default(), None);
    world.clock.advance(MINUTE);
    raise_test(&world.engine, &By::command(), "room", None, world.now()).await.unwrap();
    world.work().await;
    assert_eq!(stub.seen().len(), 1);
    let said = kept(&world, "room").await.unreached_why.unwrap_or_default();
    assert!(said.contains("security.key does not open"), "{said}");
}

/// Anna and Boris, told through `connection`, of low ratings on the line.
async fn staff_on(world: &World, connection: &str) {
    for id in ["anna", "boris"] {
        let address = serde_json::to_string(&Address::chat(format!("{connection}-{id}"))).unwrap();
        let person = Recipient {
            id: id.to_owned(),
            name: id.to_owned(),
            connection: Some(connection.into()),
            address: Some(address),
            created_at: world.now(),
            ..Recipient::default()
        };
        assert!(save_recipient(&world.engine, person).await.unwrap());
    }
    told_to(world, &["anna", "boris"]).await;
}

/// What a client wrote and the pages stand beside the text where a channel takes it so, and within it where it does not.
pub(super) async fn alerts_in_parts(url: String) {
    let (with, without) = (parrot(Capabilities { parts: true, ..messenger() }), parrot(messenger()));
    let world = World::on(&url, messenger()).await.and("yes", with.clone()).await.and("no", without.clone()).await;
    for (connection, channel, parts) in [("yes", with, true), ("no", without, false)] {
        staff_on(&world, connection).await;
        low(&world, connection, "Waited an hour").await;
        world.pass(MINUTE).await;
        let told = channel.take();
        let about = |message: &&Outgoing| message.quote.is_some() || message.text.contains("Waited an hour");
        let told = told.iter().find(about).unwrap_or_else(|| panic!("no alert with the comment: {told:?}"));
        assert_eq!(told.quote.as_deref(), parts.then_some("Waited an hour"));
        assert_eq!((told.pages.len(), told.choices.len()), if parts { (2, 0) } else { (0, 1) });
        assert_eq!(told.text.contains("Waited an hour"), !parts, "{}", told.text);
        assert_eq!(told.text.contains(PUBLIC_URL), !parts, "{}", told.text);
    }
}

/// A chat that is to wait holds the others of its connection up, unless its platform says that each stands for itself.
pub(super) async fn a_chat_that_waits_holds_no_other(url: String) {
    let (apart, together) = (parrot(Capabilities { chats_apart: true, ..messenger() }), parrot(messenger()));
    let world = World::on(&url, messenger()).await.and("yes", apart.clone()).await.and("no", together.clone()).await;
    for (connection, channel, chats_apart) in [("yes", apart, true), ("no", together, false)] {
        staff_on(&world, connection).await;
        channel.fails_for(&format!("{connection}-anna"), [SendError::new(Verdict::RetryAfter(2 * MINUTE), "throttled", "slow down")]);
        low(&world, &format!("S-{connection}"), "x").await;
        channel.take();
        world.pass(1_000).await;
        low(&world, &format!("T-{connection}"), "y").await;
        let told: Vec<String> = channel.take().into_iter().map(|message| message.to.chat).collect();
        assert_eq!(told.contains(&format!("{connection}-boris")), chats_apart, "{told:?}");
        world.pass(3 * MINUTE).await;
        assert!(channel.take().iter().any(|message| message.to.chat == format!("{connection}-anna")), "told once the wait is over");
    }
}
