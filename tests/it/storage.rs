//! The server with a full or failing disk, and database connections dropped half-way.

use crate::rig::folder::Folder;
use crate::rig::postgres::{Cluster, Fsync};
use crate::rig::process::Process;
use lastword::domain::access::api_key::ApiKey;
use lastword::domain::access::rights::Lines;
use lastword::names::KeyId;
use lastword::store::access::api_key;
use lastword::store::sql::Sql;
use lastword::store::{Db, StoreError};
use lastword::values;
use serde_json::{Value, json};
use std::path::PathBuf;
use tokio::process::Command;

/// Transactions that were dropped half-way, or while they began, leave no trace in the pool, and the server's log does not
/// mention them (reliability: sqlx issue 4393).
#[tokio::test]
async fn a_transaction_that_was_dropped_takes_nobody_elses_writes_with_it_and_the_servers_log_is_quiet() {
    static ADD: Sql = Sql::new("INSERT INTO client (id, revision, updated_at) VALUES ($1, 0, 0)");
    static COUNT: Sql = Sql::new("SELECT count(*) FROM client WHERE id LIKE 'kept-%'");
    static STRAY: Sql = Sql::new("SELECT count(*) FROM client WHERE id LIKE 'dropped-%'");
    let cluster = Cluster::own(Fsync::Off);
    let url = cluster.database().await;
    let db = Db::open(&url, 2).await.unwrap();
    db.migrate().await.unwrap();
    for number in 0..50 {
        let mut dropped = db.begin().await.unwrap();
        dropped.execute(&ADD, values![format!("dropped-{number}")]).await.unwrap();
        drop(dropped);
        // Polled a few times, and dropped while it begins.
        let mut begins = Box::pin(db.begin());
        for _ in 0..=number % 5 {
            tokio::select! { biased; tx = &mut begins => { drop(tx); break } () = tokio::task::yield_now() => {} }
        }
        drop(begins);
        let id = format!("kept-{number}");
        db.write::<_, StoreError, _>(move |tx| {
            let id = id.clone();
            Box::pin(async move { tx.execute(&ADD, values![id]).await.map(drop) })
        })
        .await
        .unwrap();
    }
    let other = Db::open(&url, 2).await.unwrap();
    assert_eq!(other.read(&COUNT, vec![]).await.unwrap()[0].int().unwrap(), 50, "what was acknowledged is there for everybody");
    assert_eq!(other.read(&STRAY, vec![]).await.unwrap()[0].int().unwrap(), 0);
    let log = std::fs::read_to_string(cluster.dir().join("server.log")).unwrap();
    assert!(!log.contains("WARNING"), "{log}");
}

/// A database with a key, and a close as reported by a desk.
async fn prepared(url: &str) -> String {
    let (db, key) = (Db::open(url, 2).await.unwrap(), ApiKey::generate([5; 32]));
    db.migrate().await.unwrap();
    let row = api_key::ApiKey {
        id: KeyId::first_of(1),
        name: "desk".into(),
        prefix: key.prefix().into(),
        hash: key.hash(),
        scopes: vec!["admin".into()],
        lines: Lines::All,
        created_at: 1,
        last_used_at: None,
        revoked_at: None,
    };
    db.write::<_, StoreError, _>(move |tx| {
        let row = row.clone();
        Box::pin(async move { api_key::insert(tx, &row).await })
    })
    .await
    .unwrap();
    db.close().await;
    key.text().to_owned()
}

/// Saves a line whose texts take some space.
async fn save(address: &str, key: &str, id: &str) -> u16 {
    let body = json!({ "name": id, "version": 0, "settings": { "texts": { "en": { "question": "x".repeat(200) } } } });
    let call = reqwest::Client::new().put(format!("http://{address}/v1/lines/{id}")).bearer_auth(key).json(&body).send().await;
    call.map_or(0, |answer| answer.status().as_u16())
}

async fn ready(address: &str) -> (u16, Value) {
    let answer = reqwest::get(format!("http://{address}/readyz")).await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// The server's disk is a small separate one; the test fills and empties it from outside.
#[tokio::test]
async fn a_full_disk_is_not_ready_and_is_told_a_few_times_and_all_goes_on_when_there_is_room() {
    let folder = Folder::new();
    let small = folder.path().join("small");
    std::fs::create_dir(&small).unwrap();
    let whole = format!("sqlite://{}/whole.db", folder.path().display());
    let key = prepared(&whole).await;
    let script = format!(
        "mount -t tmpfs -o size=8m tmpfs '{0}' && cp '{1}/whole.db' '{0}/a.db' && exec '{2}' serve",
        small.display(),
        folder.path().display(),
        env!("CARGO_BIN_EXE_lastword")
    );
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script]).current_dir(folder.path());
    command.env("LASTWORD__DATABASE__URL", format!("sqlite://{}/a.db", small.display())).env("LASTWORD__HTTP__LISTEN", "127.0.0.1:0");
    let server = Process::spawn(command);
    let address = server.listening().await.to_string();
    // It is a copy; nothing is sent in this test anyway.
    assert_eq!(ready(&address).await.0, 200);
    assert_eq!(save(&address, &key, "first").await, 201);
    let inside = PathBuf::from(format!("/proc/{}/root{}/ballast", server.pid(), small.display()));
    let mut ballast = std::fs::File::create(&inside).unwrap();
    while std::io::Write::write_all(&mut ballast, &[0; 4096]).is_ok() {}
    let mut refused = 0;
    for number in 0..60 {
        refused += i32::from(save(&address, &key, &format!("l{number}")).await == 503);
    }
    assert!(refused > 20, "the log has some room of its own, then calls are refused: {refused}");
    let (status, body) = ready(&address).await;
    assert_eq!((status, &body["not_ready_reasons"][0]), (503, &json!("The disk is full.")));
    let lines = server.log().lines().filter(|line| line.contains("database error while handling a request")).count();
    assert!((1..=10).contains(&lines), "{lines} lines for {refused} calls");
    drop(ballast);
    std::fs::remove_file(&inside).unwrap();
    assert_eq!(ready(&address).await.0, 200);
    assert_eq!(save(&address, &key, "last").await, 201);
    let (status, log) = server.stop().await;
    assert!(status.success(), "{log}");
}

/// The system refuses to let the log grow, which is a failing disk to SQLite.
#[tokio::test]
async fn after_the_disk_failed_the_file_is_opened_anew_before_anything_more_is_written() {
    let folder = Folder::new();
    let url = format!("sqlite://{}/a.db", folder.path().display());
    let key = prepared(&url).await;
    let script = format!("trap '' XFSZ; exec '{}' serve", env!("CARGO_BIN_EXE_lastword"));
    let mut command = Command::new("sh");
    command.args(["-c", &script]).current_dir(folder.path());
    command.env("LASTWORD__DATABASE__URL", &url).env("LASTWORD__HTTP__LISTEN", "127.0.0.1:0");
    let server = Process::spawn(command);
    let address = server.listening().await.to_string();
    assert_eq!(save(&address, &key, "first").await, 201);
    let limit = async |bytes: &str| {
        let set = Command::new("prlimit").args(["--pid", &server.pid().to_string(), &format!("--fsize={bytes}:unlimited")]).status().await;
        assert!(set.unwrap().success());
    };
    limit("1024").await;
    assert_eq!(save(&address, &key, "second").await, 503, "it is not acknowledged");
    limit("unlimited").await;
    assert_eq!(save(&address, &key, "third").await, 201);
    server.says("the disk had failed: the file of the database was opened anew").await;
    assert_eq!(save(&address, &key, "second").await, 201);
    let (status, log) = server.stop().await;
    assert!(status.success() && log.contains("the disk failed ("), "{log}");
    let db = Db::open(&url, 2).await.unwrap();
    db.check_file().await.unwrap();
    let lines: Vec<_> = lastword::store::line::all(&db).await.unwrap().into_iter().map(|line| line.id).collect();
    assert_eq!(lines, ["first", "second", "third"]);
}
