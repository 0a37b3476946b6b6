//! Recovery: low, replied to, asked again, and perhaps good. No score counts the second rating.

use super::{DAY, HOUR, low, sam};
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::access::rights::Lines;
use lastword::domain::report::calendar::Day;
use lastword::domain::report::period::Period;
use lastword::domain::review::NotAgain;
use lastword::life::report::recount::recount;
use lastword::life::report::summary;
use lastword::life::review::Refused;
use lastword::life::review::act::{ReviewAct, act};
use lastword::life::session::close_batch::Closed;
use lastword::life::session::explain::explain;
use lastword::names::RequestId;
use lastword::store::answer::rating;
use lastword::store::question::rating_request;
use lastword::store::report::Closes;
use lastword::store::report::replies::{Recovery, recovery};
use lastword_contract::{Capabilities, Purpose, WindowRule};

on_both_databases! {
    a_client_is_asked_once_more_and_the_second_rating_is_linked => recovered;
    outside_the_window_nobody_is_asked_once_more => window_shut;
}

async fn again(world: &World, request: &str) -> Result<String, Refused> {
    act(&world.engine, &sam(), RequestId::named(request), ReviewAct::AskAgain, None, world.now())
        .await
        .unwrap()
        .map(|acted| acted.second.unwrap().to_string())
}

async fn recovered(url: String) {
    let world = World::on(&url, messenger()).await;
    let (first, _) = low(&world, "A").await;
    let (_, good) = world.ask("B").await;
    world.tap(&good, "👍").await;
    assert_eq!(again(&world, &first).await, Err(Refused::NotAgain(NotAgain::NoReply)));
    act(&world.engine, &sam(), RequestId::named(&first), ReviewAct::Reply("We have sent you a new one.".to_owned()), None, world.now())
        .await
        .unwrap()
        .unwrap();
    world.pass(HOUR).await;
    world.client.take();

    // Within the day of one question, because a person asks deliberately.
    let second = again(&world, &first).await.expect("asked");
    world.work().await;
    let question = world.client.take().pop().expect("the question");
    assert!(matches!(question.purpose, Purpose::Question(_)));
    assert_eq!(again(&world, &first).await, Err(Refused::NotAgain(NotAgain::Asked)), "once for each low rating");
    world.tap(&question, "👍").await;
    let rated = rating::of_requests(&world.engine.db, &[RequestId::named(&second)])
        .await
        .unwrap()
        .remove(&RequestId::named(&second))
        .expect("a second rating");
    let request = rating_request::load(&world.engine.db, &[RequestId::named(&second)]).await.unwrap().remove(0);
    assert_eq!(
        (rated.score, request.outcome.map(|word| word.as_str()), request.again_of),
        (1, Some("answered"), Some(RequestId::named(&first)))
    );
    assert_eq!(
        rating::of_requests(&world.engine.db, &[RequestId::named(&first)]).await.unwrap()[&RequestId::named(&first)].score,
        0,
        "the first one stays"
    );
    assert_eq!(again(&world, &second).await, Err(Refused::NotAgain(NotAgain::Second)));

    let period = Period { from: Day::parse("2026-09-01").unwrap(), until: Day::parse("2027-01-01").unwrap() };
    let report = summary(&world.engine.db, &Closes::of(period)).await.unwrap().report;
    assert_eq!((report.funnel.closed, report.score.raw.good, report.score.raw.bad), (2, 1, 1), "no score counts the second rating");
    assert_eq!(recount(&world.engine.db, world.now(), |_| {}).await.unwrap().wrong, 0);
    let found = recovery(&world.engine.db, &Closes::of(period)).await.unwrap();
    assert_eq!(found, [("support".into(), Recovery { replied: 1, asked_again: 1, answered_again: 1, recovered: 1 })]);
    let others = Closes { sees: Lines::Some(["sales".into()].into()), ..Closes::of(period) };
    assert!(recovery(&world.engine.db, &others).await.unwrap().is_empty());
    // Ordinary questions are delayed after this one.
    let mut close = world.close_of("A-2");
    close.client = Some("client-of-A".into());
    assert!(matches!(world.tell(close).await, Closed::Kept { decision: Err(reason), .. } if reason == "throttled"));
    let story = explain(&world.engine.db, &"A".into()).await.unwrap().remove(0);
    let text = story.history.iter().map(|sentence| sentence.text.as_str()).collect::<Vec<_>>().join("\n");
    assert!(text.contains("Decided to ask again") && text.contains("The second question about close 1 ended as answered"), "{text}");
}

async fn window_shut(url: String) {
    let world = World::on(&url, Capabilities { window: WindowRule::AfterClient(24 * HOUR), ..messenger() }).await;
    let (first, _) = low(&world, "A").await;
    act(&world.engine, &sam(), RequestId::named(&first), ReviewAct::Reply("Sorry.".to_owned()), None, world.now()).await.unwrap().unwrap();
    world.pass(2 * DAY).await;
    assert_eq!(again(&world, &first).await, Err(Refused::NotAgain(NotAgain::WindowShut)));
}
