//! Invariants after the kills: compares the database with what was acknowledged and with the provider's log.

use super::Accepted;
use super::load::Told;
use lastword::domain::question::delivery::{Kind, State};
use lastword::domain::question::retry::{CRASHES_MAX, pause_after};
use lastword::store::answer::rating;
use lastword::store::question::delivery::{self, Delivery};
use lastword::store::question::delivery_list;
use lastword::store::question::rating_request::{self, RatingRequest};
use lastword::store::records::inspect::{self, Held};
use lastword::store::{Db, connection};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Number of deliveries in a state.
pub(crate) async fn count(db: &Db, state: &str) -> i64 {
    let counts = inspect::count_by_state(db).await.unwrap();
    counts.iter().filter(|(name, _)| name == state).map(|(_, count)| count).sum()
}

/// Waits until no work is left (I24).
pub(crate) async fn settled(db: &Db) {
    let started = Instant::now();
    while overdue(db).await || count(db, "leased").await + count(db, "sending").await > 0 || held(db).await {
        if started.elapsed() > Duration::from_secs(90) {
            let counts = inspect::count_by_state(db).await.unwrap();
            let (scheduled, unknown) = (waiting(db, State::Scheduled).await, waiting(db, State::Unknown).await);
            let connection_limits = connection::all(db).await.unwrap();
            panic!("I24: stuck: {counts:?}\n{connection_limits:?}\nscheduled: {scheduled:?}\nunknown: {unknown:?}");
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// I1: every acknowledged close exists, once. Returns them by session.
pub(super) async fn kept<'t>(db: &Db, told: &'t Told) -> BTreeMap<&'t str, RatingRequest> {
    let mut requests = BTreeMap::new();
    for session in &told.closed {
        let mut kept = rating_request::of_session(db, &"api".into(), &session.as_str().into()).await.unwrap();
        assert_eq!(kept.len(), 1, "I1: {session} was acknowledged, and is there once");
        requests.insert(session.as_str(), kept.remove(0));
    }
    requests
}

/// Numbers of acknowledged closes, and of acknowledged answers, that are missing.
pub(crate) async fn missing(db: &Db, told: &Told) -> (usize, usize) {
    let (mut closes, mut answers) = (0, 0);
    for session in &told.closed {
        let request = rating_request::of_session(db, &"api".into(), &session.as_str().into()).await.unwrap().pop();
        closes += usize::from(request.is_none());
        if let Some(score) = told.scores.get(session) {
            let rating = match request {
                Some(request) => rating::of_requests(db, &[request.id]).await.unwrap().remove(&request.id),
                None => None,
            };
            answers += usize::from(rating.is_none_or(|rating| rating.score != *score));
        }
    }
    (closes, answers)
}

/// Number of questions that the provider received more than once.
pub(crate) fn twice(accepted: &Accepted) -> usize {
    copies(accepted).values().filter(|count| **count > 1).count()
}

/// Compares while no node runs: a message scheduled for a specific time would be sent in between.
pub(crate) async fn reach(db: &Db, accepted: &Accepted, told: &Told) {
    let requests = kept(db, told).await;
    let copies = copies(accepted);
    let mut duplicates = 0;
    for (session, request) in &requests {
        let deliveries = delivery::about(db, &[&request.id]).await.unwrap();
        let ask = deliveries.iter().find(|delivery| delivery.kind == Kind::Ask).unwrap_or_else(|| panic!("{session} has no question"));
        let arrived = copies.get(&ask.id.to_string()).copied().unwrap_or(0);
        assert!(arrived <= 1 + ask.resends, "I3: {session} arrived {arrived} times with {} resends", ask.resends);
        assert!(ask.resends <= 1, "I3: the budget is one");
        if arrived > 1 {
            duplicates += 1;
            let tries = delivery::attempts(db, &[ask.id]).await.unwrap();
            assert!(ask.resends >= 1 && !tries.is_empty(), "I4: no hidden duplicate of {session}");
        }
        match ask.state.as_str() {
            "sent" | "delivered" if ask.reason.as_deref() != Some("proved_by_answer") => {
                assert!(arrived >= 1, "I5: {session} is sent, and the provider has it");
            }
            "failed" | "dead" | "canceled" | "skipped" if arrived > 0 => panic!("I5: {session} arrived, and is {}", ask.state),
            _ => {}
        }
    }
    for (session, score) in &told.scores {
        let request = &requests[session.as_str()];
        let ratings = rating::of_requests(db, &[request.id]).await.unwrap();
        let rating = ratings.get(&request.id).unwrap_or_else(|| panic!("I12: the answer of {session} was acknowledged, and is lost"));
        assert_eq!(rating.score, *score, "{session}");
        assert_eq!(request.outcome.map(|outcome| outcome.as_str()), Some("answered"), "{session}");
    }
    let closes = requests.len();
    assert!(closes > 50 && told.scores.len() > 10, "there was load: {closes} closes, {} answers", told.scores.len());
    println!("{closes} closes, {} answers, {duplicates} copies, all of them visible", told.scores.len());
}

/// True if a delivery is due but not sent. One that was refused several times is scheduled for a later time, which may be minutes away.
async fn overdue(db: &Db) -> bool {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
    let scheduled = delivery_list::in_state(db, State::Scheduled, &delivery_list::Filter::default(), None, 10_000).await.unwrap();
    scheduled.iter().any(|delivery| delivery.due_at <= now)
}

/// Deliveries in a state that may still be sent. Those that died with their node as often as permitted may not: they wait
/// for a person's decision.
async fn waiting(db: &Db, state: State) -> Vec<Delivery> {
    let over = |held: &Held| {
        let row = &held.delivery;
        let poisoned = row.reason.as_deref() == Some("poison") && held.crashes >= CRASHES_MAX;
        // One refused that often is not retried, nor sent again because an earlier attempt may have arrived.
        let given_up = pause_after(row.attempts, 0.0).is_none();
        row.resends >= row.resends_max || row.reason.as_deref() == Some("dismissed") || poisoned || given_up
    };
    let rows = inspect::deliveries(db).await.unwrap().into_iter().filter(|held| held.delivery.state == state);
    rows.filter(|held| state == State::Scheduled || !over(held)).map(|held| held.delivery).collect()
}

/// True if an unknown delivery still waits to be sent again.
async fn held(db: &Db) -> bool {
    !waiting(db, State::Unknown).await.is_empty()
}

/// Number of times that the provider accepted each message.
fn copies(accepted: &Accepted) -> BTreeMap<String, i64> {
    let mut copies = BTreeMap::new();
    for seen in accepted.lock().unwrap().iter().filter(|seen| seen.json()["type"] == "question") {
        *copies.entry(seen.header("webhook-id").unwrap_or_default().to_owned()).or_default() += 1;
    }
    copies
}
