//! Stubs of services.

use crate::rig::stub::{Answer, Stub};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;

#[tokio::test]
async fn a_stub_records_and_answers_as_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("provider.log");
    let stub = Stub::start_with_log(&log, |seen| Answer::json(200, &json!({ "ok": seen.json()["ok"] })));
    let client = reqwest::Client::new();
    let post = || client.post(format!("{}/send?to=7", stub.url())).header("X-Key", "k").json(&json!({ "ok": true })).send();

    let answer: Value = post().await.expect("answered").json().await.expect("JSON");
    assert_eq!(answer, json!({ "ok": true }));
    let seen = stub.wait_for(|seen| seen.path == "/send").await;
    assert_eq!((seen.number, seen.method.as_str(), seen.query.as_str(), seen.header("x-key")), (0, "POST", "to=7", Some("k")));

    stub.program(|_| Answer::Cut);
    assert!(post().await.expect_err("no answer").status().is_none());
    stub.program(|_| Answer::Hang);
    let hung = tokio::time::timeout(Duration::from_millis(50), post()).await;
    hung.expect_err("still waiting");
    stub.program(|_| Answer::json(503, &Value::Null).after(Duration::from_millis(20)));
    assert_eq!(post().await.expect("answered").status(), 503);

    assert_eq!(stub.seen().len(), 4, "what was not answered is recorded too");
    let lines = std::fs::read_to_string(&log).expect("the log is there");
    assert_eq!(lines.lines().count(), 4);
    assert!(lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok_and(|line| line["path"] == "/send")));

    let (other, address) = (Stub::start(|_| Answer::Cut), stub.address);
    assert_ne!(other.url(), stub.url());
    drop(stub);
    TcpStream::connect(address).await.expect_err("a dropped stub is gone");
}
