//! A client is erased: a marker stands everywhere their data can go, and nowhere afterwards.

use super::scan::{put, scan};
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::access::audit::By;
use lastword::domain::question::delivery::Kind;
use lastword::domain::session::label::Fields;
use lastword::life::question::other_address::OtherAddress;
use lastword::life::records::client_data::{Erased, erase, export, find, look};
use lastword::life::report::recount::recount;
use lastword::life::review::reply::write_reply;
use lastword::life::review::supervisor_score::{Opinion, score};
use lastword::life::session::close_batch::Closed;
use lastword::store::access::audit as trail;
use lastword::store::answer::rating;
use lastword::store::question::{delivery, rating_request};
use lastword::store::session;
use lastword_contract::{Address, InboundKind, SendError, TextMessage, Verdict};
use std::collections::BTreeSet;

on_both_databases! {
    i23_nothing_of_an_erased_client_is_left_anywhere => nothing_is_left;
    a_client_is_found_by_id_and_by_chat_and_sees_what_is_held => found_and_shown;
}

/// Everything that is the client's own has this in it, and nothing else does.
const MARK: &str = "canary7q";
const CLIENT: &str = "desk/canary7q-client";

/// Tables that hold something of a client, each with a column in which the marker stands before.
const HELD: &[&str] = &[
    "answer_event.message_id",
    "answer_event.value",
    "attempt.detail",
    "client.id",
    "close_label.value",
    "conversation.chat",
    "conversation.identity",
    "delivery.address",
    "delivery.detail",
    "delivery.payload",
    "earlier_address.address",
    "comment_word.word",
    "inbox.body",
    "inbox.event_key",
    "mail.body",
    "message_change.chat",
    "message_change.message_id",
    "message_change.text",
    "objection.judgement",
    "objection.text",
    "rating.comment",
    "rating.comment_message",
    "rating_request.addresses",
    "rating_request.asked_chat",
    "rating_request.asked_long_address",
    "rating_request.chat",
    "rating_request.client_id",
    "rating_request.client_name",
    "rating_request.desk_page",
    "rating_request.event_key",
    "rating_request.fields",
    "rating_request.long_address",
    "rating_request.wish_reason",
    "reply.text",
    "review.note",
    "session.address",
    "session.client_id",
    "session_event.event_key",
    "supervisor_score.comment",
];

/// Tables that never hold anything of a client, or only until it was used: `pass_on` keeps what waits for the desk behind a
/// shared bot, and gives it away in order. A visitor's id is made of chance by us; it stays, so that their sessions are not
/// mixed up.
const CLEAN: &[&str] = &[
    "_sqlx_migrations",
    "account",
    "account_line",
    "account_visit",
    "alert",
    "answer_signal",
    "api_key",
    "audit",
    "chat_pace",
    "comment_word_state",
    "connection",
    "connection_secret",
    "counter",
    "counter_delta",
    "counter_hour",
    "counter_reason",
    "deleted_line",
    "counter_state",
    "experiment",
    "import_run",
    "installation",
    "schema_support",
    "letter",
    "letter_sent",
    "line",
    "line_version",
    "login",
    "operator_kind",
    "operator_name",
    "page_fetch",
    "opt_out",
    "opt_out_key",
    "pass_on",
    "pass_on_desk",
    "push_browser",
    "question_expiry",
    "rating_edit",
    "rating_reason",
    "recipient",
    "reply_due",
    "reply_template",
    "retention",
    "saved_view",
    "share_alarm",
    "share_look",
    "share_watch",
    "shared_close",
    "sign_in_try",
    "stored_connection",
    "unrated_close",
    "visitor",
    "visitor_session",
];

/// A client with a rating, a comment and an open question, in every place where anything of them can be.
async fn lived(world: &World, url: &str) -> (String, String) {
    let address = || Address { user: Some(format!("{MARK}-user")), ..Address::chat(format!("{MARK}-chat")) };
    let close = |session: &str| {
        let other = OtherAddress { connection: "mail".to_owned(), address: Address::chat(format!("{MARK}-mail")) };
        let mut close = world.close_of(session);
        (close.client, close.address, close.addresses) = (Some(format!("{MARK}-client")), Some(address()), vec![other]);
        close.client_name = Some(format!("{MARK} Smith"));
        close.event_key = format!("{MARK}-close-{session}");
        close.labels = vec!["vip".to_owned()];
        close.fields = Fields([("order".to_owned(), format!("{MARK}-order"))].into());
        close.wish_reason = Some(format!("{MARK} was kind"));
        close.desk_page = Some(format!("https://desk.example.com/{MARK}"));
        close
    };
    world.client.fails_with([SendError::new(Verdict::RetryBackoff, "throttled", format!("{MARK} in the platform's words"))]);
    let Closed::Kept { rating_request: rated, .. } = world.tell(close("one")).await else { panic!("kept") };
    for _ in 0..20 {
        world.pass(10_000).await;
    }
    let question = world.client.take().pop().expect("the question, at the second try");
    let token = question.choices.iter().find(|choice| choice.label == "👎").unwrap().token.clone();
    let press = InboundKind::Press { token, by: address(), message_id: Some(format!("m-{}", question.key)), press_id: None };
    world.happens("bot", press).await;
    let text = format!("{MARK}: waited an hour");
    let said = TextMessage::new(text, address()).in_reply_to(format!("m-{}", question.key)).with_id(format!("{MARK}-said"));
    world.happens("bot", InboundKind::Text(said)).await;
    // It overtook its message, which has not come yet.
    let edit = TextMessage::new(format!("{MARK}: sorry"), address()).with_id(format!("{MARK}-edited"));
    world.happens("bot", InboundKind::Edited(edit)).await;
    world.happens("bot", InboundKind::Wrote { by: address(), at: world.now(), window_expires_at: None }).await;
    let opinion = Opinion { score: Some(2), comment: Some(format!("{MARK} was angry")), by: By::command(), seen: None };
    score(&world.engine, &rated, opinion, world.now()).await.unwrap();
    replies(world, &rated, &format!("{MARK}: sorry")).await;
    world.pass(25 * 3_600_000).await;
    let Closed::Kept { rating_request: open, decision: Ok(_), .. } = world.tell(close("two")).await else { panic!("asked") };
    world.happens("bot", InboundKind::Moved { from: address(), to: Address::chat(format!("{MARK}-moved")) }).await;

    // What other roads of the program write, put there by hand.
    put(url, &format!("INSERT INTO mail (connection, chat, seq, key, body, put_at) VALUES ('bot', '{MARK}-chat', 1, 'k', '{{\"text\":\"{MARK}\"}}', 1)")).await;
    put(url, &format!("INSERT INTO inbox (source, event_key, kind, body_hash, received_at, disposition, body) VALUES ('bot', 'u9', 'raw', '', 1, 'unreadable', '{{\"chat\":\"{MARK}-chat\"}}')")).await;
    put(url, &format!("INSERT INTO session_event (source, session_id, occurred_at, event_key, kind, received_at) VALUES ('desk', 'one', 1, '{MARK}-moved', 'reassigned', 1)")).await;
    put(url, &format!("INSERT INTO inbox (source, event_key, kind, body_hash, received_at, subject) VALUES ('desk', '{MARK}-moved', 'reassigned', '', 1, 'one')")).await;
    put(url, &format!("UPDATE delivery SET payload = '{{\"text\":\"{MARK}\"}}', detail = '{MARK}' WHERE subject = '{rated}'")).await;
    put(url, &format!("UPDATE review SET note = '{MARK} was called' WHERE request_id = '{rated}'")).await;
    put(url, &format!("INSERT INTO objection (id, request_id, line_id, kind, reason, text, by_id, by_name, raised_at, state, judged_at, judgement) VALUES ('o1', '{rated}', 'support', 'flag', 'spam', '{MARK}', 'a', 'A', 1, 'declined', 2, '{MARK}')")).await;
    (rated, open)
}

async fn replies(world: &World, request: &str, text: &str) {
    write_reply(&world.engine, &By::command(), request, text, None, world.now()).await.unwrap().expect("it is kept");
}

async fn nothing_is_left(url: String) {
    let world = World::on(&url, messenger()).await;
    let (rated, open) = lived(&world, &url).await;
    let (other, _) = world.ask("of-another").await;
    // An edit of the reply that has not left yet.
    replies(&world, &rated, &format!("{MARK}: it is mended")).await;
    let before = scan(&url, MARK).await;
    let expected: BTreeSet<String> = HELD.iter().map(|&place| place.to_owned()).collect();
    let missed: Vec<&String> = expected.difference(&before.found).collect();
    assert!(missed.is_empty(), "the marker does not stand in {missed:?}, so this test proves nothing of them");
    let known: BTreeSet<String> =
        HELD.iter().filter_map(|place| place.split('.').next()).chain(CLEAN.iter().copied()).map(str::to_owned).collect();
    let unknown: Vec<&String> = before.tables.difference(&known).collect();
    assert!(
        unknown.is_empty(),
        "new tables {unknown:?}: where one may hold something of a client, take it away in store/personal.rs and name it in HELD here; \
         otherwise name it in CLEAN"
    );

    let erased = erase(&world.engine, &By::command(), CLIENT, world.now()).await.unwrap().unwrap();
    assert_eq!((erased.closes, erased.canceled), (2, 1), "{erased:?}");
    let after = scan(&url, MARK).await;
    assert!(after.found.is_empty(), "{:?}", after.found);
    if let Some(path) = world.engine.db.path() {
        for file in [path.to_owned(), std::path::PathBuf::from(format!("{}-wal", path.display()))] {
            let bytes = std::fs::read(&file).unwrap_or_default();
            assert!(!bytes.windows(MARK.len()).any(|window| window == MARK.as_bytes()), "{} still has the bytes", file.display());
        }
    }
    let replies: Vec<delivery::Delivery> =
        delivery::about(&world.engine.db, &[&rated]).await.unwrap().into_iter().filter(|one| one.kind == Kind::Reply).collect();
    let states: Vec<(&str, Option<&str>)> = replies.iter().map(|one| (one.state.as_str(), one.reason.as_deref())).collect();
    assert_eq!(states, [("sent", None), ("canceled", Some("erased"))], "what had not left does not leave");
    let requests = rating_request::load(&world.engine.db, &[&open, &rated]).await.unwrap();
    let ended = requests.iter().find(|request| request.id == open).unwrap();
    assert_eq!((ended.outcome.map(|outcome| outcome.as_str()), ended.reason.as_deref()), (Some("expired"), Some("erased")));
    let kept = rating::of_requests(&world.engine.db, &[&rated]).await.unwrap().remove(&rated).unwrap();
    assert_eq!((kept.score, kept.comment.as_deref()), (0, Some("")), "the score stays, and that there was a comment");
    assert_eq!(recount(&world.engine.db, world.now(), |_| {}).await.unwrap().wrong, 0, "counters and rows still agree");
    let another = rating_request::load(&world.engine.db, &[&other]).await.unwrap().remove(0);
    assert!(another.client_id.is_some() && another.address().is_some(), "nobody else is touched");

    // Nothing leaves any more, and nothing comes back with what the desk tells again.
    world.client.take();
    world.pass(7 * 24 * 3_600_000).await;
    assert!(world.client.take().iter().all(|message| !message.to.chat.contains(MARK)));
    let mut again = world.close_of("two");
    again.event_key = format!("{MARK}-close-two");
    (again.client, again.closed_at) = (Some(format!("{MARK}-client")), ended.closed_at);
    (again.address, again.last_client_message_at) = (Some(Address::chat(format!("{MARK}-chat"))), None);
    assert!(matches!(world.tell(again).await, Closed::Kept { repeated: true, .. }), "the same event, known by its mark");
    assert!(scan(&url, MARK).await.found.is_empty(), "a close that is told again brings nobody back");
    assert_eq!(erase(&world.engine, &By::command(), CLIENT, world.now()).await.unwrap(), None::<Erased>);

    // Who comes back is new.
    let mut back = world.close_of("three");
    (back.client, back.address) = (Some(format!("{MARK}-client")), Some(Address::chat(format!("{MARK}-chat"))));
    assert!(matches!(world.tell(back).await, Closed::Kept { decision: Ok(_), .. }));
    let held = look(&world.engine, CLIENT).await.unwrap().unwrap();
    assert_eq!(held["rating_requests"].as_array().unwrap().len(), 1);
}

async fn found_and_shown(url: String) {
    let world = World::on(&url, messenger()).await;
    let (rated, _) = lived(&world, &url).await;
    for text in [CLIENT, "canary7q-client", "canary7q-chat"] {
        let found = find(&world.engine, text).await.unwrap();
        assert_eq!((found.len(), found[0].id.as_str(), found[0].sessions), (1, CLIENT, 2), "{text}");
    }
    assert!(find(&world.engine, "nobody").await.unwrap().is_empty() && find(&world.engine, "").await.unwrap().is_empty());
    let held = export(&world.engine, &By::command(), CLIENT, world.now()).await.unwrap().unwrap();
    let text = serde_json::to_string(&held).unwrap();
    for expected in [
        "canary7q: waited an hour",
        "canary7q-mail",
        "canary7q was angry",
        "canary7q Smith",
        "canary7q: sorry",
        "canary7q was called",
        "spam",
        rated.as_str(),
    ] {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
    let close = &held["rating_requests"][0];
    assert!(close["address"].as_str().is_some_and(|address| address.contains("canary7q-chat")), "{close}");
    let sent = held["deliveries"].as_array().unwrap();
    assert!(sent.iter().any(|one| one["kind"] == "ask" && one["subject"] == rated.as_str()), "the question itself: {sent:?}");
    let kinds: Vec<&str> = held.keys().map(String::as_str).collect();
    for kind in [
        "sessions",
        "rating_requests",
        "ratings",
        "answers",
        "deliveries",
        "conversations",
        "messages",
        "earlier_addresses",
        "replies",
        "reviews",
        "objections",
    ] {
        assert!(kinds.contains(&kind), "{kind} is not in {kinds:?}");
    }
    assert!(export(&world.engine, &By::command(), "desk/nobody", world.now()).await.unwrap().is_none());
    erase(&world.engine, &By::command(), CLIENT, world.now()).await.unwrap().unwrap();
    let entries = trail::list(&world.engine.db, &trail::Filter::default(), None, 50).await.unwrap();
    let acts: Vec<&str> = entries.iter().map(|entry| entry.act.as_str()).filter(|act| act.starts_with("client.")).collect();
    assert_eq!(acts, ["client.erased", "client.exported"]);
    assert!(!format!("{entries:?}").contains(MARK), "the trail does not name the client");
    let story = lastword::life::session::explain::explain(&world.engine.db, "one").await.unwrap();
    let told: Vec<&str> = story[0].story.iter().map(|sentence| sentence.what.as_str()).collect();
    assert!(told.iter().any(|what| what.starts_with("Personal data removed")), "{told:?}");
    assert!(session::find(&world.engine.db, "one").await.unwrap()[0].client_id.is_none());
}
