//! Any desk from end to end: the real binary, and a desk that posts `close.v1`.

use crate::rig::folder::Folder;
use crate::rig::process::Process;
use lastword::time::{Clock, SystemClock};
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

async fn doctor(folder: &Path) -> String {
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_lastword"));
    let output = command.args(["--config", "lastword.toml", "doctor"]).current_dir(folder).output().await.unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
async fn a_desk_whose_calls_all_fail_is_no_desk_that_works() {
    let folder = Folder::new();
    let secret = "whsec_bGFzdHdvcmQtY2xvc2UtdjEtdGVzdC1rZXktMDEyMw==";
    let settings = format!(
        "[http]\nlisten = \"127.0.0.1:0\"\n[connections.broken]\nkind = \"desk\"\nkey = \"{KEY}\"\nline = \"support\"\n\
         [connections.strange]\nkind = \"desk\"\nsecret = \"{secret}\"\nline = \"support\"\n\
         [connections.mixed]\nkind = \"desk\"\nkey = \"{KEY}\"\nline = \"support\"\n\
         [connections.telling]\nkind = \"desk\"\nkey = \"{KEY}\"\nline = \"support\"\nreports_reopening = true\n"
    );
    std::fs::write(folder.path().join("lastword.toml"), settings).unwrap();
    run(folder.path(), &["line", "add", "--id", "support", "--name", "Support"]).await;
    let mut serve = std::process::Command::new(env!("CARGO_BIN_EXE_lastword"));
    serve.args(["serve"]).current_dir(folder.path());
    let server = Process::spawn(serve.into());
    let address = server.listening().await;
    let http = reqwest::Client::new();
    let post = async |name: &str, body: &str| {
        let call = http.post(format!("http://{address}/hooks/{name}")).header("x-api-key", KEY).body(body.to_owned());
        call.send().await.unwrap().status().as_u16()
    };
    for number in 0..3 {
        assert_eq!(post("broken", &format!(r#"{{"client_name":"Joe "J" S","session":"j{number}"}}"#)).await, 200);
    }
    let signed = http.post(format!("http://{address}/hooks/strange")).header("webhook-id", "1").header("webhook-signature", "v1,AAAA");
    let signed = signed.header("webhook-timestamp", (SystemClock::default().now() / 1_000).to_string()).body(r#"{"session":"1"}"#);
    assert_eq!(signed.send().await.unwrap().status().as_u16(), 401);
    let list = r#"[{"session":"901","closed_at":1790000000},{"closed_at":1},{"session":"902","closed_at":1790000000}]"#;
    assert_eq!(post("mixed", list).await, 200);
    // A raw line feed, and a form.
    assert_eq!(post("mixed", "{\"session\":\"903\",\"client_name\":\"Joe\nSmith\",\"closed_at\":1790000000}").await, 200);
    assert_eq!(post("mixed", "session=904&operator=7&closed_at=1790000000").await, 200);
    // Two hours later, without a reported reopening: a desk that reports reopenings must have repeated the same close.
    for name in ["mixed", "telling"] {
        for closed_at in [1_790_000_000, 1_790_000_600, 1_790_007_800] {
            assert_eq!(post(name, &format!("session={name}&operator=7&closed_at={closed_at}")).await, 200);
        }
    }
    server.stop().await;
    for session in ["901", "902", "903", "904"] {
        assert!(run(folder.path(), &["explain", session]).await.contains("Closed"), "{session}");
    }
    let mended = run(folder.path(), &["explain", "903"]).await;
    assert!(mended.contains("line feeds"), "{mended}");
    let again = async |name: &str| run(folder.path(), &["explain", name]).await.matches("nobody wrote since").count();
    assert_eq!((again("mixed").await, again("telling").await), (1, 2));
    let said = doctor(folder.path()).await;
    let line = |start: &str| said.lines().find(|line| line.contains(start)).unwrap_or_else(|| panic!("{start}: {said}")).to_owned();
    let broken = line("3 of the last 3 calls could not be read");
    assert!(broken.contains("connection broken") && broken.contains("(chat j2)"), "{broken}");
    let strange = line("1 of the last 1 calls were not signed correctly");
    assert!(strange.contains("connection strange") && strange.contains("compare the secret"), "{strange}");
    let mixed = line("[1]: no chat is named");
    assert!(mixed.contains("connection mixed"), "{mixed}");
    assert!(!said.contains("desk works"), "{said}");
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
    // The desk would only send the same again.
    assert_eq!(post(SECRET, "no JSON".to_owned()).await.0, 200);
    assert_eq!(post("another", close.to_string()).await.0, 401);
    server.stop().await;
}
