//! Bitrix24 from end to end: the real binary, an installation posted to it, and commands that use its tokens.

use super::bitrix24_day::portal::{APPLICATION, Portal, posted};
use super::bitrix24_day::stub::{APP, KEY, Stub};
use crate::rig::folder::Folder;
use crate::rig::process::Process;
use lastword_contract::RawRequest;
use std::path::Path;

const NOW: i64 = 1_790_000_000_000;

async fn said(folder: &Path, arguments: &[&str]) -> String {
    let mut words = vec!["--config", "lastword.toml"];
    words.extend(arguments);
    let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_lastword")).args(words).current_dir(folder).output().await.unwrap();
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test]
async fn an_installation_is_taken_by_the_server_and_its_tokens_serve_the_commands_too() {
    let (stub, folder) = (Stub::start(Portal::at(NOW)).await, Folder::new());
    let url = stub.url();
    let settings = format!(
        "[http]\nlisten = \"127.0.0.1:0\"\npublic_url = \"https://rate.example.com/\"\n[connections.bitrix24]\nkind = \"bitrix24\"\nurl = \"{url}\"\n\
         client_id = \"{APP}\"\nsecret = \"{KEY}\"\nauth_url = \"{url}\"\nline = \"support\"\n"
    );
    std::fs::write(folder.path().join("lastword.toml"), settings).unwrap();
    said(folder.path(), &["line", "add", "--id", "support", "--name", "Support"]).await;
    let before = said(folder.path(), &["desk", "setup", "bitrix24"]).await;
    assert!(before.contains("By hand: in Bitrix24") && before.contains("https://rate.example.com/hooks/bitrix24"), "{before}");

    let mut serve = std::process::Command::new(env!("CARGO_BIN_EXE_lastword"));
    serve.args(["serve"]).current_dir(folder.path());
    let server = Process::spawn(serve.into());
    let address = server.listening().await;
    let http = reqwest::Client::new();
    let post = async |request: RawRequest| {
        let call = http.post(format!("http://{address}/hooks/bitrix24")).header("content-type", "application/x-www-form-urlencoded");
        call.body(request.body).send().await.unwrap().status().as_u16()
    };
    let event =
        |token| posted("event=ONSESSIONFINISH&data[DATA][connector][line_id]=22&data[DATA][chat][chat_id]=9&ts=1790000000", token, NOW);
    assert_eq!(post(event(APPLICATION)).await, 401, "nobody knows that token yet");
    let mut stranger = stub.lock().installation();
    stranger.body = String::from_utf8(stranger.body).unwrap().replace("access-token-0", "of-a-stranger").into_bytes();
    assert_eq!(post(stranger).await, 401);
    let installation = stub.lock().installation();
    assert_eq!(post(installation).await, 200);
    assert_eq!(post(event(APPLICATION)).await, 200);

    let well = said(folder.path(), &["doctor"]).await;
    assert!(well.contains("connection bitrix24: bitrix24 works: connected as Lastword (127.0.0.1)"), "{well}");
    assert!(!well.contains("PROBLEM connection bitrix24"), "{well}");
    {
        let mut portal = stub.lock();
        portal.asks_itself = true;
        portal.spent = true;
        portal.bindings.clear();
    }
    assert_eq!(post(event("another")).await, 401);
    let wrong = said(folder.path(), &["doctor"]).await;
    assert!(wrong.contains("another application_token than that of the installation"), "{wrong}");
    assert!(
        wrong.contains("asks clients to rate by itself") && wrong.contains("does not tell https://rate.example.com/hooks/bitrix24"),
        "{wrong}"
    );
    let done = said(folder.path(), &["desk", "setup", "bitrix24", "--native-off"]).await;
    assert!(done.contains("switched off on the line \"Support\"") && done.contains("ONSESSIONFINISH is bound"), "{done}");
    let (asks, renewals) = {
        let portal = stub.lock();
        (portal.asks_itself, portal.renewals)
    };
    assert_eq!((asks, renewals), (false, 1), "the second command took up what the first renewed");
    server.stop().await;
}
