//! Events for programs have the fields and types shown in the webhook's README.

use crate::on_both_databases;
use crate::rig::root;
use crate::rig::world::{World, messenger};
use lastword::domain::access::audit::By;
use lastword::domain::answer::opt_out::Wish;
use lastword::domain::line::LineSettings;
use lastword::domain::line::deadline::Deadline;
use lastword::domain::line::experiment::{Trial, Variant};
use lastword::life::admin::change_experiment::{ExperimentChange, Wanted, end, start};
use lastword::life::admin::replay_events::replay;
use lastword::life::alert::acknowledge;
use lastword::life::answer::opt_out;
use lastword::life::connection::resume::resume;
use lastword::life::engine::channels::Channels;
use lastword::life::events::NAMES;
use lastword::life::review::act::{ReviewAct, act};
use lastword::life::session::close_batch::Close;
use lastword::names::{AlarmId, RequestId};
use lastword::store::alert::of_requests;
use lastword::store::line;
use lastword::store::report::alarm::ShareAlarm;
use lastword_base::names::LineId;
use lastword_contract::{Address, InboundKind, Outgoing, Purpose, SendError, TextMessage, Verdict};
use lastword_webhook::Webhook;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::process::Stdio;
use std::sync::Arc;
use tokio::io::AsyncWriteExt;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

on_both_databases! {
    every_event_is_as_the_readme_and_the_schema_show_it => events;
    a_receiver_is_told_again_of_what_happened_since_a_time => replayed;
    a_receiver_of_one_line_gets_events_of_that_line_and_of_none => of_one_line;
}

/// Bodies shown in the README, by type.
fn shown() -> Map<String, Value> {
    let readme = include_str!("../../adapters/webhook/README.md");
    let blocks = readme.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next());
    let bodies = blocks.filter_map(|block| serde_json::from_str::<Value>(block).ok());
    bodies.map(|body| (body["type"].as_str().unwrap().to_owned(), body["data"].clone())).collect()
}

/// Places where two documents differ in structure. Null matches any unknown value.
fn differences(shown: &Value, told: &Value, place: &str, found: &mut Vec<String>) {
    match (shown, told) {
        (Value::Object(shown), Value::Object(told)) => {
            for name in shown.keys().chain(told.keys()) {
                match (shown.get(name), told.get(name)) {
                    (Some(shown), Some(told)) => differences(shown, told, &format!("{place}.{name}"), found),
                    (Some(_), None) => found.push(format!("{place}.{name} is shown and not told")),
                    (None, _) => found.push(format!("{place}.{name} is told and not shown")),
                }
            }
        }
        (Value::Array(shown), Value::Array(told)) => {
            if let (Some(shown), Some(told)) = (shown.first(), told.first()) {
                differences(shown, told, &format!("{place}[]"), found);
            }
        }
        (Value::Null, _) | (_, Value::Null) => {}
        (Value::String(_), Value::String(told)) if place.ends_with("_at") => {
            if chrono::DateTime::parse_from_rfc3339(told).is_err() {
                found.push(format!("{place} is no time: {told}"));
            }
        }
        (Value::String(_), Value::String(_)) | (Value::Number(_), Value::Number(_)) | (Value::Bool(_), Value::Bool(_)) => {}
        _ => found.push(format!("{place} is shown as {shown} and told as {told}")),
    }
}

fn told(message: &Outgoing) -> (String, Value) {
    match &message.purpose {
        Purpose::Event(name) => (name.clone(), message.data.clone()),
        _ => ("alert".to_owned(), message.data.clone()),
    }
}

/// The example that shows an event, by its name.
fn example(name: &str) -> &str {
    match name.split_once('.') {
        Some(("rating", _)) => "rating.created",
        Some(("low_rating", _)) => "low_rating.seen",
        Some(("score", _)) => "score.alarm",
        Some(("connection", _)) => "connection.stopped",
        _ => name,
    }
}

/// All that happens in the life of ratings, and beside it.
async fn live(world: &World) -> Vec<Outgoing> {
    let deadline = Some(Deadline { hours: 4, ..Deadline::default() });
    world.line(LineSettings { deadline, ..LineSettings::default() }).await;
    let mut told = Vec::new();
    let (request, question) = world.ask("S-1").await;
    let what = InboundKind::Text(TextMessage::new("One more question, and a long one", Address::chat("chat-S-1")));
    world.happens("bot", what).await;
    world.tap(&question, "👎").await;
    world.tap(&question, "👍").await;
    let unasked = Close { connection: None, address: None, ..world.close_of("S-2") };
    world.tell(unasked).await;
    let (engine, by) = (&world.engine, By::command());
    let mut low = Vec::new();
    for session in ["S-3", "S-4", "S-5"] {
        let (request, question) = world.ask(session).await;
        world.tap(&question, "👎").await;
        low.push(request);
    }
    let alerts = of_requests(&engine.db, &[RequestId::named(&low[0])]).await.unwrap();
    assert_eq!(acknowledge::by_hand(engine, alerts[0].id, "Anna", world.now()).await.unwrap(), Some(true));
    act(engine, &by, RequestId::named(&low[0]), ReviewAct::Reply("Sorry.".to_owned()), None, world.now()).await.unwrap().unwrap();
    act(engine, &by, RequestId::named(&low[1]), ReviewAct::Settle("Called back.".to_owned()), None, world.now()).await.unwrap().unwrap();
    world.pass(5 * HOUR).await;
    world.work().await;
    assert!(opt_out::set(engine, &by, &"client-of-S-1".into(), Wish::Stop, world.now()).await.unwrap());
    let line = line::find(&engine.db, &"support".into()).await.unwrap().unwrap();
    let wanted = Wanted { trial: Trial { delay_secs: Some(60), ..Trial::default() }, margin: 5, clients_max: 1_000 };
    assert!(matches!(start(engine, &by, &line, wanted, world.now()).await.unwrap(), ExperimentChange::Done(_)));
    let line = line::find(&engine.db, &"support".into()).await.unwrap().unwrap();
    assert!(matches!(end(engine, &by, &line, Variant::A, world.now()).await.unwrap(), ExperimentChange::Done(_)));
    told.extend(world.staff.take());
    world.client.fails_with([SendError::new(Verdict::ConnectionBroken, "invalid_token", "the token has expired")]);
    world.tell(world.close_of("S-6")).await;
    world.pass(MINUTE).await;
    world.pass(MINUTE).await;
    assert!(resume(engine, &by, &"bot".into(), world.now()).await.unwrap());
    for _ in 0..3 {
        world.pass(MINUTE).await;
    }
    world.work().await;
    told.extend(world.staff.take());
    // An alarm takes weeks: its event is written from what an alarm is.
    let alarm = ShareAlarm {
        id: AlarmId::first_of(1),
        line_id: "support".into(),
        channel: "telegram".to_owned(),
        bad: 20,
        cases: 40,
        ..ShareAlarm::default()
    };
    for cleared in [false, true] {
        let events = lastword::life::events::alarm(engine, &alarm, cleared, world.now());
        engine
            .db
            .write(move |tx| {
                let events = events.clone();
                Box::pin(async move { lastword::store::question::delivery::schedule(tx, &events).await })
            })
            .await
            .unwrap();
    }
    world.work().await;
    told.extend(world.staff.take());
    assert!(!request.is_empty());
    told
}

async fn events(url: String) {
    let world = World::on(&url, messenger()).await;
    let shown = shown();
    let (mut seen, mut bodies) = (BTreeSet::new(), Vec::new());
    for message in live(&world).await {
        let (name, data) = told(&message);
        if message.purpose != Purpose::Alert && !matches!(message.purpose, Purpose::Event(_)) {
            continue;
        }
        // Digests, letters and warnings are no low rating.
        if name == "alert" && data["kind"] != "low" {
            continue;
        }
        let mut body = shown.get(example(&name)).unwrap_or_else(|| panic!("the README does not show {name}")).clone();
        if name == "alert" {
            // The webhook adds the common fields of messages.
            for common in ["to", "language", "text", "choices"] {
                assert!(body.as_object_mut().unwrap().remove(common).is_some(), "{common} is not shown");
            }
        } else {
            bodies.push(json!({ "type": name, "timestamp": "2026-05-01T12:00:00.000Z", "data": data }));
        }
        let mut found = Vec::new();
        differences(&body, &data, &name, &mut found);
        assert!(found.is_empty(), "{found:#?}\n{data:#}");
        seen.insert(name);
    }
    for name in NAMES.into_iter().filter(|name| *name != "connection.deaf").chain(["alert"]) {
        assert!(seen.contains(name), "{name} was not told: {seen:?}");
    }
    fit_the_schema(&bodies).await;
}

/// Holds bodies, and what the README shows, against the schema, by a validator that nobody here wrote.
async fn fit_the_schema(bodies: &[Value]) {
    const CHECK: &str = "import json, sys, jsonschema\nschema, bodies = json.load(open(sys.argv[1])), json.load(sys.stdin)\n\
        check = jsonschema.Draft202012Validator(schema)\njsonschema.Draft202012Validator.check_schema(schema)\n\
        wrong = [f\"{body['type']}: {error.message}\" for body in bodies for error in check.iter_errors(body)]\n\
        names = sorted(one['properties']['type']['const'] for one in schema['oneOf'])\nprint(json.dumps([wrong, names]))";
    let schema = root().join("adapters/webhook/events.schema.json");
    let shown = shown().into_iter().filter(|(name, _)| NAMES.contains(&name.as_str()));
    let shown = shown.map(|(name, data)| json!({ "type": name, "timestamp": "2026-05-01T12:00:00.000Z", "data": data }));
    let all: Vec<Value> = bodies.iter().cloned().chain(shown).collect();
    let mut python = tokio::process::Command::new(root().join("tests/openapi/.venv/bin/python"));
    let python = python.arg("-c").arg(CHECK).arg(schema).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut python = python.spawn().expect("./test installs it");
    python.stdin.take().unwrap().write_all(json!(all).to_string().as_bytes()).await.unwrap();
    let said = python.wait_with_output().await.unwrap();
    assert!(said.status.success());
    let (wrong, names): (Vec<String>, Vec<String>) = serde_json::from_slice(&said.stdout).unwrap();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(names, NAMES.map(str::to_owned).into_iter().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>());
    // The check itself finds what is wrong.
    assert!(all.len() > 15, "{}", all.len());
}

async fn of_one_line(url: String) {
    let mut world = World::on(&url, messenger()).await;
    let receiver = |lines: &[&str]| {
        let config =
            json!({ "url": "https://93.184.216.34/hook", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "event_lines": lines });
        Arc::new(Webhook::new("crm", serde_json::from_value(config).unwrap()).unwrap())
    };
    let channels = Channels::clone(&world.engine.channels);
    for (name, lines) in [("of-support", &["support"][..]), ("of-sales", &["sales"]), ("of-all", &[])] {
        channels.add(name, receiver(lines), vec!["*".to_owned()]);
    }
    world.engine.channels = Arc::new(channels);
    let wanting = |line: Option<&str>| world.engine.channels.wanting("low_rating.raised", line.map(LineId::from).as_ref());
    assert_eq!(wanting(Some("support")), ["of-all", "of-support", "staff"]);
    assert_eq!(wanting(Some("sales")), ["of-all", "of-sales", "staff"]);
    assert_eq!(wanting(None), ["of-all", "of-sales", "of-support", "staff"], "what is about no line goes to all");
}

async fn replayed(url: String) {
    let world = World::on(&url, messenger()).await;
    let names = |sent: Vec<Outgoing>| -> Vec<(String, String, Value)> {
        let event = |message: Outgoing| match message.purpose {
            Purpose::Event(name) => Some((message.key, name, message.data)),
            _ => None,
        };
        sent.into_iter().filter_map(event).collect()
    };
    let (_, question) = world.ask("S-1").await;
    world.tap(&question, "👎").await;
    world.work().await;
    let early = names(world.staff.take());
    assert!(!early.is_empty());
    world.pass(HOUR).await;
    let since = world.now();
    let (_, question) = world.ask("S-2").await;
    world.tap(&question, "👍").await;
    world.work().await;
    let late = names(world.staff.take());
    let (engine, by) = (&world.engine, By::command());
    assert_eq!(replay(engine, &by, &"staff".into(), since, world.now()).await.unwrap(), late.len());
    world.work().await;
    let mut again = names(world.staff.take());
    let told = |events: &[(String, String, Value)]| -> BTreeSet<String> {
        events.iter().map(|(_, name, data)| format!("{name} {data}")).collect()
    };
    assert_eq!(told(&again), told(&late), "the same, and nothing from before");
    let ids = |events: &[(String, String, Value)]| -> BTreeSet<String> { events.iter().map(|(id, ..)| id.clone()).collect() };
    assert!(ids(&again).is_disjoint(&ids(&late)), "each under an id of its own");
    // Repeats are not repeated.
    assert_eq!(replay(engine, &by, &"staff".into(), 0, world.now()).await.unwrap(), early.len() + late.len());
    world.work().await;
    again = names(world.staff.take());
    assert_eq!(again.len(), early.len() + late.len());
    assert_eq!(replay(engine, &by, &"staff".into(), world.now() + 1, world.now()).await.unwrap(), 0);
}
