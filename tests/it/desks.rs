//! Desks around the real engine: their events become closes, ratings are written back once, and lost events are found.

mod beside;
pub(crate) mod bitrix24_day;
mod bitrix24_install;
mod bitrix24_votes_day;
pub(crate) mod called_day;
pub(crate) mod chatwoot_day;
mod hanging;
mod killed;
mod panel;
mod posted;
mod request_tracker;
pub(crate) mod rocketchat_day;
mod set_up_by_page;
mod setup;
mod shift;
pub(crate) mod zammad_day;

use crate::on_both_databases;
use crate::rig::world::{World, messenger, parrot};
use async_trait::async_trait;
use lastword::app::runner;
use lastword::domain::line::LineSettings;
use lastword::domain::session::{HandledBy, SessionEventKind};
use lastword::life::Engine;
use lastword::life::answer::accept::accept;
use lastword::life::desk::events::{DeskEventResult, Directly, hear};
use lastword::life::desk::reconcile::{Reconciled as Turn, reconcile};
use lastword::life::engine::channels::Channels;
use lastword::life::engine::desks::{Desks, Routing};
use lastword::life::facts::inbound::Arrived;
use lastword::queue::Tuning;
use lastword::store::question::rating_request;
use lastword::store::{connection, session};
use lastword::time::Millis;
use lastword_contract::{
    Abilities, Account, Address, Chat, Closing, Desk, DeskEvent, DeskEventKind, Heard, Inbound, InboundKind, Means, PanelPlace, PanelTold,
    Person, Purpose, RawRequest, Reach, Receipt, Reconciled, Rejected, SendError, TextMessage, Verdict, WriteBack,
};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

const SECOND: Millis = 1_000;
const MINUTE: Millis = 60_000;

/// A desk that returns what it is given, and stores what is written to it.
#[derive(Debug, Default)]
struct Told {
    reads: Mutex<VecDeque<Result<Vec<DeskEvent>, SendError>>>,
    lost: Mutex<Vec<DeskEvent>>,
    asked_since: Mutex<Vec<Millis>>,
    written: Mutex<Vec<WriteBack>>,
    trouble: Mutex<VecDeque<SendError>>,
}

#[async_trait]
impl Desk for Told {
    fn kind(&self) -> &'static str {
        "told"
    }

    fn abilities(&self) -> Abilities {
        Abilities { reads: true, writes_back: true, writes_back_once: true, reconciles: true, ..Abilities::default() }
    }

    fn receive(&self, _: &RawRequest) -> Result<Heard, Rejected> {
        Err(Rejected::NotHere)
    }

    async fn read(&self, _: &str, _: Millis, _: Millis) -> Result<Vec<DeskEvent>, SendError> {
        self.reads.lock().unwrap().pop_front().unwrap_or(Ok(Vec::new()))
    }

    async fn write_back(&self, rating: &WriteBack) -> Result<Receipt, SendError> {
        let trouble = self.trouble.lock().unwrap().pop_front();
        self.written.lock().unwrap().push(rating.clone());
        trouble.map_or(Ok(Receipt::default()), Err)
    }

    async fn reconcile(&self, since: Millis, now: Millis) -> Result<Reconciled, SendError> {
        self.asked_since.lock().unwrap().push(since);
        Ok(Reconciled { events: self.lost.lock().unwrap().clone(), until: now })
    }

    fn panel(&self) -> Option<PanelPlace> {
        Some(PanelPlace { origin: "https://chat.example.com".to_owned(), told_by: PanelTold::Message("which?") })
    }

    async fn look(&self, _: Option<&str>) -> Result<Account, SendError> {
        Ok(Account::default())
    }
}

/// A world with the desk `cw`, which carries questions itself, and asks clients of queue 3 through `bot`.
async fn world() -> (World, Arc<Told>, Arc<crate::rig::world::Parrot>) {
    world_on("sqlite::memory:").await
}

/// The same over the database at `url`.
async fn world_on(url: &str) -> (World, Arc<Told>, Arc<crate::rig::world::Parrot>) {
    let mut world = World::on(url, messenger()).await;
    let (desk, chats) = (Arc::new(Told::default()), parrot(messenger()));
    let channels = Channels::default();
    for (name, connection) in world.engine.channels.iter() {
        channels.add(name, connection.channel.clone(), connection.events.clone());
    }
    channels.add("cw", chats.clone(), Vec::new());
    let desks = Desks::default();
    let routing = Routing {
        line: Some("support".into()),
        ask_through: [("3".to_owned(), "bot".into())].into(),
        reconcile_every: 5 * MINUTE,
        note_after: 20 * SECOND,
        ..Routing::default()
    };
    desks.add("cw", desk.clone(), routing);
    world.engine = Engine { channels: Arc::new(channels), desks: Arc::new(desks), ..world.engine.clone() };
    world.runner = runner(&world.engine, Tuning::default(), None);
    let now = world.now();
    let registered = world.engine.db.write(move |tx| Box::pin(async move { connection::started(tx, &"cw".into(), "told", now).await }));
    registered.await.unwrap();
    (world, desk, chats)
}

fn person(id: &str, program: bool) -> Person {
    Person { id: id.to_owned(), name: Some(id.to_uppercase()), program }
}

/// A close of chat 17 at `at`.
fn closed(at: Millis, queue: &str) -> DeskEvent {
    let way = |by, chat: &str| Reach { by, address: Address::chat(chat) };
    let chat = Chat {
        queue: Some(queue.to_owned()),
        operator: Some(person("ann", false)),
        operators: vec![person("owl", true), person("ann", false), person("ben", false)],
        client: Some("9".to_owned()),
        reach: vec![way(Means::Desk, "17"), way(Means::Messenger, "555")],
        last_client_message_at: Some(at - MINUTE),
        operator_messages: Some(3),
        client_messages: Some(2),
        ..Chat::default()
    };
    let what = DeskEventKind::Closed(Box::new(Closing { chat, ..Closing::default() }));
    DeskEvent::new(format!("close-17-{at}"), at, "17", what)
}

async fn tell(world: &World, event: DeskEvent) -> DeskEventResult {
    let became = hear(&world.engine, &"cw".into(), vec![event], &Directly(&world.engine, world.now()), world.now()).await.unwrap();
    became.into_iter().next().unwrap()
}

async fn requests(world: &World) -> Vec<rating_request::RatingRequest> {
    rating_request::of_session(&world.engine.db, &"cw".into(), &"17".into()).await.unwrap()
}

#[tokio::test]
async fn a_chat_that_changed_is_read_and_its_client_is_asked_once() {
    let (world, desk, chats) = world().await;
    let at = world.now();
    // Webhooks that one close makes the desk post: two, and both arrive.
    for key in ["status_changed", "updated"] {
        desk.reads.lock().unwrap().push_back(Ok(vec![closed(at, "3")]));
        let changed = DeskEvent::new(key, at, "17", DeskEventKind::Changed { read_after: 3 * SECOND });
        assert_eq!(tell(&world, changed.clone()).await, DeskEventResult::Kept("look"));
        assert_eq!(tell(&world, changed).await, DeskEventResult::Nothing, "told again");
    }
    world.pass(2 * SECOND).await;
    assert!(requests(&world).await.is_empty(), "the desk has not written down yet who closed it");
    world.pass(2 * SECOND).await;
    world.pass(3 * SECOND).await;
    let requests = requests(&world).await;
    assert_eq!(requests.len(), 1);
    assert_eq!(
        (requests[0].operator_id.as_ref().map(|id| id.as_str()), requests[0].operators.iter().any(|operator| operator.id == "owl")),
        (Some("ann"), false)
    );
    assert_eq!(requests[0].handled_by, HandledBy::Both, "the owl handed over");
    let asked = world.client.take();
    assert_eq!(asked.iter().map(|message| message.to.chat.as_str()).collect::<Vec<_>>(), ["555"], "by the bot of queue 3");
    assert!(chats.take().is_empty());
    assert_eq!(tell(&world, closed(at, "3")).await, DeskEventResult::Nothing, "found later, it is the same close");
}

#[tokio::test]
async fn a_chat_that_is_not_written_down_yet_is_read_again_and_holds_up_nobody() {
    let (world, desk, _) = world().await;
    let at = world.now();
    let not_yet = SendError::new(Verdict::RetryAfter(2 * SECOND), "not_yet", "nobody says who closed it");
    desk.reads.lock().unwrap().extend([Err(not_yet), Ok(vec![closed(at, "3")])]);
    tell(&world, DeskEvent::new("k", at, "17", DeskEventKind::Changed { read_after: 0 })).await;
    world.pass(0).await;
    let state = connection::all(&world.engine.db).await.unwrap().into_iter().find(|state| state.name == "cw").unwrap();
    assert!(state.blocked_until <= world.now(), "the connection is not paused");
    world.pass(2 * SECOND).await;
    assert_eq!(requests(&world).await.len(), 1);
}

#[tokio::test]
async fn a_rating_is_shown_at_its_desk_once_with_what_was_said_within_seconds() {
    let (world, desk, _) = world().await;
    tell(&world, closed(world.now(), "3")).await;
    world.pass(3 * SECOND).await;
    let question = world.client.take().pop().unwrap();
    world.tap(&question, "👎").await;
    world.pass(10 * SECOND).await;
    let by = Address::chat("555");
    world.happens("bot", InboundKind::Text(TextMessage::new("Too slow", by).in_reply_to(format!("m-{}", question.key)))).await;
    world.pass(15 * SECOND).await;
    assert!(desk.written.lock().unwrap().is_empty(), "it waits for more");
    world.pass(MINUTE).await;
    let written = desk.written.lock().unwrap().clone();
    assert_eq!(written.len(), 1, "{written:?}");
    let note = &written[0];
    assert_eq!((note.session.as_str(), note.score, note.low, note.comment.as_deref()), ("17", 0, true, Some("Too slow")));
    let page = format!("https://rate.example.com/ratings/{}", note.rating_request);
    assert_eq!(note.text, format!("👎\nToo slow\n{page}"));
}

#[tokio::test]
async fn what_is_said_in_one_breath_is_shown_once() {
    let (world, desk, _) = world().await;
    tell(&world, closed(world.now(), "3")).await;
    world.pass(3 * SECOND).await;
    let question = world.client.take().pop().unwrap();
    let token = question.choices.iter().find(|choice| choice.label == "👎").unwrap().token.clone();
    let (by, reply_to) = (question.to.clone(), Some(format!("m-{}", question.key)));
    let said = [
        InboundKind::Press { token, by: by.clone(), message_id: None, press_id: None },
        InboundKind::Text(TextMessage::new("Too slow", by).about(reply_to.into())),
    ];
    let arrived = said.into_iter().zip(1..).map(|(kind, order)| Arrived {
        connection: "bot".into(),
        inbound: Inbound { key: format!("breath-{order}"), order, at: None, kind },
        body_hash: String::new(),
        came: None,
        form: None,
    });
    accept(&world.engine, arrived.collect(), None, world.now()).await.unwrap();
    world.pass(MINUTE).await;
    let written = desk.written.lock().unwrap().clone();
    let shown: Vec<_> = written.iter().map(|note| (note.score, note.comment.as_deref())).collect();
    assert_eq!(shown, [(0, Some("Too slow"))], "both are one rating");
}

#[tokio::test]
async fn a_write_back_whose_end_is_unknown_is_tried_again_with_the_same_key() {
    let (world, desk, _) = world().await;
    desk.trouble.lock().unwrap().push_back(SendError::new(Verdict::CannotKnow, "timeout", "no answer in time"));
    tell(&world, closed(world.now(), "3")).await;
    world.pass(3 * SECOND).await;
    let question = world.client.take().pop().unwrap();
    world.tap(&question, "👍").await;
    world.pass(30 * SECOND).await;
    world.pass(2 * MINUTE).await;
    let keys: Vec<String> = desk.written.lock().unwrap().iter().map(|note| note.key.clone()).collect();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0], keys[1]);
}

async fn a_note_that_was_given_up(url: String) {
    let (world, desk, _) = world_on(&url).await;
    tell(&world, closed(world.now(), "3")).await;
    world.pass(3 * SECOND).await;
    let question = world.client.take().pop().unwrap();
    world.tap(&question, "👍").await;
    world.clock.advance(30 * SECOND);
    // Its nodes die repeatedly while preparing it.
    for _ in 0..lastword::domain::question::retry::CRASHES_MAX {
        let leased = world.runner.claim(256).await.unwrap();
        assert_eq!(leased.len(), 1, "the note");
        world.clock.advance(2 * MINUTE);
        world.runner.rescue().await.unwrap();
    }
    world.pass(60 * MINUTE).await;
    assert!(desk.written.lock().unwrap().is_empty(), "it was given up");
    for _ in 0..2 {
        reconcile(&world.engine, &"cw".into(), world.now()).await.unwrap();
        world.pass(60 * MINUTE).await;
    }
    assert_eq!(desk.written.lock().unwrap().len(), 1, "and is written after all, once");
}

on_both_databases! {
    /// 57 of 1,765 rated chats never got their note.
    given_up => a_note_that_was_given_up;
}

#[tokio::test]
async fn an_answer_that_opens_the_chat_leads_to_no_second_question() {
    let (world, desk, chats) = world().await;
    world.line(LineSettings { once_per_client_hours: 0, ..LineSettings::default() }).await;
    tell(&world, closed(world.now(), "4")).await;
    world.pass(3 * SECOND).await;
    let question = chats.take().pop().expect("asked through the desk");
    assert_eq!(question.to.chat, "17");
    world.pass(MINUTE).await;
    let answered_at = world.now();
    world.happens("cw", InboundKind::Text(TextMessage::new("👍", Address::chat("17")))).await;
    assert_eq!(requests(&world).await[0].outcome.map(|word| word.as_str()), Some("answered"));
    // The desk reopened the chat for it, and an operator closes it again.
    let reopened = DeskEvent::new("open-17", answered_at + SECOND, "17", DeskEventKind::Reopened);
    assert_eq!(tell(&world, reopened).await, DeskEventResult::Nothing);
    world.pass(10 * MINUTE).await;
    let mut again = closed(world.now(), "4");
    let DeskEventKind::Closed(closing) = &mut again.kind else { unreachable!() };
    (closing.chat.last_client_message_at, closing.chat.client_messages) = (Some(answered_at), Some(3));
    assert_eq!(tell(&world, again).await, DeskEventResult::Kept("already_closed"));
    world.pass(MINUTE).await;
    assert_eq!(
        (requests(&world).await.len(), chats.take().iter().filter(|message| matches!(message.purpose, Purpose::Question(_))).count()),
        (1, 0)
    );
    let story = session::events(&world.engine.db, &"cw".into(), &"17".into()).await.unwrap();
    assert!(story.iter().any(|event| event.kind == SessionEventKind::ReopenedByAnswer), "{story:?}");
    assert_eq!(desk.written.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_chat_that_the_client_opens_with_a_new_matter_is_a_new_close() {
    let (world, _, chats) = world().await;
    world.line(LineSettings { once_per_client_hours: 0, ..LineSettings::default() }).await;
    tell(&world, closed(world.now(), "4")).await;
    world.pass(3 * SECOND).await;
    chats.take();
    world.happens("cw", InboundKind::Text(TextMessage::new("👍", Address::chat("17")))).await;
    world.pass(60 * MINUTE).await;
    let reopened = DeskEvent::new("open-17", world.now(), "17", DeskEventKind::Reopened);
    assert_eq!(tell(&world, reopened).await, DeskEventResult::Kept("applied"));
    world.pass(10 * MINUTE).await;
    assert_eq!(tell(&world, closed(world.now(), "4")).await, DeskEventResult::Kept("kept"));
    assert_eq!(requests(&world).await.len(), 2);
}

#[tokio::test]
async fn a_close_without_a_line_is_refused_with_the_remedy() {
    let (world, ..) = world().await;
    let mut engine = world.engine.clone();
    let desks = Desks::default();
    desks.add("cw", Arc::new(Told::default()), Routing::default());
    engine.desks = Arc::new(desks);
    let became = hear(&engine, &"cw".into(), vec![closed(world.now(), "4")], &Directly(&engine, world.now()), world.now()).await.unwrap();
    let DeskEventResult::Refused("line", why) = &became[0] else { panic!("{became:?}") };
    assert!(why.contains("the queue \"4\"") && why.contains("lines"), "{why}");
}

#[tokio::test]
async fn what_was_lost_is_found_by_one_node_at_a_time_and_only_from_the_first_look_on() {
    let (world, desk, _) = world().await;
    let start = world.now();
    assert!(matches!(reconcile(&world.engine, &"cw".into(), start).await.unwrap(), Turn::NotNow), "nobody rates the chats of last year");
    world.pass(5 * MINUTE).await;
    *desk.lost.lock().unwrap() = vec![closed(world.now() - MINUTE, "3")];
    let turns = [
        reconcile(&world.engine, &"cw".into(), world.now()).await.unwrap(),
        reconcile(&world.engine, &"cw".into(), world.now()).await.unwrap(),
    ];
    assert!(matches!(turns, [Turn::Done { found: 1 }, Turn::NotNow]), "{turns:?}");
    assert_eq!(requests(&world).await.len(), 1);
    world.pass(6 * MINUTE).await;
    reconcile(&world.engine, &"cw".into(), world.now()).await.unwrap();
    assert_eq!(requests(&world).await.len(), 1, "found again, it is the same close");
    let since = desk.asked_since.lock().unwrap().clone();
    assert_eq!(since, [start - 10 * MINUTE, start - 5 * MINUTE], "each look begins before the one before ended");
}

#[tokio::test]
async fn a_chat_that_was_read_and_has_no_line_needs_somebody_and_is_kept_when_it_has_one() {
    let (mut world, desk, _) = world().await;
    let at = world.now();
    let nowhere = |world: &World| {
        let desks = Desks::default();
        desks.add("cw", desk.clone(), Routing::default());
        Engine { desks: Arc::new(desks), ..world.engine.clone() }
    };
    let with_line = world.engine.clone();
    world.engine = nowhere(&world);
    world.runner = runner(&world.engine, Tuning::default(), None);
    desk.reads.lock().unwrap().push_back(Ok(vec![closed(at, "9")]));
    tell(&world, DeskEvent::new("k", at, "17", DeskEventKind::Changed { read_after: 0 })).await;
    world.pass(SECOND).await;
    let stuck = lastword::store::question::delivery_list::troubles(&world.engine.db, 0).await.unwrap();
    assert_eq!(stuck, [("failed".to_owned(), 1)]);
    // Once the settings name the line, it is accepted.
    world.engine = with_line;
    world.runner = runner(&world.engine, Tuning::default(), None);
    assert_eq!(tell(&world, closed(at, "9")).await, DeskEventResult::Kept("kept"));
}

#[tokio::test]
async fn a_desk_that_tells_no_messages_closes_its_silent_chats_itself() {
    let (world, ..) = world().await;
    world.line(LineSettings { idle_minutes: Some(30), ..LineSettings::default() }).await;
    let opened = DeskEvent::new("opened:17", world.now(), "17", DeskEventKind::Opened(Box::default()));
    assert_eq!(tell(&world, opened).await, DeskEventResult::Kept("applied"));
    world.pass(120 * MINUTE).await;
    let session = session::find(&world.engine.db, &"17".into()).await.unwrap().remove(0);
    assert_eq!((session.status.as_str(), requests(&world).await.len()), ("open", 0));
}
