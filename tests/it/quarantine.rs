//! A database that came from a copy accepts everything and sends nothing until a person releases it (I19).

use crate::on_both_databases;
use crate::rig::world::{MORNING, World, messenger};
use lastword::domain::access::audit::By;
use lastword::domain::answer::Disposition;
use lastword::domain::quarantine::Cause;
use lastword::domain::question::delivery::State;
use lastword::life::records::detect_copy::{beat, look};
use lastword::life::records::release_quarantine::{Waiting, release};
use lastword::life::session::close_batch::Closed;
use lastword::names::RequestId;
use lastword::store::access::audit;
use lastword::store::answer::rating;
use lastword::store::question::{delivery_list, rating_request};
use lastword::store::records::inspect;
use lastword::store::records::installation;
use lastword::store::sql::Sql;
use lastword::store::{Db, Row, StoreError, alert};
use lastword::time::{DAY, HOUR, MINUTE};
use lastword::values;
use lastword_contract::{Address, InboundKind};

on_both_databases! {
    i19_a_copy_takes_everything_in_and_sends_nothing_until_it_is_released => takes_in;
    i19_what_waits_is_sent_where_a_person_says_so => kept;
    i19_a_node_that_runs_while_a_copy_is_put_in_place_sends_nothing => beneath_a_node;
    i19_many_messages_are_canceled_in_batches_and_a_release_that_broke_off_goes_on => many;
    i19_a_database_that_slept_for_days_is_taken_for_an_old_copy => asleep;
    a_press_on_a_question_that_the_copy_does_not_know_is_kept => unknown_question;
    a_delivery_is_poison_only_when_it_was_alone_as_its_node_died => poison;
}

async fn world(url: &str) -> World {
    World::on(url, messenger()).await
}

async fn execute(db: &Db, sql: &'static Sql) {
    db.write::<_, StoreError, _>(move |tx| Box::pin(async move { tx.execute(sql, values![]).await.map(drop) })).await.unwrap();
}

async fn outcome(world: &World, request: &str) -> (Option<String>, Option<String>) {
    let found = rating_request::load(&world.engine.db, &[RequestId::named(request)]).await.unwrap().remove(0);
    (found.outcome.map(|outcome| outcome.to_string()), found.reason)
}

async fn close(world: &World, session: &str) -> (String, i64) {
    let Closed::Kept { rating_request, decision: Ok(due_at), .. } = world.tell(world.close_of(session)).await else { panic!("asks") };
    (rating_request.to_string(), due_at)
}

async fn takes_in(url: String) {
    let world = world(&url).await;
    let (asked, question) = world.ask("before").await;
    let (waiting, due_at) = close(&world, "waiting").await;
    let db = &world.engine.db;
    installation::mark(db, Cause::Backup, world.now()).await.unwrap();
    world.clock.set(due_at);

    let (late, _) = close(&world, "during").await;
    world.tap(&question, "👎").await;
    world.pass(10 * MINUTE).await;
    assert!(world.client.take().is_empty() && world.staff.take().is_empty(), "no question, no thanks, no alert, no event");
    assert_eq!(rating_score(&world, &asked).await, Some(0), "the answer was taken in");
    assert_eq!(look(db, None, world.now()).await.unwrap(), Some(Cause::Backup));
    world.pass(60 * DAY).await;
    assert_eq!(outcome(&world, &waiting).await, (None, None), "nothing runs out of time meanwhile");

    let by = By::command();
    let released = release(&world.engine, &by, Waiting::CancelBefore(world.now()), world.now()).await.unwrap().unwrap();
    assert!(released.canceled >= 4, "two questions, thanks, an alert: {released:?}");
    assert!(release(&world.engine, &by, Waiting::Keep, world.now()).await.unwrap().is_none(), "it is released once");
    let restored = || (Some("canceled".to_owned()), Some("restored".to_owned()));
    assert_eq!((outcome(&world, &waiting).await, outcome(&world, &late).await), (restored(), restored()));
    let alerts = alert::of_requests(db, &[RequestId::named(&asked)]).await.unwrap();
    assert!(alerts.iter().all(|alert| (alert.state.as_str(), alert.reason.as_deref()) == ("canceled", Some("restored"))), "{alerts:?}");
    let trail =
        audit::list(db, &audit::Filter { act: Some("quarantine.released".to_owned()), ..audit::Filter::default() }, None, 9).await.unwrap();
    assert_eq!((trail.len(), trail[0].subject.as_str(), trail[0].by_kind.as_str()), (1, "backup", "command"));
    world.pass(MINUTE).await;
    assert!(world.client.take().is_empty(), "what was canceled stays so");
    let (_, question) = world.ask("after").await;
    assert_eq!(question.to.chat, "chat-after");
}

async fn rating_score(world: &World, request: &str) -> Option<i64> {
    let request = request.to_owned();
    let found = world.engine.db.write::<_, StoreError, _>(move |tx| {
        let request = request.clone();
        Box::pin(async move { Ok(rating::load(tx, &[RequestId::named(&request)]).await?.remove(&RequestId::named(&request))) })
    });
    found.await.unwrap().map(|rating| rating.score)
}

async fn kept(url: String) {
    let world = world(&url).await;
    let (_, due_at) = close(&world, "waiting").await;
    installation::mark(&world.engine.db, Cause::Elsewhere, world.now()).await.unwrap();
    world.clock.set(due_at);
    world.work().await;
    assert!(world.client.take().is_empty());
    release(&world.engine, &By::command(), Waiting::Moved, world.now()).await.unwrap().unwrap();
    world.work().await;
    assert_eq!(world.client.take().len(), 1);
}

async fn beneath_a_node(url: String) {
    static NO_ROW: Sql = Sql::new("DELETE FROM installation");
    static ELSEWHERE: Sql = Sql::new("UPDATE installation SET place = 'postgres 1 2 3'");
    let world = world(&url).await;
    let db = &world.engine.db;
    assert_eq!(beat(&world.engine, None, world.now()).await.unwrap().quarantine, None);
    let (_, due_at) = close(&world, "leased").await;
    world.clock.set(due_at);
    let leased = world.runner.claim(9).await.unwrap();
    let prepared = world.runner.prepare(leased).await.unwrap();
    assert_eq!(prepared.len(), 1);
    installation::mark(db, Cause::Restored, world.now()).await.unwrap();
    assert!(world.runner.intend(prepared).await.unwrap().0.is_empty(), "not even what was leased before leaves");
    release(&world.engine, &By::command(), Waiting::Keep, world.now()).await.unwrap().unwrap();

    execute(db, &NO_ROW).await;
    assert_eq!(world.runner.tick().await.unwrap(), 0, "a dump of ours has no such row");
    assert_eq!(beat(&world.engine, None, world.now()).await.unwrap().quarantine, Some(Cause::Dump));
    release(&world.engine, &By::command(), Waiting::Keep, world.now()).await.unwrap().unwrap();
    if db.path().is_none() {
        execute(db, &ELSEWHERE).await;
        assert_eq!(world.runner.tick().await.unwrap(), 0, "another server's row lies in this database");
        assert_eq!(look(db, None, world.now()).await.unwrap(), Some(Cause::Elsewhere));
        let found = beat(&world.engine, None, world.now()).await.unwrap();
        assert_eq!((found.quarantine, found.entered), (Some(Cause::Elsewhere), true));
        release(&world.engine, &By::command(), Waiting::Keep, world.now()).await.unwrap().unwrap();
    }
    world.work().await;
    assert_eq!(world.client.take().len(), 1, "released, it leaves once");
}

/// More than one transaction can cancel; a crash between two of them leaves the database in quarantine.
async fn many(url: String) {
    static COPIES: Sql = Sql::new(
        "INSERT INTO delivery (id, kind, connection, address, payload, state, due_at, give_up_at, created_at) \
         WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1200) \
         SELECT '0000000000000' || (1000 + n), 'event', 'staff', '[]', '[]', 'scheduled', $1 + n, $1 + 100000000, $1 FROM n",
    );
    let world = world(&url).await;
    let db = &world.engine.db;
    db.write::<_, StoreError, _>(|tx| Box::pin(async move { tx.execute(&COPIES, values![MORNING]).await.map(drop) })).await.unwrap();
    installation::mark(db, Cause::Backup, MORNING).await.unwrap();
    world.clock.set(MORNING + HOUR);
    // Dropped as soon as the first batch is committed, as in a killed process.
    let by = By::command();
    let mut broken_off = Box::pin(release(&world.engine, &by, Waiting::CancelBefore(world.now()), world.now()));
    let commits = db.commits();
    while db.commits() == commits {
        tokio::select! { _ = &mut broken_off => break, () = tokio::task::yield_now() => {} }
    }
    drop(broken_off);
    world.work().await;
    assert!(world.staff.take().is_empty(), "nothing leaves in between");
    let _ = release(&world.engine, &by, Waiting::CancelBefore(world.now()), world.now()).await.unwrap();
    world.work().await;
    assert!(world.staff.take().is_empty());
    let states = inspect::count_by_state(db).await.unwrap();
    assert!(states.contains(&("canceled".to_owned(), 1_200)), "{states:?}");
    assert_eq!(installation::quarantine(db).await.unwrap(), None);
}

async fn asleep(url: String) {
    let world = world(&url).await;
    beat(&world.engine, None, world.now()).await.unwrap();
    world.clock.advance(71 * HOUR);
    assert_eq!(beat(&world.engine, None, world.now()).await.unwrap().quarantine, None, "a shop that is closed at the weekend");
    let (_, due_at) = close(&world, "waiting").await;
    world.clock.set(due_at + 72 * HOUR);
    assert_eq!(world.runner.tick().await.unwrap(), 0, "the statement itself looks, before the heart beats again");
    let found = beat(&world.engine, None, world.now()).await.unwrap();
    assert_eq!((found.quarantine, found.entered), (Some(Cause::Asleep), true));
    assert!(!beat(&world.engine, None, world.now()).await.unwrap().entered, "it is told once");
}

async fn unknown_question(url: String) {
    static FORGET: Sql = Sql::new("DELETE FROM rating_request");
    static EVENTS: Sql = Sql::new("SELECT request_id, value FROM answer_event");
    let world = world(&url).await;
    let (request, question) = world.ask("after the backup").await;
    execute(&world.engine.db, &FORGET).await;
    let taken = world.tap(&question, "👍").await;
    assert_eq!(taken.disposition, Disposition::Unknown);
    let kept = world.engine.db.read(&EVENTS, vec![]).await.unwrap();
    let kept: Vec<(String, String)> = kept.into_iter().map(|mut row: Row| (row.text().unwrap(), row.text().unwrap())).collect();
    assert_eq!(kept, [(request, "1".to_owned())], "the proof that the question arrived");
    let token = question.choices[0].token.clone();
    let foreign = InboundKind::Press { token, by: Address::chat("somebody else"), message_id: None, press_id: None };
    assert_eq!(world.happens("bot", foreign).await.disposition, Disposition::Forged);
}

/// I25: three deaths of a node that held many deliveries do not condemn most of them.
async fn poison(url: String) {
    let world = world(&url).await;
    let mut due = 0;
    for number in 0..5 {
        due = close(&world, &format!("S-{number}")).await.1.max(due);
    }
    world.clock.set(due);
    let held = |state: State| {
        let db = world.engine.db.clone();
        async move { delivery_list::in_state(&db, state, &delivery_list::Filter::default(), None, 99).await.unwrap().len() }
    };
    assert_eq!(world.runner.claim(99).await.unwrap().len(), 5);
    for _ in 0..2 {
        // The node dies with all it holds; its leases expire.
        world.clock.advance(MINUTE);
        world.runner.rescue().await.unwrap();
        assert_eq!(world.runner.claim(99).await.unwrap().len(), 1, "suspects go one at a time");
        assert_eq!((held(State::Leased).await, held(State::Scheduled).await, held(State::Dead).await), (1, 4, 0));
    }
    // Each of them alone: the first two died once more with their node, and the others did not.
    world.clock.advance(MINUTE);
    world.runner.rescue().await.unwrap();
    world.work().await;
    assert_eq!(world.client.take().len(), 5, "none of them was poison");

    let (poison, due) = close(&world, "poison").await;
    world.clock.set(due);
    for death in 1..=3 {
        assert_eq!(world.runner.claim(99).await.unwrap().len(), 1, "death {death}");
        world.clock.advance(MINUTE);
        world.runner.rescue().await.unwrap();
    }
    assert_eq!((held(State::Dead).await, outcome(&world, &poison).await.1.as_deref()), (1, Some("poison")));
}
