//! Any desk from end to end: the real binary, and a desk that posts `close.v1`.

use crate::rig::folder::Folder;
use crate::rig::process::Process;
use serde_json::{Value, json};
use std::path::Path;

const KEY: &str = "the-key-of-the-desk-in-this-test";

async fn run(folder: &Path, arguments: &[&str]) -> String {
    let mut words = vec!["--config", "lastword.toml"];
    words.extend(arguments);
    let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_lastword")).args(words).current_dir(folder).output().await.unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[tokio::test]
async fn a_close_by_one_post_is_kept_and_what_is_lost_says_why() {
    let folder = Folder::new();
    let settings = format!(
        "[http]\nlisten = \"127.0.0.1:0\"\n[connections.desk]\nkind = \"desk\"\nkey = \"{KEY}\"\nline = \"support\"\nreply = '{{\"result\":\"ok\"}}'\n\
         [connections.open]\nkind = \"desk\"\npath = \"a-path-that-nobody-knows-of\"\n"
    );
    std::fs::write(folder.path().join("lastword.toml"), settings).unwrap();
    run(folder.path(), &["line", "add", "--id", "support", "--name", "Support"]).await;
    let mut serve = std::process::Command::new(env!("CARGO_BIN_EXE_lastword"));
    serve.args(["serve"]).current_dir(folder.path());
    let server = Process::spawn(serve.into());
    let address = server.listening().await;
    let http = reqwest::Client::new();
    let post = async |path: &str, key: &str, body: Value| {
        let answer = http.post(format!("http://{address}{path}")).header("x-api-key", key).body(body.to_string()).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let close =
        json!({"type": "session.closed", "data": {"session": "#17", "closed_at": 1_790_000_000, "operator": {"id": 7, "name": "Ann"}}});
    for _ in 0..2 {
        assert_eq!(post("/hooks/desk", KEY, close.clone()).await, (200, r#"{"result":"ok"}"#.to_owned()));
    }
    assert_eq!(post("/hooks/desk", "wrong", close.clone()).await.0, 401);
    assert_eq!(post("/hooks/open/a-path-that-nobody-knows-of", "", close.clone()).await, (200, String::new()));
    assert_eq!(post("/hooks/open/another-path", "", close).await.0, 401);
    assert_eq!(post("/hooks/desk", KEY, json!({"data": {"ticket_no": 1}})).await.0, 200);
    let schema: Value = http.get(format!("http://{address}/schemas/close.v1.json")).send().await.unwrap().json().await.unwrap();
    assert_eq!(schema["title"], "close.v1");
    server.stop().await;
    let told = run(folder.path(), &["explain", "17"]).await;
    assert!(told.contains("operator 7") && told.contains("decoration"), "{told}");
}

#[tokio::test]
async fn a_rocketchat_is_answered_with_exactly_200_and_what_it_may_keep() {
    use super::rocketchat_day::stub::{Inside, OURS, SECRET, Stub, TOKEN};
    let (stub, folder) = (Stub::start(Inside::at(1_790_000_000_000)).await, Folder::new());
    let settings = format!(
        "[http]\nlisten = \"127.0.0.1:0\"\n[connections.rocketchat]\nkind = \"rocketchat\"\nurl = \"{}\"\nuser = \"{OURS}\"\ntoken = \"{TOKEN}\"\n\
         secret = \"{SECRET}\"\nline = \"support\"\n",
        stub.url()
    );
    std::fs::write(folder.path().join("lastword.toml"), settings).unwrap();
    run(folder.path(), &["line", "add", "--id", "support", "--name", "Support"]).await;
    let mut serve = std::process::Command::new(env!("CARGO_BIN_EXE_lastword"));
    serve.args(["serve"]).current_dir(folder.path());
    let server = Process::spawn(serve.into());
    let address = server.listening().await;
    let http = reqwest::Client::new();
    let post = async |token: &str, body: String| {
        let call = http.post(format!("http://{address}/hooks/rocketchat")).header("X-RocketChat-Livechat-Token", token).body(body);
        let answer = call.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let close = json!({"type": "LivechatSession", "_id": "R001xYz", "closedAt": "2026-09-21T14:13:20.000Z", "messages": []});
    let sample = json!({"type": "LivechatSession", "_id": "fasd6f5a4sd6f8a4sdf", "visitor": {"_id": ""}});
    let edit = json!({"type": "LivechatEdit", "_id": "R001xYz"});
    let offline = json!({"type": "LivechatOfflineMessage", "visitor": {"name": "Jane"}});
    for body in [&close, &close, &sample, &edit, &offline] {
        assert_eq!(post(SECRET, body.to_string()).await, (200, "{}".to_owned()), "{body}: anything else is sent again, or dropped");
    }
    // It would only send the same again.
    assert_eq!(post(SECRET, "no JSON".to_owned()).await.0, 200);
    assert_eq!(post("another", close.to_string()).await.0, 401);
    server.stop().await;
}
