//! Baselines: the maximum performance of this machine, measured in the same run.

use crate::client::{Run, post};
use crate::cpu::Cpu;
use crate::figures::Figures;
use crate::postgres;
use sqlx::Executor;
use std::time::{Duration, Instant};

/// Measures every baseline once.
pub(crate) async fn measure(figures: &mut Figures, seconds: u64, sqlite: bool, postgres: bool) {
    figures.add("floor: axum echo/s", echo(seconds).await.per_second);
    figures.add("floor: reqwest calls/s", reqwest_calls(seconds).await);
    if sqlite {
        figures.add("floor: sqlite rows/s, 128 a commit, one statement", sqlite_rows(seconds));
    }
    if postgres {
        let (per_second, used) = postgres_inserts(seconds).await;
        figures.add("floor: postgres single-row inserts/s", per_second);
        used.into_iter().filter(|(part, _)| *part != "server").for_each(|(part, micros)| {
            figures.add(&format!("floor: postgres single-row insert, CPU µs of {part}"), micros);
        });
    }
    let (median, worst) = timer(seconds).await;
    figures.add("floor: timer lateness p50 ms", median);
    figures.add("floor: timer lateness p99 ms", worst);
}

/// An axum server that echoes JSON, on its own runtime like the server under test.
fn echo_server() -> String {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        runtime.block_on(async move {
            let echo = axum::routing::post(|axum::Json(body): axum::Json<serde_json::Value>| async { axum::Json(body) });
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            tell.send(listener.local_addr().expect("an address").to_string()).expect("the caller waits");
            axum::serve(listener, axum::Router::new().route("/", echo)).await.expect("the echo runs");
        });
    });
    told.recv().expect("the echo listens")
}

async fn echo(seconds: u64) -> Run {
    post(&echo_server(), "/", "", 64, seconds, |number| crate::server::close_body("echo", number)).await
}

async fn reqwest_calls(seconds: u64) -> f64 {
    let url = format!("http://{}/", echo_server());
    let client = reqwest::Client::new();
    let started = Instant::now();
    let until = started + Duration::from_secs(seconds);
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let (client, url) = (client.clone(), url.clone());
            tokio::spawn(async move {
                let mut calls = 0_u64;
                while Instant::now() < until {
                    let answer = client.post(&url).json(&serde_json::json!({ "text": "Please rate the quality of service" })).send().await;
                    answer.expect("the echo answers").bytes().await.expect("a body");
                    calls += 1;
                }
                calls
            })
        })
        .collect();
    let mut calls = 0;
    for task in tasks {
        calls += task.await.expect("a caller");
    }
    calls as f64 / started.elapsed().as_secs_f64()
}

fn sqlite_rows(seconds: u64) -> f64 {
    let folder = tempfile::tempdir().expect("a folder");
    let db = rusqlite::Connection::open(folder.path().join("floor.db")).expect("SQLite");
    db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL").expect("settings");
    db.execute_batch("CREATE TABLE job (id TEXT PRIMARY KEY, body TEXT, due_at INTEGER, state TEXT) WITHOUT ROWID").expect("a table");
    let mut insert =
        db.prepare("INSERT INTO job SELECT value ->> 'id', value ->> 'body', 1, 'scheduled' FROM jsonb_each($1)").expect("a statement");
    let (started, mut rows) = (Instant::now(), 0_u64);
    while started.elapsed() < Duration::from_secs(seconds) {
        let batch: Vec<_> = (0..128).map(|at| serde_json::json!({ "id": format!("j{}", rows + at), "body": "a text of about a hundred and thirty bytes, like the rows of the engine under test, which are somewhat longer still" })).collect();
        db.execute_batch("BEGIN IMMEDIATE").expect("begin");
        insert.execute([serde_json::to_string(&batch).expect("json")]).expect("insert");
        db.execute_batch("COMMIT").expect("commit");
        rows += 128;
    }
    rows as f64 / started.elapsed().as_secs_f64()
}

async fn postgres_inserts(seconds: u64) -> (f64, [(&'static str, f64); 3]) {
    let url = super::server::postgres_url().await;
    let pool = sqlx::postgres::PgPoolOptions::new().max_connections(64).test_before_acquire(false).connect(&url).await.expect("PostgreSQL");
    pool.execute("CREATE TABLE IF NOT EXISTS floor (id BIGINT PRIMARY KEY, body TEXT, due_at BIGINT, state TEXT)").await.expect("a table");
    pool.execute("TRUNCATE floor").await.expect("empty");
    let cpu = Cpu::read(0, &url).await;
    let started = Instant::now();
    let until = started + Duration::from_secs(seconds);
    let tasks: Vec<_> = (0..64_i64)
        .map(|worker| {
            let pool = pool.clone();
            tokio::spawn(async move {
                let mut connection = pool.acquire().await.expect("a connection");
                let mut rows = 0_i64;
                while Instant::now() < until {
                    let insert = sqlx::query("INSERT INTO floor VALUES ($1, $2, 1, 'scheduled') ON CONFLICT DO NOTHING");
                    let insert = insert
                        .bind(worker * 100_000_000 + rows)
                        .bind("a text of about a hundred bytes, like the rows of the engine under test, which are somewhat longer");
                    insert.execute(&mut *connection).await.expect("insert");
                    rows += 1;
                }
                rows
            })
        })
        .collect();
    let mut rows = 0;
    for task in tasks {
        rows += task.await.expect("a worker");
    }
    let _ = postgres::database;
    let per_second = rows as f64 / started.elapsed().as_secs_f64();
    (per_second, Cpu::read(0, &url).await.since(cpu, rows as f64))
}

async fn timer(seconds: u64) -> (f64, f64) {
    let tasks: Vec<_> = (0..50 * seconds)
        .map(|number| {
            let due = tokio::time::Instant::now() + Duration::from_millis(200 + number * 20);
            tokio::spawn(async move {
                tokio::time::sleep_until(due).await;
                due.elapsed().as_secs_f64() * 1_000.0
            })
        })
        .collect();
    let mut late = Vec::new();
    for task in tasks {
        late.push(task.await.expect("a timer"));
    }
    late.sort_by(f64::total_cmp);
    (late[late.len() / 2], late[late.len() * 99 / 100])
}
