//! `lastword serve` as a process: one per SQLite file, and a graceful stop that leaves nothing in progress.

mod put_back;

use crate::rig::folder::Folder;
use crate::rig::process::Process;
use crate::rig::stub::{Answer, Stub};
use lastword::domain::access::api_key::ApiKey;
use lastword::domain::line::LineSettings;
use lastword::names::KeyId;
use lastword::store::access::api_key;
use lastword::store::records::inspect;
use lastword::store::{Db, StoreError, line};
use serde_json::json;
use std::time::Duration;

/// A folder with an empty database, a line that asks immediately, and a key.
async fn prepared() -> (Folder, String, String) {
    let folder = Folder::new();
    let url = format!("sqlite://{}/serve.db", folder.path().display());
    let (db, key) = (Db::open(&url, 2).await.unwrap(), ApiKey::generate([5; 32]));
    db.migrate().await.unwrap();
    let row = api_key::ApiKey {
        id: KeyId::first_of(1),
        name: "desk".into(),
        prefix: key.prefix().into(),
        hash: key.hash(),
        scopes: vec!["sessions:write".into()],
        lines: lastword::domain::access::rights::Lines::All,
        created_at: 1,
        last_used_at: None,
        revoked_at: None,
    };
    let change = line::LineChange {
        id: "support".into(),
        name: "Support".into(),
        settings: LineSettings { delay_secs: 0, ..LineSettings::default() },
        archived: false,
        seen_version: 0,
        by: "test".into(),
        at: 1,
    };
    let written: Result<bool, StoreError> = db
        .write(move |tx| {
            let (row, change) = (row.clone(), change.clone());
            Box::pin(async move {
                api_key::insert(tx, &row).await?;
                line::save(tx, &change).await
            })
        })
        .await;
    assert!(written.unwrap());
    db.close().await;
    (folder, url, key.text().to_owned())
}

fn serve(url: &str, messenger: &str) -> Process {
    let hook = "LASTWORD__CONNECTIONS__DESK__";
    let set = |name: &str| format!("{hook}{name}");
    let environment = [
        ("LASTWORD__DATABASE__URL".to_owned(), url.to_owned()),
        ("LASTWORD__HTTP__LISTEN".to_owned(), "127.0.0.1:0".to_owned()),
        (set("KIND"), "webhook".to_owned()),
        (set("URL"), messenger.to_owned()),
        (set("SECRET"), "a secret of at least twenty-four bytes".to_owned()),
        (set("ALLOW_HTTP"), "true".to_owned()),
        (set("ALLOW_PRIVATE_NETWORKS"), "true".to_owned()),
    ];
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Process::lastword(&["serve"], &environment)
}

#[tokio::test]
async fn a_stop_finishes_what_is_under_way_and_leaves_nothing_unknown() {
    let (_folder, url, key) = prepared().await;
    let messenger = Stub::start(|_| Answer::json(200, &json!({})).after(Duration::from_millis(300)));
    let server = serve(&url, &messenger.url());
    let address = server.listening().await;
    let second = serve(&url, &messenger.url()).ended().await;
    assert!(!second.0.success() && second.1.contains("another lastword is already serving"), "{}", second.1);
    let client = reqwest::Client::new();
    let ready = client.get(format!("http://{address}/readyz")).send().await.unwrap();
    assert!(ready.status().is_success());
    let details = ready.json::<serde_json::Value>().await.unwrap()["details"].take();
    assert_eq!(details["clock"], json!({ "offset_ms": null, "went_back": 0, "went_back_at": null, "jumped_ahead": 0 }));
    assert_eq!(details["warnings"], json!([]));
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
    let close = |number: i64| {
        json!({
            "event_key": format!("e{number}"), "session": format!("S-{number}"), "line": "support", "closed_at": now,
            "operator": { "id": "op-7" }, "connection": "desk", "address": { "chat": format!("c{number}") },
        })
    };
    let closes: Vec<_> = (0..200).map(close).collect();
    let answer = client.post(format!("http://{address}/v1/sessions/close")).bearer_auth(&key).json(&closes).send().await.unwrap();
    assert_eq!(answer.status(), 202);
    assert_eq!(answer.json::<serde_json::Value>().await.unwrap()["accepted"], 200);
    // In the middle of its calls.
    messenger.wait_for(|_| true).await;
    let (status, log) = server.stop().await;
    assert!(status.success(), "{status}: {log}");
    assert!(log.contains("stopped"), "{log}");
    assert!(!log.contains("\"c1\"") && !log.contains(&key), "neither addresses nor keys are logged");

    let db = Db::open(&url, 2).await.unwrap();
    let states = inspect::count_by_state(&db).await.unwrap();
    let sent = states.iter().find(|(state, _)| state == "sent").map_or(0, |(_, count)| *count);
    assert_eq!(usize::try_from(sent).unwrap(), messenger.seen().len(), "what the messenger has is what we know to be sent");
    assert_eq!(states.iter().map(|(_, count)| count).sum::<i64>(), 200);
    for (state, count) in states {
        assert!(!matches!(state.as_str(), "leased" | "sending" | "unknown"), "{count} deliveries are {state}");
    }
    // The lock was released with the process.
    let again = serve(&url, &messenger.url());
    again.listening().await;
    assert!(again.stop().await.0.success());
}

/// Memory of a process in MiB.
fn memory_of(process: &Process) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

/// A block of memory for each attempt stayed with the process: thirty of them took half a gigabyte.
#[tokio::test]
async fn tries_to_sign_in_leave_the_memory_as_it_was() {
    let (_folder, url, _key) = prepared().await;
    let server = serve(&url, "http://127.0.0.1:1/");
    let address = server.listening().await;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let page = client.get(format!("http://{address}/sign-in")).send().await.unwrap();
    let cookie = page.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let page = page.text().await.unwrap();
    let token = page.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let before = memory_of(&server);
    let tries = (0..30).map(|number| {
        let login = format!("nobody-{number}");
        let form = [("form_token", token), ("login", login.as_str()), ("password", "not the password")];
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let call = client.post(format!("http://{address}/sign-in")).header("cookie", &cookie).header("sec-fetch-site", "same-origin");
        call.header("content-type", "application/x-www-form-urlencoded").body(body).send()
    });
    for answer in futures_util::future::join_all(tries).await {
        assert_eq!(answer.unwrap().status(), 401);
    }
    let grown = memory_of(&server).saturating_sub(before);
    eprintln!("thirty tries to sign in: {before} MiB before, {grown} MiB more after");
    assert!(grown < 100, "{grown} MiB more than the {before} MiB before");
    assert!(server.stop().await.0.success());
}

/// A page beside another desk's chat: its server signs the session it shows, and the question about that session is shown
/// on this page although the desk knows no address of ours.
#[tokio::test]
async fn a_page_beside_another_chat_gets_the_question_about_its_session() {
    let (_folder, url, key) = prepared().await;
    let environment = [
        ("LASTWORD__DATABASE__URL", url.as_str()),
        ("LASTWORD__HTTP__LISTEN", "127.0.0.1:0"),
        ("LASTWORD__CONNECTIONS__SITE__KIND", "webchat"),
        ("LASTWORD__CONNECTIONS__SITE__LINE", "support"),
        ("LASTWORD__CONNECTIONS__SITE__MODE", "beside"),
        ("LASTWORD__CONNECTIONS__SITE__ORIGINS", r#"["https://shop.example"]"#),
        ("LASTWORD__CONNECTIONS__SITE__SESSION_SECRET", "a secret of the shop's server"),
    ];
    let server = Process::lastword(&["serve"], &environment);
    let address = server.listening().await;
    let client = reqwest::Client::new();
    let register = async |session: &str, signature: &str| {
        let call = client.post(format!("http://{address}/widget/site/visitor")).header("origin", "https://shop.example");
        let answer = call.json(&json!({ "lang": "en", "session": session, "signature": signature })).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.json::<serde_json::Value>().await.unwrap()
    };
    // printf S-1 | openssl dgst -sha256 -hmac "a secret of the shop's server"
    let signature = "6d7a36b7a5cfd3af99e403060cf072902690862360fa6a86f476a80064ed0e51";
    let ours = register("S-1", signature).await;
    assert_eq!((ours["mode"].as_str(), ours["session_refused"].as_bool()), (Some("beside"), Some(false)));
    let thief = register("S-2", signature).await;
    assert_eq!(thief["session_refused"], true, "a signature is good for its own session alone");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
    let mut asked = Vec::new();
    for session in ["S-1", "S-2"] {
        let close = json!({
            "event_key": session, "session": session, "line": "support", "closed_at": now, "operator": { "id": "op-7" }, "connection": "site",
        });
        let answer = client.post(format!("http://{address}/v1/sessions/close")).bearer_auth(&key).json(&close).send().await.unwrap();
        assert_eq!(answer.status(), 202);
        asked.push(answer.json::<serde_json::Value>().await.unwrap()["decision"].clone());
    }
    assert_eq!(asked, ["ask", "not_asked"], "nobody is asked about a session that no page shows");
    let poll = client.get(format!("http://{address}/widget/site/frames?after=0&wait=20")).bearer_auth(ours["token"].as_str().unwrap());
    let frames: serde_json::Value = poll.header("origin", "https://shop.example").send().await.unwrap().json().await.unwrap();
    assert_eq!(frames["frames"][0]["kind"], "question", "{frames}");

    // The desk lets the page choose the moment: no question is sent until the page requests it, with a signature.
    // printf S-3 | openssl dgst -sha256 -hmac "a secret of the shop's server"
    let signature = "e89695b1d65f52da064fbe48fb338dfbf1514e54c1ecd9c44044315609467b35";
    let theirs = register("S-3", signature).await;
    let close = json!({
        "event_key": "S-3", "session": "S-3", "line": "support", "closed_at": now, "operator": { "id": "op-7" }, "connection": "site",
        "client": "client-3", "ask": false,
    });
    let answer = client.post(format!("http://{address}/v1/sessions/close")).bearer_auth(&key).json(&close).send().await.unwrap();
    assert_eq!(answer.json::<serde_json::Value>().await.unwrap()["decision"], "not_asked");
    let rate = async |signature: &str| {
        let call = client.post(format!("http://{address}/widget/site/rate")).header("origin", "https://shop.example");
        let body = json!({ "session": "S-3", "signature": signature });
        let answer = call.bearer_auth(theirs["token"].as_str().unwrap()).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.json::<serde_json::Value>().await.unwrap()
    };
    assert_eq!(rate("00").await, json!({ "asked": false, "waiting": false, "reason": "not_signed" }));
    assert_eq!(rate(signature).await, json!({ "asked": true, "waiting": false }));
    assert_eq!(rate(signature).await, json!({ "asked": false, "waiting": true }));
    let poll = client.get(format!("http://{address}/widget/site/frames?after=0&wait=20")).bearer_auth(theirs["token"].as_str().unwrap());
    let frames: serde_json::Value = poll.header("origin", "https://shop.example").send().await.unwrap().json().await.unwrap();
    assert_eq!(frames["frames"][0]["kind"], "question", "{frames}");
    let (status, log) = server.stop().await;
    assert!(status.success(), "{log}");
}

/// Systemd's journal is a log, so the link for the first admin is written to a separate file there.
#[tokio::test]
async fn the_link_of_the_first_admin_is_not_in_the_journal() {
    let (folder, url, _) = prepared().await;
    // The variable by which systemd marks an output as its journal: device and inode.
    let script = "export JOURNAL_STREAM=$(stat -L -c %d:%i /proc/$$/fd/1); exec \"$0\" serve";
    let mut command = tokio::process::Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_lastword")]).current_dir(folder.path());
    command.env("LASTWORD__DATABASE__URL", &url).env("LASTWORD__HTTP__LISTEN", "127.0.0.1:0");
    let server = Process::spawn(command);
    let said = server.says("first-admin-link").await;
    let file = std::path::PathBuf::from(said.rsplit(' ').next().unwrap());
    let link = std::fs::read_to_string(&file).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
    assert!(link.contains("/first/") && mode & 0o777 == 0o600, "{link} {mode:o}");
    assert_eq!(reqwest::get(link.trim()).await.unwrap().status(), 200);
    let (status, log) = server.stop().await;
    assert!(status.success() && !log.contains("/first/"), "{log}");
}
