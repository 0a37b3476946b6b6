//! A full day at a Zammad: closes of every kind, a trigger that fires on every article, a network that loses, repeats,
//! reorders and delays, and merged and deleted tickets. The stub is the adapter's own, written from Zammad's documentation
//! and source.

#[path = "../../../adapters/zammad/tests/it/stub.rs"]
pub(crate) mod stub;

use super::shift::{Adapter, Day, MINUTE, Questions, SECOND, Works, a_stub, set_up};
use crate::on_both_databases;
use crate::rig::world::World;
use lastword_contract::RawRequest;
use lastword_contract::kit::Remote;
use lastword_zammad::Zammad;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use stub::{ANN, BEN, Inside, SECRET, SYSTEM, TOKEN, client_of, telegram_of};

const TICKETS: usize = 112;
/// Number of kinds of tickets; the number of a ticket selects its kind.
const KINDS: usize = 14;

impl Works for Inside {
    const NAME: &'static str = "zm";
    const KIND: &'static str = "zammad";

    a_stub!();

    fn config(url: &str) -> Value {
        json!({ "url": url, "token": TOKEN, "secret": SECRET, "timeout_secs": 1 })
    }

    fn adapter(url: &str, _: &World) -> Adapter {
        let desk = Zammad::new(serde_json::from_value(Self::config(url)).unwrap(), reqwest::Client::new()).unwrap();
        Adapter { desk: Arc::new(desk), channel: None }
    }

    fn asks_through() -> Option<&'static str> {
        Some("bot")
    }
}

/// The tickets of a day, and the questions to their clients.
struct Tickets {
    ids: Vec<u64>,
    /// Requests that the network delays.
    late: Vec<RawRequest>,
    questions: Questions,
}

async fn begin(url: &str) -> Day<Inside> {
    let day = Day::<Inside>::begin(url).await;
    set_up(&*day.at.desk, Inside::NAME).await;
    day
}

/// Closes a ticket; one that no person closes is closed after a pending time.
fn close(inside: &mut Inside, number: usize, id: u64) {
    inside.tick();
    let by = match number % KINDS {
        0 => client_of(id),
        1 => {
            inside.set_state(id, "pending close", ANN);
            inside.tick();
            SYSTEM
        }
        2 => SYSTEM,
        3 => BEN,
        _ => ANN,
    };
    let state = if number % KINDS == 13 { "merged" } else { "closed" };
    inside.set_state(id, state, by);
}

/// Every ticket is written and closed, with events in the network's order, and the process is killed once.
async fn morning(day: &mut Day<Inside>) -> Tickets {
    let (mut ids, mut late) = (Vec::new(), Vec::new());
    for number in 0..TICKETS {
        ids.push(day.stub.lock().open());
        let posted = day.posted();
        // For some tickets, not even the opening arrives.
        if number % KINDS != 4 {
            day.bring(posted).await;
        }
    }
    for (number, id) in ids.iter().copied().enumerate() {
        close(&mut day.stub.lock(), number, id);
        if number % KINDS == 11 {
            // Reopened immediately, and then closed for good.
            let mut stub = day.stub.lock();
            stub.tick();
            stub.set_state(id, "open", ANN);
        }
        let mut posted = day.posted();
        match number % KINDS {
            4 => posted.clear(),
            5 => {
                posted = [posted.clone(), posted.clone(), posted].concat();
                posted.reverse();
            }
            8 => late.append(&mut posted),
            _ => {}
        }
        day.bring(posted).await;
        match number % KINDS {
            9 => drop(day.stub.lock().tickets.remove(&id)),
            10 => {
                // A colleague's note on the closed ticket fires the trigger again.
                day.stub.lock().says(id, BEN, "Agent", true);
                let fired = day.posted();
                day.bring(fired).await;
            }
            _ => {}
        }
        if number == 16 {
            // Killed while reads are pending.
            day.start();
        }
        if number == 30 {
            day.stub.play(Remote::Throttled(2_000)).await;
            day.pass(5 * SECOND).await;
            day.stub.play(Remote::Ok).await;
        }
    }
    Tickets { ids, late, questions: Questions::new() }
}

/// Clients answer while Zammad's responses are lost; one writes into the closed ticket, some are deleted by then.
async fn afternoon(day: &Day<Inside>, tickets: &Tickets) {
    day.stub.play(Remote::Hang).await;
    for (number, id) in tickets.ids.iter().copied().enumerate() {
        let asked = || &tickets.questions[&telegram_of(id)][0];
        match number % KINDS {
            6 => {
                day.world.tap(asked(), "👍").await;
                day.stub.lock().says(id, client_of(id), "Customer", false);
            }
            7 => drop(day.world.tap(asked(), "👎").await),
            10 => {
                day.world.tap(asked(), "👍").await;
                day.stub.lock().tickets.remove(&id);
            }
            12 => {
                day.stub.lock().reassign(id);
                day.world.tap(asked(), "👍").await;
            }
            _ => {}
        }
        let posted = day.posted();
        day.bring(posted).await;
    }
    day.go_on(5).await;
    day.stub.play(Remote::Ok).await;
}

/// Compares a ticket's final state in Zammad with the expected one.
fn as_left(stub: &Inside, number: usize, id: u64) {
    let kind = number % KINDS;
    match stub.tickets.get(&id) {
        None => assert!(matches!(kind, 9 | 10), "ticket {number} is gone"),
        Some(ticket) => {
            let (notes, tag, others, seen) = stub.traces(id);
            assert_eq!(others, ["billing"], "ticket {number}: nothing of the desk's own is lost");
            let wanted = match kind {
                6 | 12 => Some("rated-good"),
                7 => Some("rated-low"),
                _ => None,
            };
            assert_eq!((notes.len(), tag.as_deref()), (usize::from(wanted.is_some()), wanted), "ticket {number}: {notes:?}");
            assert_eq!(seen, if kind == 6 { 3 } else { 2 }, "ticket {number}: the client sees nothing of ours");
            let state = match kind {
                6 | 11 => "open",
                13 => "merged",
                _ => "closed",
            };
            assert_eq!(ticket.state, state, "ticket {number}: our note opens no ticket");
        }
    }
}

/// Compares one ticket with the expected result, and returns the outcomes of its closes.
async fn ended(day: &Day<Inside>, tickets: &Tickets, number: usize) -> String {
    let (id, kind) = (tickets.ids[number], number % KINDS);
    for request in day.requests(&id.to_string()).await {
        assert_eq!(request.operator_id, Some(ANN.to_string().into()), "ticket {number}: whoever served at the close is credited");
    }
    let asked = tickets.questions.get(&telegram_of(id)).map_or(0, Vec::len);
    assert_eq!(asked, usize::from(!matches!(kind, 2 | 9 | 11 | 13)), "ticket {number} was asked {asked} times");
    as_left(&day.stub.lock(), number, id);
    day.outcomes(&id.to_string()).await
}

on_both_databases! {
    every_ticket_of_a_day_ends_as_it_should_and_is_written_back_once => a_day;
}

async fn a_day(url: String) {
    let mut day = begin(&url).await;
    let mut tickets = morning(&mut day).await;
    day.go_on(60).await;
    // Lost events are asked for, and only then the delayed ones arrive.
    day.pass(5 * MINUTE).await;
    day.reconcile().await;
    day.go_on(60).await;
    let late = std::mem::take(&mut tickets.late);
    day.bring(late).await;
    day.go_on(24).await;
    day.keep_questions(&mut tickets.questions);
    afternoon(&day, &tickets).await;
    day.go_on(120).await;
    // Webhooks caused by our own notes, and one more reconciliation.
    let posted = day.posted();
    assert!(!posted.is_empty(), "our note fires the trigger too");
    day.bring(posted).await;
    day.pass(5 * MINUTE).await;
    day.reconcile().await;
    day.go_on(60).await;
    day.keep_questions(&mut tickets.questions);
    let mut outcomes: BTreeMap<(usize, String), usize> = BTreeMap::new();
    for number in 0..TICKETS {
        *outcomes.entry((number % KINDS, ended(&day, &tickets, number).await)).or_default() += 1;
    }
    let expected = |kind: usize| match kind {
        2 => "not_asked forced".to_owned(),
        9 | 11 | 13 => String::new(),
        6 | 7 | 10 | 12 => "answered ".to_owned(),
        _ => "asked ".to_owned(),
    };
    let wanted: BTreeMap<(usize, String), usize> = (0..KINDS).map(|kind| ((kind, expected(kind)), TICKETS / KINDS)).collect();
    assert_eq!(outcomes, wanted);
}
