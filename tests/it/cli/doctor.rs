//! `lastword doctor`: no findings on a healthy installation; each fault on one line, with the remedy.

use super::setup::telegram;
use super::shop::{Shop, bot};
use crate::rig::postgres;
use crate::rig::process::Process;
use crate::rig::stub::{Answer, Stub};
use serde_json::json;
use std::time::{SystemTime, UNIX_EPOCH};

/// Faults in rows: the statement that creates each, and the line that reports it. `{now}` is the time in milliseconds.
const FAULTS: &[(&str, &str)] = &[
    (
        "UPDATE connection SET blocked_until = {now} + 34567000, blocked_at = {now}",
        "PROBLEM connection bot: the platform asked us to wait until ",
    ),
    (
        "UPDATE connection SET stopped_at = {now}, stopped_reason = 'Unauthorized'",
        "PROBLEM connection bot: stopped: Unauthorized (no recipient was alerted) → fix the cause, then resume it on the page Connections",
    ),
    (
        "UPDATE connection SET deaf_at = {now}, deaf_reason = 'another program polls'",
        "PROBLEM connection bot: nothing arrives: another program polls",
    ),
    (
        "UPDATE connection SET failing_since = {now} - 1500000",
        "PROBLEM connection bot: its calls have failed for 25 minutes → check whether its platform or the network is down",
    ),
    (
        "UPDATE delivery SET due_at = {now} - 600000",
        "PROBLEM connection bot: messages have been waiting for 10 minutes → is lastword serve running, with queue.enabled = true?",
    ),
    (
        "UPDATE delivery SET state = 'failed', reason = 'unreadable', detail = 'payload of delivery', intent_at = {now}, ended_at = {now}",
        "PROBLEM deliveries: 1 of the last 24 hours could not be written, the last one: payload of delivery",
    ),
    (
        "UPDATE delivery SET state = 'unknown', intent_at = {now}, ended_at = {now}, token = 1, attempts = 1",
        "PROBLEM deliveries: stuck: 1 unknown → see lastword delivery list, then lastword delivery resend ID, or dismiss ID",
    ),
    (
        "INSERT INTO connection_secret (connection, made_from, sealed, ends_at, renewed_at) \
         VALUES ('bot', 'x', 'x', {now} + 200000000, {now})",
        "PROBLEM connection bot: its renewed token expires in 2 days and could not be renewed again → create a new access token",
    ),
    (
        "UPDATE connection SET seen_at = {now} + 3600000",
        "seconds ahead of now → synchronise the clock with NTP; a running server then reschedules what waits for that time",
    ),
];

/// The tables changed by the faults.
const CHANGED: [&str; 3] = ["connection", "delivery", "connection_secret"];

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// A line, a recipient, a working bot, and a question due tomorrow.
async fn installation(shop: &Shop) {
    shop.run(&["migrate"]).await.done();
    shop.run(&["recipient", "add", "--id", "anna", "--name", "Anna", "--connection", "bot", "--chat", "7"]).await.done();
    shop.run(&["line", "add", "--id", "support", "--name", "Support", "--recipient", "anna"]).await.done();
    shop.run(&["line", "set", "support", "delay_secs=86400"]).await.done();
    let key = shop.run(&["key", "create", "--name", "desk", "--scope", "sessions:write"]).await.done();
    let server = Process::spawn(shop.command(&["serve"]));
    let address = server.listening().await;
    let body = json!({ "event_key": "close 1", "session": "chat-1", "line": "support", "closed_at": now(), "operator": { "id": "42" },
        "connection": "bot", "address": { "chat": "42" } });
    let closed = reqwest::Client::new().post(format!("http://{address}/v1/sessions/close")).bearer_auth(&key).json(&body).send();
    let closed = closed.await.unwrap().text().await.unwrap();
    assert!(closed.contains("\"ask\""), "{closed}");
    server.stop().await;
}

async fn each_fault_is_named(make: impl AsyncFn() -> Shop) {
    let shop = make().await;
    installation(&shop).await;
    let healthy = shop.run(&["doctor"]).await;
    assert!(!healthy.out.contains("PROBLEM"), "{}", healthy.out);
    healthy.done();
    for (fault, line) in FAULTS {
        shop.sql(&CHANGED.map(|table| format!("CREATE TABLE kept_{table} AS SELECT * FROM {table};")).concat()).await;
        shop.sql(&fault.replace("{now}", &now().to_string())).await;
        let doctor = shop.run(&["doctor"]).await;
        let named: Vec<&str> = doctor.out.lines().filter(|said| said.contains(line)).collect();
        assert_eq!(named.len(), 1, "{fault}\nis not named in one line by\n{}", doctor.out);
        assert!(named[0].contains(" → "), "no remedy: {}", named[0]);
        doctor.refused(1);
        let back = |table| format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table}; DROP TABLE kept_{table};");
        shop.sql(&CHANGED.map(back).concat()).await;
    }
    shop.run(&["doctor"]).await.done();
}

fn settings(telegram: &str) -> String {
    format!("{}[http]\nlisten = \"127.0.0.1:0\"\n[metrics]\nenabled = false\n", bot(telegram))
}

#[tokio::test]
async fn the_doctor_names_each_fault_with_its_remedy_on_sqlite() {
    let telegram = telegram();
    each_fault_is_named(async || Shop::new(&settings(&telegram.url()))).await;
}

#[tokio::test]
async fn the_doctor_names_each_fault_with_its_remedy_on_postgres() {
    let telegram = telegram();
    each_fault_is_named(async || Shop::over(&settings(&telegram.url()), &postgres::empty().await)).await;
}

/// A filter with a wrong name would silently keep events away.
#[tokio::test]
async fn wrong_names_in_a_filter_of_events_are_named() {
    let (telegram, crm) = (telegram(), Stub::start(|_| Answer::json(200, &json!({}))));
    let with = |filter: &str| {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let webhook = format!("[connections.crm]\nkind = \"webhook\"\nurl = \"{}\"\nsecret = \"{secret}\"\n", crm.url());
        format!("{}{webhook}allow_http = true\nallow_private_networks = true\n{filter}\n", settings(&telegram.url()))
    };
    let shop = Shop::new(&with("event_lines = [\"support\", \"suport\"]"));
    installation(&shop).await;
    let doctor = shop.run(&["doctor"]).await;
    let words = "PROBLEM connection crm: event_lines: \"suport\" is the ID of no line; there is support → ";
    assert!(doctor.out.contains(words), "{}", doctor.out);
    doctor.refused(1);
    let shop = Shop::new(&with("events = [\"rating.craeted\"]"));
    let check = shop.run(&["check"]).await;
    let said = format!("{}{}", check.out, check.err);
    assert!(said.contains("connections.crm.events") && said.contains("\"rating.craeted\" is no event; write rating.created, "), "{said}");
}
