//! `/mcp` of the real binary, as programs see it that were not written here: the conformance suite of the protocol, the official clients
//! of two of its versions, and its Inspector as either.

use crate::rig::process::Process;
use crate::rig::root;
use tokio::process::Command;

/// Runs a script of `tests/mcp` against the server and returns its output.
async fn ran(script: &str, server: &str, key: &str) -> String {
    let folder = root().join("tests/mcp");
    assert!(folder.join("node_modules").exists(), "run ./test, which installs them, or: cd tests/mcp && npm ci");
    let mut node = Command::new("node");
    let ended = node.arg(folder.join(script)).env("URL", server).env("KEY", key).kill_on_drop(true).output().await.unwrap();
    let said = String::from_utf8_lossy(&[ended.stdout, ended.stderr].concat()).into_owned();
    assert!(ended.status.success(), "tests/mcp/{script} failed:\n{said}");
    said
}

#[tokio::test]
async fn the_conformance_suite_the_official_clients_and_the_inspector_are_content() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("lastword.db").display());
    let environment = [("LASTWORD__DATABASE__URL", database.as_str()), ("LASTWORD__HTTP__LISTEN", "127.0.0.1:0")];
    let server = Process::lastword(&["serve"], &environment);
    let address = format!("http://{}/mcp", server.listening().await);
    let (made, said) = Process::lastword(&["key", "create", "--name", "assistant", "--scope", "mcp:read"], &environment).ended().await;
    assert!(made.success(), "{said}");
    let key = said.split_whitespace().find(|word| word.starts_with("lw_")).unwrap();
    let suite = ran("conformance.mjs", &address, key).await;
    for passed in ["✓ server-initialize: 1 passed", "✓ ping: 1 passed", "✓ tools-list: 1 passed", "✓ dns-rebinding-protection: 2 passed"]
    {
        assert!(suite.contains(passed), "{passed}: {suite}");
    }
    let clients = ran("clients.mjs", &address, key).await;
    assert!(clients.contains("the old client was answered") && clients.contains("the new client was answered"), "{clients}");
    let inspector = ran("inspector.mjs", &address, key).await;
    for era in ["legacy", "modern"] {
        assert!(inspector.contains(&format!("the {era} inspector was answered")), "{inspector}");
    }
    assert!(server.stop().await.0.success());
}
