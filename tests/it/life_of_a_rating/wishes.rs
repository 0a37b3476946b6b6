//! A person can decide if the client is asked: at the close, or by hand afterwards. For each operator, the closes not asked
//! about by choice are counted.

use super::{HOUR, MINUTE, outcome};
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::access::audit::By;
use lastword::domain::line::{LineSettings, Skip};
use lastword::domain::outcome::NotAsked;
use lastword::domain::question::by_hand::NotByHand;
use lastword::domain::report::calendar::Day;
use lastword::domain::report::period::Period;
use lastword::domain::session::{ClosedBy, Wish};
use lastword::life::asking::by_hand::{AskedByHand, ask_by_hand};
use lastword::life::report;
use lastword::life::report::recount::recount;
use lastword::life::session::change::{SessionChange, change_session};
use lastword::life::session::close_batch::{Close, Closed};
use lastword::names::{AccountId, RequestId};
use lastword::store::question::rating_request;
use lastword::store::report::{By as SplitBy, Closes};
use lastword_contract::Address;

on_both_databases! {
    whoever_closes_may_choose_that_nobody_is_asked => kept_back;
    whoever_closes_may_have_the_client_asked => wanted;
    a_person_has_the_client_asked_after_all_and_once => by_hand;
    what_protects_the_client_holds_by_hand_too => protected;
    who_was_asked_by_hand_is_not_asked_again_elsewhere => elsewhere;
}

fn kept(closed: Closed) -> (String, Result<i64, String>) {
    let Closed::Kept { rating_request, decision, repeated: false } = closed else { panic!("{closed:?}") };
    (rating_request.to_string(), decision)
}

async fn ask(world: &World, id: &str) -> AskedByHand {
    let asked = ask_by_hand(
        &world.engine,
        &By::person(AccountId::first_of(1), "Anna"),
        RequestId::named(id),
        "a word from the client",
        world.now(),
    )
    .await
    .unwrap();
    world.work().await;
    asked
}

fn refused(asked: AskedByHand) -> NotByHand {
    let AskedByHand::Not(reason) = asked else { panic!("{asked:?}") };
    reason
}

async fn kept_back(url: String) {
    let world = World::on(&url, messenger()).await;
    let because = Some("the client was upset".to_owned());
    let close = Close { wish: Wish::Keep, wish_reason: because.clone(), ..world.close_of("S-1") };
    let (id, decision) = kept(world.tell(close).await);
    assert_eq!(decision, Err("by_choice".into()));
    assert_eq!(outcome(&world, &id).await, (Some("not_asked".into()), Some("by_choice".into())));
    let request = rating_request::load(&world.engine.db, &[RequestId::named(&id)]).await.unwrap().remove(0);
    assert_eq!(request.wish_reason, because);
    assert!(world.story("S-1").await.contains("the client was upset"));
    for session in ["S-2", "S-3", "S-4"] {
        world.tell(world.close_of(session)).await;
    }
    let today = Day::of(world.now(), world.engine.db.zone());
    let closes = Closes::of(Period::new(today, today.plus(1)).unwrap());
    let (rows, _) = report::groups(&world.engine.db, &closes, SplitBy::Operator, 10).await.unwrap();
    let part = rows[0].kept_back.unwrap();
    assert_eq!((rows[0].id.as_str(), part.part, part.of), ("op-7", 1, 4));
    assert!(part.low.unwrap() < 25.0 && part.high.unwrap() > 25.0, "{part:?}");
    // Asked by hand, it no longer counts as kept back.
    assert!(matches!(ask(&world, &id).await, AskedByHand::Asked(_)));
    let (rows, _) = report::groups(&world.engine.db, &closes, SplitBy::Operator, 10).await.unwrap();
    assert_eq!(rows[0].kept_back.unwrap().part, 0);
}

async fn wanted(url: String) {
    let world = World::on(&url, messenger()).await;
    let skip = Skip { operator_silent: true, client_silent: true, min_messages: 20, no_operator: true };
    world.line(LineSettings { sampling_percent: 0, ask_after_timeout: false, skip, ..LineSettings::default() }).await;
    let close = |session: &str, wish| Close {
        wish,
        closed_by: ClosedBy::Timeout,
        operator: None,
        operator_messages: Some(0),
        client: Some("Ann".into()),
        ..world.close_of(session)
    };
    assert!(kept(world.tell(close("S-1", Wish::Auto)).await).1.is_err());
    assert!(kept(world.tell(close("S-2", Wish::Ask)).await).1.is_ok(), "preferences give way");
    assert_eq!(kept(world.tell(close("S-3", Wish::Ask)).await).1, Err("throttled".into()), "what protects the client does not");
}

async fn by_hand(url: String) {
    let world = World::on(&url, messenger()).await;
    world.line(LineSettings { skip: Skip { min_messages: 20, ..Skip::default() }, ..LineSettings::default() }).await;
    let (id, decision) = kept(world.tell(world.close_of("S-1")).await);
    assert_eq!(decision, Err("too_short".into()));
    world.pass(100 * HOUR).await;
    let AskedByHand::Asked(request) = ask(&world, &id).await else { panic!("asked") };
    assert_eq!((&request.outcome, request.expires_at), (&None, Some(world.now() + 72 * HOUR)), "its time begins now");
    world.pass(MINUTE).await;
    let question = world.client.take().pop().expect("the question");
    assert_eq!(refused(ask(&world, &id).await), NotByHand::Asked, "nobody is asked twice");
    world.tap(&question, "👎").await;
    assert_eq!(outcome(&world, &id).await.0.as_deref(), Some("answered"));
    assert_eq!(refused(ask(&world, &id).await), NotByHand::Asked);
    let story = world.story("S-1").await;
    assert!(story.contains("Asked manually: Anna: a word from the client"), "{story}");
    assert_eq!(recount(&world.engine.db, world.now(), |_| {}).await.unwrap().wrong, 0, "counters and rows agree");
    assert!(matches!(ask(&world, "nobody").await, AskedByHand::Unknown));
}

async fn protected(url: String) {
    let world = World::on(&url, messenger()).await;
    let of_ann = |session: &str| Close { client: Some("Ann".into()), ..world.close_of(session) };
    world.tell(of_ann("S-1")).await;
    world.pass(HOUR).await;
    let (second, decision) = kept(world.tell(of_ann("S-2")).await);
    assert_eq!(decision, Err("throttled".into()));
    assert_eq!(refused(ask(&world, &second).await), NotByHand::Not(NotAsked::Throttled));
    let (spam, _) = kept(world.tell(Close { closed_by: ClosedBy::Spam, ..world.close_of("S-3") }).await);
    assert_eq!(refused(ask(&world, &spam).await), NotByHand::Not(NotAsked::Spam));
    let (other, _) = kept(world.tell(Close { wish: Wish::Keep, ..world.close_of("S-4") }).await);
    world.clock.advance(MINUTE);
    change_session(&world.engine, world.event("S-4", "reopen"), SessionChange::Reopened, world.now()).await.unwrap();
    assert_eq!(refused(ask(&world, &other).await), NotByHand::SessionGoesOn);
    world.clock.advance(MINUTE);
    world.tell(Close { wish: Wish::Keep, ..world.close_of("S-4") }).await;
    assert_eq!(refused(ask(&world, &other).await), NotByHand::ClosedSince);
}

async fn elsewhere(url: String) {
    let world = World::on(&url, messenger()).await;
    // No one was ever asked, so nothing is known of the person but their chat.
    let close = Close { client: Some("p4".into()), wish: Wish::Keep, ..world.close_of("S-1") };
    let (first, decision) = kept(world.tell(close).await);
    assert_eq!(decision, Err("by_choice".into()));
    let AskedByHand::Asked(_) = ask(&world, &first).await else { panic!("asked") };
    world.pass(HOUR).await;
    let elsewhere = Close { client: Some("p4".into()), address: Some(Address::chat("another")), ..world.close_of("S-2") };
    assert_eq!(kept(world.tell(elsewhere).await).1, Err("throttled".into()), "the same person, in another chat");
}
