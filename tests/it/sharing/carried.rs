//! Forwarding to the desk: unchanged, in order, repeated until accepted, by one node at a time.

use super::{Notebook, Shared, other, request};
use crate::on_both_databases;
use async_trait::async_trait;
use lastword::life::shared_account::forward::{Desk, Done, Passed, next_at, pass_on};
use lastword::store::connection::forward_outbox::{Claim, DeskState, Round, claim, desks, end, head};
use lastword::store::{Db, StoreError};
use std::sync::Arc;
use tokio::sync::Notify;

on_both_databases! {
    every_byte_and_header_travels_on => as_it_came;
    a_desk_that_is_down_gets_everything_later_and_in_order => in_order;
    pauses_outlive_a_restart => pauses;
    what_is_too_old_is_dropped_counted_and_shown => too_old;
    one_node_at_a_time_has_a_desk => one_at_a_time;
    a_node_that_was_away_too_long_records_nothing => fenced;
    i2_many_at_once_have_one_order_without_a_gap => many_writers;
}

async fn state(db: &Db) -> DeskState {
    desks(db).await.unwrap().remove(0)
}

async fn as_it_came(url: String) {
    let shared = Shared::on(&url).await;
    let every_byte: Vec<u8> = (0..=255).collect();
    let came = Arc::new(lastword_contract::RawRequest { body: every_byte.clone(), ..request("", 7) });
    let arrived = lastword::life::facts::inbound::Arrived {
        connection: "bot".into(),
        inbound: other("1"),
        body_hash: String::new(),
        came: Some(came),
        form: None,
    };
    lastword::life::answer::accept::accept(&shared.world.engine, vec![arrived], None, shared.world.now()).await.unwrap();
    let kept = head(&shared.world.engine.db, &"bot".into(), 10).await.unwrap().remove(0);
    assert!(!kept.headers.contains(super::SECRET), "a database holds no secret of the settings: {}", kept.headers);

    // Old according to its own timestamp; it is forwarded nevertheless.
    shared.world.clock.set(1_000);
    assert_eq!(shared.round().await, Some(Done { passed: 1, ..Done::default() }));
    let passed = shared.desk.taken.lock().unwrap().remove(0);
    assert_eq!((passed.method.as_str(), passed.query.as_str(), passed.body), ("POST", "a=1&b=%20", every_byte));
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(passed.headers, [pair("x-token", super::SECRET), pair("x-name", "J\u{fc}rgen")], "but for those between two machines");
}

async fn in_order(url: String) {
    let shared = Shared::on(&url).await;
    let bodies: Vec<String> = (0..50).map(|number| format!("update {number}")).collect();
    shared.desk.refuses(1);
    for body in &bodies {
        shared.posted(body, vec![other(body)]).await;
        // The platform already has its response; the desk is called separately, and refuses once.
        shared.round().await;
    }
    let down = state(&shared.world.engine.db).await;
    assert_eq!((down.backlog, down.failures, down.oldest_at), (50, 1, Some(shared.world.now())));
    assert_eq!(down.error.as_deref(), Some("the desk answered 503 Service Unavailable"));
    shared.world.clock.advance(2_000);
    assert_eq!(shared.passed().await, bodies);
    let well = state(&shared.world.engine.db).await;
    assert_eq!((well.backlog, well.failures, well.oldest_at, well.passed_at), (0, 0, None, Some(shared.world.now())));
    assert_eq!(next_at(&shared.world.engine, &"bot".into()).await.unwrap(), None);
}

async fn pauses(url: String) {
    let shared = Shared::on(&url).await;
    shared.posted("update", vec![other("1")]).await;
    shared.desk.refuses(10);
    let mut pauses = Vec::new();
    for _ in 0..10 {
        let failed = shared.round().await.unwrap();
        assert!(failed.failed.is_some());
        // The pause is not in memory: any node gets the same time.
        let next = next_at(&shared.world.engine, &"bot".into()).await.unwrap().unwrap();
        pauses.push(next - shared.world.now());
        shared.world.clock.set(next - 1);
        assert_eq!(shared.round().await, None);
        shared.world.clock.set(next);
    }
    assert!(pauses.windows(2).take(5).all(|pair| pair[1] > pair[0]), "{pauses:?}");
    assert!(pauses.iter().all(|pause| (1_000..=72_000).contains(pause)), "{pauses:?}");
    assert_eq!(shared.passed().await, ["update"]);
}

async fn too_old(url: String) {
    let shared = Shared::on(&url).await;
    let hour = 3_600_000;
    for body in ["1", "2", "3"] {
        shared.posted(body, vec![other(body)]).await;
        shared.world.clock.advance(10 * hour);
    }
    assert_eq!(shared.passed().await, ["2", "3"]);
    let left = state(&shared.world.engine.db).await;
    assert_eq!((left.dropped, left.dropped_at, left.backlog), (1, Some(shared.world.now()), 0));
}

/// A slow desk.
#[derive(Default)]
struct Slow {
    called: Notify,
    go_on: Notify,
    notes: Notebook,
}

#[async_trait]
impl Desk for Slow {
    async fn take(&self, request: Passed) -> Result<(), String> {
        self.called.notify_one();
        self.go_on.notified().await;
        self.notes.take(request).await
    }
}

async fn one_at_a_time(url: String) {
    let shared = Shared::on(&url).await;
    shared.posted("1", vec![other("1")]).await;
    let slow = Slow::default();
    let engine = &shared.world.engine;
    let meanwhile = async {
        slow.called.notified().await;
        // The first node's call is in progress: the platform's next update is accepted nevertheless.
        shared.posted("2", vec![other("2")]).await;
        assert_eq!(pass_on(engine, &"bot".into(), &shared.desk, "another node").await.unwrap(), None);
        slow.go_on.notify_one();
    };
    let bot = "bot".into();
    let (done, ()) = tokio::join!(pass_on(engine, &bot, &slow, "a node"), meanwhile);
    assert_eq!(done.unwrap().unwrap().passed, 1);
    assert_eq!((slow.notes.bodies(), shared.passed().await), (vec!["1".to_owned()], vec!["2".to_owned()]));
}

async fn fenced(url: String) {
    let shared = Shared::on(&url).await;
    shared.posted("1", vec![other("1")]).await;
    let (now, db) = (shared.world.now(), shared.world.engine.db.clone());
    let take = |now: i64| db.write(move |tx| Box::pin(async move { claim(tx, &"bot".into(), "a node", now, now + 5_000).await }));
    let first: Result<Option<Claim>, StoreError> = take(now).await;
    let (first, early) = (first.unwrap().unwrap(), take(now + 4_999).await.unwrap());
    assert!(early.is_none());
    let second = take(now + 5_000).await.unwrap().unwrap();
    let finish = |claim: Claim| {
        db.write(move |tx| Box::pin(async move { end(tx, &"bot".into(), claim, &Round { passed: Some(1), failed: None, at: now }).await }))
    };
    let late: Result<bool, StoreError> = finish(first).await;
    assert!(!late.unwrap() && head(&db, &"bot".into(), 10).await.unwrap().len() == 1, "the first one comes too late");
    assert!(finish(second).await.unwrap() && head(&db, &"bot".into(), 10).await.unwrap().is_empty());
}

async fn many_writers(url: String) {
    let shared = Arc::new(Shared::on(&url).await);
    let posting = (0..20).map(|number| {
        let shared = shared.clone();
        tokio::spawn(async move {
            for part in 0..5 {
                let key = format!("{number}.{part}");
                shared.posted(&key, vec![other(&key)]).await;
            }
        })
    });
    for done in posting.collect::<Vec<_>>() {
        done.await.unwrap();
    }
    let kept = head(&shared.world.engine.db, &"bot".into(), 1_000).await.unwrap();
    assert_eq!(kept.iter().map(|one| one.seq).collect::<Vec<_>>(), (1..=100).collect::<Vec<_>>());
    let passed = shared.passed().await;
    for number in 0..20 {
        let own: Vec<&String> = passed.iter().filter(|body| body.starts_with(&format!("{number}."))).collect();
        assert_eq!(own, (0..5).map(|part| format!("{number}.{part}")).collect::<Vec<_>>().iter().collect::<Vec<_>>());
    }
}
