//! Low ratings have a deadline: due ones come first, overdue ones are reported, and compliance is counted.

use super::{HOUR, MINUTE, low, sam};
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::access::rights::Lines;
use lastword::domain::line::deadline::Deadline;
use lastword::domain::line::{Alerts, LineSettings};
use lastword::domain::report::calendar::Day;
use lastword::domain::report::period::Period;
use lastword::life::report::replies::replies;
use lastword::life::review::act::{ReviewAct, act};
use lastword::names::RequestId;
use lastword::store::report::Closes;
use lastword::store::review::deadline::{ReplyDue, of, open};
use lastword::store::review::low::{self, LowFilter, Show};
use lastword_contract::Purpose;

on_both_databases! {
    who_does_not_reply_in_time_is_told_of_to_the_next_once => told_once;
    a_rating_that_is_good_again_is_not_due => good_again;
    what_was_kept_is_counted_and_what_is_due_comes_first => counted;
}

async fn world(url: &str) -> World {
    let world = World::on(url, messenger()).await;
    world.recipient("boris", None).await;
    let alerts = Alerts { recipients: vec!["anna".into()], escalate_to: vec!["boris".into()], ..Alerts::default() };
    let deadline = Some(Deadline { hours: 4, ..Deadline::default() });
    world.line_as_it_is(LineSettings { alerts, deadline, ..LineSettings::default() }).await;
    world
}

async fn due(world: &World, request: &str) -> Option<ReplyDue> {
    of(&world.engine.db, RequestId::named(request)).await.unwrap()
}

/// Recipients, and the first line of each text.
fn told(world: &World) -> Vec<(String, String)> {
    let alerts = world.staff.take().into_iter().filter(|message| message.purpose == Purpose::Alert);
    alerts.map(|message| (message.to.chat, message.text.lines().next().unwrap_or_default().to_owned())).collect()
}

async fn told_once(url: String) {
    let world = world(&url).await;
    let ((request, _), (other, _)) = (low(&world, "A").await, low(&world, "B").await);
    assert_eq!(due(&world, &request).await.map(|due| due.due_at - due.since), Some(4 * HOUR));
    world.pass(3 * HOUR + 59 * MINUTE).await;
    act(&world.engine, &sam(), RequestId::named(&other), ReviewAct::Reply("Sorry.".to_owned()), None, world.now()).await.unwrap().unwrap();
    told(&world);
    world.pass(2 * MINUTE).await;
    let late = ("boris".to_owned(), "Nobody has replied in time to the low rating 👎 on Support".to_owned());
    assert_eq!(told(&world), [late]);
    world.pass(HOUR).await;
    assert!(told(&world).is_empty(), "once");
    assert_eq!(open(&world.engine.db, &Lines::All, world.now()).await.unwrap(), (1, 1));
    act(&world.engine, &sam(), RequestId::named(&request), ReviewAct::Settle("called them".to_owned()), None, world.now())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(open(&world.engine.db, &Lines::All, world.now()).await.unwrap(), (0, 0));
}

async fn good_again(url: String) {
    let world = world(&url).await;
    let (request, question) = world.ask("A").await;
    world.tap(&question, "👎").await;
    world.clock.advance(MINUTE);
    world.tap(&question, "👍").await;
    assert_eq!(due(&world, &request).await, None);
    world.clock.advance(MINUTE);
    world.tap(&question, "👎").await;
    let again = due(&world, &request).await.expect("due anew");
    assert_eq!((again.since, again.due_at), (world.now(), world.now() + 4 * HOUR));
    // A new deadline applies to ratings that become low from then on.
    world.line(LineSettings { deadline: None, ..LineSettings::default() }).await;
    assert_eq!(due(&world, &request).await, Some(again));
    assert_eq!(due(&world, &low(&world, "B").await.0).await, None);
}

async fn counted(url: String) {
    let world = world(&url).await;
    let mut requests = Vec::new();
    for session in ["A", "B", "C", "D"] {
        requests.push(low(&world, session).await.0);
        world.clock.advance(HOUR);
    }
    // A after six hours, too late; B after five and a half, too late; C not at all; D after three, in time.
    let reply = async |request: &str| {
        act(&world.engine, &sam(), RequestId::named(request), ReviewAct::Reply("Sorry.".to_owned()), None, world.now())
            .await
            .unwrap()
            .unwrap()
    };
    let list = async |show, after, limit| {
        let filter = LowFilter { show, ..LowFilter::default() };
        let found = low::page(&world.engine.db, &Lines::All, &filter, after, limit).await.unwrap();
        (found.items.into_iter().map(|low| low.session_id).collect::<Vec<_>>(), found.next)
    };
    assert_eq!(list(Show::Due, None, 10).await.0, ["A", "B", "C", "D"], "due first");
    assert_eq!(list(Show::Waiting, None, 10).await.0, ["D", "C", "B", "A"], "newest first");
    let (first, next) = list(Show::Due, None, 2).await;
    assert_eq!((first.as_slice(), next.is_some()), (["A".into(), "B".into()].as_slice(), true));
    assert_eq!(list(Show::Due, next.as_ref(), 2).await.0, ["C", "D"]);
    world.clock.advance(2 * HOUR);
    for at in [0, 1, 3] {
        reply(&requests[at]).await;
    }
    world.pass(8 * HOUR).await;
    let day = Day::of(world.now(), world.engine.db.zone());
    let closes = Closes::of(Period { from: day.plus(-3), until: day.plus(1) });
    let (all, lines) = replies(&world.engine.db, &closes, world.now()).await.unwrap();
    assert_eq!((all.replied.part, all.replied.of), (3, 4));
    assert_eq!((all.in_time.part, all.in_time.of, all.late, all.not_due), (1, 4, 1, 0));
    assert!(all.in_time.low.is_some_and(|low| low < 25.0) && all.in_time.high.is_some_and(|high| high > 25.0));
    let took = all.first_reply.expect("three of them");
    assert_eq!((took.of, took.low), (3, None));
    assert!((took.median - 5 * HOUR).abs() < MINUTE, "{took:?}");
    assert_eq!(lines.iter().map(|line| (line.name.as_str(), line.in_time.part)).collect::<Vec<_>>(), [("Support", 1)]);
}
