//! Sessions handled by humans, programs or both: reported by the desk, set by an admin, frozen at the close.

use super::MINUTE;
use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::access::audit::By;
use lastword::domain::line::{AskHandled, LineSettings};
use lastword::domain::session::{HandledBy, Operator, OperatorKind};
use lastword::life::report::groups;
use lastword::life::report::recount::recount;
use lastword::life::session::change::{SessionChange, change_session};
use lastword::life::session::close_batch::{Close, Closed};
use lastword::life::session::message::Writer;
use lastword::life::session::operator_kind::set_kind;
use lastword::names::AccountId;
use lastword::store::question::rating_request::{self, RatingRequest};
use lastword::store::report::{By as SplitBy, Closes};
use lastword::store::session::operator;

on_both_databases! {
    a_program_that_hands_over_is_not_credited => handed_over;
    what_an_admin_says_counts_before_what_a_desk_tells => set_by_hand;
    a_kind_that_was_told_once_stays_known => told_once;
    a_line_asks_only_about_what_people_handled => by_rule;
}

fn one(id: &str, kind: Option<OperatorKind>) -> Operator {
    Operator { id: id.into(), name: None, kind }
}

fn bot() -> Operator {
    one("bot-3", Some(OperatorKind::Program))
}

impl World {
    /// Closes `session`, which was handled by these operators. Returns the stored request.
    async fn served(&self, session: &str, responsible: Operator, wrote: &[Operator]) -> RatingRequest {
        let close = Close { operator: Some(responsible), operators: wrote.to_vec(), ..self.close_of(session) };
        let Closed::Kept { rating_request, .. } = self.tell(close).await else { panic!("kept") };
        rating_request::load(&self.engine.db, &[rating_request]).await.unwrap().remove(0)
    }
}

/// The responsible operator, all credited operators, and who handled it.
fn credit(request: &RatingRequest) -> (&str, Vec<&str>, HandledBy) {
    let operators = request.operators.iter().map(|operator| operator.id.as_str()).collect();
    (request.operator_id.as_ref().map(|id| id.as_str()).unwrap_or_default(), operators, request.handled_by)
}

async fn handed_over(url: String) {
    let world = World::on(&url, messenger()).await;
    let (ann, ben) = (one("ann", None), one("ben", None));
    let by_people = world.served("S-1", ann.clone(), &[ann.clone(), ben.clone()]).await;
    assert_eq!(credit(&by_people), ("ann", vec!["ann", "ben"], HandledBy::Human));
    let alone = world.served("S-2", bot(), &[]).await;
    assert_eq!(credit(&alone), ("bot-3", vec!["bot-3"], HandledBy::Program));
    let handed = world.served("S-3", bot(), &[bot(), ann.clone(), ben.clone()]).await;
    assert_eq!(credit(&handed), ("ben", vec!["ann", "ben"], HandledBy::Both), "the person who wrote last");
    let closed = world.served("S-4", ann.clone(), &[bot(), ann]).await;
    assert_eq!(credit(&closed), ("ann", vec!["ann"], HandledBy::Both));
    let nobody = Close { operator: None, ..world.close_of("S-5") };
    let Closed::Kept { rating_request, .. } = world.tell(nobody).await else { panic!("kept") };
    let nobody = rating_request::load(&world.engine.db, &[rating_request]).await.unwrap().remove(0);
    assert_eq!(credit(&nobody), ("", vec![], HandledBy::Nobody));
    // Reports split by it, and the counters match the rows.
    let day = lastword::domain::report::calendar::Day::of(world.now(), world.engine.db.zone());
    let closes = Closes::of(lastword::domain::report::period::Period { from: day, until: day.plus(1) });
    let (rows, _) = groups(&world.engine.db, &closes, SplitBy::HandledBy, 10).await.unwrap();
    let mut counted: Vec<(&str, i64)> = rows.iter().map(|row| (row.id.as_str(), row.report.funnel.closed)).collect();
    counted.sort_unstable();
    assert_eq!(counted, [("both", 2), ("human", 1), ("nobody", 1), ("program", 1)]);
    let only = Closes { handled_by: Some(HandledBy::Both), ..closes };
    let (rows, _) = groups(&world.engine.db, &only, SplitBy::Operator, 10).await.unwrap();
    let mut counted: Vec<(&str, i64)> = rows.iter().map(|row| (row.id.as_str(), row.report.funnel.closed)).collect();
    counted.sort_unstable();
    assert_eq!(counted, [("ann", 1), ("ben", 1)]);
    let wrong = recount(&world.engine.db, world.now(), |_| {}).await.unwrap();
    assert_eq!(wrong.wrong, 0, "{:?}", wrong.told);
}

async fn set_by_hand(url: String) {
    let world = World::on(&url, messenger()).await;
    let (db, admin) = (&world.engine.db, By::person(AccountId::first_of(1), "Ada"));
    let ann = one("ann", None);
    let before = world.served("S-1", one("42", None), &[one("42", None), ann.clone()]).await;
    assert_eq!(before.handled_by, HandledBy::Human, "nobody said otherwise");
    set_kind(&world.engine, &admin, &"42".into(), Some(OperatorKind::Program), world.now()).await.unwrap();
    let after = world.served("S-2", one("42", None), &[one("42", None), ann.clone()]).await;
    assert_eq!(credit(&after), ("ann", vec!["ann"], HandledBy::Both));
    // The desk's repeated report has no effect.
    let insists = world.served("S-3", one("42", Some(OperatorKind::Human)), &[]).await;
    assert_eq!(insists.handled_by, HandledBy::Program);
    // Earlier closes are unchanged.
    assert_eq!(rating_request::load(db, &[before.id]).await.unwrap()[0].handled_by, HandledBy::Human);
    // Set to human whatever the desk reports; then left to the desk again.
    set_kind(&world.engine, &admin, &"bot-3".into(), Some(OperatorKind::Human), world.now()).await.unwrap();
    assert_eq!(world.served("S-4", bot(), &[]).await.handled_by, HandledBy::Human);
    assert_eq!(set_kind(&world.engine, &admin, &"bot-3".into(), None, world.now()).await.unwrap(), None);
    assert_eq!(world.served("S-5", bot(), &[]).await.handled_by, HandledBy::Program);
}

async fn told_once(url: String) {
    let world = World::on(&url, messenger()).await;
    let (nameless, told) = (|| one("bot-3", None), world.now());
    assert_eq!(world.served("S-1", nameless(), &[]).await.handled_by, HandledBy::Human);
    world.served("S-2", bot(), &[]).await;
    assert_eq!(world.served("S-3", nameless(), &[]).await.handled_by, HandledBy::Program);
    // A desk's explicit report changes it back.
    world.clock.advance(MINUTE);
    world.served("S-4", one("bot-3", Some(OperatorKind::Human)), &[]).await;
    assert_eq!(world.served("S-5", nameless(), &[]).await.handled_by, HandledBy::Human);
    assert!(operator::kinds(&world.engine.db, &[&"bot-3".into()]).await.unwrap()["bot-3"].reported_at > told);
    // Also from a message: the close names no operator but knows who wrote.
    let opening = lastword::life::session::open::Opening { line_id: "support".into(), ..Default::default() };
    change_session(&world.engine, world.event("S-6", "open"), SessionChange::Opened(opening), world.now()).await.unwrap();
    change_session(&world.engine, world.event("S-6", "bot"), SessionChange::Wrote(Writer::Operator(Some(bot()))), world.now())
        .await
        .unwrap();
    change_session(&world.engine, world.event("S-6", "ann"), SessionChange::Wrote(Writer::Operator(Some(one("ann", None)))), world.now())
        .await
        .unwrap();
    let Closed::Kept { rating_request, .. } = world.tell(Close { operator: None, ..world.close_of("S-6") }).await else { panic!("kept") };
    let request = rating_request::load(&world.engine.db, &[rating_request]).await.unwrap().remove(0);
    assert_eq!(credit(&request), ("ann", vec!["ann"], HandledBy::Both));
}

async fn by_rule(url: String) {
    let world = World::on(&url, messenger()).await;
    world.line(LineSettings { ask_handled: AskHandled::WithHuman, ..LineSettings::default() }).await;
    let ann = one("ann", None);
    let reason = |request: &RatingRequest| request.reason.clone();
    assert_eq!(reason(&world.served("S-1", bot(), &[]).await).as_deref(), Some("handled_otherwise"));
    assert_eq!(reason(&world.served("S-2", bot(), &[bot(), ann.clone()]).await), None);
    assert_eq!(reason(&world.served("S-3", ann.clone(), &[]).await), None);
    // The closer may want the client asked nevertheless.
    let wanted = Close { operator: Some(bot()), wish: lastword::domain::session::Wish::Ask, ..world.close_of("S-4") };
    assert!(matches!(world.tell(wanted).await, Closed::Kept { decision: Ok(_), .. }));
    world.line(LineSettings { ask_handled: AskHandled::ProgramAlone, ..LineSettings::default() }).await;
    assert_eq!(reason(&world.served("S-5", ann, &[]).await).as_deref(), Some("handled_otherwise"));
    assert_eq!(reason(&world.served("S-6", bot(), &[]).await), None);
}
