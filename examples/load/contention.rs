//! Many clients of one line with one recipient change their scores while a digest waits: all of them need the recipient's
//! row. Measured on one node and on two, with and without changes of the score.

use crate::figures::Figures;
use crate::server::{Server, Stub, millis, press_as};
use lastword::domain::alert::RecipientKind;
use lastword::domain::line::{Alerts, LineSettings};
use lastword::store::StoreError;
use lastword::store::alert::recipient::{self, Recipient};
use lastword::store::line::{self, LineChange};
use lastword::store::sql::Sql;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Number of concurrent presses.
const CALLERS: usize = 24;
/// Number of clients asked for each second of a run: more than can press in it.
const CLIENTS: u64 = 200;

/// Measures all four cases.
pub(crate) async fn measure(figures: &mut Figures, seconds: u64) {
    for (nodes, changes) in [(1, false), (1, true), (2, false), (2, true)] {
        let (stub, stub_url) = Stub::start().await;
        let server = Server::start("postgres", &stub_url, "").await;
        prepare(&server).await;
        let mut addresses = vec![server.address.clone()];
        let second = if nodes == 2 { Some(server.beside().await) } else { None };
        addresses.extend(second.iter().map(|(_, address)| address.clone()));
        let clients = asked(&server, &stub, seconds * CLIENTS).await;
        let before = deadlocks(&server).await;
        let run = run(addresses, clients, changes, seconds).await;
        // PostgreSQL reports the statistics of a session when it ends.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let what = format!("contention, {nodes} node(s), {}", if changes { "score changes" } else { "same score" });
        figures.add(&format!("{what}: answers/s"), run.per_second);
        figures.add(&format!("{what}: p99 ms"), run.p99);
        figures.add(&format!("{what}: refused"), run.refused as f64);
        figures.add(&format!("{what}: deadlocks"), (deadlocks(&server).await - before) as f64);
    }
}

/// A line whose low ratings go to one recipient.
async fn prepare(server: &Server) {
    let prepared = server.db.write(|tx| {
        Box::pin(async move {
            let anna = Recipient {
                id: "anna".to_owned(),
                name: "Anna".to_owned(),
                kind: RecipientKind::Person,
                connection: Some("stub".into()),
                address: Some(r#"{"chat":"anna"}"#.to_owned()),
                created_at: millis(),
                ..Recipient::default()
            };
            recipient::save(tx, &anna).await?;
            let alerts = Alerts { recipients: vec!["anna".to_owned()], ..Alerts::default() };
            let settings = LineSettings { delay_secs: 0, alerts, once_per_client_hours: 0, ..LineSettings::default() };
            let change = LineChange {
                id: "crowd".into(),
                name: "crowd".into(),
                settings,
                archived: false,
                seen_version: 0,
                by: "load".into(),
                at: millis(),
            };
            line::save(tx, &change).await?;
            Ok::<_, StoreError>(())
        })
    });
    prepared.await.expect("a line and a recipient");
}

/// Closes `count` sessions and waits for their questions. Returns each client with the tokens of both scores.
async fn asked(server: &Server, stub: &Stub, count: u64) -> Vec<(String, [String; 2])> {
    for chunk in 0..count.div_ceil(500) {
        let run = server.array("crowd", chunk).await;
        assert!(run, "the closes are taken");
    }
    let until = Instant::now() + Duration::from_secs(120);
    while stub.count() < count {
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(Instant::now() < until, "{} of {count} are asked", stub.count());
    }
    stub.take_with_both()
}

struct Pressed {
    per_second: f64,
    p99: f64,
    refused: usize,
}

async fn run(addresses: Vec<String>, clients: Vec<(String, [String; 2])>, changes: bool, seconds: u64) -> Pressed {
    let clients = Arc::new(Mutex::new(clients));
    let (began, until) = (Instant::now(), Instant::now() + Duration::from_secs(seconds));
    let callers: Vec<_> = (0..CALLERS)
        .map(|caller| {
            let (clients, address) = (clients.clone(), addresses[caller % addresses.len()].clone());
            tokio::spawn(async move {
                let client = reqwest::Client::builder().timeout(Duration::from_secs(10)).build().expect("a client");
                let (mut took, mut refused) = (Vec::new(), 0);
                while Instant::now() < until {
                    let Some((chat, [good, bad])) = clients.lock().expect("clients").pop() else { break };
                    for (number, token) in [&bad, if changes { &good } else { &bad }, &bad].into_iter().enumerate() {
                        let started = Instant::now();
                        if press_as(&client, &address, &format!("{chat}-{number}"), &chat, token).await {
                            took.push(started.elapsed().as_secs_f64() * 1_000.0);
                        } else {
                            refused += 1;
                        }
                    }
                }
                (took, refused)
            })
        })
        .collect();
    let (mut took, mut refused) = (Vec::new(), 0);
    for caller in callers {
        let (its, not) = caller.await.expect("a caller");
        took.extend(its);
        refused += not;
    }
    let elapsed = began.elapsed().as_secs_f64();
    took.sort_by(f64::total_cmp);
    let p99 = took.get(took.len() * 99 / 100).copied().unwrap_or(f64::INFINITY);
    Pressed { per_second: took.len() as f64 / elapsed, p99, refused }
}

/// Number of deadlocks that PostgreSQL resolved in this database.
async fn deadlocks(server: &Server) -> i64 {
    static DEADLOCKS: Sql = Sql::new("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
    let mut rows = server.db.read(&DEADLOCKS, Vec::new()).await.expect("the count");
    rows[0].int().expect("a number")
}
