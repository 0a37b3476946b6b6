//! On PostgreSQL other nodes work while a transaction is open. A waiting message that will contain what the transaction
//! writes waits for that transaction: no node claims it meanwhile and sends it without. SQLite has a single writer.

use crate::rig::postgres;
use crate::rig::world::{World, messenger};
use lastword::names::{AlertId, DeliveryId, RequestId};
use lastword::store::alert::{self, Alert};
use lastword::store::db::TxFuture;
use lastword::store::locks::{self, Open};
use lastword::store::{StoreError, Tx};
use lastword_contract::{Address, Capabilities, InboundKind, Outgoing, TextMessage};
use sqlx::Connection as _;
use std::sync::Arc;
use tokio::sync::Notify;

const MINUTE: i64 = 60_000;

/// IDs of the alert messages that a node claims now.
async fn claimed(world: &World) -> Vec<DeliveryId> {
    let claimed = world.runner.claim(10).await.unwrap().into_iter();
    claimed.filter(|delivery| delivery.kind.carries_alerts()).map(|delivery| delivery.id).collect()
}

/// Messages claimed while the transaction of `steps` is open, and after it.
async fn meanwhile_and_after<F>(world: &World, steps: F) -> (Vec<DeliveryId>, Vec<DeliveryId>)
where
    F: for<'t> Fn(&'t mut Tx) -> TxFuture<'t, (), StoreError> + Send + Sync + 'static,
{
    let (is_done, may_commit, steps) = (Arc::new(Notify::new()), Arc::new(Notify::new()), Arc::new(steps));
    let (done, commit) = (is_done.clone(), may_commit.clone());
    let writing = world.engine.db.write(move |tx| {
        let (done, commit, steps) = (done.clone(), commit.clone(), steps.clone());
        Box::pin(async move {
            steps(tx).await?;
            done.notify_one();
            commit.notified().await;
            Ok::<_, StoreError>(())
        })
    });
    let node = async {
        is_done.notified().await;
        let meanwhile = claimed(world).await;
        may_commit.notify_one();
        meanwhile
    };
    let (written, meanwhile) = tokio::join!(writing, node);
    written.unwrap();
    (meanwhile, claimed(world).await)
}

async fn the_alert(world: &World, request: &str) -> Alert {
    alert::of_requests(&world.engine.db, &[RequestId::named(request)]).await.unwrap().pop().expect("an alert")
}

async fn comment(world: &World, question: &Outgoing) {
    let what = InboundKind::Text(TextMessage::new("Rude", Address::chat(&question.to.chat)).in_reply_to(format!("m-{}", question.key)));
    world.happens("bot", what).await;
}

/// The whole path: the client's comment is about to be committed when a node looks for work.
#[tokio::test]
async fn an_alert_is_not_sent_without_the_comment_that_is_being_written() {
    const WAITS_TO_COMMIT: &str = "CREATE FUNCTION waits() RETURNS trigger LANGUAGE plpgsql AS \
        $$ BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NULL; END $$; \
        CREATE CONSTRAINT TRIGGER waits AFTER INSERT ON answer_event DEFERRABLE INITIALLY DEFERRED \
        FOR EACH ROW EXECUTE FUNCTION waits()";
    let url = postgres::database().await;
    let world = World::on(&url, messenger()).await;
    let (_, question) = world.ask("S-1").await;
    world.try_tap(&question, "👎").await.unwrap();

    let mut gate = sqlx::PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(WAITS_TO_COMMIT).execute(&mut gate).await.unwrap();
    sqlx::raw_sql("SELECT pg_advisory_lock(7)").execute(&mut gate).await.unwrap();
    let node = async {
        let waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
                     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        while sqlx::query_scalar::<_, i64>(waits).fetch_one(&mut gate).await.unwrap() == 0 {
            tokio::task::yield_now().await;
        }
        let runner = &world.runner;
        let (sending, at) = runner.intend(runner.prepare(runner.claim(10).await.unwrap()).await.unwrap()).await.unwrap();
        let mut finished = Vec::new();
        for (delivery, message) in sending {
            finished.push(runner.send(delivery, &message, at).await);
        }
        sqlx::raw_sql("SELECT pg_advisory_unlock(7)").execute(&mut gate).await.unwrap();
        finished
    };
    let ((), finished) = tokio::join!(comment(&world, &question), node);
    world.runner.record(finished).await.unwrap();
    world.work().await;
    let sent = world.staff.take();
    let alerts: Vec<&str> = sent.iter().map(|message| &*message.text).filter(|text| text.starts_with("Low rating")).collect();
    assert!(alerts.len() == 1 && alerts[0].contains("Comment: Rude"), "{alerts:?}");
}

#[tokio::test]
async fn the_alert_that_will_say_what_the_client_added() {
    let world = World::on(&postgres::database().await, messenger()).await;
    let (request, question) = world.ask("S-1").await;
    world.try_tap(&question, "👎").await.unwrap();
    let message = the_alert(&world, &request).await.delivery_id.expect("its message");
    let held = message;
    let (meanwhile, after) = meanwhile_and_after(&world, move |tx| {
        let held = held;
        Box::pin(async move { locks::hold_open(tx, Open { messages: &[held], ..Open::default() }).await })
    })
    .await;
    assert_eq!((meanwhile, after), (vec![], vec![message]));
}

#[tokio::test]
async fn the_message_that_follows_and_will_say_what_else_was_added() {
    let world = World::with_staff(&postgres::database().await, Capabilities { edits: false, ..messenger() }).await;
    let (request, question) = world.ask("S-1").await;
    world.tap(&question, "👎").await;
    comment(&world, &question).await;
    let more = the_alert(&world, &request).await.delivery_id.expect("its message");
    world.clock.advance(MINUTE);
    let (meanwhile, after) = meanwhile_and_after(&world, move |tx| {
        let request = request.clone();
        Box::pin(async move {
            locks::hold_open(tx, Open { requests: &[RequestId::named(&request)], ..Open::default() }).await?;
            assert_eq!(alert::may_follow(tx, &[RequestId::named(&request)]).await?, Vec::<AlertId>::new(), "one waits, and will say it");
            Ok(())
        })
    })
    .await;
    assert_eq!((meanwhile, after), (vec![], vec![more]));
}

#[tokio::test]
async fn the_digest_that_will_leave_a_rating_out() {
    let world = World::on(&postgres::database().await, messenger()).await;
    let mut last = String::new();
    for number in 0..7 {
        let (request, question) = world.ask(&format!("S-{number}")).await;
        world.tap(&question, "👎").await;
        last = request;
    }
    let digest = the_alert(&world, &last).await.delivery_id.expect("its message");
    world.clock.advance(10 * MINUTE);
    let (meanwhile, after) = meanwhile_and_after(&world, move |tx| {
        let last = last.clone();
        Box::pin(async move {
            locks::hold_open(tx, Open { requests: &[RequestId::named(&last)], ..Open::default() }).await?;
            assert_eq!(alert::cancel_unsent(tx, &[RequestId::named(&last)]).await?, 1);
            Ok(())
        })
    })
    .await;
    assert_eq!((meanwhile, after), (vec![], vec![digest]));
}
