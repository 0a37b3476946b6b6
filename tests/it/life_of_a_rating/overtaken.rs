//! The rating of an alert changes while its message is being sent, and the message is refused.

use crate::on_both_databases;
use crate::rig::world::{World, messenger};
use lastword::domain::alert::{AlertKind, AlertState};
use lastword::domain::line::{Alerts, LineSettings};
use lastword::names::RequestId;
use lastword::store::alert::{self, Alert};
use lastword_contract::{Outgoing, SendError, Verdict};

on_both_databases! {
    what_was_on_its_way_ends_when_it_has_nothing_to_say_any_more => overtaken;
}

const TWO_MINUTES: i64 = 2 * 60_000;

/// Sends what is due to the staff; the client taps after the intent is committed.
async fn tapped_meanwhile(world: &World, question: &Outgoing, label: &str) {
    let runner = &world.runner;
    let prepared = runner.prepare(runner.claim(10).await.unwrap()).await.unwrap();
    let (sending, at) = runner.intend(prepared).await.unwrap();
    world.try_tap(question, label).await.unwrap();
    for (delivery, message) in sending {
        let finished = runner.send(delivery, &message, at).await;
        runner.record(vec![finished]).await.unwrap();
    }
}

async fn alerts(world: &World, request: &str) -> Vec<Alert> {
    alert::of_requests(&world.engine.db, &[RequestId::named(request)]).await.unwrap()
}

async fn overtaken(url: String) {
    let world = World::on(&url, messenger()).await;
    let alerts_to_anna = Alerts { recipients: vec!["anna".to_owned()], ..Alerts::default() };
    world.line_as_it_is(LineSettings { alerts: alerts_to_anna, ..LineSettings::default() }).await;
    let (request, question) = world.ask("S-1").await;
    world.staff.take();

    // It is refused while being sent, and has nothing left to report when it is retried.
    world.try_tap(&question, "👎").await.unwrap();
    world.staff.fails_for("anna", [SendError::new(Verdict::RetryBackoff, "busy", "busy")]);
    tapped_meanwhile(&world, &question, "👍").await;
    world.pass(TWO_MINUTES).await;
    let states = |alerts: &[Alert]| alerts.iter().map(|alert| (alert.kind, alert.state)).collect::<Vec<_>>();
    let ended = alerts(&world, &request).await;
    assert!(states(&ended).contains(&(AlertKind::Low, AlertState::Canceled)), "{ended:?}");
    assert!(world.staff.take().iter().all(|message| !message.text.starts_with("Low rating")));

    // Low again, it is reported; and once more in the other direction.
    world.try_tap(&question, "👎").await.unwrap();
    world.work().await;
    let told = world.staff.take();
    assert!(told.iter().any(|message| message.text.starts_with("Low rating")), "{told:?} {:?}", alerts(&world, &request).await);
    world.try_tap(&question, "👍").await.unwrap();
    world.staff.fails_for("anna", [SendError::new(Verdict::RetryBackoff, "busy", "busy")]);
    tapped_meanwhile(&world, &question, "👎").await;
    world.pass(TWO_MINUTES).await;
    let ended = alerts(&world, &request).await;
    assert!(states(&ended).contains(&(AlertKind::Changed, AlertState::Canceled)), "{ended:?}");
    assert!(states(&ended).contains(&(AlertKind::Low, AlertState::Raised)), "{ended:?}");
}
