//! An older copy of a SQLite file is restored in place, minutes or seconds after it was made: closes asked about since are
//! not asked about again.

use super::{prepared, serve};
use crate::rig::process::Process;
use crate::rig::stub::{Answer, Stub};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How the node ends before the copy is restored.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Stopped,
    Killed,
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Number of heartbeats recorded by the node.
fn beats(file: &Path) -> i64 {
    let noted = std::fs::read_to_string(beside(file, ".lock")).unwrap_or_default();
    noted.trim().rsplit(' ').next().and_then(|beats| beats.parse().ok()).unwrap_or(0)
}

async fn close(server: &Process, key: &str, session: &str) {
    let address = server.listening().await;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
    let close = json!({
        "event_key": format!("e-{session}"), "session": session, "line": "support", "closed_at": now,
        "operator": { "id": "op-7" }, "connection": "desk", "address": { "chat": session },
    });
    let call = reqwest::Client::new().post(format!("http://{address}/v1/sessions/close")).bearer_auth(key).json(&close);
    assert_eq!(call.send().await.unwrap().status(), 202);
}

/// Copies `endings` of the file while a node runs with a waiting question about one close, lets that question be sent, and
/// restores the copy.
async fn put_back(endings: &[&str], end: End) {
    let (folder, url, key) = prepared().await;
    let file = folder.path().join("serve.db");
    let messenger = Stub::start(|_| Answer::json(503, &json!({})));
    let server = serve(&url, &messenger.url());
    close(&server, &key, "S-1").await;
    messenger.wait_for(|_| true).await;
    let (copies, before) = (tempfile::tempdir().unwrap(), beats(&file));
    for ending in endings {
        std::fs::copy(beside(&file, ending), copies.path().join(format!("copy{ending}"))).unwrap();
    }
    messenger.program(|_| Answer::json(200, &json!({})));
    let tried = messenger.seen().len();
    close(&server, &key, "S-2").await;
    messenger.wait_for(|seen| seen.number >= tried).await;
    if end == End::Killed {
        for _ in 0..600 {
            if beats(&file) > before {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(beats(&file) > before, "the heart beats when something has left");
        server.kill().await;
    } else {
        assert!(server.stop().await.0.success());
        assert!(beats(&file) > before, "the heart beats at the end");
    }
    let asked = messenger.seen().len();
    for ending in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(beside(&file, ending));
    }
    for ending in endings {
        std::fs::copy(copies.path().join(format!("copy{ending}")), beside(&file, ending)).unwrap();
    }
    let again = serve(&url, &messenger.url());
    again.listening().await;
    again.says("quarantine").await;
    close(&again, &key, "S-2").await;
    let (status, _) = again.stop().await;
    assert!(status.success());
    assert_eq!(messenger.seen().len(), asked, "nobody is asked again");
}

#[tokio::test]
async fn after_a_stop() {
    put_back(&["", "-wal", "-shm"], End::Stopped).await;
}

/// 50 of 50 were asked again within the minute between two heartbeats.
#[tokio::test]
async fn after_a_kill_a_moment_after_a_message_left() {
    put_back(&["", "-wal", "-shm"], End::Killed).await;
}

/// The file without its log is even older than the moment of the copy.
#[tokio::test]
async fn the_file_without_its_log() {
    put_back(&[""], End::Stopped).await;
}
