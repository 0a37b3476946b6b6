//! Open sessions: closed when idle, and asked about during the chat.

use super::{HOUR, MINUTE, outcome};
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::access::audit::By;
use lastword::domain::line::{LineSettings, WhileTalking};
use lastword::domain::outcome::NotAsked;
use lastword::domain::session::{ClosedBy, Operator, SessionStatus, Wish};
use lastword::life::asking::from_page::{AskedFromPage, ask_from_page};
use lastword::life::asking::while_talking::{AskedTalking, NotWhileTalking, ask_while_talking};
use lastword::life::report::recount::recount;
use lastword::life::session::change::{SessionChange, change_session};
use lastword::life::session::close_batch::{Close, Closed};
use lastword::life::session::event::EventResult;
use lastword::life::session::message::Writer;
use lastword::life::session::open::Opening;
use lastword::life::session::web_chat;
use lastword::names::AccountId;
use lastword::store::question::rating_request::{self, RatingRequest};
use lastword::store::session::{self, Session};
use lastword_base::names::SessionId;
use lastword_contract::{Address, InboundKind, TextMessage};

on_both_databases! {
    a_silent_session_is_closed_as_timed_out => silent;
    a_line_without_an_idle_timer_closes_nothing => never;
    the_client_is_asked_while_talking_and_the_close_asks_nobody => asked_once;
    the_answer_closes_the_session => closed_by_answer;
    an_answer_while_talking_has_its_own_time => time_limit;
    what_speaks_against_asking_does_so_while_talking_too => refused;
    a_page_asks_nobody_whom_no_operator_has_served => unserved;
}

fn talking(closes: bool, time_limit_secs: Option<u32>) -> LineSettings {
    LineSettings { while_talking: WhileTalking { enabled: true, closes, time_limit_secs }, ..LineSettings::default() }
}

impl World {
    async fn begins(&self, session: &str) {
        let opening = Opening {
            line_id: "support".into(),
            operator: Some(Operator { id: "op-7".into(), name: Some("Olga".into()), kind: None }),
            client: Some(format!("client-of-{session}").into()),
            connection: Some("bot".into()),
            address: Some(Address::chat(format!("chat-{session}"))),
            ..Opening::default()
        };
        let taken = change_session(&self.engine, self.event(session, "begins"), SessionChange::Opened(opening), self.now()).await.unwrap();
        assert_eq!(taken, EventResult::Applied);
    }

    async fn asks(&self, session: &str) -> AskedTalking {
        let asked =
            ask_while_talking(&self.engine, &By::person(AccountId::first_of(1), "Anna"), &"desk".into(), &session.into(), self.now())
                .await
                .unwrap();
        self.work().await;
        asked
    }

    async fn asked(&self, session: &str) -> RatingRequest {
        match self.asks(session).await {
            AskedTalking::Asked(request) => *request,
            other => panic!("{other:?}"),
        }
    }

    async fn session(&self, session: &str) -> Session {
        session::find(&self.engine.db, &session.into()).await.unwrap().remove(0)
    }

    async fn closes_of(&self, session: &str) -> Vec<RatingRequest> {
        rating_request::of_session(&self.engine.db, &"desk".into(), &session.into()).await.unwrap()
    }
}

async fn silent(url: String) {
    let world = World::on(&url, messenger()).await;
    world.line(LineSettings { idle_minutes: Some(30), ..LineSettings::default() }).await;
    for session in ["S-1", "S-2", "S-3"] {
        world.begins(session).await;
    }
    world.pass(20 * MINUTE).await;
    // The client of the first writes, according to the channel; an operator of the second, according to the desk.
    let text = InboundKind::Text(TextMessage::new("Are you there?", Address::chat("chat-S-1")));
    world.happens("bot", text).await;
    change_session(&world.engine, world.event("S-2", "wrote"), SessionChange::Wrote(Writer::Operator(None)), world.now()).await.unwrap();
    world.pass(15 * MINUTE).await;
    let statuses = [world.session("S-1").await.status, world.session("S-2").await.status, world.session("S-3").await.status];
    assert_eq!(statuses, [SessionStatus::Open, SessionStatus::Open, SessionStatus::Closed]);
    let close = world.closes_of("S-3").await.remove(0);
    assert_eq!(
        (close.closed_by, close.operator_id.as_ref().map(|id| id.as_str()), close.outcome),
        (Some(ClosedBy::Timeout), Some("op-7"), None)
    );
    world.pass(MINUTE).await;
    assert_eq!(world.client.take().len(), 1, "asked, as after any close by time-out");
    // The line decides if that happens.
    world.line(LineSettings { idle_minutes: Some(30), ask_after_timeout: false, ..LineSettings::default() }).await;
    world.pass(20 * MINUTE).await;
    let close = world.closes_of("S-1").await.remove(0);
    assert_eq!((close.outcome.map(|outcome| outcome.as_str()), close.reason.as_deref()), (Some("not_asked"), Some("timeout_close")));
    assert_eq!(world.closes_of("S-2").await.len(), 1);
    // The desk closes it later: it is the same close.
    world.clock.advance(HOUR);
    let told = Close { last_client_message_at: None, operator_messages: None, client_messages: None, ..world.close_of("S-3") };
    assert!(matches!(world.tell(told).await, Closed::AlreadyClosed { .. }));
}

async fn never(url: String) {
    let world = World::on(&url, messenger()).await;
    world.begins("S-1").await;
    world.pass(1_000 * HOUR).await;
    assert_eq!(world.session("S-1").await.status, SessionStatus::Open);
}

async fn asked_once(url: String) {
    let world = World::on(&url, messenger()).await;
    world.line(LineSettings { once_per_client_hours: 0, ..talking(false, None) }).await;
    world.begins("S-1").await;
    let request = world.asked("S-1").await;
    let question = world.client.take().pop().expect("asked at once");
    assert!(matches!(world.asks("S-1").await, AskedTalking::Not(NotWhileTalking::Asked)));
    world.clock.advance(MINUTE);
    let close = Close { labels: vec!["vip".to_owned()], ..world.close_of("S-1") };
    let asked = |repeated| Closed::AskedBefore { rating_request: request.id, repeated };
    assert_eq!(world.tell(close.clone()).await, asked(false), "the same question, and no other is due");
    assert_eq!(world.tell(close).await, asked(true));
    world.pass(HOUR).await;
    assert!(world.client.take().is_empty(), "nobody is asked twice");
    world.tap(&question, "👍").await;
    assert_eq!(outcome(&world, &request.id.to_string()).await.0.as_deref(), Some("answered"));
    let closes = world.closes_of("S-1").await;
    assert_eq!((closes.len(), closes[0].closed_by), (1, Some(ClosedBy::Operator)));
    assert_eq!(closes[0].labels, ["vip"], "told by the close alone");
    let story = world.story("S-1").await;
    assert!(story.contains("asked while the session was open, by Anna") && story.contains("the client was asked before"), "{story}");
    assert_eq!(recount(&world.engine.db, world.now(), |_| {}).await.unwrap().wrong, 0);
    // The session's next close is a separate one.
    world.client.take();
    let opening = Opening { line_id: "support".into(), ..Opening::default() };
    change_session(&world.engine, world.event("S-1", "again"), SessionChange::Opened(opening), world.now()).await.unwrap();
    world.clock.advance(MINUTE);
    let Closed::Kept { rating_request, decision: Ok(_), .. } = world.tell(world.close_of("S-1")).await else { panic!("kept") };
    assert_ne!(rating_request, request.id);
}

async fn closed_by_answer(url: String) {
    let world = World::on(&url, messenger()).await;
    world.line(talking(true, None)).await;
    world.begins("S-1").await;
    let request = world.asked("S-1").await;
    let question = world.client.take().pop().expect("asked at once");
    world.clock.advance(MINUTE);
    world.tap(&question, "👍").await;
    let session = world.session("S-1").await;
    assert_eq!((session.status.as_str(), session.epoch, session.closed_at), ("closed", 1, Some(world.now())));
    assert_eq!(world.closes_of("S-1").await[0].closed_by, Some(ClosedBy::Client));
    assert!(world.story("S-1").await.contains("The rating closed the session"));
    world.clock.advance(MINUTE);
    let told = Close { last_client_message_at: None, operator_messages: None, client_messages: None, ..world.close_of("S-1") };
    assert_eq!(world.tell(told).await, Closed::AlreadyClosed { rating_request: request.id, repeated: false });
}

async fn time_limit(url: String) {
    let world = World::on(&url, messenger()).await;
    world.line(talking(true, Some(90))).await;
    world.begins("S-1").await;
    let request = world.asked("S-1").await;
    assert_eq!(request.expires_at, Some(world.now() + 90_000));
    world.pass(2 * MINUTE).await;
    assert_eq!(outcome(&world, &request.id.to_string()).await.0.as_deref(), Some("expired"));
    assert_eq!(world.session("S-1").await.status, SessionStatus::Open, "silence closes nothing");
    assert_eq!(world.tell(world.close_of("S-1")).await, Closed::AskedBefore { rating_request: request.id, repeated: false });
    world.client.take();
    world.pass(HOUR).await;
    assert!(world.client.take().is_empty());
}

async fn refused(url: String) {
    let world = World::on(&url, messenger()).await;
    world.begins("S-1").await;
    let why = |asked: AskedTalking| match asked {
        AskedTalking::Not(reason) => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(why(world.asks("S-1").await), NotWhileTalking::Off);
    world.line(talking(false, None)).await;
    world.tell(Close { client: Some("client-of-S-1".into()), ..world.close_of("S-9") }).await;
    assert_eq!(why(world.asks("S-1").await), NotWhileTalking::Not(NotAsked::Throttled));
    assert_eq!(why(world.asks("S-9").await), NotWhileTalking::SessionNotOpen);
    let opening = Opening { line_id: "support".into(), ..Opening::default() };
    change_session(&world.engine, world.event("S-2", "placeless"), SessionChange::Opened(opening), world.now()).await.unwrap();
    assert_eq!(why(world.asks("S-2").await), NotWhileTalking::Not(NotAsked::NoClient));
    assert!(matches!(world.asks("S-3").await, AskedTalking::Unknown));
    assert!(world.closes_of("S-1").await.is_empty() && world.closes_of("S-2").await.is_empty(), "nothing was kept of it");
}

async fn unserved(url: String) {
    let world = World::on(&url, messenger()).await;
    world.line(LineSettings { once_per_client_hours: 0, ..talking(false, None) }).await;
    let engine = &world.engine;
    let asks = async |session: Option<&str>| {
        ask_from_page(engine, &"bot".into(), &"visitor-1".into(), session.map(SessionId::from).as_ref(), world.now()).await.unwrap()
    };
    web_chat::visitor_writes(engine, &"bot".into(), &"support".into(), &"visitor-1".into(), "m1", "Hello?", world.now()).await.unwrap();
    assert_eq!(asks(None).await, AskedFromPage::Not("no_operator"));
    let olga = Operator { id: "op-7".into(), name: Some("Olga".to_owned()), kind: None };
    web_chat::operator_writes(engine, &"bot".into(), &"visitor-1".into(), &olga, "m2", "Good morning!", world.now()).await.unwrap();
    assert_eq!(asks(None).await, AskedFromPage::Asked);
    // Sessions of a desk that lets the page choose the moment.
    let kept = |session: &str| Close { wish: Wish::Keep, ..world.close_of(session) };
    world.tell(Close { operator: None, operator_messages: None, ..kept("S-1") }).await;
    world.tell(Close { operator_messages: Some(0), ..kept("S-2") }).await;
    world.tell(kept("S-3")).await;
    assert_eq!(asks(Some("S-1")).await, AskedFromPage::Not("no_operator"));
    assert_eq!(asks(Some("S-2")).await, AskedFromPage::Not("operator_silent"));
    assert_eq!(asks(Some("S-3")).await, AskedFromPage::Asked);
}
