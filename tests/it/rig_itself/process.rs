//! Processes of the real binary.

use crate::rig::process::{Process, address};
use std::net::SocketAddr;
use tokio::process::Command;

#[test]
fn an_address_is_found_in_any_log() {
    let expected = SocketAddr::from(([127, 0, 0, 1], 4711));
    for line in [
        "listening on 127.0.0.1:4711",
        "INFO lastword: listening on http://127.0.0.1:4711/ (SQLite)",
        r#"{"level":"INFO","message":"listening on","address":"127.0.0.1:4711"}"#,
    ] {
        assert_eq!(address(line), Some(expected), "{line}");
    }
    assert_eq!(address("listening on a whim"), None);
    assert_eq!(address("connected to 127.0.0.1:4711"), None);
}

#[tokio::test]
async fn a_process_is_heard_stopped_and_killed() {
    let shell = |script: &str| {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Process::spawn(command)
    };
    let polite = shell("trap 'echo bye; kill $!; exit 3' TERM; echo listening on 127.0.0.1:4711; sleep 600 >/dev/null 2>&1 & wait");
    assert_eq!(polite.listening().await.port(), 4711);
    polite.signal("STOP").await;
    polite.signal("CONT").await;
    let (status, log) = polite.stop().await;
    assert_eq!(status.code(), Some(3), "{log}");
    assert!(log.ends_with("bye"), "{log}");

    let stubborn = shell("trap '' TERM; echo here; exec sleep 600");
    stubborn.says("here").await;
    let pid = stubborn.pid();
    assert_eq!(stubborn.kill().await, "here");
    assert!(!std::path::Path::new(&format!("/proc/{pid}")).exists());
}

#[tokio::test]
async fn the_binary_itself_runs() {
    let (status, log) = Process::lastword(&["--version"], &[("LASTWORD_TEST_PLANTED", "1")]).ended().await;
    assert!(status.success(), "{log}");
}

#[tokio::test]
async fn a_process_goes_when_its_owner_is_killed() {
    let mut command = Command::new("sh");
    command.args(["-c", "echo here; exec sleep 600"]);
    let mut process = Process::spawn(command);
    process.says("here").await;
    // The guard's pipe closes without a message, as when this process is killed.
    drop(process.guard.1.take());
    process.guard.0.wait().await.expect("the guard is ours");
    let status = process.child.wait().await.expect("the process is ours");
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(9));
}
