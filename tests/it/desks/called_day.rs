//! A day at a company's own desk: it posts `close.v1`, and its API is called according to the settings. The network loses,
//! repeats and delays, responses are lost, and the process is killed. The stub is the adapter's own.

#[path = "../../../adapters/desk/tests/it/stub.rs"]
#[expect(dead_code, reason = "the adapter's own tests use the rest")]
pub(crate) mod stub;

use super::shift::{Adapter, Day, MINUTE, Questions, Works, a_stub};
use crate::on_both_databases;
use crate::rig::world::World;
use lastword::domain::line::LineSettings;
use lastword_contract::kit::Remote;
use lastword_contract::{CloseBy, Headers, RawRequest};
use lastword_desk::AnyDesk;
use serde_json::{Value, json};
use std::sync::Arc;
use stub::{Inside, calls, close};

const KEY: &str = "key-of-the-desk-that-posts-to-us";
const TICKETS: usize = 96;
/// Number of kinds of tickets; the number of a ticket selects its kind.
const KINDS: usize = 8;

impl Works for Inside {
    const NAME: &'static str = "own";
    const KIND: &'static str = "desk";

    a_stub!();

    fn config(url: &str) -> Value {
        let mut config = calls(url, r#""connection": "bot", "address": {"chat": "out-{id}"}"#);
        config["key"] = json!(KEY);
        config
    }

    fn adapter(url: &str, _: &World) -> Adapter {
        let desk = AnyDesk::new(serde_json::from_value(Self::config(url)).unwrap(), reqwest::Client::new()).unwrap();
        Adapter { desk: Arc::new(desk), channel: None }
    }
}

fn posts(inside: &mut Inside, kind: &str, session: &str, mut data: Value) {
    (data["session"], data["connection"], data["address"]) = (json!(session), json!("bot"), json!({ "chat": format!("out-{session}") }));
    let body = json!({ "type": format!("session.{kind}"), "timestamp": inside.now / 1_000, "data": data }).to_string().into_bytes();
    let headers = Headers::new([("x-api-key", KEY)]);
    inside.posted.push(RawRequest { method: "POST".into(), query: String::new(), headers, body, received_at: inside.now });
}

pub(super) fn closes(inside: &mut Inside, session: &str, by: CloseBy) {
    let at = inside.tick();
    let ticket = inside.ticket(session).unwrap();
    ticket.closed_at = Some(at);
    let mut data = close(ticket, by, at);
    data["event_key"] = json!(format!("{session}-{}", at / 1_000));
    posts(inside, "closed", session, data);
}

/// Tickets are closed, with events in the network's order, and the process is killed once. Returns the late requests.
async fn morning(day: &mut Day<Inside>) -> Vec<RawRequest> {
    let mut late = Vec::new();
    for number in 0..TICKETS {
        let session = day.stub.lock().open();
        closes(&mut day.stub.lock(), &session, if number % KINDS == 6 { CloseBy::Spam } else { CloseBy::Operator });
        if number % KINDS == 7 {
            let mut inside = day.stub.lock();
            let at = inside.tick();
            inside.ticket(&session).unwrap().closed_at = None;
            posts(&mut inside, "reopened", &session, json!({ "reopened_at": at }));
        }
        let posted = day.posted();
        match number % KINDS {
            1 => day.bring([posted.clone(), posted].concat()).await,
            2 => {}
            3 => late.extend(posted),
            _ => day.bring(posted).await,
        }
        if number == 12 {
            day.start();
        }
    }
    late
}

on_both_databases! {
    a_desk_whose_calls_are_described_is_told_once_and_asked_what_was_lost => a_day;
}

async fn a_day(url: String) {
    let mut day = Day::<Inside>::begin(&url).await;
    day.world.line(LineSettings { once_per_client_hours: 0, ..LineSettings::default() }).await;
    let late = morning(&mut day).await;
    day.pass(5 * MINUTE).await;
    day.reconcile().await;
    day.bring(late).await;
    day.go_on(20).await;
    let mut questions = Questions::new();
    day.keep_questions(&mut questions);
    // The first write-backs succeed, but their responses are lost.
    day.stub.play(Remote::Hang).await;
    for number in (0..TICKETS).filter(|number| matches!(number % KINDS, 4 | 5)) {
        let question = &questions[&format!("out-{}", number + 1)][0];
        day.world.tap(question, if number % KINDS == 4 { "👍" } else { "👎" }).await;
    }
    day.go_on(6).await;
    day.stub.play(Remote::Ok).await;
    day.go_on(60).await;
    for number in 0..TICKETS {
        let (session, kind) = ((number + 1).to_string(), number % KINDS);
        let asked = questions.get(&format!("out-{session}")).map_or(0, Vec::len);
        assert_eq!(asked, usize::from(kind < 6), "ticket {session} was asked {asked} times");
        let outcome = match kind {
            4 | 5 => "answered ",
            6 => "not_asked spam",
            7 => "canceled reopened",
            _ => "asked ",
        };
        assert_eq!(day.outcomes(&session).await, outcome, "ticket {session}");
        for request in day.requests(&session).await {
            assert_eq!(request.operator_id.as_ref().map(|id| id.as_str()), Some("ann"), "ticket {session}");
        }
        let ticket = day.stub.lock().tickets[number].clone();
        let rating = (kind == 4).then_some("👍").or((kind == 5).then_some("👎"));
        assert_eq!(ticket.fields.get("rating").and_then(Value::as_str), rating, "ticket {session}");
        assert_eq!(ticket.notes.len(), usize::from(rating.is_some()), "ticket {session}: written once");
        assert_eq!(ticket.fields["tier"], "gold", "what others wrote stays");
    }
}
