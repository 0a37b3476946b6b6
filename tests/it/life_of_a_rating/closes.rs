//! Facts that a close contains or omits, and closes of sessions that are already closed.

use super::{HOUR, MINUTE, outcome};
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::line::{LineSettings, Skip, WindowRules};
use lastword::domain::session::{ClosedBy, Operator};
use lastword::life::admin::change_line::{Changed, save_line};
use lastword::life::engine::other_address::OtherAddress;
use lastword::life::session::change::{SessionChange, change_session};
use lastword::life::session::close_batch::{Close, Closed};
use lastword::life::session::event::{EventEnvelope, EventResult};
use lastword::life::session::explain::explain;
use lastword::life::session::message::Writer;
use lastword::life::session::open::Opening;
use lastword::names::RequestId;
use lastword::store::line::{self, LineChange};
use lastword::store::question::{delivery, rating_request};
use lastword::store::session::operator;
use lastword_contract::{Address, Capabilities, Inbound, InboundKind, Scale, SendError, TextMessage, Verdict, WindowRule};

on_both_databases! {
    a_name_that_a_close_leaves_out_stays_known => names;
    a_session_that_was_reassigned_has_an_operator => reassigned;
    without_an_operator_the_line_decides => no_operator;
    an_archived_line_is_a_reason_of_its_own => archived;
    a_missing_template_or_form_is_a_reason_of_its_own => no_form;
    nobody_wrote_later_than_now => the_future;
    an_unknown_window_is_not_taken_for_an_open_one => unknown_window;
    a_session_closed_again_without_a_word_stays_the_close_it_was => closed_again;
    a_session_closed_again_after_somebody_wrote_is_a_new_close => closed_anew;
    an_answer_is_no_word_that_opens_a_session_again => answered_only;
}

const DAY: i64 = 24 * HOUR;

/// A messenger whose window is open for a day after the client's last message.
fn windowed(templates: bool) -> Capabilities {
    Capabilities {
        window: WindowRule::AfterClient(DAY),
        templates: if templates { &[Scale::Binary, Scale::FiveStar] } else { &[] },
        ..messenger()
    }
}

impl World {
    /// The envelope of an event of `session` now.
    pub(super) fn event(&self, session: &str, key: &str) -> EventEnvelope {
        EventEnvelope {
            source: "desk".into(),
            event_key: format!("{key}-{session}-{}", self.now()),
            body_hash: key.into(),
            session_id: session.into(),
            occurred_at: self.now(),
        }
    }

    async fn opens(&self, session: &str) {
        let opening = Opening { line_id: "support".into(), ..Opening::default() };
        let taken = change_session(&self.engine, self.event(session, "open"), SessionChange::Opened(opening), self.now()).await.unwrap();
        assert_eq!(taken, EventResult::Applied);
    }

    /// The sentences of a session's history.
    pub(super) async fn story(&self, session: &str) -> String {
        let stories = explain(&self.engine.db, &session.into()).await.unwrap();
        stories[0].history.iter().map(|sentence| format!("{}\n", sentence.text)).collect()
    }

    async fn way(&self, id: &str) -> Option<String> {
        rating_request::load(&self.engine.db, &[RequestId::named(id)]).await.unwrap().remove(0).way.map(|way| way.to_string())
    }
}

fn kept(closed: Closed) -> (String, Result<i64, String>) {
    let Closed::Kept { rating_request, decision, repeated: false } = closed else { panic!("{closed:?}") };
    (rating_request.to_string(), decision)
}

async fn names(url: String) {
    let world = World::on(&url, messenger()).await;
    world.tell(world.close_of("S-1")).await;
    world.clock.advance(HOUR);
    let nameless = Operator { id: "op-7".into(), name: None, kind: None };
    world.tell(Close { operator: Some(nameless.clone()), ..world.close_of("S-2") }).await;
    let names = operator::names(&world.engine.db, &[&"op-7".into(), &"op-8".into()]).await.unwrap();
    assert_eq!((names.get("op-7").map(String::as_str), names.get("op-8")), (Some("Olga"), None));
    // The close itself stores the name too, for lists and files.
    let close = rating_request::of_session(&world.engine.db, &"desk".into(), &"S-2".into()).await.unwrap().remove(0);
    assert!(close.operators.iter().any(|operator| operator.name.as_deref() == Some("Olga")), "{:?}", close.operators);
    // Another name updates it, an older close does not.
    let olga = Operator { name: Some("Olga Petrova".into()), ..nameless.clone() };
    world.tell(Close { operator: Some(olga), ..world.close_of("S-3") }).await;
    let old = Operator { name: Some("O.".into()), ..nameless };
    world.tell(Close { operator: Some(old), closed_at: world.now() - DAY, ..world.close_of("S-4") }).await;
    let names = operator::names(&world.engine.db, &[&"op-7".into()]).await.unwrap();
    assert_eq!(names.get("op-7").map(String::as_str), Some("Olga Petrova"));
}

async fn reassigned(url: String) {
    let world = World::on(&url, messenger()).await;
    world.opens("S-1").await;
    world.clock.advance(MINUTE);
    let other = Operator { id: "77".into(), name: Some("Pavel".into()), kind: None };
    change_session(
        &world.engine,
        world.event("S-1", "reassign"),
        SessionChange::Reassigned { operator: Some(other), line: None },
        world.now(),
    )
    .await
    .unwrap();
    world.clock.advance(MINUTE);
    let (id, decision) = kept(world.tell(Close { operator: None, ..world.close_of("S-1") }).await);
    assert!(decision.is_ok(), "{decision:?}");
    let request = rating_request::load(&world.engine.db, &[RequestId::named(&id)]).await.unwrap().remove(0);
    assert_eq!(request.operator_id.as_ref().map(|id| id.as_str()), Some("77"));
    assert!(world.story("S-1").await.contains("operator 77"));
}

async fn no_operator(url: String) {
    let world = World::on(&url, messenger()).await;
    let nobody = |session: &str| Close { operator: None, ..world.close_of(session) };
    assert_eq!(kept(world.tell(nobody("S-1")).await).1, Err("no_operator".into()));
    world.line(LineSettings { skip: Skip { no_operator: false, ..Skip::default() }, ..LineSettings::default() }).await;
    assert!(kept(world.tell(nobody("S-2")).await).1.is_ok(), "the line asks all the same");
}

async fn archived(url: String) {
    let world = World::on(&url, messenger()).await;
    let line = line::find(&world.engine.db, &"support".into()).await.unwrap().unwrap();
    let change = LineChange {
        id: line.id,
        name: line.name,
        settings: line.settings,
        archived: true,
        seen_version: line.version,
        by: "test".into(),
        at: world.now(),
    };
    assert!(matches!(save_line(&world.engine, change).await.unwrap(), Changed::Saved(_)));
    let (id, decision) = kept(world.tell(world.close_of("S-1")).await);
    assert_eq!(decision, Err("line_archived".into()));
    assert_eq!(outcome(&world, &id).await, (Some("not_asked".into()), Some("line_archived".into())));
}

async fn no_form(url: String) {
    let world = World::on(&url, windowed(true)).await;
    world.line(LineSettings::default()).await;
    for (session, kind, reason) in [
        ("S-1", "template_missing", "template_missing"),
        ("S-2", "template_paused", "template_refused"),
        ("S-3", "no_form", "no_form"),
        ("S-4", "window_shut", "window_shut"),
    ] {
        let close = Close { last_client_message_at: Some(world.now() - 25 * HOUR), ..world.close_of(session) };
        world.client.fails_with([SendError::new(Verdict::WindowShut, kind, "132001: no such template")]);
        let (id, decision) = kept(world.tell(close).await);
        assert!(decision.is_ok());
        world.pass(MINUTE).await;
        assert_eq!(outcome(&world, &id).await, (Some("not_asked".into()), Some(reason.into())), "{kind}");
    }
    // If there is another route, the question is sent there.
    world
        .line(LineSettings { window: WindowRules { fallback: Some("mail".into()), ..WindowRules::default() }, ..LineSettings::default() })
        .await;
    let ann = OtherAddress { connection: "mail".into(), address: Address::chat("ann@example.com") };
    let close = Close { last_client_message_at: Some(world.now() - 25 * HOUR), addresses: vec![ann], ..world.close_of("S-5") };
    world.client.fails_with([SendError::new(Verdict::WindowShut, "template_missing", "132001")]);
    let (id, _) = kept(world.tell(close).await);
    world.pass(MINUTE).await;
    assert_eq!(world.way(&id).await.as_deref(), Some("fallback"));
    assert_eq!(world.mail.take().len(), 1);
}

async fn the_future(url: String) {
    let world = World::on(&url, windowed(false)).await;
    world.line(LineSettings { delay_secs: 30 * 3_600, ..LineSettings::default() }).await;
    let (id, decision) = kept(world.tell(Close { last_client_message_at: Some(world.now() + 20 * HOUR), ..world.close_of("S-1") }).await);
    assert_eq!(decision, Ok(world.now() + DAY - 10 * MINUTE), "asked early: within a day of the call");
    let asks = delivery::about(&world.engine.db, &[&id]).await.unwrap();
    assert_eq!(asks[0].window_closes_at, Some(world.now() + DAY));
    // The same for a platform whose clock is ahead.
    let later = Some(world.now() + 20 * HOUR);
    let text = InboundKind::Text(TextMessage::new("Hello?", Address::chat("chat-S-1")));
    world.arrives("bot", Inbound { key: "ahead".into(), order: 1, at: later, kind: text }).await;
    let asks = delivery::about(&world.engine.db, &[&id]).await.unwrap();
    assert_eq!(asks[0].window_closes_at, Some(world.now() + DAY));
}

async fn unknown_window(url: String) {
    let world = World::on(&url, windowed(true)).await;
    let unknown = |session: &str| Close { last_client_message_at: None, ..world.close_of(session) };
    let (id, _) = kept(world.tell(unknown("S-1")).await);
    assert_eq!(world.way(&id).await.as_deref(), Some("template"), "a template is sure");
    world.pass(MINUTE).await;
    assert!(world.client.take().pop().expect("the template").outside_window);

    let window = WindowRules { template: false, ..WindowRules::default() };
    world.line(LineSettings { window, ..LineSettings::default() }).await;
    let (id, decision) = kept(world.tell(unknown("S-2")).await);
    assert!(decision.is_ok(), "there is no other way, and it may be open");
    assert_eq!(world.way(&id).await.as_deref(), Some("window_unknown"));
    assert!(world.story("S-2").await.contains("the messaging window may have closed"));
    world.pass(MINUTE).await;
    assert!(!world.client.take().pop().expect("the question").outside_window);
}

async fn closed_again(url: String) {
    let world = World::on(&url, messenger()).await;
    let first = world.close_of("S-1");
    let (id, _) = kept(world.tell(first.clone()).await);
    world.pass(HOUR).await;
    world.client.take();
    let again = Close { last_client_message_at: first.last_client_message_at, ..world.close_of("S-1") };
    let told = world.tell(again.clone()).await;
    assert_eq!(told, Closed::AlreadyClosed { rating_request: RequestId::named(&id.clone()), repeated: false });
    assert_eq!(world.tell(again).await, Closed::AlreadyClosed { rating_request: RequestId::named(&id.clone()), repeated: true });
    let story = world.story("S-1").await;
    assert!(story.contains("closed_again") && story.contains("it stays the same close"), "{story}");
    // The same close under another key is in the history too.
    let twin = Close { event_key: "twin".into(), ..first };
    assert_eq!(world.tell(twin).await, Closed::Stale, "older than the last word about it");
    assert!(world.story("S-1").await.contains("overtaken"));
    world.pass(HOUR).await;
    assert!(world.client.take().is_empty(), "nobody is asked twice");
    assert_eq!(rating_request::of_session(&world.engine.db, &"desk".into(), &"S-1".into()).await.unwrap().len(), 1);
}

async fn closed_anew(url: String) {
    let world = World::on(&url, messenger()).await;
    world.line(LineSettings { once_per_client_hours: 0, ..LineSettings::default() }).await;
    let (mut seen, started) = (Vec::new(), world.now());
    let mut close = async |change: fn(Close) -> Close| {
        let close = Close { last_client_message_at: Some(started - MINUTE), ..world.close_of("S-1") };
        let closed = world.tell(change(close)).await;
        world.pass(HOUR).await;
        let Closed::Kept { rating_request, repeated: false, .. } = &closed else { return closed };
        assert!(!seen.contains(rating_request));
        seen.push(*rating_request);
        closed
    };
    let new = |closed: Closed| matches!(closed, Closed::Kept { repeated: false, .. });
    assert!(new(close(|close| close).await));
    assert!(!new(close(|close| close).await), "nothing happened since");
    // The client wrote, according to the platform.
    let text = InboundKind::Text(TextMessage::new("One more thing", Address::chat("chat-S-1")));
    world.happens("bot", text).await;
    world.clock.advance(MINUTE);
    assert!(new(close(|close| close).await));
    assert!(!new(close(|close| close).await));
    // An operator wrote, according to the desk.
    let olga = Operator { id: "op-7".into(), name: None, kind: None };
    let told = change_session(&world.engine, world.event("S-1", "wrote"), SessionChange::Wrote(Writer::Operator(Some(olga))), world.now())
        .await
        .unwrap();
    assert_eq!(told, EventResult::Applied);
    world.clock.advance(MINUTE);
    assert!(new(close(|close| close).await));
    assert!(!new(close(|close| close).await));
    // It was opened again.
    world.opens("S-1").await;
    world.clock.advance(MINUTE);
    assert!(new(close(|close| close).await));
    assert!(!new(close(|close| close).await));
    // It has more messages than before.
    assert!(new(close(|close| Close { operator_messages: Some(4), ..close }).await));
    assert!(!new(close(|close| Close { operator_messages: Some(4), closed_by: ClosedBy::Timeout, ..close }).await));
    assert_eq!(rating_request::of_session(&world.engine.db, &"desk".into(), &"S-1".into()).await.unwrap().len(), 5);
}

async fn answered_only(url: String) {
    let world = World::on(&url, messenger()).await;
    let (id, question) = world.ask("S-1").await;
    world.clock.advance(MINUTE);
    let (by, at) = (question.to.clone(), Some(world.now()));
    let press = InboundKind::Press { token: question.choices[0].token.clone(), by: by.clone(), message_id: None, press_id: None };
    let wrote = InboundKind::Wrote { by, at: world.now(), window_expires_at: None };
    let arrived = [("p", press), ("p:wrote", wrote)].map(|(key, what)| lastword::life::facts::inbound::Arrived {
        connection: "bot".into(),
        inbound: Inbound { key: key.into(), order: 1, at, kind: what },
        body_hash: String::new(),
        came: None,
        form: None,
    });
    lastword::life::answer::accept::accept(&world.engine, arrived.to_vec(), None, world.now()).await.unwrap();
    world.pass(HOUR).await;
    let again = Close { last_client_message_at: None, ..world.close_of("S-1") };
    assert_eq!(world.tell(again).await, Closed::AlreadyClosed { rating_request: RequestId::named(&id), repeated: false });
}
