//! A question counts in the response rate once its time is over, answered or not: otherwise the newest days would contain only answers.

use super::counts::all;
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::access::rights::Lines;
use lastword::domain::outcome::Outcome;
use lastword::domain::report::rating_filter::{Ended, Filter};
use lastword::life::question::record_end::end_requests;
use lastword::life::report::recount::{Recounted, recount};
use lastword::life::report::summary;
use lastword::names::RequestId;
use lastword::store::StoreError;
use lastword::store::answer::held;
use lastword::store::question::rating_request::{self, Ending};
use lastword::store::records::inspect;
use lastword::store::report::rating_list::sums::sums;
use lastword_contract::Outgoing;

const HOUR: i64 = 3_600_000;

on_both_databases! {
    answers_count_when_those_who_are_silent_do => matured;
    what_ends_early_counts_when_the_others_do => ends_early;
    what_is_answered_and_opened_again_is_counted_once => opened_again;
}

/// Answered questions among those whose time is over; and among the others, the open and the answered ones.
async fn counted(world: &World) -> ((i64, i64), (i64, i64)) {
    let report = summary(&world.engine.db, &all()).await.unwrap().report;
    ((report.response.part, report.response.of), (report.funnel.delivered_open, report.funnel.answered_runs))
}

/// Checks that the counters match the rows.
async fn exact(world: &World) {
    let found = recount(&world.engine.db, world.now(), |_| ()).await.unwrap();
    assert_eq!((found.wrong, found.told), (0, Recounted::default().told));
}

/// Number of closes in the list with this outcome.
async fn listed(world: &World, ended: Ended) -> i64 {
    let filter = Filter { ended, ..Filter::default() };
    sums(&world.engine.db, &filter, &Lines::All, 1_000).await.unwrap().closes
}

/// Ten clients are asked, and every second one answers immediately.
async fn day(world: &World, name: &str) -> Vec<(String, Outgoing)> {
    let mut asked = Vec::new();
    for number in 0..10 {
        asked.push(world.ask(&format!("{name}-{number}")).await);
        if number % 2 == 0 {
            world.tap(&asked[number].1, "👍").await;
        }
    }
    asked
}

async fn matured(url: String) {
    let world = World::on(&url, messenger()).await;
    day(&world, "first").await;
    assert_eq!(counted(&world).await, ((0, 0), (5, 5)), "nobody is silent yet, so nobody counts as having answered either");
    world.pass(71 * HOUR).await;
    assert_eq!(counted(&world).await, ((0, 0), (5, 5)));
    assert_eq!((listed(&world, Ended::Over).await, listed(&world, Ended::AnsweredOver).await), (0, 0));
    day(&world, "second").await;
    world.pass(HOUR).await;
    assert_eq!(counted(&world).await, ((5, 10), (5, 5)), "half of them answered, on whatever day one looks");
    assert_eq!((listed(&world, Ended::Over).await, listed(&world, Ended::AnsweredOver).await), (10, 5), "the lists behind it");
    exact(&world).await;
    world.pass(72 * HOUR).await;
    assert_eq!(counted(&world).await, ((10, 20), (0, 0)));
    exact(&world).await;
}

async fn ends_early(url: String) {
    let world = World::on(&url, messenger()).await;
    let asked = day(&world, "day").await;
    let ended: Vec<Ending> = [1, 3]
        .map(|number: usize| Ending {
            id: RequestId::named(&asked[number].0.clone()),
            outcome: Outcome::Expired,
            reason: Some("client_wrote".into()),
            at: world.now(),
        })
        .into();
    let (engine, now) = (world.engine.clone(), world.now());
    let step = world.engine.db.write(move |tx| {
        let (engine, ended) = (engine.clone(), ended.clone());
        Box::pin(async move { end_requests(tx, &engine, &ended, now).await.map(drop) })
    });
    let done: Result<(), StoreError> = step.await;
    done.unwrap();
    assert_eq!(counted(&world).await, ((0, 0), (3, 5)), "silent ones do not count before those who answered");
    exact(&world).await;
    world.pass(73 * HOUR).await;
    assert_eq!(counted(&world).await, ((5, 10), (0, 0)));
    exact(&world).await;
}

async fn opened_again(url: String) {
    let world = World::on(&url, messenger()).await;
    let asked = day(&world, "day").await;
    let hold = async |number: usize| {
        let (id, now) = (asked[number].0.clone(), world.now());
        let ratings = inspect::ratings(&world.engine.db).await.unwrap();
        let rating = ratings.into_iter().find(|rating| rating.request_id == RequestId::named(&id)).unwrap();
        let step = world.engine.db.write(move |tx| {
            let (id, rating) = (id.clone(), rating.clone());
            Box::pin(async move {
                let answered = rating_request::hold(tx, &[RequestId::named(&id)]).await?;
                held::hold(tx, &answered, &[(&answered[0], &rating)], now).await
            })
        });
        let done: Result<(), StoreError> = step.await;
        done.unwrap();
    };
    hold(0).await;
    assert_eq!(counted(&world).await, ((0, 0), (6, 4)), "one is open again");
    world.pass(73 * HOUR).await;
    assert_eq!(counted(&world).await, ((4, 10), (0, 0)));
    hold(2).await;
    assert_eq!(counted(&world).await, ((3, 9), (1, 0)), "its time was over");
    world.pass(HOUR).await;
    assert_eq!(counted(&world).await, ((3, 10), (0, 0)));
    exact(&world).await;
}
