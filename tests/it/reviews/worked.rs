//! Working on low ratings: which ones wait, who they are assigned to, and what was done.

use super::{low, person, sam};
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::access::rights::{Lines, Role};
use lastword::life::alert::acknowledge;
use lastword::life::review::Refused;
use lastword::life::review::act::{ReviewAct, act};
use lastword::names::{AccountId, RequestId};
use lastword::store::alert;
use lastword::store::report::today;
use lastword::store::review::low::{self, Low, LowFilter, Order, Show};

on_both_databases! {
    a_low_rating_waits_until_somebody_takes_care_of_it => waiting;
    lists_page_without_a_gap_and_show_only_ones_own_lines => lists;
    a_rating_is_given_to_those_who_may_work_it_off => assigned;
}

async fn waits(world: &World) -> i64 {
    today::low_unanswered(&world.engine.db, &Lines::All).await.unwrap()
}

async fn waiting(url: String) {
    let world = World::on(&url, messenger()).await;
    let (now, engine) = (world.now(), &world.engine);
    let mut requests = Vec::new();
    for session in ["A", "B", "C", "D"] {
        requests.push(low(&world, session).await);
    }
    let (_, good) = world.ask("E").await;
    world.tap(&good, "👍").await;
    assert_eq!(waits(&world).await, 4, "a good one waits for nobody");
    act(engine, &sam(), RequestId::named(&requests[0].0), ReviewAct::Reply("Sorry.".to_owned()), None, now).await.unwrap().unwrap();
    assert_eq!(waits(&world).await, 3);
    let settled = act(engine, &sam(), RequestId::named(&requests[1].0), ReviewAct::Settle("called them".to_owned()), None, now)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((settled.review.settled_by.as_deref(), settled.review.note.as_deref()), (Some("Sam"), Some("called them")));
    assert_eq!(waits(&world).await, 2);
    // Undone: it waits again. One that was replied to does not.
    act(engine, &sam(), RequestId::named(&requests[1].0), ReviewAct::Reopen, Some(1), now).await.unwrap().unwrap();
    act(engine, &sam(), RequestId::named(&requests[0].0), ReviewAct::Reopen, None, now).await.unwrap().unwrap();
    assert_eq!(waits(&world).await, 3);
    // That somebody has seen the alert is a mark: the client still has no reply.
    let told = alert::of_requests(&engine.db, &[RequestId::named(&requests[2].0)]).await.unwrap().remove(0);
    acknowledge::by_hand(engine, told.id, "Anna", now).await.unwrap();
    assert_eq!(waits(&world).await, 3);
    // The client changes the score.
    let thanks = lastword_contract::Outgoing { key: requests[3].1.key.clone(), ..requests[3].1.clone() };
    world.tap(&thanks, "👍").await;
    assert_eq!(waits(&world).await, 2);
    // Alerts about ratings that were replied to are not escalated.
    let alerts = alert::of_requests(&engine.db, &[RequestId::named(&requests[0].0)]).await.unwrap();
    assert!(alerts.iter().all(|alert| alert.acknowledged_by.as_deref() == Some("Sam") && alert.escalate_at.is_none()), "{alerts:?}");
}

async fn page_through(world: &World, lines: &Lines, filter: &LowFilter) -> Vec<Low> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = low::page(&world.engine.db, lines, filter, after.as_ref(), 2).await.unwrap();
        assert!(page.items.len() <= 2);
        all.extend(page.items);
        after = page.next;
        if after.is_none() {
            return all;
        }
    }
}

fn showing(show: Show) -> LowFilter {
    LowFilter { show, ..LowFilter::default() }
}

async fn lists(url: String) {
    let world = World::on(&url, messenger()).await;
    let mut requests = Vec::new();
    for session in ["A", "B", "C", "D", "E"] {
        requests.push(low(&world, session).await.0);
        world.pass(1_000).await;
    }
    for done in [3, 1] {
        world.pass(1_000).await;
        act(&world.engine, &sam(), RequestId::named(&requests[done]), ReviewAct::Settle(String::new()), None, world.now())
            .await
            .unwrap()
            .unwrap();
    }
    let sam = person(&world, "sam", Role::Supervisor, &[]).await;
    act(&world.engine, &super::sam(), RequestId::named(&requests[0]), ReviewAct::Assign(Some(sam.id)), None, world.now())
        .await
        .unwrap()
        .unwrap();
    let ids = |rows: Vec<Low>| rows.into_iter().map(|row| row.request_id).collect::<Vec<_>>();
    let wanted = |places: &[usize]| places.iter().map(|&place| RequestId::named(&requests[place])).collect::<Vec<_>>();
    assert_eq!(ids(page_through(&world, &Lines::All, &showing(Show::Waiting)).await), wanted(&[4, 2, 0]));
    assert_eq!(ids(page_through(&world, &Lines::All, &showing(Show::Nobody)).await), wanted(&[4, 2]));
    assert_eq!(ids(page_through(&world, &Lines::All, &showing(Show::All)).await), wanted(&[4, 3, 2, 1, 0]));
    assert_eq!(ids(page_through(&world, &Lines::All, &showing(Show::Done)).await), wanted(&[1, 3]), "the latest first");
    let mine = LowFilter { me: Some(sam.id), ..showing(Show::Mine) };
    assert_eq!(ids(page_through(&world, &Lines::All, &mine).await), wanted(&[0]));
    let oldest = |show| LowFilter { order: Order::Oldest, ..showing(show) };
    assert_eq!(ids(page_through(&world, &Lines::All, &oldest(Show::Waiting)).await), wanted(&[0, 2, 4]));
    assert_eq!(ids(page_through(&world, &Lines::All, &oldest(Show::All)).await), wanted(&[0, 1, 2, 3, 4]));
    assert_eq!(ids(page_through(&world, &Lines::All, &oldest(Show::Done)).await), wanted(&[1, 3]), "it has an order of its own");
    for show in Show::ALL {
        let others = Lines::Some(["sales".into()].into());
        assert!(page_through(&world, &others, &showing(show)).await.is_empty(), "{show:?}");
    }
    assert_eq!(today::low_unanswered(&world.engine.db, &Lines::Some(["support".into()].into())).await.unwrap(), 3);
}

async fn assigned(url: String) {
    let world = World::on(&url, messenger()).await;
    let (request, _) = low(&world, "A").await;
    let (engine, now) = (&world.engine, world.now());
    let anna = person(&world, "anna", Role::Supervisor, &["support"]).await;
    let stranger = person(&world, "stranger", Role::Supervisor, &["sales"]).await;
    let operator = person(&world, "olga", Role::Operator, &[]).await;
    for id in [stranger.id, operator.id, AccountId::named("nobody")] {
        let refused = act(engine, &sam(), RequestId::named(&request), ReviewAct::Assign(Some(id)), None, now).await.unwrap();
        assert_eq!(refused.unwrap_err(), Refused::NoSuchPerson);
    }
    let acted = act(engine, &sam(), RequestId::named(&request), ReviewAct::Assign(Some(anna.id)), Some(0), now).await.unwrap().unwrap();
    assert_eq!((acted.review.assigned_name.as_deref(), acted.review.revision), (Some("anna"), 1));
    let second = act(engine, &sam(), RequestId::named(&request), ReviewAct::Assign(None), Some(0), now).await.unwrap();
    assert!(matches!(second, Err(Refused::Outdated(_))));
    assert_eq!(
        act(engine, &sam(), RequestId::named(&request), ReviewAct::Assign(None), Some(1), now).await.unwrap().unwrap().review.assigned_to,
        None
    );
}
